/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: intents, outcomes, runs. */
#include "config.h"

#include "engine/base/clock.h"
#include "engine/state/pack.h"
#include "tests/unit/state/world.h"

static int64_t begin_run(struct world *world)
{
	int64_t run_no = 0;

	OK(gb_state_run_begin(world->state, "delta", &run_no, &err));
	return run_no;
}

static void add(struct world *world, int64_t run_no, const struct gb_change *change)
{
	OK(gb_state_journal_add(world->state, run_no, change, NULL, &err));
}

/* The only change to send in a phase. */
static struct gb_state_change *take(struct world *world, int64_t run_no, int phase)
{
	struct gb_state_changes_iter *iter =
		gb_state_changes_begin(world, world->state, run_no, phase);
	struct gb_state_change *change = NULL;
	struct gb_state_change *more = NULL;

	OK(gb_state_changes_next(iter, world, &change, &err));
	assert_non_null(change);
	OK(gb_state_changes_next(iter, world, &more, &err));
	assert_null(more);
	gb_state_changes_end(iter);
	return change;
}

static void tell(struct world *world, const struct gb_state_change *change,
		 struct gb_state_outcome outcome)
{
	OK(gb_state_journal_outcome(world->state, change, &outcome, &err));
}

static struct gb_state_directory_object *read_object(struct world *world, int64_t no)
{
	struct gb_state_directory_object *row = NULL;

	OK(gb_state_directory_read(world, world->state, no, &row, &err));
	return row;
}

static size_t observed(struct world *world, int64_t object_no)
{
	struct gb_state_group *group = NULL;

	OK(gb_state_group_read(world, world->state, 0, object_no, &group, &err));
	return group->observed;
}

/* A group with a slot and two people to go in. */
struct planned {
	int64_t run_no;
	int64_t group;
	int64_t object;
	int64_t accounts[2];
	struct gb_change change;
};

static const struct gb_change_value values[] = {
	{"displayName", "Name", NULL},
	{"groupType", "-2147483640", NULL},
	{"sAMAccountName", "Name_1", NULL},
	{"description", NULL, "old"},
	{"adminDescription", "Group_00670000-0000-0000-0000-000000000001", NULL},
};

static struct planned plan_create(struct world *world)
{
	struct planned planned = {.group = put_group(world, 1)};

	planned.object = slot(world, planned.group);
	for (uint32_t i = 0; i < 2; i++) {
		planned.accounts[i] = put_account(world, i + 1);
	}
	planned.run_no = begin_run(world);
	planned.change = (struct gb_change){.kind = GB_CHANGE_CREATE,
					    .object_no = planned.object,
					    .cloud_id = guid_of('g', 1),
					    .name = "Name",
					    .dn = "CN=Name,OU=Groups,DC=example,DC=com",
					    .values = values,
					    .value_count = GB_ARRAY_SIZE(values)};
	return planned;
}

static const struct gb_state_outcome created = {
	.status = GB_OUTCOME_APPLIED,
	.guid = {{1, 2, 3}},
	.dn = "CN=Name,OU=Groups,DC=example,DC=com",
	.dn_key = "cn=name,ou=groups,dc=example,dc=com",
	.cn = "Name",
	.usn_changed = 77,
};

static void lists_of_numbers_survive_packing(void **state)
{
	struct unit_chance chance = {99};
	int64_t numbers[GB_CHANGE_MAX_MEMBERS];
	int64_t back[GB_CHANGE_MAX_MEMBERS];
	uint8_t bytes[GB_PACK_MAX_BYTES(GB_CHANGE_MAX_MEMBERS)];

	(void)state;
	for (int round = 0; round < 500; round++) {
		size_t count = unit_below(&chance, GB_CHANGE_MAX_MEMBERS + 1);
		size_t length;

		for (size_t i = 0; i < count; i++) {
			uint64_t wide = (uint64_t)unit_next(&chance) << 32 | unit_next(&chance);

			numbers[i] = (int64_t)(wide >> unit_below(&chance, 64));
			numbers[i] = round % 7 == 0 ? -numbers[i] : numbers[i];
		}
		length = gb_pack(numbers, count, bytes);
		assert_true(gb_unpack(bytes, length, back, count));
		assert_memory_equal(numbers, back, count * sizeof(*numbers));
		if (count > 0) {
			assert_false(gb_unpack(bytes, length - 1, back, count));
			assert_false(gb_unpack(bytes, length, back, count - 1));
		}
	}
	memset(bytes, 0xff, 16);
	assert_false(gb_unpack(bytes, 16, back, 1));
}

