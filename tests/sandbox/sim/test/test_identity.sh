#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Entra ID as a client sees it: discovery, keys, secrets and certificate assertions.
. "$(dirname "$0")/lib.sh"

certificate app 365
certificate stranger 365
jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" '{
	tenantId: $tenant, displayName: "Contoso", domains: ["contoso.test", "contoso.example"],
	apps: [
		{appId: $app, secrets: [$secret], certificates: ["app.pem"],
		 roles: ["Group.Read.All", "Organization.Read.All"]},
		{appId: "bbbbbbbb-0000-4000-8000-000000000002", secrets: [{value: "x", expires: 1000000}]},
		{appId: "bbbbbbbb-0000-4000-8000-000000000003", secrets: ["x"], disabled: true},
		{appId: "bbbbbbbb-0000-4000-8000-000000000004", secrets: ["x"]}]
}' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" || exit 1

b64url() {
	base64 -w 0 | tr '+/' '-_' | tr -d =
}

thumbprint() { # sha1|sha256 name
	openssl x509 -in "$WORK/$2.pem" -outform DER | openssl dgst "-$1" -binary | b64url
}

assertion() { # alg signer [jq-filter-for-claims] [named-certificate]
	local alg=$1 key=$WORK/$2.key named=${4:-$2} head claims now
	local pss=()
	now=$(date +%s)
	case $alg in
	PS256)
		pss=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32)
		head=$(jq -nc --arg x "$(thumbprint sha256 "$named")" '{alg: "PS256", typ: "JWT", "x5t#S256": $x}')
		;;
	*)
		head=$(jq -nc --arg a "$alg" --arg x "$(thumbprint sha1 "$named")" '{alg: $a, typ: "JWT", x5t: $x}')
		;;
	esac
	claims=$(jq -nc --arg app $APP --arg aud "$SIM/$TENANT/oauth2/v2.0/token" --argjson now "$now" \
		"{aud: \$aud, iss: \$app, sub: \$app, jti: \"$RANDOM\", nbf: \$now, exp: (\$now + 600)} | ${3:-.}")
	printf '%s.%s' "$(printf %s "$head" | b64url)" "$(printf %s "$claims" | b64url)" >"$WORK/input"
	printf '%s.%s' "$(cat "$WORK/input")" \
		"$(openssl dgst -sha256 -sign "$key" "${pss[@]}" "$WORK/input" | b64url)"
}

with_assertion() { # the arguments of assertion
	token --data client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
		--data "client_assertion=$(assertion "$@")"
}

discovery_names_its_endpoints_by_the_tenants_id() {
	ask "$SIM/contoso.example/v2.0/.well-known/openid-configuration" >"$WORK/answer"
	same 'token endpoint' "$SIM/$TENANT/oauth2/v2.0/token" "$(jq -r .token_endpoint "$WORK/answer")"
	same issuer "$SIM/$TENANT/v2.0" "$(jq -r .issuer "$WORK/answer")"
	same 'Graph' "${SIM#https://}" "$(jq -r .msgraph_host "$WORK/answer")"
	[ "$(header Cache-Control)" = 'max-age=86400, private' ]
}

an_unknown_tenant_is_told_so() {
	ask "$SIM/fabrikam.test/v2.0/.well-known/openid-configuration" | refused invalid_tenant 90002
	same status 400 "$(status)"
	ask "$SIM/fabrikam.test/oauth2/v2.0/token" --data grant_type=client_credentials |
		refused invalid_request 90002
}

a_secret_is_decoded_as_a_form() {
	token >"$WORK/answer"
	same status 200 "$(status)"
	jq -e '.token_type == "Bearer" and .expires_in >= 3600 and .expires_in <= 5400 and
		.ext_expires_in == .expires_in' "$WORK/answer"
	same caching 'no-store, no-cache' "$(header Cache-Control)"
}

an_access_token_is_signed_by_a_key_of_the_tenant() {
	local token kid
	token=$(token | jq -r .access_token)
	kid=$(cut -d. -f1 <<<"$token" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .kid)
	ask "$SIM/$TENANT/discovery/v2.0/keys" |
		jq -e --arg kid "$kid" '.keys[] | select(.kid == $kid) | .n | length > 300'
	cut -d. -f2 <<<"$token" | tr '_-' '/+' | base64 -d 2>/dev/null >"$WORK/claims"
	jq -e --arg tenant $TENANT --arg app $APP --arg aud "$SIM" '.tid == $tenant and .appid == $app and
		.aud == $aud and .exp > .nbf and (.roles | contains(["Group.Read.All"]))' "$WORK/claims"
}

http_basic_is_a_secret_too() {
	# curl sends the pair as it is; OAuth wants both halves form-encoded (RFC 6749, 2.3.1).
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data grant_type=client_credentials \
		--data-urlencode "scope=$SIM/.default" \
		--user "$APP:s%25%2B%26%3D%C3%BC%22+x" | jq -e .access_token
}

