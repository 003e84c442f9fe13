#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Start-up: --version, and status over a state of some size.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
export BENCH_SPEC=${BENCH_SPEC:-mix=plain,people=5000,groups=1000,links=20000}
in_generated_world slapd,sim "$BENCH_SPEC" "$@"
. "$GB_SRCDIR/tests/bench/lib.sh"

started() { # title arguments of the engine...
	local title=$1
	shift
	/usr/bin/python3 -B "$GB_SRCDIR/tests/bench/measure.py" "$GB_WORLD/tmp/said" "${BENCH_RUNS:-50}" -- \
		"$ENGINE" "$@" | jq -r --arg title "$title" '"\($title): wall \(.wall * 1000) ms " +
			"(\(.wall_min * 1000) to \(.wall_max * 1000)), cpu \(.cpu * 1000) ms"'
}

use_slapd
cold_cycle
echo "tenant: $BENCH_SPEC; state.db has $(state_bytes) bytes; medians"
started '--version' --version
started 'status   ' status --config "$GB_CONFIG"
