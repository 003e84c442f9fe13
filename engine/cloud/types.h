/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What cloud/ hands to its callers: callbacks, sinks (bundles of callbacks) and their small
 * structs.
 *
 * Rules for every callback:
 *  - it runs from the event loop, never inside the call that started the reading;
 *  - strings and arrays that it gets are borrowed until it returns: copy what you keep;
 *  - it may start further readings; only a done callback may free the client;
 *  - one that returns enum gb_rc stops the reading by anything but GB_OK; it fills @err then, and
 *    @done gets exactly that error;
 *  - a done callback runs exactly once and last, also after gb_cloud_cancel(). Freeing the client
 *    ends everything in silence, as with tevent requests: whoever frees it knows.
 *
 * A record can come more than once (Graph repeats objects in delta answers; a listing whose page
 * token expired is begun anew): take it as "this is how it is now", never count it.
 */
#ifndef GB_CLOUD_TYPES_H
#define GB_CLOUD_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/cloud_object.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"

/** Which token service of the machine speaks for its managed identity (machine.h). */
enum gb_cloud_machine_service {
	GB_CLOUD_MACHINE_AUTO = 0, /**< Arc where its agent is installed, else Azure */
	GB_CLOUD_MACHINE_AZURE,    /**< instance metadata service of a virtual machine in Azure */
	GB_CLOUD_MACHINE_ARC       /**< agent of Azure Arc */
};

/** The end of a reading. @err is NULL exactly when @rc is GB_OK; borrowed. */
typedef void (*gb_cloud_done_fn)(void *user, enum gb_rc rc, const struct gb_err *err);

/** A group record. group->present says which properties it carried. */
typedef enum gb_rc (*gb_cloud_group_fn)(void *user, const struct gb_cloud_group *group,
					struct gb_err *err);

/**
 * A record that is not usable although its id is: a property of a wrong type, a malformed SID.
 * Nothing may be concluded about this object in this run (freeze it). @why names the JSON path.
 */
typedef enum gb_rc (*gb_cloud_refused_fn)(void *user, const struct gb_guid *id,
					  const struct gb_err *why, struct gb_err *err);

/** A person, as /users lists them; type is GB_CLOUD_USER. readable is false for a bad record. */
typedef enum gb_rc (*gb_cloud_person_fn)(void *user, const struct gb_cloud_member *person,
					 struct gb_err *err);

/** Who takes a list of groups. No member may be NULL. */
struct gb_cloud_groups_sink {
	gb_cloud_group_fn on_group;     /**< each good record */
	gb_cloud_refused_fn on_refused; /**< each bad record with a good id */
	gb_cloud_done_fn done;          /**< GB_OK: every page was read */
	void *user;                     /**< passed to all of them */
};

/** Who takes a list of people. No member may be NULL. */
struct gb_cloud_users_sink {
	gb_cloud_person_fn on_person; /**< each record */
	gb_cloud_done_fn done;        /**< GB_OK: every page was read */
	void *user;                   /**< passed to all of them */
};

/** How the reading of one group's members ended. */
enum gb_cloud_members_outcome {
	/** Every page was read, valid and finished. */
	GB_CLOUD_MEMBERS_COMPLETE = 0,
	/** 404, and 404 again: the group is gone, or not yet here. */
	GB_CLOUD_MEMBERS_NOT_FOUND = 1,
	/** 403, e.g. hidden membership without Member.Read.Hidden. */
	GB_CLOUD_MEMBERS_FORBIDDEN = 2,
	/** Anything else: an invalid page, 5xx to the end of patience. */
	GB_CLOUD_MEMBERS_FAILED = 3
};

/**
 * The next group to read: GB_OK with *ret_more true and *ret_id, or with *ret_more false if there is
 * none. Asked again when a group has ended: on_end may have found out that it is to be read once more.
 */
typedef enum gb_rc (*gb_cloud_next_group_fn)(void *user, struct gb_guid *ret_id, bool *ret_more,
					     struct gb_err *err);

/**
 * A group's members begin. Comes again for the same group when its page token expired and the
 * enumeration is begun anew: forget what on_member said of it.
 */
typedef enum gb_rc (*gb_cloud_members_begin_fn)(void *user, const struct gb_guid *group,
						struct gb_err *err);

/** One direct member of @group. Groups in flight are mixed. */
typedef enum gb_rc (*gb_cloud_member_fn)(void *user, const struct gb_guid *group,
					 const struct gb_cloud_member *member, struct gb_err *err);

/**
 * A direct member of @group of whom the page says id and type alone. *ret_known false: nobody can say
 * who that is on-premises. Then the group is read anew with what finds somebody (on_begin comes again,
 * and on_member behind it).
 */
typedef enum gb_rc (*gb_cloud_known_member_fn)(void *user, const struct gb_guid *group,
					       const struct gb_guid *member,
					       enum gb_cloud_type type, bool *ret_known,
					       struct gb_err *err);

