/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of object numbers as bytes, for the journal and for the links: each number as its difference to the one
 * before (the first to 0), zigzag coded, seven bits a byte, lowest first, the high bit on all but
 * the last byte. A member costs two bytes instead of a row. Private to engine/state.
 */
#ifndef GB_STATE_PACK_H
#define GB_STATE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"

/** Most bytes that @count numbers can take. */
#define GB_PACK_MAX_BYTES(count) ((size_t)(count)*10)

/** Pack @numbers in their order into @buffer of GB_PACK_MAX_BYTES. Returns the bytes used. */
size_t gb_pack(const int64_t *numbers, size_t count, uint8_t *buffer);

/** How many numbers @length bytes hold, if they are a list of numbers at all. */
size_t gb_pack_count(const void *bytes, size_t length);

/** Unpack exactly @count numbers; false if the bytes do not hold exactly these. */
GB_MUST_CHECK bool gb_unpack(const void *bytes, size_t length, int64_t *ret_numbers, size_t count);

#endif
