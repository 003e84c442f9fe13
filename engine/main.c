/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine: finds the command and leaves with its exit code. */
#include "config.h"

#include <locale.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/base/process.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"

static void print_help(void)
{
	puts(_("Usage: groupback-engine COMMAND [OPTION]...\n"
	       "Write groups of a Microsoft Entra tenant to an on-premises Active Directory.\n"));
	for (const struct gb_command *c = gb_commands; c->name != NULL; c++) {
		printf("  %-12s %s\n", c->name, _(c->summary));
	}
	puts(_("\n'groupback-engine COMMAND --help' shows the options of a command."));
	puts(_("The exit codes and the configuration are in groupback-engine(8) and "
	       "groupback.conf(5)."));
}

static void print_command_help(const struct gb_command *command)
{
	printf(_("Usage: groupback-engine %s [OPTION]...%s%s\n"), command->name,
	       command->takes.words != NULL ? " " : "",
	       command->takes.words != NULL ? command->takes.words : "");
	printf("%s\n\n", _(command->summary));
	gb_arguments_print_help(command->takes.options);
}

static int unknown_command(const char *word)
{
	const struct gb_command *near = gb_command_nearest(word);
	char *shown = gb_text_display(NULL, word);

	fprintf(stderr, _("groupback-engine: '%s' is not a command."), shown);
	if (near != NULL) {
		fprintf(stderr, " ");
		fprintf(stderr, _("Did you mean '%s'?"), near->name);
	}
	fprintf(stderr, "\n%s\n", _("Run 'groupback-engine --help' for the list."));
	talloc_free(shown);
	return gb_rc_exit_code(GB_E_USAGE);
}

static int run_command(const struct gb_command *command, int argc, char **argv)
{
	struct gb_arguments arguments;
	struct gb_err err;

	gb_err_clear(&err);
	if (gb_arguments_parse(argc, argv, &command->takes, &arguments, &err) != GB_OK) {
		char *line = gb_err_line(NULL, &err);

		fprintf(stderr, "groupback-engine: %s\n", line);
		talloc_free(line);
		return gb_rc_exit_code(err.rc);
	}
	if (arguments.help) {
		print_command_help(command);
		return 0;
	}
	if (arguments.verbose > 0) {
		gb_log_set_level(arguments.verbose > 1 ? GB_LOG_DEBUG : GB_LOG_INFO);
	}
	return command->run(&arguments);
}

/* Whoever reads from a pipe may stop when it has enough: that is worth no words. */
static bool has_reader_left(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO};

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* What was printed must have arrived, or the exit code tells: scripts take it for the whole. */
static int end(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout)) {
		return code;
	}
	if (!has_reader_left()) {
		fprintf(stderr, "groupback-engine: %s\n",
			_("Standard output cannot be written: what was printed is not complete."));
	}
	return gb_exit_code_worst(code, gb_rc_exit_code(GB_E_IO));
}

static int run(int argc, char **argv)
{
	const struct gb_command *command;

	if (argc < 2) {
		print_help();
		return gb_rc_exit_code(GB_E_USAGE);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts(PACKAGE_STRING);
		return 0;
	}
	command = gb_command_find(argv[1]);
	if (command == NULL) {
		return unknown_command(argv[1]);
	}
	return run_command(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	gb_process_harden();
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);
	return end(run(argc, argv));
}
