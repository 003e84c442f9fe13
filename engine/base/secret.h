/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets are a type: passwords, client secrets, private keys, tokens.
 *
 * A gb_secret lives in locked memory that is left out of cores, is wiped when its talloc parent
 * goes, and has no formatter: the only way to the bytes is gb_secret_bytes(), which is used by the
 * call that needs them and nowhere else.
 */
#ifndef GB_BASE_SECRET_H
#define GB_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Longest secret in bytes. */
#define GB_SECRET_MAX_BYTES 65536

/** Opaque. */
struct gb_secret;

/** A secret that holds a copy of @length bytes (0 … GB_SECRET_MAX_BYTES). Below @ctx. */
struct gb_secret *gb_secret_new(const void *ctx, const void *bytes, size_t length);

/** An empty secret with room for @capacity bytes, which is filled through gb_secret_room(). */
struct gb_secret *gb_secret_new_empty(const void *ctx, size_t capacity);

/** Where a secret that is being typed or put together is written: its whole capacity. Borrowed. */
char *gb_secret_room(struct gb_secret *secret);

/** How many of the bytes count from now on, at most the capacity; what is behind them is wiped. */
void gb_secret_set_length(struct gb_secret *secret, size_t length);

/** The bytes, with a NUL behind them that is not counted. Borrowed; never store or print them. */
const char *gb_secret_bytes(const struct gb_secret *secret);

/** Number of bytes. */
size_t gb_secret_length(const struct gb_secret *secret);

/** Constant-time comparison. */
bool gb_secret_equal(const struct gb_secret *a, const struct gb_secret *b);

/** Wipe @length bytes in a way that the compiler keeps. */
void gb_secret_wipe(void *bytes, size_t length);

/**
 * Read a secret from a file with the checks of gb_file_open_trusted() (GB_FILE_PRIVATE), at most
 * GB_SECRET_MAX_BYTES. Exactly one trailing line end (LF or CR LF) is cut.
 *
 * Errors: GB_E_CONFIG (missing, too open, empty, too long, holds NUL), GB_E_IO; the text names the
 * file and never what is in it.
 */
GB_MUST_CHECK enum gb_rc gb_secret_read_file(const void *ctx, const char *path,
					     struct gb_secret **ret_secret, struct gb_err *err);

/**
 * The same for a secret that is no text (a keytab): nothing is cut off, and zero bytes may be in it.
 */
GB_MUST_CHECK enum gb_rc gb_secret_read_binary(const void *ctx, const char *path,
					       struct gb_secret **ret_secret, struct gb_err *err);

#endif
