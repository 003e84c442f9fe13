/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/file. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "engine/base/file.h"
#include "tests/unit/unit.h"

struct place {
	char *folder;
	char *path;
};

static int begin(void **state)
{
	struct place *place = gb_new(NULL, struct place);

	place->folder = unit_folder(place);
	place->path = gb_printf(place, "%s/file", place->folder);
	*state = place;
	return 0;
}

static int end(void **state)
{
	talloc_free(*state);
	return 0;
}

static void refused(struct place *place, const char *path, size_t max_bytes, const char *id)
{
	struct gb_err err = {0};
	char *bytes = NULL;
	size_t length;

	assert_int_equal(gb_file_read_trusted(place, path, max_bytes, &bytes, &length, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, id);
	assert_null(bytes);
}

static void accepted(struct place *place, const char *path, const char *content)
{
	struct gb_err err;
	char *bytes;
	size_t length;

	if (gb_file_read_trusted(place, path, 1024, &bytes, &length, &err) != GB_OK) {
		fail_msg("%s", err.what);
	}
	assert_int_equal(length, strlen(content));
	assert_string_equal(bytes, content);
}

static void an_ordinary_file_is_read_whole(void **state)
{
	struct place *place = *state;

	unit_write(place->path, "abc", 3, 0644);
	accepted(place, place->path, "abc");
	unit_write(place->path, "", 0, 0600);
	accepted(place, place->path, "");
}

static void a_missing_file_says_so(void **state)
{
	struct place *place = *state;
	struct gb_err err;
	char *bytes;
	size_t length;

	assert_int_equal(gb_file_read_trusted(place, place->path, 9, &bytes, &length, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "file-missing");
	assert_int_equal(err.native, ENOENT);
	assert_non_null(strstr(err.what, place->path));
}

static void only_regular_files_are_read(void **state)
{
	struct place *place = *state;

	refused(place, place->folder, 1024, "file-not-regular");
	refused(place, "/dev/null", 1024, "file-not-regular");
	assert_int_equal(mkfifo(place->path, 0600), 0);
	refused(place, place->path, 1024, "file-not-regular");
}

static void links_are_not_followed(void **state)
{
	struct place *place = *state;
	char *other = gb_printf(place, "%s/other", place->folder);

	unit_write(place->path, "abc", 3, 0644);
	assert_int_equal(symlink(place->path, other), 0);
	refused(place, other, 1024, "file-symlink");
	assert_int_equal(unlink(other), 0);
	assert_int_equal(link(place->path, other), 0);
	refused(place, place->path, 1024, "file-hard-links");
	assert_int_equal(unlink(other), 0);
	accepted(place, place->path, "abc");
}

static void a_file_that_others_may_write_is_refused(void **state)
{
	static const mode_t modes[] = {0666, 0664, 0646, 0602, 0620, 0777};
	struct place *place = *state;

	unit_write(place->path, "abc", 3, 0644);
	for (size_t i = 0; i < GB_ARRAY_SIZE(modes); i++) {
		assert_int_equal(chmod(place->path, modes[i]), 0);
		refused(place, place->path, 1024, "file-mode");
	}
	assert_int_equal(chmod(place->path, 0444), 0);
	accepted(place, place->path, "abc");
}

static void only_files_of_root_and_our_own_are_read(void **state)
{
	struct place *place = *state;

	unit_write(place->path, "abc", 3, 0644);
	if (geteuid() == 0) {
		assert_int_equal(chown(place->path, 12345, (gid_t)-1), 0);
		refused(place, place->path, 1024, "file-owner");
	} else {
		char *bytes;
		size_t length;
		struct gb_err err;

		/* Only root can give a file away; that root's are read can be shown. */
		assert_int_equal(gb_file_read_trusted(place, "/etc/passwd", GB_FILE_MAX_BYTES,
						      &bytes, &length, &err),
				 GB_OK);
	}
}

static void a_file_that_is_too_large_is_refused(void **state)
{
	struct place *place = *state;

	unit_write(place->path, "0123456789", 10, 0600);
	refused(place, place->path, 9, "file-too-large");
	accepted(place, place->path, "0123456789");
	assert_int_equal(truncate(place->path, (off_t)1 << 30), 0);
	refused(place, place->path, SIZE_MAX, "file-too-large");
}

static void a_folder_open_to_everybody_is_refused_unless_it_is_sticky(void **state)
{
	struct place *place = *state;
	char *inner = gb_printf(place, "%s/inner", place->folder);
	char *file = gb_printf(place, "%s/file", inner);
	char *detour = gb_printf(place, "%s/detour", place->folder);
	char *through = gb_printf(place, "%s/file", detour);

	assert_int_equal(mkdir(inner, 0700), 0);
	unit_write(file, "abc", 3, 0600);
	assert_int_equal(symlink(inner, detour), 0);
	accepted(place, through, "abc");
	assert_int_equal(chmod(inner, 0777), 0);
	refused(place, file, 1024, "file-folder");
	refused(place, through, 1024, "file-folder");
	assert_int_equal(chmod(inner, 01777), 0);
	accepted(place, file, "abc");
	assert_int_equal(chmod(inner, 0700), 0);
}

static void a_link_cannot_hide_a_folder_open_to_everybody(void **state)
{
	struct place *place = *state;
	char *open_folder = gb_printf(place, "%s/open", place->folder);
	char *inner = gb_printf(place, "%s/inner", open_folder);
	char *file = gb_printf(place, "%s/file", inner);
	char *detour = gb_printf(place, "%s/detour", place->folder);

	assert_int_equal(mkdir(open_folder, 0700), 0);
	assert_int_equal(mkdir(inner, 0700), 0);
	unit_write(file, "abc", 3, 0600);
	assert_int_equal(symlink(inner, detour), 0);
	assert_int_equal(chmod(open_folder, 0777), 0);
	refused(place, gb_printf(place, "%s/file", detour), 1024, "file-folder");
}

static void a_name_is_safe_to_show(void **state)
{
	struct place *place = *state;
	struct gb_err err;
	char *bytes;
	size_t length;

	assert_int_equal(
		gb_file_read_trusted(place, "/nowhere/\x1b[2J\n", 9, &bytes, &length, &err),
		GB_E_CONFIG);
	assert_string_equal(err.what, "/nowhere/\\u{1b}[2J\\u{a} does not exist.");
}

static size_t files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir)) {
		count++;
	}
	closedir(dir);
	return count - 2; /* . and .. */
}

