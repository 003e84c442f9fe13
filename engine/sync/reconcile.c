/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read again, and when. */
#include "config.h"

#include "engine/sync/reconcile.h"

#include "engine/base/limit.h"
#include "engine/base/log.h"
#include "engine/state/cursors.h"
#include "engine/state/dirty.h"
#include "engine/sync/schedule.h"

static enum gb_rc last_time(const struct gb_session *session, const char *fact, int64_t *ret_ms,
			    struct gb_err *err)
{
	enum gb_rc rc =
		gb_state_fact_get_int(session->state, GB_FACT_RECONCILED_MS, 0, ret_ms, err);

	return rc == GB_OK ? gb_state_fact_get_int(session->state, fact, *ret_ms, ret_ms, err) : rc;
}

enum gb_rc gb_reconcile_is_due(const struct gb_session *session, bool *ret_due, struct gb_err *err)
{
	int64_t last_ms = 0;
	enum gb_rc rc = last_time(session, GB_FACT_RECONCILED_MS, &last_ms, err);

	*ret_due = gb_schedule_full_is_due(last_ms, session->begun_ms);
	return rc;
}

enum gb_rc gb_reconcile_choose(struct gb_session *session, struct gb_err *err)
{
	int64_t listed_ms = 0;
	int64_t turn_ms = 0;
	enum gb_rc rc = last_time(session, GB_FACT_LISTED_MS, &listed_ms, err);

	if (rc == GB_OK) {
		rc = last_time(session, GB_FACT_TURN_MS, &turn_ms, err);
	}
	if (rc == GB_OK) {
		session->lists_groups = gb_schedule_list_is_due(listed_ms, session->begun_ms);
		session->turn = gb_turn_between(turn_ms, session->begun_ms);
	}
	return rc;
}

enum gb_rc gb_reconcile_mark(struct gb_session *session, struct gb_err *err)
{
	struct gb_turn_range ranges[2];
	size_t count = gb_turn_ranges(&session->turn, ranges);
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < count && rc == GB_OK; i++) {
		rc = gb_state_dirty_mark_range(session->state, &ranges[i].first, &ranges[i].last,
					       err);
	}
	return rc;
}

/* "50 10%" is for all members of the tenant: of few it would be all. */
static bool is_too_much(const struct gb_limit *limit, const struct gb_turn_found *found)
{
	struct gb_limit share = {.count = GB_RECONCILE_MIN_LOST, .percent = limit->percent};

	if (found->gone > GB_RECONCILE_MAX_GONE) {
		return true;
	}
	return gb_limit_is_exceeded(limit->count == GB_LIMIT_NONE || limit->percent == 0 ? limit
											 : &share,
				    found->lost, found->listed);
}

enum gb_rc gb_reconcile_judge(struct gb_session *session, bool *ret_doubtful, struct gb_err *err)
{
	struct gb_turn_found *found = &session->found;
	int64_t listed = 0;
	int64_t lost = 0;
	enum gb_rc rc = gb_state_fact_get_int(session->state, GB_FACT_TURN_LISTED, 0, &listed, err);

	if (rc == GB_OK) {
		rc = gb_state_fact_get_int(session->state, GB_FACT_TURN_LOST, 0, &lost, err);
	}
	found->listed += listed;
	found->lost += lost;
	*ret_doubtful = is_too_much(&session->config->safety.max_member_removals, found);
	if (*ret_doubtful) {
		gb_log(GB_LOG_NOTICE, "sync",
		       "lists that were read again lost %lld of %lld members, and %lld groups are "
		       "gone, though no change told so: everything is read",
		       (long long)found->lost, (long long)found->listed, (long long)found->gone);
	}
	return rc;
}

static enum gb_rc keep_found(const struct gb_session *session, bool ends, struct gb_err *err)
{
	enum gb_rc rc = gb_state_fact_set_int(session->state, GB_FACT_TURN_LISTED,
					      ends ? 0 : session->found.listed, err);

	return rc == GB_OK ? gb_state_fact_set_int(session->state, GB_FACT_TURN_LOST,
						   ends ? 0 : session->found.lost, err)
			   : rc;
}

static enum gb_rc keep(const struct gb_session *session, const char *fact, bool is_done,
		       struct gb_err *err)
{
	return is_done ? gb_state_fact_set_int(session->state, fact, session->begun_ms, err)
		       : GB_OK;
}

enum gb_rc gb_reconcile_keep(struct gb_session *session, bool everything, struct gb_err *err)
{
	enum gb_rc rc = keep(session, GB_FACT_RECONCILED_MS, everything, err);

	if (rc == GB_OK) {
		rc = keep(session, GB_FACT_LISTED_MS, everything || session->lists_groups, err);
	}
	if (rc == GB_OK) {
		rc = keep(session, GB_FACT_TURN_MS, everything || session->turn.count > 0, err);
	}
	return rc == GB_OK && (everything || session->turn.count > 0)
		       ? keep_found(session, everything || session->lists_groups, err)
		       : rc;
}
