/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writeback: the organizational unit that the groups are written to, picked from a tree that is read level
 * by level; and the checkbox that names groups by their display name, with a real group as example.
 */
#include "config.h"

#include "pages/container.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "pages/directory.h"
#include "pages/done.h"
#include "pages/pages.h"
#include "pages/question.h"
#include "wizard/ask.h"
#include "wizard/steps.h"
#include "wizard/tree.h"
#include "wizard/wizard.h"

#define PAGE "container"

struct container_state {
	struct wz_tree *tree;
	struct wz_node *root;
	struct wz_ask *ask;     /* of a button or of Next, while it runs */
	struct wz_rights rights;
	uint64_t rights_stamp;  /* of the values that they speak of */
	bool has_answer;        /* rights_stamp counts: it is 0 for values that nobody changed */
	bool is_asking_rights;  /* they are on their way */
	bool is_leaving;        /* Next waits for the answer */
	bool asked_for_example; /* once is enough */
	char *example_names[2]; /* CN by object id, CN by display name; or NULL */
	char *example;          /* display name of the group; or NULL */
};

static struct container_state *state_of(struct wz *wz)
{
	return wz_state(wz, PAGE);
}

const struct wz_rights *wz_container_rights(struct wz *wz)
{
	return &state_of(wz)->rights;
}

size_t wz_container_rdn_length(const char *dn)
{
	size_t i = 0;

	while (dn[i] && dn[i] != ',') {
		i += dn[i] == '\\' && dn[i + 1] ? 2 : 1;
	}
	return i;
}

const char *wz_container_parent(const char *dn)
{
	size_t length = wz_container_rdn_length(dn);

	return dn[length] ? dn + length + 1 : "";
}

/* The tree ----------------------------------------------------------------------------------- */

/** One level that is being read. */
struct level {
	char *parent_id; /* the node may be gone when the answer comes */
	bool is_found;   /* a search: rows go below the node of their own parent */
};

static void add_container(struct wz *wz, struct wz_node *parent, const struct gb_json *item)
{
	const char *dn = gb_json_get_text(item, "dn");
	const char *guid = gb_json_get_text(item, "guid");
	const char *note = gb_json_get_text(item, "note");
	struct container_state *state = state_of(wz);
	struct wz_node *node;
	bool can_create;
	char *label;

	if (!dn || !guid) {
		return;
	}
	label = gb_strndup(state, dn, wz_container_rdn_length(dn));
	node = wz_tree_add(state->tree, parent, guid, label, dn);
	talloc_free(label);
	if (!node) {
		return;
	}
	/* Rights that are missing are granted on the page of rights: they forbid nothing here. */
	can_create = gb_json_get_bool(item, "canCreateGroups", true);
	node->unfit = gb_json_get_bool(item, "builtIn", false)
			      ? _("This one belongs to the system; choose a unit of its own.")
			      : NULL;
	wz_tree_note(node, note && *note ? note
			   : can_create	 ? NULL
					 : _("no rights yet: a later page grants them"));
}

static void on_child(struct wz *wz, void *data, const struct gb_json *event)
{
	struct level *level = data;
	struct wz_node *parent = wz_tree_by_id(state_of(wz)->tree, level->parent_id);
	const char *kind = gb_json_get_text(event, "kind");

	if (kind && strcmp(kind, "container") == 0 && parent) {
		add_container(wz, parent, event);
		wz_touch(wz);
	}
}

static void on_level_read(struct wz *wz, void *data, const struct gb_json *event)
{
	struct level *level = data;
	struct wz_node *node = wz_tree_by_id(state_of(wz)->tree, level->parent_id);

	if (node) {
		node->state = WZ_NODE_READ;
		wz_tree_sort(node);
		if (!gb_json_get_bool(event, "complete", true)) {
			wz_tree_note(node, _("more than can be shown here: use Find"));
		}
	}
	talloc_free(level);
	wz_touch(wz);
}

static void on_level_failed(struct wz *wz, void *data, const struct gb_err *err,
			    const struct gb_json *event)
{
	struct level *level = data;
	struct wz_node *node = wz_tree_by_id(state_of(wz)->tree, level->parent_id);

	(void)event;
	if (node) {
		node->state = WZ_NODE_FAILED;
		wz_tree_note(node, err->what);
	}
	talloc_free(level);
	wz_say_err(wz, err);
}

static void read_level(struct wz *wz, struct wz_node *node)
{
	static const struct wz_answers answers = {
		.item = on_child,
		.done = on_level_read,
		.failed = on_level_failed,
	};
	struct container_state *state = state_of(wz);
	struct level *level = gb_new(state, struct level);
	struct wz_ask *ask = wz_question_new(wz, PAGE, "directory.containers");

	level->parent_id = gb_strdup(level, node->id);
	node->state = WZ_NODE_LOADING;
	gb_json_put_text(wz_ask_arguments(ask), "parent", *node->value ? node->value : NULL);
	gb_json_put_int(wz_ask_arguments(ask), "limit", WZ_TREE_MAX_CHILDREN);
	wz_ask_start(ask, NULL, &answers, level);
}

