/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Possible members of the cloud space: people, devices, groups as members of others. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_member.h"
#include "engine/state/cloud_object.h"
#include "engine/state/cloud_space.h"
#include "engine/state/dn_key.h"
#include "engine/state/marks.h"

/* As GB_SELECT_CLOUD_MEMBER, with nothing in the columns of the match: one table less. */
#define SELECT_WITHOUT_MATCH                                                                    \
	"SELECT o.no, o.id, o.type, o.life, o.readable, o.sync, o.seen, o.sid, o.immutable_id," \
	" o.dn_hash, o.dn_key, o.dn, o.display_name, NULL, NULL, o.mail FROM cloud_object o"

/** A row and the generation that saw it last; strings may be borrowed from a query. */
struct stored_member {
	int64_t no; /* 0 if there is none */
	enum gb_cloud_life life;
	int64_t seen;
	const char *dn_key;
	struct gb_cloud_member member;
};

static bool same_bytes(const struct gb_db_query *query, int column, const void *bytes,
		       size_t length)
{
	size_t stored_length;
	const void *stored = gb_db_peek_blob(query, column, &stored_length);

	return stored_length == length && (length == 0 || memcmp(stored, bytes, length) == 0);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A member of twenty groups comes twenty times in a full read: compare without copying. */
static bool is_same(const struct gb_db_query *query, const struct gb_cloud_member *member,
		    const char *dn_key)
{
	size_t guid_length =
		gb_guid_is_none(&member->immutable_id) ? 0 : sizeof(member->immutable_id.bytes);

	return gb_db_int(query, 2) == member->type && gb_db_int(query, 3) == GB_LIFE_LIVE &&
	       gb_db_bool(query, 4) == member->readable &&
	       gb_db_int(query, 5) == member->on_premises_sync_enabled &&
	       same_bytes(query, 7, member->sid.bytes, member->sid.length) &&
	       same_bytes(query, 8, member->immutable_id.bytes, guid_length) &&
	       gb_dn_key_column_is(query, 9, dn_key) &&
	       same_text(gb_db_peek_text(query, 11), member->on_premises_dn) &&
	       same_text(gb_db_peek_text(query, 12), member->display_name) &&
	       same_text(gb_db_peek_text(query, 15), member->mail);
}

static void read_row(const void *ctx, const struct gb_db_query *query, struct stored_member *stored)
{
	struct gb_cloud_member *member = &stored->member;

	stored->no = gb_db_int(query, 0);
	member->id = gb_db_guid(query, 1);
	member->type = (enum gb_cloud_type)gb_db_int(query, 2);
	stored->life = (enum gb_cloud_life)gb_db_int(query, 3);
	member->readable = gb_db_bool(query, 4);
	member->on_premises_sync_enabled = (enum gb_tristate)gb_db_int(query, 5);
	stored->seen = gb_db_int(query, 6);
	member->sid = gb_db_sid(query, 7);
	member->immutable_id = gb_db_guid(query, 8);
	stored->dn_key = gb_dn_key_column(ctx, query, 9);
	member->on_premises_dn = gb_db_text(ctx, query, 11);
	member->display_name = gb_db_text(ctx, query, 12);
	member->mail = gb_db_text(ctx, query, 15);
}

static void merge(struct stored_member *stored, const struct gb_cloud_member *record,
		  unsigned present, const char *dn_key)
{
	struct gb_cloud_member *member = &stored->member;

	if (present & GB_PERSON_HAS_DISPLAY_NAME) {
		member->display_name = record->display_name;
	}
	if (present & GB_PERSON_HAS_ON_PREMISES) {
		member->on_premises_sync_enabled = record->on_premises_sync_enabled;
	}
	if (present & GB_PERSON_HAS_SID) {
		member->sid = record->sid;
	}
	if (present & GB_PERSON_HAS_IMMUTABLE_ID) {
		member->immutable_id = record->immutable_id;
	}
	if (present & GB_PERSON_HAS_DN) {
		member->on_premises_dn = record->on_premises_dn;
		stored->dn_key = record->on_premises_dn ? dn_key : NULL;
	}
	/* A record of a list names it; users/delta speaks of people, who have none here. */
	member->mail = record->readable ? record->mail : member->mail;
	member->type = record->type;
	member->readable = record->readable;
	stored->life = GB_LIFE_LIVE;
}

/* What decides whom the object is matched to. */
static bool same_keys(const struct stored_member *a, const struct stored_member *b)
{
	return a->life == b->life && a->member.type == b->member.type &&
	       a->member.readable == b->member.readable &&
	       a->member.on_premises_sync_enabled == b->member.on_premises_sync_enabled &&
	       a->member.sid.length == b->member.sid.length &&
	       memcmp(a->member.sid.bytes, b->member.sid.bytes, a->member.sid.length) == 0 &&
	       gb_guid_compare(&a->member.immutable_id, &b->member.immutable_id) == 0 &&
	       same_text(a->member.mail, b->member.mail) && same_text(a->dn_key, b->dn_key);
}

/* Inserted, or changed, with the same values in the same order. */
#define COLUMNS                                                                       \
	"readable, sync, seen, sid, immutable_id, dn_hash, dn_key, dn, display_name," \
	" mail"
#define VALUES_OF(state, stored)                                                                 \
	GB_DB_INT((stored)->member.readable),                                                    \
		GB_DB_INT((stored)->member.on_premises_sync_enabled),                            \
		GB_DB_INT(gb_cloud_object_generation(state, (stored)->member.type)),             \
		GB_DB_SID(&(stored)->member.sid), GB_DB_GUID(&(stored)->member.immutable_id),    \
		gb_dn_key_hash_value((stored)->dn_key),                                          \
		gb_dn_key_value((stored)->dn_key, (stored)->member.on_premises_dn),              \
		GB_DB_TEXT((stored)->member.on_premises_dn),                                     \
		GB_DB_TEXT((stored)->member.display_name), GB_DB_TEXT((stored)->member.mail)

static enum gb_rc write(struct gb_state *state, const struct stored_member *stored,
			struct gb_err *err)
{
	enum gb_rc rc = gb_cloud_object_revive(state, stored->no, stored->member.type, err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_db_run(&state->db,
			 "UPDATE cloud_object SET (" COLUMNS ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
			 " WHERE no = ?",
			 GB_DB_VALUES(VALUES_OF(state, stored), GB_DB_INT(stored->no)), err);
}

/* What is to be stored, and what of it. */
struct put {
	const struct gb_cloud_member *member;
	const char *dn_key;
	unsigned present; /* enum gb_cloud_person_present */
	int64_t no;       /* result; 0: unknown */
	bool changed;     /* result */
};

static enum gb_rc store_difference(struct gb_state *state, struct put *put,
				   const struct stored_member *stored, struct gb_err *err)
{
	struct stored_member merged = *stored;
	int64_t generation = gb_cloud_object_generation(state, put->member->type);
	bool keys_changed;
	enum gb_rc rc;

	merge(&merged, put->member, put->present, put->dn_key);
	keys_changed = !same_keys(stored, &merged);
	put->changed = keys_changed ||
		       !same_text(stored->member.display_name, merged.member.display_name) ||
		       !same_text(stored->member.on_premises_dn, merged.member.on_premises_dn);
	if (!put->changed) {
		return stored->seen == generation
			       ? GB_OK
			       : gb_cloud_object_see(state, stored->no, generation, err);
	}
	rc = write(state, &merged, err);
	return rc == GB_OK && keys_changed ? gb_mark_due(state, stored->no, err) : rc;
}

/*
 * Find the row. *ret_done: it says the same already and was seen, nothing more to do. Otherwise
 * *ret_stored is a copy of it (no 0: there is none).
 */
static enum gb_rc find(const void *ctx, struct gb_state *state, struct put *put,
		       struct stored_member *ret_stored, bool *ret_done, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db, SELECT_WITHOUT_MATCH " WHERE o.id = ?",
				    GB_DB_VALUES(GB_DB_GUID(&put->member->id)), &query, err);

	*ret_done = false;
	*ret_stored = (struct stored_member){0};
	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		put->no = gb_db_int(&query, 0);
		*ret_done = put->present == GB_PERSON_HAS_ALL &&
			    gb_db_int(&query, 6) ==
				    gb_cloud_object_generation(state, put->member->type) &&
			    is_same(&query, put->member, put->dn_key);
		if (!*ret_done) {
			read_row(ctx, &query, ret_stored);
		}
	}
	gb_db_query_end(&query);
	return rc;
}

