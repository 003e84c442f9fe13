#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What years do to a machine: damaged, cut and foreign files in the state directory, modes that are too open,
# and clocks that jump. Each is answered with a clear sentence, and nothing in the directory goes away.
# H02 to H22 of the list of failures, where they are about files and clocks.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

G1=99999999-0000-4000-8000-000000000001
STATE=$GB_WORLD/state
GOOD=$GB_WORLD/tmp/good-state
FLIPS=${GB_DAMAGE_FLIPS:-4}

keep_state() {
	rm -rf "$GOOD"
	cp -a "$STATE" "$GOOD"
}

put_state_back() {
	rm -rf "$STATE"
	cp -a "$GOOD" "$STATE"
}

set_aside() {
	ls "$STATE" | grep -c '^state\.db\.refused-[^-]*-[^-]*-[^-]*Z$' || true
}

nothing_went_away() {
	same deletes 0 "$(report .traffic.ldapDeletes)"
	same writes 0 "$(report .traffic.ldapWrites)"
	same "the group" 1 "$(objects_of $G1)"
}

# What anybody who asks for the groups is answered.
groups_now() {
	dc_search '(adminDescription=Group_*)' dn sAMAccountName groupType description member | sort
}

the_first_cycle_converges() {
	add_group $G1 Damaged "$(user_id ada.lovelace)"
	exits 0 sync --approve-first
	exits 0 sync
	groups_now >"$GB_WORLD/tmp/groups"
	keep_state
}

# H12
a_state_of_a_newer_version_is_refused_with_65_and_left_as_it_is() {
	local before command
	sqlite3 "$STATE/state.db" 'PRAGMA user_version = 999'
	before=$(sha256sum <"$STATE/state.db")
	for command in sync plan status "explain Damaged"; do
		# shellcheck disable=SC2086 # a command and its word
		exits 65 $command
		says 'newer'
	done
	same "the file" "$before" "$(sha256sum <"$STATE/state.db")"
	same "set aside" 0 "$(set_aside)"
	put_state_back
}

zero_the_header() { dd if=/dev/zero of="$STATE/state.db" bs=100 count=1 conv=notrunc 2>/dev/null; }
cut_it_in_half() { truncate -s $(($(stat -c %s "$STATE/state.db") / 2)) "$STATE/state.db"; }
make_it_a_text() { echo "hello" >"$STATE/state.db"; }

# H09
a_state_that_cannot_be_used_is_set_aside_and_everything_is_read_again() {
	local damage
	for damage in zero_the_header cut_it_in_half make_it_a_text; do
		echo "$damage"
		$damage
		exits 0 sync
		says 'the state was moved to'
		same "set aside" 1 "$(set_aside)"
		same policy initial "$(report .policy)"
		nothing_went_away
		put_state_back
	done
}

# H10
an_empty_state_reads_everything_again() {
	: >"$STATE/state.db"
	exits 0 sync
	same policy initial "$(report .policy)"
	nothing_went_away
	put_state_back
}

# Other commands do not repair: who asks changes nothing.
whoever_only_asks_is_told_of_the_damage() {
	zero_the_header
	exits 65 status
	says 'state\.db'
	same "set aside" 0 "$(set_aside)"
	put_state_back
}

