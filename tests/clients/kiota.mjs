// SPDX-License-Identifier: GPL-3.0-or-later
// Checks with @azure/identity and with the models of @microsoft/msgraph-sdk. Microsoft makes these models from the
// description of Graph v1.0, so a property that they do not know is none of Graph's.
import { ClientCertificateCredential, ClientSecretCredential, DeviceCodeCredential } from "@azure/identity";
import { HttpMethod, RequestInformation } from "@microsoft/kiota-abstractions";
import { AzureIdentityAuthenticationProvider } from "@microsoft/kiota-authentication-azure";
import { GraphRequestAdapter } from "@microsoft/msgraph-sdk";
import * as models from "@microsoft/msgraph-sdk/models/index.js";
import { assert, check } from "./tap.mjs";
import * as world from "./world.mjs";

const options = { authorityHost: world.sim, disableInstanceDiscovery: true };
const reader = new ClientSecretCredential(world.tenant, world.reader, world.secret, options);

function connect() {
	const hosts = new Set([world.host, new URL(world.sim).hostname]);
	const adapter = new GraphRequestAdapter(new AzureIdentityAuthenticationProvider(
		reader, [world.scope], undefined, hosts, undefined, false));

	adapter.baseUrl = `${world.sim}/v1.0`;
	return adapter;
}

/** One call by a URI template, as the builders of these libraries make them. */
function ask(template, model, parameters = {}, body = undefined, headers = {}) {
	const adapter = connect();
	const request = new RequestInformation(body ? HttpMethod.POST : HttpMethod.GET,
		`{+baseurl}${template}`, { baseurl: adapter.baseUrl, ...parameters });

	request.headers.tryAdd("Accept", "application/json");
	Object.entries(headers).forEach(([name, value]) => request.headers.tryAdd(name, value));
	if (body) {
		request.headers.tryAdd("Content-Type", "application/json");
		request.content = new TextEncoder().encode(JSON.stringify(body)).buffer;
	}
	return adapter.send(request, models[`create${model}FromDiscriminatorValue`], undefined);
}

/** What the models do not know, and dates that are none, anywhere in @value. */
function strange(value, path = "") {
	if (value === null || typeof value !== "object") {
		return [];
	}
	if (value instanceof Date) {
		return Number.isNaN(value.getTime()) ? [`${path}: no date`] : [];
	}
	if (Array.isArray(value)) {
		return value.flatMap((one) => strange(one, `${path}[]`));
	}
	return Object.entries(value).flatMap(([key, one]) => {
		if (key === "additionalData") {
			return Object.keys(one ?? {}).filter((name) => !name.includes("@"))
				.map((name) => `${path}: unknown ${name}`);
		}
		return key === "backingStore" ? [] : strange(one, `${path}.${key}`);
	});
}

async function known(template, model, parameters, body, headers) {
	const answer = await ask(template, model, parameters, body, headers);

	assert.deepEqual([...new Set(strange(answer))], [], template);
	return answer;
}

const eventual = { ConsistencyLevel: "eventual" };

check("credentials of the newer library are taken: secret, certificate, device code", async () => {
	const path = world.path("both.pem");
	const person = new DeviceCodeCredential({
		...options, tenantId: world.tenant, clientId: world.cli,
		userPromptCallback: ({ userCode }) =>
			world.control("device", { userCode, user: "eve@contoso.test" }),
	});

	for (const credential of [reader,
		new ClientCertificateCredential(world.tenant, world.app, { certificatePath: path }, options),
		new ClientCertificateCredential(world.tenant, world.app, { certificatePath: path },
			{ ...options, sendCertificateChain: true })]) {
		assert.ok((await credential.getToken(world.scope)).expiresOnTimestamp > Date.now());
	}
	assert.ok((await person.getToken(`${world.sim}/User.Read`)).token);
	await assert.rejects(new ClientSecretCredential(world.tenant, world.app, "wrong", options)
		.getToken(world.scope), /AADSTS7000215/);
});

check("groups and their relations are what the models say", async () => {
	const { value: [{ id }] } = await known("/groups{?%24top}", "GroupCollectionResponse", { "%24top": 5 });

	await known("/groups/{id}", "Group", { id });
	await known("/groups/{id}{?%24select,%24expand}", "Group", { id,
		"%24select": ["id", "assignedLabels", "licenseProcessingState"],
		"%24expand": ["members($select=id)"] });
	const members = await known("/groups/{id}/members", "DirectoryObjectCollectionResponse", { id });
	assert.ok(members.value.some((one) => one.odataType === "#microsoft.graph.device"));
	await known("/groups/{id}/members/graph.user{?%24count}", "UserCollectionResponse",
		{ id, "%24count": true }, undefined, eventual);
	await known("/groups/{id}/owners", "DirectoryObjectCollectionResponse", { id });
	await known("/groups/delta(){?%24select}", "GroupCollectionResponse",
		{ "%24select": ["displayName", "members"] });
	await known("/directory/deletedItems/graph.group", "GroupCollectionResponse");
	await known("/groupSettings", "GroupSettingCollectionResponse");
	await known("/groupSettingTemplates", "GroupSettingTemplateCollectionResponse");
});

check("people, computers, contacts and the tenant are what the models say", async () => {
	const { value: [{ id }] } = await known("/users{?%24top}", "UserCollectionResponse", { "%24top": 5 });

	await known("/users/{id}{?%24select}", "User", { id, "%24select": ["id", "accountEnabled",
		"assignedPlans", "createdDateTime", "employeeHireDate", "employeeOrgData", "identities",
		"onPremisesExtensionAttributes", "onPremisesSyncEnabled", "passwordProfile", "userType"] });
	await known("/users/{id}/memberOf", "DirectoryObjectCollectionResponse", { id });
	await known("/users/delta()", "UserCollectionResponse");
	await known("/directoryObjects/getByIds", "DirectoryObjectCollectionResponse", {}, { ids: [id] });
	assert.equal((await known("/devices", "DeviceCollectionResponse")).value.length, 1);
	assert.equal((await known("/contacts", "OrgContactCollectionResponse")).value.length, 1);
	await known("/organization", "OrganizationCollectionResponse");
});

check("applications and service principals are what the models say", async () => {
	const appId = world.reader;

	await known("/applications", "ApplicationCollectionResponse");
	await known("/applications(appId='{appId}')", "Application", { appId });
	await known("/servicePrincipals", "ServicePrincipalCollectionResponse");
	await known("/servicePrincipals(appId='{appId}')", "ServicePrincipal", { appId });
	await known("/servicePrincipals(appId='{appId}')/appRoleAssignments",
		"AppRoleAssignmentCollectionResponse", { appId });
});
