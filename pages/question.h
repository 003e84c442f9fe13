/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page does when it asks the engine: the secrets that were typed so far go along. */
#ifndef WZ_PAGES_QUESTION_H
#define WZ_PAGES_QUESTION_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "wizard/ask.h"
#include "wizard/page.h"

/**
 * A question (docs/probe.md) of the page @page_id, below its state, with the secrets of the draft but for
 * the administrator's password. Put the arguments, then wz_ask_start() it.
 */
struct wz_ask *wz_question_new(struct wz *wz, const char *page_id, const char *question);

/** Hand the secrets of the draft to an ask that was made otherwise (the job of *Configuring*). */
void wz_question_secrets(struct wz *wz, struct wz_ask *ask);

/** Put the texts of an answer's "config" (section, key, text) into the draft. */
void wz_question_take_config(struct wz *wz, const struct gb_json *config);

/**
 * Read the file whose path is the value @path_name into the secret @secret_name; an empty path keeps what
 * is there. @is_binary: it becomes base64, as the engine wants a keytab. Errors: those of
 * gb_secret_read_file().
 */
GB_MUST_CHECK enum gb_rc wz_question_read_secret(struct wz *wz, const char *path_name,
						 const char *secret_name, bool is_binary,
						 struct gb_err *err);

#endif
