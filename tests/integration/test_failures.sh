#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Rows of docs/failures.md as the whole engine shows them: the exit code, what is said, and that the domain
# controller saw no write.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

T=$GB_WORLD/tmp
cp "$GB_CONFIG" "$T/good.conf"

faults() {
	sim /control/faults --data-binary "{\"faults\": $1}" >/dev/null
}

fresh() {
	cp "$T/good.conf" "$GB_CONFIG"
	faults '[]'
}

nothing_is_written_by() { # exit-code command...
	local before
	before=$(dc_writes)
	exits "$@"
	same "writes" "$before" "$(dc_writes)"
}

# What stands there is what should: a run that read everything had nothing to do.
all_is_well() {
	fresh
	exits 0 sync --policy initial
	same "writes afterwards" 0 "$(report .traffic.ldapWrites)"
}

# No limit holds anything back, and what is missing is disabled at once.
without_limits() {
	for limit in deletions disables creations renames; do
		set_config safety "max group $limit" none
	done
	set_config safety "max type changes" none
	set_config safety "max member removals" none
	set_config safety "max member removals per group" none
	set_config writeback "when soft deleted" disable
}

written_groups() { # object ids of the groups that stand there
	container_ldif
	sed -n 's/^adminDescription: Group_//p' "$T/container.ldif" | sort
}

the_first_cycle_converges() {
	exits 0 sync --approve-first
	written_groups >"$T/written"
	[ "$(wc -l <"$T/written")" -ge 5 ]
}

c15_a_list_of_groups_that_lost_its_end_takes_no_access() {
	fresh
	without_limits
	faults '[{"match": {"path": "/beta/groups"}, "count": -1, "action": {"spoil": "fewer"}}]'
	nothing_is_written_by 3 sync --policy initial
	[ "$(report '[.problems[] | select(.id == "cloud-list-short")] | length')" -ge 1 ]
	all_is_well
}

c15_the_same_without_the_list_of_deleted_groups() {
	fresh
	without_limits
	faults '[{"match": {"path": "/beta/groups"}, "count": -1, "action": {"spoil": "fewer"}},
		{"match": {"pathPrefix": "/v1.0/directory/deletedItems"}, "count": -1, "action": {"status": 403}},
		{"match": {"pathPrefix": "/beta/directory/deletedItems"}, "count": -1, "action": {"status": 403}}]'
	nothing_is_written_by 3 sync --policy initial
	all_is_well
}

c15_a_list_of_members_that_lost_its_end_removes_nobody() {
	fresh
	without_limits
	faults "$(jq -R '{match: {path: "/v1.0/groups/\(.)/members"}, count: 1, action: {spoil: "fewer"}}' "$T/written" | jq -s .)"
	nothing_is_written_by 0 sync --policy initial
	same "members to be removed" 0 "$(report .plan.memberRemoves)"
	[ "$(sim /control/faults | jq '[.[] | select(.hits == 1)] | length')" -ge 5 ]
	all_is_well
}

c15_a_list_of_people_that_lost_its_end_removes_nobody() {
	fresh
	without_limits
	faults '[{"match": {"path": "/v1.0/users"}, "count": -1, "action": {"spoil": "fewer"}}]'
	nothing_is_written_by 0 sync --policy initial
	all_is_well
}

ROLES='"Group.Read.All", "User.Read.All", "Member.Read.Hidden", "Organization.Read.All"'

