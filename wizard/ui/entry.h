/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of text being edited. It lives in locked memory, whatever it is: a password is typed into the
 * same thing as a host name. Pure editing; drawing is the widget's.
 */
#ifndef WZ_UI_ENTRY_H
#define WZ_UI_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/secret.h"
#include "wizard/keys.h"

/** Longest text in bytes. */
#define WZ_ENTRY_MAX_BYTES 900

/** A line being edited; a talloc object. */
struct wz_entry {
	struct gb_secret *text;  /**< UTF-8 */
	size_t cursor;           /**< insert point in bytes */
	struct gb_secret *paste; /**< what is being pasted */
	size_t paste_length;     /**< bytes of it */
	bool is_paste_wrong;     /**< it holds what cannot be in a line */
};

/** What a key did. */
enum wz_entry_result {
	WZ_ENTRY_UNUSED, /**< it is not for an entry */
	WZ_ENTRY_MOVED,  /**< the text is the same */
	WZ_ENTRY_CHANGED,
	WZ_ENTRY_FULL,   /**< refused: too long */
	WZ_ENTRY_REFUSED /**< refused: a paste of several lines, a control character */
};

/** An empty entry below @ctx. */
struct wz_entry *wz_entry_new(const void *ctx);

/** Put @text in the place of what is there; the cursor goes behind it. */
void wz_entry_set(struct wz_entry *entry, const char *text);

/** The text. Borrowed. */
const char *wz_entry_text(const struct wz_entry *entry);

/** Edit by one key. A paste is taken at its end, as a whole or not at all; one newline behind it is cut. */
enum wz_entry_result wz_entry_key(struct wz_entry *entry, const struct wz_key *key);

#endif