static struct wz_tree *get_tree(struct wz *wz)
{
	return state_of(wz)->tree;
}

static char *node_detail(const void *ctx, struct wz *wz, const struct wz_node *node)
{
	(void)wz;
	return gb_printf(ctx, _("%s\nId %s (kept if it is renamed)\n%s"), node->value, node->id,
			 node->note ? node->note : "");
}

/* A container that was found stands below its own parents as far as they are known, else below the domain. */
static void on_found_item(struct wz *wz, void *data, const struct gb_json *event)
{
	struct container_state *state = state_of(wz);
	const char *kind = gb_json_get_text(event, "kind");
	const char *dn = gb_json_get_text(event, "dn");
	struct wz_node *parent;

	(void)data;
	if (!kind || strcmp(kind, "container") != 0 || !dn) {
		return;
	}
	parent = wz_tree_by_value(state->tree, wz_container_parent(dn));
	if (!parent) {
		parent = state->root;
	}
	add_container(wz, parent, event);
	wz_tree_sort(parent);
	wz_tree_open(state->tree, parent, true);
	wz_touch(wz);
}

static void on_found(struct wz *wz, void *data, const struct gb_json *event)
{
	int64_t count = 0;

	(void)data;
	if (!gb_json_get_int(event, "count", &count)) {
		count = 0;
	}
	wz_say(wz, WZ_PLAIN,
	       P_("%lld container found; / finds it in the tree.",
		  "%lld containers found; / finds them in the tree.", count),
	       (long long)count);
}

static void on_failed(struct wz *wz, void *data, const struct gb_err *err,
		      const struct gb_json *event)
{
	struct container_state *state = state_of(wz);

	(void)data;
	(void)event;
	state->ask = NULL;
	state->is_leaving = false;
	wz_say_err(wz, err);
	wz_stay(wz);
}

static void find(struct wz *wz, const char *text)
{
	static const struct wz_answers answers = {
		.item = on_found_item,
		.done = on_found,
		.failed = on_failed,
	};
	struct wz_ask *ask = wz_question_new(wz, PAGE, "directory.find-containers");

	gb_json_put_text(wz_ask_arguments(ask), "text", text);
	wz_ask_start(ask, _("Searching the directory…"), &answers, NULL);
}

static const struct wz_forest forest = {
	.get = get_tree,
	.open = read_level,
	.find = find,
	.detail = node_detail,
};

/* The example -------------------------------------------------------------------------------- */

static void on_example(struct wz *wz, void *data, const struct gb_json *event)
{
	struct container_state *state = state_of(wz);
	const struct gb_json *example = gb_json_get(event, "example");

	(void)data;
	if (!example) {
		return;
	}
	state->example = gb_strdup(state, gb_json_get_text(example, "displayName"));
	state->example_names[0] = gb_strdup(state, gb_json_get_text(example, "objectIdName"));
	state->example_names[1] = gb_strdup(state, gb_json_get_text(example, "displayNameName"));
	wz_touch(wz);
}

static void ask_for_example(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_example};
	struct container_state *state = state_of(wz);

	if (!state->asked_for_example && !wz_is_unattended(wz)) {
		state->asked_for_example = true;
		wz_ask_start(wz_question_new(wz, PAGE, "tenant.example"), NULL, &answers, NULL);
	}
}

static char *live_example(const void *ctx, struct wz *wz)
{
	struct container_state *state = state_of(wz);
	const char *name = state->example_names[wz_is(wz, "writeback.name", "display-name")];

	if (!name || !state->example) {
		return NULL;
	}
	return gb_printf(ctx, _("Example: %s becomes CN=%s"), state->example, name);
}

static char *live_chosen(const void *ctx, struct wz *wz)
{
	const char *dn = wz_value(wz, "writeback.container");

	return gb_printf(ctx, _("Chosen: %s"), *dn ? dn : _("nothing yet"));
}

/* A new container ---------------------------------------------------------------------------- */

static void on_created(struct wz *wz, void *data, const struct gb_json *event)
{
	struct container_state *state = state_of(wz);
	const struct gb_json *container = gb_json_get(event, "container");
	const char *dn = gb_json_get_text(container, "dn");
	struct wz_node *parent;

	(void)data;
	state->ask = NULL;
	if (!dn) {
		return;
	}
	parent = wz_tree_by_value(state->tree, wz_container_parent(dn));
	parent = parent ? parent : state->root;
	add_container(wz, parent, container);
	wz_tree_sort(parent);
	wz_set(wz, "writeback.container", dn);
	wz_set(wz, "once.new unit", "");
	wz_done_add(wz, _("organizational unit created: %s"), dn);
	wz_say(wz, WZ_GOOD, _("Created and chosen: %s"), dn);
}

