/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fence: what we may write to at all (docs/failures.md, L-10). Asked before
 * every change, with the object as it was imported in this cycle or read a moment ago; whatever the
 * planner or the configuration say, what the fence refuses is never sent. Pure.
 */
#ifndef GB_APPLY_FENCE_H
#define GB_APPLY_FENCE_H

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/directory_object.h"
#include "engine/base/err.h"

/** Where we may write. */
struct gb_fence {
	const char *container_key;      /**< gb_dn_key() of the container; never "" */
	const char *const *former_keys; /**< of containers of earlier configurations, out of which
					     groups are moved; ends with NULL. Or NULL */
};

/**
 * May @change be sent?
 *
 * A create, and the goal of a move, must be below the container. An object that exists must be a
 * group below the container, or below a former one, carry the anchor of change->cloud_id and no other, and not
 * be protected (adminCount, isCriticalSystemObject, RID below 1000).
 *
 * @param object  the object as it stands; NULL for a create.
 * @return GB_OK, or GB_E_CONSTRAINT with the reason; ids begin with "fence-".
 */
GB_MUST_CHECK enum gb_rc gb_fence_check(const struct gb_fence *fence,
					const struct gb_change *change,
					const struct gb_directory_object *object,
					struct gb_err *err);

#endif
