/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-wizard: opens the configuration and the draft, and chooses how the pages are shown. */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/process.h"
#include "engine/config/load.h"
#include "pages/pages.h"
#include "wizard/options.h"
#include "wizard/plain.h"
#include "wizard/session.h"

static int leave_with(const struct gb_err *err)
{
	char *line = gb_err_line(NULL, err);

	fprintf(stderr, "groupback-wizard: %s\n", line);
	talloc_free(line);
	return gb_rc_exit_code(err->rc);
}

/* NULL: there is none yet, or it is broken; then @problems says why. */
static struct gb_config *load_config(const void *ctx, const char *path,
				     struct gb_config_problems *problems)
{
	struct gb_config *config;

	if (gb_config_load(ctx, path, &config, problems) == GB_OK) {
		return config;
	}
	if (problems->items[0].native == ENOENT) {
		problems->count = problems->total = 0;
	}
	return NULL;
}

/* The engine of the same build or installation is beside this program. */
static const char *engine_beside(const void *ctx)
{
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (length > 0) {
		self[length] = '\0';
		slash = strrchr(self, '/');
		*slash = '\0';
		return gb_printf(ctx, "%s/groupback-engine", self);
	}
	return "/usr/sbin/groupback-engine";
}

static struct wz *new_session(const void *ctx, const struct wz_options *options,
			      const struct gb_config *before)
{
	struct wz *wz = wz_session_new(ctx, wz_pages, before);
	const char *state = before ? before->paths.state_directory : LOCALSTATEDIR "/lib/groupback";

	wz->config_path = options->config_path;
	wz->engine_path = options->engine_path ? options->engine_path : engine_beside(wz);
	wz->draft_path =
		options->draft_path ? options->draft_path : gb_printf(wz, "%s/setup.draft", state);
	return wz;
}

static int run(const struct wz_options *options)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config_problems *problems = gb_new(ctx, struct gb_config_problems);
	struct wz *wz = new_session(ctx, options, load_config(ctx, options->config_path, problems));
	int code;

	wz_plain_run(wz, _("Plain questions, one a line."));
	wz_session_keep(wz);
	code = wz->exit_code;
	if (wz->last_line) {
		puts(wz->last_line);
	}
	talloc_free(ctx);
	return code;
}

int main(int argc, char **argv)
{
	struct wz_options options;
	struct gb_err err;

	gb_process_harden();
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE, LOCALEDIR);
	textdomain(PACKAGE);

	gb_err_clear(&err);
	if (wz_options_parse(argc, argv, &options, &err) != GB_OK) {
		return leave_with(&err);
	}
	if (options.help) {
		wz_options_print_help();
		return 0;
	}
	if (options.version) {
		puts(PACKAGE_STRING);
		return 0;
	}
	return run(&options);
}
