/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Permissions: only if the account lacks rights on the container. An administrator grants them with one of
 * the commands that are shown.
 */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/container.h"
#include "pages/pages.h"
#include "pages/steps.h"
#include "wizard/wizard.h"

#define PAGE "rights"

static bool is_wanted(struct wz *wz)
{
	const struct wz_rights *rights = wz_container_rights(wz);

	return wz_task_options(wz) && rights->known && (!rights->sufficient || rights->privileged);
}

static size_t right_count(struct wz *wz)
{
	return wz_steps_count(wz_container_rights(wz)->steps);
}

static void right_row(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row)
{
	wz_steps_row(ctx, wz_container_rights(wz)->steps, i, ret_row);
}

static const struct wz_list right_list = {.count = right_count, .row = right_row};

static bool is_privileged(struct wz *wz)
{
	return wz_container_rights(wz)->privileged;
}

static bool is_grantable(struct wz *wz)
{
	return !is_privileged(wz);
}

static void show_commands(struct wz *wz)
{
	const char *commands = wz_container_rights(wz)->commands;

	wz_show(wz, _("Run one of these where an administrator works"), commands ? commands : "");
}

static enum wz_leave leave(struct wz *wz)
{
	const struct wz_rights *rights = wz_container_rights(wz);
	const struct wz_question question = {
		.text = rights->privileged
				? _("The account is an administrator. The engine refuses it: a mistake "
				    "could then reach the whole domain.")
				: _("The account lacks rights. The engine will write nothing until "
				    "they are granted."),
		.keep = N_("Stay here"),
		.agree = _("Go on without the rights"),
		.answer = "setup.go on without rights",
		.agreed = wz_go_on,
		.kept = wz_stay,
	};

	if (rights->sufficient && !rights->privileged) {
		return WZ_GO;
	}
	wz_confirm(wz, &question);
	return WZ_WAIT;
}

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx, wz_container_rights(wz)->sufficient ? _("granted") : _("missing"));
}

static const struct wz_field fields[] = {
	{
		.kind = WZ_NOTE,
		.text = N_("The account is an administrator of the domain. Use an ordinary one: go "
			   "back to \"Connect your directory\"."),
		.shown = is_privileged,
	},
	{
		.kind = WZ_NOTE,
		.text = N_("The account needs these rights on the container, and no others:"),
		.shown = is_grantable,
	},
	{.kind = WZ_STEPS, .label = N_("Rights"), .list = &right_list, .flags = WZ_GROW},
	{
		.kind = WZ_NOTE,
		.text = N_("\"groupback-engine permissions grant --administrator NAME\" grants them from "
			   "this machine; \"Show commands\" has the same for Windows and Samba."),
		.shown = is_grantable,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Look again"),
		.press = wz_container_ask_rights,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = is_grantable,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Show commands"),
		.press = show_commands,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = is_grantable,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_rights = {
	.id = PAGE,
	.title = N_("Permissions"),
	.help = N_("Least privilege: create and delete groups in this container, write the "
		   "attributes and members of these groups, nothing else anywhere."),
	.fields = fields,
	.wanted = is_wanted,
	.leave = leave,
	.summary = summary,
};
