/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodings and the JSON writer. */
#include "config.h"

#include "fixture.h"

#include <string.h>

#include "sim/util/encode.h"
#include "sim/util/json_write.h"

static void base64url_goes_both_ways_at_every_length(void **state)
{
	uint8_t bytes[64];
	void *tmp = talloc_new(NULL);

	(void)state;
	for (size_t length = 0; length < sizeof(bytes); length++) {
		char *text = NULL;
		uint8_t *back = NULL;
		size_t got = 0;

		for (size_t i = 0; i < length; i++) {
			bytes[i] = (uint8_t)(i * 37 + length * 251);
		}
		text = sim_base64url(tmp, bytes, length);
		assert_null(strpbrk(text, "+/="));
		back = sim_base64url_decode(tmp, text, strlen(text), &got);
		assert_non_null(back);
		assert_int_equal(length, got);
		assert_memory_equal(bytes, back, length);
	}
	talloc_free(tmp);
}

static void malformed_base64url_is_refused(void **state)
{
	static const char *const texts[] = {"A", "AAAAA", "A B", "a+b/", "=A==", "\xC3\xBC"};
	size_t length = 0;

	(void)state;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(texts); i++) {
		assert_null(sim_base64url_decode(NULL, texts[i], strlen(texts[i]), &length));
	}
}

static void percent_decoding_knows_forms_and_refuses_what_is_malformed(void **state)
{
	void *tmp = talloc_new(NULL);

	(void)state;
	assert_string_equal("a b+c\xC3\xBC%",
			    sim_percent_decode(tmp, "a+b%2Bc%c3%bc%25", 16, true));
	assert_string_equal("a+b", sim_percent_decode(tmp, "a+b", 3, false));
	assert_null(sim_percent_decode(tmp, "%", 1, false));
	assert_null(sim_percent_decode(tmp, "%4", 2, false));
	assert_null(sim_percent_decode(tmp, "%4g", 3, false));
	assert_null(sim_percent_decode(tmp, "%00", 3, false));
	assert_null(sim_percent_decode(tmp, "%ff", 3, false));
	assert_null(sim_percent_decode(tmp, "%c3", 3, false));
	talloc_free(tmp);
}

static void utf8_is_checked_to_the_letter_of_its_standard(void **state)
{
	static const struct {
		const char *text;
		bool is_valid;
	} cases[] = {
		{"abc", true},
		{"\xC3\xBC", true},
		{"\xF0\x9F\x9A\x80", true},
		{"\xC0\x80", false},
		{"\xC1\xBF", false},
		{"\xE0\x80\x80", false},
		{"\xED\xA0\x80", false},
		{"\xF0\x80\x80\x80", false},
		{"\xF4\x90\x80\x80", false},
		{"\xF5\x80\x80\x80", false},
		{"\x80", false},
		{"\xC3", false},
		{"\xE2\x82", false},
		{"\xFF", false},
		{"\xF4\x8F\xBF\xBF", true},
	};

	(void)state;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(cases); i++) {
		assert_int_equal(cases[i].is_valid,
				 sim_utf8_is_valid(cases[i].text, strlen(cases[i].text)));
	}
	assert_false(sim_utf8_is_valid("a\0b", 3));
}

static void guids_are_read_in_any_case_and_only_whole(void **state)
{
	uint8_t guid[SIM_GUID_SIZE];
	char text[SIM_GUID_TEXT];

	(void)state;
	assert_true(sim_guid_parse("73D664E4-0886-4a73-B745-c694da45ddb4", guid));
	sim_guid_format(guid, text);
	assert_string_equal("73d664e4-0886-4a73-b745-c694da45ddb4", text);
	assert_false(sim_guid_parse("73d664e4-0886-4a73-b745-c694da45ddb", guid));
	assert_false(sim_guid_parse("73d664e4-0886-4a73-b745-c694da45ddb44", guid));
	assert_false(sim_guid_parse("73d664e4_0886-4a73-b745-c694da45ddb4", guid));
	assert_false(sim_guid_parse("73d664e4-0886-4a73-b745-c694da45ddbx", guid));
	assert_false(sim_guid_parse("", guid));
}

static void the_writer_puts_commas_and_escapes(void **state)
{
	struct sim_buf *out = sim_buf_new(NULL);
	struct sim_json json = {.out = out};

	(void)state;
	sim_json_object(&json);
	sim_json_put_string(&json, "a\"", "\\\n\x01\xC3\xBC/");
	sim_json_key(&json, "b");
	sim_json_array(&json);
	sim_json_int(&json, -7);
	sim_json_bool(&json, true);
	sim_json_null(&json);
	sim_json_object(&json);
	sim_json_object_end(&json);
	sim_json_array_end(&json);
	sim_json_put_string(&json, "c", NULL);
	sim_json_object_end(&json);
	assert_string_equal("{\"a\\\"\":\"\\\\\\n\\u0001\xC3\xBC/\",\"b\":[-7,true,null,{}],"
			    "\"c\":null}",
			    out->data);
	talloc_free(out);
}

/* The quick way over eight bytes and the slow one must agree, wherever the odd byte stands. */
static void texts_are_quoted_wherever_the_odd_byte_stands(void **state)
{
	void *tmp = talloc_new(NULL);

	(void)state;
	for (size_t length = 1; length < 40; length++) {
		for (unsigned odd = 1; odd < 256; odd++) {
			for (size_t at = 0; at < length; at++) {
				struct sim_buf *out = sim_buf_new(tmp);
				char text[41] = {0};
				size_t end = 0;

				memset(text, 'x', length);
				text[at] = (char)odd;
				sim_json_quote(out, text);
				end = out->length - (length - at - 1) - 1;
				if (odd == '"' || odd == '\\') {
					assert_int_equal('\\', out->data[end - 2]);
				} else if (odd < 0x20) {
					assert_int_equal('\\', out->data[at + 1]);
				} else {
					assert_int_equal(length + 2, out->length);
				}
				assert_int_equal('"', out->data[out->length - 1]);
				talloc_free(out);
			}
		}
	}
	talloc_free(tmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_quoted_wherever_the_odd_byte_stands),
		cmocka_unit_test(base64url_goes_both_ways_at_every_length),
		cmocka_unit_test(malformed_base64url_is_refused),
		cmocka_unit_test(percent_decoding_knows_forms_and_refuses_what_is_malformed),
		cmocka_unit_test(utf8_is_checked_to_the_letter_of_its_standard),
		cmocka_unit_test(guids_are_read_in_any_case_and_only_whole),
		cmocka_unit_test(the_writer_puts_commas_and_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