a_wrong_secret_is_refused() {
	token --data client_secret=wrong | refused invalid_client 7000215
	same status 401 "$(status)"
}

an_expired_secret_is_refused_with_its_own_code() {
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data grant_type=client_credentials --data client_secret=x \
		--data client_id=bbbbbbbb-0000-4000-8000-000000000002 --data "scope=$SIM/.default" |
		refused invalid_client 7000222
}

apps_that_are_unknown_or_disabled_or_no_guid_are_refused() {
	local url=$SIM/$TENANT/oauth2/v2.0/token
	set -- --data grant_type=client_credentials --data client_secret=x --data "scope=$SIM/.default"
	ask "$url" "$@" --data client_id=cccccccc-0000-4000-8000-000000000001 |
		refused unauthorized_client 700016
	same status 400 "$(status)"
	ask "$url" "$@" --data client_id=bbbbbbbb-0000-4000-8000-000000000003 |
		refused unauthorized_client 7000112
	ask "$url" "$@" --data client_id=nonsense | refused unauthorized_client 700038
}

missing_parameters_are_named() {
	local url=$SIM/$TENANT/oauth2/v2.0/token
	ask "$url" --data x=y | refused invalid_request 900144 | grep grant_type
	ask "$url" --data grant_type=client_credentials | refused invalid_request 900144 | grep scope
	ask "$url" --data grant_type=client_credentials --data "scope=$SIM/.default" |
		refused invalid_request 900144 | grep client_id
	token --data nothing=here | refused invalid_client 7000218
	ask "$url" --data grant_type=password | refused unsupported_grant_type 70003
	ask "$url" | refused invalid_request 900561
	ask "$url" --header 'Content-Type: application/json' --data '{"grant_type":"client_credentials"}' |
		refused invalid_request 900144
}

a_scope_is_one_resource_and_default() {
	local url=$SIM/$TENANT/oauth2/v2.0/token
	set -- --data grant_type=client_credentials --data "client_id=$APP" --data-urlencode "client_secret=$SECRET"
	ask "$url" "$@" --data-urlencode "scope=$SIM/.default openid" | refused invalid_scope 70011
	ask "$url" "$@" --data-urlencode "scope=$SIM/User.Read" | refused invalid_scope 1002012
	ask "$url" "$@" --data-urlencode "scope=https://nobody.example/.default" |
		refused invalid_resource 500011
	ask "$url" "$@" --data-urlencode 'scope=https://graph.microsoft.com/.default' | jq -e .access_token
}

an_assertion_with_PS256_is_accepted() {
	with_assertion PS256 app | tee "$WORK/answer" | jq -e .access_token || { cat "$WORK/answer"; return 1; }
}

an_assertion_with_RS256_is_accepted() {
	with_assertion RS256 app | jq -e .access_token
}

an_assertion_may_name_the_tenant_as_the_request_does() {
	ask "$SIM/contoso.test/oauth2/v2.0/token" --data grant_type=client_credentials \
		--data "client_id=$APP" --data "scope=$SIM/.default" \
		--data client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
		--data "client_assertion=$(assertion PS256 app ".aud = \"$SIM/contoso.test/oauth2/v2.0/token\"")" |
		jq -e .access_token
	with_assertion PS256 app ".aud = \"$SIM/contoso.test/oauth2/v2.0/token\"" |
		refused invalid_client 700023
}

an_assertion_of_a_certificate_that_the_app_does_not_have_is_refused() {
	with_assertion PS256 stranger | refused invalid_client 700027 | grep 'key was not found'
	with_assertion RS256 stranger | refused invalid_client 700027
}

an_assertion_signed_with_another_key_is_refused() {
	with_assertion PS256 stranger . app | refused invalid_client 700027 | grep signature
	with_assertion RS256 stranger . app | refused invalid_client 700027 | grep signature
}

an_assertion_is_refused_outside_its_time() {
	with_assertion PS256 app '.nbf -= 4000 | .exp = .nbf + 600' | refused invalid_client 700024
	with_assertion PS256 app '.nbf += 4000 | .exp = .nbf + 600' | refused invalid_client 700024
	with_assertion PS256 app 'del(.exp)' | refused invalid_client 700024
}

an_assertion_is_refused_for_another_audience_or_app() {
	with_assertion PS256 app '.aud = "https://login.microsoftonline.com/x/oauth2/v2.0/token"' |
		refused invalid_client 700023
	with_assertion PS256 app '.iss = "cccccccc-0000-4000-8000-000000000001"' | refused invalid_client 700021
	with_assertion PS256 app 'del(.sub)' | refused invalid_client 700021
}

