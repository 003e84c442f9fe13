/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kept counts: in memory while working, in the table "size" with every commit. */
#include "config.h"

#include "engine/state/sizes.h"

/* The rows of the table "size": their numbers stay. */
#define SIZE_COUNT 7

static void list_sizes(struct gb_state_sizes *sizes, int64_t *ret_list[SIZE_COUNT])
{
	ret_list[0] = &sizes->cloud_groups;
	ret_list[1] = &sizes->cloud_members;
	ret_list[2] = &sizes->cloud_links;
	ret_list[3] = &sizes->matched;
	ret_list[4] = &sizes->directory_objects;
	ret_list[5] = &sizes->directory_groups;
	ret_list[6] = &sizes->directory_links;
}

enum gb_rc gb_sizes_load(struct gb_state *state, struct gb_err *err)
{
	int64_t *list[SIZE_COUNT];
	enum gb_rc rc = GB_OK;

	list_sizes(&state->sizes, list);
	for (int what = 0; what < SIZE_COUNT && rc == GB_OK; what++) {
		rc = gb_db_read_int(&state->db, "SELECT count FROM size WHERE what = ?",
				    GB_DB_VALUES(GB_DB_INT(what)), 0, list[what], err);
	}
	state->sizes_changed = false;
	return rc;
}

enum gb_rc gb_sizes_store(struct gb_state *state, struct gb_err *err)
{
	int64_t *list[SIZE_COUNT];
	enum gb_rc rc = GB_OK;

	if (!state->sizes_changed) {
		return GB_OK;
	}
	list_sizes(&state->sizes, list);
	for (int what = 0; what < SIZE_COUNT && rc == GB_OK; what++) {
		rc = gb_db_run(&state->db, "REPLACE INTO size VALUES (?, ?)",
			       GB_DB_VALUES(GB_DB_INT(what), GB_DB_INT(*list[what])), err);
	}
	if (rc == GB_OK) {
		state->sizes_changed = false;
	}
	return rc;
}
