/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the room must be told before it can talk to a directory. Filled in by the caller (from the
 * configuration, or from a question of the wizard); gb_directory_open() copies what it keeps, but
 * borrows the secret, which must outlive the gb_directory because a lost connection binds again.
 */
#ifndef GB_DIRECTORY_OPTIONS_H
#define GB_DIRECTORY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/secret.h"

/** Most servers that are tried. */
#define GB_DIRECTORY_MAX_SERVERS 16

/** Defaults, used where an option is 0. */
#define GB_DIRECTORY_CONNECT_TIMEOUT_MS   10000
#define GB_DIRECTORY_OPERATION_TIMEOUT_MS 60000
#define GB_DIRECTORY_PAGE_SIZE            1000 /**< AD's MaxPageSize (MS-ADTS 3.1.1.3.4.6) */

/** How the wire is protected. There is no unprotected transport. */
enum gb_directory_transport {
	GB_TRANSPORT_LDAPS = 0,      /**< TLS from the first byte, port 636 */
	GB_TRANSPORT_STARTTLS = 1,   /**< StartTLS (RFC 4511 4.14) before anything else, port 389 */
	GB_TRANSPORT_GSSAPI_SEAL = 2 /**< no TLS; Kerberos signs and seals (RFC 4752), port 389 */
};

/** How the account proves who it is. */
enum gb_directory_bind {
	GB_BIND_SIMPLE = 0, /**< name and password; never with GB_TRANSPORT_GSSAPI_SEAL */
	GB_BIND_GSSAPI = 1  /**< Kerberos with a keytab */
};

/** Options of gb_directory_open(). Zero-initialise, then set what you know. */
struct gb_directory_options {
	const char *const
		*servers;        /**< "host", "host:port" or "[v6]:port", in order of preference */
	size_t server_count;     /**< 1 … GB_DIRECTORY_MAX_SERVERS */
	const char *last_server; /**< the element of @servers used last: tried first; or NULL */
	enum gb_directory_transport transport;
	enum gb_directory_bind bind;
	const char *account; /**< simple: DN, UPN or DOMAIN\name; GSSAPI: principal "svc@REALM",
					 or NULL for the first one in the keytab */
	const struct gb_secret *password; /**< simple only; borrowed, see above */
	const char *keytab_file;          /**< GSSAPI only */
	const char *ca_file; /**< PEM with the CA certificates that are trusted; NULL: the system's.
					 Unused by GB_TRANSPORT_GSSAPI_SEAL */
	const char *container;  /**< DN below which an object counts as in_container; or NULL, then
					 gb_directory_set_container() or nothing is in it */
	/** Further attributes of groups, ended by NULL; NULL: none. They become object->extra. */
	const char *const *group_attributes;
	int connect_timeout_ms; /**< TCP, TLS and bind together, per server; 0: the default */
	int operation_timeout_ms; /**< one request; a big modify takes seconds; 0: the default */
	unsigned page_size;       /**< entries a page; 0: the default */
};

#endif
