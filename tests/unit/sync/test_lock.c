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
		cmocka_unit_test(a_killed_holder_leaves_it_free),
		cmocka_unit_test(a_missing_folder_is_named),
	};

	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
