/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as a directory compares it. */
#include "config.h"

#include "sim/util/text.h"

#include <locale.h>
#include <string.h>
#include <wctype.h>

#include "sim/util/json_read.h"

static uint32_t lower(uint32_t point)
{
	static locale_t locale;

	if (point < 0x80) {
		return point >= 'A' && point <= 'Z' ? point + 32 : point;
	}
	/* Made once and kept: the program's own locale does not know other scripts. */
	locale = locale ? locale : newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	return locale ? (uint32_t)towlower_l(point, locale) : point;
}

/* Bytes of the character that @first begins; 1 for what begins none. */
static size_t sequence_length(unsigned char first)
{
	return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
}

uint32_t sim_text_next(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	size_t length = sequence_length(p[0]);
	uint32_t point = length == 1 ? p[0] : p[0] & (0xFFu >> (length + 1));

	if (p[0] == '\0') {
		return 0;
	}
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			*text += 1;
			return p[0];
		}
		point = point << 6 | (p[i] & 0x3F);
	}
	*text += length;
	return lower(point);
}

int sim_text_compare(const char *a, const char *b)
{
	uint32_t x = 0;
	uint32_t y = 0;

	do {
		x = sim_text_next(&a);
		y = sim_text_next(&b);
	} while (x && x == y);
	return x < y ? -1 : x > y;
}

bool sim_text_starts(const char *text, const char *prefix)
{
	while (*prefix) {
		if (sim_text_next(&text) != sim_text_next(&prefix)) {
			return false;
		}
	}
	return true;
}

bool sim_text_ends(const char *text, const char *suffix)
{
	/* A letter may change its length with its case, so every beginning is tried. */
	for (;; sim_text_next(&text)) {
		if (sim_text_compare(text, suffix) == 0) {
			return true;
		}
		if (*text == '\0') {
			return false;
		}
	}
}

char *sim_text_of_json(const void *ctx, const char *json)
{
	size_t length = strlen(json);
	const cJSON *value = NULL;
	struct sim_err err;

	if (length < 2 || json[0] != '"') {
		return NULL;
	}
	if (!strchr(json, '\\')) {
		return sim_strndup(ctx, json + 1, length - 2);
	}
	return sim_json_parse(ctx, json, length, &value, &err) && cJSON_IsString(value)
		       ? sim_strdup(ctx, value->valuestring)
		       : NULL;
}
