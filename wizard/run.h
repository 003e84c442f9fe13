/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program around the pages: command line, configuration, draft, lock, face. */
#ifndef WZ_RUN_H
#define WZ_RUN_H

#include "wizard/page.h"

/**
 * All of main(): make the process safe, read the command line, walk @pages (ends with NULL).
 * Returns the exit code.
 */
int wz_run(int argc, char **argv, const struct wz_page *const *pages);

#endif
