/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes of our own writes: into the journal, and into the directory space. */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "engine/base/attributes.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/directory_object.h"
#include "engine/state/dirty.h"
#include "engine/state/journal.h"
#include "engine/state/journal_key.h"
#include "engine/state/life.h"
#include "engine/state/links.h"
#include "engine/state/match.h"
#include "engine/state/pack.h"

static enum gb_rc store_status(struct gb_state *state, const struct gb_state_change *change,
			       const struct gb_state_outcome *outcome, struct gb_err *err)
{
	uint8_t failed[GB_PACK_MAX_BYTES(GB_CHANGE_MAX_MEMBERS)];
	size_t length = gb_pack(outcome->failed_members, outcome->failed_member_count, failed);
	char *line = outcome->err ? gb_err_line(NULL, outcome->err) : NULL;
	enum gb_rc rc = gb_db_run(
		&state->db,
		"UPDATE change SET status = ?, err_id = ?, err_text = ?, failed_count = ?,"
		" failed = ? WHERE no = ?",
		GB_DB_VALUES(GB_DB_INT(outcome->status),
			     GB_DB_TEXT(outcome->err ? outcome->err->id : NULL), GB_DB_TEXT(line),
			     GB_DB_INT(outcome->failed_member_count), GB_DB_BLOB(failed, length),
			     GB_DB_INT(gb_journal_key(change->run_no, change->change.seq))),
		err);

	talloc_free(line);
	return rc;
}

static bool has_failed(const struct gb_state_outcome *outcome, int64_t member_no)
{
	for (size_t i = 0; i < outcome->failed_member_count; i++) {
		if (outcome->failed_members[i] == member_no) {
			return true;
		}
	}
	return false;
}

static enum gb_rc apply_members(struct gb_state *state, const struct gb_change *change,
				const struct gb_state_outcome *outcome, bool present,
				struct gb_err *err)
{
	int64_t members[GB_CHANGE_MAX_MEMBERS];
	size_t count = 0;
	int64_t changed = 0;
	enum gb_rc rc;

	for (size_t i = 0; i < change->member_count; i++) {
		if (!has_failed(outcome, change->members[i])) {
			members[count++] = change->members[i];
		}
	}
	rc = gb_links_change(state, GB_SIDE_DIRECTORY, change->object_no, members, count, present,
			     &changed, err);
	return rc == GB_OK ? gb_links_count(state, GB_SIDE_DIRECTORY, change->object_no,
					    present ? changed : -changed, err)
			   : rc;
}

static int32_t parse_group_type(const char *text)
{
	return text ? (int32_t)strtol(text, NULL, 10) : 0;
}

/* Attributes without a field of their own; values of a list follow each other. */
static void apply_extra(const void *ctx, struct gb_directory_object *object,
			const struct gb_change_value *values, size_t count)
{
	struct gb_buffer *patch = gb_buffer_new(ctx);

	for (size_t i = 0; i < count; i++) {
		if (values[i].value) {
			gb_attributes_add(patch, values[i].attribute, values[i].value);
		}
	}
	if (patch->length == 0) {
		gb_attributes_add(patch, values[0].attribute, NULL);
	}
	object->extra = gb_attributes_merge(ctx, object->extra, patch->text);
}

/* True if the attribute has a field. */
static bool apply_value(struct gb_directory_object *object, const struct gb_change_value *value)
{
	const struct {
		const char *attribute;
		const char **field;
	} fields[] = {
		{"displayName", &object->display_name},
		{"description", &object->description},
		{"sAMAccountName", &object->sam_account_name},
		{"adminDescription", &object->admin_description},
		{"msDS-ExternalDirectoryObjectId", &object->external_directory_id},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(fields); i++) {
		if (gb_text_equal_nocase(value->attribute, fields[i].attribute)) {
			*fields[i].field = value->value;
			return true;
		}
	}
	if (gb_text_equal_nocase(value->attribute, "groupType")) {
		object->group_type = parse_group_type(value->value);
		return true;
	}
	return false;
}

static void apply_values(const void *ctx, struct gb_directory_object *object,
			 const struct gb_change *change)
{
	size_t length;

	for (size_t at = 0; at < change->value_count; at += length) {
		const struct gb_change_value *value = &change->values[at];

		for (length = 1; at + length < change->value_count &&
				 gb_text_equal_nocase(value[length].attribute, value->attribute);
		     length++) {
		}
		if (!apply_value(object, value)) {
			apply_extra(ctx, object, value, length);
		}
	}
}

static void apply_entry(const void *ctx, struct gb_state_directory_object *row,
			const struct gb_change *change, const struct gb_state_outcome *outcome)
{
	struct gb_directory_object *object = &row->object;

	apply_values(ctx, object, change);
	if (change->kind == GB_CHANGE_CREATE) {
		row->presence = GB_PRESENCE_READ;
		row->members_known = true;
		object->guid = outcome->guid;
		object->sid = outcome->sid;
	}
	if (outcome->dn) {
		object->dn = outcome->dn;
		object->dn_key = outcome->dn_key;
	}
	if (outcome->cn) {
		object->cn = outcome->cn;
	}
	if (outcome->usn_changed) {
		object->usn_changed = outcome->usn_changed;
	}
	gb_directory_object_judge(row);
}

