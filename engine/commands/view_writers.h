/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who else may write to groups in the container, for people and for machines. */
#ifndef GB_COMMANDS_VIEW_WRITERS_H
#define GB_COMMANDS_VIEW_WRITERS_H

#include "engine/base/json.h"
#include "engine/manage/permissions.h"

/** The member "writers" of the object that @w has open. */
void gb_view_writers_json(struct gb_json_writer *w, const struct gb_permissions *found);

/** A title and one line each, to standard output. */
void gb_view_writers_print(const struct gb_permissions *found);

#endif
