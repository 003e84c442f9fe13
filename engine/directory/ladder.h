/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection ladder: name → TCP → TLS → sign in → read, for one server, each rung with its result
 * and its time. What stands on it is what gb_directory_open() does; nothing is loosened for the test.
 */
#ifndef GB_DIRECTORY_LADDER_H
#define GB_DIRECTORY_LADDER_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/directory.h"
#include "engine/directory/options.h"

/** The rungs, lowest first. */
enum gb_ladder_step {
	GB_LADDER_NAME = 0,
	GB_LADDER_TCP,
	GB_LADDER_TLS,
	GB_LADDER_SIGN_IN,
	GB_LADDER_READ,
	GB_LADDER_STEPS
};

/** What became of a rung. */
enum gb_ladder_verdict {
	GB_LADDER_OK = 0,
	GB_LADDER_FAILED,
	GB_LADDER_NOT_TRIED /**< an earlier one failed, or this one does not apply */
};

/** One rung. Borrowed for the call. */
struct gb_ladder_rung {
	enum gb_ladder_step step;
	enum gb_ladder_verdict verdict;
	int64_t time_ms;          /**< -1: not tried */
	const char *text;         /**< what was found; safe to show */
	const struct gb_err *err; /**< FAILED: why; else NULL */
};

/** Called for every rung, in order. */
typedef void (*gb_ladder_on_rung)(void *user, const struct gb_ladder_rung *rung);

/**
 * Climb. Blocks, at most options->connect_timeout_ms for the first four rungs.
 *
 * @param server  index in options->servers.
 * Returns GB_OK if every rung held, else the error of the one that broke.
 */
GB_MUST_CHECK enum gb_rc gb_ladder_climb(const struct gb_directory_options *options, size_t server,
					 gb_ladder_on_rung on_rung, void *user,
					 struct gb_err *err);

#endif
