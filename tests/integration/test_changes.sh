#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One change in the cloud, one write in the directory: no more, no less.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

has_member() { # objectId extended-regular-expression
	group_attribute "$1" member | grep -qE "$2"
}

the_first_cycle_converges() {
	exits 0 sync --approve-first
}

one_added_member_is_one_modify_with_one_value() {
	local group person before
	group=$(group_id Board) person=$(user_id ada.lovelace)
	before=$(dc_writes)
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$group\", \"members\": [\"$person\"]}]"
	exits 0 sync
	same modifies 1 "$(report .traffic.ldapModifies)"
	same values 1 "$(report .traffic.ldapMemberValues)"
	same "all writes" 1 "$(report .traffic.ldapWrites)"
	same "writes by the directory's audit" $((before + 1)) "$(dc_writes)"
	group_attribute "$group" member | grep -q '^CN=Ada Lovelace,'
}

one_group_is_written_now_members_and_all_and_the_others_wait() {
	local group other stranger
	group=$(group_id Berlin) other=$(group_id Empty)
	stranger=$(dc_search '(sAMAccountName=ada.lovelace)' dn | sed -n 's/^dn: //p')
	dc_as svc ldapmodify <<-LDIF
		dn: $(group_attribute "$group" dn)
		changetype: modify
		add: member
		member: $stranger
	LDIF
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$other\", \"members\": [\"$(user_id ada.lovelace)\"]}]"
	exits 64 sync --group "no such group"
	exits 0 sync --group berlin
	same "all writes" 1 "$(report .traffic.ldapWrites)"
	same groups 1 "$(report .plan.groups)"
	not has_member "$group" '^CN=Ada Lovelace,'
	not has_member "$other" '^CN=Ada Lovelace,'
	exits 0 sync --group "$other"
	has_member "$other" '^CN=Ada Lovelace,'
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$other\", \"members\": [\"$(user_id ada.lovelace)\"]}]"
	exits 0 sync
	same "all writes" 1 "$(report .traffic.ldapWrites)"
}

# Delta names members by id alone, and computers are not listed as people are.
a_computer_that_was_in_no_group_before_is_written_in_the_same_cycle() {
	local group id=22222222-2222-4333-8444-555555555555 computer sid
	group=$(group_id Board)
	computer=$(dc_search '(objectCategory=computer)' dn | sed -n 's/^dn: //p' | grep -v '^CN=DC1' | head -n 1)
	sid=$(dc_search "(distinguishedName=$computer)" objectSid | sed -n 's/^objectSid:: //p' | /usr/bin/python3 -c '
import base64, struct, sys
raw = base64.b64decode(sys.stdin.read())
print("S-1-%d-%s" % (raw[7], "-".join(str(n) for n in struct.unpack("<%dI" % raw[1], raw[8:]))))')
	sim_change "[{\"op\": \"add\", \"type\": \"device\", \"object\": {\"id\": \"$id\",
		\"displayName\": \"Bench\", \"onPremisesSyncEnabled\": true,
		\"onPremisesSecurityIdentifier\": \"$sid\"}},
		{\"op\": \"addMembers\", \"id\": \"$group\", \"members\": [\"$id\"]}]"
	exits 0 sync
	same policy delta "$(report .policy)"
	has_member "$group" "^$computer\$"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$group\", \"members\": [\"$id\"]}]"
	exits 0 sync
	not has_member "$group" "^$computer\$"
}

one_removed_member_is_one_modify_with_one_value() {
	local group person
	group=$(group_id Board) person=$(user_id ada.lovelace)
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$group\", \"members\": [\"$person\"]}]"
	exits 0 sync
	same "all writes" 1 "$(report .traffic.ldapWrites)"
	same values 1 "$(report .traffic.ldapMemberValues)"
	not has_member "$group" '^CN=Ada Lovelace,'
}

a_new_display_name_is_one_rename_and_the_object_stays() {
	local group guid sid
	group=$(group_id Board)
	guid=$(group_attribute "$group" objectGUID) sid=$(group_attribute "$group" objectSid)
	sim_change "[{\"op\": \"patch\", \"id\": \"$group\", \"set\": {\"displayName\": \"Trustees\"}}]"
	exits 0 sync
	same renames 1 "$(report .traffic.ldapRenames)"
	same cn "Trustees_${group: -12}" "$(group_attribute "$group" cn)"
	same displayName Trustees "$(group_attribute "$group" displayName)"
	same objectGUID "$guid" "$(group_attribute "$group" objectGUID)"
	same objectSid "$sid" "$(group_attribute "$group" objectSid)"
}

a_member_taken_out_by_hand_comes_back_in_the_next_delta_cycle() {
	local group dn member
	group=$(group_id "Administrators of the files")
	dn=$(group_attribute "$group" dn)
	member=$(dc_search "(adminDescription=Group_$group)" member | sed -n 's/^member: //p' | head -n 1)
	dc_as svc ldapmodify <<-LDIF
		dn: $dn
		changetype: modify
		delete: member
		member: $member
	LDIF
	exits 0 sync
	same policy delta "$(report .policy)"
	same "all writes" 1 "$(report .traffic.ldapWrites)"
	group_attribute "$group" member | grep -qxF "$member"
}

somebody_put_in_by_hand_is_taken_out_again() {
	local group dn stranger
	group=$(group_id "Administrators of the files")
	dn=$(group_attribute "$group" dn)
	stranger=$(dc_search '(sAMAccountName=mia.weber)' dn | sed -n 's/^dn: //p')
	dc_as svc ldapmodify <<-LDIF
		dn: $dn
		changetype: modify
		add: member
		member: $stranger
	LDIF
	exits 0 sync
	same "all writes" 1 "$(report .traffic.ldapWrites)"
	not has_member "$group" "^$stranger\$"
}

a_group_made_in_the_cloud_is_made_in_the_directory() {
	local id=11111111-2222-4333-8444-555555555555
	sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$id\", \"displayName\": \"Newcomers\",
		\"groupTypes\": [], \"mailEnabled\": false, \"securityEnabled\": true,
		\"mailNickname\": \"newcomers\",
		\"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": null},
		\"members\": [\"$(user_id ada.lovelace)\", \"$(group_id Berlin)\"]}}]"
	exits 0 sync
	same adds 1 "$(report .traffic.ldapAdds)"
	same members 2 "$(group_attribute $id member | wc -l)"
	same policy delta "$(report .policy)"
}

a_group_that_is_switched_off_is_kept_as_it_is() {
	local group before
	group=$(group_id Empty) before=$(dc_writes)
	sim_change "[{\"op\": \"patch\", \"id\": \"$group\",
		\"set\": {\"writebackConfiguration\": {\"isEnabled\": false, \"onPremisesGroupType\": null}}}]"
	exits 0 sync
	same writes "$before" "$(dc_writes)"
	[ -n "$(group_attribute "$group" dn)" ]
}

a_deleted_group_is_kept_as_it_is() {
	local group before
	group=$(group_id "Empty too") before=$(dc_writes)
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$group\"}]"
	exits 0 sync
	same writes "$before" "$(dc_writes)"
	[ -n "$(group_attribute "$group" dn)" ]
}

a_group_converted_from_on_premises_is_neither_twinned_nor_touched() {
	local id writes objects
	id=$(jq -r '.groups[] | select(.displayName == "Finance Staff") | .id' "$GB_TENANT_FILE")
	writes=$(dc_writes) objects=$(dc_search '(objectClass=group)' dn | grep -c '^dn')
	sim_change "[{\"op\": \"patch\", \"id\": \"$id\", \"set\": {\"onPremisesSyncEnabled\": false,
		\"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": null}}}]"
	exits 0 sync
	same writes "$writes" "$(dc_writes)"
	exits 0 sync --policy initial
	same writes "$writes" "$(dc_writes)"
	same "groups in the domain" "$objects" "$(dc_search '(objectClass=group)' dn | grep -c '^dn')"
}

