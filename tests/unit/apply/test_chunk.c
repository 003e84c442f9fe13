/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/apply/chunk. */
#include "config.h"

#include "engine/apply/chunk.h"
#include "tests/unit/unit.h"

#define ALL 1000

/* A server that refuses every request with a bad member in it. */
static bool server_takes(const bool *is_bad, const size_t *positions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_bad[positions[i]]) {
			return false;
		}
	}
	return true;
}

static unsigned send_all(struct gb_chunk *chunk, const bool *is_bad)
{
	size_t *positions = gb_new_array(chunk, size_t, ALL);
	unsigned requests = 0;
	size_t count;

	while ((count = gb_chunk_next(chunk, positions)) > 0) {
		requests++;
		if (server_takes(is_bad, positions, count)) {
			gb_chunk_accepted(chunk);
		} else {
			gb_chunk_refused(chunk);
		}
	}
	return requests;
}

static void a_chunk_without_bad_members_is_one_request(void **state)
{
	struct gb_chunk *chunk = gb_chunk_new(NULL, ALL);
	bool is_bad[ALL] = {false};

	(void)state;
	assert_int_equal(send_all(chunk, is_bad), 1);
	assert_int_equal(gb_chunk_count(chunk, GB_CHUNK_DONE), ALL);
	talloc_free(chunk);
}

static void one_bad_member_among_a_thousand_costs_about_twenty_requests(void **state)
{
	(void)state;
	for (size_t bad = 0; bad < ALL; bad += 37) {
		struct gb_chunk *chunk = gb_chunk_new(NULL, ALL);
		bool is_bad[ALL] = {false};

		is_bad[bad] = true;
		assert_true(send_all(chunk, is_bad) <= 22);
		assert_int_equal(gb_chunk_fate(chunk, bad), GB_CHUNK_FAILED);
		assert_int_equal(gb_chunk_count(chunk, GB_CHUNK_DONE), ALL - 1);
		talloc_free(chunk);
	}
}

static void every_good_member_is_written_and_no_bad_one(void **state)
{
	struct unit_chance chance = {.state = 42};

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t count = unit_below(&chance, ALL + 1);
		size_t bad_count = unit_below(&chance, 9);
		struct gb_chunk *chunk = gb_chunk_new(NULL, count);
		bool is_bad[ALL] = {false};

		for (size_t i = 0; i < bad_count && count; i++) {
			is_bad[unit_below(&chance, count)] = true;
		}
		send_all(chunk, is_bad);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(gb_chunk_fate(chunk, i),
					 is_bad[i] ? GB_CHUNK_FAILED : GB_CHUNK_DONE);
		}
		talloc_free(chunk);
	}
}

static void refusals_are_bounded_when_everybody_is_bad(void **state)
{
	struct gb_chunk *chunk = gb_chunk_new(NULL, ALL);
	bool is_bad[ALL];

	(void)state;
	memset(is_bad, true, sizeof(is_bad));
	assert_int_equal(send_all(chunk, is_bad), GB_CHUNK_MAX_REQUESTS);
	assert_int_equal(gb_chunk_count(chunk, GB_CHUNK_FAILED), ALL);
	talloc_free(chunk);
}

static void decided_members_are_not_sent_and_decisions_stay(void **state)
{
	struct gb_chunk *chunk = gb_chunk_new(NULL, 4);
	size_t positions[4];

	(void)state;
	gb_chunk_mark(chunk, 1, GB_CHUNK_FAILED);
	gb_chunk_mark(chunk, 1, GB_CHUNK_DONE);
	gb_chunk_mark(chunk, 2, GB_CHUNK_DONE);
	assert_int_equal(gb_chunk_next(chunk, positions), 2);
	assert_int_equal(positions[0], 0);
	assert_int_equal(positions[1], 3);
	gb_chunk_accepted(chunk);
	assert_int_equal(gb_chunk_fate(chunk, 1), GB_CHUNK_FAILED);
	assert_int_equal(gb_chunk_count(chunk, GB_CHUNK_DONE), 3);
	assert_int_equal(gb_chunk_next(chunk, positions), 0);
	talloc_free(chunk);
}

static void an_empty_chunk_has_nothing_to_send(void **state)
{
	struct gb_chunk *chunk = gb_chunk_new(NULL, 0);
	size_t position;

	(void)state;
	assert_int_equal(gb_chunk_next(chunk, &position), 0);
	gb_chunk_mark_rest(chunk, GB_CHUNK_FAILED);
	assert_int_equal(gb_chunk_count(chunk, GB_CHUNK_FAILED), 0);
	talloc_free(chunk);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chunk_without_bad_members_is_one_request),
		cmocka_unit_test(one_bad_member_among_a_thousand_costs_about_twenty_requests),
		cmocka_unit_test(every_good_member_is_written_and_no_bad_one),
		cmocka_unit_test(refusals_are_bounded_when_everybody_is_bad),
		cmocka_unit_test(decided_members_are_not_sent_and_decisions_stay),
		cmocka_unit_test(an_empty_chunk_has_nothing_to_send),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
