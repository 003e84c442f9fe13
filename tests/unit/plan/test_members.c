/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/members, on arrays. */
#include "config.h"

#include <time.h>

#include "engine/plan/members.h"
#include "tests/unit/unit.h"

#define CASES         10000
#define MAX_NUMBERS   8192
#define SPEED_NUMBERS 4000000

struct list {
	const int64_t *numbers;
	size_t count;
	size_t at;
	size_t fail_at; /* reading there fails; 0: never */
};

struct basket {
	int64_t numbers[MAX_NUMBERS];
	size_t count;
	size_t chunks;
};

/* What the sink took, by kind. */
struct taken {
	struct basket of[GB_CHANGE_DELETE + 1];
	enum gb_change_kind order[64];
	size_t calls;
	size_t fail_at_call; /* counted from 1; 0: never */
};

static enum gb_rc read_list(void *user, int64_t *buffer, size_t capacity, size_t *ret_count,
			    struct gb_err *err)
{
	struct list *list = user;
	size_t left = list->count - list->at;
	size_t count = left < capacity ? left : capacity;

	if (list->fail_at && list->at + count >= list->fail_at) {
		return gb_err_set(err, GB_E_IO, "test", "The list ends here.");
	}
	if (count > 0) {
		memcpy(buffer, list->numbers + list->at, count * sizeof(buffer[0]));
	}
	list->at += count;
	*ret_count = count;
	return GB_OK;
}

/* Numbers that end in 7 are stubs, in 8 planned, in 9 absent; a negative one would be a failure. */
static enum gb_rc presence(void *user, int64_t object_no, enum gb_member_presence *ret_presence,
			   struct gb_err *err)
{
	bool *plain = user;

	(void)err;
	*ret_presence = GB_MEMBER_KNOWN;
	if (!*plain && object_no % 10 >= 7) {
		*ret_presence = object_no % 10 == 7   ? GB_MEMBER_STUB
				: object_no % 10 == 8 ? GB_MEMBER_PLANNED
						      : GB_MEMBER_ABSENT;
	}
	return GB_OK;
}

static enum gb_rc take(void *user, enum gb_change_kind kind, const int64_t *members, size_t count,
		       struct gb_err *err)
{
	struct taken *taken = user;
	struct basket *basket = &taken->of[kind];

	assert_in_range(count, kind == GB_CHANGE_CREATE ? 0 : 1, GB_CHANGE_MAX_MEMBERS);
	taken->order[taken->calls++ % 64] = kind;
	if (taken->calls == taken->fail_at_call) {
		return gb_err_set(err, GB_E_IO, "test", "The sink is full.");
	}
	assert_true(basket->count + count <= MAX_NUMBERS);
	for (size_t i = 0; i < count; i++) {
		basket->numbers[basket->count++] = members[i];
	}
	basket->chunks++;
	return GB_OK;
}

struct question {
	struct list desired;
	struct list observed;
	bool plain;
	bool hold;
	struct taken *taken;
};

static enum gb_rc ask(struct question *question, bool create, struct gb_members_counts *ret_counts,
		      struct gb_err *err)
{
	struct gb_member_stream desired = {.user = &question->desired, .read = read_list};
	struct gb_member_stream observed = {.user = &question->observed, .read = read_list};
	struct gb_members_oracle oracle = {.user = &question->plain, .presence = presence};
	struct gb_members_input input = {.desired = &desired,
					 .observed = &observed,
					 .oracle = &oracle,
					 .hold_removals = question->hold};
	struct gb_members_sink sink = {.user = question->taken, .chunk = take};

	return create ? gb_members_create(&input, &sink, ret_counts, err)
		      : gb_members_diff(&input, &sink, ret_counts, err);
}

static struct gb_members_counts must(struct question *question, bool create)
{
	struct gb_members_counts counts;
	struct gb_err err;

	assert_int_equal(ask(question, create, &counts, &err), GB_OK);
	return counts;
}

#define LIST(...)                                                                 \
	{                                                                         \
		.numbers = (const int64_t[]){__VA_ARGS__},                        \
		.count = sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t) \
	}

static struct taken *new_taken(void)
{
	return gb_new(NULL, struct taken);
}

