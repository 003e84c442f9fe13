/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: talloc, never NULL. */
#include "config.h"

#include "engine/base/mem.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/err.h"

static void say(const char *text)
{
	ssize_t written = write(STDERR_FILENO, text, strlen(text));
	(void)written; /* we are about to end: there is nobody left to tell */
}

_Noreturn void gb_oom(void)
{
	/* Not translated: gettext allocates. */
	say("groupback: out of memory; the run stops here. Give the machine or the unit more "
	    "memory and run it again.\n");
	_exit(gb_rc_exit_code(GB_E_SYSTEM));
}

/* talloc calls this when a chunk's magic is wrong (use after free, overrun), never for lack of memory. */
static void corrupted(const char *reason)
{
	say("groupback: internal error: ");
	say(reason);
	say("\n");
	_exit(gb_rc_exit_code(GB_E_INTERNAL));
}

void gb_mem_init(void)
{
	talloc_set_abort_fn(corrupted);
}

void *gb_mem_check(void *ptr)
{
	if (!ptr) {
		gb_oom();
	}
	return ptr;
}

unsigned gb_mem_count(size_t count)
{
	if (count > UINT_MAX) {
		gb_oom();
	}
	return (unsigned)count;
}

char *gb_strdup(const void *ctx, const char *text)
{
	return text ? gb_mem_check(talloc_strdup(ctx, text)) : NULL;
}

char *gb_strndup(const void *ctx, const char *bytes, size_t length)
{
	char *copy = gb_mem_check(talloc_array_size(ctx, 1, gb_mem_count(length + 1)));

	if (length) {
		memcpy(copy, bytes, length);
	}
	copy[length] = '\0';
	talloc_set_name_const(copy, "char");
	return copy;
}

char *gb_printf(const void *ctx, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = talloc_vasprintf(ctx, fmt, args);
	va_end(args);
	return gb_mem_check(text);
}
