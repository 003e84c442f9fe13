/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plan files: written, read, and held against a fresh plan. */
#include "config.h"

#include "engine/sync/plan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/cursors.h"
#include "engine/state/dirty.h"
#include "engine/state/streams.h"
#include "engine/sync/change_json.h"

#define KIND   "groupback-plan"
#define SCHEMA 1

/* What a plan is bound to. */
struct identity {
	const char *tenant;
	const char *domain;
	const char *container;
	const char *state;
	const char *configuration;
};

/* The changes of one group in a plan file. */
struct planned_group {
	struct gb_guid id; /* the key */
	char digest[GB_DIGEST_HEX_BYTES];
	bool was_met; /* in the fresh plan */
	UT_hash_handle hh;
};

struct gb_plan_file {
	struct gb_json_doc *header;
	struct planned_group *groups;
	char digest[GB_DIGEST_HEX_BYTES];
	int64_t changes;
};

static enum gb_rc identity_of(const void *ctx, struct gb_session *session,
			      const char *configuration, struct identity *ret, struct gb_err *err)
{
	char guid[GB_GUID_TEXT_BYTES];
	const struct gb_directory_facts *facts = gb_directory_facts(session->directory);
	enum gb_rc rc = gb_state_fact_get(ctx, session->state, GB_FACT_TENANT, &ret->tenant, err);

	if (rc == GB_OK) {
		rc = gb_state_fact_get(ctx, session->state, GB_FACT_INSTANCE, &ret->state, err);
	}
	ret->domain = gb_strdup(ctx, gb_guid_format(&facts->domain_guid, guid));
	ret->container = gb_strdup(ctx, gb_guid_format(&session->container_guid, guid));
	ret->configuration = configuration;
	return rc;
}

static char *header_line(const void *ctx, const struct identity *identity)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, false);

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "kind", KIND);
	gb_json_put_int(w, "schema", SCHEMA);
	gb_json_put_text(w, "tenant", identity->tenant);
	gb_json_put_text(w, "domain", identity->domain);
	gb_json_put_text(w, "container", identity->container);
	gb_json_put_text(w, "state", identity->state);
	gb_json_put_text(w, "configuration", identity->configuration);
	gb_json_end_object(w);
	return gb_printf(ctx, "%s\n", gb_json_writer_text(w));
}

static enum gb_rc change_line(const void *ctx, struct gb_state *state,
			      const struct gb_state_change *change, char **ret_line,
			      struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, false);
	enum gb_rc rc;

	gb_json_begin_object(w, NULL);
	rc = gb_change_json_put(w, state, change, err);
	if (rc == GB_OK) {
		gb_json_end_object(w);
		*ret_line = gb_printf(ctx, "%s\n", gb_json_writer_text(w));
	}
	talloc_free(w);
	return rc;
}

static char *last_line(const void *ctx, const struct gb_plan_digest *digest)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, false);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "changes", digest->changes);
	gb_json_put_text(w, "digest", digest->hex);
	gb_json_end_object(w);
	return gb_printf(ctx, "%s\n", gb_json_writer_text(w));
}

/* Writing. */

struct output {
	const char *path; /* NULL: nothing is written */
	char *temporary;
	FILE *file;
	struct gb_digest *digest;
};

static enum gb_rc output_failed(struct output *out, struct gb_err *err)
{
	int saved = errno;
	char *shown = gb_text_display(NULL, out->path);

	gb_err_set(err, GB_E_IO, "plan-write", _("The plan cannot be written to %s: %s."), shown,
		   strerror(saved));
	gb_err_native(err, saved);
	gb_err_undone(err, _("No plan file was left there."));
	talloc_free(shown);
	return GB_E_IO;
}

static enum gb_rc open_output(struct output *out, struct gb_err *err)
{
	int fd;

