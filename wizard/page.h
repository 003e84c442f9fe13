/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page: a table of fields plus a few functions. Pages know nothing of screens: the same table drives
 * the full screen, the compact one, plain line mode and an answers file.
 *
 * Pages are static tables in pages/, listed in pages/pages.c. A text field edits a *value* of the
 * draft; its name is "SECTION.KEY". If groupback.conf has that key, its type, words, default, range and
 * help are the configuration's, and the row here needs no more than a label; else the row says it all
 * (kind, choices, fallback, check), and the value belongs to the set-up alone ("setup.start now").
 * docs/wizard.md shows how a page is written.
 */
#ifndef WZ_PAGE_H
#define WZ_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

struct wz;
struct wz_steps;
struct wz_tree;
struct wz_node;

/** What a field is. */
enum wz_kind {
	WZ_END = 0, /**< behind the last row of a table */
	WZ_NOTE,    /**< text to read: text, or live() */
	WZ_HEADING, /**< text as a heading above what follows */
	WZ_TEXT,    /**< one line of text */
	WZ_NUMBER,  /**< a whole number, min … max, counting unit */
	WZ_DN,      /**< a distinguished name */
	WZ_SECRET,  /**< typed as stars; never part of the draft on disk or of an answers file */
	WZ_CHOICE,  /**< one of choices */
	WZ_FLAGS, /**< some of choices: a box each; the value is their words, separated by blanks */
	WZ_CHECK, /**< a box; the value is "yes" or "no", or one of choices: off first, then on */
	WZ_LIST,  /**< rows of list */
	WZ_STEPS, /**< rows of list, each with a verdict; the last one that works is followed */
	WZ_TREE,  /**< nodes of tree; the value is that of the node that was chosen */
	WZ_ACTION /**< a button: press() */
};

/** One word that a WZ_CHOICE or WZ_FLAGS without a configuration key takes. */
struct wz_choice {
	const char *word;  /**< the value, as it stands in an answers file */
	const char *label; /**< N_(): what a person reads */
};

/** How a row or a message is meant; never said by colour alone. */
enum wz_tone {
	WZ_PLAIN = 0,
	WZ_GOOD,
	WZ_WARN,
	WZ_BAD,
	WZ_FAINT /**< less important */
};

/** One row of a list. Texts may hold anything; the kit makes them safe to show. */
struct wz_row {
	const char *mark; /**< a short word in front: "OK", "FAIL", "--", "[x]", "~"; or NULL */
	const char *text; /**< first column */
	const char *note; /**< second column, or NULL */
	enum wz_tone tone;
};

/** Where the rows of a WZ_LIST or WZ_STEPS come from. Rows are asked for as they are shown. */
struct wz_list {
	/** The steps whose rows these are, or NULL while there are none: then count, row and detail are not used. */
	struct wz_steps *(*steps)(struct wz *wz);
	/** How many there are now. */
	size_t (*count)(struct wz *wz);
	/** Fill in row @i; its texts may be made below @ctx, which dies when they are drawn. */
	void (*row)(const void *ctx, struct wz *wz, size_t i, struct wz_row *ret_row);
	/** Enter on row @i; NULL: nothing happens. */
	void (*open)(struct wz *wz, size_t i);
	/** Blank on row @i; NULL: nothing happens. */
	void (*toggle)(struct wz *wz, size_t i);
	/** F2: everything about row @i, below @ctx. NULL: the row itself, whole. */
	char *(*detail)(const void *ctx, struct wz *wz, size_t i);
	/** What stands in the place of no rows, translated; NULL: nothing. */
	const char *(*nothing)(struct wz *wz);
};

/** Where the nodes of a WZ_TREE come from (tree.h). All return at once: network work goes to ask.h. */
struct wz_forest {
	/** The tree, or NULL while there is none. */
	struct wz_tree *(*get)(struct wz *wz);
	/** Somebody opens @node, whose children were not read: read them. */
	void (*open)(struct wz *wz, struct wz_node *node);
	/** @node is closed while it loads: stop; or NULL. */
	void (*close)(struct wz *wz, struct wz_node *node);
	/** Enter in Find, which looked through what is there by itself: ask the server; or NULL. */
	void (*find)(struct wz *wz, const char *text);
	/** F2 on @node, below @ctx; or NULL. */
	char *(*detail)(const void *ctx, struct wz *wz, const struct wz_node *node);
};

