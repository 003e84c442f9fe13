#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The worlds of the sandbox: kept apart, and gone without a trace.
set -u
# shellcheck source=tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
unset GB_SANDBOX_DIR

# Short: a world in a folder has Unix sockets below it.
SCRATCH=$(mktemp -d /tmp/gbw.XXXXXX)
trap 'rm -rf "$SCRATCH"' EXIT

# Run in a world: leave word of where it is, then stay until killed.
report_and_stay() { # folder-of-the-report
	# shellcheck disable=SC2016
	REPORT=$1 "$SANDBOX" run --with samba -- bash -c '
		printf "%s\n" "$GB_WORLD" >"$REPORT/world"
		readlink /proc/self/ns/net >"$REPORT/network"
		cat "$GB_WORLD"/run/*.pid >"$REPORT/pids"
		: >"$REPORT/ready"
		exec sleep 300'
}

# A world with a network of its own is gone when no process has that network any more.
nothing_is_left() { # folder-of-the-report
	local network pid
	network=$(cat "$1/network")
	[ ! -e "$(cat "$1/world")" ] || return 1
	if [ "$network" != "$(readlink /proc/self/ns/net)" ]; then
		! readlink /proc/[0-9]*/ns/net 2>/dev/null | grep -qxF "$network"
	else
		for pid in $(cat "$1/pids"); do
			[ ! -e "/proc/$pid" ] || return 1
		done
	fi
}

ends_with_signal() { # signal who
	local at=$SCRATCH/$1-$2 pid
	mkdir "$at"
	if [ "$2" = caller ]; then
		(report_and_stay "$at" && true) &
	else
		report_and_stay "$at" &
	fi
	pid=$!
	waits_for 180 test -e "$at/ready"
	[ "$2" = caller ] || pid=$(cat "/proc/$pid/task/$pid/children" | cut -d ' ' -f 1)
	kill "-$1" "$pid"
	waits_for 60 nothing_is_left "$at"
	wait
}