	if (out->path == NULL) {
		return GB_OK;
	}
	(void)unlink(out->temporary);
	fd = open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	out->file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (out->file == NULL && fd >= 0) {
		close(fd);
	}
	return out->file != NULL ? GB_OK : output_failed(out, err);
}

static enum gb_rc put_line(struct output *out, const char *line, struct gb_err *err)
{
	if (out->digest != NULL) {
		gb_digest_add(out->digest, line, strlen(line));
	}
	if (out->file != NULL && fputs(line, out->file) == EOF) {
		return output_failed(out, err);
	}
	return GB_OK;
}

static enum gb_rc close_output(struct output *out, enum gb_rc rc, struct gb_err *err)
{
	bool good = rc == GB_OK;

	if (out->file == NULL) {
		return rc;
	}
	good = good && fflush(out->file) == 0 && fsync(fileno(out->file)) == 0;
	if (rc == GB_OK && !good) {
		rc = output_failed(out, err);
	}
	if (fclose(out->file) != 0 && rc == GB_OK) {
		rc = output_failed(out, err);
	}
	if (rc == GB_OK && rename(out->temporary, out->path) != 0) {
		rc = output_failed(out, err);
	}
	if (rc != GB_OK) {
		(void)unlink(out->temporary);
	}
	return rc;
}

static enum gb_rc put_changes(struct output *out, struct gb_session *session, int64_t run_no,
			      enum gb_plan_part part, int64_t *ret_count, struct gb_err *err)
{
	struct gb_state_changes_iter *iter =
		gb_state_changes_begin(session, session->state, run_no, 0);
	struct gb_state_change *change = NULL;
	enum gb_rc rc;

	while ((rc = gb_state_changes_next(iter, session, &change, err)) == GB_OK &&
	       change != NULL) {
		char *line = NULL;

		if (part == GB_PLAN_WHOLE || change->change.waits != 0) {
			rc = change_line(change, session->state, change, &line, err);
			if (rc == GB_OK) {
				rc = put_line(out, line, err);
			}
			(*ret_count)++;
		}
		talloc_free(change);
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_changes_end(iter);
	return rc;
}

static enum gb_rc put_plan(struct output *out, struct gb_session *session, int64_t run_no,
			   const struct identity *identity, enum gb_plan_part part,
			   struct gb_plan_digest *ret_digest, struct gb_err *err)
{
	enum gb_rc rc = put_line(out, header_line(out->digest, identity), err);

	if (rc == GB_OK) {
		rc = put_changes(out, session, run_no, part, &ret_digest->changes, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	gb_digest_end(out->digest, ret_digest->hex);
	TALLOC_FREE(out->digest);
	return put_line(out, last_line(session, ret_digest), err);
}

enum gb_rc gb_plan_file_write(struct gb_session *session, int64_t run_no, const char *configuration,
			      enum gb_plan_part part, const char *path,
			      struct gb_plan_digest *ret_digest, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	struct output out = {.path = path,
			     .temporary = gb_printf(tmp, "%s.new", path != NULL ? path : ""),
			     .digest = gb_digest_new(tmp)};
	struct identity identity = {0};
	enum gb_rc rc = identity_of(tmp, session, configuration, &identity, err);

	*ret_digest = (struct gb_plan_digest){.changes = 0};
	if (rc == GB_OK) {
		rc = open_output(&out, err);
	}
	if (rc == GB_OK) {
		rc = put_plan(&out, session, run_no, &identity, part, ret_digest, err);
		rc = close_output(&out, rc, err);
	}
	talloc_free(tmp);
	return rc;
}

/* Digests group by group: the lines of a group lie together. */

struct grouping {
	void *ctx;
	struct gb_digest *digest; /* of the group at hand; NULL before the first */
	struct gb_guid id;
};

/* True if @id begins another group: then ret_digest, unless there was none, is that of the last. */
static bool end_group(struct grouping *grouping, const struct gb_guid *id,
		      char ret_digest[GB_DIGEST_HEX_BYTES])
{
	if (grouping->digest == NULL || (id != NULL && gb_guid_compare(&grouping->id, id) == 0)) {
		return false;
	}
	gb_digest_end(grouping->digest, ret_digest);
	TALLOC_FREE(grouping->digest);
	return true;
}

static void add_to_group(struct grouping *grouping, const struct gb_guid *id, const char *line)
{
	if (grouping->digest == NULL) {
		grouping->digest = gb_digest_new(grouping->ctx);
		grouping->id = *id;
	}
	gb_digest_add(grouping->digest, line, strlen(line));
}

/* Reading. */

static int forget(struct gb_plan_file *file)
{
	HASH_CLEAR(hh, file->groups);
	return 0;
}

static enum gb_rc refuse(const char *path, const char *why, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, path);

	gb_err_set(err, GB_E_PROTOCOL, "plan-file", _("%s is no plan that can be approved: %s"),
		   shown, why);
	talloc_free(shown);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Make a new plan with 'groupback-engine plan --out FILE'."));
}

static const char *edited(void)
{
	return _("it was changed since it was written, or is not whole.");
}

static enum gb_rc parse(const void *ctx, const char *path, const char *line,
			struct gb_json_doc **ret_doc, struct gb_err *err)
{
	size_t length = strlen(line);

