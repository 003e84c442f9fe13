/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: cursors, USNs and facts. */
#include "config.h"

#include "tests/unit/state/world.h"

static void a_cursor_comes_back_with_what_it_belongs_to(void **state)
{
	struct world *world = *state;
	struct gb_state_cursor cursor = {.value = "https://graph.example/delta?token=a",
					 .context = "v1.0 id,displayName",
					 .issued_ms = 12345};
	struct gb_state_cursor *back = &cursor;

	OK(gb_state_cursor_get(world, world->state, GB_CURSOR_GROUPS, &back, &err));
	assert_null(back);
	OK(gb_state_cursor_set(world->state, GB_CURSOR_GROUPS, &cursor, &err));
	cursor.value = "other";
	cursor.context = NULL;
	OK(gb_state_cursor_set(world->state, GB_CURSOR_USERS, &cursor, &err));
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	OK(gb_state_cursor_get(world, world->state, GB_CURSOR_GROUPS, &back, &err));
	assert_string_equal(back->value, "https://graph.example/delta?token=a");
	assert_string_equal(back->context, "v1.0 id,displayName");
	assert_int_equal(back->issued_ms, 12345);
	OK(gb_state_cursor_get(world, world->state, GB_CURSOR_USERS, &back, &err));
	assert_null(back->context);
	OK(gb_state_cursor_clear(world->state, GB_CURSOR_GROUPS, &err));
	OK(gb_state_cursor_get(world, world->state, GB_CURSOR_GROUPS, &back, &err));
	assert_null(back);
}

static void usns_are_kept_for_each_replica(void **state)
{
	struct world *world = *state;
	struct gb_guid first = guid_of('i', 1);
	struct gb_guid second = guid_of('i', 2);
	struct gb_guid none = {{0}};
	int64_t usn = 0;

	OK(gb_state_usn_get(world->state, &first, &usn, &err));
	assert_int_equal(usn, -1);
	OK(gb_state_usn_set(world->state, &first, INT64_MAX, &err));
	OK(gb_state_usn_set(world->state, &second, 5, &err));
	OK(gb_state_usn_set(world->state, &second, 6, &err));
	OK(gb_state_usn_set(world->state, &none, 7, &err));
	OK(gb_state_usn_get(world->state, &first, &usn, &err));
	assert_true(usn == INT64_MAX);
	OK(gb_state_usn_get(world->state, &second, &usn, &err));
	assert_int_equal(usn, 6);
	OK(gb_state_usn_get(world->state, &none, &usn, &err));
	assert_int_equal(usn, 7);
	OK(gb_state_usn_clear(world->state, &err));
	OK(gb_state_usn_get(world->state, &first, &usn, &err));
	assert_int_equal(usn, -1);
}

static void facts_are_texts_or_numbers(void **state)
{
	struct world *world = *state;
	const char *text = "untouched";
	int64_t number = 0;

	OK(gb_state_fact_get(world, world->state, GB_FACT_TENANT, &text, &err));
	assert_null(text);
	OK(gb_state_fact_set(world->state, GB_FACT_TENANT, "tenant", &err));
	OK(gb_state_fact_get(world, world->state, GB_FACT_TENANT, &text, &err));
	assert_string_equal(text, "tenant");
	OK(gb_state_fact_set(world->state, GB_FACT_TENANT, NULL, &err));
	OK(gb_state_fact_get(world, world->state, GB_FACT_TENANT, &text, &err));
	assert_null(text);
	OK(gb_state_fact_get_int(world->state, GB_FACT_GENERATION, 42, &number, &err));
	assert_int_equal(number, 42);
	OK(gb_state_fact_set_int(world->state, GB_FACT_GENERATION, INT64_MIN, &err));
	OK(gb_state_fact_get_int(world->state, GB_FACT_GENERATION, 42, &number, &err));
	assert_true(number == INT64_MIN);
}

static void values_have_a_limit(void **state)
{
	struct world *world = *state;
	char *text = gb_new_array(world, char, GB_STATE_MAX_VALUE_BYTES + 2);
	struct gb_state_cursor cursor = {.value = text};
	struct gb_state_cursor *back = NULL;

	memset(text, 'x', GB_STATE_MAX_VALUE_BYTES);
	OK(gb_state_cursor_set(world->state, GB_CURSOR_USERS, &cursor, &err));
	OK(gb_state_cursor_get(world, world->state, GB_CURSOR_USERS, &back, &err));
	assert_string_equal(back->value, text);
	text[GB_STATE_MAX_VALUE_BYTES] = 'x';
	REFUSED(gb_state_cursor_set(world->state, GB_CURSOR_USERS, &cursor, &err), GB_E_CONSTRAINT,
		"state-value-too-long");
	REFUSED(gb_state_fact_set(world->state, GB_FACT_TENANT, text, &err), GB_E_CONSTRAINT,
		"state-value-too-long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_cursor_comes_back_with_what_it_belongs_to),
		IN_WORLD(usns_are_kept_for_each_replica),
		IN_WORLD(facts_are_texts_or_numbers),
		IN_WORLD(values_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
