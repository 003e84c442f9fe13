#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Groups that were deleted and come back: with the same SID where the account may take them back.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

G1=22222222-0000-4000-8000-000000000001
G2=22222222-0000-4000-8000-000000000002

sid_of() { # objectId
	group_attribute "$1" objectSid
}

notice_of() { # objectId: what the last report says about it
	report ".notices[] | select(.group == \"$1\") | .id"
}

groups_in_the_container() {
	dc_search '(objectClass=group)' dn | grep -c "$GB_CONTAINER\$"
}

the_first_cycle_converges() {
	set_config writeback "when not enabled" delete
	add_group $G1 One "$(user_id ada.lovelace)" "$(user_id mia.weber)"
	add_group $G2 Two $G1
	exits 0 sync --approve-first
	groups_in_the_container >"$GB_WORLD/tmp/count"
}

without_the_right_a_new_one_is_made_and_the_report_says_that_the_sid_changed() {
	local before
	before=$(sid_of $G1)
	enable $G1 false
	exits 0 sync
	same objects 0 "$(objects_of $G1)"
	same deletes 1 "$(report .traffic.ldapDeletes)"
	enable $G1 true
	exits 0 sync
	same objects 1 "$(objects_of $G1)"
	[ "$before" != "$(sid_of $G1)" ]
	same notice new-sid "$(notice_of $G1)"
	says 'SID changed'
	same members 2 "$(group_attribute $G1 member | wc -l)"
}

with_the_right_it_is_taken_back_with_its_sid_and_its_members() {
	local before guid
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/grant_reanimate.py" \
		"$GB_WORLD/samba/private/sam.ldb"
	before=$(sid_of $G1) guid=$(group_attribute $G1 objectGUID)
	group_attribute $G1 sAMAccountName >"$GB_WORLD/tmp/sam"
	enable $G1 false
	exits 0 sync
	same objects 0 "$(objects_of $G1)"
	enable $G1 true
	exits 0 sync
	same objects 1 "$(objects_of $G1)"
	same SID "$before" "$(sid_of $G1)"
	same GUID "$guid" "$(group_attribute $G1 objectGUID)"
	same sAMAccountName "$(cat "$GB_WORLD/tmp/sam")" "$(group_attribute $G1 sAMAccountName)"
	same members 2 "$(group_attribute $G1 member | wc -l)"
	same displayName One "$(group_attribute $G1 displayName)"
	same groupType $SECURITY "$(group_attribute $G1 groupType)"
	same adds 0 "$(report .traffic.ldapAdds)"
	same notice restored "$(notice_of $G1)"
	group_attribute $G2 member | grep -q "^CN=One_"
}

nothing_is_left_to_do_after_that() {
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	same groups "$(cat "$GB_WORLD/tmp/count")" "$(groups_in_the_container)"
}

# The tombstone carries the name that it had; the group is called something else by now.
a_group_renamed_while_it_was_away_comes_back_under_its_new_name() {
	local before
	before=$(sid_of $G1)
	enable $G1 false
	exits 0 sync
	sim_change "[{\"op\": \"patch\", \"id\": \"$G1\", \"set\": {\"displayName\": \"Uno\"}}]"
	enable $G1 true
	exits 0 sync
	same SID "$before" "$(sid_of $G1)"
	same cn "Uno_${G1: -12}" "$(group_attribute $G1 cn)"
	same displayName Uno "$(group_attribute $G1 displayName)"
}

deleted_by_hand_is_noticed_in_the_reconcile_and_taken_back() {
	local before
	before=$(sid_of $G1)
	dc_as svc ldapdelete "$(group_attribute $G1 dn)"
	exits 0 sync --policy initial
	same SID "$before" "$(sid_of $G1)"
	notice_of $G1 | grep -qx restored
	notice_of $G1 | grep -qx drift
	same members 2 "$(group_attribute $G1 member | wc -l)"
	group_attribute $G2 member | grep -q "^CN=Uno_"
}

a_lost_state_still_finds_the_tombstone() {
	local before
	before=$(sid_of $G1)
	enable $G1 false
	exits 0 sync
	rm -f "$GB_WORLD"/state/state.db*
	enable $G1 true
	approved_sync --approve-first
	same SID "$before" "$(sid_of $G1)"
	same groups "$(cat "$GB_WORLD/tmp/count")" "$(groups_in_the_container)"
}

# Recreated by hand, with our anchor: it is ours, and not made a second time.
recreated_by_hand_with_its_anchor_is_taken_as_it_is() {
	local dn
	dn=$(group_attribute $G1 dn)
	dc_as svc ldapdelete "$dn"
	dc_as svc ldapadd <<-LDIF >/dev/null
		dn: $dn
		objectClass: group
		groupType: $SECURITY
		sAMAccountName: by-hand
		adminDescription: Group_$G1
		msDS-ExternalDirectoryObjectId: Group_$G1
	LDIF
	exits 0 sync --policy initial
	same objects 1 "$(objects_of $G1)"
	same sAMAccountName by-hand "$(group_attribute $G1 sAMAccountName)"
	exits 0 sync --policy initial
	same members 2 "$(group_attribute $G1 member | wc -l)"
	same groups "$(cat "$GB_WORLD/tmp/count")" "$(groups_in_the_container)"
}

run_tests \
	the_first_cycle_converges \
	without_the_right_a_new_one_is_made_and_the_report_says_that_the_sid_changed \
	with_the_right_it_is_taken_back_with_its_sid_and_its_members \
	nothing_is_left_to_do_after_that \
	a_group_renamed_while_it_was_away_comes_back_under_its_new_name \
	deleted_by_hand_is_noticed_in_the_reconcile_and_taken_back \
	a_lost_state_still_finds_the_tombstone \
	recreated_by_hand_with_its_anchor_is_taken_as_it_is
