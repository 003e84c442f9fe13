/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/guard. */
#include "config.h"

#include "engine/plan/guard.h"
#include "tests/unit/unit.h"

struct row {
	size_t count; /* offset in struct gb_plan_counts */
	size_t limit; /* offset in struct gb_guard_limits */
	enum gb_guard_limit broken;
	const char *id;
};

static const struct row ROWS[] = {
	{offsetof(struct gb_plan_counts, deletes), offsetof(struct gb_guard_limits, max_deletes),
	 GB_GUARD_DELETES, "guard-deletes"},
	{offsetof(struct gb_plan_counts, member_removes),
	 offsetof(struct gb_guard_limits, max_member_removes), GB_GUARD_MEMBER_REMOVES,
	 "guard-member-removals"},
	{offsetof(struct gb_plan_counts, type_changes),
	 offsetof(struct gb_guard_limits, max_type_changes), GB_GUARD_TYPE_CHANGES,
	 "guard-type-changes"},
	{offsetof(struct gb_plan_counts, renames), offsetof(struct gb_guard_limits, max_renames),
	 GB_GUARD_RENAMES, "guard-renames"},
	{offsetof(struct gb_plan_counts, creates), offsetof(struct gb_guard_limits, max_creates),
	 GB_GUARD_CREATES, "guard-creates"},
};

static void set(void *base, size_t offset, int64_t value)
{
	memcpy((char *)base + offset, &value, sizeof(value));
}

static void each_limit_trips_one_above_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		struct gb_plan_counts counts = {0};
		struct gb_guard_limits limits = {0};
		struct gb_err err;

		gb_err_clear(&err);
		set(&counts, ROWS[i].count, 6);
		assert_int_equal(gb_guard_check(&counts, &limits, &err), GB_OK);
		set(&limits, ROWS[i].limit, 6);
		assert_int_equal(gb_guard_check(&counts, &limits, &err), GB_OK);
		assert_int_equal(err.rc, GB_OK);
		set(&limits, ROWS[i].limit, 5);
		assert_int_equal(gb_guard_exceeded(&counts, &limits), ROWS[i].broken);
		assert_int_equal(gb_guard_check(&counts, &limits, &err), GB_E_GUARD);
		assert_string_equal(err.id, ROWS[i].id);
		assert_non_null(strstr(err.what, "6"));
		assert_non_null(strstr(err.what, "5"));
		assert_string_not_equal(err.undone, "");
		assert_string_not_equal(err.remedy, "");
		assert_int_equal(gb_rc_exit_code(err.rc), 4);
	}
}

static void the_worst_limit_is_named_first(void **state)
{
	struct gb_plan_counts counts = {0};
	struct gb_guard_limits limits = {1, 1, 1, 1, 1};

	(void)state;
	for (size_t i = GB_ARRAY_SIZE(ROWS); i > 0; i--) {
		set(&counts, ROWS[i - 1].count, 2);
		assert_int_equal(gb_guard_exceeded(&counts, &limits), ROWS[i - 1].broken);
	}
}

static void changes_are_counted_by_kind(void **state)
{
	struct gb_plan_counts counts = {0};

	(void)state;
	for (unsigned kind = GB_CHANGE_CREATE; kind <= GB_CHANGE_DELETE; kind++) {
		struct gb_change change = {.kind = kind, .member_count = (size_t)kind};

		gb_guard_count(&counts, &change);
	}
	assert_int_equal(counts.changes, 7);
	assert_int_equal(counts.creates, 1);
	assert_int_equal(counts.attributes, 1);
	assert_int_equal(counts.renames, 1);
	assert_int_equal(counts.moves, 1);
	assert_int_equal(counts.deletes, 1);
	assert_int_equal(counts.member_adds, GB_CHANGE_CREATE + GB_CHANGE_ADD_MEMBERS);
	assert_int_equal(counts.member_removes, GB_CHANGE_REMOVE_MEMBERS);
}

static void only_becoming_a_security_group_gives_access(void **state)
{
	static const struct {
		const char *before;
		const char *after;
		int gives;
	} rows[] = {
		{"8", "-2147483640", 1},           {"2", "-2147483640", 1}, {"-2147483640", "8", 0},
		{"-2147483646", "-2147483640", 0}, {"2", "8", 0},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_change_value value = {"groupType", rows[i].after, rows[i].before};
		struct gb_change change = {
			.kind = GB_CHANGE_ATTRIBUTES, .values = &value, .value_count = 1};
		struct gb_plan_counts counts = {0};

		gb_guard_count(&counts, &change);
		assert_int_equal(counts.type_changes, 1);
		assert_int_equal(counts.access_changes, rows[i].gives);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_limit_trips_one_above_it),
		cmocka_unit_test(the_worst_limit_is_named_first),
		cmocka_unit_test(changes_are_counted_by_kind),
		cmocka_unit_test(only_becoming_a_security_group_gives_access),
	};

	return cmocka_run_group_tests_name("plan/guard", tests, NULL, NULL);
}
