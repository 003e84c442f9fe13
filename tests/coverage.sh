#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lines and branches that the tests reach; 'make coverage' calls it in a build for gcov.
#
#   GB_COVERAGE_OF   folder below the source tree; engine/plan/ if it is not set
#   GB_COVERAGE_BY   tests to run; those of plan/ if it is not set
set -eu

folder=${GB_COVERAGE_OF:-engine/plan/}
tests=${GB_COVERAGE_BY:-$PLAN_TESTS}

command -v gcovr >/dev/null || {
	echo "coverage: gcovr is not installed (apt-get install gcovr)." >&2
	exit 77
}
find . -name '*.gcda' -delete
for test in $tests; do
	"$MAKE" -s "$test"
	"./$test" >/dev/null || {
		echo "coverage: $test fails." >&2
		exit 1
	}
done
# What gcc made for the hash macros counts like our own code.
for what in "" --branches; do
	# shellcheck disable=SC2086 # no option or one
	gcovr --root "$GB_SRCDIR" --object-directory . --filter ".*$folder" $what .
done
