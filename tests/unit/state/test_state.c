/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: opening, committing, refusing. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "engine/base/clock.h"
#include "engine/state/copy.h"
#include "engine/state/database.h"
#include "engine/state/schema.h"
#include "engine/state/state_private.h"
#include "tests/unit/state/world.h"

static char *beside(struct world *world, const char *suffix)
{
	return gb_printf(world, "%s%s", world->path, suffix);
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static bool knows_person(struct world *world, uint32_t number)
{
	struct gb_guid id = guid_of('c', number);
	int64_t no = 0;

	OK(gb_state_cloud_find(world->state, &id, &no, &err));
	return no != 0;
}

/* Change the file with SQLite's own tools, behind the engine's back. */
static void meddle(struct world *world, const char *sql)
{
	sqlite3 *handle = NULL;

	assert_int_equal(sqlite3_open(world->path, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void is_refused(struct world *world, enum gb_rc rc, const char *id)
{
	struct gb_err err = {0};
	struct gb_state *state = NULL;

	assert_int_equal(gb_state_open(world, world->path, GB_STATE_READ_WRITE, &state, &err), rc);
	assert_string_equal(err.id, id);
	assert_true(err.what[0] && err.undone[0] && err.remedy[0]);
	assert_null(state);
}

static void a_new_state_is_private(void **state)
{
	struct world *world = *state;
	struct stat st;

	assert_true(gb_state_is_new(world->state));
	assert_false(gb_state_was_unclean(world->state));
	assert_int_equal(stat(world->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(beside(world, "-wal"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	world_reopen(world);
	assert_false(gb_state_is_new(world->state));
	assert_false(gb_state_was_unclean(world->state));
}

static void a_closed_state_is_one_file(void **state)
{
	struct world *world = *state;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	world_close(world);
	assert_true(exists(world->path));
	assert_false(exists(beside(world, "-wal")));
	assert_false(exists(beside(world, "-shm")));
	world_open(world);
	assert_true(knows_person(world, 1));
}

static void what_was_not_committed_is_given_up(void **state)
{
	struct world *world = *state;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	put_person(world, 2);
	gb_state_rollback(world->state);
	assert_true(knows_person(world, 1));
	assert_false(knows_person(world, 2));
	put_person(world, 3);
	world_reopen(world);
	assert_true(knows_person(world, 1));
	assert_false(knows_person(world, 3));
}

static void commits_soon_means_after_enough_rows_or_time(void **state)
{
	struct world *world = *state;

	gb_clock_set_test(1000, 1000);
	put_person(world, 1);
	OK(gb_state_commit_soon(world->state, &err));
	gb_state_rollback(world->state);
	assert_false(knows_person(world, 1));
	put_person(world, 1);
	gb_clock_set_test(1000, 1000 + GB_STATE_BATCH_MS);
	OK(gb_state_commit_soon(world->state, &err));
	gb_state_rollback(world->state);
	assert_true(knows_person(world, 1));
	for (uint32_t i = 0; i < GB_STATE_BATCH_ROWS; i++) {
		put_person(world, i + 2);
	}
	OK(gb_state_commit_soon(world->state, &err));
	gb_state_rollback(world->state);
	assert_true(knows_person(world, 2));
	gb_clock_set_test(-1, -1);
}

static void an_unclean_stop_is_noticed(void **state)
{
	struct world *world = *state;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	put_person(world, 2);
	TALLOC_FREE(world->state);
	assert_true(exists(beside(world, "-wal")));
	world_open(world);
	assert_true(gb_state_was_unclean(world->state));
	assert_true(knows_person(world, 1));
	assert_false(knows_person(world, 2));
	world_reopen(world);
	assert_false(gb_state_was_unclean(world->state));
}

static void a_copy_without_its_wal_is_refused(void **state)
{
	struct world *world = *state;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	TALLOC_FREE(world->state);
	assert_int_equal(unlink(beside(world, "-wal")), 0);
	is_refused(world, GB_E_STATE, "state-wal-lost");
}

static void a_newer_state_is_refused_untouched(void **state)
{
	struct world *world = *state;
	char *before = gb_new_array(world, char, 65536);
	char *after;

	world_close(world);
	meddle(world, "PRAGMA user_version = 1000");
	before = unit_read(world, world->path);
	is_refused(world, GB_E_STATE, "state-newer");
	after = unit_read(world, world->path);
	assert_memory_equal(before, after, 65535);
}

static void another_programs_database_is_refused(void **state)
{
	struct world *world = *state;

	world_close(world);
	assert_int_equal(unlink(world->path), 0);
	meddle(world, "CREATE TABLE t (x)");
	assert_int_equal(chmod(world->path, 0600), 0);
	is_refused(world, GB_E_STATE, "state-foreign");
	meddle(world, "DROP TABLE t; PRAGMA application_id = 5");
	is_refused(world, GB_E_STATE, "state-foreign");
}

static void an_older_state_is_brought_up_to_date(void **state)
{
	struct world *world = *state;
	struct gb_db db = {0};
	struct gb_state *reader = NULL;
	int64_t run_no = 0;

	world_close(world);
	assert_int_equal(unlink(world->path), 0);
	unit_write(world->path, "", 0, 0600);
	OK(gb_db_open(&db, "old", world->path, SQLITE_OPEN_READWRITE, &err));
	OK(gb_schema_migrate(&db, 0, 1, &err));
	OK(gb_db_run(&db, "INSERT INTO fact VALUES ('tenant-id', 'kept')", GB_DB_NO_VALUES, &err));
	OK(gb_db_commit(&db, &err));
	gb_db_close(&db);
	REFUSED(gb_state_open(world, world->path, GB_STATE_READ_ONLY, &reader, &err), GB_E_STATE,
		"state-older");
	world_open(world);
	assert_false(gb_state_is_new(world->state));
	OK(gb_state_run_begin(world->state, "delta", &run_no, &err));
	{
		const char *tenant = NULL;

		OK(gb_state_fact_get(world, world->state, GB_FACT_TENANT, &tenant, &err));
		assert_string_equal(tenant, "kept");
	}
}

static int64_t number_of(struct world *world, const char *sql)
{
	int64_t number = -1;

	OK(gb_db_read_int(&world->state->db, sql, GB_DB_NO_VALUES, -1, &number, &err));
	return number;
}

/* Until version 7 a membership was a row. */
static void memberships_of_an_older_state_are_kept(void **state)
{
	struct world *world = *state;
	struct gb_db db = {0};

	world_close(world);
	assert_int_equal(unlink(world->path), 0);
	unit_write(world->path, "", 0, 0600);
	OK(gb_db_open(&db, "old", world->path, SQLITE_OPEN_READWRITE, &err));
	OK(gb_schema_migrate(&db, 0, 7, &err));
	OK(gb_db_execute(&db,
			 "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
			 " WHERE i < 1000)"
			 " INSERT INTO cloud_link SELECT 1 + i % 3, 5000 - 3 * i FROM n;"
			 "INSERT INTO directory_link VALUES (9, 70000), (9, 8), (4711, 1);"
			 "CREATE INDEX cloud_link_member ON cloud_link (member_no, group_no)",
			 &err));
	gb_db_close(&db);
	world_open(world);
	assert_int_equal(number_of(world, "SELECT count(*) FROM cloud_link"), 1000);
	assert_int_equal(
		number_of(world, "SELECT sum(group_no * 10000 + member_no) FROM cloud_link"),
		23498500);
	assert_int_equal(number_of(world, "SELECT count(*) FROM directory_link"), 3);
	assert_int_equal(number_of(world, "SELECT member_no FROM directory_link"
					  " WHERE group_no = 9 AND member_no > 8"),
			 70000);
	assert_int_equal(number_of(world, "SELECT count(*) FROM sqlite_schema WHERE name IN"
					  " ('cloud_link', 'directory_link', 'cloud_link_member')"),
			 0);
}

static void what_is_no_database_is_refused(void **state)
{
	struct world *world = *state;
	static const char text[] = "This is a text, and a longer one than the header of a database "
				   "is, which takes one hundred bytes at the least of all files.";

	world_close(world);
	unit_write(world->path, text, sizeof(text), 0600);
	is_refused(world, GB_E_STATE, "state-corrupt");
}

static void files_that_others_may_touch_are_refused(void **state)
{
	struct world *world = *state;
	char *other = beside(world, ".other");

	world_close(world);
	assert_int_equal(chmod(world->path, 0640), 0);
	is_refused(world, GB_E_CONFIG, "state-untrusted");
	assert_int_equal(chmod(world->path, 0602), 0);
	is_refused(world, GB_E_CONFIG, "state-untrusted");
	assert_int_equal(chmod(world->path, 0600), 0);
	assert_int_equal(link(world->path, other), 0);
	is_refused(world, GB_E_CONFIG, "state-untrusted");
	assert_int_equal(unlink(world->path), 0);
	assert_int_equal(symlink(other, world->path), 0);
	is_refused(world, GB_E_CONFIG, "state-untrusted");
	assert_int_equal(unlink(world->path), 0);
	assert_int_equal(mkfifo(world->path, 0600), 0);
	is_refused(world, GB_E_CONFIG, "state-untrusted");
	assert_int_equal(unlink(world->path), 0);
	assert_int_equal(mkdir(world->path, 0700), 0);
	is_refused(world, GB_E_IO, "state-io");
}

/* Also of a state that an engine has open, and of what it has committed. */
static void a_copy_is_a_whole_state_that_was_closed_in_order(void **state)
{
	struct world *world = *state;
	char *copy = beside(world, ".copy");
	struct gb_state *opened = NULL;
	struct gb_guid id = guid_of('c', 1);
	int64_t no = 0;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	OK(gb_state_copy(world->path, copy, &err));
	OK(gb_state_open(world, copy, GB_STATE_READ_WRITE, &opened, &err));
	assert_false(gb_state_is_new(opened));
	assert_false(gb_state_was_unclean(opened));
	OK(gb_state_cloud_find(opened, &id, &no, &err));
	assert_true(no != 0);
	OK(gb_state_close(opened, &err));
}

static void a_copy_of_nothing_is_not_found(void **state)
{
	struct world *world = *state;
	char *copy = beside(world, ".copy");
	struct gb_err err = {0};

	assert_int_equal(gb_state_copy(beside(world, ".none"), copy, &err), GB_E_NOT_FOUND);
	assert_false(exists(copy));
}

static void a_missing_folder_is_named(void **state)
{
	struct world *world = *state;

	world_close(world);
	world->path = gb_printf(world, "%s/none/state.db", world->folder);
	is_refused(world, GB_E_NOT_FOUND, "state-missing");
}

static void a_reader_sees_what_is_committed_while_a_run_writes(void **state)
{
	struct world *world = *state;
	struct world reader = {.path = world->path};

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	put_person(world, 2);
	OK(gb_state_open(world, world->path, GB_STATE_READ_ONLY, &reader.state, &err));
	assert_true(knows_person(&reader, 1));
	assert_false(knows_person(&reader, 2));
	REFUSED(gb_state_fact_set(reader.state, "x", "y", &err), GB_E_IO, "state-read-only");
	gb_state_rollback(reader.state);
	OK(gb_state_commit(world->state, &err));
	assert_true(knows_person(&reader, 2));
	OK(gb_state_close(reader.state, &err));
	put_person(world, 3);
	OK(gb_state_commit(world->state, &err));
}

static void a_reader_needs_a_state(void **state)
{
	struct world *world = *state;
	struct gb_state *reader = NULL;

	world_close(world);
	assert_int_equal(unlink(world->path), 0);
	REFUSED(gb_state_open(world, world->path, GB_STATE_READ_ONLY, &reader, &err),
		GB_E_NOT_FOUND, "state-missing");
	assert_false(exists(world->path));
}

static void a_state_can_be_read_where_nothing_can_be_written(void **state)
{
	struct world *world = *state;
	struct world reader;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	world_close(world);
	/* Root may write anywhere; a name that leads nowhere for -shm does the same to it. */
	reader.path = gb_printf(world, "%s/a%%3f#b.db", world->folder);
	assert_int_equal(rename(world->path, reader.path), 0);
	assert_int_equal(mkdir(gb_printf(world, "%s-shm", reader.path), 0700), 0);
	assert_int_equal(chmod(world->folder, 0500), 0);
	OK(gb_state_open(world, reader.path, GB_STATE_READ_ONLY, &reader.state, &err));
	assert_true(knows_person(&reader, 1));
	OK(gb_state_close(reader.state, &err));
	assert_int_equal(chmod(world->folder, 0700), 0);
}

static void a_locked_state_is_tried_again_later(void **state)
{
	struct world *world = *state;
	sqlite3 *handle = NULL;

	assert_int_equal(sqlite3_open(world->path, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	REFUSED(gb_state_fact_set(world->state, "x", "y", &err), GB_E_TRY_AGAIN, "state-locked");
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	OK(gb_state_fact_set(world->state, "x", "y", &err));
	OK(gb_state_commit(world->state, &err));
}

/* Limit what any file may grow to; without the signal that would end us. */
static struct rlimit limit_files(rlim_t bytes)
{
	struct rlimit before;
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	return before;
}

static void a_full_disk_stops_before_anything_is_half_done(void **state)
{
	struct world *world = *state;
	struct gb_state_sizes sizes;
	struct gb_err failure = {0};
	struct rlimit before;
	enum gb_rc rc = GB_OK;
	uint32_t number = 2;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	before = limit_files(2 * 1024 * 1024);
	while (rc == GB_OK && number < 200000) {
		struct gb_cloud_member member = person_of(number++);

		rc = gb_state_cloud_put_member(world->state, &member, NULL, NULL, NULL, &failure);
		rc = rc == GB_OK && number % 1000 == 0 ? gb_state_commit(world->state, &failure)
						       : rc;
	}
	assert_int_equal(rc, GB_E_IO);
	assert_true(failure.what[0] && failure.undone[0] && failure.remedy[0]);
	/* Nothing goes on until the transaction is given up. */
	assert_int_equal(gb_state_commit(world->state, &failure), GB_E_IO);
	assert_int_equal(gb_state_fact_set(world->state, "x", "y", &failure), GB_E_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	gb_state_rollback(world->state);
	gb_state_sizes(world->state, &sizes);
	assert_true(sizes.cloud_members >= 1 && sizes.cloud_members < number);
	assert_true(sizes.cloud_members == 1 || sizes.cloud_members % 1000 == 999);
	TALLOC_FREE(world->state);
	world_open(world);
	assert_true(gb_state_was_unclean(world->state));
	{
		struct gb_state_sizes again;

		gb_state_sizes(world->state, &again);
		assert_int_equal(again.cloud_members, sizes.cloud_members);
	}
	assert_true(knows_person(world, (uint32_t)sizes.cloud_members));
	assert_false(knows_person(world, (uint32_t)sizes.cloud_members + 1));
}

static void a_damaged_file_is_refused_or_harmless(void **state)
{
	struct world *world = *state;
	struct unit_chance chance = {4711};
	char *path = world->path;
	struct stat st;
	uint8_t *bytes;
	int fd;
	size_t refused = 0;

	for (uint32_t i = 1; i <= 200; i++) {
		link_cloud(world, put_group(world, i), put_person(world, i));
		link_directory(world, put_written(world, i), put_account(world, i));
	}
	match_due(world);
	OK(gb_state_commit(world->state, &err));
	world_close(world);
	assert_int_equal(stat(path, &st), 0);
	bytes = gb_new_array(world, uint8_t, (size_t)st.st_size);
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, bytes, (size_t)st.st_size), st.st_size);
	close(fd);
	for (int round = 0; round < 150; round++) {
		struct gb_err failure = {0};
		enum gb_rc rc;

		world->path = gb_printf(world, "%s.%d", path, round);
		unit_write(world->path, bytes, (size_t)st.st_size, 0600);
		fd = open(world->path, O_WRONLY);
		for (int flips = 0; flips < 20; flips++) {
			uint8_t byte = (uint8_t)unit_next(&chance);
			/* The first page decides the most. */
			size_t range = flips < 3 ? 4096 : (size_t)st.st_size;

			assert_int_equal(pwrite(fd, &byte, 1,
						(off_t)(100 + unit_below(&chance, range - 100))),
					 1);
		}
		close(fd);
		rc = gb_state_open(world, world->path, GB_STATE_READ_WRITE, &world->state,
				   &failure);
		if (rc == GB_OK) {
			struct gb_state_groups_iter *iter =
				gb_state_groups_begin(world, world->state, GB_GROUPS_ALL);
			const struct gb_state_group *group = NULL;

			do {
				rc = gb_state_groups_next(iter, &group, &failure);
			} while (rc == GB_OK && group);
			gb_state_groups_end(iter);
		}
		/* Any error has its words; a row that vanished is an error like any other. */
		assert_true(rc == GB_OK || failure.what[0]);
		assert_true(rc != GB_E_IO);
		refused += rc == GB_E_STATE;
		TALLOC_FREE(world->state);
	}
	assert_true(refused > 10);
}

static void after_an_unclean_stop_damage_is_found_at_once(void **state)
{
	struct world *world = *state;
	uint8_t page[4096];
	struct stat st;
	int fd;

	for (uint32_t i = 1; i <= 2000; i++) {
		put_person(world, i);
	}
	OK(gb_state_commit(world->state, &err));
	world_reopen(world);
	TALLOC_FREE(world->state);
	assert_int_equal(stat(world->path, &st), 0);
	memset(page, 0xa5, sizeof(page));
	fd = open(world->path, O_WRONLY);
	assert_int_equal(pwrite(fd, page, sizeof(page), st.st_size / 2 / 4096 * 4096), 4096);
	close(fd);
	is_refused(world, GB_E_STATE, "state-corrupt");
}

static void a_refused_state_can_be_set_aside(void **state)
{
	struct world *world = *state;
	char *new_path = NULL;

	put_person(world, 1);
	OK(gb_state_commit(world->state, &err));
	TALLOC_FREE(world->state);
	gb_clock_set_test(0, 0);
	OK(gb_state_set_aside(world, world->path, &new_path, &err));
	gb_clock_set_test(-1, -1);
	assert_string_equal(new_path, beside(world, ".refused-1970-01-01T00:00:00Z"));
	assert_false(exists(world->path));
	assert_false(exists(beside(world, "-wal")));
	assert_true(exists(new_path));
	world_open(world);
	assert_true(gb_state_is_new(world->state));
	world_close(world);
	/* What was set aside is complete. */
	world->path = new_path;
	world_open(world);
	assert_true(knows_person(world, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_new_state_is_private),
		IN_WORLD(a_closed_state_is_one_file),
		IN_WORLD(what_was_not_committed_is_given_up),
		IN_WORLD(commits_soon_means_after_enough_rows_or_time),
		IN_WORLD(an_unclean_stop_is_noticed),
		IN_WORLD(a_copy_without_its_wal_is_refused),
		IN_WORLD(a_newer_state_is_refused_untouched),
		IN_WORLD(another_programs_database_is_refused),
		IN_WORLD(an_older_state_is_brought_up_to_date),
		IN_WORLD(memberships_of_an_older_state_are_kept),
		IN_WORLD(what_is_no_database_is_refused),
		IN_WORLD(files_that_others_may_touch_are_refused),
		IN_WORLD(a_copy_is_a_whole_state_that_was_closed_in_order),
		IN_WORLD(a_copy_of_nothing_is_not_found),
		IN_WORLD(a_missing_folder_is_named),
		IN_WORLD(a_reader_sees_what_is_committed_while_a_run_writes),
		IN_WORLD(a_reader_needs_a_state),
		IN_WORLD(a_state_can_be_read_where_nothing_can_be_written),
		IN_WORLD(a_locked_state_is_tried_again_later),
		IN_WORLD(a_full_disk_stops_before_anything_is_half_done),
		IN_WORLD(a_damaged_file_is_refused_or_harmless),
		IN_WORLD(after_an_unclean_stop_damage_is_found_at_once),
		IN_WORLD(a_refused_state_can_be_set_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
