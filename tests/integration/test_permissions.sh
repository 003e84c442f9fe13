#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The rights of the account: seen, granted once and exactly, and enough for a whole cycle.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

CLASS_GROUP=bf967a9c-0de6-11d0-a285-00aa003049e2
FRESH_OU="OU=Fresh,$GB_BASE_DN"
domain_sid=$(jq -r .domain.sid "$GB_FACTS")

# A container that nobody was given rights on, and an account that has none.
dc_as admin ldapadd >/dev/null <<-LDIF
	dn: $FRESH_OU
	objectClass: organizationalUnit
LDIF
set_config directory account "$GB_NOBODY_DN"
set_config directory bind simple
set_config writeback container "$FRESH_OU"
printf %s "$GB_NOBODY_PASSWORD" >"$GB_CREDENTIALS/directory-password"
chmod 600 "$GB_CREDENTIALS/directory-password"
nobody_sid=$(dc_as admin ldapsearch -LLL -b "$GB_NOBODY_DN" objectSid | sed -n 's/^objectSid:: //p' |
	/usr/bin/python3 -c 'import base64, sys
from samba.dcerpc import security
from samba.ndr import ndr_unpack
print(ndr_unpack(security.dom_sid, base64.b64decode(sys.stdin.read())))')

dacl_ldif() { # DN or base, scope
	dc_as admin ldapsearch -LLL -o ldif-wrap=no -E '!1.2.840.113556.1.4.801=::MAMCAQQ=' \
		-b "$1" -s "$2" '(objectClass=*)' nTSecurityDescriptor
}

oracle() { # arguments; LDIF on standard input
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/sddl_oracle.py" \
		"$GB_BUILDDIR/tests/integration/sddl_text" "$domain_sid" "$@"
}

dacl() { # DN: as Samba says it, the entries one a line
	dacl_ldif "$1" base | oracle show | sed 's/(/\n(/g'
}

as_administrator() { # exit-code permissions arguments...
	local expected=$1
	shift
	exits "$expected" permissions "$@" --administrator "$GB_ADMIN_UPN" <<<"$GB_ADMIN_PASSWORD"
}

all_access_lists_of_the_domain_mean_the_same_to_us_and_to_samba() {
	local count
	count=$(dacl_ldif "$GB_BASE_DN" sub | oracle)
	echo "$count descriptors"
	[ "$count" -gt 150 ]
	count=$(dacl_ldif "CN=Schema,CN=Configuration,$GB_BASE_DN" one | oracle)
	[ "$count" -gt 1000 ]
}

descriptors_with_owner_and_audit_entries_mean_the_same_to_us_and_to_samba() {
	local count
	count=$(dc_as admin ldapsearch -LLL -o ldif-wrap=no -E '!1.2.840.113556.1.4.801=::MAMCAQ8=' \
		-b "$GB_BASE_DN" nTSecurityDescriptor | oracle)
	[ "$count" -gt 150 ]
}

an_account_without_rights_is_shown_what_it_lacks() {
	exits 0 permissions show --json
	same sufficient false "$(jq .sufficient "$GB_WORLD/tmp/said")"
	same rights "create-group delete-group read-group write-group write-members move-group" \
		"$(jq -r '[.rights[] | select(.state == "missing") | .right] | join(" ")' "$GB_WORLD/tmp/said")"
	exits 0 permissions show
	says 'MISSING +create groups'
	says "dsacls \"$FRESH_OU\" /I:T /G \"svc_nobody@lab.test:CCDC;group\""
	says "samba-tool dsacl set --objectdn='$FRESH_OU' --action=allow --sddl='"
}

a_cycle_with_it_is_refused_before_anything_is_written() {
	exits 77 sync --policy initial
	says 'may not create groups'
}

what_if_says_what_would_be_added_and_writes_nothing() {
	local before writes
	before=$(dacl "$FRESH_OU") writes=$(dc_writes)
	as_administrator 0 grant --what-if
	says 'would be added:'
	says "\(OA;CI;CCDC;$CLASS_GROUP;;$nobody_sid\)"
	same "access list" "$before" "$(dacl "$FRESH_OU")"
	same writes "$writes" "$(dc_writes)"
}

the_account_itself_may_not_grant() {
	local before
	before=$(dacl "$FRESH_OU")
	exits 77 permissions grant
	says 'did not let the rights .* be changed.*--administrator'
	same "access list" "$before" "$(dacl "$FRESH_OU")"
}

an_administrator_is_refused_as_account() {
	local before
	before=$(dacl "$FRESH_OU")
	as_administrator 77 grant --account "$GB_ADMIN_UPN"
	says 'member of Domain Admins'
	same "access list" "$before" "$(dacl "$FRESH_OU")"
}

a_wrong_password_of_the_administrator_changes_nothing() {
	local before
	before=$(dacl "$FRESH_OU")
	exits 77 permissions grant --administrator "$GB_ADMIN_UPN" <<<"wrong"
	exits 64 permissions grant --administrator "$GB_ADMIN_UPN" </dev/null
	says 'No password came'
	same "access list" "$before" "$(dacl "$FRESH_OU")"
}

the_grant_adds_two_entries_and_nothing_else() {
	dacl "$FRESH_OU" >"$GB_WORLD/tmp/before"
	as_administrator 0 grant
	dacl "$FRESH_OU" >"$GB_WORLD/tmp/after"
	diff "$GB_WORLD/tmp/before" "$GB_WORLD/tmp/after" | grep '^[<>]' | tee "$GB_WORLD/tmp/difference"
	same "changed lines" 2 "$(wc -l <"$GB_WORLD/tmp/difference")"
	grep -qxF "> (OA;CI;CCDC;$CLASS_GROUP;;$nobody_sid)" "$GB_WORLD/tmp/difference"
	grep -qE "^> \(OA;CIIO;[A-Z]+;;$CLASS_GROUP;$nobody_sid\)$" "$GB_WORLD/tmp/difference"
}

a_second_grant_writes_nothing() {
	local writes
	writes=$(dc_writes)
	printf '%s\n' "$GB_ADMIN_PASSWORD" >"$GB_WORLD/tmp/administrator"
	chmod 600 "$GB_WORLD/tmp/administrator"
	exits 0 permissions grant --administrator "$GB_ADMIN_UPN" \
		--password-file "$GB_WORLD/tmp/administrator"
	same writes "$writes" "$(dc_writes)"
	exits 0 permissions show --json
	same sufficient true "$(jq .sufficient "$GB_WORLD/tmp/said")"
	same "entries too far" 0 "$(jq '.tooFar | length' "$GB_WORLD/tmp/said")"
}

with_these_rights_a_whole_cycle_converges() {
	exits 0 sync --policy initial --approve-first
	[ "$(report .traffic.ldapWrites)" -gt 10 ]
	exits 0 sync --policy initial
	same "second cycle writes" 0 "$(report .traffic.ldapWrites)"
}

# The line is pasted into a shell as it stands, but for the address of the server.
the_line_for_samba_tool_grants_whatever_the_container_is_called() {
	local name='$(touch pwned)`touch pwned`%PATH% '\''\22 \3B&|”’x' dn line
	dn="OU=$name,$GB_BASE_DN"
	dc_as admin ldapadd >/dev/null <<-LDIF
		dn:: $(printf %s "$dn" | base64 -w 0)
		objectClass: organizationalUnit
	LDIF
	exits 0 permissions show --container "$dn"
	line=$(sed -n 's/^ *samba-tool //p' "$GB_WORLD/tmp/said")
	mkdir "$GB_WORLD/tmp/pasted"
	cd "$GB_WORLD/tmp/pasted"
	printf 'samba-tool %s -H "$GB_DC_LDAPI"\n' "$line" | sh -eu >/dev/null
	same "files made" "" "$(ls)"
	exits 0 permissions show --container "$dn" --json
	same sufficient true "$(jq .sufficient "$GB_WORLD/tmp/said")"
	same "what a Windows shell could take for its own" "" \
		"$(jq -r '.dsacls[]' "$GB_WORLD/tmp/said" | tr -d 'a-zA-Z0-9 ,=.()/:;"@_\\\n-')"
}

# A user groupback exists on this machine as far as the engine can see, where mounts may be made.
as_root_with_the_user() { # command...
	local users=$GB_WORLD/tmp/passwd groups=$GB_WORLD/tmp/group
	cp /etc/passwd "$users"
	cp /etc/group "$groups"
	grep -q ^groupback: "$users" ||
		echo 'groupback:x:64998:64998::/nonexistent:/usr/sbin/nologin' >>"$users"
	grep -q ^groupback: "$groups" || echo 'groupback:x:64998:' >>"$groups"
	if ! unshare -m true; then
		"$@"
		return
	fi
	unshare -m -- "$BASH" -ec 'mount --bind "$0" /etc/passwd && mount --bind "$1" /etc/group
		shift; exec "$@"' "$users" "$groups" "$@"
}

a_password_file_of_root_is_read_before_root_is_given_up() {
	local state=$GB_WORLD/tmp/state configuration=$GB_WORLD/tmp/other.conf
	printf '%s\n' "$GB_ADMIN_PASSWORD" >"$GB_WORLD/tmp/administrator"
	chmod 600 "$GB_WORLD/tmp/administrator"
	cp "$GB_CONFIG" "$configuration"
	set_config paths "state directory" "$state" "$configuration"
	mkdir "$state"
	# Where no other user can be had, nothing is given up, and the file is read all the same.
	as_root_with_the_user chown groupback "$state" || true
	as_root_with_the_user "$ENGINE" permissions show --config "$configuration" \
		--administrator "$GB_ADMIN_UPN" --password-file "$GB_WORLD/tmp/administrator"
}

others_who_may_write_are_named() {
	exits 0 permissions show --json
	jq -r '.writers[] | "\(.name) \(.administrator)"' "$GB_WORLD/tmp/said" | tee "$GB_WORLD/tmp/writers"
	grep -qx 'Domain Admins true' "$GB_WORLD/tmp/writers"
	grep -qx 'Account Operators false' "$GB_WORLD/tmp/writers"
	not grep -q svc_nobody "$GB_WORLD/tmp/writers"
}

rights_that_go_too_far_are_shown() {
	exits 0 permissions show --container "$GB_CONTAINER" --account svc_groupback --json
	same "entries too far" 0 "$(jq '.tooFar | length' "$GB_WORLD/tmp/said")"
	same sufficient true "$(jq .sufficient "$GB_WORLD/tmp/said")"
	samba-tool dsacl set -H "$GB_DC_LDAPI" --objectdn="$GB_CONTAINER" --action=allow \
		--sddl="(A;CI;GA;;;$nobody_sid)" >/dev/null
	exits 0 permissions show --container "$GB_CONTAINER" --json
	same sufficient true "$(jq .sufficient "$GB_WORLD/tmp/said")"
	not jq -e '.tooFar == []' "$GB_WORLD/tmp/said"
}

what_does_not_exist_is_said() {
	exits 3 permissions show --account nobody.knows
	says 'no account nobody.knows'
	exits 64 permissions gratn
	exits 64 permissions show --what-if
	exits 64 permissions
}

reanimation_is_granted_only_when_asked_for() {
	local before
	before=$(dacl "$GB_BASE_DN")
	as_administrator 0 grant --reanimate --what-if
	says '45ec5156-db7e-47bb-b53f-dbeb2d03c40f'
	says 'one for the whole domain'
	same "access list of the domain" "$before" "$(dacl "$GB_BASE_DN")"
}

deleted_objects_have_to_be_taken_over_by_an_administrator_first() {
	as_administrator 77 grant --reanimate
	says '/takeownership'
	dacl "$GB_BASE_DN" | grep -qxF "(OA;;CR;45ec5156-db7e-47bb-b53f-dbeb2d03c40f;;$nobody_sid)"
}

# What dsacls /takeownership and a right for administrators come to.
let_administrators_have_deleted_objects() {
	/usr/bin/python3 -B - "$GB_DC_LDAPI" "$GB_BASE_DN" "$domain_sid" <<-PYTHON
		import sys
		import ldb
		from samba.dcerpc import security
		from samba.ndr import ndr_pack, ndr_unpack
		from samba.samdb import SamDB
		uri, base, sid = sys.argv[1:]
		db = SamDB(url=uri)
		dn = "CN=Deleted Objects," + base
		controls = ["show_deleted:1", "sd_flags:1:4"]
		entry = db.search(dn, ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=controls)[0]
		sd = ndr_unpack(security.descriptor, entry["nTSecurityDescriptor"][0])
		sd = security.descriptor.from_sddl(sd.as_sddl() + "(A;;GA;;;DA)", security.dom_sid(sid))
		message = ldb.Message(entry.dn)
		message["d"] = ldb.MessageElement(ndr_pack(sd), ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
		db.modify(message, controls)
	PYTHON
}

then_reanimation_is_granted_whole() {
	local writes
	let_administrators_have_deleted_objects
	as_administrator 0 grant --reanimate
	writes=$(dc_writes)
	as_administrator 0 grant --reanimate --json
	same sufficient true "$(jq .sufficient "$GB_WORLD/tmp/said")"
	same writes "$writes" "$(dc_writes)"
}

run_tests all_access_lists_of_the_domain_mean_the_same_to_us_and_to_samba \
	descriptors_with_owner_and_audit_entries_mean_the_same_to_us_and_to_samba \
	an_account_without_rights_is_shown_what_it_lacks \
	a_cycle_with_it_is_refused_before_anything_is_written \
	what_if_says_what_would_be_added_and_writes_nothing \
	the_account_itself_may_not_grant \
	an_administrator_is_refused_as_account \
	a_wrong_password_of_the_administrator_changes_nothing \
	the_grant_adds_two_entries_and_nothing_else \
	a_second_grant_writes_nothing \
	with_these_rights_a_whole_cycle_converges \
	the_line_for_samba_tool_grants_whatever_the_container_is_called \
	a_password_file_of_root_is_read_before_root_is_given_up \
	others_who_may_write_are_named \
	rights_that_go_too_far_are_shown \
	what_does_not_exist_is_said \
	reanimation_is_granted_only_when_asked_for \
	deleted_objects_have_to_be_taken_over_by_an_administrator_first \
	then_reanimation_is_granted_whole