# A device that the application may not read comes as an id and nulls. Who it is nobody knows, so nobody is taken
# out, not even who has left.
c07_members_that_cannot_be_read_hold_back_removals() {
	local group=aaaaaaaa-0000-4000-8000-000000000c07 device members
	fresh
	device=$(jq -r '.devices[0].id' "$GB_TENANT_FILE")
	mapfile -t members < <(jq -r '[.users[] | select(.onPremisesSecurityIdentifier != null)][0:3][].id' "$GB_TENANT_FILE")
	add_group $group "Unreadable" "${members[@]}" "$device"
	exits 0 sync
	group_attribute $group member >"$T/members"
	[ "$(wc -l <"$T/members")" -ge 2 ]
	sim_change "[{\"op\": \"setApp\", \"appId\": \"$GB_CLIENT_ID\", \"roles\": [$ROLES]},
		{\"op\": \"removeMembers\", \"id\": \"$group\", \"members\": [\"${members[0]}\"]}]"
	nothing_is_written_by 3 sync --policy initial
	jq -e --arg id $group '[.problems[] | select(.group == $id)] | length >= 1' "$GB_WORLD/state/last.json"
	sim_change "[{\"op\": \"setApp\", \"appId\": \"$GB_CLIENT_ID\",
		\"roles\": [$ROLES, \"Device.Read.All\", \"OrgContact.Read.All\"]}]"
	exits 0 sync --policy initial
	same "members fewer" 1 "$(comm -23 <(sort "$T/members") <(group_attribute $group member | sort) | wc -l)"
}

# Somebody has left the group; but the list that says so cannot be had.
c08_a_group_that_is_not_found_twice_keeps_its_members() {
	local group member
	fresh
	group=$(jq -r --rawfile written "$T/written" '[.groups[] | select((.members | length) > 3) |
		select(.id as $id | $written | contains($id))][0].id' "$GB_TENANT_FILE")
	member=$(jq -r --arg id "$group" '.groups[] | select(.id == $id) | .members[0]' "$GB_TENANT_FILE")
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$group\", \"members\": [\"$member\"]}]"
	faults "[{\"match\": {\"path\": \"/v1.0/groups/$group/members\"}, \"count\": -1, \"action\": {\"status\": 404}}]"
	nothing_is_written_by 3 sync --policy initial
	jq -e --arg id "$group" '[.problems[] | select(.group == $id)] | length >= 1' "$GB_WORLD/state/last.json"
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$group\", \"members\": [\"$member\"]}]"
	all_is_well
}

c20_pages_in_a_circle_end_the_run() {
	local path
	for path in /v1.0/users /beta/groups /v1.0/users/delta /beta/groups/delta; do
		fresh
		faults "[{\"match\": {\"path\": \"$path\"}, \"count\": -1, \"action\": {\"nextLink\": \"loop\"}}]"
		nothing_is_written_by 76 sync --policy initial
		says 'circle|is the last page and is not'
	done
	fresh
	faults '[{"match": {"path": "/v1.0/groups/*/members"}, "count": -1, "action": {"nextLink": "loop"}}]'
	nothing_is_written_by 3 sync --policy initial
	all_is_well
}

c21_no_link_leads_away_from_graph() {
	local link
	for link in foreign userinfo http 'https://graph.microsoft.com%2eevil.example/v1.0/users'; do
		fresh
		faults "[{\"match\": {\"path\": \"/v1.0/users\"}, \"count\": -1, \"action\": {\"nextLink\": \"$link\"}}]"
		nothing_is_written_by 76 sync --policy initial
	done
	all_is_well
}

c31_another_tenant_is_refused_before_anything_is_planned() {
	fresh
	faults '[{"match": {"path": "/v1.0/organization"}, "count": -1, "action": {"status": 200, "body":
		{"value": [{"id": "99999999-9999-4999-8999-999999999999", "displayName": "Fabrikam",
		"verifiedDomains": [], "onPremisesSyncEnabled": true}]}}}]'
	nothing_is_written_by 78 sync --policy initial
	says 'belongs to tenant 99999999'
	all_is_well
}

h12_a_newer_state_is_refused_with_65() {
	fresh
	cp "$GB_WORLD/state/state.db" "$T/state.db"
	state_pragma 'user_version = 9999'
	nothing_is_written_by 65 sync
	cp "$T/state.db" "$GB_WORLD/state/state.db"
	all_is_well
}

state_pragma() { # pragma
	/usr/bin/python3 -B -c 'import sqlite3, sys
state = sqlite3.connect(sys.argv[1])
state.execute("PRAGMA " + sys.argv[2])
state.commit()' "$GB_WORLD/state/state.db" "$1"
}

