# SPDX-License-Identifier: GPL-3.0-or-later
# The delta cases, in a world whose tenant is written already. Sourced after lib.sh and floor.sh.

DELTA_RUNS=${BENCH_RUNS:-5}

delta_line() { # title
	printf '%-28s wall %s s, cpu %s s; %s\n' "$1" "$(took .wall)" "$(took .cpu)" "$(report '.traffic |
		"\(.httpRequests) requests, \(.ldapSearches) searches, \(.ldapWrites) writes, \(.ldapMemberValues) values"')"
}

delta_cycle() { # title run
	sync_measured
	delta_line "$1 $2"
	note "$1: wall" "$(took '.wall * 1000')" ms
	note "$1: CPU" "$(took '.cpu * 1000')" ms
	note "$1: requests" "$(report .traffic.httpRequests)" ''
	note "$1: searches" "$(report .traffic.ldapSearches)" ''
	note "$1: values written" "$(report .traffic.ldapMemberValues)" ''
}

graph() { # path
	curl -sS --globoff --cacert "$GB_SIM_CA" -H "Authorization: Bearer $(token)" "$GB_SIM_GRAPH$1"
}

written_groups() { # filter attribute...
	slapd_as_admin ldapsearch -LLL -o ldif-wrap=no -E pr=500/noprompt -b "$GB_CONTAINER" "$@"
}

# objectId of the largest group; its DN and its members as LDIF; some members by their objectIds.
find_largest() {
	LARGEST=$(written_groups '(objectClass=group)' adminDescription member |
		awk '/^dn:/ { count = 0 } /^adminDescription: / { id = $2 }
			/^member/ && ++count > most { most = count; largest = 1 }
			/^$/ { if (largest) best = id; largest = 0 } END { print substr(best, 7) }')
	written_groups "(adminDescription=Group_$LARGEST)" member >"$GB_WORLD/tmp/largest"
	graph "/v1.0/groups/$LARGEST/members?\$top=50&\$select=id" | jq -r '.value[].id' >"$GB_WORLD/tmp/listed"
}

change_largest() { # addMembers|removeMembers run
	sim_change "[{\"op\": \"$1\", \"id\": \"$LARGEST\",
		\"members\": [\"$(sed -n "$2p" "$GB_WORLD/tmp/listed")\"]}]"
}

remove_by_hand() { # run
	slapd_as_admin ldapmodify >/dev/null <<-LDIF
		$(grep '^dn:' "$GB_WORLD/tmp/largest")
		changetype: modify
		delete: member
		$(grep '^member' "$GB_WORLD/tmp/largest" | sed -n "$1p")
	LDIF
}

# OpenLDAP's changes are asked for from a minute before the newest one on: let what was written be older.
settle() {
	sleep "${BENCH_SETTLE:-61}"
	slapd_as_admin ldapmodify >/dev/null <<-LDIF
		dn: $GB_CONTAINER
		changetype: modify
		replace: description
		description: settled
	LDIF
}

no_change() {
	local run
	for run in $(seq "$DELTA_RUNS"); do
		delta_cycle 'no change' "$run"
	done
}

delta_cases() {
	local run
	settle
	no_change
	find_largest
	echo "largest group: $(grep -c '^member' "$GB_WORLD/tmp/largest") members"
	for run in $(seq "$DELTA_RUNS"); do
		change_largest removeMembers "$run"
		delta_cycle 'one member less' "$run"
		change_largest addMembers "$run"
		delta_cycle 'one member more' "$run"
		remove_by_hand "$((run + 10))"
		delta_cycle 'one removed by hand' "$run"
	done
}
