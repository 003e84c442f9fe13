#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Ten times the tenant: how the first cycle grows, and that a cycle without a change does not. With
# BENCH_SPEC: that tenant alone. BENCH_RUNS is how often everything is repeated, first cycles included.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
SMALL=${BENCH_SMALL:-mix=plain,people=30000,groups=10000,links=100000}
LARGE=${BENCH_LARGE:-mix=plain,people=300000,groups=100000,links=1000000,largest=250000}

# The exponent e of "n times the groups take n^e times as long", of each pair of worlds.
note_growth() { # file of results
	local key
	for key in wall cpu; do
		jq -s -c --arg key $key '. as $r | range(0; length - 1; 2) as $i | {
			what: "growth of the first cycle: exponent of \($key)", unit: "",
			value: ((($r[$i + 1][$key] / $r[$i][$key]) | log) /
				(($r[$i + 1].groups / $r[$i].groups) | log))}' "$1" >>"$BENCH_NOTES"
	done
}

if [ -z "${GB_SANDBOX_INSIDE:-}" ]; then
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	export BENCH_RESULTS=$folder/results BENCH_NOTES=$folder/notes
	. "$GB_SRCDIR/tests/bench/table.sh"
	runs=${BENCH_RUNS:-1}
	specs=("$SMALL" "$LARGE")
	[ -z "${BENCH_SPEC:-}" ] || specs=("$BENCH_SPEC")
	export BENCH_RUNS=1
	for run in $(seq "$runs"); do
		for BENCH_SPEC in "${specs[@]}"; do
			export BENCH_SPEC
			"$SANDBOX" run --with slapd,sim --generate "$BENCH_SPEC" -- "$BASH" "$0"
		done
	done
	[ ${#specs[@]} -eq 1 ] || note_growth "$BENCH_RESULTS"
	print_table
	exit
fi
. "$GB_SRCDIR/tests/bench/lib.sh"
. "$GB_SRCDIR/tests/bench/floor.sh"
. "$GB_SRCDIR/tests/bench/delta_lib.sh"

LINKS=$(spec_value links)
GROUPS_SPEC=$(spec_value groups)

# Rows of one table: each tenant has its own.
note() { # what value unit
	jq -n -c --arg what "$GROUPS_SPEC groups, $LINKS links: $1" --argjson value "$2" --arg unit "$3" \
		'{$what, $value, $unit}' >>"$BENCH_NOTES"
}

use_slapd
slow_down "$LATENCY"
echo "tenant: $BENCH_SPEC; latency of the simulator: $LATENCY ms"
cold_cycle
jq -c --argjson groups "$GROUPS_SPEC" '. + {$groups}' "$TOOK" >>"$BENCH_RESULTS"
note_cycle "$LINKS"
jq -r --argjson links "$LINKS" --argjson state "$(state_bytes)" '
	"first cycle: wall \(.wall) s, user \(.user) s, system \(.system) s: " +
	"\(.cpu / $links * 1e8 | round / 100) µs of CPU a link; " +
	"peak \(.rss_kib / 1024 * 10 | round / 10) MiB; state \($state / $links | round) bytes a link"' "$TOOK"
delta_cases
