/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolving the selection. */
#include "config.h"

#include "engine/sync/selection.h"

#include <string.h>

#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/state/cursors.h"
#include "engine/state/dirty.h"
#include "engine/state/streams.h"
#include "engine/sync/own.h"

/** Digest of what the selection answered last. */
#define FACT_SELECTION "selection"

enum gb_rc gb_selection_marker_no(struct gb_session *session, int64_t *ret_no, struct gb_err *err)
{
	struct gb_state_cloud_group *row;
	struct gb_guid id;
	enum gb_rc rc;

	*ret_no = 0;
	if (session->files->selection == NULL ||
	    !gb_selection_marker(session->files->selection, &id)) {
		return GB_OK;
	}
	rc = gb_state_cloud_find(session->state, &id, ret_no, err);
	if (rc != GB_OK || *ret_no == 0) {
		return rc;
	}
	rc = gb_state_cloud_read_group(session, session->state, *ret_no, &row, err);
	if (rc == GB_E_NOT_FOUND) {
		gb_err_clear(err);
		*ret_no = 0;
		return GB_OK;
	}
	if (rc == GB_OK) {
		*ret_no = row->life == GB_LIFE_LIVE ? *ret_no : 0;
		talloc_free(row);
	}
	return rc;
}

static enum gb_rc on_name(void *user, const struct gb_guid *id, const char *display_name)
{
	gb_selection_tell_name(user, id, display_name);
	return GB_OK;
}

static enum gb_rc on_member(void *user, const struct gb_guid *id, const char *display_name)
{
	(void)display_name;
	gb_selection_tell_member(user, id);
	return GB_OK;
}

/* A marker group that is not there, or whose list was not read to its end, says nothing. */
static enum gb_rc tell_members(struct gb_session *session, int64_t marker_no, struct gb_err *err)
{
	struct gb_selection *selection = session->files->selection;
	struct gb_state_cloud_group *row;
	bool known;
	enum gb_rc rc;

	if (marker_no == 0) {
		return GB_OK;
	}
	rc = gb_state_cloud_read_group(session, session->state, marker_no, &row, err);
	if (rc != GB_OK) {
		return rc;
	}
	known = row->members_known;
	talloc_free(row);
	if (!known) {
		return GB_OK;
	}
	rc = gb_state_cloud_each_group(session->state, marker_no, on_member, selection, err);
	if (rc == GB_OK) {
		gb_selection_end(selection);
	}
	return rc;
}

static bool may_concern(const struct gb_session *session, const struct gb_state_group *group)
{
	const struct gb_state_directory_object *own = gb_own_object(group);

	return group->cloud != NULL &&
	       ((own != NULL && own->is_ours) ||
		gb_selection_find(session->files->selection, &group->cloud->group.id) !=
			GB_SELECTION_NO);
}

static enum gb_rc mark_concerned(struct gb_session *session, struct gb_err *err)
{
	struct gb_state_groups_iter *iter =
		gb_state_groups_begin(session, session->state, GB_GROUPS_ALL);
	const struct gb_state_group *group;
	enum gb_rc rc;

	while ((rc = gb_state_groups_next(iter, &group, err)) == GB_OK && group != NULL) {
		if (may_concern(session, group)) {
			rc = gb_state_dirty_mark(session->state, group->cloud_no, group->object_no,
						 GB_DIRTY_ALL, err);
		}
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_groups_end(iter);
	return rc;
}

static enum gb_rc notice_change(struct gb_session *session, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	char *text = gb_selection_fingerprint(tmp, session->files->selection);
	uint8_t digest[32];
	const char *known;
	char *hex;
	enum gb_rc rc;

	gb_digest_sha256(text, strlen(text), digest);
	hex = gb_digest_hex(tmp, digest, sizeof(digest));
	rc = gb_state_fact_get(tmp, session->state, FACT_SELECTION, &known, err);
	if (rc == GB_OK && (known == NULL || strcmp(known, hex) != 0)) {
		gb_log(GB_LOG_INFO, "sync", "the selected groups are not what they were");
		rc = mark_concerned(session, err);
		if (rc == GB_OK) {
			rc = gb_state_fact_set(session->state, FACT_SELECTION, hex, err);
		}
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_selection_read(struct gb_session *session, struct gb_err *err)
{
	struct gb_selection *selection = session->files->selection;
	int64_t marker_no;
	enum gb_rc rc;

	if (selection == NULL) {
		return GB_OK;
	}
	gb_selection_begin(selection);
	rc = gb_selection_marker_no(session, &marker_no, err);
	if (rc == GB_OK && gb_selection_has_names(selection)) {
		rc = gb_state_cloud_each_group(session->state, 0, on_name, selection, err);
	}
	if (rc == GB_OK) {
		rc = tell_members(session, marker_no, err);
	}
	return rc;
}

enum gb_rc gb_selection_resolve(struct gb_session *session, struct gb_err *err)
{
	enum gb_rc rc = gb_selection_read(session, err);

	return rc == GB_OK && session->files->selection != NULL ? notice_change(session, err) : rc;
}