static void create(struct wz *wz)
{
	static const struct wz_answers answers = {.done = on_created, .failed = on_failed};
	struct container_state *state = state_of(wz);
	const char *parent = wz_value(wz, "writeback.container");
	const char *administrator = wz_value(wz, "once.unit administrator");
	struct gb_json_writer *arguments;

	talloc_free(state->ask);
	state->ask = wz_question_new(wz, PAGE, "directory.create-container");
	if (*administrator) {
		wz_ask_secret(state->ask, "administrator-password",
			      wz_secret(wz, "secret.unit administrator-password"));
	}
	arguments = wz_ask_arguments(state->ask);
	gb_json_put_text(arguments, "parent", *parent ? parent : state->root->value);
	gb_json_put_text(arguments, "name", wz_value(wz, "once.new unit"));
	gb_json_put_text(arguments, "administrator", *administrator ? administrator : NULL);
	wz_ask_start(state->ask, _("Creating the organizational unit…"), &answers, NULL);
}

static const char *name_is_missing(struct wz *wz)
{
	return *wz_value(wz, "once.new unit") ? NULL : _("type its name first");
}

static bool is_unit_named(struct wz *wz)
{
	return *wz_value(wz, "once.new unit") != '\0';
}

static bool is_administrator_named(struct wz *wz)
{
	return is_unit_named(wz) && *wz_value(wz, "once.unit administrator");
}

/* The page ----------------------------------------------------------------------------------- */

/* Who comes back has not tested the directory, but has a container in its domain. */
static const char *domain_of(struct wz *wz)
{
	const struct wz_directory_facts *facts = wz_directory_facts(wz);
	const char *dn = wz_value(wz, "writeback.container");

	while (!facts->domain && *dn && strncasecmp(dn, "DC=", 3) != 0) {
		dn = wz_container_parent(dn);
	}
	return facts->domain ? facts->domain : dn;
}

static void enter(struct wz *wz)
{
	struct container_state *state = state_of(wz);
	const char *domain = domain_of(wz);

	if (!state->tree) {
		state->tree = wz_tree_new(state);
	}
	if (!state->root || strcmp(state->root->value, domain) != 0) {
		talloc_free(state->tree);
		state->tree = wz_tree_new(state);
		state->root = wz_tree_add(state->tree, NULL, "domain",
					  *domain ? domain : _("the domain"), domain);
		state->root->unfit = _("choose a container inside it");
		if (!wz_is_unattended(wz)) {
			wz_tree_open(state->tree, state->root, true);
			read_level(wz, state->root);
		}
	}
	ask_for_example(wz);
}

static uint64_t stamp(struct wz *wz)
{
	uint64_t container = wz_stamp(wz, "writeback.container");
	uint64_t directory = wz_stamp(wz, "directory.");

	return container > directory ? container : directory;
}

static void take_texts(struct wz_rights *rights, const struct gb_json *commands, const char *key)
{
	const struct gb_json *list = gb_json_get(commands, key);

	for (const struct gb_json *line = gb_json_first(list); line; line = gb_json_next(line)) {
		rights->commands = gb_mem_check(talloc_asprintf_append(
			rights->commands, "%s\n", gb_json_text(line) ? gb_json_text(line) : ""));
	}
}

static void on_right(struct wz *wz, void *data, const struct gb_json *event)
{
	struct container_state *state = state_of(wz);
	const char *kind = gb_json_get_text(event, "kind");
	const char *text = gb_json_get_text(event, "text");
	bool is_granted = gb_json_get_bool(event, "granted", false);
	bool is_unknown = gb_json_member_kind(event, "granted") == GB_JSON_NULL;

	(void)data;
	if (kind && strcmp(kind, "right") == 0) {
		wz_steps_add(state->rights.steps,
			     is_granted   ? WZ_GOOD
			     : is_unknown ? WZ_WARN
					  : WZ_BAD,
			     text, is_unknown ? _("cannot be seen before a group is there") : "");
	}
}

/* Next was pressed, on this page or on that of the rights, and waited: now it can be answered. */
static void leave_again(struct wz *wz)
{
	struct container_state *state = state_of(wz);

	if (state->is_leaving) {
		state->is_leaving = false;
		wz_stay(wz);
		wz_next(wz);
	}
}

bool wz_container_wait_for_rights(struct wz *wz)
{
	struct container_state *state = state_of(wz);

	state->is_leaving = state->is_asking_rights;
	return state->is_asking_rights;
}

