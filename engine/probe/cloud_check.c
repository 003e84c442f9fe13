/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud.check: does the application get a token, and does the token carry what is needed. */
#include "config.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/claims.h"
#include "engine/cloud/cloud.h"
#include "engine/probe/cloud.h"
#include "engine/probe/directory.h"
#include "engine/sync/endpoints.h"

/* One check. */
struct check {
	struct gb_probe *probe;
	struct gb_session *session;
	struct gb_claims claims;
	const char *failed_step; /* or NULL */
	int64_t began_ms;
	bool done;
	enum gb_rc rc;
	struct gb_err err;
	/* copied from the tenant's answer */
	char *id, *display_name, *default_domain, *initial_domain;
	bool has_tenant;
	int sync_enabled; /* -1: not said */
};

static void tell(struct check *check, const char *step, enum gb_rc rc, const char *text)
{
	int64_t time_ms = gb_clock_boot_ms() - check->began_ms;

	gb_probe_step(check->probe, step, NULL, rc == GB_OK ? "ok" : "failed", time_ms,
		      rc == GB_OK ? text : check->err.what, rc == GB_OK ? NULL : &check->err);
	if (rc != GB_OK) {
		check->failed_step = step;
	}
	check->began_ms = gb_clock_boot_ms();
}

static enum gb_rc discover(struct check *check)
{
	struct gb_entra_discovery found = {0};
	struct gb_entra *entra;
	enum gb_rc rc = gb_probe_entra(check->probe, &entra, &check->err);

	if (rc == GB_OK) {
		rc = gb_entra_discover(entra, check, &found, &check->err);
	}
	tell(check, "discover", rc, found.tenant_id);
	return rc;
}

static void on_token(void *user, enum gb_rc rc, const struct gb_secret *token,
		     const struct gb_err *err)
{
	struct check *check = user;

	check->done = true;
	check->rc = rc;
	if (rc != GB_OK) {
		check->err = *err;
	} else if (!gb_claims_read(check, token, &check->claims)) {
		check->claims = (struct gb_claims){0};
	}
}

static enum gb_rc get_token(struct check *check)
{
	const char *client_id = check->probe->config->cloud.client_id;
	enum gb_rc rc = gb_session_open_cloud(check->session, &check->err);

	if (rc == GB_OK) {
		check->done = false;
		gb_cloud_token(check->session->cloud, on_token, check);
		gb_session_wait(check->session, &check->done);
		rc = check->rc;
	}
	tell(check, "token", rc, client_id ? client_id : _("the identity of this machine"));
	return rc;
}

static size_t count_missing(const struct check *check)
{
	size_t count = 0;

	for (const struct gb_probe_role *r = gb_probe_roles; r->name; r++) {
		count += r->is_needed(check->probe->config) &&
			 !gb_claims_has_role(&check->claims, r->name);
	}
	return count;
}

static enum gb_rc judge_roles(struct check *check)
{
	size_t missing = count_missing(check);

	for (const struct gb_probe_role *r = gb_probe_roles; r->name; r++) {
		struct gb_json_writer *w = gb_answer_item("role");

		gb_json_put_text(w, "role", r->name);
		gb_json_put_bool(w, "present", gb_claims_has_role(&check->claims, r->name));
		gb_json_put_bool(w, "needed", r->is_needed(check->probe->config));
		gb_json_put_text(w, "text", _(r->why));
		gb_answer_send(&check->probe->answer, w, false);
	}
	if (missing > 0) {
		gb_err_set(&check->err, GB_E_ACCESS, "roles-missing",
			   P_("The application lacks a permission.",
			      "The application lacks %zu permissions.", missing),
			   missing);
		gb_err_remedy(&check->err, _("Add them under \"API permissions\" as application "
					     "permissions, and grant admin consent."));
	}
	tell(check, "roles", missing > 0 ? GB_E_ACCESS : GB_OK, _("all permissions are there"));
	return missing > 0 ? GB_E_ACCESS : GB_OK;
}

