/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An application that is being set up. */
#include "config.h"

#include "engine/probe/pending.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/credstore.h"
#include "engine/config/held.h"

#define MAX_BYTES 65536u

static char *record_path(const void *ctx, const struct gb_config *config)
{
	return gb_printf(ctx, "%s/application-pending.json", config->paths.state_directory);
}

static enum gb_rc take(const void *ctx, const struct gb_json *root, struct gb_pending **ret_pending,
		       struct gb_err *err)
{
	struct gb_pending *p = gb_new(ctx, struct gb_pending);

	p->display_name = gb_strdup(p, gb_json_get_text(root, "displayName"));
	p->environment = gb_strdup(p, gb_json_get_text(root, "environment"));
	p->tenant = gb_strdup(p, gb_json_get_text(root, "tenant"));
	p->certificate_pem = gb_strdup(p, gb_json_get_text(root, "certificate"));
	p->application_id = gb_strdup(p, gb_json_get_text(root, "applicationId"));
	p->client_id = gb_strdup(p, gb_json_get_text(root, "clientId"));
	p->principal_id = gb_strdup(p, gb_json_get_text(root, "servicePrincipalId"));
	p->has_roles = gb_json_get_bool(root, "hasRoles", false);
	if (!gb_json_get_int(root, "beganMs", &p->began_ms) || !p->certificate_pem ||
	    !p->display_name) {
		talloc_free(p);
		return gb_err_set(err, GB_E_CONFIG, "pending-record",
				  _("The record of an application that is being set up is broken."));
	}
	*ret_pending = p;
	return GB_OK;
}

enum gb_rc gb_pending_load(const void *ctx, const struct gb_config *config,
			   struct gb_pending **ret_pending, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char *path = record_path(tmp, config);
	struct gb_json_doc *doc;
	size_t length;
	char *bytes;
	enum gb_rc rc;

	*ret_pending = NULL;
	rc = gb_file_read_trusted(tmp, path, MAX_BYTES, &bytes, &length, err);
	if (rc != GB_OK && err->native == ENOENT) {
		talloc_free(tmp);
		return GB_OK;
	}
	if (rc == GB_OK) {
		rc = gb_json_parse(tmp, bytes, length, path, &doc, err);
	}
	if (rc == GB_OK) {
		rc = take(ctx, gb_json_root(doc), ret_pending, err);
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_pending_save(const struct gb_pending *pending, const struct gb_config *config,
			   struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, true);
	char *path = record_path(w, config);
	const char *text;
	enum gb_rc rc;

	(void)mkdir(config->paths.state_directory, 0750); /* else writing tells why not */
	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_int(w, "beganMs", pending->began_ms);
	gb_json_put_text(w, "displayName", pending->display_name);
	gb_json_put_text(w, "environment", pending->environment);
	gb_json_put_text(w, "tenant", pending->tenant);
	gb_json_put_text(w, "certificate", pending->certificate_pem);
	gb_json_put_text(w, "applicationId", pending->application_id);
	gb_json_put_text(w, "clientId", pending->client_id);
	gb_json_put_text(w, "servicePrincipalId", pending->principal_id);
	gb_json_put_bool(w, "hasRoles", pending->has_roles);
	gb_json_end_object(w);
	text = gb_json_writer_text(w);
	rc = gb_file_write_atomic(path, text, strlen(text), 0644, err);
	talloc_free(w);
	return rc;
}

void gb_pending_forget(const struct gb_config *config)
{
	char *path = record_path(NULL, config);

	(void)unlink(path);
	talloc_free(path);
}

bool gb_pending_is_for(const struct gb_pending *pending, const struct gb_config *config)
{
	/* One that was prepared for a colleague learns its client id from the draft. */
	return pending && config->cloud.client_id &&
	       config->cloud.credential == GB_CONFIG_CREDENTIAL_CERTIFICATE &&
	       (!pending->client_id ||
		gb_text_equal_nocase(pending->client_id, config->cloud.client_id));
}

void gb_pending_hold(struct gb_config *config)
{
	struct gb_pending *pending = NULL;
	struct gb_secret *key = NULL;
	struct gb_err err;

	if (gb_held_secret(config, GB_HELD_CLOUD_KEY) ||
	    gb_pending_load(config, config, &pending, &err) != GB_OK ||
	    !gb_pending_is_for(pending, config) ||
	    gb_credstore_read(config, config, GB_CREDENTIAL_CLOUD_KEY, true, &key, &err) != GB_OK) {
		talloc_free(pending);
		return;
	}
	gb_held_put(config, GB_HELD_CLOUD_KEY, key);
	gb_held_put_public(config, GB_HELD_CERTIFICATE, pending->certificate_pem);
	talloc_free(key);
	talloc_free(pending);
}
