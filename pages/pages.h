/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages, in the order of Entra Connect's wizard. A page is added by one file with its table, one
 * declaration here, and one line in pages.c.
 */
#ifndef WZ_PAGES_PAGES_H
#define WZ_PAGES_PAGES_H

#include "wizard/page.h"

/** All pages in the order of the walk; ends with NULL. */
extern const struct wz_page *const wz_pages[];

/** The first page of a first run. */
extern const struct wz_page wz_page_welcome;
/** Optional features: what is written, and of which groups. */
extern const struct wz_page wz_page_features;

#endif
