/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine check: everything that can be known before a cycle. */
#include "config.h"

#include <stdio.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/manage/preflight.h"

static void print_line(const struct gb_preflight_line *line)
{
	const char *verdict = !line->passed ? _("FAIL") : line->is_warning ? _("look") : _("pass");

	printf("%-6s %s\n", verdict, line->title);
	if (line->text[0] != '\0') {
		printf("       %s\n", line->text);
	}
}

static void print_json(const void *ctx, const struct gb_preflight *preflight)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_begin_array(w, "checks");
	for (size_t i = 0; i < preflight->line_count; i++) {
		const struct gb_preflight_line *line = &preflight->lines[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "id", line->id);
		gb_json_put_bool(w, "passed", line->passed);
		gb_json_put_bool(w, "warning", line->is_warning);
		gb_json_put_text(w, "title", line->title);
		gb_json_put_text(w, "text", line->text);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
	gb_json_put_int(w, "exitCode", preflight->exit_code);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

static void print_text(const struct gb_preflight *preflight)
{
	for (size_t i = 0; i < preflight->line_count; i++) {
		print_line(&preflight->lines[i]);
	}
}

int gb_command_check(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (config != NULL) {
		struct gb_preflight *preflight = gb_preflight_run(ctx, config, arguments->offline);

		if (arguments->json) {
			print_json(ctx, preflight);
		} else {
			print_text(preflight);
		}
		code = preflight->exit_code;
	}
	talloc_free(ctx);
	return code;
}
