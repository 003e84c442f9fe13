/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Properties of the planner, on worlds by chance. */
#include "config.h"

#include "engine/plan/diff.h"
#include "engine/plan/lapse.h"
#include "engine/plan/mapping.h"
#include "tests/unit/plan/world.h"

/** Worlds for each property; GB_PROPERTY_CASES in the environment asks for more or fewer. */
#define CASES 5000

typedef void (*property)(struct world *world, struct unit_chance *chance);

/* GB_PROPERTY_CASES is another number of them. The seed of the failing case is its number. */
static void for_all_worlds(property holds)
{
	const char *wanted = getenv("GB_PROPERTY_CASES");
	uint64_t cases = wanted ? strtoull(wanted, NULL, 10) : CASES;

	for (uint64_t seed = 1; seed <= cases; seed++) {
		struct unit_chance chance = {.state = seed * 0x9e3779b97f4a7c15u};
		struct world *world = world_random(NULL, &chance);

		holds(world, &chance);
		talloc_free(world);
	}
}

static bool has_to_be_unique(const char *attribute)
{
	return strcmp(attribute, "sAMAccountName") == 0 || strcmp(attribute, "mail") == 0 ||
	       strcmp(attribute, "mailNickname") == 0 || strcmp(attribute, "proxyAddresses") == 0;
}

/* Changes of attributes that wait until somebody else gives a name or an address away. */
static size_t count_followers(const struct world *world)
{
	size_t count = 0;

	for (size_t i = 0; i < world->change_count; i++) {
		const struct gb_change *change = &world->changes[i].change;
		bool waited = change->kind == GB_CHANGE_ATTRIBUTES && change->waits == 0;

		for (size_t n = 0; n < change->value_count; n++) {
			waited = waited && has_to_be_unique(change->values[n].attribute);
		}
		count += waited;
	}
	return count;
}

/* Names that give way to one another may take a second round, never a third. */
static void applied_plan_leaves_nothing_to_do(struct world *world, struct unit_chance *chance)
{
	(void)chance;
	world_plan(world);
	world_apply(world);
	world_plan(world);
	assert_int_equal(world->change_count,
			 world_count(world, GB_CHANGE_RENAME) + count_followers(world));
	world_apply(world);
	world_plan(world);
	assert_string_equal(world_plan_text(world), "");
}

static void a_second_plan_after_the_first_is_empty(void **state)
{
	(void)state;
	for_all_worlds(applied_plan_leaves_nothing_to_do);
}

static bool is_wanted(const struct world *world, const struct world_group *group, int64_t no)
{
	for (size_t i = 0; i < group->person_count; i++) {
		if (group->people[i] == no) {
			return true;
		}
	}
	for (size_t i = 0; i < group->nested_count; i++) {
		if (world->groups[group->nested[i]].object_no == no) {
			return true;
		}
	}
	return false;
}

static bool is_member(const struct world_object *object, int64_t no)
{
	for (size_t i = 0; i < object->member_count; i++) {
		if (object->members[i] == no) {
			return true;
		}
	}
	return false;
}

static void check_members(const struct world *world, const struct world_group *group)
{
	const struct world_object *object = &world->objects[group->object_no];
	bool held = gb_decide_hold(&group->group) != GB_CAUSE_NONE;

	for (int64_t no = 1; no < world->object_count; no++) {
		const struct world_object *somebody = &world->objects[no];
		bool member = is_member(object, no);

		if (is_wanted(world, group, no)) {
			assert_int_equal(member, somebody->exists);
		} else if (somebody->is_known && !held) {
			assert_false(member);
		}
	}
}

static void check_attributes(struct world *world, const struct world_group *group)
{
	struct gb_mapping wanted;
	struct gb_mapping diff;
	struct gb_mapping_input input = {.policy = &world->policy,
					 .group = &group->group.cloud,
					 .observed = &world->objects[group->object_no].object,
					 .mail_is_taken = world_note_of(world, group)->remark ==
							  GB_CAUSE_MAIL_TAKEN};

	gb_mapping_values(world->plan, &input, &wanted);
	gb_diff_attributes(world->plan, &wanted, &world->objects[group->object_no].object, &diff);
	assert_int_equal(diff.count, 0);
}

