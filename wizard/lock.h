/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One wizard edits at a time: a lock beside the draft, held as long as the process lives. A second wizard
 * looks only, or takes over: the first one is told to end, which keeps its draft.
 */
#ifndef WZ_LOCK_H
#define WZ_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Who holds the lock. */
struct wz_lock_holder {
	pid_t pid;         /**< 0: not known */
	char terminal[64]; /**< "/dev/pts/3", or "" */
};

/**
 * Take the lock on @path, which is made if it is not there; it is held until the process ends.
 * False if another one holds it: *ret_holder says who. True also if no lock can be made there (a folder
 * that does not exist yet): then no draft can be kept either.
 */
bool wz_lock_take(const char *path, struct wz_lock_holder *ret_holder);

/** Tell the holder to end. */
void wz_lock_ask_for(const struct wz_lock_holder *holder);

#endif
