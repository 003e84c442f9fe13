#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a written group looks like: mapping, places, mail, scope in the directory, nested groups.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

SELECTED=$GB_WORLD/tmp/selected
MAPPING=$GB_WORLD/tmp/mapping
SECRET="OU=Secret,$GB_CONTAINER"
A=aaaaaaaa-0000-4000-8000-00000000000a
B=aaaaaaaa-0000-4000-8000-00000000000b

add_group() { # id display-name mail|null
	local mail=$3
	[ "$mail" = null ] || mail="\"$mail\""
	sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$1\", \"displayName\": \"$2\",
		\"groupTypes\": [], \"mailEnabled\": false, \"securityEnabled\": true, \"mailNickname\": \"n$2\",
		\"mail\": $mail, \"classification\": \"plain\"}}]"
}

patch() { # id JSON
	sim_change "[{\"op\": \"patch\", \"id\": \"$1\", \"set\": $2}]"
}

mapped() { # lines
	printf '%s\n' "$@" >"$MAPPING"
	chmod 644 "$MAPPING"
}

begin() {
	printf '%s\n%s\n' $A $B >"$SELECTED"
	chmod 644 "$SELECTED"
	set_config writeback scope selected
	set_config writeback "selected file" "$SELECTED"
	dc_as admin ldapadd <<-LDIF
		dn: $SECRET
		objectClass: organizationalUnit
	LDIF
	add_group $A Alpha null
	add_group $B Beta null
	exits 0 sync --approve-first
}

the_mapping_file_decides_attributes_and_names() {
	begin
	set_config writeback "mapping file" "$MAPPING"
	mapped 'info = Append("from the cloud: ", ToUpper([displayName]))' \
		'cn = Join("-", [displayName], Mid([objectId], 25, 12))' 'description = none'
	exits 3 sync
	exits 0 approve "$(report .waitingPlan.digest)"
	same info "from the cloud: ALPHA" "$(group_attribute $A info)"
	same cn "Alpha-00000000000a" "$(group_attribute $A cn)"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
}

what_somebody_changed_by_hand_is_put_back() {
	dc_as svc ldapmodify <<-LDIF
		dn: $(group_attribute $A dn)
		changetype: modify
		replace: info
		info: mine
	LDIF
	exits 0 sync
	same info "from the cloud: ALPHA" "$(group_attribute $A info)"
}

a_place_given_by_the_mapping_moves_the_group_with_its_sid() {
	local sid
	sid=$(group_attribute $A objectSid)
	mapped "parentDistinguishedName = Switch([classification], \"$GB_CONTAINER\", \"secret\", \"$SECRET\")"
	patch $A '{"classification": "secret"}'
	exits 3 sync
	exits 0 approve "$(report .waitingPlan.digest)"
	group_attribute $A dn | grep -qiF ",$SECRET"
	same objectSid "$sid" "$(group_attribute $A objectSid)"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	patch $A '{"classification": "plain"}'
	exits 0 sync
	not grep -qiF ",$SECRET" <<<"$(group_attribute $A dn)"
	same objectSid "$sid" "$(group_attribute $A objectSid)"
}

a_place_outside_the_container_or_missing_freezes_and_is_named() {
	mapped "parentDistinguishedName = \"OU=People,$GB_BASE_DN\""
	exits 3 sync
	says 'puts the group outside the container'
	same writes 0 "$(report .traffic.ldapWrites)"
	mapped "parentDistinguishedName = \"OU=Nowhere,$GB_CONTAINER\""
	exits 3 sync
	says 'into a container that is not there'
	same writes 0 "$(report .traffic.ldapWrites)"
}

a_mapping_that_is_wrong_writes_nothing() {
	mapped 'info = Upper([displayName])'
	exits 78 sync
	says 'mapping:1:8: there is no function "Upper"'
	set_config writeback "mapping file" ""
	exits 0 sync
}

mail_attributes_come_when_asked_for() {
	patch $A '{"mail": "alpha@sandbox.example"}'
	exits 0 sync
	same mail "" "$(group_attribute $A mail)"
	set_config writeback "mail attributes" yes
	exits 0 sync
	same mail alpha@sandbox.example "$(group_attribute $A mail)"
	same proxyAddresses SMTP:alpha@sandbox.example "$(group_attribute $A proxyAddresses)"
}

