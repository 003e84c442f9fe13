/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preflight: everything that can be known before a cycle. */
#include "config.h"

#include "engine/sync/preflight.h"

#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/sync/session.h"

/* A preflight under way. */
struct run {
	struct gb_preflight *result;
	struct gb_session *session;
	bool answered; /* the question to the cloud has ended */
	enum gb_rc rc;
	struct gb_err err;
	char *found; /* what the cloud said */
};

static void add(struct run *run, const char *id, const char *title, enum gb_rc rc,
		const struct gb_err *err, const char *found)
{
	struct gb_preflight *result = run->result;
	struct gb_preflight_line *line;

	if (result->line_count >= GB_PREFLIGHT_MAX_LINES) {
		return;
	}
	line = &result->lines[result->line_count++];
	line->id = id;
	line->title = title;
	line->passed = rc == GB_OK;
	line->text = rc == GB_OK ? gb_strdup(result, found != NULL ? found : "")
				 : gb_err_line(result, err);
	result->exit_code = gb_exit_code_worst(result->exit_code, gb_rc_exit_code(rc));
}

static void check_feature(struct run *run)
{
	struct gb_err err;
	enum gb_rc rc = GB_OK;

	gb_err_clear(&err);
	if (!run->session->config->features.group_writeback) {
		rc = gb_err_set(&err, GB_E_CONFIG, "feature-off",
				_("Group writeback is not enabled."));
		gb_err_remedy(&err, _("Set 'group writeback = yes' in section [features]."));
	}
	add(run, "feature", _("Group writeback is enabled"), rc, &err, NULL);
}

static void check_state_directory(struct run *run)
{
	const char *path = run->session->config->paths.state_directory;
	struct gb_err err;
	enum gb_rc rc = GB_OK;

	gb_err_clear(&err);
	if (access(path, W_OK | X_OK) != 0) {
		rc = gb_err_set(&err, GB_E_IO, "state-directory",
				_("The state directory %s is missing or cannot be written to."),
				path);
		gb_err_remedy(&err,
			      _("Create it with mode 0700 for the user that runs the engine."));
	}
	add(run, "state-directory", _("The state directory can be written to"), rc, &err, path);
}

static bool check_cloud_credential(struct run *run)
{
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = gb_session_open_cloud(run->session, &err);
	add(run, "cloud-credential", _("The credential for the cloud can be read"), rc, &err, NULL);
	return rc == GB_OK;
}

static void organization_done(void *user, enum gb_rc rc,
			      const struct gb_cloud_organization *organization,
			      const struct gb_err *err)
{
	struct run *run = user;
	char id[GB_GUID_TEXT_BYTES];

	run->answered = true;
	run->rc = rc;
	if (rc != GB_OK) {
		run->err = *err;
		return;
	}
	run->found = gb_printf(run, _("Tenant \"%s\", %s."),
			       gb_text_display(run, organization->display_name),
			       gb_guid_format(&organization->tenant_id, id));
}

static void check_tenant(struct run *run)
{
	gb_cloud_organization(run->session->cloud, organization_done, run);
	gb_session_wait(run->session, &run->answered);
	add(run, "cloud-sign-in", _("Sign-in to the tenant and reading from Graph"), run->rc,
	    &run->err, run->found);
}

static bool check_directory(struct run *run)
{
	struct gb_err err;
	enum gb_rc rc;
	char *found = NULL;

	gb_err_clear(&err);
	rc = gb_session_open_directory(run->session, &err);
	if (rc == GB_OK) {
		const struct gb_directory_facts *facts =
			gb_directory_facts(run->session->directory);

		found = gb_printf(run, _("Server %s, domain %s."), facts->server, facts->domain_dn);
	}
	add(run, "directory-sign-in", _("Connection and sign-in to the directory"), rc, &err,
	    found);
	return rc == GB_OK;
}

static void check_schema(struct run *run)
{
	bool has = gb_directory_facts(run->session->directory)->has_external_id;

	add(run, "directory-schema", _("Anchor attribute"), GB_OK, NULL,
	    has ? _("msDS-ExternalDirectoryObjectId and adminDescription.")
		: _("adminDescription alone: the schema is older than Windows Server 2016, so "
		    "groups that other tools wrote in other domains of the forest are not seen."));
}

static void check_container(struct run *run)
{
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = gb_session_check_container(run->session, &err);
	add(run, "container", _("The container, and the account's rights on it"), rc, &err,
	    run->session->config->writeback.container);
}

static void run_online(struct run *run, bool has_cloud)
{
	if (has_cloud) {
		check_tenant(run);
	}
	if (check_directory(run)) {
		check_schema(run);
		check_container(run);
	}
}

struct gb_preflight *gb_preflight_run(const void *ctx, const struct gb_config *config, bool offline)
{
	struct gb_preflight *result = gb_new(ctx, struct gb_preflight);
	struct run *run = gb_new(NULL, struct run);
	bool has_cloud;

	run->result = result;
	run->session = gb_session_new(run, config);
	check_feature(run);
	check_state_directory(run);
	has_cloud = check_cloud_credential(run);
	if (!offline) {
		run_online(run, has_cloud);
	}
	talloc_free(run);
	return result;
}
