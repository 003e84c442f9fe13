/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the questions about the directory share: signing in, waiting for an answer, writing facts. */
#ifndef GB_PROBE_DIRECTORY_H
#define GB_PROBE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/directory/directory.h"
#include "engine/probe/question.h"
#include "engine/sync/session.h"

/** One blocking request to the directory: pass gb_probe_waited() and this as its callback. */
struct gb_probe_wait {
	bool done;
	enum gb_rc rc;
	struct gb_err err;
};

/** A gb_directory_done: the end of what is waited for. */
void gb_probe_waited(void *user, enum gb_rc rc, const struct gb_err *err);

/** A gb_directory_write_done, likewise. */
void gb_probe_written(void *user, const struct gb_directory_outcome *outcome);

/** Run the loop until it has ended. Returns its code, and copies its error. */
GB_MUST_CHECK enum gb_rc gb_probe_await(struct gb_session *session,
					const struct gb_probe_wait *wait, struct gb_err *err);

/**
 * Sign in to the directory: as the administrator whom the argument "administrator" names, with the
 * secret administrator-password, if it is there; else as the configured account. Below @probe.
 *
 * Errors: those of gb_directory_open(); GB_E_USAGE "secret-missing".
 */
GB_MUST_CHECK enum gb_rc gb_probe_open_directory(struct gb_probe *probe,
						 struct gb_session **ret_session,
						 struct gb_err *err);

/** One step of a ladder, as an item of kind "step". @verdict is a word of docs/probe.md. */
void gb_probe_step(struct gb_probe *probe, const char *step, const char *server,
		   const char *verdict, int64_t time_ms, const char *text,
		   const struct gb_err *err);

/** The facts about a directory as an object of that name. */
void gb_probe_put_facts(struct gb_json_writer *w, const char *key, struct gb_directory *directory);

/** The members of a container; the object is the caller's. */
void gb_probe_put_container(struct gb_json_writer *w,
			    const struct gb_directory_container *container);

/**
 * Find one container; *ret_container is copied below @ctx. Blocks.
 *
 * Errors: those of gb_directory_find_container().
 */
GB_MUST_CHECK enum gb_rc gb_probe_find_container(const void *ctx, struct gb_session *session,
						 const struct gb_directory_reference *wanted,
						 struct gb_directory_container *ret_container,
						 struct gb_err *err);

/* The questions. */
enum gb_rc gb_probe_directory_ladder(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_containers(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_find_containers(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_container(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_create_container(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_schema(struct gb_probe *probe, struct gb_err *err);

#endif
