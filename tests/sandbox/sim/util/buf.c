/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A byte buffer that grows. */
#include "config.h"

#include "sim/util/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct sim_buf *sim_buf_new(const void *ctx)
{
	struct sim_buf *buf = sim_new(ctx, struct sim_buf);

	buf->capacity = 256;
	buf->data = sim_new_array(buf, char, buf->capacity);
	return buf;
}

void sim_buf_reserve(struct sim_buf *buf, size_t more)
{
	size_t needed = buf->length + more + 1;

	if (needed <= buf->capacity) {
		return;
	}
	while (buf->capacity < needed) {
		buf->capacity *= 2;
	}
	buf->data = sim_mem_check(talloc_realloc_size(buf, buf->data, buf->capacity));
}

void sim_buf_add(struct sim_buf *buf, const void *bytes, size_t length)
{
	sim_buf_reserve(buf, length);
	if (length > 0) {
		memcpy(buf->data + buf->length, bytes, length);
	}
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void sim_buf_text(struct sim_buf *buf, const char *text)
{
	sim_buf_add(buf, text, strlen(text));
}

void sim_buf_byte(struct sim_buf *buf, char byte)
{
	sim_buf_add(buf, &byte, 1);
}

void sim_buf_printf(struct sim_buf *buf, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, fmt);
	text = sim_mem_check(talloc_vasprintf(buf, fmt, args));
	va_end(args);
	sim_buf_text(buf, text);
	talloc_free(text);
}

void sim_buf_number(struct sim_buf *buf, uint64_t number, size_t size)
{
	for (size_t i = size; i > 0; i--) {
		sim_buf_byte(buf, (char)(unsigned char)(number >> (8 * (i - 1))));
	}
}

void sim_buf_cut(struct sim_buf *buf, size_t length)
{
	if (length < buf->length) {
		buf->length = length;
		buf->data[length] = '\0';
	}
}
