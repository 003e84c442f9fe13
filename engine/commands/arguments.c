/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of groupback-engine. */
#include "config.h"

#include "engine/commands/arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#define DEFAULT_CONFIG SYSCONFDIR "/groupback/groupback.conf"

/** A row of the option table. */
struct option_row {
	char key;          /**< what getopt_long() returns */
	const char *name;  /**< long name */
	const char *value; /**< name of its value in --help, or NULL if it has none */
	unsigned argument; /**< enum gb_argument, or 0 for a common option */
	const char *help;  /**< one line, marked for translation */
};

static const struct option_row rows[] = {
	{'c', "config", "FILE", 0, N_("read this configuration instead of the installed one")},
	{'j', "json", NULL, 0, N_("print JSON")},
	{'v', "verbose", NULL, 0, N_("log more; twice: everything")},
	{'h', "help", NULL, 0, N_("show this help")},
	{'p', "policy", "delta|initial", GB_ARGUMENT_POLICY,
	 N_("read changes only, or read everything")},
	{'n', "dry-run", NULL, GB_ARGUMENT_DRY_RUN,
	 N_("show what would be written, write nothing")},
	{'o', "offline", NULL, GB_ARGUMENT_OFFLINE, N_("look at files only, open no connection")},
	{'f', "approve-first", NULL, GB_ARGUMENT_FIRST,
	 N_("approve the first cycle into this container, whatever it writes")},
	{'O', "out", "FILE", GB_ARGUMENT_OUT, N_("also write the plan to this file")},
	{'d', "if-due", NULL, GB_ARGUMENT_IF_DUE,
	 N_("do nothing unless the schedule says that a cycle is due")},
	{'N', "no-staging", NULL, GB_ARGUMENT_NO_STAGING,
	 N_("import: take staging mode from the file instead of switching it on")},
	{'A', "account", "NAME", GB_ARGUMENT_PERMISSIONS,
	 N_("whose rights, in place of the configured account")},
	{'C', "container", "DN", GB_ARGUMENT_PERMISSIONS,
	 N_("rights on what, in place of the configured container")},
	{'R', "reanimate", NULL, GB_ARGUMENT_PERMISSIONS,
	 N_("also the right to bring deleted groups back; it reaches the whole domain")},
	{'W', "what-if", NULL, GB_ARGUMENT_PERMISSIONS,
	 N_("say what would be added, change nothing")},
	{'U', "administrator", "NAME", GB_ARGUMENT_PERMISSIONS,
	 N_("sign in as NAME; the password is read from standard input")},
	{'P', "password-file", "FILE", GB_ARGUMENT_PERMISSIONS,
	 N_("read the administrator's password from FILE (mode 0600)")},
	{'S', "stop", NULL, GB_ARGUMENT_STOP,
	 N_("stop the run that is under way, after its present step")},
	{'r', "release", NULL, GB_ARGUMENT_RELEASE,
	 N_("give the groups back as they were before they were taken over")},
	{'g', "group", "ID|NAME", GB_ARGUMENT_GROUP, N_("this group alone, members and all")},
};

static bool row_is_allowed(const struct option_row *row, unsigned allowed)
{
	return row->argument == 0 || (row->argument & allowed) != 0;
}

static const struct option_row *row_of(int key)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		if (rows[i].key == key) {
			return &rows[i];
		}
	}
	return NULL;
}

/* getopt gets every option of the table, so that an option of another command is told apart from
 * one that does not exist. */
static void fill_options(struct option options[GB_ARRAY_SIZE(rows) + 1])
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		options[i] = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].value != NULL ? required_argument : no_argument,
			.val = rows[i].key,
		};
	}
	memset(&options[GB_ARRAY_SIZE(rows)], 0, sizeof(options[0]));
}

static enum gb_rc unknown_word(const char *command, const char *word, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, word);

	gb_err_set(err, GB_E_USAGE, "usage-option",
		   _("The option '%s' is not known to '%s', or lacks its value."), shown, command);
	gb_err_remedy(err, _("Run 'groupback-engine %s --help' for what it takes."), command);
	talloc_free(shown);
	return GB_E_USAGE;
}

/*
 * @row: of an option that another command has; its value may be the word that was read last. Inside "-xv"
 * getopt has not gone on to the next word yet. NULL: no command has it, or its value is missing.
 */
static enum gb_rc unknown_option(char **argv, const struct option_row *row, struct gb_err *err)
{
	bool is_letter = row == NULL && optopt != 0 && row_of(optopt) == NULL;
	char *word = row != NULL ? gb_printf(NULL, "--%s", row->name)
		     : is_letter ? gb_printf(NULL, "-%c", optopt)
				 : gb_strdup(NULL, argv[optind - 1]);
	enum gb_rc rc = unknown_word(argv[0], word, err);

	talloc_free(word);
	return rc;
}

