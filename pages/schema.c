/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Refresh directory schema: what the directory has now, read anew. The engine reads it in each run, so nothing has
 * to be stored; after the schema was extended (Exchange, Windows Server 2016), features can be switched on.
 */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/steps.h"
#include "wizard/wizard.h"

#define PAGE "schema"

struct schema_state {
	struct wz_ask *ask;
	struct wz_steps *facts;
};

static struct schema_state *state_of(struct wz *wz)
{
	struct schema_state *state = wz_state(wz, PAGE);

	if (!state->facts) {
		state->facts = wz_steps_new(state);
	}
	return state;
}

static struct wz_steps *facts_of(struct wz *wz)
{
	return state_of(wz)->facts;
}

static const char *nothing(struct wz *wz)
{
	(void)wz;
	return _("not read yet");
}

static const struct wz_list facts = {
	.steps = facts_of,
	.nothing = nothing,
};

static void add_text(struct schema_state *state, const char *label, const char *text)
{
	wz_steps_add(state->facts, WZ_GOOD, label, text ? text : "");
}

/* What is there is well; what is not decides what can be written. */
static void add_fact(struct schema_state *state, const struct gb_json *object, const char *key,
		     const char *label, const char *without)
{
	bool is_there = gb_json_get_bool(object, key, false);

	wz_steps_add(state->facts, is_there ? WZ_GOOD : WZ_WARN, label,
		     is_there ? _("there") : without);
}

static void on_done(struct wz *wz, void *data, const struct gb_json *event)
{
	struct schema_state *state = state_of(wz);
	const struct gb_json *found = gb_json_get(event, "facts");

	(void)data;
	state->ask = NULL;
	add_text(state, _("Domain controller"), gb_json_get_text(found, "dnsHostName"));
	add_text(state, _("Domain"), gb_json_get_text(found, "domain"));
	add_fact(state, found, "hasExternalId", _("Schema of Windows Server 2016"),
		 _("not there: groups are known by adminDescription alone"));
	add_fact(state, found, "hasMailNickname", _("Exchange attributes"),
		 _("not there: mailNickname is not written"));
	add_fact(state, found, "globalCatalog", _("Global catalog"),
		 _("not on this server: members of other domains are looked for elsewhere"));
	add_fact(state, found, "hasRecycleBin", _("Recycle Bin"),
		 _("off, or not to be seen: a deleted group comes back without members"));
	wz_say(wz, WZ_GOOD, _("The schema was read anew; the next cycle goes by it."));
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

static void read_schema(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_done, .failed = on_failed};
	struct schema_state *state = state_of(wz);

	talloc_free(state->ask);
	wz_steps_clear(state->facts);
	state->ask = wz_question_new(wz, PAGE, "directory.schema");
	wz_ask_start(state->ask, _("Reading the schema…"), &answers, NULL);
}

static void enter(struct wz *wz)
{
	if (!wz_is_unattended(wz) && wz_steps_count(facts_of(wz)) == 0) {
		read_schema(wz);
	}
}

static const struct wz_field fields[] = {
	{.kind = WZ_STEPS, .label = N_("What the directory has"), .list = &facts, .flags = WZ_GROW},
	{
		.kind = WZ_ACTION,
		.label = N_("Read again"),
		.press = read_schema,
		.flags = WZ_FOOT | WZ_BY_HAND,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_schema = {
	.id = PAGE,
	.title = N_("Refresh directory schema"),
	.help = N_("After the schema was extended, for Exchange or by a newer domain controller, look here "
		   "whether the directory shows it. The engine reads the schema in each run."),
	.next = N_("Exit"),
	.fields = fields,
	.state_bytes = sizeof(struct schema_state),
	.flags = WZ_LAST | WZ_UNCOUNTED,
	.wanted = wz_task_schema,
	.enter = enter,
};
