#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# First cycles into a domain controller against the floor: the writes that OpenLDAP saw of the same
# tenant, played to the domain controller.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
export BENCH_SPEC=${BENCH_SPEC:-mix=plain,people=3000,groups=1000,links=10000}
in_generated_world samba,slapd,sim "$BENCH_SPEC" "$@"
. "$GB_SRCDIR/tests/bench/lib.sh"
. "$GB_SRCDIR/tests/bench/floor.sh"

use_samba() {
	set_config directory servers "$GB_DC_HOST"
	set_config directory account "$GB_SVC_DN"
	printf %s "$GB_SVC_PASSWORD" >"$GB_CREDENTIALS/directory-password"
}

best_floor_writes() {
	local window
	for window in 4 16 64; do
		restart_sink samba
		floor_writes "$GB_DC_URIS" "$GB_SVC_DN" "$GB_CREDENTIALS/directory-password" $window
	done | jq -s 'min_by(.seconds)'
}

slow_down "$LATENCY"
echo "tenant: $BENCH_SPEC; latency of the simulator: $LATENCY ms"
use_slapd
record_writes
use_samba
for run in $(seq "${BENCH_RUNS:-3}"); do
	restart_sink samba
	cold_cycle
	engine=$(took .wall)
	graph=$(floor_graph)
	people=$(floor_people dc_as svc)
	writes=$(best_floor_writes)
	floor=$(jq -n --argjson graph "$graph" --argjson people "$people" --argjson writes "$writes" \
		'([$graph, $people] | max) + $writes.seconds')
	note_cycle "$(spec_value links)"
	note 'floor: wall' "$floor" s
	note 'first cycle / floor' "$(took ".wall / $floor")" ×
	jq -n -r --argjson engine "$engine" --argjson graph "$graph" --argjson people "$people" \
		--argjson writes "$writes" --arg run "$run" --argjson cpu "$(took .cpu)" '
		([$graph, $people] | max) + $writes.seconds |
		"\($run)  engine \($engine) s (cpu \($cpu) s); floor \(. * 100 | round / 100) s: Graph \($graph) s, " +
		"people \($people) s, writes \($writes.seconds) s at window \($writes.window); " +
		"engine / floor \($engine / . * 100 | round / 100)"'
done
print_table
