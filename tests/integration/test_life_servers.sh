#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Several domain controllers. The world has one: that another one did the last cycle is told to the
# state, and what has not been replicated yet is played by a group that is missing.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

G1=55555555-0000-4000-8000-000000000001
G2=55555555-0000-4000-8000-000000000002
G3=55555555-0000-4000-8000-000000000003

state_sql() { # statement
	/usr/bin/python3 -B - "$GB_WORLD/state/state.db" "$1" <<-'PYTHON'
		import sqlite3, sys
		state = sqlite3.connect(sys.argv[1])
		for row in state.execute(sys.argv[2]):
		    print(*row)
		state.commit()
	PYTHON
}

another_server_did_the_last_cycle() {
	state_sql "UPDATE fact SET value = 'cccccccc-1111-4000-8000-000000000001'
		WHERE name = 'server-invocation-id'"
	state_sql "UPDATE cursor SET name = 'directory cccccccc-1111-4000-8000-000000000001'
		WHERE name LIKE 'directory %'"
}

the_first_cycle_converges() {
	set_config writeback "when not enabled" delete
	add_group $G1 One
	add_group $G2 Two
	exits 0 sync --approve-first
	same cursors 1 "$(state_sql "SELECT count(*) FROM cursor WHERE name LIKE 'directory %'")"
}

# D21
d21_the_first_cycle_on_another_server_makes_and_deletes_nothing() {
	dc_as svc ldapdelete "$(group_attribute $G1 dn)"
	another_server_did_the_last_cycle
	enable $G2 false
	add_group $G3 Three
	exits 3 sync --policy initial
	says 'Another domain controller took over'
	same writes 0 "$(report .traffic.ldapWrites)"
	same "the missing group" 0 "$(objects_of $G1)"
	same "the group to be deleted" 1 "$(objects_of $G2)"
	same "the new group" 0 "$(objects_of $G3)"
	exits 3 sync
	same "writes in the replication window" 0 "$(report .traffic.ldapWrites)"
	same cursors 2 "$(state_sql "SELECT count(*) FROM cursor WHERE name LIKE 'directory %'")"
}

after_the_replication_window_everything_goes_on() {
	state_sql "UPDATE fact SET value = value - 900001 WHERE name = 'server-since-ms'"
	exits 0 sync --policy initial
	same "the missing group" 1 "$(objects_of $G1)"
	same "the group to be deleted" 0 "$(objects_of $G2)"
	same "the new group" 1 "$(objects_of $G3)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

# D22: a database that was set back has lower USNs than those that were read from it.
d22_a_server_that_was_set_back_is_read_anew_and_nothing_is_made_twice() {
	state_sql "UPDATE cursor SET value = substr(value, 1, 42) || '99999999' WHERE name LIKE 'directory %'"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	add_group 55555555-0000-4000-8000-000000000004 Four
	exits 0 sync
	same adds 1 "$(report .traffic.ldapAdds)"
}

run_tests \
	the_first_cycle_converges \
	d21_the_first_cycle_on_another_server_makes_and_deletes_nothing \
	after_the_replication_window_everything_goes_on \
	d22_a_server_that_was_set_back_is_read_anew_and_nothing_is_made_twice
