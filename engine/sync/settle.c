/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After a crash. */
#include "config.h"

#include "engine/sync/settle.h"

#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/state/dirty.h"
#include "engine/state/journal.h"

static enum gb_rc prepare_one(struct gb_session *session, const struct gb_state_change *change,
			      struct gb_err *err)
{
	struct gb_state *state = session->state;
	int64_t object_no = change->change.object_no;
	int64_t cloud_no;
	enum gb_rc rc = gb_state_cloud_find(state, &change->change.cloud_id, &cloud_no, err);

	if (rc == GB_OK) {
		rc = gb_state_dirty_mark(state, cloud_no, object_no, GB_DIRTY_ALL, err);
	}
	if (rc == GB_OK && !gb_guid_is_none(&change->target.guid)) {
		rc = gb_state_directory_set_members_known(state, object_no, false, err);
	}
	return rc;
}

enum gb_rc gb_settle_prepare(struct gb_session *session, bool *ret_full, struct gb_err *err)
{
	struct gb_state_changes_iter *iter = gb_state_open_changes_begin(session, session->state);
	struct gb_state_change *change;
	size_t count = 0;
	enum gb_rc rc;

	*ret_full = false;
	while ((rc = gb_state_changes_next(iter, session, &change, err)) == GB_OK &&
	       change != NULL) {
		*ret_full = true;
		count++;
		rc = prepare_one(session, change, err);
		talloc_free(change);
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_changes_end(iter);
	if (count > 0) {
		gb_log(GB_LOG_NOTICE, "sync",
		       "an earlier run left %zu changes without a known outcome; their groups are "
		       "read again",
		       count);
	}
	return rc;
}

enum gb_rc gb_settle_finish(struct gb_session *session, struct gb_err *err)
{
	return gb_state_open_changes_settle(session->state, err);
}
