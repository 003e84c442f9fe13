/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: packed lists, and what SQL sees of them. */
#include "config.h"

#include "engine/state/links.h"
#include "engine/state/list.h"
#include "engine/state/state_private.h"
#include "tests/unit/state/world.h"

#define OWNERS  4
#define NUMBERS 3000

/* What the lists should hold, as plain arrays; the first owner and the first number are 1. */
struct plain {
	bool has[OWNERS + 1][NUMBERS + 1];
};

static int64_t count_sql(struct world *world, const char *sql)
{
	int64_t count = -1;

	OK(gb_db_read_int(&world->state->db, sql, GB_DB_NO_VALUES, -1, &count, &err));
	return count;
}

/* Asked for everything, by group, by member and for one link, SQL says what the array says. */
static void compare(struct world *world, const struct plain *plain)
{
	struct gb_db *db = &world->state->db;
	struct gb_db_query query;
	bool has_row = true;

	OK(gb_db_query(db, "SELECT group_no, member_no FROM directory_link", GB_DB_NO_VALUES,
		       &query, &err));
	for (int64_t owner = 1; owner <= OWNERS; owner++) {
		for (int64_t number = 1; number <= NUMBERS; number++) {
			if (!plain->has[owner][number]) {
				continue;
			}
			OK(gb_db_next(&query, &has_row, &err));
			assert_true(has_row);
			assert_int_equal(gb_db_int(&query, 0), owner);
			assert_int_equal(gb_db_int(&query, 1), number);
		}
	}
	OK(gb_db_next(&query, &has_row, &err));
	assert_false(has_row);
	gb_db_query_end(&query);
}

static void compare_links_of(struct world *world, const struct plain *plain, int64_t member)
{
	struct gb_db *db = &world->state->db;

	for (int64_t owner = 1; owner <= OWNERS; owner++) {
		int64_t found = -1;

		OK(gb_db_read_int(db,
				  "SELECT count(*) FROM directory_link WHERE group_no = ?"
				  " AND member_no = ?",
				  GB_DB_VALUES(GB_DB_INT(owner), GB_DB_INT(member)), -1, &found,
				  &err));
		assert_int_equal(found, plain->has[owner][member]);
		OK(gb_db_read_int(db,
				  "SELECT count(*) FROM directory_link WHERE member_no = ?2"
				  " AND group_no + 0 = ?1",
				  GB_DB_VALUES(GB_DB_INT(owner), GB_DB_INT(member)), -1, &found,
				  &err));
		assert_int_equal(found, plain->has[owner][member]);
	}
}

/* Some numbers beside each other, or scattered, of one list. */
static void change(struct world *world, struct plain *plain, struct unit_chance *chance)
{
	int64_t numbers[1200];
	int64_t owner = 1 + (int64_t)unit_below(chance, OWNERS);
	size_t count = unit_below(chance, unit_below(chance, 4) == 0 ? 1200 : 4) + 1;
	size_t at = 1 + unit_below(chance, NUMBERS);
	size_t step = 1 + unit_below(chance, 3) * 7;
	bool present = unit_below(chance, 5) < 3;
	int64_t changed = -1;
	int64_t expected = 0;

	for (size_t i = 0; i < count; i++) {
		numbers[i] = (int64_t)(1 + (at + i * step) % NUMBERS);
		expected += plain->has[owner][numbers[i]] != present;
		plain->has[owner][numbers[i]] = present;
	}
	OK(gb_links_change(world->state, GB_SIDE_DIRECTORY, owner, numbers, count, present,
			   &changed, &err));
	assert_int_equal(changed, expected);
}

static void lists_hold_what_was_put_into_them(struct world *world)
{
	struct plain *plain = gb_new(world, struct plain);
	struct unit_chance chance = {20261127};

	for (int step = 1; step <= 400; step++) {
		change(world, plain, &chance);
		if (step % 20 == 0) {
			compare(world, plain);
			compare_links_of(world, plain, 1 + (int64_t)unit_below(&chance, NUMBERS));
		}
	}
	OK(gb_links_drop(world->state, GB_SIDE_DIRECTORY, 2, &err));
	memset(plain->has[2], 0, sizeof(plain->has[2]));
	compare(world, plain);
	compare_links_of(world, plain, 1 + (int64_t)unit_below(&chance, NUMBERS));
	assert_int_equal(world->state->sizes.directory_links,
			 count_sql(world, "SELECT count(*) FROM directory_link"));
}

static void lists_by_group_hold_what_was_put_into_them(void **state)
{
	lists_hold_what_was_put_into_them(*state);
}

static void lists_by_member_follow(void **state)
{
	struct world *world = *state;

	OK(gb_links_need_member_index(world->state, GB_SIDE_DIRECTORY, &err));
	lists_hold_what_was_put_into_them(world);
	assert_int_equal(count_sql(world, "SELECT count(*) FROM directory_link l WHERE NOT EXISTS"
					  " (SELECT 1 FROM directory_link m"
					  " WHERE m.member_no = l.member_no"
					  " AND m.group_no + 0 = l.group_no)"),
			 0);
}

