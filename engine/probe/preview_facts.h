/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a preview tells besides the plan: what is right by the rules and still surprises people. Public
 * Microsoft 365 groups that become security groups, the person who would be in most security groups,
 * whether the Recycle Bin is on.
 *
 * Life cycle: gb_preview_facts_new(); each change of the plan as it comes; gb_preview_facts_put() when
 * the dry run has left its state behind.
 */
#ifndef GB_PROBE_PREVIEW_FACTS_H
#define GB_PROBE_PREVIEW_FACTS_H

#include "engine/base/change.h"
#include "engine/base/json.h"
#include "engine/probe/question.h"

/** Opaque. */
struct gb_preview_facts;

/** Nothing is known; below the probe. */
struct gb_preview_facts *gb_preview_facts_new(struct gb_probe *probe);

/** A change of the plan. */
void gb_preview_facts_change(struct gb_preview_facts *facts, const struct gb_change *change);

/**
 * Find out and write the members recycleBin, publicGroups and largestMembership; one that cannot be
 * found out is null. Blocks.
 */
void gb_preview_facts_put(struct gb_json_writer *w, struct gb_preview_facts *facts);

#endif
