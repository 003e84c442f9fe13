/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writeback options: what becomes of groups that leave the scope, and the brakes. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "wizard/wizard.h"

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_printf(ctx, _("at most %s group deletions in a run"),
			 wz_value(wz, "safety.max group deletions"));
}

static const struct wz_field fields[] = {
	{.kind = WZ_HEADING, .text = N_("Stop a run before its first write if it would")},
	{
		.kind = WZ_TEXT,
		.name = "safety.max group deletions",
		.label = N_("delete more groups than"),
		.example = "5 5%",
		.width = 12,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max group creations",
		.label = N_("create more groups than"),
		.example = "50 10%",
		.width = 12,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max group renames",
		.label = N_("rename more groups than"),
		.example = "20 10%",
		.width = 12,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max member removals",
		.label = N_("remove more members than"),
		.example = "500 5%",
		.width = 12,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max member removals per group",
		.label = N_("or, of one group, more than"),
		.example = "50%",
		.width = 12,
	},
	{
		.kind = WZ_NUMBER,
		.name = "writeback.member limit",
		.label = N_("Member limit of a group"),
		.width = 10,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_options = {
	.id = "options",
	.title = N_("Writeback options"),
	.help = N_("Nothing is deleted or taken away without one of these rules, and never more at "
		   "once than the limits say. A limit is a number, a percentage, or both: then "
		   "the larger one counts."),
	.fields = fields,
	.wanted = wz_task_options,
	.summary = summary,
};
