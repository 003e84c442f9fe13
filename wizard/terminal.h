/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: starts and stops the screen, keeps every way out clean, and knows what it can show.
 *
 * There is one terminal, the process's own. wz_terminal_start() turns it into a screen, and from then on
 * every way out gives it back as it was: wz_terminal_stop(), a crash (SIGSEGV, SIGABRT …), and
 * wz_terminal_suspend() for Ctrl-Z. Only wizard/ui/ draws.
 */
#ifndef WZ_TERMINAL_H
#define WZ_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "wizard/keys.h"

/** How it is to be used. */
struct wz_terminal_wish {
	bool mono;  /**< no colour: --mono or NO_COLOR */
	bool ascii; /**< ASCII only: --ascii */
};

/** What it can do, once started. */
struct wz_terminal_facts {
	bool has_colour; /**< red, green and yellow on its own background */
	bool is_ascii;   /**< only ASCII may be sent: --ascii, or a locale that is not UTF-8 */
};

/**
 * Why there can be no screen, translated: no terminal, TERM=dumb, unknown TERM, no cursor addressing;
 * NULL when there can.
 */
const char *wz_terminal_obstacle(void);

/** Start. False if it cannot be started after all. */
bool wz_terminal_start(const struct wz_terminal_wish *wish);

/** Give the terminal back. Nothing happens if it is not started. */
void wz_terminal_stop(void);

/** What it can do. */
const struct wz_terminal_facts *wz_terminal_facts(void);

/** Give the terminal back, stop the job as Ctrl-Z does, and take it again when the job goes on. */
void wz_terminal_suspend(void);

/** Ask the terminal for its size and take it over. */
void wz_terminal_resize(void);

/** Tell @keys the sequences that terminfo has for this terminal. */
void wz_terminal_add_keys(struct wz_keys *keys);

/** Milliseconds after which a lone ESC is the key Esc: $ESCDELAY, or 150. */
int wz_terminal_escape_ms(void);

/** Send @text to the clipboard of the terminal (OSC 52). False if it is longer than terminals take. */
bool wz_terminal_copy(const char *text);

/**
 * For tests: tell $GB_TEST_IDLE, a FIFO, that everything is drawn and that @bytes_read bytes of input
 * were looked at so far.
 */
void wz_terminal_tell_idle(size_t bytes_read);

#endif
