#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# First cycles into OpenLDAP against the floor, in turns: what the machine does besides hits both.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
export BENCH_SPEC=${BENCH_SPEC:-mix=plain,people=50000,groups=10000,links=250000}
in_generated_world slapd,sim "$BENCH_SPEC" "$@"
. "$GB_SRCDIR/tests/bench/lib.sh"
. "$GB_SRCDIR/tests/bench/floor.sh"

RUNS=${BENCH_RUNS:-3}
LINKS=$(spec_value links)

best_floor_writes() { # seconds at the best window
	local window
	for window in 8 16 32 64; do
		restart_sink slapd
		floor_writes "$GB_SLAPD_URIS" "$GB_SLAPD_ADMIN_DN" "$GB_CREDENTIALS/directory-password" \
			$window
	done | jq -s 'min_by(.seconds)'
}

engine_line() { # also into the file of ratios
	restart_sink slapd
	cold_cycle
	jq -r --argjson links "$LINKS" --argjson state "$(state_bytes)" --arg run "$1" '
		"engine \($run)   wall \(.wall) s, user \(.user) s, system \(.system) s: " +
		"\(.cpu / $links * 1e8 | round / 100) µs of CPU a link; " +
		"peak \(.rss_kib / 1024 * 10 | round / 10) MiB; state \($state / $links | round) bytes a link"' \
		"$TOOK"
	note_cycle "$LINKS"
}

floor_line() { # run
	local graph people writes floor
	graph=$(floor_graph)
	people=$(floor_people slapd_as_admin)
	writes=$(best_floor_writes)
	floor=$(jq -n --argjson graph "$graph" --argjson people "$people" --argjson writes "$writes" \
		'([$graph, $people] | max) + $writes.seconds')
	note 'floor: wall' "$floor" s
	note 'first cycle / floor' "$(took ".wall / $floor")" ×
	jq -n -r --argjson graph "$graph" --argjson people "$people" --argjson writes "$writes" \
		--argjson engine "$(took .wall)" --arg run "$1" --arg requests "$(floor_graph_requests)" '
		([$graph, $people] | max) + $writes.seconds |
		"floor  \($run)   wall \(. * 100 | round / 100) s: Graph \($graph) s (\($requests) requests), " +
		"people \($people) s, writes \($writes.seconds) s (\($writes.operations) operations, " +
		"\($writes.values) values, window \($writes.window)); engine / floor \($engine / . * 100 | round / 100)"'
}

use_slapd
slow_down "$LATENCY"
echo "tenant: $BENCH_SPEC; latency of the simulator: $LATENCY ms"
record_writes
for run in $(seq "$RUNS"); do
	engine_line "$run"
	floor_line "$run"
done
print_table
echo "traffic: $(report '.traffic | "\(.httpRequests) HTTP requests, \(.ldapSearches) searches, \(.ldapWrites) writes"')"
