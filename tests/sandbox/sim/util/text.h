/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as a directory compares it: without regard to case, in every script that has one.
 *
 * Pure functions on UTF-8; a byte that is none counts as a character of its own.
 */
#ifndef SIM_UTIL_TEXT_H
#define SIM_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The character at *@text in lower case; *@text moves behind it. 0 at the end. */
uint32_t sim_text_next(const char **text);

/** Less than, equal to or greater than zero, as @a sorts before, with or behind @b. */
int sim_text_compare(const char *a, const char *b);

/** True if @text begins with @prefix. */
bool sim_text_starts(const char *text, const char *prefix);

/** True if @text ends with @suffix. */
bool sim_text_ends(const char *text, const char *suffix);

/** The string that the JSON text @json ("\"a\"") is, below @ctx; NULL if it is no string. */
char *sim_text_of_json(const void *ctx, const char *json);

#endif
