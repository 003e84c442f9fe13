#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Microsoft's own libraries as clients of the simulator. Run by "make check-clients", which fetches
# them into the build folder first.
. "${GB_SRCDIR:?"run this by make check-clients"}/tests/sandbox/sim/test/lib.sh"

HOME_OF_CLIENTS=$GB_BUILDDIR/tests/clients
[ -d "$HOME_OF_CLIENTS/node_modules" ] || {
	echo "Bail out! The libraries are not there; run this by make check-clients."
	exit 1
}
cp "$GB_SRCDIR"/tests/clients/*.mjs "$HOME_OF_CLIENTS/"

for name in app stranger; do
	certificate $name 365
	openssl x509 -in "$WORK/$name.pem" -outform DER | sha256sum | cut -d ' ' -f 1 |
		tr -d '\n' >"$WORK/$name.sha256"
done
cat "$WORK/app.key" "$WORK/app.pem" >"$WORK/both.pem"
READER=bbbbbbbb-0000-4000-8000-000000000008
jq -n --arg tenant $TENANT --arg reader $READER --arg app $APP --arg secret "$SECRET" '
	def id($kind; $n): "\($kind)-0000-4000-8000-\("000000000000\($n)"[-12:])";
	{tenantId: $tenant, displayName: "Contoso", domains: ["contoso.test"],
	apps: [{appId: $app, secrets: [$secret], certificates: ["app.pem"],
			roles: ["Group.Read.All", "User.Read.All"]},
		{appId: $reader, displayName: "reader", secrets: [$secret],
			roles: ["Directory.Read.All", "Organization.Read.All", "GroupSettings.Read.All"]},
		{appId: "bbbbbbbb-0000-4000-8000-000000000009", displayName: "machine",
			managedIdentity: "system", roles: ["Group.Read.All"]}],
	users: ([range(60) | {id: id("10000000"; .), displayName: "User \(.)",
			userPrincipalName: "user\(.)@contoso.test"}] +
		[{id: id("10000000"; 99), displayName: "Eve", userPrincipalName: "eve@contoso.test"}]),
	devices: [{id: id("30000000"; 0), displayName: "PC"}],
	contacts: [{id: id("40000000"; 0), displayName: "Fax"}],
	groupSettings: [{id: id("50000000"; 0), templateId: "62375ab9-6b52-47ed-826b-58e47e0e304b", values: []}],
	groups: [range(40) | {id: id("20000000"; .), displayName: "Group \(.)",
		members: (if . == 0 then [range(58) | id("10000000"; .)] +
			[id("30000000"; 0), id("40000000"; 0)] else [] end)}]}
' >"$WORK/tenant.json"
sim_start "$WORK/tenant.json" --metadata-port 0 || exit 1
METADATA=$(jq -r .metadata "$WORK/ready")
export SIM CONTROL METADATA TENANT APP READER SECRET WORK NODE_EXTRA_CA_CERTS=$WORK/tls.pem
# The library waits five seconds between polls, as the service says; nobody needs that here.
control switches '{"deviceInterval": 1}' >/dev/null

node "$HOME_OF_CLIENTS/clients.mjs"
