#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# People who sign in: device codes, refresh tokens, permissions and directory roles.
. "$(dirname "$0")/lib.sh"

CLI=14d82eec-204b-4c2f-b7e8-296a70dab67e
PUBLIC=bbbbbbbb-0000-4000-8000-000000000005
EVE=eeeeeeee-0000-4000-8000-000000000001
ADA=eeeeeeee-0000-4000-8000-000000000002
DEVICE_GRANT=urn:ietf:params:oauth:grant-type:device_code
jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" --arg public $PUBLIC --arg eve $EVE \
	--arg ada $ADA '{
	tenantId: $tenant, displayName: "Contoso", domains: ["contoso.test"],
	apps: [{appId: $app, secrets: [$secret], roles: ["Group.Read.All"]},
		{appId: $public, displayName: "Public", publicClient: true}],
	users: [
		{id: $eve, displayName: "Eve", userPrincipalName: "eve@contoso.test", accountEnabled: true},
		{id: $ada, displayName: "Ada Ö", userPrincipalName: "ada@contoso.test"}]
}' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" || exit 1

begin() { # [scope [client [tenant]]]; sets DEVICE_CODE and USER_CODE
	ask "$SIM/${3:-$TENANT}/oauth2/v2.0/devicecode" --data "client_id=${2:-$CLI}" \
		--data-urlencode "scope=${1:-User.Read offline_access openid profile}" >"$WORK/begin"
	cat "$WORK/begin"
	DEVICE_CODE=$(jq -r .device_code "$WORK/begin")
	USER_CODE=$(jq -r .user_code "$WORK/begin")
}

poll() { # [client [grant]]
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=${1:-$CLI}" \
		--data-urlencode "grant_type=${2:-$DEVICE_GRANT}" \
		--data-urlencode "device_code=$DEVICE_CODE"
}

act() { # json
	control device "$1" | jq -e .tenantId
}

refresh() { # token [curl's arguments]
	local token=$1
	shift
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=$CLI" --data grant_type=refresh_token \
		--data-urlencode "refresh_token=$token" "$@"
}

claims() { # access token on standard input
	jq -R 'split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson'
}

a_device_code_is_given_out_as_entra_does() {
	begin
	same status 200 "$(status)"
	jq -e --arg uri "$SIM/device" '(keys - ["device_code", "expires_in", "interval", "message",
		"user_code", "verification_uri"] == []) and .expires_in == 900 and .interval == 5 and
		(.user_code | test("^[A-Z0-9]{9}$")) and (.device_code | length > 100) and
		.verification_uri == $uri and (.user_code as $code | .message | contains($code))' "$WORK/begin"
	ask "$SIM/device" | grep -i '<html'
}

a_client_waits_until_somebody_approves() {
	begin
	poll | refused authorization_pending 70016
	same status 400 "$(status)"
	act '{"user": "eve@contoso.test"}'
	poll >"$WORK/answer"
	same status 200 "$(status)"
	jq -e '.token_type == "Bearer" and .scope == "User.Read openid profile" and
		.ext_expires_in == .expires_in and (.refresh_token | length > 300) and .id_token' "$WORK/answer"
	jq -r .access_token "$WORK/answer" | claims | jq -e --arg app $CLI --arg eve $EVE \
		'.idtyp == "user" and .appid == $app and .oid == $eve and .upn == "eve@contoso.test" and
		.scp == "User.Read openid profile" and .appidacr == "0" and (has("roles") | not)'
	jq -r .id_token "$WORK/answer" | claims |
		jq -e --arg app $CLI '.aud == $app and .name == "Eve" and .ver == "2.0"'
	poll | refused invalid_grant 70000
}

both_spellings_of_the_grant_are_taken() {
	begin
	poll $CLI device_code | refused authorization_pending 70016
	act '{"user": "eve@contoso.test"}'
	poll $CLI device_code | jq -e .access_token
}

what_was_not_asked_for_is_not_in_the_answer() {
	begin "$SIM/Group.Read.All"
	act '{"user": "eve@contoso.test"}'
	poll >"$WORK/answer"
	jq -e --arg scope "$SIM/Group.Read.All" '.scope == $scope and (has("refresh_token") | not) and
		(has("id_token") | not)' "$WORK/answer"
	jq -r .access_token "$WORK/answer" | claims | jq -e --arg aud "$SIM" '.aud == $aud and .scp == "Group.Read.All"'
}

