/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuring: the detached run behind the wizard's page of that name (docs/probe.md, "Configure").
 *
 * Steps in order, each of which may be repeated: back up, store secrets, write public files, write the
 * configuration, check it, set the schedule, run the first cycle. What a step replaces is kept in a
 * generation first (generations.h). Progress goes to a file that anybody may join; whoever carries it
 * out holds a lock beside it, so that a run which died can be told from one that works.
 *
 * The run keeps the rights it was started with: it writes what only root may write. Whatever opens
 * sockets is a program of its own that gives root up.
 */
#ifndef GB_PROBE_CONFIGURE_H
#define GB_PROBE_CONFIGURE_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/probe/question.h"

/** How a run begins. */
enum gb_configure_mode {
	GB_CONFIGURE_NEW = 0,
	GB_CONFIGURE_RETRY, /**< go on with the step that failed, in the same generation */
	GB_CONFIGURE_UNDO   /**< put back what the last run replaced */
};

/** A job. */
struct gb_configure_job {
	struct gb_probe *draft; /**< config, with typed secrets held in it; field */
	bool has_config;        /**< the request brought a configuration */
	enum gb_configure_mode mode;
	bool start_schedule;
	bool run_first_cycle;
	char *approve;           /**< digest, or NULL */
	const char *config_path; /**< where the configuration goes */
};

/**
 * Read a job. @line is overwritten.
 *
 * @param ret_job  set on failure, too: its draft's field tells where the fault is.
 * Errors: as gb_request_parse().
 */
GB_MUST_CHECK enum gb_rc gb_configure_parse(const void *ctx, char *line, size_t length,
					    const char *config_path,
					    struct gb_configure_job **ret_job, struct gb_err *err);

/** A run that holds the lock. Opaque. */
struct gb_configure_run;

/** Path of the progress file, below @ctx. */
char *gb_configure_progress_path(const void *ctx, const struct gb_config *config);

/**
 * Take the lock and begin the progress file.
 *
 * @param ret_pid  of the run that holds the lock, with "configure-running"; else 0.
 * Errors: GB_E_TRY_AGAIN "configure-running"; GB_E_IO; GB_E_CONFIG "configure-nothing" (nothing to
 * retry or undo).
 */
GB_MUST_CHECK enum gb_rc gb_configure_begin(const void *ctx, struct gb_configure_job *job,
					    struct gb_configure_run **ret_run, long *ret_pid,
					    struct gb_err *err);

/** Carry it out; returns the exit code that stands in `end`. SIGTERM: stop after the present step. */
int gb_configure_carry_out(struct gb_configure_run *run);

/**
 * Ask a run that is under way to stop after its present step. False: none is.
 */
bool gb_configure_stop(const struct gb_config *config);

#endif
