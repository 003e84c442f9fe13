/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables and how older files come to have them. */
#include "config.h"

#include "engine/state/schema.h"

#include <assert.h>

#include "engine/base/i18n.h"
#include "engine/state/list.h"

/*
 * A step is never changed once it was released; the next one is added behind it.
 *
 * Numbers of objects are AUTOINCREMENT: the journal of an old run may still name one that is gone.
 * Links have no foreign keys: two look-ups for each of a million links, to check what the calling
 * code guarantees anyway. Booleans and enums are small integers, which take no byte or one. "seen"
 * is the generation of the full read that saw the row last.
 *
 * dn_key is NULL where it is what lower() makes of dn (lower() knows ASCII alone, as the most DNs
 * do). dn_hash, 64 bits of its SHA-256, is what gets indexed: a third of the size; every hit is
 * compared with dn_key.
 */
static const char set_application_id[] = "PRAGMA application_id = 1734501227"; /* 0x6762636b */

static const char facts[] =
	"CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE cursor (name TEXT PRIMARY KEY, value TEXT NOT NULL, context TEXT,"
	" issued_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE usn (invocation_id BLOB PRIMARY KEY, usn INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE full_read (what INTEGER PRIMARY KEY, generation INTEGER NOT NULL,"
	" is_open INTEGER NOT NULL) STRICT;"
	"CREATE TABLE size (what INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;";

/* What Graph told us. */
static const char cloud_space[] =
	"CREATE TABLE cloud_object (no INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL,"
	" type INTEGER NOT NULL, life INTEGER NOT NULL, readable INTEGER NOT NULL,"
	" sync INTEGER NOT NULL, seen INTEGER NOT NULL, dirty INTEGER NOT NULL DEFAULT 0,"
	" sid BLOB, immutable_id BLOB, dn_hash INTEGER, dn_key TEXT, dn TEXT, display_name TEXT)"
	" STRICT;"
	"CREATE UNIQUE INDEX cloud_object_id ON cloud_object (id);"
	"CREATE INDEX cloud_object_group ON cloud_object (id) WHERE type = 2;"
	"CREATE INDEX cloud_object_dirty ON cloud_object (id) WHERE dirty <> 0;"
	"CREATE INDEX cloud_object_sid ON cloud_object (sid) WHERE sid IS NOT NULL;"
	"CREATE INDEX cloud_object_immutable_id ON cloud_object (immutable_id)"
	" WHERE immutable_id IS NOT NULL;"
	"CREATE INDEX cloud_object_dn ON cloud_object (dn_hash) WHERE dn_hash IS NOT NULL;"
	"CREATE INDEX cloud_object_gone ON cloud_object (no) WHERE life = 2;"
	"CREATE TABLE cloud_group (no INTEGER PRIMARY KEY REFERENCES cloud_object,"
	" present INTEGER NOT NULL, unified INTEGER NOT NULL, dynamic INTEGER NOT NULL,"
	" security_enabled INTEGER NOT NULL, mail_enabled INTEGER NOT NULL,"
	" role INTEGER NOT NULL, hidden INTEGER NOT NULL, writeback_enabled INTEGER NOT NULL,"
	" writeback_type INTEGER NOT NULL, life_since_ms INTEGER NOT NULL,"
	" members_known INTEGER NOT NULL DEFAULT 0, link_count INTEGER NOT NULL DEFAULT 0,"
	" description TEXT, mail TEXT, mail_nickname TEXT) STRICT;"
	"CREATE TABLE cloud_link (group_no INTEGER NOT NULL, member_no INTEGER NOT NULL,"
	" PRIMARY KEY (group_no, member_no)) STRICT, WITHOUT ROWID;";

/* What joins the spaces. No row in match: not looked at yet. */
static const char matching[] =
	"CREATE TABLE match (cloud_no INTEGER PRIMARY KEY, object_no INTEGER,"
	" code INTEGER NOT NULL) STRICT;"
	"CREATE INDEX match_object ON match (object_no) WHERE object_no IS NOT NULL;"
	"CREATE TABLE due (no INTEGER PRIMARY KEY) STRICT;"
	"CREATE TABLE group_unmatched (group_no INTEGER NOT NULL, code INTEGER NOT NULL,"
	" count INTEGER NOT NULL, PRIMARY KEY (group_no, code)) STRICT, WITHOUT ROWID;";

