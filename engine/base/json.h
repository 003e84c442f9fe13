/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON: a strict gate, typed getters, and a writer.
 *
 * Reading: gb_json_parse() refuses what RFC 8259 or our caps refuse (depth, nodes, size, bad UTF-8,
 * duplicate keys, \u0000, unpaired surrogates, trailing bytes) before cJSON sees the text, then
 * hands out a document. Nodes are borrowed from the document and die with it. Getters are
 * case-sensitive, and gb_json_member_kind() tells absent from null from a wrong type.
 *
 * Writing: a gb_json_writer appends to a string; it cannot make invalid JSON (it asserts nesting).
 */
#ifndef GB_BASE_JSON_H
#define GB_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Deepest nesting that is read. */
#define GB_JSON_MAX_DEPTH 32
/** Most values in one document. */
#define GB_JSON_MAX_NODES 400000
/** Largest document in bytes. */
#define GB_JSON_MAX_BYTES (16u * 1024u * 1024u)

/** A parsed document; owns its nodes. Opaque. */
struct gb_json_doc;
/** A value inside a document. Opaque, borrowed. */
struct gb_json;

/**
 * Parse @length bytes whose top value is an object.
 *
 * @param source  what the text is, for the error: "the answer of graph.microsoft.com".
 * Errors: GB_E_PROTOCOL with the byte offset and the reason.
 */
GB_MUST_CHECK enum gb_rc gb_json_parse(const void *ctx, const char *bytes, size_t length,
				       const char *source, struct gb_json_doc **ret_doc,
				       struct gb_err *err);

/** The top object. */
const struct gb_json *gb_json_root(const struct gb_json_doc *doc);

/** What a member of an object is. */
enum gb_json_kind {
	GB_JSON_ABSENT, /**< no such member */
	GB_JSON_NULL,
	GB_JSON_BOOL,
	GB_JSON_NUMBER,
	GB_JSON_STRING,
	GB_JSON_ARRAY,
	GB_JSON_OBJECT
};

/** Kind of the value itself. */
enum gb_json_kind gb_json_kind(const struct gb_json *value);

/** The member @key of an object, or NULL if it is absent or @object is no object. */
const struct gb_json *gb_json_get(const struct gb_json *object, const char *key);

/** Kind of the member @key: GB_JSON_ABSENT if there is none. */
enum gb_json_kind gb_json_member_kind(const struct gb_json *object, const char *key);

/** The string itself, or NULL if @value is not a string. Borrowed. */
const char *gb_json_text(const struct gb_json *value);

/** True if @value is the boolean true. */
bool gb_json_bool(const struct gb_json *value);

/** The whole number itself; false as gb_json_get_int(). */
GB_MUST_CHECK bool gb_json_int(const struct gb_json *value, int64_t *ret_value);

/** The string member @key, or NULL if it is absent, null or no string. Borrowed. */
const char *gb_json_get_text(const struct gb_json *object, const char *key);

/** The boolean member @key; @fallback if it is absent, null or no boolean. */
bool gb_json_get_bool(const struct gb_json *object, const char *key, bool fallback);

/**
 * The whole number member @key. False if it is absent, no number, has a fraction or leaves
 * ±(2^53 - 1): cJSON keeps numbers as doubles, which are exact up to there (RFC 7493 section 2.2).
 */
GB_MUST_CHECK bool gb_json_get_int(const struct gb_json *object, const char *key,
				   int64_t *ret_value);

/** First element of an array (or member of an object); NULL if there is none. */
const struct gb_json *gb_json_first(const struct gb_json *array);

/** Next sibling; NULL at the end. */
const struct gb_json *gb_json_next(const struct gb_json *element);

/** Name of a member while walking an object; NULL for array elements. Borrowed. */
const char *gb_json_name(const struct gb_json *member);

/** A writer. Opaque; talloc_free() it. */
struct gb_json_writer;

/** A writer below @ctx. @pretty: two blanks of indentation, one member a line; else one line. */
struct gb_json_writer *gb_json_writer_new(const void *ctx, bool pretty);

/** Begin an object or array; @key is its name inside an object, NULL elsewhere. */
void gb_json_begin_object(struct gb_json_writer *w, const char *key);
void gb_json_end_object(struct gb_json_writer *w);
void gb_json_begin_array(struct gb_json_writer *w, const char *key);
void gb_json_end_array(struct gb_json_writer *w);

/**
 * Write one value; @key is its name inside an object, NULL inside an array. @text NULL writes null;
 * bytes that are not UTF-8 become U+FFFD. The result is safe on one line of a terminal: controls of
 * C0 and C1 and line separators are written as \uXXXX.
 */
void gb_json_put_text(struct gb_json_writer *w, const char *key, const char *text);
void gb_json_put_int(struct gb_json_writer *w, const char *key, int64_t value);
void gb_json_put_bool(struct gb_json_writer *w, const char *key, bool value);
void gb_json_put_null(struct gb_json_writer *w, const char *key);

/** Write a copy of a value that was read: objects and arrays with everything in them. */
void gb_json_put_copy(struct gb_json_writer *w, const char *key, const struct gb_json *value);

/** The text so far; complete when everything that was begun has ended. Borrowed from the writer. */
const char *gb_json_writer_text(const struct gb_json_writer *w);

#endif
