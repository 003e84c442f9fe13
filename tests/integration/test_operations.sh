#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What an administrator of many years looks at: metrics, settings carried away and put back, ages.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

METRICS=$GB_WORLD/tmp/groupback.prom
EXPORTED=$GB_WORLD/tmp/settings.json
ETC=$(dirname "$GB_CONFIG")

# Prometheus' own parser reads the file; prints "name{labels} value" in its order.
metrics() {
	/usr/bin/python3 -B - "$METRICS" <<-'PYTHON'
		import sys
		from prometheus_client.parser import text_string_to_metric_families
		text = open(sys.argv[1], encoding="utf-8").read()
		assert text.endswith("\n") and not text.endswith("\n\n")
		names = set()
		for family in text_string_to_metric_families(text):
		    assert family.documentation and family.type == "gauge", family.name
		    assert family.name not in names, family.name
		    names.add(family.name)
		    for sample in family.samples:
		        assert sample.timestamp is None and sample.name.startswith("groupback_")
		        labels = ",".join("%s=%s" % one for one in sorted(sample.labels.items()))
		        print("%s{%s} %s" % (sample.name, labels, sample.value))
	PYTHON
}

metric() { # name{labels}: its value
	metrics | sed -n "s/^groupback_$1 //p"
}

metrics_are_written_at_the_end_of_a_run_and_prometheus_can_read_them() {
	set_config paths "metrics file" "$METRICS"
	exits 0 sync --approve-first
	metrics
	same "exit code" 0.0 "$(metric 'last_run_exit_code{}')"
	same created "$(report .plan.creates).0" "$(metric 'last_run_operations{operation=create,result=applied}')"
	same answers "$(report .traffic.httpRequests).0" \
		"$(metrics | awk '/^groupback_last_run_http_responses/ { n += $2 } END { printf "%.1f", n }')"
	same searches "$(report .traffic.ldapSearches).0" "$(metric 'last_run_ldap_requests{operation=search}')"
	metric 'credential_expiry_timestamp_seconds{credential=certificate}' | grep -q .
	same mode 644 "$(stat -c %a "$METRICS")"
}

a_run_that_fails_keeps_the_time_of_the_last_success() {
	local success
	success=$(metric 'last_success_timestamp_seconds{}')
	sim /control/faults --data-binary '{"faults": [{"match": {"pathPrefix": "/"}, "count": -1,
		"action": {"status": 403}}]}' >/dev/null
	exits 77 sync --policy initial
	sim /control/faults --data-binary '{"faults": []}' >/dev/null
	same "exit code" 77.0 "$(metric 'last_run_exit_code{}')"
	same success "$success" "$(metric 'last_success_timestamp_seconds{}')"
	metrics | grep 'http_responses{code=403}'
}

a_dry_run_and_a_locked_out_one_leave_the_metrics_alone() {
	local before
	before=$(cat "$METRICS")
	exits 0 plan
	exec 7>"$GB_WORLD/state/lock"
	flock 7
	exits 75 sync
	exec 7>&-
	says 'Another engine is at work'
	same metrics "$before" "$(cat "$METRICS")"
}

metrics_that_cannot_be_written_fail_no_run() {
	set_config paths "metrics file" "$GB_WORLD/tmp/nowhere/groupback.prom"
	exits 0 sync
	says 'metrics'
	set_config paths "metrics file" "$METRICS"
}

