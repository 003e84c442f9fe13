/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups: lists and delta records into the cloud space. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/state/dirty.h"
#include "engine/state/full_read.h"
#include "engine/sync/import_parts.h"

/* What was known of a group before its record came. */
struct before {
	unsigned present; /* properties that were known */
	bool was_away;    /* unknown, or deleted */
	bool has_list;    /* its members were known */
};

static enum gb_rc look_before(struct gb_cloud_import *import, const struct gb_guid *id,
			      struct before *ret_before, struct gb_err *err)
{
	struct gb_state *state = import->session->state;
	struct gb_state_cloud_group *row;
	int64_t no;
	enum gb_rc rc = gb_state_cloud_find(state, id, &no, err);

	*ret_before = (struct before){.was_away = true};
	if (rc != GB_OK || no == 0) {
		return rc;
	}
	rc = gb_state_cloud_read_group(import, state, no, &row, err);
	if (rc == GB_E_NOT_FOUND) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc == GB_OK) {
		ret_before->present = row->group.present;
		ret_before->was_away = row->life != GB_LIFE_LIVE;
		ret_before->has_list = row->members_known;
		talloc_free(row);
	}
	return rc;
}

/*
 * An initial import reads all lists of members afterwards. In a delta import, the list of a group that was
 * away is of no worth: its members may have changed unseen.
 */
static enum gb_rc on_group(void *user, const struct gb_cloud_group *group, struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_state *state = import->session->state;
	struct before before = {.was_away = false};
	int64_t no;
	enum gb_rc rc = import->initial ? GB_OK : look_before(import, &group->id, &before, err);

	if (rc == GB_OK) {
		rc = gb_state_cloud_put_group(state, group, true, &no, NULL, err);
	}
	if (rc == GB_OK && before.was_away) {
		rc = gb_state_cloud_set_members_known(state, no, false, err);
	}
	return rc == GB_OK ? gb_state_commit_soon(state, err) : rc;
}

/* The group exists, and nothing else may be concluded: a record without properties says just that,
 * keeps it from being swept, and freezes it when it was never read before. */
static enum gb_rc on_refused(void *user, const struct gb_guid *id, const struct gb_err *why,
			     struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_cloud_group bare = {.id = *id};
	char *text = gb_err_line(import, why);

	gb_report_problem(import->report, id, NULL, why->id, text);
	talloc_free(text);
	return on_group(import, &bare, err);
}

static void list_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	gb_cloud_import_op_done(user, rc, err);
}

void gb_cloud_import_list_groups(struct gb_cloud_import *import)
{
	struct gb_cloud_groups_sink sink = {
		.on_group = on_group,
		.on_refused = on_refused,
		.done = list_done,
		.user = import,
	};

	gb_cloud_list_groups(import->session->cloud, &sink);
}

static enum gb_rc on_deleted(void *user, const struct gb_cloud_group *group, struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	return gb_state_full_deleted_group(import->session->state, &group->id, err);
}

static enum gb_rc on_deleted_refused(void *user, const struct gb_guid *id, const struct gb_err *why,
				     struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	(void)why; /* its id is all that is of interest */
	return gb_state_full_deleted_group(import->session->state, id, err);
}

static void deleted_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_err own;

	if (rc == GB_E_ACCESS) {
		gb_log_err(GB_LOG_WARNING, "cloud", err);
		rc = gb_state_full_deleted_unknown(import->session->state, &own);
		err = &own;
	}
	gb_cloud_import_op_done(import, rc, rc == GB_OK ? NULL : err);
}

void gb_cloud_import_list_deleted(struct gb_cloud_import *import)
{
	struct gb_cloud_groups_sink sink = {
		.on_group = on_deleted,
		.on_refused = on_deleted_refused,
		.done = deleted_done,
		.user = import,
	};

	gb_cloud_list_deleted_groups(import->session->cloud, &sink);
}

/* A group that is there, and that the list did not name: the list ended early. What else it kept back
 * nobody knows, so the next cycle reads everything again. */
