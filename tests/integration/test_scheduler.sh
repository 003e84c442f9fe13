#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The resident scheduler: cycles as children, signals, and what the configuration says meanwhile.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

resident() { # starts it in the background; its pid is $RESIDENT
	"$ENGINE" scheduler run --config "$GB_CONFIG" >"$GB_WORLD/tmp/resident" 2>&1 &
	RESIDENT=$!
}

ends_with_143() { # the resident one, told by SIGTERM
	local code=0
	kill -TERM "$RESIDENT"
	wait "$RESIDENT" || code=$?
	same "exit code" 143 "$code"
}

note() { # jq filter over what is known of the last run
	jq -r "$1" "$GB_WORLD/state/schedule.json"
}

a_run_was_noted() {
	[ -e "$GB_WORLD/state/schedule.json" ]
}

the_scheduler_is_shown() {
	exits 0 scheduler
	says '^enabled +yes'
	says '^last run +none'
	exits 0 scheduler show --json
	jq -e '.enabled and .intervalSeconds == 1800 and .lastRun == null and .nextPolicy == "initial"' "$GB_WORLD/tmp/said"
}

a_resident_scheduler_runs_what_is_due_and_ends_with_143() {
	exits 0 sync --approve-first
	rm "$GB_WORLD/state/schedule.json"
	resident
	waits_for 120 a_run_was_noted
	same "exit code" 0 "$(note .exitCode)"
	ends_with_143
	exits 0 scheduler
	says '^next run .*, delta$'
}

a_run_that_is_not_due_waits() {
	local before
	before=$(note .begunMs)
	exits 0 sync --if-due
	says 'not due'
	same begun "$before" "$(note .begunMs)"
}

the_interval_is_changed_in_the_configuration_alone() {
	exits 0 scheduler set interval 1m
	says '^interval +60 s'
	grep -q '^interval = "1m"' "$GB_CONFIG"
	exits 64 scheduler set interval
	exits 78 scheduler set interval 10s
	says '1m|60s'
	exits 0 scheduler set interval 30m
}

no_wrong_interval_is_taken_and_the_old_one_stays() {
	local wrong
	cp "$GB_CONFIG" "$GB_WORLD/tmp/good"
	for wrong in 0 59s 1h30 '1 m' 1.5h 30 x 30M 99999999999h ''; do
		exits 78 scheduler set interval "$wrong"
		says 'interval'
		cmp "$GB_CONFIG" "$GB_WORLD/tmp/good"
	done
	exits 64 scheduler set interval -5m
	exits 64 scheduler set interval 30m 30m
	cmp "$GB_CONFIG" "$GB_WORLD/tmp/good"
}

an_unknown_word_is_refused_with_what_is_known() {
	exits 64 scheduler start
	says "'enable'"
}

a_disabled_scheduler_starts_nothing() {
	exits 0 scheduler disable
	rm "$GB_WORLD/state/schedule.json"
	resident
	sleep 2
	proc_of "$RESIDENT" >"$GB_WORLD/tmp/resident"
	not children_of "$RESIDENT"
	ends_with_143
	not a_run_was_noted
	exits 0 scheduler enable
}

disabling_is_refused_while_a_cycle_runs() {
	exec 7>"$GB_WORLD/state/lock"
	flock 7
	exits 75 scheduler disable
	exec 7>&-
	says 'not disabled'
	exits 0 scheduler show
	says '^enabled +yes'
}

a_broken_configuration_does_not_end_the_service() {
	rm -f "$GB_WORLD/state/schedule.json"
	resident
	waits_for 120 a_run_was_noted
	cp "$GB_CONFIG" "$GB_WORLD/tmp/good"
	echo 'nonsense' >>"$GB_CONFIG"
	kill -HUP "$RESIDENT"
	waits_for 60 grep -q 'stays in force' "$GB_WORLD/tmp/resident"
	kill -0 "$RESIDENT"
	cp "$GB_WORLD/tmp/good" "$GB_CONFIG"
	ends_with_143
}

hang_up_groups() { # true|false: the cloud's lists of groups do not answer
	local faults='[]'
	[ "$1" = false ] || faults='[{"match": {"pathPrefix": "/"}, "skip": 1, "count": -1, "action": {"hang": true}}]'
	sim /control/faults --data-binary "{\"faults\": $faults}" >/dev/null
}

cycle_waits_for_the_cloud() {
	[ "$(sim '/control/requests?count=1' | jq .matched)" -ge 2 ]
}

begin_a_cycle_that_hangs() { # its pid is $CYCLE
	hang_up_groups true
	sim /control/requests/reset -X POST >/dev/null
	"$ENGINE" sync --policy initial --config "$GB_CONFIG" >"$GB_WORLD/tmp/cycle" 2>&1 &
	CYCLE=$!
	waits_for 60 cycle_waits_for_the_cloud
}

ends_with() { # exit code; the cycle that hangs
	local code=0
	wait "$CYCLE" || code=$?
	hang_up_groups false
	cat "$GB_WORLD/tmp/cycle"
	same "exit code" "$1" "$code"
	same "exit code in the report" "$1" "$(report .exitCode)"
	same error cancelled "$(report .error.id)"
}

in_the_middle_of_a_cycle_others_are_told_who_is_at_work() {
	begin_a_cycle_that_hangs
	exits 75 sync
	says "process $CYCLE since 20"
	exits 75 scheduler disable
	says "process $CYCLE since 20"
	says 'not disabled'
	exits 0 scheduler show --json
	jq -e '.enabled and .isRunning' "$GB_WORLD/tmp/said"
	kill -TERM $CYCLE
	ends_with 143
}

