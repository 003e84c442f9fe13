#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The detached run behind Configuring, its undo, and who the engine is when root starts it.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

T=$GB_WORLD/tmp
NEW=$GB_WORLD/new
PROGRESS=$GB_WORLD/state/configure.jsonl
CANARY=CANARY-1d9c

config_json() {
	jq -cn --arg tenant "$GB_TENANT_ID" --arg client "$GB_CLIENT_ID" --arg new "$NEW" \
		--arg authority "$GB_SIM_AUTHORITY" --arg graph "$GB_SIM_GRAPH" --arg simca "$GB_SIM_CA" \
		--arg dc "$GB_DC_HOST" --arg account "$GB_SVC_DN" --arg ca "$GB_LDAP_CA" \
		--arg container "$GB_CONTAINER" --arg state "$GB_WORLD/state" '{
		cloud: {environment: "custom", tenant: $tenant, "client id": $client,
			"certificate file": ($new + "/cloud.pem"), authority: $authority, graph: $graph,
			"ca file": $simca},
		directory: {servers: $dc, account: $account, "ca file": $ca},
		features: {"group writeback": "yes"},
		writeback: {container: $container, name: "display-name"},
		paths: {"state directory": $state, "credentials directory": ($new + "/credentials")}}'
}

job() { # job-json [jq filter over the whole]
	jq -cn --argjson job "$1" --argjson config "$(config_json)" --rawfile key "$GB_CLIENT_KEY" \
		--rawfile pem "$GB_CLIENT_CERTIFICATE" --arg password "$GB_SVC_PASSWORD" \
		'{schema: 1, config: $config, job: $job, secrets: {"cloud-key": $key,
			certificate: $pem, "directory-password": $password}} '"${2:+| $2}"
}

configure() { # the job is standard input; waits for the end
	"$ENGINE" configure --config "$NEW/groupback.conf" >"$T/answer"
	until grep -q '"event":"end"' "$PROGRESS"; do sleep 0.1; done
}

end() { # jq filter
	jq -r "select(.event == \"end\") | $1" "$PROGRESS"
}

states() {
	jq -r 'select(.event == "progress" and .state != "running") | "\(.step)=\(.state)"' "$PROGRESS" |
		tr '\n' ' '
}

a_first_configuration_is_written_checked_and_run() {
	mkdir -p "$NEW"
	job '{"begin": "new", "runFirstCycle": true, "approve": "first"}' | configure
	same outcome done "$(end .outcome)"
	same states "backup=done secrets=done files=done configuration=done check=done schedule=done first-cycle=done " \
		"$(states)"
	same mode "600 600" "$(stat -c %a "$NEW"/credentials/* | tr '\n' ' ' | sed 's/ $//')"
	cmp "$NEW/credentials/cloud-key" "$GB_CLIENT_KEY"
	same creates 41 "$(end .report.plan.creates)"
	"$ENGINE" sync --config "$NEW/groupback.conf"
	same writes 0 "$(report .plan.changes)"
}

# Whoever asked ends its session as soon as it has the answer, on a machine that is slow to start the run.
a_run_outlives_the_session_of_whoever_asked() {
	local asked
	job '{"begin": "new"}' >"$T/job"
	set -m
	strace -DDD -f -qq -o "$T/calls" -e trace=setsid -e inject=setsid:delay_enter=1000000 \
		"$ENGINE" configure --config "$NEW/groupback.conf" <"$T/job" >"$T/answer" &
	asked=$!
	set +m
	waits_for 60 grep -q progressFile "$T/answer"
	kill -TERM -- "-$asked" 2>"$T/gone" || true
	waits_for 60 grep -q '"event":"end"' "$PROGRESS"
	same outcome done "$(end .outcome)"
}

# The digest that a preview gave; the configuration is the new one.
shown() { # [jq filter of the configuration]
	jq -cn --argjson config "$(config_json)" "{schema: 1, question: \"preview\", config: (\$config ${1:+| $1})}" |
		"$ENGINE" probe --config "$NEW/groupback.conf" | jq -r 'select(.event == "result") | .digest'
}

the_plan_that_was_shown_is_carried_out_and_no_other() {
	local digest one='.writeback.name = "object-id"'
	digest=$(shown "$one")
	job "{\"begin\": \"new\", \"runFirstCycle\": true, \"approve\": \"$digest\"}" ".config.writeback.name = \"object-id\"" |
		configure
	same outcome done "$(end .outcome)"
	same renames 41 "$(end .report.plan.renames)"
	job "{\"begin\": \"new\", \"runFirstCycle\": true, \"approve\": \"$digest\"}" | configure
	same outcome failed "$(end .outcome)"
	same id configure-plan-changed "$(end .error.id)"
	job "{\"begin\": \"new\", \"runFirstCycle\": true, \"approve\": \"$(shown .)\"}" | configure
	same outcome done "$(end .outcome)"
}

