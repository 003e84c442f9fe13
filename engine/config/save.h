/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing groupback.conf; iniparser's own writer loses data, so this one is ours. */
#ifndef GB_CONFIG_SAVE_H
#define GB_CONFIG_SAVE_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"

/**
 * The file as it would be written, below @ctx: every key with its help as a comment, every value in
 * double quotes; keys that are not set as comments. Comments that people added are not kept.
 */
char *gb_config_text(const void *ctx, const struct gb_config *config);

/**
 * Replace @path atomically (gb_file_write_atomic), mode 0644: there is no secret in it. What is
 * written is parsed again first; a configuration that could not be loaded is never written.
 *
 * Errors: GB_E_CONFIG (the first problem), GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_config_save(const struct gb_config *config, const char *path,
					struct gb_err *err);

/**
 * Change one key of a configuration and save it.
 *
 * @param config   as it was loaded from @path; changed.
 * @param section  of the table of keys, as @name.
 * Errors: GB_E_CONFIG (@value does not fit the key), and those of gb_config_save().
 */
GB_MUST_CHECK enum gb_rc gb_config_save_key(struct gb_config *config, const char *path,
					    const char *section, const char *name,
					    const char *value, struct gb_err *err);

#endif
