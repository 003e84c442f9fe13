// SPDX-License-Identifier: GPL-3.0-or-later
// Checks of the identity platform with @azure/msal-node.
import { createRequire } from "node:module";
import { assert, check } from "./tap.mjs";
import * as world from "./world.mjs";

const msal = createRequire(import.meta.url)("@azure/msal-node");

/** What every client of the library is told. */
export function auth(options) {
	return {
		auth: { authority: world.authority, knownAuthorities: [world.host], ...options },
		system: { loggerOptions: { logLevel: msal.LogLevel.Error, loggerCallback: () => {} } },
	};
}

/** A client with the secret. */
export function bySecret(options = {}) {
	return new msal.ConfidentialClientApplication(
		auth({ clientId: world.app, clientSecret: world.secret, ...options }));
}

function claims(token) {
	return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString("utf8"));
}

async function refused(action) {
	try {
		await action();
	} catch (error) {
		return error;
	}
	assert.fail("the library was not refused");
}

/** Sign in with a device code that @action decides about. */
export async function signIn(scopes, action) {
	const client = new msal.PublicClientApplication(auth({ clientId: world.cli }));
	const result = await client.acquireTokenByDeviceCode({
		scopes,
		deviceCodeCallback: async (code) => {
			assert.match(code.userCode, /^[A-Z0-9]{9}$/);
			assert.ok(code.message.includes(code.verificationUri));
			await world.control("device", { userCode: code.userCode, ...action });
		},
	});
	return { client, result };
}

check("a secret gives a token with the roles of the app", async () => {
	const result = await bySecret().acquireTokenByClientCredential({ scopes: [world.scope] });

	assert.equal(result.tokenType, "Bearer");
	assert.equal(claims(result.accessToken).appid, world.app);
	assert.ok(claims(result.accessToken).roles.includes("Group.Read.All"));
	assert.ok(result.expiresOn.getTime() - Date.now() > 3500 * 1000);
});

check("a token is asked for once and then kept", async () => {
	const client = bySecret();
	await world.control("requests/reset", {});
	await client.acquireTokenByClientCredential({ scopes: [world.scope] });
	const again = await client.acquireTokenByClientCredential({ scopes: [world.scope] });

	assert.equal(again.fromCache, true);
	assert.equal((await world.requests()).filter((r) => r.method === "POST").length, 1);
});

check("a certificate gives a token, named by SHA-256", async () => {
	const client = new msal.ConfidentialClientApplication(auth({
		clientId: world.app,
		clientCertificate: {
			thumbprintSha256: world.file("app.sha256"),
			privateKey: world.file("app.key"),
			x5c: world.file("app.pem"),
		},
	}));
	const result = await client.acquireTokenByClientCredential({ scopes: [world.scope] });

	assert.equal(claims(result.accessToken).appidacr, "2");
});

check("a certificate that the app does not have is refused with its code", async () => {
	const client = new msal.ConfidentialClientApplication(auth({
		clientId: world.app,
		clientCertificate: {
			thumbprintSha256: world.file("stranger.sha256"),
			privateKey: world.file("stranger.key"),
		},
	}));
	const error = await refused(() =>
		client.acquireTokenByClientCredential({ scopes: [world.scope] }));

	assert.equal(error.errorCode, "invalid_client");
	assert.match(error.errorMessage, /AADSTS700027/);
});

check("a wrong secret is told with code, trace and correlation", async () => {
	const error = await refused(() => bySecret({ clientSecret: "wrong" })
		.acquireTokenByClientCredential({ scopes: [world.scope] }));

	assert.ok(error instanceof msal.AuthError);
	assert.equal(error.errorCode, "invalid_client");
	assert.match(error.errorMessage, /AADSTS7000215: .* Trace ID: .* Correlation ID: /);
	assert.match(error.correlationId, /^[0-9a-f-]{36}$/);
});

check("an unknown tenant is found out by discovery", async () => {
	const error = await refused(() => bySecret({ authority: `${world.sim}/fabrikam.test` })
		.acquireTokenByClientCredential({ scopes: [world.scope] }));

	assert.match(error.message, /endpoints_resolution_error|AADSTS90002|invalid_tenant/);
});

check("a person signs in with a device code, and silently again", async () => {
	const { client, result } = await signIn([`${world.sim}/User.Read`],
		{ user: "eve@contoso.test" });

	assert.equal(result.account.username, "eve@contoso.test");
	assert.equal(result.tenantId, world.tenant);
	assert.ok(result.scopes.includes(`${world.sim}/User.Read`));
	assert.equal(claims(result.accessToken).upn, "eve@contoso.test");
	await world.control("requests/reset", {});
	const silent = await client.acquireTokenSilent({
		account: result.account, scopes: [`${world.sim}/Group.Read.All`], forceRefresh: true,
	});
	assert.equal(claims(silent.accessToken).scp.split(" ")[0], "Group.Read.All");
	assert.equal((await world.requests()).filter((r) => r.path.endsWith("/token")).length, 1);
});

check("a person who declines ends the sign-in", async () => {
	const error = await refused(() => signIn([`${world.sim}/User.Read`], { action: "decline" }));

	assert.match(error.message, /authorization_declined/);
});

check("a policy that blocks ends the sign-in", async () => {
	const error = await refused(() => signIn([`${world.sim}/User.Read`], { action: "block" }));

	assert.match(error.message, /invalid_grant/);
});

check("a managed identity is found by the metadata service", async () => {
	process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = world.metadata;
	const client = new msal.ManagedIdentityApplication({});
	const result = await client.acquireToken({ resource: world.sim });

	assert.equal(claims(result.accessToken).idtyp, "app");
	assert.ok(result.expiresOn.getTime() - Date.now() > 86000 * 1000);
});

check("an identity that the machine does not have is not found", async () => {
	const client = new msal.ManagedIdentityApplication({
		managedIdentityIdParams: { userAssignedClientId: "cccccccc-0000-4000-8000-00000000000c" },
	});
	const error = await refused(() => client.acquireToken({ resource: world.sim }));

	assert.match(error.message, /Identity not found/);
});
