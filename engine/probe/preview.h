/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview: what the first cycle would write, by a dry run of the engine itself. */
#ifndef GB_PROBE_PREVIEW_H
#define GB_PROBE_PREVIEW_H

#include "engine/probe/question.h"

/* The question. */
enum gb_rc gb_probe_preview(struct gb_probe *probe, struct gb_err *err);

#endif
