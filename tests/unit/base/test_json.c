/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/json: the gate, the getters. */
#include "config.h"

#include <locale.h>
#include <time.h>

#include "engine/base/buffer.h"
#include "engine/base/json.h"
#include "engine/base/text.h"
#include "tests/unit/unit.h"

static enum gb_rc parse(void *ctx, const char *text, size_t length, struct gb_json_doc **ret_doc,
			struct gb_err *err)
{
	return gb_json_parse(ctx, text, length, "the test", ret_doc, err);
}

static const struct gb_json *root_of(void *ctx, const char *text)
{
	struct gb_json_doc *doc;
	struct gb_err err;

	assert_int_equal(parse(ctx, text, strlen(text), &doc, &err), GB_OK);
	return gb_json_root(doc);
}

/* Text with its length, since some hold NUL. */
#define T(text)                        \
	{                              \
		text, sizeof(text) - 1 \
	}

struct sample {
	const char *text;
	size_t length;
};

static const struct sample good[] = {
	T("{}"),
	T(" \t\r\n{ } \n"),
	T("{\"a\":null}"),
	T("{\"a\":true,\"b\":false}"),
	T("{\"a\":[]}"),
	T("{\"a\":[{},[],\"\",0]}"),
	T("{\"a\":-0}"),
	T("{\"a\":0.5e-3}"),
	T("{\"a\":1E+2}"),
	T("{\"a\":1e308}"),
	T("{\"a\":1e-400}"),
	T("{\"\":\"\"}"),
	T("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"}"),
	T("{\"a\":\"\\ud83d\\ude00\"}"),
	T("{\"a\":\"\\uD83D\\uDE00\"}"),
	T("{\"a\":\"\xf0\x9f\x98\x80\xc3\xbc\"}"),
	T("{\"a\":\"\x7f\"}"),
	T("{\"a\":\"\\uffff\\ufffe\"}"),
	T("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"),
	T("{\"a\":[{\"x\":1},{\"x\":1}]}"),
	T("{\"a\":1,\"A\":2}"),
	T("{\"ab\":1,\"a\":2,\"b\":3}"),
};

static const struct sample bad[] = {
	T(""),
	T(" "),
	T("[]"),
	T("\"a\""),
	T("1"),
	T("null"),
	T("{"),
	T("}"),
	T("{}{}"),
	T("{}x"),
	T("{}\0"),
	T("\0{}"),
	T("{\0}"),
	T("\xef\xbb\xbf{}"),
	T("\xff{}"),
	T("{\"a\"}"),
	T("{\"a\":}"),
	T("{\"a\":1,}"),
	T("{,}"),
	T("{\"a\":1 \"b\":2}"),
	T("{a:1}"),
	T("{'a':1}"),
	T("{1:1}"),
	T("{\"a\":[1,]}"),
	T("{\"a\":[,1]}"),
	T("{\"a\":[1 2]}"),
	T("{\"a\":[1}"),
	T("{\"a\":[1]"),
	T("{\"a\":{]}"),
	T("{\"a\":01}"),
	T("{\"a\":+1}"),
	T("{\"a\":1.}"),
	T("{\"a\":.5}"),
	T("{\"a\":1e}"),
	T("{\"a\":1e+}"),
	T("{\"a\":-}"),
	T("{\"a\":--1}"),
	T("{\"a\":0x10}"),
	T("{\"a\":1e999}"),
	T("{\"a\":-1e999}"),
	T("{\"a\":NaN}"),
	T("{\"a\":Infinity}"),
	T("{\"a\":-Infinity}"),
	T("{\"a\":1234567890123456789012345678901234567890123456789012345678901234}"),
	T("{\"a\":True}"),
	T("{\"a\":tru}"),
	T("{\"a\":truex}"),
	T("{\"a\":nul}"),
	T("{\"a\":\"b}"),
	T("{\"a\":\"\n\"}"),
	T("{\"a\":\"\x1f\"}"),
	T("{\"a\":\"\0\"}"),
	T("{\"a\":\"\\u0000\"}"),
	T("{\"\\u0000\":1}"),
	T("{\"a\":\"\\x\"}"),
	T("{\"a\":\"\\u12\"}"),
	T("{\"a\":\"\\u12g4\"}"),
	T("{\"a\":\"\\"),
	T("{\"a\":\"\\u"),
	T("{\"a\":\"\\ud83d\"}"),
	T("{\"a\":\"\\ude00\"}"),
	T("{\"a\":\"\\ud83d\\u0041\"}"),
	T("{\"a\":\"\\ud83dx\"}"),
	T("{\"a\":\"\\ud83d\\ud83d\"}"),
	T("{\"a\":\"\xff\"}"),
	T("{\"a\":\"\xc0\x80\"}"),
	T("{\"a\":\"\xed\xa0\x80\"}"),
	T("{\"a\":\"\xf4\x90\x80\x80\"}"),
	T("{\"a\":\"\xc3\"}"),
	T("{\"\xff\":1}"),
	T("{\"a\":1,\"a\":1}"),
	T("{\"a\":1,\"b\":2,\"a\":1}"),
	T("{\"a\":1,\"\\u0061\":1}"),
	T("{\"\\u0061\":1,\"\\u0061\":1}"),
	T("{\"x\":[{\"a\":1,\"b\":{},\"a\":1}]}"),
	T("{\"\":1,\"\":1}"),
	T("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":1}"),
	T("{\"a\":1}/**/"),
	T("//\n{\"a\":1}"),
	T("{\"a\"\v:1}"),
};