	if (length == 0 || line[length - 1] != '\n' ||
	    gb_json_parse(ctx, line, length - 1, path, ret_doc, err) != GB_OK) {
		return refuse(path, edited(), err);
	}
	return GB_OK;
}

static void keep_group(struct gb_plan_file *file, struct grouping *grouping,
		       const struct gb_guid *next)
{
	char digest[GB_DIGEST_HEX_BYTES];
	struct planned_group *group;
	struct planned_group *twin;

	if (!end_group(grouping, next, digest)) {
		return;
	}
	HASH_FIND(hh, file->groups, &grouping->id, sizeof(grouping->id), twin);
	if (twin != NULL) {
		/* In two places: not what we write. It matches nothing then. */
		twin->digest[0] = '\0';
		return;
	}
	group = gb_new(file, struct planned_group);
	group->id = grouping->id;
	memcpy(group->digest, digest, sizeof(digest));
	HASH_ADD(hh, file->groups, id, sizeof(group->id), group);
}

struct reading {
	struct gb_plan_file *file;
	const char *path;
	struct gb_digest *all;
	struct grouping grouping;
	bool ended;
};

static enum gb_rc take_header(struct reading *reading, const char *line, struct gb_err *err)
{
	enum gb_rc rc = parse(reading->file, reading->path, line, &reading->file->header, err);
	const struct gb_json *root;
	const char *kind;
	int64_t schema = 0;

	if (rc != GB_OK) {
		return rc;
	}
	root = gb_json_root(reading->file->header);
	kind = gb_json_get_text(root, "kind");
	if (kind == NULL || strcmp(kind, KIND) != 0 || !gb_json_get_int(root, "schema", &schema) ||
	    schema != SCHEMA) {
		return refuse(reading->path, _("it is of another kind or version."), err);
	}
	return GB_OK;
}

static enum gb_rc take_end(struct reading *reading, const struct gb_json *root, struct gb_err *err)
{
	struct gb_plan_file *file = reading->file;
	const char *digest = gb_json_get_text(root, "digest");
	int64_t changes = 0;

	gb_digest_end(reading->all, file->digest);
	TALLOC_FREE(reading->all);
	keep_group(file, &reading->grouping, NULL);
	reading->ended = true;
	if (strcmp(digest, file->digest) != 0 || !gb_json_get_int(root, "changes", &changes) ||
	    changes != file->changes) {
		return refuse(reading->path, edited(), err);
	}
	return GB_OK;
}

static enum gb_rc take_change(struct reading *reading, const struct gb_json *root, const char *line,
			      struct gb_err *err)
{
	const char *text = gb_json_get_text(root, "group");
	struct gb_guid id;

