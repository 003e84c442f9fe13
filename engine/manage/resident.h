/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The resident scheduler: a small parent that runs each cycle as a child process of its own.
 *
 * The child may block in a connect; the parent never does: it answers signals, tells the service manager how
 * things stand, and starts the next cycle when it is due. What a cycle used is given back by the child's end, so
 * the parent stays small for years. The configuration is read anew before each cycle and on SIGHUP; the
 * interval lives in it alone.
 *
 * A child that leaves no trace in the state directory for GB_RESIDENT_STUCK_MS is ended (SIGTERM, then
 * SIGKILL); the journal makes that safe.
 */
#ifndef GB_MANAGE_RESIDENT_H
#define GB_MANAGE_RESIDENT_H

#include <stdint.h>

/** A cycle that writes nothing to its state for so long hangs: Graph's longest Retry-After is far below. */
#define GB_RESIDENT_STUCK_MS (2 * 60 * 60 * INT64_C(1000))
/** What a cycle that is told to stop gets: ten seconds for what is in flight (apply/), and its commit. */
#define GB_RESIDENT_GRACE_MS (20 * INT64_C(1000))

/**
 * Run until SIGTERM or SIGINT. Returns the exit code of the process: 143 or 130 after a signal, 78 if the
 * configuration cannot be read at the start, 71 if no child can be started at all.
 *
 * @param program      the engine itself, run as `PROGRAM sync --config PATH`.
 * @param config_path  the configuration.
 */
int gb_resident_run(const char *program, const char *config_path);

#endif
