/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session: the open ends that one cycle works with. */
#include "config.h"

#include "engine/sync/session.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/cursors.h"
#include "engine/sync/endpoints.h"
#include "engine/sync/former.h"
#include "engine/sync/replica.h"

static void on_signal(struct tevent_context *ev, struct tevent_signal *se, int signum, int count,
		      void *siginfo, void *user)
{
	struct gb_session *session = user;

	(void)ev;
	(void)se;
	(void)count;
	(void)siginfo;
	/* Whoever says it twice means now; the journal makes that safe. */
	if (session->is_cancelled) {
		_exit(128 + signum);
	}
	session->is_cancelled = true;
	session->signal_number = signum;
	gb_log(GB_LOG_NOTICE, "sync", "stopping on signal %d", signum);
	if (session->cloud != NULL) {
		gb_cloud_cancel(session->cloud);
	}
	if (session->on_cancel != NULL) {
		session->on_cancel(session->on_cancel_user);
	} else if (session->directory != NULL) {
		gb_directory_cancel(session->directory);
	}
}

struct gb_session *gb_session_new(const void *ctx, const struct gb_config *config)
{
	struct gb_session *session = gb_new(ctx, struct gb_session);

	session->config = config;
	session->begun_ms = gb_clock_wall_ms();
	session->ev = gb_mem_check(tevent_context_init(session));
	gb_mem_check(tevent_add_signal(session->ev, session, SIGTERM, 0, on_signal, session));
	gb_mem_check(tevent_add_signal(session->ev, session, SIGINT, 0, on_signal, session));
	return session;
}

void gb_session_wait(struct gb_session *session, const bool *done)
{
	while (!*done) {
		if (tevent_loop_once(session->ev) != 0) {
			gb_oom();
		}
	}
}

enum gb_rc gb_session_alive(const struct gb_session *session, struct gb_err *err)
{
	if (!session->is_cancelled) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_CANCELLED, "cancelled", _("The run was stopped by signal %d."),
		   session->signal_number);
	gb_err_native(err, session->signal_number);
	gb_err_undone(err, _("What was not written yet is left for the next run."));
	return GB_E_CANCELLED;
}

static char *state_path(const struct gb_session *session)
{
	return gb_printf(session, "%s/state.db", session->config->paths.state_directory);
}

static enum gb_rc set_state_aside(const struct gb_session *session, const char *path,
				  struct gb_err *err)
{
	char *aside = NULL;
	enum gb_rc rc = gb_state_set_aside(session, path, &aside, err);

	if (rc == GB_OK) {
		gb_log(GB_LOG_WARNING, "state",
		       "the state was moved to %s; a new one is begun and everything is read", aside);
	}
	talloc_free(aside);
	return rc;
}

enum gb_rc gb_session_open_state(struct gb_session *session, struct gb_err *err)
{
	char *path = state_path(session);
	enum gb_rc rc = gb_state_open(session, path, GB_STATE_READ_WRITE, &session->state, err);

	if (rc == GB_E_STATE && strcmp(err->id, "state-newer") != 0) {
		gb_log_err(GB_LOG_WARNING, "state", err);
		gb_err_clear(err);
		rc = set_state_aside(session, path, err);
		if (rc == GB_OK) {
			rc = gb_state_open(session, path, GB_STATE_READ_WRITE, &session->state, err);
		}
	}
	talloc_free(path);
	return rc;
}

enum gb_rc gb_session_drop_state(struct gb_session *session, struct gb_err *err)
{
	char *path = state_path(session);
	enum gb_rc rc;

	TALLOC_FREE(session->state);
	rc = set_state_aside(session, path, err);
	talloc_free(path);
	return rc;
}

enum gb_rc gb_session_open_decisions(struct gb_session *session, struct gb_err *err)
{
	char text[GB_GUID_TEXT_BYTES];
	const char *instance = NULL;
	struct gb_guid fresh;
	enum gb_rc rc = gb_decisions_load(session, session->config->paths.state_directory,
					  &session->decisions, err);

	session->adoption = gb_adoption_new(session, session->config->paths.state_directory);
	if (rc == GB_OK) {
		rc = gb_state_fact_get(session, session->state, GB_FACT_INSTANCE, &instance, err);
	}
	if (rc != GB_OK || instance != NULL) {
		return rc;
	}
	fresh = gb_digest_random_guid();
	return gb_state_fact_set(session->state, GB_FACT_INSTANCE, gb_guid_format(&fresh, text),
				 err);
}

enum gb_rc gb_session_load_files(struct gb_session *session, struct gb_err *err)
{
	return session->files != NULL
		       ? GB_OK
		       : gb_policy_load_files(session, session->config, &session->files, err);
}

