#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two engines and one container: one of them writes. H11, H20 and H21 of docs/failures.md.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

G1=77777777-0000-4000-8000-000000000001
LEASE="CN=groupback-lease,$GB_CONTAINER"
# Steps at which an engine is killed, stopped or cut off: 0 is every one.
STEPS=${GB_LEASE_STEPS:-8}

sed "s|^state directory = .*|state directory = \"$GB_WORLD/state-b\"|" "$GB_CONFIG" >"$GB_WORLD/tmp/b.conf"
chmod 600 "$GB_WORLD/tmp/b.conf"
mkdir -p -m 700 "$GB_WORLD/state-b"

b_exits() { # exit-code command options...: the second engine
	GB_CONFIG=$GB_WORLD/tmp/b.conf exits "$@"
}

b_report() { # jq filter
	jq -r "$1" "$GB_WORLD/state-b/last.json"
}

b_config() { # section key value
	set_config "$1" "$2" "$3" "$GB_WORLD/tmp/b.conf"
}

the_lease() { # jq filter over what stands there
	dc_as svc ldapsearch -LLL -o ldif-wrap=no -b "$LEASE" -s base info 2>/dev/null |
		sed -n 's/^info: //p' | jq -r "$1"
}

write_lease() { # jq filter that changes what stands there
	local text
	text=$(the_lease tojson | jq -c "$1")
	dc_modify svc <<-LDIF
		dn: $LEASE
		changetype: modify
		replace: info
		info: $text
	LDIF
}

run_out() { # whoever holds it was not heard of for a day
	write_lease '.renewedMs -= 86400000 | .untilMs -= 86400000'
}

delete_lease() {
	dc_as svc ldapdelete "$LEASE" 2>/dev/null || true
}

own_host() {
	cat /proc/sys/kernel/hostname
}

rename_a_group() { # something to write
	CHANGES=$(($(cat "$GB_WORLD/tmp/changes" 2>/dev/null || echo 0) + 1))
	echo $CHANGES >"$GB_WORLD/tmp/changes"
	sim_change "[{\"op\": \"patch\", \"id\": \"$G1\", \"set\": {\"description\": \"change $CHANGES\"}}]"
}

description_is_current() {
	same description "change $CHANGES" "$(group_attribute $G1 description)"
}

the_first_writing_run_makes_the_lease_and_says_whose_it_is() {
	exits 4 sync
	same "lease before anything is written" '' "$(the_lease .generation)"
	exits 0 sync --approve-first
	same host "$(own_host)" "$(the_lease .host)"
	same adds "$(report .applied.applied)" "$(report .traffic.ldapWrites)"
	exits 0 lease
	says "^$(own_host) \(groupback .*until"
	exits 0 lease show --json
	jq -e '.lease.generation > 0' "$GB_WORLD/tmp/said"
}

the_lease_is_a_distribution_group_and_none_of_the_groups() {
	same groupType 8 "$(dc_search '(cn=groupback-lease)' groupType | sed -n 's/^groupType: //p')"
	same anchors 0 "$(dc_search '(cn=groupback-lease)' adminDescription | grep -c adminDesc || true)"
	as_the_rules_say
	exits 0 plan --policy initial --json
	not grep -qi groupback-lease "$GB_WORLD/tmp/said"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
	same problems 0 "$(report .problemGroups)"
}

a_run_with_a_fresh_lease_writes_nothing_at_all() {
	local before
	add_group $G1 "Leased"
	exits 0 sync
	before=$(dc_writes)
	exits 0 sync
	same "writes seen by the server" "$before" "$(dc_writes)"
}

# H20
a_second_engine_is_refused_with_who_holds_it_and_writes_nothing() {
	local before
	before=$(dc_writes)
	rename_a_group
	b_exits 4 sync --approve-first
	says "Another engine writes.*$(own_host)"
	says 'standby'
	same id lease-held "$(b_report .error.id)"
	same "writes seen by the server" "$before" "$(dc_writes)"
	exits 0 sync
	description_is_current
}

