#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job: the demo tenant into a real domain controller, and again, and again.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

a_dry_run_shows_the_plan_and_writes_nothing() {
	exits 4 sync --dry-run
	same policy initial "$(report .policy)"
	says '^\+ group "Board"'
	same writes 0 "$(dc_writes)"
}

the_plan_command_says_by_its_exit_code_that_there_is_something_to_do() {
	exits 4 plan
	says 'Digest of this plan: [0-9a-f]{64}'
	same writes 0 "$(dc_writes)"
}

the_first_cycle_waits_until_its_plan_is_approved() {
	exits 4 sync
	says 'nobody approved it yet'
	same writes 0 "$(dc_writes)"
	same "run that was stopped" 1 "$(report .run)"
}

the_first_cycle_converges() {
	exits 0 approve "$(report .waitingPlan.digest)"
	same creates 41 "$(report .traffic.ldapAdds)"
	same frozen 0 "$(report .plan.frozen)"
}

the_directory_holds_what_the_rules_say() {
	as_the_rules_say
}

a_second_cycle_writes_nothing_and_makes_at_most_five_requests() {
	local before
	before=$(dc_writes)
	exits 0 sync
	same policy delta "$(report .policy)"
	same "writes by our count" 0 "$(report .traffic.ldapWrites)"
	same "writes by the directory's audit" "$before" "$(dc_writes)"
	[ "$(report .traffic.httpRequests)" -le 5 ]
}

an_initial_cycle_over_what_is_written_writes_nothing() {
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	same creates 0 "$(report .plan.creates)"
}

the_plan_is_empty_then() {
	exits 0 plan
}

the_status_names_the_runs() {
	exits 0 status
	says 'run 2 '
	exits 0 status --json
	jq -e '.runs | length >= 2' "$GB_WORLD/tmp/said"
}

the_preflight_passes() {
	exits 0 check
	says 'pass .*rights'
}

run_tests \
	a_dry_run_shows_the_plan_and_writes_nothing \
	the_plan_command_says_by_its_exit_code_that_there_is_something_to_do \
	the_first_cycle_waits_until_its_plan_is_approved \
	the_first_cycle_converges \
	the_directory_holds_what_the_rules_say \
	a_second_cycle_writes_nothing_and_makes_at_most_five_requests \
	an_initial_cycle_over_what_is_written_writes_nothing \
	the_plan_is_empty_then \
	the_status_names_the_runs \
	the_preflight_passes
