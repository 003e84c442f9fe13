/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/decide. */
#include "config.h"

#include "engine/plan/decide.h"
#include "tests/unit/unit.h"

#define OURS   "Group_00000001-0000-0000-0000-000000000000"
#define OTHERS "Group_00000002-0000-0000-0000-000000000000"

static const struct gb_plan_policy POLICY = {.security_groups = true, .microsoft365_groups = true};

static struct gb_plan_group live_group(void)
{
	return (struct gb_plan_group){.cloud = {.present = GB_GROUP_HAS_ALL,
						.id = {{0, 0, 0, 1}},
						.security_enabled = GB_YES,
						.mail_enabled = GB_NO,
						.writeback_enabled = GB_YES},
				      .anchor = GB_ANCHOR_ABSENT,
				      .cloud_complete = true,
				      .directory_complete = true};
}

static struct gb_directory_object our_object(void)
{
	return (struct gb_directory_object){.object_class = GB_CLASS_GROUP,
					    .in_container = true,
					    .admin_description = OURS,
					    .external_directory_id = OURS};
}

static void check(const struct gb_plan_group *group, enum gb_decision_action action,
		  enum gb_cause cause)
{
	struct gb_decision decision = gb_decide(&POLICY, group);

	assert_string_equal(gb_decide_action_id(decision.action), gb_decide_action_id(action));
	assert_string_equal(gb_cause_id(decision.cause), gb_cause_id(cause));
}

static void a_group_without_an_object_is_created_only_if_there_is_none(void **state)
{
	struct gb_plan_group group = live_group();

	(void)state;
	check(&group, GB_DECIDE_CREATE, GB_CAUSE_ENABLED);
	group.anchor = GB_ANCHOR_UNSEARCHED;
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_UNSEARCHED);
	group.anchor = GB_ANCHOR_ELSEWHERE;
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_ELSEWHERE);
	group.anchor = GB_ANCHOR_TWINS;
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_TWINS);
	group.anchor = GB_ANCHOR_OURS; /* it stands there, and we were not shown it */
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_UNSEARCHED);
}

static void out_of_scope_is_skipped_or_kept(void **state)
{
	struct gb_plan_group group = live_group();
	struct gb_directory_object object = our_object();

	(void)state;
	group.cloud.writeback_enabled = GB_NO;
	check(&group, GB_DECIDE_SKIP, GB_CAUSE_DISABLED);
	group.observed = &object;
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_DISABLED);
	group.cloud.present &= ~(unsigned)GB_GROUP_HAS_WRITEBACK;
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_WRITEBACK_MISSING);
	group.observed = NULL;
	check(&group, GB_DECIDE_SKIP, GB_CAUSE_WRITEBACK_MISSING);
}

static void deleted_groups_are_kept_as_they_are(void **state)
{
	struct gb_plan_group group = live_group();
	struct gb_directory_object object = our_object();

	(void)state;
	group.life = GB_LIFE_SOFT_DELETED;
	check(&group, GB_DECIDE_SKIP, GB_CAUSE_SOFT_DELETED);
	group.observed = &object;
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_SOFT_DELETED);
	group.life = GB_LIFE_GONE;
	check(&group, GB_DECIDE_FREEZE, GB_CAUSE_HARD_DELETED);
	assert_int_equal(gb_decide(&POLICY, &group).scope.verdict, GB_SCOPE_OUT);
}

struct row {
	void (*change)(struct gb_plan_group *group, struct gb_directory_object *object);
	enum gb_decision_action action;
	enum gb_cause cause;
};

static void no_change(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	(void)object;
}

static void make_protected(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	object->is_protected = true;
}

static void move_away(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	object->in_container = false;
}

static void make_a_user(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	object->object_class = GB_CLASS_USER;
}

static void make_twins(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)object;
	group->anchor = GB_ANCHOR_TWINS;
}

static void find_elsewhere(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)object;
	group->anchor = GB_ANCHOR_ELSEWHERE;
}

