/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a configuration: all of it, not only the first. A plain value; copy it by
 * assignment, nothing to free.
 */
#ifndef GB_CONFIG_PROBLEMS_H
#define GB_CONFIG_PROBLEMS_H

#include <stddef.h>

#include "engine/base/err.h"

/** Most problems that are told; the rest is counted. */
#define GB_CONFIG_MAX_PROBLEMS 20

/** A list of errors. Zero-initialise. */
struct gb_config_problems {
	struct gb_err items[GB_CONFIG_MAX_PROBLEMS]; /**< "FILE:LINE:COLUMN: what is wrong." */
	size_t count;                                /**< how many of items are filled in */
	size_t total;                                /**< how many were found */
};

/** Add a copy of @err. */
void gb_config_problems_add(struct gb_config_problems *problems, const struct gb_err *err);

#endif