an_assertion_without_a_signature_is_refused() {
	local type=client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer none
	none=$(printf '{"alg":"none","typ":"JWT"}' | b64url).$(assertion PS256 app | cut -d. -f2).
	token --data $type --data "client_assertion=$none" | refused invalid_client 5002738
	token --data $type --data client_assertion=nonsense | refused invalid_client 50027
	token --data client_assertion=x | refused invalid_request 900144 | grep client_assertion_type
	token --data client_assertion_type=other --data client_assertion=x | refused invalid_request 50027
}

an_assertion_without_a_thumbprint_is_refused() {
	local type=client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer bare
	bare=$(printf '{"alg":"RS256","typ":"JWT"}' | b64url).$(assertion RS256 app | cut -d. -f2,3)
	token --data $type --data "client_assertion=$bare" | refused invalid_client 5002723
}

graph_wants_a_token_that_is_whole_and_for_graph() {
	local other
	TOKEN='' graph /v1.0/groups | jq -e '.error.code == "InvalidAuthenticationToken"'
	same status 401 "$(status)"
	header WWW-Authenticate | grep -i bearer
	ask "$SIM/v1.0/groups" | jq -e '.error.message == "Access token is empty."'
	sign_in
	graph /v1.0/groups | jq -e .value
	TOKEN=${TOKEN%??????}AAAAAA graph /v1.0/groups | jq -e '.error.code == "InvalidAuthenticationToken"'
	other=$(ask "$SIM/$TENANT/oauth2/v2.0/token" --data grant_type=client_credentials \
		--data "client_id=$APP" --data-urlencode "client_secret=$SECRET" \
		--data 'scope=https://graph.windows.net/.default' | jq -r .access_token)
	TOKEN=$other graph /v1.0/groups | jq -e '.error.message | test("audience")'
}

a_token_expires() {
	sign_in
	graph /v1.0/groups | jq -e .value
	control clock '{"advanceSeconds": 5401}' | jq -e .time
	graph /v1.0/groups | jq -e '.error.message | test("expired")'
	same status 401 "$(status)"
	sign_in
	graph /v1.0/groups | jq -e .value
}

an_app_without_roles_gets_a_token_and_no_data() {
	TOKEN=$(ask "$SIM/$TENANT/oauth2/v2.0/token" --data grant_type=client_credentials \
		--data client_id=bbbbbbbb-0000-4000-8000-000000000004 --data client_secret=x \
		--data "scope=$SIM/.default" | jq -r .access_token)
	graph /v1.0/groups | jq -e '.error.code == "Authorization_RequestDenied"'
	same status 403 "$(status)"
}

throttling_and_outages_of_the_token_endpoint_have_its_shape() {
	control faults '{"faults": [
		{"match": {"contains": "/token"}, "action": {"status": 429, "headers": {"Retry-After": "3"}}},
		{"match": {"contains": "/token"}, "action": {"status": 503}},
		{"match": {"contains": "/token"}, "action": {"status": 400, "code": "AADSTS90038"}},
		{"match": {"contains": "/token"}, "action": {"status": 503, "body": "<html>busy</html>",
			"headers": {"Content-Type": "text/html"}}}]}' | jq -e .time
	token | refused temporarily_unavailable 90055
	same status 429 "$(status)"
	same 'Retry-After' 3 "$(header Retry-After)"
	token | refused temporarily_unavailable 90033
	same status 503 "$(status)"
	token | refused invalid_request 90038
	token | grep '<html>busy</html>'
	token | jq -e .access_token
}

it_ends_cleanly_after_all_that() {
	sim_stop
}

run_tests \
	discovery_names_its_endpoints_by_the_tenants_id \
	an_unknown_tenant_is_told_so \
	a_secret_is_decoded_as_a_form \
	an_access_token_is_signed_by_a_key_of_the_tenant \
	http_basic_is_a_secret_too \
	a_wrong_secret_is_refused \
	an_expired_secret_is_refused_with_its_own_code \
	apps_that_are_unknown_or_disabled_or_no_guid_are_refused \
	missing_parameters_are_named \
	a_scope_is_one_resource_and_default \
	an_assertion_with_PS256_is_accepted \
	an_assertion_with_RS256_is_accepted \
	an_assertion_may_name_the_tenant_as_the_request_does \
	an_assertion_of_a_certificate_that_the_app_does_not_have_is_refused \
	an_assertion_signed_with_another_key_is_refused \
	an_assertion_is_refused_outside_its_time \
	an_assertion_is_refused_for_another_audience_or_app \
	an_assertion_without_a_signature_is_refused \
	an_assertion_without_a_thumbprint_is_refused \
	graph_wants_a_token_that_is_whole_and_for_graph \
	a_token_expires \
	an_app_without_roles_gets_a_token_and_no_data \
	throttling_and_outages_of_the_token_endpoint_have_its_shape \
	it_ends_cleanly_after_all_that