h37_a_state_that_another_program_holds_is_tried_again_later() {
	fresh
	mkfifo "$T/go"
	/usr/bin/python3 -B -c 'import sqlite3, sys
state = sqlite3.connect(sys.argv[1], isolation_level=None)
state.execute("BEGIN EXCLUSIVE")
open(sys.argv[2], "w").close()
open(sys.argv[3]).read()' "$GB_WORLD/state/state.db" "$T/held" "$T/go" &
	waits_for 60 test -e "$T/held"
	nothing_is_written_by 75 sync
	echo >"$T/go"
	wait
	all_is_well
}

KEPT=aaaaaaaa-0000-4000-8000-000000000401

# One change waits to be written: another description each time.
something_to_write() { # text
	sim_change "[{\"op\": \"patch\", \"id\": \"$KEPT\", \"set\": {\"description\": \"$1\"}}]"
}

h08_a_disk_that_syncs_nothing_stops_before_anything_is_written() {
	local before code=0
	fresh
	add_group $KEPT "Kept"
	exits 0 sync
	something_to_write "never synced"
	before=$(dc_writes)
	strace -f -qq -o "$T/calls" -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO \
		"$ENGINE" sync --config "$GB_CONFIG" >"$T/said" 2>&1 || code=$?
	cat "$T/said"
	grep -q INJECTED "$T/calls"
	same "exit code" 74 $code
	same writes "$before" "$(dc_writes)"
	exits 0 sync
	same "description" "never synced" "$(group_attribute $KEPT description)"
	all_is_well
}

h26_too_few_descriptors_end_it_cleanly() {
	local before code=0
	fresh
	before=$(dc_writes)
	(ulimit -n 8; engine sync --policy initial >"$T/said" 2>&1) || code=$?
	cat "$T/said"
	[ $code -eq 71 ] || [ $code -eq 69 ] || [ $code -eq 74 ]
	same writes "$before" "$(dc_writes)"
	all_is_well
}

h28_closed_outputs_change_nothing() {
	fresh
	engine sync --policy initial >&- 2>&-
	same "exit code without outputs" 0 $?
	engine sync --policy initial --verbose 2>&1 | exec true
	same "exit code into a pipe that nobody reads" 74 "${PIPESTATUS[0]}"
	all_is_well
}

h29_another_locale_writes_the_same_bytes() {
	local locale
	for locale in C C.UTF-8 tr_TR.UTF-8 no_SUCH; do
		fresh
		LC_ALL=$locale exits 0 sync --policy initial
		same "writes with $locale" 0 "$(report .traffic.ldapWrites)"
	done
}

n05_the_environment_decides_nothing() {
	local hostile=(SSLKEYLOGFILE="$T/keys" QLOGDIR="$T" KRB5_TRACE="$T/krb5" OPENSSL_CONF="$T/none"
		https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 LDAPTLS_REQCERT=never)
	fresh
	env "${hostile[@]}" "$ENGINE" sync --config "$GB_CONFIG" --policy initial
	not test -e "$T/keys"
	not test -e "$T/krb5"
	set_config directory "ca file" "$GB_FOREIGN_CA"
	local before code=0
	before=$(dc_writes)
	env "${hostile[@]}" "$ENGINE" sync --config "$GB_CONFIG" --policy initial >"$T/said" 2>&1 || code=$?
	same "exit code with a foreign authority" 76 $code
	same writes "$before" "$(dc_writes)"
}

