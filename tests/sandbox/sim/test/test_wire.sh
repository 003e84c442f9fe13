#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is no proper HTTP: the server answers or closes, and goes on serving.
. "$(dirname "$0")/lib.sh"

jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" '{tenantId: $tenant,
	apps: [{appId: $app, secrets: [$secret], roles: ["Group.Read.All"]}]}' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" || exit 1

raw() { # bytes, as printf makes them, through TLS
	# shellcheck disable=SC2059
	printf "$1" | timeout 5 openssl s_client -quiet -connect "${SIM#https://}" \
		-CAfile "$WORK/tls.pem" 2>/dev/null | head -c 1000 || true
}

still_serves() {
	token | jq -e .access_token >/dev/null
}

requests_that_are_no_http_are_refused() {
	raw 'nonsense\r\n\r\n'
	raw 'GET\r\n\r\n'
	raw 'GET /v1.0/groups HTTP/9.9\r\nHost: x\r\n\r\n'
	raw 'GET /v1.0/groups HTTP/1.1\r\nbad header\r\n\r\n'
	raw '\0\0\0\0\0\0'
	raw 'POST /x/oauth2/v2.0/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'
	raw 'POST /x/oauth2/v2.0/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n'
	raw 'POST /x/oauth2/v2.0/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'
	still_serves
}

bytes_that_are_no_text_are_taken() {
	raw 'GET /v1.0/\xff\xfe?\xff=\xfe HTTP/1.1\r\nHost: \xff\r\nX: \xfe\r\nConnection: close\r\n\r\n' |
		head -n 1 | grep 400
	ask "$CONTROL/control/requests" | jq -e '.requests[-1].path == "/v1.0/%FF%FE"'
	still_serves
}

requests_without_a_host_are_answered() {
	raw 'GET /v1.0/groups HTTP/1.0\r\n\r\n' | grep InvalidAuthenticationToken
	still_serves
}

absolute_and_odd_targets_are_answered() {
	raw "GET $SIM/v1.0/groups HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" | head -n 1 | grep HTTP
	raw 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' | head -n 1 | grep HTTP
	raw 'GET //////////////////////////////// HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' | head -n 1 | grep HTTP
	raw 'GET /a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' |
		head -n 1 | grep 400
	still_serves
}

a_header_beyond_measure_is_refused() {
	local code=0
	head -c 200000 /dev/zero | tr '\0' a >"$WORK/long"
	ask "$SIM/v1.0/groups" --header "X: $(head -c 100000 "$WORK/long")" >/dev/null
	same status 401 "$(status)"
	printf 'header = "X: %s"\nurl = "%s"\n' "$(cat "$WORK/long")" "$SIM/v1.0/groups" >"$WORK/curlrc"
	ask --config "$WORK/curlrc" >/dev/null || code=$?
	[ $code -ne 0 ] || [[ $(status) == 4* ]] || same status 431 "$(status)"
	still_serves
}

a_body_beyond_measure_is_refused() {
	head -c 5000000 /dev/zero | tr '\0' a >"$WORK/long"
	sign_in
	graph '/v1.0/$batch' --header 'Content-Type: application/json' --data-binary "@$WORK/long" |
		jq -e '.error.code == "RequestEntityTooLarge"'
	same status 413 "$(status)"
	still_serves
}

answers_are_compressed_for_those_who_want_it() {
	sign_in
	graph /v1.0/groups --header 'Accept-Encoding: gzip' --output "$WORK/zipped"
	same coding gzip "$(header Content-Encoding)"
	same 'content type' application/json "$(header Content-Type | cut -d ';' -f 1)"
	gzip -dc "$WORK/zipped" | jq -e .value
	graph /v1.0/groups --header 'Accept-Encoding: br, gzip;q=0.5' --output "$WORK/zipped"
	same coding gzip "$(header Content-Encoding)"
	for other in 'gzip;q=0' identity br; do
		graph /v1.0/groups --header "Accept-Encoding: $other" | jq -e .value
		same coding '' "$(header Content-Encoding)"
	done
	graph /v1.0/groups | jq -e .value
	same coding '' "$(header Content-Encoding)"
	graph /v1.0/users --header 'Accept-Encoding: gzip' | jq -e .error
	control switches '{"noGzip": true}' | jq -e .time
	graph /v1.0/groups --header 'Accept-Encoding: gzip' | jq -e .value
	control switches '{"noGzip": false}' | jq -e .time
}

