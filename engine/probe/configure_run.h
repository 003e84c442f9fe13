/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run of Configuring, for the files that carry it out (configure.c, configure_cycle.c) and for nobody else.
 */
#ifndef GB_PROBE_CONFIGURE_RUN_H
#define GB_PROBE_CONFIGURE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/base/run.h"
#include "engine/config/generations.h"
#include "engine/probe/configure.h"

/** One run. */
struct gb_configure_run {
	struct gb_configure_job *job;
	struct gb_generation *generation; /* or NULL before the backup */
	int lock_fd;
	int progress_fd;
	size_t stands_count;
	const char *stands[8];
	size_t warning_count;
	char *warnings[8];
	const char *last_step;
	char *done_before; /* retry: step ids that the failed run had done, each between blanks */
	int64_t began_ms;  /* of the step */
	struct gb_json_doc *report; /* of the first cycle; or NULL */
};

/** SIGTERM came: the run ends after its present step. */
bool gb_configure_is_stopped(void);

/** Remember a warning for the end of the run; @text is copied. */
void gb_configure_warn(struct gb_configure_run *run, const char *text);

/**
 * Run a command of the engine as a program of its own, which gives root up, with the new configuration and
 * --json. @option: one word more, or NULL.
 *
 * Errors: those of gb_run().
 */
GB_MUST_CHECK enum gb_rc gb_configure_run_engine(struct gb_configure_run *run, const char *command,
						 const char *option, int64_t timeout_ms,
						 struct gb_run_result *ret_result,
						 struct gb_err *err);

/** The step first-cycle. Errors: "configure-first-cycle", "configure-plan-changed"; those of gb_run(). */
GB_MUST_CHECK enum gb_rc gb_configure_first_cycle(struct gb_configure_run *run,
						  const char **ret_text, struct gb_err *err);

#endif