/* The same question, before and after the lists by member are made of what is stored. */
static void lists_by_member_are_made_of_what_is_stored(void **state)
{
	static const char sql[] = "SELECT sum(group_no) FROM directory_link WHERE member_no = 77";
	struct world *world = *state;
	struct plain *plain = gb_new(world, struct plain);
	struct unit_chance chance = {5};
	int64_t before;

	for (int step = 0; step < 100; step++) {
		change(world, plain, &chance);
	}
	before = count_sql(world, sql);
	OK(gb_links_need_member_index(world->state, GB_SIDE_DIRECTORY, &err));
	assert_int_equal(count_sql(world, sql), before);
	for (int64_t member = 1; member <= NUMBERS; member += 97) {
		compare_links_of(world, plain, member);
	}
}

/* Two bytes a link, with what is around them: that is what the lists are for. */
static void a_link_takes_some_two_bytes(void **state)
{
	struct world *world = *state;
	int64_t numbers[200];
	int64_t bytes;

	for (int64_t owner = 1; owner <= 100; owner++) {
		for (int64_t i = 0; i < 200; i++) {
			numbers[i] = 1 + owner + i * 251;
		}
		OK(gb_links_change(world->state, GB_SIDE_CLOUD, owner, numbers, 200, true, NULL,
				   &err));
	}
	bytes = count_sql(world, "SELECT sum(length(numbers) + 12) FROM cloud_link_by_group");
	assert_in_range(bytes, 1, 100 * 200 * 9 / 4);
}

/* A million links are asked for one: one row is read. */
static void one_link_is_found_in_one_row(void **state)
{
	struct world *world = *state;
	int64_t numbers[1000];
	uint64_t before;

	for (int64_t part = 0; part < 20; part++) {
		for (int64_t i = 0; i < 1000; i++) {
			numbers[i] = 1 + part * 1000 + i;
		}
		OK(gb_links_change(world->state, GB_SIDE_CLOUD, 1, numbers, 1000, true, NULL,
				   &err));
	}
	before = world->state->db.begun;
	assert_int_equal(count_sql(world, "SELECT count(*) FROM cloud_link WHERE group_no = 1"
					  " AND member_no = 12345"),
			 1);
	assert_int_equal(world->state->db.begun - before, 2);
}

static void meddle(struct world *world, const char *sql)
{
	OK(gb_db_execute(&world->state->db, sql, &err));
}

static void is_damage(struct world *world)
{
	struct gb_db_query query;
	bool has_row;

	OK(gb_db_query(&world->state->db, "SELECT member_no FROM cloud_link", GB_DB_NO_VALUES,
		       &query, &err));
	REFUSED(gb_db_next(&query, &has_row, &err), GB_E_STATE, "state-corrupt");
	gb_db_query_end(&query);
	gb_state_rollback(world->state);
}

/* A byte that is another one would be other members of the group: none of them gets through. */
static void no_changed_byte_is_other_members(void **state)
{
	struct world *world = *state;
	int64_t numbers[40];
	int64_t length;

	for (int64_t i = 0; i < 40; i++) {
		numbers[i] = 1000 + 300 * i;
	}
	OK(gb_links_change(world->state, GB_SIDE_CLOUD, 5, numbers, 40, true, NULL, &err));
	OK(gb_state_commit(world->state, &err));
	length = count_sql(world, "SELECT length(numbers) FROM cloud_link_by_group");
	for (int64_t at = 1; at <= length; at++) {
		meddle(world, "CREATE TEMP TABLE kept AS SELECT * FROM cloud_link_by_group");
		meddle(world, gb_printf(world,
					"UPDATE cloud_link_by_group SET numbers = CAST("
					"substr(numbers, 1, %lld - 1) ||"
					" CASE substr(numbers, %lld, 1) WHEN x'01' THEN x'02'"
					" ELSE x'01' END || substr(numbers, %lld + 1) AS BLOB)",
					(long long)at, (long long)at, (long long)at));
		is_damage(world);
		meddle(world, "REPLACE INTO cloud_link_by_group SELECT * FROM temp.kept;"
			      "DROP TABLE temp.kept");
	}
	assert_int_equal(count_sql(world, "SELECT count(*) FROM cloud_link"), 40);
}

/* … nor does a row in another place. */
static void a_list_of_another_group_is_damage(void **state)
{
	struct world *world = *state;
	int64_t number = 7;

	OK(gb_links_change(world->state, GB_SIDE_CLOUD, 5, &number, 1, true, NULL, &err));
	OK(gb_state_commit(world->state, &err));
	meddle(world, "UPDATE cloud_link_by_group SET place = 6 << 32");
	is_damage(world);
	meddle(world, "UPDATE cloud_link_by_group SET numbers = x'', place = 5 << 32");
	is_damage(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(lists_by_group_hold_what_was_put_into_them),
		IN_WORLD(lists_by_member_follow),
		IN_WORLD(lists_by_member_are_made_of_what_is_stored),
		IN_WORLD(a_link_takes_some_two_bytes),
		IN_WORLD(one_link_is_found_in_one_row),
		IN_WORLD(no_changed_byte_is_other_members),
		IN_WORLD(a_list_of_another_group_is_damage),
	};

	return cmocka_run_group_tests_name("state: packed lists", tests, NULL, NULL);
}