static void an_intent_comes_back_as_it_was_planned(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_state_change *row;
	int64_t seq = 0;

	p.change.members = p.accounts;
	p.change.member_count = 2;
	OK(gb_state_journal_add(world->state, p.run_no, &p.change, &seq, &err));
	assert_int_equal(seq, 1);
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	row = take(world, p.run_no, GB_PHASE_CREATE);
	assert_int_equal(row->run_no, p.run_no);
	assert_int_equal(row->status, GB_OUTCOME_OPEN);
	assert_int_equal(row->change.seq, 1);
	assert_int_equal(row->change.kind, GB_CHANGE_CREATE);
	assert_int_equal(row->change.object_no, p.object);
	assert_int_equal(gb_guid_compare(&row->change.cloud_id, &p.change.cloud_id), 0);
	assert_string_equal(row->change.name, "Name");
	assert_string_equal(row->change.dn, p.change.dn);
	assert_null(row->change.new_rdn);
	assert_null(row->change.new_parent);
	assert_int_equal(row->change.value_count, GB_ARRAY_SIZE(values));
	for (size_t i = 0; i < GB_ARRAY_SIZE(values); i++) {
		assert_string_equal(row->change.values[i].attribute, values[i].attribute);
		assert_true(!row->change.values[i].value == !values[i].value);
		assert_true(!row->change.values[i].old_value == !values[i].old_value);
	}
	assert_string_equal(row->change.values[3].old_value, "old");
	assert_int_equal(row->target.no, p.object);
	assert_true(gb_guid_is_none(&row->target.guid));
	assert_int_equal(row->change.member_count, 2);
	for (size_t i = 0; i < 2; i++) {
		struct gb_guid guid = guid_of('a', (uint32_t)i + 1);

		assert_int_equal(row->change.members[i], p.accounts[i]);
		assert_int_equal(row->members[i].no, p.accounts[i]);
		assert_int_equal(gb_guid_compare(&row->members[i].guid, &guid), 0);
		assert_non_null(row->members[i].dn);
	}
}

static void phases_come_apart_and_in_order(void **state)
{
	static const enum gb_change_kind kinds[] = {GB_CHANGE_RENAME,         GB_CHANGE_ADD_MEMBERS,
						    GB_CHANGE_CREATE,         GB_CHANGE_DELETE,
						    GB_CHANGE_MOVE,           GB_CHANGE_ATTRIBUTES,
						    GB_CHANGE_REMOVE_MEMBERS, GB_CHANGE_CREATE};
	static const int64_t expected[GB_PHASE_END][4] = {[GB_PHASE_CREATE] = {3, 8},
							  [GB_PHASE_MEMBERSHIP] = {2, 6, 7},
							  [GB_PHASE_RENAME] = {1, 5},
							  [GB_PHASE_DELETE] = {4}};
	struct world *world = *state;
	struct planned p = plan_create(world);
	int64_t other = begin_run(world);

	add(world, other, &p.change);
	for (size_t i = 0; i < GB_ARRAY_SIZE(kinds); i++) {
		p.change.kind = kinds[i];
		add(world, p.run_no, &p.change);
	}
	for (int phase = GB_PHASE_CREATE; phase < GB_PHASE_END; phase++) {
		struct gb_state_changes_iter *iter =
			gb_state_changes_begin(world, world->state, p.run_no, phase);
		struct gb_state_change *change = NULL;
		size_t i = 0;

		do {
			OK(gb_state_changes_next(iter, world, &change, &err));
			assert_int_equal(change ? change->change.seq : 0, expected[phase][i++]);
		} while (change);
		gb_state_changes_end(iter);
	}
}

