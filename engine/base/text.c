/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: display, trim, cut, escape. */
#include "config.h"

#include "engine/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"

static const uint8_t *as_u8(const char *text)
{
	return (const uint8_t *)text;
}

bool gb_text_is_utf8(const char *bytes, size_t length)
{
	return length == 0 ||
	       (u8_check(as_u8(bytes), length) == NULL && memchr(bytes, '\0', length) == NULL);
}

/* One character of @length bytes at @bytes; a byte that is not UTF-8 gives false and size 1. */
static bool next_character(const char *bytes, size_t length, ucs4_t *ret_c, size_t *ret_size)
{
	int size = u8_mbtoucr(ret_c, as_u8(bytes), length);

	*ret_size = size > 0 ? (size_t)size : 1;
	return size > 0;
}

/*
 * Whether a terminal, a log or a reader could be misled by it: controls (Cc), formats such as
 * bidirectional controls and zero-width characters (Cf), private use (Co), line and paragraph
 * separators (Zl, Zp), noncharacters, and whatever else Unicode says is not shown at all. Variation
 * selectors 1-16 stay: they only choose between shapes of the character before.
 */
static bool is_misleading(ucs4_t c)
{
	static const uint32_t mask = UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf |
				     UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Cs |
				     UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp;

	if (c >= 0x20 && c < 0x7f) {
		return false;
	}
	if (c >= 0xfe00 && c <= 0xfe0f) {
		return false;
	}
	return uc_is_general_category_withtable(c, mask) ||
	       uc_is_property_default_ignorable_code_point(c) || uc_is_property_not_a_character(c);
}

char *gb_text_display(const void *ctx, const char *text)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	size_t left = text ? strlen(text) : 0;
	const char *at = text;

	while (left > 0) {
		ucs4_t c;
		size_t size;

		if (!next_character(at, left, &c, &size)) {
			gb_buffer_add_format(out, "\\x%02x", (unsigned)(unsigned char)*at);
		} else if (is_misleading(c)) {
			gb_buffer_add_format(out, "\\u{%x}", (unsigned)c);
		} else {
			gb_buffer_add(out, at, size);
		}
		at += size;
		left -= size;
	}
	return gb_buffer_steal(ctx, out);
}

static bool is_blank(ucs4_t c)
{
	return uc_is_property_white_space(c) ||
	       uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc);
}

char *gb_text_trim(const void *ctx, const char *text)
{
	size_t length = strlen(text);
	size_t begin = length;
	size_t end = length;
	size_t size;

	for (size_t at = 0; at < length; at += size) {
		ucs4_t c;
		bool valid = next_character(text + at, length - at, &c, &size);

		if (valid && is_blank(c)) {
			continue;
		}
		if (begin == length) {
			begin = at;
		}
		end = at + size;
	}
	return gb_strndup(ctx, text + begin, end - begin);
}

static size_t units_of(const char *text, size_t length)
{
	size_t units = 0;
	size_t size;

	for (size_t at = 0; at < length; at += size) {
		ucs4_t c;
		bool valid = next_character(text + at, length - at, &c, &size);

		units += valid && c > 0xffff ? 2 : 1;
	}
	return units;
}

size_t gb_text_utf16_units(const char *text)
{
	return units_of(text, strlen(text));
}

/* Bytes of the longest prefix of whole characters within @max_units. */
static size_t cut_between_characters(const char *text, size_t length, size_t max_units)
{
	size_t at = 0;
	size_t units = 0;

	while (at < length) {
		ucs4_t c;
		size_t size;
		bool valid = next_character(text + at, length - at, &c, &size);

		units += valid && c > 0xffff ? 2 : 1;
		if (units > max_units) {
			break;
		}
		at += size;
	}
	return at;
}

/*
 * Bytes of the longest prefix of whole grapheme clusters within @max_units. All breaks are found
 * first: u8_grapheme_next() looks at pairs of characters only, and would cut behind a joiner.
 */
