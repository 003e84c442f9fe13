/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `status` shows of the state. */
#include "config.h"

#include "engine/state/status.h"

#include "engine/state/state_private.h"

void gb_state_sizes(const struct gb_state *state, struct gb_state_sizes *ret_sizes)
{
	*ret_sizes = state->sizes;
}

enum gb_rc gb_state_backlog(struct gb_state *state, size_t *ret_dirty_groups, size_t *ret_due,
			    struct gb_err *err)
{
	int64_t cloud = 0;
	int64_t directory = 0;
	int64_t due = 0;
	enum gb_rc rc;

	rc = gb_db_read_int(&state->db, "SELECT count(*) FROM cloud_object WHERE dirty <> 0",
			    GB_DB_NO_VALUES, 0, &cloud, err);
	if (rc == GB_OK) {
		rc = gb_db_read_int(&state->db,
				    "SELECT count(*) FROM directory_group WHERE dirty <> 0",
				    GB_DB_NO_VALUES, 0, &directory, err);
	}
	if (rc == GB_OK) {
		rc = gb_db_read_int(&state->db, "SELECT count(*) FROM due", GB_DB_NO_VALUES, 0,
				    &due, err);
	}
	if (rc == GB_OK) {
		*ret_dirty_groups = (size_t)(cloud + directory);
		*ret_due = (size_t)due;
	}
	return rc;
}
