/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Anchors: before a group is created, the forest is searched for an object that carries its anchor
 * already: another tool's group, or our own that was moved away. It is never twinned.
 *
 * Life cycle: gb_anchors_search() once a cycle, after the matching; gb_anchors_state() for each
 * group while planning; talloc_free().
 */
#ifndef GB_SYNC_ANCHORS_H
#define GB_SYNC_ANCHORS_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/plan/group.h"
#include "engine/state/streams.h"
#include "engine/sync/session.h"

/** What the search found. Opaque; talloc_free() it. */
struct gb_anchors;

/**
 * Search for the anchors of every group that may be created: one search for all of them when they
 * are many, else one each; in the domain, and in the global catalog where there is one.
 *
 * A search that fails is no error: the groups concerned stay unsearched and are not created; a log
 * line says so.
 *
 * @param all  look at every group, not only at dirty ones.
 * Errors: those of state/; GB_E_CANCELLED.
 */
GB_MUST_CHECK enum gb_rc gb_anchors_search(const void *ctx, struct gb_session *session, bool all,
					   struct gb_anchors **ret_anchors, struct gb_err *err);

/** What is known about the anchor of @group. */
GB_MUST_CHECK enum gb_rc gb_anchors_state(const struct gb_anchors *anchors,
					  const struct gb_state_group *group,
					  enum gb_anchor_state *ret_state, struct gb_err *err);

#endif
