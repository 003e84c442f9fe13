/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cloud, as the rest of the engine sees it: Entra ID for the token, Microsoft Graph for
 * reading.
 *
 * Life cycle: gb_process_harden() has run; gb_cloud_new() checks options and credential and sends
 * nothing; the reading functions start work and return at once; their callbacks come from the event
 * loop (types.h has the rules); talloc_free() ends it all. Several readings may be under way at
 * once: they share one connection pool, one token and one throttle.
 *
 * What is kept for the callers here, so that they need not think of it: the bearer token goes to
 * the configured Graph origin only; every link from an answer is checked before it is followed;
 * redirects, cookies, netrc and the environment's proxies are never used; answers are bounded,
 * strictly parsed JSON; 429, 5xx and broken connections are repeated with Retry-After or jittered
 * backoff until the deadline; a partial list is never reported as complete.
 */
#ifndef GB_CLOUD_CLOUD_H
#define GB_CLOUD_CLOUD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tevent.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/base/secret.h"
#include "engine/cloud/types.h"

/** How we prove who we are (OAuth 2.0 client credentials, RFC 6749 section 4.4). */
enum gb_cloud_credential {
	GB_CLOUD_CREDENTIAL_SECRET = 0,      /**< client_secret */
	GB_CLOUD_CREDENTIAL_CERTIFICATE = 1, /**< signed assertion (RFC 7523) */
	GB_CLOUD_CREDENTIAL_MACHINE = 2      /**< none: the machine's managed identity */
};

/** Signature of the assertion (Entra, "Application authentication certificate credentials"). */
enum gb_cloud_assertion {
	GB_CLOUD_ASSERTION_PS256 = 0, /**< PS256 with x5t#S256: current */
	GB_CLOUD_ASSERTION_RS256 = 1  /**< RS256 with x5t: older, still accepted */
};

/** Defaults that a 0 in gb_cloud_options stands for. */
#define GB_CLOUD_DEFAULT_WINDOW         16
#define GB_CLOUD_DEFAULT_ATTEMPTS       10
#define GB_CLOUD_DEFAULT_DEADLINE_MS    (15 * 60 * 1000)
#define GB_CLOUD_DEFAULT_FIRST_DELAY_MS 1000
#define GB_CLOUD_MAX_WINDOW             64

/** How to reach and enter a tenant. Copied by gb_cloud_new(), the secret too. */
struct gb_cloud_options {
	/** "https://login.microsoftonline.com": scheme, host, port; no path. */
	const char *authority_url;
	const char *graph_url; /**< "https://graph.microsoft.com": likewise */
	const char *tenant;    /**< GUID or verified domain; never "common" */
	/** Application (client) id, a GUID; MACHINE: of a user-assigned identity, or NULL. */
	const char *client_id;
	enum gb_cloud_credential credential;
	enum gb_cloud_machine_service machine_service; /**< MACHINE: which service is asked */
	const char *machine_url; /**< MACHINE: its address, if it is another one; or NULL */
	const char *machine_key_folder; /**< MACHINE, Arc: the agent's key files; NULL: its own */
	/** The client secret, or the private key as PEM, unencrypted; MACHINE: NULL. */
	const struct gb_secret *secret;
	const char *certificate_pem; /**< CERTIFICATE: the X.509 certificate as PEM; else NULL */
	size_t certificate_length;   /**< bytes of certificate_pem */
	enum gb_cloud_assertion assertion;
	/** True: groups by /beta, with writebackConfiguration; false: by /v1.0, without. */
	bool beta_groups;
	/** Further properties of groups, ended by NULL; NULL: none. They become group->extra. */
	const char *const *extra_properties;
	const char *ca_file; /**< PEM bundle that replaces the system's; NULL or "": the system's */
	const char *ca_pem;  /**< its content, instead of the file; or NULL */
	const char *proxy;   /**< "http://host:port" or "https://host:port"; NULL or "": none */
	unsigned window;     /**< requests in flight, 1 … GB_CLOUD_MAX_WINDOW; 0: default */
	/** Sendings of one request, 1 …; throttled ones with Retry-After are free; 0: default. */
	unsigned max_attempts;
	int64_t deadline_ms; /**< patience for one request with all its repetitions; 0: default */
	int64_t first_delay_ms; /**< first backoff without Retry-After; 0: default (tests use 1) */
};

/** Opaque. */
struct gb_cloud;

