#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What was done, who can prove it, and how it is put back.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

AUDIT=$GB_WORLD/state/audit.jsonl
ONE=66666666-0000-4000-8000-000000000001
TWO=66666666-0000-4000-8000-000000000002
HOSTILE='x\n{\"v\":1,\"n\":1,\"prev\":\"\",\"kind\":\"result\"}\u202e\u0007'

staff_ids() { # how many: people of the tenant who have an account
	jq -r "[.users[] | select(.onPremisesSecurityIdentifier != null) | .id] | .[:$1] |
		map(\"\\\"\" + . + \"\\\"\") | join(\",\")" "$GB_TENANT_FILE"
}

add_group() { # id name members
	sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$1\", \"displayName\": \"$2\",
		\"groupTypes\": [], \"mailEnabled\": false, \"securityEnabled\": true, \"mailNickname\": \"n\",
		\"members\": [$3], \"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": null}}}]"
}

members_of() { # id: sorted
	group_attribute "$1" member | sort
}

every_intent_and_every_result_is_in_the_audit() {
	add_group $ONE One "$(staff_ids 50)"
	add_group $TWO Two "$(staff_ids 50)"
	exits 0 sync --approve-first
	same "intents" "$(report .plan.changes)" "$(grep -c '"kind":"intent"' "$AUDIT")"
	same "results" "$(report .plan.changes)" "$(grep -c '"kind":"result".*"status":"applied"' "$AUDIT")"
	jq -es "[.[] | select(.kind == \"intent\" and .group == \"$ONE\" and .op == \"create\")][0] |
		(.members | length) == 50 and (.members[0] | startswith(\"S-1-5-21-\"))" "$AUDIT"
	exits 0 audit verify
	says 'The audit is whole'
}

a_cycle_that_writes_nothing_leaves_no_line() {
	local before
	before=$(sha256sum "$AUDIT")
	exits 0 sync
	same audit "$before" "$(sha256sum "$AUDIT")"
}

before_and_after_are_in_the_audit() {
	sim_change "[{\"op\": \"patch\", \"id\": \"$ONE\", \"set\": {\"description\": \"new words\"}}]"
	exits 0 sync
	jq -es "[.[] | select(.kind == \"intent\" and .op == \"attributes\" and .group == \"$ONE\")] | last |
		.values == [{\"attribute\": \"description\", \"before\": null, \"after\": \"new words\"}]" "$AUDIT"
}

a_name_from_outside_makes_no_line() {
	local lines
	lines=$(wc -l <"$AUDIT")
	sim_change "[{\"op\": \"patch\", \"id\": \"$TWO\", \"set\": {\"description\": \"$HOSTILE\"}}]"
	exits 0 sync
	same lines $((lines + 3)) "$(wc -l <"$AUDIT")"
	exits 0 audit verify
	not grep -q $'\x07' "$AUDIT"
}

a_flipped_byte_a_missing_line_and_a_cut_end_are_found() {
	cp -p "$AUDIT" "$GB_WORLD/tmp/audit"
	sed -i '5s/intent/Intent/' "$AUDIT"
	exits 76 audit verify
	says 'audit.jsonl:6: a line before this one was changed'
	cp -p "$GB_WORLD/tmp/audit" "$AUDIT"
	sed -i '7d' "$AUDIT"
	exits 76 audit verify
	says 'audit.jsonl:7: '
	cp -p "$GB_WORLD/tmp/audit" "$AUDIT"
	sed -i '$d' "$AUDIT"
	exits 76 audit verify
	says 'missing at the end'
	cp -p "$GB_WORLD/tmp/audit" "$AUDIT"
	: >"$AUDIT"
	exits 76 audit verify
	cp -p "$GB_WORLD/tmp/audit" "$AUDIT"
	exits 0 audit verify
}

half_a_line_is_recognised_and_the_chain_goes_on() {
	printf '{"v":1,"n":9999,"prev":"' >>"$AUDIT"
	exits 0 audit verify
	says 'not whole'
	sim_change "[{\"op\": \"patch\", \"id\": \"$ONE\", \"set\": {\"description\": \"newer words\"}}]"
	exits 0 sync
	exits 0 audit verify
	says 'cut by a crash .*: 1'
}

a_rotated_audit_goes_on_in_the_next_file() {
	mv "$AUDIT" "$AUDIT.1"
	sim_change "[{\"op\": \"patch\", \"id\": \"$ONE\", \"set\": {\"description\": \"newest words\"}}]"
	exits 0 sync
	exits 0 audit verify
	exits 0 audit verify "$AUDIT"
	says 'Older lines'
	sed -i '$d' "$AUDIT.1"
	exits 76 audit verify
	rm "$AUDIT.1"
}

h06_without_an_audit_nothing_is_written() {
	local before
	before=$(dc_writes)
	mv "$AUDIT" "$GB_WORLD/tmp/kept"
	mkdir "$AUDIT"
	sim_change "[{\"op\": \"patch\", \"id\": \"$ONE\", \"set\": {\"description\": \"never\"}}]"
	exits 74 sync
	same writes "$before" "$(dc_writes)"
	rmdir "$AUDIT"
	mv "$GB_WORLD/tmp/kept" "$AUDIT"
	exits 0 sync
	exits 0 audit verify
}

a_hundred_removed_members_come_back() {
	members_of $ONE >"$GB_WORLD/tmp/one"
	members_of $TWO >"$GB_WORLD/tmp/two"
	set_config safety "max member removals per group" none
	set_config safety "max member removals" none
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$ONE\", \"members\": [$(staff_ids 50)]},
		{\"op\": \"removeMembers\", \"id\": \"$TWO\", \"members\": [$(staff_ids 50)]},
		{\"op\": \"patch\", \"id\": \"$TWO\", \"set\": {\"displayName\": \"Renamed\"}}]"
	exits 0 sync
	same removes 100 "$(report .plan.memberRemoves)"
	report .run >"$GB_WORLD/tmp/run"
	exits 0 undo "$(cat "$GB_WORLD/tmp/run")" --dry-run
	says '^\+ "One" 50 members'
	same "members after a dry run" 0 "$(members_of $ONE | grep -c .)"
	exits 0 undo "$(cat "$GB_WORLD/tmp/run")"
	same "members of one" "$(cat "$GB_WORLD/tmp/one")" "$(members_of $ONE)"
	same "members of two" "$(cat "$GB_WORLD/tmp/two")" "$(members_of $TWO)"
	same "name of two" Two "$(group_attribute $TWO displayName)"
	group_attribute $TWO cn | grep -q '^Two_'
}

the_next_cycles_leave_them_alone_until_they_are_resumed() {
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 status
	says 'Paused groups'
	says "$ONE \"One\" for .* \(undo of run"
	exits 0 resume $ONE
	exits 0 sync
	same "members of one" 0 "$(members_of $ONE | grep -c .)"
	same "members of two" "$(cat "$GB_WORLD/tmp/two")" "$(members_of $TWO)"
}

what_changed_since_stays_and_is_named() {
	exits 3 undo "$(cat "$GB_WORLD/tmp/run")"
	jq -e ".problems[] | select(.group == \"$TWO\" and .id == \"undo-changed\")" "$GB_WORLD/state/last.json"
	same "members of one" "$(cat "$GB_WORLD/tmp/one")" "$(members_of $ONE)"
	exits 0 audit verify
}

FIVE=66666666-0000-4000-8000-000000000005

what_a_run_created_stays_and_is_named() {
	local before
	add_group $FIVE Five "$(staff_ids 2)"
	exits 0 sync
	same adds 1 "$(report .traffic.ldapAdds)"
	before=$(identity_of $FIVE)
	exits 3 undo "$(report .run)"
	same problem "$FIVE undo-created" "$(report '.problems[] | .group + " " + .id')"
	same writes 0 "$(report .traffic.ldapWrites)"
	same "the group" "$before" "$(identity_of $FIVE)"
	exits 0 resume $FIVE
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

# The run that undid something is a run like others: to undo it is to do it again.
an_undo_twice_changes_nothing_and_an_undo_of_it_does_it_again() {
	local run back
	sim_change "[{\"op\": \"patch\", \"id\": \"$FIVE\", \"set\": {\"description\": \"then\"}}]"
	exits 0 sync
	run=$(report .run)
	exits 0 undo "$run"
	back=$(report .run)
	same description "" "$(group_attribute $FIVE description)"
	exits 3 undo "$run"
	same problem "$FIVE undo-changed" "$(report '.problems[] | .group + " " + .id')"
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 undo "$back"
	same description then "$(group_attribute $FIVE description)"
	exits 0 resume $FIVE
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

identity_of() { # id: what makes it this object, and what it carries
	dc_search "(adminDescription=Group_$1)" objectGUID objectSid sAMAccountName cn displayName description \
		groupType member adminDescription msDS-ExternalDirectoryObjectId | grep -v '^$' | sort
}

THREE=66666666-0000-4000-8000-000000000003
FOUR=66666666-0000-4000-8000-000000000004

# One is not enabled any more, the other is gone for good, and the one is a member of the other.
undo_of_a_run_that_removed_100_members_and_deleted_2_groups() {
	local id
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/grant_reanimate.py" \
		"$GB_WORLD/samba/private/sam.ldb"
	set_config writeback "when not enabled" delete
	set_config writeback "when hard deleted" delete
	exits 0 resume $ONE
	exits 0 resume $TWO
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$ONE\", \"members\": [$(staff_ids 50)]},
		{\"op\": \"addMembers\", \"id\": \"$TWO\", \"members\": [$(staff_ids 50)]}]"
	add_group $THREE Three "$(staff_ids 30)"
	add_group $FOUR Four "\"$THREE\", $(staff_ids 2)"
	sim_change "[{\"op\": \"patch\", \"id\": \"$FOUR\", \"set\": {\"description\": \"words\"}}]"
	approved_sync
	for id in $ONE $TWO $THREE $FOUR; do
		identity_of $id
	done >"$GB_WORLD/tmp/before"
	same "members of four" 3 "$(members_of $FOUR | wc -l)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$ONE\", \"members\": [$(staff_ids 50)]},
		{\"op\": \"removeMembers\", \"id\": \"$TWO\", \"members\": [$(staff_ids 50)]},
		{\"op\": \"softDelete\", \"id\": \"$FOUR\"}, {\"op\": \"hardDelete\", \"id\": \"$FOUR\"},
		{\"op\": \"patch\", \"id\": \"$THREE\", \"set\": {\"writebackConfiguration\":
			{\"isEnabled\": false, \"onPremisesGroupType\": null}}}]"
	exits 0 sync
	same removes 100 "$(report .plan.memberRemoves)"
	same deletes 2 "$(report .traffic.ldapDeletes)"
	exits 0 undo "$(report .run)"
	same adds 0 "$(report .traffic.ldapAdds)"
	same restored 2 "$(report '[.notices[] | select(.id == "restored")] | length')"
	for id in $ONE $TWO $THREE $FOUR; do
		identity_of $id
	done >"$GB_WORLD/tmp/after"
	diff "$GB_WORLD/tmp/before" "$GB_WORLD/tmp/after"
}

and_the_next_cycles_leave_that_as_it_is() {
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	identity_of $FOUR >"$GB_WORLD/tmp/four"
	grep -qxFf "$GB_WORLD/tmp/four" "$GB_WORLD/tmp/before"
	exits 0 audit verify
	jq -es "[.[] | select(.kind == \"intent\" and .op == \"delete\" and .group == \"$FOUR\")] | last |
		[.values[] | select(.attribute == \"description\")] ==
		[{\"attribute\": \"description\", \"before\": \"words\", \"after\": null}]" "$AUDIT"
}

a_group_is_paused_and_resumed_by_its_name() {
	exits 64 pause "No such group"
	exits 64 pause "$(printf '\033[2Jx')"
	not grep -q $'\033' "$GB_WORLD/tmp/said"
	exits 0 pause board
	exits 0 pause Board
	says 'was paused already'
	sim_change "[{\"op\": \"patch\", \"id\": \"$(group_id Board)\", \"set\": {\"description\": \"while paused\"}}]"
	exits 0 sync
	same description "" "$(group_attribute "$(group_id Board)" description | grep -x 'while paused' || true)"
	exits 0 resume Board
	exits 0 sync
	same description "while paused" "$(group_attribute "$(group_id Board)" description)"
	exits 0 resume Board
	says 'was not paused'
}

runs_that_cannot_be_undone_are_refused() {
	local before
	before=$(dc_writes)
	exits 64 undo 4711
	says 'knows no such run'
	exits 64 undo 0
	exits 64 undo -1
	exits 64 undo 1x
	exits 64 undo ""
	exits 64 undo ../runs/1
	exits 64 undo "$(printf '1\n')x"
	exits 64 undo "$(printf '9%.0s' $(seq 40))"
	same writes "$before" "$(dc_writes)"
}

h10_a_lost_state_keeps_what_people_decided_and_undoes_no_run_of_another() {
	rm -f "$GB_WORLD"/state/state.db*
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 status
	says 'Paused groups'
	exits 64 undo 2
	says 'another state|no such run'
}

h09_a_damaged_state_is_set_aside_and_removes_nothing() {
	dd if=/dev/urandom of="$GB_WORLD/state/state.db" bs=1024 seek=1 count=40 conv=notrunc 2>/dev/null
	rm -f "$GB_WORLD"/state/state.db-*
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	ls "$GB_WORLD"/state/state.db.refused-*
}

damaged_decisions_stop_before_anything_is_written() {
	printf '{"schema": 1, "schema": 1}' >"$GB_WORLD/state/decisions.json"
	exits 65 sync
	says 'decisions.json is damaged'
}

run_tests \
	every_intent_and_every_result_is_in_the_audit \
	a_cycle_that_writes_nothing_leaves_no_line \
	before_and_after_are_in_the_audit \
	a_name_from_outside_makes_no_line \
	a_flipped_byte_a_missing_line_and_a_cut_end_are_found \
	half_a_line_is_recognised_and_the_chain_goes_on \
	a_rotated_audit_goes_on_in_the_next_file \
	h06_without_an_audit_nothing_is_written \
	a_hundred_removed_members_come_back \
	the_next_cycles_leave_them_alone_until_they_are_resumed \
	what_changed_since_stays_and_is_named \
	what_a_run_created_stays_and_is_named \
	an_undo_twice_changes_nothing_and_an_undo_of_it_does_it_again \
	undo_of_a_run_that_removed_100_members_and_deleted_2_groups \
	and_the_next_cycles_leave_that_as_it_is \
	a_group_is_paused_and_resumed_by_its_name \
	runs_that_cannot_be_undone_are_refused \
	h10_a_lost_state_keeps_what_people_decided_and_undoes_no_run_of_another \
	h09_a_damaged_state_is_set_aside_and_removes_nothing \
	damaged_decisions_stop_before_anything_is_written
