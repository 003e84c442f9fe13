/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON, read strictly: a recursive-descent scanner, at most GB_JSON_MAX_DEPTH deep. */
#include "config.h"

#include "engine/base/json_scan.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/* More digits than any value of ours has; the token is copied for strtod(). */
#define MAX_NUMBER_BYTES 63u
/* Members of an object that are compared each with each; those of a record of Graph are. */
#define FEW_NAMES 24u
/* Values that are allocated at once: a small document has one block, a page of Graph some dozen. */
#define NODES_AT_ONCE 256u

struct scanner {
	const void *ctx; /* holds the values */
	char *text;      /* text[length] is NUL, which no token begins with: nothing reads on from there */
	size_t length;
	size_t at;
	unsigned depth;
	size_t nodes;
	struct gb_json *free_nodes; /* of the last block */
	size_t free_node_count;
	locale_t c_locale; /* strtod() would expect the user's decimal point */
	struct gb_json_scan_fault *fault;
};

static bool scan_value(struct scanner *s, struct gb_json *value);

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

/* The byte at the cursor; '\0' at the end. */
static char peek(const struct scanner *s)
{
	return s->text[s->at];
}

/* @c is not '\0'. */
static bool take(struct scanner *s, char c)
{
	if (peek(s) == c) {
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
	while (is_blank(peek(s))) {
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

static bool scan_number(struct scanner *s, struct gb_json *value)
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
	value->kind = GB_JSON_NUMBER;
	value->number = strtod_l(token, NULL, s->c_locale);
	return isfinite(value->number) || refuse_at(s, begin, N_("a number is too large"));
}

static bool scan_word(struct scanner *s, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(s->text + s->at, word, length) != 0) {
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
	const uint8_t *at = (const uint8_t *)s->text + s->at;

	while (*at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\') {
		at++;
	}
	s->at = (size_t)((const char *)at - s->text);
}

/* The rest of a string, moved to @out as it is read: what an escape means is never longer than it. */
static bool unescape_rest(struct scanner *s, size_t out)
{
	while (!take(s, '"')) {
		size_t begin = s->at;
		ucs4_t c;

		if (take(s, '\\')) {
			if (!take_escape(s, &c)) {
				return false;
			}
			out += (size_t)u8_uctomb((uint8_t *)s->text + out, c, (long)(s->at - out));
		} else if (take_plain(s)) {
			memmove(s->text + out, s->text + begin, s->at - begin);
			out += s->at - begin;
		} else {
			return false;
		}
	}
	s->text[out] = '\0';
	return true;
}

/* From the opening to behind the closing quote, which the NUL of *ret_text takes the place of. */
static bool scan_string(struct scanner *s, const char **ret_text)
{
	s->at++;
	*ret_text = s->text + s->at;
	skip_printable(s);
	if (peek(s) != '"') {
		return unescape_rest(s, s->at);
	}
	s->text[s->at++] = '\0';
	return true;
}

static bool refuse_double(struct scanner *s, const char *name)
{
	return refuse_at(s, (size_t)(name - s->text) - 1, /* its quote */
			 N_("an object has two members of the same name"));
}

static bool few_names_are_unique(struct scanner *s, const struct gb_json *object)
{
	for (const struct gb_json *m = object->first; m; m = m->next) {
		for (const struct gb_json *other = object->first; other != m; other = other->next) {
			if (*m->name == *other->name && strcmp(m->name, other->name) == 0) {
				return refuse_double(s, m->name);
			}
		}
	}
	return true;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Sorting needs no hash that a hostile sender could make collide. */
static bool many_names_are_unique(struct scanner *s, const struct gb_json *object, size_t count)
{
	const char **names = gb_new_array(NULL, const char *, count);
	bool unique = true;
	size_t n = 0;

	for (const struct gb_json *m = object->first; m; m = m->next) {
		names[n++] = m->name;
	}
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count && unique; i++) {
		if (strcmp(names[i - 1], names[i]) == 0) {
			unique = refuse_double(s, names[i] > names[i - 1] ? names[i] : names[i - 1]);
		}
	}
	talloc_free(names);
	return unique;
}

static bool scan_member(struct scanner *s, struct gb_json *member)
{
	skip_blanks(s);
	if (peek(s) != '"') {
		return refuse(s, N_("the name of a member was expected"));
	}
	if (!scan_string(s, &member->name)) {
		return false;
	}
	skip_blanks(s);
	if (!take(s, ':')) {
		return refuse(s, N_("a colon was expected"));
	}
	return scan_value(s, member);
}

static struct gb_json *new_node(struct scanner *s)
{
	if (s->free_node_count == 0) {
		s->free_nodes = gb_new_array(s->ctx, struct gb_json, NODES_AT_ONCE);
		s->free_node_count = NODES_AT_ONCE;
	}
	return &s->free_nodes[--s->free_node_count];
}

/* Elements or members, separated by commas, up to and with @closing. */
static bool scan_items(struct scanner *s, struct gb_json *parent, char closing,
		       bool (*scan_item)(struct scanner *, struct gb_json *), size_t *ret_count)
{
	struct gb_json **end = &parent->first;

	*ret_count = 0;
	s->at++;
	skip_blanks(s);
	if (take(s, closing)) {
		return true;
	}
	do {
		*end = new_node(s);
		if (!scan_item(s, *end)) {
			return false;
		}
		end = &(*end)->next;
		++*ret_count;
		skip_blanks(s);
	} while (take(s, ','));
	if (!take(s, closing)) {
		return refuse(s, N_("a comma or the end of an object or array was expected"));
	}
	return true;
}

static bool scan_object(struct scanner *s, struct gb_json *value)
{
	size_t count;

	value->kind = GB_JSON_OBJECT;
	if (!scan_items(s, value, '}', scan_member, &count)) {
		return false;
	}
	return count <= FEW_NAMES ? few_names_are_unique(s, value)
				  : many_names_are_unique(s, value, count);
}

static bool scan_array(struct scanner *s, struct gb_json *value)
{
	size_t count;

	value->kind = GB_JSON_ARRAY;
	return scan_items(s, value, ']', scan_value, &count);
}

static bool scan_nested(struct scanner *s, struct gb_json *value)
{
	bool good;

	if (s->depth == GB_JSON_MAX_DEPTH) {
		return refuse(s, N_("it is nested too deeply"));
	}
	s->depth++;
	good = peek(s) == '{' ? scan_object(s, value) : scan_array(s, value);
	s->depth--;
	return good;
}

static bool scan_bool(struct scanner *s, struct gb_json *value, bool truth)
{
	value->kind = GB_JSON_BOOL;
	value->truth = truth;
	return scan_word(s, truth ? "true" : "false");
}

static bool scan_value(struct scanner *s, struct gb_json *value)
{
	skip_blanks(s);
	if (++s->nodes > GB_JSON_MAX_NODES) {
		return refuse(s, N_("it holds too many values"));
	}
	switch (peek(s)) {
	case '{':
	case '[':
		return scan_nested(s, value);
	case '"':
		value->kind = GB_JSON_STRING;
		return scan_string(s, &value->text);
	case 't':
		return scan_bool(s, value, true);
	case 'f':
		return scan_bool(s, value, false);
	case 'n':
		value->kind = GB_JSON_NULL;
		return scan_word(s, "null");
	default:
		return scan_number(s, value);
	}
}

static bool scan_document(struct scanner *s, struct gb_json *root)
{
	skip_blanks(s);
	if (peek(s) != '{') {
		return refuse(s, N_("it does not begin with an object"));
	}
	if (!scan_value(s, root)) {
		return false;
	}
	skip_blanks(s);
	return s->at == s->length || refuse(s, N_("something follows behind its end"));
}

/* What any text has in common that is read by this process. */
static locale_t get_c_locale(void)
{
	static locale_t c_locale;

	if (!c_locale) {
		c_locale = gb_mem_check(newlocale(LC_ALL_MASK, "C", (locale_t)0));
	}
	return c_locale;
}

bool gb_json_scan(const void *ctx, const char *bytes, size_t length, struct gb_json *ret_root,
		  struct gb_json_scan_fault *ret_fault)
{
	struct scanner scanner = {
		.ctx = ctx, .length = length, .c_locale = get_c_locale(), .fault = ret_fault};

	if (length > GB_JSON_MAX_BYTES) {
		return refuse(&scanner, N_("it is too large"));
	}
	scanner.text = gb_strndup(ctx, bytes, length);
	return scan_document(&scanner, ret_root);
}
