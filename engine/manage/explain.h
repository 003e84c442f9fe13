/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Explaining one group or member: why it is (not) written, by which rule, and what was done last.
 * Asks the state alone: it says how things stood after the last cycle.
 */
#ifndef GB_MANAGE_EXPLAIN_H
#define GB_MANAGE_EXPLAIN_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/plan/decide.h"
#include "engine/state/explain.h"

/** Somebody who is shown in a list; strings belong to the explanation. */
struct gb_explanation_item {
	struct gb_guid id;
	enum gb_cloud_type type;
	const char *name;    /**< or NULL */
	enum gb_cause cause; /**< why not written; GB_CAUSE_NONE: written, or to be written */
	bool is_member;      /**< of a group in the list: the directory has it as a member */
};

/** An explanation. A talloc object. */
struct gb_explanation {
	struct gb_guid id;
	enum gb_cloud_type type;
	enum gb_cloud_life life;
	const char *name;      /**< or NULL */
	const char *dn;        /**< of the object in the directory; NULL if it has none */
	const char *sid;       /**< its objectSid as text; or NULL */
	int match_code;        /**< of a member: rule or cause */
	struct gb_scope scope; /**< of a live group; verdict 0 otherwise */
	int64_t listed;        /**< group: members that the cloud lists */
	int64_t observed;      /**< group: members that the directory has */
	bool members_known;    /**< group: the cloud's list was read to its end */
	struct gb_explanation_item *items; /**< group: members not written; else: its groups */
	size_t item_count;
	struct gb_explain_change change; /**< the last one; run_no 0 if none is known */
};

/** Several objects have that name: their ids. */
struct gb_explain_choice {
	struct gb_explanation_item *items;
	size_t count;
};

/**
 * Explain what @text means: an object id, a display name, or an account name.
 *
 * @param ret_explanation  below @ctx; NULL if there is not exactly one.
 * @param ret_choice       the candidates when there are several.
 * Errors: GB_E_NOT_FOUND (no state yet, or nothing of that name); GB_E_CONFIG (files of the
 * configuration); those of state/.
 */
GB_MUST_CHECK enum gb_rc gb_explain(const void *ctx, const struct gb_config *config,
				    const char *text, struct gb_explanation **ret_explanation,
				    struct gb_explain_choice *ret_choice, struct gb_err *err);

#endif
