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
}

graph() { # path
	curl -sS --globoff --cacert "$GB_SIM_CA" -H "Authorization: Bearer $(token)" "$GB_SIM_GRAPH$1"
}

# DN, objectId, and some members of the largest group on both sides.
find_largest() {
	LARGEST=$(slapd_as_admin ldapsearch -LLL -o ldif-wrap=no -E pr=500/noprompt -b "$GB_CONTAINER" '(objectClass=group)' member |
		awk '/^dn: / { dn = substr($0, 5) } /^member/ { count[dn]++ }
			END { for (dn in count) if (count[dn] > most) { most = count[dn]; best = dn } print best }')
	of_largest member >"$GB_WORLD/tmp/present"
	LARGEST_ID=$(of_largest adminDescription | sed 's/^Group_//')
	graph "/v1.0/groups/$LARGEST_ID/members?\$top=50&\$select=id" | jq -r '.value[].id' >"$GB_WORLD/tmp/listed"
}

of_largest() { # attribute
	slapd_as_admin ldapsearch -LLL -o ldif-wrap=no -s base -b "$LARGEST" "$1" | sed -n "s/^$1: //p"
}

change_largest() { # addMembers|removeMembers run
	sim_change "[{\"op\": \"$1\", \"id\": \"$LARGEST_ID\",
		\"members\": [\"$(sed -n "$2p" "$GB_WORLD/tmp/listed")\"]}]"
}

remove_by_hand() { # run
	slapd_as_admin ldapmodify >/dev/null <<-LDIF
		dn: $LARGEST
		changetype: modify
		delete: member
		member: $(sed -n "$1p" "$GB_WORLD/tmp/present")
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
	no_change
	find_largest
	echo "largest group: $(wc -l <"$GB_WORLD/tmp/present") members"
	for run in $(seq "$DELTA_RUNS"); do
		change_largest removeMembers "$run"
		delta_cycle 'one member less' "$run"
		change_largest addMembers "$run"
		delta_cycle 'one member more' "$run"
		remove_by_hand "$((run + 10))"
		delta_cycle 'one removed by hand' "$run"
	done
}
