/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses: before a group gets an SMTP address, the forest is searched for an object that has it
 * already. Exchange takes an address for whoever has it in proxyAddresses or mail; two of them lose
 * mail.
 *
 * Life cycle: gb_addresses_search() once a cycle, after the matching; gb_addresses_taken() while
 * planning; talloc_free().
 */
#ifndef GB_SYNC_ADDRESSES_H
#define GB_SYNC_ADDRESSES_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/state/streams.h"
#include "engine/sync/session.h"

/** What the search found. Opaque; talloc_free() it. */
struct gb_addresses;

/**
 * Search for the new addresses of every group that may be written: in the domain, and in the global
 * catalog where there is one. Nothing is searched unless mail attributes are written.
 *
 * A search that fails is no error: the addresses concerned count as taken; a log line says so.
 *
 * @param all  look at every group, not only at dirty ones.
 * Errors: those of state/; GB_E_CANCELLED.
 */
GB_MUST_CHECK enum gb_rc gb_addresses_search(const void *ctx, struct gb_session *session, bool all,
					     struct gb_addresses **ret_addresses,
					     struct gb_err *err);

/** True if an object other than @own (or NULL) has the address, or if nobody can tell. */
bool gb_addresses_taken(const struct gb_addresses *addresses, const char *address,
			const struct gb_state_directory_object *own);

#endif
