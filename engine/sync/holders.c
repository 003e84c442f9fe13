/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holders of our groups outside the container. */
#include "config.h"

#include "engine/sync/holders.h"

#include "engine/base/hash.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"

/** Holders that are named. */
#define NAMED 3

/* One answer, and the search for it. */
struct answer {
	int64_t object_no; /* the key */
	bool done;
	bool known;
	size_t count;
	char *text; /* of the first NAMED; NULL if there are none */
	UT_hash_handle hh;
};

struct gb_holders {
	struct gb_session *session;
	struct answer *answers;
};

static int forget(struct gb_holders *holders)
{
	HASH_CLEAR(hh, holders->answers);
	return 0;
}

struct gb_holders *gb_holders_new(const void *ctx, struct gb_session *session)
{
	struct gb_holders *holders = gb_new(ctx, struct gb_holders);

	holders->session = session;
	talloc_set_destructor(holders, forget);
	return holders;
}

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct answer *answer = user;

	if (object->in_container) {
		return GB_OK;
	}
	if (answer->count == 0) {
		answer->text = gb_strdup(answer, object->dn);
	} else if (answer->count < NAMED) {
		answer->text = gb_mem_check(
			talloc_asprintf_append_buffer(answer->text, "; %s", object->dn));
	}
	answer->count++;
	return GB_OK;
}

static void search_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct answer *answer = user;

	answer->done = true;
	answer->known = rc == GB_OK;
	if (rc != GB_OK) {
		gb_log_err(GB_LOG_WARNING, "directory", err);
	}
	if (answer->count > NAMED) {
		answer->text = gb_mem_check(talloc_asprintf_append_buffer(
			answer->text, _("; %zu more"), answer->count - NAMED));
	}
}

static struct answer *ask(struct gb_holders *holders, int64_t object_no, const char *dn)
{
	struct answer *answer = gb_new(holders, struct answer);

	answer->object_no = object_no;
	HASH_ADD(hh, holders->answers, object_no, sizeof(answer->object_no), answer);
	gb_directory_find_holders(holders->session->directory, dn, on_object, search_done, answer);
	gb_session_wait(holders->session, &answer->done);
	return answer;
}

bool gb_holders_of(struct gb_holders *holders, int64_t object_no, const char *dn,
		   const char **ret_holders)
{
	struct answer *answer;

	HASH_FIND(hh, holders->answers, &object_no, sizeof(object_no), answer);
	if (answer == NULL) {
		answer = ask(holders, object_no, dn);
	}
	*ret_holders = answer->text;
	return answer->known;
}
