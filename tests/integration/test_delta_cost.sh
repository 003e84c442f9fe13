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

run_tests \
	a_cycle_without_a_change_asks_both_sides_once \
	a_member_more_is_one_value_and_two_looks_at_its_group \
	a_member_removed_by_hand_costs_a_list_of_that_group_alone
