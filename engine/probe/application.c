/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the application: key, sign-in, registration, consent, and a token that carries it. */
#include "config.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/cloud/application.h"
#include "engine/cloud/cloud.h"
#include "engine/config/credstore.h"
#include "engine/config/held.h"
#include "engine/config/keys.h"
#include "engine/config/value.h"
#include "engine/probe/cloud.h"
#include "engine/probe/pending.h"
#include "engine/sync/session.h"

/* A new application is known everywhere within seconds, sometimes minutes. */
#define TOKEN_PATIENCE_MS 300000
#define TOKEN_PAUSE_MS    3000

/* A set-up under way. */
struct setup {
	struct gb_probe *probe;
	struct gb_pending *pending;
	struct gb_keypair *keypair; /* of the pending certificate, without the key */
	struct gb_entra *entra;
	struct gb_entra_discovery found;
	struct gb_application_resource resource;
	struct gb_probe_features features;
	bool has_features;
	bool resumed;
	int64_t began_ms; /* of the step */
};

static const char *default_name(const void *ctx)
{
	struct utsname host;

	return uname(&host) == 0 ? gb_printf(ctx, "groupback %s", host.nodename) : "groupback";
}

static char *environment_word(const struct gb_probe *probe, const void *ctx)
{
	return gb_config_get(ctx, probe->config, gb_key_find("cloud", "environment"));
}

static enum gb_rc make_key(struct gb_probe *probe, struct gb_pending **ret_pending,
			   struct gb_err *err)
{
	const char *name = gb_probe_text(probe, "displayName");
	struct gb_pending *pending = gb_new(probe, struct gb_pending);
	struct gb_keypair *keypair;
	enum gb_rc rc = gb_keypair_make(pending, name ? name : default_name(pending),
					(int)gb_probe_number(probe, "validDays"), &keypair, err);

	if (rc != GB_OK) {
		return rc;
	}
	pending->began_ms = gb_clock_wall_ms();
	pending->display_name = gb_strdup(pending, name ? name : default_name(pending));
	pending->environment = environment_word(probe, pending);
	pending->tenant = gb_strdup(pending, probe->config->cloud.tenant);
	pending->certificate_pem = keypair->certificate_pem;
	/* The key first: a record without its key would promise what is not there. */
	rc = gb_credstore_write(probe->config, GB_CREDENTIAL_CLOUD_KEY, true, keypair->key_pem,
				err);
	if (rc == GB_OK) {
		rc = gb_pending_save(pending, probe->config, err);
	}
	gb_held_put(probe->config, GB_HELD_CLOUD_KEY, keypair->key_pem);
	*ret_pending = pending;
	return rc;
}

/* Goes on with a set-up of the same tenant if its key is still there. */
static bool resume(struct gb_probe *probe, struct gb_pending *pending)
{
	const char *tenant = probe->config->cloud.tenant;
	struct gb_secret *key;
	struct gb_err err;

	if (!pending || (pending->application_id && pending->tenant && tenant &&
			 strcmp(pending->tenant, tenant) != 0)) {
		return false;
	}
	if (gb_credstore_read(probe, probe->config, GB_CREDENTIAL_CLOUD_KEY, true, &key, &err) !=
	    GB_OK) {
		return false;
	}
	gb_held_put(probe->config, GB_HELD_CLOUD_KEY, key);
	talloc_free(key);
	return true;
}

static enum gb_rc other_tenant(const struct gb_pending *pending, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "application-other-pending",
		   _("An application that was begun in tenant %s is not finished."),
		   pending->tenant ? pending->tenant : "?");
	gb_err_undone(err, _("No other one was begun."));
	return gb_err_remedy(err, _("Clean that one up, or finish it."));
}

