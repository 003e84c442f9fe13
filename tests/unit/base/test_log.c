/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/log. */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>

#include "engine/base/log.h"
#include "tests/unit/unit.h"

/* Standard error goes to a file in a folder of its own while a test runs. */
struct capture {
	char *folder;
	char *path;
	int saved;
};

static int begin_capture(void **state)
{
	struct capture *capture = gb_new(NULL, struct capture);
	int fd;

	capture->folder = unit_folder(capture);
	capture->path = gb_printf(capture, "%s/log", capture->folder);
	capture->saved = dup(STDERR_FILENO);
	fd = open(capture->path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(fd, STDERR_FILENO);
	close(fd);
	unsetenv("JOURNAL_STREAM");
	gb_log_set_level(GB_LOG_NOTICE);
	*state = capture;
	return 0;
}

static int end_capture(void **state)
{
	struct capture *capture = *state;

	dup2(capture->saved, STDERR_FILENO);
	close(capture->saved);
	talloc_free(capture);
	return 0;
}

static const char *captured(const struct capture *capture)
{
	return unit_read(capture, capture->path);
}

static void a_line_carries_its_level_and_room(void **state)
{
	gb_log(GB_LOG_WARNING, "cloud", "slow: %d ms", 900);
	assert_string_equal(captured(*state), "warning: cloud: slow: 900 ms\n");
}

static void the_journal_gets_the_priority(void **state)
{
	struct stat st;
	char *stream;

	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	stream = gb_printf(*state, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	gb_log(GB_LOG_ERROR, "sync", "x");
	setenv("JOURNAL_STREAM", "1:2", 1); /* somebody else's stream */
	gb_log(GB_LOG_ERROR, "sync", "x");
	unsetenv("JOURNAL_STREAM");
	assert_string_equal(captured(*state), "<3>sync: x\nerror: sync: x\n");
}

static void a_name_from_outside_cannot_break_the_line(void **state)
{
	gb_log(GB_LOG_NOTICE, "plan", "group %s", "a\nerror: forged\x1b[2J\xff");
	assert_string_equal(captured(*state),
			    "notice: plan: group a\\u{a}error: forged\\u{1b}[2J\\xff\n");
}

static void lines_below_the_level_are_not_written(void **state)
{
	gb_log(GB_LOG_INFO, "plan", "hidden");
	gb_log_set_level(GB_LOG_DEBUG);
	gb_log(GB_LOG_DEBUG, "plan", "shown");
	assert_true(gb_log_enabled(GB_LOG_DEBUG));
	gb_log_set_level(GB_LOG_ERROR);
	assert_false(gb_log_enabled(GB_LOG_WARNING));
	gb_log(GB_LOG_WARNING, "plan", "hidden too");
	assert_string_equal(captured(*state), "debug: plan: shown\n");
}

static void an_error_is_one_line_with_its_id(void **state)
{
	struct gb_err err;

	gb_err_set(&err, GB_E_IO, "disk-full", "A failed.");
	gb_err_remedy(&err, "Do B.");
	gb_log_err(GB_LOG_ERROR, "state", &err);
	assert_string_equal(captured(*state), "error: state: [disk-full] A failed. Do B.\n");
}

#define LOG_TEST(f) cmocka_unit_test_setup_teardown(f, begin_capture, end_capture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(a_line_carries_its_level_and_room),
		LOG_TEST(the_journal_gets_the_priority),
		LOG_TEST(a_name_from_outside_cannot_break_the_line),
		LOG_TEST(lines_below_the_level_are_not_written),
		LOG_TEST(an_error_is_one_line_with_its_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
