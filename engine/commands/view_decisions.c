/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people decided, for people and for machines. */
#include "config.h"

#include "engine/commands/view_decisions.h"

#include <stdio.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

void gb_view_decisions_json(struct gb_json_writer *w, const struct gb_decisions *decisions)
{
	const struct gb_waiting_plan *waiting = &decisions->waiting;
	char text[GB_CLOCK_TEXT_BYTES];
	char id[GB_GUID_TEXT_BYTES];

	if (waiting->digest != NULL) {
		gb_json_begin_object(w, "waitingPlan");
		gb_json_put_text(w, "digest", waiting->digest);
		gb_json_put_text(w, "cause", waiting->cause);
		gb_json_put_text(w, "text", waiting->text);
		gb_json_put_int(w, "changes", waiting->changes);
		gb_json_put_text(w, "since", gb_clock_format(waiting->since_ms, text));
		gb_json_end_object(w);
	} else {
		gb_json_put_null(w, "waitingPlan");
	}
	gb_json_begin_array(w, "paused");
	for (size_t i = 0; i < decisions->paused_count; i++) {
		const struct gb_paused_group *group = &decisions->paused[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "group", gb_guid_format(&group->id, id));
		gb_json_put_text(w, "name", group->name);
		gb_json_put_text(w, "why", group->why);
		gb_json_put_text(w, "since", gb_clock_format(group->since_ms, text));
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

/* "3 days", "5 hours", "2 minutes": in the largest unit that is whole. */
static char *age_text(const void *ctx, int64_t since_ms)
{
	int64_t minutes = (gb_clock_wall_ms() - since_ms) / 60000;

	if (minutes >= 2 * 24 * 60) {
		return gb_printf(ctx, _("%lld days"), (long long)(minutes / (24 * 60)));
	}
	if (minutes >= 2 * 60) {
		return gb_printf(ctx, _("%lld hours"), (long long)(minutes / 60));
	}
	return gb_printf(ctx, _("%lld minutes"), (long long)(minutes > 0 ? minutes : 0));
}

void gb_view_decisions_print(const struct gb_decisions *decisions)
{
	const struct gb_waiting_plan *waiting = &decisions->waiting;
	void *tmp = gb_new_tmp(NULL);
	char id[GB_GUID_TEXT_BYTES];

	if (waiting->digest != NULL) {
		printf(_("Waits for approval since %s: %lld changes. %s\n"),
		       age_text(tmp, waiting->since_ms), (long long)waiting->changes,
		       waiting->text);
		printf("  groupback-engine approve %s\n", waiting->digest);
	}
	if (decisions->paused_count > 0) {
		puts(_("Paused groups:"));
	}
	for (size_t i = 0; i < decisions->paused_count; i++) {
		const struct gb_paused_group *group = &decisions->paused[i];

		printf(_("  %s \"%s\" for %s (%s)\n"), gb_guid_format(&group->id, id),
		       gb_text_display(tmp, group->name), age_text(tmp, group->since_ms),
		       gb_text_display(tmp, group->why));
	}
	talloc_free(tmp);
}
