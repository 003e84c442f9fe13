#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What somebody does to a written group by hand: put back and reported with what was there, in the next
# delta cycle where the directory tells, within a day where it does not.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

G1=33333333-0000-4000-8000-000000000001
G2=33333333-0000-4000-8000-000000000002

drift_of() { # objectId: what the last report says about it
	report ".notices[] | select(.group == \"$1\" and .id == \"drift\") | .text"
}

dn_of_user() { # account name
	dc_search "(sAMAccountName=$1)" dn | sed -n 's/^dn: //p'
}

# Everything that was put back was put back so many seconds earlier.
age_fights() { # seconds
	/usr/bin/python3 -B - "$GB_WORLD/state/state.db" "$1" <<-'PYTHON'
		import sqlite3, sys
		state = sqlite3.connect(sys.argv[1])
		state.execute("UPDATE fight SET last_ms = last_ms - ?", (int(sys.argv[2]) * 1000,))
		state.commit()
	PYTHON
}

modify_group() { # objectId; the body of the LDIF on standard input
	{
		printf 'dn: %s\nchangetype: modify\n' "$(group_attribute "$1" dn)"
		cat
	} | dc_modify svc
}

the_first_cycle_converges() {
	add_group $G1 One "$(user_id ada.lovelace)" "$(user_id mia.weber)"
	add_group $G2 Two "$(user_id ada.lovelace)"
	exits 0 sync --approve-first
	same notices 0 "$(report .noticeGroups)"
}

members_changed_by_hand_are_put_back_and_named() {
	modify_group $G1 <<-LDIF
		delete: member
		member: $(dn_of_user mia.weber)
	LDIF
	exits 0 sync
	same policy delta "$(report .policy)"
	same writes 1 "$(report .traffic.ldapWrites)"
	same members 2 "$(group_attribute $G1 member | wc -l)"
	drift_of $G1 | grep -q '1 members were missing: "CN=Mia Weber'
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	same notices 0 "$(report .noticeGroups)"
}

attributes_and_type_changed_by_hand_are_put_back_and_named() {
	modify_group $G1 <<-LDIF
		replace: displayName
		displayName: Something else
		-
		replace: groupType
		groupType: $DISTRIBUTION
	LDIF
	exits 0 sync
	same policy delta "$(report .policy)"
	same displayName One "$(group_attribute $G1 displayName)"
	same groupType $SECURITY "$(group_attribute $G1 groupType)"
	drift_of $G1 | grep -q 'displayName was "Something else".*groupType was "8"'
}

a_group_renamed_by_hand_gets_its_name_back() {
	dc_as svc ldapmodrdn -r "$(group_attribute $G1 dn)" "CN=Mine"
	exits 0 sync
	same policy delta "$(report .policy)"
	same cn "One_${G1: -12}" "$(group_attribute $G1 cn)"
	drift_of $G1 | grep -q 'It stood at "CN=Mine,'
}

a_change_in_the_cloud_is_no_drift() {
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$G2\", \"members\": [\"$(user_id mia.weber)\"]}]"
	exits 0 sync
	same writes 1 "$(report .traffic.ldapWrites)"
	same notices 0 "$(report .noticeGroups)"
}

the_cloud_is_asked() {
	sim /control/faults | jq -e '.[0].hits == 1' >/dev/null
}

# The engine has read the directory and waits for the cloud when the hand comes.
a_hand_between_our_reading_and_our_writing_is_noticed_in_the_next_delta_cycle() {
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$G1\", \"members\": [\"$(user_id mia.weber)\"]}]"
	sim /control/faults --data-binary '{"faults": [{"match": {"contains": "/groups/delta"}, "count": 1,
		"action": {"delayMs": 15000}}]}' >/dev/null
	engine sync >"$GB_WORLD/tmp/said" 2>&1 &
	waits_for 120 the_cloud_is_asked
	# Nothing tells when the directory was read; it takes a tenth of this.
	sleep 5
	modify_group $G1 <<-LDIF
		add: member
		member: $(dn_of_user grace.hopper)
	LDIF
	wait $!
	same writes 1 "$(report .traffic.ldapWrites)"
	same members 2 "$(group_attribute $G1 member | wc -l)"
	exits 0 sync
	same policy delta "$(report .policy)"
	same members "CN=Ada Lovelace" "$(group_attribute $G1 member | cut -d, -f1)"
	drift_of $G1 | grep -q 'too many: "CN=Grace Hopper'
}

