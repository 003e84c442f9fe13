/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wizard of three pages that uses every kind of field once, with an engine that is a script. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/ask.h"
#include "wizard/run.h"
#include "wizard/tree.h"
#include "wizard/wizard.h"

static bool is_simple(struct wz *wz)
{
	return wz_is(wz, "directory.bind", "simple");
}

/* First page ------------------------------------------------------------------------------------ */

static void test_done(struct wz *wz, void *data, const struct gb_json *event)
{
	(void)data;
	wz_say(wz, WZ_GOOD, "The engine says: %s", gb_json_get_text(event, "text"));
	wz_go_on(wz);
}

static void test_failed(struct wz *wz, void *data, const struct gb_err *err,
			const struct gb_json *event)
{
	(void)data;
	(void)event;
	if (err->rc != GB_E_CANCELLED) {
		wz_say_err(wz, err);
	}
	wz_stay(wz);
}

static void ask(struct wz *wz, const char *question)
{
	static const struct wz_answers answers = {.done = test_done, .failed = test_failed};
	struct wz_ask *a = wz_ask_new(wz_state(wz, "first"), wz, question);

	wz_ask_secret(a, "directory-password", wz_secret(wz, "secret.directory-password"));
	wz_ask_start(a, "Testing...", &answers, NULL);
}

static void test(struct wz *wz)
{
	ask(wz, wz_value(wz, "setup.question"));
}

static enum gb_rc check_name(struct wz *wz, const char *text, struct gb_err *err)
{
	(void)wz;
	if (strchr(text, ' ')) {
		gb_err_set(err, GB_E_CONFIG, "name", "A name has no blanks in it.");
		return gb_err_remedy(err, "Example: groups-1");
	}
	return GB_OK;
}

static const struct wz_field first_fields[] = {
	{.kind = WZ_NOTE, .text = "This page has a field of most kinds."},
	{.kind = WZ_TEXT,
	 .name = "setup.name",
	 .label = "Name",
	 .help = "What it is called.",
	 .width = 20,
	 .flags = WZ_NEEDED,
	 .check = check_name},
	{.kind = WZ_NUMBER,
	 .name = "setup.count",
	 .label = "Count",
	 .unit = "things",
	 .fallback = "5",
	 .min = 1,
	 .max = 100,
	 .width = 6},
	{.kind = WZ_CHOICE, .name = "directory.bind", .label = "Sign in by"},
	{.kind = WZ_SECRET,
	 .name = "secret.directory-password",
	 .label = "Password",
	 .width = 20,
	 .shown = is_simple},
	{.kind = WZ_CHECK, .name = "features.group writeback", .label = "Group writeback"},
	{.kind = WZ_FLAGS, .name = "writeback.kinds", .label = "Kinds"},
	{.kind = WZ_TEXT,
	 .name = "setup.question",
	 .label = "Question",
	 .fallback = "answer",
	 .width = 12},
	{.kind = WZ_ACTION, .name = "setup.test", .label = "Test", .press = test, .flags = WZ_FOOT | WZ_TESTS},
	{.kind = WZ_END},
};

static char *first_summary(const void *ctx, struct wz *wz)
{
	return gb_printf(ctx, "named %s", wz_value(wz, "setup.name"));
}

static const struct wz_page first = {
	.id = "first",
	.title = "First page",
	.help = "Help of the first page.",
	.fields = first_fields,
	.state_bytes = 1,
	.summary = first_summary,
};

/* Second page: a tree and a list ----------------------------------------------------------------- */

struct second {
	struct wz_tree *tree;
};

static struct wz_tree *get_tree(struct wz *wz)
{
	return ((struct second *)wz_state(wz, "second"))->tree;
}

static void add_child(struct wz *wz, void *data, const struct gb_json *event)
{
	wz_tree_add(get_tree(wz), data, gb_json_get_text(event, "guid"),
		    gb_json_get_text(event, "name"), gb_json_get_text(event, "dn"));
}

static void children_done(struct wz *wz, void *data, const struct gb_json *event)
{
	(void)wz;
	(void)event;
	((struct wz_node *)data)->state = WZ_NODE_READ;
}

