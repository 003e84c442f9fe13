#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Functions can be seen whole, files read in one sitting.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

# "LINES FILE:LINE NAME" for each function definition of the product.
functions() {
	sources "$@" | grep '\.c$' |
		ctags -x --_xformat='%{line} %{end} %{input} %{name}' --kinds-C=f -L - 2>/dev/null |
		awk '{ print $2 - $1 + 1, $3 ":" $1, $4 }' | sort -n
}

# at_percent N: that percentile of the first column of standard input.
at_percent() {
	awk -v percent="$1" '{ value[NR] = $1 } END { i = int((NR * percent + 99) / 100); print value[i ? i : 1] + 0 }'
}

file_lengths() {
	sources "$@" | xargs -r wc -l | awk '$2 != "total" { print $1, $2 }' | sort -n
}

product=$(functions engine wizard pages)
files=$(file_lengths engine wizard pages)

verdict "functions were found" "$([ "$(printf '%s\n' "$product" | wc -l)" -gt 100 ] || echo "universal-ctags found fewer than 100 functions: is it installed?")"
median=$(printf '%s\n' "$product" | at_percent 50)
verdict "half of the functions have at most 15 lines" "$([ "$median" -le 15 ] || echo "the median is $median")"
ninety=$(printf '%s\n' "$product" | at_percent 90)
verdict "nine of ten functions have at most 45 lines" "$([ "$ninety" -le 45 ] || echo "the 90th percentile is $ninety")"
verdict "no function has more than 100 lines" "$(functions engine wizard pages tests | awk '$1 > 100')"
median=$(printf '%s\n' "$files" | at_percent 50)
verdict "half of the files have at most 300 lines" "$([ "$median" -le 300 ] || echo "the median is $median")"
verdict "no file has more than 800 lines" "$(printf '%s\n' "$files" | awk '$1 > 800')"
verdict "no test has more than 1000 lines" "$(file_lengths tests | awk '$1 > 1000')"
finish
