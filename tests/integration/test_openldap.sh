#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The other dialect: the same tenant into OpenLDAP.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world slapd,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

set_config directory servers "$GB_SLAPD_HOST"
set_config directory account "$GB_SLAPD_ADMIN_DN"
printf %s "$GB_SLAPD_ADMIN_PASSWORD" >"$GB_CREDENTIALS/directory-password"

groups() { # filter attribute...
	slapd_as_admin ldapsearch -LLL -o ldif-wrap=no -b "$GB_CONTAINER" "$@"
}

the_first_cycle_writes_every_group() {
	exits 0 sync --approve-first
	same groups 41 "$(groups '(adminDescription=Group_*)' 1.1 | grep -c '^dn')"
}

# The server sends the entry along with its answer: nobody has to look for what was made.
new_groups_cost_no_searches() {
	same created 41 "$(report .traffic.ldapAdds)"
	[ "$(report .traffic.ldapSearches)" -le 20 ]
}

a_second_cycle_writes_nothing() {
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

members_stand_there_by_their_names() {
	local group
	group=$(group_id "Administrators of the files")
	same members 3 "$(groups "(adminDescription=Group_$group)" member | grep -c '^member')"
}

one_change_is_one_write() {
	local group
	group=$(group_id Empty)
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$group\", \"members\": [\"$(user_id ada.lovelace)\"]}]"
	exits 0 sync
	same writes 1 "$(report .traffic.ldapWrites)"
	same "searches, one look at the group among them" 6 "$(report .traffic.ldapSearches)"
	groups "(adminDescription=Group_$group)" member | grep -qi '^member: cn=Ada Lovelace,'
}

what_is_changed_by_hand_is_put_back() {
	local dn
	dn=$(groups "(adminDescription=Group_$(group_id Berlin))" 1.1 | sed -n 's/^dn: //p')
	slapd_as_admin ldapmodify <<-LDIF
		dn: $dn
		changetype: modify
		replace: displayName
		displayName: Potsdam
	LDIF
	exits 0 sync
	same writes 1 "$(report .traffic.ldapWrites)"
	same displayName Berlin "$(groups "(adminDescription=Group_$(group_id Berlin))" displayName |
		sed -n 's/^displayName: //p')"
}

run_tests \
	the_first_cycle_writes_every_group \
	new_groups_cost_no_searches \
	a_second_cycle_writes_nothing \
	members_stand_there_by_their_names \
	one_change_is_one_write \
	what_is_changed_by_hand_is_put_back
