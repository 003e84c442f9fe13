/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Former containers. */
#include "config.h"

#include "engine/sync/former.h"

#include <string.h>

#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/state/cursors.h"

/* One blocking question to the directory. */
struct question {
	struct gb_session *session;
	bool done;
	enum gb_rc rc;
	struct gb_err err;
};

static void question_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct question *q = user;

	q->done = true;
	q->rc = rc;
	if (rc != GB_OK) {
		q->err = *err;
	}
}

static enum gb_rc on_container(void *user, const struct gb_directory_container *container)
{
	struct question *q = user;
	struct gb_session *session = q->session;
	size_t count = 0;

	while (session->former_keys[count] != NULL) {
		count++;
	}
	if (count < GB_DIRECTORY_MAX_FORMER) {
		session->former_keys[count] = gb_strdup(session, container->dn_key);
		session->former_dns[count] = gb_strdup(session, container->dn);
		gb_directory_add_former(session->directory, container->dn);
	}
	return GB_OK;
}

/* One that is not there any more holds nothing that could be moved. */
static enum gb_rc find(struct gb_session *session, const struct gb_guid *guid, struct gb_err *err)
{
	struct gb_directory_reference by_guid = {.guid = *guid};
	struct question q = {.session = session};

	gb_directory_find_container(session->directory, &by_guid, on_container, question_done, &q);
	gb_session_wait(session, &q.done);
	if (q.rc == GB_OK || q.rc == GB_E_NOT_FOUND) {
		return GB_OK;
	}
	*err = q.err;
	return q.rc;
}

/* "a b": each but the present one, which may have been a former one before. */
static enum gb_rc find_all(struct gb_session *session, const char *list, const char *container,
			   struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	while (rc == GB_OK && strlen(list) >= GB_GUID_TEXT_BYTES - 1) {
		char text[GB_GUID_TEXT_BYTES] = {0};
		struct gb_guid guid;

		memcpy(text, list, GB_GUID_TEXT_BYTES - 1);
		list += GB_GUID_TEXT_BYTES - 1;
		list += *list == ' ';
		if (strcmp(text, container) != 0 && gb_guid_parse(text, &guid)) {
			rc = find(session, &guid, err);
		}
	}
	return rc;
}

/* The latest comes first, so that the oldest drops out. */
static enum gb_rc add(struct gb_session *session, const char *known, const char **list,
		      struct gb_err *err)
{
	const char *old = *list;
	size_t most = GB_DIRECTORY_MAX_FORMER * (size_t)GB_GUID_TEXT_BYTES - 1;

	if (strstr(old, known) != NULL) {
		return GB_OK;
	}
	*list = *old == '\0' ? gb_strdup(session, known) : gb_printf(session, "%s %s", known, old);
	*list = gb_strndup(session, *list, most);
	gb_log(GB_LOG_NOTICE, "sync",
	       "the container is another one than before; the groups are moved there");
	return gb_state_fact_set(session->state, GB_FACT_FORMER, *list, err);
}

enum gb_rc gb_former_open(struct gb_session *session, const char *container, struct gb_err *err)
{
	const char *known = NULL;
	const char *list = NULL;
	enum gb_rc rc = gb_state_fact_get(session, session->state, GB_FACT_CONTAINER, &known, err);

	if (rc == GB_OK) {
		rc = gb_state_fact_get(session, session->state, GB_FACT_FORMER, &list, err);
	}
	list = list != NULL ? list : "";
	if (rc == GB_OK && known != NULL && strcmp(known, container) != 0) {
		rc = add(session, known, &list, err);
	}
	if (rc == GB_OK) {
		rc = gb_state_fact_set(session->state, GB_FACT_CONTAINER, container, err);
	}
	return rc == GB_OK ? find_all(session, list, container, err) : rc;
}

bool gb_former_holds(const struct gb_session *session, const char *dn_key)
{
	char *container = gb_dn_key(NULL, session->policy.container_dn);
	bool is_present = container != NULL && gb_dn_is_below(dn_key, container);
	bool is_former = false;

	talloc_free(container);
	for (size_t i = 0; session->former_keys[i] != NULL && !is_present && !is_former; i++) {
		is_former = gb_dn_is_below(dn_key, session->former_keys[i]);
	}
	return is_former;
}
