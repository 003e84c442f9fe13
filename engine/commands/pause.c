/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine pause, resume: leave a group alone for a while. */
#include "config.h"

#include <stdio.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/manage/pause.h"

static void print_json(const void *ctx, const struct gb_found_group *group, bool paused,
		       bool changed)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);
	char id[GB_GUID_TEXT_BYTES];

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_text(w, "group", gb_guid_format(&group->id, id));
	gb_json_put_text(w, "name", group->name);
	gb_json_put_bool(w, "paused", paused);
	gb_json_put_bool(w, "changed", changed);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

static void print_text(const void *ctx, const struct gb_found_group *group, bool paused,
		       bool changed)
{
	char id[GB_GUID_TEXT_BYTES];

	printf(paused && changed ? _("%s \"%s\" is paused.\n")
	       : paused          ? _("%s \"%s\" was paused already.\n")
	       : changed         ? _("%s \"%s\" goes on with the next cycle.\n")
				 : _("%s \"%s\" was not paused.\n"),
	       gb_guid_format(&group->id, id), gb_text_display(ctx, group->name));
}

static int decide(const struct gb_arguments *arguments, bool resume)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);
	struct gb_found_group group;
	struct gb_err err;
	bool changed;

	if (config != NULL && gb_pause_group(ctx, config, arguments->words[0], resume, &group,
					     &changed, &err) == GB_OK) {
		if (arguments->json) {
			print_json(ctx, &group, !resume, changed);
		} else {
			print_text(ctx, &group, !resume, changed);
		}
		code = 0;
	} else if (config != NULL) {
		gb_common_print_err(&err);
		code = gb_rc_exit_code(err.rc);
	}
	talloc_free(ctx);
	return code;
}

int gb_command_pause(const struct gb_arguments *arguments)
{
	return decide(arguments, false);
}

int gb_command_resume(const struct gb_arguments *arguments)
{
	return decide(arguments, true);
}
