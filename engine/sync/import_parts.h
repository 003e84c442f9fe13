/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of the cloud import (private to sync/import_*.c): one struct that lives as long as the
 * import, and the operations that its stages begin. Each operation ends with exactly one call of
 * gb_cloud_import_op_done().
 */
#ifndef GB_SYNC_IMPORT_PARTS_H
#define GB_SYNC_IMPORT_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/sync/import_cloud.h"

/** A list of members in the making (import_members.c). */
struct gb_import_list;
/** A group whose members were asked for in this import (import_members.c). */
struct gb_import_tried;

/** Numbers of people by their objectId (import_known.c). */
struct gb_import_known;

/** One import under way. */
struct gb_cloud_import {
	struct gb_session *session;
	struct gb_report *report;
	bool initial;        /**< read everything */
	bool lost_a_record;  /**< a delta record was refused: the next cycle reads everything */
	gb_import_done done; /**< told at the end */
	void *user;          /**< its argument */
	unsigned pending;    /**< operations of the stage that have not ended */
	void (*next_stage)(struct gb_cloud_import *import);   /**< what follows the stage */
	void (*after_marker)(struct gb_cloud_import *import); /**< follows the marker group */
	struct gb_err err;             /**< first error; rc GB_OK while there is none */
	char *groups_link;             /**< where the next round of groups begins */
	char *users_link;              /**< where the next round of people begins */
	struct gb_guid *incomplete;    /**< groups of which some properties are not known */
	size_t incomplete_count;       /**< how many */
	struct gb_guid *unlisted;      /**< written groups that the list did not name */
	size_t unlisted_count;         /**< how many */
	int64_t *chosen;               /**< cloud numbers of the groups whose members are read */
	size_t chosen_count;           /**< how many */
	size_t chosen_next;            /**< the first that was not asked for yet */
	struct gb_import_tried *tried; /**< uthash of groups whose members were asked for */
	struct gb_import_list *lists;  /**< uthash of the lists in the making, by objectId */
	struct gb_import_known *known; /**< NULL: members are read with all they say */
};

/** An operation of the present stage has ended; @err may be NULL when @rc is GB_OK. */
void gb_cloud_import_op_done(struct gb_cloud_import *import, enum gb_rc rc,
			     const struct gb_err *err);

/** Give up the tables of the import, before it is freed. */
void gb_cloud_import_forget(struct gb_cloud_import *import);

/** Operation: list all groups into the state. */
void gb_cloud_import_list_groups(struct gb_cloud_import *import);

/** Operation: list the soft-deleted groups into the state; ends well also if that is refused. */
void gb_cloud_import_list_deleted(struct gb_cloud_import *import);

/** import->unlisted_count operations: ask for each of these groups by its id. Who answers is kept and named. */
void gb_cloud_import_ask_unlisted(struct gb_cloud_import *import);

/** Operation: a round of groups delta; its link replaces import->groups_link. */
void gb_cloud_import_groups_delta(struct gb_cloud_import *import, enum gb_cloud_delta_start start);

/** import->incomplete_count operations: read each incomplete group; the list is empty then. */
void gb_cloud_import_complete_groups(struct gb_cloud_import *import);

/** Operation: list all people into the state. */
void gb_cloud_import_list_users(struct gb_cloud_import *import);

/** Operation: a round of people delta; its link replaces import->users_link. */
void gb_cloud_import_users_delta(struct gb_cloud_import *import, enum gb_cloud_delta_start start);

/**
 * Choose the groups whose members are to be read: live, and in scope.
 *
 * @param all  true: all of these; false: only dirty ones whose list is not known, or whose turn it is.
 */
GB_MUST_CHECK enum gb_rc gb_cloud_import_choose_groups(struct gb_cloud_import *import, bool all,
						       struct gb_err *err);

/**
 * Choose the marker group of the selection, if there is one and it is live.
 *
 * @param all  false: only if its list is not known.
 */
GB_MUST_CHECK enum gb_rc gb_cloud_import_choose_marker(struct gb_cloud_import *import, bool all,
						       struct gb_err *err);

/**
 * Where members of nested groups are taken in: choose the groups nested in groups in scope whose
 * members were not asked for in this import. Choose and read until none is chosen.
 *
 * @param all  as above; false: only those whose list is not known, or whose turn it is.
 */
GB_MUST_CHECK enum gb_rc gb_cloud_import_choose_nested(struct gb_cloud_import *import, bool all,
						       struct gb_err *err);

/** Operation: read the members of the chosen groups. */
void gb_cloud_import_read_members(struct gb_cloud_import *import);

/** A table without anybody, below @ctx: some 1.3 MiB, however many people there are. */
struct gb_import_known *gb_import_known_new(const void *ctx);

/**
 * Number of an object that this cycle has read already, so that its id is enough; 0: it has not.
 * Lists name the same people again and again: those that were asked for last are remembered.
 */
GB_MUST_CHECK enum gb_rc gb_import_known_find(struct gb_import_known *known, struct gb_state *state,
					      const struct gb_guid *id, enum gb_cloud_type type,
					      int64_t *ret_no, struct gb_err *err);

/** Store a possible member; *ret_no is its cloud number. */
GB_MUST_CHECK enum gb_rc gb_cloud_import_put_member(struct gb_cloud_import *import,
						    const struct gb_cloud_member *member,
						    int64_t *ret_no, struct gb_err *err);

#endif
