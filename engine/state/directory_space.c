/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking entries of the directory into its space, and what their changes mark. */
#include "config.h"

#include "engine/state/directory_space.h"

#include <assert.h>
#include <string.h>

#include "engine/base/mem.h"
#include "engine/state/directory_object.h"
#include "engine/state/marks.h"

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What decides who is matched to the object, and whether it may be a member of a universal group. */
static bool same_keys(const struct gb_state_directory_object *a,
		      const struct gb_state_directory_object *b)
{
	return a->presence == b->presence && a->object.object_class == b->object.object_class &&
	       a->object.in_container == b->object.in_container &&
	       a->object.is_protected == b->object.is_protected &&
	       a->object.group_type == b->object.group_type &&
	       gb_guid_compare(&a->object.guid, &b->object.guid) == 0 &&
	       gb_guid_compare(&a->object.consistency_guid, &b->object.consistency_guid) == 0 &&
	       a->object.sid.length == b->object.sid.length &&
	       memcmp(a->object.sid.bytes, b->object.sid.bytes, a->object.sid.length) == 0 &&
	       same_text(a->object.mail, b->object.mail) &&
	       same_text(a->object.dn_key, b->object.dn_key);
}

/* What makes a group ours. */
static bool same_claim(const struct gb_state_directory_object *a,
		       const struct gb_state_directory_object *b)
{
	return a->is_ours == b->is_ours && gb_guid_compare(&a->cloud_id, &b->cloud_id) == 0 &&
	       same_text(a->object.admin_description, b->object.admin_description) &&
	       same_text(a->object.external_directory_id, b->object.external_directory_id);
}

static bool same_names(const struct gb_directory_object *a, const struct gb_directory_object *b)
{
	return same_text(a->dn, b->dn) && same_text(a->cn, b->cn) &&
	       same_text(a->sam_account_name, b->sam_account_name) &&
	       same_text(a->display_name, b->display_name) &&
	       same_text(a->description, b->description) && same_text(a->extra, b->extra);
}

static enum gb_rc first_number(struct gb_state *state, enum gb_state_key key, const void *value,
			       int64_t *ret_no, struct gb_err *err)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count = 0;
	enum gb_rc rc = gb_state_directory_find(state, key, value, nos, &count, err);

	if (rc == GB_OK) {
		*ret_no = count > 0 ? nos[0] : 0;
	}
	return rc;
}

/* The stub that a group's member list left for this entry. */
static enum gb_rc find_stub(struct gb_state *state, const struct gb_directory_object *object,
			    int64_t *ret_no, struct gb_err *err)
{
	enum gb_state_presence presence = GB_PRESENCE_SLOT;
	enum gb_rc rc = GB_OK;

	*ret_no = 0;
	if (!gb_sid_is_none(&object->sid)) {
		rc = first_number(state, GB_STATE_KEY_SID, &object->sid, ret_no, err);
	}
	if (rc == GB_OK && *ret_no == 0 && object->dn_key) {
		rc = first_number(state, GB_STATE_KEY_DN, object->dn_key, ret_no, err);
	}
	if (rc == GB_OK && *ret_no != 0) {
		rc = gb_state_presence_of(state, *ret_no, &presence, err);
		/* Somebody who was read has another GUID: it is not him. */
		*ret_no = presence == GB_PRESENCE_STUB ? *ret_no : 0;
	}
	return rc;
}

/* The slot that waits for this group: it was created, and the engine stopped before it knew. */
static enum gb_rc find_slot(struct gb_state *state, const struct gb_state_directory_object *wanted,
			    int64_t *ret_no, struct gb_err *err)
{
	*ret_no = 0;
	if (!wanted->is_ours) {
		return GB_OK;
	}
	return gb_db_read_int(
		&state->db,
		"SELECT g.no FROM directory_group g JOIN directory_object d USING (no)"
		" WHERE g.cloud_id = ? AND d.presence = 0 ORDER BY g.no LIMIT 1",
		GB_DB_VALUES(GB_DB_GUID(&wanted->cloud_id)), 0, ret_no, err);
}

static enum gb_rc find_number(struct gb_state *state,
			      const struct gb_state_directory_object *wanted, int64_t *ret_no,
			      struct gb_err *err)
{
	enum gb_rc rc = first_number(state, GB_STATE_KEY_GUID, &wanted->object.guid, ret_no, err);

	if (rc == GB_OK && *ret_no == 0) {
		rc = find_stub(state, &wanted->object, ret_no, err);
	}
	if (rc == GB_OK && *ret_no == 0) {
		rc = find_slot(state, wanted, ret_no, err);
	}
	return rc;
}

