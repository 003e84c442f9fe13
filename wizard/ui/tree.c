/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees: the visible nodes of a model that grows while it is read. */
#include "config.h"

#include "wizard/tree.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/field.h"
#include "wizard/ui/scroll.h"
#include "wizard/ui/widget.h"

#define INDENT_COLS 2
#define MAX_INDENT  40

static struct wz_tree *tree_of(const struct wz_widget *widget)
{
	return widget->field->tree->get(widget->wz);
}

static struct wz_node *node_here(const struct wz_widget *widget)
{
	struct wz_tree *tree = tree_of(widget);
	unsigned depth;

	return tree ? wz_tree_row(tree, widget->at, &depth) : NULL;
}

static bool has_heading(const struct wz_widget *widget)
{
	return widget->field->label != NULL;
}

static int tree_rows(struct wz_widget *widget, const struct wz_room *room)
{
	(void)widget;
	return room->grow_rows > 3 ? room->grow_rows : 3;
}

static int visible_rows(const struct wz_widget *widget)
{
	int rows = widget->rows - has_heading(widget);

	return rows > 1 ? rows : 1;
}

/* Nodes come and go above the focus while the tree is read: the focus stays with its node. */
static void keep_focus(struct wz_widget *widget, struct wz_tree *tree)
{
	struct wz_node *node = widget->wanted_id ? wz_tree_by_id(tree, widget->wanted_id) : NULL;
	struct wz_node *above;
	size_t rows = wz_tree_rows(tree);

	for (above = node ? node->parent : NULL; above; above = above->parent) {
		if (!above->is_open) {
			node = above;
		}
	}
	if (node) {
		widget->at = wz_tree_row_of(node);
	}
	widget->at = widget->at < rows ? widget->at : rows ? rows - 1 : 0;
}

static void remember_focus(struct wz_widget *widget)
{
	struct wz_node *node = node_here(widget);

	TALLOC_FREE(widget->wanted_id);
	widget->wanted_id = node ? gb_strdup(widget, node->id) : NULL;
}

/* Drawing -------------------------------------------------------------------------------------- */

static const char *state_mark(const struct wz_node *node)
{
	if (node->state == WZ_NODE_FAILED) {
		return "?";
	}
	if (node->state == WZ_NODE_READ && !node->first) {
		return " ";
	}
	return node->is_open ? "-" : "+";
}

static const char *choice_mark(const struct wz_widget *widget, const struct wz_node *node)
{
	if (node->unfit) {
		return "   ";
	}
	return gb_text_equal_nocase(node->value, wz_value(widget->wz, widget->field->name)) ? "(*)"
											    : "( )";
}

static char *note_of(const void *ctx, const struct wz_node *node)
{
	if (node->state == WZ_NODE_LOADING) {
		return gb_printf(ctx, _("loading, %zu read"), node->child_count);
	}
	return gb_strdup(ctx, node->note ? node->note : "");
}

static void draw_node(struct wz_widget *widget, const struct wz_canvas *canvas, int row,
		      const struct wz_node *node, unsigned depth, bool has_focus)
{
	void *tmp = gb_new_tmp(NULL);
	int indent = (int)depth * INDENT_COLS;
	int col = 5;
	int used;

	indent = indent < MAX_INDENT ? indent : MAX_INDENT;
	indent = indent < canvas->cols / 3 ? indent : canvas->cols / 3;
	wz_widget_mark(widget, canvas, row, has_focus);
	wz_look_put(canvas, row, 1, 3, choice_mark(widget, node), A_NORMAL);
	col += indent;
	wz_look_put(canvas, row, col, 1, state_mark(node), A_NORMAL);
	used = wz_look_put(canvas, row, col + 2, canvas->cols - col - 2, node->label,
			   has_focus ? A_REVERSE : A_NORMAL);
	col += 2 + used + 3;
	wz_look_put(canvas, row, col > canvas->cols / 2 ? col : canvas->cols / 2, canvas->cols,
		    note_of(tmp, node), A_NORMAL);
	talloc_free(tmp);
}

static void draw_nodes(struct wz_widget *widget, const struct wz_canvas *canvas,
		       struct wz_tree *tree, bool has_focus, struct wz_spot *spot)
{
	int row = widget->row + has_heading(widget);
	int visible = visible_rows(widget);
	size_t rows = wz_tree_rows(tree);

	keep_focus(widget, tree);
	widget->top = wz_scroll_top(widget->top, widget->at, rows, visible);
	for (size_t i = widget->top; i < rows && i < widget->top + (size_t)visible; i++, row++) {
		unsigned depth;
		const struct wz_node *node = wz_tree_row(tree, i, &depth);
		bool is_here = has_focus && i == widget->at;

		if (is_here) {
			*spot = (struct wz_spot){row, 1};
		}
		draw_node(widget, canvas, row, node, depth, is_here);
	}
}

static void tree_draw(struct wz_widget *widget, const struct wz_canvas *canvas,
		      const struct wz_room *room, bool has_focus, struct wz_spot *spot)
{
	struct wz_tree *tree = tree_of(widget);
	char *remark = wz_widget_remark(NULL, widget);
	int used = 0;

	(void)room;
	if (has_heading(widget)) {
		used = wz_look_put(canvas, widget->row, 1, canvas->cols - 1,
				   wz_field_label(widget->field), A_BOLD);
		wz_look_put(canvas, widget->row, used + 4, canvas->cols, remark, A_NORMAL);
	}
	if (has_focus) {
		*spot = (struct wz_spot){widget->row + has_heading(widget), 1};
	}
	if (tree) {
		draw_nodes(widget, canvas, tree, has_focus, spot);
	}
	talloc_free(remark);
}

