#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A generated tenant: the cloud, the domain controller and the LDAP sink tell the same about everybody.
set -u
# shellcheck source=tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
# 130 of the 150 have an account (8 percent cloud, 5 guests, 1 gone); 40 percent of the groups too.
in_generated_world samba,slapd,sim people=150,groups=60,links=900,synced=40 "$@"

graph() { # path
	local token
	token=$(curl -sS --fail-with-body --max-time 120 --cacert "$GB_SIM_CA" \
		"$GB_SIM_AUTHORITY/$GB_TENANT_ID/oauth2/v2.0/token" -d grant_type=client_credentials \
		-d client_id="$GB_CLIENT_ID" --data-urlencode "client_secret@$GB_CREDENTIALS/cloud-secret" \
		--data-urlencode "scope=$GB_SIM_GRAPH/.default" | jq -er .access_token)
	curl -sS --fail-with-body --max-time 120 --cacert "$GB_SIM_CA" -H "Authorization: Bearer $token" \
		"$GB_SIM_GRAPH/$1"
}

# "SID immutable-id" of each entry of an LDIF: the ConsistencyGuid if there is one.
anchors() {
	/usr/bin/python3 -c '
import base64, sys, ldb
for _, m in ldb.Ldb().parse_ldif(sys.stdin.read()):
    if "objectSid" in m:
        raw = bytes(m["objectSid"][0])
        subs = [str(int.from_bytes(raw[8 + 4 * i:12 + 4 * i], "little")) for i in range(raw[1])]
        anchor = m.get("mS-DS-ConsistencyGuid", m.get("objectGUID"))[0]
        print("-".join(["S-1-5"] + subs), base64.b64encode(bytes(anchor)).decode())' | sort
}

generated() { # command...; the generated people as that command finds them
	"$@" -LLL -o ldif-wrap=no -b "OU=Generated,$GB_BASE_DN" '(objectClass=user)' \
		objectSid objectGUID mS-DS-ConsistencyGuid
}

known_to_the_cloud() {
	graph 'v1.0/users?$top=999&$select=onPremisesSecurityIdentifier,onPremisesImmutableId,id' |
		jq -r '.value[] | select(.onPremisesSecurityIdentifier and .onPremisesImmutableId) |
			"\(.onPremisesSecurityIdentifier) \(.onPremisesImmutableId)"' | sort
}

the_directories_and_the_cloud_name_the_same_people() {
	known_to_the_cloud >"$TMPDIR/cloud"
	generated dc_as svc ldapsearch | anchors >"$TMPDIR/samba"
	generated slapd_as_admin ldapsearch | anchors >"$TMPDIR/slapd"
	same 'people with an account' 130 "$(wc -l <"$TMPDIR/samba")"
	cmp "$TMPDIR/samba" "$TMPDIR/slapd"
	# One in a hundred is gone on-premises; three in a hundred are known by less.
	comm -12 "$TMPDIR/cloud" "$TMPDIR/samba" >"$TMPDIR/both"
	[ "$(wc -l <"$TMPDIR/both")" -ge 115 ]
	same 'people that only the cloud names' 1 "$(comm -23 "$TMPDIR/cloud" "$TMPDIR/samba" | wc -l)"
}

distinguished_names_are_those_of_the_directory() {
	graph 'v1.0/users?$top=999&$select=onPremisesDistinguishedName' |
		jq -r '.value[].onPremisesDistinguishedName | select(.)' >"$TMPDIR/names"
	[ "$(wc -l <"$TMPDIR/names")" -ge 120 ]
	head -n 20 "$TMPDIR/names" | while IFS= read -r dn; do
		dc_as svc ldapsearch -LLL -s base -b "$dn" '(objectClass=user)' cn | grep -q '^cn'
		slapd_as_admin ldapsearch -LLL -s base -b "$dn" '(objectClass=user)' cn | grep -q '^cn'
	done
}

groups_from_on_premises_have_the_same_members_on_both_sides() {
	local row sid id size
	graph 'v1.0/groups?$top=999&$select=id,onPremisesSecurityIdentifier' |
		jq -r '.value[] | select(.onPremisesSecurityIdentifier) |
			"\(.onPremisesSecurityIdentifier) \(.id)"' >"$TMPDIR/groups"
	[ "$(wc -l <"$TMPDIR/groups")" -ge 10 ]
	while read -r sid id; do
		size=$(graph "v1.0/groups/$id/members?\$top=999&\$select=id" | jq '.value | length')
		same "members of $sid" "$size" "$(dc_search "(objectSid=$sid)" member | grep -c '^member:')"
	done < <(head -n 5 "$TMPDIR/groups")
}

the_counts_are_those_of_the_spec() {
	curl -sS "$GB_SIM_CONTROL/control/state" |
		jq -e '.users == 150 and .groups == 60 and .memberships == 900'
}

the_domain_controller_still_makes_accounts() {
	dc_as admin ldapadd <<-LDIF
		dn: CN=Newcomer,OU=Generated,$GB_BASE_DN
		objectClass: user
		sAMAccountName: newcomer
	LDIF
}

run_tests \
	the_directories_and_the_cloud_name_the_same_people \
	distinguished_names_are_those_of_the_directory \
	groups_from_on_premises_have_the_same_members_on_both_sides \
	the_counts_are_those_of_the_spec \
	the_domain_controller_still_makes_accounts
