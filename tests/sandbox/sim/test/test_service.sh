#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Graph over the wire: headers, shapes, faults, the control endpoint, the end.
. "$(dirname "$0")/lib.sh"

user() { printf '00000001-0000-4000-8000-%012x' "$1"; }
group() { printf '00000002-0000-4000-8000-%012x' "$1"; }

jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" '
	def id(kind; n): "0000000\(kind)-0000-4000-8000-\("000000000000\(n)"[-12:])";
	{tenantId: $tenant, displayName: "Contoso",
	 domains: [{name: "contoso.test", isDefault: true, isInitial: true}],
	 apps: [{appId: $app, secrets: [$secret],
		roles: ["Group.Read.All", "User.Read.All", "Organization.Read.All", "Member.Read.Hidden"]}],
	 users: [range(1; 10) | {id: id(1; .), displayName: "Person \(.) 東京", userPrincipalName: "p\(.)@contoso.test"}],
	 groups: [{id: id(2; 1), displayName: "Sales", members: [range(1; 10) | id(1; .)]},
		{id: id(2; 2), displayName: "M365", groupTypes: ["Unified"], mailEnabled: true, securityEnabled: false}]
}' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" || exit 1
sign_in

answers_carry_graphs_headers() {
	local mine=12345678-0000-4000-8000-000000000000
	graph /v1.0/groups --header "client-request-id: $mine" >/dev/null
	same type 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8' \
		"$(header Content-Type)"
	same 'client-request-id' $mine "$(header client-request-id)"
	same 'OData-Version' 4.0 "$(header OData-Version)"
	same 'length of request-id' 36 "$(header request-id | tr -d '\n' | wc -c)"
	header x-ms-ags-diagnostic | jq -e .ServerInfo.DataCenter
	same 'resource units' 1 "$(header x-ms-resource-unit)"
	graph "/v1.0/groups/$(group 1)/members" >/dev/null
	same 'units of members' 3 "$(header x-ms-resource-unit)"
	graph "/v1.0/groups/$(group 1)/members?\$select=id" >/dev/null
	same 'units of members with a selection' 2 "$(header x-ms-resource-unit)"
	graph /v1.0/groups/delta >/dev/null
	same 'units of delta' '' "$(header x-ms-resource-unit)"
}

errors_have_graphs_envelope() {
	graph "/v1.0/groups/$(group 9)" --header 'client-request-id: mine' >"$WORK/answer"
	same status 404 "$(status)"
	jq -e --arg id "$(header request-id)" '(keys == ["error"]) and
		(.error | keys == ["code", "innerError", "message"]) and .error.innerError["request-id"] == $id and
		.error.innerError["client-request-id"] == "mine" and
		(.error.innerError.date | test("^[0-9-]{10}T[0-9:]{8}$"))' "$WORK/answer"
}

a_group_has_the_default_properties_of_its_version() {
	graph "/v1.0/groups/$(group 1)" | jq -e '[.displayName, .mailEnabled, .securityEnabled, .groupTypes,
		.onPremisesSyncEnabled, .proxyAddresses, has("writebackConfiguration")] ==
		["Sales", false, true, [], null, [], false]'
	graph "/beta/groups/$(group 2)" |
		jq -e '.writebackConfiguration == {isEnabled: null, onPremisesGroupType: null} and .groupTypes == ["Unified"]'
}

links_are_absolute_and_carry_the_options() {
	graph "/v1.0/groups/$(group 1)/members?\$select=id,displayName&\$top=4" >"$WORK/answer"
	jq -r '."@odata.nextLink"' "$WORK/answer" >"$WORK/link"
	grep -F "$SIM/v1.0/groups/$(group 1)/members?\$select=id,displayName&\$top=4&\$skiptoken=" "$WORK/link"
	jq -e '.value | length == 4' "$WORK/answer"
	graph "$(cat "$WORK/link")" | jq -e '.value | length == 4 and (.[0] | keys == ["@odata.type", "displayName", "id"])'
}