staging_and_dry_runs_take_none() {
	b_config safety staging yes
	b_exits 0 sync
	b_exits 0 plan
	b_config safety staging no
	b_exits 0 sync --dry-run
	same host "$(own_host)" "$(the_lease .host)"
	exits 0 sync
}

a_standby_waits_and_keeps_its_state_warm() {
	local before
	b_config safety standby yes
	rename_a_group
	before=$(dc_writes)
	b_exits 0 sync --approve-first
	same standby true "$(b_report .standby)"
	says 'standby'
	same "writes seen by the server" "$before" "$(dc_writes)"
	b_exits 4 sync --group $G1
	says 'Another engine writes'
	exits 0 sync
	description_is_current
}

a_standby_takes_over_when_the_lease_has_run_out_and_the_other_is_refused_then() {
	run_out
	rename_a_group
	b_exits 0 sync
	says 'taking over'
	same standby false "$(b_report .standby)"
	same policy initial "$(b_report .policy)"
	description_is_current
	rename_a_group
	exits 4 sync
	same id lease-held "$(report .error.id)"
	b_exits 0 sync
	description_is_current
}

what_another_machine_left_is_taken_only_when_somebody_says_so() {
	run_out
	write_lease '.host = "gone.example" | .instance = "99999999-0000-4000-8000-000000000009"'
	exits 4 sync
	says 'has not been heard of'
	same id lease-left "$(report .error.id)"
	exits 0 lease take
	says "^$(own_host)"
	exits 0 sync
}

what_is_given_up_may_be_taken_by_anybody() {
	b_exits 4 lease release
	exits 0 lease release
	says '^given up by'
	b_config safety standby no
	rename_a_group
	b_exits 0 sync
	description_is_current
	exits 4 sync
	b_exits 0 lease release
	exits 0 lease take
}

an_older_version_refuses_to_take_over_from_a_newer_one() {
	write_lease '.version = "99.0.0" | .host = "new.example"'
	run_out
	exits 4 sync
	same id lease-newer "$(report .error.id)"
	says 'Upgrade'
	exits 4 lease take
	delete_lease
	exits 0 sync
}

# H11
an_older_copy_of_the_state_reads_everything_and_deletes_nothing_unasked() {
	rename_a_group
	exits 0 sync
	rm -rf "$GB_WORLD/tmp/older"
	cp -a "$GB_WORLD/state" "$GB_WORLD/tmp/older"
	write_lease '.renewedMs -= 86400000' # so that the next run counts itself
	exits 0 sync
	set_config writeback "when not enabled" delete
	enable $G1 false
	rm -rf "$GB_WORLD/state"
	cp -a "$GB_WORLD/tmp/older" "$GB_WORLD/state"
	exits 3 sync
	says 'older copy'
	same policy initial "$(report .policy)"
	same "the group" 1 "$(objects_of $G1)"
	enable $G1 true
	exits 0 sync
	set_config writeback "when not enabled" keep
}