static void on_tenant(void *user, enum gb_rc rc, const struct gb_cloud_organization *organization,
		      const struct gb_err *err)
{
	struct check *check = user;
	char text[GB_GUID_TEXT_BYTES];

	check->done = true;
	check->rc = rc;
	if (rc != GB_OK) {
		check->err = *err;
		return;
	}
	check->has_tenant = true;
	check->id = gb_strdup(check, gb_guid_format(&organization->tenant_id, text));
	check->display_name = gb_strdup(check, organization->display_name);
	check->default_domain = gb_strdup(check, organization->default_domain);
	check->initial_domain = gb_strdup(check, organization->initial_domain);
	check->sync_enabled = (int)organization->on_premises_sync_enabled;
}

static void read_tenant(struct check *check)
{
	check->done = false;
	gb_cloud_organization(check->session->cloud, on_tenant, check);
	gb_session_wait(check->session, &check->done);
	tell(check, "tenant", check->rc,
	     check->display_name ? gb_text_display(check, check->display_name) : check->id);
}

static void put_roles(struct gb_json_writer *w, const struct check *check)
{
	gb_json_begin_array(w, "missingRoles");
	for (const struct gb_probe_role *r = gb_probe_roles; r->name; r++) {
		if (r->is_needed(check->probe->config) &&
		    !gb_claims_has_role(&check->claims, r->name)) {
			gb_json_put_text(w, NULL, r->name);
		}
	}
	gb_json_end_array(w);
	gb_json_begin_array(w, "superfluousRoles");
	for (size_t i = 0; i < check->claims.role_count; i++) {
		if (strstr(check->claims.roles[i], "Write") != NULL) {
			gb_json_put_text(w, NULL, check->claims.roles[i]);
		}
	}
	gb_json_end_array(w);
}

static void put_tenant(struct gb_json_writer *w, const struct check *check)
{
	if (!check->has_tenant) {
		gb_json_put_null(w, "tenant");
		return;
	}
	gb_json_begin_object(w, "tenant");
	gb_json_put_text(w, "id", check->id);
	gb_json_put_text(w, "displayName", check->display_name);
	gb_json_put_text(w, "defaultDomain", check->default_domain);
	gb_json_put_text(w, "initialDomain", check->initial_domain);
	if (check->sync_enabled < 0) {
		gb_json_put_null(w, "syncEnabled");
	} else {
		gb_json_put_bool(w, "syncEnabled", check->sync_enabled != 0);
	}
	gb_json_end_object(w);
}

static void send_result(const struct check *check)
{
	struct gb_json_writer *w = gb_answer_result(&check->probe->answer);
	int64_t left_ms = check->claims.end_ms - gb_clock_wall_ms();

	gb_json_put_bool(w, "passed", check->failed_step == NULL);
	gb_json_put_text(w, "failedStep", check->failed_step);
	put_tenant(w, check);
	put_roles(w, check);
	gb_answer_put_time(w, "certificateEnd",
			   check->session->cloud
				   ? gb_cloud_certificate_end_ms(check->session->cloud)
				   : 0);
	if (check->claims.end_ms == 0) {
		gb_json_put_null(w, "tokenMinutes");
	} else {
		gb_json_put_int(w, "tokenMinutes", left_ms > 0 ? left_ms / 60000 : 0);
	}
	gb_answer_send(&check->probe->answer, w, true);
}

/* The steps behind one that failed. */
static void tell_rest(struct check *check, size_t from)
{
	static const char *const steps[] = {"discover", "token", "roles", "tenant"};

	for (size_t i = from; i < GB_ARRAY_SIZE(steps); i++) {
		gb_probe_step(check->probe, steps[i], NULL, "not-tried", -1, "", NULL);
	}
}

/* A check that fails is an answer, and no failure to answer. */
enum gb_rc gb_probe_cloud_check(struct gb_probe *probe, struct gb_err *err)
{
	struct check *check = gb_new(probe, struct check);

	(void)err;
	check->probe = probe;
	check->sync_enabled = -1;
	check->session = gb_session_new(check, probe->config);
	check->began_ms = gb_clock_boot_ms();
	if (discover(check) != GB_OK) {
		tell_rest(check, 1);
	} else if (get_token(check) != GB_OK) {
		tell_rest(check, 2);
	} else if (judge_roles(check) != GB_OK) {
		tell_rest(check, 3);
	} else {
		read_tenant(check);
	}
	send_result(check);
	return GB_OK;
}
