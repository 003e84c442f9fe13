/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tenant.counts: groups by kind and state; tenant.example: a group to show names with. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/cloud/cloud.h"
#include "engine/plan/naming.h"
#include "engine/plan/scope.h"
#include "engine/probe/cloud.h"
#include "engine/sync/session.h"

/* So often a count is told. */
#define COUNT_EVERY 999

/* Groups of one kind by what their isEnabled says. */
struct by_state {
	int64_t total, enabled, disabled, unset, unknown;
};

/* Which groups become items. */
enum listing {
	LIST_NONE = 0,
	LIST_TENANT_MICROSOFT365,
	LIST_ENABLED
};

/* The tenant while it is read. */
struct census {
	struct gb_probe *probe;
	bool done;
	enum gb_rc rc;
	struct gb_err err;
	struct gb_plan_policy draft, enabled_only, tenant;
	enum listing listing;
	int64_t limit, listed, unreadable, groups;
	struct by_state security, microsoft365;
	int64_t mail_enabled_security, distribution, synced, dynamic, role_assignable, hidden,
		is_public;
	int64_t in_draft, in_enabled_only, in_tenant, in_tenant_microsoft365;
	struct gb_cloud_group example; /* id and display_name alone */
	int example_rank;              /* 0: none */
};

static struct gb_plan_policy policy_of(const struct gb_config *config, enum gb_scope_mode mode)
{
	const struct gb_config_writeback *writeback = &config->writeback;

	return (struct gb_plan_policy){
		.scope = mode,
		.security_groups = (writeback->kinds & GB_CONFIG_KIND_SECURITY) != 0,
		.microsoft365_groups = (writeback->kinds & GB_CONFIG_KIND_MICROSOFT365) != 0,
		.hidden_membership = writeback->hidden_membership,
		.role_assignable = writeback->role_assignable_groups,
		.member_limit = GB_MEMBER_LIMIT_ENTRA,
	};
}

static bool is_in(const struct gb_plan_policy *policy, const struct gb_cloud_group *group)
{
	return gb_scope_check(policy, group, NULL).verdict == GB_SCOPE_IN;
}

static bool knows_writeback(const struct gb_cloud_group *group)
{
	return (group->present & GB_GROUP_HAS_WRITEBACK) != 0;
}

static void count_state(struct by_state *state, const struct gb_cloud_group *group)
{
	state->total++;
	if (!knows_writeback(group)) {
		state->unknown++;
	} else if (group->writeback_enabled == GB_YES) {
		state->enabled++;
	} else if (group->writeback_enabled == GB_NO) {
		state->disabled++;
	} else {
		state->unset++;
	}
}

static void count_kind(struct census *census, const struct gb_cloud_group *group,
		       enum gb_group_kind kind)
{
	census->groups++;
	if (group->on_premises_sync_enabled == GB_YES) {
		census->synced++;
		return;
	}
	census->dynamic += group->dynamic;
	census->role_assignable += group->is_assignable_to_role == GB_YES;
	census->hidden += group->hidden_membership;
	switch (kind) {
	case GB_KIND_SECURITY:
		count_state(&census->security, group);
		break;
	case GB_KIND_MICROSOFT365:
		count_state(&census->microsoft365, group);
		census->is_public += group->is_public;
		break;
	case GB_KIND_MAIL_ENABLED_SECURITY:
		census->mail_enabled_security++;
		break;
	case GB_KIND_DISTRIBUTION:
		census->distribution++;
		break;
	case GB_KIND_UNKNOWN:
	case GB_KIND_NONE:
	default:
		census->unreadable++;
		break;
	}
}

static const char *kind_word(enum gb_group_kind kind)
{
	return kind == GB_KIND_SECURITY                ? "security"
	       : kind == GB_KIND_MICROSOFT365          ? "microsoft365"
	       : kind == GB_KIND_MAIL_ENABLED_SECURITY ? "mail-enabled-security"
	       : kind == GB_KIND_DISTRIBUTION          ? "distribution"
						       : NULL;
}

