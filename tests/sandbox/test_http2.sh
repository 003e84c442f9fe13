#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The simulated cloud over HTTP/2.
set -u
# shellcheck source=tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world sim,proxy "$@"

ask() { # curl-arguments...
	curl -sS --http2 --max-time 120 --cacert "$GB_SIM_CA" "$@"
}

token() {
	ask "$GB_SIM_H2_AUTHORITY/$GB_TENANT_ID/oauth2/v2.0/token" -d grant_type=client_credentials \
		-d client_id="$GB_CLIENT_ID" --data-urlencode "client_secret=$GB_CLIENT_SECRET" \
		--data-urlencode "scope=$GB_SIM_H2_GRAPH/.default" | jq -er .access_token
}

graph() { # path curl-arguments...
	local path=$1
	shift
	ask --oauth2-bearer "$(token)" "$@" "$GB_SIM_H2_GRAPH$path"
}

both_services_speak_http2() {
	same authority 2 "$(ask -o /dev/null -w '%{http_version}' \
		"$GB_SIM_H2_AUTHORITY/$GB_TENANT_ID/v2.0/.well-known/openid-configuration")"
	same Graph 2 "$(graph /v1.0/groups -o /dev/null -w '%{http_version}')"
}

links_lead_back_to_where_the_client_came_from() {
	graph '/v1.0/groups?$top=5' |
		jq -e --arg graph "$GB_SIM_H2_GRAPH/" '.["@odata.nextLink"] | startswith($graph)'
	ask "$GB_SIM_H2_AUTHORITY/$GB_TENANT_ID/v2.0/.well-known/openid-configuration" |
		jq -e --arg login "$GB_SIM_H2_AUTHORITY/" '.token_endpoint | startswith($login)'
}

headers_and_compression_pass_through() {
	graph /v1.0/groups -o /dev/null -D - --compressed -H 'client-request-id: 11111111-0000-4000-8000-000000000001' |
		tr -d '\r' >"$TMPDIR/head"
	cat "$TMPDIR/head"
	grep -qi '^content-encoding: gzip$' "$TMPDIR/head"
	grep -qi '^client-request-id: 11111111-0000-4000-8000-000000000001$' "$TMPDIR/head"
	grep -qi '^odata-version: 4.0$' "$TMPDIR/head"
}

many_requests_share_one_connection() {
	local token urls=()
	token=$(token)
	for _ in $(seq 20); do
		urls+=(-o /dev/null "$GB_SIM_H2_GRAPH/v1.0/groups?\$top=1")
	done
	ask --parallel --oauth2-bearer "$token" -w '%{http_code} %{num_connects}\n' "${urls[@]}" >"$TMPDIR/each"
	cat "$TMPDIR/each"
	same answers 20 "$(grep -c '^200 ' "$TMPDIR/each")"
	[ "$(awk '{ sum += $2 } END { print sum }' "$TMPDIR/each")" -lt 20 ]
}

the_simulator_alone_speaks_http1() {
	same version 1.1 "$(ask -o /dev/null -w '%{http_version}' "$GB_SIM_GRAPH/v1.0/groups")"
}

run_tests \
	both_services_speak_http2 \
	links_lead_back_to_where_the_client_came_from \
	headers_and_compression_pass_through \
	many_requests_share_one_connection \
	the_simulator_alone_speaks_http1