	if (text == NULL || !gb_guid_parse(text, &id)) {
		return refuse(reading->path, edited(), err);
	}
	keep_group(reading->file, &reading->grouping, &id);
	add_to_group(&reading->grouping, &id, line);
	gb_digest_add(reading->all, line, strlen(line));
	reading->file->changes++;
	return GB_OK;
}

static enum gb_rc take_line(struct reading *reading, const char *line, struct gb_err *err)
{
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc;

	if (reading->ended) {
		return refuse(reading->path, edited(), err);
	}
	if (reading->file->header == NULL) {
		gb_digest_add(reading->all, line, strlen(line));
		return take_header(reading, line, err);
	}
	rc = parse(reading->file, reading->path, line, &doc, err);
	if (rc == GB_OK && gb_json_get_text(gb_json_root(doc), "digest") != NULL) {
		rc = take_end(reading, gb_json_root(doc), err);
	} else if (rc == GB_OK) {
		rc = take_change(reading, gb_json_root(doc), line, err);
	}
	talloc_free(doc);
	return rc;
}

static enum gb_rc read_lines(struct reading *reading, FILE *stream, struct gb_err *err)
{
	char *line = gb_new_array(reading->file, char, GB_PLAN_FILE_MAX_LINE_BYTES);
	enum gb_rc rc = GB_OK;

	while (rc == GB_OK && fgets(line, GB_PLAN_FILE_MAX_LINE_BYTES, stream) != NULL) {
		rc = take_line(reading, line, err);
	}
	if (rc == GB_OK && (ferror(stream) || !reading->ended)) {
		rc = refuse(reading->path, edited(), err);
	}
	talloc_free(line);
	return rc;
}

enum gb_rc gb_plan_file_read(const void *ctx, const char *path, struct gb_plan_file **ret_file,
			     struct gb_err *err)
{
	struct gb_plan_file *file = gb_new(ctx, struct gb_plan_file);
	struct reading reading = {.file = file, .path = path, .all = gb_digest_new(file)};
	FILE *stream;
	size_t size;
	int fd;
	enum gb_rc rc =
		gb_file_open_trusted(path, GB_FILE_PUBLIC, GB_PLAN_FILE_MAX_BYTES, &fd, &size, err);

	talloc_set_destructor(file, forget);
	reading.grouping.ctx = file;
	if (rc == GB_OK) {
		stream = gb_mem_check(fdopen(fd, "r"));
		rc = read_lines(&reading, stream, err);
		fclose(stream);
	}
	if (rc != GB_OK) {
		talloc_free(file);
		return rc;
	}
	*ret_file = file;
	return GB_OK;
}

const char *gb_plan_file_digest(const struct gb_plan_file *file)
{
	return file->digest;
}

/* Holding it against the world. */

static bool is_bound_to(const struct gb_plan_file *file, const char *key, const char *value)
{
	const char *bound = gb_json_get_text(gb_json_root(file->header), key);

	return bound != NULL && value != NULL && strcmp(bound, value) == 0;
}

static enum gb_rc check_identity(const struct gb_plan_file *file, const struct identity *identity,
				 struct gb_err *err)
{
	const struct {
		const char *key;
		const char *value;
		const char *text;
	} rows[] = {
		{"tenant", identity->tenant, _("The plan was made for another tenant.")},
		{"domain", identity->domain, _("The plan was made for another domain.")},
		{"container", identity->container, _("The plan was made for another container.")},
		{"state", identity->state,
		 _("The plan was made by another installation, or before its state was lost.")},
		{"configuration", identity->configuration,
		 _("The configuration was changed since the plan was made.")},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		if (!is_bound_to(file, rows[i].key, rows[i].value)) {
			gb_err_set(err, GB_E_GUARD, "plan-other", "%s", rows[i].text);
			gb_err_undone(err, _("Nothing was written."));
			return gb_err_remedy(err, _("Make a new plan, look at it, approve it."));
		}
	}
	return GB_OK;
}

enum gb_rc gb_plan_file_check(const struct gb_plan_file *file, struct gb_session *session,
			      const char *configuration, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	struct identity identity = {0};
	enum gb_rc rc = identity_of(tmp, session, configuration, &identity, err);

	if (rc == GB_OK) {
		rc = check_identity(file, &identity, err);
	}
	talloc_free(tmp);
	return rc;
}

struct restricting {
	struct gb_plan_file *file;
	struct gb_session *session;
	int64_t run_no;
	gb_plan_changed_fn changed;
	void *user;
	struct gb_plan_match match;
	struct grouping grouping;
	int64_t object_no; /* of the group at hand */
	char *name;        /* likewise */
};

static enum gb_rc leave_out(struct restricting *r, struct gb_err *err)
{
	struct gb_state *state = r->session->state;
	int64_t cloud_no = 0;
	enum gb_rc rc = gb_state_journal_drop(state, r->run_no, r->object_no, err);

