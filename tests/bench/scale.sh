#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Ten times the tenant: how the first cycle grows, and that a cycle without a change does not. With
# BENCH_SPEC: that tenant alone.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
SMALL=${BENCH_SMALL:-mix=plain,people=30000,groups=10000,links=100000}
LARGE=${BENCH_LARGE:-mix=plain,people=300000,groups=100000,links=1000000,largest=250000}

if [ -z "${GB_SANDBOX_INSIDE:-}" ]; then
	results=$(mktemp)
	trap 'rm -f "$results"' EXIT
	export BENCH_RESULTS=$results
	specs=("$SMALL" "$LARGE")
	[ -z "${BENCH_SPEC:-}" ] || specs=("$BENCH_SPEC")
	for BENCH_SPEC in "${specs[@]}"; do
		export BENCH_SPEC
		"$SANDBOX" run --with slapd,sim --generate "$BENCH_SPEC" -- "$BASH" "$0"
	done
	jq -s -r 'def growth(key): ((.[1][key] / .[0][key]) | log) / ((.[1].groups / .[0].groups) | log);
		if length == 2 then "growth: wall exponent \(growth("wall") * 100 | round / 100), CPU exponent \(growth("cpu") * 100 | round / 100)"
		else empty end' "$results"
	exit
fi
. "$GB_SRCDIR/tests/bench/lib.sh"
. "$GB_SRCDIR/tests/bench/floor.sh"
. "$GB_SRCDIR/tests/bench/delta_lib.sh"

LINKS=$(spec_value links)

use_slapd
slow_down "$LATENCY"
echo "tenant: $BENCH_SPEC; latency of the simulator: $LATENCY ms"
cold_cycle
jq -c --argjson groups "$(spec_value groups)" '. + {$groups}' "$TOOK" >>"$BENCH_RESULTS"
jq -r --argjson links "$LINKS" --argjson state "$(state_bytes)" '
	"first cycle: wall \(.wall) s, user \(.user) s, system \(.system) s: " +
	"\(.cpu / $links * 1e8 | round / 100) µs of CPU a link; " +
	"peak \(.rss_kib / 1024 * 10 | round / 10) MiB; state \($state / $links | round) bytes a link"' "$TOOK"
delta_cases