static void what_differs_is_added_and_removed(void **state)
{
	struct question question = {.desired = LIST(1, 2, 4, 6),
				    .observed = LIST(2, 3, 4, 5, 16),
				    .taken = new_taken()};
	struct gb_members_counts counts = must(&question, false);
	struct basket *adds = &question.taken->of[GB_CHANGE_ADD_MEMBERS];
	struct basket *removes = &question.taken->of[GB_CHANGE_REMOVE_MEMBERS];

	(void)state;
	assert_int_equal(counts.desired, 4);
	assert_int_equal(counts.added, 2);
	assert_int_equal(counts.removed, 3);
	assert_memory_equal(adds->numbers, ((int64_t[]){1, 6}), 2 * sizeof(int64_t));
	assert_memory_equal(removes->numbers, ((int64_t[]){3, 5, 16}), 3 * sizeof(int64_t));
	assert_int_equal(question.taken->calls, 2);
	talloc_free(question.taken);
}

static void presence_decides_what_is_done(void **state)
{
	struct question question = {.desired = LIST(1, 17, 18, 19),
				    .observed = LIST(2, 27, 28, 29),
				    .taken = new_taken()};
	struct gb_members_counts counts = must(&question, false);

	(void)state;
	assert_int_equal(counts.added, 3); /* 1, 17, 18 */
	assert_int_equal(counts.absent, 1);
	assert_int_equal(counts.removed, 1); /* 2 */
	assert_int_equal(counts.unidentified, 3);
	talloc_free(question.taken);
}

static void held_removals_are_counted_not_sent(void **state)
{
	struct question question = {
		.desired = LIST(1), .observed = LIST(2, 3, 27), .hold = true, .taken = new_taken()};
	struct gb_members_counts counts = must(&question, false);

	(void)state;
	assert_int_equal(counts.held, 2);
	assert_int_equal(counts.unidentified, 1);
	assert_int_equal(counts.removed, 0);
	assert_int_equal(question.taken->of[GB_CHANGE_REMOVE_MEMBERS].count, 0);
	assert_int_equal(question.taken->of[GB_CHANGE_ADD_MEMBERS].count, 1);
	talloc_free(question.taken);
}

static void nothing_to_do_sends_nothing(void **state)
{
	struct question equal = {
		.desired = LIST(1, 2), .observed = LIST(1, 2), .taken = new_taken()};
	struct question empty = {.taken = equal.taken};

	(void)state;
	(void)must(&equal, false);
	(void)must(&empty, false);
	assert_int_equal(equal.taken->calls, 0);
	talloc_free(equal.taken);
}

static void a_create_is_sent_even_without_members(void **state)
{
	struct question question = {.taken = new_taken()};

	(void)state;
	(void)must(&question, true);
	assert_int_equal(question.taken->calls, 1);
	assert_int_equal(question.taken->order[0], GB_CHANGE_CREATE);
	talloc_free(question.taken);
}

static void a_create_carries_those_who_exist_and_adds_the_others(void **state)
{
	struct question question = {.desired = LIST(1, 2, 8, 9, 17, 18), .taken = new_taken()};
	struct gb_members_counts counts = must(&question, true);
	struct taken *taken = question.taken;

	(void)state;
	assert_int_equal(taken->calls, 2);
	assert_int_equal(taken->order[0], GB_CHANGE_CREATE);
	assert_int_equal(taken->order[1], GB_CHANGE_ADD_MEMBERS);
	assert_memory_equal(taken->of[GB_CHANGE_CREATE].numbers, ((int64_t[]){1, 2, 17}),
			    3 * sizeof(int64_t));
	assert_memory_equal(taken->of[GB_CHANGE_ADD_MEMBERS].numbers, ((int64_t[]){8, 18}),
			    2 * sizeof(int64_t));
	assert_int_equal(counts.absent, 1);
	assert_int_equal(counts.added, 5);
	talloc_free(taken);
}

