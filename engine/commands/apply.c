/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine approve, apply: carry out one plan and no other. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/sync/approval.h"

static int carry_out(const struct gb_arguments *arguments, const struct gb_config *config,
		     const char *path)
{
	struct gb_cycle_options options = {.progress = gb_common_show_progress};
	struct gb_report *report;
	struct gb_err err;

	if (gb_plan_file_read(config, path, &options.approved, &err) != GB_OK) {
		gb_common_print_err(&err);
		return gb_rc_exit_code(err.rc);
	}
	gb_cycle_run(config, config, &options, &report);
	return gb_common_end_run(arguments, report);
}

int gb_command_apply(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (config != NULL) {
		code = carry_out(arguments, config, arguments->words[0]);
	}
	talloc_free(ctx);
	return code;
}

int gb_command_approve(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);
	struct gb_err err;
	char *path;

	if (config != NULL && gb_approval_find_plan(ctx, config->paths.state_directory,
						    arguments->words[0], &path, &err) == GB_OK) {
		code = carry_out(arguments, config, path);
	} else if (config != NULL) {
		gb_common_print_err(&err);
		code = gb_rc_exit_code(err.rc);
	}
	talloc_free(ctx);
	return code;
}
