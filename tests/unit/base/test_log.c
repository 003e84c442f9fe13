/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/log. */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "engine/base/compiler.h"
#include "engine/base/journal.h"
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
	gb_journal_set_test("/nowhere/at/all");
	gb_log_set_level(GB_LOG_NOTICE);
	*state = capture;
	return 0;
}

static int end_capture(void **state)
{
	struct capture *capture = *state;

	dup2(capture->saved, STDERR_FILENO);
	close(capture->saved);
	unsetenv("JOURNAL_STREAM");
	gb_journal_set_test(NULL);
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

static void lead_to_the_journal(const void *ctx)
{
	struct stat st;

	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	setenv("JOURNAL_STREAM",
	       gb_printf(ctx, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino), 1);
}

/* A socket in place of the journal's; its entries are read with entry(). */
static int listen_as_journal(const struct capture *capture)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/journal", capture->folder);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	gb_journal_set_test(gb_printf(capture, "%s/journal", capture->folder));
	lead_to_the_journal(capture);
	return fd;
}

/* The next entry as "NAME=value" lines, as journald would take it apart; below @ctx. */
static const char *entry(const void *ctx, int fd)
{
	char *bytes = gb_new_array(ctx, char, 65536);
	char *text = gb_strdup(ctx, "");
	ssize_t size = recv(fd, bytes, 65536, 0);
	size_t at = 0;

	assert_true(size > 0);
	while (at < (size_t)size) {
		const char *name = bytes + at;
		char *end = memchr(name, '\n', (size_t)size - at);
		uint64_t length = 0;

		assert_non_null(end);
		assert_null(memchr(name, '=', (size_t)(end - name)));
		for (int i = 8; i > 0; i--) {
			length = length << 8 | (uint8_t)end[i];
		}
		text = gb_printf(ctx, "%s%.*s=%.*s\n", text, (int)(end - name), name, (int)length,
				 end + 9);
		at = (size_t)(end - bytes) + 9 + length;
		assert_true(at < (size_t)size && bytes[at] == '\n');
		at++;
	}
	return text;
}

static void an_entry_of_the_journal_has_fields(void **state)
{
	static const struct gb_guid group = {.bytes = {0xab, 1}};
	const struct capture *capture = *state;
	int fd = listen_as_journal(capture);
	struct gb_err err;

	gb_err_set(&err, GB_E_CONSTRAINT, "ldap-19", "A failed.");
	gb_log_set_run(7);
	gb_log_group_err(GB_LOG_WARNING, "apply", &group, &err);
	assert_string_equal(entry(capture, fd),
			    "MESSAGE=[ldap-19] A failed.\nPRIORITY=4\n"
			    "SYSLOG_IDENTIFIER=groupback-engine\nGROUPBACK_COMPONENT=apply\n"
			    "GROUPBACK_RUN=7\nGROUPBACK_EVENT=ldap-19\n"
			    "GROUPBACK_GROUP=ab010000-0000-0000-0000-000000000000\n");
	gb_log_set_run(0);
	gb_log_event(GB_LOG_NOTICE, "sync", "run-ended", "%d", 5);
	assert_string_equal(entry(capture, fd),
			    "MESSAGE=5\nPRIORITY=5\nSYSLOG_IDENTIFIER=groupback-engine\n"
			    "GROUPBACK_COMPONENT=sync\nGROUPBACK_EVENT=run-ended\n");
	assert_string_equal(captured(capture), "");
	close(fd);
}

/* Whoever may name a group in the cloud would like to write our journal. */
static void a_name_from_outside_cannot_forge_a_field(void **state)
{
	static const char *const names[] = {
		"a\nPRIORITY=0",
		"a\nMESSAGE\n\x05\0\0\0\0\0\0\0other",
		"\nGROUPBACK_GROUP=ab010000-0000-0000-0000-000000000000\n\n",
		"a\r\n<0>kernel: forged",
		"\xe2\x80\xa8PRIORITY=0",
		"\xe2\x80\xae" "evil\x1b]0;title\x07",
	};
	const struct capture *capture = *state;
	int fd = listen_as_journal(capture);

	for (size_t i = 0; i < GB_ARRAY_SIZE(names); i++) {
		const char *text;
		const char *rest;

		gb_log(GB_LOG_NOTICE, "plan", "group %s", names[i]);
		text = entry(capture, fd);
		rest = strchr(text, '\n') + 1;
		assert_string_equal(rest, "PRIORITY=5\nSYSLOG_IDENTIFIER=groupback-engine\n"
					  "GROUPBACK_COMPONENT=plan\n");
		assert_int_equal(strncmp(text, "MESSAGE=group ", strlen("MESSAGE=group ")), 0);
		assert_null(strchr(text, '\x1b'));
	}
	assert_int_equal(recv(fd, &(char){0}, 1, 0), -1);
	close(fd);
}

static void an_entry_that_nobody_takes_is_a_line(void **state)
{
	gb_journal_set_test("/nowhere/at/all");
	lead_to_the_journal(*state);
	gb_log(GB_LOG_ERROR, "sync", "a\nb");
	assert_string_equal(captured(*state), "<3>sync: a\\u{a}b\n");
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
		LOG_TEST(an_entry_of_the_journal_has_fields),
		LOG_TEST(a_name_from_outside_cannot_forge_a_field),
		LOG_TEST(an_entry_that_nobody_takes_is_a_line),
		LOG_TEST(a_name_from_outside_cannot_break_the_line),
		LOG_TEST(lines_below_the_level_are_not_written),
		LOG_TEST(an_error_is_one_line_with_its_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
