#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a cycle may write by itself, what waits for approval, and what an approval is good for.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

waiting() {
	report .waitingPlan.digest
}

writes_nothing() { # command...
	local before
	before=$(dc_writes)
	"$@"
	same "writes" "$before" "$(dc_writes)"
}

new_groups() { # first last: security groups with writeback, without members
	local n
	for n in $(seq "$1" "$2"); do
		printf '{"op": "add", "type": "group", "object": {"id": "44444444-0000-4000-8000-%012d",
			"displayName": "Flood %d", "groupTypes": [], "mailEnabled": false,
			"securityEnabled": true, "mailNickname": "flood%d", "members": [],
			"writebackConfiguration": {"isEnabled": true, "onPremisesGroupType": null}}}' "$n" "$n" "$n"
		[ "$n" -eq "$2" ] || printf ,
	done
}

groups_there() {
	dc_search '(adminDescription=Group_*)' dn | grep -c '^dn'
}

staff_ids() { # how many: people of the tenant who have an account
	jq -r "[.users[] | select(.onPremisesSecurityIdentifier != null) | .id] | .[:$1] |
		map(\"\\\"\" + . + \"\\\"\") | join(\",\")" "$GB_TENANT_FILE"
}

BIG=55555555-0000-4000-8000-000000000001

y02_a_new_tenant_is_planned_only_until_somebody_approves() {
	writes_nothing exits 4 sync
	says 'first cycle .* nobody approved it yet'
	same "groups there" 0 "$(groups_there || true)"
	exits 0 status
	says 'Waits for approval since'
	writes_nothing exits 4 sync
}

the_digest_of_the_same_plan_is_the_same() {
	local first
	exits 4 plan
	first=$(report .savedPlan.digest)
	sleep 1
	exits 4 plan --policy initial
	same digest "$first" "$(report .savedPlan.digest)"
	exits 4 sync
	same digest "$first" "$(waiting)"
}

a_digest_that_no_plan_has_approves_nothing() {
	writes_nothing exits 64 approve 0123456789abcdef
	says 'No plan that was made here has the digest'
	writes_nothing exits 64 approve "../../etc/passwd"
	writes_nothing exits 64 approve ""
	writes_nothing exits 64 approve
}

a_plan_that_was_edited_by_hand_is_refused() {
	exits 4 plan --out "$GB_WORLD/tmp/plan.json"
	sed 's/"Group_/"group_/' "$GB_WORLD/tmp/plan.json" >"$GB_WORLD/tmp/edited.json"
	writes_nothing exits 76 apply "$GB_WORLD/tmp/edited.json"
	says 'changed since it was written'
	sed '3d' "$GB_WORLD/tmp/plan.json" >"$GB_WORLD/tmp/edited.json"
	writes_nothing exits 76 apply "$GB_WORLD/tmp/edited.json"
	sed '$d' "$GB_WORLD/tmp/plan.json" >"$GB_WORLD/tmp/edited.json"
	writes_nothing exits 76 apply "$GB_WORLD/tmp/edited.json"
	echo '{"kind": "groupback-plan", "kind": "x"}' >"$GB_WORLD/tmp/edited.json"
	writes_nothing exits 76 apply "$GB_WORLD/tmp/edited.json"
	: >"$GB_WORLD/tmp/edited.json"
	writes_nothing exits 76 apply "$GB_WORLD/tmp/edited.json"
	head -c 100000 /dev/urandom >"$GB_WORLD/tmp/edited.json"
	writes_nothing exits 76 apply "$GB_WORLD/tmp/edited.json"
	writes_nothing exits 78 apply "$GB_WORLD/tmp/no-such-file"
}

# Somebody who edits a plan may well compute its digest anew.
with_a_good_digest() { # sed command: the plan, changed, with the digest that it should have
	sed -e "$1" -e '$d' "$GB_WORLD/tmp/plan.json" >"$GB_WORLD/tmp/edited.json"
	printf '{"changes":%d,"digest":"%s"}\n' $(($(wc -l <"$GB_WORLD/tmp/edited.json") - 1)) \
		"$(sha256sum "$GB_WORLD/tmp/edited.json" | cut -d' ' -f1)" >>"$GB_WORLD/tmp/edited.json"
}

a_plan_of_another_tenant_domain_container_or_state_is_refused() {
	local key
	for key in tenant domain container state configuration; do
		with_a_good_digest "1s/\"$key\":\"[^\"]*\"/\"$key\":\"99999999-9999-4999-8999-999999999999\"/"
		writes_nothing exits 4 apply "$GB_WORLD/tmp/edited.json"
		says 'plan was made|configuration was changed'
	done
}

a_forged_plan_writes_nothing_that_the_engine_would_not_write_itself() {
	with_a_good_digest 's/"S-1-5-[0-9-]*"/"S-1-5-32-544"/g; s/CN=[^,]*,/CN=Domain Admins,/'
	local before
	before=$(dc_writes)
	exits 3 apply "$GB_WORLD/tmp/edited.json"
	says 'changed since the plan was made'
	same "groups with the forged name" 0 "$(dc_search '(&(cn=Domain Admins)(adminDescription=*))' dn | grep -c '^dn' || true)"
	[ "$(dc_writes)" -ge "$before" ]
}

h16_a_wrong_scope_waits_and_memberships_go_on() {
	local group
	group=$(group_id "Empty too")
	exits 0 sync
	set_config writeback scope tenant
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$group\", \"members\": [\"$(user_id ada.lovelace)\"]}]"
	exits 3 sync
	same creates 0 "$(report .traffic.ldapAdds)"
	same "values written" 1 "$(report .traffic.ldapMemberValues)"
	says 'wait for approval'
	jq -e '[.problems[] | select(.id == "waits-scope")] | length > 0' "$GB_WORLD/state/last.json"
	exits 3 sync
	same "writes of the next cycle" 0 "$(report .traffic.ldapWrites)"
	set_config writeback scope enabled-only
	exits 0 sync
	same "nothing waits" null "$(report .waitingPlan)"
}

y02_an_approved_scope_is_written_and_asked_for_no_more() {
	set_config writeback scope tenant
	exits 3 sync
	exits 0 approve "$(waiting)"
	[ "$(report .traffic.ldapAdds)" -gt 0 ]
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$(group_id "Empty too")\", \"members\": [\"$(user_id ada.lovelace)\"]}]"
	exits 0 sync
	as_the_rules_say --scope tenant
}

y01_creations_stop_the_run_one_above_the_limit() {
	local before
	before=$(groups_there)
	set_config safety "max group creations" 3
	sim_change "[$(new_groups 1 2)]"
	exits 0 sync
	sim_change "[$(new_groups 3 5)]"
	exits 0 sync
	same "groups there" $((before + 5)) "$(groups_there)"
	sim_change "[$(new_groups 6 9)]"
	writes_nothing exits 4 sync
	says 'Groups to be created: 4; allowed in one run: 3'
	same "groups there" $((before + 5)) "$(groups_there)"
}

an_approved_plan_goes_above_the_limit_once() {
	exits 0 approve "$(waiting)"
	same creates 4 "$(report .traffic.ldapAdds)"
	exits 0 sync
	sim_change "[$(new_groups 10 13)]"
	writes_nothing exits 4 sync
	set_config safety "max group creations" "50 20%"
	exits 0 sync
}

c25_a_group_that_loses_too_many_members_waits_and_the_others_go_on() {
	sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$BIG\",
		\"displayName\": \"Big\", \"groupTypes\": [], \"mailEnabled\": false, \"securityEnabled\": true,
		\"mailNickname\": \"big\", \"members\": [$(staff_ids 40)],
		\"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": null}}}]"
	exits 0 sync
	same members 40 "$(group_attribute $BIG member | wc -l)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$BIG\", \"members\": [$(staff_ids 12)]}]"
	exits 0 sync
	same members 28 "$(group_attribute $BIG member | wc -l)"
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$BIG\", \"members\": [$(staff_ids 12)]}]"
	exits 0 sync
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$BIG\", \"members\": [$(staff_ids 13)]},
		{\"op\": \"addMembers\", \"id\": \"$(group_id Empty)\", \"members\": [$(staff_ids 1)]}]"
	exits 3 sync
	same members 40 "$(group_attribute $BIG member | wc -l)"
	same "members of another group" 1 "$(group_attribute "$(group_id Empty)" member | wc -l)"
	jq -e ".problems[] | select(.group == \"$BIG\" and .id == \"waits-removals\")" \
		"$GB_WORLD/state/last.json"
}

