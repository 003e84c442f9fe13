/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disable group writeback: what was written so far, and what becomes of it. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/wizard.h"

#define PAGE "disable"

/** One group that was written. */
struct written {
	char *name;
	char *member_of; /* groups that it is a member of, or "" */
};

struct disable_state {
	struct wz_ask *ask;
	bool was_read;
	struct written *groups;
	size_t count; /* of groups */
	int64_t total;
};

static struct disable_state *state_of(struct wz *wz)
{
	return wz_state(wz, PAGE);
}

static char *member_of(const void *ctx, const struct gb_json *item)
{
	const struct gb_json *list = gb_json_get(item, "memberOf");
	char *text = gb_strdup(ctx, "");

	for (const struct gb_json *dn = gb_json_first(list); dn; dn = gb_json_next(dn)) {
		text = gb_mem_check(talloc_asprintf_append(text, "%s%s", *text ? "; " : "",
							   gb_json_text(dn)));
	}
	return text;
}

static void on_item(struct wz *wz, void *data, const struct gb_json *event)
{
	struct disable_state *state = state_of(wz);
	const char *name = gb_json_get_text(event, "name");

	(void)data;
	state->groups = gb_mem_check(talloc_realloc(state, state->groups, struct written,
						    gb_mem_count(state->count + 1)));
	state->groups[state->count++] = (struct written){
		.name = gb_strdup(state, name ? name : ""),
		.member_of = member_of(state, event),
	};
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

	return state->was_read
		       ? gb_printf(ctx, P_("%lld group stands in the directory:",
					   "%lld groups stand in the directory:", state->total),
				   (long long)state->total)
		       : NULL;
}

static enum wz_leave leave(struct wz *wz)
{
	wz_set(wz, "features.group writeback", "no");
	return WZ_GO;
}

static const struct wz_field fields[] = {
	{
		.kind = WZ_NOTE,
		.text = N_("The engine writes nothing any more. The groups stay as they are, and so "
			   "do the permissions that hang on them; nobody keeps them in step with the "
			   "cloud. Who leaves a group in the cloud keeps the access here."),
	},
	{.kind = WZ_NOTE, .live = live_count},
	{.kind = WZ_LIST, .label = N_("Written groups"), .list = &group_list, .flags = WZ_GROW},
	{.kind = WZ_END},
};

const struct wz_page wz_page_disable = {
	.id = PAGE,
	.title = N_("Disable group writeback"),
	.fields = fields,
	.state_bytes = sizeof(struct disable_state),
	.wanted = wz_task_disable,
	.enter = enter,
	.leave = leave,
};
