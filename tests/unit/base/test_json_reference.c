/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Properties of engine/base/json over pages as Graph sends them, whole and spoilt: what is read is what
 * cJSON reads, value by value; and what is refused either cJSON refuses too, or it has one of the faults
 * that cJSON is known to take.
 */
#include "config.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <math.h>
#include <regex.h>

#include "engine/base/buffer.h"
#include "engine/base/json.h"
#include "engine/base/text.h"
#include "tests/unit/unit.h"

#define PAGES 40000
#define GOOD_TEXTS 12
#define GOOD_OTHERS 11

static const char *pick(struct unit_chance *chance, const char *const *from, size_t count)
{
	return from[unit_below(chance, count)];
}

#define PICK(chance, array) pick(chance, array, GB_ARRAY_SIZE(array))

/* Texts of a value, between quotes; those behind the first GOOD_TEXTS are refused. */
static const char *const texts[] = {
	"",
	"x",
	"Zo\xc3\xab M\xc3\xbcller",
	"CN=A\\\\, B,OU=People,DC=corp",
	"\xf0\x9f\x98\x80",
	"\\ud83d\\ude00 \\u00e9\\u000a",
	"\\\"\\\\\\/\\b\\f\\n\\r\\t",
	"S-1-5-21-1004336348-1177238915-682003330-1104",
	"q2kaVbIgRE6HqUeKHBkzdQ==",
	"8f2a9d1e-5b7c-4e9a-9a6f-3c1d2e4b5a6f",
	"#microsoft.graph.user",
	"\x7f\xe2\x80\xae",
	"a\\u0000b",
	"\\ud83d",
	"tab\there",
	"\xc3",
	"\\x",
};

static const char *const names[] = {
	"id",
	"@odata.type",
	"displayName",
	"onPremisesSyncEnabled",
	"onPremisesSecurityIdentifier",
	"onPremisesImmutableId",
	"onPremisesDistinguishedName",
	"mail",
	"\\u0069d",
	"error",
	"",
};

/* Those behind the first GOOD_OTHERS are refused. */
static const char *const others[] = {
	"null", "true", "false", "0", "-0", "17", "1.5e3", "-2E-2", "9007199254740993", "[]", "{}",
	"01",	"1e999", "-",	 "+1", "nul",	"1.", "0x10", "NaN",
};

static void add_value(struct gb_buffer *page, struct unit_chance *chance, unsigned depth);

static void add_object(struct gb_buffer *page, struct unit_chance *chance, unsigned depth)
{
	size_t first = unit_below(chance, GB_ARRAY_SIZE(names));
	size_t count = unit_below(chance, 8);

	gb_buffer_add_char(page, '{');
	for (size_t i = 0; i < count; i++) {
		/* Now and then one that stands there already. */
		const char *name = unit_below(chance, 100) == 0
					   ? PICK(chance, names)
					   : names[(first + i) % GB_ARRAY_SIZE(names)];

		gb_buffer_add_format(page, "%s\"%s\"%s:", i ? "," : "", name,
				     unit_below(chance, 30) ? "" : " \r\n\t");
		add_value(page, chance, depth);
	}
	gb_buffer_add_char(page, '}');
}

static void add_array(struct gb_buffer *page, struct unit_chance *chance, unsigned depth)
{
	size_t count = unit_below(chance, 5);

	gb_buffer_add_char(page, '[');
	for (size_t i = 0; i < count; i++) {
		gb_buffer_add_text(page, i ? ", " : "");
		add_value(page, chance, depth);
	}
	gb_buffer_add_char(page, ']');
}

static void add_value(struct gb_buffer *page, struct unit_chance *chance, unsigned depth)
{
	bool may_be_bad = unit_below(chance, 200) == 0;
	size_t kind = unit_below(chance, depth < 4 ? 8 : 6);

	if (kind < 4) {
		gb_buffer_add_format(page, "\"%s\"",
				     pick(chance, texts,
					  may_be_bad ? GB_ARRAY_SIZE(texts) : GOOD_TEXTS));
	} else if (kind < 6) {
		gb_buffer_add_text(page,
				   pick(chance, others,
					may_be_bad ? GB_ARRAY_SIZE(others) : GOOD_OTHERS));
	} else if (kind == 6) {
		add_object(page, chance, depth + 1);
	} else {
		add_array(page, chance, depth + 1);
	}
}

