/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding domain controllers: DNS SRV records (RFC 2782; MS-ADTS 6.3.2.3), and what each says of
 * itself before anybody signs in.
 */
#ifndef GB_DIRECTORY_SRV_H
#define GB_DIRECTORY_SRV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Most records of one answer that are read. */
#define GB_SRV_MAX_RECORDS 64

/** One record. */
struct gb_srv_record {
	char *host; /**< without a dot at the end; safe for an address */
	uint16_t port;
	uint16_t priority; /**< lowest first */
	uint16_t weight;   /**< share among those of one priority */
};

/** An answer; strings are its talloc children. */
struct gb_srv {
	struct gb_srv_record records[GB_SRV_MAX_RECORDS]; /**< by priority, then weight, descending */
	size_t count;
};

/**
 * The domain controllers of a domain: "_ldap._tcp.SITE._sites.dc._msdcs.DOMAIN" if @site is given,
 * else "_ldap._tcp.dc._msdcs.DOMAIN"; if that does not exist, "_ldap._tcp.DOMAIN" (other LDAP servers).
 * Blocks as long as the resolver does.
 *
 * @param site  or NULL.
 * Errors: GB_E_NOT_FOUND "srv-none" (no such records), GB_E_UNAVAILABLE "srv-no-answer" (DNS does not
 * answer), GB_E_PROTOCOL "srv-answer" (malformed), GB_E_CONFIG "srv-name" (no DNS name).
 */
GB_MUST_CHECK enum gb_rc gb_srv_lookup(const void *ctx, const char *domain, const char *site,
				       struct gb_srv **ret_srv, struct gb_err *err);

/**
 * Read an answer of the resolver. Pure.
 *
 * Errors: GB_E_PROTOCOL, GB_E_NOT_FOUND.
 */
GB_MUST_CHECK enum gb_rc gb_srv_parse(const void *ctx, const unsigned char *answer, size_t length,
				      struct gb_srv **ret_srv, struct gb_err *err);

/** What a domain controller tells everybody (its rootDSE); texts below the talloc parent. */
struct gb_srv_facts {
	char *domain_dn;        /**< or NULL */
	char *root_domain_dn;   /**< or NULL */
	char *site;             /**< where it stands, or NULL */
	bool is_read_only;      /**< RODC */
	bool is_global_catalog; /**< isGlobalCatalogReady */
};

/**
 * Ask a server's rootDSE anonymously, over LDAP without TLS: nothing that is sent or believed is
 * secret or decides more than an order. Blocks, at most @timeout_ms.
 *
 * Errors: GB_E_UNAVAILABLE, and what a search may meet.
 */
GB_MUST_CHECK enum gb_rc gb_srv_ask(const void *ctx, const char *host, int timeout_ms,
				    struct gb_srv_facts *ret_facts, struct gb_err *err);

#endif
