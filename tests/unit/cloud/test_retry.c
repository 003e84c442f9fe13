/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/retry. */
#include "config.h"

#include "engine/cloud/retry.h"
#include "tests/unit/unit.h"

/* Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110. */
#define EXAMPLE_MS 784111777000LL

struct after {
	const char *value;
	int64_t wait_ms; /* 0: says nothing */
};

static void retry_after_is_read_in_both_forms(void **state)
{
	static const struct after rows[] = {
		{"17", 17000},
		{" 17 ", 17000},
		{"0", 0},
		{"1", 1000},
		{"604800", GB_RETRY_AFTER_MAX_MS},
		{"1000000000", GB_RETRY_AFTER_MAX_MS},
		{"99999999999999999999999999999999999999", GB_RETRY_AFTER_MAX_MS},
		{"-5", 0},
		{"+5", 0},
		{"5.5", 0},
		{"5s", 0},
		{"5, 6", 0},
		{"0x10", 0},
		{"", 0},
		{"  ", 0},
		{"soon", 0},
		{"Sun, 06 Nov 1994 08:49:38 GMT", 1000},
		{"Sunday, 06-Nov-94 08:49:47 GMT", 10000},
		{"Sun Nov  6 08:50:37 1994", 60000},
		{"Sun, 06 Nov 1994 08:49:37 GMT", 0},
		{"Sun, 06 Nov 1994 08:49:36 GMT", 0},
		{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
		{"Fri, 31 Dec 9999 23:59:59 GMT", GB_RETRY_AFTER_MAX_MS},
		{"Sun, 99 Foo 1994 08:49:38 GMT", 0},
		{"Monday", 0},
		{"::::", 0},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		int64_t wait_ms = -1;
		bool is_said = gb_retry_after_parse(rows[i].value, EXAMPLE_MS, &wait_ms);

		if (is_said != (rows[i].wait_ms != 0) || (is_said && wait_ms != rows[i].wait_ms)) {
			fail_msg("<%s>: %d, %lld ms", rows[i].value, is_said, (long long)wait_ms);
		}
	}
}

static void no_header_says_nothing(void **state)
{
	int64_t wait_ms;

	(void)state;
	assert_false(gb_retry_after_parse(NULL, EXAMPLE_MS, &wait_ms));
}

static void any_header_gives_a_wait_within_bounds(void **state)
{
	static const char alphabet[] = "0123456789:,- GMTSunNov+.";
	struct unit_chance chance = {.state = 7};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char value[33];
		size_t length = unit_below(&chance, 32);
		int64_t wait_ms;

		for (size_t k = 0; k < length; k++) {
			value[k] = alphabet[unit_below(&chance, sizeof(alphabet) - 1)];
		}
		value[length] = '\0';
		if (gb_retry_after_parse(value, EXAMPLE_MS, &wait_ms)) {
			assert_in_range(wait_ms, 1, GB_RETRY_AFTER_MAX_MS);
		}
	}
}

static const struct gb_retry_policy policy = {
	.max_attempts = 4, .deadline_ms = 100000, .first_delay_ms = 1000};

static void the_backoff_doubles_and_ends_with_the_attempts(void **state)
{
	struct gb_retry_state retry = {.chance = UINT32_MAX};
	int64_t wait_ms;

	(void)state;
	for (retry.attempts = 1; retry.attempts < 4; retry.attempts++) {
		assert_true(gb_retry_decide(&policy, &retry, &wait_ms));
		assert_int_equal(wait_ms, 1000 << (retry.attempts - 1));
	}
	assert_false(gb_retry_decide(&policy, &retry, &wait_ms));
}

static void what_the_server_asks_for_wins_over_the_backoff(void **state)
{
	struct gb_retry_state retry = {.attempts = 9, .asked_ms = 17000};
	int64_t wait_ms;

	(void)state;
	for (retry.chance = 0; retry.chance < UINT32_MAX - 100000000u; retry.chance += 100000000u) {
		assert_true(gb_retry_decide(&policy, &retry, &wait_ms));
		assert_in_range(wait_ms, 17000, 18000);
	}
}

static void nothing_goes_beyond_the_deadline(void **state)
{
	struct gb_retry_state retry = {.attempts = 1, .elapsed_ms = 99000, .chance = UINT32_MAX};
	int64_t wait_ms;

	(void)state;
	assert_true(gb_retry_decide(&policy, &retry, &wait_ms));
	retry.elapsed_ms = 99001;
	assert_false(gb_retry_decide(&policy, &retry, &wait_ms));
	retry = (struct gb_retry_state){.attempts = 0, .asked_ms = 100001};
	assert_false(gb_retry_decide(&policy, &retry, &wait_ms));
	retry.asked_ms = GB_RETRY_AFTER_MAX_MS;
	assert_false(gb_retry_decide(&policy, &retry, &wait_ms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after_is_read_in_both_forms),
		cmocka_unit_test(no_header_says_nothing),
		cmocka_unit_test(any_header_gives_a_wait_within_bounds),
		cmocka_unit_test(the_backoff_doubles_and_ends_with_the_attempts),
		cmocka_unit_test(what_the_server_asks_for_wins_over_the_backoff),
		cmocka_unit_test(nothing_goes_beyond_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