/* What the directory told us. */
static const char directory_space[] =
	"CREATE TABLE directory_object (no INTEGER PRIMARY KEY AUTOINCREMENT,"
	" presence INTEGER NOT NULL, class INTEGER NOT NULL, in_container INTEGER NOT NULL,"
	" protected INTEGER NOT NULL, seen INTEGER NOT NULL, usn_changed INTEGER NOT NULL,"
	" guid BLOB, sid BLOB, consistency_guid BLOB, sam TEXT, dn_hash INTEGER, dn_key TEXT,"
	" dn TEXT) STRICT;"
	"CREATE UNIQUE INDEX directory_object_guid ON directory_object (guid)"
	" WHERE guid IS NOT NULL;"
	"CREATE INDEX directory_object_sid ON directory_object (sid) WHERE sid IS NOT NULL;"
	"CREATE INDEX directory_object_consistency ON directory_object (consistency_guid)"
	" WHERE consistency_guid IS NOT NULL;"
	"CREATE INDEX directory_object_dn ON directory_object (dn_hash) WHERE dn_hash IS NOT NULL;"
	"CREATE INDEX directory_object_sam ON directory_object (sam COLLATE NOCASE)"
	" WHERE sam IS NOT NULL;"
	"CREATE INDEX directory_object_unread ON directory_object (no) WHERE presence <> 2;"
	"CREATE TABLE directory_group (no INTEGER PRIMARY KEY REFERENCES directory_object,"
	" group_type INTEGER NOT NULL, is_ours INTEGER NOT NULL,"
	" members_known INTEGER NOT NULL DEFAULT 0, members_usn INTEGER NOT NULL DEFAULT 0,"
	" link_count INTEGER NOT NULL DEFAULT 0, dirty INTEGER NOT NULL DEFAULT 0,"
	" cloud_id BLOB, cn TEXT, display_name TEXT, description TEXT, admin_description TEXT,"
	" external_id TEXT) STRICT;"
	"CREATE INDEX directory_group_cloud_id ON directory_group (cloud_id)"
	" WHERE cloud_id IS NOT NULL;"
	"CREATE INDEX directory_group_dirty ON directory_group (cloud_id) WHERE dirty <> 0;"
	"CREATE TABLE directory_link (group_no INTEGER NOT NULL, member_no INTEGER NOT NULL,"
	" PRIMARY KEY (group_no, member_no)) STRICT, WITHOUT ROWID;";

/* Links that changed since their group was written; each in the numbers of its space. */
static const char dirty_links[] =
	"CREATE TABLE dirty_cloud_link (group_no INTEGER NOT NULL, member_no INTEGER NOT NULL,"
	" PRIMARY KEY (group_no, member_no)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE dirty_directory_link (group_no INTEGER NOT NULL, member_no INTEGER NOT NULL,"
	" PRIMARY KEY (group_no, member_no)) STRICT, WITHOUT ROWID;";

/*
 * change.no is run_no × 2^32 + the number inside the run, so that a run's changes lie together in
 * order. members is packed (pack.h). Statuses 0 and 3 are GB_OUTCOME_OPEN and GB_OUTCOME_UNKNOWN.
 */
static const char journal[] =
	"CREATE TABLE run (no INTEGER PRIMARY KEY AUTOINCREMENT, begun_ms INTEGER NOT NULL,"
	" ended_ms INTEGER NOT NULL DEFAULT 0, exit_code INTEGER NOT NULL DEFAULT -1,"
	" policy TEXT NOT NULL, summary TEXT) STRICT;"
	"CREATE TABLE run_count (run_no INTEGER NOT NULL REFERENCES run, kind INTEGER NOT NULL,"
	" status INTEGER NOT NULL, changes INTEGER NOT NULL, members INTEGER NOT NULL,"
	" PRIMARY KEY (run_no, kind, status)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE change (no INTEGER PRIMARY KEY, status INTEGER NOT NULL DEFAULT 0,"
	" kind INTEGER NOT NULL, object_no INTEGER NOT NULL, cloud_id BLOB, name TEXT, dn TEXT,"
	" new_rdn TEXT, new_parent TEXT, member_count INTEGER NOT NULL, members BLOB,"
	" err_id TEXT, err_text TEXT, failed_count INTEGER NOT NULL DEFAULT 0, failed BLOB) STRICT;"
	"CREATE INDEX change_open ON change (object_no) WHERE status IN (0, 3);"
	"CREATE TABLE change_value (change_no INTEGER NOT NULL REFERENCES change,"
	" position INTEGER NOT NULL, attribute TEXT NOT NULL, value TEXT, old_value TEXT,"
	" PRIMARY KEY (change_no, position)) STRICT, WITHOUT ROWID;";