d13_a_group_deleted_by_hand_is_noticed_when_it_is_written_to() {
	dc_as svc ldapdelete "$(group_attribute $G2 dn)"
	exits 0 sync
	same "noticed too early" 0 "$(objects_of $G2)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$G2\", \"members\": [\"$(user_id mia.weber)\"]}]"
	exits 3 sync
	says 'not in the directory any more'
	exits 0 sync
	same objects 1 "$(objects_of $G2)"
	drift_of $G2 | grep -q 'It had been deleted'
}

d13_a_group_deleted_by_hand_is_noticed_when_its_turn_comes() {
	dc_as svc ldapdelete "$(group_attribute $G1 dn)"
	age_turns 86400
	exits 0 sync
	same policy delta "$(report .policy)"
	same objects 1 "$(objects_of $G1)"
	drift_of $G1 | grep -q 'It had been deleted'
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

d13_a_group_deleted_by_hand_is_noticed_in_the_reconcile() {
	dc_as svc ldapdelete "$(group_attribute $G2 dn)"
	exits 0 sync --policy initial
	same objects 1 "$(objects_of $G2)"
	drift_of $G2 | grep -q 'It had been deleted'
}

d12_a_group_moved_out_of_the_container_is_reported_left_and_not_made_again() {
	local before
	before=$(group_attribute $G2 objectGUID)
	dc_as admin ldapmodrdn -r -s "OU=People,$GB_BASE_DN" "$(group_attribute $G2 dn)" "CN=Two_${G2: -12}"
	exits 3 sync --policy initial
	says 'moved the object of the group out of the container'
	same objects 1 "$(objects_of $G2)"
	same writes 0 "$(report .traffic.ldapWrites)"
	dc_as admin ldapmodrdn -r -s "$GB_CONTAINER" "$(group_attribute $G2 dn)" "CN=Two_${G2: -12}"
	exits 0 sync
	same GUID "$before" "$(group_attribute $G2 objectGUID)"
}

moved_inside_the_container_it_stays_where_it_is() {
	dc_as admin ldapadd >/dev/null <<-LDIF
		dn: OU=Inner,$GB_CONTAINER
		objectClass: organizationalUnit
	LDIF
	dc_as admin ldapmodrdn -r -s "OU=Inner,$GB_CONTAINER" "$(group_attribute $G2 dn)" "CN=Two_${G2: -12}"
	exits 0 sync --policy initial
	same renames 0 "$(report .traffic.ldapRenames)"
	same dn "CN=Two_${G2: -12},OU=Inner,$GB_CONTAINER" "$(group_attribute $G2 dn)"
	dc_as admin ldapmodrdn -r -s "$GB_CONTAINER" "$(group_attribute $G2 dn)" "CN=Two_${G2: -12}"
	exits 0 sync
}

d14_one_anchor_removed_by_hand_is_put_back_by_the_other() {
	modify_group $G2 <<-LDIF
		delete: msDS-ExternalDirectoryObjectId
	LDIF
	exits 0 sync
	same "the other anchor" "Group_$G2" "$(group_attribute $G2 msDS-ExternalDirectoryObjectId)"
}

d14_both_anchors_removed_by_hand_freeze_the_group() {
	local dn
	dn=$(group_attribute $G2 dn)
	modify_group $G2 <<-LDIF
		delete: msDS-ExternalDirectoryObjectId
		-
		delete: adminDescription
	LDIF
	exits 3 sync
	says 'took the mark off'
	same writes 0 "$(report .traffic.ldapWrites)"
	same objects 0 "$(objects_of $G2)"
	dc_modify svc <<-LDIF
		dn: $dn
		changetype: modify
		add: adminDescription
		adminDescription: Group_$G2
	LDIF
	exits 0 sync
	same objects 1 "$(objects_of $G2)"
}

d36_what_somebody_else_undoes_each_time_is_left_alone_and_named() {
	local round
	for round in 1 2 3 4; do
		modify_group $G2 <<-LDIF
			replace: displayName
			displayName: Policy says so
		LDIF
		[ "$round" -eq 4 ] || exits 0 sync
	done
	exits 3 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	same problem fight "$(report ".problems[] | select(.group == \"$G2\") | .id")"
	report ".problems[] | select(.group == \"$G2\") | .text" | grep -q 'It is about: displayName'
	exits 3 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	same "who left it" "Policy says so" "$(group_attribute $G2 displayName)"
}

a_day_later_or_when_it_is_resumed_it_is_tried_again() {
	age_fights 86401
	exits 0 sync
	same displayName Two "$(group_attribute $G2 displayName)"
	modify_group $G2 <<-LDIF
		replace: displayName
		displayName: Policy says so
	LDIF
	exits 3 sync
	exits 0 resume $G2
	exits 0 sync
	same displayName Two "$(group_attribute $G2 displayName)"
}

drift_that_is_only_reported_is_left_until_it_is_taken_back() {
	set_config writeback drift report
	exits 0 sync
	modify_group $G1 <<-LDIF
		replace: description
		description: by hand
	LDIF
	exits 3 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	says 'asks to report that'
	drift_of $G1 | grep -q 'description was "by hand"'
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$G1\", \"members\": [\"$(user_id mia.weber)\"]}]"
	exits 3 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$G1\", \"members\": [\"$(user_id mia.weber)\"]}]"
	modify_group $G1 <<-LDIF
		delete: description
	LDIF
	exits 0 sync
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$G1\", \"members\": [\"$(user_id mia.weber)\"]}]"
	exits 0 sync
	same writes 1 "$(report .traffic.ldapWrites)"
	dc_as svc ldapdelete "$(group_attribute $G1 dn)"
	exits 3 sync --policy initial
	same objects 0 "$(objects_of $G1)"
	set_config writeback drift repair
	exits 0 sync
	same objects 1 "$(objects_of $G1)"
}

# No change tells that the account went, and the cloud goes on listing the person.
a_member_whose_account_went_is_named_once_and_then_left_out() {
	dc_as admin ldapdelete "$(dn_of_user mia.weber)"
	age_turns 86400
	exits 3 sync
	same policy delta "$(report .policy)"
	says 'does not exist in the directory'
	exits 0 sync
	same policy delta "$(report .policy)"
	same writes 0 "$(report .traffic.ldapWrites)"
	same members "CN=Ada Lovelace" "$(group_attribute $G1 member | cut -d, -f1)"
	same cause "Mia Weber not-found" \
		"$(engine explain --json $G1 | jq -r '.notWritten[] | .name + " " + .cause')"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

run_tests \
	the_first_cycle_converges \
	members_changed_by_hand_are_put_back_and_named \
	attributes_and_type_changed_by_hand_are_put_back_and_named \
	a_group_renamed_by_hand_gets_its_name_back \
	a_change_in_the_cloud_is_no_drift \
	a_hand_between_our_reading_and_our_writing_is_noticed_in_the_next_delta_cycle \
	d13_a_group_deleted_by_hand_is_noticed_when_it_is_written_to \
	d13_a_group_deleted_by_hand_is_noticed_when_its_turn_comes \
	d13_a_group_deleted_by_hand_is_noticed_in_the_reconcile \
	d12_a_group_moved_out_of_the_container_is_reported_left_and_not_made_again \
	moved_inside_the_container_it_stays_where_it_is \
	d14_one_anchor_removed_by_hand_is_put_back_by_the_other \
	d14_both_anchors_removed_by_hand_freeze_the_group \
	d36_what_somebody_else_undoes_each_time_is_left_alone_and_named \
	a_day_later_or_when_it_is_resumed_it_is_tried_again \
	drift_that_is_only_reported_is_left_until_it_is_taken_back \
	a_member_whose_account_went_is_named_once_and_then_left_out
