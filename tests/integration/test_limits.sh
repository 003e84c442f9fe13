#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every limit of [safety] with one less than it allows, as many as it allows, and one more: the first two
# are written, the third writes nothing at all (run) or nothing of its group (group).
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

KEYS=("max group deletions" "max group disables" "max group creations" "max group renames"
	"max type changes" "max member removals" "max member removals per group" "max failed groups")

id_of() { # number
	printf '55555555-0000-4000-8000-0000000000%02d' "$1"
}

staff() { # first last: people of the tenant who have an account, as JSON
	jq -r "[.users[] | select(.onPremisesSecurityIdentifier != null) | .id] | .[$1 - 1:$2] |
		map(\"\\\"\" + . + \"\\\"\") | join(\",\")" "$GB_TENANT_FILE"
}

changes() { # first last change: the same for each group; ID and NUMBER stand for its own
	local n change list=
	for n in $(seq "$1" "$2"); do
		change=${3//ID/$(id_of "$n")}
		list+=,${change//NUMBER/$n}
	done
	echo "[${list#,}]"
}

only_limit() { # key value: every other one is lifted
	local key
	for key in "${KEYS[@]}"; do
		set_config safety "$key" none
	done
	set_config safety "$1" "$2"
}

stops() { # text: the next cycle says so, and writes nothing
	local before
	before=$(dc_writes)
	exits 4 sync
	says "$1"
	same "writes" "$before" "$(dc_writes)"
}

SWITCH_OFF='{"op": "patch", "id": "ID", "set": {"writebackConfiguration": {"isEnabled": false, "onPremisesGroupType": null}}}'
SWITCH_ON='{"op": "patch", "id": "ID", "set": {"writebackConfiguration": {"isEnabled": true, "onPremisesGroupType": null}}}'
RENAME='{"op": "patch", "id": "ID", "set": {"displayName": "Renamed '

forty_groups_are_written() {
	local n
	for key in "${KEYS[@]}"; do
		set_config safety "$key" none
	done
	for n in $(seq 1 20); do
		add_group "$(id_of "$n")" "Group $n" "$(user_id ada.lovelace)"
	done
	for n in $(seq 21 40); do
		sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$(id_of "$n")\",
			\"displayName\": \"Unified $n\", \"groupTypes\": [\"Unified\"], \"mailEnabled\": true,
			\"securityEnabled\": false, \"mailNickname\": \"unified$n\", \"mail\": \"unified$n@sim.test\",
			\"members\": [], \"writebackConfiguration\": {\"isEnabled\": true,
			\"onPremisesGroupType\": \"universalSecurityGroup\"}}}]"
	done
	exits 0 sync --approve-first
	same "groups" 40 "$(dc_search '(adminDescription=Group_55555555-*)' dn | grep -c '^dn')"
}

y01_renames() {
	only_limit "max group renames" 3
	sim_change "$(changes 1 2 "$RENAME"'once NUMBER"}}')"
	exits 0 sync
	same renames 2 "$(report .traffic.ldapRenames)"
	sim_change "$(changes 1 3 "$RENAME"'twice NUMBER"}}')"
	exits 0 sync
	same renames 3 "$(report .traffic.ldapRenames)"
	sim_change "$(changes 1 4 "$RENAME"'thrice NUMBER"}}')"
	stops 'renamed or moved: 4; allowed in one run: 3'
	approved_sync
	same renames 4 "$(report .traffic.ldapRenames)"
}

# Towards distribution: what gives access waits in any case.
y01_type_changes() {
	local to_distribution='{"op": "patch", "id": "ID", "set": {"writebackConfiguration":
		{"isEnabled": true, "onPremisesGroupType": "universalDistributionGroup"}}}'
	only_limit "max type changes" 3
	sim_change "$(changes 21 22 "$to_distribution")"
	exits 0 sync
	same "type changes" 2 "$(report .plan.typeChanges)"
	sim_change "$(changes 23 25 "$to_distribution")"
	exits 0 sync
	same "type changes" 3 "$(report .plan.typeChanges)"
	sim_change "$(changes 26 29 "$to_distribution")"
	stops 'type is to be changed: 4; allowed in one run: 3'
	approved_sync
	same groupType $DISTRIBUTION "$(group_attribute "$(id_of 29)" groupType)"
}

y01_disables() {
	set_config writeback "when not enabled" disable
	approved_sync
	only_limit "max group disables" 3
	sim_change "$(changes 1 2 "$SWITCH_OFF")"
	exits 0 sync
	same disables 2 "$(report .plan.disables)"
	sim_change "$(changes 3 5 "$SWITCH_OFF")"
	exits 0 sync
	same disables 3 "$(report .plan.disables)"
	sim_change "$(changes 6 9 "$SWITCH_OFF")"
	stops 'to be disabled: 4; allowed in one run: 3'
	same groupType $SECURITY "$(group_attribute "$(id_of 6)" groupType)"
	sim_change "$(changes 1 9 "$SWITCH_ON")"
	exits 0 sync
}

