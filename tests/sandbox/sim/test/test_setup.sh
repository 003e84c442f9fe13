#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a wizard does once: registers an app, gives it a certificate and roles, and signs in as it.
. "$(dirname "$0")/lib.sh"

CLI=14d82eec-204b-4c2f-b7e8-296a70dab67e
GRAPH=00000003-0000-0000-c000-000000000000
EVE=eeeeeeee-0000-4000-8000-000000000001
MANAGER=bbbbbbbb-0000-4000-8000-000000000007
SCOPES='Application.ReadWrite.All AppRoleAssignment.ReadWrite.All'
certificate one 365
certificate two 20
certificate ec 20
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$WORK/ec.key" \
	-out "$WORK/ec.pem" -days 20 -subj /CN=ec 2>/dev/null
jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" --arg eve $EVE --arg manager $MANAGER '{
	tenantId: $tenant, displayName: "Contoso", domains: ["contoso.test"],
	apps: [{appId: $app, displayName: "reader", secrets: [$secret], roles: ["Application.Read.All", "Group.Read.All"]},
		{appId: $manager, secrets: ["x"], roles: ["Application.ReadWrite.OwnedBy"]}],
	users: [{id: $eve, displayName: "Eve", userPrincipalName: "eve@contoso.test"},
		{id: "eeeeeeee-0000-4000-8000-000000000002", displayName: "Max",
			userPrincipalName: "max@contoso.test"}]
}' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" || exit 1

person() { # name scopes roles-as-json; sets TOKEN
	local code
	code=$(ask "$SIM/$TENANT/oauth2/v2.0/devicecode" --data "client_id=$CLI" \
		--data-urlencode "scope=$2" | jq -r .device_code)
	control device "{\"user\": \"$1@contoso.test\", \"directoryRoles\": $3}" >/dev/null
	TOKEN=$(ask "$SIM/$TENANT/oauth2/v2.0/token" --data "client_id=$CLI" --data grant_type=device_code \
		--data-urlencode "device_code=$code" | jq -r .access_token)
}

send() { # method path [json]
	graph "$2" --request "$1" --header 'Content-Type: application/json' ${3:+--data "$3"}
}

code_is() { # status code; the answer is on standard input
	local answer
	answer=$(cat)
	echo "$answer"
	same status "$1" "$(status)"
	same code "$2" "$(jq -r .error.code <<<"$answer")"
}

der() { # name
	openssl x509 -in "$WORK/$1.pem" -outform DER | base64 -w 0
}

key_credential() { # name [jq-filter]
	jq -n --arg key "$(der "$1")" --arg name "CN=$1" '{type: "AsymmetricX509Cert", usage: "Verify",
		key: $key, displayName: $name}'" | ${2:-.}"
}

make_app() { # json-of-properties; sets ID and APP_ID
	local made
	made=$(send POST /v1.0/applications "$1")
	ID=$(jq -r .id <<<"$made")
	APP_ID=$(jq -r .appId <<<"$made")
}

make_principal() { # sets PRINCIPAL; RESOURCE is Graph's
	PRINCIPAL=$(send POST /v1.0/servicePrincipals "{\"appId\": \"$APP_ID\"}" | jq -r .id)
	RESOURCE=$(graph "/v1.0/servicePrincipals(appId='$GRAPH')?\$select=id" | jq -r .id)
}

grant() { # role-id
	send POST "/v1.0/servicePrincipals/$RESOURCE/appRoleAssignedTo" "{\"principalId\": \"$PRINCIPAL\",
		\"resourceId\": \"$RESOURCE\", \"appRoleId\": \"$1\"}"
}

READ=5b567255-7703-4780-807c-7be8301ae99b

by_secret() { # app secret
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data grant_type=client_credentials \
		--data "client_id=$1" --data-urlencode "client_secret=$2" --data "scope=$SIM/.default"
}

roles_of() { # token answer on standard input
	jq -c '.access_token | split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson | .roles'
}

