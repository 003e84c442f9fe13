#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Start-up: --version, and status over a state of some size.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
export BENCH_SPEC=${BENCH_SPEC:-mix=plain,people=5000,groups=1000,links=20000}
in_generated_world slapd,sim "$BENCH_SPEC" "$@"
. "$GB_SRCDIR/tests/bench/lib.sh"

started() { # title arguments of the engine...
	local title=$1 runs=${BENCH_RUNS:-50}
	shift
	/usr/bin/python3 -B "$GB_SRCDIR/tests/bench/measure.py" "$GB_WORLD/tmp/said" "$runs" -- \
		"$ENGINE" "$@" | jq -r --arg title "$title" --arg runs "$runs" '
			def ms: . * 10000 | round / 10;
			("wall", "cpu") as $key | "| \($title): \($key) | \(.[$key] | ms) ms | " +
			"\(.[$key + "_min"] | ms) to \(.[$key + "_max"] | ms) | \($runs) |"'
}

use_slapd
cold_cycle
echo "tenant: $BENCH_SPEC; state.db has $(state_bytes) bytes"
printf '\n| what | median | smallest to largest | runs |\n|---|---|---|---|\n'
started '`--version`' --version
started '`status`' status --config "$GB_CONFIG"
