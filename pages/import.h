/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings that another server exported ("groupback-engine settings export"), taken into the draft. Nothing is
 * written before Configure; secrets are not among them, and are asked for by the pages.
 */
#ifndef WZ_PAGES_IMPORT_H
#define WZ_PAGES_IMPORT_H

#include <stdbool.h>

struct wz;

/** Value with the path of the file; empty: nothing is taken. */
#define WZ_IMPORT_FILE "once.settings file"

/**
 * Take the settings of the file that WZ_IMPORT_FILE names: every key gets its value, staging mode is
 * switched on (the other server still writes). False after it was said why nothing was taken; true also
 * if no file is named.
 */
bool wz_import_settings(struct wz *wz);

#endif
