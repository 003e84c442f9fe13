#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The wizard's questions against the real parts: good answers, refusals, silence, cancelling, rights.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

T=$GB_WORLD/tmp
CANARY='CANARY-7f3a"\\-äß'

# The draft of the sandbox, as the wizard would send it. @cloud @directory: members that replace.
draft() { # [jq filter]
	jq -cn --arg tenant "$GB_TENANT_ID" --arg client "$GB_CLIENT_ID" \
		--arg certificate "$GB_CLIENT_CERTIFICATE" --arg authority "$GB_SIM_AUTHORITY" \
		--arg graph "$GB_SIM_GRAPH" --arg simca "$GB_SIM_CA" --arg dc "$GB_DC_HOST" \
		--arg account "$GB_SVC_DN" --arg ca "$GB_LDAP_CA" --arg container "$GB_CONTAINER" \
		--arg state "$GB_WORLD/state" --arg credentials "$GB_CREDENTIALS" '{
		cloud: {environment: "custom", tenant: $tenant, "client id": $client,
			"certificate file": $certificate, authority: $authority, graph: $graph,
			"ca file": $simca},
		directory: {servers: $dc, account: $account, "ca file": $ca},
		features: {"group writeback": "yes"},
		writeback: {container: $container, name: "display-name"},
		paths: {"state directory": $state, "credentials directory": $credentials}}
		'"${1:+| $1}"
}

request() { # question arguments secrets [jq filter of the draft]
	jq -cn --arg question "$1" --argjson arguments "${2:-null}" --argjson secrets "${3:-null}" \
		--argjson config "$(draft "${4:-}")" \
		'{schema: 1, question: $question, config: $config}
		+ (if $arguments then {arguments: $arguments} else {} end)
		+ (if $secrets then {secrets: $secrets} else {} end)'
}

# Asks; lines go to $T/lines. Checks the protocol: JSON lines, exactly one last word, the exit code.
ask() { # question [arguments [secrets [draft-filter]]]
	request "$@" >"$T/request"
	ask_raw <"$T/request"
}

ask_raw() {
	local code=0
	"$ENGINE" probe --config "$GB_CONFIG" >"$T/lines" 2>"$T/stderr" || code=$?
	same "last words" 1 "$(jq -c 'select(.event == "result" or .event == "error")' "$T/lines" | wc -l)"
	jq -es 'last | .event == "result" or .event == "error"' "$T/lines" >/dev/null
	same "exit code" "$(jq -r 'select(.event == "error") | .exitCode' "$T/lines")" \
		"$([ $code -eq 0 ] || echo $code)"
}

last() { # jq filter of the last line
	tail -n 1 "$T/lines" | jq -r "$1"
}

items() { # jq filter over items
	jq -c "select(.event == \"item\") | $1" "$T/lines"
}

verdicts() { # "name=ok tcp=ok …"
	items 'select(.kind == "step") | "\(.step)=\(.verdict)"' | tr -d '"' | tr '\n' ' '
}

dn_argument() {
	jq -cn --arg dn "$GB_CONTAINER" '{container: $dn}'
}

the_tenant_is_discovered() {
	ask cloud.discover null null '{cloud: .cloud, paths: .paths}'
	same tenant "$GB_TENANT_ID" "$(last .tenantId)"
	ask cloud.discover null null '.cloud.tenant = "nobody.example"'
	same error aadsts-90002 "$(last .id)"
	same code AADSTS90002 "$(last .code)"
}

the_application_is_checked() {
	ask cloud.check
	same passed true "$(last .passed)"
	same verdicts "discover=ok token=ok roles=ok tenant=ok " "$(verdicts)"
	ask cloud.check null '{"cloud-secret": "wrong"}' '.cloud.credential = "secret"'
	same step token "$(last .failedStep)"
	items 'select(.step == "token") | .error.code' | grep -q AADSTS7000215
	same verdicts "discover=ok token=failed roles=not-tried tenant=not-tried " "$(verdicts)"
}

a_missing_permission_is_named() {
	sim_change '[{"op": "setApp", "appId": "'"$GB_CLIENT_ID"'", "roles": ["Group.Read.All"]}]'
	ask cloud.check
	same missing '["User.Read.All"]' "$(last '.missingRoles | tojson')"
	sim_change '[{"op": "setApp", "appId": "'"$GB_CLIENT_ID"'", "roles": ["Group.Read.All",
		"User.Read.All", "Member.Read.Hidden", "Organization.Read.All", "Device.Read.All",
		"OrgContact.Read.All"]}]'
}

