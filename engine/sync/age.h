/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ages of what must last for a time before something is deleted: a clock that is wrong must not end it.
 *
 * There are two clocks, ours and the directory's (rootDSE, currentTime). What begins, begins by the later one;
 * how old it is, the earlier one says. So as long as one of the two is right, nothing gets older than it is.
 * Pure.
 */
#ifndef GB_SYNC_AGE_H
#define GB_SYNC_AGE_H

#include <stdint.h>

#include "engine/directory/directory.h"

/** Wall time in ms to note for what begins now. @now_ms: our clock. */
int64_t gb_age_begin_ms(const struct gb_directory_facts *facts, int64_t now_ms);

/** Age in ms of what began at @since_ms; 0 if that lies in the future. @now_ms: our clock. */
int64_t gb_age_ms(const struct gb_directory_facts *facts, int64_t now_ms, int64_t since_ms);

#endif
