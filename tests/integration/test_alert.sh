#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The program behind the alert unit: a mail hook and a command hook. Needs no world.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
ALERT=${GB_BUILDDIR:?}/data/alert/alert

fresh() {
	rm -rf "$TMP"/*
	mkdir -p "$TMP/etc" "$TMP/state" "$TMP/bin"
	printf 'groupback needs somebody to look.\n\nrun 7 delta: exit 4\n' >"$TMP/state/alert"
	cat >"$TMP/bin/sendmail" <<-SH
		#!/bin/sh
		echo "\$*" >"$TMP/mail-arguments"
		cat >"$TMP/mail"
	SH
	chmod +x "$TMP/bin/sendmail"
}

alert() { # what
	PATH=$TMP/bin:$PATH "$ALERT" -e "$TMP/etc" -s "$TMP/state" "$1" 2>"$TMP/said"
}

hook() { # exit code
	cat >"$TMP/etc/alert" <<-SH
		#!/bin/sh
		echo "\$1" >"$TMP/hook-argument"
		cat >"$TMP/hook-input"
		exit $1
	SH
	chmod +x "$TMP/etc/alert"
}

without_a_hook_the_journal_gets_the_text() {
	fresh
	alert run
	grep -q 'run 7 delta' "$TMP/said"
	alert groupback.service
	grep -q 'groupback.service has failed' "$TMP/said"
}

the_command_gets_what_and_the_text() {
	fresh
	hook 0
	alert run
	same argument run "$(cat "$TMP/hook-argument")"
	same text "$(cat "$TMP/state/alert")" "$(cat "$TMP/hook-input")"
	same "what the journal gets" '' "$(cat "$TMP/said")"
}

mail_goes_to_whom_the_file_names() {
	fresh
	printf '# who\nmail to = ops@example.com\n' >"$TMP/etc/alert.conf"
	alert run
	same arguments '-i -- ops@example.com' "$(cat "$TMP/mail-arguments")"
	same to 'To: ops@example.com' "$(head -n 1 "$TMP/mail")"
	grep -q "^Subject: groupback on $(uname -n): run$" "$TMP/mail"
	grep -q '^Auto-Submitted: auto-generated$' "$TMP/mail"
	sed '1,/^$/d' "$TMP/mail" | cmp - "$TMP/state/alert"
}

a_text_cannot_add_a_header() {
	fresh
	printf 'mail to = ops@example.com\n' >"$TMP/etc/alert.conf"
	printf 'Bcc: evil@example.com\n\nrun 8\n' >"$TMP/state/alert"
	alert run
	same headers 0 "$(sed '/^$/q' "$TMP/mail" | grep -c Bcc || true)"
	printf 'mail to = -oQ/tmp\n' >"$TMP/etc/alert.conf"
	alert run
	same arguments '-i -- -oQ/tmp' "$(cat "$TMP/mail-arguments")"
}

a_hook_that_fails_is_told_and_the_text_is_not_lost() {
	fresh
	hook 9
	printf 'mail to = ops@example.com\n' >"$TMP/etc/alert.conf"
	fails_with 9 alert run
	grep -q 'run 7 delta' "$TMP/said"
	grep -q 'run 7 delta' "$TMP/mail"
}

run_tests \
	without_a_hook_the_journal_gets_the_text \
	the_command_gets_what_and_the_text \
	mail_goes_to_whom_the_file_names \
	a_text_cannot_add_a_header \
	a_hook_that_fails_is_told_and_the_text_is_not_lost
