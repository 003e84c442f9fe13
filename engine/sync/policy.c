/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy of a session. */
#include "config.h"

#include "engine/sync/policy.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/digest.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/property.h"

/** Largest file in bytes. */
#define MAX_FILE_BYTES (4u * 1024u * 1024u)

/* A list of names, ended by NULL, each once. */
static void add_name(const void *ctx, const char ***list, const char *name)
{
	size_t count = 0;

	for (; (*list)[count]; count++) {
		if (gb_text_equal_nocase((*list)[count], name)) {
			return;
		}
	}
	*list = gb_mem_check(talloc_realloc(ctx, *list, const char *, gb_mem_count(count + 2)));
	(*list)[count] = name;
	(*list)[count + 1] = NULL;
}

static void need_property(void *user, const char *property)
{
	struct gb_policy_files *files = user;

	if (gb_property_is_extra(property)) {
		add_name(files, &files->properties, property);
	}
	files->needs_beta = files->needs_beta || gb_property_is_beta(property);
}

/* The content of one file; its digest goes into @digests. */
static enum gb_rc read_file(const void *ctx, const char *path, struct gb_buffer *digests,
			    char **ret_text, struct gb_err *err)
{
	uint8_t digest[32];
	size_t length;
	enum gb_rc rc = gb_file_read_trusted(ctx, path, MAX_FILE_BYTES, ret_text, &length, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (strlen(*ret_text) != length) {
		gb_err_set(err, GB_E_CONFIG, "file-syntax", _("%s holds a NUL byte."), path);
		return gb_err_remedy(err, _("Write it as text."));
	}
	gb_digest_sha256(*ret_text, length, digest);
	gb_buffer_add_text(digests, gb_digest_hex(digests, digest, sizeof(digest)));
	return GB_OK;
}

static enum gb_rc missing_key(const char *key, const char *scope, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "config-missing", _("[writeback] %s is missing."), key);
	gb_err_undone(err, _("Nothing was read or written."));
	return gb_err_remedy(err, _("Name the file that scope = %s goes by."), scope);
}

static enum gb_rc load_selection(const struct gb_config *config, struct gb_policy_files *files,
				 struct gb_buffer *digests, struct gb_err *err)
{
	const char *path = config->writeback.selected_file;
	char *text;
	enum gb_rc rc;

	if (config->writeback.scope != GB_CONFIG_SCOPE_SELECTED) {
		return GB_OK;
	}
	if (!path) {
		return missing_key("selected file", "selected", err);
	}
	rc = read_file(digests, path, digests, &text, err);
	return rc == GB_OK ? gb_selection_parse(files, path, text, &files->selection, err) : rc;
}

static enum gb_rc load_filter(const struct gb_config *config, struct gb_policy_files *files,
			      struct gb_buffer *digests, struct gb_err *err)
{
	const char *path = config->writeback.filter_file;
	char *text;
	enum gb_rc rc;

	if (config->writeback.scope != GB_CONFIG_SCOPE_FILTER) {
		return GB_OK;
	}
	if (!path) {
		return missing_key("filter file", "filter", err);
	}
	rc = read_file(digests, path, digests, &text, err);
	if (rc == GB_OK) {
		rc = gb_filter_parse(files, path, text, &files->filter, err);
	}
	if (rc == GB_OK) {
		gb_filter_properties(files->filter, need_property, files);
	}
	return rc;
}

static enum gb_rc load_map(const struct gb_config *config, struct gb_policy_files *files,
			   struct gb_buffer *digests, struct gb_err *err)
{
	const char *path = config->writeback.mapping_file;
	char *text;
	enum gb_rc rc;

	if (!path) {
		return GB_OK;
	}
	rc = read_file(digests, path, digests, &text, err);
	if (rc == GB_OK) {
		rc = gb_map_parse(files, path, text, &files->map, err);
	}
	if (rc == GB_OK) {
		gb_map_properties(files->map, need_property, files);
	}
	return rc;
}

static void need_attributes(const struct gb_config *config, struct gb_policy_files *files)
{
	for (size_t i = 0; i < gb_map_count(files->map); i++) {
		const char *attribute = gb_map_attribute(files->map, i);

		if (!gb_map_is_standard(attribute)) {
			add_name(files, &files->attributes, attribute);
		}
	}
	if (config->writeback.mail_attributes) {
		add_name(files, &files->attributes, "mail");
		add_name(files, &files->attributes, "mailNickname");
		add_name(files, &files->attributes, "proxyAddresses");
	}
}

