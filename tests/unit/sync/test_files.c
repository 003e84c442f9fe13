/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the state directory that somebody edited, cut or damaged: plans, audit, adopted groups. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/base/digest.h"
#include "engine/base/mem.h"
#include "engine/sync/adoption.h"
#include "engine/sync/audit.h"
#include "engine/sync/plan_file.h"
#include "tests/unit/unit.h"

#define G1 "11111111-2222-4333-8444-555555555501"
#define G2 "11111111-2222-4333-8444-555555555502"

static char *path_in(const char *folder, const char *name)
{
	return gb_printf(folder, "%s/%s", folder, name);
}

static void put(const char *path, const char *text, size_t length)
{
	unit_write(path, text, length, 0600);
}

static const char *hex_of(const char *text, size_t length, char hex[GB_DIGEST_HEX_BYTES])
{
	struct gb_digest *digest = gb_digest_new(NULL);

	gb_digest_add(digest, text, length);
	gb_digest_end(digest, hex);
	talloc_free(digest);
	return hex;
}

/* Plans. */

static const char HEADER[] =
	"{\"kind\":\"groupback-plan\",\"schema\":1,\"tenant\":\"t\",\"domain\":"
	"\"d\",\"container\":\"c\",\"state\":\"s\",\"configuration\":\"x\"}\n";
static const char CHANGES[] =
	"{\"group\":\"" G1 "\",\"op\":\"create\",\"name\":\"One\",\"dn\":\"CN=One\"}\n"
	"{\"group\":\"" G2 "\",\"op\":\"add-members\",\"members\":[\"S-1-5-21-1\"]}\n";

/* A plan file with @header and @changes, and an end that fits them. */
static char *plan_of(const void *ctx, const char *header, const char *changes, int count)
{
	char *lines = gb_printf(ctx, "%s%s", header, changes);
	char hex[GB_DIGEST_HEX_BYTES];

	return gb_printf(ctx, "%s{\"changes\":%d,\"digest\":\"%s\"}\n", lines, count,
			 hex_of(lines, strlen(lines), hex));
}

static enum gb_rc read_plan(const char *path, struct gb_err *err)
{
	struct gb_plan_file *file = NULL;
	enum gb_rc rc;

	gb_err_clear(err);
	rc = gb_plan_file_read(NULL, path, &file, err);
	talloc_free(file);
	return rc;
}

static void a_plan_that_nobody_touched_is_read(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "plan.json");
	char *plan = plan_of(folder, HEADER, CHANGES, 2);
	struct gb_err err;

	(void)state;
	put(path, plan, strlen(plan));
	assert_int_equal(read_plan(path, &err), GB_OK);
	talloc_free(folder);
}

static void any_flipped_bit_of_a_plan_is_found(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "plan.json");
	char *plan = plan_of(folder, HEADER, CHANGES, 2);
	size_t length = strlen(plan);
	struct gb_err err;

	(void)state;
	for (size_t at = 0; at < length; at++) {
		char kept = plan[at];

		plan[at] = (char)(kept ^ (1 << (at % 7)));
		put(path, plan, length);
		assert_int_equal(read_plan(path, &err), GB_E_PROTOCOL);
		assert_string_equal(err.id, "plan-file");
		plan[at] = kept;
	}
	talloc_free(folder);
}

static void a_plan_that_was_cut_anywhere_is_refused(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "plan.json");
	char *plan = plan_of(folder, HEADER, CHANGES, 2);
	struct gb_err err;

	(void)state;
	for (size_t length = 0; length < strlen(plan); length++) {
		put(path, plan, length);
		assert_int_equal(read_plan(path, &err), GB_E_PROTOCOL);
	}
	talloc_free(folder);
}

