#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Delta cycles as whole processes: without a change, with one member more in the largest group, and with
# one that was removed from it by hand.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/sandbox/tap.sh"
export BENCH_SPEC=${BENCH_SPEC:-mix=plain,people=20000,groups=1000,links=60000,largest=15000}
in_generated_world slapd,sim "$BENCH_SPEC" "$@"
. "$GB_SRCDIR/tests/bench/lib.sh"
. "$GB_SRCDIR/tests/bench/floor.sh"
. "$GB_SRCDIR/tests/bench/delta_lib.sh"

use_slapd
slow_down "$LATENCY"
echo "tenant: $BENCH_SPEC; latency of the simulator: $LATENCY ms"
cold_cycle
delta_cases
print_table
