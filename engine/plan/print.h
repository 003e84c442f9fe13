/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Print: a change as lines of a readable diff, for `plan` and the wizard's preview. Pure; safe to
 * show (every text from outside passes gb_text_display).
 */
#ifndef GB_PLAN_PRINT_H
#define GB_PLAN_PRINT_H

#include "engine/base/change.h"

/**
 * Lines for one change, each ended by a newline, below @ctx:
 *
 *   + group "Sales"  CN=Group_…,OU=…        create; its values follow as "    name: value"
 *   ~ "Sales" displayName: "old" → "new"    one line an attribute
 *   + "Sales" 12 members                    - "Sales" 3 members
 *   > "Sales" CN=old,OU=… → CN=new          rename, move
 *   - group "Sales"  CN=…                   delete
 *
 * A change that waits for approval has one line more, "    ! " and why.
 */
char *gb_print_change(const void *ctx, const struct gb_change *change);

#endif
