/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Optional features: what is written, and of which groups. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "wizard/wizard.h"

static bool is_written(struct wz *wz)
{
	return wz_is(wz, "features.group writeback", "yes");
}

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx,
			 is_written(wz) ? _("Group writeback is on") : _("Group writeback is off"));
}

static const struct wz_field fields[] = {
	{
		.kind = WZ_CHECK,
		.name = "features.group writeback",
		.label = N_("Group writeback"),
	},
	{
		.kind = WZ_FLAGS,
		.name = "writeback.kinds",
		.label = N_("Kinds of groups"),
		.shown = is_written,
	},
	{
		.kind = WZ_CHOICE,
		.name = "writeback.scope",
		.label = N_("Which groups"),
		.shown = is_written,
	},
	{
		.kind = WZ_NUMBER,
		.name = "writeback.member limit",
		.label = N_("Member limit"),
		.width = 10,
		.shown = is_written,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_features = {
	.id = "features",
	.title = N_("Optional features"),
	.help = N_("Choose what is written from the cloud to the directory."),
	.fields = fields,
	.summary = summary,
	.flags = WZ_LAST,
};
