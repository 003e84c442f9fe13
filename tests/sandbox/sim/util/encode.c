/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodings of bytes. */
#include "config.h"

#include "sim/util/encode.h"

#include <ctype.h>
#include <string.h>

#include "sim/util/buf.h"
#include "sim/util/json_read.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *sim_base64url(const void *ctx, const void *bytes, size_t length)
{
	const uint8_t *in = bytes;
	char *out = sim_mem_check(talloc_size(ctx, length / 3 * 4 + 5));
	size_t o = 0;

	for (size_t i = 0; i < length; i += 3) {
		size_t have = length - i < 3 ? length - i : 3;
		uint32_t word = (uint32_t)in[i] << 16;

		word |= have > 1 ? (uint32_t)in[i + 1] << 8 : 0;
		word |= have > 2 ? (uint32_t)in[i + 2] : 0;
		for (size_t k = 0; k <= have; k++) {
			out[o++] = alphabet[(word >> (18 - 6 * k)) & 63];
		}
	}
	out[o] = '\0';
	return out;
}

char *sim_base64(const void *ctx, const void *bytes, size_t length)
{
	char *text = sim_base64url(ctx, bytes, length);
	size_t end = strlen(text);

	for (size_t i = 0; i < end; i++) {
		text[i] = (char)(text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]);
	}
	/* sim_base64url() leaves room for the padding. */
	while (end % 4) {
		text[end++] = '=';
	}
	text[end] = '\0';
	return text;
}

static int base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z') {
		return c - 'A';
	}
	if (c >= 'a' && c <= 'z') {
		return c - 'a' + 26;
	}
	if (c >= '0' && c <= '9') {
		return c - '0' + 52;
	}
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

uint8_t *sim_base64url_decode(const void *ctx, const char *text, size_t length, size_t *ret_length)
{
	uint8_t *out = NULL;
	uint32_t word = 0;
	size_t bits = 0;
	size_t o = 0;

	while (length > 0 && text[length - 1] == '=') {
		length--;
	}
	if (length % 4 == 1) {
		return NULL;
	}
	out = sim_mem_check(talloc_size(ctx, length + 1));
	for (size_t i = 0; i < length; i++) {
		int value = base64url_value(text[i]);

		if (value < 0) {
			talloc_free(out);
			return NULL;
		}
		word = (word << 6) | (uint32_t)value;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[o++] = (uint8_t)(word >> bits);
		}
	}
	*ret_length = o;
	return out;
}

char *sim_hex(const void *ctx, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";
	const uint8_t *in = bytes;
	char *out = sim_mem_check(talloc_size(ctx, 2 * length + 1));

	for (size_t i = 0; i < length; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * length] = '\0';
	return out;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int hex_pair(const char *text, size_t left)
{
	int high = left < 2 ? -1 : hex_value(text[0]);
	int low = left < 2 ? -1 : hex_value(text[1]);

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

char *sim_percent_decode(const void *ctx, const char *text, size_t length, bool plus)
{
	char *out = sim_mem_check(talloc_size(ctx, length + 1));
	size_t o = 0;

	for (size_t i = 0; i < length; i++) {
		int value = (unsigned char)text[i];

		if (text[i] == '%') {
			value = hex_pair(text + i + 1, length - i - 1);
			i += 2;
		} else if (plus && text[i] == '+') {
			value = ' ';
		}
		if (value < 0) {
			talloc_free(out);
			return NULL;
		}
		out[o++] = (char)(unsigned char)value;
	}
	out[o] = '\0';
	if (!sim_utf8_is_valid(out, o)) {
		talloc_free(out);
		return NULL;
	}
	return out;
}

char *sim_percent_encode(const void *ctx, const char *text)
{
	struct sim_buf *buf = sim_buf_new(ctx);
	char *out = NULL;

	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (isalnum(c) || strchr("-._~$,()=':", c)) {
			sim_buf_byte(buf, (char)c);
		} else {
			sim_buf_printf(buf, "%%%02X", c);
		}
	}
	out = sim_strndup(ctx, buf->data, buf->length);
	talloc_free(buf);
	return out;
}

bool sim_guid_parse(const char *text, uint8_t ret_guid[SIM_GUID_SIZE])
{
	size_t o = 0;

	if (strlen(text) != SIM_GUID_TEXT - 1) {
		return false;
	}
	for (size_t i = 0; i < SIM_GUID_TEXT - 1; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-') {
				return false;
			}
			continue;
		}
		if (hex_pair(text + i, 2) < 0) {
			return false;
		}
		ret_guid[o++] = (uint8_t)hex_pair(text + i, 2);
		i++;
	}
	return true;
}

void sim_guid_format(const uint8_t guid[SIM_GUID_SIZE], char ret_text[SIM_GUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	size_t o = 0;

	for (size_t i = 0; i < SIM_GUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10) {
			ret_text[o++] = '-';
		}
		ret_text[o++] = digits[guid[i] >> 4];
		ret_text[o++] = digits[guid[i] & 15];
	}
	ret_text[o] = '\0';
}
