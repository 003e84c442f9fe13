/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several commands share: loading the configuration, and speaking. */
#ifndef GB_COMMANDS_COMMON_H
#define GB_COMMANDS_COMMON_H

#include "engine/base/err.h"
#include "engine/commands/arguments.h"
#include "engine/config/configuration.h"
#include "engine/config/problems.h"
#include "engine/sync/cycle.h"
#include "engine/sync/report.h"

/**
 * The configuration that the command line names, below @ctx. A program that was started as root has
 * then read the secrets and become the user groupback (privilege.h). NULL after every problem was
 * printed to standard error: leave with 78 then.
 */
struct gb_config *gb_common_load(const void *ctx, const struct gb_arguments *arguments);

/** The same for a command that changes files of root's: it stays who it is, and talks to nobody. */
struct gb_config *gb_common_read(const void *ctx, const struct gb_arguments *arguments);

/** Print every problem of a configuration to standard error. */
void gb_common_print_problems(const struct gb_config_problems *problems);

/** The number of a run; false after an error for people was printed: leave with 64 then. */
bool gb_common_run_number(const char *word, int64_t *ret_run_no);

/** Progress of the writing, for gb_cycle_options.progress; shown on a terminal alone. */
void gb_common_show_progress(void *user, const struct gb_apply_progress *progress);

/** Which cycle --policy asks for. */
enum gb_cycle_policy gb_common_policy(const struct gb_arguments *arguments);

/** Print an error for people to standard error. */
void gb_common_print_err(const struct gb_err *err);

/**
 * Print the end of a run: with --json the whole report on standard output; else its lines for people
 * on standard output and the summary on standard error, where the log is. Returns the exit code.
 */
int gb_common_end_run(const struct gb_arguments *arguments, const struct gb_report *report);

#endif
