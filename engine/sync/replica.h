/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replica: notices that another domain controller took over since the last cycle.
 *
 * What was written through the one is on the other only after replication. So in the first cycle on
 * another server, and within GB_REPLICA_WINDOW_MS of the change, what is missing there counts as not
 * arrived yet: nothing is swept from the state, made again, or deleted (docs/failures.md, D21). A server
 * whose database was set back shows another invocationId, or lower USNs than its cursor: then
 * everything is read anew (D22).
 */
#ifndef GB_SYNC_REPLICA_H
#define GB_SYNC_REPLICA_H

#include "engine/sync/session.h"

/** How long after a change of servers nothing is concluded from what is missing. */
#define GB_REPLICA_WINDOW_MS (INT64_C(15) * 60 * 1000)

/** Compare the server with the one of the last cycle, and fill session->policy.is_new_server. */
GB_MUST_CHECK enum gb_rc gb_replica_notice(struct gb_session *session, struct gb_err *err);

#endif
