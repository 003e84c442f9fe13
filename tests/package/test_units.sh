#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The units: how much they may do, as systemd itself counts it. Nothing is started.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
export LC_ALL=C

UNITS=$GB_BUILDDIR/data/systemd

# From 0 (nothing) to 10 (everything), in tenths; the gate is above what the units have, so that the
# next version of systemd may add a row.
exposure_is_below() { # tenths unit
	systemd-analyze security --no-pager --offline=yes --threshold="$1" "$UNITS/$2" | tail -n 3
}

the_service_may_do_next_to_nothing() {
	exposure_is_below 15 groupback.service
}

the_cycle_of_the_timer_may_do_no_more() {
	exposure_is_below 15 groupback-sync.service
}

# What is allowed stands in both files; nobody changes one and forgets the other.
hardening_of() { # unit
	sed -n '/^# Secrets come from/,/^\[Install\]/p' "$UNITS/$1" | sed '/^\[Install\]/d; /^$/d'
}

both_ways_to_run_a_cycle_are_hardened_alike() {
	[ "$(hardening_of groupback.service | wc -l)" -gt 40 ]
	diff <(hardening_of groupback.service) <(hardening_of groupback-sync.service)
}

every_unit_names_what_was_installed() {
	not grep -n '@[a-z]*@' "$UNITS"/*.service
	grep -q "^ExecStart=/.*/groupback-engine scheduler run$" "$UNITS/groupback.service"
}

# A colon in the description, and there would be no user.
the_user_is_one_that_systemd_makes() {
	local root
	root=$(mktemp -d)
	mkdir "$root/etc"
	systemd-sysusers --root="$root" "$GB_SRCDIR/data/sysusers/groupback.conf" || { rm -r "$root" && return 1; }
	grep '^groupback:.*:/var/lib/groupback:/usr/sbin/nologin$' "$root/etc/passwd"
	rm -r "$root"
}

not() { # command...: bash -e never ends at a command behind "!"
	! "$@"
}

run_tests \
	the_service_may_do_next_to_nothing \
	the_cycle_of_the_timer_may_do_no_more \
	both_ways_to_run_a_cycle_are_hardened_alike \
	every_unit_names_what_was_installed \
	the_user_is_one_that_systemd_makes
