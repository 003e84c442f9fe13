#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Twenty groups in the shapes that Entra Connect and Cloud Sync leave behind, taken over in place.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

identities() { # of the twenty: everything that must stay
	local i
	for i in $(seq 1 20); do
		dc_search "(msDS-ExternalDirectoryObjectId=Group_$(foreign_id "$i"))" objectGUID objectSid \
			sAMAccountName cn | grep -E '^(objectGUID|objectSid|sAMAccountName|cn):' | sort
	done
}

twenty_groups_stand_there_before_the_first_cycle() {
	twenty_foreign_groups "Old name" >"$GB_WORLD/tmp/foreign.ldif"
	dc_as svc ldapadd -f "$GB_WORLD/tmp/foreign.ldif" >/dev/null
	dc_search '(|(adminDescription=Group_66666666-*)(msDS-ExternalDirectoryObjectId=Group_66666666-*))' \
		objectGUID objectSid sAMAccountName cn | grep -E '^(objectGUID|objectSid|sAMAccountName|cn):' |
		sort >"$GB_WORLD/tmp/before"
	same identities 80 "$(wc -l <"$GB_WORLD/tmp/before")"
}

the_plan_creates_none_of_them() {
	set_config writeback "keep names" yes
	engine plan --json >"$GB_WORLD/tmp/plan" 2>&1 || true
	not grep -q '"create".*66666666' "$GB_WORLD/tmp/plan"
	not grep -q '"rename"' "$GB_WORLD/tmp/plan"
}

they_are_taken_over_in_place() {
	exits 0 sync --approve-first
	identities | sort >"$GB_WORLD/tmp/after"
	diff "$GB_WORLD/tmp/before" "$GB_WORLD/tmp/after"
	same renames 0 "$(report .traffic.ldapRenames)"
	same "objects with their anchors" 20 \
		"$(dc_search '(adminDescription=Group_66666666-*)' dn | grep -c '^dn')"
	same members "CN=Ada Lovelace" "$(group_attribute "$(foreign_id 2)" member | cut -d, -f1)"
	same displayName "New name 7" "$(group_attribute "$(foreign_id 7)" displayName)"
}

a_further_cycle_writes_nothing() {
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

names_follow_once_they_may() {
	set_config writeback "keep names" no
	approved_sync
	same renames 20 "$(report .traffic.ldapRenames)"
	same adds 0 "$(report .traffic.ldapAdds)"
	same cn "New name 7_000000000007" "$(group_attribute "$(foreign_id 7)" cn)"
}

run_tests \
	twenty_groups_stand_there_before_the_first_cycle \
	the_plan_creates_none_of_them \
	they_are_taken_over_in_place \
	a_further_cycle_writes_nothing \
	names_follow_once_they_may
