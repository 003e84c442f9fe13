/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/scope. */
#include "config.h"

#include "engine/plan/filter.h"
#include "engine/plan/scope.h"
#include "engine/plan/selection.h"
#include "tests/unit/unit.h"

#define ANY      GB_UNKNOWN
#define YES      GB_YES
#define NO       GB_NO
#define UNSET    GB_WRITEBACK_TYPE_UNSET
#define LIST     GB_WRITEBACK_UNIVERSAL_DISTRIBUTION
#define SECURITY GB_WRITEBACK_UNIVERSAL_SECURITY
#define MAIL     GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY
#define OTHER    GB_WRITEBACK_TYPE_OTHER

static const struct gb_plan_policy ENABLED_ONLY = {
	.scope = GB_SCOPE_ENABLED_ONLY, .security_groups = true, .microsoft365_groups = true};
static const struct gb_plan_policy TENANT = {
	.scope = GB_SCOPE_TENANT, .security_groups = true, .microsoft365_groups = true};

static struct gb_cloud_group security_group(void)
{
	return (struct gb_cloud_group){.present = GB_GROUP_HAS_ALL,
				       .security_enabled = YES,
				       .mail_enabled = NO,
				       .on_premises_sync_enabled = ANY,
				       .is_assignable_to_role = ANY,
				       .writeback_enabled = YES};
}

static struct gb_cloud_group unified_group(void)
{
	struct gb_cloud_group group = security_group();

	group.unified = true;
	group.security_enabled = NO;
	group.mail_enabled = YES;
	return group;
}

static void check(const struct gb_plan_policy *policy, const struct gb_cloud_group *group,
		  enum gb_scope_verdict verdict, enum gb_cause cause)
{
	struct gb_scope scope = gb_scope_check(policy, group, NULL);

	assert_string_equal(gb_scope_verdict_id(scope.verdict), gb_scope_verdict_id(verdict));
	assert_string_equal(gb_cause_id(scope.cause), gb_cause_id(cause));
}

struct row {
	bool unified;
	enum gb_tristate enabled;
	enum gb_writeback_type type;
	enum gb_scope_verdict in_enabled_only;
	enum gb_cause why_enabled_only;
	enum gb_scope_verdict in_tenant;
	enum gb_cause why_tenant;
};

#define IN         GB_SCOPE_IN, GB_CAUSE_ENABLED
#define BY_DEFAULT GB_SCOPE_IN, GB_CAUSE_TENANT_DEFAULT
#define OFF        GB_SCOPE_OUT, GB_CAUSE_DISABLED
#define NOT_ON     GB_SCOPE_OUT, GB_CAUSE_NOT_ENABLED
#define OPEN       GB_SCOPE_UNKNOWN, GB_CAUSE_WRITEBACK_TYPE

static void every_combination_of_switch_type_and_kind_has_its_verdict(void **state)
{
	static const struct row rows[] = {
		/* Microsoft 365 */
		{true, ANY, UNSET, NOT_ON, BY_DEFAULT},
		{true, ANY, LIST, NOT_ON, BY_DEFAULT},
		{true, ANY, SECURITY, NOT_ON, BY_DEFAULT},
		{true, ANY, MAIL, NOT_ON, BY_DEFAULT},
		{true, ANY, OTHER, NOT_ON, OPEN},
		{true, YES, UNSET, IN, IN},
		{true, YES, LIST, IN, IN},
		{true, YES, SECURITY, IN, IN},
		{true, YES, MAIL, IN, IN},
		{true, YES, OTHER, OPEN, OPEN},
		{true, NO, UNSET, OFF, OFF},
		{true, NO, LIST, OFF, OFF},
		{true, NO, SECURITY, OFF, OFF},
		{true, NO, MAIL, OFF, OFF},
		{true, NO, OTHER, OFF, OFF},
		/* security */
		{false, ANY, UNSET, NOT_ON, NOT_ON},
		{false, ANY, LIST, NOT_ON, NOT_ON},
		{false, ANY, SECURITY, NOT_ON, NOT_ON},
		{false, ANY, MAIL, NOT_ON, NOT_ON},
		{false, ANY, OTHER, NOT_ON, NOT_ON},
		{false, YES, UNSET, IN, IN},
		{false, YES, LIST, IN, IN},
		{false, YES, SECURITY, IN, IN},
		{false, YES, MAIL, IN, IN},
		{false, YES, OTHER, OPEN, OPEN},
		{false, NO, UNSET, OFF, OFF},
		{false, NO, LIST, OFF, OFF},
		{false, NO, SECURITY, OFF, OFF},
		{false, NO, MAIL, OFF, OFF},
		{false, NO, OTHER, OFF, OFF},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct gb_cloud_group group = row->unified ? unified_group() : security_group();

		group.writeback_enabled = row->enabled;
		group.writeback_type = row->type;
		check(&ENABLED_ONLY, &group, row->in_enabled_only, row->why_enabled_only);
		check(&TENANT, &group, row->in_tenant, row->why_tenant);
	}
}