static const char *state_word(const struct gb_cloud_group *group)
{
	return !knows_writeback(group)              ? "unknown"
	       : group->writeback_enabled == GB_YES ? "enabled"
	       : group->writeback_enabled == GB_NO  ? "disabled"
						    : "unset";
}

static void list_group(struct census *census, const struct gb_cloud_group *group,
		       enum gb_group_kind kind)
{
	char text[GB_GUID_TEXT_BYTES];
	struct gb_json_writer *w;

	if (census->listed == census->limit) {
		return;
	}
	census->listed++;
	w = gb_answer_item("group");
	gb_json_put_text(w, "id", gb_guid_format(&group->id, text));
	gb_json_put_text(w, "displayName", group->display_name);
	gb_json_put_text(w, "groupKind", kind_word(kind));
	gb_json_put_text(w, "writeback", state_word(group));
	gb_json_put_bool(w, "public", group->is_public);
	gb_answer_send(&census->probe->answer, w, false);
}

/* A group that will be written shows its name best; any named one will do. */
static void consider_example(struct census *census, const struct gb_cloud_group *group)
{
	int rank = !group->display_name || !group->display_name[0] ? 0
		   : is_in(&census->draft, group)                  ? 3
		   : group->on_premises_sync_enabled != GB_YES     ? 2
								   : 1;

	if (rank > census->example_rank) {
		census->example_rank = rank;
		census->example.id = group->id;
		census->example.display_name = gb_strdup(census, group->display_name);
	}
}

static enum gb_rc on_group(void *user, const struct gb_cloud_group *group, struct gb_err *err)
{
	struct census *census = user;
	enum gb_group_kind kind = gb_scope_kind(group);
	bool in_tenant = is_in(&census->tenant, group);

	(void)err;
	count_kind(census, group, kind);
	census->in_draft += is_in(&census->draft, group);
	census->in_enabled_only += is_in(&census->enabled_only, group);
	census->in_tenant += in_tenant;
	census->in_tenant_microsoft365 += in_tenant && kind == GB_KIND_MICROSOFT365;
	consider_example(census, group);
	if ((census->listing == LIST_TENANT_MICROSOFT365 && in_tenant &&
	     kind == GB_KIND_MICROSOFT365) ||
	    (census->listing == LIST_ENABLED && group->writeback_enabled == GB_YES &&
	     knows_writeback(group))) {
		list_group(census, group, kind);
	}
	if (census->groups % COUNT_EVERY == 0) {
		gb_probe_count(census->probe, "read", _("Reading groups"), census->groups, -1);
	}
	return GB_OK;
}

static enum gb_rc on_refused(void *user, const struct gb_guid *id, const struct gb_err *why,
			     struct gb_err *err)
{
	struct census *census = user;

	(void)id;
	(void)why;
	(void)err;
	census->groups++;
	census->unreadable++;
	return GB_OK;
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct census *census = user;

	census->done = true;
	census->rc = rc;
	if (rc != GB_OK) {
		census->err = *err;
	}
}

static struct census *new_census(struct gb_probe *probe)
{
	struct census *census = gb_new(probe, struct census);
	const struct gb_config *config = probe->config;

	census->probe = probe;
	census->enabled_only = policy_of(config, GB_SCOPE_ENABLED_ONLY);
	census->tenant = policy_of(config, GB_SCOPE_TENANT);
	census->draft = config->writeback.scope == GB_CONFIG_SCOPE_TENANT ? census->tenant
									  : census->enabled_only;
	return census;
}