/** Bits of a field. */
enum wz_field_flag {
	WZ_NEEDED = 1 << 0,   /**< Next needs an answer (a key that is_needed has this by itself) */
	WZ_SAME_ROW = 1 << 1, /**< beside the field before, where there is room */
	WZ_FOOT = 1 << 2,    /**< WZ_ACTION: in the row of buttons at the bottom, not in the body */
	WZ_GROW = 1 << 3,    /**< takes the rows that are left: one list, tree or steps a page */
	WZ_ONCE = 1 << 4,    /**< WZ_SECRET: used on this page only; wiped when the page is left */
	WZ_WIDE = 1 << 5,    /**< WZ_NOTE: from column 0 and never wrapped: an address to copy */
	WZ_BY_HAND = 1 << 6, /**< not asked by an answers file, nor written into one */
	WZ_CONSENT =
		1 << 7, /**< never shown: names the answer of a wz_confirm() for answers files */
	WZ_TESTS = 1 << 8, /**< WZ_ACTION: what Ctrl-T presses */
	WZ_FIRST = 1 << 9  /**< the focus begins here, although nothing is missing */
};

/** One field. What a kind does not use stays zero. */
struct wz_field {
	enum wz_kind kind; /**< what it is */
	const char
		*name; /**< "SECTION.KEY" of its value; NULL for NOTE, HEADING, nameless ACTION */
	const char *label; /**< N_(): left of it, or on the button */
	const char *alone; /**< N_(): its label where its page is not around it (Ready); NULL: label */
	const char *text;  /**< N_(): of a NOTE or HEADING; else a short line behind or under it */
	const char *help;  /**< N_(): F1 and ?; NULL: the help of the configuration key */
	const char *example;  /**< a valid answer, shown when one is wrong; or NULL */
	const char *unit;     /**< N_(): behind a number; NULL: the key's */
	const char *fallback; /**< value before anybody says something; NULL: the key's, or none */
	const struct wz_choice *choices; /**< ends with a NULL word; NULL: the key's */
	int64_t min;                     /**< WZ_NUMBER without a key */
	int64_t max;                     /**< WZ_NUMBER without a key */
	unsigned width;                  /**< cells of an entry; 0: what is there */
	unsigned flags;                  /**< enum wz_field_flag */
	const struct wz_list *list;      /**< WZ_LIST, WZ_STEPS */
	const struct wz_forest *tree;    /**< WZ_TREE */

	/** Whether it is there now; NULL: always. A hidden field is neither asked nor checked. */
	bool (*shown)(struct wz *wz);
	/** Why it cannot be used now, translated; NULL when it can. It stays in the Tab order. */
	const char *(*blocked)(struct wz *wz);
	/** Text of this moment, below @ctx, or NULL: of a NOTE, else behind the field. */
	char *(*live)(const void *ctx, struct wz *wz);
	/** More rules for a text that the type has already taken. GB_E_CONFIG and @err if it is wrong. */
	enum gb_rc (*check)(struct wz *wz, const char *text, struct gb_err *err);
	/** Its value has become another one, and is right. */
	void (*changed)(struct wz *wz);
	/**
	 * WZ_ACTION: pressed. With a name, an answers file presses it by NAME = yes, in the order of
	 * the table, before leave().
	 */
	void (*press)(struct wz *wz);
};

/** What leave() answers. */
enum wz_leave {
	WZ_GO,   /**< to the next page */
	WZ_STAY, /**< no; wz_say_err() or wz_say() has said why */
	WZ_WAIT  /**< work was started; wz_go_on() or wz_stay() ends the wait */
};

/** One page. */
struct wz_page {
	const char *id;                /**< stable, [a-z-]: for jumps and the draft */
	const char *title;             /**< N_() */
	const char *help;              /**< N_(): F1, above the help of the field; or NULL */
	const char *next;              /**< N_(): label of Next; NULL: "Next" */
	const struct wz_field *fields; /**< ends with WZ_END */
	size_t state_bytes; /**< size of what wz_state() gives this page, zeroed; 0: nothing */
	unsigned flags;     /**< enum wz_page_flag */

	/** Whether the walk comes here now; NULL: always. */
	bool (*wanted)(struct wz *wz);
	/** The page is shown, again or for the first time; starts no network work by itself but look-ups. */
	void (*enter)(struct wz *wz);
	/** Next: rules that concern several fields, after each was checked. *ret_field: the wrong one. */
	enum gb_rc (*check)(struct wz *wz, const char **ret_field, struct gb_err *err);
	/** Next, when everything is right: tests what must be tested. NULL: WZ_GO. */
	enum wz_leave (*leave)(struct wz *wz);
	/** The page in one line for Ready and for the tasks, below @ctx; NULL: nothing to say. */
	char *(*summary)(const void *ctx, struct wz *wz);
};

/** Bits of a page. */
enum wz_page_flag {
	WZ_COMMITS =
		1 << 0, /**< Next changes the system: focus begins on Back, Enter must be let go */
	WZ_NO_BACK = 1 << 1,  /**< there is no way back from here */
	WZ_LAST = 1 << 2,     /**< Next ends the wizard */
	WZ_UNCOUNTED = 1 << 3 /**< not one of the "Step n of m" */
};

/** The field of that name, or NULL. */
const struct wz_field *wz_page_field(const struct wz_page *page, const char *name);

#endif
