/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job for configuring: read and checked as a whole before anything is done. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/load.h"
#include "engine/config/validate.h"
#include "engine/probe/configure.h"
#include "engine/probe/request.h"

static enum gb_rc refuse(const char *member, const char *why, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, member);

	gb_err_set(err, GB_E_USAGE, "request-member", _("The job's member \"%s\" %s."), shown, why);
	talloc_free(shown);
	return gb_err_undone(err, _("Nothing was written."));
}

static enum gb_rc check_members(const struct gb_json *object, const char *const *names,
				struct gb_err *err)
{
	for (const struct gb_json *m = gb_json_first(object); m; m = gb_json_next(m)) {
		size_t i = 0;

		while (names[i] && strcmp(names[i], gb_json_name(m)) != 0) {
			i++;
		}
		if (!names[i]) {
			return refuse(gb_json_name(m), _("is not known"), err);
		}
	}
	return GB_OK;
}

static enum gb_rc take_mode(struct gb_configure_job *job, const struct gb_json *object,
			    struct gb_err *err)
{
	static const char *const words[] = {"new", "retry", "undo"};
	const char *word = gb_json_get_text(object, "begin");

	if (gb_json_member_kind(object, "begin") == GB_JSON_ABSENT) {
		return GB_OK;
	}
	for (size_t i = 0; word && i < GB_ARRAY_SIZE(words); i++) {
		if (strcmp(word, words[i]) == 0) {
			job->mode = (enum gb_configure_mode)i;
			return GB_OK;
		}
	}
	return refuse("begin", _("is none of new, retry, undo"), err);
}

static enum gb_rc take_job(struct gb_configure_job *job, const struct gb_json *object,
			   struct gb_err *err)
{
	static const char *const names[] = {"begin", "startSchedule", "runFirstCycle", "approve",
					    NULL};
	enum gb_json_kind approve = gb_json_member_kind(object, "approve");
	enum gb_rc rc = check_members(object, names, err);

	if (rc == GB_OK) {
		rc = take_mode(job, object, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	for (size_t i = 1; i < 3; i++) {
		enum gb_json_kind kind = gb_json_member_kind(object, names[i]);

		if (kind != GB_JSON_ABSENT && kind != GB_JSON_BOOL) {
			return refuse(names[i], _("is neither true nor false"), err);
		}
	}
	if (approve != GB_JSON_ABSENT && approve != GB_JSON_NULL && approve != GB_JSON_STRING) {
		return refuse("approve", _("is no text"), err);
	}
	job->start_schedule = gb_json_get_bool(object, "startSchedule", false);
	job->run_first_cycle = gb_json_get_bool(object, "runFirstCycle", false);
	job->approve = gb_strdup(job, gb_json_get_text(object, "approve"));
	return GB_OK;
}

/* The whole configuration has to be there, and to work. */
static enum gb_rc check_config(struct gb_configure_job *job, struct gb_err *err)
{
	struct gb_config_problems *problems = gb_new(job, struct gb_config_problems);
	enum gb_rc rc = GB_OK;

	if (!gb_config_validate(job->draft->config, problems)) {
		*err = problems->items[0];
		rc = err->rc;
		gb_err_undone(err, _("Nothing was written."));
	}
	talloc_free(problems);
	return rc;
}

/* A retry or an undo may go by what stands there already. */
static void take_installed(struct gb_configure_job *job)
{
	struct gb_config_problems *problems = gb_new(job, struct gb_config_problems);
	struct gb_config *config;

	if (gb_config_load(job->draft, job->config_path, &config, problems) == GB_OK) {
		job->draft->config = config;
	}
	talloc_free(problems);
}

static enum gb_rc take(struct gb_configure_job *job, const struct gb_json *root, struct gb_err *err)
{
	static const char *const names[] = {"schema", "config", "secrets", "job", NULL};
	enum gb_rc rc = check_members(root, names, err);
	int64_t schema;

	if (rc == GB_OK && (!gb_json_get_int(root, "schema", &schema) || schema != 1)) {
		gb_err_set(err, GB_E_USAGE, "request-schema", _("The job's schema is not 1."));
		rc = gb_err_undone(err, _("Nothing was written."));
	}
	if (rc == GB_OK && gb_json_member_kind(root, "job") != GB_JSON_OBJECT) {
		rc = refuse("job", _("is missing"), err);
	}
	if (rc == GB_OK) {
		rc = take_job(job, gb_json_get(root, "job"), err);
	}
	job->has_config = gb_json_member_kind(root, "config") == GB_JSON_OBJECT;
	if (rc == GB_OK && !job->has_config && job->mode != GB_CONFIGURE_NEW) {
		take_installed(job);
	}
	if (rc == GB_OK) {
		rc = gb_request_take_draft(job->draft, root, err);
	}
	return rc == GB_OK && job->mode != GB_CONFIGURE_UNDO ? check_config(job, err) : rc;
}

enum gb_rc gb_configure_parse(const void *ctx, char *line, size_t length, const char *config_path,
			      struct gb_configure_job **ret_job, struct gb_err *err)
{
	struct gb_configure_job *job = gb_new(ctx, struct gb_configure_job);
	struct gb_json_doc *doc;
	enum gb_rc rc;

	*ret_job = job;
	job->config_path = config_path;
	job->draft = gb_new(job, struct gb_probe);
	job->draft->config = gb_config_new(job->draft);
	rc = gb_json_parse(job, line, length, _("The job"), &doc, err);
	gb_secret_wipe(line, length);
	if (rc != GB_OK) {
		err->rc = GB_E_USAGE;
		snprintf(err->id, sizeof(err->id), "request-not-json");
		return gb_err_undone(err, _("Nothing was written."));
	}
	return take(job, gb_json_root(doc), err);
}
