/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the directory space: reading, writing, counting. */
#include "config.h"

#include "engine/state/directory_object.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/dn_key.h"
#include "engine/state/sizes.h"
#include "engine/state/streams.h"

int64_t gb_directory_object_generation(const struct gb_state *state, bool in_container)
{
	return state->generations[in_container ? GB_FULL_CONTAINER : GB_FULL_PEOPLE];
}

void gb_directory_object_judge(struct gb_state_directory_object *row)
{
	const struct gb_directory_object *object = &row->object;

	row->cloud_id = (struct gb_guid){{0}};
	row->is_ours = false;
	if (object->object_class != GB_CLASS_GROUP) {
		return;
	}
	if ((object->admin_description &&
	     gb_guid_from_anchor(object->admin_description, &row->cloud_id)) ||
	    (object->external_directory_id &&
	     gb_guid_from_anchor(object->external_directory_id, &row->cloud_id))) {
		row->is_ours = object->in_container;
	}
}

static void read_group(const void *ctx, const struct gb_db_query *query,
		       struct gb_state_directory_object *row)
{
	struct gb_directory_object *object = &row->object;

	object->group_type = (int32_t)gb_db_int(query, 14);
	row->is_ours = gb_db_bool(query, 15);
	row->members_known = gb_db_bool(query, 16);
	row->members_usn = gb_db_int(query, 17);
	row->cloud_id = gb_db_guid(query, 18);
	object->cn = gb_db_text(ctx, query, 19);
	object->display_name = gb_db_text(ctx, query, 20);
	object->description = gb_db_text(ctx, query, 21);
	object->admin_description = gb_db_text(ctx, query, 22);
	object->external_directory_id = gb_db_text(ctx, query, 23);
	object->extra = gb_db_text(ctx, query, 26);
}

static void read_row(const void *ctx, const struct gb_db_query *query,
		     struct gb_stored_object *stored)
{
	struct gb_state_directory_object *row = &stored->row;
	struct gb_directory_object *object = &row->object;

	row->no = gb_db_int(query, 0);
	row->presence = (enum gb_state_presence)gb_db_int(query, 1);
	object->object_class = (enum gb_directory_class)gb_db_int(query, 2);
	object->in_container = gb_db_bool(query, 3);
	object->is_protected = gb_db_bool(query, 4);
	stored->seen = gb_db_int(query, 5);
	object->usn_changed = gb_db_int(query, 6);
	object->guid = gb_db_guid(query, 7);
	object->sid = gb_db_sid(query, 8);
	object->consistency_guid = gb_db_guid(query, 9);
	object->sam_account_name = gb_db_text(ctx, query, 10);
	object->dn_key = gb_dn_key_column(ctx, query, 11);
	object->dn = gb_db_text(ctx, query, 13);
	row->cloud_no = gb_db_int(query, 24);
	object->mail = gb_db_text(ctx, query, 25);
	if (!gb_db_is_null(query, 14)) {
		read_group(ctx, query, row);
	}
}

