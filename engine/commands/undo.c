/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine undo: put back what a run changed. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/view.h"

static bool read_run_number(const char *word, int64_t *ret_run_no)
{
	struct gb_err err;
	char *end;
	char *shown;

	errno = 0;
	*ret_run_no = strtoll(word, &end, 10);
	if (errno == 0 && *end == '\0' && word[0] >= '1' && word[0] <= '9') {
		return true;
	}
	shown = gb_text_display(NULL, word);
	gb_err_set(&err, GB_E_USAGE, "usage-run", _("'%s' is no number of a run."), shown);
	gb_err_remedy(&err, _("'groupback-engine history' lists the runs."));
	talloc_free(shown);
	gb_common_print_err(&err);
	return false;
}

int gb_command_undo(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	struct gb_cycle_options options = {.dry_run = arguments->dry_run,
					   .progress = gb_common_show_progress};
	int code = gb_rc_exit_code(GB_E_CONFIG);
	struct gb_report *report;

	if (config != NULL && !read_run_number(arguments->words[0], &options.undo_run)) {
		code = gb_rc_exit_code(GB_E_USAGE);
	} else if (config != NULL) {
		struct gb_view *view = gb_view_new(ctx, arguments->json);

		options.viewer = arguments->dry_run ? gb_view_viewer(view) : NULL;
		gb_cycle_run(ctx, config, &options, &report);
		code = gb_common_end_run(arguments, report);
	}
	talloc_free(ctx);
	return code;
}
