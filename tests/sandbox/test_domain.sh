#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The domain controller of the sandbox is what the tests of the engine take it for.
set -u
# shellcheck source=tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba "$@"

add_group() { # who dn account
	dc_as "$1" ldapadd <<-LDIF
		dn: $2
		objectClass: group
		sAMAccountName: $3
		groupType: -2147483640
		displayName: $3
		msDS-ExternalDirectoryObjectId: Group_$3
	LDIF
}

ldaps_is_verified_by_name() {
	dc_search '(sAMAccountName=anna.mueller)' cn | grep '^cn'
	fails_with 255 env LDAPTLS_CACERT="$GB_FOREIGN_CA" ldapsearch -x -H "$GB_DC_URIS" -s base
}

starttls_is_verified_by_name() {
	LDAPTLS_CACERT=$GB_LDAP_CA ldapsearch -x -ZZ -H "$GB_DC_URI" -D "$GB_SVC_UPN" \
		-w "$GB_SVC_PASSWORD" -s base -b "$GB_BASE_DN" dn
	fails_with 1 env LDAPTLS_CACERT="$GB_FOREIGN_CA" ldapsearch -x -ZZ -H "$GB_DC_URI" -s base
}

a_password_is_refused_without_encryption() {
	fails_with 8 ldapsearch -x -H "$GB_DC_URI" -D "$GB_SVC_UPN" -w "$GB_SVC_PASSWORD" -s base
}

kerberos_works_with_the_keytab_alone() {
	KRB5_CLIENT_KTNAME=$GB_SVC_KEYTAB ldapsearch -Q -Y GSSAPI -N -LLL -H "$GB_DC_URI" \
		-b "$GB_BASE_DN" '(sAMAccountName=svc_groupback)' distinguishedName | grep "$GB_SVC_DN"
}

kerberos_works_over_tls() {
	KRB5_CLIENT_KTNAME=$GB_SVC_KEYTAB LDAPTLS_CACERT=$GB_LDAP_CA ldapsearch -Q -Y GSSAPI -N \
		-O maxssf=0 -LLL -H "$GB_DC_URIS" -b "$GB_CONTAINER" -s base dn
}

kerberos_is_refused_without_signing() {
	export KRB5_CLIENT_KTNAME=$GB_SVC_KEYTAB
	fails_with 8 ldapsearch -Q -Y GSSAPI -N -O maxssf=0 -H "$GB_DC_URI" -s base
}

the_schema_is_that_of_2016() {
	dc_as svc ldapsearch -LLL -b "CN=Schema,CN=Configuration,$GB_BASE_DN" -s base objectVersion |
		grep '^objectVersion: 87$'
}

the_delegated_account_manages_groups_in_the_container() {
	local dn="CN=Tried,$GB_CONTAINER"
	add_group svc "$dn" tried
	dc_as svc ldapmodify <<-LDIF
		dn: $dn
		changetype: modify
		add: member
		member: $(dc_search '(sAMAccountName=ada.lovelace)' dn | sed 's/^dn: //')
		-
		replace: displayName
		displayName: Tried again
	LDIF
	dc_as svc ldapmodrdn -r "$dn" 'CN=Renamed'
	dc_as svc ldapdelete "CN=Renamed,$GB_CONTAINER"
}

the_delegated_account_writes_nowhere_else() {
	fails_with 50 add_group svc "CN=Outside,OU=Other Groups,$GB_BASE_DN" outside
	fails_with 50 dc_as svc ldapmodify <<-LDIF
		dn: CN=Finance Staff,OU=Groups,$GB_BASE_DN
		changetype: modify
		replace: description
		description: not ours
	LDIF
}

the_account_without_rights_creates_nothing() {
	fails_with 50 add_group nobody "CN=Nothing,$GB_CONTAINER" nothing
}

the_admin_is_a_domain_admin() {
	dc_search '(cn=Domain Admins)' member | grep -x "member: $GB_ADMIN_DN"
}

people_have_what_the_engine_matches_them_by() {
	same people 70 "$(jq '.people | length' "$GB_FACTS")"
	local sid
	sid=$(jq -r '.people[] | select(.account == "ada.lovelace").sid' "$GB_FACTS")
	dc_search "(objectSid=$sid)" sAMAccountName mS-DS-ConsistencyGuid | grep '^mS-DS-ConsistencyGuid'
}

every_write_is_in_the_audit() {
	add_group svc "CN=Audited,$GB_CONTAINER" audited
	jq -e 'select(.dsdbChange.dn == "CN=Audited,'"$GB_CONTAINER"'").dsdbChange.operation == "Add"' \
		"$GB_DC_AUDIT"
}

a_bad_certificate_is_refused() { # kind
	"$SANDBOX" stop --with samba
	"$SANDBOX" start --with samba --dc-cert "$1"
	fails_with 255 dc_as svc ldapsearch -s base
}

an_expired_certificate_can_be_shown() { a_bad_certificate_is_refused expired; }
a_certificate_for_another_host_can_be_shown() { a_bad_certificate_is_refused wrong-host; }
a_certificate_of_a_foreign_authority_can_be_shown() { a_bad_certificate_is_refused foreign; }

run_tests \
	ldaps_is_verified_by_name \
	starttls_is_verified_by_name \
	a_password_is_refused_without_encryption \
	kerberos_works_with_the_keytab_alone \
	kerberos_works_over_tls \
	kerberos_is_refused_without_signing \
	the_schema_is_that_of_2016 \
	the_delegated_account_manages_groups_in_the_container \
	the_delegated_account_writes_nowhere_else \
	the_account_without_rights_creates_nothing \
	the_admin_is_a_domain_admin \
	people_have_what_the_engine_matches_them_by \
	every_write_is_in_the_audit \
	an_expired_certificate_can_be_shown \
	a_certificate_for_another_host_can_be_shown \
	a_certificate_of_a_foreign_authority_can_be_shown
