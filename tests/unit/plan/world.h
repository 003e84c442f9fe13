/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A world on arrays for the planner: a cloud, a directory, a source and a sink between them, and the
 * hand that carries a plan out. It forgives nothing: a change that a real directory would refuse, or
 * that the fence forbids, fails the test.
 */
#ifndef GB_TESTS_PLAN_WORLD_H
#define GB_TESTS_PLAN_WORLD_H

#include "engine/plan/plan.h"
#include "tests/unit/unit.h"

/** Attributes without a field that every object was asked for, and that it lacks. */
#define WORLD_EXTRA "mail\nmailNickname\nproxyAddresses\ninfo\n"

/** Groups that a world can hold. */
#define WORLD_MAX_GROUPS 16

/** Something in the directory. Its number is its index. */
struct world_object {
	bool exists;
	bool is_known;                     /**< false: a stub */
	struct gb_directory_object object; /**< strings below the world */
	int64_t *members;                  /**< ascending; groups only */
	size_t member_count;
};

/** A group in the cloud. */
struct world_group {
	struct gb_plan_group group; /**< observed and object_no are filled in by the source */
	int64_t object_no;          /**< 0: none, not even reserved */
	bool reserved;              /**< in this run */
	int64_t *people;            /**< object numbers, in any order */
	size_t person_count;
	size_t nested[WORLD_MAX_GROUPS]; /**< indexes of groups */
	size_t nested_count;
};

/** A change that the sink took, with all that it points to, and as text to compare. */
struct world_change {
	struct gb_change change;
	char *text;
};

/** A note that the sink took. */
struct world_note {
	struct gb_plan_note note; /**< name, dn and unmatched are NULL */
	size_t group;             /**< index */
};

/** The world. */
struct world {
	struct gb_plan_policy policy;
	size_t size;                  /**< of the arrays of objects and links */
	struct world_object *objects; /**< [0] is nobody */
	int64_t object_count;         /**< numbers in use, nobody included */
	struct world_group *groups;   /**< WORLD_MAX_GROUPS */
	size_t group_count;
	/* a plan */
	void *plan; /**< talloc parent of all that the sink took */
	struct world_change *changes;
	size_t change_count;
	struct world_note notes[WORLD_MAX_GROUPS];
	size_t note_count;
	struct gb_plan_counts counts;
	/* the source's place */
	size_t at;
	int64_t *stream[2];
	size_t stream_count[2];
	size_t stream_at[2];
	int open_streams;
	size_t read_size; /**< numbers that a read returns at most; 0: as many as asked for */
	enum gb_parent_state parent;    /**< where every mapped container lies */
	struct gb_nesting_facts nested; /**< what every group is nested with */
	size_t drifts;                  /**< changes that the sink was told of as drift */
	size_t calls;                   /**< of source and sink in this run */
	size_t fails_at;                /**< the call that fails with GB_E_IO; 0: none */
	char **claims;    /**< names claimed in this run: kind, name, number */
	size_t claim_count;
};

/**
 * An empty world below @ctx: both kinds selected, names by object id, container OU=c,DC=x.
 *
 * @param size  objects, and links of one group, that it can hold.
 */
struct world *world_new(const void *ctx, size_t size);

/** A person who exists and is known. Returns the number. */
int64_t world_add_person(struct world *world);

/** A live enabled security group with display name @name, anchor absent, lists complete. */
struct world_group *world_add_group(struct world *world, const char *name);

/** Write the object of @group as a finished plan would have left it, without members. */
struct world_object *world_add_object(struct world *world, struct world_group *group);

/** Add a member to an object, keeping the order. */
void world_link(struct world_object *object, int64_t member);

/** Plan; the plan is in @world afterwards. The test fails if the planner does. */
void world_plan(struct world *world);

/** Plan, and hand on what the planner says. */
enum gb_rc world_try_plan(struct world *world, struct gb_err *err);

/** Carry the plan out, phase by phase; what waits for approval stays undone. */
void world_apply(struct world *world);

/** All changes of the plan as one text, below the plan. */
const char *world_plan_text(struct world *world);

/** The note on a group of the last plan. */
const struct gb_plan_note *world_note_of(const struct world *world,
					 const struct world_group *group);

/** The changes of one kind in the last plan. */
size_t world_count(const struct world *world, enum gb_change_kind kind);

/** The first change of one kind, or NULL. */
const struct gb_change *world_first(const struct world *world, enum gb_change_kind kind);

/** A world by chance: people, stubs, groups of all sorts, written ones in any state. */
struct world *world_random(const void *ctx, struct unit_chance *chance);

#endif
