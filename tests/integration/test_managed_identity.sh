#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The machine's managed identity in place of a secret: Azure's metadata service, and the agent of Azure Arc.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

T=$GB_WORLD/tmp
MACHINE=bbbbbbbb-0000-4000-8000-000000000011
LENT=bbbbbbbb-0000-4000-8000-000000000012

# A second cloud beside the world's: the same tenant, with a machine that has an identity.
mkdir -p "$T/tokens" "$T/other"
jq --arg machine $MACHINE --arg lent $LENT '.apps[0].roles as $roles | .apps += [
	{appId: $machine, displayName: "machine", managedIdentity: "system", roles: $roles},
	{appId: $lent, displayName: "lent", managedIdentity: "user", roles: $roles}]' \
	"$GB_TENANT_FILE" >"${GB_TENANT_FILE%/*}/tenant-machine.json"
"$GB_BUILDDIR/tests/sandbox/sim/entra-sim" --tenant "${GB_TENANT_FILE%/*}/tenant-machine.json" \
	--listen "$GB_SIM_ADDRESS" --port 9443 --control-port 0 --metadata-port 0 --arc-folder "$T/tokens" \
	--cert "$GB_WORLD/pki/sim-good.pem" --key "$GB_WORLD/pki/sim-good.key" \
	--ready-file "$T/ready" >"$T/sim.log" 2>&1 &
trap "kill $!" EXIT
waits_for 60 test -e "$T/ready" || exit 1
set_config cloud authority "$GB_SIM_AUTHORITY:9443"
set_config cloud graph "$GB_SIM_GRAPH:9443"
set_config cloud credential managed-identity
set_config cloud "client id" ""
set_config cloud "identity url" "$(jq -r .metadata "$T/ready")"
set_config cloud "identity key folder" "$T/tokens"
rm "$GB_CREDENTIALS/cloud-secret" "$GB_CREDENTIALS/cloud-key"

a_cycle_needs_no_secret_on_a_machine_in_azure() {
	set_config cloud "identity service" azure
	exits 0 check
	exits 0 sync --policy initial --approve-first
	[ "$(report .plan.creates)" -gt 10 ]
	exits 0 sync
	same "writes of a second cycle" 0 "$(report .traffic.ldapWrites)"
}

the_wizard_can_test_it_without_a_client_id() {
	jq -cn --arg tenant "$GB_TENANT_ID" --arg url "$(jq -r .metadata "$T/ready")" --arg ca "$GB_SIM_CA" \
		--arg authority "$GB_SIM_AUTHORITY:9443" --arg graph "$GB_SIM_GRAPH:9443" \
		--arg state "$GB_WORLD/state" --arg credentials "$GB_CREDENTIALS" '{schema: 1, question: "cloud.check",
		config: {cloud: {environment: "custom", tenant: $tenant, authority: $authority, graph: $graph,
			"ca file": $ca, credential: "managed-identity", "identity service": "azure", "identity url": $url},
		paths: {"state directory": $state, "credentials directory": $credentials}}}' |
		"$ENGINE" probe --config "$GB_CONFIG" >"$T/lines"
	same passed true "$(tail -n 1 "$T/lines" | jq .passed)"
	same "its name" "the identity of this machine" \
		"$(jq -r 'select(.step == "token" and .event == "item") | .text' "$T/lines")"
}

the_agent_of_azure_arc_is_answered_by_its_key_file() {
	set_config cloud "identity service" arc
	exits 0 sync
	same "key files left" 0 "$(find "$T/tokens" -name '*.key' | wc -l)"
}

another_identity_of_the_machine_is_named_by_its_client_id() {
	set_config cloud "identity service" azure
	set_config cloud "client id" $LENT
	exits 0 sync --dry-run
	set_config cloud "client id" bbbbbbbb-0000-4000-8000-0000000000ff
	exits 77 sync --dry-run
	says 'refuses a token: Identity not found'
	set_config cloud "identity service" arc
	exits 78 sync --dry-run
	says 'Azure Arc knows the machine'
	set_config cloud "client id" ""
}

a_file_that_is_not_the_agents_is_never_read() {
	set_config cloud "identity service" arc
	set_config cloud "identity key folder" "$T/other"
	exits 76 sync --dry-run
	says 'no key file of Azure Arc'
	set_config cloud "identity key folder" "$T/tokens"
}

a_machine_without_the_service_says_so() {
	set_config cloud "identity service" azure
	set_config cloud "identity url" "http://127.0.77.9:1"
	exits 69 sync --dry-run
	says 'identity service of this machine .* does not answer.*use a certificate'
	set_config cloud "identity url" "http://203.0.113.9:80"
	exits 78 sync --dry-run
	says 'no address of this machine'
}

run_tests a_cycle_needs_no_secret_on_a_machine_in_azure \
	the_wizard_can_test_it_without_a_client_id \
	the_agent_of_azure_arc_is_answered_by_its_key_file \
	another_identity_of_the_machine_is_named_by_its_client_id \
	a_file_that_is_not_the_agents_is_never_read \
	a_machine_without_the_service_says_so
