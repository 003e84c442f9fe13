/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Properties of engine/state. A small tenant and a small directory live in plain arrays; random
 * events change them and are told to a state as deltas are. Then:
 *  - what the dirty streams say differs is exactly what the whole streams say differs;
 *  - a state that reads everything anew says the same as the one that followed the deltas;
 *  - once every difference is applied, nothing is dirty and nothing differs.
 */
#include "config.h"

#include "tests/unit/state/world.h"

#define GROUPS   6
#define PEOPLE   12
#define ACCOUNTS 12
#define KEYS     8 /* values that SIDs, anchors and DNs are drawn from, few enough to collide */
#define STUBS    2
#define OBJECTS  (ACCOUNTS + GROUPS + STUBS)

/** A cloud person; key 0: none. */
struct person {
	bool lives;
	bool readable;
	uint32_t sid;
	uint32_t anchor;
	uint32_t dn;
};

/** An account; key 0: none. DNs are unique, as in any directory. */
struct account {
	bool exists;
	uint32_t sid;
	uint32_t consistency;
	uint32_t dn;
};

/** Both sides as they really are. Members of groups: people, then groups. */
struct truth {
	struct person people[PEOPLE];
	struct account accounts[ACCOUNTS];
	unsigned names[GROUPS];
	bool listed[GROUPS][PEOPLE + GROUPS];
	bool written[GROUPS]; /* the group's object exists */
	unsigned written_names[GROUPS];
	bool observed[GROUPS][OBJECTS]; /* accounts, then written groups, then stubs */
	unsigned incarnations[GROUPS];  /* a group that is made anew has another GUID */
};

/** A state and the numbers it has given. */
struct follower {
	struct world world;
	int64_t people[PEOPLE];
	int64_t groups[GROUPS];
	int64_t accounts[ACCOUNTS];
	int64_t objects[GROUPS];
	int64_t stubs[STUBS];
};

static struct gb_cloud_member member_of(const void *ctx, const struct truth *truth, uint32_t i,
					char **ret_dn_key)
{
	const struct person *person = &truth->people[i];
	struct gb_cloud_member member = {.id = guid_of('c', i),
					 .type = GB_CLOUD_USER,
					 .readable = person->readable,
					 .on_premises_sync_enabled = GB_YES,
					 .display_name = "Somebody"};

	if (person->sid) {
		member.sid = sid_of(person->sid);
	}
	if (person->anchor) {
		member.immutable_id = guid_of('k', person->anchor);
	}
	*ret_dn_key = NULL;
	if (person->dn) {
		member.on_premises_dn = gb_printf(ctx, "CN=Place %u", person->dn);
		*ret_dn_key = gb_printf(ctx, "cn=place %u", person->dn);
	}
	return member;
}

static void tell_person(struct follower *f, const struct truth *truth, uint32_t i)
{
	void *tmp = gb_new_tmp(NULL);
	char *dn_key;
	struct gb_cloud_member member = member_of(tmp, truth, i, &dn_key);

	if (truth->people[i].lives) {
		OK(gb_state_cloud_put_member(f->world.state, &member, dn_key, &f->people[i], NULL,
					     &err));
	} else {
		OK(gb_state_cloud_remove(f->world.state, &member.id, GB_REMOVED_CHANGED, NULL,
					 &err));
	}
	talloc_free(tmp);
}

static void tell_group(struct follower *f, const struct truth *truth, uint32_t i)
{
	char name[32];
	struct gb_cloud_group group = group_of(i);

	snprintf(name, sizeof(name), "Name %u", truth->names[i]);
	group.display_name = name;
	OK(gb_state_cloud_put_group(f->world.state, &group, true, &f->groups[i], NULL, &err));
}

static void tell_account(struct follower *f, const struct truth *truth, uint32_t i)
{
	const struct account *account = &truth->accounts[i];
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_object object = {.guid = guid_of('a', i + 1),
					     .object_class = GB_CLASS_USER};

	if (account->sid) {
		object.sid = sid_of(account->sid);
	}
	if (account->consistency) {
		object.consistency_guid = guid_of('k', account->consistency);
	}
	object.dn = gb_printf(tmp, "CN=Place %u", account->dn);
	object.dn_key = gb_printf(tmp, "cn=place %u", account->dn);
	if (account->exists) {
		OK(gb_state_directory_put(f->world.state, &object, &f->accounts[i], NULL, &err));
	} else if (f->accounts[i]) {
		OK(gb_state_directory_remove(f->world.state, f->accounts[i], &err));
		f->accounts[i] = 0;
	}
	talloc_free(tmp);
}

