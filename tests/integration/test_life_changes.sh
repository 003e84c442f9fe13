#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What happens to a written group while it lives: names, types, places, administrators, twins. The
# object, and with it the SID, is always the same.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

G1=44444444-0000-4000-8000-000000000001
G2=44444444-0000-4000-8000-000000000002
# Their last twelve digits are the same: the names that they want meet.
H1=44444444-0001-4000-8000-00000000000a
H2=44444444-0002-4000-8000-00000000000a

rename_group() { # objectId displayName: one change of a list
	printf '{"op": "patch", "id": "%s", "set": {"displayName": "%s"}}' "$1" "$2"
}

sids() { # objectId...
	local id
	for id in "$@"; do
		group_attribute "$id" objectSid
	done
}

the_first_cycle_converges() {
	add_group $G2 Two
	add_group $G1 One "$(user_id ada.lovelace)" $G2
	add_group $H1 Left
	add_group $H2 Right
	exits 0 sync --approve-first
	sids $G1 $G2 $H1 $H2 >"$GB_WORLD/tmp/sids"
}

display_names_swapped_in_one_cycle_are_swapped_in_the_directory() {
	sim_change "[$(rename_group $G1 Two), $(rename_group $G2 One)]"
	exits 0 sync
	same "cn of the first" "Two_${G1: -12}" "$(group_attribute $G1 cn)"
	same "cn of the second" "One_${G2: -12}" "$(group_attribute $G2 cn)"
	same SIDs "$(cat "$GB_WORLD/tmp/sids")" "$(sids $G1 $G2 $H1 $H2)"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

# One of them takes Group_<id> for a cycle, so that nobody is ever in the way.
names_that_meet_are_swapped_in_two_cycles() {
	sim_change "[$(rename_group $H1 Right), $(rename_group $H2 Left)]"
	exits 0 sync
	exits 0 sync --policy initial
	exits 0 sync --policy initial
	same "cn of the first" "Right_${H1: -12}" "$(group_attribute $H1 cn)"
	same "cn of the second" "Left_${H2: -12}" "$(group_attribute $H2 cn)"
	same SIDs "$(cat "$GB_WORLD/tmp/sids")" "$(sids $G1 $G2 $H1 $H2)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

a_chain_of_names_ends_in_order() {
	sim_change "[$(rename_group $H1 Middle), $(rename_group $H2 Right)]"
	exits 0 sync
	exits 0 sync --policy initial
	same "cn of the first" "Middle_${H1: -12}" "$(group_attribute $H1 cn)"
	same "cn of the second" "Right_${H2: -12}" "$(group_attribute $H2 cn)"
	same SIDs "$(cat "$GB_WORLD/tmp/sids")" "$(sids $G1 $G2 $H1 $H2)"
}

a_type_that_changes_in_the_cloud_changes_in_place() {
	local id sid
	id=$(jq -r '[.groups[] | select(.groupTypes == ["Unified"]
		and .writebackConfiguration.isEnabled == true
		and .writebackConfiguration.onPremisesGroupType == null)][0].id' "$GB_TENANT_FILE")
	sid=$(group_attribute "$id" objectSid)
	sim_change "[{\"op\": \"patch\", \"id\": \"$id\", \"set\": {\"writebackConfiguration\":
		{\"isEnabled\": true, \"onPremisesGroupType\": \"universalSecurityGroup\"}}}]"
	approved_sync
	same type $SECURITY "$(group_attribute "$id" groupType)"
	same SID "$sid" "$(group_attribute "$id" objectSid)"
}

a_group_put_into_an_administrators_group_raises_an_alert_that_names_it() {
	dc_modify admin <<-LDIF
		dn: CN=Domain Admins,CN=Users,$GB_BASE_DN
		changetype: modify
		add: member
		member: $(group_attribute $G2 dn)
	LDIF
	dc_modify admin <<-LDIF
		dn: $(group_attribute $G2 dn)
		changetype: modify
		replace: adminCount
		adminCount: 1
	LDIF
	exits 3 sync
	says 'protects the group.*CN=Domain Admins,CN=Users'
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$G2\", \"members\": [\"$(user_id mia.weber)\"]}]"
	exits 3 sync
	same members "" "$(group_attribute $G2 member)"
	dc_modify admin <<-LDIF
		dn: CN=Domain Admins,CN=Users,$GB_BASE_DN
		changetype: modify
		delete: member
		member: $(group_attribute $G2 dn)
	LDIF
	dc_modify admin <<-LDIF
		dn: $(group_attribute $G2 dn)
		changetype: modify
		replace: adminCount
	LDIF
	exits 0 sync
	same members 1 "$(group_attribute $G2 member | wc -l)"
}

twins_are_frozen_and_named_until_one_of_them_is_left() {
	dc_as svc ldapadd <<-LDIF >/dev/null
		dn: CN=twin,$GB_CONTAINER
		objectClass: group
		sAMAccountName: twin
		adminDescription: Group_$G1
	LDIF
	exits 3 sync
	says 'Several objects carry the mark'
	same writes 0 "$(report .traffic.ldapWrites)"
	dc_as svc ldapdelete "CN=twin,$GB_CONTAINER"
	exits 0 sync --policy initial
	same "SID of the first" "$(head -n 1 "$GB_WORLD/tmp/sids")" "$(sids $G1)"
}

# D11
d11_a_container_that_was_renamed_is_asked_for_and_nothing_is_made_twice() {
	dc_as admin ldapmodrdn -r "$GB_CONTAINER" "OU=Renamed"
	exits 78 sync
	says 'objectGUID'
	set_config writeback container "OU=Renamed,$GB_BASE_DN"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	dc_as admin ldapmodrdn -r "OU=Renamed,$GB_BASE_DN" "${GB_CONTAINER%%,*}"
	set_config writeback container "$GB_CONTAINER"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

another_container_moves_the_groups_with_their_sids() {
	local all
	dc_as admin ldapadd <<-LDIF >/dev/null
		dn: OU=Elsewhere,$GB_BASE_DN
		objectClass: organizationalUnit
	LDIF
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/copy_dacl.py" "$GB_WORLD/samba/private/sam.ldb" \
		"$GB_CONTAINER" "OU=Elsewhere,$GB_BASE_DN"
	all=$(dc_search '(adminDescription=Group_*)' objectSid | grep '^objectSid' | sort)
	set_config writeback container "OU=Elsewhere,$GB_BASE_DN"
	approved_sync
	same adds 0 "$(report .traffic.ldapAdds)"
	same deletes 0 "$(report .traffic.ldapDeletes)"
	same SIDs "$all" "$(dc_search '(adminDescription=Group_*)' objectSid | grep '^objectSid' | sort)"
	same "groups left behind" 0 \
		"$(dc_search '(adminDescription=Group_*)' dn | grep -c "$GB_CONTAINER\$" || true)"
	approved_sync
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

the_way_back_is_the_same() {
	set_config writeback container "$GB_CONTAINER"
	approved_sync
	same adds 0 "$(report .traffic.ldapAdds)"
	same SIDs "$(cat "$GB_WORLD/tmp/sids")" "$(sids $G1 $G2 $H1 $H2)"
	group_attribute $G1 dn | grep -q "$GB_CONTAINER\$"
}

# D10
d10_a_container_that_was_deleted_is_not_made_again() {
	local before
	set_config writeback container "OU=Elsewhere,$GB_BASE_DN"
	dc_as admin ldapdelete -r "OU=Elsewhere,$GB_BASE_DN"
	before=$(dc_writes)
	exits 78 sync
	same writes "$before" "$(dc_writes)"
	set_config writeback container "$GB_CONTAINER"
	exits 0 sync
	same adds 0 "$(report .traffic.ldapAdds)"
}

run_tests \
	the_first_cycle_converges \
	display_names_swapped_in_one_cycle_are_swapped_in_the_directory \
	names_that_meet_are_swapped_in_two_cycles \
	a_chain_of_names_ends_in_order \
	a_type_that_changes_in_the_cloud_changes_in_place \
	a_group_put_into_an_administrators_group_raises_an_alert_that_names_it \
	twins_are_frozen_and_named_until_one_of_them_is_left \
	d11_a_container_that_was_renamed_is_asked_for_and_nothing_is_made_twice \
	another_container_moves_the_groups_with_their_sids \
	the_way_back_is_the_same \
	d10_a_container_that_was_deleted_is_not_made_again
