/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draft from inside: shared by draft.c (in memory) and draft_disk.c (on disk). */
#ifndef WZ_DRAFT_VALUES_H
#define WZ_DRAFT_VALUES_H

#include "wizard/draft.h"

/** One value. */
struct wz_draft_value {
	char *name;               /**< "SECTION.KEY" */
	char *text;               /**< as it was typed; NULL: not set */
	struct gb_secret *secret; /**< of a WZ_SECRET; or NULL */
	uint64_t stamp;           /**< number of its last change; 0: none */
};

/** The draft. */
struct wz_draft {
	const struct gb_config *before; /**< in force; NULL on a first run */
	struct wz_draft_value *values;  /**< count of them; a few dozen, so a walk finds one */
	size_t count;                   /**< how many */
	uint64_t clock;                 /**< number of the last change */
	uint64_t clean;                 /**< clock when it was made, loaded or saved */
};

#endif