static void written_groups_are_as_the_cloud_says(struct world *world, struct unit_chance *chance)
{
	(void)chance;
	world_plan(world);
	world_apply(world);
	for (size_t i = 0; i < world->group_count; i++) {
		const struct world_group *group = &world->groups[i];
		enum gb_decision_action action = world_note_of(world, group)->decision.action;

		if (action != GB_DECIDE_CREATE && action != GB_DECIDE_UPDATE) {
			continue;
		}
		check_attributes(world, group);
		if (action == GB_DECIDE_CREATE || !group->group.skip_members) {
			check_members(world, group);
		}
	}
}

static void every_world_converges_to_the_cloud(void **state)
{
	(void)state;
	for_all_worlds(written_groups_are_as_the_cloud_says);
}

static void shuffle(int64_t *numbers, size_t count, struct unit_chance *chance)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = unit_below(chance, i);
		int64_t number = numbers[i - 1];

		numbers[i - 1] = numbers[other];
		numbers[other] = number;
	}
}

static void order_of_members_changes_nothing(struct world *world, struct unit_chance *chance)
{
	void *tmp = talloc_new(NULL);
	const char *before;

	world_plan(world);
	before = gb_strdup(tmp, world_plan_text(world));
	for (size_t i = 0; i < world->group_count; i++) {
		shuffle(world->groups[i].people, world->groups[i].person_count, chance);
	}
	world->read_size = unit_below(chance, 5);
	world_plan(world);
	assert_string_equal(before, world_plan_text(world));
	talloc_free(tmp);
}

static void the_order_of_members_and_the_size_of_reads_do_not_matter(void **state)
{
	(void)state;
	for_all_worlds(order_of_members_changes_nothing);
}

static void each_doubt_forbids_removals(struct world *world, struct unit_chance *chance)
{
	for (size_t i = 0; i < world->group_count; i++) {
		struct gb_plan_group *group = &world->groups[i].group;

		switch (unit_below(chance, 3)) {
		case 0:
			group->cloud_complete = false;
			break;
		case 1:
			group->directory_complete = false;
			break;
		default:
			group->uncertain = true;
			break;
		}
	}
	world_plan(world);
	assert_int_equal(world_count(world, GB_CHANGE_REMOVE_MEMBERS), 0);
	assert_int_equal(world_count(world, GB_CHANGE_DELETE), 0);
	assert_int_equal(world->counts.member_removes, 0);
}

static void incomplete_input_never_removes(void **state)
{
	(void)state;
	for_all_worlds(each_doubt_forbids_removals);
}

static void stubs_stay(struct world *world, struct unit_chance *chance)
{
	(void)chance;
	world_plan(world);
	for (size_t i = 0; i < world->change_count; i++) {
		const struct gb_change *change = &world->changes[i].change;

		for (size_t j = 0;
		     change->kind == GB_CHANGE_REMOVE_MEMBERS && j < change->member_count; j++) {
			assert_true(world->objects[change->members[j]].is_known);
		}
	}
}

static void who_is_not_known_is_never_removed(void **state)
{
	(void)state;
	for_all_worlds(stubs_stay);
}

static void a_plan_is_what_is_done(struct world *world, struct unit_chance *chance)
{
	void *tmp = talloc_new(NULL);
	const char *dry;

	(void)chance;
	world_plan(world);
	dry = gb_strdup(tmp, world_plan_text(world));
	world_plan(world);
	assert_string_equal(dry, world_plan_text(world));
	talloc_free(tmp);
}

static void a_dry_run_equals_the_run(void **state)
{
	(void)state;
	for_all_worlds(a_plan_is_what_is_done);
}

static const struct world_group *group_of(const struct world *world, const struct gb_change *change)
{
	size_t at = 0;

	while (at < world->group_count &&
	       gb_guid_compare(&world->groups[at].group.cloud.id, &change->cloud_id) != 0) {
		at++;
	}
	assert_true(at < world->group_count);
	return &world->groups[at];
}

