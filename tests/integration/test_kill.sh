#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 at random moments of an initial cycle: the next run converges, a further one writes nothing.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

MOMENTS=${GB_KILL_MOMENTS:-20}
RANDOM=${GB_KILL_SEED:-20261122}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# Back to an empty container, as an administrator would empty it.
empty_the_world() {
	rm -rf "$GB_WORLD"/state/*
	dc_as svc ldapsearch -LLL -o ldif-wrap=no -b "$GB_CONTAINER" -s one '(objectClass=group)' 1.1 |
		sed -n 's/^dn:: \(.*\)/\1/p; s/^dn: \(.*\)/plain \1/p' |
		while read -r first rest; do
			if [ "$first" = plain ]; then printf '%s\n' "$rest"; else base64 -d <<<"$first"; echo; fi
		done >"$GB_WORLD/tmp/dns"
	[ ! -s "$GB_WORLD/tmp/dns" ] || dc_as svc ldapdelete -f "$GB_WORLD/tmp/dns"
}

measure_a_whole_cycle() {
	local begun
	begun=$(now_ms)
	exits 0 sync --approve-first
	WHOLE_MS=$(($(now_ms) - begun))
	echo "$WHOLE_MS" >"$GB_WORLD/tmp/whole-ms"
}

kill_one_after() { # milliseconds
	"$ENGINE" sync --approve-first --config "$GB_CONFIG" >"$GB_WORLD/tmp/killed" 2>&1 &
	local pid=$!
	sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
	kill -KILL $pid 2>/dev/null || true
	wait $pid 2>/dev/null || true
}

twenty_times_killed_the_next_run_converges_and_a_further_one_writes_nothing() {
	local whole moment n
	measure_a_whole_cycle
	whole=$(cat "$GB_WORLD/tmp/whole-ms")
	for n in $(seq "$MOMENTS"); do
		empty_the_world
		moment=$((RANDOM * whole / 32768))
		kill_one_after $moment
		echo "moment $n: killed after $moment of $whole ms, $(dc_search '(adminDescription=Group_*)' dn | grep -c '^dn') groups there"
		exits 0 sync --approve-first
		as_the_rules_say
		exits 0 sync
		same "writes of the further run" 0 "$(report .traffic.ldapWrites)"
	done
}

run_tests twenty_times_killed_the_next_run_converges_and_a_further_one_writes_nothing
