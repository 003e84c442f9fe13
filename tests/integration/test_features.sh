#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# features: what the tenant marks for writeback, seen and changed by a person who signs in for it.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

PERSON=$(user_id ada.lovelace)

# Runs the command; a person answers its code at the browser.
as_person() { # exit-code features-arguments...
	local expected=$1 code=0 pid said=$GB_WORLD/tmp/said
	shift
	sim_change "[{\"op\": \"setDirectoryRoles\", \"id\": \"$PERSON\", \"directoryRoles\": [\"${ROLE:-Global Administrator}\"]}]"
	: >"$said" # or the code of the run before would be taken for this one's
	engine features "$@" >"$said" 2>&1 &
	pid=$!
	until grep -q 'enter the code' "$said" || ! kill -0 $pid 2>/dev/null; do sleep 0.2; done
	sim /control/device -H 'Content-Type: application/json' --data "{\"user\": \"$PERSON\"}" >/dev/null
	wait $pid || code=$?
	same "exit code" "$expected" $code || { cat "$said"; return 1; }
}

writeback() { # requests since the last reset, by method and path
	sim "/control/requests?method=$1&path=$2&count=1" | jq .matched
}

nothing_is_set_and_the_default_is_on() {
	as_person 0 show
	says 'Writeback of new Microsoft 365 groups: on'
	says 'Microsoft 365 groups: [0-9]+, of which writeback is on for [0-9]+'
}

the_default_is_made_from_the_template_and_then_changed() {
	as_person 0 set default off
	says 'on → off'
	as_person 0 show --json
	same default false "$(grep -v 'enter the code' "$GB_WORLD/tmp/said" | jq .newGroupsDefault)"
	as_person 0 set default off
	says 'is so already'
	as_person 0 set default on
	says 'off → on'
}

a_dry_run_shows_and_changes_nothing() {
	sim /control/requests/reset -X POST >/dev/null
	as_person 0 set all-microsoft365 off --dry-run
	says 'groups would be changed'
	same patches 0 "$(writeback PATCH '/beta/groups/*')"
}

one_group_is_switched() {
	local group
	group=$(group_id Board)
	as_person 0 set group "$group" off
	says '1 group was changed'
	as_person 0 set group "$group" off
	says '0 groups were changed'
	as_person 0 set group "$group" on
	says '1 group was changed'
}

all_existing_groups_are_switched() {
	as_person 0 set all-microsoft365 on
	as_person 0 show --json
	grep -v 'enter the code' "$GB_WORLD/tmp/said" | jq -e '.enabled == .microsoft365Groups and .enabled > 0'
	as_person 0 set all-microsoft365 on
	says '0 groups were changed'
}

spoil_the_link() { # kind how-often
	sim /control/faults -H 'Content-Type: application/json' --data '{"faults": [{"match": {"method": "GET",
		"path": "/beta/groups"}, "count": '"$2"', "action": {"nextLink": "'"$1"'"}}]}' >/dev/null
	sim /control/requests/reset -X POST >/dev/null
}

# A list that ends because its link leads elsewhere, or to itself, would pass for the whole.
a_list_whose_link_cannot_be_followed_changes_nothing() {
	spoil_the_link foreign 1
	as_person 76 set all-microsoft365 off
	says 'leads to graph.evil.example'
	same patches 0 "$(writeback PATCH '/beta/groups/*')"
	spoil_the_link loop -1
	as_person 76 set all-microsoft365 off
	says 'lead in a circle'
	same patches 0 "$(writeback PATCH '/beta/groups/*')"
	same "less than five pages" 1 "$(($(writeback GET /beta/groups) < 5))"
	sim /control/faults -H 'Content-Type: application/json' --data '{"faults": []}' >/dev/null
}

somebody_without_the_role_is_told_which_one_it_takes() {
	as_person 0 set group "$(group_id Board)" on
	sim /control/faults -H 'Content-Type: application/json' --data '{"faults": [{"match": {"method": "PATCH",
		"pathPrefix": "/beta/groups/"}, "count": 1, "action": {"status": 403,
		"code": "Authorization_RequestDenied"}}]}' >/dev/null
	as_person 77 set group "$(group_id Board)" off
	says 'Sign in as Groups Administrator or Global Administrator'
}

one_group_that_fails_does_not_stop_the_others() {
	local group
	group=$(jq -r '[.groups[] | select((.state // "live") == "live" and
		(.groupTypes // [] | index("Unified")))][0].id' "$GB_TENANT_FILE")
	sim /control/faults -H 'Content-Type: application/json' --data '{"faults": [{"match": {"method": "PATCH",
		"path": "/beta/groups/'"$group"'"}, "count": 1, "action": {"status": 404,
		"code": "Request_ResourceNotFound"}}]}' >/dev/null
	as_person 3 set all-microsoft365 off
	says '[0-9]+ of [0-9]+ groups were changed'
	as_person 0 set all-microsoft365 off
	says '1 group was changed'
}

wrong_words_are_refused_before_anybody_signs_in() {
	exits 64 features set default maybe
	exits 64 features set group me on
	exits 64 features unset
}

run_tests nothing_is_set_and_the_default_is_on \
	the_default_is_made_from_the_template_and_then_changed \
	a_dry_run_shows_and_changes_nothing \
	one_group_is_switched \
	all_existing_groups_are_switched \
	one_group_that_fails_does_not_stop_the_others \
	a_list_whose_link_cannot_be_followed_changes_nothing \
	somebody_without_the_role_is_told_which_one_it_takes \
	wrong_words_are_refused_before_anybody_signs_in
