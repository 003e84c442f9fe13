/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: members of nested groups. */
#include "config.h"

#include "tests/unit/state/world.h"

#define GROUPS 6
#define PEOPLE 8

/* A tenant of groups in groups, and what a plain walk says about it. */
struct tenant {
	struct world *world;
	int64_t groups[GROUPS];
	int64_t people[PEOPLE];
	int64_t accounts[PEOPLE];
	bool holds_group[GROUPS][GROUPS];
	bool holds_person[GROUPS][PEOPLE];
};

static void fill(struct tenant *tenant, struct world *world)
{
	*tenant = (struct tenant){.world = world};
	for (uint32_t i = 0; i < PEOPLE; i++) {
		tenant->accounts[i] = put_account(world, i + 1);
		tenant->people[i] = put_person(world, i + 1);
		match(world, tenant->people[i], tenant->accounts[i], CODE_SID);
	}
	for (uint32_t i = 0; i < GROUPS; i++) {
		tenant->groups[i] = put_group(world, i + 1);
		OK(gb_state_cloud_set_members_known(world->state, tenant->groups[i], true, &err));
	}
}

static void nest(struct tenant *tenant, size_t group, size_t member)
{
	tenant->holds_group[group][member] = true;
	link_cloud(tenant->world, tenant->groups[group], tenant->groups[member]);
}

static void enlist(struct tenant *tenant, size_t group, size_t person)
{
	tenant->holds_person[group][person] = true;
	link_cloud(tenant->world, tenant->groups[group], tenant->people[person]);
}

static void walk(const struct tenant *tenant, size_t group, bool seen[GROUPS], bool found[PEOPLE])
{
	seen[group] = true;
	for (size_t i = 0; i < PEOPLE; i++) {
		found[i] = found[i] || tenant->holds_person[group][i];
	}
	for (size_t i = 0; i < GROUPS; i++) {
		if (tenant->holds_group[group][i] && !seen[i]) {
			walk(tenant, i, seen, found);
		}
	}
}

/* Numbers of the flat stream, ascending, each once. */
static size_t flat(struct tenant *tenant, size_t group, const struct gb_state_flat *options,
		   int64_t numbers[GROUPS + PEOPLE])
{
	struct gb_state_group *row = NULL;
	struct gb_state_members_iter *iter = NULL;
	struct gb_state_member buffer[3];
	size_t total = 0;
	size_t count = 0;

	OK(gb_state_group_read(tenant->world, tenant->world->state, tenant->groups[group], 0, &row,
			       &err));
	OK(gb_state_flat_begin(tenant->world, tenant->world->state, row, options, &iter, &err));
	do {
		OK(gb_state_members_read(iter, buffer, 3, &count, &err));
		for (size_t i = 0; i < count; i++) {
			assert_true(total == 0 || buffer[i].object_no > numbers[total - 1]);
			assert_in_range(total, 0, GROUPS + PEOPLE - 1);
			numbers[total++] = buffer[i].object_no;
		}
	} while (count > 0);
	gb_state_members_end(iter);
	talloc_free(row);
	return total;
}

static struct gb_state_flat_facts look(struct tenant *tenant, size_t group)
{
	struct gb_state_flat options = {false, false};
	struct gb_state_flat_facts facts;

	OK(gb_state_flat_look(tenant->world->state, tenant->groups[group], &options, &facts, &err));
	return facts;
}

static void check_against_a_walk(struct tenant *tenant, size_t group)
{
	struct gb_state_flat options = {false, false};
	int64_t numbers[GROUPS + PEOPLE];
	bool seen[GROUPS] = {false};
	bool found[PEOPLE] = {false};
	size_t count = flat(tenant, group, &options, numbers);
	size_t expected = 0;

	walk(tenant, group, seen, found);
	for (size_t i = 0; i < PEOPLE; i++) {
		if (found[i]) {
			assert_true(expected < count);
			assert_int_equal(numbers[expected++], tenant->accounts[i]);
		}
	}
	assert_int_equal(count, expected);
	assert_int_equal(look(tenant, group).listed, expected);
	assert_true(look(tenant, group).members_known);
}

static void any_web_of_groups_is_walked_to_its_end(void **state)
{
	struct unit_chance chance = {.state = 17};
	struct tenant tenant;

	fill(&tenant, *state);
	for (int round = 0; round < 12; round++) {
		for (int i = 0; i < 3; i++) {
			nest(&tenant, unit_below(&chance, GROUPS), unit_below(&chance, GROUPS));
			enlist(&tenant, unit_below(&chance, GROUPS), unit_below(&chance, PEOPLE));
		}
		for (size_t group = 0; group < GROUPS; group++) {
			check_against_a_walk(&tenant, group);
		}
	}
}

