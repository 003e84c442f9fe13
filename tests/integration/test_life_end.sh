#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The end of a group's life, and its way back: not enabled, filtered out, soft deleted, hard deleted.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

G1=11111111-0000-4000-8000-000000000001
G2=11111111-0000-4000-8000-000000000002
G3=11111111-0000-4000-8000-000000000003
G4=11111111-0000-4000-8000-000000000004

type_of() { # objectId
	group_attribute "$1" groupType
}

sid_of() { # objectId
	group_attribute "$1" objectSid
}

lapse_of() { # objectId: reason and age in days, as status says
	engine status --json | jq -r --arg id "$1" \
		'.lapsed[] | select(.group == $id) | "\(.reason) \(.ageDays)"'
}

the_first_cycle_converges() {
	add_group $G1 One "$(user_id ada.lovelace)"
	add_group $G2 Two "$(user_id ada.lovelace)"
	add_group $G3 Three "$(user_id ada.lovelace)"
	add_group $G4 Four
	exits 0 sync --approve-first
	sid_of $G1 >"$GB_WORLD/tmp/sid1"
	sid_of $G2 >"$GB_WORLD/tmp/sid2"
}

not_enabled_any_more_is_kept_and_named_with_its_age() {
	enable $G1 false
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	same type $SECURITY "$(type_of $G1)"
	same lapse "not-enabled 0" "$(lapse_of $G1)"
	age_lapses 345600
	same lapse "not-enabled 4" "$(lapse_of $G1)"
	exits 0 sync --policy initial
	same "lapse after another cycle" "not-enabled 4" "$(lapse_of $G1)"
}

enabled_again_is_unfrozen_with_the_same_sid() {
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$G1\", \"members\": [\"$(user_id mia.weber)\"]}]"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	enable $G1 true
	exits 0 sync
	same adds 0 "$(report .traffic.ldapAdds)"
	same SID "$(cat "$GB_WORLD/tmp/sid1")" "$(sid_of $G1)"
	same members 2 "$(group_attribute $G1 member | wc -l)"
	same lapse "" "$(lapse_of $G1)"
}

not_enabled_with_disable_becomes_a_distribution_group_and_comes_back() {
	set_config writeback "when not enabled" disable
	enable $G1 false
	exits 0 sync
	same writes 1 "$(report .traffic.ldapWrites)"
	same disables 1 "$(report .plan.disables)"
	same type $DISTRIBUTION "$(type_of $G1)"
	same members 2 "$(group_attribute $G1 member | wc -l)"
	exits 0 sync --policy initial
	same "writes of the next cycle" 0 "$(report .traffic.ldapWrites)"
	enable $G1 true
	exits 0 sync
	same type $SECURITY "$(type_of $G1)"
	same SID "$(cat "$GB_WORLD/tmp/sid1")" "$(sid_of $G1)"
}

a_disabled_group_that_is_given_its_access_back_by_hand_is_disabled_again() {
	enable $G1 false
	exits 0 sync
	dc_modify svc <<-LDIF
		dn: $(group_attribute $G1 dn)
		changetype: modify
		replace: groupType
		groupType: $SECURITY
	LDIF
	exits 0 sync
	same policy delta "$(report .policy)"
	same type $DISTRIBUTION "$(type_of $G1)"
	enable $G1 true
	exits 0 sync
	set_config writeback "when not enabled" keep
}

filtered_out_is_kept_by_default() {
	set_config writeback kinds microsoft365
	approved_sync
	same writes 0 "$(report .traffic.ldapWrites)"
	same lapse "filtered-out 0" "$(lapse_of $G1)"
}

filtered_out_with_disable_and_back_is_the_same_object() {
	set_config writeback "when filtered out" disable
	approved_sync
	same type $DISTRIBUTION "$(type_of $G1)"
	set_config writeback kinds "security microsoft365"
	set_config writeback "when filtered out" keep
	approved_sync
	same type $SECURITY "$(type_of $G1)"
	same SID "$(cat "$GB_WORLD/tmp/sid1")" "$(sid_of $G1)"
	same adds 0 "$(report .traffic.ldapAdds)"
}

