// SPDX-License-Identifier: GPL-3.0-or-later
// Checks of Graph with @microsoft/microsoft-graph-client.
import { createRequire } from "node:module";
import { assert, check } from "./tap.mjs";
import { bySecret, signIn } from "./identity.mjs";
import * as world from "./world.mjs";

const graph = createRequire(import.meta.url)("@microsoft/microsoft-graph-client");

const provider = {
	async getAccessToken() {
		const result = await bySecret().acquireTokenByClientCredential({ scopes: [world.scope] });
		return result.accessToken;
	},
};

function connect(authProvider = provider, defaultVersion = "v1.0") {
	return graph.Client.initWithMiddleware({
		authProvider,
		baseUrl: world.sim,
		defaultVersion,
		customHosts: new Set([new URL(world.sim).hostname]),
	});
}

async function refused(request) {
	try {
		await request;
	} catch (error) {
		assert.ok(error instanceof graph.GraphError);
		return error;
	}
	assert.fail("the library was not refused");
}

async function iterate(client, page) {
	const seen = [];
	const iterator = new graph.PageIterator(client, page, (item) => {
		seen.push(item);
		return true;
	});

	await iterator.iterate();
	return { seen, iterator };
}

check("a page iterator sees every group once", async () => {
	const client = connect();
	const first = await client.api("/groups").select("id,displayName").top(7).get();
	const { seen } = await iterate(client, first);

	assert.equal(first.value.length, 7);
	assert.ok(first["@odata.nextLink"].startsWith(world.sim));
	assert.equal(seen.length, 40);
	assert.equal(new Set(seen.map((g) => g.id)).size, 40);
});

check("a page iterator sees every member of a group", async () => {
	const client = connect();
	const all = await client.api("/groups").select("id,displayName").get();
	const { id } = all.value.find((g) => g.displayName === "Group 0");
	const first = await client.api(`/groups/${id}/members`).top(20).get();
	const { seen } = await iterate(client, first);

	assert.equal(seen.length, 60);
	assert.equal(seen[0]["@odata.type"], "#microsoft.graph.user");
});

check("delta is followed to its deltaLink, and shows the change after it", async () => {
	const client = connect();
	const start = await client.api("/groups/delta").select("displayName,members").get();
	const { seen, iterator } = await iterate(client, start);
	const id = seen.find((g) => g.displayName === "Group 3").id;

	assert.ok(iterator.getDeltaLink().includes("$deltatoken="));
	await world.control("changes",
		{ changes: [{ op: "patch", id, set: { displayName: "Group Three" } }] });
	const next = await client.api(iterator.getDeltaLink()).get();
	assert.equal(next.value.length, 1);
	assert.equal(next.value[0].displayName, "Group Three");
	assert.ok(next["@odata.deltaLink"]);
});

check("a batch answers each of its requests", async () => {
	const client = connect();
	const steps = ["/groups?$top=1", "/users?$top=2", "/groups/nonsense"].map((url, i) => ({
		id: String(i + 1),
		request: new Request(`${world.sim}/v1.0${url}`, { method: "GET" }),
	}));
	const content = await new graph.BatchRequestContent(steps).getContent();

	content.requests.forEach((request) => {
		request.url = request.url.replace("/v1.0", "");
	});
	const responses = new graph.BatchResponseContent(await client.api("/$batch").post(content));
	assert.equal((await responses.getResponseById("1").json()).value.length, 1);
	assert.equal((await responses.getResponseById("2").json()).value.length, 2);
	assert.ok(responses.getResponseById("3").status >= 400);
});

check("an error has status, code, message and request id", async () => {
	const id = "99999999-0000-4000-8000-000000000000";
	const error = await refused(connect().api(`/groups/${id}`).get());

	assert.equal(error.statusCode, 404);
	assert.equal(error.code, "Request_ResourceNotFound");
	assert.ok(error.message.includes(id));
	assert.match(error.requestId, /^[0-9a-f-]{36}$/);
	assert.ok(JSON.parse(error.body).innerError["client-request-id"]);
});

check("a call without the permission is denied", async () => {
	const error = await refused(connect().api("/applications").get());

	assert.equal(error.statusCode, 403);
	assert.equal(error.code, "Authorization_RequestDenied");
});

check("a bad token is told apart from a bad permission", async () => {
	const error = await refused(connect({ getAccessToken: async () => "a.b.c" })
		.api("/groups").get());

	assert.equal(error.statusCode, 401);
	assert.equal(error.code, "InvalidAuthenticationToken");
});

check("the library waits and asks again when it is throttled", async () => {
	await world.control("requests/reset", {});
	await world.control("faults", {
		faults: [{
			match: { pathPrefix: "/v1.0/users" },
			action: { status: 429, headers: { "Retry-After": "1" } },
		}],
	});
	const page = await connect().api("/users").top(1).get();
	const asked = (await world.requests()).filter((r) => r.path === "/v1.0/users");

	assert.equal(page.value.length, 1);
	assert.deepEqual(asked.map((r) => r.status), [429, 200]);
	assert.equal(asked[1].headers["Retry-Attempt"], "1");
});

check("answers are compressed for those who say that they can read that", async () => {
	const token = await provider.getAccessToken();
	const answer = await fetch(`${world.sim}/v1.0/groups`,
		{ headers: { Authorization: `Bearer ${token}`, "Accept-Encoding": "gzip" } });

	assert.equal(answer.headers.get("content-encoding"), "gzip");
	assert.equal((await answer.json()).value.length, 40);
});

check("a wizard registers an app, grants it a role and signs in with it", async () => {
	const { result } = await signIn([`${world.sim}/Application.ReadWrite.All`,
		`${world.sim}/AppRoleAssignment.ReadWrite.All`],
		{ user: "eve@contoso.test", directoryRoles: ["Privileged Role Administrator"] });
	const client = connect({ getAccessToken: async () => result.accessToken });
	const resource = await client
		.api("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")
		.select("id,appRoles").get();
	const role = resource.appRoles.find((r) => r.value === "Group.Read.All");
	const app = await client.api("/applications").post({ displayName: "groupback wizard" });
	const principal = await client.api("/servicePrincipals").post({ appId: app.appId });
	const body = { principalId: principal.id, resourceId: resource.id, appRoleId: role.id };
	const url = `/servicePrincipals/${resource.id}/appRoleAssignedTo`;
	const granted = await client.api(url).post(body);

	assert.equal(granted.principalType, "ServicePrincipal");
	const again = await refused(client.api(url).post(body));
	assert.equal(again.statusCode, 400);
	const password = await client.api(`/applications/${app.id}/addPassword`)
		.post({ passwordCredential: { displayName: "wizard" } });
	const own = connect({
		getAccessToken: async () =>
			(await bySecret({ clientId: app.appId, clientSecret: password.secretText })
				.acquireTokenByClientCredential({ scopes: [world.scope] })).accessToken,
	});
	assert.equal((await own.api("/groups").get()).value.length, 40);
	await client.api(`/applications/${app.id}`).delete();
});
