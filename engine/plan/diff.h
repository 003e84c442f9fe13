/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diff: the differences of one object, name and attributes apart. Pure.
 *
 * Values are compared exactly, the CN too: a change of case is a rename (AD takes it as one).
 */
#ifndef GB_PLAN_DIFF_H
#define GB_PLAN_DIFF_H

#include <stdbool.h>

#include "engine/base/change.h"
#include "engine/base/directory_object.h"
#include "engine/plan/mapping.h"

/**
 * Which of the wanted values are not what stands there. An attribute that was not read is left out.
 *
 * @param ctx       receives texts that are made (the old groupType).
 * @param wanted    from gb_mapping_values().
 * @param observed  the object.
 * @param ret_diff  the differing ones, with old_value; of a list all values, new and old ones side by
 *                  side. Borrowed from @wanted, @observed and @ctx.
 */
void gb_diff_attributes(const void *ctx, const struct gb_mapping *wanted,
			const struct gb_directory_object *observed, struct gb_mapping *ret_diff);

/**
 * Everything that is known to stand on @observed, as old_value with no value: what goes with it when
 * it is deleted. Values of a list follow each other; borrowed from @observed and @ctx.
 */
void gb_diff_lost(const void *ctx, const struct gb_directory_object *observed,
		  struct gb_mapping *ret_values);

/** The differing value of @attribute in @diff, or NULL. Borrowed. */
const struct gb_change_value *gb_diff_find(const struct gb_mapping *diff, const char *attribute);

/** True if @observed is called something else than @cn. */
bool gb_diff_is_rename(const struct gb_directory_object *observed, const char *cn);

#endif
