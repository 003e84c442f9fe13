/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/map, and of mapping with a map and with mail attributes. */
#include "config.h"

#include "engine/plan/diff.h"
#include "engine/plan/map.h"
#include "engine/plan/mapping.h"
#include "tests/unit/unit.h"

static struct gb_map *parsed(const char *text)
{
	struct gb_map *map;
	struct gb_err err;

	if (gb_map_parse(NULL, "m", text, &map, &err) != GB_OK) {
		fail_msg("%s: %s", text, err.what);
	}
	return map;
}

static struct gb_cloud_group group(void)
{
	return (struct gb_cloud_group){.present = GB_GROUP_HAS_ALL,
				       .id = {{0, 0, 0, 1}},
				       .display_name = "Sales",
				       .description = "All of sales",
				       .mail = "sales@b.example",
				       .mail_nickname = "sales"};
}

/* "name=value<old" a line. */
static char *diff_text(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_cloud_group *about, const struct gb_directory_object *object,
		       enum gb_cause *ret_remark)
{
	struct gb_mapping_input input = {.policy = policy, .group = about, .observed = object};
	struct gb_mapping wanted;
	struct gb_mapping diff;
	char *text = gb_strdup(ctx, "");

	gb_mapping_values(ctx, &input, &wanted);
	gb_diff_attributes(ctx, &wanted, object, &diff);
	*ret_remark = diff.remark;
	for (size_t i = 0; i < diff.count; i++) {
		text = talloc_asprintf_append(text, "%s=%s<%s\n", diff.values[i].attribute,
					      diff.values[i].value ? diff.values[i].value : "-",
					      diff.values[i].old_value ? diff.values[i].old_value
								       : "-");
	}
	return text;
}

#define ANCHOR "Group_00000001-0000-0000-0000-000000000000"

static struct gb_directory_object object(const char *extra)
{
	return (struct gb_directory_object){.object_class = GB_CLASS_GROUP,
					    .group_type = GB_GROUP_TYPE_UNIVERSAL |
							  GB_GROUP_TYPE_SECURITY,
					    .display_name = "Sales",
					    .description = "All of sales",
					    .admin_description = ANCHOR,
					    .extra = extra};
}

static void check(const char *map_text, const char *extra, const char *expected,
		  enum gb_cause remark)
{
	void *tmp = talloc_new(NULL);
	struct gb_map *map = map_text ? parsed(map_text) : NULL;
	struct gb_plan_policy policy = {
		.map = map, .mail_attributes = !map_text, .has_mail_nickname = true};
	struct gb_cloud_group about = group();
	struct gb_directory_object observed = object(extra);
	enum gb_cause said;

	assert_string_equal(diff_text(tmp, &policy, &about, &observed, &said), expected);
	assert_int_equal(said, remark);
	talloc_free(map);
	talloc_free(tmp);
}

static void a_map_adds_attributes_and_replaces_values(void **state)
{
	(void)state;
	check("info = Append(\"From the cloud: \", [displayName])", "info\n",
	      "info=From the cloud: Sales<-\n", GB_CAUSE_NONE);
	check("info = [displayName]", "info=Sales\n", "", GB_CAUSE_NONE);
	check("info = [membershipRule]", "info=x\n", "", GB_CAUSE_ATTRIBUTE_UNDECIDED);
	check("info = \"\"", "info=x\n", "info=-<x\n", GB_CAUSE_NONE);
	check("DisplayName = ToUpper([displayName])", NULL, "displayName=SALES<Sales\n",
	      GB_CAUSE_NONE);
	check("description = none\ndisplayName = none", NULL, "", GB_CAUSE_NONE);
	check("msDS-ObjectSoa = \"Cloud\"", "msDS-ObjectSoa\n", "msDS-ObjectSoa=Cloud<-\n",
	      GB_CAUSE_NONE);
}

static void an_attribute_that_was_not_read_is_left_alone(void **state)
{
	(void)state;
	check("info = [displayName]", NULL, "", GB_CAUSE_NONE);
	check("info = [displayName]", "other=x\n", "", GB_CAUSE_NONE);
}

static void mail_attributes_are_written_and_nothing_is_stripped(void **state)
{
	(void)state;
	check(NULL, "mail\nmailNickname\nproxyAddresses\n",
	      "mail=sales@b.example<-\nmailNickname=sales<-\n"
	      "proxyAddresses=SMTP:sales@b.example<-\n",
	      GB_CAUSE_NONE);
	check(NULL,
	      "mail=sales@b.example\nmailNickname=sales\nproxyAddresses=SMTP:sales@b.example\n", "",
	      GB_CAUSE_NONE);
	check(NULL,
	      "mail=sales@b.example\nmailNickname=sales\nproxyAddresses=X500:/o=x\n"
	      "proxyAddresses=smtp:old@b.example\nproxyAddresses=SMTP:sales@b.example\n",
	      "", GB_CAUSE_NONE);
	check(NULL,
	      "mail=sales@b.example\nmailNickname=sales\nproxyAddresses=SMTP:first@b.example\n"
	      "proxyAddresses=smtp:SALES@b.example\nproxyAddresses=X500:/o=x\n",
	      "proxyAddresses=SMTP:sales@b.example<SMTP:first@b.example\n"
	      "proxyAddresses=smtp:first@b.example<smtp:SALES@b.example\n"
	      "proxyAddresses=X500:/o=x<X500:/o=x\n",
	      GB_CAUSE_NONE);
}

