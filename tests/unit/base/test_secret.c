/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/secret. */
#include "config.h"

#include <inttypes.h>

#include "engine/base/secret.h"
#include "tests/unit/unit.h"

static enum gb_rc read_back(char *folder, const void *bytes, size_t length,
			    struct gb_secret **ret_secret, struct gb_err *err)
{
	char *path = gb_printf(folder, "%s/secret", folder);

	unit_write(path, bytes, length, 0600);
	return gb_secret_read_file(folder, path, ret_secret, err);
}

static void a_secret_keeps_its_bytes_and_compares(void **state)
{
	struct gb_secret *a = gb_secret_new(NULL, "p\0q", 3);
	struct gb_secret *b = gb_secret_new(a, "p\0q", 3);
	struct gb_secret *c = gb_secret_new(a, "p\0r", 3);
	struct gb_secret *d = gb_secret_new(a, "p", 1);
	struct gb_secret *empty = gb_secret_new(a, NULL, 0);

	(void)state;
	assert_int_equal(gb_secret_length(a), 3);
	assert_memory_equal(gb_secret_bytes(a), "p\0q", 4);
	assert_true(gb_secret_equal(a, b));
	assert_false(gb_secret_equal(a, c));
	assert_false(gb_secret_equal(a, d));
	assert_string_equal(gb_secret_bytes(empty), "");
	talloc_free(a);
}

/* The flags of the mapping that holds @address, from /proc/self/smaps. */
static char *mapping_flags(void *ctx, const void *address)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	char line[512];
	bool inside = false;
	char *flags = NULL;

	assert_non_null(file);
	while (!flags && fgets(line, sizeof(line), file)) {
		uintptr_t from;
		uintptr_t to;

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2) {
			inside = (uintptr_t)address >= from && (uintptr_t)address < to;
		} else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
			flags = gb_strdup(ctx, line);
		}
	}
	fclose(file);
	return flags;
}

static void a_secret_stays_out_of_cores(void **state)
{
	struct gb_secret *secret = gb_secret_new(NULL, "x", 1);
	char *flags = mapping_flags(secret, gb_secret_bytes(secret));

	(void)state;
	assert_non_null(flags);
	assert_non_null(strstr(flags, " dd")); /* do not include area into core dump, proc(5) */
	talloc_free(secret);
}

/* Whether our memory holds @needle anywhere but at @needle itself. */
static bool memory_holds(const char *needle, size_t length)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	FILE *memory = fopen("/proc/self/mem", "r");
	static char block[1 << 16];
	char line[512];
	bool found = false;

	assert_non_null(maps);
	assert_non_null(memory);
	setvbuf(memory, NULL, _IONBF, 0); /* else a copy of what was read stays in its buffer */
	while (!found && fgets(line, sizeof(line), maps)) {
		uintptr_t from;
		uintptr_t to;
		size_t got;

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " rw-p", &from, &to) != 2 ||
		    !strstr(line, "rw-p") || strstr(line, "[stack]") || to - from > (1 << 26)) {
			continue;
		}
		for (; !found && from < to; from += got) {
			if (fseeko(memory, (off_t)from, SEEK_SET) != 0) {
				break;
			}
			got = fread(block, 1, to - from < sizeof(block) ? to - from : sizeof(block),
				    memory);
			if (got == 0) {
				break;
			}
			found = memmem(block, got, needle, length) != NULL &&
				!(from <= (uintptr_t)block && (uintptr_t)block < from + got);
		}
	}
	memset(block, 0, sizeof(block));
	fclose(memory);
	fclose(maps);
	return found;
}

static void a_freed_secret_is_gone_from_memory(void **state)
{
	char needle[33];
	struct unit_chance chance = {(uint64_t)getpid()};
	struct gb_secret *secret;

	(void)state;
	for (size_t i = 0; i < sizeof(needle) - 1; i++) {
		needle[i] = (char)('a' + unit_below(&chance, 26));
	}
	needle[32] = '\0';
	secret = gb_secret_new(NULL, needle, 32);
	assert_true(memory_holds(needle, 32));
	talloc_free(secret);
	assert_false(memory_holds(needle, 32));
}

