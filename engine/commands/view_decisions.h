/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people decided, and what waits for them: shown by `status`. */
#ifndef GB_COMMANDS_VIEW_DECISIONS_H
#define GB_COMMANDS_VIEW_DECISIONS_H

#include "engine/base/json.h"
#include "engine/sync/decisions.h"

/** Write the members waitingPlan and paused into the object that @w has open. */
void gb_view_decisions_json(struct gb_json_writer *w, const struct gb_decisions *decisions);

/** Print the plan that waits and the paused groups, with their ages; nothing if there are none. */
void gb_view_decisions_print(const struct gb_decisions *decisions);

#endif
