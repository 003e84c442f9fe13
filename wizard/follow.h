/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading along in the progress file of *Configuring* (docs/probe.md, Configure): a file of JSON lines
 * that another process writes, from its beginning, then as it grows.
 *
 * A follower lives below its talloc parent; freeing it ends it, and calls nothing.
 */
#ifndef WZ_FOLLOW_H
#define WZ_FOLLOW_H

#include <stdbool.h>

#include "engine/base/json.h"

struct wz;
/** Opaque. */
struct wz_follow;

/** What becomes of the lines. */
struct wz_follower {
	/** One line. The event is borrowed, and dies when the function returns. */
	void (*line)(struct wz *wz, void *data, const struct gb_json *event);
	/** Nobody writes any more and every line was read; the follower frees itself afterwards. */
	void (*over)(struct wz *wz, void *data);
};

/**
 * Begin to follow. A line that is no JSON is left out; a file that is not there yet is waited for as
 * long as somebody holds the lock.
 *
 * @param path       of the progress file.
 * @param lock_path  its writer holds a lock (flock) on this file as long as it lives.
 */
struct wz_follow *wz_follow_start(const void *ctx, struct wz *wz, const char *path,
				  const char *lock_path, const struct wz_follower *follower,
				  void *data);

/** Tell the run that holds @lock_path to stop after its present step. False: there is none. */
bool wz_follow_stop(const char *lock_path);

/** True if somebody holds a lock on @lock_path now: a run is under way. */
bool wz_follow_is_running(const char *lock_path);

#endif