the_tenant_is_counted() {
	ask tenant.counts '{"list": "tenant-microsoft365", "limit": 2}'
	same groups "$(jq '[.groups[] | select((.state // "live") == "live")] | length' "$GB_TENANT_FILE")" \
		"$(last .groups)"
	same listed 2 "$(items 'select(.kind == "group") | .id' | wc -l)"
	ask tenant.example
	last .example.displayNameName | grep -qE '_[0-9a-f]{12}$'
}

the_ladder_holds() {
	ask directory.ladder "$(dn_argument)"
	same verdicts "name=ok tcp=ok tls=ok sign-in=ok read=ok rights=ok " "$(verdicts)"
	same passed true "$(last .passed)"
	same schema true "$(last .facts.hasExternalId)"
}

an_unknown_authority_is_shown_and_can_be_pinned() {
	local pem
	ask directory.ladder null null '.directory["ca file"] = "'"$GB_FOREIGN_CA"'"'
	same step tls "$(last .failedStep)"
	items 'select(.step == "tls") | .error.id' | grep -q tls-unknown-ca
	same fingerprint "$(items 'select(.kind == "certificate" and .position == 0) | .sha256' | tr -d '"')" \
		"$(openssl s_client -connect "$GB_DC_HOST:636" </dev/null 2>/dev/null |
			openssl x509 -noout -fingerprint -sha256 | cut -d= -f2)"
	pem=$(items 'select(.kind == "certificate" and .pinnable) | .pem' | head -n 1)
	ask directory.ladder null "{\"directory-ca\": $pem}" '.directory["ca file"] = "'"$GB_FOREIGN_CA"'"'
	same passed true "$(last .passed)"
}

a_refused_account_is_asked_for_once() {
	ask directory.ladder '{"allServers": true}' '{"directory-password": "wrong"}' \
		'.directory.servers = "'"$GB_DC_HOST $GB_DC_HOST:636 127.0.77.1"'"'
	same step sign-in "$(last .failedStep)"
	same tries 1 "$(items 'select(.step == "sign-in") | .step' | wc -l)"
	items 'select(.step == "sign-in") | .error.id' | grep -q ldap-49-52e
}

an_administrators_account_is_told() {
	ask directory.ladder null '{"directory-password": "'"$GB_ADMIN_PASSWORD"'"}' \
		'.directory.account = "'"$GB_ADMIN_UPN"'"'
	same step rights "$(last .failedStep)"
	items 'select(.step == "rights") | .error.id' | grep -q directory-account-privileged
}

names_and_ports_that_do_not_answer_are_told_apart() {
	ask directory.ladder null null '.directory.servers = "no-such-host.invalid"'
	same step name "$(last .failedStep)"
	ask directory.ladder null null '.directory.servers = "'"$GB_DEAD_HOST"'"'
	same step tcp "$(last .failedStep)"
}

containers_are_listed_found_and_made() {
	ask directory.containers
	items 'select(.builtIn) | .name' | grep -q '"Users"'
	ask directory.create-container '{"parent": "DC=lab,DC=test", "name": "A, \"b\" #c",
		"administrator": "'"$GB_ADMIN_UPN"'"}' '{"administrator-password": "'"$GB_ADMIN_PASSWORD"'"}'
	same name 'A, "b" #c' "$(last .container.name)"
	local guid
	guid=$(last .container.guid)
	ask directory.find-containers '{"text": "\"b\" #"}'
	same found 1 "$(last .count)"
	dc_as admin ldapmodrdn -r "$(dc_search "(ou=A, \22b\22 #c)" dn | sed -n 's/^dn: //p')" "OU=Renamed"
	ask directory.container '{"guid": "'"$guid"'", "dn": "OU=A\\, \\22b\\22 \\23c,DC=lab,DC=test"}'
	same renamed true "$(last .renamed)"
	same name Renamed "$(last .container.name)"
	ask directory.containers '{"limit": 2}'
	same complete false "$(last .complete)"
}

a_level_of_several_pages_is_read_whole() {
	/usr/bin/python3 - >"$T/many.ldif" <<'END'
for i in range(1500):
    print(f"dn: OU=child {i:05d},OU=Renamed,DC=lab,DC=test\nobjectClass: organizationalUnit\n")
END
	dc_as admin ldapadd -f "$T/many.ldif" >/dev/null
	ask directory.containers '{"parent": "OU=Renamed,DC=lab,DC=test"}'
	same count 1500 "$(last .count)"
	same complete true "$(last .complete)"
	jq -c 'select(.event == "progress") | .done' "$T/lines" | grep -q 1000
}