links_begin_with_the_host_that_was_asked() {
	local port=${SIM##*:}
	TOKEN=$(ask "https://localhost:$port/$TENANT/oauth2/v2.0/token" --data grant_type=client_credentials \
		--data "client_id=$APP" --data-urlencode "client_secret=$SECRET" \
		--data "scope=https://localhost:$port/.default" | jq -r .access_token)
	graph "https://localhost:$port/v1.0/users?\$top=1" |
		jq -e --arg port "$port" '."@odata.nextLink" | startswith("https://localhost:" + $port + "/v1.0/users?")'
}

the_organization_is_one_item() {
	graph '/v1.0/organization?$select=id,displayName,verifiedDomains' | jq -e --arg id $TENANT '.value |
		length == 1 and .[0].id == $id and (.[0] | keys == ["displayName", "id", "verifiedDomains"]) and
		.[0].verifiedDomains[0].isInitial'
}

a_change_shows_at_once_in_lists_and_in_delta() {
	local link
	link=$(graph '/v1.0/groups/delta?$select=displayName,members&$deltatoken=latest' | jq -r '."@odata.deltaLink"')
	control changes "{\"changes\": [
		{\"op\": \"add\", \"type\": \"user\", \"object\": {\"id\": \"$(user 100)\", \"displayName\": \"New\"}},
		{\"op\": \"addMembers\", \"id\": \"$(group 2)\", \"members\": [\"$(user 100)\"]}]}" | jq -e '.memberships == 10'
	graph "/v1.0/groups/$(group 2)/members" | jq -e '.value[0].displayName == "New"'
	graph "$link" | jq -e --arg id "$(user 100)" '.value | length == 1 and .[0]["members@delta"] ==
		[{"@odata.type": "#microsoft.graph.user", id: $id}]'
}

a_list_of_changes_with_a_mistake_is_refused_whole() {
	control changes "[{\"op\": \"softDelete\", \"id\": \"$(user 1)\"}, {\"op\": \"restore\", \"id\": \"$(user 2)\"}]" |
		jq -e '.error | startswith("Change 2: ")'
	same status 400 "$(status)"
	graph "/v1.0/users/$(user 1)" | jq -e .id
	control changes 'nonsense' | jq -e .error
	control nowhere '{}' | jq -e .error
	same status 404 "$(status)"
}

roles_and_secrets_change_while_it_runs() {
	control changes "[{\"op\": \"setApp\", \"appId\": \"$APP\", \"roles\": [\"Group.Read.All\"]}]" | jq -e .apps
	graph /v1.0/users | jq -e .value
	sign_in
	graph /v1.0/users | jq -e '.error.code == "Authorization_RequestDenied"'
	control changes "[{\"op\": \"setApp\", \"appId\": \"$APP\", \"secrets\": [\"other\"],
		\"roles\": [\"Group.Read.All\", \"User.Read.All\", \"Organization.Read.All\"]}]" | jq -e .apps
	token | refused invalid_client 7000215
	token --data client_secret=other | jq -e .access_token
	control changes "[{\"op\": \"setApp\", \"appId\": \"$APP\", \"secrets\": [$(jq -n --arg s "$SECRET" '$s')]}]" |
		jq -e .apps
}

requests_are_logged_without_secrets() {
	control requests/reset '' | jq -e '.requests == 0'
	graph '/v1.0/users?$top=1' --header 'X-Mine: yes' >/dev/null
	token >/dev/null
	ask "$CONTROL/control/requests" >"$WORK/log"
	jq -e '.total == 2 and .requests[0].path == "/v1.0/users" and .requests[0].query == "$top=1" and
		.requests[0].status == 200 and .requests[0].headers["X-Mine"] == "yes" and
		.requests[1].method == "POST"' "$WORK/log"
	not grep -F "${TOKEN:0:40}" "$WORK/log"
	not grep -F 's%25' "$WORK/log"
	ask "$CONTROL/control/requests?count=1" | jq -e '.total == 2 and (has("requests") | not)'
}

# Faults: each of these sets its rule first.
faults() {
	control faults "{\"faults\": [$1]}" | jq -e .time >/dev/null
}

throttling_hits_the_nth_request_and_ends() {
	faults '{"match": {"pathPrefix": "/v1.0/users"}, "skip": 1, "count": 2,
		"action": {"status": 429, "headers": {"Retry-After": "7"}}}'
	graph /v1.0/users | jq -e .value
	graph /v1.0/users | jq -e '.error.code == "TooManyRequests"'
	same status 429 "$(status)"
	same Retry-After 7 "$(header Retry-After)"
	graph /v1.0/groups | jq -e .value
	graph /v1.0/users | jq -e .error
	graph /v1.0/users | jq -e .value
	ask "$CONTROL/control/faults" | jq -e '.[0] == {seen: 4, hits: 2}'
}

connections_are_reset() {
	faults '{"action": {"reset": true}}'
	local code=0
	graph /v1.0/users || code=$?
	[ $code -eq 35 ] || [ $code -eq 52 ] || [ $code -eq 56 ] || same 'exit code of curl' 52 $code
	graph /v1.0/users | jq -e .value
}

bodies_are_cut_short() {
	faults '{"action": {"spoil": "short"}}'
	local code=0
	graph /v1.0/users || code=$?
	[ $code -eq 18 ] || [ $code -eq 56 ] || same 'exit code of curl' 18 $code
}

bodies_are_spoilt() {
	local how
	for how in truncated invalidJson html deep; do
		faults "{\"action\": {\"spoil\": \"$how\"}}"
		graph /v1.0/users >"$WORK/answer"
		same "status of $how" 200 "$(status)"
		not jq . "$WORK/answer" 2>/dev/null
	done
	faults '{"action": {"spoil": "badUtf8"}}'
	graph /v1.0/users >"$WORK/answer"
	not iconv -f UTF-8 -t UTF-8 "$WORK/answer" >/dev/null 2>&1
	faults '{"action": {"spoil": "duplicateKeys"}}'
	graph /v1.0/users | grep -c '"value":\[\],.*"value":\[{'
	faults '{"action": {"spoil": "trailingError"}}'
	graph /v1.0/users | jq -e '.value and .error'
	faults '{"action": {"spoil": "contentType"}}'
	graph /v1.0/users | jq -e .value
	same type text/html "$(header Content-Type)"
	faults '{"action": {"spoil": "huge"}}'
	[ "$(graph /v1.0/users | wc -c)" -gt 67108864 ]
}

next_links_lead_astray() {
	faults '{"action": {"nextLink": "https://evil.example/v1.0/users"}}'
	graph '/v1.0/users?$top=2' >"$WORK/answer"
	jq -e '."@odata.nextLink" == "https://evil.example/v1.0/users"' "$WORK/answer"
	faults '{"action": {"nextLink": "loop"}}'
	graph '/v1.0/users?$top=2' | jq -e --arg url "$SIM/v1.0/users?\$top=2" '."@odata.nextLink" == $url'
}

answers_are_replaced() {
	faults '{"action": {"status": 302, "headers": {"Location": "https://evil.example/"}}}'
	graph /v1.0/users
	same status 302 "$(status)"
	same Location https://evil.example/ "$(header Location)"
	faults '{"action": {"status": 400, "code": "Directory_ExpiredPageToken"}}'
	graph /v1.0/users | jq -e '.error.code == "Directory_ExpiredPageToken"'
	faults '{"action": {"status": 200, "body": {"value": []}}}'
	graph /v1.0/users | jq -e '. == {value: []}'
	faults '{"match": {"contains": "/oauth2/"}, "action": {"status": 503, "body": "<html>", "headers": {"Content-Type": "text/html"}}}'
	same body '<html>' "$(token)"
}

answers_are_delayed_and_others_are_not_held_up() {
	local from
	faults '{"match": {"contains": "users"}, "action": {"delayMs": 600000}}'
	graph_beside /v1.0/users
	until_hit 1
	graph /v1.0/groups | jq -e .value
	kill "$BESIDE"
	[ ! -s "$WORK/beside.body" ]
	faults '{"match": {"contains": "users"}, "action": {"delayMs": 700}}'
	from=$(date +%s%N)
	graph /v1.0/users | jq -e .value
	[ $((($(date +%s%N) - from) / 1000000)) -ge 700 ]
}

switches_are_shown_and_checked() {
	control switches '{"pageSize": 3, "replay": 2}' | jq -e .time
	graph /v1.0/users | jq -e '.value | length == 3'
	ask "$CONTROL/control/switches" | jq -e '.pageSize == 3 and .shuffle == true'
	control switches '{"pageSize": 3000}' | jq -e .error
	control switches '{"pageSize": 5, "nonsense": 1}' | jq -e .error
	ask "$CONTROL/control/switches" | jq -e '.pageSize == 3'
	control switches '{"pageSize": 100, "replay": 1}' | jq -e .time
}

long_page_tokens_are_served() {
	control switches '{"tokenPadding": 6000}' >/dev/null
	local link
	link=$(graph '/v1.0/users?$top=2' | jq -r '."@odata.nextLink"')
	[ ${#link} -gt 8000 ]
	graph "$link" | jq -e '.value | length == 2'
	control switches '{"tokenPadding": 0}' >/dev/null
}

malformed_requests_are_refused() {
	graph '/v1.0/users?x=%zz' | jq -e '.error.code == "BadRequest"'
	graph '/v1.0/gro%00ups' | jq -e '.error.code == "BadRequest"'
	graph /v2.0/users
	same status 404 "$(status)"
	graph /
	same status 404 "$(status)"
	head -c 5000000 /dev/zero | graph '/v1.0/$batch' --header 'Content-Type: application/json' --data-binary @-
	same status 413 "$(status)"
}

connections_are_kept() {
	curl --silent --cacert "$WORK/tls.pem" --globoff --header "Authorization: Bearer $TOKEN" \
		--write-out '%{num_connects}\n' --output /dev/null "$SIM/v1.0/users" \
		--next --silent --cacert "$WORK/tls.pem" --header "Authorization: Bearer $TOKEN" \
		--write-out '%{num_connects}\n' --output /dev/null "$SIM/v1.0/groups" >"$WORK/connects"
	same 'new connections' '1 0' "$(tr '\n' ' ' <"$WORK/connects" | sed 's/ $//')"
}

only_loopback_is_served() {
	local code=0
	"$SIM_PROGRAM" --tenant "$WORK/tenant.json" --cert "$WORK/tls.pem" --key "$WORK/tls.key" \
		--listen 192.0.2.1 2>"$WORK/message" || code=$?
	same 'exit code' 70 $code
	grep loopback "$WORK/message"
}

mistakes_at_the_start_are_told() {
	local code=0
	"$SIM_PROGRAM" --nonsense 2>/dev/null || code=$?
	same 'exit code' 64 $code
	code=0
	"$SIM_PROGRAM" --tenant "$WORK/none" --cert "$WORK/tls.pem" --key "$WORK/tls.key" 2>"$WORK/message" || code=$?
	same 'exit code' 70 $code
	grep "$WORK/none" "$WORK/message"
	code=0
	"$SIM_PROGRAM" --tenant "$WORK/tenant.json" --cert "$WORK/tenant.json" --key "$WORK/tls.key" \
		2>"$WORK/message" || code=$?
	same 'exit code' 70 $code
	"$SIM_PROGRAM" --help | grep -- --tenant
}

a_hanging_answer_does_not_hold_up_the_end() {
	faults '{"match": {"contains": "users"}, "count": -1, "action": {"delayMs": 3600000}}'
	graph_beside /v1.0/users
	until_hit 1
	kill "$BESIDE"
	graph_beside /v1.0/users
	until_hit 2
	sim_stop
	wait "$BESIDE" || true
}

delta_tokens_outlive_a_restart_of_the_same_tenant() {
	local link port
	sim_start "$WORK/tenant.json" --seed 7
	sign_in
	link=$(graph /v1.0/groups/delta | jq -r '."@odata.deltaLink"')
	port=${SIM##*:}
	sim_stop
	sim_start "$WORK/tenant.json" --seed 7 --port "$port"
	sign_in
	graph "$link" | jq -e '.value == [] and has("@odata.deltaLink")'
	sim_stop
}

run_tests \
	answers_carry_graphs_headers \
	errors_have_graphs_envelope \
	a_group_has_the_default_properties_of_its_version \
	links_are_absolute_and_carry_the_options \
	links_begin_with_the_host_that_was_asked \
	the_organization_is_one_item \
	a_change_shows_at_once_in_lists_and_in_delta \
	a_list_of_changes_with_a_mistake_is_refused_whole \
	roles_and_secrets_change_while_it_runs \
	requests_are_logged_without_secrets \
	throttling_hits_the_nth_request_and_ends \
	connections_are_reset \
	bodies_are_cut_short \
	bodies_are_spoilt \
	next_links_lead_astray \
	answers_are_replaced \
	answers_are_delayed_and_others_are_not_held_up \
	switches_are_shown_and_checked \
	long_page_tokens_are_served \
	malformed_requests_are_refused \
	connections_are_kept \
	only_loopback_is_served \
	mistakes_at_the_start_are_told \
	a_hanging_answer_does_not_hold_up_the_end \
	delta_tokens_outlive_a_restart_of_the_same_tenant