a_new_address_keeps_the_old_one_and_what_others_added() {
	dc_as svc ldapmodify <<-LDIF
		dn: $(group_attribute $A dn)
		changetype: modify
		add: proxyAddresses
		proxyAddresses: X500:/o=old
	LDIF
	exits 0 sync
	patch $A '{"mail": "first@sandbox.example"}'
	exits 0 sync
	same proxyAddresses "SMTP:first@sandbox.example X500:/o=old smtp:alpha@sandbox.example" \
		"$(group_attribute $A proxyAddresses | sort | tr '\n' ' ' | sed 's/ $//')"
}

an_address_that_somebody_has_is_not_written_twice() {
	dc_as admin ldapmodify <<-LDIF
		dn: $(dc_search '(sAMAccountName=mia.weber)' dn | sed -n 's/^dn: //p')
		changetype: modify
		add: proxyAddresses
		proxyAddresses: smtp:Taken@sandbox.example
	LDIF
	patch $B '{"mail": "taken@sandbox.example", "displayName": "Beta again"}'
	exits 3 sync
	says 'has the mail address of the group'
	same mail "" "$(group_attribute $B mail)"
	same displayName "Beta again" "$(group_attribute $B displayName)"
	patch $B '{"mail": null}'
	exits 0 sync
	set_config writeback "mail attributes" no
	exits 0 sync
	same mail first@sandbox.example "$(group_attribute $A mail)"
}

the_account_name_follows_when_asked_to() {
	same sAMAccountName "Beta_00000000000b" "$(group_attribute $B sAMAccountName)"
	set_config writeback "account name" follow
	exits 0 sync
	same sAMAccountName "Beta again_00000000000b" "$(group_attribute $B sAMAccountName)"
}

members() { # objectId: RDNs of its members, sorted, on one line
	group_attribute "$1" member | sed 's/^CN=\([^,]*\),.*/\1/' | sort | tr '\n' ' ' | sed 's/ $//'
}