an_account_is_made_and_lacks_rights() {
	ask directory.create-account '{"parent": "OU=Service Accounts,DC=lab,DC=test", "name": "svc_new",
		"administrator": "'"$GB_ADMIN_UPN"'"}' '{"administrator-password": "'"$GB_ADMIN_PASSWORD"'",
		"directory-password": "Nëw.pass-1"}'
	same account svc_new@lab.test "$(last .config.directory.account)"
	ask directory.rights "$(dn_argument)" '{"directory-password": "Nëw.pass-1"}' \
		'.directory.account = "svc_new@lab.test"'
	same missing '["create-group"]' "$(last '.missing | tojson')"
	last '.commands.sambaTool[0]' | grep -q 'OA;CI;CCDC;'
	same sufficient false "$(last .sufficient)"
}

grant() { # [password [draft-filter]]: as the administrator, for the account that was made above
	ask directory.grant "$(dn_argument | jq -c --arg name "$GB_ADMIN_UPN" '.administrator = $name')" \
		"$(jq -cn --arg p "${1-$GB_ADMIN_PASSWORD}" '{"administrator-password": $p}')" \
		"${2:-.directory.account = \"svc_new@lab.test\"}"
}

rights_are_granted_once_and_seen_then() {
	local writes
	grant
	same changed true "$(last .changed)"
	same sufficient true "$(last .sufficient)"
	same entries 2 "$(last '.added | length')"
	same account svc_new@lab.test "$(last .account.name)"
	ask directory.rights "$(dn_argument)" '{"directory-password": "Nëw.pass-1"}' \
		'.directory.account = "svc_new@lab.test"'
	same sufficient true "$(last .sufficient)"
	writes=$(dc_writes)
	grant
	same changed false "$(last .changed)"
	same writes "$writes" "$(dc_writes)"
}

a_grant_that_may_not_be_is_refused_and_changes_nothing() {
	local writes
	writes=$(dc_writes)
	grant wrong
	same error ldap-49-52e "$(last .id)"
	grant "$GB_ADMIN_PASSWORD" '.directory.account = "'"$GB_ADMIN_UPN"'"'
	same error directory-account-privileged "$(last .id)"
	ask directory.grant "$(dn_argument)" null '.directory.account = "svc_new@lab.test"'
	same error argument-missing "$(last .id)"
	ask directory.grant "$(dn_argument | jq -c '.administrator = "x"')"
	same error secret-missing "$(last .id)"
	ask directory.grant "$(dn_argument | jq -c --arg name "$GB_NOBODY_UPN" '.administrator = $name')" \
		"$(jq -cn --arg p "$GB_NOBODY_PASSWORD" '{"administrator-password": $p}')" \
		'.directory.account = "'"$GB_NOBODY_UPN"'"'
	same error directory-grant-refused "$(last .id)"
	same writes "$writes" "$(dc_writes)"
}

# As the directory has it: "3 Ada Lovelace", how many written security groups hold whom.
security_groups_by_person() {
	dc_as svc ldapsearch -LLL -o ldif-wrap=no -b "$GB_CONTAINER" \
		'(&(objectClass=group)(groupType:1.2.840.113556.1.4.803:=2147483648))' member |
		/usr/bin/python3 -c 'import base64, collections, re, sys
counts = collections.Counter()
for line in sys.stdin.buffer:
    found = re.match(rb"member:(:?) (.*)\n", line)
    if found:
        dn = (base64.b64decode(found[2]) if found[1] else found[2]).decode()
        name = re.match(r"CN=((?:[^,\\]|\\.)*),.*OU=People", dn)
        if name:
            counts[re.sub(r"\\([0-9A-Fa-f]{2}|.)",
                lambda m: chr(int(m[1], 16)) if len(m[1]) == 2 else m[1], name[1])] += 1
for name, count in counts.items():
    sys.stdout.buffer.write(f"{count} {name}\n".encode())'
}