graph_is_in_every_tenant_with_its_roles() {
	sign_in
	graph "/v1.0/servicePrincipals(appId='$GRAPH')?\$select=id,appRoles" |
		jq -e '(keys == ["@odata.context", "appRoles", "id"]) and
		(.appRoles | length > 20) and (.appRoles[] | select(.value == "Group.Read.All") |
		keys == ["allowedMemberTypes", "description", "displayName", "id", "isEnabled", "origin", "value"]
		and .id == "5b567255-7703-4780-807c-7be8301ae99b" and .allowedMemberTypes == ["Application"])'
	graph '/v1.0/servicePrincipals?$select=appId,displayName' | jq -e --arg graph $GRAPH \
		'.value | map(select(.appId == $graph)) == [{appId: $graph, displayName: "Microsoft Graph"}]'
	graph "/v1.0/servicePrincipals(appId='$APP')" | jq -e '.appDisplayName == "reader"'
	graph "/v1.0/servicePrincipals(appId='cccccccc-0000-4000-8000-000000000001')" |
		jq -e .error.code
}

an_app_has_the_shape_that_graph_gives_it() {
	person eve "$SCOPES" '[]'
	send POST /v1.0/applications '{"displayName": "groupback Ö", "signInAudience": "AzureADMyOrg",
		"requiredResourceAccess": [{"resourceAppId": "'$GRAPH'", "resourceAccess":
		[{"id": "'$READ'", "type": "Role"}]}]}' >"$WORK/answer"
	same status 201 "$(status)"
	header Location | grep Microsoft.DirectoryServices.Application
	jq -e '(.["@odata.context"] | endswith("/v1.0/$metadata#applications/$entity")) and
		.displayName == "groupback Ö" and .signInAudience == "AzureADMyOrg" and
		.publisherDomain == "contoso.test" and .keyCredentials == [] and .passwordCredentials == [] and
		.deletedDateTime == null and .isFallbackPublicClient == null and .identifierUris == [] and
		.web.implicitGrantSettings.enableIdTokenIssuance == false and .api.acceptMappedClaims == null and
		.requiredResourceAccess[0].resourceAccess[0].type == "Role" and
		(.id | length == 36) and (.appId | length == 36) and .id != .appId' "$WORK/answer"
	graph "/v1.0/applications/$(jq -r .id "$WORK/answer")" | jq -S 'del(.["@odata.context"])' >"$WORK/got"
	jq -S 'del(.["@odata.context"])' "$WORK/answer" | diff - "$WORK/got"
	graph "/v1.0/applications(appId='$(jq -r .appId "$WORK/answer")')?\$select=id,displayName" |
		jq -e 'keys == ["@odata.context", "displayName", "id"]'
	graph "/v1.0/applications?\$filter=displayName%20eq%20'groupback%20%C3%96'&\$select=id" |
		jq -e '.value | length == 1'
	graph "/v1.0/applications?\$filter=startswith(displayName,'group')" | jq -e '.value | length == 1'
	graph "/v1.0/applications?\$filter=tags/any()" | code_is 400 Request_UnsupportedQuery
}

what_is_wrong_with_an_app_is_said() {
	person eve "$SCOPES" '["Application Administrator"]'
	send POST /v1.0/applications '{}' | code_is 400 Request_BadRequest
	send POST /v1.0/applications '{"displayName": 7}' | code_is 400 Request_BadRequest
	send POST /v1.0/applications '{"displayName": "x", "nonsense": 1}' | code_is 400 Request_BadRequest
	send POST /v1.0/applications '{"displayName": "x", "appId": "1"}' | code_is 400 Request_BadRequest
	send POST /v1.0/applications '{"displayName"' | code_is 400 BadRequest
	send POST /v1.0/applications '[]' | code_is 400 BadRequest
	send POST /v1.0/applications '' | code_is 400 BadRequest
	graph /v1.0/applications --header 'Content-Type: text/plain' --data x | code_is 415 UnsupportedMediaType
	graph '/v1.0/applications?$select=nonsense' | code_is 400 Request_BadRequest
	send PATCH "/v1.0/applications/$EVE" '{"displayName": "x"}' | code_is 404 Request_ResourceNotFound
}