# Every command, as talkative as it can be; what it says and what it leaves is looked through.
s01_no_command_shows_a_secret() {
	local command group key
	fresh
	set_config cloud credential secret
	group=$(head -n 1 "$T/written")
	key=$(sed -n 2p "$GB_CREDENTIALS/cloud-key")
	rm -rf "$T/spoken"
	mkdir "$T/spoken"
	for command in "sync --policy initial" "plan --json" "plan --out $T/spoken/plan" "status --json" "history --json" \
		"explain $group" "check" "check --json" "permissions show" "scheduler show" "adopt --dry-run" "audit verify" \
		"settings export $T/spoken/settings" "support $T/spoken/support" "lease" "pause $group" \
		"resume $group" "undo 1 --dry-run" "approve 0000" "apply $T/none" "probe" "configure" "nonsense"; do
		# shellcheck disable=SC2086
		engine $command --verbose --verbose >>"$T/spoken/said" 2>&1 </dev/null || true
	done
	grep -q 'summary\|groups' "$T/spoken/said"
	not grep -rFl -e "$GB_SVC_PASSWORD" -e "$GB_CLIENT_SECRET" -e "$key" "$T/spoken" "$GB_WORLD/state"
	not grep -rFl -e "$(printf %s "$GB_CLIENT_SECRET" | jq -sRr @uri)" -e "$(printf %s "$GB_SVC_PASSWORD" | base64)" \
		"$T/spoken" "$GB_WORLD/state"
	not grep -rEl 'eyJ[A-Za-z0-9_-]+\.eyJ|Bearer [A-Za-z0-9]' "$T/spoken" "$GB_WORLD/state"
}

# What the engine asks of the kernel in a cycle, against the filter of its unit.
p05_a_cycle_stays_within_the_system_calls_of_the_unit() {
	fresh
	add_group cccccccc-0000-4000-8000-00000000cccc "Filtered"
	strace -f -qq -o "$T/calls" "$ENGINE" sync --config "$GB_CONFIG" --policy initial >"$T/said" 2>&1
	sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$T/calls" | sort -u >"$T/used"
	[ "$(wc -l <"$T/used")" -gt 40 ]
	unit_filter >"$T/allowed"
	[ "$(wc -l <"$T/allowed")" -gt 200 ]
	# SQLite calls fchown when it runs as root, which the unit never does.
	same "forbidden calls" "" "$(comm -23 "$T/used" "$T/allowed" | grep -vx fchown || true)"
}

unit_filter() { # names of the system calls that the unit allows, one a line
	local line word sign
	sed -n 's/^SystemCallFilter=//p' "$GB_BUILDDIR/data/systemd/groupback.service" >"$T/filter"
	: >"$T/all"
	while read -r line; do
		sign=+
		[ "${line#\~}" = "$line" ] || { sign=- && line=${line#\~}; }
		for word in $line; do
			set_of "$word" | sort -u >"$T/set"
			if [ $sign = + ]; then
				sort -u "$T/all" "$T/set" -o "$T/all"
			else
				comm -23 "$T/all" "$T/set" >"$T/rest"
				mv "$T/rest" "$T/all"
			fi
		done
	done <"$T/filter"
	cat "$T/all"
}

set_of() { # @set or call
	local word
	if [ "${1#@}" = "$1" ]; then
		echo "$1"
		return
	fi
	for word in $(systemd-analyze syscall-filter --no-pager "$1" | sed -n 's/^ *//; /^#/d; 2,$p'); do
		set_of "$word"
	done
}

run_tests \
	the_first_cycle_converges \
	c15_a_list_of_groups_that_lost_its_end_takes_no_access \
	c15_the_same_without_the_list_of_deleted_groups \
	c15_a_list_of_members_that_lost_its_end_removes_nobody \
	c15_a_list_of_people_that_lost_its_end_removes_nobody \
	c07_members_that_cannot_be_read_hold_back_removals \
	c08_a_group_that_is_not_found_twice_keeps_its_members \
	c20_pages_in_a_circle_end_the_run \
	c21_no_link_leads_away_from_graph \
	c31_another_tenant_is_refused_before_anything_is_planned \
	h12_a_newer_state_is_refused_with_65 \
	h37_a_state_that_another_program_holds_is_tried_again_later \
	h08_a_disk_that_syncs_nothing_stops_before_anything_is_written \
	h26_too_few_descriptors_end_it_cleanly \
	h28_closed_outputs_change_nothing \
	h29_another_locale_writes_the_same_bytes \
	n05_the_environment_decides_nothing \
	s01_no_command_shows_a_secret \
	p05_a_cycle_stays_within_the_system_calls_of_the_unit
