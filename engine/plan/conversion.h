/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conversion: how the scope of a group that exists becomes another one. Pure.
 *
 * Active Directory converts global and domain-local groups into each other only by way of universal,
 * and only where no nesting stands against it (MS-SAMR 3.1.1.8.5, "Active Directory security groups",
 * group scopes): a global group holds people and global groups of its own domain; a universal group
 * people, global and universal groups; a domain-local group all of them. The server has the last
 * word; what is known to fail is not sent.
 */
#ifndef GB_PLAN_CONVERSION_H
#define GB_PLAN_CONVERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/plan/policy.h"

/** The three scope bits of groupType. */
#define GB_CONVERSION_SCOPES \
	(GB_GROUP_TYPE_GLOBAL | GB_GROUP_TYPE_DOMAIN_LOCAL | GB_GROUP_TYPE_UNIVERSAL)

/** What a group is nested with, as far as it is known. */
struct gb_nesting_facts {
	int32_t members; /**< groupType bits of the groups that are members of it, or-ed */
	int32_t parents; /**< groupType bits of the groups that it is a member of, or-ed */
};

/** The way from one groupType to another: nothing, one step, or two. */
struct gb_conversion {
	int32_t steps[2];
	size_t count;
	bool is_blocked; /**< the scope cannot change now: the steps are those that keep it */
};

/** groupType's scope bit for a configured scope. */
int32_t gb_conversion_scope_bit(enum gb_group_scope scope);

/**
 * How @from becomes @to. Where nesting stands against another scope, the steps keep the scope of
 * @from and change what else differs (security or distribution).
 */
struct gb_conversion gb_conversion_plan(int32_t from, int32_t to,
					const struct gb_nesting_facts *facts);

#endif
