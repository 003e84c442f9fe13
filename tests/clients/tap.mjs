// SPDX-License-Identifier: GPL-3.0-or-later
// TAP for the checks with Microsoft's libraries: one line a check, one check after the other.
import assert from "node:assert/strict";

const checks = [];

export { assert };

/** A check: its name is a sentence, its body fails by throwing. */
export function check(name, body) {
	checks.push({ name, body });
}

/** Run all checks in the order in which they were written. */
export async function run() {
	let number = 0;

	console.log(`1..${checks.length}`);
	for (const { name, body } of checks) {
		number++;
		try {
			await body();
			console.log(`ok ${number} - ${name}`);
		} catch (error) {
			console.log(`not ok ${number} - ${name}`);
			for (const line of String(error.stack ?? error).split("\n").slice(0, 30)) {
				console.log(`# ${line}`);
			}
		}
	}
}
