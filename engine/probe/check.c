/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check: the preflight of groupback-engine check, line by line. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/manage/preflight.h"
#include "engine/probe/preview.h"

static void tell(struct gb_probe *probe, const struct gb_preflight_line *line)
{
	struct gb_json_writer *w = gb_answer_item("check");

	gb_json_put_text(w, "id", line->id);
	gb_json_put_text(w, "verdict",
			 !line->passed ? "failed" : line->is_warning ? "warning" : "ok");
	gb_json_put_text(w, "title", line->title);
	gb_json_put_text(w, "text", line->text);
	gb_answer_send(&probe->answer, w, false);
}

enum gb_rc gb_probe_check(struct gb_probe *probe, struct gb_err *err)
{
	const struct gb_preflight *preflight;
	struct gb_json_writer *w;
	int64_t failed = 0;

	(void)err;
	gb_probe_begin(probe, "check", _("Checking everything"));
	preflight = gb_preflight_run(probe, probe->config, false);
	for (size_t i = 0; i < preflight->line_count; i++) {
		tell(probe, &preflight->lines[i]);
		failed += !preflight->lines[i].passed;
	}
	w = gb_answer_result(&probe->answer);
	gb_json_put_bool(w, "passed", failed == 0);
	gb_json_put_int(w, "failed", failed);
	gb_json_put_int(w, "exitCode", preflight->exit_code);
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}