a_person_can_decline() {
	begin
	act "{\"userCode\": \"$USER_CODE\", \"action\": \"decline\"}"
	poll | refused authorization_declined 65004
}

a_policy_can_block() {
	begin
	act '{"action": "block"}'
	poll | refused invalid_grant 53003
	begin
	act '{"action": "block", "code": 50076}'
	poll | refused interaction_required 50076
}

a_code_expires() {
	begin
	control clock '{"advanceSeconds": 901}' | jq -e .time
	poll | refused expired_token 70019
	control device "{\"userCode\": \"$USER_CODE\", \"user\": \"eve@contoso.test\"}" | jq -e .error
}

a_code_that_nobody_gave_out_is_refused() {
	begin
	DEVICE_CODE=nonsense poll | refused bad_verification_code 70018
	poll $PUBLIC | refused bad_verification_code 70018
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=$CLI" --data-urlencode \
		"grant_type=$DEVICE_GRANT" | refused invalid_request 900144
}

polling_too_fast_is_slowed_down_where_the_switch_says_so() {
	# An interval that no slow machine reaches by itself.
	control switches '{"deviceSlowDown": true, "deviceInterval": 3000, "deviceCodeSeconds": 86400}' |
		jq -e .time
	begin
	poll | refused authorization_pending 70016
	poll | refused slow_down 70016
	control clock '{"advanceSeconds": 3010}' | jq -e .time
	poll | refused authorization_pending 70016
	control switches '{"deviceSlowDown": false, "deviceInterval": 5, "deviceCodeSeconds": 900}' |
		jq -e .time
	poll | refused authorization_pending 70016
}

a_confidential_app_needs_its_credential_at_the_token_endpoint() {
	begin User.Read $APP
	poll $APP | refused invalid_client 7000218
	act '{"user": "eve@contoso.test"}'
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=$APP" --data-urlencode \
		"grant_type=$DEVICE_GRANT" --data-urlencode "device_code=$DEVICE_CODE" \
		--data-urlencode "client_secret=$SECRET" | jq -e .access_token
}

a_public_client_has_no_credential() {
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=$PUBLIC" --data client_secret=x \
		--data grant_type=client_credentials --data "scope=$SIM/.default" |
		refused invalid_client 700025
}

common_and_organizations_are_for_people() {
	begin User.Read $CLI organizations
	jq -e .device_code "$WORK/begin"
	begin User.Read $CLI common | refused invalid_request 90133
	begin User.Read $PUBLIC organizations | refused invalid_request 50194
	ask "$SIM/organizations/oauth2/v2.0/token" --data "client_id=$APP" --data client_secret=x \
		--data grant_type=client_credentials --data "scope=$SIM/.default" |
		refused invalid_request 50059
	ask "$SIM/organizations/v2.0/.well-known/openid-configuration" | jq -e --arg sim "$SIM" \
		'.issuer == $sim + "/{tenantid}/v2.0" and .tenant_region_scope == null and
		.token_endpoint == $sim + "/organizations/oauth2/v2.0/token"'
}

a_host_is_an_authority_or_is_not() {
	local url=$SIM/common/discovery/instance
	ask --get "$url" --data api-version=1.1 --data-urlencode \
		"authorization_endpoint=$SIM/$TENANT/oauth2/v2.0/authorize" | jq -e --arg sim "$SIM" \
		--arg tenant "$TENANT" '.metadata[0].aliases == [$sim | ltrimstr("https://")] and
		.tenant_discovery_endpoint == $sim + "/" + $tenant + "/v2.0/.well-known/openid-configuration"'
	ask --get "$url" --data-urlencode authorization_endpoint=https://evil.example/x/oauth2/v2.0/authorize |
		refused invalid_instance 50049
	ask "$url" | refused invalid_request 900144
}

scopes_must_be_scopes() {
	begin 'https://other.example/X' | refused invalid_resource 500011
	begin 'User.Read {x}' | refused invalid_scope 70011
	begin "$SIM/.default User.Read" | refused invalid_scope 70011
	ask "$SIM/$TENANT/oauth2/v2.0/devicecode" --data "client_id=$CLI" | refused invalid_request 900144
	ask "$SIM/$TENANT/oauth2/v2.0/devicecode" | refused invalid_request 900561
}

