/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preflight: everything that can be known before a cycle. */
#include "config.h"

#include "engine/manage/preflight.h"

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/manage/preflight_parts.h"
#include "engine/sync/session.h"

/** A certificate that ends earlier than this is worth a look. */
#define CERTIFICATE_SOON_MS (30 * INT64_C(86400000))

/* The question to the cloud. */
struct asking {
	const void *ctx;
	bool answered;
	enum gb_rc rc;
	struct gb_err err;
	char *found; /* what it said */
};

static struct gb_preflight_line *next_line(struct gb_preflight *result)
{
	return result->line_count < GB_PREFLIGHT_MAX_LINES ? &result->lines[result->line_count++]
							   : NULL;
}

void gb_preflight_add(struct gb_preflight_run *run, const char *id, const char *title,
		      enum gb_rc rc, const struct gb_err *err, const char *found)
{
	struct gb_preflight *result = run->result;
	struct gb_preflight_line *line = next_line(result);

	if (line != NULL) {
		line->id = id;
		line->title = title;
		line->passed = rc == GB_OK;
		line->text = rc == GB_OK ? gb_strdup(result, found != NULL ? found : "")
					 : gb_err_line(result, err);
	}
	result->exit_code = gb_exit_code_worst(result->exit_code, gb_rc_exit_code(rc));
}

void gb_preflight_warn(struct gb_preflight_run *run, const char *id, const char *title,
		       const char *text)
{
	struct gb_preflight_line *line = next_line(run->result);

	if (line != NULL) {
		line->id = id;
		line->title = title;
		line->passed = true;
		line->is_warning = true;
		line->text = gb_strdup(run->result, text);
	}
}

static void check_feature(struct gb_preflight_run *run)
{
	struct gb_err err;
	enum gb_rc rc = GB_OK;

	gb_err_clear(&err);
	if (gb_config_undoes_writeback(run->session->config)) {
		gb_preflight_warn(run, "feature", _("Group writeback is off"),
				  _("What was written so far is disabled or deleted."));
		return;
	}
	if (!run->session->config->features.group_writeback) {
		rc = gb_err_set(&err, GB_E_CONFIG, "feature-off",
				_("Group writeback is not enabled."));
		gb_err_remedy(&err, _("Set 'group writeback = yes' in section [features]."));
	}
	gb_preflight_add(run, "feature", _("Group writeback is enabled"), rc, &err, NULL);
}

/* Only for a certificate; nobody can look into a client secret. */
static void check_certificate(struct gb_preflight_run *run)
{
	const char *title = _("The certificate for the cloud is valid");
	int64_t end_ms = gb_cloud_certificate_end_ms(run->session->cloud);
	int64_t left_ms = end_ms - gb_clock_wall_ms();
	char text[GB_CLOCK_TEXT_BYTES];
	char *found = gb_printf(run, _("Until %s."), gb_clock_format(end_ms, text));
	struct gb_err err;

	if (end_ms == 0) {
		return;
	}
	if (left_ms <= 0) {
		gb_err_clear(&err);
		gb_err_set(&err, GB_E_ACCESS, "cloud-certificate-expired", _("It ended at %s."),
			   text);
		gb_err_remedy(&err, _("Make a new one and upload it to the application."));
		gb_preflight_add(run, "cloud-certificate", title, GB_E_ACCESS, &err, NULL);
	} else if (left_ms < CERTIFICATE_SOON_MS) {
		gb_preflight_warn(run, "cloud-certificate", title,
				  gb_printf(run,
					    _("%s Make a new one and upload it to the application "
					      "before."),
					    found));
	} else {
		gb_preflight_add(run, "cloud-certificate", title, GB_OK, NULL, found);
	}
}

static bool check_cloud_credential(struct gb_preflight_run *run)
{
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = gb_session_open_cloud(run->session, &err);
	gb_preflight_add(run, "cloud-credential", _("The credential for the cloud can be read"), rc,
			 &err, NULL);
	if (rc == GB_OK) {
		check_certificate(run);
	}
	return rc == GB_OK;
}

static void organization_done(void *user, enum gb_rc rc,
			      const struct gb_cloud_organization *organization,
			      const struct gb_err *err)
{
	struct asking *asking = user;
	char id[GB_GUID_TEXT_BYTES];

	asking->answered = true;
	asking->rc = rc;
	if (rc != GB_OK) {
		asking->err = *err;
		return;
	}
	asking->found = gb_printf(asking->ctx, _("Tenant \"%s\", %s."),
				  gb_text_display(asking->ctx, organization->display_name),
				  gb_guid_format(&organization->tenant_id, id));
}

static void check_tenant(struct gb_preflight_run *run)
{
	struct asking asking = {.ctx = run};

	gb_cloud_organization(run->session->cloud, organization_done, &asking);
	gb_session_wait(run->session, &asking.answered);
	gb_preflight_add(run, "cloud-sign-in", _("Sign-in to the tenant and reading from Graph"),
			 asking.rc, &asking.err, asking.found);
}

static bool check_directory(struct gb_preflight_run *run)
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
	gb_preflight_add(run, "directory-sign-in", _("Connection and sign-in to the directory"), rc,
			 &err, found);
	return rc == GB_OK;
}

static void check_schema(struct gb_preflight_run *run)
{
	bool has = gb_directory_facts(run->session->directory)->has_external_id;

	gb_preflight_add(
		run, "directory-schema", _("Anchor attribute"), GB_OK, NULL,
		has ? _("msDS-ExternalDirectoryObjectId and adminDescription.")
		    : _("adminDescription alone: the schema is older than Windows Server 2016, so "
			"groups that other tools wrote in other domains of the forest are not "
			"seen."));
}

static void check_container(struct gb_preflight_run *run)
{
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = gb_session_check_container(run->session, &err);
	gb_preflight_add(run, "container", _("The container, and the account's rights on it"), rc,
			 &err, run->session->config->writeback.container);
}

static void run_online(struct gb_preflight_run *run, bool has_cloud)
{
	if (has_cloud) {
		check_tenant(run);
	}
	if (check_directory(run)) {
		check_schema(run);
		gb_preflight_authority(run);
		check_container(run);
		gb_preflight_directory(run);
	}
}

struct gb_preflight *gb_preflight_run(const void *ctx, const struct gb_config *config, bool offline)
{
	struct gb_preflight *result = gb_new(ctx, struct gb_preflight);
	struct gb_preflight_run *run = gb_new(NULL, struct gb_preflight_run);
	bool has_cloud;

	run->result = result;
	run->session = gb_session_new(run, config);
	check_feature(run);
	gb_preflight_machine(run);
	has_cloud = check_cloud_credential(run);
	if (!offline) {
		run_online(run, has_cloud);
	}
	talloc_free(run);
	return result;
}
