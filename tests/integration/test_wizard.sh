#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The wizard without a person: from an answers file to groups in a real directory, by the engine's own probe.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

SITE=$GB_WORLD/tmp/site
CREDENTIALS=${GB_CONFIG%/*}/credentials

# The world's configuration as answers, with folders of its own.
write_answers() {
	mkdir -p -m 700 "$SITE/state"
	sed '/^\[paths\]/,$d' "$GB_CONFIG" >"$SITE/answers"
	cat >>"$SITE/answers" <<-ANSWERS
		[paths]
		state directory = "$SITE/state"
		credentials directory = "$SITE/credentials"
		[setup]
		application = "existing"
		start now = "yes"
		[once]
		key file = "$CREDENTIALS/cloud-key"
	ANSWERS
	chmod 600 "$SITE/answers"
}

wizard() { # options; its output is left in $GB_WORLD/tmp/said
	timeout 120 "$GB_BUILDDIR/groupback-wizard" --answers "$SITE/answers" --config "$SITE/groupback.conf" \
		--draft "$SITE/draft" "$@" >"$GB_WORLD/tmp/said" 2>&1
}

a_wrong_answer_names_its_line_and_writes_nothing() {
	local code=0
	write_answers
	sed 's/^scope = .*/scope = "everything"/' "$SITE/answers" >"$SITE/wrong"
	chmod 600 "$SITE/wrong"
	"$GB_BUILDDIR/groupback-wizard" --answers "$SITE/wrong" --config "$SITE/groupback.conf" \
		--draft "$SITE/draft" >"$GB_WORLD/tmp/said" 2>&1 || code=$?
	same "exit code" 78 $code
	says 'scope'
	[ ! -e "$SITE/groupback.conf" ]
	same writes 0 "$(dc_writes)"
}

# A domain controller whose authority this machine does not know: answers without "ca file".
write_answers_without_ca() { # line of [setup]
	write_answers
	sed -i -e '/^\[directory\]/,/^\[/{/^ca file/d}' -e "s/^start now = .*/start now = \"no\"\n$1/" "$SITE/answers"
}

shown_certificate() { # openssl x509 arguments...: of what the domain controller shows
	openssl s_client -connect "$GB_DC_HOST:636" </dev/null 2>&1 | openssl x509 "$@"
}

fingerprint() {
	shown_certificate -noout -fingerprint -sha256 | cut -d= -f2
}

no_certificate_is_trusted_without_an_answer() {
	local code=0
	write_answers_without_ca ''
	wizard --secret-file "directory-password=$CREDENTIALS/directory-password" || code=$?
	[ "$code" -ne 0 ]
	says 'certificate is not trusted'
	[ ! -e "$SITE/groupback.conf" ]
}

another_certificate_than_the_answers_trust_is_refused() {
	local code=0
	write_answers_without_ca "trust certificate = \"$(fingerprint | tr '0-9A-F' '1-9A-F0')\""
	wizard --secret-file "directory-password=$CREDENTIALS/directory-password" || code=$?
	same "exit code" 78 $code
	says 'another certificate than the one that the answers trust: SHA-256 '
	[ ! -e "$SITE/groupback.conf" ]
	same writes 0 "$(dc_writes)"
}

a_certificate_that_the_answers_trust_is_written_beside_the_configuration() {
	write_answers_without_ca "trust certificate = \"$(fingerprint | tr -d : | tr 'A-F' 'a-f')\""
	wizard --secret-file "directory-password=$CREDENTIALS/directory-password"
	says 'groupback is configured'
	cmp <(openssl x509 -in "$SITE/directory-ca.pem" -outform der) <(shown_certificate -outform der)
	"$GB_BUILDDIR/groupback-wizard" --save-answers "$SITE/saved" --config "$SITE/groupback.conf"
	grep -qxF "ca file = \"$SITE/directory-ca.pem\"" "$SITE/saved"
	rm -r "${SITE:?}"
}

