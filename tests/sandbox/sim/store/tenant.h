/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tenant: its names, its apps and its directory, from one JSON file (docs/simulator.md).
 *
 * sim_tenant_load() builds it all; it lives as long as its talloc parent.
 */
#ifndef SIM_STORE_TENANT_H
#define SIM_STORE_TENANT_H

#include "sim/identity/app.h"
#include "sim/identity/account.h"
#include "sim/store/store.h"

struct sim_directory_sync;
struct sim_settings;

/** A verified domain. */
struct sim_domain {
	char *name;      /**< "contoso.example" */
	bool is_default; /**< new users get it */
	bool is_initial; /**< the .onmicrosoft.com name */
};

/** The tenant. */
struct sim_tenant {
	char id[SIM_GUID_TEXT];     /**< tenant id, lower case */
	char *display_name;         /**< of the organization */
	char *region;               /**< tenant_region_scope of discovery, "EU" */
	char *country;              /**< countryLetterCode of the organization */
	char *created;              /**< createdDateTime of the organization */
	bool is_synced;             /**< onPremisesSyncEnabled of the organization */
	struct sim_domain *domains; /**< domain_count of them */
	size_t domain_count;        /**< used domains */
	char **graph_hosts;      /**< names under which Graph is reached, besides the Host header */
	size_t graph_host_count; /**< used graph_hosts */
	struct sim_apps *apps;   /**< app registrations */
	struct sim_settings *settings; /**< directory settings */
	struct sim_directory_sync *directory_sync; /**< what Entra Connect is told to do */
	struct sim_accounts *accounts; /**< who has directory roles */
	struct sim_store *store;       /**< the directory */
	uint64_t epoch; /**< digest of the file: tokens of another tenant are refused */
};

/** Read @path. Relative certificate paths begin at its folder. */
bool sim_tenant_load(const void *ctx, const char *path, const struct sim_clock *clock,
		     struct sim_tenant **ret_tenant, struct sim_err *err) SIM_MUST_CHECK;

/** The same from a text; @folder is where relative certificate paths begin. */
bool sim_tenant_parse(const void *ctx, const char *text, size_t length, const char *folder,
		      const struct sim_clock *clock, struct sim_tenant **ret_tenant,
		      struct sim_err *err) SIM_MUST_CHECK;

/** True if @name is the tenant's id or one of its domains (any case). */
bool sim_tenant_is_named(const struct sim_tenant *tenant, const char *name);

#endif
