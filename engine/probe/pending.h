/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An application that is being set up: what was reached, so that a set-up which was cancelled or
 * failed goes on instead of beginning anew, or is cleaned up.
 *
 * The record is application-pending.json in the state directory; the key waits in the secret store
 * under its pending name (credstore.h). Both are gone once the configuration was written.
 */
#ifndef GB_PROBE_PENDING_H
#define GB_PROBE_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"

/** The record; texts are its talloc children, NULL: not reached. */
struct gb_pending {
	int64_t began_ms;      /**< wall clock */
	char *display_name;    /**< of the application */
	char *environment;     /**< word of [cloud] environment */
	char *tenant;          /**< as it was configured */
	char *certificate_pem; /**< its key is the pending cloud-key */
	char *application_id;  /**< object id */
	char *client_id;
	char *principal_id; /**< of its service principal */
	bool has_roles;     /**< consent was given */
};

/**
 * The record, below @ctx; NULL if there is none.
 *
 * Errors: GB_E_CONFIG (it cannot be read).
 */
GB_MUST_CHECK enum gb_rc gb_pending_load(const void *ctx, const struct gb_config *config,
					 struct gb_pending **ret_pending, struct gb_err *err);

/** Write it; makes the state directory if it is missing. Errors: GB_E_IO. */
GB_MUST_CHECK enum gb_rc gb_pending_save(const struct gb_pending *pending,
					 const struct gb_config *config, struct gb_err *err);

/** Remove the record. */
void gb_pending_forget(const struct gb_config *config);

/** True if the pending key belongs to the application of this configuration. */
bool gb_pending_is_for(const struct gb_pending *pending, const struct gb_config *config);

/**
 * Hold the pending key and certificate in the configuration if they belong to its application and
 * nothing was typed in their place. Does nothing if there are none.
 */
void gb_pending_hold(struct gb_config *config);

#endif