a_certificate_is_uploaded_kept_and_replaced() {
	local first
	person eve "$SCOPES" '["Application Administrator"]'
	make_app "{\"displayName\": \"with key\", \"keyCredentials\": [$(key_credential one)]}"
	graph "/v1.0/applications/$ID" >"$WORK/answer"
	jq -e --arg thumbprint "$(openssl x509 -in "$WORK/one.pem" -noout -fingerprint -sha1 |
		sed 's/.*=//; s/://g')" '.keyCredentials | length == 1 and (.[0] |
		.customKeyIdentifier == $thumbprint and .displayName == "CN=one" and .key == null and
		.type == "AsymmetricX509Cert" and .usage == "Verify" and (.keyId | length == 36) and
		(.startDateTime | endswith("Z")) and (.endDateTime | endswith("Z")))' "$WORK/answer"
	graph "/v1.0/applications/$ID?\$select=keyCredentials" |
		jq -e --arg key "$(der one)" '.keyCredentials[0].key == $key'
	first=$(jq '.keyCredentials[0]' "$WORK/answer")
	send PATCH "/v1.0/applications/$ID" "{\"keyCredentials\": [$first, $(key_credential two)]}"
	same status 204 "$(status)"
	graph "/v1.0/applications/$ID" | jq -e --argjson first "$first" \
		'.keyCredentials | length == 2 and .[0] == $first and .[1].displayName == "CN=two"'
	send PATCH "/v1.0/applications/$ID" "{\"keyCredentials\": [$(key_credential two)]}"
	graph "/v1.0/applications/$ID" | jq -e '.keyCredentials | length == 1 and .[0].displayName == "CN=two"'
}

a_bad_certificate_changes_nothing() {
	person eve "$SCOPES" '["Application Administrator"]'
	make_app "{\"displayName\": \"bad key\", \"keyCredentials\": [$(key_credential one)]}"
	send PATCH "/v1.0/applications/$ID" "{\"keyCredentials\": [$(key_credential two), {\"key\": \"AAAA\"}]}" |
		code_is 400 Request_BadRequest
	send PATCH "/v1.0/applications/$ID" "{\"keyCredentials\": [$(key_credential ec)]}" | code_is 400 Request_BadRequest
	send PATCH "/v1.0/applications/$ID" "{\"keyCredentials\": [$(key_credential two '.usage = "Sign"')]}" |
		code_is 400 Request_BadRequest
	send PATCH "/v1.0/applications/$ID" \
		"{\"keyCredentials\": [$(key_credential two '.endDateTime = "2099-01-01T00:00:00Z"')]}" |
		code_is 400 KeyCredentialsInvalidEndDate
	send PATCH "/v1.0/applications/$ID" '{"keyCredentials": 7}' | code_is 400 Request_BadRequest
	graph "/v1.0/applications/$ID" | jq -e '.keyCredentials | length == 1 and .[0].displayName == "CN=one"'
}

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d =
}

proof() { # signer [jq-filter]
	local claims
	claims=$(jq -nc --arg id "$ID" --argjson now "$(date +%s)" '{aud: "00000002-0000-0000-c000-000000000000",
		iss: $id, nbf: $now, exp: ($now + 600)}'" | ${2:-.}")
	printf '%s.%s' "$(printf '{"alg":"RS256","typ":"JWT"}' | b64url)" "$(printf %s "$claims" | b64url)" >"$WORK/input"
	printf '%s.%s' "$(cat "$WORK/input")" "$(openssl dgst -sha256 -sign "$WORK/$1.key" "$WORK/input" | b64url)"
}

