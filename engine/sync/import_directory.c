/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import of the directory side. */
#include "config.h"

#include "engine/sync/import_directory.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/state/cursors.h"
#include "engine/state/directory_space.h"
#include "engine/state/full_read.h"
#include "engine/sync/lease.h"

/** Cursors of the directory side in the state, one a server: the invocationId follows. */
#define CURSOR_DIRECTORY "directory "
/** Times a list of members is read that changes while it is read. */
#define LIST_ATTEMPTS 3
/** Groups whose members are read at the same time. */
#define WINDOW 8

struct import {
	struct gb_session *session;
	bool initial;
	gb_import_done done;
	void *user;
	struct gb_err err;
	char *lease_key; /* DN of the lease as a key: an object of ours, and none of the groups */
	int64_t *groups; /* object numbers of groups of ours that were read */
	size_t group_count;
	size_t group_next;  /* the first whose members were not asked for yet */
	unsigned in_flight; /* member lists under way */
};

/* One list of members under way. */
struct list {
	struct import *import;
	int64_t object_no;
	struct gb_directory_reference group;
	unsigned attempts;
	struct gb_state_member_set *set;
};

static void begin_objects(struct import *import);
static void fill_window(struct import *import);

static void deliver(struct import *import)
{
	gb_import_done done = import->done;
	void *user = import->user;
	struct gb_err err = import->err;

	talloc_free(import);
	done(user, err.rc, err.rc == GB_OK ? NULL : &err);
}

static void keep_first_error(struct import *import, enum gb_rc rc, const struct gb_err *err)
{
	if (rc != GB_OK && import->err.rc == GB_OK) {
		import->err = *err;
		import->err.rc = rc;
	}
}

static void remember_group(struct import *import, int64_t no)
{
	if (import->group_count == talloc_array_length(import->groups)) {
		size_t room = import->group_count < 64 ? 128 : import->group_count * 2;

		import->groups = gb_mem_check(
			talloc_realloc(import, import->groups, int64_t, (unsigned)room));
	}
	import->groups[import->group_count++] = no;
}

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct import *import = user;
	struct gb_state *state = import->session->state;
	int64_t no;
	enum gb_rc rc;

	if (strcmp(object->dn_key, import->lease_key) == 0) {
		return GB_OK;
	}
	rc = gb_state_directory_put(state, object, &no, NULL, &import->err);
	if (rc == GB_OK && object->in_container && object->object_class == GB_CLASS_GROUP) {
		remember_group(import, no);
	}
	return rc == GB_OK ? gb_state_commit_soon(state, &import->err) : rc;
}

/* The cursor belongs to one directory and one container: in another container other groups are ours. */
static const char *cursor_context(const void *ctx, const struct gb_session *session)
{
	char domain[GB_GUID_TEXT_BYTES];
	char container[GB_GUID_TEXT_BYTES];

	gb_guid_format(&gb_directory_facts(session->directory)->domain_guid, domain);
	gb_guid_format(&session->container_guid, container);
	return gb_printf(ctx, "2 %s %s %s", domain, container,
			 gb_policy_directory_context(ctx, session->files));
}

/* USNs of two servers have nothing to do with each other; whoever comes back goes on from where it was. */
static const char *cursor_name(const void *ctx, const struct gb_session *session)
{
	char replica[GB_GUID_TEXT_BYTES];

	return gb_printf(
		ctx, CURSOR_DIRECTORY "%s",
		gb_guid_format(&gb_directory_facts(session->directory)->invocation_id, replica));
}

static enum gb_rc store_cursor(struct import *import)
{
	const char *name = cursor_name(import, import->session);
	struct gb_state *state = import->session->state;
	struct gb_state_cursor cursor = {
		.value = gb_directory_cursor(import->session->directory),
		.context = cursor_context(import, import->session),
		.issued_ms = gb_clock_wall_ms(),
	};

	return cursor.value[0] == '\0' ? gb_state_cursor_clear(state, name, &import->err)
				       : gb_state_cursor_set(state, name, &cursor, &import->err);
}

