/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests: one JSON line, checked as a whole. */
#include "config.h"

#include "engine/probe/request.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/credentials.h"
#include "engine/config/dn_text.h"
#include "engine/config/held.h"
#include "engine/config/keys.h"
#include "engine/config/problems.h"
#include "engine/config/validate.h"
#include "engine/config/value.h"

static enum gb_rc refuse(const char *id, const char *what, struct gb_err *err)
{
	gb_err_set(err, GB_E_USAGE, id, "%s", what);
	return gb_err_undone(err, _("The request was not carried out."));
}

static enum gb_rc refuse_member(const char *name, const char *why, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, name);

	gb_err_set(err, GB_E_USAGE, "request-member", _("The request's member \"%s\" %s."), shown,
		   why);
	talloc_free(shown);
	return gb_err_undone(err, _("The request was not carried out."));
}

static enum gb_rc check_members(const struct gb_json *root, struct gb_err *err)
{
	static const struct {
		const char *name;
		enum gb_json_kind kind;
	} members[] = {
		{"schema", GB_JSON_NUMBER},     {"question", GB_JSON_STRING},
		{"timeoutMs", GB_JSON_NUMBER},  {"config", GB_JSON_OBJECT},
		{"secrets", GB_JSON_OBJECT},    {"arguments", GB_JSON_OBJECT},
	};

	for (const struct gb_json *m = gb_json_first(root); m; m = gb_json_next(m)) {
		size_t i = 0;

		while (i < GB_ARRAY_SIZE(members) &&
		       strcmp(members[i].name, gb_json_name(m)) != 0) {
			i++;
		}
		if (i == GB_ARRAY_SIZE(members)) {
			return refuse_member(gb_json_name(m), _("is not known"), err);
		}
		if (gb_json_kind(m) != members[i].kind) {
			return refuse_member(gb_json_name(m), _("is of a wrong type"), err);
		}
	}
	return GB_OK;
}

static enum gb_rc set_value(struct gb_probe *probe, const char *section,
			    const struct gb_json *member, struct gb_err *err)
{
	const char *name = gb_json_name(member);
	const struct gb_key *key = gb_key_find(section, name);
	char *shown;

	if (!key) {
		shown = gb_printf(NULL, "[%s] %s", section, name);
		gb_err_set(err, GB_E_CONFIG, "config-unknown",
			   _("%s is no key of the configuration."), gb_text_display(shown, shown));
		talloc_free(shown);
		return gb_err_undone(err, _("The request was not carried out."));
	}
	probe->field = (struct gb_answer_field){.section = key->section, .key = key->name};
	if (gb_json_kind(member) != GB_JSON_STRING) {
		return refuse_member(name, _("is no text"), err);
	}
	if (gb_config_set(probe->config, key, gb_json_text(member), err) != GB_OK) {
		return gb_err_undone(err, _("The request was not carried out."));
	}
	probe->field = (struct gb_answer_field){0};
	return GB_OK;
}

static enum gb_rc take_config(struct gb_probe *probe, const struct gb_json *config,
			      struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	for (const struct gb_json *s = gb_json_first(config); s && rc == GB_OK;
	     s = gb_json_next(s)) {
		if (gb_json_kind(s) != GB_JSON_OBJECT) {
			return refuse_member(gb_json_name(s), _("is no section"), err);
		}
		for (const struct gb_json *v = gb_json_first(s); v && rc == GB_OK;
		     v = gb_json_next(v)) {
			rc = set_value(probe, gb_json_name(s), v, err);
		}
	}
	return rc;
}

static const struct {
	const char *name;
	enum gb_held_kind kind; /* GB_HELD_COUNT: the administrator's password */
} secret_names[] = {
	{"cloud-secret", GB_HELD_CLOUD_SECRET},
	{"cloud-key", GB_HELD_CLOUD_KEY},
	{"directory-password", GB_HELD_DIRECTORY_PASSWORD},
	{"directory-keytab", GB_HELD_DIRECTORY_KEYTAB},
	{"certificate", GB_HELD_CERTIFICATE},
	{"cloud-ca", GB_HELD_CLOUD_CA},
	{"directory-ca", GB_HELD_DIRECTORY_CA},
	{"administrator-password", GB_HELD_COUNT},
};

/* The document's own copy would outlive the secret. */
static void wipe(const char *text)
{
	gb_secret_wipe((void *)(uintptr_t)text, strlen(text));
}

static enum gb_rc bad_secret(const char *name, const char *why, struct gb_err *err)
{
	gb_err_set(err, GB_E_USAGE, "secret-value", _("The secret %s %s."), name, why);
	return gb_err_undone(err, _("The request was not carried out."));
}