an_interrupted_cycle_ends_with_130() {
	begin_a_cycle_that_hangs
	kill -INT $CYCLE
	ends_with 130
	exits 0 sync
}

# Stopped in the middle of its writes: what is in flight is finished, the rest is left for the next run.
a_cycle_that_is_told_to_stop_while_it_writes_finishes_what_is_in_flight() {
	local n code=0 applied
	set_config safety "max group creations" 1000
	for n in $(seq 60); do
		add_group "$(printf '88888888-0000-4000-8000-0000000001%02d' "$n")" "Stopped $n"
	done
	relay 40 stop
	begin_relayed
	waits_for 60 is_stopped "$FIRST"
	kill -TERM "$FIRST"
	kill -CONT "$FIRST"
	wait "$FIRST" || code=$?
	end_relay
	same "exit code" 143 $code
	applied=$(report .applied.applied)
	same unknown 0 "$(report .applied.unknown)"
	[ "$applied" -lt 60 ]
	same "groups there" "$applied" "$(dc_search '(displayName=Stopped *)' dn | grep -c '^dn' || true)"
	exits 0 sync
	same "created by the next run" $((60 - applied)) "$(report .plan.creates)"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

# Steps at which a cycle is told to stop: 0 is every one.
STEPS=${GB_STOP_STEPS:-6}
G=88888888-0000-4000-8000-000000000001

change_a_group() { # text
	sim_change "[{\"op\": \"patch\", \"id\": \"$G\", \"set\": {\"description\": \"$1\"}}]"
}

# Where it was leaving already, it leaves as it would have.
stopped_at() { # step
	local code=0
	change_a_group "step $1"
	relay "$1" stop
	begin_relayed
	waits_for 60 is_stopped_or_over "$FIRST"
	kill -TERM "$FIRST" 2>/dev/null || true
	kill -CONT "$FIRST" 2>/dev/null || true
	wait "$FIRST" || code=$?
	end_relay
	echo "step $1: exit code $code"
	same "exit code in the report" $code "$(report .exitCode)"
	if [ $code -ne 0 ]; then
		same "exit code" 143 $code
		same error cancelled "$(report .error.id)"
		exits 0 sync
	fi
	same description "step $1" "$(group_attribute $G description)"
}

told_to_stop_at_any_step_it_ends_with_143_says_so_and_the_next_run_converges() {
	local total step
	exits 0 sync
	add_group $G "Any step"
	exits 0 sync
	change_a_group "step 0"
	relay 0 none
	begin_relayed
	wait "$FIRST"
	end_relay
	total=$(cat "$GB_WORLD/tmp/count")
	echo "$total steps"
	for ((step = 1; step <= total; step += STEPS == 0 ? 1 : (total + STEPS - 1) / STEPS)); do
		stopped_at $step
	done
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

steps_are() { # number
	[ "$(cat "$GB_WORLD/tmp/count")" -ge "$1" ]
}

# The first one waits for the answers to what is in flight; they never come.
a_second_signal_ends_it_at_once_and_the_next_run_finds_out() {
	local n code=0
	for n in $(seq 60); do
		add_group "$(printf '88888888-0000-4000-8000-0000000002%02d' "$n")" "Twice $n"
	done
	rm "$GB_WORLD/state/last.json"
	relay 45 hold
	begin_relayed
	waits_for 60 steps_are 45
	kill -TERM "$FIRST"
	waits_for 60 grep -q 'stopping on signal 15' "$GB_WORLD/tmp/relayed"
	kill -TERM "$FIRST"
	wait "$FIRST" || code=$?
	end_relay
	same "exit code" 143 $code
	# Nobody waited for an end in order.
	[ ! -e "$GB_WORLD/state/last.json" ]
	exits 0 sync
	same groups 60 "$(dc_search '(displayName=Twice *)' dn | grep -c '^dn' || true)"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

pss_kib() { # pid
	awk '/^Pss:/ { print $2 }' "$(proc_of "$1")/smaps_rollup"
}

the_idle_scheduler_is_small() {
	local pss
	exits 0 sync
	resident
	waits_for 60 proc_of "$RESIDENT"
	sleep 1
	pss=$(pss_kib "$RESIDENT")
	echo "PSS of the idle scheduler: $pss KiB"
	ends_with_143
	[ "$pss" -le 8192 ]
}

run_tests \
	the_scheduler_is_shown \
	a_resident_scheduler_runs_what_is_due_and_ends_with_143 \
	a_run_that_is_not_due_waits \
	the_interval_is_changed_in_the_configuration_alone \
	no_wrong_interval_is_taken_and_the_old_one_stays \
	an_unknown_word_is_refused_with_what_is_known \
	a_disabled_scheduler_starts_nothing \
	disabling_is_refused_while_a_cycle_runs \
	a_broken_configuration_does_not_end_the_service \
	in_the_middle_of_a_cycle_others_are_told_who_is_at_work \
	an_interrupted_cycle_ends_with_130 \
	a_cycle_that_is_told_to_stop_while_it_writes_finishes_what_is_in_flight \
	told_to_stop_at_any_step_it_ends_with_143_says_so_and_the_next_run_converges \
	a_second_signal_ends_it_at_once_and_the_next_run_finds_out \
	the_idle_scheduler_is_small
