/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests, random bytes and base64 (libcrypto). No state. */
#ifndef GB_BASE_DIGEST_H
#define GB_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/guid.h"

/** SHA-256 of @length bytes. */
void gb_digest_sha256(const void *bytes, size_t length, uint8_t ret_digest[32]);

/** Bytes of a digest in hex, with the NUL. */
#define GB_DIGEST_HEX_BYTES 65

/** A SHA-256 in the making. Opaque; talloc_free() it. */
struct gb_digest;

/** Of nothing so far; below @ctx. */
struct gb_digest *gb_digest_new(const void *ctx);

/** Add @length bytes. */
void gb_digest_add(struct gb_digest *digest, const void *bytes, size_t length);

/** The digest of all that was added, as lower-case hex. Nothing may be added after it. */
void gb_digest_end(struct gb_digest *digest, char ret_hex[GB_DIGEST_HEX_BYTES]);

/** @length bytes as lower-case hex, below @ctx. */
char *gb_digest_hex(const void *ctx, const void *bytes, size_t length);

/** Fill @bytes with random bytes; ends the program with 71 if the system has none. */
void gb_digest_random(void *bytes, size_t length);

/** A random GUID (RFC 4122 version 4). */
struct gb_guid gb_digest_random_guid(void);

/** Base64 with padding (RFC 4648 section 4), below @ctx. */
char *gb_digest_base64(const void *ctx, const void *bytes, size_t length);

/** Base64url without padding (RFC 4648 section 5), below @ctx. */
char *gb_digest_base64url(const void *ctx, const void *bytes, size_t length);

/**
 * Decode strict base64 with padding into @buffer. Returns the number of bytes, or -1 if the text is
 * not base64 or does not fit @size_bytes.
 */
int gb_digest_base64_decode(const char *text, uint8_t *buffer, size_t size_bytes);

/** Decode base64url without padding. Returns as gb_digest_base64_decode(). */
int gb_digest_base64url_decode(const char *text, uint8_t *buffer, size_t size_bytes);

#endif