static void the_kind_follows_from_three_properties(void **state)
{
	static const struct {
		bool unified;
		enum gb_tristate security;
		enum gb_tristate mail;
		enum gb_group_kind kind;
	} rows[] = {
		{false, YES, NO, GB_KIND_SECURITY},
		{false, YES, YES, GB_KIND_MAIL_ENABLED_SECURITY},
		{false, NO, YES, GB_KIND_DISTRIBUTION},
		{false, NO, NO, GB_KIND_NONE},
		{false, ANY, NO, GB_KIND_UNKNOWN},
		{false, ANY, YES, GB_KIND_UNKNOWN},
		{false, YES, ANY, GB_KIND_UNKNOWN},
		{false, NO, ANY, GB_KIND_UNKNOWN},
		{false, ANY, ANY, GB_KIND_UNKNOWN},
		{true, NO, YES, GB_KIND_MICROSOFT365},
		{true, YES, YES, GB_KIND_MICROSOFT365},
		{true, YES, NO, GB_KIND_MICROSOFT365},
		{true, ANY, ANY, GB_KIND_MICROSOFT365},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_cloud_group group = security_group();

		group.unified = rows[i].unified;
		group.security_enabled = rows[i].security;
		group.mail_enabled = rows[i].mail;
		assert_int_equal(gb_scope_kind(&group), rows[i].kind);
	}
}

static void groups_of_exchange_are_never_written(void **state)
{
	struct gb_cloud_group group = security_group();

	(void)state;
	group.mail_enabled = YES;
	check(&TENANT, &group, GB_SCOPE_NEVER, GB_CAUSE_MAIL_ENABLED_SECURITY);
	group.security_enabled = NO;
	check(&TENANT, &group, GB_SCOPE_NEVER, GB_CAUSE_DISTRIBUTION_LIST);
	group.mail_enabled = NO;
	check(&TENANT, &group, GB_SCOPE_NEVER, GB_CAUSE_NO_KIND);
}

static void groups_from_on_premises_are_never_written(void **state)
{
	struct gb_cloud_group group = unified_group();

	(void)state;
	group.on_premises_sync_enabled = YES;
	check(&TENANT, &group, GB_SCOPE_NEVER, GB_CAUSE_ON_PREMISES);
	group.on_premises_sync_enabled = NO;
	check(&TENANT, &group, GB_SCOPE_IN, GB_CAUSE_ENABLED);
}

static void a_converted_group_is_written_only_to_its_first_object(void **state)
{
	struct gb_cloud_group group = security_group();
	struct gb_sid other;
	struct gb_scope scope;

	(void)state;
	assert_true(gb_sid_parse("S-1-5-21-1-2-3-1104", &group.on_premises_sid));
	assert_true(gb_sid_parse("S-1-5-21-1-2-3-1105", &other));
	group.on_premises_sync_enabled = NO;
	check(&TENANT, &group, GB_SCOPE_NEVER, GB_CAUSE_AUTHORITY_CONVERTED);
	scope = gb_scope_check(&TENANT, &group, &other);
	assert_int_equal(scope.cause, GB_CAUSE_AUTHORITY_CONVERTED);
	scope = gb_scope_check(&TENANT, &group, &group.on_premises_sid);
	assert_int_equal(scope.verdict, GB_SCOPE_IN);
}

