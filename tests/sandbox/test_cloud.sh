#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The simulated cloud of the sandbox serves the demo tenant, with the names and secrets of the world.
set -u
# shellcheck source=tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world sim "$@"

TOKEN_URL=$GB_SIM_AUTHORITY/$GB_TENANT_ID/oauth2/v2.0/token

cloud() { # curl-arguments...
	curl -sS --fail-with-body --max-time 120 --cacert "$GB_SIM_CA" "$@"
}

base64url() {
	openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# Prints the token, or the number of the AADSTS error.
ask_for_token() { # curl-arguments...
	cloud "$TOKEN_URL" -d grant_type=client_credentials -d client_id="$GB_CLIENT_ID" \
		--data-urlencode "scope=$GB_SIM_GRAPH/.default" "$@" |
		jq -er '.access_token // .error_codes[0]'
}

token_by_secret() { # file-with-the-secret
	ask_for_token --data-urlencode "client_secret@$1"
}

# RFC 7523 with the header of the Microsoft identity platform: x5t#S256 names the certificate.
assertion() { # key
	local thumb now head body
	thumb=$(openssl x509 -in "$GB_CLIENT_CERTIFICATE" -outform DER | openssl dgst -sha256 -binary |
		base64url)
	now=$(date +%s)
	head=$(jq -nc --arg t "$thumb" '{alg: "PS256", typ: "JWT", "x5t#S256": $t}' | tr -d '\n' |
		base64url)
	body=$(jq -nc --arg a "$TOKEN_URL" --arg i "$GB_CLIENT_ID" --argjson n "$now" \
		'{aud: $a, iss: $i, sub: $i, jti: "1", nbf: $n, exp: ($n + 300)}' | tr -d '\n' |
		base64url)
	printf '%s.%s.%s' "$head" "$body" "$(printf '%s.%s' "$head" "$body" |
		openssl dgst -sha256 -sign "$1" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 |
		base64url)"
}

token_by_certificate() { # key
	assertion "$1" | ask_for_token --data-urlencode client_assertion@- \
		-d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer
}

graph() { # path
	cloud -H "Authorization: Bearer $(token_by_secret "$GB_CREDENTIALS/cloud-secret")" \
		"$GB_SIM_GRAPH/$1"
}

# A token is three parts with dots between; AADSTS7000215 and 700027 as Entra documents them.
the_secret_gives_a_token_and_another_does_not() {
	token_by_secret "$GB_CREDENTIALS/cloud-secret" | grep -c '^ey.*\..*\.'
	echo wrong >"$TMPDIR/wrong"
	same error 7000215 "$(token_by_secret "$TMPDIR/wrong" 2>"$TMPDIR/log")"
}

the_certificate_gives_a_token_and_another_key_does_not() {
	token_by_certificate "$GB_CREDENTIALS/cloud-key" | grep -c '^ey.*\..*\.'
	openssl genrsa -out "$TMPDIR/other-key" 2048
	same error 700027 "$(token_by_certificate "$TMPDIR/other-key" 2>"$TMPDIR/log")"
}

the_tenant_has_people_and_groups_of_all_kinds() {
	local users groups
	users=$(graph 'v1.0/users?$top=999&$select=id' | jq '.value | length')
	groups=$(graph 'beta/groups?$top=999&$select=id,writebackConfiguration')
	[ "$users" -ge 80 ]
	[ "$(jq '.value | length' <<<"$groups")" -ge 50 ]
	same switches 'false,null,true' \
		"$(jq -r '[.value[].writebackConfiguration.isEnabled] | unique | map(tostring) |
			sort | join(",")' <<<"$groups")"
}

a_synced_person_has_the_sid_of_the_directory() {
	local sid
	sid=$(jq -r '.people[] | select(.account == "ada.lovelace").sid' "$GB_FACTS")
	graph 'v1.0/users?$top=999&$select=id,onPremisesSecurityIdentifier' |
		jq -e --arg sid "$sid" '[.value[] | select(.onPremisesSecurityIdentifier == $sid)] | length == 1'
}

hostile_names_arrive_as_they_are() {
	same 'longest name' 256 "$(graph 'v1.0/groups?$top=999&$select=displayName' |
		jq '[.value[].displayName | length] | max')"
	graph 'v1.0/groups?$top=999&$select=displayName' |
		jq -e '[.value[].displayName] | index("  Blanks around  ") and index("Line one\nline two\ttab")'
}

# curl says 60 when it cannot verify the peer.
a_bad_certificate_is_refused() { # kind
	"$SANDBOX" stop --with sim
	"$SANDBOX" start --with sim --sim-cert "$1"
	fails_with 60 cloud "$GB_SIM_AUTHORITY/$GB_TENANT_ID/v2.0/.well-known/openid-configuration"
}

an_expired_certificate_can_be_shown() { a_bad_certificate_is_refused expired; }
a_certificate_for_another_host_can_be_shown() { a_bad_certificate_is_refused wrong-host; }
a_certificate_of_a_foreign_authority_can_be_shown() { a_bad_certificate_is_refused foreign; }

run_tests \
	the_secret_gives_a_token_and_another_does_not \
	the_certificate_gives_a_token_and_another_key_does_not \
	the_tenant_has_people_and_groups_of_all_kinds \
	a_synced_person_has_the_sid_of_the_directory \
	hostile_names_arrive_as_they_are \
	an_expired_certificate_can_be_shown \
	a_certificate_for_another_host_can_be_shown \
	a_certificate_of_a_foreign_authority_can_be_shown
