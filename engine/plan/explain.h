/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Explain: a note of the planner in sentences for people, translated. Pure.
 */
#ifndef GB_PLAN_EXPLAIN_H
#define GB_PLAN_EXPLAIN_H

#include "engine/plan/plan.h"

/**
 * What was decided and why, as full sentences on one line, without the group's name.
 * Allocated below @ctx.
 */
char *gb_explain_decision(const void *ctx, const struct gb_plan_note *note);

/**
 * What of the group is left as it is, and what became of its members, as full sentences on one line:
 * listed, written, not written by cause, held back. "" if the cloud lists none and nothing is held back. Allocated below @ctx.
 */
char *gb_explain_members(const void *ctx, const struct gb_plan_note *note);

/** Name (safe to show) and both of the above on one line. Allocated below @ctx. */
char *gb_explain_note(const void *ctx, const struct gb_plan_note *note);

#endif
