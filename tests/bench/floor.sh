# SPDX-License-Identifier: GPL-3.0-or-later
# The floor: the least that any client could do for what the last cycle did, on the same machine.
# Sourced after lib.sh. Each prints seconds.

FLOOR_WRITER=$GB_BUILDDIR/tests/bench/floor_writer
WRITES=$GB_WORLD/tmp/writes.ldif
READERS=16
TIMEFORMAT=%R

token() {
	printf %s "$GB_CLIENT_SECRET" >"$GB_WORLD/tmp/secret"
	curl -sS --cacert "$GB_SIM_CA" "$GB_SIM_AUTHORITY/$GB_TENANT_ID/oauth2/v2.0/token" \
		-d grant_type=client_credentials -d client_id="$GB_CLIENT_ID" \
		--data-urlencode "client_secret@$GB_WORLD/tmp/secret" \
		--data-urlencode "scope=$GB_SIM_GRAPH/.default" | jq -er .access_token
}

# What the engine asked Graph for, as a configuration of curl.
graph_requests() {
	printf 'header = "Authorization: Bearer %s"\ncacert = "%s"\ncompressed\n' "$(token)" "$GB_SIM_CA"
	sim '/control/requests?method=GET' | jq -r --arg graph "$GB_SIM_GRAPH" \
		'.requests[] | select(.path | test("^/(v1.0|beta)/")) | "url = \"\($graph)\(.path)?\(.query)\"\noutput = \"/dev/null\""'
}

# The same pages, as many at a time as the engine has under way. To be called after a cycle.
floor_graph() {
	[ -s "$GB_WORLD/tmp/requests" ] || graph_requests >"$GB_WORLD/tmp/requests"
	{ time curl -s --globoff --parallel --parallel-max $READERS \
		--config "$GB_WORLD/tmp/requests" 2>/dev/null; } 2>&1 | tail -n 1
}

floor_graph_requests() {
	grep -c '^url' "$GB_WORLD/tmp/requests"
}

floor_people() { # search-as-somebody...
	{ time "$@" ldapsearch -LLL -E pr=1000/noprompt -b "$GB_BASE_DN" '(objectClass=user)' \
		objectSid objectGUID mS-DS-ConsistencyGuid entryUUID sAMAccountName displayName \
		>/dev/null; } 2>&1 | tail -n 1
}

# The writes of one cycle, as slapd saw them. It starts from an empty container, and leaves it so.
record_writes() {
	GB_SLAPD_AUDIT=$WRITES restart_sink slapd
	cold_cycle
	restart_sink slapd
}

floor_writes() { # URI account password-file window; prints JSON
	LDAPTLS_CACERT=$GB_LDAP_CA "$FLOOR_WRITER" "$1" "$2" "$3" "$4" "$WRITES"
}
