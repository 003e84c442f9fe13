#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong on request, snapshots, throttling and the log of requests, over the wire.
. "$(dirname "$0")/lib.sh"

jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" '{tenantId: $tenant,
	domains: ["contoso.test"],
	apps: [{appId: $app, secrets: [$secret], roles: ["Group.Read.All", "User.Read.All"]}]}' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" --generate people=60,groups=30,links=400 || exit 1
sign_in

faults() { # rules
	control faults "{\"faults\": [$1]}" | jq -e .time >/dev/null
}

# The statuses of so many requests for a path, in a row.
statuses() { # path number
	local i
	for ((i = 0; i < $2; i++)); do
		graph "$1" >/dev/null
		printf '%s ' "$(status)"
	done
}

a_rule_names_its_paths_by_a_pattern() {
	local id
	id=$(graph '/v1.0/groups?$top=1' | jq -r '.value[0].id')
	faults '{"match": {"path": "/v1.0/groups/*/members"}, "count": -1, "action": {"status": 503}}'
	same groups '200 ' "$(statuses /v1.0/groups 1)"
	same group '200 ' "$(statuses "/v1.0/groups/$id" 1)"
	same members '503 503 ' "$(statuses "/v1.0/groups/$id/members?\$top=5" 2)"
}

a_rule_hits_every_nth_request() {
	faults '{"skip": 1, "every": 3, "count": 2, "action": {"status": 500}}'
	same statuses '200 200 200 500 200 200 500 200 200 200 ' "$(statuses /v1.0/users 10)"
}

chance_with_a_seed_repeats_itself() {
	local rule='{"percent": 40, "seed": 5, "count": -1, "action": {"status": 500}}' first
	faults "$rule"
	first=$(statuses /v1.0/users 20)
	faults "$rule"
	same 'second time' "$first" "$(statuses /v1.0/users 20)"
	[[ $first == *500* && $first == *200* ]]
}

a_request_can_hang() {
	faults '{"match": {"contains": "users"}, "action": {"hang": true}}'
	graph_beside /v1.0/users
	until_hit 1
	same 'the next one' '200 ' "$(statuses /v1.0/users 1)"
	kill -0 "$BESIDE"
	[ ! -s "$WORK/beside.body" ]
	kill "$BESIDE"
}

# 200 bytes at a time and 10 ms between: the whole answer arrives, in many reads.
a_body_can_come_in_drops() {
	graph '/v1.0/users?$top=999&$select=id' >"$WORK/whole"
	faults '{"action": {"dripBytes": 200, "dripMs": 10}}'
	graph '/v1.0/users?$top=999&$select=id' >"$WORK/dripped"
	cmp "$WORK/whole" "$WORK/dripped"
	faults '{"action": {"dripBytes": 1, "dripMs": 60000}}'
	graph_beside /v1.0/users
	until [ -s "$WORK/beside.body" ]; do
		sleep 0.05
	done
	kill "$BESIDE"
	same 'bytes before the first pause' 1 "$(wc -c <"$WORK/beside.body")"
}

# Drops stop when the client goes, and nobody else waits meanwhile.
dripping_holds_nobody_up() {
	faults '{"match": {"contains": "users"}, "action": {"dripBytes": 1, "dripMs": 200}}'
	graph_beside /v1.0/users
	until_hit 1
	same others '200 200 200 ' "$(statuses /v1.0/groups 3)"
	kill "$BESIDE"
}

a_small_answer_can_unpack_to_a_gibibyte() {
	faults '{"action": {"spoil": "gzipBomb"}}'
	graph /v1.0/users --header 'Accept-Encoding: gzip' >"$WORK/bomb"
	same encoding gzip "$(header Content-Encoding)"
	[ "$(wc -c <"$WORK/bomb")" -lt 4000000 ]
	same 'unpacked bytes' $(((1 << 30) + 12)) "$(gzip -dc <"$WORK/bomb" | wc -c)"
	gzip -dc <"$WORK/bomb" | tr -d ' ' | grep -Fx '{"value":[]}'
}

next_link() { # word
	faults "{\"action\": {\"nextLink\": \"$1\"}}"
	graph '/v1.0/users?$top=5' | jq -r '."@odata.nextLink"'
}