static enum gb_rc hold_keytab(struct gb_probe *probe, const char *text, struct gb_err *err)
{
	size_t size = strlen(text);
	uint8_t *bytes = gb_new_array(probe, uint8_t, size);
	int length = gb_digest_base64_decode(text, bytes, size);
	struct gb_secret *keytab;

	if (length <= 0) {
		return bad_secret("directory-keytab", _("is not valid base64"), err);
	}
	keytab = gb_secret_new(probe, bytes, (size_t)length);
	gb_secret_wipe(bytes, size);
	gb_held_put(probe->config, GB_HELD_DIRECTORY_KEYTAB, keytab);
	talloc_free(keytab);
	return GB_OK;
}

static enum gb_rc hold(struct gb_probe *probe, size_t which, const char *text, struct gb_err *err)
{
	enum gb_held_kind kind = secret_names[which].kind;
	size_t length = strlen(text);
	struct gb_secret *secret;

	if (length == 0 || length > GB_SECRET_MAX_BYTES) {
		return bad_secret(secret_names[which].name, _("is empty or too long"), err);
	}
	if (kind == GB_HELD_DIRECTORY_KEYTAB) {
		return hold_keytab(probe, text, err);
	}
	if (kind >= GB_HELD_CERTIFICATE && kind != GB_HELD_COUNT) {
		gb_held_put_public(probe->config, kind, text);
		return GB_OK;
	}
	secret = gb_secret_new(probe, text, length);
	if (kind == GB_HELD_COUNT) {
		probe->administrator = secret;
	} else {
		gb_held_put(probe->config, kind, secret);
		talloc_free(secret);
	}
	return GB_OK;
}

static enum gb_rc take_secret(struct gb_probe *probe, const struct gb_json *member,
			      struct gb_err *err)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(secret_names); i++) {
		if (strcmp(secret_names[i].name, gb_json_name(member)) != 0) {
			continue;
		}
		probe->field = (struct gb_answer_field){.secret = secret_names[i].name};
		if (gb_json_kind(member) != GB_JSON_STRING) {
			return refuse_member(secret_names[i].name, _("is no text"), err);
		}
		if (hold(probe, i, gb_json_text(member), err) != GB_OK) {
			return err->rc;
		}
		probe->field = (struct gb_answer_field){0};
		return GB_OK;
	}
	return refuse("secret-unknown", _("The request names a secret that is not known."), err);
}

/* Whatever becomes of the request, no text of a secret stays behind. */
static void wipe_secrets(const struct gb_json *secrets)
{
	for (const struct gb_json *s = gb_json_first(secrets); s; s = gb_json_next(s)) {
		if (gb_json_kind(s) == GB_JSON_STRING) {
			wipe(gb_json_text(s));
		}
	}
}

enum gb_rc gb_request_take_draft(struct gb_probe *probe, const struct gb_json *root,
				 struct gb_err *err)
{
	const struct gb_json *secrets = gb_json_get(root, "secrets");
	enum gb_rc rc = take_config(probe, gb_json_get(root, "config"), err);

	for (const struct gb_json *s = gb_json_first(secrets); s && rc == GB_OK;
	     s = gb_json_next(s)) {
		rc = take_secret(probe, s, err);
	}
	wipe_secrets(secrets);
	return rc;
}

static const struct gb_probe_argument *find_argument(const struct gb_probe_question *question,
						     const char *name)
{
	for (const struct gb_probe_argument *a = question->arguments; a && a->name; a++) {
		if (strcmp(a->name, name) == 0) {
			return a;
		}
	}
	return NULL;
}

static enum gb_rc bad_argument(const struct gb_probe_argument *argument, const char *why,
			       struct gb_err *err)
{
	gb_err_set(err, GB_E_USAGE, "argument-value", _("The argument %s %s."), argument->name,
		   why);
	return gb_err_undone(err, _("The request was not carried out."));
}

static enum gb_rc check_text(const struct gb_probe_argument *argument, const char *text,
			     struct gb_err *err)
{
	size_t length = text ? strlen(text) : 0;
	char *dn;

	if (!text || (int64_t)length < argument->min || (int64_t)length > argument->max) {
		return bad_argument(argument, _("is no text of the right length"), err);
	}
	if (argument->type != GB_PROBE_DN) {
		return GB_OK;
	}
	dn = gb_dn_text_canonical(NULL, text);
	if (!dn) {
		return bad_argument(argument, _("is no distinguished name"), err);
	}
	talloc_free(dn);
	return GB_OK;
}

