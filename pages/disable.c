/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disable group writeback: what was written so far, and what becomes of it. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/wizard.h"

#define PAGE "disable"

/** The feature, and what becomes of what it wrote. */
#define FEATURE "features.group writeback"
#define RULE    "writeback.when switched off"

/** One group that was written. */
struct written {
	char *name;
	char *member_of; /* groups outside the unit that it is a member of, or "" */
};

struct disable_state {
	struct wz_ask *ask;
	bool was_read;
	struct written *groups;
	size_t count; /* of groups */
	size_t held;  /* of these: members of groups elsewhere */
	int64_t total;
	bool switched_off; /* by this page, in this draft */
};

static struct disable_state *state_of(struct wz *wz)
{
	return wz_state(wz, PAGE);
}

/* What is written here itself is undone with the rest. */
static bool is_ours(struct wz *wz, const char *dn)
{
	const char *container = wz_value(wz, "writeback.container");
	size_t length = strlen(container);
	size_t dn_length = strlen(dn);

	return dn_length > length && strcasecmp(dn + dn_length - length, container) == 0;
}

static char *member_of(const void *ctx, struct wz *wz, const struct gb_json *item)
{
	const struct gb_json *list = gb_json_get(item, "memberOf");
	char *text = gb_strdup(ctx, "");

	for (const struct gb_json *e = gb_json_first(list); e; e = gb_json_next(e)) {
		const char *dn = gb_json_text(e);

		if (dn && !is_ours(wz, dn)) {
			text = gb_mem_check(talloc_asprintf_append(
				text, "%s%s", *text ? "; " : "", dn));
		}
	}
	return text;
}

/* What others hold comes first: that is what people have to look at. */
static void add_group(struct disable_state *state, struct written group)
{
	size_t place = *group.member_of ? state->held : state->count;

	state->groups = gb_mem_check(talloc_realloc(state, state->groups, struct written,
						    gb_mem_count(state->count + 1)));
	memmove(&state->groups[place + 1], &state->groups[place],
		(state->count - place) * sizeof(state->groups[0]));
	state->groups[place] = group;
	state->count++;
	state->held += *group.member_of != '\0';
}

static void on_item(struct wz *wz, void *data, const struct gb_json *event)
{
	struct disable_state *state = state_of(wz);
	const char *name = gb_json_get_text(event, "name");

	(void)data;
	add_group(state, (struct written){
				 .name = gb_strdup(state, name ? name : ""),
				 .member_of = member_of(state, wz, event),
			 });
	wz_touch(wz);
}

static void on_read(struct wz *wz, void *data, const struct gb_json *event)
{
	struct disable_state *state = state_of(wz);

	(void)data;
	state->ask = NULL;
	state->was_read = true;
	if (!gb_json_get_int(event, "count", &state->total)) {
		state->total = (int64_t)state->count;
	}
	wz_touch(wz);
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	(void)data;
	(void)event;
	state_of(wz)->ask = NULL;
	wz_say_err(wz, err);
}

static void enter(struct wz *wz)
{
	static const struct wz_answers answers = {
		.item = on_item,
		.done = on_read,
		.failed = on_failed,
	};
	struct disable_state *state = state_of(wz);

	if (!state->was_read && !state->ask && !wz_is_unattended(wz)) {
		state->ask = wz_question_new(wz, PAGE, "directory.written-groups");
		wz_ask_start(state->ask, _("Reading the groups that were written…"), &answers,
			     NULL);
	}
}

static size_t group_count(struct wz *wz)
{
	return state_of(wz)->count;
}

static void group_row(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row)
{
	const struct written *group = &state_of(wz)->groups[i];

	ret_row->text = group->name;
	ret_row->note = *group->member_of ? gb_printf(ctx, _("member of %s"), group->member_of)
					  : NULL;
	ret_row->tone = *group->member_of ? WZ_WARN : WZ_PLAIN;
}

static const char *nothing(struct wz *wz)
{
	return state_of(wz)->was_read ? _("no group was written") : _("not read yet");
}

static const struct wz_list group_list = {
	.count = group_count,
	.row = group_row,
	.nothing = nothing,
};

static char *live_count(const void *ctx, struct wz *wz)
{
	struct disable_state *state = state_of(wz);

	if (!state->was_read || state->total == 0) {
		return NULL;
	}
	return gb_printf(ctx,
			 P_("%lld group was written (members of groups elsewhere: %zu):",
			    "%lld groups were written (members of groups elsewhere: %zu):",
			    state->total),
			 (long long)state->total, state->held);
}

/* What each answer means for people, in the place where it is chosen. */
static char *live_meaning(const void *ctx, struct wz *wz)
{
	if (wz_is(wz, RULE, "delete")) {
		return gb_strdup(ctx, _("Access that hangs on them is lost. Groups that others outside "
					"the unit hold as members stay, and are named."));
	}
	return gb_strdup(ctx, wz_is(wz, RULE, "disable")
				      ? _("They become distribution groups: members and SID stay, "
					  "access ends, and switching writeback on gives it back.")
				      : _("Nobody keeps them in step with the cloud any more: who "
					  "leaves a group there keeps the access here."));
}

bool wz_disable_leaves_work(struct wz *wz)
{
	return wz_is(wz, FEATURE, "yes") || !wz_is(wz, RULE, "keep");
}

void wz_disable_forget(struct wz *wz)
{
	struct disable_state *state = state_of(wz);

	if (state->switched_off) {
		state->switched_off = false;
		wz_set(wz, FEATURE, "yes");
		wz_set(wz, RULE, "keep");
	}
}

static enum wz_leave leave(struct wz *wz)
{
	if (wz_is(wz, FEATURE, "yes")) {
		state_of(wz)->switched_off = true;
		wz_set(wz, FEATURE, "no");
	}
	return WZ_GO;
}

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx, wz_is(wz, RULE, "delete")    ? _("the groups are deleted")
			      : wz_is(wz, RULE, "disable") ? _("the groups are disabled")
							   : _("the groups stay"));
}

static const struct wz_choice rules[] = {
	{"keep", N_("keep them as they are")},
	{"disable", N_("disable them")},
	{"delete", N_("delete them")},
	{NULL, NULL},
};

static const struct wz_field fields[] = {
	{.kind = WZ_NOTE, .text = N_("The engine writes nothing any more after Configure.")},
	{.kind = WZ_NOTE, .live = live_count},
	{.kind = WZ_LIST, .label = N_("Written groups"), .list = &group_list, .flags = WZ_GROW},
	{
		.kind = WZ_CHOICE,
		.name = RULE,
		.label = N_("What becomes of them"),
		.alone = N_("Groups written so far"),
		.choices = rules,
		.help = N_("Entra Connect deletes groups that it wrote when group writeback is "
			   "switched off, and with them the access that hangs on them. Here you "
			   "choose. Ready shows the effect in numbers before anything is done."),
	},
	{.kind = WZ_NOTE, .live = live_meaning},
	{.kind = WZ_END},
};

const struct wz_page wz_page_disable = {
	.id = PAGE,
	.title = N_("Disable group writeback"),
	.help = N_("Reads which groups stand in the organizational unit, and which groups they are "
		   "members of. Nothing is changed before Configure."),
	.fields = fields,
	.state_bytes = sizeof(struct disable_state),
	.wanted = wz_task_disable,
	.enter = enter,
	.leave = leave,
	.summary = summary,
};
