/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots: the directory numbers of groups that are to be created. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/state/directory_object.h"
#include "engine/state/directory_space.h"
#include "engine/state/matching.h"

/* Objects that carry the group's anchor in the container, and a slot that was left over. */
static enum gb_rc find_claims(struct gb_state *state, const struct gb_guid *cloud_id,
			      int64_t *ret_count, int64_t *ret_no, int64_t *ret_slot,
			      struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(&state->db,
				    "SELECT g.no, d.presence FROM directory_group g"
				    " JOIN directory_object d USING (no) WHERE g.cloud_id = ?"
				    " AND (g.is_ours OR d.presence = 0) ORDER BY g.no DESC",
				    GB_DB_VALUES(GB_DB_GUID(cloud_id)), &query, err);

	*ret_count = 0;
	*ret_no = 0;
	*ret_slot = 0;
	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row && gb_db_int(&query, 1) == GB_PRESENCE_SLOT) {
			*ret_slot = gb_db_int(&query, 0);
		} else if (rc == GB_OK && has_row) {
			*ret_no = gb_db_int(&query, 0);
			(*ret_count)++;
		}
	}
	gb_db_query_end(&query);
	return rc;
}

static enum gb_rc refuse_twins(const struct gb_guid *cloud_id, struct gb_err *err)
{
	char text[GB_GUID_TEXT_BYTES];

	gb_err_set(err, GB_E_CONSTRAINT, "anchor-twice",
		   _("Several groups in the container carry the anchor Group_%s."),
		   gb_guid_format(cloud_id, text));
	gb_err_undone(err, _("None of them is taken for the group, and no other is made."));
	gb_err_remedy(err, _("Remove adminDescription from all but the right one."));
	return GB_E_CONSTRAINT;
}

static enum gb_rc insert_slot(struct gb_state *state, const struct gb_guid *cloud_id,
			      int64_t *ret_no, struct gb_err *err)
{
	struct gb_state_directory_object row = {
		.presence = GB_PRESENCE_SLOT,
		.object = {.object_class = GB_CLASS_GROUP, .in_container = true},
		.cloud_id = *cloud_id};
	struct gb_stored_object none = {0};
	enum gb_rc rc = gb_directory_object_write(state, &none, &row, err);

	if (rc == GB_OK) {
		*ret_no = row.no;
	}
	return rc;
}

static enum gb_rc find_or_insert(struct gb_state *state, const struct gb_guid *cloud_id,
				 int64_t *ret_no, struct gb_err *err)
{
	int64_t count = 0;
	int64_t no = 0;
	int64_t slot = 0;
	enum gb_rc rc = find_claims(state, cloud_id, &count, &no, &slot, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (count > 1) {
		return refuse_twins(cloud_id, err);
	}
	if (count == 1 || slot != 0) {
		*ret_no = count == 1 ? no : slot;
		return GB_OK;
	}
	return insert_slot(state, cloud_id, ret_no, err);
}

enum gb_rc gb_state_slot_get(struct gb_state *state, int64_t cloud_no, int match_code,
			     int64_t *ret_object_no, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_state_cloud_group *group = NULL;
	int64_t object_no = 0;
	enum gb_rc rc = gb_state_cloud_read_group(tmp, state, cloud_no, &group, err);

	if (rc == GB_OK) {
		object_no = group->object_no;
	}
	if (rc == GB_OK && object_no == 0) {
		rc = find_or_insert(state, &group->group.id, &object_no, err);
	}
	if (rc == GB_OK) {
		rc = gb_state_match_set(state, cloud_no, object_no, match_code, err);
	}
	if (rc == GB_OK) {
		*ret_object_no = object_no;
	}
	talloc_free(tmp);
	return rc;
}