static void kinds_leaves_out_the_others(void **state)
{
	struct gb_plan_policy policy = TENANT;
	struct gb_cloud_group security = security_group();
	struct gb_cloud_group unified = unified_group();

	(void)state;
	policy.security_groups = false;
	check(&policy, &security, GB_SCOPE_OUT, GB_CAUSE_KIND_NOT_SELECTED);
	check(&policy, &unified, GB_SCOPE_IN, GB_CAUSE_ENABLED);
	policy.security_groups = true;
	policy.microsoft365_groups = false;
	check(&policy, &security, GB_SCOPE_IN, GB_CAUSE_ENABLED);
	check(&policy, &unified, GB_SCOPE_OUT, GB_CAUSE_KIND_NOT_SELECTED);
}

static void hidden_and_role_assignable_groups_need_the_policy(void **state)
{
	struct gb_plan_policy policy = TENANT;
	struct gb_cloud_group hidden = unified_group();
	struct gb_cloud_group role = security_group();

	(void)state;
	hidden.hidden_membership = true;
	role.is_assignable_to_role = YES;
	check(&policy, &hidden, GB_SCOPE_NEVER, GB_CAUSE_HIDDEN_MEMBERSHIP);
	check(&policy, &role, GB_SCOPE_NEVER, GB_CAUSE_ROLE_ASSIGNABLE);
	role.is_assignable_to_role = NO;
	check(&policy, &role, GB_SCOPE_IN, GB_CAUSE_ENABLED);
	role.is_assignable_to_role = YES;
	policy.hidden_membership = true;
	policy.role_assignable = true;
	check(&policy, &hidden, GB_SCOPE_IN, GB_CAUSE_ENABLED);
	check(&policy, &role, GB_SCOPE_IN, GB_CAUSE_ENABLED);
}

static void dynamic_groups_are_like_the_others(void **state)
{
	struct gb_cloud_group group = security_group();

	(void)state;
	group.dynamic = true;
	check(&TENANT, &group, GB_SCOPE_IN, GB_CAUSE_ENABLED);
}

static void a_missing_writeback_object_is_unknown_not_out(void **state)
{
	struct gb_cloud_group group = unified_group();

	(void)state;
	group.present &= ~(unsigned)GB_GROUP_HAS_WRITEBACK;
	group.writeback_enabled = GB_UNKNOWN;
	check(&ENABLED_ONLY, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_WRITEBACK_MISSING);
	check(&TENANT, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_WRITEBACK_MISSING);
}

static void a_missing_property_that_decides_is_unknown(void **state)
{
	static const unsigned decide[] = {GB_GROUP_HAS_GROUP_TYPES,  GB_GROUP_HAS_SECURITY_ENABLED,
					  GB_GROUP_HAS_MAIL_ENABLED, GB_GROUP_HAS_ON_PREMISES,
					  GB_GROUP_HAS_SID,          GB_GROUP_HAS_ROLE,
					  GB_GROUP_HAS_VISIBILITY};
	static const unsigned rest[] = {GB_GROUP_HAS_DISPLAY_NAME, GB_GROUP_HAS_DESCRIPTION,
					GB_GROUP_HAS_MAIL, GB_GROUP_HAS_MAIL_NICKNAME};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(decide); i++) {
		struct gb_cloud_group group = unified_group();

		group.present &= ~decide[i];
		check(&TENANT, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_PROPERTIES_MISSING);
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(rest); i++) {
		struct gb_cloud_group group = unified_group();

		group.present &= ~rest[i];
		check(&TENANT, &group, GB_SCOPE_IN, GB_CAUSE_ENABLED);
	}
}

static void an_empty_record_is_in_no_scope(void **state)
{
	struct gb_cloud_group group = {.present = 0};

	(void)state;
	assert_int_equal(gb_scope_check(&TENANT, &group, NULL).verdict, GB_SCOPE_UNKNOWN);
}

static void kinds_takes_every_group_of_the_kinds_whatever_its_switch_says(void **state)
{
	struct gb_plan_policy policy = ENABLED_ONLY;
	struct gb_cloud_group group = security_group();

	(void)state;
	policy.scope = GB_SCOPE_KINDS;
	group.writeback_enabled = NO;
	check(&policy, &group, GB_SCOPE_IN, GB_CAUSE_KIND_SELECTED);
	group.present &= ~(unsigned)GB_GROUP_HAS_WRITEBACK;
	check(&policy, &group, GB_SCOPE_IN, GB_CAUSE_KIND_SELECTED);
	group.writeback_type = OTHER;
	check(&policy, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_WRITEBACK_TYPE);
	group.hidden_membership = true;
	check(&policy, &group, GB_SCOPE_NEVER, GB_CAUSE_HIDDEN_MEMBERSHIP);
	policy.security_groups = false;
	check(&policy, &group, GB_SCOPE_OUT, GB_CAUSE_KIND_NOT_SELECTED);
}