nested_groups_in_a_circle_are_flattened() {
	local ada mia
	ada=$(user_id ada.lovelace) mia=$(user_id mia.weber)
	sim_change "[{\"op\": \"addMembers\", \"id\": \"$A\", \"members\": [\"$B\", \"$ada\"]},
		{\"op\": \"addMembers\", \"id\": \"$B\", \"members\": [\"$A\", \"$mia\"]}]"
	set_config writeback name display-name
	set_config writeback nested flatten
	exits 0 sync
	same "members of A" "Ada Lovelace Mia Weber" "$(members $A)"
	same "members of B" "Ada Lovelace Mia Weber" "$(members $B)"
	exits 0 sync
	same writes 0 "$(report .traffic.ldapWrites)"
	same "not written itself" "$B flattened" \
		"$(engine explain --json $A | jq -r '.notWritten[] | .id + " " + .cause')"
}

who_leaves_a_nested_group_leaves_the_group_above_in_a_delta_cycle() {
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$B\", \"members\": [\"$(user_id mia.weber)\"]}]"
	exits 0 sync
	same policy delta "$(report .policy)"
	same "members of A" "Ada Lovelace" "$(members $A)"
	same "members of B" "Ada Lovelace" "$(members $B)"
}

both_keeps_the_nested_group_besides_its_members() {
	set_config writeback nested both
	exits 0 sync
	same "members of A" "Ada Lovelace Beta again_00000000000b" "$(members $A)"
	set_config writeback nested keep
	exits 0 sync
	same "members of A" "Ada Lovelace Beta again_00000000000b" "$(members $A)"
	same "members of B" "Alpha_00000000000a" "$(members $B)"
	sim_change "[{\"op\": \"removeMembers\", \"id\": \"$B\", \"members\": [\"$A\"]}]"
	exits 0 sync
}

converges() { # cycles until nothing is left to do, at most five
	local code
	for _ in 1 2 3 4 5; do
		code=0
		engine sync >"$GB_WORLD/tmp/said" 2>&1 || code=$?
		[ $code -ne 0 ] || return 0
		same "exit code while groups wait for others" 3 $code
		same "refused by the directory" 0 "$(report .applied.failed)"
	done
	cat "$GB_WORLD/tmp/said"
	return 1
}

scopes_convert_step_by_step_and_no_write_is_refused() {
	local sid_a sid_b scope
	sid_a=$(group_attribute $A objectSid) sid_b=$(group_attribute $B objectSid)
	for scope in global:-2147483646 domain-local:-2147483644 universal:-2147483640 \
		domain-local:-2147483644 global:-2147483646 universal:-2147483640; do
		set_config writeback "group scope" ${scope%:*}
		converges
		same "A as ${scope%:*}" "${scope#*:}" "$(group_attribute $A groupType)"
		same "B as ${scope%:*}" "${scope#*:}" "$(group_attribute $B groupType)"
		same "members of A" "Ada Lovelace Beta again_00000000000b" "$(members $A)"
	done
	same "SID of A" "$sid_a" "$(group_attribute $A objectSid)"
	same "SID of B" "$sid_b" "$(group_attribute $B objectSid)"
}

a_contact_is_found_by_its_address() {
	local contact
	contact=$(jq -r '.contacts[0].id' "$GB_TENANT_FILE")
	dc_as admin ldapadd <<-LDIF
		dn: CN=Fax vendor,OU=People,$GB_BASE_DN
		objectClass: contact
		mail: FAX@vendor.example
	LDIF
	sim_change "[{\"op\": \"patch\", \"id\": \"$contact\", \"set\": {\"mail\": \"fax@vendor.example\"}},
		{\"op\": \"addMembers\", \"id\": \"$A\", \"members\": [\"$contact\"]}]"
	exits 0 sync --policy initial
	same "members of A" "Ada Lovelace Beta again_00000000000b Fax vendor" "$(members $A)"
}

explain_tells_why() {
	exits 0 explain "Alpha"
	says 'Scope: in. The group is among the selected ones.'
	says "Object: CN=Alpha_00000000000a,"
	says 'Members: 3 in the cloud, 3 in the directory'
	says 'Last change: run [0-9]+, .*: members added, CN=Alpha'
	exits 0 explain ada.lovelace
	says 'Found on-premises by its security identifier'
	says 'It is a member there.'
	exits 0 explain $A --json
	same scope in "$(jq -r .scope "$GB_WORLD/tmp/said")"
	sim_change "[{\"op\": \"patch\", \"id\": \"$A\", \"set\": {\"displayName\": \"\u00c4pfel\"}}]"
	exits 0 sync
	exits 0 explain "$(printf '\303\244PFEL')" --json
	same scope in "$(jq -r .scope "$GB_WORLD/tmp/said")"
	exits 3 explain nobody.at.all
	says 'No group or member'
}

an_enforced_source_of_authority_is_found_and_explained() {
	local policy="CN=Cloud,CN=SOA-Policies,CN=System,$GB_BASE_DN" sid
	exits 0 check
	says 'The directory has no such policy'
	dc_as admin ldapadd <<-LDIF
		dn: CN=SOA-Policies,CN=System,$GB_BASE_DN
		objectClass: container

		dn: $policy
		objectClass: msDS-App-Configuration
		msDS-Settings: Enforced
		msDS-Settings: S-1-5-21-1-2-3-1104
	LDIF
	exits 77 check
	says 'the service account is not one of them'
	sid=$(dc_as svc ldapsearch -LLL -o ldif-wrap=no -s base -b "" tokenGroups | sed -n 's/^tokenGroups:: //p' |
		/usr/bin/python3 -c '
import base64, struct, sys
for line in sys.stdin:
	b = base64.b64decode(line)
	parts = struct.unpack("<%dI" % b[1], b[8:])
	if parts[0] == 21 and parts[-1] >= 1000:
		print("S-%d-%d-%s" % (b[0], int.from_bytes(b[2:8], "big"), "-".join(map(str, parts))))
' | head -n 1)
	dc_as admin ldapmodify <<-LDIF
		dn: $policy
		changetype: modify
		add: msDS-Settings
		msDS-Settings: $sid
	LDIF
	exits 0 check
	says 'The directory has a policy; the account may write'
	set_config writeback "mapping file" "$MAPPING"
	mapped 'msDS-ObjectSoa = "Cloud"'
	exits 0 sync
	same msDS-ObjectSoa Cloud "$(group_attribute $A msDS-ObjectSoa)"
}

run_tests the_mapping_file_decides_attributes_and_names \
	what_somebody_changed_by_hand_is_put_back \
	a_place_given_by_the_mapping_moves_the_group_with_its_sid \
	a_place_outside_the_container_or_missing_freezes_and_is_named \
	a_mapping_that_is_wrong_writes_nothing \
	mail_attributes_come_when_asked_for \
	a_new_address_keeps_the_old_one_and_what_others_added \
	an_address_that_somebody_has_is_not_written_twice \
	the_account_name_follows_when_asked_to \
	nested_groups_in_a_circle_are_flattened \
	who_leaves_a_nested_group_leaves_the_group_above_in_a_delta_cycle \
	both_keeps_the_nested_group_besides_its_members \
	scopes_convert_step_by_step_and_no_write_is_refused \
	a_contact_is_found_by_its_address \
	explain_tells_why \
	an_enforced_source_of_authority_is_found_and_explained
