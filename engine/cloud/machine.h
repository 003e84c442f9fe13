/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Managed identity: the token service of the machine itself, so that no secret lies anywhere.
 *
 * Two services speak nearly the same (Microsoft, "How to use managed identities for Azure resources on
 * an Azure VM to acquire an access token"; "Authenticate against Azure resources with Azure
 * Arc-enabled servers"): Azure's instance metadata service, and the agent of Azure Arc, which first
 * names a file that only root and the group himds may read, and wants its content back.
 *
 * Plain HTTP, and therefore to this machine and to the link-local address of the metadata service
 * alone, never through a proxy. Here is what is sent and what may be answered; token.c does the talking.
 */
#ifndef GB_CLOUD_MACHINE_H
#define GB_CLOUD_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/cloud/http.h"
#include "engine/cloud/types.h"

/** Where the services are. */
#define GB_MACHINE_AZURE_URL  "http://169.254.169.254"
#define GB_MACHINE_ARC_URL    "http://127.0.0.1:40342"
#define GB_MACHINE_ARC_AGENT  "/var/opt/azcmagent/bin/himds"
#define GB_MACHINE_KEY_FOLDER "/var/opt/azcmagent/tokens"
/** Largest key file of the agent. */
#define GB_MACHINE_MAX_KEY_BYTES 4096
/** Sendings of one token request: the service is near, or it is not there. */
#define GB_MACHINE_ATTEMPTS 3

/** Who asks which service. Zero-initialise, then set what you know. */
struct gb_machine {
	enum gb_cloud_machine_service service; /**< AUTO: Arc where its agent is installed, else Azure */
	const char *url;        /**< "http://host:port"; NULL: the service's own */
	const char *key_folder; /**< where the agent puts its key files; NULL: its own */
	const char *client_id;  /**< of a user-assigned identity; NULL: the machine's own */
	const char *graph;      /**< "https://host": what the token is for */
};

/**
 * A copy below @ctx in which nothing is left open.
 *
 * Errors: GB_E_CONFIG "machine-url" (no http address of this machine or of the metadata service),
 * "machine-client-id" (Arc knows the machine's own identity alone).
 */
GB_MUST_CHECK enum gb_rc gb_machine_new(const void *ctx, const struct gb_machine *machine,
					struct gb_machine **ret_machine, struct gb_err *err);

/** The URL to get, below @ctx. */
char *gb_machine_token_url(const void *ctx, const struct gb_machine *machine);

/** True if @answer is the agent's challenge: it names a key file. */
bool gb_machine_is_challenge(const struct gb_machine *machine, const struct gb_http_answer *answer);

/**
 * The header that answers the challenge ("Authorization: Basic …"), below @ctx; wipe it.
 *
 * Errors: GB_E_PROTOCOL "machine-challenge" (it names no key file of the agent); GB_E_ACCESS
 * "machine-key-file" (it cannot be read).
 */
GB_MUST_CHECK enum gb_rc gb_machine_answer(const void *ctx, const struct gb_machine *machine,
					   const struct gb_http_answer *challenge,
					   char **ret_header, struct gb_err *err);

/**
 * The verdict on an answer of any status that is no challenge; as gb_token_verdict().
 *
 * Errors: GB_E_UNAVAILABLE "machine-status" (404, 408, 410, 429, 5xx: worth another try);
 * GB_E_ACCESS "machine-refused"; GB_E_PROTOCOL.
 */
GB_MUST_CHECK enum gb_rc gb_machine_verdict(const void *ctx, const struct gb_machine *machine,
					    const struct gb_http_answer *answer,
					    struct gb_secret **ret_token, int64_t *ret_life_s,
					    struct gb_err *err);

/** The service did not answer at all: @err says so, and what a machine needs. Returns its code. */
enum gb_rc gb_machine_silent(const struct gb_machine *machine, struct gb_err *err);

#endif
