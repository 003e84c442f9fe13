/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line. */
#include "config.h"

#include <string.h>

#include "engine/base/err.h"
#include "engine/commands/command.h"
#include "tests/unit/unit.h"

static enum gb_rc parse(char **argv, unsigned allowed, struct gb_arguments *arguments,
			struct gb_err *err)
{
	int argc = 0;

	while (argv[argc] != NULL) {
		argc++;
	}
	gb_err_clear(err);
	memset(arguments, 0, sizeof(*arguments));
	return gb_arguments_parse(argc, argv, &(struct gb_argument_set){.options = allowed},
				  arguments, err);
}

static void words_are_counted_and_options_may_stand_anywhere(void **state)
{
	const struct gb_argument_set takes = {.words = "A [B]", .min_words = 1, .max_words = 2};
	char *argv[] = {(char[]){"x"},   (char[]){"one"},   (char[]){"--json"},
			(char[]){"two"}, (char[]){"three"}, NULL};
	struct gb_arguments arguments;
	struct gb_err err;

	(void)state;
	gb_err_clear(&err);
	assert_int_equal(gb_arguments_parse(4, argv, &takes, &arguments, &err), GB_OK);
	assert_true(arguments.json);
	assert_int_equal(arguments.word_count, 2);
	assert_string_equal(arguments.words[0], "one");
	assert_string_equal(arguments.words[1], "two");
	assert_null(arguments.words[2]);
	assert_int_equal(gb_arguments_parse(1, argv, &takes, &arguments, &err), GB_E_USAGE);
	assert_string_equal(err.id, "usage-words");
	assert_non_null(strstr(err.what, "A [B]"));
	assert_int_equal(gb_arguments_parse(5, argv, &takes, &arguments, &err), GB_E_USAGE);
	assert_non_null(strstr(err.what, "three"));
}

static void help_needs_no_words(void **state)
{
	const struct gb_argument_set takes = {.words = "A", .min_words = 1, .max_words = 1};
	char *argv[] = {(char[]){"x"}, (char[]){"--help"}, NULL};
	struct gb_arguments arguments;
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_arguments_parse(2, argv, &takes, &arguments, &err), GB_OK);
	assert_true(arguments.help);
}

static void without_options_the_installed_configuration_is_read(void **state)
{
	char *argv[] = {(char[]){"status"}, NULL};
	struct gb_arguments arguments;
	struct gb_err err;

	(void)state;
	assert_int_equal(parse(argv, 0, &arguments, &err), GB_OK);
	assert_non_null(strstr(arguments.config_path, "/groupback/groupback.conf"));
	assert_false(arguments.json);
	assert_int_equal(arguments.policy, GB_POLICY_UNSET);
}

static void every_option_of_a_command_is_taken(void **state)
{
	char *argv[] = {(char[]){"sync"},      (char[]){"--config=/x"},
			(char[]){"--policy"},  (char[]){"initial"},
			(char[]){"--dry-run"}, (char[]){"--json"},
			(char[]){"--verbose"}, NULL};
	struct gb_arguments arguments;
	struct gb_err err;

	(void)state;
	assert_int_equal(parse(argv, GB_ARGUMENT_POLICY | GB_ARGUMENT_DRY_RUN, &arguments, &err),
			 GB_OK);
	assert_string_equal(arguments.config_path, "/x");
	assert_int_equal(arguments.policy, GB_POLICY_INITIAL);
	assert_true(arguments.dry_run);
	assert_true(arguments.json);
	assert_int_equal(arguments.verbose, 1);
}

static void an_option_of_another_command_is_refused(void **state)
{
	char *argv[] = {(char[]){"status"}, (char[]){"--dry-run"}, NULL};
	struct gb_arguments arguments;
	struct gb_err err;

	(void)state;
	assert_int_equal(parse(argv, 0, &arguments, &err), GB_E_USAGE);
	assert_non_null(strstr(err.what, "--dry-run"));
}

static void words_that_nobody_asked_for_are_refused(void **state)
{
	char *argv[] = {(char[]){"sync"}, (char[]){"now"}, NULL};
	struct gb_arguments arguments;
	struct gb_err err;

	(void)state;
	assert_int_equal(parse(argv, GB_ARGUMENT_POLICY, &arguments, &err), GB_E_USAGE);
}

static void a_policy_that_does_not_exist_is_refused_with_those_that_do(void **state)
{
	char *argv[] = {(char[]){"sync"}, (char[]){"--policy=full"}, NULL};
	struct gb_arguments arguments;
	struct gb_err err;

	(void)state;
	assert_int_equal(parse(argv, GB_ARGUMENT_POLICY, &arguments, &err), GB_E_USAGE);
	assert_non_null(strstr(err.what, "full"));
	assert_non_null(strstr(err.remedy, "initial"));
}

static void a_mistyped_command_finds_its_neighbour(void **state)
{
	(void)state;
	assert_string_equal(gb_command_nearest("snyc")->name, "sync");
	assert_string_equal(gb_command_nearest("statsu")->name, "status");
	assert_null(gb_command_nearest("refrigerator"));
	assert_null(gb_command_find("Sync"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_options_the_installed_configuration_is_read),
		cmocka_unit_test(every_option_of_a_command_is_taken),
		cmocka_unit_test(an_option_of_another_command_is_refused),
		cmocka_unit_test(words_that_nobody_asked_for_are_refused),
		cmocka_unit_test(words_are_counted_and_options_may_stand_anywhere),
		cmocka_unit_test(help_needs_no_words),
		cmocka_unit_test(a_policy_that_does_not_exist_is_refused_with_those_that_do),
		cmocka_unit_test(a_mistyped_command_finds_its_neighbour),
	};

	return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