/*
 * Groups that a list of groups named: a member's record knows less about them, and none makes a person
 * of one.
 */
static enum gb_rc is_listed_group(struct gb_state *state, const struct put *put,
				  enum gb_cloud_type known_as, bool *ret_listed,
				  struct gb_err *err)
{
	int64_t listed = 0;
	enum gb_rc rc = GB_OK;

	if (put->member->type == GB_CLOUD_GROUP || known_as == GB_CLOUD_GROUP) {
		rc = gb_db_read_int(&state->db, "SELECT 1 FROM cloud_group WHERE no = ?",
				    GB_DB_VALUES(GB_DB_INT(put->no)), 0, &listed, err);
	}
	*ret_listed = listed != 0;
	return rc;
}

static enum gb_rc put_known(const void *ctx, struct gb_state *state, struct put *put,
			    struct gb_err *err)
{
	struct stored_member stored;
	bool done = false;
	enum gb_rc rc = find(ctx, state, put, &stored, &done, err);

	if (rc == GB_OK && !done && stored.no != 0) {
		rc = is_listed_group(state, put, stored.member.type, &done, err);
	}
	if (rc == GB_OK && !done && stored.no != 0) {
		rc = store_difference(state, put, &stored, err);
	}
	return rc;
}

static enum gb_rc insert(struct gb_state *state, struct put *put, struct gb_err *err)
{
	struct stored_member row = {.member = {.id = put->member->id,
					       .on_premises_sync_enabled = GB_UNKNOWN}};
	enum gb_rc rc;

