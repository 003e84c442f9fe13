/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the questions about the cloud share: the one-time sign-in, roles, features of the tenant. */
#ifndef GB_PROBE_CLOUD_H
#define GB_PROBE_CLOUD_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/cloud/entra.h"
#include "engine/probe/question.h"

/** Delegated permissions of the one-time sign-in. */
#define GB_PROBE_SCOPES_APPLICATION \
	"Application.ReadWrite.All AppRoleAssignment.ReadWrite.All Directory.Read.All"
/** Those that reading the tenant's features takes. */
#define GB_PROBE_SCOPES_FEATURES "Directory.Read.All OnPremDirectorySynchronization.Read.All"
/** Those that setting the default for new groups takes. */
#define GB_PROBE_SCOPES_DEFAULT "Directory.ReadWrite.All"

/** A permission of the application, and what it is for. */
struct gb_probe_role {
	const char *name; /**< "Group.Read.All" */
	const char *why;  /**< marked for translation */
	/** True if what the draft switches on cannot work without it. */
	bool (*is_needed)(const struct gb_config *config);
};

/** The permissions that a reader may have; ends with a NULL name. */
extern const struct gb_probe_role gb_probe_roles[];

/** A client for the draft's tenant, with a loop of its own; below @probe. Errors: gb_entra_new(). */
GB_MUST_CHECK enum gb_rc gb_probe_entra(struct gb_probe *probe, struct gb_entra **ret_entra,
					struct gb_err *err);

/**
 * Let a person sign in by device code, telling it by `sign-in` items. Blocks until the code ends.
 *
 * Errors: GB_E_ACCESS "sign-in-declined"; GB_E_UNAVAILABLE "sign-in-expired"; those of
 * gb_entra_device_poll().
 */
GB_MUST_CHECK enum gb_rc gb_probe_sign_in(struct gb_probe *probe, struct gb_entra *entra,
					  const char *scopes, struct gb_err *err);

/** Writeback features of a tenant; -1: cannot tell. */
struct gb_probe_features {
	int unified_group_writeback; /**< v1 */
	int group_writeback;         /**< v2 */
	const char *container;       /**< of v1, or NULL */
	int new_groups_default;      /**< new Microsoft 365 groups are written back */
};

/** Read them as the person who signed in; each is told as a `feature` item. Never fails as a whole. */
void gb_probe_read_features(struct gb_probe *probe, struct gb_entra *entra, const char *tenant_id,
			    struct gb_probe_features *ret_features);

/** The object "features" of a result; null if @features is NULL. */
void gb_probe_put_features(struct gb_json_writer *w, const struct gb_probe_features *features);

/**
 * Set the tenant's default for new Microsoft 365 groups, keeping every other setting.
 *
 * Errors: as gb_entra_call().
 */
GB_MUST_CHECK enum gb_rc gb_probe_set_default(struct gb_probe *probe, struct gb_entra *entra,
					      bool value, bool *ret_before, struct gb_err *err);

/* The questions. */
enum gb_rc gb_probe_cloud_discover(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_cloud_check(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_cloud_sign_in(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_tenant_features(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_tenant_set_default(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_tenant_counts(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_tenant_example(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_application_create(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_application_make_key(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_application_prepare(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_application_pending(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_application_clean_up(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_application_see_key(struct gb_probe *probe, struct gb_err *err);
enum gb_rc gb_probe_application_drop_key(struct gb_probe *probe, struct gb_err *err);

#endif
