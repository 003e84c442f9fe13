/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions of expressions. Names, arguments and results as in Microsoft's "Reference for writing
 * expressions for attribute mappings in Microsoft Entra ID"; Right and Trim as in "Microsoft Entra
 * Connect Sync: Functions Reference". What these leave open: a null source gives null, but Left,
 * Right and Word give an empty text, and Append and Join pass it over.
 */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/expression_private.h"

static const struct gb_attribute UNKNOWN = {.state = GB_ATTRIBUTE_UNKNOWN};
static const struct gb_attribute ABSENT = {.state = GB_ATTRIBUTE_ABSENT};

static struct gb_attribute text_value(const struct gb_evaluation *e, const char *text)
{
	struct gb_attribute value = {.state = GB_ATTRIBUTE_PRESENT, .count = 1};

	value.values = gb_new_array(e->ctx, const char *, 1);
	value.values[0] = text;
	return value;
}

static struct gb_attribute bool_value(const struct gb_evaluation *e, bool value)
{
	return text_value(e, value ? "True" : "False");
}

static struct gb_attribute argument(const struct gb_evaluation *e, const struct gb_expression *call,
				    size_t index)
{
	return index < call->count ? gb_expression_node_value(e, call->arguments[index]) : ABSENT;
}

static bool is_given(const struct gb_expression *call, size_t index)
{
	return index < call->count && call->arguments[index]->kind != GB_NODE_OMITTED;
}

/* The first value; NULL if there is none. */
static const char *text_of(const struct gb_attribute *value)
{
	return value->count > 0 ? value->values[0] : NULL;
}

static bool is_empty(const struct gb_attribute *value)
{
	return value->count == 0 || (value->count == 1 && value->values[0][0] == '\0');
}

static bool is_true(const struct gb_attribute *value)
{
	return value->count > 0 && gb_text_equal_nocase(value->values[0], "True");
}

/* Numbers come from constants, or from other functions as texts. False: it is none. */
static bool number_of(const struct gb_attribute *value, int64_t *ret_number)
{
	const char *text = text_of(value);

	return text && gb_text_to_number(text, ret_number);
}

/* A function of one text: null stays null, each value of a list is taken by itself. */
typedef char *(*text_function)(const void *ctx, const char *text);

static struct gb_attribute each_text(const struct gb_evaluation *e,
				     const struct gb_expression *call, text_function function)
{
	struct gb_attribute source = argument(e, call, 0);
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
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute suffix = argument(e, call, 1);
	const char *left = text_of(&source);
	const char *right = text_of(&suffix);

	if (source.state == GB_ATTRIBUTE_UNKNOWN || suffix.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	return text_value(e, gb_printf(e->ctx, "%s%s", left ? left : "", right ? right : ""));
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
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute number = argument(e, call, 1);
	const char *text = text_of(&source);
	int64_t units;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || !number_of(&number, &units)) {
		return UNKNOWN;
	}
	if (!text || units == 0) {
		return text_value(e, "");
	}
	return units < 0 ? source : text_value(e, gb_text_cut_utf16(e->ctx, text, (size_t)units));
}

static struct gb_attribute value_right(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute number = argument(e, call, 1);
	const char *text = text_of(&source);
	size_t length = text ? gb_text_utf16_units(text) : 0;
	int64_t units;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || !number_of(&number, &units)) {
		return UNKNOWN;
	}
	if (!text || units == 0) {
		return text_value(e, "");
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
	return text_value(e, text);
}

static struct gb_attribute value_mid(const struct gb_evaluation *e,
				     const struct gb_expression *call)
{
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute from = argument(e, call, 1);
	struct gb_attribute number = argument(e, call, 2);
	const char *text = text_of(&source);
	int64_t start;
	int64_t units;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || !number_of(&from, &start) ||
	    !number_of(&number, &units)) {
		return UNKNOWN;
	}
	if (!text) {
		return ABSENT;
	}
	text = behind(e->ctx, text, start > 1 ? (size_t)start - 1 : 0);
	return text_value(e, gb_text_cut_utf16(e->ctx, text, units > 0 ? (size_t)units : 0));
}

/* Replace: which of the documented forms it is, by the arguments that are given. */
enum replace_argument {
	REPLACE_SOURCE = 0,
	REPLACE_OLD_VALUE = 1,
	REPLACE_PATTERN = 2,
	REPLACE_GROUP = 3,
	REPLACE_VALUE = 4,
	REPLACE_ATTRIBUTE = 5,
	REPLACE_TEMPLATE = 6
};

