/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the secrets are. They have fixed names. One that the configuration holds in memory (held.h)
 * goes first; then they are looked for in $CREDENTIALS_DIRECTORY (systemd: LoadCredentialEncrypted=, then
 * LoadCredential= of the folder that root alone may read), then in [paths] credentials directory. A
 * file that is there but not acceptable is an error; the other places are not tried then.
 */
#ifndef GB_CONFIG_CREDENTIALS_H
#define GB_CONFIG_CREDENTIALS_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/config/configuration.h"

/** The secrets there are. */
enum gb_credential {
	GB_CREDENTIAL_CLOUD_SECRET = 0,   /**< "cloud-secret": the application's client secret */
	GB_CREDENTIAL_CLOUD_KEY,          /**< "cloud-key": private key of the certificate, PEM */
	GB_CREDENTIAL_DIRECTORY_PASSWORD, /**< "directory-password" */
	GB_CREDENTIAL_DIRECTORY_KEYTAB    /**< "directory-keytab": binary, used by its path */
};

/** In $CREDENTIALS_DIRECTORY, before the name of what systemd found in [paths] credentials directory. */
#define GB_CREDENTIAL_FILE_PREFIX "file_"
/** Largest keytab in bytes. */
#define GB_CREDENTIAL_MAX_KEYTAB_BYTES (1024u * 1024u)

/** Name of the file. */
const char *gb_credential_name(enum gb_credential which);

/**
 * Read a secret (not the keytab) with the checks of gb_secret_read_file(), below @ctx.
 *
 * Errors: GB_E_CONFIG, GB_E_IO; id "credential-missing" if it is in neither place.
 */
GB_MUST_CHECK enum gb_rc gb_credential_read(const void *ctx, const struct gb_config *config,
					    enum gb_credential which, struct gb_secret **ret_secret,
					    struct gb_err *err);

/**
 * Path of a secret that a library reads itself (the keytab), after the same checks; below @ctx.
 *
 * Errors: as gb_credential_read().
 */
GB_MUST_CHECK enum gb_rc gb_credential_path(const void *ctx, const struct gb_config *config,
					    enum gb_credential which, char **ret_path,
					    struct gb_err *err);

/**
 * Path of the file that counts, unchecked, below @ctx: systemd's if it handed one over, else ours.
 *
 * Errors: GB_E_CONFIG "credential-missing".
 */
GB_MUST_CHECK enum gb_rc gb_credential_find(const void *ctx, const struct gb_config *config,
					    enum gb_credential which, char **ret_path,
					    struct gb_err *err);

#endif
