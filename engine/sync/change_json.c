/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change as JSON. */
#include "config.h"

#include "engine/sync/change_json.h"

#include "engine/base/mem.h"
#include "engine/plan/naming.h"
#include "engine/state/directory_space.h"

const char *gb_change_json_op(enum gb_change_kind kind)
{
	switch (kind) {
	case GB_CHANGE_CREATE:
		return "create";
	case GB_CHANGE_ATTRIBUTES:
		return "attributes";
	case GB_CHANGE_REMOVE_MEMBERS:
		return "remove-members";
	case GB_CHANGE_ADD_MEMBERS:
		return "add-members";
	case GB_CHANGE_RENAME:
		return "rename";
	case GB_CHANGE_MOVE:
		return "move";
	case GB_CHANGE_DELETE:
		return "delete";
	}
	return "unknown";
}

static void put_values(struct gb_json_writer *w, const struct gb_change *change)
{
	if (change->value_count == 0) {
		return;
	}
	gb_json_begin_array(w, "values");
	for (size_t i = 0; i < change->value_count; i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "attribute", change->values[i].attribute);
		gb_json_put_text(w, "before", change->values[i].old_value);
		gb_json_put_text(w, "after", change->values[i].value);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

/* A group that does not exist yet: its number is known by its anchor alone. */
static enum gb_rc name_slot(const void *ctx, struct gb_state *state, int64_t object_no,
			    char **ret_name, struct gb_err *err)
{
	struct gb_state_directory_object *row = NULL;
	enum gb_rc rc = gb_state_directory_read(ctx, state, object_no, &row, err);

	*ret_name = NULL;
	if (rc == GB_E_NOT_FOUND) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc == GB_OK) {
		*ret_name = gb_naming_anchor(ctx, &row->cloud_id);
		talloc_free(row);
	}
	return rc;
}

enum gb_rc gb_change_json_member(const void *ctx, struct gb_state *state, int64_t object_no,
				 const struct gb_state_ref *ref, char **ret_name,
				 struct gb_err *err)
{
	char sid[GB_SID_TEXT_BYTES];
	char guid[GB_GUID_TEXT_BYTES];

	if (!gb_sid_is_none(&ref->sid)) {
		*ret_name = gb_strdup(ctx, gb_sid_format(&ref->sid, sid));
	} else if (!gb_guid_is_none(&ref->guid)) {
		*ret_name = gb_strdup(ctx, gb_guid_format(&ref->guid, guid));
	} else if (ref->dn != NULL) {
		*ret_name = gb_strdup(ctx, ref->dn);
	} else {
		return name_slot(ctx, state, object_no, ret_name, err);
	}
	return GB_OK;
}

static enum gb_rc put_member(struct gb_json_writer *w, struct gb_state *state, int64_t object_no,
			     const struct gb_state_ref *ref, struct gb_err *err)
{
	char *name = NULL;
	enum gb_rc rc = gb_change_json_member(w, state, object_no, ref, &name, err);

	if (rc == GB_OK) {
		gb_json_put_text(w, NULL, name);
	}
	talloc_free(name);
	return rc;
}

static enum gb_rc put_members(struct gb_json_writer *w, struct gb_state *state,
			      const struct gb_state_change *change, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (change->change.member_count == 0) {
		return GB_OK;
	}
	gb_json_begin_array(w, "members");
	for (size_t i = 0; i < change->change.member_count && rc == GB_OK; i++) {
		rc = put_member(w, state, change->change.members[i], &change->members[i], err);
	}
	gb_json_end_array(w);
	return rc;
}

static void put_if_set(struct gb_json_writer *w, const char *key, const char *text)
{
	if (text != NULL) {
		gb_json_put_text(w, key, text);
	}
}

enum gb_rc gb_change_json_put(struct gb_json_writer *w, struct gb_state *state,
			      const struct gb_state_change *change, struct gb_err *err)
{
	const struct gb_change *c = &change->change;
	char id[GB_GUID_TEXT_BYTES];

	gb_json_put_text(w, "group", gb_guid_format(&c->cloud_id, id));
	gb_json_put_text(w, "op", gb_change_json_op(c->kind));
	put_if_set(w, "name", c->name);
	put_if_set(w, "dn", c->dn);
	put_if_set(w, "newRdn", c->new_rdn);
	put_if_set(w, "newParent", c->new_parent);
	put_values(w, c);
	return put_members(w, state, change, err);
}