soft_deleted_is_disabled_and_restored_with_the_same_sid() {
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$G2\"}]"
	exits 0 sync
	same type $DISTRIBUTION "$(type_of $G2)"
	same lapse "soft-deleted 0" "$(lapse_of $G2)"
	exits 0 sync --policy initial
	same "lapse after a full read" "soft-deleted 0" "$(lapse_of $G2)"
	sim_change "[{\"op\": \"restore\", \"id\": \"$G2\"}]"
	exits 0 sync
	same type $SECURITY "$(type_of $G2)"
	same SID "$(cat "$GB_WORLD/tmp/sid2")" "$(sid_of $G2)"
	same members 1 "$(group_attribute $G2 member | wc -l)"
	same lapse "" "$(lapse_of $G2)"
}

a_distribution_group_that_is_deleted_is_left_as_it_is() {
	local id mail
	id=$(jq -r '[.groups[] | select(.groupTypes == ["Unified"]
		and .writebackConfiguration.isEnabled == true
		and .writebackConfiguration.onPremisesGroupType == null)][0].id' "$GB_TENANT_FILE")
	same type $DISTRIBUTION "$(type_of "$id")"
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$id\"}]"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	sim_change "[{\"op\": \"restore\", \"id\": \"$id\"}]"
	exits 0 sync
}

hard_deleted_is_disabled_at_once_and_deleted_after_its_time() {
	local before
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$G3\"}, {\"op\": \"hardDelete\", \"id\": \"$G3\"}]"
	exits 0 sync
	same type $DISTRIBUTION "$(type_of $G3)"
	same lapse "hard-deleted 0" "$(lapse_of $G3)"
	age_lapses 2505600
	exits 0 sync --policy initial
	same "deletes after 29 days" 0 "$(report .plan.deletions)"
	same objects 1 "$(objects_of $G3)"
	age_lapses 86401
	exits 0 sync --policy initial
	same "deletes after 30 days" 1 "$(report .plan.deletions)"
	same objects 0 "$(objects_of $G3)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	same lapse "" "$(lapse_of $G3)"
}

what_others_hold_is_not_deleted_and_its_holder_is_named() {
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$G4\"}, {\"op\": \"hardDelete\", \"id\": \"$G4\"}]"
	exits 0 sync
	dc_as admin ldapadd <<-LDIF >/dev/null
		dn: CN=Holders,OU=People,$GB_BASE_DN
		objectClass: group
		groupType: 8
		sAMAccountName: Holders
		member: $(group_attribute $G4 dn)
	LDIF
	age_lapses 2592001
	exits 3 sync --policy initial
	says 'CN=Holders,OU=People'
	same deletes 0 "$(report .plan.deletions)"
	same objects 1 "$(objects_of $G4)"
	dc_as admin ldapdelete "CN=Holders,OU=People,$GB_BASE_DN"
	exits 0 sync --policy initial
	same objects 0 "$(objects_of $G4)"
}

a_lost_state_shortens_no_age_and_deletes_nothing() {
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$G2\"}, {\"op\": \"hardDelete\", \"id\": \"$G2\"}]"
	exits 0 sync
	age_lapses 2592001
	rm -f "$GB_WORLD"/state/state.db*
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	same objects 1 "$(objects_of $G2)"
	same lapse "orphan 0" "$(lapse_of $G2)"
	age_lapses 2592001
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

run_tests \
	the_first_cycle_converges \
	not_enabled_any_more_is_kept_and_named_with_its_age \
	enabled_again_is_unfrozen_with_the_same_sid \
	not_enabled_with_disable_becomes_a_distribution_group_and_comes_back \
	a_disabled_group_that_is_given_its_access_back_by_hand_is_disabled_again \
	filtered_out_is_kept_by_default \
	filtered_out_with_disable_and_back_is_the_same_object \
	soft_deleted_is_disabled_and_restored_with_the_same_sid \
	a_distribution_group_that_is_deleted_is_left_as_it_is \
	hard_deleted_is_disabled_at_once_and_deleted_after_its_time \
	what_others_hold_is_not_deleted_and_its_holder_is_named \
	a_lost_state_shortens_no_age_and_deletes_nothing
