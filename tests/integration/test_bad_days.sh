#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad input and bad days: a clear sentence, the right exit code, nothing removed, nothing half done.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

# Each test begins from this configuration and these secrets, and from a tenant that answers.
fresh() {
	cp "$GB_WORLD/tmp/good.conf" "$GB_CONFIG"
	rm -rf "$GB_CREDENTIALS"
	cp -a "$GB_WORLD/tmp/good-credentials" "$GB_CREDENTIALS"
	faults '[]'
	sim_change "[{\"op\": \"setApp\", \"appId\": \"$GB_CLIENT_ID\", \"roles\": $ALL_ROLES}]"
}

faults() {
	sim /control/faults --data-binary "{\"faults\": $1}" >/dev/null
}

ALL_ROLES='["Group.Read.All", "User.Read.All", "Member.Read.Hidden", "Organization.Read.All",
	"Device.Read.All", "OrgContact.Read.All"]'
cp "$GB_CONFIG" "$GB_WORLD/tmp/good.conf"
cp -a "$GB_CREDENTIALS" "$GB_WORLD/tmp/good-credentials"

nothing_is_written_by() { # exit-code what-is-said; of a full read
	local before
	before=$(dc_writes)
	exits "$1" sync --policy initial
	says "$2"
	same "writes" "$before" "$(dc_writes)"
}

secret_credential() {
	set_config cloud credential secret
}

the_first_cycle_converges() {
	exits 0 sync --approve-first
}

a_wrong_client_secret_is_refused_with_its_reason() {
	fresh
	secret_credential
	printf wrong >"$GB_CREDENTIALS/cloud-secret"
	nothing_is_written_by 77 'AADSTS7000215|client secret'
}

a_good_client_secret_works() {
	fresh
	secret_credential
	exits 0 sync
}

a_certificate_that_the_application_does_not_have_is_refused() {
	fresh
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout "$GB_CREDENTIALS/cloud-key" \
		-out "$GB_WORLD/tmp/other.pem" 2>/dev/null
	chmod 600 "$GB_CREDENTIALS/cloud-key" "$GB_WORLD/tmp/other.pem"
	set_config cloud "certificate file" "$GB_WORLD/tmp/other.pem"
	nothing_is_written_by 77 'AADSTS700027|certificate'
}

a_key_that_is_not_of_the_certificate_is_refused_before_anything_is_sent() {
	fresh
	openssl genpkey -algorithm RSA -out "$GB_CREDENTIALS/cloud-key" 2>/dev/null
	chmod 600 "$GB_CREDENTIALS/cloud-key"
	nothing_is_written_by 78 'key'
}

the_older_assertion_works_as_well() {
	fresh
	set_config cloud assertion rs256
	exits 0 sync
}

an_unknown_tenant_is_named() {
	fresh
	set_config cloud tenant 99999999-9999-4999-8999-999999999999
	nothing_is_written_by 78 'tenant does not exist.*AADSTS90002'
}

a_missing_role_is_named() {
	fresh
	sim_change "[{\"op\": \"setApp\", \"appId\": \"$GB_CLIENT_ID\", \"roles\": [\"Organization.Read.All\"]}]"
	nothing_is_written_by 77 'Group.Read.All|permission'
}

people_that_cannot_be_read_hold_back_removals() {
	fresh
	sim_change "[{\"op\": \"setApp\", \"appId\": \"$GB_CLIENT_ID\", \"roles\": [\"Group.Read.All\",
		\"Organization.Read.All\", \"Member.Read.Hidden\"]}]"
	local before code=0
	before=$(dc_writes)
	engine sync --policy initial >"$GB_WORLD/tmp/said" 2>&1 || code=$?
	[ $code -ne 0 ]
	same writes "$before" "$(dc_writes)"
}

a_wrong_certificate_authority_for_the_cloud_is_refused() {
	fresh
	set_config cloud "ca file" "$GB_FOREIGN_CA"
	nothing_is_written_by 76 'certificate'
}

a_wrong_certificate_authority_for_the_directory_is_refused() {
	fresh
	set_config directory "ca file" "$GB_FOREIGN_CA"
	nothing_is_written_by 76 'certificate'
}

a_directory_that_does_not_answer_is_named() {
	fresh
	set_config directory servers "$GB_DEAD_HOST"
	nothing_is_written_by 69 "$GB_DEAD_HOST"
}

