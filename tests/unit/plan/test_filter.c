/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/filter. */
#include "config.h"

#include "engine/base/buffer.h"
#include "engine/plan/filter.h"
#include "tests/unit/unit.h"

static struct gb_cloud_group group(void)
{
	return (struct gb_cloud_group){
		.present = GB_GROUP_HAS_ALL,
		.display_name = "APP-Müller",
		.mail_nickname = "app-mueller",
		.unified = true,
		.dynamic = true,
		.security_enabled = GB_YES,
		.mail_enabled = GB_NO,
		.writeback_enabled = GB_UNKNOWN,
		.on_premises_sync_enabled = GB_UNKNOWN,
		.extra = "classification=7\nproxyAddresses=SMTP:a@b.example\n"
			 "proxyAddresses=smtp:c@b.example\nvisibility\n"
			 "extension_0123456789abcdef0123456789abcdef_Writeback=True\n",
	};
}

static enum gb_tristate answer(const char *text, const struct gb_cloud_group *about)
{
	struct gb_filter *filter;
	struct gb_err err;
	enum gb_tristate says;

	if (gb_filter_parse(NULL, "filter", text, &filter, &err) != GB_OK) {
		fail_msg("%s: %s", text, err.what);
	}
	says = gb_filter_matches(filter, about);
	talloc_free(filter);
	return says;
}

struct row {
	const char *text;
	enum gb_tristate says;
};

static const struct row ROWS[] = {
	{"displayName EQUALS \"APP-Müller\"", GB_YES},
	{"displayName EQUALS \"app-müller\"", GB_NO},
	{"displayName NOT EQUALS \"Sales\"", GB_YES},
	{"description EQUALS \"\"", GB_NO},
	{"description NOT EQUALS \"x\"", GB_YES},
	{"description IS NULL", GB_YES},
	{"description IS NOT NULL", GB_NO},
	{"displayName IS NOT NULL", GB_YES},
	{"securityEnabled IS TRUE", GB_YES},
	{"securityEnabled IS FALSE", GB_NO},
	{"mailEnabled IS FALSE", GB_YES},
	{"isWritebackEnabled IS TRUE", GB_NO},
	{"isWritebackEnabled IS FALSE", GB_NO},
	{"isWritebackEnabled IS NULL", GB_YES},
	{"displayName REGEX MATCH \"^APP-\"", GB_YES},
	{"displayName REGEX MATCH \"^app-\"", GB_NO},
	{"displayName REGEX MATCH \"(?i)^app-\\\\p{L}+$\"", GB_YES},
	{"displayName NOT REGEX MATCH \"^HR-\"", GB_YES},
	{"displayName NOT REGEX MATCH \"^APP-\"", GB_NO},
	{"description REGEX MATCH \".*\"", GB_NO},
	{"description NOT REGEX MATCH \"x\"", GB_NO},
	{"displayName IN \"a\" \"APP-Müller\"", GB_YES},
	{"displayName NOT IN \"a\" \"b\"", GB_YES},
	{"groupTypes INCLUDES \"DynamicMembership\"", GB_YES},
	{"groupTypes INCLUDES \"Other\"", GB_NO},
	{"proxyAddresses INCLUDES \"smtp:c@b.example\"", GB_YES},
	{"proxyAddresses REGEX MATCH \"^smtp:\"", GB_YES},
	{"classification GREATER_THAN 6", GB_YES},
	{"classification GREATER_THAN 7", GB_NO},
	{"classification GREATER_THAN_OR_EQUALS 7", GB_YES},
	{"classification GREATER_THAN 10", GB_NO},
	{"description GREATER_THAN \"\"", GB_NO},
	{"visibility IS NULL", GB_YES},
	{"extension_0123456789abcdef0123456789abcdef_Writeback IS TRUE", GB_YES},
	{"membershipRule IS NULL", GB_UNKNOWN},
	{"membershipRule IS NOT NULL", GB_UNKNOWN},
	/* AND inside a group, OR between groups */
	{"securityEnabled IS TRUE\nmailEnabled IS TRUE", GB_NO},
	{"securityEnabled IS TRUE\n\n# and\nmailEnabled IS FALSE # both", GB_YES},
	{"mailEnabled IS TRUE\nOR\nsecurityEnabled IS TRUE", GB_YES},
	{"mailEnabled IS TRUE\nOR\nsecurityEnabled IS FALSE", GB_NO},
	{"mailEnabled IS TRUE\nsecurityEnabled IS TRUE\nOR\ndescription IS NULL", GB_YES},
	/* unknown is neither: it decides only where nothing else does */
	{"membershipRule IS NULL\nmailEnabled IS TRUE", GB_NO},
	{"membershipRule IS NULL\nmailEnabled IS FALSE", GB_UNKNOWN},
	{"membershipRule IS NULL\nOR\nmailEnabled IS FALSE", GB_YES},
	{"membershipRule IS NULL\nOR\nmailEnabled IS TRUE", GB_UNKNOWN},
};

