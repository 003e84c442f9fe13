/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that never fails, and the error sentence. */
#include "config.h"

#include "sim/util/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool sim_fail(struct sim_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return false;
}

_Noreturn void sim_oom(void)
{
	static const char line[] = "entra-sim: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, line, sizeof(line) - 1);

	(void)ignored;
	_exit(71);
}

static _Noreturn void on_talloc_abort(const char *reason)
{
	fprintf(stderr, "entra-sim: talloc: %s\n", reason);
	_exit(71);
}

void sim_mem_init(void)
{
	talloc_set_abort_fn(on_talloc_abort);
}

void *sim_mem_check(void *ptr)
{
	if (!ptr) {
		sim_oom();
	}
	return ptr;
}

char *sim_strdup(const void *ctx, const char *text)
{
	return text ? sim_mem_check(talloc_strdup(ctx, text)) : NULL;
}

char *sim_strndup(const void *ctx, const char *bytes, size_t length)
{
	char *copy = sim_mem_check(talloc_size(ctx, length + 1));

	if (length > 0) {
		memcpy(copy, bytes, length);
	}
	copy[length] = '\0';
	return copy;
}

char *sim_printf(const void *ctx, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, fmt);
	text = talloc_vasprintf(ctx, fmt, args);
	va_end(args);
	return sim_mem_check(text);
}
