/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine plan: what sync would write. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/view.h"

/** Exit code of a plan that is not empty. */
#define EXIT_CHANGES 2

int gb_command_plan(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (config != NULL) {
		struct gb_view *view = gb_view_new(ctx, arguments->json);
		struct gb_cycle_options options = {
			.policy = gb_common_policy(arguments),
			.dry_run = true,
			.plan_out = arguments->out,
			.viewer = gb_view_viewer(view),
		};
		struct gb_report *report;

		gb_cycle_run(ctx, config, &options, &report);
		code = gb_common_end_run(arguments, report);
		if (gb_view_changes(view) > 0) {
			code = gb_exit_code_worst(code, EXIT_CHANGES);
		}
	}
	talloc_free(ctx);
	return code;
}
