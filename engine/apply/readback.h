/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading back what we wrote: uSNChanged, so that the next delta cycle does not take our own write
 * for somebody else's, and the name as the server spells it. Private to engine/apply.
 */
#ifndef GB_APPLY_READBACK_H
#define GB_APPLY_READBACK_H

#include "engine/apply/task.h"

/**
 * The change is done: read back if it was the last one of its object in this phase and its answer
 * did not tell what is needed, and end it as applied. A read-back that fails is left out: it costs a
 * re-read in the next cycle.
 */
void gb_readback_and_end(struct gb_task *task);

#endif
