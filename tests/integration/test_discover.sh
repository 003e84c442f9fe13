#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Domain controllers found by DNS in each run, and who is not believed. Where a world cannot have a
# resolv.conf of its own, the name server is asked by nobody, and what is left is that this is said.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

T=$GB_WORLD/tmp
ALL=_ldap._tcp.dc._msdcs.lab.test
HERE=_ldap._tcp.Berlin._sites.dc._msdcs.lab.test
DNS=127.0.77.53
printf 'nameserver %s\noptions timeout:1 attempts:1\n' $DNS >"$T/resolv.conf"
: >"$T/records"
/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/dns_server.py" $DNS "$T/records" >"$T/dns.log" 2>&1 &
trap "kill $!" EXIT
waits_for 30 grep -q ready "$T/dns.log"
# In any other mode the mount would be the machine's own, and stay.
case $GB_SANDBOX_MODE in
full*)
	mount --bind "$T/resolv.conf" /etc/resolv.conf
	HAS_DNS=yes
	;;
esac
set_config directory servers ""
set_config directory discover lab.test

# Without a name server of the world's own there is nobody who knows the domain.
expect() { # exit-code engine-arguments...
	if [ -n "${HAS_DNS:-}" ]; then
		exits "$@"
	else
		shift
		not engine "$@" >"$T/said" 2>&1
	fi
}

said() {
	[ -z "${HAS_DNS:-}" ] || says "$1"
}

# 4: it was found and read; a first cycle waits for approval.
a_domain_controller_is_found_in_each_run() {
	echo "$ALL dc1.lab.test" >"$T/records"
	expect 4 sync --dry-run
	echo "$HERE dc1.lab.test" >"$T/records"
	set_config directory site Berlin
	expect 4 sync --dry-run
	set_config directory site ""
}

a_server_outside_the_domain_is_not_asked() {
	printf '%s\n' "$ALL dc1.lab.test.evil.example" "$ALL evillab.test" "$ALL lab.test" >"$T/records"
	expect 76 sync --dry-run
	said 'none whose name is in that domain'
	printf '%s\n' "$ALL dc1.evil.example" "$ALL dc1.lab.test" >"$T/records"
	expect 4 sync --dry-run
}

a_domain_without_records_says_so() {
	: >"$T/records"
	expect 3 sync --dry-run
}

the_probe_finds_them_too() {
	printf '%s\n' "$ALL dc1.lab.test" "$ALL dc9.lab.test" >"$T/records"
	echo '{"schema": 1, "question": "directory.discover", "arguments": {"domain": "lab.test"}}' |
		"$ENGINE" probe --config "$GB_CONFIG" >"$T/lines" || true
	[ -z "${HAS_DNS:-}" ] || same usable dc1.lab.test "$(tail -n 1 "$T/lines" | jq -r .servers)"
}

run_tests a_domain_controller_is_found_in_each_run \
	a_server_outside_the_domain_is_not_asked \
	a_domain_without_records_says_so \
	the_probe_finds_them_too