static void finish(struct import *import)
{
	if (import->err.rc == GB_OK) {
		import->err.rc = store_cursor(import);
	}
	deliver(import);
}

static enum gb_rc on_member(void *user, const struct gb_directory_reference *member)
{
	struct list *list = user;
	struct import *import = list->import;
	struct gb_state_ref ref = {.guid = member->guid, .sid = member->sid, .dn = member->dn};
	int64_t no;
	enum gb_rc rc = gb_state_directory_put_stub(import->session->state, &ref, member->dn_key,
						    &no, &import->err);

	return rc == GB_OK ? gb_state_member_set_add(list->set, no, &import->err) : rc;
}

static void end_list(struct list *list)
{
	struct import *import = list->import;

	import->in_flight--;
	talloc_free(list);
	fill_window(import);
}

/* Deleted between the search and now: it is gone, with its links. */
static enum gb_rc take_list(struct list *list, enum gb_rc rc, const struct gb_err *err)
{
	struct import *import = list->import;
	struct gb_state *state = import->session->state;
	struct gb_state_member_set *set = list->set;

	list->set = NULL;
	if (rc == GB_E_NOT_FOUND) {
		import->session->found.gone++;
		rc = gb_state_directory_remove(state, list->object_no, &import->err);
	} else if (rc == GB_OK) {
		rc = gb_state_member_set_finish(set, NULL, NULL, &import->err);
	} else if (import->err.rc == GB_OK) {
		import->err = *err;
	}
	return rc == GB_OK ? gb_state_commit_soon(state, &import->err) : rc;
}

static void members_done(void *user, enum gb_rc rc, const struct gb_err *err);

static void begin_list(struct list *list)
{
	struct gb_session *session = list->import->session;

	list->attempts++;
	talloc_free(list->set);
	list->set = gb_state_directory_members_begin(list, session->state, list->object_no);
	gb_directory_read_members(session->directory, &list->group, on_member, members_done, list);
}

static void members_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct list *list = user;

	/* Somebody changed the group between two ranges. */
	if (rc == GB_E_TRY_AGAIN && list->attempts < LIST_ATTEMPTS) {
		begin_list(list);
		return;
	}
	rc = take_list(list, rc, err);
	if (rc != GB_OK) {
		list->import->err.rc = rc;
	}
	end_list(list);
}

static void read_list(struct import *import, const struct gb_state_directory_object *row)
{
	struct list *list = gb_new(import, struct list);

	list->import = import;
	list->object_no = row->no;
	list->group.guid = row->object.guid;
	list->group.dn = gb_strdup(list, row->object.dn);
	import->in_flight++;
	begin_list(list);
}

/*
 * A group whose uSNChanged is the one after our own last write has not been touched since, as far as changes
 * tell: that members went with their objects, or that the group did, is seen when it is its turn.
 */
static bool needs_reading(const struct import *import, const struct gb_state_directory_object *row)
{
	return row->is_ours && (import->initial || !row->members_known || row->members_usn == 0 ||
				row->members_usn != row->object.usn_changed ||
				gb_turn_holds(&import->session->turn, &row->cloud_id));
}

static void consider_group(struct import *import, int64_t object_no)
{
	struct gb_state_directory_object *row;
	enum gb_rc rc = gb_state_directory_read(import, import->session->state, object_no, &row,
						&import->err);

	if (rc != GB_OK) {
		return;
	}
	if (needs_reading(import, row)) {
		read_list(import, row);
	}
	talloc_free(row);
}

static void fill_window(struct import *import)
{
	while (import->err.rc == GB_OK && import->in_flight < WINDOW &&
	       import->group_next < import->group_count) {
		consider_group(import, import->groups[import->group_next++]);
	}
	if (import->in_flight == 0) {
		finish(import);
	}
}

static enum gb_rc finish_full_read(struct import *import)
{
	struct gb_state *state = import->session->state;
	size_t groups = 0;
	size_t others = 0;
	enum gb_rc rc;