settings_are_exported_without_any_secret() {
	local secret
	printf '# groups\nGroup One\n' >"$ETC/selected.txt"
	chmod 644 "$ETC/selected.txt"
	set_config writeback "selected file" "$ETC/selected.txt"
	exits 0 settings export "$EXPORTED"
	says 'copy them yourself'
	jq -e '.groupbackSettings == 1 and .settings.writeback.container != null and .settings.safety.staging == "no"' "$EXPORTED"
	jq -e '.files["selected.txt"] | contains("Group One")' "$EXPORTED"
	same files 1 "$(jq '.files | length' "$EXPORTED")"
	for secret in "$GB_CREDENTIALS"/*; do
		not grep -qaFf <(head -c 2000 "$secret" | tr '\0' '\n' | grep -a '.\{8,\}') "$EXPORTED"
	done
	same "the same on standard output" "$(jq -S 'del(.exported)' "$EXPORTED")" \
		"$(engine settings export 2>"$GB_WORLD/tmp/said" | jq -S 'del(.exported)')"
}

imported_settings_are_the_same_and_staging_is_on() {
	cp "$GB_CONFIG" "$GB_WORLD/tmp/before.conf"
	set_config schedule interval 7m
	rm "$ETC/selected.txt"
	exits 0 settings import "$EXPORTED"
	says 'Staging mode is on'
	exits 0 settings export "$GB_WORLD/tmp/again.json"
	same settings "$(jq -S '.settings | .safety.staging = "yes"' "$EXPORTED")" \
		"$(jq -S .settings "$GB_WORLD/tmp/again.json")"
	grep -q 'Group One' "$ETC/selected.txt"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

an_import_is_undone_and_the_undoing_too() {
	exits 0 settings undo
	grep -q '^interval = "7m"' "$GB_CONFIG"
	[ ! -e "$ETC/selected.txt" ]
	exits 0 settings undo
	grep -q '^staging = "yes"' "$GB_CONFIG"
	exits 0 settings
	says "^ +1  .*groupback.conf"
	exits 0 settings undo 1
	exits 0 settings import --no-staging "$EXPORTED"
	grep -q '^staging = "no"' "$GB_CONFIG"
	exits 78 settings undo 4711
}

refused() { # jq filter that spoils the settings; what is said
	local before
	before=$(cat "$GB_CONFIG")
	jq "$1" "$EXPORTED" >"$GB_WORLD/tmp/spoilt.json"
	chmod 600 "$GB_WORLD/tmp/spoilt.json"
	exits 78 settings import "$GB_WORLD/tmp/spoilt.json"
	says "$2"
	says 'Nothing was imported'
	same configuration "$before" "$(cat "$GB_CONFIG")"
}

what_an_import_does_not_know_it_refuses_as_a_whole() {
	refused '.groupbackSettings = 2' 'newer version'
	refused 'del(.groupbackSettings)' 'no file that'
	refused '.settings.cloud.colour = "blue"' 'no such key: colour'
	refused '.settings.weather = {}' 'no such section: weather'
	refused '.settings.schedule.interval = "5s"' 'interval'
	refused '.settings.schedule.interval = 5' 'no text: interval'
	refused '.extra = 1' 'not known here: extra'
	refused '.files["../evil"] = "x"' 'not one that the settings name'
	refused '.files["groupback.conf"] = "x"' 'not one that the settings name'
	refused 'del(.settings.cloud.tenant)' 'tenant'
	exits 64 settings import
	exits 64 settings exprot
	echo '{' >"$GB_WORLD/tmp/spoilt.json"
	exits 78 settings import "$GB_WORLD/tmp/spoilt.json"
}

status_tells_since_when_a_group_is_frozen() {
	set_config writeback "member limit" 1
	exits 3 sync --policy initial
	exits 0 status
	says 'Failed or frozen, oldest first'
	/usr/bin/python3 -B - "$GB_WORLD/state/state.db" <<-'PYTHON'
		import sqlite3, sys
		state = sqlite3.connect(sys.argv[1])
		state.execute("UPDATE problem SET since_ms = since_ms - 3 * 86400000")
		state.commit()
	PYTHON
	exits 3 sync
	exits 0 status --json
	jq -e '.problemGroups > 0 and all(.problems[]; .ageDays == 3 and .cause != "" and .name != "")' "$GB_WORLD/tmp/said"
	same "problem groups" "$(report .problemGroups).0" "$(metric 'problem_groups{}')"
	set_config writeback "member limit" entra
	exits 0 sync --policy initial
	exits 0 status --json
	jq -e '.problemGroups == 0 and .problems == []' "$GB_WORLD/tmp/said"
}

trouble_leaves_an_alert_once_and_its_end_another() {
	exits 0 sync
	rm -f "$GB_WORLD/state/alert"
	set_config safety "max group creations" 0
	add_group 99999999-0000-4000-8000-000000000001 "Too many"
	add_group 99999999-0000-4000-8000-000000000002 "Too many more"
	exits 4 sync
	grep -q 'needs somebody' "$GB_WORLD/state/alert"
	grep -q 'exit 4$' "$GB_WORLD/state/alert"
	same mode 600 "$(stat -c %a "$GB_WORLD/state/alert")"
	rm "$GB_WORLD/state/alert"
	exits 4 sync
	[ ! -e "$GB_WORLD/state/alert" ]
	set_config safety "max group creations" "50 20%"
	exits 0 sync
	grep -q 'well again' "$GB_WORLD/state/alert"
}

# Secrets that nobody could mistake for anything else, as they are and in base64.
support_holds_no_secret() {
	local canary=CANARY-4e1f7b-secret name
	cp -a "$GB_CREDENTIALS" "$GB_WORLD/tmp/credentials"
	set_config cloud credential secret
	for name in cloud-secret directory-password; do
		printf '%s-%s' "$canary" "$name" >"$GB_CREDENTIALS/$name"
	done
	exits 77 sync
	exits 0 support "$GB_WORLD/tmp/support.json"
	says 'No secret'
	same mode 600 "$(stat -c %a "$GB_WORLD/tmp/support.json")"
	jq -e '.files["groupback.conf"] != null and .files["last.json"].exitCode == 77 and
		(.files | keys | map(select(startswith("runs/"))) | length) > 0' "$GB_WORLD/tmp/support.json"
	exits 0 settings export "$EXPORTED"
	for name in "$canary" "$(printf %s "$canary" | base64 | cut -c 1-20)"; do
		not grep -rqaF "$name" "$GB_WORLD/tmp" "$GB_WORLD/state"
	done
	rm -rf "$GB_CREDENTIALS"
	cp -a "$GB_WORLD/tmp/credentials" "$GB_CREDENTIALS"
	set_config cloud credential certificate
	exits 0 sync
}

run_tests \
	metrics_are_written_at_the_end_of_a_run_and_prometheus_can_read_them \
	a_run_that_fails_keeps_the_time_of_the_last_success \
	a_dry_run_and_a_locked_out_one_leave_the_metrics_alone \
	metrics_that_cannot_be_written_fail_no_run \
	settings_are_exported_without_any_secret \
	imported_settings_are_the_same_and_staging_is_on \
	an_import_is_undone_and_the_undoing_too \
	what_an_import_does_not_know_it_refuses_as_a_whole \
	status_tells_since_when_a_group_is_frozen \
	trouble_leaves_an_alert_once_and_its_end_another \
	support_holds_no_secret