static void children_failed(struct wz *wz, void *data, const struct gb_err *err,
			    const struct gb_json *event)
{
	struct wz_node *node = data;

	(void)event;
	node->state = WZ_NODE_FAILED;
	wz_tree_note(node, err->what);
	wz_touch(wz);
}

static void open_node(struct wz *wz, struct wz_node *node)
{
	static const struct wz_answers answers = {
		.item = add_child, .done = children_done, .failed = children_failed};
	struct wz_ask *a = wz_ask_new(get_tree(wz), wz, "children");

	node->state = WZ_NODE_LOADING;
	gb_json_put_text(wz_ask_arguments(a), "parent", node->value);
	wz_ask_start(a, NULL, &answers, node);
}

static const struct wz_forest forest = {.get = get_tree, .open = open_node};

static void enter_second(struct wz *wz)
{
	struct second *second = wz_state(wz, "second");

	if (!second->tree) {
		second->tree = wz_tree_new(second);
		wz_tree_add(second->tree, NULL, "root", "corp.example.com",
			    "DC=corp,DC=example,DC=com")
			->unfit = "Choose a unit below the domain.";
	}
}

static const char *const hostile[] = {
	"plain name",
	"\xe6\x9d\xb1\xe4\xba\xac\xe6\x9c\xac\xe7\xa4\xbe", /* CJK */
	"right-to-left \xe2\x80\xae override",
	"escape \x1b[2J\x1b[31m sequence",
	"e\xcc\x81 combining, \xcc\x81 at the start",
	"not UTF-8: \xff\xfe",
	"tab\tand\nnewline",
	"a name that is much longer than any row of any terminal has room for, and goes on and on "
	"and on and on and on and on and on",
};

static size_t count_rows(struct wz *wz)
{
	(void)wz;
	return 1000;
}

static void row(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row)
{
	(void)wz;
	ret_row->text = i < GB_ARRAY_SIZE(hostile) ? hostile[i] : gb_printf(ctx, "row %zu", i);
	ret_row->note = gb_printf(ctx, "note %zu", i);
	ret_row->mark = i % 2 ? "OK" : "FAIL";
	ret_row->tone = i % 2 ? WZ_GOOD : WZ_BAD;
}

static char *row_detail(const void *ctx, struct wz *wz, size_t i)
{
	(void)wz;
	return gb_printf(ctx, "All about row %zu.", i);
}

static const struct wz_list rows = {.count = count_rows, .row = row, .detail = row_detail};

static const struct wz_field second_fields[] = {
	{.kind = WZ_LIST, .label = "Groups", .list = &rows},
	{.kind = WZ_TREE,
	 .name = "writeback.container",
	 .label = "Container",
	 .tree = &forest,
	 .flags = WZ_GROW | WZ_NEEDED},
	{.kind = WZ_END},
};

static const struct wz_page second = {
	.id = "second",
	.title = "Second page",
	.fields = second_fields,
	.state_bytes = sizeof(struct second),
	.enter = enter_second,
};

/* Last page --------------------------------------------------------------------------------------- */

static void agreed(struct wz *wz)
{
	wz_end(wz, 0, "Configured.");
}

static enum wz_leave configure(struct wz *wz)
{
	static const struct wz_question question = {
		.text = "This deletes 4 groups.",
		.keep = "Keep",
		.agree = "Delete 4 groups",
		.typed = "4",
		.answer = "setup.accept deletions",
		.agreed = agreed,
	};

	wz_confirm(wz, &question);
	return WZ_STAY;
}

static const struct wz_field last_fields[] = {
	{.kind = WZ_NOTE, .text = "Nothing has been changed yet."},
	{.kind = WZ_TEXT, .name = "setup.accept deletions", .flags = WZ_CONSENT},
	{.kind = WZ_END},
};

static const struct wz_page last = {
	.id = "last",
	.title = "Ready to configure",
	.next = "Configure",
	.fields = last_fields,
	.leave = configure,
	.flags = WZ_COMMITS,
};

int main(int argc, char **argv)
{
	static const struct wz_page *const pages[] = {&first, &second, &last, NULL};

	return wz_run(argc, argv, pages);
}