static enum gb_rc on_unlisted(void *user, const struct gb_cloud_group *group, struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	import->lost_a_record = true;
	gb_report_problem(import->report, &group->id, group->display_name, "cloud-list-short",
			  _("The list of groups did not name it, although it is there. It stays as "
			    "it is, and the next cycle reads everything again."));
	return on_group(import, group, err);
}

/* It answers, whatever it says: it is there. */
static enum gb_rc on_unlisted_refused(void *user, const struct gb_guid *id,
				      const struct gb_err *why, struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	import->lost_a_record = true;
	return on_refused(import, id, why, err);
}

/* Not found is what was to be found out. */
static void asked(void *user, enum gb_rc rc, const struct gb_err *err)
{
	gb_cloud_import_op_done(user, rc == GB_E_NOT_FOUND ? GB_OK : rc, err);
}

void gb_cloud_import_ask_unlisted(struct gb_cloud_import *import)
{
	struct gb_cloud_groups_sink sink = {
		.on_group = on_unlisted,
		.on_refused = on_unlisted_refused,
		.done = asked,
		.user = import,
	};

	for (size_t i = 0; i < import->unlisted_count; i++) {
		gb_cloud_read_group(import->session->cloud, &import->unlisted[i], &sink);
	}
}

/* A delta names members by id and type. Whoever has an account on-premises must be known from
 * elsewhere; applications and contacts need no more than that. */
static enum gb_rc find_member(struct gb_cloud_import *import,
			      const struct gb_cloud_member_change *change, int64_t *ret_no,
			      struct gb_err *err)
{
	struct gb_cloud_member bare = {
		.id = change->id,
		.type = change->type,
		.readable = true,
		.on_premises_sync_enabled = GB_UNKNOWN,
	};
	enum gb_rc rc = gb_state_cloud_find(import->session->state, &change->id, ret_no, err);

	if (rc != GB_OK || *ret_no != 0) {
		return rc;
	}
	if (change->type == GB_CLOUD_SERVICE_PRINCIPAL || change->type == GB_CLOUD_CONTACT) {
		return gb_cloud_import_put_member(import, &bare, ret_no, err);
	}
	return GB_OK;
}

/* *ret_known becomes false if somebody unknown came: then the whole list is read again. */
static enum gb_rc apply_member(struct gb_cloud_import *import, int64_t group_no,
			       const struct gb_cloud_member_change *change, bool *ret_known,
			       struct gb_err *err)
{
	struct gb_state *state = import->session->state;
	int64_t no;
	enum gb_rc rc = find_member(import, change, &no, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (change->removed) {
		return no == 0 ? GB_OK : gb_state_cloud_unlink(state, group_no, no, NULL, err);
	}
	if (no == 0) {
		*ret_known = false;
		return GB_OK;
	}
	return gb_state_cloud_link(state, group_no, no, NULL, err);
}

/* Marked as well: what is not marked is neither read nor compared before everything is. */
static enum gb_rc read_list_again(struct gb_state *state, int64_t group_no, struct gb_err *err)
{
	enum gb_rc rc = gb_state_cloud_set_members_known(state, group_no, false, err);