static struct gb_directory_object object_of(const void *ctx, const struct truth *truth, uint32_t i)
{
	struct gb_directory_object object = written_of(ctx, i);

	object.guid = guid_of((char)('w' + truth->incarnations[i]), i);
	object.display_name = gb_printf(ctx, "Name %u", truth->written_names[i]);
	return object;
}

static void tell_written(struct follower *f, const struct truth *truth, uint32_t i)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_object object = object_of(tmp, truth, i);

	if (truth->written[i]) {
		OK(gb_state_directory_put(f->world.state, &object, &f->objects[i], NULL, &err));
	} else if (f->objects[i]) {
		OK(gb_state_directory_remove(f->world.state, f->objects[i], &err));
	}
	talloc_free(tmp);
}

static int64_t member_no(const struct follower *f, size_t member)
{
	return member < PEOPLE ? f->people[member] : f->groups[member - PEOPLE];
}

static int64_t object_no(const struct follower *f, size_t object)
{
	return object < ACCOUNTS            ? f->accounts[object]
	       : object < ACCOUNTS + GROUPS ? f->objects[object - ACCOUNTS]
					    : f->stubs[object - ACCOUNTS - GROUPS];
}

static bool is_object_there(const struct truth *truth, size_t object)
{
	return object < ACCOUNTS            ? truth->accounts[object].exists
	       : object < ACCOUNTS + GROUPS ? truth->written[object - ACCOUNTS]
					    : true;
}

static void tell_listed(struct follower *f, const struct truth *truth, size_t i)
{
	struct gb_state_member_set *set =
		gb_state_cloud_members_begin(NULL, f->world.state, f->groups[i]);

	for (size_t member = 0; member < PEOPLE + GROUPS; member++) {
		if (truth->listed[i][member]) {
			OK(gb_state_member_set_add(set, member_no(f, member), &err));
		}
	}
	OK(gb_state_member_set_finish(set, NULL, NULL, &err));
}

static void tell_observed(struct follower *f, const struct truth *truth, size_t i)
{
	struct gb_state_member_set *set;

	if (!truth->written[i]) {
		return;
	}
	set = gb_state_directory_members_begin(NULL, f->world.state, f->objects[i]);
	for (size_t object = 0; object < OBJECTS; object++) {
		if (truth->observed[i][object]) {
			OK(gb_state_member_set_add(set, object_no(f, object), &err));
		}
	}
	OK(gb_state_member_set_finish(set, NULL, NULL, &err));
}

/* The matching of a caller: SID, then anchor, then DN; several candidates are none. */
static int64_t find_account(struct world *world, const struct gb_state_cloud_member *row)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count = 0;

	if (row->life != GB_LIFE_LIVE || !row->member.readable) {
		return 0;
	}
	if (!gb_sid_is_none(&row->member.sid)) {
		OK(gb_state_directory_find(world->state, GB_STATE_KEY_SID, &row->member.sid, nos,
					   &count, &err));
	}
	if (count == 0 && !gb_guid_is_none(&row->member.immutable_id)) {
		OK(gb_state_directory_find(world->state, GB_STATE_KEY_CONSISTENCY_GUID,
					   &row->member.immutable_id, nos, &count, &err));
	}
	if (count == 0 && row->on_premises_dn_key) {
		OK(gb_state_directory_find(world->state, GB_STATE_KEY_DN, row->on_premises_dn_key,
					   nos, &count, &err));
	}
	return count == 1 ? nos[0] : 0;
}

static void match_everybody_due(struct follower *f)
{
	struct gb_state_match_iter *iter = gb_state_match_begin(NULL, f->world.state, false);
	const struct gb_state_cloud_member *row = NULL;

	for (;;) {
		OK(gb_state_match_next(iter, &row, &err));
		if (!row) {
			break;
		}
		if (row->member.type == GB_CLOUD_GROUP) {
			slot(&f->world, row->no);
		} else {
			int64_t account = find_account(&f->world, row);

			match(&f->world, row->no, account, account ? CODE_SID : CODE_NOT_FOUND);
		}
	}
	gb_state_match_end(iter);
	for (size_t i = 0; i < GROUPS; i++) {
		f->objects[i] = slot(&f->world, f->groups[i]);
	}
}

