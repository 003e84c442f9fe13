/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alerts: a run that somebody should look at is told once, and not again and again.
 *
 * The engine may not start programs of the system, nor send mail. So it leaves the text in the file
 * "alert" of the state directory; groupback-alert.path sees that it changed and starts the alert unit,
 * which has a mail and a command hook (docs/operations.md). What was told is kept in "alert.json".
 */
#ifndef GB_MANAGE_ALERT_H
#define GB_MANAGE_ALERT_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** The same trouble is told again after this time. */
#define GB_ALERT_AGAIN_MS (24 * 60 * 60 * INT64_C(1000))
/** Runs in a row after which trouble that passes by itself (69, 75) is told. */
#define GB_ALERT_PATIENCE 3

/** What is remembered between runs. All zero: all is well. */
struct gb_alert_memory {
	int code;          /**< exit code that was told; 0: none */
	int64_t told_ms;   /**< wall time of that */
	unsigned failures; /**< runs in a row that ended with 69 or 75 */
};

/** What to tell. */
enum gb_alert_word {
	GB_ALERT_NOTHING = 0,
	GB_ALERT_TROUBLE,  /**< somebody should look */
	GB_ALERT_RECOVERED /**< the trouble that was told is over */
};

/** Judge the end of a run by its exit code. Pure; changes *memory. */
enum gb_alert_word gb_alert_judge(struct gb_alert_memory *memory, int exit_code, int64_t now_ms);

/**
 * Judge the end of a run, and leave the text if there is something to tell.
 *
 * @param summary  one line, safe to show.
 * @param reason   what ended it early, in sentences, safe to show; or "".
 * Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_alert_note(const char *state_directory, int exit_code,
				       const char *summary, const char *reason,
				       struct gb_err *err);

#endif