static bool scope_needs_beta(const struct gb_config *config)
{
	return config->writeback.scope == GB_CONFIG_SCOPE_ENABLED_ONLY ||
	       config->writeback.scope == GB_CONFIG_SCOPE_TENANT;
}

enum gb_rc gb_policy_load_files(const void *ctx, const struct gb_config *config,
				struct gb_policy_files **ret_files, struct gb_err *err)
{
	struct gb_policy_files *files = gb_new(ctx, struct gb_policy_files);
	struct gb_buffer *digests = gb_buffer_new(files);
	enum gb_rc rc;

	files->properties = gb_new_array(files, const char *, 1);
	files->attributes = gb_new_array(files, const char *, 1);
	files->needs_beta = scope_needs_beta(config);
	rc = load_selection(config, files, digests, err);
	if (rc == GB_OK) {
		rc = load_filter(config, files, digests, err);
	}
	if (rc == GB_OK) {
		rc = load_map(config, files, digests, err);
	}
	if (rc != GB_OK) {
		talloc_free(files);
		return rc;
	}
	need_attributes(config, files);
	files->digest = gb_strdup(files, digests->text);
	talloc_free(digests);
	*ret_files = files;
	return GB_OK;
}

static enum gb_scope_mode scope_of(const struct gb_config_writeback *writeback)
{
	switch (writeback->scope) {
	case GB_CONFIG_SCOPE_TENANT:
		return GB_SCOPE_TENANT;
	case GB_CONFIG_SCOPE_KINDS:
		return GB_SCOPE_KINDS;
	case GB_CONFIG_SCOPE_SELECTED:
		return GB_SCOPE_SELECTED;
	case GB_CONFIG_SCOPE_FILTER:
		return GB_SCOPE_FILTER;
	case GB_CONFIG_SCOPE_ENABLED_ONLY:
		break;
	}
	return GB_SCOPE_ENABLED_ONLY;
}

static enum gb_nesting nesting_of(const struct gb_config_writeback *writeback)
{
	switch (writeback->nested) {
	case GB_CONFIG_NESTED_FLATTEN:
		return GB_NESTING_FLATTEN;
	case GB_CONFIG_NESTED_BOTH:
		return GB_NESTING_BOTH;
	case GB_CONFIG_NESTED_KEEP:
		break;
	}
	return GB_NESTING_KEEP;
}

static enum gb_group_scope group_scope_of(const struct gb_config_writeback *writeback)
{
	switch (writeback->group_scope) {
	case GB_CONFIG_GROUP_SCOPE_GLOBAL:
		return GB_GROUP_SCOPE_GLOBAL;
	case GB_CONFIG_GROUP_SCOPE_DOMAIN_LOCAL:
		return GB_GROUP_SCOPE_DOMAIN_LOCAL;
	case GB_CONFIG_GROUP_SCOPE_UNIVERSAL:
		break;
	}
	return GB_GROUP_SCOPE_UNIVERSAL;
}

_Static_assert((int)GB_CONFIG_WHEN_KEEP == (int)GB_WHEN_KEEP &&
		       (int)GB_CONFIG_WHEN_DISABLE == (int)GB_WHEN_DISABLE &&
		       (int)GB_CONFIG_WHEN_DELETE == (int)GB_WHEN_DELETE &&
		       (int)GB_CONFIG_WHEN_DISABLE_THEN_DELETE == (int)GB_WHEN_DISABLE_THEN_DELETE,
	       "the rules of the configuration are those of the planner");

