/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine undo: put back what a run changed. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/view.h"

int gb_command_undo(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	struct gb_cycle_options options = {.dry_run = arguments->dry_run,
					   .progress = gb_common_show_progress};
	int code = gb_rc_exit_code(GB_E_CONFIG);
	struct gb_report *report;

	if (config != NULL && !gb_common_run_number(arguments->words[0], &options.undo_run)) {
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