static enum gb_rc parse_policy(const char *word, struct gb_arguments *arguments, struct gb_err *err)
{
	char *shown;

	if (strcmp(word, "delta") == 0) {
		arguments->policy = GB_POLICY_DELTA;
		return GB_OK;
	}
	if (strcmp(word, "initial") == 0) {
		arguments->policy = GB_POLICY_INITIAL;
		return GB_OK;
	}
	shown = gb_text_display(NULL, word);
	gb_err_set(err, GB_E_USAGE, "usage-policy", _("The policy '%s' does not exist."), shown);
	talloc_free(shown);
	return gb_err_remedy(err, _("Use '--policy delta' or '--policy initial'."));
}

/* The options of `permissions`. False: it is none of them. */
static bool take_permissions_option(int key, struct gb_arguments *arguments)
{
	switch (key) {
	case 'A':
		arguments->account = optarg;
		return true;
	case 'C':
		arguments->container = optarg;
		return true;
	case 'R':
		arguments->reanimate = true;
		return true;
	case 'W':
		arguments->what_if = true;
		return true;
	case 'U':
		arguments->administrator = optarg;
		return true;
	case 'P':
		arguments->password_file = optarg;
		return true;
	default:
		return false;
	}
}

static enum gb_rc take_option(const struct option_row *row, struct gb_arguments *arguments,
			      struct gb_err *err)
{
	switch (row->key) {
	case 'c':
		arguments->config_path = optarg;
		return GB_OK;
	case 'j':
		arguments->json = true;
		return GB_OK;
	case 'v':
		arguments->verbose++;
		return GB_OK;
	case 'h':
		arguments->help = true;
		return GB_OK;
	case 'n':
		arguments->dry_run = true;
		return GB_OK;
	case 'o':
		arguments->offline = true;
		return GB_OK;
	case 'f':
		arguments->approve_first = true;
		return GB_OK;
	case 'S':
		arguments->stop = true;
		return GB_OK;
	case 'r':
		arguments->release = true;
		return GB_OK;
	case 'O':
		arguments->out = optarg;
		return GB_OK;
	case 'g':
		arguments->group = optarg;
		return GB_OK;
	case 'd':
		arguments->if_due = true;
		return GB_OK;
	case 'N':
		arguments->no_staging = true;
		return GB_OK;
	default:
		return take_permissions_option(row->key, arguments)
			       ? GB_OK
			       : parse_policy(optarg, arguments, err);
	}
}

static enum gb_rc too_few_words(const char *command, const struct gb_argument_set *takes,
				struct gb_err *err)
{
	gb_err_set(err, GB_E_USAGE, "usage-words", _("'%s' needs to be told more: %s."), command,
		   takes->words);
	return gb_err_remedy(err, _("Run 'groupback-engine %s --help' for what it takes."),
			     command);
}

static enum gb_rc take_words(int argc, char **argv, const struct gb_argument_set *takes,
			     struct gb_arguments *arguments, struct gb_err *err)
{
	for (int i = optind; i < argc; i++) {
		if (arguments->word_count == takes->max_words) {
			return unknown_word(argv[0], argv[i], err);
		}
		arguments->words[arguments->word_count++] = argv[i];
	}
	if (arguments->word_count < takes->min_words && !arguments->help) {
		return too_few_words(argv[0], takes, err);
	}
	return GB_OK;
}

enum gb_rc gb_arguments_parse(int argc, char **argv, const struct gb_argument_set *takes,
			      struct gb_arguments *ret_arguments, struct gb_err *err)
{
	struct option options[GB_ARRAY_SIZE(rows) + 1];
	struct gb_arguments arguments = {.config_path = DEFAULT_CONFIG};
	enum gb_rc rc;
	int key;

	fill_options(options);
	opterr = 0;
	optind = 0; /* also forgets an earlier command line (getopt(3), "Notes") */
	while ((key = getopt_long(argc, argv, "c:vh", options, NULL)) != -1) {
		const struct option_row *row = row_of(key);

		if (row == NULL || !row_is_allowed(row, takes->options)) {
			return unknown_option(argv, row, err);
		}
		rc = take_option(row, &arguments, err);
		if (rc != GB_OK) {
			return rc;
		}
	}
	rc = take_words(argc, argv, takes, &arguments, err);
	if (rc == GB_OK) {
		*ret_arguments = arguments;
	}
	return rc;
}

void gb_arguments_print_help(unsigned allowed)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		char left[40];

		if (!row_is_allowed(&rows[i], allowed)) {
			continue;
		}
		snprintf(left, sizeof(left), "--%s%s%s", rows[i].name,
			 rows[i].value != NULL ? " " : "",
			 rows[i].value != NULL ? rows[i].value : "");
		printf("  %-26s %s\n", left, _(rows[i].help));
	}
}