/* Whoever edits a plan may compute its digest anew: what is no plan is refused all the same. */
static void a_plan_with_a_good_digest_and_bad_lines_is_refused(void **state)
{
	static const struct {
		const char *header;
		const char *changes;
		int count;
	} rows[] = {
		{"{\"kind\":\"groupback-plan\",\"schema\":2}\n", CHANGES, 2},
		{"{\"kind\":\"something\",\"schema\":1}\n", CHANGES, 2},
		{"{\"schema\":1}\n", CHANGES, 2},
		{"[]\n", CHANGES, 2},
		{"\n", CHANGES, 2},
		{HEADER, CHANGES, 1},
		{HEADER, CHANGES, -1},
		{HEADER, "{\"op\":\"create\"}\n", 1},
		{HEADER, "{\"group\":7,\"op\":\"create\"}\n", 1},
		{HEADER, "{\"group\":\"not-an-id\",\"op\":\"create\"}\n", 1},
		{HEADER, "{\"group\":\"" G1 "\",\"group\":\"" G2 "\",\"op\":\"create\"}\n", 1},
		{HEADER, "{\"group\":\"" G1 "\",\"name\":\"\xff\"}\n", 1},
		{HEADER, "not json\n", 1},
		{HEADER, "{\"changes\":0,\"digest\":\"\"}\n", 1},
	};
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "plan.json");
	struct gb_err err;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		char *plan = plan_of(folder, rows[i].header, rows[i].changes, rows[i].count);

		put(path, plan, strlen(plan));
		assert_int_equal(read_plan(path, &err), GB_E_PROTOCOL);
		assert_true(err.what[0] != '\0' && err.undone[0] != '\0');
	}
	talloc_free(folder);
}

static void what_stands_behind_the_end_of_a_plan_is_refused(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "plan.json");
	char *plan = plan_of(folder, HEADER, CHANGES, 2);
	char *more = gb_printf(folder, "%s%s", plan, CHANGES);
	struct gb_err err;

	(void)state;
	put(path, more, strlen(more));
	assert_int_equal(read_plan(path, &err), GB_E_PROTOCOL);
	talloc_free(folder);
}

static void noise_is_no_plan(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "plan.json");
	struct unit_chance chance = {.state = 7};
	struct gb_err err;
	char noise[400];

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t length = unit_below(&chance, sizeof(noise));

		for (size_t i = 0; i < length; i++) {
			noise[i] = "{}[]\",:\\\n0x\xc3 "[unit_below(&chance, 13)];
		}
		put(path, noise, length);
		assert_int_equal(read_plan(path, &err), GB_E_PROTOCOL);
	}
	talloc_free(folder);
}

/* Audit. */

#define AUDIT_LINES 4

/* A chain of lines; *ret_last is where the last one begins. */
static char *audit_of(const void *ctx, size_t *ret_last)
{
	char *text = gb_strdup(ctx, "");
	char hex[GB_DIGEST_HEX_BYTES] = "";

	for (int n = 1; n <= AUDIT_LINES; n++) {
		char *line = gb_printf(
			ctx, "{\"v\":1,\"n\":%d,\"prev\":\"%s\",\"kind\":\"intent\",\"run\":7}", n,
			hex);

		*ret_last = strlen(text);
		hex_of(line, strlen(line), hex);
		text = gb_printf(ctx, "%s%s\n", text, line);
	}
	return text;
}

static enum gb_rc verify(const char *path, struct gb_audit_verdict *ret_verdict)
{
	struct gb_err err;

	gb_err_clear(&err);
	return gb_audit_verify(NULL, &path, 1, ret_verdict, &err);
}

static void an_audit_that_nobody_touched_is_whole(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "audit.jsonl");
	struct gb_audit_verdict verdict;
	size_t last;
	char *text = audit_of(folder, &last);

	(void)state;
	put(path, text, strlen(text));
	assert_int_equal(verify(path, &verdict), GB_OK);
	assert_int_equal(verdict.lines, AUDIT_LINES);
	assert_int_equal(verdict.last_n, AUDIT_LINES);
	assert_false(verdict.is_half);
	talloc_free(folder);
}

