/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A password that is given for once: from a file, or from standard input. Never from argv. */
#ifndef GB_COMMANDS_PASSWORD_H
#define GB_COMMANDS_PASSWORD_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"

/**
 * Read a password, below @ctx: the trusted file @path (gb_secret_read_file()), or with NULL the first
 * line of standard input. On a terminal it is asked for without being shown.
 *
 * @param who  whose it is, for the prompt; shown safely.
 * Errors: GB_E_USAGE "password-missing" (an empty line, or none), "password-too-long"; those of the
 *         file.
 */
GB_MUST_CHECK enum gb_rc gb_password_read(const void *ctx, const char *path, const char *who,
					  struct gb_secret **ret_secret, struct gb_err *err);

#endif