static void follow_all(struct follower *f, const struct truth *truth)
{
	for (uint32_t i = 0; i < ACCOUNTS; i++) {
		tell_account(f, truth, i);
	}
	for (uint32_t i = 0; i < STUBS; i++) {
		struct gb_state_ref ref = {.guid = guid_of('s', i + 1)};

		OK(gb_state_directory_put_stub(f->world.state, &ref, NULL, &f->stubs[i], &err));
	}
	for (uint32_t i = 0; i < GROUPS; i++) {
		tell_group(f, truth, i);
		tell_written(f, truth, i);
		f->objects[i] = slot(&f->world, f->groups[i]);
	}
	for (uint32_t i = 0; i < PEOPLE; i++) {
		tell_person(f, truth, i);
	}
	for (uint32_t i = 0; i < GROUPS; i++) {
		tell_listed(f, truth, i);
		tell_observed(f, truth, i);
	}
	match_everybody_due(f);
}

/* A stream as one bit an object. */
static uint32_t read_bits(struct follower *f, const struct gb_state_group *group, bool desired,
			  enum gb_state_members which)
{
	struct gb_state_members_iter *iter = NULL;
	struct gb_state_member buffer[OBJECTS];
	size_t count = 0;
	uint32_t bits = 0;

	if (desired) {
		OK(gb_state_desired_begin(NULL, f->world.state, group, which, &iter, &err));
	} else {
		OK(gb_state_observed_begin(NULL, f->world.state, group, which, &iter, &err));
	}
	OK(gb_state_members_read(iter, buffer, OBJECTS, &count, &err));
	gb_state_members_end(iter);
	for (size_t i = 0; i < count; i++) {
		size_t object = 0;

		while (object < OBJECTS && object_no(f, object) != buffer[i].object_no) {
			object++;
		}
		assert_true(object < OBJECTS);
		assert_int_equal(buffer[i].presence == GB_PRESENCE_STUB,
				 object >= ACCOUNTS + GROUPS);
		assert_true(i == 0 || buffer[i - 1].object_no < buffer[i].object_no);
		bits |= 1u << object;
	}
	return bits;
}

/* Where the two sides of a group differ. */
static uint32_t difference(struct follower *f, const struct gb_state_group *group,
			   enum gb_state_members which)
{
	return read_bits(f, group, true, which) ^ read_bits(f, group, false, which);
}

static const uint32_t stub_bits = ((1u << STUBS) - 1) << (ACCOUNTS + GROUPS);

static void plan_group(struct follower *f, int64_t run_no, const struct gb_state_group *group)
{
	uint32_t desired = read_bits(f, group, true, GB_MEMBERS_DIRTY);
	uint32_t observed = read_bits(f, group, false, GB_MEMBERS_DIRTY) & ~stub_bits;
	const struct gb_change_value name = {"displayName", group->cloud->group.display_name, NULL};
	struct gb_change change = {.object_no = group->object_no,
				   .values = &name,
				   .value_count = 1,
				   .kind = GB_CHANGE_ATTRIBUTES};
	int64_t members[OBJECTS];

	if (group->directory->presence == GB_PRESENCE_SLOT) {
		change.kind = GB_CHANGE_CREATE;
	}
	OK(gb_state_journal_add(f->world.state, run_no, &change, NULL, &err));
	change.value_count = 0;
	change.members = members;
	for (int add = 0; add < 2; add++) {
		uint32_t bits = add ? desired & ~observed : observed & ~desired;

		change.kind = add ? GB_CHANGE_ADD_MEMBERS : GB_CHANGE_REMOVE_MEMBERS;
		change.member_count = 0;
		for (size_t object = 0; object < OBJECTS; object++) {
			if (bits & 1u << object) {
				members[change.member_count++] = object_no(f, object);
			}
		}
		if (change.member_count) {
			OK(gb_state_journal_add(f->world.state, run_no, &change, NULL, &err));
		}
	}
}

static size_t index_of(const int64_t *nos, size_t count, int64_t no)
{
	size_t i = 0;

	while (i < count && nos[i] != no) {
		i++;
	}
	assert_true(i < count);
	return i;
}