approval_lets_that_group_go() {
	exits 0 approve "$(waiting | cut -c1-12)"
	same members 27 "$(group_attribute $BIG member | wc -l)"
	exits 0 sync
	same "nothing waits" null "$(report .waitingPlan)"
}

what_changed_since_the_plan_is_left_out_and_the_rest_goes_on() {
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$BIG\", \"members\": [$(staff_ids 13)]},
		{\"op\": \"removeMembers\", \"id\": \"$(group_id Empty)\", \"members\": [$(staff_ids 1)]}]"
	exits 2 plan --out "$GB_WORLD/tmp/plan.json"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$BIG\", \"members\": [$(staff_ids 1)]}]"
	exits 3 apply "$GB_WORLD/tmp/plan.json"
	same "members of the group that changed" 27 "$(group_attribute $BIG member | wc -l)"
	same "members of the other" 0 "$(group_attribute "$(group_id Empty)" member | wc -l)"
	jq -e ".problems[] | select(.group == \"$BIG\" and .id == \"plan-changed\")" \
		"$GB_WORLD/state/last.json"
	exits 0 sync
	same members 39 "$(group_attribute $BIG member | wc -l)"
	exits 0 apply "$GB_WORLD/tmp/plan.json"
	same "writes of a plan that is done" 0 "$(report .traffic.ldapWrites)"
}

a_type_that_gives_access_waits() {
	local group
	group=$(dc_search '(&(adminDescription=Group_*)(groupType=8))' adminDescription |
		sed -n 's/^adminDescription: Group_//p' | head -n 1)
	sim_change "[{\"op\": \"patch\", \"id\": \"$group\", \"set\": {\"description\": \"now for access\",
		\"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": \"universalSecurityGroup\"}}}]"
	exits 3 sync
	same groupType 8 "$(group_attribute "$group" groupType)"
	same description "now for access" "$(group_attribute "$group" description)"
	exits 0 approve "$(waiting)"
	same groupType -2147483640 "$(group_attribute "$group" groupType)"
}

c24_a_scope_that_lost_all_its_groups_stops_the_run() {
	set_config writeback kinds microsoft365
	set_config writeback scope enabled-only
	sim_change "$(jq -c '[.groups[] | {op: "patch", id: .id, set: {writebackConfiguration:
		{isEnabled: false, onPremisesGroupType: null}}}]' "$GB_TENANT_FILE")"
	writes_nothing exits 4 sync
	says 'No group is in scope any more'
}

run_tests \
	y02_a_new_tenant_is_planned_only_until_somebody_approves \
	the_digest_of_the_same_plan_is_the_same \
	a_digest_that_no_plan_has_approves_nothing \
	a_plan_that_was_edited_by_hand_is_refused \
	a_plan_of_another_tenant_domain_container_or_state_is_refused \
	a_forged_plan_writes_nothing_that_the_engine_would_not_write_itself \
	h16_a_wrong_scope_waits_and_memberships_go_on \
	y02_an_approved_scope_is_written_and_asked_for_no_more \
	y01_creations_stop_the_run_one_above_the_limit \
	an_approved_plan_goes_above_the_limit_once \
	c25_a_group_that_loses_too_many_members_waits_and_the_others_go_on \
	approval_lets_that_group_go \
	what_changed_since_the_plan_is_left_out_and_the_rest_goes_on \
	a_type_that_gives_access_waits \
	c24_a_scope_that_lost_all_its_groups_stops_the_run
