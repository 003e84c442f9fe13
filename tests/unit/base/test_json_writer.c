/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the writer in engine/base/json. */
#include "config.h"

#include "engine/base/json.h"
#include "tests/unit/unit.h"

static void write_sample(struct gb_json_writer *w)
{
	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "name", "a\"b\\c");
	gb_json_begin_array(w, "list");
	gb_json_put_int(w, NULL, INT64_MIN);
	gb_json_put_bool(w, NULL, true);
	gb_json_put_bool(w, NULL, false);
	gb_json_put_null(w, NULL);
	gb_json_put_text(w, NULL, NULL);
	gb_json_begin_object(w, NULL);
	gb_json_end_object(w);
	gb_json_begin_array(w, NULL);
	gb_json_end_array(w);
	gb_json_end_array(w);
	gb_json_end_object(w);
}

static void one_line_has_no_blanks(void **state)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);

	(void)state;
	write_sample(w);
	assert_string_equal(gb_json_writer_text(w),
			    "{\"name\":\"a\\\"b\\\\c\",\"list\":[-9223372036854775808,true,false,"
			    "null,null,{},[]]}");
	talloc_free(w);
}

static void pretty_has_one_member_a_line(void **state)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, true);

	(void)state;
	write_sample(w);
	assert_string_equal(gb_json_writer_text(w), "{\n"
						    "  \"name\": \"a\\\"b\\\\c\",\n"
						    "  \"list\": [\n"
						    "    -9223372036854775808,\n"
						    "    true,\n"
						    "    false,\n"
						    "    null,\n"
						    "    null,\n"
						    "    {},\n"
						    "    []\n"
						    "  ]\n"
						    "}");
	talloc_free(w);
}

static void controls_and_line_separators_never_reach_the_output(void **state)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);

	(void)state;
	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "a\n", "\x1b\t\x7f\xc2\x9b\xe2\x80\xa8\xff\xf0\x9f\x98\x80");
	gb_json_end_object(w);
	assert_string_equal(gb_json_writer_text(w),
			    "{\"a\\n\":\"\\u001b\\u0009\\u007f\\u009b\\u2028\xef\xbf\xbd"
			    "\xf0\x9f\x98\x80\"}");
	talloc_free(w);
}

static void any_text_can_be_read_back(void **state)
{
	static const char *const parts[] = {"a",           "\"",           "\\",
					    "/",           "\n",           "\x1b",
					    "\xc2\x85",    "\xe2\x80\xa9", "\xf0\x9f\x98\x80",
					    "\xef\xbf\xbf"};
	struct unit_chance chance = {31};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct gb_json_writer *w = gb_json_writer_new(NULL, i % 2);
		struct gb_json_doc *doc;
		struct gb_err err;
		char *text = gb_strdup(w, "");

		for (size_t n = unit_below(&chance, 10); n > 0; n--) {
			text = talloc_strdup_append(
				text, parts[unit_below(&chance, GB_ARRAY_SIZE(parts))]);
		}
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, text, text);
		gb_json_end_object(w);
		assert_int_equal(gb_json_parse(w, gb_json_writer_text(w),
					       strlen(gb_json_writer_text(w)), "it", &doc, &err),
				 GB_OK);
		assert_string_equal(gb_json_get_text(gb_json_root(doc), text), text);
		talloc_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_has_no_blanks),
		cmocka_unit_test(pretty_has_one_member_a_line),
		cmocka_unit_test(controls_and_line_separators_never_reach_the_output),
		cmocka_unit_test(any_text_can_be_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
