#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The units: how much they may do, as systemd itself counts it, and whether it understands them. Nothing is started.
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

# A system with systemd's own targets, a shell, and what "make install" brings: nothing else may be needed.
installed_root() { # folder
	local unit program
	mkdir -p "$1/lib/systemd/system" "$1/bin"
	cp /lib/systemd/system/*.target "$1/lib/systemd/system"
	cp "$UNITS"/*.service "$GB_SRCDIR"/data/systemd/*.timer "$GB_SRCDIR"/data/systemd/*.path "$1/lib/systemd/system"
	for program in /bin/sh $(sed -n 's|^ExecStart=\([^ ]*\).*|\1|p' "$UNITS"/*.service); do
		mkdir -p "$1${program%/*}"
		printf '#!/bin/sh\n' >"$1$program"
		chmod 755 "$1$program"
	done
}

systemd_understands_every_line_of_every_unit() {
	local root code=0
	root=$(mktemp -d)
	installed_root "$root"
	systemd-analyze verify --man=no --root="$root" groupback.service groupback-sync.service groupback-sync.timer \
		groupback-alert.path groupback-alert@run.service >"$root/said" 2>&1 || code=$?
	cat "$root/said"
	[ $code -eq 0 ] && [ ! -s "$root/said" ] || code=1
	# It would have been said.
	echo 'Nonsense=yes' >>"$root/lib/systemd/system/groupback-alert.path"
	systemd-analyze verify --man=no --root="$root" groupback-alert.path >"$root/said" 2>&1 || true
	grep -q Nonsense "$root/said" || code=1
	rm -r "$root"
	return $code
}

# The service's user may not look into the folder of the secrets.
plain_files_of_secrets_are_handed_over_too() {
	local folder
	folder=$(sed -n 's|^LoadCredential=file:||p' "$UNITS/groupback.service")
	grep -qF "\"$folder\"" "$GB_SRCDIR/engine/config/keys.c"
	# Without the folder the service would not start.
	grep -q "^d $folder 0700 root root -$" "$GB_SRCDIR/data/tmpfiles/groupback.conf"
	grep -q '^#define GB_CREDENTIAL_FILE_PREFIX "file_"$' "$GB_SRCDIR/engine/config/credentials.h"
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
	systemd_understands_every_line_of_every_unit \
	plain_files_of_secrets_are_handed_over_too \
	the_user_is_one_that_systemd_makes