static enum gb_rc read_groups(struct census *census, struct gb_err *err)
{
	struct gb_session *session = gb_session_new(census, census->probe->config);
	struct gb_cloud_groups_sink sink = {
		.on_group = on_group, .on_refused = on_refused, .done = on_done, .user = census};
	enum gb_rc rc = gb_session_open_cloud(session, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_cloud_list_groups(session->cloud, &sink);
	gb_session_wait(session, &census->done);
	if (census->rc != GB_OK) {
		*err = census->err;
	}
	return census->rc;
}

static void put_state(struct gb_json_writer *w, const char *key, const struct by_state *state)
{
	gb_json_begin_object(w, key);
	gb_json_put_int(w, "total", state->total);
	gb_json_put_int(w, "enabled", state->enabled);
	gb_json_put_int(w, "disabled", state->disabled);
	gb_json_put_int(w, "unset", state->unset);
	gb_json_put_int(w, "unknown", state->unknown);
	gb_json_end_object(w);
}

static void send_counts(const struct census *census)
{
	struct gb_json_writer *w = gb_answer_result(&census->probe->answer);

	gb_json_put_int(w, "groups", census->groups);
	put_state(w, "security", &census->security);
	put_state(w, "microsoft365", &census->microsoft365);
	gb_json_put_int(w, "mailEnabledSecurity", census->mail_enabled_security);
	gb_json_put_int(w, "distribution", census->distribution);
	gb_json_put_int(w, "synced", census->synced);
	gb_json_put_int(w, "dynamic", census->dynamic);
	gb_json_put_int(w, "roleAssignable", census->role_assignable);
	gb_json_put_int(w, "hiddenMembership", census->hidden);
	gb_json_put_int(w, "public", census->is_public);
	gb_json_begin_object(w, "wouldWrite");
	gb_json_put_int(w, "draft", census->in_draft);
	gb_json_put_int(w, "enabledOnly", census->in_enabled_only);
	gb_json_put_int(w, "tenant", census->in_tenant);
	gb_json_put_int(w, "tenantMicrosoft365", census->in_tenant_microsoft365);
	gb_json_end_object(w);
	gb_json_put_int(w, "listed", census->listed);
	gb_json_put_int(w, "unreadable", census->unreadable);
	gb_answer_send(&census->probe->answer, w, true);
}

static enum gb_rc read_listing(struct gb_probe *probe, enum listing *ret_listing,
			       struct gb_err *err)
{
	static const char *const words[] = {"none", "tenant-microsoft365", "enabled"};
	const char *text = gb_probe_text(probe, "list");

	for (size_t i = 0; text && i < GB_ARRAY_SIZE(words); i++) {
		if (strcmp(text, words[i]) == 0) {
			*ret_listing = (enum listing)i;
			return GB_OK;
		}
	}
	*ret_listing = LIST_NONE;
	if (!text) {
		return GB_OK;
	}
	probe->field = (struct gb_answer_field){.argument = "list"};
	gb_err_set(err, GB_E_USAGE, "argument-value",
		   _("The argument list is none of none, tenant-microsoft365, enabled."));
	return gb_err_undone(err, _("The request was not carried out."));
}

enum gb_rc gb_probe_tenant_counts(struct gb_probe *probe, struct gb_err *err)
{
	struct census *census = new_census(probe);
	enum gb_rc rc = read_listing(probe, &census->listing, err);

	census->limit = gb_probe_number(probe, "limit");
	if (rc == GB_OK) {
		rc = read_groups(census, err);
	}
	if (rc == GB_OK) {
		send_counts(census);
	}
	return rc;
}

enum gb_rc gb_probe_tenant_example(struct gb_probe *probe, struct gb_err *err)
{
	struct census *census = new_census(probe);
	const struct gb_cloud_group *group = &census->example;
	char text[GB_GUID_TEXT_BYTES];
	struct gb_json_writer *w;
	enum gb_rc rc = read_groups(census, err);

	if (rc != GB_OK) {
		return rc;
	}
	w = gb_answer_result(&probe->answer);
	if (census->example_rank == 0) {
		gb_json_put_null(w, "example");
	} else {
		gb_json_begin_object(w, "example");
		gb_json_put_text(w, "id", gb_guid_format(&group->id, text));
		gb_json_put_text(w, "displayName", group->display_name);
		gb_json_put_text(w, "objectIdName",
				 gb_naming_cn(census, GB_NAME_OBJECT_ID, group->display_name,
					      &group->id, 0));
		gb_json_put_text(w, "displayNameName",
				 gb_naming_cn(census, GB_NAME_DISPLAY_NAME, group->display_name,
					      &group->id, 0));
		gb_json_end_object(w);
	}
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}
