/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors: filling in, prefixing and printing struct gb_err; the table of exit codes. */
#include "config.h"

#include "engine/base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/* vsnprintf() cuts bytes; a text that was cut through a character ends before it instead. */
static void end_on_character(char *text, size_t length)
{
	size_t start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80) {
		start--;
	}
	if (start > 0 && (unsigned char)text[start - 1] >= 0xc0) {
		unsigned char lead = (unsigned char)text[start - 1];
		size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

		if (length - (start - 1) < size) {
			text[start - 1] = '\0';
		}
	}
}

static void format(char text[GB_ERR_TEXT_BYTES], const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void format(char text[GB_ERR_TEXT_BYTES], const char *fmt, va_list args)
{
	int length = vsnprintf(text, GB_ERR_TEXT_BYTES, fmt, args);

	if (length >= GB_ERR_TEXT_BYTES) {
		end_on_character(text, GB_ERR_TEXT_BYTES - 1);
	}
}

void gb_err_clear(struct gb_err *err)
{
	*err = (struct gb_err){0};
}

enum gb_rc gb_err_set(struct gb_err *err, enum gb_rc rc, const char *id, const char *what_fmt, ...)
{
	va_list args;

	assert(rc != GB_OK);
	if (!err) {
		return rc;
	}
	gb_err_clear(err);
	err->rc = rc;
	snprintf(err->id, sizeof(err->id), "%s", id);
	va_start(args, what_fmt);
	format(err->what, what_fmt, args);
	va_end(args);
	return rc;
}

enum gb_rc gb_err_undone(struct gb_err *err, const char *fmt, ...)
{
	va_list args;

	if (!err) {
		return GB_E_INTERNAL;
	}
	va_start(args, fmt);
	format(err->undone, fmt, args);
	va_end(args);
	return err->rc;
}

enum gb_rc gb_err_remedy(struct gb_err *err, const char *fmt, ...)
{
	va_list args;

	if (!err) {
		return GB_E_INTERNAL;
	}
	va_start(args, fmt);
	format(err->remedy, fmt, args);
	va_end(args);
	return err->rc;
}

enum gb_rc gb_err_prefix(struct gb_err *err, const char *fmt, ...)
{
	char prefix[GB_ERR_TEXT_BYTES];
	char what[GB_ERR_TEXT_BYTES];
	va_list args;
	int length;

	if (!err) {
		return GB_E_INTERNAL;
	}
	va_start(args, fmt);
	format(prefix, fmt, args);
	va_end(args);
	length = snprintf(what, sizeof(what), "%s: %s", prefix, err->what);
	if (length >= (int)sizeof(what)) {
		end_on_character(what, sizeof(what) - 1);
	}
	memcpy(err->what, what, sizeof(what));
	return err->rc;
}

enum gb_rc gb_err_native(struct gb_err *err, int native)
{
	if (!err) {
		return GB_E_INTERNAL;
	}
	err->native = native;
	return err->rc;
}

char *gb_err_line(const void *ctx, const struct gb_err *err)
{
	return gb_printf(ctx, "%s%s%s%s%s", err->what, err->undone[0] ? " " : "", err->undone,
			 err->remedy[0] ? " " : "", err->remedy);
}

int gb_rc_exit_code(enum gb_rc rc)
{
	static const int codes[] = {
		[GB_OK] = 0,           [GB_E_CANCELLED] = 143,   [GB_E_USAGE] = 64,
		[GB_E_STATE] = 65,     [GB_E_UNAVAILABLE] = 69,  [GB_E_INTERNAL] = 70,
		[GB_E_SYSTEM] = 71,    [GB_E_IO] = 74,           [GB_E_TRY_AGAIN] = 75,
		[GB_E_PROTOCOL] = 76,  [GB_E_ACCESS] = 77,       [GB_E_CONFIG] = 78,
		[GB_E_GUARD] = 4,      [GB_E_NOT_FOUND] = 3,     [GB_E_EXISTS] = 3,
		[GB_E_CONSTRAINT] = 3, [GB_E_STALE_CURSOR] = 69,
	};

	return (size_t)rc < GB_ARRAY_SIZE(codes) ? codes[rc] : 70;
}

/* Place in the order of precedence, 0 first; an unknown code ranks as 70. */
static size_t precedence(int code)
{
	static const int order[] = {70, 78, 65, 77, 76, 4, 74, 71, 69, 75, 143, 130, 3, 2, 0};

	for (size_t i = 0; i < GB_ARRAY_SIZE(order); i++) {
		if (order[i] == code) {
			return i;
		}
	}
	return 0;
}

int gb_exit_code_worst(int a, int b)
{
	static const int order_first = 70;
	size_t rank_a = precedence(a);
	size_t rank_b = precedence(b);

	if (rank_a == 0 || rank_b == 0) {
		return order_first;
	}
	return rank_a < rank_b ? a : b;
}
