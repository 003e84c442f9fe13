/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A child process with a pipe to its standard input and one from its standard output. It has its own
 * session, so no signal of the terminal reaches it, default signals, and no descriptor of ours.
 */
#ifndef WZ_CHILD_H
#define WZ_CHILD_H

#include <sys/types.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

struct tevent_context;

/** A running child. */
struct wz_child {
	pid_t pid;   /**< also of its session and group */
	int to_fd;   /**< its standard input; not blocking; -1 when closed */
	int from_fd; /**< its standard output; not blocking */
};

/**
 * Start @argv[0] (a path). Standard error goes to /dev/null: what a child has to say is in its answers.
 * Below @ctx; freeing it closes the pipes, asks the process to end (SIGTERM), and makes it (SIGKILL) two
 * seconds later; whatever ends is reaped through @loop, which must outlive it.
 */
GB_MUST_CHECK enum gb_rc wz_child_start(const void *ctx, struct tevent_context *loop,
					const char *const argv[], struct wz_child **ret_child,
					struct gb_err *err);

/** Close its standard input. */
void wz_child_close_input(struct wz_child *child);

#endif