a_key_is_rolled_with_a_proof_of_the_old_one() {
	person eve "$SCOPES" '["Application Administrator"]'
	make_app "{\"displayName\": \"roll\", \"keyCredentials\": [$(key_credential one)]}"
	send POST "/v1.0/applications/$ID/addKey" \
		"{\"keyCredential\": $(key_credential two), \"passwordCredential\": null, \"proof\": \"$(proof one)\"}" >"$WORK/answer"
	same status 200 "$(status)"
	jq -e '.displayName == "CN=two" and .key == null and (.keyId | length == 36)' "$WORK/answer"
	for wrong in 'two' 'one|.aud="x"' 'one|.iss="x"' 'one|.exp+=1000' 'one|.nbf-=4000|.exp-=4000'; do
		send POST "/v1.0/applications/$ID/removeKey" "{\"keyId\": \"$EVE\", \"proof\":
			\"$(proof "${wrong%%|*}" "$([[ $wrong == *'|'* ]] && echo "${wrong#*|}")")\"}" >"$WORK/refused"
		[ "$wrong" = two ] || same "status for $wrong" 401 "$(status)"
	done
	send POST "/v1.0/applications/$ID/addKey" "{\"keyCredential\": $(key_credential two)}" |
		code_is 401 Authentication_MissingOrMalformed
	send POST "/v1.0/applications/$ID/removeKey" "{\"keyId\": $(jq .keyId "$WORK/answer"),
		\"proof\": \"$(proof one)\"}"
	same status 204 "$(status)"
	send POST "/v1.0/applications/$ID/removeKey" "{\"keyId\": \"$EVE\", \"proof\": \"$(proof one)\"}" |
		code_is 400 Request_BadRequest
}

a_secret_is_shown_once() {
	local secret
	person eve "$SCOPES" '["Application Administrator"]'
	make_app '{"displayName": "with secret"}'
	make_principal
	send POST "/v1.0/applications/$ID/addPassword" '{"passwordCredential": {"displayName": "wizard"}}' >"$WORK/answer"
	jq -e '(.secretText | length > 30) and .displayName == "wizard" and
		(.secretText[0:3] == .hint) and (.keyId | length == 36)' "$WORK/answer"
	secret=$(jq -r .secretText "$WORK/answer")
	graph "/v1.0/applications/$ID" | jq -e '.passwordCredentials[0].secretText == null'
	by_secret "$APP_ID" "$secret" | jq -e .access_token
	send POST "/v1.0/applications/$ID/removePassword" "{\"keyId\": $(jq .keyId "$WORK/answer")}"
	same status 204 "$(status)"
	by_secret "$APP_ID" "$secret" | refused invalid_client 7000215
}

an_app_signs_in_once_it_has_a_service_principal() {
	local secret
	person eve "$SCOPES" '["Application Administrator"]'
	make_app '{"displayName": "no principal"}'
	secret=$(send POST "/v1.0/applications/$ID/addPassword" '{}' | jq -r .secretText)
	by_secret "$APP_ID" "$secret" | refused unauthorized_client 7000229
	send POST /v1.0/servicePrincipals "{\"appId\": \"$APP_ID\"}" >"$WORK/answer"
	same status 201 "$(status)"
	jq -e --arg app "$APP_ID" '.appId == $app and .servicePrincipalType == "Application" and
		.appRoles == [] and .servicePrincipalNames == [$app]' "$WORK/answer"
	by_secret "$APP_ID" "$secret" | roles_of | grep null
	send POST /v1.0/servicePrincipals "{\"appId\": \"$APP_ID\"}" |
		code_is 409 Request_MultipleObjectsWithSameKeyValue
	send POST /v1.0/servicePrincipals "{\"appId\": \"$EVE\"}" | code_is 400 Request_BadRequest |
		grep 'does not reference a valid application object'
	send POST /v1.0/servicePrincipals '{}' | code_is 400 Request_BadRequest
	send DELETE "/v1.0/servicePrincipals/$(jq -r .id "$WORK/answer")"
	same status 204 "$(status)"
	by_secret "$APP_ID" "$secret" | refused unauthorized_client 7000229
}