struct gb_plan_policy gb_policy_fill(const struct gb_config *config,
				     const struct gb_policy_files *files,
				     const struct gb_policy_schema *schema)
{
	const struct gb_config_writeback *writeback = &config->writeback;

	return (struct gb_plan_policy){
		.scope = scope_of(writeback),
		.selection = files->selection,
		.filter = files->filter,
		.map = files->map,
		.security_groups = (writeback->kinds & GB_CONFIG_KIND_SECURITY) != 0,
		.microsoft365_groups = (writeback->kinds & GB_CONFIG_KIND_MICROSOFT365) != 0,
		.hidden_membership = writeback->hidden_membership,
		.role_assignable = writeback->role_assignable_groups,
		.name = writeback->name == GB_CONFIG_NAME_DISPLAY_NAME ? GB_NAME_DISPLAY_NAME
								       : GB_NAME_OBJECT_ID,
		.account_name = writeback->account_name == GB_CONFIG_ACCOUNT_NAME_FOLLOW
					? GB_ACCOUNT_NAME_FOLLOW
					: GB_ACCOUNT_NAME_STABLE,
		.nesting = nesting_of(writeback),
		.group_scope = group_scope_of(writeback),
		.mail_attributes = writeback->mail_attributes,
		.has_mail_nickname = schema->has_mail_nickname,
		.has_external_id = schema->has_external_id,
		.member_limit = writeback->member_limit == GB_CONFIG_MEMBER_LIMIT_ENTRA
					? GB_MEMBER_LIMIT_ENTRA
					: writeback->member_limit,
		.keep_names = writeback->keep_names,
		.report_drift = writeback->drift == GB_CONFIG_DRIFT_REPORT,
		.when_not_enabled = (enum gb_when_rule)writeback->when_not_enabled,
		.when_filtered_out = (enum gb_when_rule)writeback->when_filtered_out,
		.when_soft_deleted = (enum gb_when_rule)writeback->when_soft_deleted,
		.when_hard_deleted = (enum gb_when_rule)writeback->when_hard_deleted,
		.is_off = !config->features.group_writeback,
		.when_switched_off = (enum gb_when_rule)writeback->when_switched_off,
		.delete_after_ms = writeback->delete_after_s * 1000,
		.container_dn = writeback->container,
	};
}

/* Nothing while it is on, so that what was agreed to before this rule was known still holds. */
const char *gb_policy_off_text(const struct gb_plan_policy *policy)
{
	return !policy->is_off                                ? ""
	       : policy->when_switched_off == GB_WHEN_DELETE  ? " off=delete"
	       : policy->when_switched_off == GB_WHEN_DISABLE ? " off=disable"
							      : " off=keep";
}

char *gb_policy_digest(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_policy_files *files)
{
	uint8_t digest[32];
	char *hex;
	char *text = gb_printf(
		ctx, "2 %d %d %d %d %d %d %d %lld %d %d %d %d %d %d %d %d %d %d %d %lld %s %s%s",
		(int)policy->scope, policy->security_groups, policy->microsoft365_groups,
		policy->hidden_membership, policy->role_assignable, (int)policy->name,
		policy->has_external_id, (long long)policy->member_limit, (int)policy->nesting,
		(int)policy->group_scope, (int)policy->account_name, policy->mail_attributes,
		policy->has_mail_nickname, policy->keep_names, policy->report_drift,
		(int)policy->when_not_enabled, (int)policy->when_filtered_out,
		(int)policy->when_soft_deleted, (int)policy->when_hard_deleted,
		(long long)policy->delete_after_ms, files->digest, policy->container_dn,
		gb_policy_off_text(policy));

	gb_digest_sha256(text, strlen(text), digest);
	hex = gb_digest_hex(ctx, digest, sizeof(digest));
	talloc_free(text);
	return hex;
}

static char *joined(const void *ctx, const char *first, const char *const *names)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	gb_buffer_add_text(out, first);
	for (; *names; names++) {
		gb_buffer_add_format(out, ",%s", *names);
	}
	return gb_buffer_steal(ctx, out);
}

char *gb_policy_cloud_context(const void *ctx, const struct gb_policy_files *files)
{
	return joined(ctx, files->needs_beta ? "beta" : "v1.0",
		      (const char *const *)files->properties);
}

char *gb_policy_directory_context(const void *ctx, const struct gb_policy_files *files)
{
	return joined(ctx, "", (const char *const *)files->attributes);
}

unsigned gb_policy_properties(const struct gb_policy_files *files)
{
	return files->needs_beta ? GB_GROUP_HAS_ALL
				 : GB_GROUP_HAS_ALL & ~(unsigned)GB_GROUP_HAS_WRITEBACK;
}
