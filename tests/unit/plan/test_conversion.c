/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/conversion. */
#include "config.h"

#include "engine/base/directory_object.h"
#include "engine/plan/conversion.h"
#include "tests/unit/unit.h"

#define G   GB_GROUP_TYPE_GLOBAL
#define L   GB_GROUP_TYPE_DOMAIN_LOCAL
#define U   GB_GROUP_TYPE_UNIVERSAL
#define SEC GB_GROUP_TYPE_SECURITY

struct row {
	int32_t from;
	int32_t to;
	int32_t members;
	int32_t parents;
	int32_t steps[2]; /* 0: none */
	bool is_blocked;
};

static const struct row ROWS[] = {
	/* nothing, or only security and distribution: nesting does not matter */
	{U | SEC, U | SEC, L, G, {0}, false},
	{U, U | SEC, G | U, G | L | U, {U | SEC}, false},
	{G | SEC, G, U, U, {G}, false},
	/* one step */
	{G | SEC, U | SEC, G, L | U, {U | SEC}, false},
	{L | SEC, U | SEC, G | U, L, {U | SEC}, false},
	{U | SEC, G | SEC, G, G | L | U, {G | SEC}, false},
	{U | SEC, L | SEC, G | L | U, L, {L | SEC}, false},
	/* two steps, by way of universal */
	{G | SEC, L | SEC, G, L, {U | SEC, L | SEC}, false},
	{L | SEC, G | SEC, G, L, {U | SEC, G | SEC}, false},
	{G, L | SEC, 0, 0, {U, L | SEC}, false},
	/* blocked, and what else differs is done */
	{G | SEC, U | SEC, 0, G, {0}, true},
	{G, U | SEC, 0, G, {G | SEC}, true},
	{L | SEC, U | SEC, L, 0, {0}, true},
	{U | SEC, G | SEC, U, 0, {0}, true},
	{U | SEC, G | SEC, L, 0, {0}, true},
	{U | SEC, L | SEC, 0, U, {0}, true},
	{U | SEC, L | SEC, 0, G, {0}, true},
	{G | SEC, L | SEC, 0, G, {0}, true},
	{L | SEC, G | SEC, L, 0, {0}, true},
	{L | SEC, G | SEC, U, 0, {0}, true},
};

static void each_change_of_scope_takes_the_steps_that_the_directory_allows(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(ROWS); i++) {
		const struct row *row = &ROWS[i];
		struct gb_nesting_facts facts = {.members = row->members, .parents = row->parents};
		struct gb_conversion way = gb_conversion_plan(row->from, row->to, &facts);
		size_t count = row->steps[1] ? 2 : row->steps[0] ? 1 : 0;

		if (way.count != count || way.is_blocked != row->is_blocked ||
		    memcmp(way.steps, row->steps, count * sizeof(way.steps[0])) != 0) {
			fail_msg("row %zu: %zu steps, %x %x, %d", i, way.count,
				 (unsigned)way.steps[0], (unsigned)way.steps[1], way.is_blocked);
		}
	}
}

static void no_step_ever_leads_between_global_and_domain_local(void **state)
{
	static const int32_t scopes[] = {G, L, U};

	(void)state;
	for (int32_t i = 0; i < 3 * 3 * 8 * 8; i++) {
		int32_t at = scopes[i % 3];
		int32_t to = scopes[i / 3 % 3];
		struct gb_nesting_facts facts = {.members = (i / 9 % 8) << 1,
						 .parents = (i / 72) << 1};
		struct gb_conversion way = gb_conversion_plan(at, to, &facts);

		for (size_t n = 0; n < way.count; n++) {
			assert_true(at == U || way.steps[n] == U);
			at = way.steps[n];
		}
		assert_true(way.is_blocked || at == to);
	}
}

static void scopes_have_their_bits(void **state)
{
	(void)state;
	assert_int_equal(gb_conversion_scope_bit(GB_GROUP_SCOPE_UNIVERSAL), 8);
	assert_int_equal(gb_conversion_scope_bit(GB_GROUP_SCOPE_GLOBAL), 2);
	assert_int_equal(gb_conversion_scope_bit(GB_GROUP_SCOPE_DOMAIN_LOCAL), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_of_scope_takes_the_steps_that_the_directory_allows),
		cmocka_unit_test(no_step_ever_leads_between_global_and_domain_local),
		cmocka_unit_test(scopes_have_their_bits),
	};

	return cmocka_run_group_tests_name("plan/conversion", tests, NULL, NULL);
}