y01_deletions() {
	set_config writeback "when not enabled" delete
	approved_sync
	only_limit "max group deletions" 3
	sim_change "$(changes 30 31 "$SWITCH_OFF")"
	exits 0 sync
	same deletions 2 "$(report .traffic.ldapDeletes)"
	sim_change "$(changes 32 34 "$SWITCH_OFF")"
	exits 0 sync
	same deletions 3 "$(report .traffic.ldapDeletes)"
	sim_change "$(changes 35 38 "$SWITCH_OFF")"
	stops 'to be deleted: 4; allowed in one run: 3'
	same objects 1 "$(objects_of "$(id_of 35)")"
	sim_change "$(changes 35 38 '{"op": "patch", "id": "ID", "set": {"writebackConfiguration":
		{"isEnabled": true, "onPremisesGroupType": "universalSecurityGroup"}}}')"
	exits 0 sync
}

y01_creations() {
	only_limit "max group creations" 3
	new_groups 50 51
	exits 0 sync
	same creations 2 "$(report .traffic.ldapAdds)"
	new_groups 52 54
	exits 0 sync
	same creations 3 "$(report .traffic.ldapAdds)"
	new_groups 55 58
	stops 'to be created: 4; allowed in one run: 3'
	approved_sync
	same creations 4 "$(report .traffic.ldapAdds)"
}

new_groups() { # first last
	local n
	for n in $(seq "$1" "$2"); do
		add_group "$(id_of "$n")" "New $n"
	done
}

y01_member_removals_of_a_run() {
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$(id_of 10)\", \"members\": [$(staff 1 5)]},
		{\"op\": \"addMembers\", \"id\": \"$(id_of 11)\", \"members\": [$(staff 1 5)]}]"
	exits 0 sync
	only_limit "max member removals" 3
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$(id_of 10)\", \"members\": [$(staff 1 2)]}]"
	exits 0 sync
	same removals 2 "$(report .plan.memberRemoves)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$(id_of 10)\", \"members\": [$(staff 3 4)]},
		{\"op\": \"removeMembers\", \"id\": \"$(id_of 11)\", \"members\": [$(staff 1 1)]}]"
	exits 0 sync
	same removals 3 "$(report .plan.memberRemoves)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$(id_of 10)\", \"members\": [$(staff 5 5)]},
		{\"op\": \"removeMembers\", \"id\": \"$(id_of 11)\", \"members\": [$(staff 2 4)]}]"
	stops 'Members to be removed: 4; allowed in one run: 3'
	approved_sync
	same removals 4 "$(report .plan.memberRemoves)"
}

y01_member_removals_of_a_group() {
	local big
	big=$(id_of 12)
	only_limit "max member removals per group" 3
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$big\", \"members\": [$(staff 1 40)]}]"
	exits 0 sync
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$big\", \"members\": [$(staff 1 2)]}]"
	exits 0 sync
	same removals 2 "$(report .plan.memberRemoves)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$big\", \"members\": [$(staff 3 5)]}]"
	exits 0 sync
	same removals 3 "$(report .plan.memberRemoves)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$big\", \"members\": [$(staff 6 9)]},
		{\"op\": \"addMembers\", \"id\": \"$(id_of 13)\", \"members\": [$(staff 3 4)]}]"
	exits 3 sync
	same "values written for the others" 2 "$(report .traffic.ldapMemberValues)"
	same problem waits-removals "$(report ".problems[] | select(.group == \"$big\") | .id")"
	approved_sync
	same removals 4 "$(report .plan.memberRemoves)"
}

lock() { # number: the account may not change this group any more
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/lock_object.py" "$GB_WORLD/samba/private/sam.ldb" \
		"$(group_attribute "$(id_of "$1")" dn)"
}

describe() { # text: for ten groups
	sim_change "$(changes 1 10 "{\"op\": \"patch\", \"id\": \"ID\", \"set\": {\"description\": \"$1\"}}")"
}

# Locked groups fail one by one; the fourth failure is no matter of single groups any more.
y01_failed_groups() {
	only_limit "max failed groups" 3
	lock 1
	lock 2
	describe one
	exits 3 sync
	same failed 2 "$(report .applied.failed)"
	same applied 8 "$(report .applied.applied)"
	lock 3
	describe two
	exits 3 sync
	same failed 3 "$(report .applied.failed)"
	same applied 7 "$(report .applied.applied)"
	lock 4
	describe three
	engine sync >"$GB_WORLD/tmp/said" 2>&1 && return 1
	says 'Groups that failed: 4 of 10; allowed in one run: 3'
	same error guard-failures "$(report .error.id)"
}

run_tests \
	forty_groups_are_written \
	y01_renames \
	y01_type_changes \
	y01_disables \
	y01_deletions \
	y01_creations \
	y01_member_removals_of_a_run \
	y01_member_removals_of_a_group \
	y01_failed_groups
