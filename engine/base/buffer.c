/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A string that grows. */
#include "config.h"

#include "engine/base/buffer.h"

#include <stdarg.h>
#include <string.h>

#include "engine/base/mem.h"

#define FIRST_BYTES 64u

struct gb_buffer *gb_buffer_new(const void *ctx)
{
	struct gb_buffer *buffer = gb_new(ctx, struct gb_buffer);

	buffer->capacity = FIRST_BYTES;
	buffer->text = gb_new_array(buffer, char, FIRST_BYTES);
	return buffer;
}

static void reserve(struct gb_buffer *buffer, size_t more)
{
	size_t needed = buffer->length + more + 1;

	if (needed <= buffer->capacity) {
		return;
	}
	while (buffer->capacity < needed) {
		buffer->capacity *= 2;
	}
	buffer->text = gb_mem_check(
		talloc_realloc(buffer, buffer->text, char, gb_mem_count(buffer->capacity)));
}

void gb_buffer_add(struct gb_buffer *buffer, const void *bytes, size_t length)
{
	reserve(buffer, length);
	if (length) {
		memcpy(buffer->text + buffer->length, bytes, length);
	}
	buffer->length += length;
	buffer->text[buffer->length] = '\0';
}

void gb_buffer_add_char(struct gb_buffer *buffer, char c)
{
	gb_buffer_add(buffer, &c, 1);
}

void gb_buffer_add_text(struct gb_buffer *buffer, const char *text)
{
	gb_buffer_add(buffer, text, strlen(text));
}

void gb_buffer_add_format(struct gb_buffer *buffer, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = gb_mem_check(talloc_vasprintf(buffer, fmt, args));
	va_end(args);
	gb_buffer_add_text(buffer, text);
	talloc_free(text);
}

char *gb_buffer_steal(const void *ctx, struct gb_buffer *buffer)
{
	char *text = talloc_steal(ctx, buffer->text);

	talloc_free(buffer);
	return text;
}