/* "{"@odata.context":"…","value":[…]}" with some records. */
static struct gb_buffer *new_page(struct unit_chance *chance)
{
	struct gb_buffer *page = gb_buffer_new(NULL);
	size_t records = unit_below(chance, 6);

	gb_buffer_add_text(page, "{\"@odata.context\":\"https://g/v1.0/$metadata#users\",\"value\":[");
	for (size_t i = 0; i < records; i++) {
		gb_buffer_add_text(page, i ? "," : "");
		add_object(page, chance, 1);
	}
	gb_buffer_add_text(page, "]}");
	return page;
}

/* A byte changed, lost, doubled, or everything behind it cut off. */
static void spoil(struct gb_buffer *page, struct unit_chance *chance)
{
	static const char bytes[] = "{}[]\",:\\u0ad8e1.-+ tfn\n\x01\xff\xc3\xed";
	size_t at = unit_below(chance, page->length);
	char *text = page->text;

	switch (unit_below(chance, 6)) {
	case 0:
		page->length = at;
		break;
	case 1:
		memmove(text + at, text + at + 1, page->length - at - 1);
		page->length--;
		break;
	case 2:
		text[at] = text[unit_below(chance, page->length)];
		break;
	case 3:
		text[at] = '\0';
		break;
	default:
		text[at] = bytes[unit_below(chance, sizeof(bytes) - 1)];
		break;
	}
}

static void compare(const struct gb_json *ours, const cJSON *theirs);

static void compare_children(const struct gb_json *ours, const cJSON *theirs)
{
	const cJSON *other = theirs->child;

	for (const struct gb_json *e = gb_json_first(ours); e; e = gb_json_next(e)) {
		assert_non_null(other);
		if (gb_json_kind(ours) == GB_JSON_OBJECT) {
			assert_string_equal(gb_json_name(e), other->string);
		} else {
			assert_null(gb_json_name(e));
		}
		compare(e, other);
		other = other->next;
	}
	assert_null(other);
}

static void compare_numbers(const struct gb_json *ours, double theirs)
{
	bool is_exact = fabs(theirs) <= 9007199254740991.0;
	double rest = is_exact ? theirs - (double)(int64_t)theirs : 1;
	bool is_whole = fpclassify(rest) == FP_ZERO;
	int64_t number = 0;

	assert_int_equal(gb_json_int(ours, &number), is_whole);
	assert_int_equal(number, is_whole ? (int64_t)theirs : 0);
}

static void compare(const struct gb_json *ours, const cJSON *theirs)
{
	switch (gb_json_kind(ours)) {
	case GB_JSON_STRING:
		assert_true(cJSON_IsString(theirs));
		assert_string_equal(gb_json_text(ours), theirs->valuestring);
		break;
	case GB_JSON_NUMBER:
		assert_true(cJSON_IsNumber(theirs));
		compare_numbers(ours, theirs->valuedouble);
		break;
	case GB_JSON_BOOL:
		assert_true(cJSON_IsBool(theirs));
		assert_int_equal(gb_json_bool(ours), cJSON_IsTrue(theirs));
		break;
	case GB_JSON_ARRAY:
		assert_true(cJSON_IsArray(theirs));
		compare_children(ours, theirs);
		break;
	case GB_JSON_OBJECT:
		assert_true(cJSON_IsObject(theirs));
		compare_children(ours, theirs);
		break;
	case GB_JSON_NULL:
		assert_true(cJSON_IsNull(theirs));
		break;
	case GB_JSON_ABSENT:
		fail();
	}
}

static bool has_double_name(const cJSON *value)
{
	for (const cJSON *e = value->child; e; e = e->next) {
		for (const cJSON *other = value->child; e->string && other != e;
		     other = other->next) {
			if (strcmp(other->string, e->string) == 0) {
				return true;
			}
		}
		if (has_double_name(e)) {
			return true;
		}
	}
	return false;
}

