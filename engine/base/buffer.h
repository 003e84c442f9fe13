/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A string that grows: what escapes, the JSON writer and the configuration writer append to.
 * Lives below the talloc parent it was made with; talloc_free() it.
 */
#ifndef GB_BASE_BUFFER_H
#define GB_BASE_BUFFER_H

#include <stddef.h>

#include "engine/base/compiler.h"

/** A growing string; always ends with a NUL that is not counted. */
struct gb_buffer {
	char *text;      /**< the bytes so far, child of the buffer; moves when it grows */
	size_t length;   /**< bytes used, without the NUL */
	size_t capacity; /**< bytes allocated */
};

/** An empty buffer below @ctx. */
struct gb_buffer *gb_buffer_new(const void *ctx);

/** Append @length bytes. */
void gb_buffer_add(struct gb_buffer *buffer, const void *bytes, size_t length);

/** Append one byte. */
void gb_buffer_add_char(struct gb_buffer *buffer, char c);

/** Append a string. */
void gb_buffer_add_text(struct gb_buffer *buffer, const char *text);

/** Append printf's output. */
void gb_buffer_add_format(struct gb_buffer *buffer, const char *fmt, ...) GB_PRINTF(2, 3);

/** Free the buffer and hand its string over to @ctx. */
char *gb_buffer_steal(const void *ctx, struct gb_buffer *buffer);

#endif
