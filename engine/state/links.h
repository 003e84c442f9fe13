/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The link tables of both spaces: one row a membership, (group_no, member_no) in the numbers of the
 * space. Private to engine/state.
 *
 * These functions keep the rows and the tenant-wide counts; the counts of one group are added by
 * gb_links_count(), once for any number of rows. They mark nothing.
 */
#ifndef GB_STATE_LINKS_H
#define GB_STATE_LINKS_H

#include "engine/state/state_private.h"

/** Whose links. */
enum gb_side {
	GB_SIDE_CLOUD = 0,
	GB_SIDE_DIRECTORY = 1
};

/** Insert (@present) or delete a link; *ret_changed false: it was so already. */
GB_MUST_CHECK enum gb_rc gb_links_put(struct gb_state *state, enum gb_side side, int64_t group_no,
				      int64_t member_no, bool present, bool *ret_changed,
				      struct gb_err *err);

/** Links of one statement: most of what a single row costs is the statement around it. */
#define GB_LINKS_AT_ONCE 16

/** Links that one group gets. Zero-initialise, set the first three; gb_links_batch_end() is the end. */
struct gb_links_batch {
	struct gb_state *state;
	enum gb_side side;
	int64_t group_no;
	int64_t members[GB_LINKS_AT_ONCE]; /**< not stored yet */
	size_t count;                      /**< how many */
	int64_t added;                     /**< stored, and were not there before */
};

/**
 * Insert a link, soon. Other than gb_links_put() it leaves the counts of unmatched members alone:
 * gb_links_recount_unmatched().
 */
GB_MUST_CHECK enum gb_rc gb_links_batch_add(struct gb_links_batch *batch, int64_t member_no,
					    struct gb_err *err);

/** Insert those that are left. */
GB_MUST_CHECK enum gb_rc gb_links_batch_end(struct gb_links_batch *batch, struct gb_err *err);

/** Count the unmatched members of a cloud group anew, by code. */
GB_MUST_CHECK enum gb_rc gb_links_recount_unmatched(struct gb_state *state, int64_t group_no,
						    struct gb_err *err);

/** Add @difference to the number of links that the group row keeps. */
GB_MUST_CHECK enum gb_rc gb_links_count(struct gb_state *state, enum gb_side side, int64_t group_no,
					int64_t difference, struct gb_err *err);

/** Begin a query of the stored members of a group, ascending; column 0 is the number. */
GB_MUST_CHECK enum gb_rc gb_links_query(struct gb_state *state, enum gb_side side, int64_t group_no,
					struct gb_db_query *ret_query, struct gb_err *err);

/** members_known of a group. GB_E_NOT_FOUND if there is no group with this number. */
GB_MUST_CHECK enum gb_rc gb_links_is_known(struct gb_state *state, enum gb_side side,
					   int64_t group_no, bool *ret_known, struct gb_err *err);

/** Mark one link dirty that came (@present) or went. */
GB_MUST_CHECK enum gb_rc gb_links_mark(struct gb_state *state, enum gb_side side, int64_t group_no,
				       int64_t member_no, bool present, struct gb_err *err);

/** Set members_known; directory: if true, members_usn, too. */
GB_MUST_CHECK enum gb_rc gb_links_set_known(struct gb_state *state, enum gb_side side,
					    int64_t group_no, bool known, struct gb_err *err);

/**
 * Make cloud_link searchable by member. Sorting a filled table into an index takes a sixth of the
 * time of keeping it up to date while filling it, and packs it tighter (measured); so it is made
 * when it is first needed, and kept from then on.
 */
GB_MUST_CHECK enum gb_rc gb_links_need_member_index(struct gb_state *state, struct gb_err *err);

/** Add @difference to the count of unmatched members with this code of a cloud group. */
GB_MUST_CHECK enum gb_rc gb_links_count_unmatched(struct gb_state *state, int64_t group_no,
						  int64_t code, int difference, struct gb_err *err);

#endif