static void a_created_group_fills_its_slot(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_state_directory_object *row;
	struct gb_state_change *change;

	p.change.members = p.accounts;
	p.change.member_count = 2;
	add(world, p.run_no, &p.change);
	clear_all(world);
	change = take(world, p.run_no, GB_PHASE_CREATE);
	tell(world, change, created);
	row = read_object(world, p.object);
	assert_int_equal(row->presence, GB_PRESENCE_READ);
	assert_int_equal(row->object.guid.bytes[2], 3);
	assert_string_equal(row->object.dn, created.dn);
	assert_string_equal(row->object.dn_key, created.dn_key);
	assert_string_equal(row->object.cn, "Name");
	assert_string_equal(row->object.display_name, "Name");
	assert_string_equal(row->object.sam_account_name, "Name_1");
	assert_int_equal(row->object.group_type, GB_GROUP_TYPE_SECURITY | GB_GROUP_TYPE_UNIVERSAL);
	assert_null(row->object.description);
	assert_int_equal(row->object.usn_changed, 77);
	assert_true(row->is_ours);
	assert_true(row->object.in_container);
	assert_true(row->members_known);
	assert_int_equal(observed(world, p.object), 2);
	assert_int_equal(dirty_of(world, p.group, p.object), 0);
}

static void refused_members_are_not_taken_for_members(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_state_outcome outcome = created;
	struct gb_state_change *change;

	p.change.members = p.accounts;
	p.change.member_count = 2;
	add(world, p.run_no, &p.change);
	outcome.failed_members = &p.accounts[0];
	outcome.failed_member_count = 1;
	tell(world, take(world, p.run_no, GB_PHASE_CREATE), outcome);
	assert_int_equal(observed(world, p.object), 1);
	{
		struct gb_state_changes_iter *iter =
			gb_state_changes_begin(world, world->state, p.run_no, 0);

		OK(gb_state_changes_next(iter, world, &change, &err));
		gb_state_changes_end(iter);
	}
	assert_int_equal(change->status, GB_OUTCOME_APPLIED);
	assert_int_equal(change->failed_member_count, 1);
	assert_int_equal(change->failed_members[0], p.accounts[0]);
}

static void members_come_and_go_with_their_outcomes(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_change members = {.kind = GB_CHANGE_ADD_MEMBERS,
				    .object_no = p.object,
				    .members = p.accounts,
				    .member_count = 2};

	add(world, p.run_no, &p.change);
	add(world, p.run_no, &members);
	members.kind = GB_CHANGE_REMOVE_MEMBERS;
	members.member_count = 1;
	tell(world, take(world, p.run_no, GB_PHASE_CREATE), created);
	tell(world, take(world, p.run_no, GB_PHASE_MEMBERSHIP),
	     (struct gb_state_outcome){.status = GB_OUTCOME_APPLIED});
	assert_int_equal(observed(world, p.object), 2);
	add(world, p.run_no, &members);
	tell(world, take(world, p.run_no, GB_PHASE_MEMBERSHIP),
	     (struct gb_state_outcome){.status = GB_OUTCOME_APPLIED});
	assert_int_equal(observed(world, p.object), 1);
}

