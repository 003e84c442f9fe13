/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that the engine answers as a whole: what the first cycle would write, and whether it could. */
#ifndef GB_PROBE_PREVIEW_H
#define GB_PROBE_PREVIEW_H

#include "engine/probe/question.h"

/* The questions. */
enum gb_rc gb_probe_preview(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_check(struct gb_probe *probe, struct gb_err *err);

#endif
