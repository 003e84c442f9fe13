/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of a configuration: from text to its field and back, as the table says.
 *
 * gb_config_get() of what gb_config_set() took gives the canonical text; setting that again changes
 * nothing. Every canonical text can stand between double quotes in the file.
 */
#ifndef GB_CONFIG_VALUE_H
#define GB_CONFIG_VALUE_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/config/keys.h"

/**
 * Set one value.
 *
 * @param text  UTF-8. "" unsets a key that has no default and is refused for others; NULL goes back
 *              to the default.
 * Errors: GB_E_CONFIG with id "config-value"; the text names the key and says what is allowed. The
 * configuration is unchanged then.
 */
GB_MUST_CHECK enum gb_rc gb_config_set(struct gb_config *config, const struct gb_key *key,
				       const char *text, struct gb_err *err);

/** The value in its canonical text, below @ctx; NULL if it is not set. */
char *gb_config_get(const void *ctx, const struct gb_config *config, const struct gb_key *key);

#endif
