/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A byte buffer that grows: answers are built in it.
 *
 * Made with sim_buf_new() below a talloc parent, filled, read through data/length, freed with
 * its parent. The bytes are always followed by a NUL that is not counted.
 */
#ifndef SIM_UTIL_BUF_H
#define SIM_UTIL_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/mem.h"

/** The buffer. Read the first two fields; the third is private. */
struct sim_buf {
	char *data;      /**< the bytes, NUL behind them; owned by the buffer */
	size_t length;   /**< bytes in use */
	size_t capacity; /**< bytes allocated */
};

/** An empty buffer below @ctx. */
struct sim_buf *sim_buf_new(const void *ctx);

/** Room for @more bytes behind the end; the bytes are then written by the caller. */
void sim_buf_reserve(struct sim_buf *buf, size_t more);

/** Append @length bytes. */
void sim_buf_add(struct sim_buf *buf, const void *bytes, size_t length);

/** Append a NUL-terminated string. */
void sim_buf_text(struct sim_buf *buf, const char *text);

/** Append one byte. */
void sim_buf_byte(struct sim_buf *buf, char byte);

/** Append printf-formatted text. */
void sim_buf_printf(struct sim_buf *buf, const char *fmt, ...) SIM_PRINTF(2, 3);

/** Append a big-endian unsigned number of 8 * @size bits (@size 1 to 8). */
void sim_buf_number(struct sim_buf *buf, uint64_t number, size_t size);

/** Cut to @length bytes; a longer @length changes nothing. */
void sim_buf_cut(struct sim_buf *buf, size_t length);

#endif
