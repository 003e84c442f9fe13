/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A proxy between the engine and a directory server, in a process of its own, that swallows answers:
 * what the client sends arrives, what the server answers does not, and then both sides lose the
 * connection (docs/failures.md, D16). It passes TLS through as it is.
 */
#ifndef GB_TESTS_INTEGRATION_APPLY_PROXY_H
#define GB_TESTS_INTEGRATION_APPLY_PROXY_H

/** Opaque; talloc_free() it to end the process. */
struct proxy;

/** Listen on @address:@port and pass everything on to @address:636. */
struct proxy *proxy_new(const void *ctx, const char *address, unsigned port);

/** Swallow what the server sends next, on every connection, and cut them all after that. */
void proxy_cut(struct proxy *proxy);

#endif