static void each_operator_answers_as_cloud_sync_documents(void **state)
{
	struct gb_cloud_group about = group();

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		if (answer(ROWS[i].text, &about) != ROWS[i].says) {
			fail_msg("%s: not %d", ROWS[i].text, ROWS[i].says);
		}
	}
}

static void a_property_that_was_left_out_is_unknown(void **state)
{
	struct gb_cloud_group about = group();

	(void)state;
	about.present &= ~(unsigned)GB_GROUP_HAS_MAIL;
	assert_int_equal(answer("mail IS NULL", &about), GB_UNKNOWN);
	about.display_name = NULL; /* required in Entra: null was kept from us */
	assert_int_equal(answer("displayName IS NULL", &about), GB_UNKNOWN);
}

static void a_pattern_that_explodes_gives_up_instead_of_stopping_the_run(void **state)
{
	struct gb_cloud_group about = group();

	(void)state;
	about.display_name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
	assert_int_equal(answer("displayName REGEX MATCH \"^(a|a?)+$\"", &about), GB_UNKNOWN);
	assert_int_equal(answer("displayName NOT REGEX MATCH \"^(a|a?)+$\"", &about), GB_UNKNOWN);
}

static const struct {
	const char *text;
	const char *where;
} BAD[] = {
	{"", "f:1:1:"},
	{"# nothing\n", "f:2:1:"},
	{"OR\nmail IS NULL", "f:1:1:"},
	{"mail IS NULL\nOR\nOR\nmail IS NULL", "f:3:1:"},
	{"mail IS NULL\nOR", "f:2:3:"},
	{"nickname IS NULL", "f:1:1: a group has no property"},
	{"extension_12_x IS NULL", "f:1:1:"},
	{"mail LIKE \"x\"", "f:1:6:"},
	{"mail IS", "f:1:6:"},
	{"mail EQUALS", "f:1:12:"},
	{"mail EQUALS \"a\" \"b\"", "f:1:20:"},
	{"mail EQUALS \"a", "f:1:13: the string has no closing quote"},
	{"mail IS NULL \"a\"", "f:1:17:"},
	{"mail IN", "f:1:8:"},
	{"mail IS NULL mail IS NULL", "f:1:6:"},
	{"mail IS NULL,", "f:1:13:"},
	{"\"mail\" IS NULL", "f:1:1:"},
	{"mail REGEX MATCH \"(\"", "f:1:1: The regular expression"},
	{"mail IS NULL\n  mail €", "f:2:8:"},
	{"mail EQUALS \"\xff\"", "f:1:1: the file is not UTF-8"},
};

static void what_is_wrong_is_named_with_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(BAD); i++) {
		struct gb_filter *filter;
		struct gb_err err;

		assert_int_equal(gb_filter_parse(NULL, "f", BAD[i].text, &filter, &err),
				 GB_E_CONFIG);
		if (strncmp(err.what, BAD[i].where, strlen(BAD[i].where)) != 0) {
			fail_msg("%s: %s", BAD[i].text, err.what);
		}
	}
}

static void count_property(void *user, const char *property)
{
	(*(size_t *)user)++;
	assert_string_equal(property, "mail");
}

static void a_filter_tells_which_properties_it_needs(void **state)
{
	struct gb_filter *filter;
	size_t count = 0;

	(void)state;
	assert_int_equal(
		gb_filter_parse(NULL, "f", "mail IS NULL\nOR\nmail EQUALS \"x\"", &filter, NULL),
		GB_OK);
	gb_filter_properties(filter, count_property, &count);
	assert_int_equal(count, 2);
	talloc_free(filter);
}

static void a_filter_has_an_end(void **state)
{
	struct gb_buffer *text = gb_buffer_new(NULL);
	struct gb_filter *filter;
	struct gb_err err;

	(void)state;
	for (int i = 0; i <= GB_FILTER_MAX_CLAUSES; i++) {
		gb_buffer_add_text(text, "mail IS NULL\n");
	}
	assert_int_equal(gb_filter_parse(NULL, "f", text->text, &filter, &err), GB_E_CONFIG);
	assert_memory_equal(err.what, "f:257:1:", 8);
	talloc_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_operator_answers_as_cloud_sync_documents),
		cmocka_unit_test(a_property_that_was_left_out_is_unknown),
		cmocka_unit_test(a_pattern_that_explodes_gives_up_instead_of_stopping_the_run),
		cmocka_unit_test(what_is_wrong_is_named_with_line_and_column),
		cmocka_unit_test(a_filter_tells_which_properties_it_needs),
		cmocka_unit_test(a_filter_has_an_end),
	};

	return cmocka_run_group_tests_name("plan/filter", tests, NULL, NULL);
}
