/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where secrets are stored on this machine, and writing them there.
 *
 * On a system that systemd booted, a secret is encrypted by systemd-creds(1), which gets it on its
 * standard input, and lies in /etc/credstore.encrypted/groupback.NAME; units name it with
 * LoadCredentialEncrypted=NAME:groupback.NAME. Elsewhere it is a file NAME, mode 0600, in [paths]
 * credentials directory. Only root can do either on an installed system.
 *
 * A *pending* secret lies beside with ".pending" at the end of its name: it was made for an
 * application that is being set up, and takes its place when the configuration is written.
 */
#ifndef GB_CONFIG_CREDSTORE_H
#define GB_CONFIG_CREDSTORE_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/config/credentials.h"

/** True if secrets are encrypted for systemd here. */
bool gb_credstore_is_encrypted(void);

/** Path of a secret in the store, below @ctx. */
char *gb_credstore_path(const void *ctx, const struct gb_config *config, enum gb_credential which,
			bool is_pending);

/**
 * Store a secret: encrypted where gb_credstore_is_encrypted(), else as a file; atomically, mode 0600.
 * The folder is made if it is missing (0700).
 *
 * Errors: GB_E_IO, GB_E_SYSTEM (systemd-creds cannot be run), GB_E_CONFIG (it refuses); what was
 * stored before is unchanged then.
 */
GB_MUST_CHECK enum gb_rc gb_credstore_write(const struct gb_config *config,
					    enum gb_credential which, bool is_pending,
					    const struct gb_secret *secret, struct gb_err *err);

/**
 * Read a secret back from the store alone, below @ctx. As root, with systemd running, it is decrypted.
 *
 * Errors: GB_E_CONFIG ("credential-missing"; not decryptable here), GB_E_SYSTEM, GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_credstore_read(const void *ctx, const struct gb_config *config,
					   enum gb_credential which, bool is_pending,
					   struct gb_secret **ret_secret, struct gb_err *err);

/** The pending secret takes its place in one step. Errors: GB_E_IO. */
GB_MUST_CHECK enum gb_rc gb_credstore_settle(const struct gb_config *config,
					     enum gb_credential which, struct gb_err *err);

#endif