compressed_requests_are_refused_unless_the_switch_takes_them() {
	local body='{"requests": [{"id": "1", "method": "GET", "url": "/groups"}]}'
	sign_in
	printf %s "$body" | gzip >"$WORK/body.gz"
	set -- --header 'Content-Type: application/json' --header 'Content-Encoding: gzip'
	graph '/v1.0/$batch' "$@" --data-binary "@$WORK/body.gz" | jq -e '.error.code == "UnsupportedMediaType"'
	same status 415 "$(status)"
	control switches '{"gzipRequests": true}' | jq -e .time
	graph '/v1.0/$batch' "$@" --data-binary "@$WORK/body.gz" | jq -e '.responses[0].status == 200'
	graph '/v1.0/$batch' "$@" --data-binary "$body" | jq -e .error
	same status 400 "$(status)"
	# A bomb: more than the service takes, from a few bytes.
	head -c 50000000 /dev/zero | gzip >"$WORK/bomb.gz"
	graph '/v1.0/$batch' "$@" --data-binary "@$WORK/bomb.gz" | jq -e .error
	same status 400 "$(status)"
	control switches '{"gzipRequests": false}' | jq -e .time
	still_serves
}

a_connection_is_kept_for_the_next_request() {
	sign_in
	ask --header "Authorization: Bearer $TOKEN" --write-out '%{num_connects}\n' --output /dev/null \
		"$SIM/v1.0/groups" --output /dev/null "$SIM/v1.0/groups" >"$WORK/connects"
	same 'connections' '1 0' "$(paste -s -d ' ' "$WORK/connects")"
}

answers_of_graph_carry_its_headers() {
	sign_in
	graph /v1.0/groups --header 'client-request-id: 11111111-0000-4000-8000-000000000001' | jq -e .value
	same 'client-request-id' 11111111-0000-4000-8000-000000000001 "$(header client-request-id)"
	[[ $(header request-id) =~ ^[0-9a-f-]{36}$ ]]
	header x-ms-ags-diagnostic | jq -e '.ServerInfo | has("DataCenter") and has("RoleInstance")'
	same 'OData-Version' 4.0 "$(header OData-Version)"
	same 'units' 1 "$(header x-ms-resource-unit)"
	graph /v1.0/groups/delta | jq -e .value
	same 'units of delta' '' "$(header x-ms-resource-unit)"
	graph /v1.0/groups --request DELETE | jq -e .error
	same status 405 "$(status)"
	[[ $(header request-id) =~ ^[0-9a-f-]{36}$ ]]
}

many_connections_at_once_are_served() {
	local pids=() pid
	for _ in $(seq 40); do
		curl --silent --cacert "$WORK/tls.pem" "$SIM/v1.0/groups" >/dev/null &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	ask "$CONTROL/control/requests?count=1" | jq -e '.total >= 40'
	still_serves
}

plain_http_on_the_tls_port_is_closed() {
	local code=0
	curl --silent --max-time 120 "http://${SIM#https://}/v1.0/groups" >/dev/null || code=$?
	[ $code -ne 0 ] && [ $code -ne 28 ]
	still_serves
}

it_ends_cleanly_after_all_that() {
	sim_stop
}

run_tests \
	requests_that_are_no_http_are_refused \
	bytes_that_are_no_text_are_taken \
	requests_without_a_host_are_answered \
	absolute_and_odd_targets_are_answered \
	a_header_beyond_measure_is_refused \
	a_body_beyond_measure_is_refused \
	answers_are_compressed_for_those_who_want_it \
	compressed_requests_are_refused_unless_the_switch_takes_them \
	a_connection_is_kept_for_the_next_request \
	answers_of_graph_carry_its_headers \
	many_connections_at_once_are_served \
	plain_http_on_the_tls_port_is_closed \
	it_ends_cleanly_after_all_that
