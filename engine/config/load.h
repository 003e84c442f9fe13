/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading groupback.conf: a strict scan (scan.h), then iniparser, then the table, then the rules that
 * concern several keys (validate.h). The result is the whole file or nothing.
 */
#ifndef GB_CONFIG_LOAD_H
#define GB_CONFIG_LOAD_H

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/config/problems.h"

/**
 * Read a file that passes gb_file_open_trusted().
 *
 * @param ret_config    below @ctx; only on success.
 * @param ret_problems  filled on failure: everything that was found, each with file, line and column
 *                      where it has one. @ret_problems->items[0] is there on every failure.
 * Returns GB_E_CONFIG, GB_E_IO, or the code of the system's failure.
 */
GB_MUST_CHECK enum gb_rc gb_config_load(const void *ctx, const char *path,
					struct gb_config **ret_config,
					struct gb_config_problems *ret_problems);

/** The same from memory; @name stands for the file in the messages. */
GB_MUST_CHECK enum gb_rc gb_config_parse(const void *ctx, const char *bytes, size_t length,
					 const char *name, struct gb_config **ret_config,
					 struct gb_config_problems *ret_problems);

#endif