a_role_is_granted_listed_and_taken_back() {
	local secret id
	person eve "$SCOPES" '["Privileged Role Administrator", "Application Administrator"]'
	make_app '{"displayName": "groupback"}'
	make_principal
	secret=$(send POST "/v1.0/applications/$ID/addPassword" '{}' | jq -r .secretText)
	grant $READ >"$WORK/answer"
	same status 201 "$(status)"
	jq -e --arg principal "$PRINCIPAL" --arg resource "$RESOURCE" --arg role $READ '
		(.id | test("^[A-Za-z0-9_-]{43}$")) and .appRoleId == $role and .principalId == $principal and
		.principalType == "ServicePrincipal" and .principalDisplayName == "groupback" and
		.resourceId == $resource and .resourceDisplayName == "Microsoft Graph" and
		.deletedDateTime == null and (.createdDateTime | test("\\.[0-9]{7}Z$"))' "$WORK/answer"
	grant $READ | code_is 400 Request_BadRequest
	control switches '{"duplicateIsConflict": true}' >/dev/null
	grant $READ | code_is 409 Request_MultipleObjectsWithSameKeyValue
	control switches '{"duplicateIsConflict": false}' >/dev/null
	id=$(jq -r .id "$WORK/answer")
	graph "/v1.0/servicePrincipals/$PRINCIPAL/appRoleAssignments" |
		jq -e --arg id "$id" '(.["@odata.context"] | endswith("#appRoleAssignments")) and
		(.value | length == 1 and .[0].id == $id)'
	graph "/v1.0/servicePrincipals/$RESOURCE/appRoleAssignedTo" | jq -e --arg id "$id" \
		'[.value[].id] | index($id)'
	graph "/v1.0/servicePrincipals/$PRINCIPAL/appRoleAssignedTo" | jq -e '.value == []'
	by_secret "$APP_ID" "$secret" | roles_of | grep Group.Read.All
	send DELETE "/v1.0/servicePrincipals/$RESOURCE/appRoleAssignedTo/$id"
	same status 204 "$(status)"
	by_secret "$APP_ID" "$secret" | roles_of | grep null
	send DELETE "/v1.0/servicePrincipals/$RESOURCE/appRoleAssignedTo/$id" | code_is 404 Request_ResourceNotFound
	send POST "/v1.0/servicePrincipals/$RESOURCE/appRoleAssignedTo" '{"principalId": "x"}' |
		code_is 400 Request_BadRequest
	grant $EVE | code_is 400 Request_BadRequest
	PRINCIPAL=$EVE grant $READ | code_is 404 Request_ResourceNotFound
}

new_things_are_seen_after_a_while_where_the_switch_says_so() {
	local secret
	control switches '{"replicationSeconds": 60, "roleDelaySeconds": 120}' >/dev/null
	person eve "$SCOPES" '["Global Administrator"]'
	make_app '{"displayName": "slow"}'
	send POST /v1.0/servicePrincipals "{\"appId\": \"$APP_ID\"}" | code_is 400 Request_BadRequest
	control clock '{"advanceSeconds": 61}' >/dev/null
	make_principal
	grant $READ | code_is 404 Request_ResourceNotFound
	secret=$(send POST "/v1.0/applications/$ID/addPassword" '{}' | jq -r .secretText)
	by_secret "$APP_ID" "$secret" | refused unauthorized_client 7000229
	control clock '{"advanceSeconds": 61}' >/dev/null
	grant $READ | jq -e .id
	by_secret "$APP_ID" "$secret" | roles_of | grep null
	control clock '{"advanceSeconds": 121}' >/dev/null
	by_secret "$APP_ID" "$secret" | roles_of | grep Group.Read.All
	control switches '{"replicationSeconds": 0, "roleDelaySeconds": 0}' >/dev/null
}