an_unattended_set_up_ends_with_the_groups_in_the_directory() {
	write_answers
	wizard --secret-file "directory-password=$CREDENTIALS/directory-password"
	says 'groupback is configured'
	as_the_rules_say
}

the_engine_goes_on_with_what_the_wizard_wrote() {
	"$ENGINE" sync --config "$SITE/groupback.conf" >"$GB_WORLD/tmp/said" 2>&1
	says '0 LDAP writes'
}

no_secret_is_in_what_the_wizard_left() {
	local password
	password=$(cat "$CREDENTIALS/directory-password")
	not grep -rqF "$password" "$SITE/groupback.conf" "$SITE/state" "$SITE/answers" "$GB_WORLD/tmp/said"
	[ ! -e "$SITE/draft" ] || not grep -qF "$password" "$SITE/draft"
	same mode 600 "$(stat -c %a "$SITE/credentials/directory-password")"
}

# Somebody who comes back, at a plain terminal: the lines are typed ahead.
by_hand() { # line...
	printf '%s\n' "$@" | timeout 300 "$GB_BUILDDIR/groupback-wizard" --plain --config "$SITE/groupback.conf" \
		--draft "$SITE/draft" >"$GB_WORLD/tmp/said" 2>&1
}

task() { # word: the number of a task
	sed -n '/^static const struct wz_choice tasks/,/NULL, NULL/p' "$GB_SRCDIR/pages/tasks.c" |
		grep -o '^	{"[a-z-]*"' | grep -n "\"$1\"" | cut -d: -f1
}

troubleshooting_checks_what_is_in_force_and_changes_nothing() {
	local before
	before=$(sha256sum "$SITE/groupback.conf")
	by_hand "$(task troubleshoot)" '' ''
	says '^OK .*Sign-in to the tenant'
	says '^WARN .*Recycle Bin'
	says 'Every check has passed'
	same configuration "$before" "$(sha256sum "$SITE/groupback.conf")"
	[ ! -e "$SITE/draft" ]
}

settings_of_another_server_become_the_draft() {
	"$ENGINE" settings export "$SITE/exported.json" --config "$SITE/groupback.conf"
	sed -i 's/"enabled-only"/"tenant"/' "$SITE/exported.json"
	by_hand "$(task import)" '' "$SITE/exported.json" '' || true
	says 'The settings are in the draft, in staging mode'
	says 'Staging mode +no -> yes'
	same scope tenant "$(jq -r '.values["writeback.scope"]' "$SITE/draft")"
	rm "$SITE/draft"
	not grep -q 'staging.*yes' "$SITE/groupback.conf"
	sed -i 's/"groupbackSettings": *1/"groupbackSettings": 99/' "$SITE/exported.json"
	by_hand "$(task import)" '' "$SITE/exported.json" '' || true
	says 'newer version of groupback'
	[ ! -e "$SITE/draft" ] || same scope null "$(jq -r '.values["writeback.scope"]' "$SITE/draft")"
	rm -f "$SITE/draft"
}

the_schema_is_read_anew() {
	by_hand "$(task schema)" '' ''
	says '^OK .*Schema of Windows Server 2016 +there'
	says '^WARN .*Exchange attributes'
	[ ! -e "$SITE/draft" ]
}

run_tests \
	a_wrong_answer_names_its_line_and_writes_nothing \
	no_certificate_is_trusted_without_an_answer \
	another_certificate_than_the_answers_trust_is_refused \
	a_certificate_that_the_answers_trust_is_written_beside_the_configuration \
	an_unattended_set_up_ends_with_the_groups_in_the_directory \
	the_engine_goes_on_with_what_the_wizard_wrote \
	no_secret_is_in_what_the_wizard_left \
	troubleshooting_checks_what_is_in_force_and_changes_nothing \
	settings_of_another_server_become_the_draft \
	the_schema_is_read_anew