static void a_group_without_an_address_keeps_what_it_has(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_plan_policy policy = {.mail_attributes = true, .has_mail_nickname = true};
	struct gb_cloud_group about = group();
	struct gb_directory_object observed =
		object("mail=x@y\nmailNickname=x\nproxyAddresses=SMTP:x@y\n");
	enum gb_cause remark;

	(void)state;
	about.mail = NULL;
	assert_string_equal(diff_text(tmp, &policy, &about, &observed, &remark), "");
	about.mail = "a@b";
	policy.mail_attributes = false;
	assert_string_equal(diff_text(tmp, &policy, &about, &observed, &remark), "");
	talloc_free(tmp);
}

static void an_address_is_new_until_the_object_carries_it(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_plan_policy policy = {.mail_attributes = true};
	struct gb_cloud_group about = group();
	struct gb_directory_object observed = object("mail=SALES@b.example\n");
	struct gb_mapping_input input = {.policy = &policy, .group = &about};
	struct gb_mapping mapping;

	(void)state;
	assert_string_equal(gb_mapping_new_address(tmp, &input), "sales@b.example");
	input.mail_is_taken = true;
	gb_mapping_values(tmp, &input, &mapping);
	assert_null(gb_diff_find(&mapping, "mail"));
	assert_null(gb_diff_find(&mapping, "proxyAddresses"));
	assert_int_equal(mapping.remark, GB_CAUSE_MAIL_TAKEN);
	input.observed = &observed;
	assert_null(gb_mapping_new_address(tmp, &input));
	policy.mail_attributes = false;
	input.observed = NULL;
	assert_null(gb_mapping_new_address(tmp, &input));
	talloc_free(tmp);
}

static void names_and_places_are_left_to_the_planner(void **state)
{
	void *tmp = talloc_new(NULL);
	struct gb_map *map =
		parsed("cn = [displayName]\nsAMAccountName = [mailNickname]\n"
		       "parentDistinguishedName = Switch([theme], \"OU=a\", \"x\", \"OU=b\")");
	struct gb_plan_policy policy = {.map = map};
	struct gb_cloud_group about = group();
	struct gb_mapped_text mapped;

	(void)state;
	mapped = gb_mapping_text(tmp, &policy, &about, "cn");
	assert_true(mapped.is_mapped && !mapped.is_unknown);
	assert_string_equal(mapped.text, "Sales");
	mapped = gb_mapping_text(tmp, &policy, &about, "parentDistinguishedName");
	assert_true(mapped.is_mapped && mapped.is_unknown);
	assert_null(mapped.text);
	policy.map = NULL;
	assert_false(gb_mapping_text(tmp, &policy, &about, "cn").is_mapped);
	talloc_free(map);
	talloc_free(tmp);
}

static const struct {
	const char *text;
	const char *where;
} BAD[] = {
	{"member = [displayName]", "m:1:1: the attribute \"member\" cannot be mapped"},
	{"GROUPTYPE = 8", "m:1:1:"},
	{"adminDescription = \"x\"", "m:1:1:"},
	{"managedBy = \"CN=x\"", "m:1:1:"},
	{"info = \"a\"\nINFO = \"b\"", "m:2:1: the attribute \"INFO\" is mapped twice"},
	{"cn = none", "m:1:6: the attribute \"cn\" needs an expression"},
	{"info \"a\"", "m:1:6: behind the attribute stands \"=\""},
	{"info = ", "m:1:8:"},
	{"info = \"a\" \"b\"", "m:1:12: an expression ends with its line"},
	{"= \"a\"", "m:1:1: a line begins with the name"},
	{"my_attribute = \"a\"", "m:1:1:"},
	{"info = Lower(\"a\")", "m:1:8: there is no function \"Lower\""},
};

static void what_is_wrong_is_named_with_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(BAD); i++) {
		struct gb_map *map;
		struct gb_err err;

		assert_int_equal(gb_map_parse(NULL, "m", BAD[i].text, &map, &err), GB_E_CONFIG);
		if (strncmp(err.what, BAD[i].where, strlen(BAD[i].where)) != 0) {
			fail_msg("%s: %s", BAD[i].text, err.what);
		}
	}
}

static void an_empty_file_is_the_built_in_map(void **state)
{
	struct gb_map *map = parsed("# nothing\n\n");

	(void)state;
	assert_int_equal(gb_map_count(map), 0);
	assert_int_equal(gb_map_count(NULL), 0);
	talloc_free(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_adds_attributes_and_replaces_values),
		cmocka_unit_test(an_attribute_that_was_not_read_is_left_alone),
		cmocka_unit_test(mail_attributes_are_written_and_nothing_is_stripped),
		cmocka_unit_test(a_group_without_an_address_keeps_what_it_has),
		cmocka_unit_test(an_address_is_new_until_the_object_carries_it),
		cmocka_unit_test(names_and_places_are_left_to_the_planner),
		cmocka_unit_test(what_is_wrong_is_named_with_line_and_column),
		cmocka_unit_test(an_empty_file_is_the_built_in_map),
	};

	return cmocka_run_group_tests_name("plan/map", tests, NULL, NULL);
}
