/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How *Configuring* ended, for the page behind it. */
#ifndef WZ_PAGES_CONFIGURING_H
#define WZ_PAGES_CONFIGURING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wz;

/** The end of the run, as its progress file told it (docs/probe.md, Configure). */
struct wz_configured {
	bool is_over;        /**< it has ended */
	bool is_undone;      /**< the settings from before are back */
	int64_t exit_code;   /**< of the run */
	char **stands;       /**< what was done, a line each */
	size_t stands_count;
	char **warnings;     /**< what somebody should look at */
	size_t warning_count;
	char *cycle;         /**< the first cycle in one line; or NULL */
};

/** The end; borrowed. */
const struct wz_configured *wz_configured(struct wz *wz);

#endif
