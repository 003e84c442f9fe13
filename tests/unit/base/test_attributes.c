/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/attributes. */
#include "config.h"

#include "engine/base/attributes.h"
#include "tests/unit/unit.h"

static void what_is_packed_comes_back(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_buffer *packed = gb_buffer_new(tmp);
	struct gb_attribute found;

	(void)state;
	gb_attributes_add(packed, "info", "a\nb\\n=c\r");
	gb_attributes_add(packed, "proxyAddresses", "SMTP:a");
	gb_attributes_add(packed, "proxyAddresses", "");
	gb_attributes_add(packed, "theme", NULL);
	found = gb_attributes_get(tmp, packed->text, "INFO");
	assert_int_equal(found.state, GB_ATTRIBUTE_PRESENT);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.values[0], "a\nb\\n=c\r");
	found = gb_attributes_get(tmp, packed->text, "proxyAddresses");
	assert_int_equal(found.count, 2);
	assert_string_equal(found.values[0], "SMTP:a");
	assert_string_equal(found.values[1], "");
	found = gb_attributes_get(tmp, packed->text, "theme");
	assert_int_equal(found.state, GB_ATTRIBUTE_ABSENT);
	assert_int_equal(found.count, 0);
	talloc_free(tmp);
}

static void what_is_not_named_is_unknown(void **state)
{
	static const char *const texts[] = {NULL, "", "information=x\n", "inf\n"};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(texts); i++) {
		assert_int_equal(gb_attributes_get(NULL, texts[i], "info").state,
				 GB_ATTRIBUTE_UNKNOWN);
		assert_false(gb_attributes_has(texts[i], "info"));
	}
	assert_true(gb_attributes_has("a\ninfo\n", "Info"));
}

static const struct {
	const char *packed;
	const char *patch;
	const char *merged;
} MERGES[] = {
	{NULL, NULL, NULL},
	{NULL, "a=1\n", "a=1\n"},
	{"a=1\n", NULL, "a=1\n"},
	{"a=1\nb=2\n", "a=3\n", "b=2\na=3\n"},
	{"a=1\na=2\nb\n", "A\n", "b\nA\n"},
	{"b=x\\ny\n", "a=1\na=2\n", "b=x\\ny\na=1\na=2\n"},
};

static void a_patch_replaces_what_it_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(MERGES); i++) {
		char *merged = gb_attributes_merge(NULL, MERGES[i].packed, MERGES[i].patch);

		if (MERGES[i].merged) {
			assert_string_equal(merged, MERGES[i].merged);
		} else {
			assert_null(merged);
		}
		talloc_free(merged);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(what_is_not_named_is_unknown),
		cmocka_unit_test(a_patch_replaces_what_it_names),
	};

	return cmocka_run_group_tests_name("base/attributes", tests, NULL, NULL);
}
