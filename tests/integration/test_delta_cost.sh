#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a delta cycle asks for: it depends on what changed, and not on the tenant.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

# Token, organization, people delta, groups delta.
REQUESTS=4
# rootDSE, container, position, what changed since; a few more may come with other features.
MOST_SEARCHES=8

asked() { # searches-besides writes values
	same "requests to Graph" $REQUESTS "$(report .traffic.httpRequests)"
	same "searches besides those of a cycle without a change" "$1" \
		$(($(report .traffic.ldapSearches) - $(cat "$GB_WORLD/tmp/searches")))
	same writes "$2" "$(report .traffic.ldapWrites)"
	same values "$3" "$(report .traffic.ldapMemberValues)"
}

a_cycle_without_a_change_asks_both_sides_once() {
	exits 0 sync --approve-first
	exits 0 sync
	report .traffic.ldapSearches >"$GB_WORLD/tmp/searches"
	[ "$(cat "$GB_WORLD/tmp/searches")" -le $MOST_SEARCHES ]
	asked 0 0 0
	exits 0 sync
	asked 0 0 0
}

# The group is looked at before the write and after it; its other members are not.
a_member_more_is_one_value_and_two_looks_at_its_group() {
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$(group_id Berlin)\", \"members\": [\"$(user_id ada.lovelace)\"]}]"
	exits 0 sync
	asked 2 1 1
	exits 0 sync
	asked 0 0 0
}

a_member_removed_by_hand_costs_a_list_of_that_group_alone() {
	dc_modify admin <<-LDIF
		dn: $(dc_search "(adminDescription=Group_$(group_id Berlin))" 1.1 | sed -n 's/^dn: //p')
		changetype: modify
		delete: member
		member: $(group_attribute "$(group_id Berlin)" member | head -n 1)
	LDIF
	exits 0 sync
	asked 3 1 1
	exits 0 sync
	asked 0 0 0
}

searches_besides() {
	echo $(($(report .traffic.ldapSearches) - $(cat "$GB_WORLD/tmp/searches")))
}

# The list of groups and that of deleted ones; one list of members and one search for each group that is written.
a_day_later_members_are_read_again_and_nothing_else() {
	local groups
	age_turns 86400
	exits 0 sync
	same policy delta "$(report .policy)"
	same writes 0 "$(report .traffic.ldapWrites)"
	groups=$(report .plan.written)
	[ "$groups" -gt 20 ]
	same "searches besides" "$groups" "$(searches_besides)"
	same "requests besides" $((groups + 2)) $(($(report .traffic.httpRequests) - REQUESTS))
	exits 0 sync
	asked 0 0 0
}

last_turn() { # when it was, in milliseconds
	/usr/bin/python3 -B - "$GB_WORLD/state/state.db" <<-'PYTHON'
		import sqlite3, sys
		state = sqlite3.connect(sys.argv[1])
		print(state.execute("SELECT value FROM fact WHERE name = 'turn-ms'").fetchone()[0])
	PYTHON
}

whose_turn() { # from-ms to-ms: how many written groups have their time of day there
	/usr/bin/python3 -B - "$GB_WORLD/state/state.db" "$1" "$2" <<-'PYTHON'
		import sqlite3, sys
		state = sqlite3.connect(sys.argv[1])
		first, end = (int(ms) % 86400000 * 2**32 // 86400000 for ms in sys.argv[2:])
		places = [int.from_bytes(row[0][:4], "big") for row in
			state.execute("SELECT cloud_id FROM directory_group WHERE is_ours")]
		print(sum((place - first) % 2**32 < (end - first) % 2**32 for place in places))
	PYTHON
}

a_quarter_of_the_day_is_the_turn_of_those_whose_time_it_is() {
	local before
	age_turns 21600
	before=$(last_turn)
	exits 0 sync
	same policy delta "$(report .policy)"
	same "searches besides" "$(whose_turn "$before" "$(last_turn)")" "$(searches_besides)"
	exits 0 sync
	asked 0 0 0
}

SWITCHED=99999999-0000-4000-8000-000000000001

a_switch_of_writeback_that_no_delta_tells_is_found_within_a_day() {
	# What a link tells is what was asked for in its first round.
	sim /control/switches --data-binary '{"deltaWriteback": false}' >/dev/null
	add_group $SWITCHED Switched "$(user_id ada.lovelace)"
	enable $SWITCHED false
	exits 0 sync --policy initial
	enable $SWITCHED true
	exits 0 sync
	same "noticed too early" 0 "$(objects_of $SWITCHED)"
	age_turns 86400
	exits 0 sync
	same policy delta "$(report .policy)"
	same objects 1 "$(objects_of $SWITCHED)"
	same members 1 "$(group_attribute $SWITCHED member | wc -l)"
	sim /control/switches --data-binary '{"deltaWriteback": true}' >/dev/null
	exits 0 sync --policy initial
}

# In each turn it would be too little for the limits, and empty the groups within a day.
lists_that_come_back_empty_on_their_turn_are_not_believed_before_everything_is_read() {
	local before
	before=$(dc_writes)
	sim /control/faults --data-binary '{"faults": [{"match": {"path": "*/groups/*/members*"}, "count": -1,
		"action": {"status": 200, "body": {"value": []}}}]}' >/dev/null
	age_turns 21600
	exits 4 sync
	same policy initial "$(report .policy)"
	same stopped guard-member-removals "$(report .error.id)"
	same writes "$before" "$(dc_writes)"
	exits 4 sync
	same writes "$before" "$(dc_writes)"
	sim /control/faults --data-binary '{"faults": []}' >/dev/null
	exits 0 sync --policy initial
	same writes "$before" "$(dc_writes)"
}

# Without a full read: those that lapsed in cycles before count with the last one.
c24_the_last_group_in_scope_stops_a_delta_cycle() {
	sim_change "$(jq -c --arg last "$(group_id Berlin)" --arg more $SWITCHED '[.groups[].id, $more] |
		map(select(. != $last) | {op: "patch", id: ., set: {writebackConfiguration:
		{isEnabled: false, onPremisesGroupType: null}}})' "$GB_TENANT_FILE")"
	exits 0 sync
	same policy delta "$(report .policy)"
	enable "$(group_id Berlin)" false
	exits 4 sync
	same policy delta "$(report .policy)"
	says 'No group is in scope any more'
}

run_tests \
	a_cycle_without_a_change_asks_both_sides_once \
	a_member_more_is_one_value_and_two_looks_at_its_group \
	a_member_removed_by_hand_costs_a_list_of_that_group_alone \
	a_day_later_members_are_read_again_and_nothing_else \
	a_quarter_of_the_day_is_the_turn_of_those_whose_time_it_is \
	a_switch_of_writeback_that_no_delta_tells_is_found_within_a_day \
	lists_that_come_back_empty_on_their_turn_are_not_believed_before_everything_is_read \
	c24_the_last_group_in_scope_stops_a_delta_cycle
