#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The LDAP sink takes what a writer of AD groups sends.
set -u
# shellcheck source=tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world slapd "$@"

as_svc() { # tool arguments...
	local tool=$1
	shift
	LDAPTLS_CACERT=$GB_LDAP_CA "$tool" -x -o nettimeout=10 -H "$GB_SLAPD_URIS" -D "$GB_SVC_DN" \
		-w "$GB_SVC_PASSWORD" "$@"
}

add_group() { # dn
	as_svc ldapadd <<-LDIF
		dn: $1
		objectClass: group
		sAMAccountName: sales_1
		groupType: -2147483640
		displayName: Sales, "EMEA"
		description: a group
		info: lease
		adminDescription: Group_7f3d
		msDS-ExternalDirectoryObjectId: Group_7f3d
		mail: sales@lab.test
		mailNickname: sales
		proxyAddresses: SMTP:sales@lab.test
		member: CN=Ada Lovelace,OU=Research \\+ Development\\, R&D,OU=People,$GB_BASE_DN
	LDIF
}

a_group_as_active_directory_has_it_is_accepted() {
	add_group "CN=Sales\\, \\22EMEA\\22,$GB_CONTAINER"
	as_svc ldapsearch -LLL -b "$GB_CONTAINER" '(msDS-ExternalDirectoryObjectId=Group_7f3d)' '*' + |
		grep '^entryUUID: '
}

writing_elsewhere_is_refused() {
	fails_with 50 add_group "CN=Sales,OU=People,$GB_BASE_DN"
}

people_are_those_of_the_domain() {
	same people 70 "$(as_svc ldapsearch -LLL -b "OU=People,$GB_BASE_DN" '(objectClass=user)' dn |
		grep -c '^dn')"
}

starttls_is_verified_by_name() {
	LDAPTLS_CACERT=$GB_LDAP_CA ldapsearch -x -ZZ -H "$GB_SLAPD_URI" -s base
	fails_with 1 env LDAPTLS_CACERT="$GB_FOREIGN_CA" ldapsearch -x -ZZ -H "$GB_SLAPD_URI" -s base
}

completed() { # kind of operation
	slapd_as_admin ldapsearch -LLL -s base -b "cn=$1,cn=Operations,cn=Monitor" monitorOpCompleted |
		sed -n 's/^monitorOpCompleted: //p'
}

it_counts_operations() {
	local before
	before=$(completed Modify)
	as_svc ldapmodify <<-LDIF
		dn: OU=Cloud Groups,$GB_BASE_DN
		changetype: modify
		replace: description
		description: counted
	LDIF
	same modifies $((before + 1)) "$(completed Modify)"
}

run_tests \
	a_group_as_active_directory_has_it_is_accepted \
	writing_elsewhere_is_refused \
	people_are_those_of_the_domain \
	starttls_is_verified_by_name \
	it_counts_operations
