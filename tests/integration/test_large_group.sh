#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A group that is larger than a page, a range and a chunk.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world slapd,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

MEMBERS=2500
GROUP=22222222-3333-4444-8555-666666666666

set_config directory servers "$GB_SLAPD_HOST"
set_config directory account "$GB_SLAPD_ADMIN_DN"
printf %s "$GB_SLAPD_ADMIN_PASSWORD" >"$GB_CREDENTIALS/directory-password"

person_id() {
	printf '33333333-0000-4000-8000-%012d' "$1"
}

people_ldif() {
	local n
	for n in $(seq $MEMBERS); do
		printf 'dn: CN=big%05d,OU=People,%s\nobjectClass: user\nsAMAccountName: big%05d\n\n' \
			"$n" "$GB_BASE_DN" "$n"
	done
}

# People in both worlds, known by their distinguished names.
people_changes() {
	local n
	for n in $(seq $MEMBERS); do
		printf '{"op":"add","type":"user","object":{"id":"%s","displayName":"big%05d","userPrincipalName":"big%05d@x","onPremisesSyncEnabled":true,"onPremisesDistinguishedName":"CN=big%05d,OU=People,%s"}},' \
			"$(person_id "$n")" "$n" "$n" "$n" "$GB_BASE_DN"
	done
}

member_ids() { # first last
	local n
	for n in $(seq "$1" "$2"); do
		printf '"%s",' "$(person_id "$n")"
	done | sed 's/,$//'
}

change_file() {
	printf '{"changes": [%s]}' "$1" >"$GB_WORLD/tmp/changes"
	sim /control/changes --data-binary "@$GB_WORLD/tmp/changes" >/dev/null
}

values_there() {
	slapd_as_admin ldapsearch -LLL -o ldif-wrap=no -b "$GB_CONTAINER" \
		"(adminDescription=Group_$GROUP)" member | grep -c '^member'
}

it_is_written_whole() {
	people_ldif | slapd_as_admin ldapadd >/dev/null
	change_file "$(people_changes){\"op\":\"add\",\"type\":\"group\",\"object\":{\"id\":\"$GROUP\",
		\"displayName\":\"Big\",\"groupTypes\":[],\"mailEnabled\":false,\"securityEnabled\":true,
		\"mailNickname\":\"big\",\"writebackConfiguration\":{\"isEnabled\":true,\"onPremisesGroupType\":null},
		\"members\":[$(member_ids 1 $MEMBERS)]}}"
	exits 0 sync --approve-first
	same members $MEMBERS "$(values_there)"
}

again_nothing_is_written() {
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

one_member_less_is_one_value() {
	change_file "{\"op\":\"removeMembers\",\"id\":\"$GROUP\",\"members\":[$(member_ids 7 7)]}"
	exits 0 sync
	same values 1 "$(report .traffic.ldapMemberValues)"
	same "requests to Graph" 4 "$(report .traffic.httpRequests)"
	same members $((MEMBERS - 1)) "$(values_there)"
}

thousands_leave_in_chunks() {
	change_file "{\"op\":\"removeMembers\",\"id\":\"$GROUP\",\"members\":[$(member_ids 8 1507)]}"
	exits 3 sync
	same "values before they are approved" 0 "$(report .traffic.ldapMemberValues)"
	exits 0 approve "$(report .waitingPlan.digest)"
	same values 1500 "$(report .traffic.ldapMemberValues)"
	same modifies 2 "$(report .traffic.ldapModifies)"
	same members $((MEMBERS - 1501)) "$(values_there)"
}

run_tests \
	it_is_written_whole \
	again_nothing_is_written \
	one_member_less_is_one_value \
	thousands_leave_in_chunks
