/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Client authentication: is the caller the app that it says it is?
 *
 * Secrets and certificate assertions (RFC 7523; Entra's certificate credentials). Every check
 * answers the exchange itself when it fails.
 */
#ifndef SIM_IDENTITY_CREDENTIAL_H
#define SIM_IDENTITY_CREDENTIAL_H

#include "sim/identity/app.h"
#include "sim/identity/identity.h"

/** The value of a form parameter; NULL if it is absent or empty. */
const char *sim_sts_param(const struct sim_sts *sts, const char *name);

/** The app with this client id, which may sign in. False: answered. */
bool sim_app_of(struct sim_sts *sts, const char *client_id,
		struct sim_app **ret_app) SIM_MUST_CHECK;

/** For tokens for a person: a public client shows nothing, any other one its credential. */
bool sim_client_check(struct sim_sts *sts, struct sim_app **ret_app) SIM_MUST_CHECK;

/** Verify a client secret (credential.c). False: answered. */
bool sim_secret_check(struct sim_sts *sts, const struct sim_app *app,
		      const char *secret) SIM_MUST_CHECK;

/** Verify a certificate assertion (assertion.c). False: answered. */
bool sim_assertion_check(struct sim_sts *sts, const struct sim_app *app,
			 const char *assertion) SIM_MUST_CHECK;

/**
 * Find the app and verify its credential: client_secret, client_assertion or HTTP Basic. False:
 * answered. @ret_by_certificate says which.
 */
bool sim_credential_check(struct sim_sts *sts, struct sim_app **ret_app,
			  bool *ret_by_certificate) SIM_MUST_CHECK;

#endif