static enum gb_rc apply_object(struct gb_state *state, const struct gb_change *change,
			       const struct gb_state_outcome *outcome, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_stored_object old = {0};
	struct gb_state_directory_object row;
	enum gb_rc rc = gb_directory_object_load(tmp, state, change->object_no, &old, err);

	if (rc == GB_OK && old.row.no != 0) {
		row = old.row;
		apply_entry(tmp, &row, change, outcome);
		rc = gb_directory_object_claim_dn(state, row.no, outcome->dn_key, err);
		if (rc == GB_OK) {
			rc = gb_directory_object_write(state, &old, &row, err);
		}
	}
	talloc_free(tmp);
	return rc;
}

/* The USN after our own write: the links are those of this USN, and need not be read again. */
static enum gb_rc apply_usn(struct gb_state *state, int64_t object_no, int64_t usn_changed,
			    struct gb_err *err)
{
	struct gb_db_values values = GB_DB_VALUES(GB_DB_INT(object_no), GB_DB_INT(usn_changed));
	enum gb_rc rc;

	if (usn_changed == 0) {
		/* We wrote, and nobody knows what its USN is now: the old one says nothing. */
		return gb_db_run(&state->db,
				 "UPDATE directory_object SET usn_changed = 0 WHERE no = ?",
				 GB_DB_VALUES(GB_DB_INT(object_no)), err);
	}
	rc = gb_db_run(&state->db, "UPDATE directory_object SET usn_changed = ?2 WHERE no = ?1",
		       values, err);
	if (rc == GB_OK) {
		rc = gb_db_run(&state->db,
			       "UPDATE directory_group SET members_usn = ?2"
			       " WHERE no = ?1 AND members_known",
			       values, err);
	}
	return rc;
}

static enum gb_rc apply(struct gb_state *state, const struct gb_change *change,
			const struct gb_state_outcome *outcome, struct gb_err *err)
{
	enum gb_rc rc;

	switch (change->kind) {
	case GB_CHANGE_CREATE:
		assert(!gb_guid_is_none(&outcome->guid));
		rc = apply_object(state, change, outcome, err);
		if (rc == GB_OK) {
			rc = gb_state_grave_clear(state, &change->cloud_id, err);
		}
		return rc == GB_OK ? apply_members(state, change, outcome, true, err) : rc;
	case GB_CHANGE_ADD_MEMBERS:
		return apply_members(state, change, outcome, true, err);
	case GB_CHANGE_REMOVE_MEMBERS:
		return apply_members(state, change, outcome, false, err);
	case GB_CHANGE_DELETE:
		return gb_state_directory_remove(state, change->object_no, err);
	case GB_CHANGE_ATTRIBUTES:
	case GB_CHANGE_RENAME:
	case GB_CHANGE_MOVE:
	default:
		return apply_object(state, change, outcome, err);
	}
}

enum gb_rc gb_state_journal_outcome(struct gb_state *state, const struct gb_state_change *change,
				    const struct gb_state_outcome *outcome, struct gb_err *err)
{
	enum gb_rc rc;

	assert(outcome->status >= GB_OUTCOME_APPLIED && outcome->status <= GB_OUTCOME_SKIPPED);
	assert(outcome->failed_member_count <= change->change.member_count);
	rc = store_status(state, change, outcome, err);
	if (rc == GB_OK && outcome->status == GB_OUTCOME_APPLIED) {
		rc = apply(state, &change->change, outcome, err);
	}
	if (rc == GB_OK && outcome->status == GB_OUTCOME_APPLIED) {
		rc = apply_usn(state, change->change.object_no, outcome->usn_changed, err);
	}
	return rc;
}

static enum gb_rc clear_object(struct gb_state *state, int64_t object_no, struct gb_err *err)
{
	int64_t cloud_no = 0;
	enum gb_rc rc = gb_match_group_of(state, object_no, &cloud_no, err);

	return rc == GB_OK ? gb_state_dirty_clear(state, cloud_no, object_no, err) : rc;
}

enum gb_rc gb_state_journal_clear_applied(struct gb_state *state, int64_t run_no,
					  size_t *ret_cleared, size_t *ret_left, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = true;
	size_t counts[2] = {0, 0};
	enum gb_rc rc =
		gb_db_query(&state->db,
			    "SELECT object_no, max(status <> 1 OR failed_count > 0) FROM change"
			    " WHERE no > ? AND no < ? GROUP BY object_no",
			    GB_DB_VALUES(GB_DB_INT(gb_journal_key(run_no, 0)),
					 GB_DB_INT(gb_journal_key(run_no + 1, 0))),
			    &query, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			bool is_left = gb_db_bool(&query, 1);

			counts[is_left]++;
			rc = is_left ? GB_OK : clear_object(state, gb_db_int(&query, 0), err);
		}
	}
	gb_db_query_end(&query);
	if (rc == GB_OK && ret_cleared) {
		*ret_cleared = counts[false];
	}
	if (rc == GB_OK && ret_left) {
		*ret_left = counts[true];
	}
	return rc;
}
