/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The links of both spaces: memberships (group_no, member_no) in the numbers of the space, kept in
 * packed lists (list.h) and read by SQL as the tables cloud_link and directory_link (link_table.h).
 * Private to engine/state.
 *
 * These functions keep the rows and the tenant-wide counts; the counts of one group are added by
 * gb_links_count(), once for any number of rows. They mark nothing.
 */
#ifndef GB_STATE_LINKS_H
#define GB_STATE_LINKS_H

#include "engine/state/list.h"
#include "engine/state/state_private.h"

/** Whose links. */
enum gb_side {
	GB_SIDE_CLOUD = 0,
	GB_SIDE_DIRECTORY = 1
};

/** The list that a side's links lie in. */
enum gb_list gb_links_by_group(enum gb_side side);

/** The list that finds them from the member's side, if there is one. */
enum gb_list gb_links_by_member(enum gb_side side);

/** Look which lists by member there are. */
GB_MUST_CHECK enum gb_rc gb_links_load(struct gb_state *state, struct gb_err *err);

/** Insert (@present) or delete a link; *ret_changed false: it was so already. */
GB_MUST_CHECK enum gb_rc gb_links_put(struct gb_state *state, enum gb_side side, int64_t group_no,
				      int64_t member_no, bool present, bool *ret_changed,
				      struct gb_err *err);

/**
 * Insert or delete many links of one group. Other than gb_links_put() it leaves the counts of
 * unmatched members alone: gb_links_recount_unmatched().
 *
 * @param members      in any order; sorted when it returns.
 * @param ret_changed  how many were not there, or were there; may be NULL.
 */
GB_MUST_CHECK enum gb_rc gb_links_change(struct gb_state *state, enum gb_side side,
					 int64_t group_no, int64_t *members, size_t count,
					 bool present, int64_t *ret_changed, struct gb_err *err);

/** Delete all links of a group, and nothing else of it. */
GB_MUST_CHECK enum gb_rc gb_links_drop(struct gb_state *state, enum gb_side side, int64_t group_no,
				       struct gb_err *err);

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
 * Make the links searchable by member, if they are not. Sorting all of them into lists takes a
 * fraction of the time of keeping these up to date while links are filled in one by one; so it is
 * done when it is first needed, and they are kept from then on.
 */
GB_MUST_CHECK enum gb_rc gb_links_need_member_index(struct gb_state *state, enum gb_side side,
						    struct gb_err *err);

/** Add @difference to the count of unmatched members with this code of a cloud group. */
GB_MUST_CHECK enum gb_rc gb_links_count_unmatched(struct gb_state *state, int64_t group_no,
						  int64_t code, int difference, struct gb_err *err);

#endif
