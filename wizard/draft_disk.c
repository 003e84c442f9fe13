/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The draft on disk: one JSON object, mode 0600, without secrets. JSON and not INI, because half-typed
 * text may hold anything.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "wizard/draft_values.h"

#define MAX_DRAFT_BYTES (256u * 1024u)

static bool is_for_once(const char *name)
{
	return strncmp(name, "once.", 5) == 0;
}

static void put_values(struct gb_json_writer *w, const struct wz_draft *draft)
{
	gb_json_begin_object(w, "values");
	for (size_t i = 0; i < draft->count; i++) {
		const struct wz_draft_value *value = &draft->values[i];

		if (value->stamp != 0 && !value->secret && !is_for_once(value->name)) {
			gb_json_put_text(w, value->name, value->text);
		}
	}
	gb_json_end_object(w);
}

static const char *terminal_name(char *buffer, size_t size_bytes)
{
	return ttyname_r(STDIN_FILENO, buffer, size_bytes) == 0 ? buffer : "";
}

enum gb_rc wz_draft_save(const struct wz_draft *draft, const char *path, const char *page_id,
			 struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, true);
	char terminal[64];
	enum gb_rc rc;

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_int(w, "savedMs", gb_clock_wall_ms());
	gb_json_put_text(w, "page", page_id);
	gb_json_put_text(w, "terminal", terminal_name(terminal, sizeof(terminal)));
	put_values(w, draft);
	gb_json_end_object(w);
	rc = gb_file_write_atomic(path, gb_json_writer_text(w), strlen(gb_json_writer_text(w)),
				  0600, err);
	talloc_free(w);
	return rc;
}

static enum gb_rc refuse(const char *path, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "draft-broken", _("The draft %s cannot be read."), path);
	gb_err_undone(err, _("Nothing of it was taken."));
	return gb_err_remedy(err, _("Remove the file, and answer the pages again."));
}

/* The document of the file, which owns everything that is read from it. */
static enum gb_rc read_document(const void *ctx, const char *path, struct gb_json_doc **ret_doc,
				struct gb_err *err)
{
	char *bytes;
	size_t length;
	enum gb_rc rc = gb_file_read_trusted(ctx, path, MAX_DRAFT_BYTES, &bytes, &length, err);

	if (rc != GB_OK) {
		return err && err->native == ENOENT ? gb_err_set(err, GB_E_NOT_FOUND, "draft-none",
								 _("There is no draft."))
						    : rc;
	}
	rc = gb_json_parse(ctx, bytes, length, path, ret_doc, err);
	return rc == GB_OK ? GB_OK : refuse(path, err);
}

static size_t count_differences(const struct wz_draft *draft, const struct gb_json *values)
{
	size_t count = 0;

	for (const struct gb_json *v = gb_json_first(values); v; v = gb_json_next(v)) {
		const char *here = wz_draft_get(draft, gb_json_name(v));
		const char *there = gb_json_text(v);

		count += strcmp(here ? here : "", there ? there : "") != 0;
	}
	return count;
}

enum gb_rc wz_draft_peek(const void *ctx, const struct wz_draft *draft, const char *path,
			 struct wz_draft_about *ret_about, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_doc *doc;
	enum gb_rc rc = read_document(tmp, path, &doc, err);

	if (rc == GB_OK) {
		const struct gb_json *root = gb_json_root(doc);
		const char *page = gb_json_get_text(root, "page");
		const char *terminal = gb_json_get_text(root, "terminal");

		*ret_about = (struct wz_draft_about){
			.page_id = gb_strdup(ctx, page ? page : ""),
			.terminal = gb_strdup(ctx, terminal ? terminal : ""),
			.count = count_differences(draft, gb_json_get(root, "values")),
		};
		if (!gb_json_get_int(root, "savedMs", &ret_about->saved_ms)) {
			ret_about->saved_ms = 0;
		}
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc wz_draft_load(struct wz_draft *draft, const char *path, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_doc *doc;
	enum gb_rc rc = read_document(tmp, path, &doc, err);

	if (rc == GB_OK) {
		const struct gb_json *values = gb_json_get(gb_json_root(doc), "values");

		for (const struct gb_json *v = gb_json_first(values); v; v = gb_json_next(v)) {
			wz_draft_set(draft, gb_json_name(v), gb_json_text(v));
		}
	}
	talloc_free(tmp);
	return rc;
}

void wz_draft_discard(const char *path)
{
	struct stat st;

	/* A draft that was named by hand may be anything; a device is not ours to remove. */
	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		unlink(path);
	}
}
