/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks for the compiler, used by every room. */
#ifndef GB_BASE_COMPILER_H
#define GB_BASE_COMPILER_H

/** The caller must look at the result. */
#define GB_MUST_CHECK __attribute__((warn_unused_result))

/** printf-like: the format is parameter FMT, its arguments start at parameter FIRST (1-based). */
#define GB_PRINTF(FMT, FIRST) __attribute__((format(printf, FMT, FIRST)))

/** Number of elements of an array (not of a pointer). */
#define GB_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
