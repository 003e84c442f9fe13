/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate in front of cJSON: a recursive-descent scanner, at most GB_JSON_MAX_DEPTH deep. */
#include "config.h"

#include "engine/base/json_scan.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"

/* cJSON copies a number into a buffer of 64 bytes and misreads longer ones. */
#define MAX_NUMBER_BYTES 63u
/* Members of an object that are sorted by hand; those of a record of Graph are. */
#define FEW_KEYS 24u

/* A member's name after unescaping; the bytes live in the text, or below the scanner. */
struct key {
	const char *bytes;
	size_t length;
	size_t offset; /* where it stands in the text, for the error */
};

struct scanner {
	const char *text;
	size_t length;
	size_t at;
	unsigned depth;
	size_t nodes;
	struct key *keys; /* of all objects that are open, outermost first */
	size_t key_count;
	size_t key_capacity;
	locale_t c_locale; /* strtod() would expect the user's decimal point */
	struct gb_json_scan_fault *fault;
};

static bool scan_value(struct scanner *s);

static bool refuse_at(struct scanner *s, size_t offset, const char *reason)
{
	s->fault->offset = offset;
	s->fault->reason = reason;
	return false;
}

static bool refuse(struct scanner *s, const char *reason)
{
	return refuse_at(s, s->at, reason);
}

/* The byte at the cursor; '\0' at the end, which no token begins with. */
static char peek(const struct scanner *s)
{
	return s->at < s->length ? s->text[s->at] : '\0';
}

