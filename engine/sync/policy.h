/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The policy of a session: configuration, the administrator's files (selected, filter, mapping) and
 * the directory's schema, as the planner wants it.
 *
 * gb_policy_load_files() comes before cloud and directory are opened, since the files say which
 * properties and attributes are read; gb_policy_fill() when the directory's facts are known.
 */
#ifndef GB_SYNC_POLICY_H
#define GB_SYNC_POLICY_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/plan/filter.h"
#include "engine/plan/map.h"
#include "engine/plan/policy.h"
#include "engine/plan/selection.h"

/** What the files say. A talloc object. */
struct gb_policy_files {
	struct gb_selection *selection; /**< with scope selected; else NULL */
	struct gb_filter *filter;       /**< with scope filter; else NULL */
	struct gb_map *map;             /**< with a mapping file; else NULL */
	const char **properties; /**< further properties of groups in the cloud, ended by NULL */
	const char *
		*attributes; /**< further attributes of groups in the directory, ended by NULL */
	bool needs_beta;     /**< writebackConfiguration is needed */
	char *digest;        /**< of the content of all files, hex */
};

/**
 * Read and parse the files that @config names.
 *
 * Errors: GB_E_CONFIG: a file is missing, not trusted or wrong (with line and column), or a scope
 * needs one that is not named.
 */
GB_MUST_CHECK enum gb_rc gb_policy_load_files(const void *ctx, const struct gb_config *config,
					      struct gb_policy_files **ret_files,
					      struct gb_err *err);

/** What the directory's schema can hold. */
struct gb_policy_schema {
	bool has_external_id;   /**< msDS-ExternalDirectoryObjectId */
	bool has_mail_nickname; /**< mailNickname */
};

/** The policy; borrows from @config and @files. */
struct gb_plan_policy gb_policy_fill(const struct gb_config *config,
				     const struct gb_policy_files *files,
				     const struct gb_policy_schema *schema);

/**
 * Digest of everything that decides scope, names, places and types, below @ctx: when it changes,
 * every group is looked at again.
 */
char *gb_policy_digest(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_policy_files *files);

/** What becomes of the written groups while group writeback is off, as part of such texts; "" while
 * it is on. Static. */
const char *gb_policy_off_text(const struct gb_plan_policy *policy);

/**
 * What is asked of the cloud for a group, as text: the link of a delta round belongs to it. Below
 * @ctx.
 */
char *gb_policy_cloud_context(const void *ctx, const struct gb_policy_files *files);

/** What is asked of the directory, likewise. */
char *gb_policy_directory_context(const void *ctx, const struct gb_policy_files *files);

/** The properties that a record of a group must have to be complete (enum gb_cloud_group_present). */
unsigned gb_policy_properties(const struct gb_policy_files *files);

#endif
