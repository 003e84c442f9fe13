/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine sync: one cycle. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/view.h"
#include "engine/config/configuration.h"

static void fill_options(const struct gb_arguments *arguments, const struct gb_view *view,
			 struct gb_cycle_options *options)
{
	*options = (struct gb_cycle_options){
		.policy = gb_common_policy(arguments),
		.dry_run = arguments->dry_run,
		.approve_first = arguments->approve_first,
	};
	if (arguments->dry_run) {
		options->viewer = gb_view_viewer(view);
	} else {
		options->progress = gb_common_show_progress;
	}
}

int gb_command_sync(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	struct gb_cycle_options options;
	struct gb_report *report;
	struct gb_view *view;
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (config != NULL) {
		view = gb_view_new(ctx, arguments->json);
		fill_options(arguments, view, &options);
		gb_cycle_run(ctx, config, &options, &report);
		code = gb_common_end_run(arguments, report);
	}
	talloc_free(ctx);
	return code;
}