flip() { # seed: 32 bytes of one page behind the first are others
	/usr/bin/python3 -B - "$STATE/state.db" "$1" <<-'PYTHON'
		import random, sys
		path, chance = sys.argv[1], random.Random(int(sys.argv[2]))
		with open(path, "r+b") as file:
		    content = bytearray(file.read())
		    page = chance.randrange(1, len(content) // 4096)
		    for _ in range(32):
		        content[page * 4096 + chance.randrange(4096)] ^= chance.randrange(1, 256)
		    file.seek(0)
		    file.write(content)
		    print(f"seed {sys.argv[2]}: page {page} of {len(content) // 4096}")
	PYTHON
}

# Found at once, found later in the run, or in a place that nobody reads: the second run is a good one.
a_page_that_was_flipped_is_found_or_harmless_and_the_next_run_is_well() {
	local seed code
	for ((seed = 1; seed <= FLIPS; seed++)); do
		flip "$seed"
		code=0
		engine sync --policy initial >"$GB_WORLD/tmp/said" 2>&1 || code=$?
		echo "exit code $code"
		[ $code -eq 0 ] || [ $code -eq 65 ] || [ $code -eq 3 ] || [ $code -eq 4 ] || {
			cat "$GB_WORLD/tmp/said"
			return 1
		}
		same deletes 0 "$(report .traffic.ldapDeletes)"
		exits 0 sync --policy initial
		same deletes 0 "$(report .traffic.ldapDeletes)"
		diff "$GB_WORLD/tmp/groups" <(groups_now)
		put_state_back
	done
}

# A state that has never seen the group written cannot tell it from another tenant's.
with_a_damaged_state_nothing_is_deleted_unasked() {
	set_config writeback "when not enabled" delete
	enable $G1 false
	zero_the_header
	exits 0 sync
	nothing_went_away
	enable $G1 true
	set_config writeback "when not enabled" keep
	put_state_back
	exits 0 sync
	same "the group" 1 "$(objects_of $G1)"
	keep_state
}

an_audit_that_was_cut_in_a_line_goes_on_with_a_new_one() {
	truncate -s -10 "$STATE/audit.jsonl"
	sim_change "[{\"op\": \"patch\", \"id\": \"$G1\", \"set\": {\"description\": \"after the cut\"}}]"
	exits 0 sync
	same description "after the cut" "$(group_attribute $G1 description)"
	exits 0 audit verify
	says 'cut by a crash.*: 1$'
	put_state_back
	exits 0 sync
	keep_state
}

damaged_decisions_stop_the_run_before_anything_is_read() {
	head -c 20 "$GOOD/decisions.json" >"$STATE/decisions.json"
	exits 65 sync
	says 'decisions.json is damaged'
	says 'backup'
	same requests 0 "$(report .traffic.httpRequests)"
	put_state_back
}

files_whose_modes_are_too_open_are_named_and_refused() {
	local file=$GB_CREDENTIALS/cloud-key
	chmod 666 "$GB_CONFIG"
	exits 78 sync
	says "$GB_CONFIG can be written by others \(mode 0666\)"
	says "chmod 0644 $GB_CONFIG"
	chmod 600 "$GB_CONFIG"
	chmod 644 "$file"
	exits 78 sync
	says "$file can be read by others \(mode 0644\)"
	says "chmod 0600 $file"
	chmod 600 "$file"
	chmod 666 "$STATE/state.db"
	exits 78 sync
	says 'state.db is refused: others may open it'
	chmod 600 "$STATE/state.db"
	chmod 666 "$STATE/audit.jsonl"
	sim_change "[{\"op\": \"patch\", \"id\": \"$G1\", \"set\": {\"description\": \"not written\"}}]"
	engine sync >"$GB_WORLD/tmp/said" 2>&1 && return 1
	says 'audit.jsonl'
	[ "$(group_attribute $G1 description)" != "not written" ]
	chmod 600 "$STATE/audit.jsonl"
	exits 0 sync
	same description "not written" "$(group_attribute $G1 description)"
	keep_state
}

what_a_newer_version_has_in_its_configuration_is_named_with_line_and_column() {
	cp "$GB_CONFIG" "$GB_WORLD/tmp/good.conf"
	printf '[safety]\nfrom the future = yes\n' >"$GB_WORLD/tmp/newer.conf"
	sed '/^\[safety\]/d' "$GB_WORLD/tmp/good.conf" >>"$GB_WORLD/tmp/newer.conf"
	chmod 600 "$GB_WORLD/tmp/newer.conf"
	GB_CONFIG=$GB_WORLD/tmp/newer.conf exits 78 sync
	says 'newer.conf:2:1: .*no key "from the future"'
}

# Clocks. The engine's alone jumps: that of the cloud and of the domain controller stay.

exits_at() { # offset exit-code command options...: as exits(), by a clock that is wrong
	local offset=$1 expected=$2 command=$3 code=0
	shift 3
	ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 faketime -f "$offset" \
		"$ENGINE" "$command" --config "$GB_CONFIG" "$@" >"$GB_WORLD/tmp/said" 2>&1 || code=$?
	[ $code -eq "$expected" ] && return
	cat "$GB_WORLD/tmp/said"
	same "exit code of $command at $offset" "$expected" "$code"
}

with_a_secret() { # an assertion that is signed at another time is refused by the cloud, which is right
	set_config cloud credential secret
	printf %s "$GB_CLIENT_SECRET" >"$GB_CREDENTIALS/cloud-secret"
	chmod 600 "$GB_CREDENTIALS/cloud-secret"
}

# H22
a_clock_that_is_years_ahead_or_behind_stops_the_run_with_a_word_about_clocks() {
	local offset before
	before=$(dc_writes)
	for offset in +4000d -4000d; do
		exits_at $offset 76 sync --policy initial
		says 'clock|expired|not valid yet|not yet valid'
	done
	same writes "$before" "$(dc_writes)"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

lapses() { # number of groups that wait for their end
	sqlite3 "$STATE/state.db" 'SELECT count(*) FROM lapse'
}

a_clock_that_jumps_ahead_ends_nobodys_life_before_its_time() {
	with_a_secret
	set_config writeback "delete after" 1d
	sim_change "[{\"op\": \"softDelete\", \"id\": \"$G1\"}, {\"op\": \"hardDelete\", \"id\": \"$G1\"}]"
	exits 0 sync --policy initial
	same lapses 1 "$(lapses)"
	same type $DISTRIBUTION "$(group_attribute $G1 groupType)"
	exits_at +3d 0 sync --policy initial
	same "the group" 1 "$(objects_of $G1)"
	exits 0 sync --policy initial
	same "the group" 1 "$(objects_of $G1)"
}

since_ms() {
	sqlite3 "$STATE/state.db" 'SELECT since_ms FROM lapse'
}

# The certificates of this world are too young to go back further.
what_was_noted_by_a_clock_that_was_ahead_begins_today() {
	sqlite3 "$STATE/state.db" 'DELETE FROM lapse'
	exits_at +3d 0 sync --policy initial
	[ "$(since_ms)" -gt $((($(date +%s) + 86400) * 1000)) ]
	exits 0 sync --policy initial
	[ "$(since_ms)" -le $((($(date +%s) + 600) * 1000)) ]
	same "the group" 1 "$(objects_of $G1)"
}

and_when_its_time_has_really_come_it_ends() {
	age_lapses $((2 * 86400))
	exits 0 sync --policy initial
	same "the group" 0 "$(objects_of $G1)"
}

run_tests \
	the_first_cycle_converges \
	a_state_of_a_newer_version_is_refused_with_65_and_left_as_it_is \
	a_state_that_cannot_be_used_is_set_aside_and_everything_is_read_again \
	an_empty_state_reads_everything_again \
	whoever_only_asks_is_told_of_the_damage \
	a_page_that_was_flipped_is_found_or_harmless_and_the_next_run_is_well \
	with_a_damaged_state_nothing_is_deleted_unasked \
	an_audit_that_was_cut_in_a_line_goes_on_with_a_new_one \
	damaged_decisions_stop_the_run_before_anything_is_read \
	files_whose_modes_are_too_open_are_named_and_refused \
	what_a_newer_version_has_in_its_configuration_is_named_with_line_and_column \
	a_clock_that_is_years_ahead_or_behind_stops_the_run_with_a_word_about_clocks \
	a_clock_that_jumps_ahead_ends_nobodys_life_before_its_time \
	what_was_noted_by_a_clock_that_was_ahead_begins_today \
	and_when_its_time_has_really_come_it_ends