static enum gb_rc mark_changes(struct gb_state *state, const struct gb_stored_object *old,
			       const struct gb_state_directory_object *row, struct gb_err *err)
{
	bool keys = !same_keys(&old->row, row);
	bool is_ours = old->row.is_ours || row->is_ours;
	unsigned drift;
	enum gb_rc rc = GB_OK;

	if (keys && old->row.no != 0) {
		rc = gb_mark_due_for(state, row->no, &old->row.object, err);
	}
	if (rc == GB_OK && keys) {
		rc = gb_mark_due_for(state, row->no, &row->object, err);
	}
	if (rc != GB_OK || !is_ours) {
		return rc;
	}
	/* What we write ourselves is known before it is read: whatever differs now is of others. */
	drift = old->row.is_ours && old->row.presence == GB_PRESENCE_READ ? GB_DIRTY_DRIFT : 0;
	if (keys || !same_claim(&old->row, row)) {
		return gb_mark_directory(state, row->no, GB_DIRTY_ALL | drift, err);
	}
	return gb_mark_directory(state, row->no, GB_DIRTY_ATTRIBUTES | drift, err);
}

static enum gb_rc write_changed(struct gb_state *state, const struct gb_stored_object *old,
				struct gb_state_directory_object *row, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (!same_text(old->row.object.dn_key, row->object.dn_key)) {
		rc = gb_directory_object_claim_dn(state, row->no, row->object.dn_key, err);
	}
	if (rc == GB_OK) {
		rc = gb_directory_object_write(state, old, row, err);
	}
	return rc == GB_OK ? mark_changes(state, old, row, err) : rc;
}

/* Nothing changed that matters: the entry was seen, perhaps with a new uSNChanged. */
static enum gb_rc write_seen(struct gb_state *state, const struct gb_stored_object *old,
			     const struct gb_directory_object *object, struct gb_err *err)
{
	int64_t seen = gb_directory_object_generation(state, object->in_container);

	if (old->seen == seen && old->row.object.usn_changed == object->usn_changed) {
		return GB_OK;
	}
	return gb_db_run(&state->db,
			 "UPDATE directory_object SET seen = ?, usn_changed = ? WHERE no = ?",
			 GB_DB_VALUES(GB_DB_INT(seen), GB_DB_INT(object->usn_changed),
				      GB_DB_INT(old->row.no)),
			 err);
}

enum gb_rc gb_state_directory_put(struct gb_state *state, const struct gb_directory_object *object,
				  int64_t *ret_no, bool *ret_changed, struct gb_err *err)
{
	struct gb_state_directory_object row = {.presence = GB_PRESENCE_READ, .object = *object};
	struct gb_stored_object old = {0};
	void *tmp = gb_new_tmp(NULL);
	bool changed = false;
	enum gb_rc rc;

	assert(!gb_guid_is_none(&object->guid));
	gb_directory_object_judge(&row);
	rc = find_number(state, &row, &row.no, err);
	if (rc == GB_OK && row.no != 0) {
		rc = gb_directory_object_load(tmp, state, row.no, &old, err);
		row.members_known = old.row.members_known;
		row.members_usn = old.row.members_usn;
	}
	if (rc == GB_OK) {
		changed = !same_keys(&old.row, &row) || !same_claim(&old.row, &row) ||
			  !same_names(&old.row.object, object);
		rc = changed ? write_changed(state, &old, &row, err)
			     : write_seen(state, &old, object, err);
	}
	if (rc == GB_OK && ret_no) {
		*ret_no = row.no;
	}
	if (rc == GB_OK && ret_changed) {
		*ret_changed = changed;
	}
	talloc_free(tmp);
	return rc;
}

static enum gb_rc find_by_ref(struct gb_state *state, const struct gb_state_ref *ref,
			      const char *dn_key, int64_t *ret_no, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	*ret_no = 0;
	if (!gb_guid_is_none(&ref->guid)) {
		rc = first_number(state, GB_STATE_KEY_GUID, &ref->guid, ret_no, err);
	}
	if (rc == GB_OK && *ret_no == 0 && !gb_sid_is_none(&ref->sid)) {
		rc = first_number(state, GB_STATE_KEY_SID, &ref->sid, ret_no, err);
	}
	if (rc == GB_OK && *ret_no == 0 && dn_key) {
		rc = first_number(state, GB_STATE_KEY_DN, dn_key, ret_no, err);
	}
	return rc;
}

enum gb_rc gb_state_directory_put_stub(struct gb_state *state, const struct gb_state_ref *ref,
				       const char *dn_key, int64_t *ret_no, struct gb_err *err)
{
	struct gb_state_directory_object row = {
		.presence = GB_PRESENCE_STUB,
		.object = {.guid = ref->guid, .sid = ref->sid, .dn = ref->dn, .dn_key = dn_key}};
	struct gb_stored_object none = {0};
	enum gb_rc rc;

	assert(!gb_guid_is_none(&ref->guid) || !gb_sid_is_none(&ref->sid) || dn_key);
	rc = find_by_ref(state, ref, dn_key, &row.no, err);
	if (rc == GB_OK && row.no == 0) {
		rc = gb_directory_object_write(state, &none, &row, err);
	}
	if (rc == GB_OK) {
		*ret_no = row.no;
	}
	return rc;
}
