/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writeback options: what becomes of groups that leave the scope, and the brakes. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/effect.h"
#include "pages/pages.h"
#include "pages/ready.h"
#include "wizard/wizard.h"

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_printf(ctx, _("at most %s group deletions in a run"),
			 wz_value(wz, "safety.max group deletions"));
}

/* All four rules take the same words; short enough to stand in one row. */
static const struct wz_choice rules[] = {
	{"keep", N_("keep")},
	{"disable", N_("disable")},
	{"delete", N_("delete")},
	{"disable-then-delete", N_("disable+delete")},
	{NULL, NULL},
};

static bool is_deleted_later(struct wz *wz)
{
	static const char *const names[] = {
		"writeback.when not enabled",
		"writeback.when filtered out",
		"writeback.when soft deleted",
		"writeback.when hard deleted",
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(names); i++) {
		if (wz_is(wz, names[i], "disable-then-delete")) {
			return true;
		}
	}
	return false;
}

/* Beside a limit stands what the dry run of Ready has counted, for whoever comes back from there. */
static char *groups_planned(const void *ctx, int64_t count)
{
	return gb_printf(ctx, _("groups   dry run: %lld"), (long long)count);
}

static char *live_deletions(const void *ctx, struct wz *wz)
{
	const struct wz_effect_counts *counts = wz_ready_counts(wz);

	return counts ? groups_planned(ctx, counts->deletes) : NULL;
}

static char *live_creations(const void *ctx, struct wz *wz)
{
	const struct wz_effect_counts *counts = wz_ready_counts(wz);

	return counts ? groups_planned(ctx, counts->creates) : NULL;
}

static char *live_renames(const void *ctx, struct wz *wz)
{
	const struct wz_effect_counts *counts = wz_ready_counts(wz);

	return counts ? groups_planned(ctx, counts->renames) : NULL;
}

static char *live_removals(const void *ctx, struct wz *wz)
{
	const struct wz_effect_counts *counts = wz_ready_counts(wz);

	return counts ? gb_printf(ctx, _("members   dry run: %lld"),
				  (long long)counts->member_removes)
		      : NULL;
}

static const struct wz_field fields[] = {
	{.kind = WZ_HEADING, .text = N_("What becomes of a written group that is")},
	{
		.kind = WZ_CHOICE,
		.name = "writeback.when not enabled",
		.label = N_("not enabled"),
		.alone = N_("Group no longer enabled"),
		.choices = rules,
	},
	{
		.kind = WZ_CHOICE,
		.name = "writeback.when filtered out",
		.label = N_("filtered out"),
		.alone = N_("Group filtered out"),
		.choices = rules,
	},
	{
		.kind = WZ_CHOICE,
		.name = "writeback.when soft deleted",
		.label = N_("soft-deleted"),
		.alone = N_("Group soft-deleted"),
		.choices = rules,
	},
	{
		.kind = WZ_CHOICE,
		.name = "writeback.when hard deleted",
		.label = N_("deleted for good"),
		.alone = N_("Group deleted for good"),
		.choices = rules,
	},
	{
		.kind = WZ_TEXT,
		.name = "writeback.delete after",
		.label = N_("Delete after"),
		.alone = N_("Delete disabled groups after"),
		.example = "30d",
		.width = 8,
		.shown = is_deleted_later,
	},
	{.kind = WZ_HEADING, .text = N_("Stop a run before its first write if it")},
	{
		.kind = WZ_TEXT,
		.name = "safety.max group deletions",
		.label = N_("deletes more than"),
		.alone = N_("Limit: deleted groups"),
		.example = "5 5%",
		.width = 12,
		.text = N_("groups"),
		.live = live_deletions,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max group creations",
		.label = N_("creates more than"),
		.alone = N_("Limit: created groups"),
		.example = "50 10%",
		.width = 12,
		.text = N_("groups"),
		.live = live_creations,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max group renames",
		.label = N_("renames more than"),
		.alone = N_("Limit: renamed groups"),
		.example = "20 10%",
		.width = 12,
		.text = N_("groups"),
		.live = live_renames,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max member removals",
		.label = N_("removes more than"),
		.alone = N_("Limit: removed members"),
		.example = "500 5%",
		.width = 12,
		.text = N_("members"),
		.live = live_removals,
	},
	{
		.kind = WZ_TEXT,
		.name = "safety.max member removals per group",
		.label = N_("and in one group"),
		.alone = N_("Limit: removals in a group"),
		.example = "50%",
		.width = 12,
		.text = N_("of its members"),
	},
	{
		.kind = WZ_NUMBER,
		.name = "writeback.member limit",
		.label = N_("Member limit"),
		.width = 10,
	},
	{
		.kind = WZ_TEXT,
		.name = "schedule.interval",
		.label = N_("Run every"),
		.example = "30m",
		.width = 8,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_options = {
	.id = "options",
	.title = N_("Writeback options"),
	.help = N_("disable: the group keeps its SID and gives no access; disable+delete: disabled at "
		   "once, deleted later. Nothing is deleted or taken away without one of these rules, and never more at "
		   "once than the limits say. A limit is a number, a percentage, or both: then "
		   "the larger one counts."),
	.fields = fields,
	.wanted = wz_task_options,
	.summary = summary,
};
