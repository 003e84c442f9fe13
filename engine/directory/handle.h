/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a gb_directory is made of; for the files of this room that implement directory.h, and for
 * nobody else.
 *
 * directory.c owns it: it opens and reopens connections. objects.c, members.c, containers.c,
 * rights.c and write.c begin requests on it.
 */
#ifndef GB_DIRECTORY_HANDLE_H
#define GB_DIRECTORY_HANDLE_H

#include "engine/directory/dialect.h"
#include "engine/directory/directory.h"
#include "engine/directory/kerberos.h"
#include "engine/directory/operation.h"
#include "engine/directory/rootdse.h"
#include "engine/directory/search.h"
#include "engine/directory/server.h"

/** An open directory. */
struct gb_directory {
	struct tevent_context *ev;
	struct gb_directory_options options; /**< copied; the password is borrowed */
	struct gb_server servers[GB_DIRECTORY_MAX_SERVERS];
	size_t server_count;
	size_t current;               /**< index of the server in use */
	struct gb_kerberos *kerberos; /**< for GB_BIND_GSSAPI, else NULL */
	const struct gb_dialect *dialect;
	struct gb_rootdse *rootdse; /**< of the server in use */
	struct gb_operation_table *reader;
	struct gb_operation_table *writer;
	struct gb_operation_table *catalog; /**< global catalog; NULL until somebody asks for it */
	struct gb_directory_stats stats;
	unsigned generation;
	char *container_key;                        /**< or NULL */
	char *former_keys[GB_DIRECTORY_MAX_FORMER]; /**< former_count of them */
	size_t former_count;
	char cursor[GB_DIRECTORY_CURSOR_BYTES];
	bool (*may_write)(void *user); /**< the gate; or NULL */
	void *may_write_user;
	bool has_passed_over;
	struct gb_err passed_over; /**< why an earlier server was not taken */
};

/** Longest silence of a read, in milliseconds. */
int gb_directory_read_timeout_ms(const struct gb_directory *directory);

/** Longest silence of a write, in milliseconds. */
int gb_directory_write_timeout_ms(const struct gb_directory *directory);

/**
 * The connection for @reach: the reader, or the global catalog, which is opened if need be
 * (blocks).
 *
 * Errors: GB_E_UNAVAILABLE (no global catalog on this server), as gb_directory_open().
 */
GB_MUST_CHECK enum gb_rc gb_directory_table(struct gb_directory *directory,
					    enum gb_directory_reach reach,
					    struct gb_operation_table **ret_table,
					    struct gb_err *err);

/**
 * The object that an entry describes, with strings below @ctx: in_container is set for former containers
 * as well.
 *
 * Errors: those of gb_entry_object().
 */
GB_MUST_CHECK enum gb_rc gb_directory_object_of(const void *ctx,
						const struct gb_directory *directory,
						const struct gb_entry *entry,
						struct gb_directory_object *ret_object,
						struct gb_err *err);

/** Call @done with an error at the next turn of the loop: for reads that cannot even begin. */
void gb_directory_fail_later(struct gb_directory *directory, gb_directory_done done, void *user,
			     const struct gb_err *err);

#endif
