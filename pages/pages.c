/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one ordered table of pages. */
#include "config.h"

#include "pages/pages.h"

#include <stddef.h>

const struct wz_page *const wz_pages[] = {
	&wz_page_welcome,
	&wz_page_features,
	NULL,
};
