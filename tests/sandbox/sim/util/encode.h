/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encodings of bytes: base64url, base64, hexadecimal, percent, GUID.
 *
 * Pure functions; results belong to the talloc parent that is given.
 */
#ifndef SIM_UTIL_ENCODE_H
#define SIM_UTIL_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/mem.h"

/** Bytes of a GUID in the order of its text. */
#define SIM_GUID_SIZE 16
/** Characters of a GUID's text, NUL included. */
#define SIM_GUID_TEXT 37

/** Base64url without padding (RFC 7515, section 2). */
char *sim_base64url(const void *ctx, const void *bytes, size_t length);

/** Base64 with padding (RFC 4648, section 4). */
char *sim_base64(const void *ctx, const void *bytes, size_t length);

/** Decode base64url (padding tolerated). NULL if it is malformed; @ret_length gets the bytes. */
uint8_t *sim_base64url_decode(const void *ctx, const char *text, size_t length, size_t *ret_length);

/** Upper-case hexadecimal. */
char *sim_hex(const void *ctx, const void *bytes, size_t length);

/**
 * Undo percent-encoding. @plus: '+' is a space (forms, RFC 1866). NULL if a percent sign is not
 * followed by two hexadecimal digits, or if the result holds a NUL or is not UTF-8.
 */
char *sim_percent_decode(const void *ctx, const char *text, size_t length, bool plus);

/** Percent-encode everything but unreserved characters and "$,()=':" (as Graph's links do). */
char *sim_percent_encode(const void *ctx, const char *text);

/** Read the 36-character text form, any case. False if it is none. */
bool sim_guid_parse(const char *text, uint8_t ret_guid[SIM_GUID_SIZE]);

/** Write the lower-case text form. */
void sim_guid_format(const uint8_t guid[SIM_GUID_SIZE], char ret_text[SIM_GUID_TEXT]);

#endif