the_second_server_takes_over_from_one_that_does_not_answer() {
	fresh
	set_config directory servers "$GB_DEAD_HOST $GB_DC_HOST"
	exits 0 sync
}

a_wrong_directory_password_is_explained() {
	fresh
	printf wrong >"$GB_CREDENTIALS/directory-password"
	nothing_is_written_by 77 'password'
}

an_empty_directory_password_is_refused_here() {
	fresh
	: >"$GB_CREDENTIALS/directory-password"
	nothing_is_written_by 78 'directory-password'
}

a_missing_container_is_named() {
	fresh
	set_config writeback container "OU=Nowhere,$GB_BASE_DN"
	nothing_is_written_by 78 'OU=Nowhere'
}

an_account_without_rights_is_told_so() {
	fresh
	set_config directory account "$GB_NOBODY_DN"
	printf '%s' "$GB_NOBODY_PASSWORD" >"$GB_CREDENTIALS/directory-password"
	nothing_is_written_by 77 'may not create groups'
}

an_administrators_account_is_refused() {
	fresh
	set_config directory account "$GB_ADMIN_DN"
	printf '%s' "$GB_ADMIN_PASSWORD" >"$GB_CREDENTIALS/directory-password"
	nothing_is_written_by 77 'Admin'
}

starttls_works() {
	fresh
	set_config directory transport starttls
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

kerberos_works_over_tls_and_sealed() {
	fresh
	set_config directory bind gssapi
	set_config directory account "svc_groupback@$GB_REALM"
	for transport in ldaps starttls gssapi-seal; do
		set_config directory transport $transport
		exits 0 sync --policy initial
		same "writes over $transport" 0 "$(report .traffic.ldapWrites)"
	done
}

a_page_that_ends_early_removes_nothing() {
	fresh
	faults '[{"match": {"pathPrefix": "/beta/groups"}, "count": -1, "action": {"spoil": "truncated"}}]'
	nothing_is_written_by 76 'JSON|answer'
}

a_body_that_is_cut_removes_nothing() {
	fresh
	faults '[{"match": {"contains": "/members"}, "count": -1, "action": {"spoil": "invalidJson"}}]'
	local before code=0
	before=$(dc_writes)
	engine sync --policy initial >"$GB_WORLD/tmp/said" 2>&1 || code=$?
	[ $code -ne 0 ]
	same writes "$before" "$(dc_writes)"
}

html_with_status_200_removes_nothing() {
	fresh
	faults '[{"match": {"pathPrefix": "/beta/groups"}, "count": -1, "action": {"spoil": "html"}}]'
	nothing_is_written_by 76 'HTML|text/html|application/json'
}

a_redirect_is_not_followed() {
	fresh
	faults '[{"match": {"pathPrefix": "/v1.0/organization"}, "count": -1,
		"action": {"status": 302, "headers": {"Location": "https://evil.example/"}}}]'
	nothing_is_written_by 76 'answers 302'
}

a_link_to_another_host_is_not_followed() {
	fresh
	faults '[{"match": {"pathPrefix": "/v1.0/users"}, "count": -1,
		"action": {"nextLink": "https://evil.example/v1.0/users?$skiptoken=x"}}]'
	nothing_is_written_by 76 'link|host|origin'
}

throttling_is_waited_for() {
	fresh
	faults '[{"match": {"pathPrefix": "/beta/groups"}, "count": 1,
		"action": {"status": 429, "headers": {"Retry-After": "1"}}}]'
	exits 0 sync
	[ "$(report .traffic.httpRetries)" -ge 1 ]
}

a_token_that_is_refused_in_the_middle_is_renewed_once() {
	fresh
	faults '[{"match": {"pathPrefix": "/beta/groups"}, "count": 1,
		"action": {"status": 401, "code": "InvalidAuthenticationToken"}}]'
	exits 0 sync
}

