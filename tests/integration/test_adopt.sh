#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From another tool to groupback and back again, in the order of docs/migration.md: what `adopt` says
# first, what it takes over, what the other tool can still do, and that groups are given back as they were.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

ORPHAN=77777777-0000-4000-8000-000000000001
MIA=$(dc_search '(sAMAccountName=mia.weber)' dn | sed -n 's/^dn: //p')
RIGHTS_OU="OU=Rights,$GB_BASE_DN"

the_twenty() { # everything that other tools can see of them, sorted
	dc_search '(|(adminDescription=Group_66666666-*)(msDS-ExternalDirectoryObjectId=Group_66666666-*))' \
		dn objectGUID objectSid sAMAccountName cn name displayName description groupType member \
		adminDescription msDS-ExternalDirectoryObjectId mail info | grep -v '^$' | sort
}

writes_nothing() { # command...
	local before
	before=$(dc_writes)
	"$@"
	same writes "$before" "$(dc_writes)"
}

adopt_json() { # exit-code options...; its JSON is left in $GB_WORLD/tmp/adopt
	local expected=$1 code=0
	shift
	engine adopt --json "$@" >"$GB_WORLD/tmp/adopt" 2>"$GB_WORLD/tmp/said" || code=$?
	cat "$GB_WORLD/tmp/said"
	same "exit code of adopt" "$expected" "$code"
}

adopted() { # jq filter
	jq -r "$1" "$GB_WORLD/tmp/adopt"
}

twenty_groups_an_orphan_and_a_stranger_stand_in_the_container() {
	twenty_foreign_groups "New name" >"$GB_WORLD/tmp/foreign.ldif"
	cat >>"$GB_WORLD/tmp/foreign.ldif" <<-LDIF
		dn: CN=Group_$ORPHAN,$GB_CONTAINER
		objectClass: group
		groupType: $SECURITY
		adminDescription: Group_$ORPHAN

		dn: CN=By hand,$GB_CONTAINER
		objectClass: group
		groupType: $SECURITY
	LDIF
	dc_as svc ldapadd -f "$GB_WORLD/tmp/foreign.ldif" >/dev/null
	the_twenty >"$GB_WORLD/tmp/before"
	same "groups" 20 "$(grep -c '^dn:' "$GB_WORLD/tmp/before")"
}

# The other tool's account: it may do in the container what it always did.
another_tool_may_write_there() {
	dc_as admin ldapadd >/dev/null <<-LDIF
		dn: $RIGHTS_OU
		objectClass: organizationalUnit
	LDIF
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/copy_dacl.py" "$GB_WORLD/samba/private/sam.ldb" \
		"$GB_CONTAINER" "$RIGHTS_OU"
	engine permissions grant --account "$GB_NOBODY_DN" --administrator "$GB_ADMIN_UPN" \
		<<<"$GB_ADMIN_PASSWORD" >/dev/null
}

