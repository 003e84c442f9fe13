#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What ./bootstrap counts and refuses, with stand-ins for dpkg, make and the results of tests.
set -u
# shellcheck source=tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"

SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

stand_in() { # name body
	printf '#!/bin/sh\n%s\n' "$2" >"$SCRATCH/bin/$1"
	chmod +x "$SCRATCH/bin/$1"
}

# A clone that was built already; $1 is what "make check" leaves as its result, in lines.
a_clone() { # results [exit-code-of-make]
	rm -rf "${SCRATCH:?}"/*
	mkdir -p "$SCRATCH/bin" "$SCRATCH/build"
	cp "$GB_SRCDIR/bootstrap" "$SCRATCH/"
	chmod u+w "$SCRATCH/bootstrap"
	touch -d '2000-01-01' "$SCRATCH/configure.ac"
	touch "$SCRATCH/configure" "$SCRATCH/build/Makefile"
	stand_in dpkg-query 'for last; do echo "installed $last"; done'
	stand_in apt-get 'echo "apt-get was called"; exit 1'
	printf '%s\n' "$1" >"$SCRATCH/results"
	stand_in make 'case "$*" in *check) cp results build/t.trs; exit '"${2:-0}"';; esac'
}

last_line() { # expected-exit-code expected-line
	local code=0
	PATH=$SCRATCH/bin:$PATH "$SCRATCH/bootstrap" check >"$SCRATCH/out" 2>&1 || code=$?
	cat "$SCRATCH/out"
	same 'exit code' "$1" $code
	same 'last line' "$2" "$(tail -n 1 "$SCRATCH/out")"
}

PASS=':test-result: PASS one'

passes_are_counted() {
	a_clone "$PASS"$'\n'"$PASS"
	last_line 0 '2 passed, 0 failed'
}

a_failure_is_a_failure_and_its_exit_status_no_second_one() {
	a_clone "$PASS"$'\n:test-result: FAIL two\n:test-result: ERROR - exited with status 1' 2
	last_line 1 '1 passed, 1 failed'
}

a_program_that_breaks_off_is_a_failure() {
	a_clone "$PASS"$'\n:test-result: ERROR - missing test plan' 2
	last_line 1 '1 passed, 1 failed'
}

a_skip_is_a_failure() {
	a_clone "$PASS"$'\n:test-result: SKIP two'
	last_line 1 '1 passed, 1 failed'
}

no_test_at_all_is_a_failure() {
	a_clone ''
	last_line 1 '0 passed, 1 failed'
}

tests_that_do_not_compile_are_a_failure() {
	a_clone "$PASS" 2
	last_line 1 '1 passed, 1 failed'
}

results_of_an_earlier_run_do_not_count() {
	a_clone "$PASS"
	echo ':test-result: FAIL old' >"$SCRATCH/build/old.trs"
	last_line 0 '1 passed, 0 failed'
}

what_is_checked_besides_counts_like_the_rest() {
	a_clone "$PASS"
	stand_in make 'case "$*" in
		*-k\ check) cp results build/t.trs ;;
		*more) echo ":test-result: FAIL client" >build/more.trs; exit 2 ;;
		esac'
	GB_CHECK_MORE=more last_line 1 '1 passed, 1 failed'
}

# Whoever runs the tests: id and sudo are stand-ins, too.
without_root_the_one_command_is_printed() {
	local code=0
	a_clone "$PASS"
	stand_in dpkg-query 'for last; do [ "$last" = jq ] || echo "installed $last"; done'
	stand_in id 'echo 1000'
	stand_in sudo 'exit 1'
	PATH=$SCRATCH/bin:$PATH "$SCRATCH/bootstrap" >"$SCRATCH/out" 2>&1 </dev/null || code=$?
	cat "$SCRATCH/out"
	same 'exit code' 1 $code
	same 'last line' 'apt-get install --no-install-recommends jq ' "$(tail -n 1 "$SCRATCH/out")"
}

a_configured_source_folder_is_refused() {
	a_clone "$PASS"
	touch "$SCRATCH/config.status"
	PATH=$SCRATCH/bin:$PATH fails_with 1 "$SCRATCH/bootstrap"
}

run_tests \
	passes_are_counted \
	a_failure_is_a_failure_and_its_exit_status_no_second_one \
	a_program_that_breaks_off_is_a_failure \
	a_skip_is_a_failure \
	no_test_at_all_is_a_failure \
	tests_that_do_not_compile_are_a_failure \
	results_of_an_earlier_run_do_not_count \
	what_is_checked_besides_counts_like_the_rest \
	without_root_the_one_command_is_printed \
	a_configured_source_folder_is_refused
