/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lexer of the administrator's small files. */
#include "config.h"

#include "engine/plan/lexer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"

static unsigned column_of(const char *line_begin, const char *at)
{
	unsigned column = 1;
	uint32_t c;

	for (const char *p = line_begin; p < at; p += gb_text_next(p, &c)) {
		column++;
	}
	return column;
}

enum gb_rc gb_lexer_refuse(const struct gb_lexer *lexer, struct gb_err *err, const char *fmt, ...)
{
	char reason[GB_ERR_TEXT_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	gb_err_set(err, GB_E_CONFIG, "file-syntax", "%s:%u:%u: %s", lexer->source,
		   lexer->token_line, lexer->token_column, reason);
	gb_err_undone(err, _("Nothing was read or written."));
	return gb_err_remedy(err, _("Correct that line of the file."));
}

bool gb_lexer_is_name(const struct gb_lexer *lexer, const char *word)
{
	return lexer->token == GB_TOKEN_NAME && strcmp(lexer->text, word) == 0;
}

static void skip_blanks(struct gb_lexer *lexer)
{
	for (;;) {
		lexer->at += strspn(lexer->at, " \t\r");
		if (*lexer->at == '#') {
			lexer->at += strcspn(lexer->at, "\n");
		}
		if (*lexer->at != '\n' || lexer->depth == 0) {
			return;
		}
		lexer->at++;
		lexer->line++;
		lexer->line_begin = lexer->at;
	}
}

static enum gb_rc take_span(struct gb_lexer *lexer, enum gb_token token, size_t length)
{
	lexer->token = token;
	lexer->text = gb_strndup(lexer->ctx, lexer->at, length);
	lexer->at += length;
	return GB_OK;
}

static enum gb_rc take_string(struct gb_lexer *lexer, struct gb_err *err)
{
	struct gb_buffer *out = gb_buffer_new(lexer->ctx);
	const char *at = lexer->at + 1;

	for (; *at != '"'; at++) {
		if (*at == '\0' || *at == '\n') {
			talloc_free(out);
			return gb_lexer_refuse(lexer, err,
					       _("the string has no closing quote on its line."));
		}
		if (*at == '\\' && (at[1] == '"' || at[1] == '\\')) {
			at++;
		}
		gb_buffer_add_char(out, *at);
	}
	lexer->token = GB_TOKEN_STRING;
	lexer->text = gb_buffer_steal(lexer->ctx, out);
	lexer->at = at + 1;
	return GB_OK;
}

static enum gb_rc take_attribute(struct gb_lexer *lexer, struct gb_err *err)
{
	size_t length = strspn(lexer->at + 1, LETTERS DIGITS "_");

	if (length == 0 || lexer->at[1 + length] != ']') {
		return gb_lexer_refuse(lexer, err,
				       _("between [ and ] stands the name of one property."));
	}
	lexer->at++;
	take_span(lexer, GB_TOKEN_ATTRIBUTE, length);
	lexer->at++;
	return GB_OK;
}

static enum gb_rc take_sign(struct gb_lexer *lexer, struct gb_err *err)
{
	static const struct {
		const char *text;
		enum gb_token token;
	} signs[] = {
		{"<>", GB_TOKEN_NOT_EQUAL},     {"<=", GB_TOKEN_LESS_EQUAL},
		{">=", GB_TOKEN_GREATER_EQUAL}, {"<", GB_TOKEN_LESS},
		{">", GB_TOKEN_GREATER},        {"=", GB_TOKEN_EQUAL},
		{",", GB_TOKEN_COMMA},          {"(", GB_TOKEN_OPEN},
		{")", GB_TOKEN_CLOSE},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(signs); i++) {
		size_t length = strlen(signs[i].text);

		if (strncmp(lexer->at, signs[i].text, length) == 0) {
			lexer->at += length;
			lexer->token = signs[i].token;
			lexer->depth += lexer->token == GB_TOKEN_OPEN;
			lexer->depth -= lexer->token == GB_TOKEN_CLOSE && lexer->depth > 0;
			return GB_OK;
		}
	}
	return gb_lexer_refuse(lexer, err, _("this character means nothing here."));
}

static void take_end_of_line(struct gb_lexer *lexer)
{
	lexer->token = GB_TOKEN_NEWLINE;
	lexer->at++;
	lexer->line++;
	lexer->line_begin = lexer->at;
}

enum gb_rc gb_lexer_next(struct gb_lexer *lexer, struct gb_err *err)
{
	size_t digits;

	skip_blanks(lexer);
	lexer->text = NULL;
	lexer->token_line = lexer->line;
	lexer->token_column = column_of(lexer->line_begin, lexer->at);
	switch (*lexer->at) {
	case '\0':
		lexer->token = GB_TOKEN_END;
		return GB_OK;
	case '\n':
		take_end_of_line(lexer);
		return GB_OK;
	case '"':
		return take_string(lexer, err);
	case '[':
		return take_attribute(lexer, err);
	default:
		break;
	}
	digits = strspn(lexer->at + (*lexer->at == '-'), DIGITS);
	if (digits > 0) {
		return take_span(lexer, GB_TOKEN_NUMBER, digits + (*lexer->at == '-'));
	}
	if (strchr(LETTERS "_", *lexer->at)) {
		return take_span(lexer, GB_TOKEN_NAME, strspn(lexer->at, LETTERS DIGITS "_-"));
	}
	return take_sign(lexer, err);
}

enum gb_rc gb_lexer_begin(const void *ctx, const char *source, const char *text,
			  struct gb_lexer *ret_lexer, struct gb_err *err)
{
	*ret_lexer = (struct gb_lexer){.source = source,
				       .at = text,
				       .line_begin = text,
				       .line = 1,
				       .token_line = 1,
				       .token_column = 1,
				       .ctx = ctx};
	if (!gb_text_is_utf8(text, strlen(text))) {
		return gb_lexer_refuse(ret_lexer, err, _("the file is not UTF-8."));
	}
	return gb_lexer_next(ret_lexer, err);
}
