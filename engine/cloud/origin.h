/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the bearer token may go: one scheme, host and port, taken from the configuration.
 *
 * A nextLink or deltaLink is text from outside, and a stored one is text from a disk; each is
 * checked here before a request with the token is made of it. URLs are read by the parser that
 * sends them (curl_url), so that check and request cannot understand one text in two ways. Pure.
 */
#ifndef GB_CLOUD_ORIGIN_H
#define GB_CLOUD_ORIGIN_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Longest link that is followed, in bytes; Graph's own reach a few thousand. */
#define GB_ORIGIN_MAX_LINK_BYTES 8192

/** Opaque; talloc_free() it. */
struct gb_origin;

/**
 * An origin from a configured base URL: "https://host" or "https://host:port", a final "/" allowed;
 * no user, path, query or fragment.
 *
 * @param key  the configuration's name for it, for the error.
 * Errors: GB_E_CONFIG.
 */
GB_MUST_CHECK enum gb_rc gb_origin_new(const void *ctx, const char *key, const char *base_url,
				       struct gb_origin **ret_origin, struct gb_err *err);

/** "https://host" or "https://host:port" (a port other than 443), lower case. Borrowed. */
const char *gb_origin_url(const struct gb_origin *origin);

/**
 * True if @link is an absolute https URL of this origin whose path, after removal of dot segments,
 * begins with "/v1.0/" or "/beta/"; without user, fragment, backslash, blanks or bytes outside
 * ASCII.
 */
GB_MUST_CHECK bool gb_origin_allows(const struct gb_origin *origin, const char *link);

/**
 * gb_origin_allows() with an error.
 *
 * @param what  where the link comes from, translated: "the next page of the list of groups".
 * Errors: GB_E_PROTOCOL, id "cloud-foreign-link"; the text shows the link's host, never its query.
 */
GB_MUST_CHECK enum gb_rc gb_origin_check(const struct gb_origin *origin, const char *link,
					 const char *what, struct gb_err *err);

/** The path of an allowed link ("/v1.0/groups/delta"), below @ctx. NULL if it is not allowed. */
char *gb_origin_path(const void *ctx, const struct gb_origin *origin, const char *link);

#endif
