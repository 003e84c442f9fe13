/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/lapse, by way of gb_decide() and the planner. */
#include "config.h"

#include "engine/plan/lapse.h"
#include "tests/unit/plan/world.h"

#define DAY_MS INT64_C(86400000)

/* One group that was written, as it may stand when it is to be written no more. */
struct row {
	enum gb_when_rule rule;
	bool is_security;
	enum gb_lapse known; /* stored by an earlier run */
	int64_t age_ms;
	const char *holders;
	bool holders_known;
	enum gb_decision_action action;
	enum gb_cause cause;
};

static void every_rule_has_its_outcome(void **state)
{
	static const struct row rows[] = {
		{GB_WHEN_KEEP, true, 0, 0, NULL, false, GB_DECIDE_FREEZE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_KEEP, true, GB_LAPSE_SOFT_DELETED, 99 * DAY_MS, NULL, true,
		 GB_DECIDE_FREEZE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DISABLE, true, 0, 0, NULL, false, GB_DECIDE_DISABLE,
		 GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DISABLE, false, GB_LAPSE_SOFT_DELETED, 99 * DAY_MS, NULL, true,
		 GB_DECIDE_DISABLE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DELETE, true, 0, 0, NULL, true, GB_DECIDE_DELETE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DELETE, true, 0, 0, "CN=a", true, GB_DECIDE_FREEZE, GB_CAUSE_DELETE_HELD},
		{GB_WHEN_DELETE, true, 0, 0, NULL, false, GB_DECIDE_FREEZE, GB_CAUSE_DELETE_HELD},
		/* Disabled first, whatever its age. */
		{GB_WHEN_DISABLE_THEN_DELETE, true, GB_LAPSE_SOFT_DELETED, 99 * DAY_MS, NULL, true,
		 GB_DECIDE_DISABLE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DISABLE_THEN_DELETE, false, GB_LAPSE_SOFT_DELETED, 30 * DAY_MS - 1, NULL,
		 true, GB_DECIDE_DISABLE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DISABLE_THEN_DELETE, false, GB_LAPSE_SOFT_DELETED, 30 * DAY_MS, NULL, true,
		 GB_DECIDE_DELETE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DISABLE_THEN_DELETE, false, GB_LAPSE_SOFT_DELETED, 30 * DAY_MS, "CN=a",
		 true, GB_DECIDE_FREEZE, GB_CAUSE_DELETE_HELD},
		/* The age of another reason, or none, does not count. */
		{GB_WHEN_DISABLE_THEN_DELETE, false, GB_LAPSE_NOT_ENABLED, 99 * DAY_MS, NULL, true,
		 GB_DECIDE_DISABLE, GB_CAUSE_SOFT_DELETED},
		{GB_WHEN_DISABLE_THEN_DELETE, false, GB_LAPSE_NONE, 99 * DAY_MS, NULL, true,
		 GB_DECIDE_DISABLE, GB_CAUSE_SOFT_DELETED},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct world *world = world_new(NULL, 8);
		struct world_group *group = world_add_group(world, "a");
		struct world_object *object = world_add_object(world, group);
		const struct gb_plan_note *note;

		world->policy.when_soft_deleted = rows[i].rule;
		world->policy.delete_after_ms = 30 * DAY_MS;
		object->object.group_type = rows[i].is_security ? -2147483640 : 8;
		group->group.life = GB_LIFE_SOFT_DELETED;
		group->group.lapse = rows[i].known;
		group->group.lapse_age_ms = rows[i].age_ms;
		group->group.holders = rows[i].holders;
		group->group.holders_known = rows[i].holders_known;
		world_plan(world);
		note = world_note_of(world, group);
		assert_int_equal(note->decision.action, rows[i].action);
		assert_int_equal(note->decision.cause, rows[i].cause);
		assert_int_equal(note->decision.lapse, GB_LAPSE_SOFT_DELETED);
		talloc_free(world);
	}
	(void)state;
}

