/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Typed reading of one record of a page: absent and null are told apart, a wrong type is an error
 * of the record, and the first error sticks, so that a parser reads straight down.
 *
 * Nothing is ever defaulted: a property that is there and is not what it should be makes the record
 * unusable (nobody may conclude anything from it), and only that record.
 */
#ifndef GB_CLOUD_RECORD_H
#define GB_CLOUD_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/cloud_object.h"
#include "engine/base/err.h"
#include "engine/base/json.h"

/** One record of a page. @path is "value[3]". Non-OK stops the reading with @err. */
typedef enum gb_rc (*gb_record_fn)(void *user, const struct gb_json *object, const char *path,
				   struct gb_err *err);

/** Call @fn for each record of the array @value, up to the first that is not GB_OK. */
GB_MUST_CHECK enum gb_rc gb_record_each(const struct gb_json *value, gb_record_fn fn, void *user,
					struct gb_err *err);

/** A record being read. A plain value on the reader's stack. */
struct gb_record {
	const struct gb_json *object;
	const char *path;   /**< for errors: "value[3]" */
	unsigned present;   /**< bits of the properties that were there, null included */
	enum gb_rc rc;      /**< GB_OK until the first error */
	struct gb_err *err; /**< filled at the first error; not NULL */
};

/** Start reading @object. */
void gb_record_init(struct gb_record *record, const struct gb_json *object, const char *path,
		    struct gb_err *err);

/** A text: NULL if null, absent or not a text; sets @bit in present if it is there. Borrowed. */
const char *gb_record_text(struct gb_record *record, const char *key, unsigned bit);

/** A boolean: GB_UNKNOWN if null or absent. */
enum gb_tristate gb_record_tristate(struct gb_record *record, const char *key, unsigned bit);

/** A SID in text form: none if null or absent; a malformed one is an error. */
struct gb_sid gb_record_sid(struct gb_record *record, const char *key, unsigned bit);

/** An array of texts: NULL if absent or null. Borrowed; its elements are texts. */
const struct gb_json *gb_record_texts(struct gb_record *record, const char *key, unsigned bit);

/** An object: NULL if absent or null; @bit is set only if it is an object. Borrowed. */
const struct gb_json *gb_record_object(struct gb_record *record, const char *key, unsigned bit);

/**
 * Make the record unusable because of @key: "value[3].displayName <reason>". Keeps the first error.
 *
 * @param reason  marked by N_(); translated here, since hardly any record is refused.
 */
void gb_record_refuse(struct gb_record *record, const char *key, const char *reason);

/**
 * The record's id. Without a good one the page is not usable: nobody could say whom it is about.
 *
 * Errors: GB_E_PROTOCOL, id "graph-record-id".
 */
GB_MUST_CHECK enum gb_rc gb_record_id(const struct gb_json *object, const char *path,
				      struct gb_guid *ret_id, struct gb_err *err);

/** @odata.type as a type; GB_CLOUD_OTHER if it is absent, no text or unknown to us. */
enum gb_cloud_type gb_record_type(const struct gb_json *object);

/**
 * "@removed" of a record.
 *
 * Errors: GB_E_PROTOCOL if it is there and its reason is neither "changed" nor "deleted".
 */
GB_MUST_CHECK enum gb_rc gb_record_removed(const struct gb_json *object, const char *path,
					   enum gb_cloud_removed *ret_removed, struct gb_err *err);

#endif
