// SPDX-License-Identifier: GPL-3.0-or-later
// All checks with Microsoft's libraries; run by test_clients.sh.
import "./identity.mjs";
import "./graph.mjs";
import "./kiota.mjs";
import { run } from "./tap.mjs";

await run();
