/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/lease_value: what stands in the lease, and what it means. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/sync/lease_value.h"
#include "tests/unit/unit.h"

#define A "11111111-0000-4000-8000-00000000000a"
#define B "22222222-0000-4000-8000-00000000000b"
#define NOW_MS  (INT64_C(1790000000) * 1000)
#define HOUR_MS (INT64_C(3600) * 1000)

static struct gb_lease_value lease(const char *instance, const char *host, const char *version,
				   int64_t age_ms)
{
	return (struct gb_lease_value){
		.format = GB_LEASE_FORMAT,
		.instance = instance,
		.host = host,
		.version = version,
		.generation = 7,
		.renewed_ms = NOW_MS - age_ms,
		.until_ms = NOW_MS - age_ms + 2 * HOUR_MS,
	};
}

static enum gb_lease_verdict judge(struct gb_lease_value seen, bool standby)
{
	struct gb_lease_value self = lease(A, "one", "0.9.0", 0);

	return gb_lease_judge(&seen, &self, NOW_MS, standby);
}

static void a_lease_that_nobody_holds_is_free(void **state)
{
	struct gb_lease_value self = lease(A, "one", "0.9.0", 0);
	struct gb_lease_value given_up = lease(B, "two", "0.9.0", 0);

	(void)state;
	given_up.until_ms = 0;
	assert_int_equal(gb_lease_judge(NULL, &self, NOW_MS, false), GB_LEASE_FREE);
	assert_int_equal(judge(given_up, false), GB_LEASE_FREE);
}

static void ours_is_renewed_when_half_of_its_time_is_gone(void **state)
{
	(void)state;
	assert_int_equal(judge(lease(A, "one", "0.9.0", HOUR_MS - 1), false), GB_LEASE_FRESH);
	assert_int_equal(judge(lease(A, "one", "0.9.0", HOUR_MS), false), GB_LEASE_DUE);
	assert_int_equal(judge(lease(A, "ONE", "0.9.0", 9 * HOUR_MS), false), GB_LEASE_DUE);
	/* Servers tell whole seconds. */
	assert_int_equal(judge(lease(A, "one", "0.9.0", -1500), false), GB_LEASE_FRESH);
	/* Written in the future: the server's clock was set back. */
	assert_int_equal(judge(lease(A, "one", "0.9.0", -HOUR_MS), false), GB_LEASE_DUE);
}

static void another_ones_keeps_us_away_until_its_end_and_a_margin(void **state)
{
	(void)state;
	assert_int_equal(judge(lease(B, "two", "0.9.0", 0), true), GB_LEASE_HELD);
	assert_int_equal(judge(lease(B, "two", "0.9.0", 2 * HOUR_MS + GB_LEASE_MARGIN_MS), true),
			 GB_LEASE_HELD);
	assert_int_equal(
		judge(lease(B, "two", "0.9.0", 2 * HOUR_MS + GB_LEASE_MARGIN_MS + 1), true),
		GB_LEASE_TAKE_OVER);
}

static void only_a_standby_takes_over_from_another_machine(void **state)
{
	(void)state;
	assert_int_equal(judge(lease(B, "two", "0.9.0", 9 * HOUR_MS), false), GB_LEASE_LEFT);
	/* A state directory that was moved, and a machine that was renamed. */
	assert_int_equal(judge(lease(B, "one", "0.9.0", 9 * HOUR_MS), false), GB_LEASE_TAKE_OVER);
	assert_int_equal(judge(lease(A, "two", "0.9.0", 9 * HOUR_MS), false), GB_LEASE_TAKE_OVER);
}

static void a_copy_of_the_machine_is_another_engine(void **state)
{
	(void)state;
	assert_int_equal(judge(lease(A, "two", "0.9.0", 0), false), GB_LEASE_HELD);
	assert_int_equal(judge(lease(B, "one", "0.9.0", 0), false), GB_LEASE_HELD);
}