/* The last line hangs on nothing but the link that the state keeps. */
static void any_flipped_bit_before_the_last_line_of_an_audit_is_found(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "audit.jsonl");
	struct gb_audit_verdict verdict;
	size_t last;
	char *text = audit_of(folder, &last);

	(void)state;
	for (size_t at = 0; at < last; at++) {
		char kept = text[at];

		text[at] = (char)(kept ^ (1 << (at % 7)));
		put(path, text, strlen(text));
		assert_int_equal(verify(path, &verdict), GB_E_PROTOCOL);
		text[at] = kept;
	}
	talloc_free(folder);
}

static void an_audit_that_was_cut_in_a_line_says_so(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "audit.jsonl");
	struct gb_audit_verdict verdict;
	size_t last;
	char *text = audit_of(folder, &last);

	(void)state;
	put(path, text, last + 10);
	assert_int_equal(verify(path, &verdict), GB_OK);
	assert_true(verdict.is_half);
	assert_int_equal(verdict.lines, AUDIT_LINES - 1);
	talloc_free(folder);
}

static void an_audit_without_one_of_its_lines_is_broken(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, "audit.jsonl");
	struct gb_audit_verdict verdict;
	size_t last;
	char *text = audit_of(folder, &last);

	(void)state;
	for (int missing = 2; missing < AUDIT_LINES; missing++) {
		char *left = gb_strdup(folder, "");
		char *copy = gb_strdup(folder, text);
		char *at = copy;

		for (int n = 1; n <= AUDIT_LINES; n++) {
			char *end = strchr(at, '\n');

			*end = '\0';
			left = n == missing ? left : gb_printf(folder, "%s%s\n", left, at);
			at = end + 1;
		}
		put(path, left, strlen(left));
		assert_int_equal(verify(path, &verdict), GB_E_PROTOCOL);
	}
	talloc_free(folder);
}

/* Adopted groups. */

#define ADOPTED                                                                                  \
	"{\"schema\":1,\"group\":\"" G1 "\",\"name\":\"One\",\"maker\":\"entra-connect\","       \
	"\"sinceMs\":1000,\"released\":false,\"dn\":\"CN=Old,OU=c\",\"values\":[{\"attribute\":" \
	"\"displayName\",\"before\":\"Old\"},{\"attribute\":\"description\",\"before\":null}],"  \
	"\"removed\":[\"S-1-5-21-1-2-3-1104\"],\"added\":[\"CN=Ada\"]}\n"

static enum gb_rc load(const char *folder, const char *text, size_t length,
		       struct gb_adoption **ret_adoption)
{
	struct gb_adoption *adoption = gb_adoption_new(folder, folder);
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	put(path_in(folder, GB_ADOPTION_FILE), text, length);
	rc = gb_adoption_load(adoption, &err);
	if (rc != GB_OK) {
		assert_int_equal(rc, GB_E_STATE);
		assert_string_equal(err.id, "adoption-damaged");
	}
	*ret_adoption = adoption;
	return rc;
}

static void what_a_group_was_is_read_as_it_was_written(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = path_in(folder, GB_ADOPTION_FILE);
	struct gb_adoption *adoption;
	struct gb_adopted_group *group;
	struct gb_guid id;
	struct gb_err err;

	(void)state;
	assert_true(gb_guid_parse(G1, &id));
	assert_int_equal(load(folder, ADOPTED, strlen(ADOPTED), &adoption), GB_OK);
	group = gb_adoption_find(adoption, &id);
	assert_non_null(group);
	assert_int_equal(group->maker, GB_MAKER_ENTRA_CONNECT);
	assert_string_equal(group->dn, "CN=Old,OU=c");
	assert_int_equal(group->value_count, 2);
	assert_string_equal(group->values[0].old_value, "Old");
	assert_null(group->values[1].old_value);
	assert_string_equal(group->removed.names[0], "S-1-5-21-1-2-3-1104");
	adoption->is_changed = true;
	assert_int_equal(gb_adoption_save(adoption, &err), GB_OK);
	assert_string_equal(unit_read(folder, path), ADOPTED);
	gb_adoption_release(adoption, group);
	assert_null(gb_adoption_find(adoption, &id));
	talloc_free(folder);
}