static void each_reason_has_a_rule_of_its_own(void **state)
{
	struct gb_plan_policy policy = {.when_not_enabled = GB_WHEN_DISABLE,
					.when_filtered_out = GB_WHEN_DELETE,
					.when_soft_deleted = GB_WHEN_DISABLE_THEN_DELETE,
					.when_hard_deleted = GB_WHEN_DELETE};

	(void)state;
	assert_int_equal(gb_lapse_rule(&policy, GB_LAPSE_NOT_ENABLED), GB_WHEN_DISABLE);
	assert_int_equal(gb_lapse_rule(&policy, GB_LAPSE_FILTERED_OUT), GB_WHEN_DELETE);
	assert_int_equal(gb_lapse_rule(&policy, GB_LAPSE_SOFT_DELETED),
			 GB_WHEN_DISABLE_THEN_DELETE);
	assert_int_equal(gb_lapse_rule(&policy, GB_LAPSE_HARD_DELETED), GB_WHEN_DELETE);
	assert_int_equal(gb_lapse_rule(&policy, GB_LAPSE_ORPHAN), GB_WHEN_KEEP);
	assert_int_equal(gb_lapse_rule(&policy, GB_LAPSE_NEVER), GB_WHEN_KEEP);
	assert_int_equal(gb_lapse_rule(&policy, GB_LAPSE_NONE), GB_WHEN_KEEP);
}

static void causes_lead_to_reasons(void **state)
{
	static const struct {
		struct gb_scope scope;
		enum gb_lapse lapse;
	} rows[] = {
		{{GB_SCOPE_IN, GB_CAUSE_ENABLED}, GB_LAPSE_NONE},
		{{GB_SCOPE_OUT, GB_CAUSE_DISABLED}, GB_LAPSE_NOT_ENABLED},
		{{GB_SCOPE_OUT, GB_CAUSE_NOT_ENABLED}, GB_LAPSE_NOT_ENABLED},
		{{GB_SCOPE_OUT, GB_CAUSE_KIND_NOT_SELECTED}, GB_LAPSE_FILTERED_OUT},
		{{GB_SCOPE_NEVER, GB_CAUSE_HIDDEN_MEMBERSHIP}, GB_LAPSE_NEVER},
		{{GB_SCOPE_UNKNOWN, GB_CAUSE_WRITEBACK_MISSING}, GB_LAPSE_NONE},
	};
	struct gb_plan_group group = {.life = GB_LIFE_LIVE};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		assert_int_equal(gb_lapse_of(&group, &rows[i].scope), rows[i].lapse);
	}
	group.life = GB_LIFE_GONE;
	assert_int_equal(gb_lapse_of(&group, &rows[0].scope), GB_LAPSE_HARD_DELETED);
	group.is_orphan = true;
	assert_int_equal(gb_lapse_of(&group, &rows[0].scope), GB_LAPSE_ORPHAN);
}

/* The strictest rules: whatever is not out of scope beyond doubt stays. */
static struct world *strict_world(struct world_group **ret_group)
{
	struct world *world = world_new(NULL, 8);

	world->policy.when_not_enabled = GB_WHEN_DELETE;
	world->policy.when_filtered_out = GB_WHEN_DELETE;
	world->policy.when_soft_deleted = GB_WHEN_DELETE;
	world->policy.when_hard_deleted = GB_WHEN_DELETE;
	*ret_group = world_add_group(world, "a");
	(*ret_group)->group.holders_known = true;
	return world;
}

static void what_is_unknown_foreign_or_protected_is_never_deleted(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		struct world_group *group;
		struct world *world = strict_world(&group);
		struct gb_directory_object *object = &world_add_object(world, group)->object;

		group->group.life = i < 2 ? GB_LIFE_LIVE : GB_LIFE_GONE;
		group->group.is_orphan = i == 2;
		if (i == 0) {
			group->group.cloud.present &= ~(unsigned)GB_GROUP_HAS_WRITEBACK;
		} else if (i == 1) {
			group->group.cloud.hidden_membership = true;
		}
		object->is_protected = i == 3;
		object->in_container = i != 4;
		group->group.anchor = i == 5 ? GB_ANCHOR_TWINS : GB_ANCHOR_OURS;
		object->object_class = i == 6 ? GB_CLASS_USER : GB_CLASS_GROUP;
		if (i == 7) {
			object->admin_description = NULL;
			object->external_directory_id = NULL;
		}
		world_plan(world);
		assert_int_equal(world->change_count, 0);
		assert_int_equal(world_note_of(world, group)->decision.action, GB_DECIDE_FREEZE);
		talloc_free(world);
	}
}