/**
 * A client below @ctx. Sends nothing.
 *
 * Errors: GB_E_CONFIG (malformed URL, tenant or client id; unreadable CA file; certificate or key
 * that cannot be parsed, is encrypted, is not RSA, or do not belong together).
 */
GB_MUST_CHECK enum gb_rc gb_cloud_new(const void *ctx, struct tevent_context *ev,
				      const struct gb_cloud_options *options,
				      struct gb_cloud **ret_cloud, struct gb_err *err);

/**
 * End everything under way: each done callback comes from the loop with GB_E_CANCELLED. Whatever is
 * started afterwards ends the same way, unsent.
 */
void gb_cloud_cancel(struct gb_cloud *cloud);

/**
 * The access token itself, for looking at what it carries (claims.h), or why there is none. Once, from
 * the loop. @token is borrowed for the call.
 */
typedef void (*gb_cloud_token_fn)(void *user, enum gb_rc rc, const struct gb_secret *token,
				  const struct gb_err *err);

/** Get a token and show it. */
void gb_cloud_token(struct gb_cloud *cloud, gb_cloud_token_fn done, void *user);

/** Who the tenant is. Whether it is the right one (pinned id) is the caller's to say. */
void gb_cloud_organization(struct gb_cloud *cloud, gb_cloud_organization_fn done, void *user);

/**
 * All groups, 999 a page. With beta_groups each record carries writebackConfiguration; one without
 * lacks GB_GROUP_HAS_WRITEBACK: its scope is unknown. @sink is copied.
 */
void gb_cloud_list_groups(struct gb_cloud *cloud, const struct gb_cloud_groups_sink *sink);

/**
 * The soft-deleted groups (Graph, "List deletedItems"): records with an id and nothing else. @sink
 * is copied; its done gets GB_E_ACCESS if the application may not list them.
 */
void gb_cloud_list_deleted_groups(struct gb_cloud *cloud, const struct gb_cloud_groups_sink *sink);

/**
 * One group, with the properties that gb_cloud_list_groups() gives. @sink is copied; its done gets
 * GB_E_NOT_FOUND if there is no such group (any more).
 *
 * A delta record of a new group leaves out what was never set, and the beta delta may leave out
 * writebackConfiguration: this completes it.
 */
void gb_cloud_read_group(struct gb_cloud *cloud, const struct gb_guid *id,
			 const struct gb_cloud_groups_sink *sink);

/** All people with what finds them on-premises, 999 a page. @sink is copied. */
void gb_cloud_list_users(struct gb_cloud *cloud, const struct gb_cloud_users_sink *sink);

/**
 * The direct members of the groups that sink->next_group names, a window at a time. @sink is
 * copied.
 */
void gb_cloud_read_members(struct gb_cloud *cloud, const struct gb_cloud_members_sink *sink);

/**
 * One round of groups/delta with members@delta.
 *
 * @param link  for FROM_LINK: the stored deltaLink; copied. Else NULL. A link of another origin is
 *              refused (GB_E_PROTOCOL); one of another API version is stale (GB_E_STALE_CURSOR).
 */
void gb_cloud_groups_delta(struct gb_cloud *cloud, enum gb_cloud_delta_start start,
			   const char *link, const struct gb_cloud_groups_delta_sink *sink);

/** One round of users/delta. As gb_cloud_groups_delta(). */
void gb_cloud_users_delta(struct gb_cloud *cloud, enum gb_cloud_delta_start start, const char *link,
			  const struct gb_cloud_users_delta_sink *sink);

/** What the client did since it was made. */
struct gb_cloud_stats {
	uint64_t requests;       /**< HTTP requests sent, token requests and repetitions included */
	uint64_t token_requests; /**< those to the authority */
	uint64_t retries;        /**< repetitions among requests */
	uint64_t throttled;      /**< answers with 429 */
	int64_t throttled_ms;    /**< time that sending was held back because of them */
	uint64_t pages;          /**< good pages read */
	uint64_t refused_records; /**< records that could not be used */
};

/** A copy of the counters. */
struct gb_cloud_stats gb_cloud_stats(const struct gb_cloud *cloud);

/** HTTP status codes are below this. */
#define GB_CLOUD_STATUS_END 600

/** Answers with this HTTP status; 0: requests that got none. */
uint64_t gb_cloud_answered(const struct gb_cloud *cloud, int status);

/**
 * When the certificate stops being valid, in milliseconds since 1970; 0 for a client secret (its
 * end is known to Entra only).
 */
int64_t gb_cloud_certificate_end_ms(const struct gb_cloud *cloud);

#endif