static void do_not_search(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)object;
	group->anchor = GB_ANCHOR_UNSEARCHED;
}

static void drop_one_anchor(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	object->external_directory_id = NULL;
}

static void drop_the_other_anchor(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	object->admin_description = "a note";
}

static void drop_both_anchors(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	object->admin_description = NULL;
	object->external_directory_id = "User_1";
}

static void mix_anchors(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)group;
	object->external_directory_id = OTHERS;
}

static void exceed_the_limit(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)object;
	group->listed = 250001;
}

static void meet_the_limit(struct gb_plan_group *group, struct gb_directory_object *object)
{
	(void)object;
	group->listed = 250000;
}

static void a_written_group_is_updated_unless_something_forbids_it(void **state)
{
	static const struct row rows[] = {
		{no_change, GB_DECIDE_UPDATE, GB_CAUSE_ENABLED},
		{make_protected, GB_DECIDE_FREEZE, GB_CAUSE_PROTECTED},
		{move_away, GB_DECIDE_FREEZE, GB_CAUSE_MOVED_AWAY},
		{make_a_user, GB_DECIDE_FREEZE, GB_CAUSE_NOT_A_GROUP},
		{make_twins, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_TWINS},
		{find_elsewhere, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_ELSEWHERE},
		{do_not_search, GB_DECIDE_UPDATE, GB_CAUSE_ENABLED},
		{drop_one_anchor, GB_DECIDE_UPDATE, GB_CAUSE_ENABLED},
		{drop_the_other_anchor, GB_DECIDE_UPDATE, GB_CAUSE_ENABLED},
		{drop_both_anchors, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_REMOVED},
		{mix_anchors, GB_DECIDE_FREEZE, GB_CAUSE_ANCHOR_CONFLICT},
		{exceed_the_limit, GB_DECIDE_FREEZE, GB_CAUSE_MEMBER_LIMIT},
		{meet_the_limit, GB_DECIDE_UPDATE, GB_CAUSE_ENABLED},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_plan_group group = live_group();
		struct gb_directory_object object = our_object();

		group.observed = &object;
		group.anchor = GB_ANCHOR_OURS;
		rows[i].change(&group, &object);
		check(&group, rows[i].action, rows[i].cause);
	}
}

static void limits_are_those_of_entra_or_a_number(void **state)
{
	struct gb_plan_policy policy = POLICY;
	struct gb_cloud_group security = {.unified = false};
	struct gb_cloud_group unified = {.unified = true};

	(void)state;
	assert_int_equal(gb_decide_member_limit(&policy, &security), 250000);
	assert_int_equal(gb_decide_member_limit(&policy, &unified), 50000);
	policy.member_limit = 12;
	assert_int_equal(gb_decide_member_limit(&policy, &security), 12);
	assert_int_equal(gb_decide_member_limit(&policy, &unified), 12);
}

static void every_doubt_holds_back_removals(void **state)
{
	struct gb_plan_group group = live_group();

	(void)state;
	assert_int_equal(gb_decide_hold(&group), GB_CAUSE_NONE);
	group.directory_complete = false;
	assert_int_equal(gb_decide_hold(&group), GB_CAUSE_DIRECTORY_INCOMPLETE);
	group.uncertain = true;
	assert_int_equal(gb_decide_hold(&group), GB_CAUSE_MEMBERS_UNCERTAIN);
	group.cloud_complete = false;
	assert_int_equal(gb_decide_hold(&group), GB_CAUSE_CLOUD_INCOMPLETE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_without_an_object_is_created_only_if_there_is_none),
		cmocka_unit_test(out_of_scope_is_skipped_or_kept),
		cmocka_unit_test(deleted_groups_are_kept_as_they_are),
		cmocka_unit_test(a_written_group_is_updated_unless_something_forbids_it),
		cmocka_unit_test(limits_are_those_of_entra_or_a_number),
		cmocka_unit_test(every_doubt_holds_back_removals),
	};

	return cmocka_run_group_tests_name("plan/decide", tests, NULL, NULL);
}