a_refresh_token_gives_new_tokens_of_the_same_and_of_other_scopes() {
	local token
	begin 'Group.Read.All User.Read offline_access'
	act '{"user": "eve@contoso.test"}'
	token=$(poll | jq -r .refresh_token)
	refresh "$token" | tee "$WORK/answer" | jq -e '.scope == "Group.Read.All User.Read"'
	[ "$(jq -r .refresh_token "$WORK/answer")" != "$token" ]
	refresh "$token" --data scope=User.Read | jq -e '.scope == "User.Read" and (has("refresh_token") | not)'
	refresh nonsense | refused invalid_grant 9002313
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=$PUBLIC" --data grant_type=refresh_token \
		--data-urlencode "refresh_token=$token" | refused invalid_grant 9002313
	control clock '{"advanceSeconds": 7776000}' | jq -e .time
	refresh "$token" | refused invalid_grant 700082
}

signing_somebody_out_or_disabling_them_ends_their_refresh_tokens() {
	local token
	begin 'User.Read offline_access'
	act '{"user": "ada@contoso.test"}'
	token=$(poll | jq -r .refresh_token)
	control changes "[{\"op\": \"patch\", \"id\": \"$ADA\", \"set\": {\"accountEnabled\": false}}]" | jq -e .time
	refresh "$token" | refused invalid_grant 50057
	control changes "[{\"op\": \"patch\", \"id\": \"$ADA\", \"set\": {\"accountEnabled\": true}}]" | jq -e .time
	refresh "$token" | jq -e .access_token
	control changes "[{\"op\": \"revokeSessions\", \"id\": \"$ADA\"}]" | jq -e .time
	refresh "$token" | refused invalid_grant 50173
	control changes "[{\"op\": \"softDelete\", \"id\": \"$ADA\"}]" | jq -e .time
	control device '{"user": "ada@contoso.test"}' | jq -e .error
	control changes "[{\"op\": \"restore\", \"id\": \"$ADA\"}]" | jq -e .time
}

only_what_is_consented_is_granted() {
	local token
	begin 'Group.Read.All User.Read offline_access' $PUBLIC
	act '{"user": "eve@contoso.test"}'
	control changes "[{\"op\": \"setApp\", \"appId\": \"$PUBLIC\", \"scopes\": [\"User.Read\"]}]" | jq -e .time
	poll $PUBLIC >"$WORK/answer"
	jq -e '.scope == "User.Read"' "$WORK/answer"
	token=$(jq -r .refresh_token "$WORK/answer")
	control changes "[{\"op\": \"setApp\", \"appId\": \"$PUBLIC\", \"scopes\": []}]" | jq -e .time
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=$PUBLIC" --data grant_type=refresh_token \
		--data-urlencode "refresh_token=$token" | tee "$WORK/answer" | refused invalid_grant 65001
	jq -e '.suberror == "consent_required"' "$WORK/answer"
}

delegated_permissions_open_graph_and_no_others() {
	begin Group.Read.All
	act '{"user": "eve@contoso.test"}'
	TOKEN=$(poll | jq -r .access_token)
	graph /v1.0/groups | jq -e .value
	graph /v1.0/users | jq -e '.error.code == "Authorization_RequestDenied"'
	same status 403 "$(status)"
}

# Sets TOKEN: a person with these directory roles, and all that a tool for groups asks for.
as_person() { # user-name [role]
	begin 'Group.ReadWrite.All User.ReadWrite.All Directory.ReadWrite.All GroupSettings.ReadWrite.All'
	act "{\"user\": \"$1\", \"directoryRoles\": [${2:+\"$2\"}]}"
	TOKEN=$(poll | jq -r .access_token)
}

send() { # method path [json]; the answer's status
	graph "$2" --request "$1" ${3:+--header 'Content-Type: application/json' --data "$3"} >"$WORK/answer"
	status
}

NEW='{"displayName": "Mine", "mailEnabled": false, "mailNickname": "mine", "securityEnabled": true}'

