/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one ordered table of pages. */
#include "config.h"

#include "pages/pages.h"

#include <stddef.h>

const struct wz_page *const wz_pages[] = {
	&wz_page_welcome,   &wz_page_tasks,   &wz_page_schema,   &wz_page_troubleshoot,
	&wz_page_import,    &wz_page_cloud,   &wz_page_directory,
	&wz_page_features,  &wz_page_container, &wz_page_options, &wz_page_rights,
	&wz_page_schedule,  &wz_page_disable, &wz_page_ready,    &wz_page_configuring,
	&wz_page_complete,  NULL,
};