/* 2,500 groups that are planned, and people behind them: the create still comes first. */
static void a_create_precedes_its_additions(void **state)
{
	struct question question = {.taken = new_taken()};
	int64_t *numbers = gb_new_array(question.taken, int64_t, 3000);

	(void)state;
	for (int64_t i = 0; i < 3000; i++) {
		numbers[i] = i < 2500 ? 10 * i + 8 : 10 * i + 1;
	}
	question.desired.numbers = numbers;
	question.desired.count = 3000;
	assert_int_equal(must(&question, true).added, 3000);
	assert_int_equal(question.taken->order[0], GB_CHANGE_CREATE);
	assert_int_equal(question.taken->of[GB_CHANGE_CREATE].chunks, 1);
	assert_int_equal(question.taken->of[GB_CHANGE_ADD_MEMBERS].count, 3000);
	talloc_free(question.taken);
}

static void a_stream_must_ascend(void **state)
{
	struct question bad[] = {
		{.desired = LIST(1, 3, 2), .observed = LIST(1)},
		{.desired = LIST(1, 1), .observed = LIST(1)},
		{.desired = LIST(0, 1), .observed = LIST(1)},
		{.desired = LIST(1), .observed = LIST(5, 4)},
		{.desired = LIST(-1), .observed = LIST(4)},
		{.desired = LIST(1), .observed = LIST(INT64_MAX)},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		struct gb_members_counts counts = {.desired = -7};
		struct gb_err err;

		bad[i].taken = new_taken();
		assert_int_equal(ask(&bad[i], false, &counts, &err), GB_E_INTERNAL);
		assert_string_equal(err.id, "plan-stream-order");
		assert_int_equal(counts.desired, -7);
		assert_int_equal(bad[i].taken->of[GB_CHANGE_REMOVE_MEMBERS].count, 0);
		talloc_free(bad[i].taken);
	}
}

static void a_failing_stream_removes_nobody_after_it(void **state)
{
	struct question question = {
		.desired = LIST(1, 2, 3), .observed = LIST(1, 2, 3, 4), .taken = new_taken()};
	struct gb_members_counts counts;
	struct gb_err err;

	(void)state;
	question.desired.fail_at = 3;
	assert_int_equal(ask(&question, false, &counts, &err), GB_E_IO);
	assert_int_equal(question.taken->calls, 0);
	talloc_free(question.taken);
}

static void a_failing_sink_ends_it(void **state)
{
	struct question question = {.desired = LIST(1), .taken = new_taken()};
	struct gb_members_counts counts;
	struct gb_err err;

	(void)state;
	question.taken->fail_at_call = 1;
	assert_int_equal(ask(&question, false, &counts, &err), GB_E_IO);
	question.desired.at = 0;
	question.taken->fail_at_call = 2;
	assert_int_equal(ask(&question, true, &counts, &err), GB_E_IO);
	talloc_free(question.taken);
}

/* A set as flags, and as ascending numbers from 1. */
static size_t random_set(struct unit_chance *chance, bool *flags, int64_t *numbers, size_t span,
			 size_t density)
{
	size_t count = 0;

	for (size_t i = 1; i <= span; i++) {
		flags[i] = unit_below(chance, 8) < density;
		if (flags[i]) {
			numbers[count++] = (int64_t)i;
		}
	}
	return count;
}

static void check_chunks(const struct basket *basket)
{
	size_t full = basket->count / GB_CHANGE_MAX_MEMBERS;

	assert_int_equal(basket->chunks, full + (basket->count % GB_CHANGE_MAX_MEMBERS != 0));
}

struct sets {
	bool want[MAX_NUMBERS];
	bool have[MAX_NUMBERS];
	int64_t desired[MAX_NUMBERS];
	int64_t observed[MAX_NUMBERS];
};

