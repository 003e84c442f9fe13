/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of expressions: texts. Positions and lengths count UTF-16 units. */
#include "config.h"

#include "engine/plan/functions.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* A function of one text: null stays null, each value of a list is taken by itself. */
typedef char *(*text_function)(const void *ctx, const char *text);

static struct gb_attribute each_text(const struct gb_evaluation *e,
				     const struct gb_expression *call, text_function function)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute result = source;

	if (source.count == 0) {
		return source;
	}
	result.values = gb_new_array(e->ctx, const char *, source.count);
	for (size_t i = 0; i < source.count; i++) {
		result.values[i] = function(e->ctx, source.values[i]);
	}
	return result;
}

static struct gb_attribute value_trim(const struct gb_evaluation *e,
				      const struct gb_expression *call)
{
	return each_text(e, call, gb_text_trim);
}

static struct gb_attribute value_to_lower(const struct gb_evaluation *e,
					  const struct gb_expression *call)
{
	return each_text(e, call, gb_text_lower);
}

static struct gb_attribute value_to_upper(const struct gb_evaluation *e,
					  const struct gb_expression *call)
{
	return each_text(e, call, gb_text_upper);
}

static struct gb_attribute value_normalize(const struct gb_evaluation *e,
					   const struct gb_expression *call)
{
	return each_text(e, call, gb_text_without_diacritics);
}

static char *without_spaces(const void *ctx, const char *text)
{
	char *copy = gb_strdup(ctx, text);
	char *out = copy;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at != ' ') {
			*out++ = *at;
		}
	}
	*out = '\0';
	return copy;
}

static struct gb_attribute value_strip_spaces(const struct gb_evaluation *e,
					      const struct gb_expression *call)
{
	return each_text(e, call, without_spaces);
}

static struct gb_attribute value_append(const struct gb_evaluation *e,
					const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute suffix = gb_function_argument(e, call, 1);
	const char *left = gb_function_text_of(&source);
	const char *right = gb_function_text_of(&suffix);

	if (source.state == GB_ATTRIBUTE_UNKNOWN || suffix.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	return gb_function_text(e, gb_printf(e->ctx, "%s%s", left ? left : "", right ? right : ""));
}

/* Bytes of @text before its unit number @units. */
static const char *behind(const void *ctx, const char *text, size_t units)
{
	char *prefix = gb_text_cut_utf16(ctx, text, units);
	size_t length = strlen(prefix);

	talloc_free(prefix);
	return text + length;
}

static struct gb_attribute value_left(const struct gb_evaluation *e,
				      const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute number = gb_function_argument(e, call, 1);
	const char *text = gb_function_text_of(&source);
	int64_t units;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || !gb_function_number_of(&number, &units)) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (!text || units == 0) {
		return gb_function_text(e, "");
	}
	return units < 0 ? source
			 : gb_function_text(e, gb_text_cut_utf16(e->ctx, text, (size_t)units));
}

static struct gb_attribute value_right(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute number = gb_function_argument(e, call, 1);
	const char *text = gb_function_text_of(&source);
	size_t length = text ? gb_text_utf16_units(text) : 0;
	int64_t units;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || !gb_function_number_of(&number, &units)) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (!text || units == 0) {
		return gb_function_text(e, "");
	}
	if (units < 0 || (size_t)units >= length) {
		return source;
	}
	text = behind(e->ctx, text, length - (size_t)units);
	/* A character that the border goes through is left out, as everywhere. */
	while (gb_text_utf16_units(text) > (size_t)units) {
		uint32_t c;

		text += gb_text_next(text, &c);
	}
	return gb_function_text(e, text);
}

static struct gb_attribute value_mid(const struct gb_evaluation *e,
				     const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute from = gb_function_argument(e, call, 1);
	struct gb_attribute number = gb_function_argument(e, call, 2);
	const char *text = gb_function_text_of(&source);
	int64_t start;
	int64_t units;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || !gb_function_number_of(&from, &start) ||
	    !gb_function_number_of(&number, &units)) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (!text) {
		return GB_FUNCTION_ABSENT;
	}
	text = behind(e->ctx, text, start > 1 ? (size_t)start - 1 : 0);
	return gb_function_text(e, gb_text_cut_utf16(e->ctx, text, units > 0 ? (size_t)units : 0));
}

