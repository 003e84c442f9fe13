#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The preflight: what can be known before a cycle, one line each, and what to do about it.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

STATE=$GB_WORLD/state
cp "$GB_CONFIG" "$GB_WORLD/tmp/good.conf"
cp -a "$GB_CREDENTIALS" "$GB_WORLD/tmp/good-credentials"

fresh() {
	cp "$GB_WORLD/tmp/good.conf" "$GB_CONFIG"
	rm -rf "$GB_CREDENTIALS"
	cp -a "$GB_WORLD/tmp/good-credentials" "$GB_CREDENTIALS"
	chmod 700 "$STATE"
}

line() { # id: "passed warning" of that line
	jq -r --arg id "$1" '.checks[] | select(.id == $id) | "\(.passed) \(.warning)"' "$GB_WORLD/tmp/said"
}

text() { # id
	jq -r --arg id "$1" '.checks[] | select(.id == $id) | .text' "$GB_WORLD/tmp/said"
}

everything_is_looked_at_and_nothing_is_written() {
	local before
	before=$(dc_writes)
	exits 0 check --json
	same lines "feature state-directory disk state cloud-credential cloud-certificate cloud-sign-in \
directory-sign-in directory-schema directory-authority container clock lease recycle-bin rights other-writers" \
		"$(jq -r '[.checks[].id] | join(" ")' "$GB_WORLD/tmp/said")"
	same failures 0 "$(jq '[.checks[] | select(.passed | not)] | length' "$GB_WORLD/tmp/said")"
	same rights "true false" "$(line rights)"
	same clock "true false" "$(line clock)"
	same writes "$before" "$(dc_writes)"
	[ ! -e "$STATE/state.db" ]
}

without_connection_only_this_machine_is_looked_at() {
	exits 0 check --offline --json
	same lines "feature state-directory disk state cloud-credential cloud-certificate" \
		"$(jq -r '[.checks[].id] | join(" ")' "$GB_WORLD/tmp/said")"
}

a_state_directory_that_others_may_write_to_fails() {
	chmod 777 "$STATE"
	exits 78 check --offline
	says 'FAIL +The state directory'
	says 'mode 0777'
	fresh
}

a_state_that_is_none_fails() {
	printf 'no database, and long enough for a header of one hundred bytes%200s' x >"$STATE/state.db"
	chmod 600 "$STATE/state.db"
	exits 65 check --offline
	says 'FAIL +The state can be read'
	rm "$STATE/state.db"
}

a_certificate_that_ends_soon_is_pointed_out() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=soon -keyout "$GB_CREDENTIALS/cloud-key" \
		-out "$GB_WORLD/tmp/soon.pem" 2>/dev/null
	chmod 600 "$GB_CREDENTIALS/cloud-key" "$GB_WORLD/tmp/soon.pem"
	set_config cloud credential certificate
	set_config cloud "certificate file" "$GB_WORLD/tmp/soon.pem"
	exits 0 check --offline
	says 'look +The certificate for the cloud is valid'
	says 'upload it to the application'
	fresh
}

others_who_may_write_are_pointed_out() {
	exits 0 check --json
	same line "true true" "$(line other-writers)"
	text other-writers | grep -q 'Account Operators'
	not grep -q 'Domain Admins' <<<"$(text other-writers)"
}

an_account_without_rights_is_told_how_to_get_them() {
	set_config directory account "$GB_NOBODY_DN"
	set_config directory bind simple
	printf %s "$GB_NOBODY_PASSWORD" >"$GB_CREDENTIALS/directory-password"
	exits 77 check
	says 'FAIL +The container'
	says 'create groups, delete groups.*permissions grant'
	fresh
}

an_administrator_fails_by_the_name_of_the_group() {
	set_config directory account "$GB_ADMIN_DN"
	set_config directory bind simple
	printf %s "$GB_ADMIN_PASSWORD" >"$GB_CREDENTIALS/directory-password"
	exits 77 check
	says 'Domain Admins'
	fresh
}

run_tests \
	everything_is_looked_at_and_nothing_is_written \
	without_connection_only_this_machine_is_looked_at \
	a_state_directory_that_others_may_write_to_fails \
	a_state_that_is_none_fails \
	a_certificate_that_ends_soon_is_pointed_out \
	others_who_may_write_are_pointed_out \
	an_account_without_rights_is_told_how_to_get_them \
	an_administrator_fails_by_the_name_of_the_group
