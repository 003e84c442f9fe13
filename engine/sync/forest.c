/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of other domains. */
#include "config.h"

#include "engine/sync/forest.h"

#include <string.h>

#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/directory_space.h"
#include "engine/state/matching.h"

/* SIDs of domains have five parts, S-1-5-21-a-b-c-rid; the well-known ones are everywhere. */
#define DOMAIN_SID_BYTES (8 + 5 * 4)

struct forest {
	struct gb_session *session;
	struct gb_sid *wanted;
	size_t count;
	/* The search under way. */
	bool done;
	enum gb_rc rc;
	struct gb_err err;
};

static bool is_foreign(const struct gb_session *session, const struct gb_sid *sid)
{
	const struct gb_sid *domain = &gb_directory_facts(session->directory)->domain_sid;

	/* An account's SID is its domain's and one part more; the count of parts stands in front. */
	return domain->length == DOMAIN_SID_BYTES - 4 && sid->length == DOMAIN_SID_BYTES &&
	       memcmp(sid->bytes + 2, domain->bytes + 2, domain->length - 2) != 0;
}

bool gb_forest_is_foreign(const struct gb_session *session,
			  const struct gb_directory_object *object)
{
	return is_foreign(session, &object->sid);
}

bool gb_forest_is_unsearched(const struct gb_session *session, const struct gb_sid *sid)
{
	return session->forest_failed && is_foreign(session, sid);
}

static enum gb_rc want(struct forest *forest, const struct gb_sid *sid, struct gb_err *err)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	enum gb_state_presence presence = GB_PRESENCE_SLOT;
	size_t count = 0;
	enum gb_rc rc = gb_state_directory_find(forest->session->state, GB_STATE_KEY_SID, sid, nos,
						&count, err);

	if (rc == GB_OK && count > 0) {
		rc = gb_state_presence_of(forest->session->state, nos[0], &presence, err);
	}
	if (rc != GB_OK || presence == GB_PRESENCE_READ) {
		return rc;
	}
	if (forest->count == talloc_array_length(forest->wanted)) {
		forest->wanted = gb_mem_check(
			talloc_realloc(forest, forest->wanted, struct gb_sid,
				       gb_mem_count(forest->count < 16 ? 32 : forest->count * 2)));
	}
	forest->wanted[forest->count++] = *sid;
	return GB_OK;
}

struct collecting {
	struct forest *forest;
	struct gb_err *err;
};

static enum gb_rc on_sid(void *user, const struct gb_sid *sid)
{
	struct collecting *collecting = user;

	return is_foreign(collecting->forest->session, sid)
		       ? want(collecting->forest, sid, collecting->err)
		       : GB_OK;
}

/* Of cloud members that are to be matched and, in a full cycle, of members that groups have here. */
static enum gb_rc collect(struct forest *forest, bool all, struct gb_err *err)
{
	struct gb_state *state = forest->session->state;
	struct collecting collecting = {.forest = forest, .err = err};
	enum gb_rc rc = gb_state_match_each_sid(state, all, on_sid, &collecting, err);

	return rc == GB_OK && all ? gb_state_directory_each_stub(state, on_sid, &collecting, err)
				  : rc;
}

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct forest *forest = user;

	/* The placeholder of an account of another forest says nothing about who it is. */
	if (object->object_class == GB_CLASS_OTHER) {
		return GB_OK;
	}
	return gb_state_directory_put(forest->session->state, object, NULL, NULL, &forest->err);
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct forest *forest = user;

	forest->done = true;
	forest->rc = rc;
	if (rc != GB_OK && forest->err.rc == GB_OK) {
		forest->err = *err;
	}
}

/* What the state refuses ends the run; what the catalog refuses makes members uncertain. */
static enum gb_rc search_one(struct forest *forest, const struct gb_sid *sid, struct gb_err *err)
{
	struct gb_session *session = forest->session;

	forest->done = false;
	gb_err_clear(&forest->err);
	gb_directory_find_sid(session->directory, sid, GB_REACH_FOREST, on_object, on_done, forest);
	gb_session_wait(session, &forest->done);
	if (forest->rc == GB_E_STATE || forest->rc == GB_E_IO) {
		*err = forest->err;
		return forest->rc;
	}
	if (forest->rc != GB_OK) {
		session->forest_failed = true;
		gb_log_err(GB_LOG_WARNING, "directory", &forest->err);
	}
	return gb_session_alive(session, err);
}

enum gb_rc gb_forest_search(struct gb_session *session, bool all, struct gb_err *err)
{
	struct forest *forest = gb_new(session, struct forest);
	enum gb_rc rc;

	forest->session = session;
	session->forest_failed = false;
	rc = collect(forest, all, err);
	if (rc == GB_OK && forest->count > 0) {
		gb_log(GB_LOG_INFO, "directory", "looking up %zu members of other domains",
		       forest->count);
	}
	for (size_t i = 0; rc == GB_OK && !session->forest_failed && i < forest->count; i++) {
		rc = search_one(forest, &forest->wanted[i], err);
	}
	talloc_free(forest);
	return rc;
}