static void attributes_and_names_follow_their_outcomes(void **state)
{
	static const struct gb_change_value change_values[] = {{"DISPLAYNAME", "New", "Name"},
							       {"groupType", "8", "-2147483640"},
							       {"description", "What", NULL},
							       {"mail", "x@example.com", NULL}};
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_change attributes = {.kind = GB_CHANGE_ATTRIBUTES,
				       .object_no = p.object,
				       .values = change_values,
				       .value_count = GB_ARRAY_SIZE(change_values)};
	struct gb_change rename = {
		.kind = GB_CHANGE_RENAME, .object_no = p.object, .new_rdn = "CN=New"};
	struct gb_state_directory_object *row;

	add(world, p.run_no, &p.change);
	add(world, p.run_no, &attributes);
	add(world, p.run_no, &rename);
	tell(world, take(world, p.run_no, GB_PHASE_CREATE), created);
	tell(world, take(world, p.run_no, GB_PHASE_MEMBERSHIP),
	     (struct gb_state_outcome){.status = GB_OUTCOME_APPLIED});
	tell(world, take(world, p.run_no, GB_PHASE_RENAME),
	     (struct gb_state_outcome){.status = GB_OUTCOME_APPLIED,
				       .dn = "CN=New,OU=Groups,DC=example,DC=com",
				       .dn_key = "cn=new,ou=groups,dc=example,dc=com",
				       .cn = "New"});
	row = read_object(world, p.object);
	assert_string_equal(row->object.display_name, "New");
	assert_string_equal(row->object.description, "What");
	assert_int_equal(row->object.group_type, 8);
	assert_string_equal(row->object.cn, "New");
	assert_string_equal(row->object.dn, "CN=New,OU=Groups,DC=example,DC=com");
	assert_int_equal(row->object.guid.bytes[2], 3);
	assert_true(row->is_ours);
}

static void a_deleted_group_becomes_a_slot(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_change deletion = {.kind = GB_CHANGE_DELETE, .object_no = p.object};

	p.change.members = p.accounts;
	p.change.member_count = 2;
	add(world, p.run_no, &p.change);
	add(world, p.run_no, &deletion);
	tell(world, take(world, p.run_no, GB_PHASE_CREATE), created);
	tell(world, take(world, p.run_no, GB_PHASE_DELETE),
	     (struct gb_state_outcome){.status = GB_OUTCOME_APPLIED});
	assert_int_equal(read_object(world, p.object)->presence, GB_PRESENCE_SLOT);
	assert_int_equal(observed(world, p.object), 0);
}

static void what_failed_changes_nothing_and_says_why(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_err reason = {0};
	struct gb_state_change *change = NULL;
	struct gb_state_changes_iter *iter;

	gb_err_set(&reason, GB_E_ACCESS, "ldap-50", "No right to create here.");
	add(world, p.run_no, &p.change);
	tell(world, take(world, p.run_no, GB_PHASE_CREATE),
	     (struct gb_state_outcome){.status = GB_OUTCOME_FAILED, .err = &reason});
	assert_int_equal(read_object(world, p.object)->presence, GB_PRESENCE_SLOT);
	iter = gb_state_changes_begin(world, world->state, p.run_no, 0);
	OK(gb_state_changes_next(iter, world, &change, &err));
	gb_state_changes_end(iter);
	assert_int_equal(change->status, GB_OUTCOME_FAILED);
	assert_string_equal(change->err_id, "ldap-50");
	assert_string_equal(change->err_text, "No right to create here.");
	iter = gb_state_changes_begin(world, world->state, p.run_no, GB_PHASE_CREATE);
	OK(gb_state_changes_next(iter, world, &change, &err));
	assert_null(change);
	gb_state_changes_end(iter);
}

static size_t count_open(struct world *world)
{
	struct gb_state_changes_iter *iter = gb_state_open_changes_begin(world, world->state);
	struct gb_state_change *change = NULL;
	int64_t last = 0;
	size_t count = 0;

	for (;;) {
		OK(gb_state_changes_next(iter, world, &change, &err));
		if (!change) {
			break;
		}
		assert_true(change->change.object_no >= last);
		last = change->change.object_no;
		count++;
	}
	gb_state_changes_end(iter);
	return count;
}