	merge(&row, put->member, put->present, put->dn_key);
	put->changed = true;
	rc = gb_db_run(&state->db,
		       "INSERT INTO cloud_object (" COLUMNS ", id, type, life)"
		       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
		       GB_DB_VALUES(VALUES_OF(state, &row), GB_DB_GUID(&row.member.id),
				    GB_DB_INT(row.member.type)),
		       err);
	return rc == GB_OK ? gb_cloud_object_inserted(state, row.member.type, &put->no, err) : rc;
}

/* A record that says nothing but id and type must not wipe out what we know. */
static unsigned present_in(const struct gb_cloud_member *member, unsigned present)
{
	return member->readable ? present : 0;
}

enum gb_rc gb_state_cloud_put_member(struct gb_state *state, const struct gb_cloud_member *member,
				     const char *dn_key, int64_t *ret_no, bool *ret_changed,
				     struct gb_err *err)
{
	struct put put = {.member = member,
			  .dn_key = dn_key,
			  .present = present_in(member, GB_PERSON_HAS_ALL)};
	void *tmp = gb_new_tmp(NULL);
	enum gb_rc rc;

	assert(!gb_guid_is_none(&member->id));
	rc = put_known(tmp, state, &put, err);
	if (rc == GB_OK && put.no == 0) {
		rc = insert(state, &put, err);
	}
	if (rc == GB_OK && ret_no) {
		*ret_no = put.no;
	}
	if (rc == GB_OK && ret_changed) {
		*ret_changed = put.changed;
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_state_cloud_update_member(struct gb_state *state,
					const struct gb_cloud_member *member, unsigned present,
					const char *dn_key, int64_t *ret_no, struct gb_err *err)
{
	struct put put = {
		.member = member, .dn_key = dn_key, .present = present_in(member, present)};
	void *tmp = gb_new_tmp(NULL);
	enum gb_rc rc = put_known(tmp, state, &put, err);

	if (rc == GB_OK && ret_no) {
		*ret_no = put.no;
	}
	talloc_free(tmp);
	return rc;
}

void gb_cloud_member_read(const void *ctx, const struct gb_db_query *query,
			  struct gb_state_cloud_member *ret_row)
{
	struct stored_member stored;

	read_row(ctx, query, &stored);
	*ret_row = (struct gb_state_cloud_member){
		.no = stored.no,
		.member = stored.member,
		.on_premises_dn_key = stored.dn_key,
		.life = stored.life,
		.object_no = gb_db_int(query, 13),
		.match_code = (int)gb_db_int(query, 14),
	};
}

enum gb_rc gb_state_cloud_read_member(const void *ctx, struct gb_state *state, int64_t no,
				      struct gb_state_cloud_member **ret_row, struct gb_err *err)
{
	struct gb_db_query query;
	bool has_row = false;
	enum gb_rc rc = gb_db_query(&state->db, GB_SELECT_CLOUD_MEMBER " WHERE o.no = ?",
				    GB_DB_VALUES(GB_DB_INT(no)), &query, err);

	if (rc == GB_OK) {
		rc = gb_db_next(&query, &has_row, err);
	}
	if (rc == GB_OK && has_row) {
		*ret_row = gb_new(ctx, struct gb_state_cloud_member);
		gb_cloud_member_read(*ret_row, &query, *ret_row);
	} else if (rc == GB_OK) {
		rc = gb_err_set(err, GB_E_NOT_FOUND, "state-no-object",
				_("%s knows no cloud object number %lld."), state->db.name,
				(long long)no);
	}
	gb_db_query_end(&query);
	return rc;
}