an_expired_delta_link_means_a_full_read_and_no_removal() {
	fresh
	sim_change '[{"op": "resetDelta"}]'
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

one_refused_group_does_not_stop_the_others() {
	fresh
	sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"displayName\": \"Aa Taken\",
		\"id\": \"aaaaaaaa-0000-4000-8000-00000000aaaa\", \"groupTypes\": [], \"mailEnabled\": false,
		\"securityEnabled\": true, \"mailNickname\": \"aa\", \"members\": [],
		\"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": null}}},
		{\"op\": \"add\", \"type\": \"group\", \"object\": {\"displayName\": \"Bb Free\",
		\"id\": \"bbbbbbbb-0000-4000-8000-00000000bbbb\", \"groupTypes\": [], \"mailEnabled\": false,
		\"securityEnabled\": true, \"mailNickname\": \"bb\", \"members\": [],
		\"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": null}}}]"
	dc_as admin ldapadd <<-LDIF
		dn: CN=theirs,OU=People,$GB_BASE_DN
		objectClass: group
		sAMAccountName: theirs
		adminDescription: Group_aaaaaaaa-0000-4000-8000-00000000aaaa
	LDIF
	exits 3 sync
	jq -e '[.problems[] | select(.group == "aaaaaaaa-0000-4000-8000-00000000aaaa")] | length == 1' \
		"$GB_WORLD/state/last.json"
	[ -n "$(group_attribute bbbbbbbb-0000-4000-8000-00000000bbbb sAMAccountName)" ]
	same "objects with its anchor" 1 \
		"$(dc_search '(adminDescription=Group_aaaaaaaa-0000-4000-8000-00000000aaaa)' dn | grep -c '^dn')"
	exits 3 sync
}

a_second_engine_is_told_who_is_at_work() {
	fresh
	exec 7>"$GB_WORLD/state/lock"
	flock 7
	exits 75 sync
	exec 7>&-
	says 'Another engine'
}

a_full_disk_stops_before_anything_is_written() {
	fresh
	local before code=0
	before=$(dc_writes)
	(
		rm -f "$GB_WORLD"/state/state.db*
		ulimit -f 40
		trap '' XFSZ
		engine sync >"$GB_WORLD/tmp/said" 2>&1
	) || code=$?
	same "exit code" 74 $code
	same writes "$before" "$(dc_writes)"
	rm -f "$GB_WORLD"/state/state.db*
}

configuration_errors_name_line_and_column() {
	fresh
	printf '[cloud]\ntenant = "x"\nteapot = "1"\n' >"$GB_CONFIG"
	exits 78 sync
	says 'groupback.conf:3:1'
	fresh
	sed -i 's/^transport = .*/transport = "carrier pigeon"/' "$GB_CONFIG"
	exits 78 check --offline
	says 'ldaps'
}

secrets_are_in_no_output_and_no_file_of_ours() {
	fresh
	engine sync --policy initial --verbose --verbose >"$GB_WORLD/tmp/said" 2>&1 || true
	not grep -rFl -e "$GB_SVC_PASSWORD" -e "$GB_CLIENT_SECRET" "$GB_WORLD/tmp/said" "$GB_WORLD/state"
	not grep -rl 'eyJ[A-Za-z0-9_-]*\.eyJ' "$GB_WORLD/tmp/said" "$GB_WORLD/state"
}

run_tests \
	the_first_cycle_converges \
	a_wrong_client_secret_is_refused_with_its_reason \
	a_good_client_secret_works \
	a_certificate_that_the_application_does_not_have_is_refused \
	a_key_that_is_not_of_the_certificate_is_refused_before_anything_is_sent \
	the_older_assertion_works_as_well \
	an_unknown_tenant_is_named \
	a_missing_role_is_named \
	people_that_cannot_be_read_hold_back_removals \
	a_wrong_certificate_authority_for_the_cloud_is_refused \
	a_wrong_certificate_authority_for_the_directory_is_refused \
	a_directory_that_does_not_answer_is_named \
	the_second_server_takes_over_from_one_that_does_not_answer \
	a_wrong_directory_password_is_explained \
	an_empty_directory_password_is_refused_here \
	a_missing_container_is_named \
	an_account_without_rights_is_told_so \
	an_administrators_account_is_refused \
	starttls_works \
	kerberos_works_over_tls_and_sealed \
	a_page_that_ends_early_removes_nothing \
	a_body_that_is_cut_removes_nothing \
	html_with_status_200_removes_nothing \
	a_redirect_is_not_followed \
	a_link_to_another_host_is_not_followed \
	throttling_is_waited_for \
	a_token_that_is_refused_in_the_middle_is_renewed_once \
	an_expired_delta_link_means_a_full_read_and_no_removal \
	one_refused_group_does_not_stop_the_others \
	a_second_engine_is_told_who_is_at_work \
	a_full_disk_stops_before_anything_is_written \
	configuration_errors_name_line_and_column \
	secrets_are_in_no_output_and_no_file_of_ours