static void a_dynamic_group_is_a_group_like_others(void **state)
{
	struct gb_cloud_group group = security_group();

	(void)state;
	group.dynamic = true;
	check(&ENABLED_ONLY, &group, GB_SCOPE_IN, GB_CAUSE_ENABLED);
	group = unified_group();
	group.dynamic = true;
	check(&TENANT, &group, GB_SCOPE_IN, GB_CAUSE_ENABLED);
}

static void a_selection_answers_for_each_group(void **state)
{
	static const char text[] = "00000000-0000-0000-0000-000000000001\nmembers of "
				   "00000000-0000-0000-0000-000000000009\nTwice\n";
	struct gb_plan_policy policy = ENABLED_ONLY;
	struct gb_cloud_group group = security_group();
	struct gb_selection *selection;
	struct gb_guid twin = {{0}};

	(void)state;
	assert_int_equal(gb_selection_parse(NULL, "s", text, &selection, NULL), GB_OK);
	policy.scope = GB_SCOPE_SELECTED;
	check(&policy, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_SELECTION_UNKNOWN);
	policy.selection = selection;
	group.id.bytes[15] = 1;
	check(&policy, &group, GB_SCOPE_IN, GB_CAUSE_SELECTED);
	group.id.bytes[15] = 2;
	check(&policy, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_SELECTION_UNKNOWN);
	twin.bytes[15] = 3;
	gb_selection_tell_name(selection, &group.id, "twice");
	gb_selection_tell_name(selection, &twin, "twice");
	check(&policy, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_SELECTION_AMBIGUOUS);
	gb_selection_end(selection);
	group.id.bytes[15] = 4;
	check(&policy, &group, GB_SCOPE_OUT, GB_CAUSE_NOT_SELECTED);
	talloc_free(selection);
}

static void a_filter_answers_for_each_group(void **state)
{
	struct gb_plan_policy policy = ENABLED_ONLY;
	struct gb_cloud_group group = security_group();
	struct gb_filter *filter;

	(void)state;
	assert_int_equal(gb_filter_parse(NULL, "f", "mail IS NOT NULL", &filter, NULL), GB_OK);
	policy.scope = GB_SCOPE_FILTER;
	check(&policy, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_FILTER_UNDECIDED);
	policy.filter = filter;
	check(&policy, &group, GB_SCOPE_OUT, GB_CAUSE_FILTERED_OUT);
	group.mail = "a@b.example";
	check(&policy, &group, GB_SCOPE_IN, GB_CAUSE_FILTER_MATCHED);
	group.present &= ~(unsigned)GB_GROUP_HAS_MAIL;
	check(&policy, &group, GB_SCOPE_UNKNOWN, GB_CAUSE_FILTER_UNDECIDED);
	talloc_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_takes_every_group_of_the_kinds_whatever_its_switch_says),
		cmocka_unit_test(a_dynamic_group_is_a_group_like_others),
		cmocka_unit_test(a_selection_answers_for_each_group),
		cmocka_unit_test(a_filter_answers_for_each_group),
		cmocka_unit_test(every_combination_of_switch_type_and_kind_has_its_verdict),
		cmocka_unit_test(the_kind_follows_from_three_properties),
		cmocka_unit_test(groups_of_exchange_are_never_written),
		cmocka_unit_test(groups_from_on_premises_are_never_written),
		cmocka_unit_test(a_converted_group_is_written_only_to_its_first_object),
		cmocka_unit_test(kinds_leaves_out_the_others),
		cmocka_unit_test(hidden_and_role_assignable_groups_need_the_policy),
		cmocka_unit_test(dynamic_groups_are_like_the_others),
		cmocka_unit_test(a_missing_writeback_object_is_unknown_not_out),
		cmocka_unit_test(a_missing_property_that_decides_is_unknown),
		cmocka_unit_test(an_empty_record_is_in_no_scope),
	};

	return cmocka_run_group_tests_name("plan/scope", tests, NULL, NULL);
}
