/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which directory object a cloud group is written to. */
#include "config.h"

#include "engine/sync/own.h"

#include <stddef.h>

#include "engine/plan/match.h"

const struct gb_state_directory_object *gb_own_object(const struct gb_state_group *group)
{
	if (group->directory == NULL || group->directory->presence == GB_PRESENCE_SLOT) {
		return NULL;
	}
	if (group->cloud != NULL && group->cloud->match_code != GB_MATCH_WRITTEN) {
		return NULL;
	}
	return group->directory;
}
