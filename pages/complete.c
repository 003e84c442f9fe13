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

static size_t row_count(struct wz *wz)
{
	return wz_configured(wz)->warning_count + wz_configured(wz)->stands_count;
}

/* Warnings first: they are what somebody has to do something about. */
static void row(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row)
{
	const struct wz_configured *end = wz_configured(wz);
	bool is_warning = i < end->warning_count;

	(void)ctx;
	ret_row->mark = is_warning ? _("WARN") : _("OK");
	ret_row->tone = is_warning ? WZ_WARN : WZ_GOOD;
	ret_row->text = is_warning ? end->warnings[i] : end->stands[i - end->warning_count];
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
