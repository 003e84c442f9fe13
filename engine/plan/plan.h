/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The planner: desired minus observed, group by group, as a list of changes.
 *
 * Pure: no I/O of its own, no clock, no globals; same input, same output. It sees streams (struct
 * gb_plan_source: groups, and sorted object numbers of their members) and speaks to a sink
 * (changes and notes), so a tenant of any size is planned in the memory of one group's attributes
 * and one chunk of members. What `plan` prints and what `sync` does is what the sink gets.
 *
 * One run makes two passes over the groups: the first finds those that will be created and has
 * numbers reserved for them, so that the second can name them as members of others.
 */
#ifndef GB_PLAN_PLAN_H
#define GB_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/plan/conversion.h"
#include "engine/plan/decide.h"
#include "engine/plan/group.h"
#include "engine/plan/guard.h"
#include "engine/plan/members.h"
#include "engine/plan/naming.h"
#include "engine/plan/policy.h"

/** Where the container that a map gives for a group lies. */
enum gb_parent_state {
	GB_PARENT_IS_THERE = 0,  /**< the object stands in it */
	GB_PARENT_ELSEWHERE = 1, /**< it is there, and the object stands elsewhere or nowhere yet */
	GB_PARENT_OUTSIDE = 2,   /**< it is no DN, or not in the container that we write to */
	GB_PARENT_MISSING = 3    /**< it is not there */
};

/** A name that a group would have. */
struct gb_name_claim {
	enum gb_name_kind kind;
	const char *name;
	const char *
		parent_dn; /**< GB_NAME_KIND_CN: the container, NULL: that of the object; else NULL */
	int64_t object_no; /**< for whom */
};

/**
 * Where groups come from. Every function is called from within gb_plan_run() only; each may fail,
 * and the plan ends with its error.
 */
struct gb_plan_source {
	void *user; /**< handed to the functions */

	/** Go (back) to the first group. Called before each of the two passes. */
	enum gb_rc (*restart)(void *user, struct gb_err *err);

	/**
	 * The next group, in an order that is the same for the same state (by cloud id). Streams
	 * are open only until the next call. *ret_more false: there is none. What @ret_group points
	 * to stays valid until the next call.
	 */
	enum gb_rc (*next_group)(void *user, struct gb_plan_group *ret_group, bool *ret_more,
				 struct gb_err *err);

	/**
	 * First pass: this plan creates the group. Reserve an object number for it, or return the
	 * one that it has. From now on the group has it (gb_plan_group.object_no), and presence()
	 * answers GB_MEMBER_PLANNED for it.
	 */
	enum gb_rc (*reserve)(void *user, const struct gb_guid *cloud_id, int64_t *ret_object_no,
			      struct gb_err *err);

	/**
	 * Where does @parent_dn, which the map gives for the group, lie? May be NULL: then every one
	 * is where the object is.
	 */
	enum gb_rc (*check_parent)(void *user, const struct gb_plan_group *group,
				   const char *parent_dn, enum gb_parent_state *ret_state,
				   struct gb_err *err);

	/** What @group, which exists, is nested with. May be NULL: with nothing. */
	enum gb_rc (*nesting)(void *user, const struct gb_plan_group *group,
			      struct gb_nesting_facts *ret_facts, struct gb_err *err);

	/**
	 * Is the name free? Not free if another object, or another claim of this run, has it (compare
	 * as AD does, at least without regard to ASCII case), or if nobody can tell. If it is free it
	 * is claimed until the end of the run.
	 */
	enum gb_rc (*claim_name)(void *user, const struct gb_name_claim *claim, bool *ret_free,
				 struct gb_err *err);

	/** As gb_members_oracle.presence. */
	enum gb_rc (*presence)(void *user, int64_t object_no, enum gb_member_presence *ret_presence,
			       struct gb_err *err);

	/** Open the stream of members that @group should have. Second pass, current group only. */
	enum gb_rc (*open_desired)(void *user, const struct gb_plan_group *group,
				   struct gb_member_stream *ret_stream, struct gb_err *err);

	/** Open the stream of members that its object has. Not called for creates. */
	enum gb_rc (*open_observed)(void *user, const struct gb_plan_group *group,
				    struct gb_member_stream *ret_stream, struct gb_err *err);
};

/** What the plan says about one group. One for every group of the source. */
struct gb_plan_note {
	struct gb_guid cloud_id;
	const char *name;            /**< display name as the cloud has it; or NULL */
	const char *dn;              /**< of its object now or planned; NULL if neither */
	int64_t object_no;           /**< 0 if it has none */
	struct gb_decision decision; /**< action, verdict, cause */
	const char *holders;         /**< as in the group; or NULL */
	const char *fight_over;      /**< as in the group; or NULL */
	enum gb_cause remark;        /**< what of it is left as it is, and why (270 …); or none */
	enum gb_cause held_cause;    /**< why removals are held back; GB_CAUSE_NONE if they are not,
					  or if members were not compared */
	int64_t changes;             /**< changes emitted for it, waiting ones included */
	int64_t waiting;             /**< of these, changes that wait for approval … */
	enum gb_cause waits;         /**< … and why: the gravest cause; or GB_CAUSE_NONE */
	int64_t drift;               /**< changes that put back, or would, what somebody else did */
	int64_t listed;              /**< members that the cloud lists */
	const int64_t *unmatched; /**< GB_CAUSE_MEMBER_COUNT counts, as in the group; NULL if they
					  were not counted */
	struct gb_members_counts members; /**< of the comparison; zero if there was none */
};

/** Where the plan goes. Arguments are borrowed for the call. */
struct gb_plan_sink {
	void *user;
	/** One change, seq counted from 1. All changes of a group come together, then its note. */
	enum gb_rc (*change)(void *user, const struct gb_change *change, struct gb_err *err);
	/**
	 * The changes of the group at hand, from number @first_seq on, wait: set their cause. Called
	 * at most once a group, before its note.
	 */
	enum gb_rc (*hold)(void *user, int64_t first_seq, enum gb_cause cause, struct gb_err *err);
	/**
	 * A change that puts back what somebody else did to a written group; before change(), or, if
	 * the policy only reports drift, in its place. May be NULL.
	 */
	enum gb_rc (*drift)(void *user, const struct gb_change *change, struct gb_err *err);
	/** One note a group. */
	enum gb_rc (*note)(void *user, const struct gb_plan_note *note, struct gb_err *err);
};

/**
 * Plan everything that the source offers.
 *
 * A create carries the first chunk of members that exist; those that this plan creates follow as
 * GB_CHANGE_ADD_MEMBERS. CREATE carries values without objectClass; apply/ adds it.
 *
 * @param ctx         for temporaries; nothing stays.
 * @param policy      what to go by.
 * @param ret_counts  what is in the plan; set on success.
 * Errors: those of source and sink, passed on as they are; GB_E_INTERNAL for a stream that does
 * not ascend. What the sink got until then is no plan: throw it away.
 */
GB_MUST_CHECK enum gb_rc gb_plan_run(const void *ctx, const struct gb_plan_policy *policy,
				     const struct gb_plan_source *source,
				     const struct gb_plan_sink *sink,
				     struct gb_plan_counts *ret_counts, struct gb_err *err);

#endif