static enum gb_rc check_argument(const struct gb_probe_argument *argument,
				 const struct gb_json *arguments, struct gb_err *err)
{
	enum gb_json_kind kind = gb_json_member_kind(arguments, argument->name);
	int64_t number;

	if (kind == GB_JSON_ABSENT || kind == GB_JSON_NULL) {
		if (!argument->is_needed) {
			return GB_OK;
		}
		gb_err_set(err, GB_E_USAGE, "argument-missing", _("The argument %s is missing."),
			   argument->name);
		return gb_err_undone(err, _("The request was not carried out."));
	}
	switch (argument->type) {
	case GB_PROBE_BOOL:
		return kind == GB_JSON_BOOL
			       ? GB_OK
			       : bad_argument(argument, _("is neither true nor false"), err);
	case GB_PROBE_NUMBER:
		if (!gb_json_get_int(arguments, argument->name, &number) ||
		    number < argument->min || number > argument->max) {
			return bad_argument(argument, _("is no number in the right range"), err);
		}
		return GB_OK;
	case GB_PROBE_TEXT:
	case GB_PROBE_DN:
	default:
		return check_text(argument, gb_json_get_text(arguments, argument->name), err);
	}
}

static enum gb_rc check_arguments(struct gb_probe *probe, struct gb_err *err)
{
	for (const struct gb_json *m = gb_json_first(probe->arguments); m; m = gb_json_next(m)) {
		if (!find_argument(probe->question, gb_json_name(m))) {
			return refuse_member(gb_json_name(m), _("is no argument of this question"),
					     err);
		}
	}
	for (const struct gb_probe_argument *a = probe->question->arguments; a && a->name; a++) {
		enum gb_rc rc = check_argument(a, probe->arguments, err);

		if (rc != GB_OK) {
			probe->field = (struct gb_answer_field){.argument = a->name};
			return rc;
		}
	}
	return GB_OK;
}

static enum gb_rc missing(struct gb_probe *probe, const char *section, const char *name,
			  struct gb_err *err)
{
	const struct gb_key *key = gb_key_find(section, name);

	probe->field = (struct gb_answer_field){.section = section, .key = name};
	gb_err_set(err, GB_E_CONFIG, "config-missing", _("[%s] %s is missing."), section, name);
	gb_err_undone(err, _("The request was not carried out."));
	return gb_err_remedy(err, "%s", _(key->help));
}

static enum gb_rc check_cloud(struct gb_probe *probe, unsigned needs, struct gb_err *err)
{
	const struct gb_config_cloud *cloud = &probe->config->cloud;
	bool custom = cloud->environment == GB_CONFIG_ENVIRONMENT_CUSTOM;

	if ((needs & (GB_NEED_TENANT | GB_NEED_APPLICATION)) == 0) {
		return GB_OK;
	}
	if (!cloud->tenant) {
		return missing(probe, "cloud", "tenant", err);
	}
	if (custom && !cloud->authority) {
		return missing(probe, "cloud", "authority", err);
	}
	if (custom && !cloud->graph) {
		return missing(probe, "cloud", "graph", err);
	}
	if ((needs & GB_NEED_APPLICATION) != 0 && !cloud->client_id &&
	    cloud->credential != GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY) {
		return missing(probe, "cloud", "client id", err);
	}
	return GB_OK;
}

static enum gb_rc check_directory(struct gb_probe *probe, unsigned needs, struct gb_err *err)
{
	const struct gb_config_directory *directory = &probe->config->directory;

	if ((needs & (GB_NEED_DIRECTORY | GB_NEED_SERVERS)) == 0) {
		return GB_OK;
	}
	if (directory->servers.count == 0 && !directory->discover) {
		return missing(probe, "directory", "servers", err);
	}
	if ((needs & GB_NEED_DIRECTORY) != 0 && directory->bind == GB_CONFIG_BIND_SIMPLE &&
	    !directory->account) {
		return missing(probe, "directory", "account", err);
	}
	return GB_OK;
}

static enum gb_rc check_all(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_config_problems *problems = gb_new(probe, struct gb_config_problems);
	enum gb_rc rc = GB_OK;

	if (!gb_config_validate(probe->config, problems)) {
		*err = problems->items[0];
		gb_err_undone(err, _("The request was not carried out."));
		rc = err->rc;
	}
	talloc_free(problems);
	return rc;
}

static enum gb_rc check_needs(struct gb_probe *probe, struct gb_err *err)
{
	unsigned needs = probe->question->needs;
	enum gb_rc rc;

	if ((needs & GB_NEED_ALL) != 0) {
		needs |= GB_NEED_APPLICATION | GB_NEED_DIRECTORY | GB_NEED_CONTAINER;
	}
	rc = check_cloud(probe, needs, err);
	if (rc == GB_OK) {
		rc = check_directory(probe, needs, err);
	}
	if (rc == GB_OK && (needs & GB_NEED_CONTAINER) != 0 &&
	    !probe->config->writeback.container) {
		rc = missing(probe, "writeback", "container", err);
	}
	return rc == GB_OK && (needs & GB_NEED_ALL) != 0 ? check_all(probe, err) : rc;
}