/* Carry a change out: first for real, then as an outcome. */
static void carry_out(struct follower *f, struct truth *truth, struct gb_state_change *row)
{
	size_t group = index_of(f->objects, GROUPS, row->change.object_no);
	struct gb_state_outcome outcome = {.status = GB_OUTCOME_APPLIED};
	struct gb_directory_object object;

	if (row->change.value_count) {
		sscanf(row->change.values[0].value, "Name %u", &truth->written_names[group]);
	}
	if (row->change.kind == GB_CHANGE_CREATE) {
		truth->written[group] = true;
		truth->incarnations[group] ^= 1;
		object = object_of(row, truth, (uint32_t)group);
		outcome.guid = object.guid;
		outcome.sid = object.sid;
		outcome.dn = object.dn;
		outcome.dn_key = object.dn_key;
		outcome.cn = object.cn;
	}
	for (size_t i = 0; i < row->change.member_count; i++) {
		size_t member = 0;

		while (object_no(f, member) != row->change.members[i]) {
			member++;
		}
		truth->observed[group][member] = row->change.kind == GB_CHANGE_ADD_MEMBERS;
	}
	OK(gb_state_journal_outcome(f->world.state, row, &outcome, &err));
}

static void apply_plan(struct follower *f, struct truth *truth, int64_t run_no)
{
	struct gb_state_change *row = NULL;

	for (int phase = GB_PHASE_CREATE; phase < GB_PHASE_END; phase++) {
		struct gb_state_changes_iter *iter =
			gb_state_changes_begin(NULL, f->world.state, run_no, phase);

		for (;;) {
			OK(gb_state_changes_next(iter, NULL, &row, &err));
			if (!row) {
				break;
			}
			carry_out(f, truth, row);
			talloc_free(row);
		}
		gb_state_changes_end(iter);
	}
}

/* Everything that differs is dirty, and the dirty streams find all of it. */
static void dirt_is_where_the_difference_is(struct follower *f)
{
	struct gb_state_groups_iter *iter =
		gb_state_groups_begin(NULL, f->world.state, GB_GROUPS_ALL);
	const struct gb_state_group *group = NULL;
	size_t count = 0;

	for (;;) {
		OK(gb_state_groups_next(iter, &group, &err));
		if (!group) {
			break;
		}
		assert_non_null(group->cloud);
		assert_non_null(group->directory);
		assert_int_equal(difference(f, group, GB_MEMBERS_ALL) & ~stub_bits,
				 difference(f, group, GB_MEMBERS_DIRTY) & ~stub_bits);
		if (group->directory->presence == GB_PRESENCE_SLOT ||
		    strcmp(group->cloud->group.display_name,
			   group->directory->object.display_name) != 0) {
			assert_true(group->dirty & GB_DIRTY_ATTRIBUTES);
		}
		count++;
	}
	gb_state_groups_end(iter);
	assert_int_equal(count, GROUPS);
}

static void synchronise(struct follower *f, struct truth *truth)
{
	struct gb_state_groups_iter *iter;
	const struct gb_state_group *group = NULL;
	int64_t run_no = 0;

	OK(gb_state_run_begin(f->world.state, "delta", &run_no, &err));
	iter = gb_state_groups_begin(NULL, f->world.state, GB_GROUPS_DIRTY);
	for (;;) {
		OK(gb_state_groups_next(iter, &group, &err));
		if (!group) {
			break;
		}
		plan_group(f, run_no, group);
	}
	gb_state_groups_end(iter);
	apply_plan(f, truth, run_no);
	OK(gb_state_journal_clear_applied(f->world.state, run_no, NULL, NULL, &err));
	OK(gb_state_run_end(f->world.state, run_no, 0, NULL, &err));
	OK(gb_state_run_prune(f->world.state, 1, &err));
}

static void nothing_is_left_to_do(struct follower *f)
{
	struct gb_state_group *group = NULL;
	size_t dirty = 99;
	size_t due = 99;

	OK(gb_state_backlog(f->world.state, &dirty, &due, &err));
	assert_int_equal(dirty, 0);
	assert_int_equal(due, 0);
	for (size_t i = 0; i < GROUPS; i++) {
		OK(gb_state_group_read(NULL, f->world.state, f->groups[i], 0, &group, &err));
		assert_int_equal(difference(f, group, GB_MEMBERS_ALL) & ~stub_bits, 0);
		talloc_free(group);
	}
}

