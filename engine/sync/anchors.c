/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Anchors: who carries them already. */
#include "config.h"

#include "engine/sync/anchors.h"

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/plan/naming.h"
#include "engine/plan/scope.h"
#include "engine/state/directory_space.h"
#include "engine/state/life.h"
#include "engine/sync/own.h"

/** More candidates than this are looked for with one search over all anchors. */
#define BULK_FROM 8

/* An object that carries an anchor. */
struct bearer {
	struct gb_guid object; /* objectGUID: the key; both searches may find it */
	UT_hash_handle hh;
};

/* A group that may be created. */
struct wanted {
	struct gb_guid cloud;           /* the key */
	bool searched;                  /* every search that concerns it ended well */
	unsigned inside;                /* objects in the container that carry its anchor */
	unsigned outside;               /* objects elsewhere that do */
	struct gb_state_grave *deleted; /* its newest deleted object; NULL, as nearly always: none */
	int64_t deleted_usn;            /* uSNChanged of that */
	UT_hash_handle hh;
};

struct gb_anchors {
	struct gb_session *session;
	struct bearer *bearers;
	struct wanted *wanted;
	bool failed; /* one of the present searches failed */
	bool done;   /* the present search has ended */
};

static bool anchor_of(const struct gb_directory_object *object, struct gb_guid *ret_cloud)
{
	if (object->external_directory_id != NULL &&
	    gb_guid_from_anchor(object->external_directory_id, ret_cloud)) {
		return true;
	}
	return object->admin_description != NULL &&
	       gb_guid_from_anchor(object->admin_description, ret_cloud);
}

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct gb_anchors *anchors = user;
	struct gb_guid cloud;
	struct wanted *wanted = NULL;
	struct bearer *bearer;

	if (anchor_of(object, &cloud)) {
		HASH_FIND(hh, anchors->wanted, &cloud, sizeof(cloud), wanted);
	}
	HASH_FIND(hh, anchors->bearers, &object->guid, sizeof(object->guid), bearer);
	if (wanted == NULL || bearer != NULL) {
		return GB_OK;
	}
	bearer = gb_new(anchors, struct bearer);
	bearer->object = object->guid;
	HASH_ADD(hh, anchors->bearers, object, sizeof(bearer->object), bearer);
	wanted->inside += object->in_container;
	wanted->outside += !object->in_container;
	return GB_OK;
}

static void search_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_anchors *anchors = user;

	anchors->done = true;
	if (rc != GB_OK) {
		anchors->failed = true;
		gb_log_err(GB_LOG_WARNING, "directory", err);
	}
}

static void search(struct gb_anchors *anchors, const char *anchor, enum gb_directory_reach reach)
{
	anchors->done = false;
	gb_directory_find_anchor(anchors->session->directory, anchor, reach, on_object, search_done,
				 anchors);
	gb_session_wait(anchors->session, &anchors->done);
}

/* adminDescription is not in the global catalog, so the domain is always searched as well. */
static bool search_everywhere(struct gb_anchors *anchors, const char *anchor)
{
	anchors->failed = false;
	search(anchors, anchor, GB_REACH_DOMAIN);
	if (!anchors->failed &&
	    gb_directory_facts(anchors->session->directory)->dialect == GB_DIALECT_AD) {
		search(anchors, anchor, GB_REACH_FOREST);
	}
	return !anchors->failed;
}

static void search_in_bulk(struct gb_anchors *anchors)
{
	bool good = search_everywhere(anchors, NULL);
	struct wanted *wanted;
	struct wanted *next;

	HASH_ITER (hh, anchors->wanted, wanted, next) {
		wanted->searched = good;
	}
}

static void search_one_by_one(struct gb_anchors *anchors)
{
	struct wanted *wanted;
	struct wanted *next;

	HASH_ITER (hh, anchors->wanted, wanted, next) {
		char *anchor = gb_naming_anchor(anchors, &wanted->cloud);

		wanted->searched = search_everywhere(anchors, anchor);
		talloc_free(anchor);
	}
}

/* Of several the one that was deleted last; what the state remembers is better than that. */
static enum gb_rc on_deleted(void *user, const struct gb_directory_object *object)
{
	struct gb_anchors *anchors = user;
	struct wanted *wanted = NULL;
	struct gb_guid cloud;

	if (anchor_of(object, &cloud)) {
		HASH_FIND(hh, anchors->wanted, &cloud, sizeof(cloud), wanted);
	}
	if (wanted != NULL && object->usn_changed > wanted->deleted_usn) {
		wanted->deleted_usn = object->usn_changed;
		if (wanted->deleted == NULL) {
			wanted->deleted = gb_new(wanted, struct gb_state_grave);
		}
		*wanted->deleted = (struct gb_state_grave){
			.guid = object->guid, .sid = object->sid, .buried_ms = gb_clock_wall_ms()};
	}
	return GB_OK;
}

/* Most accounts may not see what was deleted: then there is nothing to have back. */
static void deleted_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_anchors *anchors = user;

	anchors->done = true;
	if (rc != GB_OK && rc != GB_E_NOT_FOUND) {
		gb_log_err(GB_LOG_NOTICE, "directory", err);
	}
}

