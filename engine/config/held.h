/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets and certificates that a configuration has in memory instead of in files: those that were
 * typed and are not stored yet, and those that root read before it became another user. Whatever is
 * held goes before the files; credentials.h and authorities.h look here first.
 *
 * Everything belongs to the configuration and goes with it.
 */
#ifndef GB_CONFIG_HELD_H
#define GB_CONFIG_HELD_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/config/configuration.h"

/** What can be held: the secrets in the order of enum gb_credential, then public files. */
enum gb_held_kind {
	GB_HELD_CLOUD_SECRET = 0,
	GB_HELD_CLOUD_KEY,
	GB_HELD_DIRECTORY_PASSWORD,
	GB_HELD_DIRECTORY_KEYTAB,
	GB_HELD_CERTIFICATE,  /**< what [cloud] certificate file would hold */
	GB_HELD_CLOUD_CA,     /**< what [cloud] ca file would hold */
	GB_HELD_DIRECTORY_CA, /**< what [directory] ca file would hold */
	GB_HELD_COUNT
};

/** Hold a copy of a secret (a kind below GB_HELD_CERTIFICATE) in place of what was held before. */
void gb_held_put(struct gb_config *config, enum gb_held_kind kind, const struct gb_secret *secret);

/** Hold a copy of a public file's content (a kind from GB_HELD_CERTIFICATE on). */
void gb_held_put_public(struct gb_config *config, enum gb_held_kind kind, const char *pem);

/** The secret that is held, or NULL. Borrowed. */
const struct gb_secret *gb_held_secret(const struct gb_config *config, enum gb_held_kind kind);

/** The public content that is held, or NULL. Borrowed. */
const char *gb_held_public(const struct gb_config *config, enum gb_held_kind kind);

/** Why there is none, if it was looked for in vain (gb_held_take_stored()); else NULL. Borrowed. */
const struct gb_err *gb_held_failure(const struct gb_config *config, enum gb_held_kind kind);

/**
 * A path under which libraries of this process can read what is held: a file in memory, gone with the
 * configuration. Borrowed. NULL if nothing is held.
 *
 * Errors: GB_E_SYSTEM.
 */
GB_MUST_CHECK enum gb_rc gb_held_path(const struct gb_config *config, enum gb_held_kind kind,
				      const char **ret_path, struct gb_err *err);

/**
 * Read from the files everything that the configuration uses and does not hold yet, and hold it. What
 * is missing, or not acceptable, is remembered with its error; whoever needs it gets that error.
 */
void gb_held_take_stored(struct gb_config *config);

#endif
