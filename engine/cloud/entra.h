/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entra ID for the set-up: which cloud a tenant is in, a person's one-time sign-in by device code
 * (RFC 8628), and calls to Graph with that person's token.
 *
 * Unlike the rest of the room these functions block, running the event loop inside: they serve the
 * probe, whose process does one thing at a time and may be ended at any moment. The token of the
 * person lives in this object alone, is never stored and never renewed.
 */
#ifndef GB_CLOUD_ENTRA_H
#define GB_CLOUD_ENTRA_H

#include <stdbool.h>
#include <stdint.h>
#include <tevent.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/base/secret.h"
#include "engine/cloud/claims.h"

/** "Microsoft Graph Command Line Tools": Microsoft's own public client, known to every tenant. */
#define GB_ENTRA_PUBLIC_CLIENT "14d82eec-204b-4c2f-b7e8-296a70dab67e"

/** Opaque; talloc_free() it. */
struct gb_entra;

/** Where the tenant is. Copied. */
struct gb_entra_options {
	const char *authority_url; /**< as in gb_cloud_options */
	const char *graph_url;
	const char *tenant;
	const char *ca_file;
	const char *ca_pem;
	const char *proxy;
	int64_t timeout_ms; /**< of one request; 0: 30 seconds */
};

/**
 * A client below @ctx. Sends nothing.
 *
 * Errors: GB_E_CONFIG (URL, tenant, CA file, proxy).
 */
GB_MUST_CHECK enum gb_rc gb_entra_new(const void *ctx, struct tevent_context *ev,
				      const struct gb_entra_options *options,
				      struct gb_entra **ret_entra, struct gb_err *err);

/** What the authority says about a tenant. Texts live below the talloc parent; NULL: not said. */
struct gb_entra_discovery {
	char *tenant_id;  /**< GUID, from the issuer */
	char *region;     /**< tenant_region_scope: "EU", "USGov" */
	char *sub_region; /**< tenant_region_sub_scope: "GCC", "DODCON", "DOD" */
	char *instance;   /**< cloud_instance_name: "microsoftonline.com" */
	char *graph_host; /**< msgraph_host */
};

/**
 * OpenID discovery; needs no sign-in.
 *
 * Errors: GB_E_CONFIG "aadsts-90002" (no such tenant), GB_E_UNAVAILABLE, GB_E_PROTOCOL.
 */
GB_MUST_CHECK enum gb_rc gb_entra_discover(struct gb_entra *entra, const void *ctx,
					   struct gb_entra_discovery *ret_discovery,
					   struct gb_err *err);

/** A device code under way. Texts live below the talloc parent. */
struct gb_entra_device {
	struct gb_secret *device_code;
	char *user_code;    /**< what the person types */
	char *url;          /**< where */
	int64_t expires_s;  /**< from when it was made */
	int64_t interval_s; /**< pause between two polls; grows when the authority asks */
};

/**
 * Begin a sign-in.
 *
 * @param scopes  delegated permissions of Graph, separated by blanks: "Application.ReadWrite.All …".
 * Errors: as gb_entra_discover(), and what the authority refuses (GB_E_ACCESS).
 */
GB_MUST_CHECK enum gb_rc gb_entra_device_begin(struct gb_entra *entra, const void *ctx,
					       const char *scopes,
					       struct gb_entra_device **ret_device,
					       struct gb_err *err);

/** What a poll found. */
enum gb_entra_sign_in {
	GB_ENTRA_WAITING = 0,
	GB_ENTRA_SIGNED_IN, /**< the token is there */
	GB_ENTRA_DECLINED,
	GB_ENTRA_EXPIRED
};

/**
 * Ask once whether the person has signed in. Raises device->interval_s on slow_down.
 *
 * Errors: GB_E_ACCESS (refused: Conditional Access, a role, a policy), GB_E_UNAVAILABLE, GB_E_PROTOCOL.
 */
GB_MUST_CHECK enum gb_rc gb_entra_device_poll(struct gb_entra *entra,
					      struct gb_entra_device *device,
					      enum gb_entra_sign_in *ret_found, struct gb_err *err);

/** Who signed in; NULL before. Borrowed. */
const struct gb_claims *gb_entra_person(const struct gb_entra *entra);

/** One call to Graph. */
struct gb_entra_call {
	const char *method;  /**< "GET", "POST", "PATCH", "DELETE" */
	const char *path;    /**< behind the Graph origin: "/v1.0/applications" */
	const char *body;    /**< JSON; NULL: none */
	const char *purpose; /**< translated, for errors: "the application" */
	/** Smallest role of Entra that may do it; NULL: Privileged Role Administrator. */
	const char *role;
};

/**
 * Call Graph as the person who signed in. 429 and 5xx are repeated for a while.
 *
 * @param ret_doc  the answer's object, below @ctx; NULL if it had none (204).
 * Errors: those of gb_graph_explain(); err->native is the status, 0 without an answer.
 */
GB_MUST_CHECK enum gb_rc gb_entra_call(struct gb_entra *entra, const void *ctx,
				       const struct gb_entra_call *call,
				       struct gb_json_doc **ret_doc, struct gb_err *err);

/**
 * What a link of Graph's ("@odata.nextLink") names behind the origin, for gb_entra_call(). @purpose as there.
 *
 * Errors: GB_E_PROTOCOL (it leads elsewhere).
 */
GB_MUST_CHECK enum gb_rc gb_entra_link_path(const struct gb_entra *entra, const void *ctx,
					    const char *link, const char *purpose, char **ret_path,
					    struct gb_err *err);

/** Run the event loop for so long. */
void gb_entra_sleep(struct gb_entra *entra, int64_t ms);

#endif
