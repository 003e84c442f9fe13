/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preflight: everything that can be known before a cycle, one line each, with the remedy.
 *
 * It opens what a cycle opens, by the same functions, writes nothing, and goes on after a failure
 * as far as that makes sense: who is called at night wants all of it at once.
 */
#ifndef GB_MANAGE_PREFLIGHT_H
#define GB_MANAGE_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/config/configuration.h"

/** Most lines of a preflight. */
#define GB_PREFLIGHT_MAX_LINES 32

/** One check. */
struct gb_preflight_line {
	const char *id;    /**< stable name for machines */
	const char *title; /**< what was checked, translated */
	bool passed;       /**< the verdict */
	bool is_warning;   /**< it passed, and yet somebody should look at it */
	const char *text;  /**< what was found; else what to do; may be "" */
};

/** All checks. */
struct gb_preflight {
	struct gb_preflight_line lines[GB_PREFLIGHT_MAX_LINES];
	size_t line_count;
	int exit_code; /**< 0, or the worst of the failures */
};

/** Run them, below @ctx. @offline: only what needs no connection. */
struct gb_preflight *gb_preflight_run(const void *ctx, const struct gb_config *config,
				      bool offline);

#endif
