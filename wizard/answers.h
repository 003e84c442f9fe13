/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers files: the same fields, rules and probes, with nobody to ask. The form is that of
 * groupback.conf; besides its keys a file may hold every named field of the pages. Whatever is wrong
 * with it is told with line and column before the first page is walked, and nothing is written then.
 */
#ifndef WZ_ANSWERS_H
#define WZ_ANSWERS_H

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/problems.h"
#include "wizard/session.h"

/**
 * Take the values of the file into the draft: all, or none.
 *
 * @param problems  what is wrong, each with FILE:LINE:COLUMN, the key and what is allowed.
 */
GB_MUST_CHECK enum gb_rc wz_answers_read(struct wz *wz, const char *path,
					 struct gb_config_problems *problems);

/**
 * Take secrets from files: each of @specs is "NAME=PATH", NAME as in docs/probe.md. What they do not name
 * is looked for in $CREDENTIALS_DIRECTORY. Errors: GB_E_USAGE (there is no such secret), and those of
 * gb_secret_read_file().
 */
GB_MUST_CHECK enum gb_rc wz_answers_read_secrets(struct wz *wz, const char *const *specs,
						 size_t count, struct gb_err *err);

/** Walk the pages by what the draft holds; says on standard output what it does. Ends the session. */
void wz_answers_run(struct wz *wz, const char *path);

/** The text of an answers file, below @ctx. */
char *wz_answers_text(const void *ctx, struct wz *wz);

#endif