static void disabling_is_one_change_of_type_and_counted(void **state)
{
	struct world_group *group;
	struct world *world = strict_world(&group);
	const struct gb_change *change;

	(void)state;
	world_add_object(world, group);
	world->policy.when_not_enabled = GB_WHEN_DISABLE;
	group->group.cloud.writeback_enabled = GB_NO;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	change = world_first(world, GB_CHANGE_ATTRIBUTES);
	assert_non_null(change);
	assert_int_equal(change->value_count, 1);
	assert_string_equal(change->values[0].attribute, "groupType");
	assert_string_equal(change->values[0].value, "8");
	assert_string_equal(change->values[0].old_value, "-2147483640");
	assert_int_equal(world->counts.disables, 1);
	world_apply(world);
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world->counts.disables, 0);
	/* Enabled again: it becomes what it was. */
	group->group.cloud.writeback_enabled = GB_YES;
	world_plan(world);
	change = world_first(world, GB_CHANGE_ATTRIBUTES);
	assert_non_null(change);
	assert_string_equal(change->values[0].value, "-2147483640");
	assert_int_equal(world->counts.access_changes, 1);
	talloc_free(world);
}

/* What a rule of ours took is given back without anybody's approval; what was never given is not. */
static void only_access_that_was_there_comes_back_by_itself(void **state)
{
	struct world_group *group;
	struct world *world = strict_world(&group);

	(void)state;
	world->policy.hold.access = GB_CAUSE_WAITS_ACCESS;
	world_add_object(world, group)->object.group_type = GB_GROUP_TYPE_UNIVERSAL;
	world_plan(world);
	assert_int_equal(world_note_of(world, group)->waiting, 1);
	group->group.lapse = GB_LAPSE_SOFT_DELETED;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world_note_of(world, group)->waiting, 0);
	group->group.cloud.unified = true;
	group->group.cloud.writeback_type = GB_WRITEBACK_UNIVERSAL_SECURITY;
	world_plan(world);
	assert_int_equal(world_note_of(world, group)->waiting, 1);
	talloc_free(world);
}

static void deleting_is_one_change_and_counted(void **state)
{
	struct world_group *group;
	struct world *world = strict_world(&group);

	(void)state;
	world_add_object(world, group);
	group->group.life = GB_LIFE_GONE;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world_count(world, GB_CHANGE_DELETE), 1);
	assert_int_equal(world->counts.deletes, 1);
	talloc_free(world);
}

/* The group stands where an earlier configuration had it. */
static void a_group_in_the_wrong_place_is_moved_with_what_else_it_needs(void **state)
{
	struct world *world = world_new(NULL, 8);
	struct world_group *group = world_add_group(world, "a");
	struct world_object *object = world_add_object(world, group);
	const struct gb_change *change;

	(void)state;
	group->group.new_parent_dn = "OU=new,DC=x";
	world_plan(world);
	change = world_first(world, GB_CHANGE_MOVE);
	assert_int_equal(world->change_count, 1);
	assert_non_null(change);
	assert_string_equal(change->new_parent, "OU=new,DC=x");
	assert_string_equal(change->new_rdn, gb_naming_rdn(world, object->object.cn));
	assert_int_equal(world->counts.moves, 1);
	/* Under another name it is one change all the same. */
	world->policy.name = GB_NAME_DISPLAY_NAME;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	change = world_first(world, GB_CHANGE_MOVE);
	assert_memory_equal(change->new_rdn, "CN=a_", 5);
	talloc_free(world);
}

static void names_that_are_kept_are_kept(void **state)
{
	struct world *world = world_new(NULL, 8);
	struct world_group *group = world_add_group(world, "a");

	(void)state;
	world_add_object(world, group)->object.cn = "as another tool called it";
	world->policy.keep_names = true;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	world->policy.keep_names = false;
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_RENAME), 1);
	talloc_free(world);
}

static void drift_is_put_back_and_named_or_only_named(void **state)
{
	struct world *world = world_new(NULL, 8);
	struct world_group *group = world_add_group(world, "a");

	(void)state;
	world_add_object(world, group)->object.display_name = "by hand";
	group->group.drifted = true;
	world_plan(world);
	assert_int_equal(world->change_count, 1);
	assert_int_equal(world_note_of(world, group)->drift, 1);
	world->policy.report_drift = true;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world_note_of(world, group)->drift, 1);
	assert_int_equal(world_note_of(world, group)->decision.action, GB_DECIDE_FREEZE);
	assert_int_equal(world_note_of(world, group)->decision.cause, GB_CAUSE_DRIFT);
	/* Taken back by hand, it is a group like any other. */
	world->objects[group->object_no].object.display_name = "a";
	world_plan(world);
	assert_int_equal(world_note_of(world, group)->decision.action, GB_DECIDE_UPDATE);
	/* Deleted by hand: reported, not made again. */
	world->objects[group->object_no].exists = false;
	group->group.anchor = GB_ANCHOR_ABSENT;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world_note_of(world, group)->decision.cause, GB_CAUSE_DRIFT);
	world->policy.report_drift = false;
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_CREATE), 1);
	talloc_free(world);
}