enum gb_rc gb_directory_object_load(const void *ctx, struct gb_state *state, int64_t no,
				    struct gb_stored_object *ret_stored, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(
		&state->db,
		"SELECT d.no, d.presence, d.class, d.in_container, d.protected, d.seen,"
		" d.usn_changed, d.guid, d.sid, d.consistency_guid, d.sam, d.dn_hash, d.dn_key,"
		" d.dn, g.group_type, g.is_ours, g.members_known, g.members_usn, g.cloud_id, g.cn,"
		" g.display_name, g.description, g.admin_description, g.external_id,"
		" (SELECT min(cloud_no) FROM match WHERE object_no = d.no), d.mail, g.extra"
		" FROM directory_object d LEFT JOIN directory_group g ON g.no = d.no"
		" WHERE d.no = ?",
		GB_DB_VALUES(GB_DB_INT(no)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK) {
		*ret_stored = (struct gb_stored_object){0};
	}
	if (rc == GB_OK && has_row) {
		read_row(ctx, &query, ret_stored);
	}
	gb_db_query_end(&query);
	return rc;
}

static enum gb_rc write_object(struct gb_state *state, struct gb_state_directory_object *row,
			       struct gb_err *err)
{
	static const char insert[] =
		"INSERT INTO directory_object (presence, class, in_container, protected, seen,"
		" usn_changed, guid, sid, consistency_guid, sam, dn_hash, dn_key, dn, mail, no)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	static const char update[] =
		"UPDATE directory_object SET presence = ?, class = ?, in_container = ?,"
		" protected = ?, seen = ?, usn_changed = ?, guid = ?, sid = ?,"
		" consistency_guid = ?, sam = ?, dn_hash = ?, dn_key = ?, dn = ?, mail = ?"
		" WHERE no = ?";
	const struct gb_directory_object *object = &row->object;
	int64_t seen = gb_directory_object_generation(state, object->in_container);
	enum gb_rc rc = gb_db_run(
		&state->db, row->no ? update : insert,
		GB_DB_VALUES(
			GB_DB_INT(row->presence), GB_DB_INT(object->object_class),
			GB_DB_INT(object->in_container), GB_DB_INT(object->is_protected),
			GB_DB_INT(seen), GB_DB_INT(object->usn_changed), GB_DB_GUID(&object->guid),
			GB_DB_SID(&object->sid), GB_DB_GUID(&object->consistency_guid),
			GB_DB_TEXT(object->sam_account_name), gb_dn_key_hash_value(object->dn_key),
			gb_dn_key_value(object->dn_key, object->dn), GB_DB_TEXT(object->dn),
			GB_DB_TEXT(object->mail), GB_DB_NO(row->no)),
		err);

	if (rc == GB_OK && row->no == 0) {
		row->no = sqlite3_last_insert_rowid(state->db.handle);
	}
	return rc;
}

static enum gb_rc write_group(struct gb_state *state, const struct gb_state_directory_object *row,
			      struct gb_err *err)
{
	const struct gb_directory_object *object = &row->object;

	return gb_db_run(
		&state->db,
		"INSERT INTO directory_group (no, group_type, is_ours, members_known, members_usn,"
		" cloud_id, cn, display_name, description, admin_description, external_id,"
		" extra) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
		" group_type = excluded.group_type, is_ours = excluded.is_ours,"
		" members_known = excluded.members_known, members_usn = excluded.members_usn,"
		" cloud_id = excluded.cloud_id, cn = excluded.cn,"
		" display_name = excluded.display_name, description = excluded.description,"
		" admin_description = excluded.admin_description,"
		" external_id = excluded.external_id, extra = excluded.extra",
		GB_DB_VALUES(GB_DB_INT(row->no), GB_DB_INT(object->group_type),
			     GB_DB_INT(row->is_ours), GB_DB_INT(row->members_known),
			     GB_DB_INT(row->members_usn), GB_DB_GUID(&row->cloud_id),
			     GB_DB_TEXT(object->cn), GB_DB_TEXT(object->display_name),
			     GB_DB_TEXT(object->description), GB_DB_TEXT(object->admin_description),
			     GB_DB_TEXT(object->external_directory_id),
			     GB_DB_TEXT(object->extra)),
		err);
}

enum gb_rc gb_directory_object_write(struct gb_state *state, const struct gb_stored_object *old,
				     struct gb_state_directory_object *row, struct gb_err *err)
{
	bool existed = old->row.no != 0 && old->row.presence != GB_PRESENCE_SLOT;
	enum gb_rc rc = write_object(state, row, err);

	if (rc == GB_OK && (row->object.object_class == GB_CLASS_GROUP || old->row.is_ours)) {
		rc = write_group(state, row, err);
	}
	if (rc == GB_OK) {
		gb_sizes_add(state, &state->sizes.directory_objects,
			     (row->presence != GB_PRESENCE_SLOT) - existed);
		gb_sizes_add(state, &state->sizes.directory_groups,
			     row->is_ours - old->row.is_ours);
	}
	return rc;
}

enum gb_rc gb_directory_object_claim_dn(struct gb_state *state, int64_t no, const char *dn_key,
					struct gb_err *err)
{
	bool is_taken = false;
	enum gb_rc rc = GB_OK;

	if (dn_key) {
		rc = gb_state_dn_taken(state, dn_key, no, &is_taken, err);
	}
	if (rc != GB_OK || !is_taken) {
		return rc;
	}
	return gb_db_run(
		&state->db,
		"UPDATE directory_object SET dn_hash = NULL, dn_key = NULL"
		" WHERE dn_hash = ? AND coalesce(dn_key, lower(dn)) = ? AND no <> ?",
		GB_DB_VALUES(gb_dn_key_hash_value(dn_key), GB_DB_TEXT(dn_key), GB_DB_INT(no)), err);
}

enum gb_rc gb_state_directory_read(const void *ctx, struct gb_state *state, int64_t no,
				   struct gb_state_directory_object **ret_row, struct gb_err *err)
{
	struct gb_stored_object *stored = gb_new(ctx, struct gb_stored_object);
	enum gb_rc rc = gb_directory_object_load(stored, state, no, stored, err);

	if (rc == GB_OK && stored->row.no == 0) {
		rc = gb_err_set(err, GB_E_NOT_FOUND, "state-no-object",
				_("%s knows no directory object number %lld."), state->db.name,
				(long long)no);
	}
	if (rc != GB_OK) {
		talloc_free(stored);
		return rc;
	}
	*ret_row = &stored->row;
	return GB_OK;
}

enum gb_rc gb_state_directory_ref(const void *ctx, struct gb_state *state, int64_t no,
				  struct gb_state_ref *ret_ref, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc =
		gb_db_query(&state->db, "SELECT guid, sid, dn FROM directory_object WHERE no = ?",
			    GB_DB_VALUES(GB_DB_INT(no)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK) {
		*ret_ref = (struct gb_state_ref){0};
	}
	if (rc == GB_OK && has_row) {
		ret_ref->no = no;
		ret_ref->guid = gb_db_guid(&query, 0);
		ret_ref->sid = gb_db_sid(&query, 1);
		ret_ref->dn = gb_db_text(ctx, &query, 2);
	}
	gb_db_query_end(&query);
	return rc;
}