/* What the administrator's filters and mappings ask for besides, packed (base/attributes.h). */
static const char further_attributes[] =
	"ALTER TABLE cloud_group ADD COLUMN extra TEXT;"
	"ALTER TABLE cloud_object ADD COLUMN mail TEXT;"
	"ALTER TABLE directory_group ADD COLUMN extra TEXT;"
	"ALTER TABLE directory_object ADD COLUMN mail TEXT;"
	"CREATE INDEX cloud_object_mail ON cloud_object (mail COLLATE NOCASE)"
	" WHERE mail IS NOT NULL;"
	"CREATE INDEX directory_object_mail ON directory_object (mail COLLATE NOCASE)"
	" WHERE mail IS NOT NULL;";
/* Why a change waits for approval: a cause of the planner; 0: it does not. */
static const char waits[] = "ALTER TABLE change ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;";

/*
 * Life of written groups. lapse: since when the group of an anchor is to be written no more, and why
 * (enum gb_lapse). grave: the last object of a cloud group, so that it can be had back.
 */
static const char life[] =
	"CREATE TABLE lapse (cloud_id BLOB PRIMARY KEY, lapse INTEGER NOT NULL,"
	" since_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE grave (cloud_id BLOB PRIMARY KEY, guid BLOB NOT NULL, sid BLOB, dn TEXT,"
	" buried_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

static const char problems[] =
	"CREATE TABLE problem (cloud_id BLOB NOT NULL, cause TEXT NOT NULL, name TEXT,"
	" since_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, PRIMARY KEY (cloud_id, cause))"
	" STRICT, WITHOUT ROWID;";

/*
 * grave_member, grave_parent: members of the object in a grave, and groups that it was a member of, by
 * their numbers, so that an undo can put them back.
 * fight: in how many runs the same was put back on a group, because somebody else undid it each time.
 */
static const char undone[] =
	"CREATE TABLE fight (cloud_id BLOB PRIMARY KEY, digest TEXT NOT NULL, what TEXT NOT NULL,"
	" runs INTEGER NOT NULL, last_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE grave_member (cloud_id BLOB NOT NULL, member_no INTEGER NOT NULL,"
	" PRIMARY KEY (cloud_id, member_no)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE grave_parent (cloud_id BLOB NOT NULL, group_no INTEGER NOT NULL,"
	" PRIMARY KEY (cloud_id, group_no)) STRICT, WITHOUT ROWID;";

/* Memberships in packed lists (list.h) instead of rows of their own. */
static const char lists[] =
	"CREATE TABLE cloud_link_by_group (place INTEGER PRIMARY KEY, numbers BLOB NOT NULL) "
	"STRICT;"
	"CREATE TABLE directory_link_by_group (place INTEGER PRIMARY KEY, numbers BLOB NOT NULL)"
	" STRICT;";

static enum gb_rc pack_links(struct gb_db *db, struct gb_err *err)
{
	enum gb_rc rc = gb_list_fill(db, GB_LIST_CLOUD_BY_GROUP,
				     "SELECT group_no, member_no FROM main.cloud_link"
				     " ORDER BY group_no, member_no",
				     err);

	if (rc == GB_OK) {
		rc = gb_list_fill(db, GB_LIST_DIRECTORY_BY_GROUP,
				  "SELECT group_no, member_no FROM main.directory_link"
				  " ORDER BY group_no, member_no",
				  err);
	}
	return rc == GB_OK ? gb_db_execute(db,
					   "DROP TABLE main.cloud_link;"
					   "DROP TABLE main.directory_link",
					   err)
			   : rc;
}

