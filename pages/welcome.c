/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Welcome: what this is, what it needs, and that nothing is changed before Configure. */
#include "config.h"

#include "engine/base/i18n.h"
#include "pages/import.h"
#include "pages/pages.h"
#include "wizard/wizard.h"

static bool is_first_run(struct wz *wz)
{
	return wz_config_before(wz) == NULL;
}

static const struct wz_field fields[] = {
	{
		.kind = WZ_NOTE,
		.text = N_("This sets up groupback: groups of a Microsoft Entra tenant are written "
			   "to an on-premises Active Directory, and kept in step."),
	},
	{
		.kind = WZ_HEADING,
		.text = N_("What you need"),
	},
	{
		.kind = WZ_NOTE,
		.text = N_("- A person who may register an application in the tenant: Privileged "
			   "Role Administrator or Global Administrator. Needed once.\n"
			   "- A person who may delegate rights on an organizational unit. Needed "
			   "once.\n"
			   "- About ten minutes."),
	},
	{
		.kind = WZ_NOTE,
		.text = N_("Nothing is changed before Configure on the page \"Ready to "
			   "configure\", except by a button that says so."),
	},
	{
		.kind = WZ_TEXT,
		.name = WZ_IMPORT_FILE,
		.label = N_("Settings of another server"),
		.text = N_("empty: begin with defaults"),
		.example = "/root/groupback-settings.json",
		.width = 30,
		.flags = WZ_BY_HAND,
		.help = N_("A file that \"groupback-engine settings export\" wrote there. Every page "
			   "then shows what is in it."),
	},
	{.kind = WZ_END},
};

static enum wz_leave leave(struct wz *wz)
{
	return wz_import_settings(wz) ? WZ_GO : WZ_STAY;
}

const struct wz_page wz_page_welcome = {
	.id = "welcome",
	.title = N_("Welcome"),
	.help = N_("The pages follow in the order of Microsoft Entra Connect. Back never loses "
		   "what was entered. If the line drops, run groupback-wizard again: the draft is "
		   "kept, without passwords."),
	.fields = fields,
	.flags = WZ_UNCOUNTED,
	.wanted = is_first_run,
	.leave = leave,
};