/* With root's rights still there: the store may be root's. */
enum gb_rc gb_probe_application_make_key(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_pending *pending;
	enum gb_rc rc = gb_pending_load(probe, probe->config, &pending, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (resume(probe, pending)) {
		probe->is_resumed = true;
	} else if (pending && pending->application_id) {
		return other_tenant(pending, err);
	} else {
		rc = make_key(probe, &pending, err);
	}
	if (rc == GB_OK) {
		gb_held_put_public(probe->config, GB_HELD_CERTIFICATE, pending->certificate_pem);
		probe->prepared = pending;
	}
	return rc;
}

static void begin(struct setup *setup, const char *step, const char *text)
{
	setup->began_ms = gb_clock_boot_ms();
	gb_probe_begin(setup->probe, step, text);
}

static void end(struct setup *setup, const char *step, enum gb_rc rc, const char *text)
{
	gb_probe_end(setup->probe, step, rc == GB_OK ? GB_ANSWER_DONE : GB_ANSWER_FAILED, text,
		     gb_clock_boot_ms() - setup->began_ms);
}

static void skip(struct setup *setup, const char *step, const char *text)
{
	gb_probe_end(setup->probe, step, GB_ANSWER_SKIPPED, text, 0);
}

static enum gb_rc save(struct setup *setup, struct gb_err *err)
{
	return gb_pending_save(setup->pending, setup->probe->config, err);
}

static enum gb_rc do_sign_in(struct setup *setup, struct gb_err *err)
{
	struct gb_probe *probe = setup->probe;
	const char *scopes = gb_printf(
		probe, "%s %s%s%s", GB_PROBE_SCOPES_APPLICATION,
		"OnPremDirectorySynchronization.Read.All",
		gb_probe_has(probe, "newGroupsDefault") ? " " : "",
		gb_probe_has(probe, "newGroupsDefault") ? GB_PROBE_SCOPES_DEFAULT : "");
	enum gb_rc rc;

	begin(setup, "sign-in", _("Sign in once, in a browser"));
	rc = gb_probe_entra(probe, &setup->entra, err);
	if (rc == GB_OK) {
		rc = gb_entra_discover(setup->entra, probe, &setup->found, err);
	}
	if (rc == GB_OK) {
		rc = gb_probe_sign_in(probe, setup->entra, scopes, err);
	}
	end(setup, "sign-in", rc, rc == GB_OK ? gb_entra_person(setup->entra)->account : err->what);
	return rc;
}

static enum gb_rc do_resource(struct setup *setup, struct gb_err *err)
{
	const char *roles[GB_APPLICATION_MAX_ROLES];
	const struct gb_config *config = setup->probe->config;
	size_t count = 0;
	enum gb_rc rc;

	/* Reading hidden members is asked for only by those who want it. */
	for (const struct gb_probe_role *r = gb_probe_roles; r->name; r++) {
		if (r->is_needed(config) || strcmp(r->name, "Member.Read.Hidden") != 0) {
			roles[count++] = r->name;
		}
	}
	begin(setup, "resource", _("Looking up Microsoft Graph in the tenant"));
	rc = gb_application_find_resource(setup->entra, setup->probe, roles, count,
					  &setup->resource, err);
	end(setup, "resource", rc, rc == GB_OK ? "Microsoft Graph" : err->what);
	return rc;
}

static enum gb_rc do_application(struct setup *setup, struct gb_err *err)
{
	struct gb_pending *pending = setup->pending;
	enum gb_rc rc;

	if (pending->application_id) {
		skip(setup, "application", pending->client_id);
		return GB_OK;
	}
	begin(setup, "application", _("Registering the application"));
	rc = gb_application_register(setup->entra, pending, pending->display_name,
				     &setup->resource, setup->keypair, &pending->application_id,
				     &pending->client_id, err);
	if (rc == GB_OK) {
		rc = save(setup, err);
	}
	end(setup, "application", rc, rc == GB_OK ? pending->client_id : err->what);
	return rc;
}

static enum gb_rc do_principal(struct setup *setup, struct gb_err *err)
{
	struct gb_pending *pending = setup->pending;
	enum gb_rc rc;

	if (pending->principal_id) {
		skip(setup, "service-principal", pending->principal_id);
		return GB_OK;
	}
	begin(setup, "service-principal", _("Making its service principal"));
	rc = gb_application_make_principal(setup->entra, pending, pending->client_id,
					   &pending->principal_id, err);
	if (rc == GB_OK) {
		rc = save(setup, err);
	}
	end(setup, "service-principal", rc, rc == GB_OK ? pending->principal_id : err->what);
	return rc;
}

static enum gb_rc do_roles(struct setup *setup, struct gb_err *err)
{
	enum gb_rc rc;

	begin(setup, "roles", _("Granting the permissions"));
	rc = gb_application_grant(setup->entra, setup->pending->principal_id, &setup->resource,
				  err);
	if (rc == GB_OK) {
		setup->pending->has_roles = true;
		rc = save(setup, err);
	}
	end(setup, "roles", rc, rc == GB_OK ? _("granted") : err->what);
	return rc;
}

static enum gb_rc put(struct gb_config *config, const char *section, const char *key,
		      const char *value, struct gb_err *err)
{
	return gb_config_set(config, gb_key_find(section, key), value, err);
}

static enum gb_rc adopt(struct setup *setup, struct gb_err *err)
{
	struct gb_config *config = setup->probe->config;
	enum gb_rc rc = put(config, "cloud", "client id", setup->pending->client_id, err);

	if (rc == GB_OK) {
		rc = put(config, "cloud", "credential", "certificate", err);
	}
	return rc == GB_OK ? put(config, "cloud", "tenant", setup->found.tenant_id, err) : rc;
}

/* One try for a token. */
struct try {
	bool done;
	enum gb_rc rc;
	struct gb_err err;
	struct gb_claims claims;
	void *ctx;
};

static void on_token(void *user, enum gb_rc rc, const struct gb_secret *token,
		     const struct gb_err *err)
{
	struct try *try = user;

	try->done = true;
	try->rc = rc;
	if (rc != GB_OK) {
		try->err = *err;
	} else if (!gb_claims_read(try->ctx, token, &try->claims)) {
		try->claims = (struct gb_claims){0};
	}
}

static bool carries_roles(const struct gb_config *config, const struct gb_claims *claims)
{
	for (const struct gb_probe_role *r = gb_probe_roles; r->name; r++) {
		if (r->is_needed(config) && !gb_claims_has_role(claims, r->name)) {
			return false;
		}
	}
	return true;
}

/* A client of its own each time: a refusal or a token without roles would be remembered. */
static enum gb_rc try_token(struct setup *setup, struct gb_err *err)
{
	struct gb_session *session = gb_session_new(NULL, setup->probe->config);
	struct try try = {.ctx = session};
	enum gb_rc rc = gb_session_open_cloud(session, err);

	if (rc == GB_OK) {
		gb_cloud_token(session->cloud, on_token, &try);
		gb_session_wait(session, &try.done);
		rc = try.rc;
		*err = try.err;
	}
	if (rc == GB_OK && !carries_roles(setup->probe->config, &try.claims)) {
		rc = gb_err_set(err, GB_E_TRY_AGAIN, "roles-missing",
				_("The token does not carry the permissions yet."));
		gb_err_remedy(err, _("Wait a few minutes, then try again: the set-up goes on where "
				     "it is."));
	}
	talloc_free(session);
	return rc;
}

static enum gb_rc do_token(struct setup *setup, struct gb_err *err)
{
	int64_t end_ms = gb_clock_boot_ms() + TOKEN_PATIENCE_MS;
	int64_t tries = 0;
	enum gb_rc rc = adopt(setup, err);

	begin(setup, "token", _("Waiting until a token carries the permissions"));
	while (rc == GB_OK) {
		rc = try_token(setup, err);
		if (rc == GB_OK || rc == GB_E_CONFIG || gb_clock_boot_ms() > end_ms) {
			break;
		}
		gb_probe_count(setup->probe, "token", err->what, ++tries, -1);
		gb_entra_sleep(setup->entra, TOKEN_PAUSE_MS);
		rc = GB_OK;
	}
	end(setup, "token", rc, rc == GB_OK ? _("the application works") : err->what);
	return rc;
}

static enum gb_rc do_features(struct setup *setup, struct gb_err *err)
{
	struct gb_probe *probe = setup->probe;
	bool before = false;
	enum gb_rc rc = GB_OK;

	if (!gb_probe_flag(probe, "readFeatures") && !gb_probe_has(probe, "newGroupsDefault")) {
		skip(setup, "features", "");
		return GB_OK;
	}
	begin(setup, "features", _("Reading the writeback features of the tenant"));
	if (gb_probe_has(probe, "newGroupsDefault")) {
		rc = gb_probe_set_default(probe, setup->entra,
					  gb_probe_flag(probe, "newGroupsDefault"), &before, err);
	}
	gb_probe_read_features(probe, setup->entra, setup->found.tenant_id, &setup->features);
	setup->has_features = true;
	end(setup, "features", rc, rc == GB_OK ? "" : err->what);
	return rc;
}

static void put_certificate(struct gb_json_writer *w, const struct gb_keypair *keypair)
{
	gb_json_begin_object(w, "certificate");
	gb_json_put_text(w, "sha1", keypair->sha1);
	gb_json_put_text(w, "sha256", keypair->sha256);
	gb_answer_put_time(w, "notAfter", keypair->end_ms);
	gb_json_put_text(w, "pem", keypair->certificate_pem);
	gb_json_end_object(w);
}

static void send_created(const struct setup *setup)
{
	const struct gb_pending *pending = setup->pending;
	struct gb_json_writer *w = gb_answer_result(&setup->probe->answer);

	gb_json_begin_object(w, "config");
	gb_json_begin_object(w, "cloud");
	gb_json_put_text(w, "tenant", setup->found.tenant_id);
	gb_json_put_text(w, "client id", pending->client_id);
	gb_json_put_text(w, "credential", "certificate");
	gb_json_end_object(w);
	gb_json_end_object(w);
	gb_json_put_text(w, "clientId", pending->client_id);
	gb_json_put_text(w, "applicationId", pending->application_id);
	gb_json_put_text(w, "servicePrincipalId", pending->principal_id);
	gb_json_put_text(w, "tenantId", setup->found.tenant_id);
	put_certificate(w, setup->keypair);
	gb_json_put_bool(w, "resumed", setup->resumed);
	gb_probe_put_features(w, setup->has_features ? &setup->features : NULL);
	gb_answer_send(&setup->probe->answer, w, true);
}

static enum gb_rc (*const steps[])(struct setup *setup, struct gb_err *err) = {
	do_sign_in, do_resource, do_application, do_principal, do_roles, do_token, do_features,
};

enum gb_rc gb_probe_application_create(struct gb_probe *probe, struct gb_err *err)
{
	struct setup *setup = gb_new(probe, struct setup);
	enum gb_rc rc;

	setup->probe = probe;
	setup->pending = probe->prepared;
	setup->resumed = probe->is_resumed;
	rc = gb_keypair_describe(setup, setup->pending->certificate_pem, &setup->keypair, err);
	if (rc == GB_OK) {
		gb_probe_end(probe, "key", setup->resumed ? GB_ANSWER_SKIPPED : GB_ANSWER_DONE,
			     setup->keypair->sha1, 0);
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(steps) && rc == GB_OK; i++) {
		rc = steps[i](setup, err);
	}
	if (rc == GB_OK) {
		send_created(setup);
	}
	return rc;
}

enum gb_rc gb_probe_application_pending(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_pending *pending;
	struct gb_json_writer *w;
	enum gb_rc rc = gb_pending_load(probe, probe->config, &pending, err);

	if (rc != GB_OK) {
		return rc;
	}
	w = gb_answer_result(&probe->answer);
	gb_json_put_bool(w, "pending", pending != NULL);
	if (pending) {
		gb_answer_put_time(w, "began", pending->began_ms);
		gb_json_put_text(w, "displayName", pending->display_name);
		gb_json_put_text(w, "clientId", pending->client_id);
		gb_json_put_text(w, "tenant", pending->tenant);
		gb_json_put_text(w, "environment", pending->environment);
		gb_json_begin_array(w, "done");
		gb_json_put_text(w, NULL, "key");
		if (pending->application_id) {
			gb_json_put_text(w, NULL, "application");
		}
		if (pending->principal_id) {
			gb_json_put_text(w, NULL, "service-principal");
		}
		if (pending->has_roles) {
			gb_json_put_text(w, NULL, "roles");
		}
		gb_json_end_array(w);
		gb_json_put_bool(w, "hasKey", probe->is_resumed);
	}
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}

/* As root: is the key there. */
enum gb_rc gb_probe_application_see_key(struct gb_probe *probe, struct gb_err *err)
{
	char *path = gb_credstore_path(probe, probe->config, GB_CREDENTIAL_CLOUD_KEY, true);

	(void)err;
	probe->is_resumed = access(path, F_OK) == 0;
	return GB_OK;
}

/* As root: without its key the application is of no use to anybody, whatever happens next. */
enum gb_rc gb_probe_application_drop_key(struct gb_probe *probe, struct gb_err *err)
{
	char *path = gb_credstore_path(probe, probe->config, GB_CREDENTIAL_CLOUD_KEY, true);

	(void)err;
	(void)unlink(path);
	return GB_OK;
}

enum gb_rc gb_probe_application_clean_up(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_pending *pending;
	struct gb_json_writer *w;
	struct gb_entra *entra;
	bool found = false;
	enum gb_rc rc = gb_pending_load(probe, probe->config, &pending, err);

	if (rc == GB_OK && !pending) {
		return gb_err_set(err, GB_E_USAGE, "application-none-pending",
				  _("No application is being set up."));
	}
	if (rc == GB_OK && pending->application_id) {
		rc = gb_probe_entra(probe, &entra, err);
		if (rc == GB_OK) {
			rc = gb_probe_sign_in(probe, entra, "Application.ReadWrite.All", err);
		}
		if (rc == GB_OK) {
			rc = gb_application_delete(entra, pending->application_id, &found, err);
		}
	}
	if (rc != GB_OK) {
		return rc;
	}
	gb_pending_forget(probe->config);
	w = gb_answer_result(&probe->answer);
	gb_json_put_bool(w, "deleted", found);
	gb_json_put_bool(w, "forgot", true);
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}
