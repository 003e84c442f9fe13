/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Metrics for Prometheus: a text file for the textfile collector of its node exporter, replaced in one
 * step at the end of each run that may write. No time stamps behind the values (the collector refuses
 * them), no names of groups in labels. What the values mean is in docs/metrics.md.
 */
#ifndef GB_SYNC_METRICS_H
#define GB_SYNC_METRICS_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/report.h"

/** Largest file that is read again for the time of the last success. */
#define GB_METRICS_MAX_BYTES 65536

/**
 * The file as it should be, below @ctx (text format of Prometheus, version 0.0.4).
 *
 * @param success_ms  wall time at which a run ended well before this one; 0: none is known. A run that
 *                    reached its end (exit codes 0 and 3) takes its place.
 */
char *gb_metrics_text(const void *ctx, const struct gb_report *report, int64_t success_ms);

/** The time of the last success in such a text, in milliseconds; 0: none. */
int64_t gb_metrics_success_ms(const char *text);

/** Replace @path, mode 0644. Errors: GB_E_IO, GB_E_CONFIG (no ordinary file). */
GB_MUST_CHECK enum gb_rc gb_metrics_write(const char *path, const struct gb_report *report,
					  struct gb_err *err);

/**
 * The same at the end of a run: not for a dry run, nor for one that another engine locked out, and a
 * failure is only logged, because nobody's groups depend on it.
 */
void gb_metrics_leave(const char *path, const struct gb_report *report);

#endif