/* cJSON leaves numbers to strtod(). */
static bool is_number(const char *token, size_t length)
{
	static regex_t grammar;
	static bool is_ready;
	char text[64];

	if (!is_ready) {
		assert_int_equal(regcomp(&grammar,
					 "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$",
					 REG_EXTENDED | REG_NOSUB),
				 0);
		is_ready = true;
	}
	if (length >= sizeof(text)) {
		return false;
	}
	memcpy(text, token, length);
	text[length] = '\0';
	return regexec(&grammar, text, 0, NULL, 0) == 0 && isfinite(strtod(text, NULL));
}

/* cJSON takes what it cannot read for U+0000. */
static bool is_bad_escape(const char *text, size_t length)
{
	size_t digits = 0;

	if (length < 2 || text[1] != 'u') {
		return false;
	}
	while (digits < 4 && 2 + digits < length && isxdigit((unsigned char)text[2 + digits])) {
		digits++;
	}
	return digits < 4 || memcmp(text + 2, "0000", 4) == 0;
}

/* A control character that is no white space between values, a bad escape, or a number that is none. */
static bool has_lax_byte(const char *text, size_t length)
{
	bool is_inside = false;

	for (size_t at = 0; at < length; at++) {
		char c = text[at];

		if ((uint8_t)c < 0x20 && (is_inside || !strchr("\t\r\n", c) || c == '\0')) {
			return true;
		}
		if (is_inside && c == '\\') {
			if (is_bad_escape(text + at, length - at)) {
				return true;
			}
			at++;
		} else if (c == '"') {
			is_inside = !is_inside;
		} else if (!is_inside && strchr("0123456789+-.", c)) {
			size_t size = 1;

			while (at + size < length && text[at + size] != '\0' &&
			       strchr("0123456789+-.eE", text[at + size])) {
				size++;
			}
			if (!is_number(text + at, size)) {
				return true;
			}
			at += size - 1;
		}
	}
	return false;
}

/* What cJSON takes without a word. */
static bool has_cause(const cJSON *theirs, const struct gb_buffer *page, const char *end)
{
	size_t rest = page->length - (size_t)(end - page->text);

	return !cJSON_IsObject(theirs) || has_double_name(theirs) ||
	       !gb_text_is_utf8(page->text, page->length) ||
	       has_lax_byte(page->text, page->length) || memcmp(page->text, "\xef\xbb\xbf", 3) == 0 ||
	       strspn(end, " \t\r\n") < rest;
}

/* One page; counts what was read. */
static void check_page(const struct gb_buffer *page, unsigned *read)
{
	const char *end = NULL;
	struct gb_json_doc *doc = NULL;
	struct gb_err err;
	char *text = gb_strndup(NULL, page->text, page->length);
	cJSON *theirs = cJSON_ParseWithLengthOpts(page->text, page->length, &end, 0);
	enum gb_rc rc = gb_json_parse(NULL, page->text, page->length, "a page", &doc, &err);

	assert_memory_equal(text, page->text, page->length);
	if (rc == GB_OK) {
		++*read;
		if (!theirs) {
			fail_msg("cJSON refuses %s", text);
		}
		compare(gb_json_root(doc), theirs);
		assert_false(has_cause(theirs, page, end));
	} else if (theirs && !has_cause(theirs, page, end)) {
		fail_msg("%s %s", err.what, text);
	}
	cJSON_Delete(theirs);
	talloc_free(doc);
	talloc_free(text);
}

static void pages_whole_and_spoilt_are_read_as_cjson_reads_them(void **state)
{
	struct unit_chance chance = {41};
	unsigned whole = 0;
	unsigned spoilt = 0;

	(void)state;
	for (int i = 0; i < PAGES; i++) {
		struct gb_buffer *page = new_page(&chance);

		check_page(page, &whole);
		for (size_t n = unit_below(&chance, 3) + 1; n > 0 && page->length > 4; n--) {
			spoil(page, &chance);
		}
		check_page(page, &spoilt);
		talloc_free(page);
	}
	/* Both sides of the property were seen. */
	assert_in_range(whole, PAGES / 2, PAGES - PAGES / 20);
	assert_in_range(spoilt, PAGES / 50, PAGES / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_whole_and_spoilt_are_read_as_cjson_reads_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