static void open_and_unknown_changes_wait_to_be_settled(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_change rename = {.kind = GB_CHANGE_RENAME,
				   .object_no = slot(world, put_group(world, 2)),
				   .new_rdn = "CN=New"};
	struct gb_change members = {.kind = GB_CHANGE_ADD_MEMBERS,
				    .object_no = p.object,
				    .members = p.accounts,
				    .member_count = 2};

	add(world, p.run_no, &rename);
	add(world, p.run_no, &members);
	add(world, p.run_no, &p.change);
	assert_int_equal(count_open(world), 3);
	tell(world, take(world, p.run_no, GB_PHASE_CREATE), created);
	tell(world, take(world, p.run_no, GB_PHASE_MEMBERSHIP),
	     (struct gb_state_outcome){.status = GB_OUTCOME_UNKNOWN});
	assert_int_equal(observed(world, p.object), 0);
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	assert_int_equal(count_open(world), 2);
	OK(gb_state_run_end(world->state, p.run_no, 3, "one unknown", &err));
	/* What was never sent is skipped; the unknown one has still to be read again. */
	assert_int_equal(count_open(world), 1);
	OK(gb_state_open_changes_settle(world->state, &err));
	assert_int_equal(count_open(world), 0);
}

static void what_was_applied_in_full_is_clean(void **state)
{
	struct world *world = *state;
	int64_t groups[4];
	int64_t objects[4];
	int64_t run_no = begin_run(world);
	struct gb_state_changes_iter *iter;
	struct gb_state_change *change = NULL;
	int64_t account = put_account(world, 1);
	size_t cleared = 0;
	size_t left = 0;

	for (uint32_t i = 0; i < 4; i++) {
		struct gb_change attributes = {.kind = GB_CHANGE_ATTRIBUTES};
		struct gb_change members = {
			.kind = GB_CHANGE_ADD_MEMBERS, .members = &account, .member_count = 1};

		objects[i] = put_written(world, i + 1);
		groups[i] = put_group(world, i + 1);
		slot(world, groups[i]);
		attributes.object_no = objects[i];
		members.object_no = objects[i];
		add(world, run_no, &attributes);
		add(world, run_no, &members);
	}
	iter = gb_state_changes_begin(world, world->state, run_no, GB_PHASE_MEMBERSHIP);
	for (;;) {
		struct gb_state_outcome outcome = {.status = GB_OUTCOME_APPLIED};

		OK(gb_state_changes_next(iter, world, &change, &err));
		if (!change) {
			break;
		}
		if (change->change.object_no == objects[1] && change->change.member_count) {
			outcome.failed_members = &account;
			outcome.failed_member_count = 1;
		} else if (change->change.object_no == objects[2]) {
			outcome.status = GB_OUTCOME_FAILED;
		} else if (change->change.object_no == objects[3] && change->change.member_count) {
			continue;
		}
		tell(world, change, outcome);
	}
	gb_state_changes_end(iter);
	OK(gb_state_journal_clear_applied(world->state, run_no, &cleared, &left, &err));
	assert_int_equal(cleared, 1);
	assert_int_equal(left, 3);
	for (size_t i = 0; i < 4; i++) {
		assert_true((dirty_of(world, groups[i], objects[i]) == 0) == (i == 0));
	}
}

