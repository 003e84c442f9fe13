/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another domain controller than before. */
#include "config.h"

#include "engine/sync/replica.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/cursors.h"

static enum gb_rc take_over(struct gb_session *session, const char *id, int64_t now_ms,
			    struct gb_err *err)
{
	const char *server = gb_directory_facts(session->directory)->server;
	char *shown = gb_text_display(session, server);
	enum gb_rc rc = gb_state_fact_set(session->state, GB_FACT_SERVER, id, err);

	gb_log(GB_LOG_NOTICE, "directory",
	       "%s is another domain controller than before: until replication has reached it, "
	       "nothing is created or deleted",
	       shown);
	talloc_free(shown);
	session->policy.is_new_server = true;
	return rc == GB_OK ? gb_state_fact_set_int(session->state, GB_FACT_SERVER_MS, now_ms, err)
			   : rc;
}

static enum gb_rc still_new(struct gb_session *session, int64_t now_ms, struct gb_err *err)
{
	int64_t since_ms = 0;
	enum gb_rc rc = gb_state_fact_get_int(session->state, GB_FACT_SERVER_MS, 0, &since_ms, err);

	session->policy.is_new_server =
		since_ms != 0 && now_ms >= since_ms && now_ms - since_ms < GB_REPLICA_WINDOW_MS;
	return rc;
}

enum gb_rc gb_replica_notice(struct gb_session *session, struct gb_err *err)
{
	const struct gb_directory_facts *facts = gb_directory_facts(session->directory);
	char id[GB_GUID_TEXT_BYTES];
	const char *known = NULL;
	enum gb_rc rc = gb_state_fact_get(session, session->state, GB_FACT_SERVER, &known, err);

	if (rc != GB_OK || facts->dialect != GB_DIALECT_AD) {
		return rc;
	}
	gb_guid_format(&facts->invocation_id, id);
	if (known == NULL) {
		return gb_state_fact_set(session->state, GB_FACT_SERVER, id, err);
	}
	return strcmp(known, id) == 0 ? still_new(session, gb_clock_wall_ms(), err)
				      : take_over(session, id, gb_clock_wall_ms(), err);
}
