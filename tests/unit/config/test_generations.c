/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/generations. */
#include "config.h"

#include "engine/config/generations.h"
#include "tests/unit/unit.h"

/* A folder with a configuration in it. */
struct place {
	char *folder;
	char *config;
	char *secret;
};

static int begin(void **state)
{
	struct place *place = gb_new(NULL, struct place);

	place->folder = unit_folder(place);
	place->config = gb_printf(place, "%s/groupback.conf", place->folder);
	place->secret = gb_printf(place, "%s/secret", place->folder);
	unit_write(place->config, "old", 3, 0644);
	*state = place;
	return 0;
}

static int end(void **state)
{
	talloc_free(*state);
	return 0;
}

/* One change: the configuration is replaced, a secret is new. */
static struct gb_generation *change(struct place *place, const char *text)
{
	struct gb_generation *generation;
	struct gb_err err;

	assert_int_equal(gb_generation_begin(place, place->config, &generation, &err), GB_OK);
	assert_int_equal(gb_generation_keep(generation, place->config, &err), GB_OK);
	assert_int_equal(gb_generation_keep(generation, place->secret, &err), GB_OK);
	unit_write(place->config, text, strlen(text), 0644);
	unit_write(place->secret, text, strlen(text), 0600);
	return generation;
}

static void restoring_brings_files_and_their_absence_back(void **state)
{
	struct place *place = *state;
	struct gb_generation *latest;
	struct gb_err err;
	int64_t kept;

	change(place, "new");
	assert_int_equal(gb_generation_latest(place, place->config, &latest, &err), GB_OK);
	assert_int_equal(latest->number, 1);
	assert_int_equal(gb_generation_restore(latest, place->config, &kept, &err), GB_OK);
	assert_string_equal(unit_read(place, place->config), "old");
	assert_int_equal(access(place->secret, F_OK), -1);
	assert_int_equal(kept, 2);
}

static void an_undo_can_be_undone(void **state)
{
	struct place *place = *state;
	struct gb_generation *generation = change(place, "new");
	struct gb_err err;
	struct stat st;
	int64_t kept;

	assert_int_equal(gb_generation_restore(generation, place->config, &kept, &err), GB_OK);
	assert_int_equal(gb_generation_load(place, place->config, kept, &generation, &err), GB_OK);
	assert_int_equal(gb_generation_restore(generation, place->config, &kept, &err), GB_OK);
	assert_string_equal(unit_read(place, place->config), "new");
	assert_int_equal(stat(place->secret, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void what_was_kept_first_stays(void **state)
{
	struct place *place = *state;
	struct gb_generation *generation = change(place, "new");
	struct gb_err err;
	int64_t kept;

	assert_int_equal(gb_generation_keep(generation, place->config, &err), GB_OK);
	assert_int_equal(gb_generation_restore(generation, place->config, &kept, &err), GB_OK);
	assert_string_equal(unit_read(place, place->config), "old");
}

static void only_the_newest_are_kept(void **state)
{
	struct place *place = *state;
	int64_t *numbers;
	struct gb_err err;
	size_t count;

	for (int i = 0; i < GB_GENERATIONS_KEPT + 5; i++) {
		talloc_free(change(place, "x"));
	}
	assert_int_equal(gb_generations_list(place, place->config, &numbers, &count, &err), GB_OK);
	assert_int_equal(count, GB_GENERATIONS_KEPT);
	assert_int_equal(numbers[count - 1], GB_GENERATIONS_KEPT + 5);
	assert_int_equal(numbers[0], 6);
}

static void a_broken_manifest_puts_nothing_back(void **state)
{
	struct place *place = *state;
	struct gb_generation *generation = change(place, "new");
	char *manifest = gb_printf(place, "%s/manifest.json", generation->folder);
	static const char text[] = "{\"madeMs\":1,\"files\":[{\"path\":\"relative\",\"existed\":true}]}";
	struct gb_err err;

	unit_write(manifest, text, strlen(text), 0600);
	assert_int_equal(gb_generation_load(place, place->config, 1, &generation, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "generation-manifest");
	assert_string_equal(unit_read(place, place->config), "new");
}

static void without_a_change_there_is_none(void **state)
{
	struct place *place = *state;
	struct gb_generation *generation;
	struct gb_err err;

	assert_int_equal(gb_generation_latest(place, place->config, &generation, &err), GB_OK);
	assert_null(generation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(restoring_brings_files_and_their_absence_back, begin,
						end),
		cmocka_unit_test_setup_teardown(an_undo_can_be_undone, begin, end),
		cmocka_unit_test_setup_teardown(what_was_kept_first_stays, begin, end),
		cmocka_unit_test_setup_teardown(only_the_newest_are_kept, begin, end),
		cmocka_unit_test_setup_teardown(a_broken_manifest_puts_nothing_back, begin, end),
		cmocka_unit_test_setup_teardown(without_a_change_there_is_none, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