static void what_rfc_8259_allows_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(good); i++) {
		struct gb_json_doc *doc;
		struct gb_err err;

		if (parse(NULL, good[i].text, good[i].length, &doc, &err) != GB_OK) {
			fail_msg("%s: %s", good[i].text, err.what);
		}
		talloc_free(doc);
	}
}

static void what_is_wrong_doubtful_or_doubled_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		struct gb_json_doc *doc = NULL;
		struct gb_err err;

		if (parse(NULL, bad[i].text, bad[i].length, &doc, &err) != GB_E_PROTOCOL) {
			fail_msg("taken: %s", bad[i].text);
		}
		assert_null(doc);
		assert_string_equal(err.id, "json-invalid");
		/* Every beginning of it is refused as well, without reading behind the end. */
		for (size_t cut = 0; cut < bad[i].length; cut++) {
			char *part = gb_new_array(NULL, char, cut ? cut : 1);

			memcpy(part, bad[i].text, cut);
			if (parse(part, part, cut, &doc, &err) == GB_OK) {
				assert_int_equal(part[cut - 1], '}');
			}
			talloc_free(part);
		}
	}
}

static void an_error_names_the_source_the_byte_and_the_reason(void **state)
{
	struct gb_json_doc *doc;
	struct gb_err err;

	(void)state;
	assert_int_equal(parse(NULL, "{\"a\":1,\"a\":2}", 13, &doc, &err), GB_E_PROTOCOL);
	assert_string_equal(err.what,
			    "the test is not acceptable JSON: at byte 7, an object has two "
			    "members of the same name.");
}

/* "{"a":[[[…]]]}" with @depth levels in all. */
static char *nested(void *ctx, size_t depth)
{
	struct gb_buffer *text = gb_buffer_new(ctx);

	gb_buffer_add_text(text, "{\"a\":");
	for (size_t i = 1; i < depth; i++) {
		gb_buffer_add_char(text, '[');
	}
	for (size_t i = 1; i < depth; i++) {
		gb_buffer_add_char(text, ']');
	}
	gb_buffer_add_char(text, '}');
	return gb_buffer_steal(ctx, text);
}

static void depth_is_bounded(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_doc *doc;
	struct gb_err err;
	char *text = nested(tmp, GB_JSON_MAX_DEPTH);

	(void)state;
	assert_int_equal(parse(tmp, text, strlen(text), &doc, &err), GB_OK);
	text = nested(tmp, GB_JSON_MAX_DEPTH + 1);
	assert_int_equal(parse(tmp, text, strlen(text), &doc, &err), GB_E_PROTOCOL);
	text = nested(tmp, 1000000);
	assert_int_equal(parse(tmp, text, strlen(text), &doc, &err), GB_E_PROTOCOL);
	talloc_free(tmp);
}

/* An object of one array of @count zeros. */
static char *zeros(void *ctx, size_t count)
{
	struct gb_buffer *text = gb_buffer_new(ctx);

	gb_buffer_add_text(text, "{\"a\":[0");
	for (size_t i = 1; i < count; i++) {
		gb_buffer_add_text(text, ",0");
	}
	gb_buffer_add_text(text, "]}");
	return gb_buffer_steal(ctx, text);
}

