/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/apply/answer. */
#include "config.h"

#include "engine/apply/answer.h"
#include "tests/unit/unit.h"

#define DONE  GB_NEXT_DONE
#define AGAIN GB_NEXT_AGAIN
#define LOOK  GB_NEXT_LOOK
#define FAIL  GB_NEXT_FAIL
#define STOP  GB_NEXT_STOP

/* What an LDAP result leads to: by kind, and for a create with and without members. */
static const struct row {
	int result;
	enum gb_rc rc;
	enum gb_next create_members, create, attributes, remove, add, rename, move, delete;
} rows[] = {
	{0, GB_OK, DONE, DONE, DONE, DONE, DONE, DONE, DONE, DONE},
	{10, GB_E_CONFIG, STOP, STOP, STOP, STOP, STOP, STOP, STOP, STOP},
	{12, GB_E_CONFIG, STOP, STOP, STOP, STOP, STOP, STOP, STOP, STOP},
	{16, GB_E_CONSTRAINT, FAIL, FAIL, FAIL, LOOK, LOOK, FAIL, FAIL, FAIL},
	{19, GB_E_CONSTRAINT, LOOK, FAIL, FAIL, LOOK, LOOK, FAIL, FAIL, FAIL},
	{20, GB_E_EXISTS, LOOK, FAIL, FAIL, LOOK, LOOK, FAIL, FAIL, FAIL},
	{21, GB_E_CONSTRAINT, LOOK, FAIL, FAIL, LOOK, LOOK, FAIL, FAIL, FAIL},
	{32, GB_E_NOT_FOUND, LOOK, STOP, LOOK, LOOK, LOOK, LOOK, LOOK, DONE},
	{34, GB_E_CONSTRAINT, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL},
	{50, GB_E_ACCESS, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL},
	{53, GB_E_CONSTRAINT, LOOK, FAIL, FAIL, LOOK, LOOK, FAIL, FAIL, FAIL},
	{65, GB_E_CONSTRAINT, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL},
	{66, GB_E_CONSTRAINT, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL},
	{68, GB_E_EXISTS, LOOK, LOOK, FAIL, LOOK, LOOK, LOOK, LOOK, FAIL},
	{9999, GB_E_PROTOCOL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL, FAIL},
};

static void check(const struct row *row, enum gb_change_kind kind, size_t members,
		  enum gb_next expected)
{
	enum gb_next found = gb_answer_decide(&(struct gb_answer){.kind = kind,
								  .members = members,
								  .rc = row->rc,
								  .result = row->result,
								  .outcome_known = true});

	if (found != expected) {
		fail_msg("result %d, kind %d, %zu members: %d, not %d", row->result, (int)kind,
			 members, (int)found, (int)expected);
	}
}

static void every_result_has_its_consequence_for_every_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];

		check(row, GB_CHANGE_CREATE, 3, row->create_members);
		check(row, GB_CHANGE_CREATE, 0, row->create);
		check(row, GB_CHANGE_ATTRIBUTES, 0, row->attributes);
		check(row, GB_CHANGE_REMOVE_MEMBERS, 3, row->remove);
		check(row, GB_CHANGE_ADD_MEMBERS, 3, row->add);
		check(row, GB_CHANGE_RENAME, 0, row->rename);
		check(row, GB_CHANGE_MOVE, 0, row->move);
		check(row, GB_CHANGE_DELETE, 0, row->delete);
	}
}

static void busy_and_silent_servers_are_asked_again_for_every_kind(void **state)
{
	static const int results[] = {3, 11, 51, 52, 80, -1, -5};

	(void)state;
	for (int kind = GB_CHANGE_CREATE; kind <= GB_CHANGE_DELETE; kind++) {
		for (size_t i = 0; i < GB_ARRAY_SIZE(results); i++) {
			struct gb_answer answer = {.kind = (enum gb_change_kind)kind,
						   .members = 1,
						   .rc = GB_E_UNAVAILABLE,
						   .result = results[i],
						   .outcome_known = true,
						   .is_transient = true};

			assert_int_equal(gb_answer_decide(&answer), AGAIN);
			answer.is_transient = false;
			answer.outcome_known = false;
			assert_int_equal(gb_answer_decide(&answer), AGAIN);
		}
	}
}

/* Even a result that would be final says nothing when nobody knows whether the write was done. */
static void an_unknown_outcome_is_never_taken_for_a_refusal(void **state)
{
	(void)state;
	for (size_t i = 1; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_answer answer = {
			.kind = GB_CHANGE_DELETE, .rc = rows[i].rc, .result = rows[i].result};

		assert_int_equal(gb_answer_decide(&answer), AGAIN);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_result_has_its_consequence_for_every_kind),
		cmocka_unit_test(busy_and_silent_servers_are_asked_again_for_every_kind),
		cmocka_unit_test(an_unknown_outcome_is_never_taken_for_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