static size_t cut_between_clusters(const char *text, size_t length, size_t max_units)
{
	char *breaks = gb_new_array(NULL, char, length);
	size_t best = 0;
	size_t units = 0;
	size_t size;

	u8_grapheme_breaks(as_u8(text), length, breaks);
	for (size_t at = 0; at < length && units <= max_units; at += size) {
		ucs4_t c;
		bool valid = next_character(text + at, length - at, &c, &size);

		best = breaks[at] ? at : best;
		units += valid && c > 0xffff ? 2 : 1;
	}
	best = units <= max_units ? length : best;
	talloc_free(breaks);
	return best;
}

char *gb_text_cut_utf16(const void *ctx, const char *text, size_t max_units)
{
	size_t length = strlen(text);
	size_t cut = length ? cut_between_clusters(text, length, max_units) : 0;

	if (cut == 0) {
		cut = cut_between_characters(text, length, max_units);
	}
	return gb_strndup(ctx, text, cut);
}

size_t gb_text_next(const char *text, uint32_t *ret_character)
{
	ucs4_t c;
	size_t size;

	if (*text == '\0') {
		return 0;
	}
	*ret_character = next_character(text, strnlen(text, 4), &c, &size) ? c : 0xfffd;
	return size;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* ASCII stays ASCII in either case. Returns the bytes up to the next other character. */
static size_t add_ascii(struct gb_buffer *out, const char *text, ucs4_t (*map)(ucs4_t c))
{
	size_t begin = out->length;
	size_t size = 0;

	while (text[size] != '\0' && (unsigned char)text[size] < 0x80) {
		size++;
	}
	gb_buffer_add(out, text, size);
	for (size_t at = begin; at < out->length; at++) {
		out->text[at] = (char)map((ucs4_t)out->text[at]);
	}
	return size;
}

static char *map_characters(const void *ctx, const char *text, ucs4_t (*map)(ucs4_t c))
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	size_t length = strlen(text);
	size_t size;

	for (size_t at = 0; at < length; at += size) {
		uint8_t mapped[6];
		ucs4_t c;

		if ((unsigned char)text[at] < 0x80) {
			size = add_ascii(out, text + at, map);
		} else if (next_character(text + at, length - at, &c, &size)) {
			gb_buffer_add(out, mapped, (size_t)u8_uctomb(mapped, map(c), 6));
		} else {
			gb_buffer_add_char(out, text[at]);
		}
	}
	return gb_buffer_steal(ctx, out);
}

char *gb_text_lower(const void *ctx, const char *text)
{
	return map_characters(ctx, text, uc_tolower);
}

char *gb_text_upper(const void *ctx, const char *text)
{
	return map_characters(ctx, text, uc_toupper);
}

/* Letters whose stroke or ligature is no mark that Unicode takes apart. */
static const char *plain_letters(ucs4_t c)
{
	static const struct {
		ucs4_t c;
		const char *plain;
	} letters[] = {
		{0xc6, "AE"},  {0xe6, "ae"},  {0xd8, "OE"},  {0xf8, "oe"}, {0x152, "OE"},
		{0x153, "oe"}, {0xdf, "ss"},  {0x141, "L"},  {0x142, "l"}, {0x131, "i"},
	};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (letters[i].c == c) {
			return letters[i].plain;
		}
	}
	return NULL;
}

/* The block of combining diacritical marks: those of Latin, Greek and Cyrillic letters. */
static bool is_diacritical_mark(ucs4_t c)
{
	return c >= 0x0300 && c <= 0x036f;
}

static void add_without_marks(struct gb_buffer *out, const char *text, size_t length)
{
	size_t size;

	for (size_t at = 0; at < length; at += size) {
		ucs4_t c;
		bool valid = next_character(text + at, length - at, &c, &size);
		const char *plain = valid ? plain_letters(c) : NULL;

		if (plain) {
			gb_buffer_add_text(out, plain);
		} else if (!valid || !is_diacritical_mark(c)) {
			gb_buffer_add(out, text + at, size);
		}
	}
}

/* libunistring allocates with malloc and gives NULL when that fails, or for what is no UTF-8. */
static char *normalized(const void *ctx, uninorm_t form, const char *text)
{
	size_t length = 0;
	uint8_t *bytes = u8_normalize(form, as_u8(text), strlen(text) + 1, NULL, &length);
	char *copy = bytes ? gb_strndup(ctx, (const char *)bytes, length) : gb_strdup(ctx, text);

	free(bytes);
	return copy;
}