static void an_older_version_never_takes_over_from_a_newer_one(void **state)
{
	struct gb_lease_value given_up = lease(B, "two", "0.10.0", 0);
	struct gb_lease_value format = lease(B, "two", "0.1.0", 9 * HOUR_MS);

	(void)state;
	given_up.until_ms = 0;
	format.format = GB_LEASE_FORMAT + 1;
	assert_int_equal(judge(lease(B, "two", "0.10.0", 9 * HOUR_MS), true), GB_LEASE_NEWER);
	assert_int_equal(judge(lease(B, "two", "1.0.0", 0), true), GB_LEASE_NEWER);
	assert_int_equal(judge(given_up, true), GB_LEASE_NEWER);
	assert_int_equal(judge(format, true), GB_LEASE_NEWER);
	assert_int_equal(judge(lease(B, "two", "0.8.12", 9 * HOUR_MS), true), GB_LEASE_TAKE_OVER);
	/* Our own: that is a downgrade, and somebody's will. */
	assert_int_equal(judge(lease(A, "one", "0.10.0", 0), false), GB_LEASE_FRESH);
}

static void what_is_written_is_read_again(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_lease_value value = lease(A, "h\u00f6st \"1\"", "0.9.0", 0);
	struct gb_lease_value read = {.format = 0};
	char *text = gb_lease_format(ctx, &value);

	(void)state;
	assert_true(strlen(text) < GB_LEASE_MAX_BYTES / 2);
	assert_null(strchr(text, '\n'));
	assert_true(gb_lease_parse(ctx, text, &read));
	assert_string_equal(gb_lease_format(ctx, &read), text);
	talloc_free(ctx);
}

static void the_longest_text_fits_the_attribute(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	char host[GB_LEASE_MAX_HOST_BYTES];
	struct gb_lease_value value = lease(A, host, "999.999.999", 0);

	(void)state;
	memset(host, 'h', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	value.generation = INT64_C(9007199254740991);
	assert_true(strlen(gb_lease_format(ctx, &value)) <= GB_LEASE_MAX_BYTES / 2);
	talloc_free(ctx);
}

static void what_is_no_lease_is_none(void **state)
{
	static const char *const texts[] = {
		"",
		"hello",
		"{}",
		"[]",
		"{\"groupbackLease\":0}",
		"{\"groupbackLease\":1,\"instance\":\"" A "\",\"host\":\"one\",\"version\":\"1\","
		"\"generation\":1,\"renewedMs\":1}",
		"{\"groupbackLease\":1,\"instance\":\"x\",\"host\":\"one\",\"version\":\"1\","
		"\"generation\":1,\"renewedMs\":1,\"untilMs\":2}",
		"{\"groupbackLease\":1,\"instance\":\"" A "\",\"host\":\"one\",\"version\":\"1\","
		"\"generation\":0,\"renewedMs\":1,\"untilMs\":2}",
		"{\"groupbackLease\":1,\"instance\":\"" A "\",\"host\":\"one\",\"version\":\"1\","
		"\"generation\":1,\"renewedMs\":1,\"untilMs\":-2}",
	};
	struct gb_lease_value value;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(texts); i++) {
		assert_false(gb_lease_parse(NULL, texts[i], &value));
	}
}

static void a_hostile_host_name_is_shown_safely(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_lease_value value = {.format = 0};

	(void)state;
	assert_true(gb_lease_parse(
		ctx,
		"{\"groupbackLease\":1,\"instance\":\"" A "\",\"host\":\"a\\nerror: b\",\"version\":"
		"\"1\",\"generation\":1,\"renewedMs\":1,\"untilMs\":2}",
		&value));
	assert_null(strchr(value.host, '\n'));
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lease_that_nobody_holds_is_free),
		cmocka_unit_test(ours_is_renewed_when_half_of_its_time_is_gone),
		cmocka_unit_test(another_ones_keeps_us_away_until_its_end_and_a_margin),
		cmocka_unit_test(only_a_standby_takes_over_from_another_machine),
		cmocka_unit_test(a_copy_of_the_machine_is_another_engine),
		cmocka_unit_test(an_older_version_never_takes_over_from_a_newer_one),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(the_longest_text_fits_the_attribute),
		cmocka_unit_test(what_is_no_lease_is_none),
		cmocka_unit_test(a_hostile_host_name_is_shown_safely),
	};

	return cmocka_run_group_tests_name("lease_value", tests, NULL, NULL);
}