static size_t sum_unmatched(const struct gb_state_group *group)
{
	size_t sum = 0;

	for (size_t i = 0; i < group->unmatched_count; i++) {
		sum += group->unmatched[i].count;
	}
	return sum;
}

static void agree(struct follower *a, struct follower *b)
{
	for (size_t i = 0; i < GROUPS; i++) {
		struct gb_state_group *left = NULL;
		struct gb_state_group *right = NULL;

		OK(gb_state_group_read(a->world.state, a->world.state, a->groups[i], 0, &left,
				       &err));
		OK(gb_state_group_read(a->world.state, b->world.state, b->groups[i], 0, &right,
				       &err));
		assert_int_equal(read_bits(a, left, true, GB_MEMBERS_ALL),
				 read_bits(b, right, true, GB_MEMBERS_ALL));
		assert_int_equal(read_bits(a, left, false, GB_MEMBERS_ALL),
				 read_bits(b, right, false, GB_MEMBERS_ALL));
		assert_string_equal(left->cloud->group.display_name,
				    right->cloud->group.display_name);
		assert_int_equal(left->directory->presence, right->directory->presence);
		assert_int_equal(left->listed, right->listed);
		assert_int_equal(left->observed, right->observed);
		assert_int_equal(sum_unmatched(left), sum_unmatched(right));
		talloc_free(left);
		talloc_free(right);
	}
}

/* Somebody who is deleted is listed nowhere any more. */
static void leave_groups(struct follower *f, struct truth *truth, size_t member)
{
	for (size_t i = 0; i < GROUPS; i++) {
		if (truth->listed[i][member]) {
			truth->listed[i][member] = false;
			OK(gb_state_cloud_unlink(f->world.state, f->groups[i], member_no(f, member),
						 NULL, &err));
		}
	}
}

static void happen_to_person(struct follower *f, struct truth *truth, struct unit_chance *chance)
{
	uint32_t i = (uint32_t)unit_below(chance, PEOPLE);
	struct person *person = &truth->people[i];

	switch (unit_below(chance, 5)) {
	case 0:
		person->lives = !person->lives;
		break;
	case 1:
		person->sid = (uint32_t)unit_below(chance, KEYS);
		break;
	case 2:
		person->anchor = (uint32_t)unit_below(chance, KEYS);
		break;
	case 3:
		person->dn = (uint32_t)unit_below(chance, ACCOUNTS + 4);
		break;
	default:
		/* A record that cannot be read leaves the keys as they were. */
		person->readable = true;
		break;
	}
	if (person->lives) {
		person->readable = true;
	} else {
		leave_groups(f, truth, i);
	}
	tell_person(f, truth, i);
}

static void happen_to_account(struct follower *f, struct truth *truth, struct unit_chance *chance)
{
	uint32_t i = (uint32_t)unit_below(chance, ACCOUNTS);
	struct account *account = &truth->accounts[i];
	uint32_t dn = (uint32_t)unit_below(chance, ACCOUNTS + 4) + 1;

	switch (unit_below(chance, 4)) {
	case 0:
		account->exists = !account->exists;
		for (size_t group = 0; group < GROUPS; group++) {
			truth->observed[group][i] = false;
		}
		break;
	case 1:
		account->sid = (uint32_t)unit_below(chance, KEYS);
		break;
	case 2:
		account->consistency = (uint32_t)unit_below(chance, KEYS);
		break;
	default:
		for (size_t other = 0; other < ACCOUNTS; other++) {
			dn = truth->accounts[other].dn == dn ? account->dn : dn;
		}
		account->dn = dn;
		break;
	}
	tell_account(f, truth, i);
}

static void happen_to_listed(struct follower *f, struct truth *truth, struct unit_chance *chance)
{
	size_t i = unit_below(chance, GROUPS);
	size_t member = unit_below(chance, PEOPLE + GROUPS);
	bool *listed = &truth->listed[i][member];

	if (member < PEOPLE && !truth->people[member].lives) {
		return;
	}
	*listed = !*listed;
	if (unit_below(chance, 3) == 0) {
		tell_listed(f, truth, i);
	} else if (*listed) {
		link_cloud(&f->world, f->groups[i], member_no(f, member));
	} else {
		OK(gb_state_cloud_unlink(f->world.state, f->groups[i], member_no(f, member), NULL,
					 &err));
	}
}

