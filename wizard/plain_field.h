/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field of plain mode: shown, asked, and its answer taken. */
#ifndef WZ_PLAIN_FIELD_H
#define WZ_PLAIN_FIELD_H

#include <stdbool.h>

#include "wizard/session.h"

/** What somebody wants after a question. */
enum wz_plain_way {
	WZ_PLAIN_ON,    /**< the next question */
	WZ_PLAIN_BACK,  /**< the question before */
	WZ_PLAIN_AGAIN, /**< the same one again */
	WZ_PLAIN_SKIP,  /**< the next page */
	WZ_PLAIN_END    /**< the input or the session has ended */
};

/** True if there is something to ask. */
bool wz_plain_is_asked(struct wz *wz, const struct wz_field *field);

/** Print what is only read: a note, a heading, rows. */
void wz_plain_show(struct wz *wz, const struct wz_field *field);

/** Ask one field and take the answer. */
enum wz_plain_way wz_plain_ask(struct wz *wz, const struct wz_field *field);

/** Read one answer that is no value: a number of a menu. NULL at the end. Below @ctx. */
char *wz_plain_answer(const void *ctx, struct wz *wz);

/** The number that @text is, from 1 to @max; 0 if it is none. */
size_t wz_plain_number(const char *text, size_t max);

#endif