static void only_our_groups_are_touched(struct world *world, struct unit_chance *chance)
{
	(void)chance;
	world_plan(world);
	for (size_t i = 0; i < world->change_count; i++) {
		const struct gb_change *change = &world->changes[i].change;
		const struct world_group *group = group_of(world, change);
		enum gb_decision_action action = world_note_of(world, group)->decision.action;
		bool creates = change->kind == GB_CHANGE_CREATE;

		assert_int_equal(change->object_no, group->object_no);
		assert_int_equal(group->group.life, GB_LIFE_LIVE);
		if (creates) {
			assert_int_equal(group->group.anchor, GB_ANCHOR_ABSENT);
		}
		assert_int_equal(action, world->objects[change->object_no].exists
						 ? GB_DECIDE_UPDATE
						 : GB_DECIDE_CREATE);
	}
}

static void what_is_frozen_foreign_or_out_of_scope_is_never_touched(void **state)
{
	(void)state;
	for_all_worlds(only_our_groups_are_touched);
}

/* Rules, ages and ends of lives by chance, on top of a world by chance. */
static void random_ends(struct world *world, struct unit_chance *chance)
{
	struct gb_plan_policy *policy = &world->policy;

	policy->when_not_enabled = (enum gb_when_rule)unit_below(chance, 4);
	policy->when_filtered_out = (enum gb_when_rule)unit_below(chance, 4);
	policy->when_soft_deleted = (enum gb_when_rule)unit_below(chance, 4);
	policy->when_hard_deleted = (enum gb_when_rule)unit_below(chance, 4);
	policy->delete_after_ms = 10;
	policy->report_drift = unit_below(chance, 4) == 0;
	policy->is_new_server = unit_below(chance, 8) == 0;
	for (size_t i = 0; i < world->group_count; i++) {
		struct gb_plan_group *group = &world->groups[i].group;

		group->life = (enum gb_cloud_life)unit_below(chance, 3);
		group->lapse = (enum gb_lapse)unit_below(chance, 7);
		group->lapse_age_ms = (int64_t)unit_below(chance, 20);
		group->holders = unit_below(chance, 3) == 0 ? "CN=holder" : NULL;
		group->holders_known = unit_below(chance, 4) != 0;
		group->drifted = unit_below(chance, 4) == 0;
		group->is_orphan = world->groups[i].object_no != 0 &&
				   world->objects[world->groups[i].object_no].exists &&
				   unit_below(chance, 6) == 0;
	}
}

static bool takes_away(const struct gb_change *change)
{
	if (change->kind == GB_CHANGE_DELETE) {
		return true;
	}
	for (size_t i = 0; i < change->value_count; i++) {
		if (strcmp(change->values[i].attribute, "groupType") == 0 &&
		    atoi(change->values[i].value) >= 0) {
			return true;
		}
	}
	return false;
}

/* Nothing ends but by a rule, on good evidence, after its time, and with nobody outside holding it. */
static void ends_have_reasons(struct world *world, struct unit_chance *chance)
{
	random_ends(world, chance);
	world_plan(world);
	for (size_t i = 0; i < world->change_count; i++) {
		const struct gb_change *change = &world->changes[i].change;
		const struct world_group *group = group_of(world, change);
		const struct gb_decision *decision = &world_note_of(world, group)->decision;
		const struct gb_directory_object *object = &world->objects[group->object_no].object;
		enum gb_when_rule rule = gb_lapse_rule(&world->policy, decision->lapse);

		if (change->kind == GB_CHANGE_CREATE || decision->action == GB_DECIDE_UPDATE ||
		    !takes_away(change)) {
			continue;
		}
		assert_true(decision->scope.verdict == GB_SCOPE_OUT);
		assert_true(rule != GB_WHEN_KEEP);
		assert_false(group->group.is_orphan);
		assert_false(object->is_protected);
		assert_true(object->in_container);
		assert_int_equal(group->group.anchor, GB_ANCHOR_OURS);
		if (change->kind == GB_CHANGE_DELETE) {
			assert_true(rule != GB_WHEN_DISABLE);
			assert_false(world->policy.is_new_server);
			assert_null(group->group.holders);
			assert_true(group->group.holders_known);
			assert_true(rule == GB_WHEN_DELETE ||
				    (group->group.lapse == decision->lapse &&
				     group->group.lapse_age_ms >= world->policy.delete_after_ms));
		}
	}
}

static void nothing_ends_without_a_reason(void **state)
{
	(void)state;
	for_all_worlds(ends_have_reasons);
}