static enum gb_rc open_cloud(struct gb_session *session, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	struct gb_cloud_options options;
	enum gb_rc rc = gb_endpoints_cloud(tmp, session->config, &options, err);

	if (rc == GB_OK) {
		options.beta_groups = session->files->needs_beta;
		options.extra_properties = (const char *const *)session->files->properties;
		rc = gb_cloud_new(session, session->ev, &options, &session->cloud, err);
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_session_open_cloud(struct gb_session *session, struct gb_err *err)
{
	enum gb_rc rc = gb_session_load_files(session, err);

	return rc == GB_OK ? open_cloud(session, err) : rc;
}

enum gb_rc gb_session_open_directory(struct gb_session *session, struct gb_err *err)
{
	struct gb_directory_options options;
	enum gb_rc rc = gb_session_load_files(session, err);

	if (rc == GB_OK) {
		rc = gb_endpoints_directory(session, session->config, &options, err);
	}
	if (rc == GB_OK) {
		options.group_attributes = (const char *const *)session->files->attributes;
		rc = gb_directory_open(session, session->ev, &options, &session->directory, err);
	}
	return rc;
}

static void fill_policy(struct gb_session *session)
{
	const struct gb_directory_facts *facts = gb_directory_facts(session->directory);
	struct gb_policy_schema schema = {.has_external_id = facts->has_external_id,
					  .has_mail_nickname = facts->has_mail_nickname};

	session->policy = gb_policy_fill(session->config, session->files, &schema);
}

/* One blocking question to the directory. */
struct question {
	struct gb_session *session;
	bool done;
	enum gb_rc rc;
	struct gb_err err;
	bool can_create;
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

	q->session->container_guid = container->guid;
	q->can_create = container->can_create_groups;
	return GB_OK;
}

static enum gb_rc container_moved(const struct gb_session *session, const char *known,
				  struct gb_err *err)
{
	struct gb_err found = *err;

	gb_err_set(err, GB_E_CONFIG, "directory-container-missing",
		   _("The container %s is not there, or this account may not see it."),
		   session->config->writeback.container);
	gb_err_native(err, found.native);
	gb_err_undone(err, _("Nothing was written."));
	if (known != NULL) {
		return gb_err_remedy(err,
				     _("It was there in earlier runs (objectGUID %s). If it was "
				       "renamed or moved, put its present DN into 'container'."),
				     known);
	}
	return gb_err_remedy(err, _("Create it, or correct 'container' in the configuration."));
}

static enum gb_rc find_container(struct gb_session *session, bool *ret_can_create,
				 struct gb_err *err)
{
	struct gb_directory_reference by_dn = {.dn = session->config->writeback.container};
	struct question q = {.session = session};
	const char *known = NULL;

	if (session->state != NULL) {
		enum gb_rc rc =
			gb_state_fact_get(session, session->state, GB_FACT_CONTAINER, &known, err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	gb_directory_find_container(session->directory, &by_dn, on_container, question_done, &q);
	gb_session_wait(session, &q.done);
	if (q.rc != GB_OK) {
		*err = q.err;
	}
	*ret_can_create = q.can_create;
	return q.rc == GB_E_NOT_FOUND ? container_moved(session, known, err) : q.rc;
}

static enum gb_rc check_account(struct gb_session *session, struct gb_err *err)
{
	struct question q = {.session = session};

	gb_directory_check_account(session->directory, question_done, &q);
	gb_session_wait(session, &q.done);
	if (q.rc == GB_OK) {
		return GB_OK;
	}
	if (strcmp(q.err.id, "directory-account-privileged") == 0 &&
	    session->config->safety.accept_privileged_account) {
		gb_log_err(GB_LOG_WARNING, "directory", &q.err);
		gb_log(GB_LOG_WARNING, "directory", "accepted, because the configuration says so");
		return GB_OK;
	}
	*err = q.err;
	return q.rc;
}

static enum gb_rc no_right_to_create(const struct gb_session *session, struct gb_err *err)
{
	gb_err_set(err, GB_E_ACCESS, "directory-no-create",
		   _("The account %s may not create groups in %s."),
		   session->config->directory.account != NULL ? session->config->directory.account
							      : "?",
		   session->config->writeback.container);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Give it the rights to create and delete groups there, and to "
				    "read and write all their properties: 'groupback-engine "
				    "permissions grant --administrator NAME'."));
}

static enum gb_rc pin_container(struct gb_session *session, struct gb_err *err)
{
	char text[GB_GUID_TEXT_BYTES];

	if (session->state == NULL) {
		return GB_OK;
	}
	gb_guid_format(&session->container_guid, text);
	return gb_former_open(session, text, err);
}

enum gb_rc gb_session_check_container(struct gb_session *session, struct gb_err *err)
{
	bool can_create = false;
	enum gb_rc rc = check_account(session, err);

	if (rc == GB_OK) {
		rc = find_container(session, &can_create, err);
	}
	if (rc == GB_OK && !can_create) {
		rc = no_right_to_create(session, err);
	}
	if (rc == GB_OK) {
		rc = pin_container(session, err);
	}
	if (rc == GB_OK) {
		fill_policy(session);
	}
	return rc == GB_OK && session->state != NULL ? gb_replica_notice(session, err) : rc;
}

enum gb_rc gb_session_close_state(struct gb_session *session, struct gb_err *err)
{
	struct gb_state *state = session->state;
	enum gb_rc rc;

	if (state == NULL) {
		return GB_OK;
	}
	session->state = NULL;
	rc = gb_state_commit(state, err);
	if (rc != GB_OK) {
		talloc_free(state);
		return rc;
	}
	return gb_state_close(state, err);
}