/** A step: its statements, what is done after them, and the version that the file has then. PRAGMA takes no parameters. */
static const struct {
	const char *statements[6];
	const char *version;
	enum gb_rc (*fill)(struct gb_db *db, struct gb_err *err);
} steps[GB_SCHEMA_VERSION] = {
	{{set_application_id, facts, cloud_space, matching, directory_space, dirty_links},
	 "PRAGMA user_version = 1",
	 NULL},
	{{journal}, "PRAGMA user_version = 2", NULL},
	{{further_attributes}, "PRAGMA user_version = 3", NULL},
	{{waits}, "PRAGMA user_version = 4", NULL},
	{{life}, "PRAGMA user_version = 5", NULL},
	{{problems}, "PRAGMA user_version = 6", NULL},
	{{undone}, "PRAGMA user_version = 7", NULL},
	{{lists}, "PRAGMA user_version = 8", pack_links},
};

static enum gb_rc refuse_foreign(const struct gb_db *db, struct gb_err *err)
{
	gb_err_set(err, GB_E_STATE, "state-foreign", _("%s is no state of groupback."), db->name);
	gb_err_undone(err, _("It was not touched."));
	gb_err_remedy(err, _("Move it away; the next run makes a new one."));
	return GB_E_STATE;
}

static enum gb_rc refuse_newer(const struct gb_db *db, int64_t version, struct gb_err *err)
{
	gb_err_set(err, GB_E_STATE, "state-newer",
		   _("%s was written by a newer groupback (version %lld of the format; this one "
		     "knows %d)."),
		   db->name, (long long)version, GB_SCHEMA_VERSION);
	gb_err_undone(err, _("It was not touched, and nothing was written to the directory."));
	gb_err_remedy(err, _("Install the newer version again."));
	return GB_E_STATE;
}

enum gb_rc gb_schema_version(struct gb_db *db, int *ret_version, struct gb_err *err)
{
	int64_t application_id = 0;
	int64_t version = 0;
	int64_t tables = 0;
	enum gb_rc rc;

	rc = gb_db_read_int(db, "PRAGMA application_id", GB_DB_NO_VALUES, 0, &application_id, err);
	if (rc == GB_OK) {
		rc = gb_db_read_int(db, "PRAGMA user_version", GB_DB_NO_VALUES, 0, &version, err);
	}
	if (rc == GB_OK) {
		rc = gb_db_read_int(db, "SELECT count(*) FROM sqlite_schema", GB_DB_NO_VALUES, 0,
				    &tables, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	if (version > GB_SCHEMA_VERSION && application_id == GB_SCHEMA_APPLICATION_ID) {
		return refuse_newer(db, version, err);
	}
	if (tables == 0 ? application_id != 0 || version != 0
			: application_id != GB_SCHEMA_APPLICATION_ID || version < 1) {
		return refuse_foreign(db, err);
	}
	*ret_version = (int)version;
	return GB_OK;
}

static enum gb_rc run_step(struct gb_db *db, int step, struct gb_err *err)
{
	enum gb_rc rc = gb_db_begin(db, err);

	for (size_t i = 0; i < GB_ARRAY_SIZE(steps[step].statements) && rc == GB_OK; i++) {
		if (steps[step].statements[i]) {
			rc = gb_db_execute(db, steps[step].statements[i], err);
		}
	}
	if (rc == GB_OK && steps[step].fill) {
		rc = steps[step].fill(db, err);
	}
	if (rc == GB_OK) {
		rc = gb_db_execute(db, steps[step].version, err);
	}
	if (rc == GB_OK) {
		rc = gb_db_commit(db, err);
	}
	if (rc != GB_OK) {
		gb_db_rollback(db);
	}
	return rc;
}

enum gb_rc gb_schema_migrate(struct gb_db *db, int from, int to, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	assert(0 <= from && from <= to && to <= GB_SCHEMA_VERSION);
	for (int step = from; step < to && rc == GB_OK; step++) {
		rc = run_step(db, step, err);
	}
	return rc;
}
