/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model of a lazy tree. */
#include "config.h"

#include "wizard/tree.h"

#include <stdlib.h>
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

/* The node above; of a root that of the tree itself, above which there is nothing. */
static struct wz_node *above(struct wz_tree *tree, const struct wz_node *node)
{
	if (node == &tree->root) {
		return NULL;
	}
	return node->parent ? node->parent : &tree->root;
}

/* @node and what is above it take @more rows more; what is closed hides the change. */
static void grow(struct wz_tree *tree, struct wz_node *node, size_t more)
{
	for (; node && node->is_open; node = above(tree, node)) {
		node->visible_count += more;
	}
}

static void shrink(struct wz_tree *tree, struct wz_node *node, size_t less)
{
	for (; node && node->is_open; node = above(tree, node)) {
		node->visible_count -= less;
	}
}

static void attach(struct wz_tree *tree, struct wz_node *parent, struct wz_node *node)
{
	node->parent = parent == &tree->root ? NULL : parent;
	node->previous = parent->last;
	node->next = NULL;
	*(parent->last ? &parent->last->next : &parent->first) = node;
	parent->last = node;
	parent->child_count++;
	grow(tree, parent, node->visible_count);
}

static void detach(struct wz_tree *tree, struct wz_node *node)
{
	struct wz_node *parent = above(tree, node);

	*(node->previous ? &node->previous->next : &parent->first) = node->next;
	*(node->next ? &node->next->previous : &parent->last) = node->previous;
	parent->child_count--;
	shrink(tree, parent, node->visible_count);
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
	struct wz_node *place = parent ? parent : &tree->root;
	struct wz_node *node = wz_tree_by_id(tree, id);

	if (!node && place->child_count >= WZ_TREE_MAX_CHILDREN) {
		return NULL;
	}
	if (!node) {
		struct part *part = gb_new(tree, struct part);

		node = &part->node;
		node->visible_count = 1;
		node->id = gb_strdup(part, id);
		HASH_ADD_KEYPTR(hh, tree->by_id, node->id, strlen(node->id), part);
		attach(tree, place, node);
	} else if (node->parent != parent) {
		detach(tree, node);
		attach(tree, place, node);
	}
	replace(node, &node->label, label);
	replace(node, &node->value, value);
	return node;
}

/* A child and what it is ordered by, worked out once. */
struct ranked {
	struct wz_node *node;
	char *name;
	size_t place;
};

static int by_name(const void *a, const void *b)
{
	const struct ranked *left = a;
	const struct ranked *right = b;
	int order = strcoll(left->name, right->name);

	return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

static char *name_of(const void *ctx, const struct wz_node *node)
{
	const char *equals = strchr(node->label, '=');

	return gb_text_lower(ctx, equals ? equals + 1 : node->label);
}

static void relink(struct wz_node *node, const struct ranked *ranked)
{
	struct wz_node *previous = NULL;

	for (size_t i = 0; i < node->child_count; i++) {
		ranked[i].node->previous = previous;
		ranked[i].node->next = NULL;
		*(previous ? &previous->next : &node->first) = ranked[i].node;
		previous = ranked[i].node;
	}
	node->last = previous;
}

void wz_tree_sort(struct wz_node *node)
{
	struct ranked *ranked = gb_new_array(NULL, struct ranked, node->child_count + 1);
	size_t count = 0;

	for (struct wz_node *child = node->first; child; child = child->next, count++) {
		ranked[count] = (struct ranked){child, name_of(ranked, child), count};
	}
	qsort(ranked, count, sizeof(*ranked), by_name);
	relink(node, ranked);
	talloc_free(ranked);
}

static void drop(struct wz_tree *tree, struct wz_node *node)
{
	while (node->first) {
		drop(tree, node->first);
	}
	detach(tree, node);
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

	if (is_open && node->parent) {
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
		grow(tree, node, below);
	} else {
		shrink(tree, node, below);
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
static struct wz_node *following(const struct wz_node *node)
{
	if (node->first) {
		return node->first;
	}
	while (node && !node->next) {
		node = node->parent;
	}
	return node ? node->next : NULL;
}

struct wz_node *wz_tree_by_value(struct wz_tree *tree, const char *value)
{
	struct wz_node *node = tree->root.first;

	while (node && !gb_text_equal_nocase(node->value, value)) {
		node = following(node);
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

size_t wz_tree_row_of(const struct wz_node *node)
{
	size_t row = 0;

	for (; node; node = node->parent) {
		for (const struct wz_node *n = node->previous; n; n = n->previous) {
			row += n->visible_count;
		}
		row += node->parent != NULL;
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

/* Behind the last comes the first. */
static struct wz_node *around(struct wz_tree *tree, const struct wz_node *node)
{
	struct wz_node *next = following(node);

	return next ? next : tree->root.first;
}

struct wz_node *wz_tree_find(struct wz_tree *tree, struct wz_node *from, const char *text,
			     bool is_next)
{
	char *lower_text = gb_text_lower(NULL, text);
	struct wz_node *start = from ? from : tree->root.first;
	struct wz_node *node = start && is_next ? around(tree, start) : start;
	struct wz_node *first = node;

	while (node && !holds(node, lower_text)) {
		node = around(tree, node);
		node = node == first ? NULL : node;
	}
	talloc_free(lower_text);
	return node;
}