static void on_rights(struct wz *wz, void *data, const struct gb_json *event)
{
	struct container_state *state = state_of(wz);
	const struct gb_json *commands = gb_json_get(event, "commands");

	(void)data;
	state->ask = NULL;
	state->is_asking_rights = false;
	state->rights.known = true;
	state->rights.sufficient = gb_json_get_bool(event, "sufficient", false);
	state->rights.privileged = gb_json_get_bool(event, "privileged", false);
	take_texts(&state->rights, commands, "dsacls");
	take_texts(&state->rights, commands, "sambaTool");
	state->rights_stamp = stamp(wz);
	state->has_answer = true;
	leave_again(wz);
}

/* Rights that cannot be seen stop nobody here: the page of rights says it, and so does the first cycle. */
static void on_rights_failed(struct wz *wz, void *data, const struct gb_err *err,
			     const struct gb_json *event)
{
	struct container_state *state = state_of(wz);

	(void)data;
	(void)event;
	state->ask = NULL;
	state->is_asking_rights = false;
	state->rights.known = false;
	if (state->is_leaving && err->rc != GB_E_CANCELLED) {
		state->rights_stamp = stamp(wz);
		state->has_answer = true;
		leave_again(wz);
	} else {
		state->is_leaving = false;
		wz_stay(wz);
	}
	wz_say_err(wz, err);
}

void wz_container_ask_rights(struct wz *wz)
{
	static const struct wz_answers answers = {
		.item = on_right,
		.done = on_rights,
		.failed = on_rights_failed,
	};
	struct container_state *state = state_of(wz);

	talloc_free(state->ask);
	talloc_free(state->rights.steps);
	talloc_free(state->rights.commands);
	state->rights = (struct wz_rights){
		.steps = wz_steps_new(state),
		.commands = gb_strdup(state, ""),
	};
	state->is_asking_rights = true;
	state->ask = wz_question_new(wz, PAGE, "directory.rights");
	gb_json_put_text(wz_ask_arguments(state->ask), "container",
			 wz_value(wz, "writeback.container"));
	wz_ask_start(state->ask, _("Looking at the rights…"), &answers, NULL);
}

static enum wz_leave leave(struct wz *wz)
{
	struct container_state *state = state_of(wz);

	if (state->has_answer && state->rights_stamp == stamp(wz)) {
		return WZ_GO;
	}
	state->is_leaving = true;
	wz_container_ask_rights(wz);
	return WZ_WAIT;
}

static char *summary(const void *ctx, struct wz *wz)
{
	return gb_strdup(ctx, wz_value(wz, "writeback.container"));
}

/** Entra Connect has a checkbox; the configuration has a word for each of its states. */
static const struct wz_choice display_names[] = {
	{"object-id", N_("no")},
	{"display-name", N_("yes")},
	{NULL, NULL},
};

static const struct wz_field fields[] = {
	{
		.kind = WZ_TREE,
		.name = "writeback.container",
		.label = N_("Organizational unit"),
		.tree = &forest,
		.flags = WZ_GROW | WZ_NEEDED,
	},
	{.kind = WZ_NOTE, .live = live_chosen},
	{
		.kind = WZ_TEXT,
		.name = "once.new unit",
		.label = N_("New unit in the chosen one"),
		.example = "Cloud Groups",
		.width = 24,
		.flags = WZ_BY_HAND,
	},
	{
		.kind = WZ_TEXT,
		.name = "once.unit administrator",
		.label = N_("As administrator"),
		.text = N_("empty: the service account"),
		.example = "administrator@corp.example.com",
		.width = 32,
		.flags = WZ_BY_HAND,
		.shown = is_unit_named,
	},
	{
		.kind = WZ_SECRET,
		.name = "secret.unit administrator-password",
		.label = N_("Password"),
		.text = N_("used once, not stored"),
		.width = 24,
		.flags = WZ_ONCE | WZ_BY_HAND,
		.shown = is_administrator_named,
	},
	{
		.kind = WZ_ACTION,
		.label = N_("Create unit"),
		.press = create,
		.blocked = name_is_missing,
		.flags = WZ_FOOT | WZ_BY_HAND,
		.help = N_("Creates the organizational unit in the directory now, not only at "
			   "Configure."),
	},
	{
		.kind = WZ_CHECK,
		.name = "writeback.name",
		.label = N_("Writeback Group Distinguished Name with cloud Display Name"),
		.alone = N_("Name by display name"),
		.choices = display_names,
		.live = live_example,
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_container = {
	.id = PAGE,
	.title = N_("Writeback"),
	.help = N_("Groups are written to this organizational unit and nowhere else. Take one of "
		   "its own, so that the account's rights end there. It is kept by its id, so that "
		   "renaming it does no harm."),
	.fields = fields,
	.state_bytes = sizeof(struct container_state),
	.wanted = wz_task_options,
	.enter = enter,
	.leave = leave,
	.summary = summary,
};
