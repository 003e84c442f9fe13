#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A first cycle into OpenLDAP against the floor: the same reads and the same writes, by clients that
# do nothing with them. The engine reads both sides at once and writes then, so the floor is the
# slower reader and the writer after it. BENCH_SPEC is the tenant (docs/simulator.md), BENCH_LATENCY
# the milliseconds before each answer of the simulator.
set -u
: "${GB_SRCDIR:?"run this by make bench"}"
. "$GB_SRCDIR/tests/sandbox/tap.sh"
export BENCH_SPEC=${BENCH_SPEC:-mix=plain,people=50000,groups=10000,links=250000}
BENCH_LATENCY=${BENCH_LATENCY:-0}
in_generated_world slapd,sim "$BENCH_SPEC" "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

FLOOR_WRITER=$GB_BUILDDIR/tests/bench/floor_writer
DB=$GB_WORLD/slapd/db
READERS=16
TIMEFORMAT='%R %U %S'

set_config directory servers "$GB_SLAPD_HOST"
set_config directory account "$GB_SLAPD_ADMIN_DN"
printf %s "$GB_SLAPD_ADMIN_PASSWORD" >"$GB_CREDENTIALS/directory-password"

# The sink as it was before the first cycle.
restart_sink() {
	"$SANDBOX" stop --with slapd
	[ -d "$DB.before" ] || cp -a "$DB" "$DB.before"
	rm -rf "$DB"
	cp -a "$DB.before" "$DB"
	"$SANDBOX" start --with slapd
}

# Prints "wall user system" of the engine, seconds.
cycle() {
	rm -rf "$GB_WORLD/state"
	mkdir -m 700 "$GB_WORLD/state"
	sim /control/requests/reset -d '' >/dev/null
	{ time engine sync --approve-first --policy initial >"$GB_WORLD/tmp/said" 2>&1; } 2>"$GB_WORLD/tmp/took" ||
		{ cat "$GB_WORLD/tmp/said" >&2; exit 1; }
	tail -n 1 "$GB_WORLD/tmp/took"
}

latency() { # milliseconds before every answer of Graph
	sim /control/faults -d "{\"faults\": [{\"match\": {\"pathPrefix\": \"/\"}, \"count\": -1,
		\"action\": {\"delayMs\": $1}}]}" >/dev/null
}

token() {
	curl -sS --cacert "$GB_SIM_CA" "$GB_SIM_AUTHORITY/$GB_TENANT_ID/oauth2/v2.0/token" \
		-d grant_type=client_credentials -d client_id="$GB_CLIENT_ID" \
		--data-urlencode "client_secret@$GB_WORLD/tmp/secret" \
		--data-urlencode "scope=$GB_SIM_GRAPH/.default" | jq -er .access_token
}

# What the engine asked Graph for, as a configuration of curl.
graph_requests() {
	printf 'header = "Authorization: Bearer %s"\ncacert = "%s"\ncompressed\n' "$(token)" "$GB_SIM_CA"
	sim '/control/requests?method=GET' | jq -r --arg graph "$GB_SIM_GRAPH" \
		'.requests[] | select(.path | test("^/(v1.0|beta)/")) | "url = \"\($graph)\(.path)?\(.query)\"\noutput = \"/dev/null\""'
}

floor_graph() {
	graph_requests >"$GB_WORLD/tmp/requests"
	{ time curl -s --globoff --parallel --parallel-max $READERS \
		--config "$GB_WORLD/tmp/requests" 2>/dev/null; } 2>&1 | tail -n 1
}

floor_people() {
	{ time slapd_as_admin ldapsearch -LLL -E pr=1000/noprompt -b "$GB_BASE_DN" '(objectClass=user)' \
		objectSid objectGUID mS-DS-ConsistencyGuid entryUUID sAMAccountName >/dev/null; } 2>&1 |
		tail -n 1
}

floor_writes() { # window
	restart_sink
	LDAPTLS_CACERT=$GB_LDAP_CA "$FLOOR_WRITER" "$GB_SLAPD_URIS" "$GB_SLAPD_ADMIN_DN" \
		"$GB_CREDENTIALS/directory-password" "$1" "$GB_WORLD/tmp/writes.ldif"
}

wall() { # of "wall user system"
	echo "${1%% *}"
}

printf %s "$GB_CLIENT_SECRET" >"$GB_WORLD/tmp/secret"
latency "$BENCH_LATENCY"
echo "tenant: $BENCH_SPEC; latency of the simulator: $BENCH_LATENCY ms; wall, user, system in seconds"

export GB_SLAPD_AUDIT=$GB_WORLD/tmp/writes.ldif
restart_sink
cycle >/dev/null
unset GB_SLAPD_AUDIT
restart_sink
engine_took=$(cycle)
writes=$(report .traffic.ldapWrites)
echo "engine                $engine_took  ($writes LDAP writes)"

graph_took=$(floor_graph)
echo "floor: Graph          $graph_took  ($(grep -c '^url' "$GB_WORLD/tmp/requests") requests)"
people_took=$(floor_people)
echo "floor: people         $people_took"
best=''
for window in 8 16 32 64; do
	result=$(floor_writes $window)
	echo "floor: writes         $(jq -r .seconds <<<"$result")  (window $window, $(jq -r \
		'"\(.operations) operations, \(.values) values"' <<<"$result"))"
	best=$(printf '%s\n%s\n' "$best" "$(jq -r .seconds <<<"$result")" | grep . | sort -n | head -n 1)
done
awk -v engine="$(wall "$engine_took")" -v graph="$(wall "$graph_took")" \
	-v people="$(wall "$people_took")" -v writes="$best" 'BEGIN {
	floor = (graph > people ? graph : people) + writes
	printf "engine %.2f s, floor %.2f s: %.2f times the floor\n", engine, floor, engine / floor }'
