/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings as one JSON text, to be carried to another machine: every key of the table that is set, and
 * the administrator's files that lie beside the configuration (groups selected, filter, mapping,
 * certificates). No secret: those are not in the configuration at all.
 *
 *     {"groupbackSettings": 1, "version": "…", "exported": "…",
 *      "settings": {"cloud": {"tenant": "…"}, …}, "files": {"mapping.txt": "…"}}
 *
 * Reading is strict: an unknown section, key or file, a value that the table refuses, or a newer format
 * is an error, and nothing is taken.
 */
#ifndef GB_CONFIG_SETTINGS_H
#define GB_CONFIG_SETTINGS_H

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/config/problems.h"

/** The format that is written; a newer one is refused. */
#define GB_SETTINGS_FORMAT 1
/** Most files in it, and the largest one. */
#define GB_SETTINGS_MAX_FILES      8
#define GB_SETTINGS_MAX_FILE_BYTES (1024u * 1024u)

/** A file that belongs to the settings. */
struct gb_settings_file {
	char *name; /**< its name in the folder of the configuration: no slash */
	char *text; /**< UTF-8 */
};

/** Settings that were read; a talloc object. */
struct gb_settings {
	struct gb_config *config; /**< as it would be loaded there */
	struct gb_settings_file files[GB_SETTINGS_MAX_FILES];
	size_t file_count;
};

/**
 * The text for @config, which was loaded from @config_path; below @ctx.
 *
 * @param ret_left_out  paths that the configuration names and that lie elsewhere, one a line, below
 *                      @ctx; "" if there are none.
 * Errors: GB_E_CONFIG, GB_E_IO (a file beside the configuration cannot be read, or is no text).
 */
GB_MUST_CHECK enum gb_rc gb_settings_write(const void *ctx, const struct gb_config *config,
					   const char *config_path, char **ret_text,
					   char **ret_left_out, struct gb_err *err);

/**
 * Read a text for a configuration at @config_path.
 *
 * @param name  stands for the file in messages.
 * Returns GB_E_CONFIG and all that is wrong in @ret_problems.
 */
GB_MUST_CHECK enum gb_rc gb_settings_read(const void *ctx, const char *bytes, size_t length,
					  const char *name, const char *config_path,
					  struct gb_settings **ret_settings,
					  struct gb_config_problems *ret_problems);

#endif
