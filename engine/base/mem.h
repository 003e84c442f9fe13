/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory: talloc, never NULL.
 *
 * Everything that is allocated has a talloc parent. Running out of memory ends the program in one
 * place, gb_oom(), with one line and exit code 71; the journal makes that safe at any moment, so no
 * caller checks for NULL. Maps use hash.h, which routes uthash's failure there too; SQLite's
 * SQLITE_NOMEM is passed on by state/. gb_mem_init() runs once at the start of main().
 */
#ifndef GB_BASE_MEM_H
#define GB_BASE_MEM_H

#include <stddef.h>
#include <talloc.h>

#include "engine/base/compiler.h"

/** Print one line to standard error and _exit(71). Never returns; allocates nothing. */
_Noreturn void gb_oom(void);

/**
 * Make talloc report a corrupted or freed chunk as an internal error: one line and _exit(70), no
 * abort(). Call once, first thing in main().
 */
void gb_mem_init(void);

/** @ptr if not NULL, else gb_oom(). */
void *gb_mem_check(void *ptr);

/** @count as talloc counts; gb_oom() if it does not fit. */
unsigned gb_mem_count(size_t count);

/** A zeroed object of TYPE below CTX. */
#define gb_new(ctx, type) ((type *)gb_mem_check(talloc_zero(ctx, type)))
/** A zeroed array of COUNT objects of TYPE below CTX. */
#define gb_new_array(ctx, type, count) \
	((type *)gb_mem_check(talloc_zero_array(ctx, type, gb_mem_count(count))))
/** An empty talloc context below CTX, for temporaries. */
#define gb_new_tmp(ctx) gb_mem_check(talloc_new(ctx))

/** A copy of @text below @ctx; NULL stays NULL. */
char *gb_strdup(const void *ctx, const char *text);

/** A copy of @length bytes below @ctx, with a NUL behind them. */
char *gb_strndup(const void *ctx, const char *bytes, size_t length);

/** printf into a new string below @ctx. */
char *gb_printf(const void *ctx, const char *fmt, ...) GB_PRINTF(2, 3);

#endif