static void without_a_file_nothing_was_taken_over(void **state)
{
	char *folder = unit_folder(NULL);
	struct gb_adoption *adoption = gb_adoption_new(folder, folder);
	struct gb_guid id = {.bytes = {1}};
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_adoption_load(adoption, &err), GB_OK);
	assert_null(gb_adoption_find(adoption, &id));
	talloc_free(folder);
}

static void a_damaged_record_is_refused_and_never_half_taken(void **state)
{
	static const char *const rows[] = {
		"\n",
		"{}\n",
		"not json\n",
		ADOPTED ADOPTED,
		"{\"schema\":2,\"group\":\"" G1 "\",\"maker\":\"cloud-sync\",\"sinceMs\":1,"
		"\"values\":[],\"removed\":[],\"added\":[]}\n",
		"{\"schema\":1,\"group\":\"x\",\"maker\":\"cloud-sync\",\"sinceMs\":1,\"values\":[]"
		","
		"\"removed\":[],\"added\":[]}\n",
		"{\"schema\":1,\"group\":\"" G1 "\",\"maker\":\"me\",\"sinceMs\":1,\"values\":[],"
		"\"removed\":[],\"added\":[]}\n",
		"{\"schema\":1,\"group\":\"" G1 "\",\"maker\":\"cloud-sync\",\"values\":[],"
		"\"removed\":[],\"added\":[]}\n",
		"{\"schema\":1,\"group\":\"" G1 "\",\"maker\":\"cloud-sync\",\"sinceMs\":1,"
		"\"values\":[{\"before\":\"x\"}],\"removed\":[],\"added\":[]}\n",
		"{\"schema\":1,\"group\":\"" G1 "\",\"maker\":\"cloud-sync\",\"sinceMs\":1,"
		"\"values\":[],\"removed\":[7],\"added\":[]}\n",
	};
	char *folder = unit_folder(NULL);
	struct gb_adoption *adoption;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		assert_int_equal(load(folder, rows[i], strlen(rows[i]), &adoption), GB_E_STATE);
	}
	assert_int_equal(load(folder, ADOPTED, strlen(ADOPTED) - 1, &adoption), GB_E_STATE);
	talloc_free(folder);
}

/* It has no digest: a flipped bit may make another good line, and never an accident. */
static void any_flipped_bit_of_a_record_is_survived(void **state)
{
	char *folder = unit_folder(NULL);
	char *text = gb_strdup(folder, ADOPTED);

	(void)state;
	for (size_t at = 0; at < strlen(ADOPTED); at++) {
		struct gb_adoption *adoption;
		char kept = text[at];

		text[at] = (char)(kept ^ (1 << (at % 7)));
		(void)load(folder, text, strlen(ADOPTED), &adoption);
		talloc_free(adoption);
		text[at] = kept;
	}
	talloc_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_that_nobody_touched_is_read),
		cmocka_unit_test(any_flipped_bit_of_a_plan_is_found),
		cmocka_unit_test(a_plan_that_was_cut_anywhere_is_refused),
		cmocka_unit_test(a_plan_with_a_good_digest_and_bad_lines_is_refused),
		cmocka_unit_test(what_stands_behind_the_end_of_a_plan_is_refused),
		cmocka_unit_test(noise_is_no_plan),
		cmocka_unit_test(an_audit_that_nobody_touched_is_whole),
		cmocka_unit_test(any_flipped_bit_before_the_last_line_of_an_audit_is_found),
		cmocka_unit_test(an_audit_that_was_cut_in_a_line_says_so),
		cmocka_unit_test(an_audit_without_one_of_its_lines_is_broken),
		cmocka_unit_test(what_a_group_was_is_read_as_it_was_written),
		cmocka_unit_test(without_a_file_nothing_was_taken_over),
		cmocka_unit_test(a_damaged_record_is_refused_and_never_half_taken),
		cmocka_unit_test(any_flipped_bit_of_a_record_is_survived),
	};

	return cmocka_run_group_tests_name("sync/files", tests, NULL, NULL);
}
