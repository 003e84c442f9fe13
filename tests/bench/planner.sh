#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The planner alone, on one core.
set -u
for shape in '10000 1000000' '100000 1000000' '10 1000000'; do
	# shellcheck disable=SC2086
	printf '%-16s' "$shape" && "${GB_BUILDDIR:?}/tests/bench/planner" $shape
done