/* "Doe, John" from Join(", ", "", [surname], [givenName]): what is empty gets no separator. */
static struct gb_attribute value_join(const struct gb_evaluation *e,
				      const struct gb_expression *call)
{
	struct gb_attribute separator = gb_function_argument(e, call, 0);
	const char *between = gb_function_text_of(&separator);
	struct gb_buffer *out = gb_buffer_new(e->ctx);

	if (separator.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	for (size_t i = 1; i < call->count; i++) {
		struct gb_attribute source = gb_function_argument(e, call, i);

		if (source.state == GB_ATTRIBUTE_UNKNOWN) {
			return GB_FUNCTION_UNKNOWN;
		}
		for (size_t n = 0; n < source.count; n++) {
			if (source.values[n][0] == '\0') {
				continue;
			}
			gb_buffer_add_text(out, out->length > 0 && between ? between : "");
			gb_buffer_add_text(out, source.values[n]);
		}
	}
	return gb_function_text(e, gb_buffer_steal(e->ctx, out));
}

/* True if the character at @at is one of @set. */
static bool is_among(const char *set, const char *at, size_t size)
{
	uint32_t c;
	size_t length;

	for (const char *p = set; (length = gb_text_next(p, &c)) > 0; p += length) {
		if (length == size && memcmp(p, at, size) == 0) {
			return true;
		}
	}
	return false;
}

static struct gb_attribute value_word(const struct gb_evaluation *e,
				      const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute number = gb_function_argument(e, call, 1);
	struct gb_attribute set = gb_function_argument(e, call, 2);
	const char *at = gb_function_text_of(&source);
	const char *delimiters = gb_function_text_of(&set);
	const char *begin = NULL;
	int64_t wanted;
	int64_t word = 0;
	uint32_t c;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || set.state == GB_ATTRIBUTE_UNKNOWN ||
	    !gb_function_number_of(&number, &wanted)) {
		return GB_FUNCTION_UNKNOWN;
	}
	for (size_t size; at && (size = gb_text_next(at, &c)) > 0; at += size) {
		if (is_among(delimiters ? delimiters : "", at, size)) {
			if (begin && word == wanted) {
				break;
			}
			begin = NULL;
		} else if (!begin) {
			begin = at;
			word++;
		}
	}
	return gb_function_text(
		e, begin && word == wanted ? gb_strndup(e->ctx, begin, (size_t)(at - begin)) : "");
}

/* 1-based, 0 if it is not there; positions count UTF-16 units. */
static struct gb_attribute value_instr(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute source = gb_function_argument(e, call, 0);
	struct gb_attribute needle = gb_function_argument(e, call, 1);
	const char *text = gb_function_text_of(&source);
	const char *wanted = gb_function_text_of(&needle);
	const char *hit = text && wanted ? strstr(text, wanted) : NULL;
	size_t at = 0;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || needle.state == GB_ATTRIBUTE_UNKNOWN) {
		return GB_FUNCTION_UNKNOWN;
	}
	if (hit) {
		char *before = gb_strndup(e->ctx, text, (size_t)(hit - text));

		at = gb_text_utf16_units(before) + 1;
	}
	return gb_function_text(e, gb_printf(e->ctx, "%zu", at));
}

#define TEXT   GB_ARGUMENT_TEXT
#define NUMBER GB_ARGUMENT_NUMBER
#define MANY   GB_EXPRESSION_MAX_ARGUMENTS

struct gb_function_table gb_functions_of_texts(void)
{
	static const struct gb_function functions[] = {
		{"Append", 2, 2, {TEXT}, false, value_append, NULL},
		{"InStr", 2, 2, {TEXT}, false, value_instr, NULL},
		{"Join", 2, MANY, {TEXT}, false, value_join, NULL},
		{"Left", 2, 2, {TEXT, NUMBER}, false, value_left, NULL},
		{"Mid", 3, 3, {TEXT, NUMBER, NUMBER}, false, value_mid, NULL},
		{"NormalizeDiacritics", 1, 1, {TEXT}, false, value_normalize, NULL},
		{"Right", 2, 2, {TEXT, NUMBER}, false, value_right, NULL},
		{"StripSpaces", 1, 1, {TEXT}, false, value_strip_spaces, NULL},
		{"ToLower", 1, 1, {TEXT}, false, value_to_lower, NULL},
		{"ToUpper", 1, 1, {TEXT}, false, value_to_upper, NULL},
		{"Trim", 1, 1, {TEXT}, false, value_trim, NULL},
		{"Word", 3, 3, {TEXT, NUMBER}, false, value_word, NULL},
	};

	return (struct gb_function_table){.functions = functions,
					  .count = GB_ARRAY_SIZE(functions)};
}
