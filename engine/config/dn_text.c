/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distinguished names as they stand in the configuration: a small parser of RFC 4514 section 3. */
#include "config.h"

#include "engine/config/dn_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"

struct reader {
	const char *at;
	struct gb_buffer *out;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The hex digit in upper case, or NUL. */
static char hex_digit(char c)
{
	if (is_digit(c) || (c >= 'A' && c <= 'F')) {
		return c;
	}
	return c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : '\0';
}

static void skip_blanks(struct reader *r)
{
	while (*r->at == ' ') {
		r->at++;
	}
}

/* numericoid = number 1*( DOT number ) (RFC 4512 section 1.4) */
static bool read_oid(struct reader *r)
{
	bool dotted = false;

	for (;;) {
		if (!is_digit(*r->at)) {
			return false;
		}
		while (is_digit(*r->at)) {
			gb_buffer_add_char(r->out, *r->at++);
		}
		if (*r->at != '.') {
			return dotted;
		}
		gb_buffer_add_char(r->out, *r->at++);
		dotted = true;
	}
}

/* descr = keystring (RFC 4512 section 1.4), or a numericoid. */
static bool read_type(struct reader *r)
{
	if (is_digit(*r->at)) {
		return read_oid(r);
	}
	if (!is_letter(*r->at)) {
		return false;
	}
	while (is_letter(*r->at) || is_digit(*r->at) || *r->at == '-') {
		gb_buffer_add_char(r->out, *r->at++);
	}
	return true;
}

static void add_hex_pair(struct reader *r, char c)
{
	gb_buffer_add_format(r->out, "\\%02X", (unsigned)(unsigned char)c);
}

/* pair = ESC ( ESC / special / hexpair ); the cursor stands behind the ESC. */
static bool read_pair(struct reader *r)
{
	char high = hex_digit(r->at[0]);
	char low = high ? hex_digit(r->at[1]) : '\0';

	if (low) {
		gb_buffer_add_char(r->out, '\\');
		gb_buffer_add_char(r->out, high);
		gb_buffer_add_char(r->out, low);
		r->at += 2;
		return true;
	}
	if (*r->at == '\0' || !strchr("\"+,;<>\\ #=", *r->at)) {
		return false;
	}
	if (strchr("\"; #", *r->at)) {
		add_hex_pair(r, *r->at);
	} else {
		gb_buffer_add_char(r->out, '\\');
		gb_buffer_add_char(r->out, *r->at);
	}
	r->at++;
	return true;
}

/* One character of a value, escaped or not. */
static bool read_character(struct reader *r)
{
	char c = *r->at++;

	if (c == '\\') {
		return read_pair(r);
	}
	if (strchr("\";<>", c)) {
		return false;
	}
	if (c == '#') {
		add_hex_pair(r, c);
	} else {
		gb_buffer_add_char(r->out, c);
	}
	return true;
}

static void cut_back(struct gb_buffer *out, size_t length)
{
	out->length = length;
	out->text[length] = '\0';
}

static bool read_value(struct reader *r)
{
	size_t begin = r->out->length;
	size_t end = begin; /* behind the last character that is no plain blank */

	skip_blanks(r);
	if (*r->at == '#') {
		return false;
	}
	while (*r->at != '\0' && *r->at != ',' && *r->at != '+') {
		bool blank = *r->at == ' ';

		if (!read_character(r)) {
			return false;
		}
		end = blank ? end : r->out->length;
	}
	cut_back(r->out, end);
	return end > begin;
}

/* attributeTypeAndValue, and the separator behind it if there is one. */
static bool read_part(struct reader *r, bool *ret_more)
{
	skip_blanks(r);
	if (!read_type(r)) {
		return false;
	}
	skip_blanks(r);
	if (*r->at != '=') {
		return false;
	}
	gb_buffer_add_char(r->out, *r->at++);
	if (!read_value(r)) {
		return false;
	}
	*ret_more = *r->at != '\0';
	if (*ret_more) {
		gb_buffer_add_char(r->out, *r->at++);
	}
	return true;
}

char *gb_dn_text_canonical(const void *ctx, const char *text)
{
	struct reader reader = {.at = text, .out = gb_buffer_new(ctx)};
	bool more = true;

	while (more) {
		if (!read_part(&reader, &more)) {
			talloc_free(reader.out);
			return NULL;
		}
	}
	return gb_buffer_steal(ctx, reader.out);
}