static bool take(struct scanner *s, char c)
{
	if (s->at < s->length && s->text[s->at] == c) {
		s->at++;
		return true;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct scanner *s)
{
	while (s->at < s->length && is_blank(s->text[s->at])) {
		s->at++;
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_digits(struct scanner *s)
{
	size_t begin = s->at;

	while (is_digit(peek(s))) {
		s->at++;
	}
	return s->at > begin;
}

/* RFC 8259 section 6. */
static bool take_number_token(struct scanner *s)
{
	take(s, '-');
	if (!take(s, '0') && !take_digits(s)) {
		return false;
	}
	if (take(s, '.') && !take_digits(s)) {
		return false;
	}
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+')) {
			take(s, '-');
		}
		return take_digits(s);
	}
	return true;
}

static bool scan_number(struct scanner *s)
{
	size_t begin = s->at;
	char token[MAX_NUMBER_BYTES + 1];

	if (!take_number_token(s) || is_digit(peek(s))) {
		return refuse(s, N_("a number is malformed"));
	}
	if (s->at - begin > MAX_NUMBER_BYTES) {
		return refuse_at(s, begin, N_("a number has too many digits"));
	}
	memcpy(token, s->text + begin, s->at - begin);
	token[s->at - begin] = '\0';
	if (!isfinite(strtod_l(token, NULL, s->c_locale))) {
		return refuse_at(s, begin, N_("a number is too large"));
	}
	return true;
}

static bool scan_word(struct scanner *s, const char *word)
{
	size_t length = strlen(word);

	if (s->length - s->at < length || memcmp(s->text + s->at, word, length) != 0) {
		return refuse(s, N_("a value was expected"));
	}
	s->at += length;
	return true;
}

static int hex_value(char c)
{
	if (is_digit(c)) {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind \u. */
static bool take_unit(struct scanner *s, uint32_t *ret_unit)
{
	uint32_t unit = 0;

	for (unsigned i = 0; i < 4; i++) {
		int digit = hex_value(peek(s));

		if (digit < 0) {
			return refuse(s, N_("\\u needs four hexadecimal digits"));
		}
		unit = unit * 16 + (uint32_t)digit;
		s->at++;
	}
	*ret_unit = unit;
	return true;
}

/* Behind "\u": one unit, or two that are a surrogate pair (RFC 8259 section 7). */
static bool take_unicode_escape(struct scanner *s, ucs4_t *ret_c)
{
	size_t begin = s->at - 2;
	uint32_t high;
	uint32_t low;

	if (!take_unit(s, &high)) {
		return false;
	}
	if (high == 0) {
		return refuse_at(s, begin, N_("\\u0000 is not allowed"));
	}
	if (high < 0xd800 || high > 0xdfff) {
		*ret_c = high;
		return true;
	}
	if (high > 0xdbff || !take(s, '\\') || !take(s, 'u')) {
		return refuse_at(s, begin, N_("half of a surrogate pair stands alone"));
	}
	if (!take_unit(s, &low)) {
		return false;
	}
	if (low < 0xdc00 || low > 0xdfff) {
		return refuse_at(s, begin, N_("half of a surrogate pair stands alone"));
	}
	*ret_c = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* Behind a backslash; *ret_c is the character that is meant. */
static bool take_escape(struct scanner *s, ucs4_t *ret_c)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (take(s, 'u')) {
		return take_unicode_escape(s, ret_c);
	}
	letter = peek(s) ? strchr(letters, peek(s)) : NULL;
	if (!letter) {
		return refuse(s, N_("an unknown escape stands in a string"));
	}
	s->at++;
	*ret_c = (ucs4_t)meanings[letter - letters];
	return true;
}

/* One character of a string that is no escape. */
static bool take_plain(struct scanner *s)
{
	const uint8_t *at = (const uint8_t *)s->text + s->at;
	ucs4_t c;
	int size;

	if (s->at == s->length) {
		return refuse(s, N_("a string does not end"));
	}
	if (*at < 0x20) {
		return refuse(s, N_("a control character stands in a string"));
	}
	size = u8_mbtoucr(&c, at, s->length - s->at);
	if (size <= 0) {
		return refuse(s, N_("it is not UTF-8"));
	}
	s->at += (size_t)size;
	return true;
}

/* ASCII that is no control, quote or backslash: nearly all there is. */
static void skip_printable(struct scanner *s)
{
	const uint8_t *text = (const uint8_t *)s->text;
	size_t at = s->at;

	while (at < s->length && text[at] >= 0x20 && text[at] < 0x80 && text[at] != '"' &&
	       text[at] != '\\') {
		at++;
	}
	s->at = at;
}

/* From the opening to behind the closing quote; *ret_escaped tells whether there was an escape. */
static bool scan_string(struct scanner *s, bool *ret_escaped)
{
	ucs4_t c;

	*ret_escaped = false;
	s->at++;
	for (skip_printable(s); !take(s, '"'); skip_printable(s)) {
		if (take(s, '\\')) {
			*ret_escaped = true;
			if (!take_escape(s, &c)) {
				return false;
			}
		} else if (!take_plain(s)) {
			return false;
		}
	}
	return true;
}

/* The inside of a string that scan_string() has accepted, without its escapes. */
static void unescape(struct scanner *s, size_t begin, size_t end, struct key *key)
{
	char *out = gb_new_array(s->keys, char, end - begin + 1);
	struct scanner inside = {.text = s->text, .length = end, .at = begin, .fault = s->fault};
	size_t used = 0;

	while (inside.at < end) {
		ucs4_t c;

		if (!take(&inside, '\\')) {
			out[used++] = inside.text[inside.at++];
		} else if (take_escape(&inside, &c)) {
			used += (size_t)u8_uctomb((uint8_t *)out + used, c,
						  (long)(end - begin - used));
		}
	}
	key->bytes = out;
	key->length = used;
}

static bool scan_key(struct scanner *s)
{
	struct key *key;
	size_t begin = s->at;
	bool escaped;

	if (peek(s) != '"') {
		return refuse(s, N_("the name of a member was expected"));
	}
	if (!scan_string(s, &escaped)) {
		return false;
	}
	if (s->key_count == s->key_capacity) {
		s->key_capacity *= 2;
		s->keys = gb_mem_check(
			talloc_realloc(NULL, s->keys, struct key, gb_mem_count(s->key_capacity)));
	}
	key = &s->keys[s->key_count++];
	key->offset = begin;
	if (escaped) {
		unescape(s, begin + 1, s->at - 1, key);
	} else {
		key->bytes = s->text + begin + 1;
		key->length = s->at - begin - 2;
	}
	return true;
}

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left;
	const struct key *b = right;

	if (a->length != b->length) {
		return a->length < b->length ? -1 : 1;
	}
	return memcmp(a->bytes, b->bytes, a->length);
}

/* Moving few members into place is quicker than qsort(), which allocates. */
static void sort_few(struct key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct key key = keys[i];
		size_t place = i;

		for (; place > 0 && compare_keys(&keys[place - 1], &key) > 0; place--) {
			keys[place] = keys[place - 1];
		}
		keys[place] = key;
	}
}

/* Sorting needs no hash that a hostile sender could make collide. */
static bool keys_are_unique(struct scanner *s, size_t first)
{
	struct key *keys = s->keys + first;
	size_t count = s->key_count - first;

	if (count <= FEW_KEYS) {
		sort_few(keys, count);
	} else {
		qsort(keys, count, sizeof(*keys), compare_keys);
	}
	for (size_t i = 1; i < count; i++) {
		if (compare_keys(&keys[i - 1], &keys[i]) == 0) {
			return refuse_at(s,
					 keys[i].offset > keys[i - 1].offset ? keys[i].offset
									     : keys[i - 1].offset,
					 N_("an object has two members of the same name"));
		}
	}
	s->key_count = first;
	return true;
}

static bool scan_member(struct scanner *s)
{
	skip_blanks(s);
	if (!scan_key(s)) {
		return false;
	}
	skip_blanks(s);
	if (!take(s, ':')) {
		return refuse(s, N_("a colon was expected"));
	}
	return scan_value(s);
}

/* Elements or members, separated by commas, up to and with @closing. */
static bool scan_items(struct scanner *s, char closing, bool (*scan_item)(struct scanner *))
{
	s->at++;
	skip_blanks(s);
	if (take(s, closing)) {
		return true;
	}
	do {
		if (!scan_item(s)) {
			return false;
		}
		skip_blanks(s);
	} while (take(s, ','));
	if (!take(s, closing)) {
		return refuse(s, N_("a comma or the end of an object or array was expected"));
	}
	return true;
}

static bool scan_object(struct scanner *s)
{
	size_t first = s->key_count;

	return scan_items(s, '}', scan_member) && keys_are_unique(s, first);
}

static bool scan_nested(struct scanner *s)
{
	bool good;

	if (s->depth == GB_JSON_MAX_DEPTH) {
		return refuse(s, N_("it is nested too deeply"));
	}
	s->depth++;
	good = peek(s) == '{' ? scan_object(s) : scan_items(s, ']', scan_value);
	s->depth--;
	return good;
}

static bool scan_value(struct scanner *s)
{
	bool escaped;

	skip_blanks(s);
	if (++s->nodes > GB_JSON_MAX_NODES) {
		return refuse(s, N_("it holds too many values"));
	}
	switch (peek(s)) {
	case '{':
	case '[':
		return scan_nested(s);
	case '"':
		return scan_string(s, &escaped);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return scan_number(s);
	}
}

static bool scan_document(struct scanner *s)
{
	if (s->length > GB_JSON_MAX_BYTES) {
		return refuse(s, N_("it is too large"));
	}
	skip_blanks(s);
	if (peek(s) != '{') {
		return refuse(s, N_("it does not begin with an object"));
	}
	if (!scan_value(s)) {
		return false;
	}
	skip_blanks(s);
	return s->at == s->length || refuse(s, N_("something follows behind its end"));
}

bool gb_json_scan(const char *bytes, size_t length, struct gb_json_scan_fault *ret_fault)
{
	static locale_t c_locale;
	struct scanner scanner = {
		.text = bytes, .length = length, .key_capacity = 64, .fault = ret_fault};
	bool good;

	if (!c_locale) {
		c_locale = gb_mem_check(newlocale(LC_ALL_MASK, "C", (locale_t)0));
	}
	scanner.c_locale = c_locale;
	scanner.keys = gb_new_array(NULL, struct key, scanner.key_capacity);
	good = scan_document(&scanner);
	talloc_free(scanner.keys);
	return good;
}