static void happen_to_observed(struct follower *f, struct truth *truth, struct unit_chance *chance)
{
	size_t i = unit_below(chance, GROUPS);
	size_t object = unit_below(chance, OBJECTS);
	bool *observed = &truth->observed[i][object];

	if (!truth->written[i] || !is_object_there(truth, object)) {
		return;
	}
	*observed = !*observed;
	if (unit_below(chance, 3) == 0) {
		tell_observed(f, truth, i);
	} else if (*observed) {
		link_directory(&f->world, f->objects[i], object_no(f, object));
	} else {
		OK(gb_state_directory_unlink(f->world.state, f->objects[i], object_no(f, object),
					     NULL, &err));
	}
}

static void happen_to_group(struct follower *f, struct truth *truth, struct unit_chance *chance)
{
	uint32_t i = (uint32_t)unit_below(chance, GROUPS);

	switch (unit_below(chance, 4)) {
	case 0:
		truth->written[i] = false;
		memset(truth->observed[i], 0, sizeof(truth->observed[i]));
		for (size_t group = 0; group < GROUPS; group++) {
			truth->observed[group][ACCOUNTS + i] = false;
		}
		tell_written(f, truth, i);
		break;
	case 1:
		truth->written_names[i] += truth->written[i];
		tell_written(f, truth, i);
		break;
	default:
		truth->names[i]++;
		tell_group(f, truth, i);
		break;
	}
}

static void happen(struct follower *f, struct truth *truth, struct unit_chance *chance)
{
	switch (unit_below(chance, 8)) {
	case 0:
	case 1:
		happen_to_person(f, truth, chance);
		break;
	case 2:
	case 3:
		happen_to_account(f, truth, chance);
		break;
	case 4:
	case 5:
		happen_to_listed(f, truth, chance);
		break;
	case 6:
		happen_to_observed(f, truth, chance);
		break;
	default:
		happen_to_group(f, truth, chance);
		break;
	}
}

static struct truth *first_truth(const void *ctx, struct unit_chance *chance)
{
	struct truth *truth = gb_new(ctx, struct truth);

	for (uint32_t i = 0; i < PEOPLE; i++) {
		truth->people[i] = (struct person){true, true, i % KEYS, 0, 0};
	}
	for (uint32_t i = 0; i < ACCOUNTS; i++) {
		truth->accounts[i] = (struct account){true, i % KEYS, 0, i + 1};
	}
	for (size_t i = 0; i < GROUPS; i++) {
		truth->written[i] = i % 2 == 0;
		for (size_t member = 0; member < PEOPLE + GROUPS; member++) {
			truth->listed[i][member] = unit_below(chance, 3) == 0;
		}
	}
	return truth;
}

static void open_follower(struct follower *f, const struct world *world, const char *name)
{
	f->world.path = gb_printf(f, "%s/%s.db", world->folder, name);
	OK(gb_state_open(f, f->world.path, GB_STATE_READ_WRITE, &f->world.state, &err));
}

/* A fresh state that reads everything. Never committed, so it costs no disk. */
static void read_anew(const struct world *world, struct follower *f, const struct truth *truth)
{
	struct follower *fresh = gb_new(NULL, struct follower);

	open_follower(fresh, world, "fresh");
	follow_all(fresh, truth);
	agree(f, fresh);
	OK(gb_state_close(fresh->world.state, &err));
	talloc_free(fresh);
}

static void a_life_in_deltas(struct world *world, uint64_t seed, int rounds)
{
	struct unit_chance chance = {seed};
	struct truth *truth = first_truth(world, &chance);
	struct follower *f = gb_new(world, struct follower);

	open_follower(f, world, "follower");
	follow_all(f, truth);
	for (int round = 0; round < rounds; round++) {
		size_t events = unit_below(&chance, 6);

		synchronise(f, truth);
		nothing_is_left_to_do(f);
		for (size_t i = 0; i <= events; i++) {
			happen(f, truth, &chance);
		}
		match_everybody_due(f);
		dirt_is_where_the_difference_is(f);
		if (round % 8 == 0) {
			read_anew(world, f, truth);
		}
	}
	OK(gb_state_close(f->world.state, &err));
	assert_int_equal(unlink(f->world.path), 0);
}

static void following_deltas_is_as_good_as_reading_anew(void **state)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		a_life_in_deltas(*state, seed * 7919, 25);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(following_deltas_is_as_good_as_reading_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
