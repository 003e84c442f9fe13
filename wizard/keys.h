/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys: from the bytes of a terminal to keys. Pure: no terminal, no clock. ncurses is not used for input,
 * because its queue would keep what was typed as a password, and because it hands out the rest of a
 * sequence that it does not know as typed text.
 *
 * What is understood: xterm, linux, vt100, screen, tmux and PuTTY; more can be added from terminfo.
 * Sequences that nobody knows are swallowed whole. Bytes go in by wz_keys_feed(), keys come out by
 * wz_keys_next(). When bytes are left that could still become a sequence, wz_keys_waiting() counts them;
 * after a pause (wz_keys_give_up()) they are taken as they are: a lone ESC is the key Esc.
 */
#ifndef WZ_KEYS_H
#define WZ_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What was pressed. */
enum wz_key_code {
	WZ_KEY_CHARACTER, /**< character; also pasted ones */
	WZ_KEY_ENTER,
	WZ_KEY_TAB,
	WZ_KEY_BACKTAB,
	WZ_KEY_ESC,
	WZ_KEY_BACKSPACE,
	WZ_KEY_DELETE,
	WZ_KEY_UP,
	WZ_KEY_DOWN,
	WZ_KEY_LEFT,
	WZ_KEY_RIGHT,
	WZ_KEY_HOME,
	WZ_KEY_END,
	WZ_KEY_PAGE_UP,
	WZ_KEY_PAGE_DOWN,
	WZ_KEY_CTRL, /**< with the letter in character: 'a' … 'z' */
	WZ_KEY_F,    /**< with the number in character: 1 … 12; Alt-1 … Alt-0 are F1 … F10 */
	WZ_KEY_PASTE_BEGIN,
	WZ_KEY_PASTE_END,
	WZ_KEY_NOTHING /**< swallowed */
};

/** One key. */
struct wz_key {
	enum wz_key_code code; /**< what it is */
	uint32_t character;    /**< see the codes */
	bool is_pasted;        /**< between PASTE_BEGIN and PASTE_END */
	bool is_in_burst;      /**< text came with it at once: a paste that was not announced */
};

/** The state between two reads. Opaque. */
struct wz_keys;

/** A decoder below @ctx; it wipes what it holds when it is freed. */
struct wz_keys *wz_keys_new(const void *ctx);

/** One more sequence, as terminfo has it; NULL or a single byte is left out. */
void wz_keys_add(struct wz_keys *keys, const char *sequence, enum wz_key_code code,
		 uint32_t character);

/** Put in what one read() gave. More than 64 KiB that wait are dropped. */
void wz_keys_feed(struct wz_keys *keys, const char *bytes, size_t length);

/** The next key. False if there is none, or if more bytes must come first. */
bool wz_keys_next(struct wz_keys *keys, struct wz_key *ret_key);

/** Bytes that wait for the rest of a sequence. */
size_t wz_keys_waiting(const struct wz_keys *keys);

/** There is no rest: wz_keys_next() takes what is there as it is. */
void wz_keys_give_up(struct wz_keys *keys);

#endif
