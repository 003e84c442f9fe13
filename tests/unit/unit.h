/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every unit test needs: cmocka with its own needs in the right order, repeatable chance, a
 * folder of its own. Include it last.
 */
#ifndef GB_TESTS_UNIT_H
#define GB_TESTS_UNIT_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/mem.h"

/** A generator that gives the same numbers in every run (xorshift64*). */
struct unit_chance {
	uint64_t state; /**< not 0; the seed */
};

/** The next 32 bits. */
static inline uint32_t unit_next(struct unit_chance *chance)
{
	chance->state ^= chance->state >> 12;
	chance->state ^= chance->state << 25;
	chance->state ^= chance->state >> 27;
	return (uint32_t)((chance->state * 2685821657736338717u) >> 32);
}

/** A number from 0 to @below - 1. */
static inline size_t unit_below(struct unit_chance *chance, size_t below)
{
	return unit_next(chance) % below;
}

/** nftw() callback: remove one thing. */
static inline int unit_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

/** Destructor of unit_folder(). */
static inline int unit_remove_folder(char *path)
{
	return nftw(path, unit_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/** Path of a new empty folder (mode 0700), removed with everything in it when it is freed. */
static inline char *unit_folder(const void *ctx)
{
	const char *base = getenv("TMPDIR");
	char *path = gb_printf(ctx, "%s/groupback-unit-XXXXXX", base && *base ? base : "/tmp");

	assert_non_null(mkdtemp(path));
	talloc_set_destructor(path, unit_remove_folder);
	return path;
}

/** Write a file as it is, with @mode whatever the umask. */
static inline void unit_write(const char *path, const void *bytes, size_t length, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/** The content of a file with a NUL behind it, below @ctx. */
static inline char *unit_read(const void *ctx, const char *path)
{
	char *bytes = gb_new_array(ctx, char, 65536);
	FILE *file = fopen(path, "r");
	size_t length;

	assert_non_null(file);
	length = fread(bytes, 1, 65535, file);
	assert_int_equal(fclose(file), 0);
	bytes[length] = '\0';
	return bytes;
}

#endif
