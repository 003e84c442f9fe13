/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory of the simulator: talloc, never NULL.
 *
 * The simulator links nothing of the engine, so that a defect of the engine's own helpers cannot
 * hide in the tests; this is its small counterpart of engine/base/mem.h. Running out of memory
 * ends the program with one line and exit code 71. Call sim_mem_init() first thing in main().
 */
#ifndef SIM_UTIL_MEM_H
#define SIM_UTIL_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/** The caller must look at the result. */
#define SIM_MUST_CHECK __attribute__((warn_unused_result))
/** printf-like: the format is parameter FMT, its arguments start at FIRST (1-based). */
#define SIM_PRINTF(FMT, FIRST) __attribute__((format(printf, FMT, FIRST)))
/** Number of elements of an array (not of a pointer). */
#define SIM_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/** Why something could not be done, as one sentence for the person who runs the simulator. */
struct sim_err {
	char text[512]; /**< UTF-8, NUL-terminated, cut if longer */
};

/** Write the sentence into @err. Always returns false, so that callers can return it. */
bool sim_fail(struct sim_err *err, const char *fmt, ...) SIM_PRINTF(2, 3);

/** One line to standard error, then _exit(71). */
_Noreturn void sim_oom(void);

/** Route talloc's abort to sim_oom(). */
void sim_mem_init(void);

/** @ptr if not NULL, else sim_oom(). */
void *sim_mem_check(void *ptr);

/** A zeroed object of TYPE below CTX. */
#define sim_new(ctx, type) ((type *)sim_mem_check(talloc_zero(ctx, type)))
/** A zeroed array of COUNT objects of TYPE below CTX. */
#define sim_new_array(ctx, type, count) \
	((type *)sim_mem_check(talloc_zero_array(ctx, type, (unsigned)(count))))
/** ARRAY (of TYPE, below CTX) with room for COUNT elements; the new ones are not zeroed. */
#define sim_resize(ctx, array, type, count) \
	((type *)sim_mem_check(talloc_realloc(ctx, array, type, (unsigned)(count))))

/** A copy of @text below @ctx; NULL stays NULL. */
char *sim_strdup(const void *ctx, const char *text);

/** A copy of @length bytes below @ctx, with a NUL behind them. */
char *sim_strndup(const void *ctx, const char *bytes, size_t length);

/** printf into a new string below @ctx. */
char *sim_printf(const void *ctx, const char *fmt, ...) SIM_PRINTF(2, 3);

#endif