# As old as the present half of the lease's life: nobody can tell, so it has to do no harm.
a_copy_of_the_state_from_before_a_run_that_wrote_makes_nothing_twice_and_loses_nobody() {
	local made=77777777-0000-4000-8000-0000000000aa
	exits 0 sync
	rm -rf "$GB_WORLD/tmp/older"
	cp -a "$GB_WORLD/state" "$GB_WORLD/tmp/older"
	add_group $made "Made since" "$(user_id ada.lovelace)"
	rename_a_group
	exits 0 sync
	rm -rf "$GB_WORLD/state"
	cp -a "$GB_WORLD/tmp/older" "$GB_WORLD/state"
	exits 0 sync
	same adds 0 "$(report .traffic.ldapAdds)"
	same deletes 0 "$(report .traffic.ldapDeletes)"
	same objects 1 "$(objects_of $made)"
	same members 1 "$(group_attribute $made member | wc -l)"
	description_is_current
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

lease_is_in() { # container
	dc_as svc ldapsearch -LLL -b "CN=groupback-lease,$1" -s base dn 2>/dev/null | grep -q '^dn:'
}

make_another_container() {
	dc_as admin ldapadd <<-LDIF >/dev/null
		dn: OU=Elsewhere,$GB_BASE_DN
		objectClass: organizationalUnit
	LDIF
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/copy_dacl.py" "$GB_WORLD/samba/private/sam.ldb" \
		"$GB_CONTAINER" "OU=Elsewhere,$GB_BASE_DN"
}

a_former_container_is_left_without_a_lease_when_its_last_group_is_gone() {
	make_another_container
	set_config writeback container "OU=Elsewhere,$GB_BASE_DN"
	engine sync >"$GB_WORLD/tmp/said" 2>&1 || true
	lease_is_in "$GB_CONTAINER" # the groups are still there, and wait
	exits 0 approve "$(report .waitingPlan.digest)"
	lease_is_in "OU=Elsewhere,$GB_BASE_DN"
	not lease_is_in "$GB_CONTAINER"
	same "writes besides the moves" "$(report .applied.applied)" "$(report .traffic.ldapWrites)"
	set_config writeback container "$GB_CONTAINER"
	approved_sync
	not lease_is_in "OU=Elsewhere,$GB_BASE_DN"
	lease_is_in "$GB_CONTAINER"
}

# The other one's is none of ours to delete.
the_lease_of_another_engine_in_a_former_container_stays() {
	local text
	text=$(the_lease tojson | jq -c '.host = "other.example" | .instance = "99999999-0000-4000-8000-000000000009"')
	set_config writeback container "OU=Elsewhere,$GB_BASE_DN"
	approved_sync
	not lease_is_in "$GB_CONTAINER"
	dc_as svc ldapadd <<-LDIF >/dev/null
		dn: $LEASE
		objectClass: group
		sAMAccountName: lease-of-another
		groupType: 8
		info: $text
	LDIF
	exits 0 sync --policy initial
	same host other.example "$(the_lease .host)"
	delete_lease
	set_config writeback container "$GB_CONTAINER"
	approved_sync
}

a_lost_state_is_still_the_same_engine() {
	rm -rf "$GB_WORLD"/state/state.db*
	exits 0 sync
	rm -rf "$GB_WORLD"/state/*
	exits 0 sync --approve-first
	same writes 0 "$(report .traffic.ldapWrites)"
}

what_is_no_lease_stops_the_run() {
	dc_modify svc <<-LDIF
		dn: $LEASE
		changetype: modify
		replace: info
		info: hands off
	LDIF
	exits 4 sync
	same id lease-foreign "$(report .error.id)"
	delete_lease
	exits 0 sync
}

a_lease_that_somebody_deleted_is_made_anew() {
	delete_lease
	rename_a_group
	exits 0 sync
	description_is_current
	same host "$(own_host)" "$(the_lease .host)"
}

# How many steps a run has; and who is the first engine.
count_steps() {
	delete_lease
	rename_a_group
	relay 0 none
	begin_relayed
	wait "$FIRST"
	end_relay
	cat "$GB_WORLD/tmp/count"
}

everything_is_written() {
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

# Whatever became of the first one: the second may write if, and only if, the first does not hold the
# lease; and afterwards everything is as the cloud says.
second_engine_follows_the_lease() {
	local before holder
	before=$(dc_writes)
	holder=$(the_lease .instance)
	if [ -n "$holder" ] && [ "$holder" = "$INSTANCE" ]; then
		b_exits 4 sync
		same "writes of the second" "$before" "$(dc_writes)"
	else
		b_exits 0 sync
		description_is_current
		b_exits 0 lease release
	fi
}

one_step() { # step action
	delete_lease
	rename_a_group
	relay "$1" "$2"
	begin_relayed
	if [ "$2" = stop ]; then
		waits_for 60 is_stopped_or_over "$FIRST"
		second_engine_follows_the_lease
		kill -CONT "$FIRST" 2>/dev/null || true
		wait "$FIRST" || true
	else
		wait "$FIRST" || true
		second_engine_follows_the_lease
	fi
	end_relay
	exits 0 sync
	description_is_current
	same "held by another" false "$(the_lease ".untilMs > 0 and .instance != \"$INSTANCE\"")"
}

killed_stopped_or_cut_off_at_any_step_one_engine_writes_and_the_next_run_converges() {
	local total step actions=(cut kill stop drop) stride
	total=$(count_steps)
	INSTANCE=$(the_lease .instance)
	stride=$((STEPS == 0 ? 1 : (total + STEPS - 1) / STEPS))
	echo "$total steps, every ${stride}th"
	for ((step = 1; step <= total; step += stride)); do
		action=${actions[$(((step / stride) % 4))]}
		echo "step $step: $action"
		one_step $step $action
	done
	everything_is_written
}

# It slept longer than its lease: what it had in hand is not written over the other one's work.
an_engine_that_slept_through_its_lease_writes_nothing_more() {
	local before n code=0
	delete_lease
	rename_a_group
	exits 0 sync
	INSTANCE=$(the_lease .instance)
	for n in $(seq 60); do
		add_group "$(printf '77777777-0000-4000-8000-0000000001%02d' "$n")" "Many $n"
	done
	set_config safety "lease time" 20s
	set_config schedule enabled no
	set_config safety "max group creations" 1000
	b_config safety standby yes
	b_config safety "max group creations" 1000
	b_config schedule enabled no
	b_config safety "lease time" 10m
	delete_lease
	relay 45 stop
	begin_relayed
	waits_for 60 is_stopped "$FIRST"
	same holder "$INSTANCE" "$(the_lease .instance)"
	waits_for 300 second_has_taken_over
	before=$(dc_writes)
	kill -CONT "$FIRST"
	wait "$FIRST" || code=$?
	end_relay
	cat "$GB_WORLD/tmp/relayed"
	same "exit code of who slept" 75 $code
	same "writes of who slept" "$before" "$(dc_writes)"
	grep -qE "The lease ran out|Another engine took the lease" "$GB_WORLD/tmp/relayed"
	b_exits 0 sync
	same writes 0 "$(b_report .traffic.ldapWrites)"
	b_exits 0 sync --policy initial
	same writes 0 "$(b_report .traffic.ldapWrites)"
	same "groups made" 60 "$(dc_search '(displayName=Many *)' dn | grep -c '^dn')"
}

second_has_taken_over() {
	b_exits 0 sync
	[ "$(the_lease .instance)" != "$INSTANCE" ] || { sleep 5; return 1; }
}

run_tests \
	the_first_writing_run_makes_the_lease_and_says_whose_it_is \
	the_lease_is_a_distribution_group_and_none_of_the_groups \
	a_run_with_a_fresh_lease_writes_nothing_at_all \
	a_second_engine_is_refused_with_who_holds_it_and_writes_nothing \
	staging_and_dry_runs_take_none \
	a_standby_waits_and_keeps_its_state_warm \
	a_standby_takes_over_when_the_lease_has_run_out_and_the_other_is_refused_then \
	what_another_machine_left_is_taken_only_when_somebody_says_so \
	what_is_given_up_may_be_taken_by_anybody \
	an_older_version_refuses_to_take_over_from_a_newer_one \
	an_older_copy_of_the_state_reads_everything_and_deletes_nothing_unasked \
	a_copy_of_the_state_from_before_a_run_that_wrote_makes_nothing_twice_and_loses_nobody \
	a_former_container_is_left_without_a_lease_when_its_last_group_is_gone \
	the_lease_of_another_engine_in_a_former_container_stays \
	a_lost_state_is_still_the_same_engine \
	what_is_no_lease_stops_the_run \
	a_lease_that_somebody_deleted_is_made_anew \
	killed_stopped_or_cut_off_at_any_step_one_engine_writes_and_the_next_run_converges \
	an_engine_that_slept_through_its_lease_writes_nothing_more
