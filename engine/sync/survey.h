/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Survey: what stands in the container that other tools made, and what taking it over would change.
 *
 * Life cycle: gb_survey_new(); its viewer and the survey itself go into the options of a cycle
 * (cycle.h), which fills it; read it when the cycle has ended; talloc_free().
 */
#ifndef GB_SYNC_SURVEY_H
#define GB_SYNC_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/hash.h"
#include "engine/plan/maker.h"
#include "engine/sync/planner.h"

/** One group that another tool made. Texts are as the cloud and the directory have them. */
struct gb_survey_group {
	struct gb_guid id;       /**< objectId in its anchor; the key */
	const char *name;        /**< display name; or NULL */
	const char *dn;          /**< of its object; or NULL */
	int64_t object_no;       /**< its number */
	enum gb_maker maker;     /**< who made it */
	enum gb_cause left;      /**< why it is left as it is; GB_CAUSE_NONE: it is taken over */
	enum gb_cause waits;     /**< why its changes wait for approval; or GB_CAUSE_NONE */
	const char **attributes; /**< that change; talloc array */
	size_t attribute_count;
	const char *new_rdn;  /**< what it is renamed to; NULL: it keeps its name */
	int64_t added;        /**< members that it gets */
	const char **removed; /**< DNs (or SIDs) of members that are taken out; talloc array */
	size_t removed_count;
	UT_hash_handle hh;
};

/** All of them. */
struct gb_survey {
	struct gb_plan_viewer viewer;   /**< for the options of the cycle */
	struct gb_survey_group *groups; /**< in the order of the plan */
	int64_t taken;                  /**< groups that were taken over in earlier runs */
	const char **strangers;         /**< DNs of groups without an anchor: nobody's business */
	size_t stranger_count;
};

/** An empty one, below @ctx. */
struct gb_survey *gb_survey_new(const void *ctx);

/** Take in the stored plan of @run_no. Errors: those of state/. */
GB_MUST_CHECK enum gb_rc gb_survey_fill(struct gb_survey *survey, struct gb_session *session,
					int64_t run_no, struct gb_err *err);

#endif