	return rc == GB_OK ? gb_state_dirty_mark(state, group_no, 0, GB_DIRTY_MEMBERS, err) : rc;
}

static enum gb_rc apply_members(struct gb_cloud_import *import, int64_t group_no,
				const struct gb_cloud_group_change *change, struct gb_err *err)
{
	bool known = true;

	for (size_t i = 0; i < change->member_count; i++) {
		enum gb_rc rc = apply_member(import, group_no, &change->members[i], &known, err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	return known ? GB_OK : read_list_again(import->session->state, group_no, err);
}

static void remember_incomplete(struct gb_cloud_import *import, const struct gb_guid *id)
{
	if (import->incomplete_count == talloc_array_length(import->incomplete)) {
		size_t room = import->incomplete_count < 8 ? 16 : import->incomplete_count * 2;

		import->incomplete = gb_mem_check(
			talloc_realloc(import, import->incomplete, struct gb_guid, (unsigned)room));
	}
	import->incomplete[import->incomplete_count++] = *id;
}

static enum gb_rc patch_members(struct gb_cloud_import *import, int64_t no,
				const struct before *before,
				const struct gb_cloud_group_change *change, struct gb_err *err)
{
	/* Links of a group that was away are of no worth: its members may have changed unseen. */
	if (before->was_away) {
		return gb_state_cloud_set_members_known(import->session->state, no, false, err);
	}
	return before->has_list && change->has_members ? apply_members(import, no, change, err)
						       : GB_OK;
}

static bool is_complete(const struct gb_cloud_import *import, unsigned present)
{
	unsigned needed = gb_policy_properties(import->session->files);

	return (present & needed) == needed;
}

static enum gb_rc patch_group(struct gb_cloud_import *import,
			      const struct gb_cloud_group_change *change, struct gb_err *err)
{
	struct gb_state *state = import->session->state;
	struct before before;
	int64_t no;
	enum gb_rc rc = look_before(import, &change->group.id, &before, err);

	if (rc == GB_OK) {
		rc = gb_state_cloud_put_group(state, &change->group, false, &no, NULL, err);
	}
	if (rc == GB_OK) {
		rc = patch_members(import, no, &before, change, err);
	}
	if (!is_complete(import, before.present | change->group.present)) {
		remember_incomplete(import, &change->group.id);
	}
	return rc == GB_OK ? gb_state_commit_soon(state, err) : rc;
}

static enum gb_rc on_change(void *user, const struct gb_cloud_group_change *change,
			    struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	if (change->removed != GB_NOT_REMOVED) {
		return gb_state_cloud_remove(import->session->state, &change->group.id,
					     change->removed, NULL, err);
	}
	return patch_group(import, change, err);
}

/* What the record said is lost, for the link moves on: its members are not the list any more, and the
 * next cycle reads everything. */
static enum gb_rc on_delta_refused(void *user, const struct gb_guid *id, const struct gb_err *why,
				   struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	int64_t no;
	enum gb_rc rc = on_refused(user, id, why, err);

	import->lost_a_record = true;
	if (rc == GB_OK) {
		rc = gb_state_cloud_find(import->session->state, id, &no, err);
	}
	return rc == GB_OK
		       ? gb_state_cloud_set_members_known(import->session->state, no, false, err)
		       : rc;
}

static void delta_done(void *user, enum gb_rc rc, const char *delta_link, const struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	if (rc == GB_OK) {
		talloc_free(import->groups_link);
		import->groups_link = gb_strdup(import, delta_link);
	}
	gb_cloud_import_op_done(import, rc, err);
}

void gb_cloud_import_groups_delta(struct gb_cloud_import *import, enum gb_cloud_delta_start start)
{
	struct gb_cloud_groups_delta_sink sink = {
		.on_change = on_change,
		.on_refused = on_delta_refused,
		.done = delta_done,
		.user = import,
	};

	gb_cloud_groups_delta(import->session->cloud, start,
			      start == GB_CLOUD_DELTA_FROM_LINK ? import->groups_link : NULL,
			      &sink);
}

/* It was deleted between its record and now: the next round says so. */
static void completed(void *user, enum gb_rc rc, const struct gb_err *err)
{
	gb_cloud_import_op_done(user, rc == GB_E_NOT_FOUND ? GB_OK : rc, err);
}

void gb_cloud_import_complete_groups(struct gb_cloud_import *import)
{
	struct gb_cloud_groups_sink sink = {
		.on_group = on_group,
		.on_refused = on_refused,
		.done = completed,
		.user = import,
	};

	for (size_t i = 0; i < import->incomplete_count; i++) {
		gb_cloud_read_group(import->session->cloud, &import->incomplete[i], &sink);
	}
	import->incomplete_count = 0;
}
