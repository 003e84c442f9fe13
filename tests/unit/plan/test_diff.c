/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/mapping and engine/plan/diff. */
#include "config.h"

#include "engine/plan/diff.h"
#include "tests/unit/unit.h"

#define ANCHOR "Group_00000001-0000-0000-0000-000000000000"

static const struct gb_plan_policy POLICY = {.has_external_id = true};

static void map_values(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_cloud_group *group, struct gb_mapping *mapping)
{
	struct gb_mapping_input input = {.policy = policy, .group = group};

	gb_mapping_values(ctx, &input, mapping);
}

static struct gb_cloud_group group_named(const char *display_name, const char *description)
{
	return (struct gb_cloud_group){.present = GB_GROUP_HAS_ALL,
				       .id = {{0, 0, 0, 1}},
				       .display_name = display_name,
				       .description = description};
}

static void the_type_follows_the_cloud_or_the_kind(void **state)
{
	static const struct {
		bool unified;
		enum gb_writeback_type type;
		int32_t value;
	} rows[] = {
		{true, GB_WRITEBACK_TYPE_UNSET, 8},
		{true, GB_WRITEBACK_UNIVERSAL_DISTRIBUTION, 8},
		{true, GB_WRITEBACK_UNIVERSAL_SECURITY, -2147483640},
		{true, GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY, -2147483640},
		{false, GB_WRITEBACK_TYPE_UNSET, -2147483640},
		{false, GB_WRITEBACK_UNIVERSAL_DISTRIBUTION, 8},
		{false, GB_WRITEBACK_UNIVERSAL_SECURITY, -2147483640},
		{false, GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY, -2147483640},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_cloud_group group = {.unified = rows[i].unified,
					       .writeback_type = rows[i].type};

		assert_int_equal(gb_mapping_group_type(&POLICY, &group), rows[i].value);
	}
}

static void the_mapping_lists_what_should_stand_there(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_cloud_group group = group_named("Sales", " x ");
	struct gb_mapping mapping;

	(void)state;
	map_values(tmp, &POLICY, &group, &mapping);
	assert_int_equal(mapping.count, 5);
	assert_string_equal(gb_diff_find(&mapping, "displayName")->value, "Sales");
	assert_string_equal(gb_diff_find(&mapping, "description")->value, "x");
	assert_string_equal(gb_diff_find(&mapping, "groupType")->value, "-2147483640");
	assert_string_equal(gb_diff_find(&mapping, "adminDescription")->value, ANCHOR);
	assert_string_equal(gb_diff_find(&mapping, "msDS-ExternalDirectoryObjectId")->value,
			    ANCHOR);
	assert_null(gb_diff_find(&mapping, "sAMAccountName"));
	talloc_free(tmp);
}

static void what_the_cloud_did_not_tell_is_not_listed(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_cloud_group group = group_named(NULL, NULL);
	struct gb_plan_policy policy = {.has_external_id = false};
	struct gb_mapping mapping;

	(void)state;
	map_values(tmp, &policy, &group, &mapping);
	assert_null(gb_diff_find(&mapping, "displayName"));
	assert_null(gb_diff_find(&mapping, "msDS-ExternalDirectoryObjectId"));
	assert_non_null(gb_diff_find(&mapping, "description"));
	assert_null(gb_diff_find(&mapping, "description")->value);
	group.present = 0;
	map_values(tmp, &policy, &group, &mapping);
	assert_null(gb_diff_find(&mapping, "description"));
	talloc_free(tmp);
}

static void only_differences_are_listed_with_what_was_there(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_cloud_group group = group_named("Sales", "new");
	struct gb_directory_object object = {.display_name = "sales",
					     .description = "new",
					     .group_type = 8,
					     .admin_description = ANCHOR};
	struct gb_mapping wanted;
	struct gb_mapping diff;

	(void)state;
	map_values(tmp, &POLICY, &group, &wanted);
	gb_diff_attributes(tmp, &wanted, &object, &diff);
	assert_int_equal(diff.count, 3);
	assert_string_equal(gb_diff_find(&diff, "displayName")->old_value, "sales");
	assert_string_equal(gb_diff_find(&diff, "groupType")->old_value, "8");
	assert_null(gb_diff_find(&diff, "msDS-ExternalDirectoryObjectId")->old_value);
	talloc_free(tmp);
}

static void a_value_that_should_be_absent_is_a_difference(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_cloud_group group = group_named("Sales", "");
	struct gb_directory_object object = {.display_name = "Sales", .description = "old"};
	struct gb_mapping wanted;
	struct gb_mapping diff;

	(void)state;
	map_values(tmp, &POLICY, &group, &wanted);
	gb_diff_attributes(tmp, &wanted, &object, &diff);
	assert_non_null(gb_diff_find(&diff, "description"));
	assert_null(gb_diff_find(&diff, "description")->value);
	object.description = NULL;
	gb_diff_attributes(tmp, &wanted, &object, &diff);
	assert_null(gb_diff_find(&diff, "description"));
	talloc_free(tmp);
}

static void names_are_compared_exactly(void **state)
{
	struct gb_directory_object object = {.cn = "Sales_1"};

	(void)state;
	assert_false(gb_diff_is_rename(&object, "Sales_1"));
	assert_true(gb_diff_is_rename(&object, "sales_1"));
	assert_true(gb_diff_is_rename(&object, "Sales_2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_type_follows_the_cloud_or_the_kind),
		cmocka_unit_test(the_mapping_lists_what_should_stand_there),
		cmocka_unit_test(what_the_cloud_did_not_tell_is_not_listed),
		cmocka_unit_test(only_differences_are_listed_with_what_was_there),
		cmocka_unit_test(a_value_that_should_be_absent_is_a_difference),
		cmocka_unit_test(names_are_compared_exactly),
	};

	return cmocka_run_group_tests_name("plan/diff", tests, NULL, NULL);
}
