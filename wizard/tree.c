/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model of a lazy tree. */
#include "config.h"

#include "wizard/tree.h"

#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

struct part {
	struct wz_node node; /* first: a node is its part */
	UT_hash_handle hh;   /* by id */
};

struct wz_tree {
	struct wz_node root; /* never shown; its children are the roots */
	struct part *by_id;
};

static struct part *part_of(struct wz_node *node)
{
	return (struct part *)node;
}

struct wz_tree *wz_tree_new(const void *ctx)
{
	struct wz_tree *tree = gb_new(ctx, struct wz_tree);

	tree->root.is_open = true;
	tree->root.visible_count = 1;
	return tree;
}

/* @node and what is above it take @more rows more; what is closed hides the change. */
static void grow(struct wz_node *node, size_t more)
{
	while (node && node->is_open) {
		node->visible_count += more;
		node = node->parent;
	}
}

static void shrink(struct wz_node *node, size_t less)
{
	while (node && node->is_open) {
		node->visible_count -= less;
		node = node->parent;
	}
}

static void attach(struct wz_node *parent, struct wz_node *node)
{
	node->parent = parent;
	node->previous = parent->last;
	node->next = NULL;
	if (parent->last) {
		parent->last->next = node;
	} else {
		parent->first = node;
	}
	parent->last = node;
	parent->child_count++;
	grow(parent, node->visible_count);
}

static void detach(struct wz_node *node)
{
	struct wz_node *parent = node->parent;

	*(node->previous ? &node->previous->next : &parent->first) = node->next;
	*(node->next ? &node->next->previous : &parent->last) = node->previous;
	parent->child_count--;
	shrink(parent, node->visible_count);
}

static void replace(const void *ctx, char **text, const char *with)
{
	char *copy = gb_strdup(ctx, with);

	talloc_free(*text);
	*text = copy;
}

struct wz_node *wz_tree_add(struct wz_tree *tree, struct wz_node *parent, const char *id,
			    const char *label, const char *value)
{
	struct wz_node *above = parent ? parent : &tree->root;
	struct wz_node *node = wz_tree_by_id(tree, id);

	if (!node && above->child_count >= WZ_TREE_MAX_CHILDREN) {
		return NULL;
	}
	if (!node) {
		struct part *part = gb_new(tree, struct part);

		node = &part->node;
		node->visible_count = 1;
		node->id = gb_strdup(part, id);
		HASH_ADD_KEYPTR(hh, tree->by_id, node->id, strlen(node->id), part);
		attach(above, node);
	} else if (node->parent != above) {
		detach(node);
		attach(above, node);
	}
	replace(node, &node->label, label);
	replace(node, &node->value, value);
	return node;
}

static void drop(struct wz_tree *tree, struct wz_node *node)
{
	while (node->first) {
		drop(tree, node->first);
	}
	detach(node);
	HASH_DEL(tree->by_id, part_of(node));
	talloc_free(node);
}

void wz_tree_forget(struct wz_tree *tree, struct wz_node *node)
{
	wz_tree_open(tree, node, false);
	while (node->first) {
		drop(tree, node->first);
	}
	node->state = WZ_NODE_UNREAD;
}

void wz_tree_open(struct wz_tree *tree, struct wz_node *node, bool is_open)
{
	size_t below = 0;

	if (is_open && node->parent != &tree->root) {
		wz_tree_open(tree, node->parent, true);
	}
	if (node->is_open == is_open) {
		return;
	}
	for (const struct wz_node *child = node->first; child; child = child->next) {
		below += child->visible_count;
	}
	if (is_open) {
		node->is_open = true;
		grow(node, below);
	} else {
		shrink(node, below);
		node->is_open = false;
	}
}

void wz_tree_note(struct wz_node *node, const char *note)
{
	replace(node, &node->note, note);
}

struct wz_node *wz_tree_by_id(struct wz_tree *tree, const char *id)
{
	struct part *part;

	HASH_FIND_STR(tree->by_id, id, part);
	return part ? &part->node : NULL;
}

/* The next one in tree order, closed branches included; NULL behind the last. */
static struct wz_node *following(const struct wz_tree *tree, const struct wz_node *node)
{
	if (node->first) {
		return node->first;
	}
	while (node != &tree->root && !node->next) {
		node = node->parent;
	}
	return node == &tree->root ? NULL : node->next;
}

struct wz_node *wz_tree_by_value(struct wz_tree *tree, const char *value)
{
	struct wz_node *node = tree->root.first;

	while (node && !gb_text_equal_nocase(node->value, value)) {
		node = following(tree, node);
	}
	return node;
}

size_t wz_tree_rows(const struct wz_tree *tree)
{
	return tree->root.visible_count - 1;
}

struct wz_node *wz_tree_row(const struct wz_tree *tree, size_t i, unsigned *ret_depth)
{
	struct wz_node *node = tree->root.first;

	*ret_depth = 0;
	while (node && i > 0) {
		if (i >= node->visible_count) {
			i -= node->visible_count;
			node = node->next;
		} else {
			i--;
			node = node->first;
			(*ret_depth)++;
		}
	}
	return node;
}

size_t wz_tree_row_of(const struct wz_tree *tree, const struct wz_node *node)
{
	size_t row = 0;

	while (node != &tree->root) {
		for (const struct wz_node *n = node->previous; n; n = n->previous) {
			row += n->visible_count;
		}
		node = node->parent;
		row += node != &tree->root;
	}
	return row;
}

static bool holds(const struct wz_node *node, const char *lower_text)
{
	char *lower = gb_text_lower(NULL, node->label ? node->label : "");
	bool is = strstr(lower, lower_text) != NULL;

	talloc_free(lower);
	return is;
}

struct wz_node *wz_tree_find(struct wz_tree *tree, const struct wz_node *from, const char *text)
{
	char *lower_text = gb_text_lower(NULL, text);
	struct wz_node *start = from ? following(tree, from) : tree->root.first;
	struct wz_node *node = start ? start : tree->root.first;
	struct wz_node *first = node;

	while (node && !holds(node, lower_text)) {
		node = following(tree, node);
		node = node ? node : tree->root.first;
		if (node == first) {
			node = NULL;
		}
	}
	talloc_free(lower_text);
	return node;
}