static void the_number_of_values_is_bounded(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_doc *doc;
	struct gb_err err;
	char *text = zeros(tmp, GB_JSON_MAX_NODES - 2); /* and the object and the array */

	(void)state;
	assert_int_equal(parse(tmp, text, strlen(text), &doc, &err), GB_OK);
	text = zeros(tmp, GB_JSON_MAX_NODES - 1);
	assert_int_equal(parse(tmp, text, strlen(text), &doc, &err), GB_E_PROTOCOL);
	assert_non_null(strstr(err.what, "too many values"));
	talloc_free(tmp);
}

static void the_size_is_bounded(void **state)
{
	char *text = gb_new_array(NULL, char, GB_JSON_MAX_BYTES + 1);
	struct gb_json_doc *doc;
	struct gb_err err;

	(void)state;
	memset(text, ' ', GB_JSON_MAX_BYTES + 1);
	text[0] = '{';
	text[1] = '}';
	assert_int_equal(parse(text, text, GB_JSON_MAX_BYTES, &doc, &err), GB_OK);
	assert_int_equal(parse(text, text, GB_JSON_MAX_BYTES + 1, &doc, &err), GB_E_PROTOCOL);
	talloc_free(text);
}

static void an_object_with_very_many_names_is_read_in_fair_time(void **state)
{
	struct gb_buffer *text = gb_buffer_new(NULL);
	struct timespec begin;
	struct timespec end;
	struct gb_json_doc *doc;
	struct gb_err err;

	(void)state;
	for (int i = 0; i < 390000; i++) {
		gb_buffer_add_format(text, "%s\"\\u0061name%06d\":1", i ? "," : "{", i);
	}
	gb_buffer_add_text(text, "}");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	assert_int_equal(parse(text, text->text, text->length, &doc, &err), GB_OK);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	/* 0.3 s as measured; comparing each with each would take minutes. */
	assert_true(end.tv_sec - begin.tv_sec < 20);
	talloc_free(text);
}

static void a_double_name_is_found_wherever_it_stands(void **state)
{
	struct unit_chance chance = {19};

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct gb_buffer *text = gb_buffer_new(NULL);
		size_t count = 2 + unit_below(&chance, 60);
		size_t first = unit_below(&chance, count - 1);
		size_t second = first + 1 + unit_below(&chance, count - 1 - first);
		struct gb_json_doc *doc;
		struct gb_err err;

		gb_buffer_add_char(text, '{');
		for (size_t n = 0; n < count; n++) {
			/* Names of many lengths, each its own but for the second. */
			gb_buffer_add_format(text, "%s\"%zx\":0", n ? "," : "",
					     ((n == second ? first : n) * 2654435761u) % 1048573);
		}
		gb_buffer_add_char(text, '}');
		assert_int_equal(parse(text, text->text, text->length, &doc, &err), GB_E_PROTOCOL);
		talloc_free(text);
	}
}

static void numbers_are_read_whatever_the_locale(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	int64_t value;

	(void)state;
	setlocale(LC_ALL, "de_DE.UTF-8");
	assert_true(gb_json_get_int(root_of(tmp, "{\"a\":2.5e1}"), "a", &value));
	assert_int_equal(value, 25);
	setlocale(LC_ALL, "C");
	talloc_free(tmp);
}

static void getters_tell_absent_from_null_from_a_wrong_type(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	const struct gb_json *root = root_of(
		tmp, "{\"t\":\"x\",\"n\":null,\"b\":true,\"i\":7,\"a\":[1],\"o\":{\"k\":\"v\"}}");

	(void)state;
	assert_int_equal(gb_json_member_kind(root, "zz"), GB_JSON_ABSENT);
	assert_int_equal(gb_json_member_kind(root, "T"), GB_JSON_ABSENT);
	assert_int_equal(gb_json_member_kind(root, "n"), GB_JSON_NULL);
	assert_int_equal(gb_json_member_kind(root, "b"), GB_JSON_BOOL);
	assert_int_equal(gb_json_member_kind(root, "i"), GB_JSON_NUMBER);
	assert_int_equal(gb_json_member_kind(root, "t"), GB_JSON_STRING);
	assert_int_equal(gb_json_member_kind(root, "a"), GB_JSON_ARRAY);
	assert_int_equal(gb_json_member_kind(root, "o"), GB_JSON_OBJECT);
	assert_int_equal(gb_json_kind(NULL), GB_JSON_ABSENT);
	assert_string_equal(gb_json_get_text(root, "t"), "x");
	assert_null(gb_json_get_text(root, "n"));
	assert_null(gb_json_get_text(root, "i"));
	assert_null(gb_json_get_text(root, "zz"));
	assert_true(gb_json_get_bool(root, "b", false));
	assert_true(gb_json_get_bool(root, "n", true));
	assert_false(gb_json_get_bool(root, "i", false));
	assert_string_equal(gb_json_get_text(gb_json_get(root, "o"), "k"), "v");
	assert_null(gb_json_get(gb_json_get(root, "a"), "k"));
	assert_null(gb_json_get(gb_json_get(root, "zz"), "k"));
	talloc_free(tmp);
}

