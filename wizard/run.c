/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program around the pages: configuration, draft, and how the pages are shown. */
#include "config.h"

#include "wizard/run.h"

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
#include "wizard/answers.h"
#include "wizard/asks.h"
#include "wizard/options.h"
#include "wizard/plain.h"
#include "wizard/session.h"
#include "wizard/start.h"
#include "wizard/terminal.h"
#include "wizard/ui/screen.h"

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

static struct wz *new_session(const void *ctx, const struct wz_page *const *pages,
			      const struct wz_options *options, const struct gb_config *before)
{
	struct wz *wz = wz_session_new(ctx, pages, before);
	const char *state = before ? before->paths.state_directory : LOCALSTATEDIR "/lib/groupback";

	wz->config_path = options->config_path;
	wz->engine_path = options->engine_path ? options->engine_path : engine_beside(wz);
	wz->draft_path =
		options->draft_path ? options->draft_path : gb_printf(wz, "%s/setup.draft", state);
	return wz;
}

/* Why lines and no screen; NULL: a screen. */
static const char *why_plain(const struct wz_options *options)
{
	const char *variable = getenv("GROUPBACK_PLAIN");

	if (options->plain) {
		return _("Plain questions, as --plain asks for.");
	}
	if (variable && variable[0] != '\0') {
		return _("Plain questions, as $GROUPBACK_PLAIN asks for.");
	}
	return wz_terminal_obstacle();
}

static void show_pages(struct wz *wz, const struct wz_options *options)
{
	struct wz_terminal_wish wish = {.mono = options->mono, .ascii = options->ascii};
	const char *why = why_plain(options);

	if (!why && !wz_screen_run(wz, &wish)) {
		why = _("Plain questions: the terminal could not be turned into a screen.");
	}
	if (why) {
		wz_plain_run(wz, why);
	}
}

static int refuse_problems(const struct gb_config_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		leave_with(&problems->items[i]);
	}
	fprintf(stderr, "groupback-wizard: %s\n", _("Nothing was done."));
	return gb_rc_exit_code(problems->items[0].rc);
}

/* Everything that is wrong with file and secrets is told before anything is asked or written. */
static int run_answers(struct wz *wz, const struct wz_options *options)
{
	struct gb_config_problems *problems = gb_new(wz, struct gb_config_problems);
	struct gb_err err;

	gb_err_clear(&err);
	if (wz_answers_read(wz, options->answers_path, problems) != GB_OK) {
		return refuse_problems(problems);
	}
	if (!wz_start_lock(wz)) {
		gb_err_set(&err, GB_E_TRY_AGAIN, "wizard-open",
			   _("Another groupback-wizard is open; nothing was done."));
		return leave_with(&err);
	}
	wz->draft_path = NULL;
	if (wz_answers_read_secrets(wz, options->secret_files, options->secret_file_count, &err) !=
	    GB_OK) {
		return leave_with(&err);
	}
	wz_answers_run(wz, options->answers_path);
	return wz->exit_code;
}

static int save_answers(struct wz *wz, const struct wz_options *options)
{
	struct gb_err err;

	gb_err_clear(&err);
	if (wz_save_answers(wz, options->save_answers_path, &err) != GB_OK) {
		return leave_with(&err);
	}
	printf(_("Answers written to %s; no secret is in it.\n"), options->save_answers_path);
	return 0;
}

/* The answers of a file stand in the fields as if they had been typed. */
static int prefill(struct wz *wz, const struct wz_options *options)
{
	struct gb_config_problems *problems = gb_new(wz, struct gb_config_problems);
	struct gb_err err;

	gb_err_clear(&err);
	if (wz_answers_read(wz, options->prefill_path, problems) != GB_OK) {
		return refuse_problems(problems);
	}
	return wz_answers_read_secrets(wz, options->secret_files, options->secret_file_count,
				       &err) == GB_OK
		       ? 0
		       : leave_with(&err);
}

/* What was carried out is no draft any more. */
static int run_by_hand(struct wz *wz, const struct wz_options *options,
		       const struct gb_config_problems *problems)
{
	int code = options->prefill_path ? prefill(wz, options) : 0;

	if (code != 0) {
		return code;
	}
	wz_start_broken(wz, problems);
	wz_start_lock(wz);
	show_pages(wz, options);
	if (wz->exit_code == 0 && !wz->is_read_only) {
		wz_draft_discard(wz->draft_path);
	} else {
		wz_session_keep(wz);
	}
	return wz->exit_code;
}

static int run(const struct wz_options *options, const struct wz_page *const *pages)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config_problems *problems = gb_new(ctx, struct gb_config_problems);
	struct wz *wz =
		new_session(ctx, pages, options, load_config(ctx, options->config_path, problems));
	int code;

	if (problems->count > 0 && (options->save_answers_path || options->answers_path)) {
		code = refuse_problems(problems);
	} else if (options->save_answers_path) {
		code = save_answers(wz, options);
	} else if (options->answers_path) {
		code = run_answers(wz, options);
	} else {
		code = run_by_hand(wz, options, problems);
	}
	if (wz->last_line) {
		puts(wz->last_line);
	}
	wz_asks_end(wz);
	talloc_free(ctx);
	return code;
}

int wz_run(int argc, char **argv, const struct wz_page *const *pages)
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
	return run(&options, pages);
}