static void a_run_is_counted_and_remembered(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_state_run_counts counts;
	struct gb_state_run *run = NULL;

	gb_clock_set_test(5000, 100);
	p.change.members = p.accounts;
	p.change.member_count = 2;
	add(world, p.run_no, &p.change);
	p.change.kind = GB_CHANGE_DELETE;
	p.change.member_count = 0;
	add(world, p.run_no, &p.change);
	OK(gb_state_run_count(world->state, p.run_no, &counts, &err));
	assert_int_equal(counts.changes[GB_CHANGE_CREATE][GB_OUTCOME_OPEN], 1);
	assert_int_equal(counts.members[GB_CHANGE_CREATE][GB_OUTCOME_OPEN], 2);
	OK(gb_state_run_read(world, world->state, 0, &run, &err));
	assert_int_equal(run->no, p.run_no);
	assert_int_equal(run->ended_ms, 0);
	assert_int_equal(run->exit_code, -1);
	tell(world, take(world, p.run_no, GB_PHASE_CREATE), created);
	OK(gb_state_run_end(world->state, p.run_no, 3, "created 1", &err));
	OK(gb_state_run_read(world, world->state, p.run_no, &run, &err));
	assert_string_equal(run->policy, "delta");
	assert_string_equal(run->summary, "created 1");
	assert_int_equal(run->exit_code, 3);
	assert_int_equal(run->ended_ms, 5000);
	assert_int_equal(run->counts.changes[GB_CHANGE_CREATE][GB_OUTCOME_APPLIED], 1);
	assert_int_equal(run->counts.members[GB_CHANGE_CREATE][GB_OUTCOME_APPLIED], 2);
	assert_int_equal(run->counts.changes[GB_CHANGE_DELETE][GB_OUTCOME_SKIPPED], 1);
	OK(gb_state_run_read(world, world->state, 4711, &run, &err));
	assert_null(run);
	gb_clock_set_test(-1, -1);
}

static void old_runs_are_pruned_with_their_journal(void **state)
{
	struct world *world = *state;
	struct planned p = plan_create(world);
	struct gb_state_run_counts counts;
	struct gb_state_run *runs = NULL;
	int64_t unknown = 0;
	size_t count = 0;

	OK(gb_state_run_end(world->state, p.run_no, 0, NULL, &err));
	for (int i = 0; i < 5; i++) {
		int64_t run_no = begin_run(world);

		add(world, run_no, &p.change);
		if (i == 1) {
			unknown = run_no;
			tell(world, take(world, run_no, GB_PHASE_CREATE),
			     (struct gb_state_outcome){.status = GB_OUTCOME_UNKNOWN});
		}
		OK(gb_state_run_end(world->state, run_no, i, NULL, &err));
	}
	OK(gb_state_run_prune(world->state, 2, &err));
	OK(gb_state_run_list(world, world->state, 10, &runs, &count, &err));
	assert_int_equal(count, 6);
	assert_int_equal(runs[0].exit_code, 4);
	for (size_t i = 0; i < count; i++) {
		size_t changes = 0;

		OK(gb_state_run_count(world->state, runs[i].no, &counts, &err));
		for (int status = 0; status < GB_RUN_STATUSES; status++) {
			changes += counts.changes[GB_CHANGE_CREATE][status];
		}
		/* What nobody knows the fate of stays until it is read again. */
		assert_int_equal(changes, i < 2 || runs[i].no == unknown);
		assert_int_equal(runs[i].counts.changes[GB_CHANGE_CREATE][GB_OUTCOME_SKIPPED],
				 runs[i].no != p.run_no && runs[i].no != unknown);
	}
	OK(gb_state_run_list(world, world->state, 3, &runs, &count, &err));
	assert_int_equal(count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_numbers_survive_packing),
		IN_WORLD(an_intent_comes_back_as_it_was_planned),
		IN_WORLD(phases_come_apart_and_in_order),
		IN_WORLD(a_created_group_fills_its_slot),
		IN_WORLD(refused_members_are_not_taken_for_members),
		IN_WORLD(members_come_and_go_with_their_outcomes),
		IN_WORLD(attributes_and_names_follow_their_outcomes),
		IN_WORLD(a_deleted_group_becomes_a_slot),
		IN_WORLD(what_failed_changes_nothing_and_says_why),
		IN_WORLD(open_and_unknown_changes_wait_to_be_settled),
		IN_WORLD(what_was_applied_in_full_is_clean),
		IN_WORLD(a_run_is_counted_and_remembered),
		IN_WORLD(old_runs_are_pruned_with_their_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