a_wrong_secret_stops_at_the_check_and_is_undone() {
	cp "$NEW/groupback.conf" "$T/before.conf"
	job '{"begin": "new"}' ".secrets.\"directory-password\" = \"$CANARY\" |
		.config.writeback.name = \"object-id\"" | configure
	same outcome failed "$(end .outcome)"
	same step check "$(end .step)"
	end '.stands | join(" ")' | grep -q written
	same leaks 0 "$(cat "$PROGRESS" "$T/answer" | grep -cF "$CANARY" || true)"
	echo '{"schema": 1, "job": {"begin": "undo"}}' | configure
	same outcome undone "$(end .outcome)"
	cmp "$T/before.conf" "$NEW/groupback.conf"
	same password "$GB_SVC_PASSWORD" "$(cat "$NEW/credentials/directory-password")"
}

a_retry_goes_on_where_it_failed() {
	job '{"begin": "new"}' '.secrets."directory-password" = "wrong"' | configure
	same outcome failed "$(end .outcome)"
	printf %s "$GB_SVC_PASSWORD" >"$NEW/credentials/directory-password"
	echo '{"schema": 1, "job": {"begin": "retry"}}' | configure
	same outcome done "$(end .outcome)"
	same states "backup=done secrets=skipped files=skipped configuration=skipped check=done schedule=done first-cycle=done " \
		"$(states)"
}

a_bad_job_writes_nothing() {
	local code=0 before
	before=$(find "$NEW" -type f | xargs sha256sum)
	job '{"begin": "new"}' 'del(.config.cloud.tenant)' |
		"$ENGINE" configure --config "$NEW/groupback.conf" >"$T/answer" || code=$?
	same code 78 $code
	same id config-missing "$(jq -r .id "$T/answer")"
	code=0
	echo nonsense | "$ENGINE" configure --config "$NEW/groupback.conf" >"$T/answer" || code=$?
	same code 64 $code
	same files "$before" "$(find "$NEW" -type f | xargs sha256sum)"
}

# In front of an engine: the machine has a user "groupback", as nss_wrapper says. A sanitizer wants to be
# loaded before it, and need not be.
with_user() {
	printf 'groupback:x:4711:4711::/nonexistent:/usr/sbin/nologin\n' | cat /etc/passwd - >"$T/passwd"
	printf 'groupback:x:4711:\n' | cat /etc/group - >"$T/group"
	WITH_USER=(env LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD="$T/passwd"
		NSS_WRAPPER_GROUP="$T/group"
		ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0")
}

# Where ids cannot be changed (an ordinary user's world) the engine stays who it is; where they can, root is
# given up.
root_becomes_groupback_before_it_opens_a_socket() {
	local pid child expected process
	with_user
	# groupback passes through, as through / on a real host
	chmod 711 "${GB_WORLD%/*}" "$GB_WORLD" "$GB_WORLD/tmp"
	expected=4711
	chown -R 4711 "$GB_WORLD/state" 2>/dev/null || expected=0
	"${WITH_USER[@]}" "$ENGINE" sync --config "$NEW/groupback.conf"
	same owner $expected "$(stat -c %u "$GB_WORLD/state/last.json")"
	same owner 0 "$(stat -c %u "$NEW/credentials/cloud-key")"
	/usr/bin/python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.77.9", 6365))
open(sys.argv[1], "w").close()
time.sleep(300)' "$T/listening" &
	until [ -e "$T/listening" ]; do sleep 0.05; done
	jq -cn --argjson config "$(config_json)" '{schema: 1, question: "directory.ladder",
		config: ($config | .directory.servers = "127.0.77.9:6365")}' >"$T/request"
	"${WITH_USER[@]}" "$ENGINE" probe --config "$NEW/groupback.conf" <"$T/request" >"$T/lines" &
	pid=$!
	until child=$(children_of $pid); do kill -0 $pid; sleep 0.05; done
	for process in "$(proc_of $pid)" $child; do
		same uids "$expected $expected $expected $expected" "$(awk '/^Uid/ { print $2, $3, $4, $5 }' $process/status)"
		same gids "$expected $expected $expected $expected" "$(awk '/^Gid/ { print $2, $3, $4, $5 }' $process/status)"
		[ $expected = 0 ] ||
			same capabilities 0000000000000000 "$(awk '/^CapEff/ { print $2 }' $process/status)"
	done
	kill $pid %1
}

run_tests a_first_configuration_is_written_checked_and_run \
	a_run_outlives_the_session_of_whoever_asked \
	the_plan_that_was_shown_is_carried_out_and_no_other \
	a_wrong_secret_stops_at_the_check_and_is_undone \
	a_retry_goes_on_where_it_failed \
	a_bad_job_writes_nothing \
	root_becomes_groupback_before_it_opens_a_socket
