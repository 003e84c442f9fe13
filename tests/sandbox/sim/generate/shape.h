/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shape of a generated tenant: how large each group is, of which kind, and who is in it.
 *
 * Sizes follow a power law (the group at rank r has a share like 1/r) and add up to the links of
 * the spec exactly. Members are drawn by a keyed permutation, so nobody is drawn twice and nothing
 * has to be remembered: a group of 250,000 costs no memory here.
 *
 * Made with sim_shape_new(); immutable; freed with its talloc parent.
 */
#ifndef SIM_GENERATE_SHAPE_H
#define SIM_GENERATE_SHAPE_H

#include "sim/generate/person.h"
#include "sim/generate/spec.h"
#include "sim/store/props.h"

/** Kinds of groups. */
enum sim_group_kind {
	SIM_KIND_SECURITY,
	SIM_KIND_MICROSOFT365,
	SIM_KIND_MICROSOFT365_SECURITY,
	SIM_KIND_HIDDEN, /**< Microsoft 365 with hidden membership */
	SIM_KIND_DYNAMIC,
	SIM_KIND_DYNAMIC_MICROSOFT365,
	SIM_KIND_MAIL_SECURITY,
	SIM_KIND_DISTRIBUTION,
	SIM_KIND_ROLE,   /**< role-assignable */
	SIM_KIND_SYNCED, /**< from on-premises */
	SIM_KIND_COUNT
};

/** Groups that others may hold, by number. */
struct sim_nestables {
	uint32_t *items; /**< numbers of groups, ascending */
	uint32_t count;  /**< used items */
};

/** The shape. */
struct sim_shape {
	const struct sim_spec *spec; /**< borrowed */
	struct sim_origins origins;  /**< how the people divide */
	uint32_t *sizes;             /**< members of each group */
	uint8_t *kinds;              /**< enum sim_group_kind of each group */
	uint32_t *places;            /**< place of each group in its list below, if it is there */
	struct sim_nestables nestables; /**< what a cloud group may hold */
	struct sim_nestables synced;    /**< what a synced group may hold */
};

/** Called once for each member: its type and its number among those of its type. */
typedef void (*sim_member_fn)(void *closure, enum sim_type type, uint32_t number);

/** The shape of @spec below @ctx. False if so many links cannot be: a sentence in @err. */
bool sim_shape_new(const void *ctx, const struct sim_spec *spec, struct sim_shape **ret_shape,
		   struct sim_err *err) SIM_MUST_CHECK;

/** Call @fn for each of the members of group number @group. */
void sim_shape_members(const struct sim_shape *shape, uint32_t group, sim_member_fn fn,
		       void *closure);

/**
 * A permutation of the numbers below @count that @key chooses: where it puts @at. Distinct inputs
 * have distinct outputs.
 */
uint64_t sim_permute(uint64_t key, uint64_t count, uint64_t at);

#endif
