/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lease: one engine writes to a container, and the directory knows which one.
 *
 * It is one single-valued attribute (`info`) of one object that the engine makes itself in the
 * container, CN=groupback-lease: a distribution group without members and without an anchor, so no part
 * of what is synchronized. It is changed by deleting the old value and adding the new one in one modify,
 * which the domain controller does as a whole or refuses (RFC 4511 4.6). Two domain controllers can both
 * say yes until replication has reached them; the loser finds the other one's text when it renews next,
 * and stops.
 *
 * Who an engine is: an id made of machine-id(5) and the path of its state directory, so that a lost state
 * is still the same engine, and the name of its host.
 *
 * Life cycle in a run that may write: gb_lease_open() when the container is known; gb_lease_take()
 * before the first write; gb_lease_check() before each. From gb_lease_open() on a lease that is ours
 * renews itself from the session's loop. talloc_free() with the session; nothing is given up by that,
 * because the lease covers the time until the next run.
 */
#ifndef GB_SYNC_LEASE_H
#define GB_SYNC_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/sync/lease_value.h"
#include "engine/sync/session.h"

/** RDN of the object. */
#define GB_LEASE_RDN "CN=groupback-lease"

/** The lease as one run sees it. Opaque; belongs to the session. */
struct gb_lease;

/** The attribute that says who writes. */
#define GB_LEASE_ATTRIBUTE "info"

/** DN of the lease of the configured container, below @ctx. */
char *gb_lease_dn(const void *ctx, const struct gb_config *config);

/**
 * Look at the lease, and renew it if it is ours and half of its time is gone, or take it over if it may
 * be. Nothing is written where nobody holds it.
 *
 * The state must be open, and the container known: the run is counted in the fact GB_FACT_GENERATION and
 * committed first. Where the lease says that this state is an older copy, or was another engine's, the
 * state is told that everything is to be read again, and session->state_is_older is set.
 *
 * @param may_wait  where another engine holds it: GB_OK, and gb_lease_is_standby() is true.
 * Errors: GB_E_GUARD "lease-held", "lease-left" (run out, and nobody said that its holder will not come
 * back), "lease-newer", "lease-foreign" (no lease stands there); those of reading and writing.
 */
GB_MUST_CHECK enum gb_rc gb_lease_open(struct gb_session *session, bool may_wait,
				       struct gb_lease **ret_lease, struct gb_err *err);

/** True if another engine holds it and this one waits. */
bool gb_lease_is_standby(const struct gb_lease *lease);

/** Who holds it; NULL: nobody. Borrowed. */
const struct gb_lease_value *gb_lease_holder(const struct gb_lease *lease);

/** Take it if it is not ours yet. Errors: as gb_lease_open(), and "lease-lost". */
GB_MUST_CHECK enum gb_rc gb_lease_take(struct gb_lease *lease, struct gb_err *err);

/** Tell @on_lost, once, from the loop, when another engine has it or it ran out. NULL: nobody. */
void gb_lease_watch(struct gb_lease *lease, void (*on_lost)(void *user, const struct gb_err *err),
		    void *user);

/** May we write now? GB_E_TRY_AGAIN "lease-lost" if not. Cheap; talks to nobody. */
GB_MUST_CHECK enum gb_rc gb_lease_check(const struct gb_lease *lease, struct gb_err *err);

/** Requests that wrote the lease, to be kept apart from those that wrote groups. */
struct gb_lease_traffic {
	uint64_t adds;
	uint64_t modifies;
	uint64_t deletes;
};

/** So far. */
struct gb_lease_traffic gb_lease_traffic(const struct gb_lease *lease);

/**
 * Delete the leases that this engine left in former containers (former.h) where none of our groups stands
 * any more, so that another installation may have those containers. The lease of the present container
 * is ours. What cannot be read or deleted is logged, and tried again by the next run that asks.
 */
void gb_lease_leave_former(struct gb_lease *lease);

/**
 * What stands in the lease, for people who ask; writes nothing. The directory must be open.
 *
 * @param ret_value  below @ctx; NULL: nobody holds it.
 * Errors: GB_E_GUARD "lease-foreign"; those of reading.
 */
GB_MUST_CHECK enum gb_rc gb_lease_look(const void *ctx, struct gb_session *session,
				       struct gb_lease_value **ret_value, struct gb_err *err);

/**
 * Would a run that may write be refused now? Writes nothing; the directory must be open.
 *
 * @param ret_value  what stands there, below @ctx; NULL: nothing.
 * Errors: as gb_lease_open().
 */
GB_MUST_CHECK enum gb_rc gb_lease_probe(const void *ctx, struct gb_session *session,
					struct gb_lease_value **ret_value, struct gb_err *err);

/**
 * Give the lease up if it is ours: any engine may take it then.
 *
 * Errors: GB_E_GUARD "lease-held" (another one's); those of reading and writing.
 */
GB_MUST_CHECK enum gb_rc gb_lease_release(struct gb_session *session, struct gb_err *err);

/**
 * Take over a lease that has run out or was given up, whoever held it.
 *
 * Errors: GB_E_GUARD "lease-held", "lease-newer"; those of gb_lease_open().
 */
GB_MUST_CHECK enum gb_rc gb_lease_seize(struct gb_session *session, struct gb_err *err);

#endif
