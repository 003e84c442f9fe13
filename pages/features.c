/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Optional features: what is written, and of which groups, with its effect on this tenant in numbers. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/directory.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/wizard.h"

#define PAGE "features"

/** What tenant.counts said (docs/probe.md). */
struct counts {
	bool known;
	int64_t groups;
	int64_t security;
	int64_t microsoft365;
	int64_t enabled_only;
	int64_t tenant;
	int64_t tenant_microsoft365;
	int64_t role_assignable;
	int64_t hidden;
};

struct features_state {
	struct counts counts;
	struct wz_ask *ask;
};

static struct features_state *state_of(struct wz *wz)
{
	return wz_state(wz, PAGE);
}

static bool is_written(struct wz *wz)
{
	return wz_is(wz, "features.group writeback", "yes");
}

static bool is_filter(struct wz *wz)
{
	return is_written(wz) && wz_is(wz, "writeback.scope", "filter");
}

static bool is_selected(struct wz *wz)
{
	return is_written(wz) && wz_is(wz, "writeback.scope", "selected");
}

/* Numbers ------------------------------------------------------------------------------------ */

static int64_t number(const struct gb_json *object, const char *key)
{
	int64_t value;

	return gb_json_get_int(object, key, &value) ? value : 0;
}

static void on_counted(struct wz *wz, void *data, const struct gb_json *event)
{
	struct features_state *state = state_of(wz);
	const struct gb_json *would = gb_json_get(event, "wouldWrite");

	(void)data;
	state->ask = NULL;
	state->counts = (struct counts){
		.known = true,
		.groups = number(event, "groups"),
		.security = number(gb_json_get(event, "security"), "total"),
		.microsoft365 = number(gb_json_get(event, "microsoft365"), "total"),
		.enabled_only = number(would, "enabledOnly"),
		.tenant = number(would, "tenant"),
		.tenant_microsoft365 = number(would, "tenantMicrosoft365"),
		.role_assignable = number(event, "roleAssignable"),
		.hidden = number(event, "hiddenMembership"),
	};
	wz_say(wz, WZ_PLAIN, P_("The tenant has %lld group.", "The tenant has %lld groups.",
				state->counts.groups),
	       (long long)state->counts.groups);
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	(void)data;
	(void)event;
	state_of(wz)->ask = NULL;
	wz_say_err(wz, err);
}

static void count(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_counted, .failed = on_failed};
	struct features_state *state = state_of(wz);

	talloc_free(state->ask);
	state->ask = wz_question_new(wz, PAGE, "tenant.counts");
	wz_ask_start(state->ask, _("Counting the groups of the tenant…"), &answers, NULL);
}

static char *live_kinds(const void *ctx, struct wz *wz)
{
	const struct counts *counts = &state_of(wz)->counts;

	return counts->known ? gb_printf(ctx, _("this tenant: %lld, %lld"),
					 (long long)counts->security,
					 (long long)counts->microsoft365)
			     : NULL;
}

/* What the wider scope would do at once is what people are surprised by. */
static char *live_scope(const void *ctx, struct wz *wz)
{
	const struct counts *counts = &state_of(wz)->counts;

	if (!counts->known) {
		return NULL;
	}
	if (wz_is(wz, "writeback.scope", "tenant")) {
		return gb_printf(ctx,
				 _("this tenant: %lld groups at once, %lld of them Microsoft 365"),
				 (long long)counts->tenant, (long long)counts->tenant_microsoft365);
	}
	return wz_is(wz, "writeback.scope", "enabled-only")
		       ? gb_printf(ctx, _("this tenant: %lld groups"),
				   (long long)counts->enabled_only)
		       : NULL;
}

static char *live_hidden(const void *ctx, struct wz *wz)
{
	const struct counts *counts = &state_of(wz)->counts;

	return counts->known
		       ? gb_printf(ctx, _("this tenant: %lld groups"), (long long)counts->hidden)
		       : NULL;
}

static char *live_role(const void *ctx, struct wz *wz)
{
	const struct counts *counts = &state_of(wz)->counts;

	return counts->known ? gb_printf(ctx, _("this tenant: %lld groups"),
					 (long long)counts->role_assignable)
			     : NULL;
}

static const char *mail_is_missing(struct wz *wz)
{
	const struct wz_directory_facts *facts = wz_directory_facts(wz);

	return facts->known && !facts->has_mail_nickname
		       ? _("the directory has no Exchange attributes")
		       : NULL;
}

/* The page ----------------------------------------------------------------------------------- */

/* Who sets it up wants it on; who comes back sees how it is. */
static void enter(struct wz *wz)
{
	if (!wz_config_before(wz) && wz_stamp(wz, "features.") == 0) {
		wz_set(wz, "features.group writeback", "yes");
	}
}

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx,
			 is_written(wz) ? _("Group writeback is on") : _("Group writeback is off"));
}

static const struct wz_choice kinds[] = {
	{"security", N_("security")},
	{"microsoft365", N_("Microsoft 365")},
	{NULL, NULL},
};

static const struct wz_field fields[] = {
	{.kind = WZ_CHECK, .name = "features.group writeback", .label = N_("Group writeback")},
	{
		.kind = WZ_FLAGS,
		.name = "writeback.kinds",
		.label = N_("Kinds of groups"),
		.choices = kinds,
		.shown = is_written,
		.live = live_kinds,
	},
	{
		.kind = WZ_CHOICE,
		.name = "writeback.scope",
		.label = N_("Which groups"),
		.shown = is_written,
		.live = live_scope,
	},
	{
		.kind = WZ_TEXT,
		.name = "writeback.selected file",
		.label = N_("List of groups"),
		.example = "/etc/groupback/selected",
		.width = 40,
		.flags = WZ_NEEDED,
		.shown = is_selected,
	},
	{
		.kind = WZ_TEXT,
		.name = "writeback.filter file",
		.label = N_("Filter"),
		.example = "/etc/groupback/filter",
		.width = 40,
		.flags = WZ_NEEDED,
		.shown = is_filter,
	},
	{
		.kind = WZ_CHOICE,
		.name = "writeback.nested",
		.label = N_("Nested groups"),
		.shown = is_written,
	},
	{
		.kind = WZ_CHECK,
		.name = "writeback.mail attributes",
		.label = N_("Mail attributes"),
		.shown = is_written,
		.blocked = mail_is_missing,
	},
	{
		.kind = WZ_CHECK,
		.name = "writeback.hidden membership",
		.label = N_("Groups with hidden membership"),
		.shown = is_written,
		.live = live_hidden,
	},
	{
		.kind = WZ_CHECK,
		.name = "writeback.role-assignable groups",
		.label = N_("Role-assignable groups"),
		.shown = is_written,
		.live = live_role,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Count"),
		.press = count,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.shown = is_written,
		.help = N_("Reads all groups of the tenant and shows behind each choice how many "
			   "of them it is about."),
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_features = {
	.id = PAGE,
	.title = N_("Optional features"),
	.help = N_("Choose what is written from the cloud to the directory. What is on now stays "
		   "on until it is changed here."),
	.fields = fields,
	.state_bytes = sizeof(struct features_state),
	.wanted = wz_task_options,
	.enter = enter,
	.summary = summary,
};
