/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scheduler and staging mode. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "wizard/wizard.h"

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx, wz_is(wz, "safety.staging", "yes") ? _("staging mode is on")
								 : _("staging mode is off"));
}

/* A first run has these on Ready. */
static bool is_wanted(struct wz *wz)
{
	return wz_config_before(wz) && wz_task_schedule(wz);
}

static bool is_enabled(struct wz *wz)
{
	return wz_is(wz, "schedule.enabled", "yes");
}

static const struct wz_field fields[] = {
	{.kind = WZ_CHECK, .name = "schedule.enabled", .label = N_("Run cycles by schedule")},
	{
		.kind = WZ_TEXT,
		.name = "schedule.interval",
		.label = N_("Interval"),
		.example = "30m",
		.width = 8,
		.shown = is_enabled,
	},
	{
		.kind = WZ_CHECK,
		.name = "safety.staging",
		.label = N_("Enable staging mode"),
		.alone = N_("Staging mode"),
	},
	{
		.kind = WZ_NOTE,
		.text = N_("In staging mode the engine reads and plans and writes nothing. Switch it "
			   "off here only after another engine that writes has been switched to it."),
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_schedule = {
	.id = "schedule",
	.title = N_("Scheduler and staging mode"),
	.fields = fields,
	.wanted = is_wanted,
	.summary = summary,
};
