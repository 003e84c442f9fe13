/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests under way on one connection.
 *
 * A gb_operation_table owns a connection, watches its socket in the tevent loop and matches answers
 * to requests by message id. It drains libldap until nothing is left at every wake-up, because
 * decrypted answers may wait inside libldap while the socket is silent. Each operation has a
 * deadline. When the connection is lost, every operation ends, once, and later ones end at once.
 *
 * What a request looks like is its owner's business: it brings a function that sends it, which is
 * called when the socket has room (maybe more than once, as long as libldap says LDAP_BUSY).
 */
#ifndef GB_DIRECTORY_OPERATION_H
#define GB_DIRECTORY_OPERATION_H

#include <ldap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tevent.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/connection.h"
#include "engine/directory/directory.h"

/** Messages handled in one turn of the loop before timers and other sockets get theirs. */
#define GB_OPERATION_MAX_DRAIN 512

/**
 * A connection and its requests. Opaque; talloc_free() unbinds and drops them without calling
 * back.
 */
struct gb_operation_table;
/** One request. Opaque; belongs to its table and is gone when `done` has returned. */
struct gb_operation;

/** How an operation ended. Borrowed for the call. */
struct gb_operation_result {
	LDAP *ldap;             /**< the handle, for parsing controls */
	int code;               /**< LDAP result, or libldap's negative code */
	const char *diagnostic; /**< the server's text, not sanitized; or NULL */
	LDAPControl **controls; /**< of the answer, or NULL */
	bool was_sent;          /**< the request was handed to libldap */
	bool was_answered;      /**< the server answered it */
};

/** What an operation is made of. Copied; @user must live until done was called. */
struct gb_operation_request {
	/** Send it: returns libldap's code and sets *ret_message_id. LDAP_BUSY: try again later. */
	int (*send)(void *user, LDAP *ldap, int *ret_message_id);
	/** Each entry and reference; may be NULL. @message is freed afterwards. */
	void (*on_message)(void *user, LDAP *ldap, LDAPMessage *message);
	/** The end; never called from inside gb_operation_begin(). */
	void (*done)(void *user, const struct gb_operation_result *result);
	void *user;
	int timeout_ms; /**< longest silence before it is given up (LDAP_TIMEOUT) */
};

/**
 * Take a connection over.
 *
 * @param connection  becomes a child of the table.
 * @param stats       counters for all requests; must outlive the table.
 */
struct gb_operation_table *gb_operation_table_new(const void *ctx, struct tevent_context *ev,
						  struct gb_connection *connection,
						  struct gb_directory_stats *stats);

/**
 * Give a table up: its operations end as if the connection were lost, then it frees itself. May be
 * called from its own callbacks; do not use the table afterwards.
 */
void gb_operation_table_retire(struct gb_operation_table *table);

/** True once the connection is lost; it never comes back. */
bool gb_operation_table_is_lost(const struct gb_operation_table *table);

/** Operations that have not ended. */
size_t gb_operation_table_pending(const struct gb_operation_table *table);

/** The counters given at the beginning. */
struct gb_directory_stats *gb_operation_table_stats(const struct gb_operation_table *table);

/** End all operations with LDAP_USER_CANCELLED, from the loop; abandons them at the server. */
void gb_operation_table_cancel(struct gb_operation_table *table);

/** Begin an operation. Sends at once if there is room. */
struct gb_operation *gb_operation_begin(struct gb_operation_table *table,
					const struct gb_operation_request *request);

/** End one operation early: abandoned at the server, and `done` is *not* called. */
void gb_operation_abandon(struct gb_operation *operation);

#endif
