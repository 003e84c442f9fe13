/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What buttons have done already, before Configure: an application, an account, a container. Ready lists it,
 * because nothing of it is undone by leaving the wizard.
 */
#ifndef WZ_PAGES_DONE_H
#define WZ_PAGES_DONE_H

#include <stddef.h>

#include "engine/base/compiler.h"

struct wz;

/** Remember one thing; @fmt is translated. */
void wz_done_add(struct wz *wz, const char *fmt, ...) GB_PRINTF(2, 3);

/** How many there are. */
size_t wz_done_count(struct wz *wz);

/** Number @i; borrowed. */
const char *wz_done_text(struct wz *wz, size_t i);

#endif