	if (rc == GB_OK) {
		rc = gb_state_cloud_find(state, &r->grouping.id, &cloud_no, err);
	}
	return rc == GB_OK ? gb_state_dirty_mark(state, cloud_no, r->object_no, GB_DIRTY_ALL, err)
			   : rc;
}

static enum gb_rc judge_group(struct restricting *r, const struct gb_guid *next, struct gb_err *err)
{
	char digest[GB_DIGEST_HEX_BYTES];
	struct planned_group *group;

	if (!end_group(&r->grouping, next, digest)) {
		return GB_OK;
	}
	HASH_FIND(hh, r->file->groups, &r->grouping.id, sizeof(r->grouping.id), group);
	if (group != NULL) {
		group->was_met = true;
	}
	if (group != NULL && strcmp(group->digest, digest) == 0) {
		r->match.same++;
		return GB_OK;
	}
	if (group != NULL) {
		r->match.changed++;
		r->changed(r->user, &r->grouping.id, r->name);
	} else {
		r->match.others++;
	}
	return leave_out(r, err);
}

static enum gb_rc judge_change(struct restricting *r, const struct gb_state_change *change,
			       struct gb_err *err)
{
	const struct gb_guid *id = &change->change.cloud_id;
	char *line = NULL;
	enum gb_rc rc = judge_group(r, id, err);

	if (rc == GB_OK) {
		rc = change_line(change, r->session->state, change, &line, err);
	}
	if (rc == GB_OK) {
		add_to_group(&r->grouping, id, line);
		r->object_no = change->change.object_no;
		talloc_free(r->name);
		r->name = gb_strdup(r->grouping.ctx, change->change.name);
	}
	return rc;
}

static void count_done(struct restricting *r)
{
	struct planned_group *group;
	struct planned_group *next;

	HASH_ITER (hh, r->file->groups, group, next) {
		r->match.done += !group->was_met;
	}
}

enum gb_rc gb_plan_file_restrict(struct gb_plan_file *file, struct gb_session *session,
				 int64_t run_no, gb_plan_changed_fn changed, void *user,
				 struct gb_plan_match *ret_match, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	struct restricting r = {.file = file,
				.session = session,
				.run_no = run_no,
				.changed = changed,
				.user = user,
				.grouping.ctx = tmp};
	struct gb_state_changes_iter *iter = gb_state_changes_begin(tmp, session->state, run_no, 0);
	struct gb_state_change *change = NULL;
	enum gb_rc rc;

	while ((rc = gb_state_changes_next(iter, tmp, &change, err)) == GB_OK && change != NULL) {
		rc = judge_change(&r, change, err);
		talloc_free(change);
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_changes_end(iter);
	if (rc == GB_OK) {
		rc = judge_group(&r, NULL, err);
	}
	count_done(&r);
	*ret_match = r.match;
	talloc_free(tmp);
	return rc;
}
