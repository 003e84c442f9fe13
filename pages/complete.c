/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration complete: what was done, what to look at, what comes next. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/configuring.h"
#include "pages/pages.h"
#include "wizard/wizard.h"

static char *live_result(const void *ctx, struct wz *wz)
{
	const struct wz_configured *end = wz_configured(wz);

	if (end->is_undone) {
		return gb_strdup(ctx, _("The settings from before are in force again."));
	}
	return end->warning_count > 0 || end->exit_code != 0
		       ? gb_strdup(ctx, _("The configuration is in force. Look at the warnings."))
		       : gb_strdup(ctx, _("The configuration is in force."));
}

static char *live_cycle(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx, wz_configured(wz)->cycle);
}

static bool has_cycle(struct wz *wz)
{
	return wz_configured(wz)->cycle != NULL;
}

/* Whole and above the rest: they are what somebody has to do something about. */
static char *live_warnings(const void *ctx, struct wz *wz)
{
	const struct wz_configured *end = wz_configured(wz);
	char *text = gb_strdup(ctx, "");

	for (size_t i = 0; i < end->warning_count; i++) {
		char *line = gb_printf(text, _("Warning: %s"), end->warnings[i]);

		text = gb_mem_check(talloc_asprintf_append(text, "%s%s", i ? "\n" : "", line));
	}
	return text;
}

static bool has_warnings(struct wz *wz)
{
	return wz_configured(wz)->warning_count > 0;
}

static size_t row_count(struct wz *wz)
{
	return wz_configured(wz)->stands_count;
}

static void row(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row)
{
	(void)ctx;
	ret_row->mark = _("OK");
	ret_row->tone = WZ_GOOD;
	ret_row->text = wz_configured(wz)->stands[i];
}

static const struct wz_list done_list = {.count = row_count, .row = row};

static char *live_next(const void *ctx, struct wz *wz)
{
	if (!wz_is(wz, "features.group writeback", "yes")) {
		return gb_strdup(ctx, _("Group writeback is off. To switch it on again: "
					"groupback-wizard, \"Customize synchronization options\"."));
	}
	return wz_is(wz, "setup.start now", "yes")
		       ? gb_strdup(ctx, _("\"groupback-engine status\" shows the runs; "
					  "\"groupback-engine explain GROUP\" why a group is or is not "
					  "written."))
		       : gb_strdup(ctx, _("The scheduler is disabled. \"groupback-engine sync\" runs "
					  "one cycle; \"groupback-engine scheduler enable\" starts the "
					  "schedule."));
}

static enum wz_leave leave(struct wz *wz)
{
	const struct wz_configured *end = wz_configured(wz);

	wz_end(wz, (int)end->exit_code,
	       end->exit_code == 0 ? _("groupback is configured.")
				   : _("groupback is configured, with warnings: see "
				       "groupback-engine status."));
	return WZ_WAIT;
}

static const struct wz_field fields[] = {
	{.kind = WZ_NOTE, .live = live_result},
	{.kind = WZ_NOTE, .live = live_cycle, .shown = has_cycle},
	{.kind = WZ_NOTE, .live = live_warnings, .shown = has_warnings},
	{.kind = WZ_LIST, .label = N_("Done"), .list = &done_list, .flags = WZ_GROW},
	{.kind = WZ_NOTE, .live = live_next},
	{.kind = WZ_END},
};

const struct wz_page wz_page_complete = {
	.id = "complete",
	.title = N_("Configuration complete"),
	.next = N_("Exit"),
	.fields = fields,
	.flags = WZ_LAST | WZ_NO_BACK,
	.leave = leave,
};
