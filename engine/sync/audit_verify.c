/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of the audit, and whether it is whole. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/state/cursors.h"
#include "engine/sync/audit.h"
#include "engine/sync/audit_chain.h"

/** Largest file of the audit that is read. */
#define MAX_FILE_BYTES ((size_t)8 * 1024 * 1024 * 1024)

void gb_audit_link_of(const char *line, size_t length, struct gb_audit_link *ret_link)
{
	struct gb_digest *digest = gb_digest_new(NULL);

	gb_digest_add(digest, line, length);
	gb_digest_end(digest, ret_link->digest);
	talloc_free(digest);
}

bool gb_audit_number_of(const char *line, size_t length, int64_t *ret_n)
{
	struct gb_json_doc *doc = NULL;
	struct gb_err err;
	bool good = gb_json_parse(NULL, line, length, "audit", &doc, &err) == GB_OK &&
		    gb_json_get_int(gb_json_root(doc), "n", ret_n) &&
		    gb_json_get_text(gb_json_root(doc), "prev") != NULL;

	talloc_free(doc);
	return good;
}

enum gb_rc gb_audit_known_link(struct gb_state *state, struct gb_audit_link *ret_link,
			       struct gb_err *err)
{
	const char *text = NULL;
	char *end;
	enum gb_rc rc = gb_state_fact_get(NULL, state, GB_FACT_AUDIT, &text, err);

	*ret_link = (struct gb_audit_link){0};
	if (rc == GB_OK && text != NULL) {
		ret_link->n = strtoll(text, &end, 10);
		snprintf(ret_link->digest, sizeof(ret_link->digest), "%s",
			 *end == ' ' ? end + 1 : "");
	}
	talloc_free((void *)(uintptr_t)text);
	return rc;
}

enum gb_rc gb_audit_keep_link(struct gb_state *state, const struct gb_audit_link *link,
			      struct gb_err *err)
{
	char *text = gb_printf(NULL, "%" PRId64 " %s", link->n, link->digest);
	enum gb_rc rc = gb_state_fact_set(state, GB_FACT_AUDIT, text, err);

	talloc_free(text);
	return rc;
}

/* Verifying. */

struct reading {
	const char *path;
	int64_t line_no; /* in this file */
	struct gb_audit_link last;
	struct gb_audit_link known; /* what the state remembers */
	bool is_broken;             /* the last line was none of ours: the next must say so */
	struct gb_audit_verdict verdict;
};

static enum gb_rc bad_line(const struct reading *r, const char *why, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "audit-broken", _("%s:%lld: %s"), r->path,
		   (long long)r->line_no, why);
	gb_err_undone(err, _("What stands from there on is not proven."));
	return gb_err_remedy(err, _("Compare it with a copy from before; find out who may write "
				    "this file."));
}

static enum gb_rc check_line(struct reading *r, const struct gb_json *root, struct gb_err *err)
{
	const char *prev = gb_json_get_text(root, "prev");
	const char *kind = gb_json_get_text(root, "kind");
	int64_t n = 0;

	if (prev == NULL || kind == NULL || !gb_json_get_int(root, "n", &n) || n < 1) {
		return bad_line(r, _("this is no line of the audit."), err);
	}
	if (strcmp(kind, "gap") == 0) {
		return bad_line(r, _("lines before this one were cut off."), err);
	}
	if (r->is_broken && strcmp(kind, "recovered") != 0) {
		return bad_line(r, _("the line before this one was changed."), err);
	}
	if (r->verdict.lines == 0) {
		r->verdict.first_n = n;
	} else if (strcmp(prev, r->last.digest) != 0) {
		return bad_line(r, _("a line before this one was changed, or is missing."), err);
	} else if (!r->is_broken && n != r->last.n + 1) {
		return bad_line(r, _("lines are missing before this one."), err);
	}
	r->verdict.repaired += r->is_broken;
	r->is_broken = false;
	r->last.n = n;
	return GB_OK;
}

static enum gb_rc take_line(struct reading *r, const char *line, size_t length, struct gb_err *err)
{
	struct gb_json_doc *doc = NULL;
	struct gb_err ignored;
	enum gb_rc rc = GB_OK;

	if (r->is_broken && r->verdict.lines == 0) {
		return bad_line(r, _("this is no line of the audit."), err);
	}
	if (gb_json_parse(NULL, line, length, r->path, &doc, &ignored) != GB_OK) {
		if (r->is_broken) {
			return bad_line(r, _("this is no line of the audit."), err);
		}
		r->is_broken = true;
	} else {
		rc = check_line(r, gb_json_root(doc), err);
	}
	talloc_free(doc);
	if (rc == GB_OK) {
		gb_audit_link_of(line, length, &r->last);
		r->verdict.lines++;
		r->verdict.has_end =
			r->verdict.has_end || strcmp(r->last.digest, r->known.digest) == 0;
	}
	return rc;
}

static enum gb_rc read_lines(struct reading *r, FILE *stream, struct gb_err *err)
{
	char *line = gb_new_array(NULL, char, GB_AUDIT_MAX_LINE_BYTES);
	enum gb_rc rc = GB_OK;

	r->line_no = 0;
	while (rc == GB_OK && fgets(line, GB_AUDIT_MAX_LINE_BYTES, stream) != NULL) {
		size_t length = strlen(line);

		r->line_no++;
		if (length > 0 && line[length - 1] == '\n') {
			rc = take_line(r, line, length - 1, err);
		} else {
			r->verdict.is_half = true;
		}
	}
	talloc_free(line);
	return rc;
}

static enum gb_rc read_file(struct reading *r, const char *path, struct gb_err *err)
{
	FILE *stream;
	size_t size;
	int fd;
	enum gb_rc rc = gb_file_open_trusted(path, GB_FILE_PUBLIC, MAX_FILE_BYTES, &fd, &size, err);

	if (rc != GB_OK) {
		return rc;
	}
	r->path = path;
	stream = gb_mem_check(fdopen(fd, "r"));
	rc = read_lines(r, stream, err);
	fclose(stream);
	return rc;
}

static enum gb_rc check_end(struct reading *r, struct gb_err *err)
{
	if (r->is_broken) {
		return bad_line(r, _("this line was changed."), err);
	}
	if (r->known.n > 0 && !r->verdict.has_end) {
		return bad_line(r, _("lines are missing at the end, or the last one was changed."),
				err);
	}
	return GB_OK;
}

enum gb_rc gb_audit_verify(struct gb_state *state, const char *const *files, size_t file_count,
			   struct gb_audit_verdict *ret_verdict, struct gb_err *err)
{
	struct reading r = {.path = ""};
	enum gb_rc rc = state != NULL ? gb_audit_known_link(state, &r.known, err) : GB_OK;

	for (size_t i = 0; i < file_count && rc == GB_OK; i++) {
		rc = read_file(&r, files[i], err);
	}
	if (rc == GB_OK) {
		rc = check_end(&r, err);
	}
	r.verdict.last_n = r.last.n;
	*ret_verdict = r.verdict;
	return rc;
}
