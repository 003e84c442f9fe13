#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The tables of the documents name a test for each row: the tests are there, and are run.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

# Names of tests are sentences: words with at least three underscores between them.
named() {
	grep -ohE '`([a-z][0-9][0-9]_[a-z0-9_]+|[a-z0-9]+(_[a-z0-9]+){3,})`' docs/semantics.md docs/migration.md docs/exchange.md |
		tr -d '`' | sort -u
}

# A test in C is a function and a line of its table; one in bash a function and a word of run_tests.
run_tests() {
	find tests -name '*.c' -o -name '*.sh' |
		xargs grep -ohwE '[a-z][0-9][0-9]_[a-z0-9_]+|[a-z0-9]+(_[a-z0-9]+){3,}' | sort | uniq -d
}

missing() {
	{
		named
		run_tests
		run_tests
	} | sort | uniq -u | grep -xF -e "$(named)"
}

verdict "every test that a table names is there and is run" "$(missing)"
verdict "the tables name tests" "$([ "$(named | wc -l)" -ge 70 ] || echo "only $(named | wc -l)")"
finish
