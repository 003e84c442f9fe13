/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of groupback-wizard. */
#include "config.h"

#include "wizard/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

enum long_option {
	OPTION_CONFIG = 256,
	OPTION_ANSWERS,
	OPTION_PREFILL,
	OPTION_SAVE_ANSWERS,
	OPTION_DRAFT,
	OPTION_ENGINE,
	OPTION_SECRET_FILE,
	OPTION_PLAIN,
	OPTION_MONO,
	OPTION_ASCII,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct option long_options[] = {
	{"config", required_argument, NULL, OPTION_CONFIG},
	{"answers", required_argument, NULL, OPTION_ANSWERS},
	{"prefill", required_argument, NULL, OPTION_PREFILL},
	{"save-answers", required_argument, NULL, OPTION_SAVE_ANSWERS},
	{"draft", required_argument, NULL, OPTION_DRAFT},
	{"engine", required_argument, NULL, OPTION_ENGINE},
	{"secret-file", required_argument, NULL, OPTION_SECRET_FILE},
	{"plain", no_argument, NULL, OPTION_PLAIN},
	{"mono", no_argument, NULL, OPTION_MONO},
	{"ascii", no_argument, NULL, OPTION_ASCII},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{NULL, 0, NULL, 0},
};

static enum gb_rc refuse(const char *what, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, what);

	gb_err_set(err, GB_E_USAGE, "usage", _("This was not understood: %s."), shown);
	gb_err_remedy(err, _("Run groupback-wizard --help for the options."));
	talloc_free(shown);
	return GB_E_USAGE;
}

static enum gb_rc add_secret_file(struct wz_options *options, const char *text, struct gb_err *err)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text || equals[1] == '\0' ||
	    options->secret_file_count == WZ_MAX_SECRET_FILES) {
		return refuse(text, err);
	}
	options->secret_files[options->secret_file_count++] = text;
	return GB_OK;
}

static enum gb_rc take(struct wz_options *options, int option, struct gb_err *err)
{
	switch (option) {
	case OPTION_CONFIG:
		options->config_path = optarg;
		break;
	case OPTION_ANSWERS:
		options->answers_path = optarg;
		break;
	case OPTION_PREFILL:
		options->prefill_path = optarg;
		break;
	case OPTION_SAVE_ANSWERS:
		options->save_answers_path = optarg;
		break;
	case OPTION_DRAFT:
		options->draft_path = optarg;
		break;
	case OPTION_ENGINE:
		options->engine_path = optarg;
		break;
	case OPTION_SECRET_FILE:
		return add_secret_file(options, optarg, err);
	case OPTION_PLAIN:
		options->plain = true;
		break;
	case OPTION_MONO:
		options->mono = true;
		break;
	case OPTION_ASCII:
		options->ascii = true;
		break;
	case OPTION_HELP:
	case 'h':
		options->help = true;
		break;
	case OPTION_VERSION:
		options->version = true;
		break;
	default:
		return GB_E_USAGE;
	}
	return GB_OK;
}

enum gb_rc wz_options_parse(int argc, char **argv, struct wz_options *ret_options,
			    struct gb_err *err)
{
	int option;

	*ret_options = (struct wz_options){.config_path = SYSCONFDIR "/groupback/groupback.conf"};
	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (take(ret_options, option, err) != GB_OK) {
			return option == '?' ? refuse(argv[optind - 1], err) : GB_E_USAGE;
		}
	}
	return optind < argc ? refuse(argv[optind], err) : GB_OK;
}

void wz_options_print_help(void)
{
	puts(_("Usage: groupback-wizard [OPTION]...\n"
	       "Set up groupback, or change how it is set up, page by page."));
	puts(_("\n"
	       "  --config FILE            the configuration (default: "
	       "/etc/groupback/groupback.conf)\n"
	       "  --answers FILE           answer every page from a file, ask nothing\n"
	       "  --prefill FILE           begin with the answers of such a file, show every page\n"
	       "  --secret-file NAME=PATH  a secret that goes with either; may be repeated\n"
	       "  --save-answers FILE      write such a file (no secret is in it) and end\n"
	       "  --plain                  one question a line, no screen: for screen readers\n"
	       "  --mono                   no colour\n"
	       "  --ascii                  no line drawing\n"
	       "  --draft FILE             where the draft is kept\n"
	       "  --engine FILE            another groupback-engine\n"
	       "  --help, --version        this text; the version"));
	puts(_("\ngroupback-wizard(8) describes keys, files and the answers file."));
}
