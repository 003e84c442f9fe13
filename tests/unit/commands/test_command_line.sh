#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The engine as a command: what it prints arrives or its exit code tells, and what it does not know is named.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
export LC_ALL=C
unset LANGUAGE

ENGINE=$GB_BUILDDIR/groupback-engine
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
CONF=$WORK/groupback.conf
chmod 0755 "$WORK"
sed -e "s|^state directory = .*|state directory = $WORK/state|" "$GB_SRCDIR/data/groupback.conf.example" >"$CONF"
chmod 0644 "$CONF"
mkdir -m 0700 "$WORK/state"

not_printed() { # command...: into a device that is full
	fails_with 74 "$ENGINE" "$@" >/dev/full 2>"$WORK/said"
	grep -q 'Standard output cannot be written' "$WORK/said"
}

what_cannot_be_printed_is_told_by_the_exit_code() {
	not_printed --help
	not_printed --version
	not_printed sync --help
	not_printed settings export --config "$CONF"
	not_printed settings list --config "$CONF"
	not_printed support --config "$CONF"
	not_printed scheduler show --json --config "$CONF"
}

# A fault of the run itself is not hidden behind that of its output.
the_worst_exit_code_counts() {
	fails_with 78 "$ENGINE" support --config "$WORK/none" >/dev/full 2>&1
}

a_reader_that_has_enough_is_not_scolded() {
	mkfifo "$WORK/pipe"
	exec 8<>"$WORK/pipe" 9>"$WORK/pipe"
	exec 8<&-
	fails_with 74 "$ENGINE" --help >&9 2>"$WORK/said"
	exec 9>&-
	same said "" "$(cat "$WORK/said")"
}

closed_descriptors_do_no_harm() {
	"$ENGINE" scheduler show --config "$CONF" <&- >"$WORK/out" 2>&-
	grep -q '^enabled' "$WORK/out"
	"$ENGINE" scheduler show --config "$CONF" <&- >&- 2>&-
}

refused() { # words that are named; command...
	local named=$1
	shift
	fails_with 64 "$ENGINE" "$@" >"$WORK/out" 2>"$WORK/said"
	same output "" "$(cat "$WORK/out")"
	grep -qF -- "'$named'" "$WORK/said" || { cat "$WORK/said"; return 1; }
}

what_is_not_known_is_named() {
	refused --nonsense sync --nonsense
	refused --nonsense=x sync --json --nonsense=x
	refused --out sync --out file
	refused -x sync -x
	refused -x sync -vx
	refused -x sync -vxv
	refused --policy sync --policy
	refused --json=x sync --json=x
	refused word sync -- word
	refused "" sync ""
	refused syn syn
}

words_of_json() { # command...
	"$ENGINE" "$@" --json --config "$CONF" | jq -e .schema
}

whatever_a_command_prints_is_json_when_that_is_asked_for() {
	words_of_json settings list
	words_of_json scheduler show
	"$ENGINE" settings export --config "$CONF" >"$WORK/settings.json"
	words_of_json settings import "$WORK/settings.json" | same schema 1 "$(cat)"
	words_of_json settings undo
	words_of_json settings list
	"$ENGINE" settings list --json --config "$CONF" | jq -e '.generations | length == 2'
	"$ENGINE" scheduler disable --config "$CONF"
	"$ENGINE" sync --if-due --json --config "$CONF" | jq -e '.run == null and .notDue == "disabled"'
	"$ENGINE" support "$WORK/support.json" --json --config "$CONF" | same output "" "$(cat)"
}

# Ctrl-C at the question for a password: the shell behind it must show again what is typed.
a_terminal_that_hid_a_password_shows_again_what_is_typed() {
	/usr/bin/python3 -B - "$ENGINE" "$CONF" <<-'PYTHON'
		import os, pty, signal, sys, termios
		leader, follower = pty.openpty()
		def shows():
		    return bool(termios.tcgetattr(follower)[3] & termios.ECHO)
		child = os.fork()
		if child == 0:
		    os.close(leader)
		    os.login_tty(follower) if hasattr(os, "login_tty") else (os.setsid(), __import__("fcntl").ioctl(
		        follower, termios.TIOCSCTTY, 0), [os.dup2(follower, fd) for fd in (0, 1, 2)])
		    os.execv(sys.argv[1], [sys.argv[1], "permissions", "show", "--administrator", "x@lab.test",
		        "--config", sys.argv[2]])
		said = b""
		while b"Password of" not in said:
		    said += os.read(leader, 1000)
		assert not shows(), said
		os.write(leader, b"\x03")
		_, status = os.waitpid(child, 0)
		assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT, status
		assert shows()
	PYTHON
}

every_command_explains_itself() {
	local command
	for command in $("$ENGINE" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
		"$ENGINE" "$command" --help >"$WORK/out"
		grep -q "^Usage: groupback-engine $command " "$WORK/out"
		grep -q '^  --json' "$WORK/out"
	done
}

run_tests what_cannot_be_printed_is_told_by_the_exit_code \
	the_worst_exit_code_counts \
	a_reader_that_has_enough_is_not_scolded \
	closed_descriptors_do_no_harm \
	what_is_not_known_is_named \
	whatever_a_command_prints_is_json_when_that_is_asked_for \
	a_terminal_that_hid_a_password_shows_again_what_is_typed \
	every_command_explains_itself