static void without_an_object_there_is_nothing_to_do(void **state)
{
	struct world_group *group;
	struct world *world = strict_world(&group);

	(void)state;
	group->group.life = GB_LIFE_GONE;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	assert_int_equal(world_note_of(world, group)->decision.action, GB_DECIDE_SKIP);
	assert_int_equal(world_note_of(world, group)->decision.lapse, GB_LAPSE_NONE);
	talloc_free(world);
}

/* Whatever the other rules say, and whatever became of the groups in the cloud; nobody's word is still nobody's. */
static void switched_off_goes_by_its_own_rule(void **state)
{
	static const struct {
		enum gb_when_rule rule;
		enum gb_cloud_life life;
		bool is_orphan;
		bool is_unknown;
		enum gb_decision_action action;
	} rows[] = {
		{GB_WHEN_KEEP, GB_LIFE_LIVE, false, false, GB_DECIDE_FREEZE},
		{GB_WHEN_DISABLE, GB_LIFE_LIVE, false, false, GB_DECIDE_DISABLE},
		{GB_WHEN_DELETE, GB_LIFE_LIVE, false, false, GB_DECIDE_DELETE},
		{GB_WHEN_DISABLE, GB_LIFE_SOFT_DELETED, false, false, GB_DECIDE_DISABLE},
		{GB_WHEN_DELETE, GB_LIFE_GONE, false, false, GB_DECIDE_DELETE},
		{GB_WHEN_DELETE, GB_LIFE_GONE, true, false, GB_DECIDE_FREEZE},
		{GB_WHEN_DELETE, GB_LIFE_LIVE, false, true, GB_DECIDE_FREEZE},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct world *world = world_new(NULL, 8);
		struct world_group *group = world_add_group(world, "a");

		world_add_object(world, group);
		world->policy.is_off = true;
		world->policy.when_switched_off = rows[i].rule;
		group->group.life = rows[i].life;
		group->group.is_orphan = rows[i].is_orphan;
		group->group.holders_known = true;
		if (rows[i].is_unknown) {
			group->group.cloud.present &= ~(unsigned)GB_GROUP_HAS_ON_PREMISES;
		}
		world_plan(world);
		assert_int_equal(world_note_of(world, group)->decision.action, rows[i].action);
		assert_int_equal(world->counts.in_scope, 0);
		talloc_free(world);
	}
}

static void switched_off_makes_nothing(void **state)
{
	struct world *world = world_new(NULL, 8);

	(void)state;
	world_add_group(world, "a");
	world->policy.is_off = true;
	world->policy.when_switched_off = GB_WHEN_DELETE;
	world_plan(world);
	assert_int_equal(world->change_count, 0);
	talloc_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_has_its_outcome),
		cmocka_unit_test(each_reason_has_a_rule_of_its_own),
		cmocka_unit_test(causes_lead_to_reasons),
		cmocka_unit_test(what_is_unknown_foreign_or_protected_is_never_deleted),
		cmocka_unit_test(disabling_is_one_change_of_type_and_counted),
		cmocka_unit_test(only_access_that_was_there_comes_back_by_itself),
		cmocka_unit_test(deleting_is_one_change_and_counted),
		cmocka_unit_test(a_group_in_the_wrong_place_is_moved_with_what_else_it_needs),
		cmocka_unit_test(names_that_are_kept_are_kept),
		cmocka_unit_test(drift_is_put_back_and_named_or_only_named),
		cmocka_unit_test(without_an_object_there_is_nothing_to_do),
		cmocka_unit_test(switched_off_goes_by_its_own_rule),
		cmocka_unit_test(switched_off_makes_nothing),
	};

	return cmocka_run_group_tests_name("plan/lapse", tests, NULL, NULL);
}
