#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every file with texts for people is listed for the translators, and nothing else is.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

marked() {
	code engine wizard pages | grep -v '^engine/base/i18n\.h:' |
		grep -E ':(.*[^A-Za-z0-9_])?(_|N_|P_)\(' | sed 's/:.*//' | sort -u
}

listed() {
	grep -v '^#' po/POTFILES.in | sort
}

all_marked=$(marked)

missing() {
	printf '%s\n' "$all_marked" | grep -vxFf po/POTFILES.in
}

needless() {
	{
		printf '%s\n' "$all_marked" --
		listed
	} | awk '$0 == "--" { reading = 1; next } !reading { marked[$0] = 1; next } !($0 in marked)'
}

verdict "every file with texts is in po/POTFILES.in" "$(missing)"
verdict "every file in po/POTFILES.in has texts" "$(needless)"
verdict "po/POTFILES.in names no file twice" "$(listed | uniq -d)"
finish
