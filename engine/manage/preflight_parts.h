/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a preflight: for the files that make its lines, and nobody else. */
#ifndef GB_MANAGE_PREFLIGHT_PARTS_H
#define GB_MANAGE_PREFLIGHT_PARTS_H

#include "engine/base/err.h"
#include "engine/manage/preflight.h"
#include "engine/sync/session.h"

/** A preflight under way. */
struct gb_preflight_run {
	struct gb_preflight *result;
	struct gb_session *session;
};

/**
 * Add a line: passed with @found (NULL: nothing to say) if @rc is GB_OK, else failed with @err.
 *
 * @param id     stable; static.
 * @param title  translated; static.
 */
void gb_preflight_add(struct gb_preflight_run *run, const char *id, const char *title,
		      enum gb_rc rc, const struct gb_err *err, const char *found);

/** Add a line that passed, and yet somebody should look: @text says at what, and what to do. */
void gb_preflight_warn(struct gb_preflight_run *run, const char *id, const char *title,
		       const char *text);

/** The state directory, its disk and the state in it. Needs no connection. */
void gb_preflight_machine(struct gb_preflight_run *run);

/** Clock, Recycle Bin, and rights on the container; after the directory was opened. */
void gb_preflight_directory(struct gb_preflight_run *run);

/** Whether the directory enforces the source of authority; after the directory was opened. */
void gb_preflight_authority(struct gb_preflight_run *run);

#endif