char *gb_text_without_diacritics(const void *ctx, const char *text)
{
	void *tmp = gb_new_tmp(ctx);
	char *apart = normalized(tmp, UNINORM_NFD, text);
	struct gb_buffer *out = gb_buffer_new(tmp);
	char *result;

	add_without_marks(out, apart, strlen(apart));
	result = normalized(ctx, UNINORM_NFC, out->text);
	talloc_free(tmp);
	return result;
}

bool gb_text_to_number(const char *text, int64_t *ret_number)
{
	bool is_negative = *text == '-';
	const char *at = text + is_negative;
	size_t digits = strspn(at, "0123456789");
	int64_t number = 0;

	if (digits == 0 || digits > 15 || at[digits] != '\0') {
		return false;
	}
	for (; *at != '\0'; at++) {
		number = number * 10 + (*at - '0');
	}
	*ret_number = is_negative ? -number : number;
	return true;
}

bool gb_text_equal_nocase(const char *a, const char *b)
{
	if (!a || !b) {
		return a == b;
	}
	for (; lower(*a) == lower(*b); a++, b++) {
		if (*a == '\0') {
			return true;
		}
	}
	return false;
}

static void add_hex_pair(struct gb_buffer *out, char byte)
{
	gb_buffer_add_format(out, "\\%02X", (unsigned)(unsigned char)byte);
}

/* RFC 4514 section 2.4; the position matters for blanks and the number sign. */
static bool is_dn_special(char c, bool first, bool last)
{
	if (c == ' ') {
		return first || last;
	}
	if (c == '#') {
		return first;
	}
	/* RFC 4514 leaves "=" to the writer; Samba refuses a DN that holds a bare one in a value. */
	return (unsigned char)c < 0x20 || c == 0x7f || strchr("\"+,;<=>\\", c) != NULL;
}

char *gb_text_dn_escape(const void *ctx, const char *value, size_t length)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	size_t size;

	for (size_t at = 0; at < length; at += size) {
		ucs4_t c;
		bool valid = next_character(value + at, length - at, &c, &size);
		bool last = at + size == length;

		if (!valid || (size == 1 && is_dn_special(value[at], at == 0, last))) {
			add_hex_pair(out, value[at]);
		} else {
			gb_buffer_add(out, value + at, size);
		}
	}
	return gb_buffer_steal(ctx, out);
}

/* Modifier letters are left out: a quotation mark in all but name is among them (U+02BA). */
static bool is_inert(ucs4_t c)
{
	static const uint32_t mask = UC_CATEGORY_MASK_Lu | UC_CATEGORY_MASK_Ll |
				     UC_CATEGORY_MASK_Lt | UC_CATEGORY_MASK_Lo |
				     UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Mc |
				     UC_CATEGORY_MASK_Nd;

	if (c < 0x80 && strchr(" -_.()", (int)c) != NULL) {
		return c != 0;
	}
	return uc_is_general_category_withtable(c, mask) && !is_misleading(c);
}

char *gb_text_dn_escape_inert(const void *ctx, const char *value, size_t length)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	size_t size;

	for (size_t at = 0; at < length; at += size) {
		ucs4_t c;
		bool inert = next_character(value + at, length - at, &c, &size) && is_inert(c) &&
			     !(c == ' ' && (at == 0 || at + size == length));

		for (size_t i = 0; i < size && !inert; i++) {
			add_hex_pair(out, value[at + i]);
		}
		if (inert) {
			gb_buffer_add(out, value + at, size);
		}
	}
	return gb_buffer_steal(ctx, out);
}

char *gb_text_filter_escape(const void *ctx, const char *value, size_t length)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	for (size_t at = 0; at < length; at++) {
		unsigned char c = (unsigned char)value[at];

		if (c < 0x20 || c > 0x7e || strchr("*()\\", c) != NULL) {
			add_hex_pair(out, value[at]);
		} else {
			gb_buffer_add_char(out, value[at]);
		}
	}
	return gb_buffer_steal(ctx, out);
}
