/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page "Ready to configure" decided, for the pages behind it. */
#ifndef WZ_PAGES_READY_H
#define WZ_PAGES_READY_H

struct wz;

/** Digest of the plan that was shown and agreed to; NULL: none was. Borrowed. */
const char *wz_ready_digest(struct wz *wz);

#endif