static enum gb_rc remember_grave(struct gb_anchors *anchors, const struct wanted *wanted,
				 struct gb_err *err)
{
	struct gb_state *state = anchors->session->state;
	struct gb_state_grave known;
	enum gb_rc rc = gb_state_grave_get(anchors, state, &wanted->cloud, &known, err);

	return rc == GB_OK && gb_guid_is_none(&known.guid)
		       ? gb_state_grave_set(state, &wanted->cloud, wanted->deleted, err)
		       : rc;
}

/* A lost state remembers no deleted object; the tombstones do. */
static enum gb_rc search_deleted(struct gb_anchors *anchors, struct gb_err *err)
{
	struct wanted *wanted;
	struct wanted *next;
	enum gb_rc rc = GB_OK;

	if (HASH_COUNT(anchors->wanted) == 0 || !anchors->session->policy.has_external_id) {
		return GB_OK;
	}
	anchors->done = false;
	gb_directory_find_deleted(anchors->session->directory, NULL, on_deleted, deleted_done,
				  anchors);
	gb_session_wait(anchors->session, &anchors->done);
	HASH_ITER (hh, anchors->wanted, wanted, next) {
		if (rc == GB_OK && wanted->deleted != NULL) {
			rc = remember_grave(anchors, wanted, err);
		}
	}
	return rc;
}

static bool may_be_created(const struct gb_session *session, const struct gb_state_group *group)
{
	return group->cloud != NULL && group->cloud->life == GB_LIFE_LIVE &&
	       gb_own_object(group) == NULL &&
	       gb_scope_check(&session->policy, &group->cloud->group, NULL).verdict == GB_SCOPE_IN;
}

static void want(struct gb_anchors *anchors, const struct gb_guid *cloud)
{
	struct wanted *wanted = gb_new(anchors, struct wanted);

	wanted->cloud = *cloud;
	HASH_ADD(hh, anchors->wanted, cloud, sizeof(wanted->cloud), wanted);
}

static enum gb_rc collect(struct gb_anchors *anchors, bool all, struct gb_err *err)
{
	struct gb_state_groups_iter *iter = gb_state_groups_begin(
		anchors, anchors->session->state, all ? GB_GROUPS_ALL : GB_GROUPS_DIRTY);
	const struct gb_state_group *group;
	enum gb_rc rc;

	while ((rc = gb_state_groups_next(iter, &group, err)) == GB_OK && group != NULL) {
		if (may_be_created(anchors->session, group)) {
			want(anchors, &group->cloud->group.id);
		}
	}
	gb_state_groups_end(iter);
	return rc;
}

/* uthash keeps its tables outside talloc. */
static int forget(struct gb_anchors *anchors)
{
	HASH_CLEAR(hh, anchors->bearers);
	HASH_CLEAR(hh, anchors->wanted);
	return 0;
}

enum gb_rc gb_anchors_search(const void *ctx, struct gb_session *session, bool all,
			     struct gb_anchors **ret_anchors, struct gb_err *err)
{
	struct gb_anchors *anchors = gb_new(ctx, struct gb_anchors);
	enum gb_rc rc;

	anchors->session = session;
	talloc_set_destructor(anchors, forget);
	rc = collect(anchors, all, err);
	if (rc == GB_OK) {
		if (HASH_COUNT(anchors->wanted) > BULK_FROM) {
			search_in_bulk(anchors);
		} else {
			search_one_by_one(anchors);
		}
		rc = search_deleted(anchors, err);
	}
	if (rc == GB_OK) {
		rc = gb_session_alive(session, err);
	}
	if (rc != GB_OK) {
		talloc_free(anchors);
		return rc;
	}
	*ret_anchors = anchors;
	return GB_OK;
}

static enum gb_anchor_state state_without_object(const struct gb_anchors *anchors,
						 const struct gb_guid *cloud)
{
	struct wanted *wanted;

	HASH_FIND(hh, anchors->wanted, cloud, sizeof(*cloud), wanted);
	if (wanted == NULL || !wanted->searched) {
		return GB_ANCHOR_UNSEARCHED;
	}
	if (wanted->inside + wanted->outside > 1) {
		return GB_ANCHOR_TWINS;
	}
	/* In the container, and yet the import did not see it: not before it has. */
	if (wanted->inside == 1) {
		return GB_ANCHOR_UNSEARCHED;
	}
	return wanted->outside == 1 ? GB_ANCHOR_ELSEWHERE : GB_ANCHOR_ABSENT;
}

enum gb_rc gb_anchors_state(const struct gb_anchors *anchors, const struct gb_state_group *group,
			    enum gb_anchor_state *ret_state, struct gb_err *err)
{
	const struct gb_guid *cloud =
		group->cloud != NULL ? &group->cloud->group.id : &group->directory->cloud_id;
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count;
	enum gb_rc rc = gb_state_directory_find(anchors->session->state, GB_STATE_KEY_CLOUD_ID,
						cloud, nos, &count, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (count > 1) {
		*ret_state = GB_ANCHOR_TWINS;
	} else {
		*ret_state = gb_own_object(group) != NULL ? GB_ANCHOR_OURS
							  : state_without_object(anchors, cloud);
	}
	return GB_OK;
}
