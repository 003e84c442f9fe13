/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of possible members, for whoever selects some of them. Private to engine/state. */
#ifndef GB_STATE_CLOUD_MEMBER_H
#define GB_STATE_CLOUD_MEMBER_H

#include "engine/state/cloud_space.h"
#include "engine/state/database.h"

/** Beginning of a query whose rows gb_cloud_member_read() takes. */
#define GB_SELECT_CLOUD_MEMBER                                                                  \
	"SELECT o.no, o.id, o.type, o.life, o.readable, o.sync, o.seen, o.sid, o.immutable_id," \
	" o.dn_hash, o.dn_key, o.dn, o.display_name, m.object_no, m.code, o.mail"               \
	" FROM cloud_object o LEFT JOIN match m ON m.cloud_no = o.no"

/** The current row, with strings below @ctx. */
void gb_cloud_member_read(const void *ctx, const struct gb_db_query *query,
			  struct gb_state_cloud_member *ret_row);

#endif
