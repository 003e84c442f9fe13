/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adoption: what groups of other tools were like before groupback wrote to them. adopted.jsonl in the
 * state directory, one group a line.
 *
 * `adopt --release` gives them back by it, so it lies in a file of its own, as decisions do, and is
 * complete before the first write. Kept are the first old value of each attribute that a run changes,
 * the first DN, and the members that the run which took the group over took out or added. What other
 * runs do with members is the cloud's word and is not kept.
 *
 * Life cycle: gb_adoption_new(); the planner hands groups in with gb_adoption_meet(); before the
 * first write gb_adoption_keep() takes in the plan and writes the file. A cycle without changes does
 * not read it. Whoever writes it holds the lock (lock.h).
 */
#ifndef GB_SYNC_ADOPTION_H
#define GB_SYNC_ADOPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/hash.h"
#include "engine/plan/maker.h"
#include "engine/state/state.h"

/** Name of the file in the state directory. */
#define GB_ADOPTION_FILE "adopted.jsonl"

/** Names of members: SID, else objectGUID, else DN, else the anchor of a group. */
struct gb_adoption_members {
	const char **names; /**< talloc array */
	size_t count;
};

/** A group that another tool made. */
struct gb_adopted_group {
	struct gb_guid id;   /**< objectId; the key */
	enum gb_maker maker; /**< who made it */
	const char *name;    /**< display name; or NULL */
	int64_t since_ms;    /**< wall time at which it was taken over */
	bool is_released;    /**< given back since: it counts as never taken over */
	const char *dn;      /**< before our first rename or move; NULL: there was none */
	struct gb_change_value
		*values; /**< attribute and old_value, before our first change; values
					     of a list follow each other */
	size_t value_count;
	struct gb_adoption_members removed; /**< by the run that took it over */
	struct gb_adoption_members added;   /**< likewise */
	bool is_fresh;                      /**< met in this run */
	int64_t planned;                    /**< fresh: changes that are planned for it */
	UT_hash_handle hh;
};

/** All of them; talloc_free() it. */
struct gb_adoption {
	const char *state_directory;     /**< borrowed */
	bool is_loaded;                  /**< the file was read */
	bool is_changed;                 /**< something is not in the file yet */
	struct gb_adopted_group *groups; /**< by id */
};

/** Nothing is read yet. @state_directory is borrowed. */
struct gb_adoption *gb_adoption_new(const void *ctx, const char *state_directory);

/**
 * Read the file, once; it may be missing.
 *
 * Errors: GB_E_STATE (damaged), GB_E_CONFIG (a file that others may write), GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_adoption_load(struct gb_adoption *adoption, struct gb_err *err);

/** The group, or NULL: it was never taken over, or given back. gb_adoption_load() comes first. */
struct gb_adopted_group *gb_adoption_find(const struct gb_adoption *adoption,
					  const struct gb_guid *id);

/**
 * This run brings a group in line that @maker made: remember it, if it is not known yet.
 *
 * @param planned  changes that go.
 * Errors: those of gb_adoption_load().
 */
GB_MUST_CHECK enum gb_rc gb_adoption_meet(struct gb_adoption *adoption, const struct gb_guid *id,
					  const char *name, enum gb_maker maker, int64_t planned,
					  struct gb_err *err);

/**
 * Take in what the stored plan of @run_no does to these groups, and write the file if there is
 * something new. Groups that were met and of whose changes the plan has none any more are forgotten.
 *
 * Errors: those of gb_adoption_load(), GB_E_IO, and those of state/: nothing may be written to the directory then.
 */
GB_MUST_CHECK enum gb_rc gb_adoption_keep(struct gb_adoption *adoption, struct gb_state *state,
					  int64_t run_no, struct gb_err *err);

/** The group was given back. gb_adoption_save() comes last. */
void gb_adoption_release(struct gb_adoption *adoption, struct gb_adopted_group *group);

/** Write the file, if something changed. Errors: GB_E_IO. */
GB_MUST_CHECK enum gb_rc gb_adoption_save(struct gb_adoption *adoption, struct gb_err *err);

#endif
