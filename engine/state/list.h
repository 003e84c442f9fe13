/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packed lists of numbers: the members of a group, or the groups that hold a member. Private to
 * engine/state; links.h is what changes them, and link_table.h lets SQL read them.
 *
 * A membership as a row of its own takes eleven bytes each time it is stored; a number in an
 * ascending list takes two. So a list lies in chunks: a row holds up to GB_LIST_CHUNK numbers
 * (pack.h), those from its place up to the place of the next row. A place is owner × 2^32 + number;
 * the first chunk of a list begins at 0. A change rewrites the chunk that it falls into, in the
 * open transaction, as every other row.
 *
 * A byte that a disk changed would make other members of all that follow it, and nothing else in
 * the file would show that. So four bytes behind the numbers are the checksum of place and numbers.
 */
#ifndef GB_STATE_LIST_H
#define GB_STATE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/state/database.h"

/** Most numbers of one row: some 600 bytes, so that little of a page stays empty. */
#define GB_LIST_CHUNK 256

/** Largest number and owner: any number of an object may be either. */
#define GB_LIST_MAX_NUMBER (INT32_MAX - 1)

/** The tables. Those by member are made when they are first needed (gb_links_need_index()). */
enum gb_list {
	GB_LIST_CLOUD_BY_GROUP = 0,
	GB_LIST_DIRECTORY_BY_GROUP = 1,
	GB_LIST_CLOUD_BY_MEMBER = 2,
	GB_LIST_DIRECTORY_BY_MEMBER = 3
};

/** A row, unpacked. */
struct gb_list_chunk {
	int64_t owner; /**< whose list it belongs to */
	int64_t first; /**< its place in the list */
	size_t count;  /**< how many numbers; 0: there is no row */
	int64_t numbers[GB_LIST_CHUNK];
};

/**
 * Add numbers to the owner's list (@present), or take them out.
 *
 * @param numbers      ascending, 1 … GB_LIST_MAX_NUMBER; twice is once.
 * @param ret_changed  how many were not there, or were there.
 */
GB_MUST_CHECK enum gb_rc gb_list_change(struct gb_db *db, enum gb_list list, int64_t owner,
					const int64_t *numbers, size_t count, bool present,
					int64_t *ret_changed, struct gb_err *err);

/** Forget the owner's list. */
GB_MUST_CHECK enum gb_rc gb_list_clear(struct gb_db *db, enum gb_list list, int64_t owner,
				       struct gb_err *err);

/** Fill a table from the rows (owner, number) of a query without parameters, in ascending order. */
GB_MUST_CHECK enum gb_rc gb_list_fill(struct gb_db *db, enum gb_list list, const char *sql,
				      struct gb_err *err);

/** Begin to read the owner's list, ascending. */
GB_MUST_CHECK enum gb_rc gb_list_query(struct gb_db *db, enum gb_list list, int64_t owner,
				       struct gb_db_query *ret_query, struct gb_err *err);

/** Begin to read the one chunk that holds @number, if it is in the owner's list. */
GB_MUST_CHECK enum gb_rc gb_list_query_one(struct gb_db *db, enum gb_list list, int64_t owner,
					   int64_t number, struct gb_db_query *ret_query,
					   struct gb_err *err);

/** Begin to read all lists, in order of their owners. */
GB_MUST_CHECK enum gb_rc gb_list_query_all(struct gb_db *db, enum gb_list list,
					   struct gb_db_query *ret_query, struct gb_err *err);

/**
 * The next chunk of such a query; ret_chunk->count 0: there is none.
 *
 * Errors: GB_E_STATE "state-corrupt" if the row is not as it was written.
 */
GB_MUST_CHECK enum gb_rc gb_list_next(struct gb_db_query *query, struct gb_list_chunk *ret_chunk,
				      struct gb_err *err);

#endif
