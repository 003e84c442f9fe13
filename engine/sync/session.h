/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session: the open ends that one cycle works with, and nothing else.
 *
 * Life cycle: gb_session_open() reads secrets and opens state, cloud and directory as the
 * configuration says; talloc_free() closes connections; the state is closed by
 * gb_session_close_state(), which leaves the mark of a clean stop. A session belongs to one loop.
 */
#ifndef GB_SYNC_SESSION_H
#define GB_SYNC_SESSION_H

#include <stdbool.h>
#include <tevent.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/cloud/cloud.h"
#include "engine/config/configuration.h"
#include "engine/directory/directory.h"
#include "engine/plan/policy.h"
#include "engine/state/state.h"
#include "engine/sync/adoption.h"
#include "engine/sync/decisions.h"
#include "engine/sync/policy.h"
#include "engine/sync/turn.h"

/** The open ends. */
struct gb_session {
	const struct gb_config *config; /**< borrowed */
	struct tevent_context *ev;      /**< the loop */
	struct gb_state *state;         /**< or NULL while it is not open */
	struct gb_cloud *cloud;         /**< or NULL */
	struct gb_directory *directory; /**< or NULL */
	struct gb_decisions *decisions; /**< what people decided; or NULL */
	struct gb_adoption *adoption;   /**< groups of other tools; or NULL, as decisions */
	struct gb_policy_files *files;  /**< the administrator's files; NULL before they are loaded */
	struct gb_plan_policy policy;   /**< filled by gb_session_check_container() */
	int64_t begun_ms;               /**< wall time at which it began */
	int64_t reread_no;              /**< a group of ours whose members are read again; or 0 */
	struct gb_turn turn;            /**< whose memberships are read again (reconcile.h) */
	struct gb_turn_found found;     /**< what came of that, with the turns before it */
	bool lists_groups;              /**< a delta cycle lists the groups of the cloud */
	struct gb_guid only;            /**< plan this group alone; none: all that is due */
	bool only_adoptable;            /**< plan groups alone that other tools made and that were
					     not taken over yet */
	struct gb_guid container_guid;  /**< objectGUID of the container */
	const char *former_keys[GB_DIRECTORY_MAX_FORMER + 1]; /**< gb_dn_key() of containers of
								   earlier configurations that still
								   exist; ends with NULL */
	const char *former_dns[GB_DIRECTORY_MAX_FORMER + 1]; /**< likewise, as the server spells them */
	bool state_is_older;            /**< the state is a copy from before the last run (lease.h) */
	bool forest_failed;             /**< other domains could not be searched (forest.h) */
	bool is_cancelled;              /**< SIGTERM or SIGINT came */
	int signal_number;              /**< which one */
	void (*on_cancel)(void *user);  /**< told once when the signal comes; or NULL */
	void *on_cancel_user;           /**< its argument */
};

/** An empty session with a loop of its own, below @ctx; SIGTERM and SIGINT cancel it. */
struct gb_session *gb_session_new(const void *ctx, const struct gb_config *config);

/**
 * Open the state. A state that is refused for any reason but its version is moved aside, and a new
 * one is begun: the cycle then reads everything. A log line says so.
 *
 * Errors: those of gb_state_open().
 */
GB_MUST_CHECK enum gb_rc gb_session_open_state(struct gb_session *session, struct gb_err *err);

/**
 * Close a state in which damage was found in the middle of a cycle, and move it aside: SQLite's own check of the
 * whole file does not see all of it, so the next cycle would fail like this one. Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_session_drop_state(struct gb_session *session, struct gb_err *err);

/**
 * Read what people decided, and give the state its instance id if it has none. The state is open.
 *
 * Errors: those of gb_decisions_load() and of state/.
 */
GB_MUST_CHECK enum gb_rc gb_session_open_decisions(struct gb_session *session, struct gb_err *err);

/** Read the administrator's files, once. Errors: those of gb_policy_load_files(). */
GB_MUST_CHECK enum gb_rc gb_session_load_files(struct gb_session *session, struct gb_err *err);

/**
 * Make the client for the cloud, after gb_session_load_files(), which it calls if need be; sends
 * nothing. Errors: GB_E_CONFIG (secret, certificate, URL, files).
 */
GB_MUST_CHECK enum gb_rc gb_session_open_cloud(struct gb_session *session, struct gb_err *err);

/**
 * Connect to the directory, after gb_session_load_files(), which it calls if need be; blocks within
 * its timeouts. Errors: those of gb_directory_open() and of the files.
 */
GB_MUST_CHECK enum gb_rc gb_session_open_directory(struct gb_session *session, struct gb_err *err);

/**
 * Find the container, pin its objectGUID, refuse an administrator's account (unless the configuration
 * accepts it), and fill session->policy.
 *
 * Errors: GB_E_CONFIG (missing, renamed since, or no container), GB_E_ACCESS (administrator, or no
 * right to create groups there), and those of every read.
 */
GB_MUST_CHECK enum gb_rc gb_session_check_container(struct gb_session *session, struct gb_err *err);

/** Run the loop until *@done is true, or until the session is cancelled and *@done follows. */
void gb_session_wait(struct gb_session *session, const bool *done);

/** GB_OK, or GB_E_CANCELLED with its sentences if a signal came. */
GB_MUST_CHECK enum gb_rc gb_session_alive(const struct gb_session *session, struct gb_err *err);

/** Commit and close the state, if it is open. */
GB_MUST_CHECK enum gb_rc gb_session_close_state(struct gb_session *session, struct gb_err *err);

#endif
