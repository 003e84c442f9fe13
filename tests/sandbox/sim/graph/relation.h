/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How objects hang together: members, memberOf, their transitive closures, and owners.
 *
 * Direct members are read from the group's links; everything else is a sorted array of object
 * indexes made for one call. Paging goes by object index there, so that what changes between two
 * pages moves nothing that the client has not seen.
 */
#ifndef SIM_GRAPH_RELATION_H
#define SIM_GRAPH_RELATION_H

#include "sim/graph/call.h"

/** The relations of a directory object. */
enum sim_relation {
	SIM_MEMBERS,
	SIM_TRANSITIVE_MEMBERS,
	SIM_MEMBER_OF,
	SIM_TRANSITIVE_MEMBER_OF,
	SIM_OWNERS,
	SIM_RELATION_COUNT
};

/** "transitiveMembers". */
const char *sim_relation_name(enum sim_relation relation);

/** The relation of this name, any case, that objects of @types have; SIM_RELATION_COUNT if none. */
enum sim_relation sim_relation_find(const char *name, unsigned types);

/** Bit mask of the types that can be at the far end of @relation. */
unsigned sim_relation_types(enum sim_relation relation);

/** A set of objects. */
struct sim_index_set {
	uint32_t *items; /**< indexes into sim_store.objects, ascending */
	size_t count;    /**< used items */
};

/** The objects at the far end of @relation from @object, live or not, below @ctx. */
struct sim_index_set sim_relation_follow(const void *ctx, const struct sim_store *store,
					 const struct sim_object *object,
					 enum sim_relation relation);

/** True if @group has hidden membership and the token may not see it (Member.Read.Hidden). */
bool sim_members_are_hidden(const struct sim_call *call, const struct sim_object *group);

#endif