static void check_one_difference(struct unit_chance *chance, struct sets *sets)
{
	size_t span = unit_below(chance, 100) ? unit_below(chance, 60) : MAX_NUMBERS - 1;
	struct question question = {.plain = true, .taken = new_taken()};
	struct taken *taken = question.taken;

	question.desired.numbers = sets->desired;
	question.desired.count =
		random_set(chance, sets->want, sets->desired, span, unit_below(chance, 9));
	question.observed.numbers = sets->observed;
	question.observed.count =
		random_set(chance, sets->have, sets->observed, span, unit_below(chance, 9));
	(void)must(&question, false);
	check_chunks(&taken->of[GB_CHANGE_ADD_MEMBERS]);
	check_chunks(&taken->of[GB_CHANGE_REMOVE_MEMBERS]);
	for (size_t i = 0; i < taken->of[GB_CHANGE_ADD_MEMBERS].count; i++) {
		assert_false(sets->have[taken->of[GB_CHANGE_ADD_MEMBERS].numbers[i]]);
		sets->have[taken->of[GB_CHANGE_ADD_MEMBERS].numbers[i]] = true;
	}
	for (size_t i = 0; i < taken->of[GB_CHANGE_REMOVE_MEMBERS].count; i++) {
		assert_true(sets->have[taken->of[GB_CHANGE_REMOVE_MEMBERS].numbers[i]]);
		sets->have[taken->of[GB_CHANGE_REMOVE_MEMBERS].numbers[i]] = false;
	}
	for (size_t i = 1; i <= span; i++) {
		assert_int_equal(sets->have[i], sets->want[i]);
	}
	talloc_free(taken);
}

static void the_difference_of_any_two_sets_makes_them_equal(void **state)
{
	struct unit_chance chance = {.state = 0x9e3779b97f4a7c15u};
	struct sets *sets = gb_new(NULL, struct sets);

	(void)state;
	for (int i = 0; i < CASES; i++) {
		check_one_difference(&chance, sets);
	}
	talloc_free(sets);
}

static enum gb_rc count_only(void *user, enum gb_change_kind kind, const int64_t *members,
			     size_t count, struct gb_err *err)
{
	(void)kind;
	(void)members;
	(void)err;
	*(size_t *)user += count;
	return GB_OK;
}

/* Two sets of which a quarter differs each way; the rate is printed, not judged. */
static void millions_of_links_are_compared_quickly(void **state)
{
	int64_t *numbers = gb_new_array(NULL, int64_t, SPEED_NUMBERS * 2);
	struct list lists[2] = {{.numbers = numbers}, {.numbers = numbers + SPEED_NUMBERS}};
	struct gb_member_stream streams[2] = {{.user = &lists[0], .read = read_list},
					      {.user = &lists[1], .read = read_list}};
	bool plain = true;
	size_t sent = 0;
	struct gb_members_oracle oracle = {.user = &plain, .presence = presence};
	struct gb_members_input input = {&streams[0], &streams[1], &oracle, false};
	struct gb_members_sink sink = {.user = &sent, .chunk = count_only};
	struct gb_members_counts counts;
	struct gb_err err;
	clock_t begun;
	double seconds;

	(void)state;
	for (int64_t i = 0; i < SPEED_NUMBERS; i++) {
		numbers[i] = i + 1 + i / 3;
		numbers[SPEED_NUMBERS + i] = i + 1 + (i + 1) / 3;
	}
	lists[0].count = SPEED_NUMBERS;
	lists[1].count = SPEED_NUMBERS;
	begun = clock();
	assert_int_equal(gb_members_diff(&input, &sink, &counts, &err), GB_OK);
	seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
	assert_int_equal(sent, counts.added + counts.removed);
	assert_true(counts.added > SPEED_NUMBERS / 5);
	fprintf(stderr, "# %d links compared in %.3f s: %.1f million a second\n", SPEED_NUMBERS * 2,
		seconds, SPEED_NUMBERS * 2 / seconds / 1e6);
	talloc_free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs_is_added_and_removed),
		cmocka_unit_test(presence_decides_what_is_done),
		cmocka_unit_test(held_removals_are_counted_not_sent),
		cmocka_unit_test(nothing_to_do_sends_nothing),
		cmocka_unit_test(a_create_is_sent_even_without_members),
		cmocka_unit_test(a_create_carries_those_who_exist_and_adds_the_others),
		cmocka_unit_test(a_create_precedes_its_additions),
		cmocka_unit_test(a_stream_must_ascend),
		cmocka_unit_test(a_failing_stream_removes_nobody_after_it),
		cmocka_unit_test(a_failing_sink_ends_it),
		cmocka_unit_test(the_difference_of_any_two_sets_makes_them_equal),
		cmocka_unit_test(millions_of_links_are_compared_quickly),
	};

	return cmocka_run_group_tests_name("plan/members", tests, NULL, NULL);
}