groups_are_changed_by_their_owners_and_by_those_who_manage_groups() {
	local group
	as_person eve@contoso.test
	same created 201 "$(send POST /v1.0/groups "$NEW")"
	group=/v1.0/groups/$(jq -r .id "$WORK/answer")
	same member 204 "$(send POST "$group/members/\$ref" "{\"@odata.id\": \"$SIM/v1.0/users/$EVE\"}")"
	graph /v1.0/me/memberOf | jq -e '[.value[].displayName] == ["Mine"]'
	graph "$group/owners" | jq -e --arg eve $EVE '[.value[].id] == [$eve]'
	same owner 204 "$(send PATCH "$group" '{"description": "by its owner"}')"
	as_person ada@contoso.test
	same nobody 403 "$(send PATCH "$group" '{"description": "x"}')"
	jq -e '.error.code == "Authorization_RequestDenied"' "$WORK/answer"
	same nobody 403 "$(send POST "$group/members/\$ref" "{\"@odata.id\": \"$SIM/v1.0/users/$ADA\"}")"
	same nobody 403 "$(send POST "$group/owners/\$ref" "{\"@odata.id\": \"$SIM/v1.0/users/$ADA\"}")"
	same nobody 403 "$(send DELETE "$group")"
	# The role counts at once, with the token that is there.
	control changes "[{\"op\": \"setDirectoryRoles\", \"id\": \"$ADA\",
		\"directoryRoles\": [\"Groups Administrator\"]}]" | jq -e .time
	same administrator 204 "$(send PATCH "$group" '{"description": "by an administrator"}')"
	same owner 204 "$(send POST "$group/owners/\$ref" "{\"@odata.id\": \"$SIM/v1.0/users/$ADA\"}")"
	same again 400 "$(send POST "$group/owners/\$ref" "{\"@odata.id\": \"$SIM/v1.0/users/$ADA\"}")"
	same first 204 "$(send DELETE "$group/owners/$EVE/\$ref")"
	same last 400 "$(send DELETE "$group/owners/$ADA/\$ref")"
	same stranger 404 "$(send DELETE "$group/owners/$EVE/\$ref")"
	as_person ada@contoso.test 'Global Reader'
	same 'still hers' 204 "$(send DELETE "$group")"
	as_person eve@contoso.test
	same restore 403 "$(send POST "/v1.0/directory/deletedItems/${group##*/}/restore" '{}')"
}

making_groups_can_be_left_to_administrators() {
	control switches '{"usersCreateGroups": false}' >/dev/null
	as_person eve@contoso.test
	same person 403 "$(send POST /v1.0/groups "$NEW")"
	as_person eve@contoso.test 'User Administrator'
	same administrator 201 "$(send POST /v1.0/groups "$NEW")"
	control switches '{"usersCreateGroups": true}' >/dev/null
}

a_role_assignable_group_is_left_to_those_who_assign_roles() {
	local group=cccccccc-0000-4000-8000-000000000001
	control changes "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$group\",
		\"displayName\": \"Admins\", \"securityEnabled\": true, \"mailEnabled\": false,
		\"isAssignableToRole\": true, \"owners\": [\"$ADA\"]}}]" | jq -e .time
	as_person eve@contoso.test 'Groups Administrator'
	same groups 403 "$(send PATCH "/v1.0/groups/$group" '{"description": "x"}')"
	as_person eve@contoso.test 'Privileged Role Administrator'
	same roles 204 "$(send PATCH "/v1.0/groups/$group" '{"description": "x"}')"
	as_person ada@contoso.test
	same owner 204 "$(send PATCH "/v1.0/groups/$group" '{"description": "y"}')"
}

users_and_settings_are_left_to_those_who_manage_them() {
	local settings='{"templateId": "62375ab9-6b52-47ed-826b-58e47e0e304b", "values": []}'
	as_person eve@contoso.test
	same settings 403 "$(send POST /v1.0/groupSettings "$settings")"
	same other 403 "$(send PATCH /v1.0/users/$ADA '{"displayName": "x"}')"
	same self 204 "$(send PATCH /v1.0/users/$EVE '{"displayName": "Eve"}')"
	same suicide 403 "$(send DELETE /v1.0/users/$EVE)"
	as_person eve@contoso.test 'Directory Writers'
	same settings 201 "$(send POST /v1.0/groupSettings "$settings")"
	same other 204 "$(send PATCH /v1.0/users/$ADA '{"displayName": "Ada Ö"}')"
	as_person eve@contoso.test 'Groups Administrator'
	same settings 204 "$(send DELETE "/v1.0/groupSettings/$(graph /v1.0/groupSettings | jq -r '.value[0].id')")"
	same other 403 "$(send PATCH /v1.0/users/$ADA '{"displayName": "x"}')"
}

what_entra_connect_is_told_is_for_global_administrators() {
	local path=/beta/directory/onPremisesSynchronization/$TENANT
	begin OnPremDirectorySynchronization.ReadWrite.All
	act '{"user": "eve@contoso.test", "directoryRoles": ["Hybrid Identity Administrator"]}'
	TOKEN=$(poll | jq -r .access_token)
	same other 403 "$(send GET "$path")"
	control changes "[{\"op\": \"setDirectoryRoles\", \"id\": \"$EVE\",
		\"directoryRoles\": [\"Global Administrator\"]}]" | jq -e .time
	same administrator 200 "$(send GET "$path")"
	jq -e --arg tenant $TENANT '.id == $tenant and .features.groupWriteBackEnabled == false and
		.features.passwordSyncEnabled == true and
		.configuration.writebackConfiguration.unifiedGroupContainer == null and
		.configuration.accidentalDeletionPrevention.alertThreshold == 500' "$WORK/answer"
	same set 204 "$(send PATCH "$path" '{"features": {"groupWriteBackEnabled": true}}')"
	graph "${path/beta/v1.0}" | jq -e '.features.groupWriteBackEnabled == true and
		.features.passwordSyncEnabled == true and (.configuration | has("writebackConfiguration") | not)'
	graph "${path%/*}" | jq -e '.value | length == 1'
	same unknown 400 "$(send PATCH "$path" '{"features": {"nonsense": true}}')"
	same 'other tenant' 404 "$(send GET "${path%/*}/$EVE")"
}

control_requests_about_people_are_checked() {
	control device '{"user": "eve@contoso.test"}' | jq -e '.error | test("waits")'
	begin
	control device '{"user": "nobody@contoso.test"}' | jq -e '.error | test("no live user")'
	control device '{"user": "eve@contoso.test", "directoryRoles": ["Emperor"]}' | jq -e .error
	control device '{"action": "shrug"}' | jq -e .error
	control changes "[{\"op\": \"setDirectoryRoles\", \"id\": \"$EVE\", \"directoryRoles\": [\"x\"]}]" | jq -e .error
	control changes "[{\"op\": \"revokeSessions\", \"id\": \"$TENANT\"}]" | jq -e .error
	ask "$CONTROL/control/device" | jq -e '.[-1].state == "pending" and (.[-1] | has("device_code") | not)'
	act '{"action": "decline"}'
}

it_ends_cleanly_after_all_that() {
	sim_stop
}

run_tests \
	a_device_code_is_given_out_as_entra_does \
	a_client_waits_until_somebody_approves \
	both_spellings_of_the_grant_are_taken \
	what_was_not_asked_for_is_not_in_the_answer \
	a_person_can_decline \
	a_policy_can_block \
	a_code_expires \
	a_code_that_nobody_gave_out_is_refused \
	polling_too_fast_is_slowed_down_where_the_switch_says_so \
	a_confidential_app_needs_its_credential_at_the_token_endpoint \
	a_public_client_has_no_credential \
	common_and_organizations_are_for_people \
	a_host_is_an_authority_or_is_not \
	scopes_must_be_scopes \
	a_refresh_token_gives_new_tokens_of_the_same_and_of_other_scopes \
	signing_somebody_out_or_disabling_them_ends_their_refresh_tokens \
	only_what_is_consented_is_granted \
	delegated_permissions_open_graph_and_no_others \
	groups_are_changed_by_their_owners_and_by_those_who_manage_groups \
	making_groups_can_be_left_to_administrators \
	a_role_assignable_group_is_left_to_those_who_assign_roles \
	users_and_settings_are_left_to_those_who_manage_them \
	what_entra_connect_is_told_is_for_global_administrators \
	control_requests_about_people_are_checked \
	it_ends_cleanly_after_all_that
