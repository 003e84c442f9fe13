/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Permissions: only if the account lacks rights on the container. An administrator grants them here, by a
 * password that is used once, or elsewhere by one of the commands that are shown.
 */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/secret.h"
#include "pages/container.h"
#include "pages/done.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/steps.h"
#include "wizard/wizard.h"

#define PAGE	      "rights"
#define ADMINISTRATOR "once.grant administrator"
#define PASSWORD      "secret.grant administrator-password"

struct rights_state {
	struct wz_ask *ask; /* of the button, while it runs */
};

static struct rights_state *state_of(struct wz *wz)
{
	return wz_state(wz, PAGE);
}

/** What an answers file agrees by, to go on although something is missing. */
#define UNTESTED "setup.go on without rights"

static bool is_wanted(struct wz *wz)
{
	const struct wz_rights *rights = wz_container_rights(wz);

	return wz_task_options(wz) && rights->known && (!rights->sufficient || rights->privileged);
}

static struct wz_steps *rights_of(struct wz *wz)
{
	return wz_container_rights(wz)->steps;
}

static const struct wz_list right_list = {.steps = rights_of};

static bool is_privileged(struct wz *wz)
{
	return wz_container_rights(wz)->privileged;
}

static bool is_grantable(struct wz *wz)
{
	return !is_privileged(wz);
}

static bool is_lacking(struct wz *wz)
{
	return is_grantable(wz) && !wz_container_rights(wz)->sufficient;
}

/* Granting ----------------------------------------------------------------------------------- */

static void on_granted(struct wz *wz, void *data, const struct gb_json *event)
{
	(void)data;
	state_of(wz)->ask = NULL;
	if (gb_json_get_bool(event, "changed", false)) {
		wz_done_add(wz, _("rights granted on %s"), wz_value(wz, "writeback.container"));
	}
	wz_set_secret(wz, PASSWORD, NULL);
	wz_say(wz, WZ_GOOD, _("The rights are granted."));
	wz_container_ask_rights(wz);
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	(void)data;
	(void)event;
	state_of(wz)->ask = NULL;
	wz_say_err(wz, err);
}

static void grant(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_granted, .failed = on_failed};
	struct rights_state *state = state_of(wz);
	struct gb_json_writer *arguments;

	talloc_free(state->ask);
	state->ask = wz_question_new(wz, PAGE, "directory.grant");
	wz_ask_secret(state->ask, "administrator-password", wz_secret(wz, PASSWORD));
	arguments = wz_ask_arguments(state->ask);
	gb_json_put_text(arguments, "container", wz_value(wz, "writeback.container"));
	gb_json_put_text(arguments, "administrator", wz_value(wz, ADMINISTRATOR));
	wz_ask_start(state->ask, _("Granting the rights…"), &answers, NULL);
}

static const char *administrator_is_missing(struct wz *wz)
{
	const struct gb_secret *password = wz_secret(wz, PASSWORD);

	if (!*wz_value(wz, ADMINISTRATOR)) {
		return _("type the administrator's name first");
	}
	return password && gb_secret_length(password) > 0 ? NULL : _("type the password first");
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
		.answer = UNTESTED,
		.agreed = wz_go_on,
		.kept = wz_stay,
	};

	if (wz_container_wait_for_rights(wz)) {
		return WZ_WAIT;
	}
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
		.kind = WZ_TEXT,
		.name = ADMINISTRATOR,
		.label = N_("Administrator"),
		.example = "administrator@corp.example.com",
		.width = 40,
		.flags = WZ_BY_HAND,
		.shown = is_lacking,
		.help = N_("Whose rights are used to grant these, once."),
	},
	{
		.kind = WZ_SECRET,
		.name = PASSWORD,
		.label = N_("Password"),
		.text = N_("used once, not stored"),
		.width = 32,
		.flags = WZ_ONCE | WZ_BY_HAND,
		.shown = is_lacking,
	},
	{
		.kind = WZ_NOTE,
		.text = N_("Or let somebody else do it: \"Show commands\" has the lines for Windows "
			   "and Samba."),
		.shown = is_lacking,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Grant"),
		.press = grant,
		.blocked = administrator_is_missing,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = is_lacking,
		.help = N_("Adds the missing rights to the access list of the container now, not "
			   "only at Configure."),
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
	{.kind = WZ_CHECK, .name = UNTESTED, .flags = WZ_CONSENT},
	{.kind = WZ_END},
};

const struct wz_page wz_page_rights = {
	.id = PAGE,
	.title = N_("Permissions"),
	.help = N_("Least privilege: create and delete groups in this container, write the "
		   "attributes and members of these groups, nothing else anywhere."),
	.fields = fields,
	.state_bytes = sizeof(struct rights_state),
	.wanted = is_wanted,
	.leave = leave,
	.summary = summary,
};
