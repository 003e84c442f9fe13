#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The planner alone, on one core.
set -u
. "${GB_SRCDIR:?"run this by tests/bench/run"}/tests/bench/table.sh"
trap 'rm -f "$NOTES"' EXIT

for run in $(seq "${BENCH_RUNS:-3}"); do
	for shape in '10000 1000000' '100000 1000000' '10 1000000'; do
		# shellcheck disable=SC2086
		said=$("${GB_BUILDDIR:?}/tests/bench/planner" $shape)
		printf '%s  %-16s%s\n' "$run" "$shape" "$said"
		note "planner alone: ${shape% *} groups, ${shape#* } links" \
			"$(sed -E 's/.*: ([0-9]+) links a second.*/\1/' <<<"$said")e-6" 'million links a second'
	done
done
print_table
