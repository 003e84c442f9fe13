/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decisions: what people decided. decisions.json in the state directory.
 *
 * The state is a cache and may be lost; what somebody approved or paused may not. So it lies in a file
 * of its own, small and readable, replaced in one step. Whoever changes it holds the lock (lock.h).
 *
 * Life cycle: gb_decisions_load(), change the fields, gb_decisions_save().
 */
#ifndef GB_SYNC_DECISIONS_H
#define GB_SYNC_DECISIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"

/** Most groups that can be paused at once. */
#define GB_DECISIONS_MAX_PAUSED 10000

/** What was approved; texts, NULL: nothing yet. */
struct gb_approval {
	const char *tenant;    /**< GUID of the tenant */
	const char *domain;    /**< GUID of the domain */
	const char *container; /**< objectGUID of the container */
	const char *scope;     /**< what decides which groups are written, as one text */
	const char *naming;    /**< what decides their names, likewise */
	bool empty_scope;      /**< that no group is in scope is meant */
};

/** The plan that waits for approval. */
struct gb_waiting_plan {
	const char *digest; /**< hex; NULL: nothing waits */
	const char *cause;  /**< stable id of the error or cause */
	const char *text;   /**< a sentence for people */
	int64_t changes;    /**< in the plan */
	int64_t since_ms;   /**< wall time at which a plan began to wait */
};

/** A group that somebody paused. */
struct gb_paused_group {
	struct gb_guid id; /**< objectId */
	const char *name;  /**< display name then; or NULL */
	const char *why;   /**< "by hand", "undo of run 7" … */
	int64_t since_ms;  /**< wall time */
};

/** All of them; texts live below it. */
struct gb_decisions {
	struct gb_approval approval;
	struct gb_waiting_plan waiting;
	struct gb_paused_group *paused; /**< talloc array, in order of their ids */
	size_t paused_count;
};

/**
 * Read them; none if the file does not exist.
 *
 * Errors: GB_E_CONFIG (a file that others may write), GB_E_STATE (damaged: what was paused would not
 * be any more), GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_decisions_load(const void *ctx, const char *state_directory,
					   struct gb_decisions **ret_decisions, struct gb_err *err);

/** Write them. Errors: GB_E_IO. */
GB_MUST_CHECK enum gb_rc gb_decisions_save(const struct gb_decisions *decisions,
					   const char *state_directory, struct gb_err *err);

/** The paused group with this id, or NULL. Borrowed. */
const struct gb_paused_group *gb_decisions_find_paused(const struct gb_decisions *decisions,
						       const struct gb_guid *id);

/**
 * Pause a group; nothing if it is paused. @name and @why are copied. False if
 * GB_DECISIONS_MAX_PAUSED are paused already.
 */
bool gb_decisions_pause(struct gb_decisions *decisions, const struct gb_guid *id, const char *name,
			const char *why);

/** Resume a group. False if it was not paused. */
bool gb_decisions_resume(struct gb_decisions *decisions, const struct gb_guid *id);

#endif