the_report_names_what_matches_what_is_left_and_who_else_may_write() {
	writes_nothing adopt_json 4 --dry-run
	same matched 20 "$(adopted '.matched | length')"
	same "by Entra Connect" 13 "$(adopted '[.matched[] | select(.maker == "entra-connect")] | length')"
	same "by Cloud Sync" 7 "$(adopted '[.matched[] | select(.maker == "cloud-sync")] | length')"
	same "who loses Mia" 20 "$(adopted "[.matched[] | select(.removed == [\"$MIA\"])] | length")"
	same "who gets Ada" 20 "$(adopted '[.matched[] | select(.added == 1)] | length')"
	same left "$ORPHAN orphan" "$(adopted '.left[] | .group + " " + .cause')"
	same strangers "CN=By hand,$GB_CONTAINER" "$(adopted '.strangers | join(" ")')"
	adopted '.writers[].name' | grep -qi nobody
	exits 4 adopt --dry-run
	says 'can be taken over: 20'
	says 'left as they are: 1'
	says '  - CN=Mia'
	says 'do not switch its feature off'
}

without_approval_nothing_is_taken_over_in_a_new_tenant() {
	writes_nothing adopt_json 4
	same done false "$(adopted .done)"
	not test -e "$GB_WORLD/state/adopted.jsonl"
}

they_are_taken_over_in_place_without_a_create_or_a_rename() {
	set_config writeback "keep names" yes
	adopt_json 0 --approve-first
	same done true "$(adopted .done)"
	same adds 0 "$(report .traffic.ldapAdds)"
	same renames 0 "$(report .traffic.ldapRenames)"
	same deletes 0 "$(report .traffic.ldapDeletes)"
	the_twenty >"$GB_WORLD/tmp/after"
	diff <(grep -E '^(dn|objectGUID|objectSid|sAMAccountName|cn|name):' "$GB_WORLD/tmp/before") \
		<(grep -E '^(dn|objectGUID|objectSid|sAMAccountName|cn|name):' "$GB_WORLD/tmp/after")
	same "objects with their anchors" 20 "$(dc_search '(adminDescription=Group_66666666-*)' dn | grep -c '^dn')"
	same members "CN=Ada Lovelace" "$(group_attribute "$(foreign_id 2)" member | cut -d, -f1)"
	same "groups of the tenant that nobody made" 0 "$(objects_of "$(group_id Board)")"
	same remembered 20 "$(wc -l <"$GB_WORLD/state/adopted.jsonl")"
}

a_second_time_there_is_nothing_to_take_over() {
	adopt_json 0
	same matched 0 "$(adopted '.matched | length')"
	same "taken before" 20 "$(adopted .takenBefore)"
	same writes 0 "$(report .traffic.ldapWrites)"
}

the_next_cycle_goes_on_with_all_groups() {
	exits 0 sync --approve-first
	same "objects of another group" 1 "$(objects_of "$(group_id Board)")"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	same remembered 20 "$(wc -l <"$GB_WORLD/state/adopted.jsonl")"
}

# Unticking the feature deletes what Entra Connect wrote. Without its rights it can try.
without_its_rights_the_other_tool_deletes_nothing() {
	local dn
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/copy_dacl.py" "$GB_WORLD/samba/private/sam.ldb" \
		"$RIGHTS_OU" "$GB_CONTAINER"
	adopt_json 0 --dry-run
	not grep -qi nobody <(adopted '.writers[].name')
	while read -r dn; do
		fails_with 50 dc_as nobody ldapdelete "$dn"
	done < <(sed -n 's/^dn: //p' "$GB_WORLD/tmp/before")
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

a_changed_name_does_not_hide_what_it_was() {
	set_config writeback "keep names" no
	approved_sync
	[ "$(report .traffic.ldapRenames)" -gt 0 ]
	sim_change "[{\"op\": \"patch\", \"id\": \"$(foreign_id 5)\", \"set\": {\"displayName\": \"Newest name\"}}]"
	exits 0 sync
	same cn "Newest name_000000000005" "$(group_attribute "$(foreign_id 5)" cn)"
}

a_release_shows_first_what_it_would_do() {
	writes_nothing exits 0 adopt --release --dry-run
	says '^> "New name 3" .*CN=Group_'
	says '^\+ "New name 3" 1 member'
	writes_nothing exits 64 adopt --release --group "$(group_id Board)"
	says 'was not taken over'
}

released_groups_are_exactly_as_they_were() {
	exits 0 adopt --release
	the_twenty >"$GB_WORLD/tmp/released"
	diff "$GB_WORLD/tmp/before" "$GB_WORLD/tmp/released"
}

and_left_alone_until_somebody_resumes_them() {
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 status
	says "$(foreign_id 7) .*given back"
	exits 0 adopt --release
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 resume "$(foreign_id 7)"
	adopt_json 0
	same matched "$(foreign_id 7)" "$(adopted '.matched[] | .group')"
	same displayName "New name 7" "$(group_attribute "$(foreign_id 7)" displayName)"
	same "the paused ones" paused "$(adopted '[.left[] | select(.cause != "orphan") | .cause] | unique | join(" ")')"
}

a_damaged_record_stops_before_anything_is_written() {
	sed -i '3s/"released"/"relaesed", "group": "x"/' "$GB_WORLD/state/adopted.jsonl"
	writes_nothing exits 65 adopt
	says 'adopted.jsonl:3 is damaged'
	sim_change "[{\"op\": \"patch\", \"id\": \"$(group_id Board)\", \"set\": {\"description\": \"x\"}}]"
	writes_nothing exits 65 sync
}

run_tests \
	twenty_groups_an_orphan_and_a_stranger_stand_in_the_container \
	another_tool_may_write_there \
	the_report_names_what_matches_what_is_left_and_who_else_may_write \
	without_approval_nothing_is_taken_over_in_a_new_tenant \
	they_are_taken_over_in_place_without_a_create_or_a_rename \
	a_second_time_there_is_nothing_to_take_over \
	the_next_cycle_goes_on_with_all_groups \
	without_its_rights_the_other_tool_deletes_nothing \
	a_changed_name_does_not_hide_what_it_was \
	a_release_shows_first_what_it_would_do \
	released_groups_are_exactly_as_they_were \
	and_left_alone_until_somebody_resumes_them \
	a_damaged_record_stops_before_anything_is_written
