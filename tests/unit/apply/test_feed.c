/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/apply/feed. */
#include "config.h"

#include "engine/apply/feed.h"
#include "tests/unit/unit.h"

/* A plan as an array of object numbers; seq counts from 1. */
struct plan {
	const int64_t *objects;
	size_t count;
	size_t members; /* of each change */
	size_t read;
	size_t fails_at; /* 0: never; else the number of the read that fails */
};

static enum gb_rc fetch(void *user, const void *ctx, struct gb_state_change **ret_change,
			struct gb_err *err)
{
	struct plan *plan = user;

	*ret_change = NULL;
	if (plan->fails_at && plan->read + 1 >= plan->fails_at) {
		return gb_err_set(err, GB_E_IO, "test", "broken");
	}
	if (plan->read < plan->count) {
		*ret_change = gb_new(ctx, struct gb_state_change);
		(*ret_change)->change.object_no = plan->objects[plan->read++];
		(*ret_change)->change.seq = (int64_t)plan->read;
		(*ret_change)->change.member_count = plan->members;
	}
	return GB_OK;
}

static struct gb_state_change *next(struct gb_feed *feed)
{
	struct gb_state_change *change = NULL;
	struct gb_err err;

	assert_int_equal(gb_feed_next(feed, &change, &err), GB_OK);
	return change;
}

static void an_empty_plan_is_empty_at_once(void **state)
{
	struct plan plan = {0};
	struct gb_feed *feed = gb_feed_new(NULL, fetch, &plan);

	(void)state;
	assert_null(next(feed));
	assert_true(gb_feed_is_empty(feed));
	talloc_free(feed);
}

static void changes_of_one_object_wait_for_each_other(void **state)
{
	static const int64_t objects[] = {1, 1, 2};
	struct plan plan = {.objects = objects, .count = 3};
	struct gb_feed *feed = gb_feed_new(NULL, fetch, &plan);

	(void)state;
	assert_int_equal(next(feed)->change.seq, 1);
	assert_int_equal(next(feed)->change.seq, 3);
	assert_null(next(feed));
	gb_feed_done(feed, 1);
	assert_int_equal(next(feed)->change.seq, 2);
	assert_null(next(feed));
	gb_feed_done(feed, 2);
	gb_feed_done(feed, 1);
	assert_null(next(feed));
	assert_true(gb_feed_is_empty(feed));
	talloc_free(feed);
}

static void a_group_that_was_begun_is_finished_first(void **state)
{
	static const int64_t objects[] = {1, 1, 2, 3, 4};
	struct plan plan = {.objects = objects, .count = 5};
	struct gb_feed *feed = gb_feed_new(NULL, fetch, &plan);

	(void)state;
	assert_int_equal(next(feed)->change.seq, 1);
	assert_int_equal(next(feed)->change.seq, 3);
	gb_feed_done(feed, 1);
	assert_int_equal(next(feed)->change.seq, 2);
	talloc_free(feed);
}

static void the_last_change_of_an_object_is_known(void **state)
{
	static const int64_t objects[] = {1, 1, 2};
	struct plan plan = {.objects = objects, .count = 3};
	struct gb_feed *feed = gb_feed_new(NULL, fetch, &plan);

	(void)state;
	assert_int_equal(next(feed)->change.seq, 1);
	assert_false(gb_feed_is_last(feed, 1));
	gb_feed_done(feed, 1);
	assert_int_equal(next(feed)->change.seq, 2);
	assert_true(gb_feed_is_last(feed, 1));
	gb_feed_done(feed, 1);
	assert_int_equal(next(feed)->change.seq, 3);
	assert_true(gb_feed_is_last(feed, 2));
	talloc_free(feed);
}

static void read_ahead_of_one_group(size_t members, size_t allowed)
{
	int64_t objects[10000];
	struct plan plan = {
		.objects = objects, .count = GB_ARRAY_SIZE(objects), .members = members};
	struct gb_feed *feed = gb_feed_new(NULL, fetch, &plan);

	for (size_t i = 0; i < plan.count; i++) {
		objects[i] = 1;
	}
	assert_int_equal(next(feed)->change.seq, 1);
	assert_null(next(feed));
	for (size_t i = 2; i <= plan.count; i++) {
		assert_in_range(plan.read, 1, i + allowed);
		gb_feed_done(feed, 1);
		assert_int_equal(next(feed)->change.seq, i);
		assert_null(next(feed));
	}
	talloc_free(feed);
}