next_links_lead_to_other_places() {
	local host=${SIM#https://}
	next_link foreign | grep -E '^https://graph\.evil\.example/v1\.0/users\?.*skiptoken='
	next_link userinfo | grep -E "^https://$host@evil\.example/v1\.0/users\?.*skiptoken="
	next_link http | grep -E "^http://$host/v1\.0/users\?.*skiptoken="
	same loop "$SIM/v1.0/users?\$top=5" "$(next_link loop)"
}

rules_that_cannot_be_are_refused() {
	local rule
	for rule in '{"every": 0, "action": {"reset": true}}' '{"action": {"spoil": "nonsense"}}' '{}' 7; do
		control faults "{\"faults\": [$rule]}" | jq -e .error
		same status 400 "$(status)"
	done
	faults ''
}

counted() { # query
	ask "$CONTROL/control/requests?$1" | jq -r .matched
}

requests_are_counted_by_what_they_were() {
	local before
	control requests/reset '' >/dev/null
	statuses '/v1.0/users?$top=3' 2
	statuses '/v1.0/groups' 1
	statuses '/v1.0/nothing' 1
	same all 4 "$(counted count=1)"
	same users 2 "$(counted 'path=/v1.0/u*&count=1')"
	same refused 1 "$(counted 'status=400')"
	same options 2 "$(counted 'contains=top')"
	same method 0 "$(counted 'method=POST')"
	before=$(ask "$CONTROL/control/requests?count=1" | jq .total)
	statuses /v1.0/groups 1
	same new 1 "$(counted "after=$before")"
	ask "$CONTROL/control/requests?status=x" | jq -e .error
	same status 400 "$(status)"
}

a_snapshot_is_taken_and_restored() {
	local id
	id=$(graph '/v1.0/groups?$top=1' | jq -r '.value[0].id')
	graph '/v1.0/groups?$top=999' | jq -S .value >"$WORK/before"
	control snapshots '{"name": "start"}' | jq -e .sequence
	control changes "{\"changes\": [{\"op\": \"hardDelete\", \"id\": \"$id\"}]}" >/dev/null
	same 'deleted group' '404 ' "$(statuses "/v1.0/groups/$id" 1)"
	ask "$CONTROL/control/snapshots" | jq -e '.[0].name == "start"'
	control snapshots/restore '{"name": "start"}' | jq -e '.groups == 30'
	graph '/v1.0/groups?$top=999' | jq -S .value | cmp "$WORK/before"
	control snapshots/restore '{"name": "none"}' | jq -e .error
	control snapshots/drop '{"name": "start"}' | jq -e .time
	ask "$CONTROL/control/snapshots" | jq -e '. == []'
}

throttling_is_switched_on_and_ends_with_time() {
	control switches '{"throttle": true, "throttleUnits": 4, "throttleWindowSeconds": 86400}' >/dev/null
	same statuses '200 200 429 ' "$(statuses /v1.0/users 3)"
	graph /v1.0/users | jq -e '.error.code == "TooManyRequests" and .error.innerError.status == "429"'
	[ "$(header Retry-After)" -gt 1000 ]
	same information ResourceUnitLimitExceeded "$(header x-ms-throttle-information)"
	header x-ms-throttle-scope | grep "^Tenant_Application/ReadWrite/$APP/$TENANT"
	control clock '{"advanceSeconds": 345600}' >/dev/null
	sign_in
	same later '200 ' "$(statuses /v1.0/users 1)"
	control switches '{"throttle": false}' >/dev/null
}

it_ends_cleanly_after_all_that() {
	faults '{"match": {"contains": "users"}, "count": -1, "action": {"dripBytes": 1, "dripMs": 100000}}'
	graph_beside /v1.0/users
	until_hit 1
	sim_stop
}

run_tests \
	a_rule_names_its_paths_by_a_pattern \
	a_rule_hits_every_nth_request \
	chance_with_a_seed_repeats_itself \
	a_request_can_hang \
	a_body_can_come_in_drops \
	dripping_holds_nobody_up \
	a_small_answer_can_unpack_to_a_gibibyte \
	next_links_lead_to_other_places \
	rules_that_cannot_be_are_refused \
	requests_are_counted_by_what_they_were \
	a_snapshot_is_taken_and_restored \
	throttling_is_switched_on_and_ends_with_time \
	it_ends_cleanly_after_all_that
