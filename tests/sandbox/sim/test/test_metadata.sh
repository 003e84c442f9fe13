#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Managed identity: the metadata service of a machine in Azure, and Azure Arc's agent.
. "$(dirname "$0")/lib.sh"

MACHINE=bbbbbbbb-0000-4000-8000-000000000011
LENT=bbbbbbbb-0000-4000-8000-000000000012
OTHER=bbbbbbbb-0000-4000-8000-000000000013
jq -n --arg tenant $TENANT --arg machine $MACHINE --arg lent $LENT --arg other $OTHER '{tenantId: $tenant,
	apps: [{appId: $lent, displayName: "/subscriptions/1/lent", managedIdentity: "user"},
		{appId: $other, managedIdentity: "user"},
		{appId: $machine, managedIdentity: "system", roles: ["Group.Read.All"]}]}' >"$WORK/tenant.json"
mkdir "$WORK/tokens"
sim_start "$WORK/tenant.json" --metadata-port 0 --arc-folder "$WORK/tokens" || exit 1
METADATA=$(jq -r .metadata "$WORK/ready")/metadata/identity/oauth2/token

imds() { # query curl's arguments...
	local query=$1
	shift
	ask "$METADATA?api-version=2018-02-01&$query" --header 'Metadata: true' "$@"
}

arc() { # curl's arguments...
	ask "$METADATA?api-version=2020-06-01&resource=https%3A%2F%2Fgraph.microsoft.com" \
		--header 'Metadata: true' "$@"
}

numbers_in_its_answer_are_strings() {
	imds resource=https%3A%2F%2Fgraph.microsoft.com >"$WORK/answer"
	same status 200 "$(status)"
	jq -e --arg client $MACHINE --argjson now "$(date +%s)" '(keys == ["access_token", "client_id",
		"expires_in", "expires_on", "ext_expires_in", "not_before", "resource", "token_type"]) and
		.client_id == $client and .resource == "https://graph.microsoft.com" and
		.token_type == "Bearer" and .expires_in == "86399" and
		(.expires_on | tonumber) > $now + 86000' "$WORK/answer"
	TOKEN=$(jq -r .access_token "$WORK/answer")
	graph /v1.0/groups | jq -e .value
}

an_identity_is_named_by_its_client_or_object_or_resource_id() {
	imds "resource=https%3A%2F%2Fgraph.microsoft.com&client_id=$LENT" | jq -e --arg id $LENT '.client_id == $id'
	imds 'resource=https%3A%2F%2Fgraph.microsoft.com&msi_res_id=/subscriptions/1/lent' |
		jq -e --arg id $LENT '.client_id == $id'
	imds "resource=https%3A%2F%2Fgraph.microsoft.com&client_id=$APP" |
		jq -e '.error == "invalid_request" and .error_description == "Identity not found"'
	same status 400 "$(status)"
}

what_is_missing_or_wrong_is_said() {
	ask "$METADATA?api-version=2018-02-01&resource=https://graph.microsoft.com" | jq -e \
		'.error == "invalid_request" and .error_description == "Required metadata header not specified"'
	same status 400 "$(status)"
	ask "$METADATA?resource=x" --header 'Metadata: true' | jq -e '.error_description | test("api-version")'
	imds '' | jq -e '.error_description | test("resource")'
	imds resource=https://nobody.example | jq -e '.error == "invalid_resource"'
	imds resource=https://graph.microsoft.com --request POST | jq -e .error
	same status 405 "$(status)"
	ask "${METADATA%/token}/nonsense" --header 'Metadata: true' | jq -e .error
	same status 404 "$(status)"
}

faults_are_met_here_too() {
	control faults '{"faults": [{"match": {"pathPrefix": "/metadata"}, "action": {"status": 410}}]}' >/dev/null
	imds resource=https%3A%2F%2Fgraph.microsoft.com >/dev/null
	same status 410 "$(status)"
	imds resource=https%3A%2F%2Fgraph.microsoft.com | jq -e .access_token
}

arc_wants_proof_that_the_caller_may_read_a_file() {
	local file key
	arc | jq -e .error
	same status 401 "$(status)"
	file=$(header WWW-Authenticate)
	file=${file#Basic realm=}
	[[ $file == "$WORK"/tokens/*.key ]]
	key=$(cat "$file")
	[ ${#key} -le 4096 ]
	arc --header "Authorization: Basic $key" | jq -e --arg id $MACHINE '.client_id == $id'
	[ ! -e "$file" ]
	arc --header "Authorization: Basic $key" | jq -e .error
	same status 401 "$(status)"
}

arc_knows_the_identity_of_the_machine_alone() {
	local file
	ask "$METADATA?api-version=2020-06-01&resource=https://graph.microsoft.com&client_id=$LENT" \
		--header 'Metadata: true' >/dev/null
	file=$(header WWW-Authenticate)
	ask "$METADATA?api-version=2020-06-01&resource=https://graph.microsoft.com&client_id=$LENT" \
		--header 'Metadata: true' --header "Authorization: Basic $(cat "${file#Basic realm=}")" |
		jq -e '.error_description == "Identity not found"'
}

without_an_identity_of_its_own_the_machine_must_choose() {
	sim_stop
	jq 'del(.apps[2])' "$WORK/tenant.json" >"$WORK/two.json"
	sim_start "$WORK/two.json" --metadata-port 0
	METADATA=$(jq -r .metadata "$WORK/ready")/metadata/identity/oauth2/token
	imds resource=https%3A%2F%2Fgraph.microsoft.com | jq -e '.error_description | test("Multiple user assigned")'
	imds "resource=https%3A%2F%2Fgraph.microsoft.com&client_id=$OTHER" | jq -e .access_token
	sim_stop
}

run_tests \
	numbers_in_its_answer_are_strings \
	an_identity_is_named_by_its_client_or_object_or_resource_id \
	what_is_missing_or_wrong_is_said \
	faults_are_met_here_too \
	arc_wants_proof_that_the_caller_may_read_a_file \
	arc_knows_the_identity_of_the_machine_alone \
	without_an_identity_of_its_own_the_machine_must_choose
