/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account that the engine signs in with: finding it, and making it. */
#ifndef GB_PROBE_ACCOUNT_H
#define GB_PROBE_ACCOUNT_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/base/sid.h"
#include "engine/probe/question.h"
#include "engine/sync/session.h"

/** An account; texts live below the talloc parent. */
struct gb_probe_account {
	char *dn;          /**< or NULL */
	struct gb_sid sid; /**< or none */
	char *name;        /**< as it was configured, or sAMAccountName */
	char *principal;   /**< sAMAccountName@domain, as dsacls takes it; or NULL */
};

/**
 * Find an account by how it is configured: DN, name@domain, DOMAIN\name, principal; @name NULL, or one
 * that is not found: only the name is set. Blocks.
 *
 * Errors: as every read.
 */
GB_MUST_CHECK enum gb_rc gb_probe_find_account(const void *ctx, struct gb_session *session,
					       const char *name,
					       struct gb_probe_account *ret_account,
					       struct gb_err *err);

/** The object "account" of a result. */
void gb_probe_put_account(struct gb_json_writer *w, const struct gb_probe_account *account);

/* The questions. */
enum gb_rc gb_probe_directory_discover(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_rights(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_grant(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_create_account(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_directory_written_groups(struct gb_probe *probe, struct gb_err *err);

#endif