/* Keys ----------------------------------------------------------------------------------------- */

static void open_node(struct wz_widget *widget, struct wz_node *node)
{
	wz_tree_open(tree_of(widget), node, true);
	if (node->state == WZ_NODE_UNREAD || node->state == WZ_NODE_FAILED) {
		widget->field->tree->open(widget->wz, node);
	}
}

static void close_node(struct wz_widget *widget, struct wz_node *node)
{
	if (node->state == WZ_NODE_LOADING && widget->field->tree->close) {
		widget->field->tree->close(widget->wz, node);
	}
	wz_tree_open(tree_of(widget), node, false);
}

/* A closed node or a leaf: to the one above it, which is closed next. */
static void close_or_leave(struct wz_widget *widget, struct wz_node *node)
{
	if (node->is_open) {
		close_node(widget, node);
	} else if (node->parent) {
		widget->at = wz_tree_row_of(node->parent);
	}
}

static bool open_or_enter(struct wz_widget *widget, struct wz_node *node)
{
	if (!node->is_open && !(node->state == WZ_NODE_READ && !node->first)) {
		open_node(widget, node);
	} else if (node->first) {
		widget->at++;
	}
	return true;
}

static void choose(struct wz_widget *widget, struct wz_node *node)
{
	if (wz_widget_is_blocked(widget)) {
		return;
	}
	if (node->unfit) {
		wz_say(widget->wz, WZ_BAD, "%s", node->unfit);
		return;
	}
	wz_hush(widget->wz);
	wz_set(widget->wz, widget->field->name, node->value);
}

static bool node_key(struct wz_widget *widget, struct wz_node *node, const struct wz_key *key)
{
	if (key->code == WZ_KEY_LEFT || (key->code == WZ_KEY_CHARACTER && key->character == '-')) {
		close_or_leave(widget, node);
		return true;
	}
	if (key->code == WZ_KEY_RIGHT || (key->code == WZ_KEY_CHARACTER && key->character == '+')) {
		return open_or_enter(widget, node);
	}
	if (key->code == WZ_KEY_ENTER && !key->is_in_burst) {
		if (node->is_open) {
			close_node(widget, node);
		} else {
			open_or_enter(widget, node);
		}
		return true;
	}
	if (key->code == WZ_KEY_CHARACTER && key->character == ' ') {
		choose(widget, node);
		return true;
	}
	if (key->code == WZ_KEY_CTRL && key->character == 'r') {
		wz_tree_forget(tree_of(widget), node);
		open_node(widget, node);
		return true;
	}
	return false;
}

static bool tree_key(struct wz_widget *widget, const struct wz_key *key)
{
	struct wz_tree *tree = tree_of(widget);
	struct wz_node *node = node_here(widget);
	bool is_used;

	if (!tree || !node || key->is_pasted) {
		return false;
	}
	is_used = wz_scroll_key(key, wz_tree_rows(tree), visible_rows(widget), &widget->at) ||
		  node_key(widget, node, key);
	remember_focus(widget);
	wz_touch(widget->wz);
	return is_used;
}

static char *tree_detail(const void *ctx, struct wz_widget *widget)
{
	struct wz_node *node = node_here(widget);

	return node && widget->field->tree->detail
		       ? widget->field->tree->detail(ctx, widget->wz, node)
		       : NULL;
}

static const char *tree_legend(struct wz_widget *widget)
{
	(void)widget;
	return _("Space Choose  Left/Right Close/Open  / Find  Ctrl-R Reload");
}

static bool tree_find(struct wz_widget *widget, const char *text, bool is_next)
{
	struct wz_tree *tree = tree_of(widget);
	struct wz_node *here = node_here(widget);
	struct wz_node *node;

	if (!tree || !here) {
		return false;
	}
	node = wz_tree_find(tree, here, text, is_next);
	if (!node) {
		return false;
	}
	if (node->parent) {
		wz_tree_open(tree, node->parent, true);
	}
	widget->at = wz_tree_row_of(node);
	remember_focus(widget);
	return true;
}

static bool tree_find_far(struct wz_widget *widget, const char *text)
{
	if (!widget->field->tree->find || text[0] == '\0') {
		return false;
	}
	widget->field->tree->find(widget->wz, text);
	return true;
}

/* The node whose value is set, when it is known already. */
static void tree_focus(struct wz_widget *widget, bool has_focus)
{
	struct wz_tree *tree = tree_of(widget);
	struct wz_node *node;

	if (!has_focus || !tree || widget->wanted_id) {
		return;
	}
	node = wz_tree_by_value(tree, wz_value(widget->wz, widget->field->name));
	if (node) {
		widget->wanted_id = gb_strdup(widget, node->id);
	}
}

const struct wz_widget_class wz_widget_tree = {
	.rows = tree_rows,
	.draw = tree_draw,
	.key = tree_key,
	.focus = tree_focus,
	.detail = tree_detail,
	.legend = tree_legend,
	.find = tree_find,
	.find_far = tree_find_far,
};