static void exactly_one_line_end_is_cut(void **state)
{
	static const char *const pairs[][2] = {
		{"p", "p"},     {"p\n", "p"}, {"p\r\n", "p"},     {"p\n\n", "p\n"},
		{"p \n", "p "}, {" p", " p"}, {"a\nb\n", "a\nb"}, {"p\r", "p\r"},
	};
	char *folder = unit_folder(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		struct gb_secret *secret;
		struct gb_err err;

		assert_int_equal(read_back(folder, pairs[i][0], strlen(pairs[i][0]), &secret, &err),
				 GB_OK);
		assert_string_equal(gb_secret_bytes(secret), pairs[i][1]);
		assert_int_equal(gb_secret_length(secret), strlen(pairs[i][1]));
	}
	talloc_free(folder);
}

static void what_cannot_be_a_secret_is_refused_without_showing_it(void **state)
{
	char *folder = unit_folder(NULL);
	char *big = gb_new_array(folder, char, GB_SECRET_MAX_BYTES + 3);
	struct gb_secret *secret = NULL;
	struct gb_err err;

	(void)state;
	memset(big, 'x', GB_SECRET_MAX_BYTES + 2);
	assert_int_equal(read_back(folder, "", 0, &secret, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "secret-empty");
	assert_int_equal(read_back(folder, "\n", 1, &secret, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "secret-empty");
	assert_int_equal(read_back(folder, "hidden\0word", 11, &secret, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "secret-nul");
	assert_null(strstr(err.what, "hidden"));
	assert_int_equal(read_back(folder, big, GB_SECRET_MAX_BYTES + 1, &secret, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "secret-too-long");
	assert_int_equal(read_back(folder, big, GB_SECRET_MAX_BYTES + 3, &secret, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "file-too-large");
	assert_null(secret);
	assert_int_equal(read_back(folder, big, GB_SECRET_MAX_BYTES, &secret, &err), GB_OK);
	assert_int_equal(gb_secret_length(secret), GB_SECRET_MAX_BYTES);
	talloc_free(folder);
}

static void a_file_that_others_may_read_is_refused(void **state)
{
	static const struct {
		mode_t mode;
		enum gb_rc rc;
	} cases[] = {{0600, GB_OK},       {0400, GB_OK},       {0604, GB_E_CONFIG},
		     {0602, GB_E_CONFIG}, {0601, GB_E_CONFIG}, {0620, GB_E_CONFIG},
		     {0610, GB_E_CONFIG}, {0666, GB_E_CONFIG}};
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/secret", folder);

	(void)state;
	unit_write(path, "p", 1, 0600);
	for (size_t i = 0; i < GB_ARRAY_SIZE(cases); i++) {
		struct gb_secret *secret;
		struct gb_err err;

		assert_int_equal(chmod(path, cases[i].mode), 0);
		assert_int_equal(gb_secret_read_file(folder, path, &secret, &err), cases[i].rc);
	}
	talloc_free(folder);
}

static void a_credential_of_systemd_is_read_although_its_access_list_shows_as_group(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/secret", folder);
	struct gb_secret *secret;
	struct gb_err err;
	struct stat st;

	(void)state;
	unit_write(path, "p", 1, 0440);
	assert_int_equal(stat(path, &st), 0);
	/* systemd's files belong to root:root; for any other group 0440 opens them to people. */
	assert_int_equal(gb_secret_read_file(folder, path, &secret, &err),
			 st.st_gid == 0 ? GB_OK : GB_E_CONFIG);
	talloc_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_keeps_its_bytes_and_compares),
		cmocka_unit_test(a_secret_stays_out_of_cores),
		cmocka_unit_test(a_freed_secret_is_gone_from_memory),
		cmocka_unit_test(exactly_one_line_end_is_cut),
		cmocka_unit_test(what_cannot_be_a_secret_is_refused_without_showing_it),
		cmocka_unit_test(a_file_that_others_may_read_is_refused),
		cmocka_unit_test(
			a_credential_of_systemd_is_read_although_its_access_list_shows_as_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
