/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a field's row and the table of configuration keys say together: words, labels, defaults, rules.
 * The same for every face.
 */
#ifndef WZ_FIELD_H
#define WZ_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "wizard/page.h"
#include "wizard/wizard.h"

/** One word of a choice. */
struct wz_option {
	const char *word;  /**< the value */
	const char *label; /**< translated */
};

/** Whether the field is there now. */
bool wz_field_is_shown(struct wz *wz, const struct wz_field *field);

/** Whether it holds a value that an answers file can give (secrets have files of their own). */
bool wz_field_has_value(const struct wz_field *field);

/** Why it cannot be used now, or NULL. A read-only session blocks whatever changes something. */
const char *wz_field_blocked(struct wz *wz, const struct wz_field *field);

/** Whether Next needs an answer. */
bool wz_field_is_needed(const struct wz_field *field);

/** Option @i of a CHOICE or FLAGS; false behind the end. */
bool wz_field_option(const struct wz_field *field, size_t i, struct wz_option *ret_option);

/** Number of options. */
size_t wz_field_option_count(const struct wz_field *field);

/** What a WZ_CHECK is when it is on or off: "yes" and "no", or the two words of its choices. */
const char *wz_field_check_word(const struct wz_field *field, bool is_on);

/** Whether a WZ_CHECK is on. */
bool wz_field_is_on(struct wz *wz, const struct wz_field *field);

/** The value's label for people: of a choice its label, of others the value. Below @ctx. */
char *wz_field_shown_value(const void *ctx, struct wz *wz, const struct wz_field *field);

/** The help of the field, translated; "" if there is none. */
const char *wz_field_help(const struct wz_field *field);

/** The label, translated; the name if there is none. */
const char *wz_field_label(const struct wz_field *field);

/** What is counted, translated; "" if nothing. */
const char *wz_field_unit(const struct wz_field *field);

/** What may stand there, as one translated sentence below @ctx: "Use a number from 1 to 9." */
char *wz_field_rule(const void *ctx, const struct wz_field *field);

/** The default; NULL if there is none. */
const char *wz_field_fallback(const struct wz_field *field);

/** Check a text by the field's type alone, whatever the rest of the session says. */
GB_MUST_CHECK enum gb_rc wz_field_check_type(const struct wz_field *field, const char *text,
					     struct gb_err *err);

/**
 * Check a text as the field's value: needed, type, then the field's own rule. GB_E_CONFIG with what is
 * wrong and what to type instead.
 */
GB_MUST_CHECK enum gb_rc wz_field_check(struct wz *wz, const struct wz_field *field,
					const char *text, struct gb_err *err);

/**
 * Check every field of a page that is shown, in order, then the page's own rule; *ret_field is the
 * first one that is wrong (NULL if the page names none).
 */
GB_MUST_CHECK enum gb_rc wz_field_check_page(struct wz *wz, const struct wz_page *page,
					     const struct wz_field **ret_field, struct gb_err *err);

/** True if @word is one of the blank-separated words of @value. */
bool wz_field_holds_word(const char *value, const char *word);

/** The words of a FLAGS value with @word switched on or off, in the order of the table. Below @ctx. */
char *wz_field_toggled(const void *ctx, const struct wz_field *field, const char *value,
		       const char *word);

#endif
