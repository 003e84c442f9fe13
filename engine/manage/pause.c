/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pausing a group, and resuming it. */
#include "config.h"

#include "engine/manage/pause.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/dirty.h"
#include "engine/state/life.h"
#include "engine/sync/decisions.h"
#include "engine/sync/lock.h"
#include "engine/sync/session.h"

static enum gb_rc pause(struct gb_decisions *decisions, const struct gb_found_group *group,
			bool *ret_changed, struct gb_err *err)
{
	*ret_changed = gb_decisions_find_paused(decisions, &group->id) == NULL;
	if (gb_decisions_pause(decisions, &group->id, group->name, _("by hand"))) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_USAGE, "pause-many", _("%d groups are paused already."),
		   GB_DECISIONS_MAX_PAUSED);
	return gb_err_remedy(err, _("Change the scope instead."));
}

static enum gb_rc resume(struct gb_session *session, const struct gb_found_group *group,
			 bool *ret_changed, struct gb_err *err)
{
	enum gb_rc rc = gb_state_fight_clear(session->state, &group->id, err);

	if (rc != GB_OK) {
		return rc;
	}
	*ret_changed = gb_decisions_resume(session->decisions, &group->id);
	return *ret_changed ? gb_state_dirty_mark(session->state, group->cloud_no, group->object_no,
						  GB_DIRTY_ALL, err)
			    : GB_OK;
}

static enum gb_rc decide(struct gb_session *session, const char *word, bool resumes,
			 struct gb_found_group *ret_found, bool *ret_changed, struct gb_err *err)
{
	enum gb_rc rc = gb_session_open_state(session, err);

	if (rc == GB_OK) {
		rc = gb_session_open_decisions(session, err);
	}
	if (rc == GB_OK) {
		rc = gb_find_group(session, session->state, word, ret_found, err);
	}
	if (rc == GB_OK) {
		rc = resumes ? resume(session, ret_found, ret_changed, err)
			     : pause(session->decisions, ret_found, ret_changed, err);
	}
	if (rc == GB_OK) {
		rc = gb_decisions_save(session->decisions, session->config->paths.state_directory,
				       err);
	}
	return rc;
}

enum gb_rc gb_pause_group(const void *ctx, const struct gb_config *config, const char *word,
			  bool resumes, struct gb_found_group *ret_found, bool *ret_changed,
			  struct gb_err *err)
{
	void *tmp = gb_new_tmp(ctx);
	struct gb_session *session = gb_session_new(tmp, config);
	struct gb_lock *lock = NULL;
	struct gb_err later;
	enum gb_rc rc = gb_lock_take(tmp, config->paths.state_directory, &lock, err);

	if (rc == GB_OK) {
		rc = decide(session, word, resumes, ret_found, ret_changed, err);
		if (gb_session_close_state(session, &later) != GB_OK && rc == GB_OK) {
			*err = later;
			rc = later.rc;
		}
	}
	if (rc == GB_OK) {
		ret_found->name = gb_strdup(ctx, ret_found->name);
	}
	talloc_free(tmp);
	return rc;
}