the_preview_is_what_the_first_cycle_writes() {
	local creates before
	before=$(dc_writes)
	ask preview '{"limit": 0}'
	creates=$(last .plan.creates)
	same "Recycle Bin" false "$(last .recycleBin)"
	same "public groups" "$(jq '[.groups[] | select((.state // "live") == "live" and
		(.groupTypes // [] | index("Unified")) and (.visibility // "" | ascii_downcase) == "public" and
		.writebackConfiguration.isEnabled == true and
		(.writebackConfiguration.onPremisesGroupType // "" | test("[sS]ecurity")))] | length' \
		"$GB_TENANT_FILE")" "$(last .publicGroups)"
	last .largestMembership >"$T/largest"
	last .digest >"$T/first-digest"
	same writes "$before" "$(dc_writes)"
	same "folders left" "" "$(ls "${TMPDIR:-/tmp}" | grep groupback-probe- || true)"
	exits 0 sync --approve-first
	same creates "$creates" "$(report .plan.creates)"
	security_groups_by_person >"$T/by-person"
	same "most groups" "$(sort -rn "$T/by-person" | awk 'NR == 1 { print $1 }')" \
		"$(jq .groups "$T/largest")"
	grep -qF "$(jq -r '"\(.groups) \(.person)"' "$T/largest")" "$T/by-person"
	ask directory.written-groups
	items 'select(.kind == "written-group") | .memberOf[]' | grep -q 'OU=Cloud Groups'
	ask directory.written-groups '{"limit": 1}'
	same count "$creates" "$(last .count)"
	same listed 1 "$(last .listed)"
	same "no state, no digest" null "$(cat "$T/first-digest")"
	ask preview '{"limit": 0}'
	same "changes" 0 "$(last .changes)"
	[ -e "$GB_WORLD/state/plans/$(last .digest).json" ]
	ask directory.rights "$(dn_argument)"
	same sufficient true "$(last .sufficient)"
	same members true "$(items 'select(.right == "write-members") | .granted')"
}

# Its present name holds a comma.
the_preview_tells_where_a_rename_leads() {
	local group
	group=$(jq -r '.groups[] | select(.displayName | startswith("Sales, EMEA")) | .id' "$GB_TENANT_FILE")
	sim_change "[{\"op\": \"patch\", \"id\": \"$group\", \"set\": {\"displayName\": \"Sales, North\"}}]"
	ask preview '{"limit": 10}'
	same "new DN" "CN=Sales\\2C North_${group: -12},$GB_CONTAINER" \
		"$(items "select(.change == \"rename\" and .id == \"$group\") | .newDn" | jq -r .)"
}

silent_peer() { # port; accepts and never says anything
	/usr/bin/python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.77.9", int(sys.argv[1])))
open(sys.argv[2], "w").close()
time.sleep(300)' "$1" "$T/listening.$1" &
	SILENT=$!
	until [ -e "$T/listening.$1" ]; do sleep 0.05; done
}

the_engine_is_checked_as_by_its_command() {
	exits 0 check --json
	ask check
	same passed true "$(last .passed)"
	same checks "$(jq -r '.checks[].id' "$T/said")" "$(items 'select(.kind == "check") | .id' | tr -d '"')"
	ask check null '{"directory-password": "wrong"}'
	same passed false "$(last .passed)"
	items 'select(.kind == "check" and .verdict == "failed") | .text' | grep -q password
}

cancelling_takes_no_second_while_a_peer_hangs() {
	local pid begin code=0
	silent_peer 6361
	request directory.ladder null null '.directory.servers = "127.0.77.9:6361"' >"$T/request"
	"$ENGINE" probe --config "$GB_CONFIG" <"$T/request" >"$T/lines" &
	pid=$!
	until children_of $pid >"$T/children"; do kill -0 $pid; sleep 0.05; done
	sleep 0.5
	begin=$(date +%s%N)
	kill -TERM $pid
	wait $pid || code=$?
	kill $SILENT
	same code 143 $code
	same id cancelled "$(last .id)"
	# A loaded machine may need its time; a handshake's own limit would be ten seconds.
	[ $((($(date +%s%N) - begin) / 1000000)) -lt 9000 ]
	not grep -q . "$(cat "$T/children")/status"
}

a_deadline_ends_it() {
	silent_peer 6362
	request directory.ladder null null '.directory.servers = "127.0.77.9:6362"' |
		jq -c '.timeoutMs = 500' | ask_raw
	kill $SILENT
	same id probe-timeout "$(last .id)"
}

a_reader_that_goes_away_ends_it() {
	local pid
	silent_peer 6363
	request directory.ladder null null '.directory.servers = "127.0.77.9:6363"' >"$T/request"
	mkfifo "$T/fifo"
	"$ENGINE" probe --config "$GB_CONFIG" <"$T/request" >"$T/fifo" &
	pid=$!
	head -n 1 "$T/fifo" >/dev/null
	wait $pid || true
	kill $SILENT
}

bad_requests_get_exactly_one_error() {
	local line
	while IFS= read -r line; do
		printf '%s\n' "$line" | ask_raw
		same "event of $line" error "$(last .event)"
	done <<-'END'

		x
		{
		[]
		{}
		{"schema": 1}
		{"schema": 2, "question": "cloud.discover"}
		{"schema": 1, "question": 5}
		{"schema": 1, "question": "no.such"}
		{"schema": 1, "question": "cloud.discover", "more": 1}
		{"schema": 1, "question": "cloud.discover", "config": []}
		{"schema": 1, "question": "cloud.discover", "config": {"cloud": {"tenant": 5}}}
		{"schema": 1, "question": "cloud.discover", "config": {"cloud": {"no such": "x"}}}
		{"schema": 1, "question": "cloud.discover", "config": {"cloud": {"tenant": "-"}}}
		{"schema": 1, "question": "cloud.discover", "secrets": {"other": "x"}}
		{"schema": 1, "question": "cloud.discover", "timeoutMs": 1}
		{"schema": 1, "question": "directory.containers", "arguments": {"limit": 0}}
		{"schema": 1, "question": "directory.containers", "arguments": {"parent": "x"}}
		{"schema": 1, "question": "directory.containers", "arguments": {"other": 1}}
		{"schema": 1, "question": "directory.ladder", "secrets": {"directory-keytab": "%"}}
		{"schema": 1, "question": "cloud.discover", "schema": 1}
	END
	head -c 300000 /dev/zero | tr '\0' x | ask_raw
	same id request-too-long "$(last .id)"
	head -c 5000 /dev/urandom | tr -d '\n' | ask_raw
}

no_secret_is_shown_anywhere() {
	local secrets
	secrets=$(jq -cn --arg s "$CANARY" '{"cloud-secret": $s, "directory-password": $s,
		"administrator-password": $s}')
	for question in cloud.check directory.ladder directory.containers; do
		ask $question null "$secrets" '.cloud.credential = "secret"'
		same leaks 0 "$(cat "$T/lines" "$T/stderr" | grep -cF CANARY-7f3a || true)"
	done
	request directory.ladder null "$secrets" >"$T/request"
	silent_peer 6364
	request directory.ladder null "$secrets" '.directory.servers = "127.0.77.9:6364"' >"$T/request"
	"$ENGINE" probe --config "$GB_CONFIG" <"$T/request" >"$T/lines" &
	local pid=$! child
	until child=$(children_of $pid); do kill -0 $pid; sleep 0.05; done
	same leaks 0 "$(cat "$(proc_of $pid)"/{cmdline,environ} "$child"/{cmdline,environ} | grep -caF CANARY-7f3a || true)"
	kill $pid $SILENT
	rm "$T/request"
	not grep -rqF CANARY-7f3a "$GB_WORLD/state" "$GB_WORLD/etc"
}

every_question_is_documented() {
	local question
	for question in $(sed -n 's/.*\.name = "\([a-z.-]*\)".*/\1/p' "$GB_SRCDIR/engine/probe/questions.c"); do
		grep -q "^| \`$question\` " "$GB_SRCDIR/docs/probe.md" || { echo "$question"; return 1; }
	done
}

run_tests the_tenant_is_discovered \
	the_application_is_checked \
	a_missing_permission_is_named \
	the_tenant_is_counted \
	the_ladder_holds \
	an_unknown_authority_is_shown_and_can_be_pinned \
	a_refused_account_is_asked_for_once \
	an_administrators_account_is_told \
	names_and_ports_that_do_not_answer_are_told_apart \
	containers_are_listed_found_and_made \
	a_level_of_several_pages_is_read_whole \
	an_account_is_made_and_lacks_rights \
	rights_are_granted_once_and_seen_then \
	a_grant_that_may_not_be_is_refused_and_changes_nothing \
	the_preview_is_what_the_first_cycle_writes \
	the_preview_tells_where_a_rename_leads \
	the_engine_is_checked_as_by_its_command \
	cancelling_takes_no_second_while_a_peer_hangs \
	a_deadline_ends_it \
	a_reader_that_goes_away_ends_it \
	bad_requests_get_exactly_one_error \
	no_secret_is_shown_anywhere \
	every_question_is_documented
