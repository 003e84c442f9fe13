/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the imports stand, and the few facts about the installation that the state must remember.
 * A cursor is committed in the same transaction as what it covers, or later; never earlier.
 */
#ifndef GB_STATE_CURSORS_H
#define GB_STATE_CURSORS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/state/state.h"

/** Longest value of a cursor or fact, in bytes (a delta link is at most 8 KiB: docs/failures.md, N-03). */
#define GB_STATE_MAX_VALUE_BYTES 16384

/** Names of cursors. */
#define GB_CURSOR_GROUPS "groups-delta" /**< deltaLink of groups */
#define GB_CURSOR_USERS  "users-delta"  /**< deltaLink of users */

/** Names of facts. */
#define GB_FACT_TENANT        "tenant-id"         /**< GUID of the tenant, text */
#define GB_FACT_CONTAINER     "container-guid"    /**< objectGUID of the container, text */
#define GB_FACT_FORMER        "former-containers" /**< objectGUIDs of earlier ones, blanks between */
#define GB_FACT_SERVER        "server-invocation-id" /**< of the domain controller used last, text */
#define GB_FACT_SERVER_MS     "server-since-ms"      /**< wall time at which it took over */
#define GB_FACT_INSTANCE      "instance-id"          /**< GUID of this installation, text */
#define GB_FACT_GENERATION    "generation"           /**< counts cycles; compared with the lease */
#define GB_FACT_CONFIGURATION "configuration"        /**< digest of what decides scope and names */
#define GB_FACT_RECONCILED_MS "reconciled-ms"        /**< wall time of the last full read */
#define GB_FACT_LISTED_MS     "listed-ms"            /**< … of the last list of cloud groups */
#define GB_FACT_TURN_LISTED   "turn-listed" /**< members of lists that were read again since then */
#define GB_FACT_TURN_LOST     "turn-lost"   /**< of these, members that were gone */
#define GB_FACT_TURN_MS       "turn-ms"     /**< … up to which memberships were read again */

/** An opaque place in somebody's stream of changes. */
struct gb_state_cursor {
	const char *value; /**< e.g. the deltaLink */
	const char *
		context; /**< what it belongs to ($select, version, tenant …): compare before use */
	int64_t issued_ms; /**< wall time at which the server issued it */
};

/** Keep a cursor; replaces the one of this name. */
GB_MUST_CHECK enum gb_rc gb_state_cursor_set(struct gb_state *state, const char *name,
					     const struct gb_state_cursor *cursor,
					     struct gb_err *err);

/** The cursor of this name, below @ctx; NULL if there is none. */
GB_MUST_CHECK enum gb_rc gb_state_cursor_get(const void *ctx, struct gb_state *state,
					     const char *name, struct gb_state_cursor **ret_cursor,
					     struct gb_err *err);

/** Forget a cursor (it expired): the next import reads in full. */
GB_MUST_CHECK enum gb_rc gb_state_cursor_clear(struct gb_state *state, const char *name,
					       struct gb_err *err);

/**
 * Keep the highest uSNChanged that has been read from the replica with this invocationId (dialect
 * ldap: none as the id). USNs of other replicas stay: they are counted apart (MS-ADTS 3.1.1.1.9).
 */
GB_MUST_CHECK enum gb_rc gb_state_usn_set(struct gb_state *state,
					  const struct gb_guid *invocation_id, int64_t usn,
					  struct gb_err *err);

/** The USN kept for this replica; -1: none, read in full. */
GB_MUST_CHECK enum gb_rc gb_state_usn_get(struct gb_state *state,
					  const struct gb_guid *invocation_id, int64_t *ret_usn,
					  struct gb_err *err);

/** Forget the USNs of all replicas (a DC was restored). */
GB_MUST_CHECK enum gb_rc gb_state_usn_clear(struct gb_state *state, struct gb_err *err);

/** Keep a fact; NULL forgets it. */
GB_MUST_CHECK enum gb_rc gb_state_fact_set(struct gb_state *state, const char *name,
					   const char *value, struct gb_err *err);

/** A fact, below @ctx; NULL if it is not known. */
GB_MUST_CHECK enum gb_rc gb_state_fact_get(const void *ctx, struct gb_state *state,
					   const char *name, const char **ret_value,
					   struct gb_err *err);

/** Keep a fact that is a number. */
GB_MUST_CHECK enum gb_rc gb_state_fact_set_int(struct gb_state *state, const char *name,
					       int64_t value, struct gb_err *err);

/** A fact that is a number; @fallback if it is not known. */
GB_MUST_CHECK enum gb_rc gb_state_fact_get_int(struct gb_state *state, const char *name,
					       int64_t fallback, int64_t *ret_value,
					       struct gb_err *err);

#endif