static const char *check_replace(struct gb_expression *call)
{
	bool pattern = is_given(call, REPLACE_PATTERN);
	bool ends = is_given(call, REPLACE_VALUE) || is_given(call, REPLACE_ATTRIBUTE) ||
		    is_given(call, REPLACE_TEMPLATE);
	const struct gb_expression *group =
		is_given(call, REPLACE_GROUP) ? call->arguments[REPLACE_GROUP] : NULL;

	if (!is_given(call, REPLACE_SOURCE) || pattern == is_given(call, REPLACE_OLD_VALUE) ||
	    !ends || (is_given(call, REPLACE_ATTRIBUTE) && !group)) {
		return _("Replace has none of its five forms here: see docs/semantics.md.");
	}
	if (!pattern) {
		return NULL;
	}
	if (call->arguments[REPLACE_PATTERN]->kind != GB_NODE_TEXT ||
	    (group && group->kind != GB_NODE_TEXT)) {
		return _("the regular expression and the name of its group must be texts.");
	}
	if (gb_pattern_new(call, call->arguments[REPLACE_PATTERN]->text, &call->pattern, NULL,
			   NULL) != GB_OK) {
		return _("the regular expression is wrong (its syntax is that of PCRE2).");
	}
	if (group && !gb_pattern_has_group(call->pattern, group->text)) {
		return _("the regular expression has no group of this name.");
	}
	return NULL;
}

static char *replace_text(const void *ctx, const char *text, const char *old_value,
			  const char *new_value)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	size_t length = strlen(old_value);
	const char *hit;

	while (length > 0 && out->length <= GB_EXPRESSION_MAX_VALUE_BYTES &&
	       (hit = strstr(text, old_value)) != NULL) {
		gb_buffer_add(out, text, (size_t)(hit - text));
		gb_buffer_add_text(out, new_value);
		text = hit + length;
	}
	gb_buffer_add_text(out, text);
	return gb_buffer_steal(ctx, out);
}