	/* What this server does not show may only not have arrived there: nothing is swept. */
	if (import->session->policy.is_new_server) {
		return GB_OK;
	}
	rc = gb_state_full_finish(state, GB_FULL_CONTAINER, &groups, &import->err);

	if (rc == GB_OK) {
		rc = gb_state_full_finish(state, GB_FULL_PEOPLE, &others, &import->err);
	}
	if (rc == GB_OK && groups + others > 0) {
		gb_log(GB_LOG_INFO, "directory", "no longer there: %zu groups of ours, %zu others",
		       groups, others);
	}
	return rc;
}

static enum gb_rc on_own(void *user, int64_t object_no)
{
	struct import *import = user;

	remember_group(import, object_no);
	return GB_OK;
}

/* On a server that has just taken over, what is not there may only not have arrived. */
static enum gb_rc remember_turn(struct import *import)
{
	struct gb_session *session = import->session;
	struct gb_turn_range ranges[2];
	size_t count = gb_turn_ranges(&session->turn, ranges);
	enum gb_rc rc = GB_OK;

	for (size_t i = 0;
	     !import->initial && !session->policy.is_new_server && i < count && rc == GB_OK; i++) {
		rc = gb_state_directory_each_own(session->state, &ranges[i].first, &ranges[i].last,
						 on_own, import, &import->err);
	}
	return rc;
}

static void objects_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct import *import = user;

	if (rc == GB_E_STALE_CURSOR && !import->initial) {
		gb_log(GB_LOG_NOTICE, "directory",
		       "the cursor does not fit this server; everything is read anew");
		gb_err_clear(&import->err);
		import->initial = true;
		import->group_count = 0;
		begin_objects(import);
		return;
	}
	keep_first_error(import, rc, err);
	if (import->err.rc == GB_OK) {
		import->err.rc = import->initial ? finish_full_read(import) : remember_turn(import);
	}
	if (import->err.rc != GB_OK) {
		deliver(import);
		return;
	}
	if (import->session->reread_no != 0) {
		consider_group(import, import->session->reread_no);
	}
	fill_window(import);
}

static enum gb_rc begin_full_read(struct import *import)
{
	struct gb_state *state = import->session->state;
	enum gb_rc rc = gb_state_full_begin(state, GB_FULL_CONTAINER, &import->err);

	return rc == GB_OK ? gb_state_full_begin(state, GB_FULL_PEOPLE, &import->err) : rc;
}

static enum gb_rc read_cursor(struct import *import, const char **ret_value)
{
	struct gb_state_cursor *cursor;
	enum gb_rc rc =
		gb_state_cursor_get(import, import->session->state,
				    cursor_name(import, import->session), &cursor, &import->err);

	*ret_value = NULL;
	if (rc == GB_OK && cursor != NULL && cursor->context != NULL &&
	    strcmp(cursor->context, cursor_context(import, import->session)) == 0) {
		*ret_value = cursor->value;
	}
	return rc;
}

static void begin_objects(struct import *import)
{
	struct gb_directory_read read = {.classes = GB_READ_ALL};

	if (!import->initial && read_cursor(import, &read.since) != GB_OK) {
		objects_done(import, import->err.rc, &import->err);
		return;
	}
	import->initial = read.since == NULL;
	if (import->initial && begin_full_read(import) != GB_OK) {
		objects_done(import, import->err.rc, &import->err);
		return;
	}
	gb_directory_read_objects(import->session->directory, &read, on_object, objects_done,
				  import);
}

static char *lease_key(const void *ctx, const struct gb_config *config)
{
	char *dn = gb_lease_dn(NULL, config);
	char *key = gb_dn_key(ctx, dn);

	talloc_free(dn);
	return key != NULL ? key : gb_strdup(ctx, "");
}

void gb_import_directory_begin(const void *ctx, struct gb_session *session, bool initial,
			       gb_import_done done, void *user)
{
	struct import *import = gb_new(ctx, struct import);

	import->session = session;
	import->initial = initial;
	import->done = done;
	import->user = user;
	import->lease_key = lease_key(import, session->config);
	begin_objects(import);
}
