/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/mem and engine/base/buffer. */
#include "config.h"

#include <limits.h>
#include <sys/wait.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"
#include "tests/unit/unit.h"

static void copies_end_with_a_nul(void **state)
{
	char *copy = gb_strndup(NULL, "abcdef", 3);

	(void)state;
	assert_string_equal(copy, "abc");
	assert_null(gb_strdup(NULL, NULL));
	talloc_free(copy);
	copy = gb_strndup(NULL, NULL, 0);
	assert_string_equal(copy, "");
	talloc_free(copy);
}

static void new_objects_are_zero(void **state)
{
	int *numbers = gb_new_array(NULL, int, 100);

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		assert_int_equal(numbers[i], 0);
	}
	talloc_free(numbers);
}

/* Runs @action in a child whose standard error goes to @path; returns the exit code. */
static int exit_code_of(void (*action)(void), const char *path)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		if (!freopen(path, "w", stderr)) {
			_exit(1);
		}
		action();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void ask_for_too_much(void)
{
	(void)gb_new_array(NULL, char, (size_t)UINT_MAX + 1);
}

static void use_after_free(void)
{
	void *ctx = talloc_new(NULL);

	gb_mem_init();
	talloc_free(ctx);
	talloc_free(ctx);
}

static void running_out_of_memory_ends_with_71_and_one_line(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/err", folder);
	char *text;

	(void)state;
	assert_int_equal(exit_code_of(ask_for_too_much, path), 71);
	text = unit_read(folder, path);
	assert_non_null(strstr(text, "out of memory"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	talloc_free(folder);
}

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

static void a_freed_chunk_used_again_is_an_internal_error(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/err", folder);
	int code = exit_code_of(use_after_free, path);

	(void)state;
#ifdef WITH_ASAN
	assert_int_not_equal(code, 0); /* AddressSanitizer reports it first */
#else
	assert_int_equal(code, 70);
#endif
	talloc_free(folder);
}

static void a_buffer_grows_and_hands_over_its_text(void **state)
{
	struct gb_buffer *buffer = gb_buffer_new(NULL);
	char *text;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		gb_buffer_add_format(buffer, "%03d", i);
		gb_buffer_add_char(buffer, ',');
	}
	assert_int_equal(buffer->length, 4000);
	text = gb_buffer_steal(NULL, buffer);
	assert_int_equal(strlen(text), 4000);
	assert_memory_equal(text + 3996, "999,", 5);
	talloc_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_end_with_a_nul),
		cmocka_unit_test(new_objects_are_zero),
		cmocka_unit_test(running_out_of_memory_ends_with_71_and_one_line),
		cmocka_unit_test(a_freed_chunk_used_again_is_an_internal_error),
		cmocka_unit_test(a_buffer_grows_and_hands_over_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