static void both_keeps_direct_groups_besides(void **state)
{
	struct gb_state_flat options = {.keeps_groups = true};
	int64_t numbers[GROUPS + PEOPLE];
	struct tenant tenant;
	int64_t one;

	fill(&tenant, *state);
	nest(&tenant, 0, 1);
	nest(&tenant, 1, 2);
	enlist(&tenant, 2, 0);
	one = slot(tenant.world, tenant.groups[1]);
	slot(tenant.world, tenant.groups[2]);
	assert_int_equal(flat(&tenant, 0, &options, numbers), 2);
	assert_int_equal(numbers[0], tenant.accounts[0]);
	assert_int_equal(numbers[1], one);
}

static void a_list_that_is_not_known_makes_those_above_incomplete(void **state)
{
	struct tenant tenant;
	struct gb_guid id = guid_of('x', 1);
	int64_t stub = 0;

	fill(&tenant, *state);
	nest(&tenant, 0, 1);
	nest(&tenant, 1, 2);
	assert_true(look(&tenant, 0).members_known);
	OK(gb_state_cloud_set_members_known(tenant.world->state, tenant.groups[2], false, &err));
	assert_false(look(&tenant, 0).members_known);
	assert_true(look(&tenant, 3).members_known);
	OK(gb_state_cloud_set_members_known(tenant.world->state, tenant.groups[2], true, &err));
	/* a group that no list of groups has named */
	OK(gb_state_cloud_put_stub(tenant.world->state, &id, GB_CLOUD_GROUP, &stub, &err));
	link_cloud(tenant.world, tenant.groups[2], stub);
	assert_false(look(&tenant, 0).members_known);
}

static void members_without_a_match_are_counted_from_below(void **state)
{
	struct tenant tenant;
	struct gb_state_flat_facts facts;

	fill(&tenant, *state);
	nest(&tenant, 0, 1);
	enlist(&tenant, 0, 0);
	enlist(&tenant, 1, 1);
	match(tenant.world, tenant.people[0], 0, CODE_NOT_FOUND);
	match(tenant.world, tenant.people[1], 0, CODE_NOT_FOUND);
	facts = look(&tenant, 0);
	for (size_t i = 0; i < facts.unmatched_count; i++) {
		if (facts.unmatched[i].code == CODE_NOT_FOUND) {
			assert_int_equal(facts.unmatched[i].count, 2);
			return;
		}
	}
	fail();
}

static void hidden_groups_stay_closed_unless_asked_for(void **state)
{
	struct gb_state_flat options = {false, false};
	int64_t numbers[GROUPS + PEOPLE];
	struct gb_cloud_group hidden = group_of(2);
	struct tenant tenant;

	fill(&tenant, *state);
	nest(&tenant, 0, 1);
	enlist(&tenant, 1, 0);
	hidden.hidden_membership = true;
	OK(gb_state_cloud_put_group(tenant.world->state, &hidden, false, NULL, NULL, &err));
	assert_int_equal(flat(&tenant, 0, &options, numbers), 0);
	options.with_hidden = true;
	assert_int_equal(flat(&tenant, 0, &options, numbers), 1);
}

static void a_deleted_group_gives_nobody(void **state)
{
	struct gb_state_flat options = {false, false};
	int64_t numbers[GROUPS + PEOPLE];
	struct gb_guid id = guid_of('g', 2);
	struct tenant tenant;

	fill(&tenant, *state);
	nest(&tenant, 0, 1);
	enlist(&tenant, 1, 0);
	OK(gb_state_cloud_remove(tenant.world->state, &id, GB_REMOVED_CHANGED, NULL, &err));
	assert_int_equal(flat(&tenant, 0, &options, numbers), 0);
}

static void what_changes_below_dirties_everything_above(void **state)
{
	struct tenant tenant;

	fill(&tenant, *state);
	nest(&tenant, 0, 1);
	nest(&tenant, 1, 2);
	nest(&tenant, 2, 0);
	clear_all(tenant.world);
	enlist(&tenant, 2, 5);
	OK(gb_state_flat_spread(tenant.world->state, &err));
	assert_true(dirty_of(tenant.world, tenant.groups[0], 0) & GB_DIRTY_MEMBERS);
	assert_true(dirty_of(tenant.world, tenant.groups[1], 0) & GB_DIRTY_MEMBERS);
	assert_int_equal(dirty_of(tenant.world, tenant.groups[3], 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(any_web_of_groups_is_walked_to_its_end),
		IN_WORLD(both_keeps_direct_groups_besides),
		IN_WORLD(a_list_that_is_not_known_makes_those_above_incomplete),
		IN_WORLD(members_without_a_match_are_counted_from_below),
		IN_WORLD(hidden_groups_stay_closed_unless_asked_for),
		IN_WORLD(a_deleted_group_gives_nobody),
		IN_WORLD(what_changes_below_dirties_everything_above),
	};

	return cmocka_run_group_tests_name("state/flat", tests, NULL, NULL);
}
