/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Properties: those of a cloud group, by the name that Graph gives them. What filters and mappings
 * speak of. Pure.
 */
#ifndef GB_PLAN_PROPERTY_H
#define GB_PLAN_PROPERTY_H

#include <stdbool.h>

#include "engine/base/attributes.h"
#include "engine/base/cloud_object.h"

/**
 * True if @name is a property that can be asked for: one that every import reads (objectId,
 * displayName, isWritebackEnabled …), another property of the resource type group whose value is a
 * text, a boolean or a list of texts, or an extension property (extension_<application>_<name>).
 */
bool gb_property_is_known(const char *name);

/** True if @name is known and not among those that every import reads: it must be asked for. */
bool gb_property_is_extra(const char *name);

/** True if @name is read from writebackConfiguration, which only the beta version of Graph has. */
bool gb_property_is_beta(const char *name);

/** Its values: booleans are "True" and "False". Below @ctx, or borrowed from @group. */
struct gb_attribute gb_property_get(const void *ctx, const struct gb_cloud_group *group,
				    const char *name);

#endif
