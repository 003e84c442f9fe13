/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lock of the state directory: one engine at a time.
 *
 * flock() on a file that is never removed (a removed file could be locked twice under two inodes).
 * The kernel drops the lock when the process ends, however it ends. The file holds one line that
 * says who holds it, for the message of whoever comes second; nothing is decided by that line.
 */
#ifndef GB_SYNC_LOCK_H
#define GB_SYNC_LOCK_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Held while it lives; talloc_free() releases it. Opaque. */
struct gb_lock;

/**
 * Take the lock of @state_directory without waiting.
 *
 * Errors: GB_E_TRY_AGAIN (held; the text says by which process and since when), GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_lock_take(const void *ctx, const char *state_directory,
				      struct gb_lock **ret_lock, struct gb_err *err);

/**
 * Is an engine at work? Makes nothing, so that whoever may only look (or is root) leaves no file behind.
 *
 * Errors: GB_E_TRY_AGAIN (the text says which process, and since when), GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_lock_probe(const char *state_directory, struct gb_err *err);

#endif
