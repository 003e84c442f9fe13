/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was written, for the oracle of delta: a small model of users, groups and memberships that knows
 * nothing of the simulator. A write that is answered well is entered here; what listing shows must be
 * what stands here. Without it, a write that is answered 204 and does nothing would go unnoticed.
 *
 * A model is plain memory, zeroed at the beginning; texts are borrowed.
 */
#ifndef SIM_TEST_MODEL_H
#define SIM_TEST_MODEL_H

#include <stdbool.h>

/** How many users and groups there can be, and how many properties of a group are looked at. */
#define MODEL_USERS  24u
#define MODEL_GROUPS 10u
#define MODEL_PROPS  3u

/** What an object is. */
enum model_kind {
	MODEL_USER = 1,
	MODEL_GROUP = 2
};

/** Where an object is in its life. */
enum model_state {
	MODEL_NOT_YET,
	MODEL_LIVE,
	MODEL_DELETED, /**< in the recycle bin: hidden, memberships kept */
	MODEL_GONE     /**< for good: no memberships any more */
};

/** A group. */
struct model_group {
	const char *props[MODEL_PROPS]; /**< JSON texts; NULL: null, or never set */
	bool has_user[MODEL_USERS];
	bool has_group[MODEL_GROUPS];
};

/** The model. */
struct model {
	enum model_state user_states[MODEL_USERS];
	enum model_state group_states[MODEL_GROUPS];
	struct model_group groups[MODEL_GROUPS];
};

/** The state of an object. */
enum model_state model_state(const struct model *model, enum model_kind kind, unsigned number);

/** An object is created, deleted, restored or purged. */
void model_move(struct model *model, enum model_kind kind, unsigned number, enum model_state to);

/** True if the object is, or would be again once restored, a member of the group. */
bool model_has(const struct model *model, unsigned group, enum model_kind kind, unsigned number);

/** A membership begins or ends. */
void model_link(struct model *model, unsigned group, enum model_kind kind, unsigned number,
		bool is_member);

/** True if listing must show the object among the members of the group. */
bool model_shows(const struct model *model, unsigned group, enum model_kind kind, unsigned number);

/** How many objects of @kind listing must show. */
unsigned model_count(const struct model *model, enum model_kind kind);

#endif
