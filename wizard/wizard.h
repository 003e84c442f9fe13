/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The wizard as a page sees it: values, secrets, messages, questions, moving about. One struct wz lives
 * from start to end of the program. Everything runs in one thread and one loop; no function here waits.
 */
#ifndef WZ_WIZARD_H
#define WZ_WIZARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/config/configuration.h"
#include "wizard/page.h"

struct tevent_context;

struct wz_change;
/** The session. Opaque to pages. */
struct wz;

/* Values ------------------------------------------------------------------------------------- */

/** The value as it stands in the draft, right or wrong; "" if there is none. Until it is set again. */
const char *wz_value(struct wz *wz, const char *name);

/** True if the value is @word. */
bool wz_is(struct wz *wz, const char *name, const char *word);

/** True if @word is one of the blank-separated words of the value (WZ_FLAGS). */
bool wz_has(struct wz *wz, const char *name, const char *word);

/** Set a value, as if it had been typed; what is wrong is kept too, and refused on Next. */
void wz_set(struct wz *wz, const char *name, const char *text);

/**
 * The configuration that the draft makes now, for a probe or for Ready: values that are wrong or not
 * set stay at their default. Below @ctx.
 */
struct gb_config *wz_config(const void *ctx, struct wz *wz);

/** The configuration that is in force; NULL on a first run. */
const struct gb_config *wz_config_before(const struct wz *wz);

/** The settings that would change (draft.h), below @ctx. */
struct wz_change *wz_changes(const void *ctx, struct wz *wz, size_t *ret_count);

/**
 * What people call the value of that name: the label of its field; "[section] key" if no page has it.
 * Translated, below @ctx.
 */
char *wz_label(const void *ctx, struct wz *wz, const char *name);

/**
 * @value of that name as its page shows it: the labels of what is chosen, "yes", "no"; NULL: "not set".
 * Below @ctx.
 */
char *wz_shown_as(const void *ctx, struct wz *wz, const char *name, const char *value);

/** Id of the page, other than the one that is shown, that edits the value; NULL: there is none. */
const char *wz_page_of(struct wz *wz, const char *name);

/** Path of the configuration file. */
const char *wz_config_path(const struct wz *wz);

/** A number that grows with every change of a value or secret whose name begins with @prefix. */
uint64_t wz_stamp(struct wz *wz, const char *prefix);

/** What was typed into a WZ_SECRET, or NULL. Borrowed until it is set again or wiped. */
const struct gb_secret *wz_secret(struct wz *wz, const char *name);

/** Put @secret (stolen; NULL wipes) in the place of what was typed. */
void wz_set_secret(struct wz *wz, const char *name, struct gb_secret *secret);

/** The state_bytes of the page with that id, zeroed at the start; a talloc parent for what it holds. */
void *wz_state(struct wz *wz, const char *page_id);

/* Words -------------------------------------------------------------------------------------- */

/**
 * Put a message into the message area (plain mode prints it). It stays until the next one or until the
 * page is left. @fmt is translated; outside text in it is made safe by the kit.
 */
void wz_say(struct wz *wz, enum wz_tone tone, const char *fmt, ...) GB_PRINTF(3, 4);

/** The same with an error: what failed and what to do in front, F2 shows it all. */
void wz_say_err(struct wz *wz, const struct gb_err *err);

/** Take the message away. */
void wz_hush(struct wz *wz);

/** Show a longer text in a pop-up that scrolls (plain mode prints it). Both are translated. */
void wz_show(struct wz *wz, const char *title, const char *text);

/** Something that a field shows (live, rows, nodes) has changed; drawn when the loop is idle. */
void wz_touch(struct wz *wz);

/** Copy @text to the clipboard of the terminal (OSC 52) and say so; in plain mode print it. */
void wz_copy(struct wz *wz, const char *text);

/** A question whose wrong answer hurts. The buttons answer it by themselves: never Yes and No. */
struct wz_question {
	const char *text;  /**< translated; made below the session by the caller or static */
	const char *keep;  /**< N_(): the safe button, which has the focus: "Keep" */
	const char *agree; /**< "Delete 4 groups", translated */
	const char *typed; /**< what must be typed to agree, such as a number; or NULL */
	const char
		*answer; /**< name of the value by which an answers file agrees ("yes", or typed) */
	/** Somebody agreed. */
	void (*agreed)(struct wz *wz);
	/** Somebody did not; or NULL. */
	void (*kept)(struct wz *wz);
};

/** Ask; returns at once. The texts are copied. One at a time; a second question takes its place. */
void wz_confirm(struct wz *wz, const struct wz_question *question);

/* Ways --------------------------------------------------------------------------------------- */

/** Go to a page; Next there comes straight back here (Enter on a line of Ready). */
void wz_visit(struct wz *wz, const char *page_id);

/** As if Next had been pressed. */
void wz_next(struct wz *wz);

/** After WZ_WAIT: go to the next page. Nothing happens if nobody waits. */
void wz_go_on(struct wz *wz);

/** After WZ_WAIT: stay; a message says why. */
void wz_stay(struct wz *wz);

/** Put the focus on a field of this page. */
void wz_focus(struct wz *wz, const char *name);

/**
 * Write an answers file of what the draft holds, mode 0600, without a secret (groupback-wizard(8)).
 * Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc wz_save_answers(struct wz *wz, const char *path, struct gb_err *err);

/** End the program with that exit code; @line (translated) is left in the shell, or NULL. */
void wz_end(struct wz *wz, int exit_code, const char *line);

/** True when nobody is there to be asked: an answers file drives. */
bool wz_is_unattended(const struct wz *wz);

/** True if another wizard has the draft: everything can be looked at, nothing changed. */
bool wz_is_read_only(const struct wz *wz);

/** The loop, for timers of a page; what it makes must be a child of wz_state(). */
struct tevent_context *wz_loop(struct wz *wz);

#endif