nothing_is_left_after_a_run() {
	local at=$SCRATCH/run
	mkdir "$at"
	# shellcheck disable=SC2016
	REPORT=$at "$SANDBOX" run --with samba,slapd -- bash -c '
		printf "%s\n" "$GB_WORLD" >"$REPORT/world"
		readlink /proc/self/ns/net >"$REPORT/network"
		cat "$GB_WORLD"/run/*.pid >"$REPORT/pids"
		sleep 300 & '
	waits_for 60 nothing_is_left "$at"
}

nothing_is_left_when_the_caller_is_killed() { ends_with_signal KILL caller; }
nothing_is_left_when_the_run_is_killed() { ends_with_signal KILL run; }
nothing_is_left_when_the_run_is_terminated() { ends_with_signal TERM run; }

the_mounts_of_the_machine_stay_as_they_are() {
	local before
	before=$(sort /proc/self/mountinfo)
	"$SANDBOX" run --with none -- true
	same mounts "$before" "$(sort /proc/self/mountinfo)"
}

# Each adds the same group to its own directory and waits for the other before it looks.
one_of_two() { # own-name other-name
	# shellcheck disable=SC2016
	ME=$1 OTHER=$2 SCRATCH=$SCRATCH "$SANDBOX" run --with samba -- bash -c '
		set -e
		. "$GB_SRCDIR/tests/sandbox/tap.sh"
		dc_as svc ldapadd <<-LDIF
			dn: CN=Same name,$GB_CONTAINER
			objectClass: group
			sAMAccountName: same-name
			description: $ME
		LDIF
		: >"$SCRATCH/$ME.added"
		for _ in $(seq 3600); do [ -e "$SCRATCH/$OTHER.added" ] && break; sleep 0.05; done
		[ -e "$SCRATCH/$OTHER.added" ]
		dc_search "(sAMAccountName=same-name)" description | grep -x "description: $ME"'
}

two_worlds_live_side_by_side() {
	local first
	one_of_two left right &
	first=$!
	one_of_two right left
	wait $first
}

# What makes a world cheap: the domain is provisioned once, and every world is a copy of it.
a_world_is_a_copy_and_provisions_nothing() {
	local golden before
	golden=$("$SANDBOX" provision)
	before=$(stat -c '%n %i %z' "${golden%/*}/provision.log" "$golden")
	# shellcheck disable=SC2016
	"$SANDBOX" run --with samba,slapd -- sh -c '
		! [ "$GB_WORLD" -ef "$1" ] && cmp "$GB_FACTS" "$1/${GB_FACTS##*/}"' _ "$golden"
	same golden "$before" "$(stat -c '%n %i %z' "${golden%/*}/provision.log" "$golden")"
}

the_command_has_its_arguments_input_folder_and_exit_code() {
	local out
	cd "$SCRATCH"
	# shellcheck disable=SC2016
	fails_with 7 "$SANDBOX" run --with none -- \
		sh -c 'printf "%s|" "$PWD" "$@"; cat; exit 7' name 'a b' '$c;' '' <<<input >out
	same output "$SCRATCH|a b|\$c;||input" "$(cat out)"
}

a_part_that_cannot_start_is_a_failure_with_a_reason() {
	printf '#!/bin/sh\necho the reason is here\nexit 3\n' >"$SCRATCH/broken"
	chmod +x "$SCRATCH/broken"
	GB_SIM_PROGRAM=$SCRATCH/broken fails_with 1 "$SANDBOX" run --with sim -- \
		touch "$SCRATCH/ran" 2>"$SCRATCH/message"
	cat "$SCRATCH/message"
	grep 'sim could not be started' "$SCRATCH/message"
	grep 'the reason is here' "$SCRATCH/message"
	[ ! -e "$SCRATCH/ran" ]
}

a_wrong_option_starts_nothing() {
	fails_with 64 "$SANDBOX" run --with nothing-like-this -- touch "$SCRATCH/started"
	fails_with 64 "$SANDBOX" run --dc-cert golden -- touch "$SCRATCH/started"
	fails_with 64 "$SANDBOX" run --with none
	fails_with 64 "$SANDBOX" walk
	[ ! -e "$SCRATCH/started" ]
}

a_started_world_stays_until_it_is_stopped() {
	export GB_SANDBOX_DIR=$SCRATCH/stays
	"$SANDBOX" start --with samba,slapd
	"$SANDBOX" status
	# shellcheck disable=SC2016
	"$SANDBOX" run -- sh -c 'ldapsearch -x -H "$GB_DC_URI" -s base && pwd' | grep -x "$PWD"
	"$SANDBOX" env | grep "^export GB_WORLD=$GB_SANDBOX_DIR\$"
	fails_with 1 "$SANDBOX" start --with none
	"$SANDBOX" stop --with slapd
	"$SANDBOX" status | grep '^slapd: not started'
	"$SANDBOX" stop
	fails_with 3 "$SANDBOX" status
	[ ! -e "$GB_SANDBOX_DIR/run/holder.pid" ]
}

# A copy that anybody may read, and a cache of that user's own.
an_ordinary_user_can_run_it() {
	local user=() home=$SCRATCH/user
	mkdir "$home"
	cp -r "$GB_SRCDIR/tests/sandbox" "$home/sandbox"
	chmod -R u+w,a+rX "$SCRATCH" "$home"
	if [ "$(id -u)" -eq 0 ]; then
		chown 12345:12345 "$home"
		user=(setpriv --reuid 12345 --regid 12345 --clear-groups)
	fi
	cd /
	user+=(env -u GB_BUILDDIR GB_SRCDIR="$home" GB_SANDBOX_CACHE="$home/cache" HOME="$home")
	if ! "${user[@]}" unshare -Urn true; then
		# Containers often forbid user namespaces; then it has to say so.
		fails_with 1 "${user[@]}" "$home/sandbox/sandbox.sh" run --with samba -- true \
			2>"$SCRATCH/message"
		grep 'may not make user namespaces' "$SCRATCH/message"
		return
	fi
	# shellcheck disable=SC2016
	"${user[@]}" "$home/sandbox/sandbox.sh" run --with samba,slapd -- bash -c '
		set -e
		LDAPTLS_CACERT=$GB_LDAP_CA ldapsearch -x -H "$GB_DC_URIS" -D "$GB_SVC_UPN" \
			-w "$GB_SVC_PASSWORD" -b "$GB_CONTAINER" -s base dn
		KRB5_CLIENT_KTNAME=$GB_SVC_KEYTAB ldapsearch -Q -Y GSSAPI -N -H "$GB_DC_URI" \
			-b "$GB_CONTAINER" -s base dn
		ldapsearch -x -H "$GB_SLAPD_URI" -s base'
}

run_tests \
	nothing_is_left_after_a_run \
	nothing_is_left_when_the_caller_is_killed \
	nothing_is_left_when_the_run_is_killed \
	nothing_is_left_when_the_run_is_terminated \
	the_mounts_of_the_machine_stay_as_they_are \
	two_worlds_live_side_by_side \
	a_world_is_a_copy_and_provisions_nothing \
	the_command_has_its_arguments_input_folder_and_exit_code \
	a_part_that_cannot_start_is_a_failure_with_a_reason \
	a_wrong_option_starts_nothing \
	a_started_world_stays_until_it_is_stopped \
	an_ordinary_user_can_run_it