/**
 * The end of @group; exactly once for each that on_begin named. Unless @outcome is COMPLETE the
 * members seen so far are no list: forget them. @why is NULL for COMPLETE.
 */
typedef enum gb_rc (*gb_cloud_members_end_fn)(void *user, const struct gb_guid *group,
					      enum gb_cloud_members_outcome outcome,
					      const struct gb_err *why, struct gb_err *err);

/** Who asks for the members of many groups. No member but on_known may be NULL. */
struct gb_cloud_members_sink {
	gb_cloud_next_group_fn next_group;  /**< called whenever the window has room */
	gb_cloud_members_begin_fn on_begin; /**< a group begins */
	gb_cloud_member_fn on_member;       /**< one of its members */
	/** NULL: nobody is known. Else pages ask for ids alone: a fifth of the bytes. */
	gb_cloud_known_member_fn on_known;
	gb_cloud_members_end_fn on_end;     /**< a group ends */
	/**
	 * GB_OK: each group had its on_end, whatever its outcome. On a failure (network, token,
	 * throttle, many groups in a row) some groups may have begun and not ended.
	 */
	gb_cloud_done_fn done;
	void *user; /**< passed to all of them */
};

/** Where a delta round begins (Graph, "Use delta query to track changes"). */
enum gb_cloud_delta_start {
	/** No objects, only a link to what changes from now on. */
	GB_CLOUD_DELTA_LATEST = 0,
	/** Every object; long, and repeats itself (ten times, measured). */
	GB_CLOUD_DELTA_INITIAL = 1,
	/** What changed since a stored link. */
	GB_CLOUD_DELTA_FROM_LINK = 2
};

/** A member that came or went (members@delta). */
struct gb_cloud_member_change {
	struct gb_guid id;
	enum gb_cloud_type type;
	bool removed; /**< is a member no more; in an initial round it may never have been one */
};

/** A group's record in a delta answer. A patch: what is not present has not changed. */
struct gb_cloud_group_change {
	struct gb_cloud_group group; /**< if removed is set, only id holds */
	enum gb_cloud_removed removed;
	bool has_members; /**< members@delta was there; false: nothing known, not "empty" */
	const struct gb_cloud_member_change *members; /**< to be applied in this order */
	size_t member_count;                          /**< length of members */
};

/**
 * A person's record in a delta answer. For somebody new, absent means that it was never set; for
 * somebody known it means unchanged.
 */
struct gb_cloud_person_change {
	struct gb_cloud_member person; /**< if removed is set, only id and type hold */
	unsigned present;              /**< enum gb_cloud_person_present */
	enum gb_cloud_removed removed;
};

/** A group's change. */
typedef enum gb_rc (*gb_cloud_group_change_fn)(void *user,
					       const struct gb_cloud_group_change *change,
					       struct gb_err *err);

/** A person's change. */
typedef enum gb_rc (*gb_cloud_person_change_fn)(void *user,
						const struct gb_cloud_person_change *change,
						struct gb_err *err);

/**
 * The end of a delta round. On GB_OK @delta_link is where the next round begins: an absolute URL of
 * up to 8 KiB, opaque; store it only after everything that on_change said is stored. Else NULL.
 * GB_E_STALE_CURSOR: the link expired (7 days) or was reset: read everything anew, and conclude no
 * deletion from that alone.
 */
typedef void (*gb_cloud_delta_done_fn)(void *user, enum gb_rc rc, const char *delta_link,
				       const struct gb_err *err);

/** Who takes a round of groups delta. No member may be NULL. */
struct gb_cloud_groups_delta_sink {
	gb_cloud_group_change_fn on_change;
	/** A bad record with a good id. Its members are not delivered: read them anew. */
	gb_cloud_refused_fn on_refused;
	gb_cloud_delta_done_fn done; /**< GB_OK: the round was read to its end */
	void *user;                  /**< passed to all of them */
};

/** Who takes a round of users delta. No member may be NULL. */
struct gb_cloud_users_delta_sink {
	gb_cloud_person_change_fn on_change; /**< a bad record comes with person.readable false */
	gb_cloud_delta_done_fn done;
	void *user; /**< passed to both */
};

/** What the tenant says of itself (resource type "organization"). */
struct gb_cloud_organization {
	struct gb_guid tenant_id;   /**< id */
	const char *display_name;   /**< or NULL */
	const char *default_domain; /**< verified domain with isDefault, or NULL */
	const char *initial_domain; /**< the .onmicrosoft.com name (isInitial), or NULL */
	enum gb_tristate on_premises_sync_enabled; /**< YES: Entra Connect or Cloud Sync feeds it */
};

/** The organization, or why not. @organization is NULL unless @rc is GB_OK. */
typedef void (*gb_cloud_organization_fn)(void *user, enum gb_rc rc,
					 const struct gb_cloud_organization *organization,
					 const struct gb_err *err);

#endif
