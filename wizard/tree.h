/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model of a lazy tree, such as the containers of a domain: nodes are added as they are read. No
 * screen, no network. Nodes are talloc children of the tree; their texts may hold anything, the kit
 * makes them safe to show.
 */
#ifndef WZ_TREE_H
#define WZ_TREE_H

#include <stdbool.h>
#include <stddef.h>

/** What is known about the children of a node. */
enum wz_node_state {
	WZ_NODE_UNREAD,  /**< "+": may have children */
	WZ_NODE_LOADING, /**< being read; those that came are there */
	WZ_NODE_READ,    /**< all are there */
	WZ_NODE_FAILED   /**< "?": could not be read; note and detail say why */
};

/** One node. Pages read it; the functions below change it. */
struct wz_node {
	char *id;                 /**< stays the same when it is renamed: objectGUID */
	char *label;              /**< "OU=Finance" */
	char *value;              /**< what the field becomes: its DN */
	char *note;               /**< behind it: "212 groups now"; or NULL */
	const char *unfit;        /**< why it cannot be chosen, translated; NULL when it can */
	enum wz_node_state state; /**< of its children */
	bool is_open;             /**< its children are shown */
	struct wz_node *parent;   /**< NULL for a root */
	struct wz_node *first;    /**< child */
	struct wz_node *last;     /**< child */
	struct wz_node *next;     /**< sibling */
	struct wz_node *previous; /**< sibling */
	size_t child_count;       /**< direct children */
	size_t visible_count;     /**< rows that it and what is open below it take */
};

/** A tree. Opaque. */
struct wz_tree;

/** Most children of one node that are kept; more are found by Find. */
#define WZ_TREE_MAX_CHILDREN 10000

/** An empty tree below @ctx. */
struct wz_tree *wz_tree_new(const void *ctx);

/**
 * Add a node behind its siblings; @parent NULL: a root. Texts are copied. A node of that id (one is in
 * the tree once at most) is moved and brought up to date instead. NULL if @parent has WZ_TREE_MAX_CHILDREN already.
 */
struct wz_node *wz_tree_add(struct wz_tree *tree, struct wz_node *parent, const char *id,
			    const char *label, const char *value);

/**
 * Put the children of @node in order by what stands behind the "=" of their labels, letter case ignored, as
 * the locale orders names; equal ones stay as they are. O(n log n).
 */
void wz_tree_sort(struct wz_node *node);

/** Remove what is below @node: it is WZ_NODE_UNREAD and closed again. */
void wz_tree_forget(struct wz_tree *tree, struct wz_node *node);

/** Open or close; nodes above are opened with it when it is opened. */
void wz_tree_open(struct wz_tree *tree, struct wz_node *node, bool is_open);

/** Replace the note; NULL takes it away. */
void wz_tree_note(struct wz_node *node, const char *note);

/** The node of that id, or NULL. */
struct wz_node *wz_tree_by_id(struct wz_tree *tree, const char *id);

/** The node of that value (ASCII case ignored), or NULL. */
struct wz_node *wz_tree_by_value(struct wz_tree *tree, const char *value);

/** Rows that are visible. */
size_t wz_tree_rows(const struct wz_tree *tree);

/** The node in visible row @i, or NULL behind the end; *ret_depth from 0. O(depth · siblings). */
struct wz_node *wz_tree_row(const struct wz_tree *tree, size_t i, unsigned *ret_depth);

/** Visible row of a node whose parents are open. */
size_t wz_tree_row_of(const struct wz_node *node);

/**
 * The first node at @from or, with @is_next, behind it, in tree order, closed branches included, around
 * the end, whose label holds @text in any case; NULL if there is none. @from NULL: from the beginning.
 */
struct wz_node *wz_tree_find(struct wz_tree *tree, struct wz_node *from, const char *text,
			     bool is_next);

#endif
