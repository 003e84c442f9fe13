/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opaque tokens in nextLinks and deltaLinks: bytes, authenticated, base64url.
 *
 * A token that was changed by one character is refused. Numbers are read back in the order in which
 * they were written.
 */
#ifndef SIM_GRAPH_PAGE_TOKEN_H
#define SIM_GRAPH_PAGE_TOKEN_H

#include "sim/graph/call.h"

/** A decoded token being read. */
struct sim_token_reader {
	const uint8_t *bytes; /**< what is left */
	size_t left;          /**< bytes left */
	bool is_short;        /**< more was read than there is */
};

/** Encode the bytes of @payload; the token belongs to @ctx. */
char *sim_page_token_seal(const void *ctx, const struct sim_world *world,
			  const struct sim_buf *payload);

/** Decode @text below @ctx. False if it is no token of this simulator. */
bool sim_page_token_open(const void *ctx, const struct sim_world *world, const char *text,
			 struct sim_token_reader *ret_reader) SIM_MUST_CHECK;

/** The next big-endian number of @size bytes; 0 and is_short when nothing is left. */
uint64_t sim_token_number(struct sim_token_reader *reader, size_t size);

/** The position of a list: what a $skiptoken of lists and members says. */
struct sim_position {
	uint64_t at;   /**< next position in the collection */
	bool eventual; /**< page one was read in advanced mode */
	uint32_t page; /**< pages before this one */
};

/** A $skiptoken for the collection of @call. */
char *sim_position_seal(struct sim_call *call, const struct sim_position *position);

/** Read a $skiptoken. False: the call was answered (malformed, expired, other mode). */
bool sim_position_open(struct sim_call *call, const char *text,
		       struct sim_position *ret_position) SIM_MUST_CHECK;

/** The URL of this call again, with @token as its $skiptoken. */
char *sim_next_link(const struct sim_call *call, const char *token);

#endif
