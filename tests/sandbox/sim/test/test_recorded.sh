#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Answers have the structure of recorded ones: these keys and no others, of these types, null where
# null is meant and absent where nothing is. The shapes are in recorded.json; "...": more keys may come.
. "$(dirname "$0")/lib.sh"

GROUP=cccccccc-0000-4000-8000-000000000001
jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" --arg group $GROUP '{tenantId: $tenant,
	domains: ["contoso.test"],
	apps: [{appId: $app, secrets: [$secret], roles: ["Group.Read.All", "Application.Read.All"]}],
	users: [{id: "eeeeeeee-0000-4000-8000-000000000001", displayName: "Eve", userPrincipalName: "eve@contoso.test"}],
	devices: [{id: "dddddddd-0000-4000-8000-000000000001", displayName: "Laptop", operatingSystem: "Linux"}],
	groups: [{id: $group, displayName: "Group", members: ["dddddddd-0000-4000-8000-000000000001"]}]
}' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" || exit 1

has_shape() { # name; the answer is on standard input
	local answer
	answer=$(cat)
	echo "$answer"
	jq -e --arg name "$1" --slurpfile shapes "$(dirname "$0")/recorded.json" '
		def differs($shape; $path):
			if $shape | type == "object" then
				if type != "object" then "\($path) is no object" else
					. as $got | ($shape | has("...")) as $open |
					(($shape | keys_unsorted) - ["..."])[] as $key |
					if $got | has($key) then $got[$key] | differs($shape[$key]; "\($path).\($key)")
					else "\($path).\($key) is missing" end
				end, (select(type == "object" and ($shape | has("...") | not)) |
					((keys_unsorted - ($shape | keys_unsorted))[] | "\($path).\(.) is too much"))
			elif $shape | type == "array" then
				if type != "array" or length == 0 then "\($path) is no array with something in it"
				else .[] | differs($shape[0]; "\($path)[]") end
			elif $shape == "[]" then select(. != []) | "\($path) is no empty array"
			elif $shape | startswith("[") then
				select(type != "array" or any(.[]; type != $shape[1:-1])) | "\($path) is no \($shape)"
			else select(type != $shape) | "\($path) is no \($shape)" end;
		[differs($shapes[0][$name]; "")] | if . == [] then true else error(join(", ")) end' <<<"$answer"
}

discovery_has_the_recorded_shape() {
	ask "$SIM/$TENANT/v2.0/.well-known/openid-configuration" | has_shape openid-configuration
}

tokens_have_the_recorded_shape() {
	token | has_shape token
}

tokens_of_people_have_the_documented_shape() {
	local code url=$SIM/$TENANT/oauth2/v2.0 client=client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e
	ask "$url/devicecode" --data $client --data 'scope=User.Read openid offline_access' >"$WORK/code"
	has_shape 'device code' <"$WORK/code"
	code=$(jq -r .device_code "$WORK/code")
	ask "$url/token" --data $client --data grant_type=device_code --data-urlencode "device_code=$code" |
		has_shape 'error of the token endpoint'
	control device '{"user": "eve@contoso.test"}' >/dev/null
	ask "$url/token" --data $client --data grant_type=device_code --data client_info=1 \
		--data-urlencode "device_code=$code" | has_shape 'token of a person'
}

errors_of_the_token_endpoint_have_the_recorded_shape() {
	local url=$SIM/$TENANT/oauth2/v2.0/token
	token --data client_secret=wrong | has_shape 'error of the token endpoint'
	ask "$url" --data grant_type=nonsense | has_shape 'error of the token endpoint without a page about it'
	ask "$url" --data grant_type=client_credentials --data client_id=x --data client_secret=x \
		--data "scope=$SIM/.default" | has_shape 'error of the token endpoint without a page about it'
	ask "$url" --data grant_type=client_credentials --data "client_id=$APP" \
		--data-urlencode "client_secret=$SECRET" --data scope=api://nobody/.default |
		has_shape 'error of the token endpoint'
	ask "$SIM/nobody.test/v2.0/.well-known/openid-configuration" | has_shape 'error of the token endpoint'
}

errors_of_graph_have_the_recorded_shape() {
	ask "$SIM/v1.0/groups" | has_shape 'error of Graph'
	sign_in
	graph /v1.0/users | has_shape 'error of Graph'
	graph "/v1.0/groups/$TENANT" | has_shape 'error of Graph'
	graph '/v1.0/groups/$count' | has_shape 'error of Graph'
	graph '/v1.0/groups?$skiptoken=x' | has_shape 'error of Graph'
	graph /v1.0/groups --request PUT | has_shape 'error of Graph'
}

app_role_assignments_have_the_recorded_shape() {
	local id
	sign_in
	id=$(graph "/v1.0/servicePrincipals(appId='$APP')" | jq -r .id)
	graph "/v1.0/servicePrincipals/$id/appRoleAssignments" | has_shape 'app role assignments'
}

members_that_may_not_be_read_have_the_recorded_shape() {
	sign_in
	graph "/v1.0/groups/$GROUP/members?\$select=id,accountEnabled,deviceId,displayName,operatingSystem,operatingSystemVersion" |
		has_shape 'members with limited information'
}

groups_of_beta_have_the_recorded_shape() {
	sign_in
	graph "/beta/groups/$GROUP" | has_shape 'group of beta'
}

a_wrong_shape_is_noticed() {
	token | jq '.more = 1' >"$WORK/wrong"
	not has_shape token <"$WORK/wrong"
	token | jq 'del(.expires_in)' >"$WORK/wrong"
	not has_shape token <"$WORK/wrong"
	token | jq '.expires_in |= tostring' >"$WORK/wrong"
	not has_shape token <"$WORK/wrong"
}

run_tests \
	discovery_has_the_recorded_shape \
	tokens_have_the_recorded_shape \
	tokens_of_people_have_the_documented_shape \
	errors_of_the_token_endpoint_have_the_recorded_shape \
	errors_of_graph_have_the_recorded_shape \
	app_role_assignments_have_the_recorded_shape \
	members_that_may_not_be_read_have_the_recorded_shape \
	groups_of_beta_have_the_recorded_shape \
	a_wrong_shape_is_noticed
