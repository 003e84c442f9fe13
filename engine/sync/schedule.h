/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the next cycle is due: a rule without a clock of its own, used by the resident scheduler, by
 * `sync --if-due` and by `scheduler show`.
 */
#ifndef GB_SYNC_SCHEDULE_H
#define GB_SYNC_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"

/**
 * Longest pause after refused credentials. Each cycle signs in once; at an interval of a minute a wrong
 * password would lock the account of the directory for good.
 */
#define GB_SCHEDULE_MAX_PAUSE_MS (6 * 60 * 60 * INT64_C(1000))

/**
 * A cycle that finds the last full read this old reads everything: once a week, and before a delta link of
 * Graph can end (seven days). What is read again each day: reconcile.h.
 */
#define GB_SCHEDULE_RECONCILE_MS (6 * 24 * 60 * 60 * INT64_C(1000))
/** A delta cycle that finds the last list of the cloud's groups this old lists them again. */
#define GB_SCHEDULE_LIST_MS (24 * 60 * 60 * INT64_C(1000))

/** True if the next cycle reads everything. @last_full_ms: wall time of the last full read; 0: none. */
bool gb_schedule_full_is_due(int64_t last_full_ms, int64_t now_ms);

/** True if the next cycle lists the cloud's groups. @last_list_ms: wall time of the last list; 0: none. */
bool gb_schedule_list_is_due(int64_t last_list_ms, int64_t now_ms);

/** What is known of the runs so far. */
struct gb_schedule {
	int64_t interval_ms; /**< from the configuration */
	int64_t begun_ms;    /**< wall time when the last run began; 0: there was none */
	int exit_code;       /**< of the last run */
	unsigned refusals;   /**< runs in a row, the last one among them, that ended with 77 */
};

/**
 * Wall time at which the next run begins; @now_ms if it is due already. It begins an interval after the
 * last one began, so that runs keep their rhythm; after each refusal in a row the interval doubles, up
 * to GB_SCHEDULE_MAX_PAUSE_MS. A last run that lies in the future (the clock was set back) counts as none.
 */
int64_t gb_schedule_next_ms(const struct gb_schedule *schedule, int64_t now_ms);

/**
 * What the state directory says about the last run. The interval is the configuration's. A state directory
 * without a report has had no run: GB_OK.
 *
 * Errors: GB_E_CONFIG, GB_E_IO (the report cannot be read), GB_E_PROTOCOL (it is no report).
 */
GB_MUST_CHECK enum gb_rc gb_schedule_read(const struct gb_config *config,
					  struct gb_schedule *ret_schedule, struct gb_err *err);

/** Keep in the state directory that a run ended so; called by the cycle. Errors: GB_E_IO. */
GB_MUST_CHECK enum gb_rc gb_schedule_note(const struct gb_config *config, int64_t begun_ms,
					  int exit_code, struct gb_err *err);

#endif
