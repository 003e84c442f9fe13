/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files, read and written in one go. */
#ifndef SIM_UTIL_FILE_H
#define SIM_UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/util/mem.h"

/** Largest file that is read. */
#define SIM_FILE_MAX ((size_t)1 << 30)

/** Read @path whole into @ret_text below @ctx (a NUL behind it). */
bool sim_file_read(const void *ctx, const char *path, char **ret_text, size_t *ret_length,
		   struct sim_err *err) SIM_MUST_CHECK;

/** Write @text to @path under another name first, so that a reader sees all of it or nothing. */
bool sim_file_write(const char *path, const char *text, struct sim_err *err) SIM_MUST_CHECK;

#endif
