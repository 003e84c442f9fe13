#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The tables of the documents name a test for each row: the tests are there, and are run.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

# Names of tests are sentences: words with at least three underscores between them.
named() {
	grep -ohE '`([a-z][0-9][0-9]_[a-z0-9_]+|[a-z0-9]+(_[a-z0-9]+){3,})`' docs/semantics.md docs/migration.md docs/exchange.md \
		docs/failures.md |
		tr -d '`' | sort -u
}

# A test in C is a function and a line of its table; one in bash a function and a word of run_tests; of a
# test of screens every function is run.
run_tests() {
	{
		find tests -name '*.c' -o -name '*.sh' |
			xargs grep -ohwE '[a-z][0-9][0-9]_[a-z0-9_]+|[a-z0-9]+(_[a-z0-9]+){3,}'
		sed -nE 's/^def ([a-z0-9_]+)\(.*/\1\n\1/p' tests/tui/test_*.py
	} | sort | uniq -d
}

missing() {
	{
		named
		run_tests
		run_tests
	} | sort | uniq -u | grep -xF -e "$(named)"
}

# Ids of rows: what stands in docs/failures.md, and what tests and comments refer to.
ids() {
	sed -nE 's/^\| \*\*([A-Z]-?[0-9]{2})\*\* .*/\1/p' docs/failures.md | sort
}

referred() {
	find engine wizard pages tests -name '*.[ch]' -o -name '*.sh' |
		xargs grep -ohE '(^|[^a-z0-9_])[cdhnjlfspoyx][0-9]{2}_[a-z0-9]+_|failures\.md, [A-Z]-?[0-9]{2}' |
		sed -E 's/.*([cdh][0-9]{2})_.*/\U\1/; s/.*([njlfspoyx])([0-9]{2})_.*/\U\1-\2/; s/.*, //' | sort -u
}

verdict "every test that a table names is there and is run" "$(missing)"
verdict "every id that a test or a comment names has a row" "$(ids | uniq | comm -13 - /dev/fd/3 3<<LIST
$(referred)
LIST
)"
verdict "every row has an id of its own" "$(ids | uniq -d)"
verdict "the tables name tests" "$([ "$(named | wc -l)" -ge 70 ] || echo "only $(named | wc -l)")"
finish