static void a_written_file_has_its_content_and_mode_and_nothing_beside_it(void **state)
{
	struct place *place = *state;
	struct gb_err err;
	struct stat st;

	umask(077);
	assert_int_equal(gb_file_write_atomic(place->path, "one", 3, 0644, &err), GB_OK);
	assert_int_equal(gb_file_write_atomic(place->path, "two!", 4, 0640, &err), GB_OK);
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_string_equal(unit_read(place, place->path), "two!");
	assert_int_equal(files_in(place->folder), 1);
}

static void a_path_without_a_folder_is_written_here(void **state)
{
	struct place *place = *state;
	struct gb_err err;
	char *here = getcwd(NULL, 0);

	assert_int_equal(chdir(place->folder), 0);
	assert_int_equal(gb_file_write_atomic("file", "one", 3, 0600, &err), GB_OK);
	assert_int_equal(chdir(here), 0);
	assert_string_equal(unit_read(place, place->path), "one");
	free(here);
}

static void a_disk_that_is_full_leaves_the_old_file(void **state)
{
	struct place *place = *state;
	char *big = gb_new_array(place, char, 100000);
	const struct rlimit limit = {5000, RLIM_INFINITY};
	struct rlimit before;
	struct gb_err err;
	enum gb_rc rc;

	memset(big, 'x', 100000);
	unit_write(place->path, "old", 3, 0600);
	/* A file-size limit fails in write(2) after some bytes, as a full disk does. */
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	rc = gb_file_write_atomic(place->path, big, 100000, 0600, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(rc, GB_E_IO);
	assert_int_equal(err.native, EFBIG);
	assert_string_equal(unit_read(place, place->path), "old");
	assert_int_equal(files_in(place->folder), 1);
}

static void a_folder_that_is_missing_is_an_error(void **state)
{
	struct place *place = *state;
	char *path = gb_printf(place, "%s/none/file", place->folder);
	struct gb_err err;

	assert_int_equal(gb_file_write_atomic(path, "x", 1, 0600, &err), GB_E_IO);
	assert_non_null(strstr(err.what, "none/file"));
	assert_string_not_equal(err.undone, "");
	assert_string_not_equal(err.remedy, "");
}

static void what_is_no_ordinary_file_is_never_replaced(void **state)
{
	struct place *place = *state;
	struct stat st;
	struct gb_err err;

	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_int_equal(gb_file_write_atomic(place->path, "x", 1, 0600, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "file-not-regular");
	assert_int_equal(lstat(place->path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(files_in(place->folder), 1);
	assert_int_equal(gb_file_write_atomic(place->folder, "x", 1, 0600, &err), GB_E_CONFIG);
}

/* Replaces the file with two contents in turn until it is killed. */
static _Noreturn void replace_for_ever(const char *path)
{
	static char contents[2][20000];

	memset(contents[0], 'a', sizeof(contents[0]));
	memset(contents[1], 'b', sizeof(contents[1]));
	for (size_t i = 0;; i++) {
		if (gb_file_write_atomic(path, contents[i % 2], sizeof(contents[0]), 0600, NULL) !=
		    GB_OK) {
			_exit(1);
		}
	}
}

static void a_writer_killed_at_any_moment_leaves_old_or_new(void **state)
{
	struct place *place = *state;
	struct unit_chance chance = {3};
	char before[20000];
	struct gb_err err;

	memset(before, 'a', sizeof(before));
	unit_write(place->path, before, sizeof(before), 0600);
	for (int i = 0; i < 40; i++) {
		pid_t child = fork();
		size_t length;
		char *bytes;

		assert_true(child >= 0);
		if (child == 0) {
			replace_for_ever(place->path);
		}
		usleep((useconds_t)(5000 + unit_below(&chance, 5000)));
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_int_equal(
			gb_file_read_trusted(place, place->path, 65536, &bytes, &length, &err),
			GB_OK);
		assert_int_equal(length, 20000);
		for (size_t at = 1; at < length; at++) {
			assert_int_equal(bytes[at], bytes[0]);
		}
	}
}

/* Lets the child make so many system calls and kills it as it enters or leaves the next one; false if it
 * ended before. */
static bool is_killed_at(pid_t child, unsigned stop)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	for (unsigned i = 0; WIFSTOPPED(status); i++) {
		if (i == stop) {
			assert_int_equal(kill(child, SIGKILL), 0);
		} else {
			assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
	}
	return WIFSIGNALED(status);
}

static _Noreturn void replace_traced(const char *path)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 || raise(SIGSTOP) != 0) {
		_exit(1);
	}
	_exit(gb_file_write_atomic(path, "new", 3, 0600, NULL) == GB_OK ? 0 : 2);
}

/* F-03 */
static void a_writer_killed_at_each_system_call_leaves_old_or_new(void **state)
{
	struct place *place = *state;
	bool was_killed = true;
	unsigned news = 0;
	unsigned stop;

	for (stop = 0; was_killed && stop < 1000; stop++) {
		const char *now;
		pid_t child;

		unit_write(place->path, "old", 3, 0600);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			replace_traced(place->path);
		}
		was_killed = is_killed_at(child, stop);
		now = unit_read(place, place->path);
		assert_true(strcmp(now, "old") == 0 || strcmp(now, "new") == 0);
		news += strcmp(now, "new") == 0;
	}
	/* Entering and leaving of open, write, fsync, rename, and fsync of the folder at the least. */
	assert_in_range(stop, 10, 999);
	assert_in_range(news, 2, stop - 5);
}

#define FILE_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(an_ordinary_file_is_read_whole),
		FILE_TEST(a_missing_file_says_so),
		FILE_TEST(only_regular_files_are_read),
		FILE_TEST(links_are_not_followed),
		FILE_TEST(a_file_that_others_may_write_is_refused),
		FILE_TEST(only_files_of_root_and_our_own_are_read),
		FILE_TEST(a_file_that_is_too_large_is_refused),
		FILE_TEST(a_folder_open_to_everybody_is_refused_unless_it_is_sticky),
		FILE_TEST(a_link_cannot_hide_a_folder_open_to_everybody),
		FILE_TEST(a_name_is_safe_to_show),
		FILE_TEST(a_written_file_has_its_content_and_mode_and_nothing_beside_it),
		FILE_TEST(a_path_without_a_folder_is_written_here),
		FILE_TEST(a_disk_that_is_full_leaves_the_old_file),
		FILE_TEST(a_folder_that_is_missing_is_an_error),
		FILE_TEST(what_is_no_ordinary_file_is_never_replaced),
		FILE_TEST(a_writer_killed_at_any_moment_leaves_old_or_new),
		FILE_TEST(a_writer_killed_at_each_system_call_leaves_old_or_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
