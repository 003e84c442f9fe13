#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Which groups are written: the scope modes that go by a file of the administrator.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

SELECTED=$GB_WORLD/tmp/selected
FILTER=$GB_WORLD/tmp/filter

set_scope() { # word
	set_config writeback scope "$1"
	set_config writeback "selected file" "$SELECTED"
	set_config writeback "filter file" "$FILTER"
	: >"$SELECTED"
	: >"$FILTER"
	chmod 644 "$SELECTED" "$FILTER"
}

written() { # display names of the groups in the container, sorted
	dc_search "(adminDescription=Group_*)" displayName | sed -n 's/^displayName: //p' | sort
}

add_group() { # id display-name [JSON members]
	sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$1\", \"displayName\": \"$2\",
		\"groupTypes\": [], \"mailEnabled\": false, \"securityEnabled\": true, \"mailNickname\": \"n\",
		\"description\": \"made for a test\",
		\"writebackConfiguration\": {\"isEnabled\": false, \"onPremisesGroupType\": null}}}]"
}

A=aaaaaaaa-0000-4000-8000-000000000001
B=aaaaaaaa-0000-4000-8000-000000000002
C=aaaaaaaa-0000-4000-8000-000000000003
MARKER=aaaaaaaa-0000-4000-8000-000000000009

selected_by_id_writes_that_group_alone() {
	add_group $A "Selected by id"
	add_group $B "Selected by name"
	add_group $C "Selected by marker"
	add_group $MARKER "The marker"
	set_scope selected
	echo "$A" >"$SELECTED"
	exits 0 sync --approve-first
	same groups "Selected by id" "$(written)"
}

a_name_selects_its_group_and_is_noticed_in_a_delta_cycle() {
	printf '%s\n%s\n' "$A" "selected BY name" >"$SELECTED"
	exits 0 sync
	same groups "$(printf 'Selected by id\nSelected by name')" "$(written)"
}

a_name_that_a_second_group_takes_selects_nobody_new() {
	add_group aaaaaaaa-0000-4000-8000-000000000004 "Selected by name"
	exits 3 sync
	says 'Several groups have the selected name'
	same groups "$(printf 'Selected by id\nSelected by name')" "$(written)"
	sim_change '[{"op": "patch", "id": "aaaaaaaa-0000-4000-8000-000000000004", "set": {"displayName": "Another"}}]'
	exits 0 sync
}

members_of_the_marker_group_come_and_go() {
	printf '%s\n%s\nmembers of %s\n' "$A" "$B" "$MARKER" >"$SELECTED"
	exits 0 sync
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$MARKER\", \"members\": [\"$C\"]}]"
	exits 0 sync
	same policy delta "$(report .policy)"
	same groups "$(printf 'Selected by id\nSelected by marker\nSelected by name')" "$(written)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$MARKER\", \"members\": [\"$C\"]}]"
	sim_change "[{\"op\": \"patch\", \"id\": \"$C\", \"set\": {\"displayName\": \"Frozen\"}}]"
	exits 0 sync
	same groups "$(printf 'Selected by id\nSelected by marker\nSelected by name')" "$(written)"
}

a_marker_group_that_is_gone_freezes_and_removes_nothing() {
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$MARKER\"}]"
	exits 3 sync
	same groups "$(printf 'Selected by id\nSelected by marker\nSelected by name')" "$(written)"
	same deletes 0 "$(report .traffic.ldapDeletes)"
}

a_selected_file_that_is_wrong_writes_nothing() {
	printf 'members of me\n' >"$SELECTED"
	exits 78 sync
	says "selected:1:1: behind \"members of\" stands the object id"
	chmod 666 "$SELECTED"
	exits 78 sync
	chmod 644 "$SELECTED"
}

a_filter_takes_what_its_clauses_match() {
	set_scope filter
	printf 'description EQUALS "made for a test"\ndisplayName REGEX MATCH "^Selected by (id|name)$"\n' >"$FILTER"
	exits 0 sync
	same groups "$(printf 'Selected by id\nSelected by marker\nSelected by name')" "$(written)"
	same "in scope" 2 "$(report .plan.inScope)"
}

a_filter_can_ask_for_what_the_engine_does_not_read_otherwise() {
	sim_change "[{\"op\": \"patch\", \"id\": \"$C\", \"set\": {\"displayName\": \"By class\", \"classification\": \"7\"}}]"
	printf 'classification GREATER_THAN 6\n' >"$FILTER"
	exits 0 sync
	same policy initial "$(report .policy)"
	same "in scope" 1 "$(report .plan.inScope)"
	written | grep -qx 'By class'
}

a_filter_that_is_wrong_writes_nothing() {
	printf 'displayName LIKE "x"\n' >"$FILTER"
	exits 78 sync
	says 'filter:1:13: behind the property stands an operator'
}

kinds_takes_every_group_of_a_kind() {
	set_scope kinds
	exits 3 sync --dry-run
	[ "$(report .plan.inScope)" -gt 5 ]
}

run_tests selected_by_id_writes_that_group_alone \
	a_name_selects_its_group_and_is_noticed_in_a_delta_cycle \
	a_name_that_a_second_group_takes_selects_nobody_new \
	members_of_the_marker_group_come_and_go \
	a_marker_group_that_is_gone_freezes_and_removes_nothing \
	a_selected_file_that_is_wrong_writes_nothing \
	a_filter_takes_what_its_clauses_match \
	a_filter_can_ask_for_what_the_engine_does_not_read_otherwise \
	a_filter_that_is_wrong_writes_nothing \
	kinds_takes_every_group_of_a_kind
