/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pausing a group, and resuming it. */
#ifndef GB_MANAGE_PAUSE_H
#define GB_MANAGE_PAUSE_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/sync/find_group.h"

/**
 * Pause a group (it stays as it is, whatever the cloud says), or resume it: the next cycle compares
 * all of it.
 *
 * @param word        objectId or display name.
 * @param resume      true: resume.
 * @param ret_found   the group; its name is below @ctx.
 * @param ret_changed false if it was so already.
 * Errors: GB_E_TRY_AGAIN (an engine is at work), GB_E_USAGE (no such group; too many paused), those
 * of state and decisions.
 */
GB_MUST_CHECK enum gb_rc gb_pause_group(const void *ctx, const struct gb_config *config,
					const char *word, bool resume,
					struct gb_found_group *ret_found, bool *ret_changed,
					struct gb_err *err);

#endif
