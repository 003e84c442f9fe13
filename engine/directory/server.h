/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server's address, and a TCP connection to it.
 *
 * libldap could connect by itself, but when it must not block for long (LDAP_OPT_CONNECT_ASYNC) it
 * tries only the first address of a name, and it cannot say why it failed. So the socket is made
 * here, with every address in turn and with the reason, and handed to libldap.
 */
#ifndef GB_DIRECTORY_SERVER_H
#define GB_DIRECTORY_SERVER_H

#include <stdint.h>
#include <sys/socket.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/options.h"

/** Where a server is. */
struct gb_server {
	char *name;    /**< as configured: "dc1.example.com:3269" */
	char *host;    /**< name or address, without brackets */
	uint16_t port; /**< configured, or the transport's */
	/**
	 * The address that answered last, tried first the next time: a name may stand for several
	 * domain controllers, and all connections must go to one of them.
	 */
	struct sockaddr_storage address;
	socklen_t address_length; /**< 0: none yet */
	int64_t resolved_ms; /**< when the name was looked up last (gb_clock_boot_ms()); 0: never */
};

/** Port of @transport for the domain, and for the global catalog. */
uint16_t gb_server_default_port(enum gb_directory_transport transport);
uint16_t gb_server_catalog_port(enum gb_directory_transport transport);

/**
 * Read "host", "host:port", "[v6]:port" or a bare IPv6 address. Strings live below @ctx.
 *
 * Errors: GB_E_CONFIG.
 */
GB_MUST_CHECK enum gb_rc gb_server_parse(const void *ctx, const char *text, uint16_t default_port,
					 struct gb_server *ret_server, struct gb_err *err);

/**
 * Connect over TCP: every address of the name in turn, until @deadline_ms (gb_clock_boot_ms()). The
 * time is shared fairly among the addresses that are left. Looking the name up blocks as long as
 * the resolver does.
 *
 * @param ret_fd  non-blocking, close-on-exec, with TCP_NODELAY, keep-alive and a user timeout, so
 *                that a peer that vanished is noticed.
 * Errors: GB_E_UNAVAILABLE with id "directory-unknown-name" (the resolver does not know it), or
 * "directory-unreachable" (refused, no route, no answer).
 */
GB_MUST_CHECK enum gb_rc gb_server_connect(struct gb_server *server, int64_t deadline_ms,
					   int *ret_fd, struct gb_err *err);

#endif