static void ends_are_reached_once(struct world *world, struct unit_chance *chance)
{
	random_ends(world, chance);
	for (int round = 0; round < 4; round++) {
		world_plan(world);
		world_apply(world);
		/* What is gone from the directory is found nowhere. */
		for (size_t i = 0; i < world->group_count; i++) {
			struct world_group *group = &world->groups[i];

			if (group->object_no && !world->objects[group->object_no].exists) {
				group->group.anchor = GB_ANCHOR_ABSENT;
				group->group.is_orphan = false;
			}
		}
	}
	world_plan(world);
	assert_string_equal(world_plan_text(world), "");
}

static void every_end_is_reached_and_then_there_is_nothing_to_do(void **state)
{
	(void)state;
	for_all_worlds(ends_are_reached_once);
}

static void counts_are_those_of_the_changes(struct world *world, struct unit_chance *chance)
{
	struct gb_plan_counts counts = {0};
	int64_t changes = 0;

	(void)chance;
	world_plan(world);
	for (size_t i = 0; i < world->change_count; i++) {
		gb_guard_count(&counts, &world->changes[i].change);
	}
	for (size_t i = 0; i < world->note_count; i++) {
		changes += world->notes[i].note.changes;
	}
	assert_int_equal(world->counts.changes, world->change_count);
	assert_int_equal(world->counts.changes, changes);
	assert_int_equal(world->counts.creates, counts.creates);
	assert_int_equal(world->counts.attributes, counts.attributes);
	assert_int_equal(world->counts.renames, counts.renames);
	assert_int_equal(world->counts.member_adds, counts.member_adds);
	assert_int_equal(world->counts.member_removes, counts.member_removes);
	assert_int_equal(world->counts.groups, world->group_count);
}

static void the_counts_tell_the_truth(void **state)
{
	(void)state;
	for_all_worlds(counts_are_those_of_the_changes);
}

/* All holds on: what goes is as it would be after somebody approved the rest, and the rest then goes. */
static void holds_delay_and_change_nothing(struct world *world, struct unit_chance *chance)
{
	const struct gb_plan_hold none = world->policy.hold;

	world->policy.hold = (struct gb_plan_hold){
		.creates = GB_CAUSE_WAITS_SCOPE,
		.places = GB_CAUSE_WAITS_CONTAINER,
		.names = GB_CAUSE_WAITS_NAMING,
		.ends = GB_CAUSE_WAITS_SCOPE,
		.access = GB_CAUSE_WAITS_ACCESS,
		.removals = {.count = (int64_t)unit_below(chance, 4)},
		.small_group_members = (int64_t)unit_below(chance, 6),
	};
	world_plan(world);
	assert_int_equal(world->counts.changes + world->counts.waiting, world->change_count);
	for (size_t i = 0; i < world->change_count; i++) {
		const struct gb_change *change = &world->changes[i].change;

		if (change->kind == GB_CHANGE_CREATE || change->kind == GB_CHANGE_RENAME ||
		    change->kind == GB_CHANGE_DELETE) {
			assert_int_not_equal(change->waits, 0);
		}
	}
	world_apply(world);
	world_plan(world);
	assert_int_equal(world->counts.changes, count_followers(world));
	world_apply(world);
	world_plan(world);
	assert_int_equal(world->counts.changes, 0);
	world->policy.hold = none;
	applied_plan_leaves_nothing_to_do(world, chance);
}

static void what_waits_is_delayed_and_nothing_else(void **state)
{
	(void)state;
	for_all_worlds(holds_delay_and_change_nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_plan_after_the_first_is_empty),
		cmocka_unit_test(every_world_converges_to_the_cloud),
		cmocka_unit_test(the_order_of_members_and_the_size_of_reads_do_not_matter),
		cmocka_unit_test(incomplete_input_never_removes),
		cmocka_unit_test(who_is_not_known_is_never_removed),
		cmocka_unit_test(a_dry_run_equals_the_run),
		cmocka_unit_test(what_is_frozen_foreign_or_out_of_scope_is_never_touched),
		cmocka_unit_test(nothing_ends_without_a_reason),
		cmocka_unit_test(every_end_is_reached_and_then_there_is_nothing_to_do),
		cmocka_unit_test(the_counts_tell_the_truth),
		cmocka_unit_test(what_waits_is_delayed_and_nothing_else),
	};

	return cmocka_run_group_tests_name("plan/properties", tests, NULL, NULL);
}
