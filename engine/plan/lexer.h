/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lexer: words of the administrator's small files (filter, mapping), with the place of each.
 *
 * "#" begins a comment up to the end of the line. An end of line is a token, except between
 * parentheses. Strings stand in double quotes; a backslash before a quote or a backslash stands for
 * that character. Pure; the text is borrowed as long as the lexer lives.
 */
#ifndef GB_PLAN_LEXER_H
#define GB_PLAN_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Kinds of words. */
enum gb_token {
	GB_TOKEN_END = 0, /**< end of the text */
	GB_TOKEN_NEWLINE,
	GB_TOKEN_NAME,      /**< letters, digits, _ and -; begins with a letter or _ */
	GB_TOKEN_STRING,    /**< "…" without its quotes and escapes */
	GB_TOKEN_NUMBER,    /**< digits, perhaps with a minus sign */
	GB_TOKEN_ATTRIBUTE, /**< […] without its brackets */
	GB_TOKEN_OPEN,      /**< ( */
	GB_TOKEN_CLOSE,     /**< ) */
	GB_TOKEN_COMMA,
	GB_TOKEN_EQUAL,         /**< = */
	GB_TOKEN_NOT_EQUAL,     /**< <> */
	GB_TOKEN_LESS,          /**< < */
	GB_TOKEN_LESS_EQUAL,    /**< <= */
	GB_TOKEN_GREATER,       /**< > */
	GB_TOKEN_GREATER_EQUAL, /**< >= */
};

/** A text being taken apart; @token and what belongs to it is the present word. */
struct gb_lexer {
	const char *source;     /**< name of the text for errors; borrowed */
	const char *at;         /**< behind the present word */
	const char *line_begin; /**< first byte of the line of @at */
	unsigned line;          /**< of @at, from 1 */
	unsigned depth;         /**< open parentheses */
	enum gb_token token;    /**< the present word */
	char *text;             /**< of NAME, STRING, NUMBER, ATTRIBUTE; child of ctx */
	unsigned token_line;    /**< where it begins, from 1 */
	unsigned token_column;  /**< in characters, from 1 */
	const void *ctx;        /**< talloc parent of texts */
};

/** Begin with @text; the first word is the present one afterwards. Errors: as gb_lexer_next(). */
GB_MUST_CHECK enum gb_rc gb_lexer_begin(const void *ctx, const char *source, const char *text,
					struct gb_lexer *ret_lexer, struct gb_err *err);

/** Go on to the next word. Errors: GB_E_CONFIG with line and column. */
GB_MUST_CHECK enum gb_rc gb_lexer_next(struct gb_lexer *lexer, struct gb_err *err);

/** Fill *err with "SOURCE:LINE:COLUMN: …" for the present word. Returns GB_E_CONFIG. */
enum gb_rc gb_lexer_refuse(const struct gb_lexer *lexer, struct gb_err *err, const char *fmt, ...)
	GB_PRINTF(3, 4);

/** True if the present word is the name @word, exactly. */
bool gb_lexer_is_name(const struct gb_lexer *lexer, const char *word);

#endif
