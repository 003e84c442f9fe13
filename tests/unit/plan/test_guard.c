/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/guard. */
#include "config.h"

#include "engine/plan/cause.h"
#include "engine/plan/guard.h"
#include "tests/unit/unit.h"

/* 200 groups and 1000 memberships; every limit allows 7. */
static const struct gb_guard_base BASE = {.groups = 200, .memberships = 1000};
#define ALLOWED 7

struct row {
	size_t count; /* offset in struct gb_plan_counts */
	size_t limit; /* offset in struct gb_guard_limits */
	enum gb_guard_limit broken;
	const char *id;
	int64_t whole; /* that shares are taken of */
};

#define ROW(count, limit, broken, id, whole)                                                     \
	{                                                                                        \
		offsetof(struct gb_plan_counts, count), offsetof(struct gb_guard_limits, limit), \
			broken, id, whole                                                        \
	}

static const struct row ROWS[] = {
	ROW(creates, creates, GB_GUARD_CREATES, "guard-creates", 200),
	ROW(renames, renames, GB_GUARD_RENAMES, "guard-renames", 200),
	ROW(moves, renames, GB_GUARD_RENAMES, "guard-renames", 200),
	ROW(type_changes, type_changes, GB_GUARD_TYPE_CHANGES, "guard-type-changes", 200),
	ROW(member_removes, member_removes, GB_GUARD_MEMBER_REMOVES, "guard-member-removals", 1000),
	ROW(disables, disables, GB_GUARD_DISABLES, "guard-disables", 200),
	ROW(deletes, deletes, GB_GUARD_DELETES, "guard-deletes", 200),
};

static struct gb_guard_limits no_limits(void)
{
	struct gb_limit none = {.count = GB_LIMIT_NONE};

	return (struct gb_guard_limits){none, none, none, none, none, none};
}

static void put(void *base, size_t offset, int64_t value)
{
	memcpy((char *)base + offset, &value, sizeof(value));
}

static void put_limit(struct gb_guard_limits *limits, size_t offset, struct gb_limit limit)
{
	memcpy((char *)limits + offset, &limit, sizeof(limit));
}

static const char *number(char text[32], int64_t value)
{
	snprintf(text, 32, ": %lld", (long long)value);
	return text;
}

static void check_row(const struct row *row, struct gb_limit limit, int64_t allowed)
{
	for (int64_t count = allowed - 1; count <= allowed + 1; count++) {
		struct gb_plan_counts counts = {.in_scope = 1};
		struct gb_guard_limits limits = no_limits();
		struct gb_err err;
		char text[32];

		gb_err_clear(&err);
		put(&counts, row->count, count);
		assert_int_equal(gb_guard_check(&counts, &limits, &BASE, &err), GB_OK);
		put_limit(&limits, row->limit, limit);
		if (count <= allowed) {
			assert_int_equal(gb_guard_check(&counts, &limits, &BASE, &err), GB_OK);
			assert_int_equal(err.rc, GB_OK);
			continue;
		}
		assert_int_equal(gb_guard_exceeded(&counts, &limits, &BASE), row->broken);
		assert_int_equal(gb_guard_check(&counts, &limits, &BASE, &err), GB_E_GUARD);
		assert_string_equal(err.id, row->id);
		assert_non_null(strstr(err.what, number(text, count)));
		assert_non_null(strstr(err.what, number(text, allowed)));
		assert_string_not_equal(err.undone, "");
		assert_string_not_equal(err.remedy, "");
		assert_int_equal(gb_rc_exit_code(err.rc), 4);
	}
}

static void every_limit_holds_at_n_minus_1_n_and_n_plus_1(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		check_row(&ROWS[i], (struct gb_limit){.count = ALLOWED}, ALLOWED);
		check_row(&ROWS[i], (struct gb_limit){.percent = 5}, ROWS[i].whole / 20);
		check_row(&ROWS[i], (struct gb_limit){.count = ALLOWED, .percent = 5},
			  ROWS[i].whole / 20);
		check_row(&ROWS[i], (struct gb_limit){.count = 500, .percent = 5}, 500);
	}
}

static void the_worst_limit_is_named_first(void **state)
{
	struct gb_plan_counts counts = {.in_scope = 1};
	struct gb_guard_limits limits = {0};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		put(&counts, ROWS[i].count, 1);
		assert_int_equal(gb_guard_exceeded(&counts, &limits, &BASE), ROWS[i].broken);
	}
	counts.in_scope = 0;
	counts.written = BASE.groups;
	assert_int_equal(gb_guard_exceeded(&counts, &limits, &BASE), GB_GUARD_EMPTY_SCOPE);
}

static void a_scope_that_is_empty_all_at_once_stops_the_run(void **state)
{
	static const struct {
		int64_t groups, lapsed, written, in_scope;
		enum gb_guard_limit expected;
	} rows[] = {
		{10, 0, 10, 0, GB_GUARD_EMPTY_SCOPE},
		{10, 0, 11, 0, GB_GUARD_EMPTY_SCOPE},
		{10, 0, 10, 1, GB_GUARD_NONE},
		{10, 0, 9, 0, GB_GUARD_NONE}, /* the tenth: not looked at, and in scope */
		{10, 1, 9, 0, GB_GUARD_EMPTY_SCOPE},
		{10, 9, 1, 0, GB_GUARD_EMPTY_SCOPE}, /* the last one */
		{10, 8, 1, 0, GB_GUARD_NONE},
		{10, 9, 1, 1, GB_GUARD_NONE},
		{10, 10, 0, 0, GB_GUARD_NONE}, /* nothing was looked at */
		{0, 0, 0, 0, GB_GUARD_NONE},
	};
	struct gb_guard_limits limits = no_limits();

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_guard_base base = {.groups = rows[i].groups,
					     .lapsed = rows[i].lapsed};
		struct gb_plan_counts counts = {.written = rows[i].written,
						.in_scope = rows[i].in_scope};
		struct gb_err err;

		assert_int_equal(gb_guard_exceeded(&counts, &limits, &base), rows[i].expected);
		assert_int_equal(gb_guard_check(&counts, &limits, &base, &err),
				 rows[i].expected == GB_GUARD_NONE ? GB_OK : GB_E_GUARD);
	}
}

static void what_waits_counts_against_no_limit(void **state)
{
	struct gb_plan_counts counts = {.in_scope = 1};
	struct gb_guard_limits limits = {0};

	(void)state;
	for (unsigned kind = GB_CHANGE_CREATE; kind <= GB_CHANGE_DELETE; kind++) {
		struct gb_change change = {
			.kind = kind, .member_count = 5, .waits = GB_CAUSE_WAITS_SCOPE};

		gb_guard_count(&counts, &change);
	}
	assert_int_equal(counts.waiting, 7);
	assert_int_equal(counts.changes, 0);
	assert_int_equal(gb_guard_exceeded(&counts, &limits, &BASE), GB_GUARD_NONE);
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
		cmocka_unit_test(every_limit_holds_at_n_minus_1_n_and_n_plus_1),
		cmocka_unit_test(the_worst_limit_is_named_first),
		cmocka_unit_test(a_scope_that_is_empty_all_at_once_stops_the_run),
		cmocka_unit_test(what_waits_counts_against_no_limit),
		cmocka_unit_test(changes_are_counted_by_kind),
		cmocka_unit_test(only_becoming_a_security_group_gives_access),
	};

	return cmocka_run_group_tests_name("plan/guard", tests, NULL, NULL);
}
