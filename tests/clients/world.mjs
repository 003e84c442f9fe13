// SPDX-License-Identifier: GPL-3.0-or-later
// The simulator as the checks see it: where it is, who may sign in, and its control endpoint.
import fs from "node:fs";

const { SIM, CONTROL, METADATA, TENANT, APP, READER, SECRET, WORK } = process.env;

export const sim = SIM;
export const metadata = METADATA;
export const host = new URL(SIM).host;
export const tenant = TENANT;
export const authority = `${SIM}/${TENANT}`;
export const scope = `${SIM}/.default`;
export const app = APP;
export const reader = READER;
export const secret = SECRET;
export const cli = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/** Where a file lies that the test script made. */
export function path(name) {
	return `${WORK}/${name}`;
}

/** Its text. */
export function file(name) {
	return fs.readFileSync(path(name), "utf8");
}

/** One request of the control endpoint; its answer, or an exception with its sentence. */
export async function control(path, body) {
	const answer = await fetch(`${CONTROL}/control/${path}`, {
		method: body === undefined ? "GET" : "POST",
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const json = await answer.json();

	if (!answer.ok) {
		throw new Error(json.error);
	}
	return json;
}

/** What the public side was asked since the log was last reset. */
export async function requests() {
	return (await control("requests")).requests;
}