static enum gb_rc find_question(struct gb_probe *probe, const struct gb_json *root,
				struct gb_err *err)
{
	const char *name = gb_json_get_text(root, "question");
	char *shown;

	if (!name) {
		return refuse("request-member", _("The request names no question."), err);
	}
	probe->question = gb_probe_question_find(name);
	if (!probe->question) {
		shown = gb_text_display(NULL, name);
		gb_err_set(err, GB_E_USAGE, "question-unknown", _("\"%s\" is not a question."),
			   shown);
		talloc_free(shown);
		return gb_err_undone(err, _("The request was not carried out."));
	}
	probe->answer.question = probe->question->name;
	return GB_OK;
}

static enum gb_rc take_timeout(struct gb_probe *probe, const struct gb_json *root,
			       struct gb_err *err)
{
	probe->timeout_ms = probe->question->timeout_ms;
	if (gb_json_member_kind(root, "timeoutMs") == GB_JSON_ABSENT) {
		return GB_OK;
	}
	if (!gb_json_get_int(root, "timeoutMs", &probe->timeout_ms) ||
	    probe->timeout_ms < GB_REQUEST_MIN_TIMEOUT_MS ||
	    probe->timeout_ms > GB_REQUEST_MAX_TIMEOUT_MS) {
		return refuse_member("timeoutMs", _("is out of range"), err);
	}
	return GB_OK;
}

static enum gb_rc take(struct gb_probe *probe, const struct gb_json *root, struct gb_err *err)
{
	int64_t schema;
	enum gb_rc rc = find_question(probe, root, err);

	if (rc == GB_OK) {
		rc = check_members(root, err);
	}
	if (rc == GB_OK && (!gb_json_get_int(root, "schema", &schema) || schema != 1)) {
		rc = refuse("request-schema", _("The request's schema is not 1."), err);
	}
	if (rc == GB_OK) {
		rc = take_timeout(probe, root, err);
	}
	if (rc == GB_OK) {
		rc = gb_request_take_draft(probe, root, err);
	}
	if (rc == GB_OK) {
		probe->arguments = gb_json_get(root, "arguments");
		rc = check_arguments(probe, err);
	}
	return rc == GB_OK ? check_needs(probe, err) : rc;
}

enum gb_rc gb_request_parse(const void *ctx, char *line, size_t length, struct gb_probe **ret_probe,
			    struct gb_err *err)
{
	struct gb_probe *probe = gb_new(ctx, struct gb_probe);
	struct gb_json_doc *doc;
	enum gb_rc rc;

	*ret_probe = probe;
	probe->config = gb_config_new(probe);
	if (length == 0) {
		return refuse("request-empty", _("There is no request."), err);
	}
	rc = gb_json_parse(probe, line, length, _("The request"), &doc, err);
	gb_secret_wipe(line, length);
	if (rc != GB_OK) {
		err->rc = GB_E_USAGE;
		snprintf(err->id, sizeof(err->id), "request-not-json");
		return gb_err_undone(err, _("The request was not carried out."));
	}
	rc = take(probe, gb_json_root(doc), err);
	if (rc != GB_OK) {
		wipe_secrets(gb_json_get(gb_json_root(doc), "secrets"));
	}
	return rc;
}

bool gb_probe_has(const struct gb_probe *probe, const char *name)
{
	enum gb_json_kind kind = gb_json_member_kind(probe->arguments, name);

	return kind != GB_JSON_ABSENT && kind != GB_JSON_NULL;
}

const char *gb_probe_text(const struct gb_probe *probe, const char *name)
{
	const struct gb_probe_argument *argument = find_argument(probe->question, name);
	const char *text = gb_json_get_text(probe->arguments, name);

	return text && argument && argument->type == GB_PROBE_DN ? gb_dn_text_canonical(probe, text) : text;
}

static int64_t fallback_of(const struct gb_probe *probe, const char *name)
{
	const struct gb_probe_argument *argument = find_argument(probe->question, name);

	return argument ? argument->fallback : 0;
}

int64_t gb_probe_number(const struct gb_probe *probe, const char *name)
{
	int64_t number;

	return gb_json_get_int(probe->arguments, name, &number) ? number : fallback_of(probe, name);
}

bool gb_probe_flag(const struct gb_probe *probe, const char *name)
{
	return gb_json_get_bool(probe->arguments, name, fallback_of(probe, name) != 0);
}