the_other_name_format_renames_every_group_and_keeps_the_objects() {
	local before after
	before=$(dc_search "(adminDescription=Group_*)" objectGUID | sed -n 's/^objectGUID:: //p' | sort)
	set_config writeback name object-id
	exits 3 sync
	same "renames before they are approved" 0 "$(report .traffic.ldapRenames)"
	exits 0 approve "$(report .waitingPlan.digest)"
	after=$(dc_search "(adminDescription=Group_*)" objectGUID | sed -n 's/^objectGUID:: //p' | sort)
	same objects "$before" "$after"
	same adds 0 "$(report .traffic.ldapAdds)"
	[ "$(report .traffic.ldapRenames)" -gt 20 ]
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

a_lost_state_costs_a_full_read_and_no_write() {
	rm -f "$GB_WORLD"/state/state.db*
	exits 0 sync
	same policy initial "$(report .policy)"
	same writes 0 "$(report .traffic.ldapWrites)"
}

an_older_state_is_caught_up_with_and_makes_nothing_twice() {
	cp "$GB_WORLD/state/state.db" "$GB_WORLD/tmp/old.db"
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$(group_id Empty)\",
		\"members\": [\"$(user_id ada.lovelace)\"]},
		{\"op\": \"addMembers\", \"id\": \"$(group_id Berlin)\",
		\"members\": [\"$(user_id mia.weber)\", \"$(user_id ada.lovelace)\"]}]"
	exits 0 sync
	rm -f "$GB_WORLD"/state/state.db*
	cp "$GB_WORLD/tmp/old.db" "$GB_WORLD/state/state.db"
	exits 0 sync
	same creates 0 "$(report .plan.creates)"
	same removes 0 "$(report .plan.memberRemoves)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

run_tests \
	the_first_cycle_converges \
	one_added_member_is_one_modify_with_one_value \
	one_removed_member_is_one_modify_with_one_value \
	a_computer_that_was_in_no_group_before_is_written_in_the_same_cycle \
	one_group_is_written_now_members_and_all_and_the_others_wait \
	a_new_display_name_is_one_rename_and_the_object_stays \
	a_member_taken_out_by_hand_comes_back_in_the_next_delta_cycle \
	somebody_put_in_by_hand_is_taken_out_again \
	a_group_made_in_the_cloud_is_made_in_the_directory \
	a_group_that_is_switched_off_is_kept_as_it_is \
	a_deleted_group_is_kept_as_it_is \
	a_group_converted_from_on_premises_is_neither_twinned_nor_touched \
	the_other_name_format_renames_every_group_and_keeps_the_objects \
	a_lost_state_costs_a_full_read_and_no_write \
	an_older_state_is_caught_up_with_and_makes_nothing_twice