static void a_huge_group_does_not_fill_the_memory(void **state)
{
	(void)state;
	read_ahead_of_one_group(0, GB_FEED_LOOK_AHEAD);
	read_ahead_of_one_group(1000, GB_FEED_LOOK_AHEAD_MEMBERS / 1000);
}

static void a_read_that_fails_comes_through(void **state)
{
	static const int64_t objects[] = {1, 2, 3};
	struct plan plan = {.objects = objects, .count = 3, .fails_at = 2};
	struct gb_feed *feed = gb_feed_new(NULL, fetch, &plan);
	struct gb_state_change *change;
	struct gb_err err;

	(void)state;
	assert_int_equal(next(feed)->change.seq, 1);
	assert_false(gb_feed_is_last(feed, 1));
	assert_int_equal(gb_feed_next(feed, &change, &err), GB_E_IO);
	assert_string_equal(err.id, "test");
	talloc_free(feed);
}

/* Random groups with random numbers of changes, ended in random order. */
struct world {
	struct plan plan;
	int64_t objects[3000];
	bool is_busy[400];     /* by object */
	int64_t last_seq[400]; /* of the change given out last */
	int64_t busy[400];     /* objects at work */
	size_t busy_count;
	size_t given;
};

static void fill(struct world *world, struct unit_chance *chance)
{
	int64_t object = 0;

	while (world->plan.count < GB_ARRAY_SIZE(world->objects) && object < 399) {
		size_t changes = 1 + unit_below(chance, 20);

		object++;
		while (changes-- > 0 && world->plan.count < GB_ARRAY_SIZE(world->objects)) {
			world->objects[world->plan.count++] = object;
		}
	}
	world->plan.objects = world->objects;
}

static void take_one(struct world *world, struct gb_feed *feed)
{
	struct gb_state_change *change = next(feed);
	int64_t object;

	if (!change) {
		return;
	}
	object = change->change.object_no;
	assert_false(world->is_busy[object]);
	assert_true(change->change.seq > world->last_seq[object]);
	world->is_busy[object] = true;
	world->last_seq[object] = change->change.seq;
	world->busy[world->busy_count++] = object;
	world->given++;
	talloc_free(change);
}

static void end_one(struct world *world, struct gb_feed *feed, struct unit_chance *chance)
{
	size_t at = unit_below(chance, world->busy_count);
	int64_t object = world->busy[at];
	bool is_last = world->last_seq[object] == (int64_t)world->plan.count ||
		       world->objects[world->last_seq[object]] != object;

	assert_int_equal(gb_feed_is_last(feed, object), is_last);
	world->is_busy[object] = false;
	world->busy[at] = world->busy[--world->busy_count];
	gb_feed_done(feed, object);
}

static void never_two_at_once_on_one_object_and_always_in_order(void **state)
{
	struct unit_chance chance = {.state = 99};

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct world *world = gb_new(NULL, struct world);
		struct gb_feed *feed = gb_feed_new(world, fetch, &world->plan);

		fill(world, &chance);
		while (!gb_feed_is_empty(feed)) {
			if (world->busy_count < 16 && unit_below(&chance, 2)) {
				take_one(world, feed);
			} else if (world->busy_count > 0) {
				end_one(world, feed, &chance);
			}
		}
		assert_int_equal(world->given, world->plan.count);
		talloc_free(world);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_plan_is_empty_at_once),
		cmocka_unit_test(changes_of_one_object_wait_for_each_other),
		cmocka_unit_test(a_group_that_was_begun_is_finished_first),
		cmocka_unit_test(the_last_change_of_an_object_is_known),
		cmocka_unit_test(a_huge_group_does_not_fill_the_memory),
		cmocka_unit_test(a_read_that_fails_comes_through),
		cmocka_unit_test(never_two_at_once_on_one_object_and_always_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