static struct gb_attribute replace_plain(const struct gb_evaluation *e,
					 const struct gb_expression *call, const char *source)
{
	bool has_template = is_given(call, REPLACE_TEMPLATE);
	struct gb_attribute old_value = argument(e, call, REPLACE_OLD_VALUE);
	struct gb_attribute other =
		argument(e, call, has_template ? REPLACE_TEMPLATE : REPLACE_VALUE);
	const char *old_text = text_of(&old_value);
	const char *other_text = text_of(&other);

	if (old_value.state == GB_ATTRIBUTE_UNKNOWN || other.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	if (!source) {
		return ABSENT;
	}
	old_text = old_text ? old_text : "";
	other_text = other_text ? other_text : "";
	return text_value(e, has_template ? replace_text(e->ctx, other_text, old_text, source)
					  : replace_text(e->ctx, source, old_text, other_text));
}

static struct gb_attribute replace_pattern(const struct gb_evaluation *e,
					   const struct gb_expression *call, const char *source)
{
	struct gb_attribute new_value = argument(e, call, REPLACE_VALUE);
	const char *new_text = text_of(&new_value);
	struct gb_pattern_replacement replacement = {
		.group =
			is_given(call, REPLACE_GROUP) ? call->arguments[REPLACE_GROUP]->text : NULL,
		.text = new_text ? new_text : "",
	};
	char *text;

	if (new_value.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	if (!source) {
		return ABSENT;
	}
	return gb_pattern_replace(e->ctx, call->pattern, source, &replacement, &text) ==
			       GB_PATTERN_GAVE_UP
		       ? UNKNOWN
		       : text_value(e, text);
}

static struct gb_attribute replace_attribute(const struct gb_evaluation *e,
					     const struct gb_expression *call,
					     struct gb_attribute source)
{
	struct gb_attribute other = argument(e, call, REPLACE_ATTRIBUTE);
	const char *other_text = text_of(&other);
	char *text = NULL;

	if (!is_empty(&source)) {
		return source;
	}
	if (other.state == GB_ATTRIBUTE_UNKNOWN ||
	    (other_text && gb_pattern_extract(e->ctx, call->pattern, other_text,
					      call->arguments[REPLACE_GROUP]->text,
					      &text) == GB_PATTERN_GAVE_UP)) {
		return UNKNOWN;
	}
	return text ? text_value(e, text) : ABSENT;
}

static struct gb_attribute value_replace(const struct gb_evaluation *e,
					 const struct gb_expression *call)
{
	struct gb_attribute source = argument(e, call, REPLACE_SOURCE);

	if (source.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	if (is_given(call, REPLACE_ATTRIBUTE)) {
		return replace_attribute(e, call, source);
	}
	return call->pattern ? replace_pattern(e, call, text_of(&source))
			     : replace_plain(e, call, text_of(&source));
}

/* "Doe, John" from Join(", ", "", [surname], [givenName]): what is empty gets no separator. */
static struct gb_attribute value_join(const struct gb_evaluation *e,
				      const struct gb_expression *call)
{
	struct gb_attribute separator = argument(e, call, 0);
	const char *between = text_of(&separator);
	struct gb_buffer *out = gb_buffer_new(e->ctx);

	if (separator.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	for (size_t i = 1; i < call->count; i++) {
		struct gb_attribute source = argument(e, call, i);

		if (source.state == GB_ATTRIBUTE_UNKNOWN) {
			return UNKNOWN;
		}
		for (size_t n = 0; n < source.count; n++) {
			if (source.values[n][0] == '\0') {
				continue;
			}
			gb_buffer_add_text(out, out->length > 0 && between ? between : "");
			gb_buffer_add_text(out, source.values[n]);
		}
	}
	return text_value(e, gb_buffer_steal(e->ctx, out));
}

static const char *check_switch(struct gb_expression *call)
{
	return call->count % 2 == 0
		       ? NULL
		       : _("Switch takes a source, a default, and then pairs of key and value.");
}

/* Null matches the key "" ("use a literal empty string as one of the key values"). */
static struct gb_attribute value_switch(const struct gb_evaluation *e,
					const struct gb_expression *call)
{
	struct gb_attribute source = argument(e, call, 0);
	const char *text = text_of(&source);

	if (source.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	for (size_t i = 2; i + 1 < call->count; i += 2) {
		struct gb_attribute key = argument(e, call, i);
		const char *key_text = text_of(&key);

		if (key.state == GB_ATTRIBUTE_UNKNOWN) {
			return UNKNOWN;
		}
		if (strcmp(text ? text : "", key_text ? key_text : "") == 0) {
			return argument(e, call, i + 1);
		}
	}
	return argument(e, call, 1);
}

static struct gb_attribute value_iif(const struct gb_evaluation *e,
				     const struct gb_expression *call)
{
	struct gb_attribute condition = argument(e, call, 0);

	if (condition.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	return argument(e, call, is_true(&condition) ? 1 : 2);
}

static struct gb_attribute value_coalesce(const struct gb_evaluation *e,
					  const struct gb_expression *call)
{
	for (size_t i = 0; i < call->count; i++) {
		struct gb_attribute value = argument(e, call, i);

		if (value.state != GB_ATTRIBUTE_ABSENT) {
			return value;
		}
	}
	return ABSENT;
}

static struct gb_attribute value_is_null(const struct gb_evaluation *e,
					 const struct gb_expression *call)
{
	struct gb_attribute value = argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN ? UNKNOWN : bool_value(e, value.count == 0);
}

static struct gb_attribute value_is_null_or_empty(const struct gb_evaluation *e,
						  const struct gb_expression *call)
{
	struct gb_attribute value = argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN ? UNKNOWN : bool_value(e, is_empty(&value));
}

static struct gb_attribute value_is_present(const struct gb_evaluation *e,
					    const struct gb_expression *call)
{
	struct gb_attribute value = argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN ? UNKNOWN : bool_value(e, !is_empty(&value));
}

static struct gb_attribute value_not(const struct gb_evaluation *e,
				     const struct gb_expression *call)
{
	struct gb_attribute value = argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN ? UNKNOWN : bool_value(e, !is_true(&value));
}

static struct gb_attribute value_count(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute value = argument(e, call, 0);

	return value.state == GB_ATTRIBUTE_UNKNOWN
		       ? UNKNOWN
		       : text_value(e, gb_printf(e->ctx, "%zu", value.count));
}

static struct gb_attribute value_item(const struct gb_evaluation *e,
				      const struct gb_expression *call)
{
	struct gb_attribute list = argument(e, call, 0);
	struct gb_attribute number = argument(e, call, 1);
	int64_t index;

	if (list.state == GB_ATTRIBUTE_UNKNOWN || !number_of(&number, &index)) {
		return UNKNOWN;
	}
	return index >= 1 && (size_t)index <= list.count ? text_value(e, list.values[index - 1])
							 : ABSENT;
}

static void add_part(const void *ctx, struct gb_attribute *list, const char *begin, size_t length)
{
	char *part = gb_strndup(ctx, begin, length);

	list->values = gb_mem_check(
		talloc_realloc(ctx, list->values, const char *, gb_mem_count(list->count + 1)));
	list->values[list->count++] = gb_text_trim(ctx, part);
	list->state = GB_ATTRIBUTE_PRESENT;
}

/* "PermissionSetOne, PermissionSetTwo" becomes two values without the blank between. */
static struct gb_attribute value_split(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute delimiter = argument(e, call, 1);
	const char *at = text_of(&source);
	const char *between = text_of(&delimiter);
	struct gb_attribute list = ABSENT;
	const char *hit;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || delimiter.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	if (!at || !between || *between == '\0') {
		return source;
	}
	while ((hit = strstr(at, between)) != NULL) {
		add_part(e->ctx, &list, at, (size_t)(hit - at));
		at = hit + strlen(between);
	}
	add_part(e->ctx, &list, at, strlen(at));
	return list;
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
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute number = argument(e, call, 1);
	struct gb_attribute set = argument(e, call, 2);
	const char *at = text_of(&source);
	const char *delimiters = text_of(&set);
	const char *begin = NULL;
	int64_t wanted;
	int64_t word = 0;
	uint32_t c;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || set.state == GB_ATTRIBUTE_UNKNOWN ||
	    !number_of(&number, &wanted)) {
		return UNKNOWN;
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
	return text_value(
		e, begin && word == wanted ? gb_strndup(e->ctx, begin, (size_t)(at - begin)) : "");
}

/* 1-based, 0 if it is not there; positions count UTF-16 units. */
static struct gb_attribute value_instr(const struct gb_evaluation *e,
				       const struct gb_expression *call)
{
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute needle = argument(e, call, 1);
	const char *text = text_of(&source);
	const char *wanted = text_of(&needle);
	const char *hit = text && wanted ? strstr(text, wanted) : NULL;
	size_t at = 0;

	if (source.state == GB_ATTRIBUTE_UNKNOWN || needle.state == GB_ATTRIBUTE_UNKNOWN) {
		return UNKNOWN;
	}
	if (hit) {
		char *before = gb_strndup(e->ctx, text, (size_t)(hit - text));

		at = gb_text_utf16_units(before) + 1;
	}
	return text_value(e, gb_printf(e->ctx, "%zu", at));
}

static struct gb_attribute value_remove_duplicates(const struct gb_evaluation *e,
						   const struct gb_expression *call)
{
	struct gb_attribute source = argument(e, call, 0);
	struct gb_attribute list = source;

	list.values = gb_new_array(e->ctx, const char *, source.count);
	list.count = 0;
	for (size_t i = 0; i < source.count; i++) {
		bool is_new = true;

		for (size_t n = 0; n < list.count; n++) {
			is_new = is_new && strcmp(list.values[n], source.values[i]) != 0;
		}
		if (is_new) {
			list.values[list.count++] = source.values[i];
		}
	}
	return list;
}

#define TEXT      GB_ARGUMENT_TEXT
#define NUMBER    GB_ARGUMENT_NUMBER
#define CONDITION GB_ARGUMENT_CONDITION
#define MANY      GB_EXPRESSION_MAX_ARGUMENTS

static const struct gb_function FUNCTIONS[] = {
	{"Append", 2, 2, {TEXT}, false, value_append, NULL},
	{"Coalesce", 1, MANY, {TEXT}, false, value_coalesce, NULL},
	{"Count", 1, 1, {TEXT}, false, value_count, NULL},
	{"IIF", 3, 3, {CONDITION}, false, value_iif, NULL},
	{"InStr", 2, 2, {TEXT}, false, value_instr, NULL},
	{"IsNull", 1, 1, {TEXT}, false, value_is_null, NULL},
	{"IsNullOrEmpty", 1, 1, {TEXT}, false, value_is_null_or_empty, NULL},
	{"IsPresent", 1, 1, {TEXT}, false, value_is_present, NULL},
	{"Item", 2, 2, {TEXT, NUMBER}, false, value_item, NULL},
	{"Join", 2, MANY, {TEXT}, false, value_join, NULL},
	{"Left", 2, 2, {TEXT, NUMBER}, false, value_left, NULL},
	{"Mid", 3, 3, {TEXT, NUMBER, NUMBER}, false, value_mid, NULL},
	{"NormalizeDiacritics", 1, 1, {TEXT}, false, value_normalize, NULL},
	{"Not", 1, 1, {CONDITION}, false, value_not, NULL},
	{"RemoveDuplicates", 1, 1, {TEXT}, false, value_remove_duplicates, NULL},
	{"Replace", 3, 7, {TEXT}, true, value_replace, check_replace},
	{"Right", 2, 2, {TEXT, NUMBER}, false, value_right, NULL},
	{"Split", 2, 2, {TEXT}, false, value_split, NULL},
	{"StripSpaces", 1, 1, {TEXT}, false, value_strip_spaces, NULL},
	{"Switch", 4, MANY, {TEXT}, true, value_switch, check_switch},
	{"ToLower", 1, 1, {TEXT}, false, value_to_lower, NULL},
	{"ToUpper", 1, 1, {TEXT}, false, value_to_upper, NULL},
	{"Trim", 1, 1, {TEXT}, false, value_trim, NULL},
	{"Word", 3, 3, {TEXT, NUMBER}, false, value_word, NULL},
};

const struct gb_function *gb_function_find(const char *name)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(FUNCTIONS); i++) {
		if (strcmp(FUNCTIONS[i].name, name) == 0) {
			return &FUNCTIONS[i];
		}
	}
	return NULL;
}