static void whole_numbers_are_exact_or_refused(void **state)
{
	static const struct {
		const char *text;
		bool is_whole;
		int64_t value;
	} cases[] = {
		{"{\"a\":0}", true, 0},
		{"{\"a\":-17}", true, -17},
		{"{\"a\":1e3}", true, 1000},
		{"{\"a\":9007199254740991}", true, 9007199254740991},
		{"{\"a\":-9007199254740991}", true, -9007199254740991},
		{"{\"a\":9007199254740992}", false, 0},
		{"{\"a\":9007199254740993}", false, 0},
		{"{\"a\":1.5}", false, 0},
		{"{\"a\":1e300}", false, 0},
		{"{\"a\":\"5\"}", false, 0},
		{"{\"a\":null}", false, 0},
		{"{}", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(cases); i++) {
		void *tmp = gb_new_tmp(NULL);
		int64_t value = 99;

		assert_int_equal(gb_json_get_int(root_of(tmp, cases[i].text), "a", &value),
				 cases[i].is_whole);
		assert_int_equal(value, cases[i].is_whole ? cases[i].value : 99);
		talloc_free(tmp);
	}
}

static void arrays_and_objects_are_walked_in_order(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	const struct gb_json *root = root_of(tmp, "{\"x\":[\"a\",\"b\"],\"y\":[],\"z\":1}");
	const struct gb_json *item = gb_json_first(gb_json_get(root, "x"));

	(void)state;
	assert_string_equal(gb_json_text(item), "a");
	assert_null(gb_json_name(item));
	item = gb_json_next(item);
	assert_string_equal(gb_json_text(item), "b");
	assert_null(gb_json_next(item));
	assert_null(gb_json_first(gb_json_get(root, "y")));
	assert_null(gb_json_first(gb_json_get(root, "z")));
	assert_string_equal(gb_json_name(gb_json_next(gb_json_first(root))), "y");
	talloc_free(tmp);
}

static void what_the_gate_takes_the_parser_takes(void **state)
{
	struct unit_chance chance = {23};
	static const char bytes[] = "{}[]\",:\\u0ad8e1.-+ tfn\n\x01\xff\xc3";

	(void)state;
	for (int i = 0; i < 200000; i++) {
		const struct sample *from = &good[unit_below(&chance, GB_ARRAY_SIZE(good))];
		char text[128];
		struct gb_json_doc *doc;
		struct gb_err err;

		memcpy(text, from->text, from->length);
		for (size_t n = unit_below(&chance, 3); n > 0; n--) {
			text[unit_below(&chance, from->length)] =
				bytes[unit_below(&chance, sizeof(bytes) - 1)];
		}
		if (parse(NULL, text, from->length, &doc, &err) == GB_OK) {
			talloc_free(doc);
		} else {
			assert_null(strstr(err.what, "the parser"));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_rfc_8259_allows_is_read),
		cmocka_unit_test(what_is_wrong_doubtful_or_doubled_is_refused),
		cmocka_unit_test(an_error_names_the_source_the_byte_and_the_reason),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(the_number_of_values_is_bounded),
		cmocka_unit_test(the_size_is_bounded),
		cmocka_unit_test(an_object_with_very_many_names_is_read_in_fair_time),
		cmocka_unit_test(a_double_name_is_found_wherever_it_stands),
		cmocka_unit_test(numbers_are_read_whatever_the_locale),
		cmocka_unit_test(getters_tell_absent_from_null_from_a_wrong_type),
		cmocka_unit_test(whole_numbers_are_exact_or_refused),
		cmocka_unit_test(arrays_and_objects_are_walked_in_order),
		cmocka_unit_test(what_the_gate_takes_the_parser_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
