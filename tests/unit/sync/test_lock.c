/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/sync/lock. */
#include "config.h"

#include <signal.h>
#include <sys/wait.h>

#include "engine/sync/lock.h"
#include "tests/unit/unit.h"

static void the_second_is_told_who_holds_it(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	char *folder = unit_folder(ctx);
	struct gb_lock *first;
	struct gb_lock *second;
	struct gb_err err;
	char pid[32];

	(void)state;
	assert_int_equal(gb_lock_take(ctx, folder, &first, &err), GB_OK);
	assert_int_equal(gb_lock_take(ctx, folder, &second, &err), GB_E_TRY_AGAIN);
	snprintf(pid, sizeof(pid), "process %ld", (long)getpid());
	assert_non_null(strstr(err.what, pid));
	talloc_free(first);
	assert_int_equal(gb_lock_take(ctx, folder, &second, &err), GB_OK);
	talloc_free(ctx);
}

static void who_only_looks_makes_nothing(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	char *folder = unit_folder(ctx);
	char *path = gb_printf(ctx, "%s/lock", folder);
	struct gb_lock *lock;
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_lock_probe(folder, &err), GB_OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(gb_lock_take(ctx, folder, &lock, &err), GB_OK);
	assert_int_equal(gb_lock_probe(folder, &err), GB_E_TRY_AGAIN);
	assert_non_null(strstr(err.what, "process "));
	talloc_free(lock);
	assert_int_equal(gb_lock_probe(folder, &err), GB_OK);
	assert_int_equal(gb_lock_take(ctx, folder, &lock, &err), GB_OK);
	talloc_free(ctx);
}

/* H19 */
static void of_fifty_at_once_one_gets_it(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	char *folder = unit_folder(ctx);
	int gate[2];
	unsigned winners = 0;
	int last = 0;

	(void)state;
	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < 50; i++) {
		if (fork() == 0) {
			struct gb_lock *lock;
			struct gb_err err;
			char byte;

			/* Whoever has it keeps it until all have tried: the gate opens at the end. */
			bool won = gb_lock_take(NULL, folder, &lock, &err) == GB_OK;

			close(gate[1]);
			while (won && read(gate[0], &byte, 1) > 0) {
			}
			_exit(won ? 1 : 0);
		}
	}
	for (int i = 0; i < 49; i++) {
		int status;

		assert_true(wait(&status) > 0);
		winners += WEXITSTATUS(status);
	}
	close(gate[0]);
	close(gate[1]);
	assert_int_equal(winners, 0);
	assert_true(wait(&last) > 0);
	assert_int_equal(WEXITSTATUS(last), 1);
	talloc_free(ctx);
}

static void a_killed_holder_leaves_it_free(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	char *folder = unit_folder(ctx);
	struct gb_lock *lock;
	struct gb_err err;
	int ready[2];
	pid_t child;
	char byte;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (gb_lock_take(ctx, folder, &lock, &err) == GB_OK &&
		    write(ready[1], "x", 1) == 1) {
			pause();
		}
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(gb_lock_take(ctx, folder, &lock, &err), GB_E_TRY_AGAIN);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(gb_lock_take(ctx, folder, &lock, &err), GB_OK);
	talloc_free(ctx);
}

static void a_missing_folder_is_named(void **state)
{
	struct gb_lock *lock;
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_lock_take(NULL, "/nonexistent/groupback", &lock, &err), GB_E_IO);
	assert_non_null(strstr(err.what, "/nonexistent/groupback/lock"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_is_told_who_holds_it),
		cmocka_unit_test(who_only_looks_makes_nothing),
		cmocka_unit_test(of_fifty_at_once_one_gets_it),
		cmocka_unit_test(a_killed_holder_leaves_it_free),
		cmocka_unit_test(a_missing_folder_is_named),
	};

	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
