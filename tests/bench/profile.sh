#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Where the engine's instructions go in a first cycle. They do not depend on what else the machine does.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
export BENCH_SPEC=${BENCH_SPEC:-mix=plain,people=5000,groups=1000,links=25000}
in_generated_world slapd,sim "$BENCH_SPEC" "$@"
. "$GB_SRCDIR/tests/bench/lib.sh"

OUT=${BENCH_OUT:-$GB_WORLD/tmp/callgrind.out}

use_slapd
echo "tenant: $BENCH_SPEC"
rm -rf "$GB_WORLD/state"
mkdir -m 700 "$GB_WORLD/state"
valgrind --tool=callgrind --callgrind-out-file="$OUT" "$ENGINE" sync --config "$GB_CONFIG" \
	--approve-first --policy initial >"$GB_WORLD/tmp/said" 2>&1 || { cat "$GB_WORLD/tmp/said"; exit 1; }
/usr/bin/python3 -B "$GB_SRCDIR/tests/bench/itemise.py" "$OUT" "$(spec_value links)"