granting_needs_a_person_with_the_right_role() {
	person eve "$SCOPES" '["Application Administrator"]'
	make_app '{"displayName": "denied"}'
	make_principal
	grant $READ | code_is 403 Authorization_RequestDenied
	person eve 'AppRoleAssignment.ReadWrite.All' '["Global Administrator"]'
	grant $READ | code_is 403 Authorization_RequestDenied
	person eve 'Application.ReadWrite.All' '["Global Administrator"]'
	grant $READ | code_is 403 Authorization_RequestDenied
	person eve "$SCOPES" '["Global Administrator"]'
	grant $READ | jq -e .id
	# Taken away while the token lives.
	control changes "[{\"op\": \"setDirectoryRoles\", \"id\": \"$EVE\", \"directoryRoles\": []}]" >/dev/null
	grant 62a82d76-70ea-41e2-9197-370581804d09 | code_is 403 Authorization_RequestDenied
}

everybody_registers_apps_and_changes_their_own() {
	person eve "$SCOPES" '[]'
	make_app '{"displayName": "mine"}'
	send PATCH "/v1.0/applications/$ID" '{"displayName": "still mine"}'
	same status 204 "$(status)"
	person max "$SCOPES" '[]'
	send PATCH "/v1.0/applications/$ID" '{"displayName": "not mine"}' | code_is 403 Authorization_RequestDenied
	send DELETE "/v1.0/applications/$ID" | code_is 403 Authorization_RequestDenied
	person max "$SCOPES" '["Cloud Application Administrator"]'
	send DELETE "/v1.0/applications/$ID"
	same status 204 "$(status)"
	graph "/v1.0/applications/$ID" | code_is 404 Request_ResourceNotFound
	control switches '{"usersRegisterApps": false}' >/dev/null
	person eve "$SCOPES" '[]'
	send POST /v1.0/applications '{"displayName": "no"}' | code_is 403 Authorization_RequestDenied
	control switches '{"usersRegisterApps": true}' >/dev/null
	person eve 'User.Read' '["Global Administrator"]'
	send POST /v1.0/applications '{"displayName": "no"}' | code_is 403 Authorization_RequestDenied
}

an_app_changes_the_apps_that_it_owns() {
	TOKEN=$(by_secret $MANAGER x | jq -r .access_token)
	make_app '{"displayName": "child"}'
	send PATCH "/v1.0/applications/$ID" '{"notes": "grown up"}'
	same status 204 "$(status)"
	graph "/v1.0/applications/$ID" | jq -e '.notes == "grown up"'
	ID=$(graph "/v1.0/applications(appId='$APP')" | jq -r .id)
	send PATCH "/v1.0/applications/$ID" '{"notes": "no"}' | code_is 403 Authorization_RequestDenied
}

a_person_reads_themselves() {
	person eve User.Read '[]'
	graph /v1.0/me | jq -e '.displayName == "Eve" and .userPrincipalName == "eve@contoso.test"'
	graph /v1.0/organization | jq -e '.value[0].displayName == "Contoso"'
	graph /v1.0/users | code_is 403 Authorization_RequestDenied
	sign_in
	graph /v1.0/me | code_is 403 Authorization_RequestDenied
}

it_ends_cleanly_after_all_that() {
	sim_stop
}

run_tests \
	graph_is_in_every_tenant_with_its_roles \
	an_app_has_the_shape_that_graph_gives_it \
	what_is_wrong_with_an_app_is_said \
	a_certificate_is_uploaded_kept_and_replaced \
	a_bad_certificate_changes_nothing \
	a_key_is_rolled_with_a_proof_of_the_old_one \
	a_secret_is_shown_once \
	an_app_signs_in_once_it_has_a_service_principal \
	a_role_is_granted_listed_and_taken_back \
	new_things_are_seen_after_a_while_where_the_switch_says_so \
	granting_needs_a_person_with_the_right_role \
	everybody_registers_apps_and_changes_their_own \
	an_app_changes_the_apps_that_it_owns \
	a_person_reads_themselves \
	it_ends_cleanly_after_all_that
