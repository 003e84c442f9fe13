/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people decided. */
#include "config.h"

#include "engine/sync/decisions.h"

#include <errno.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#define SCHEMA 1

static char *path_of(const void *ctx, const char *state_directory)
{
	return gb_printf(ctx, "%s/decisions.json", state_directory);
}

/* Writing. */

static void put_approval(struct gb_json_writer *w, const struct gb_approval *approval)
{
	gb_json_begin_object(w, "approved");
	gb_json_put_text(w, "tenant", approval->tenant);
	gb_json_put_text(w, "domain", approval->domain);
	gb_json_put_text(w, "container", approval->container);
	gb_json_put_text(w, "scope", approval->scope);
	gb_json_put_text(w, "naming", approval->naming);
	gb_json_put_bool(w, "emptyScope", approval->empty_scope);
	gb_json_end_object(w);
}

static void put_waiting(struct gb_json_writer *w, const struct gb_waiting_plan *waiting)
{
	if (waiting->digest == NULL) {
		gb_json_put_null(w, "waiting");
		return;
	}
	gb_json_begin_object(w, "waiting");
	gb_json_put_text(w, "digest", waiting->digest);
	gb_json_put_text(w, "cause", waiting->cause);
	gb_json_put_text(w, "text", waiting->text);
	gb_json_put_int(w, "changes", waiting->changes);
	gb_json_put_int(w, "sinceMs", waiting->since_ms);
	gb_json_end_object(w);
}

static void put_paused(struct gb_json_writer *w, const struct gb_paused_group *group)
{
	char id[GB_GUID_TEXT_BYTES];

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "group", gb_guid_format(&group->id, id));
	gb_json_put_text(w, "name", group->name);
	gb_json_put_text(w, "why", group->why);
	gb_json_put_int(w, "sinceMs", group->since_ms);
	gb_json_end_object(w);
}

enum gb_rc gb_decisions_save(const struct gb_decisions *decisions, const char *state_directory,
			     struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_writer *w = gb_json_writer_new(tmp, true);
	char *text;
	enum gb_rc rc;

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", SCHEMA);
	put_approval(w, &decisions->approval);
	put_waiting(w, &decisions->waiting);
	gb_json_begin_array(w, "paused");
	for (size_t i = 0; i < decisions->paused_count; i++) {
		put_paused(w, &decisions->paused[i]);
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
	text = gb_printf(tmp, "%s\n", gb_json_writer_text(w));
	rc = gb_file_write_atomic(path_of(tmp, state_directory), text, strlen(text), 0600, err);
	talloc_free(tmp);
	return rc;
}

/* Reading. */

static const char *copy(struct gb_decisions *decisions, const struct gb_json *object,
			const char *key)
{
	return gb_strdup(decisions, gb_json_get_text(object, key));
}

static void take_approval(struct gb_decisions *decisions, const struct gb_json *object)
{
	decisions->approval = (struct gb_approval){
		.tenant = copy(decisions, object, "tenant"),
		.domain = copy(decisions, object, "domain"),
		.container = copy(decisions, object, "container"),
		.scope = copy(decisions, object, "scope"),
		.naming = copy(decisions, object, "naming"),
		.empty_scope = gb_json_get_bool(object, "emptyScope", false),
	};
}

static bool take_waiting(struct gb_decisions *decisions, const struct gb_json *object)
{
	struct gb_waiting_plan *waiting = &decisions->waiting;

	if (gb_json_kind(object) != GB_JSON_OBJECT) {
		return true;
	}
	waiting->digest = copy(decisions, object, "digest");
	waiting->cause = copy(decisions, object, "cause");
	waiting->text = copy(decisions, object, "text");
	return waiting->digest != NULL && waiting->cause != NULL && waiting->text != NULL &&
	       gb_json_get_int(object, "changes", &waiting->changes) &&
	       gb_json_get_int(object, "sinceMs", &waiting->since_ms);
}

static struct gb_paused_group *add_paused(struct gb_decisions *decisions, size_t at)
{
	decisions->paused =
		gb_mem_check(talloc_realloc(decisions, decisions->paused, struct gb_paused_group,
					    gb_mem_count(decisions->paused_count + 1)));
	memmove(&decisions->paused[at + 1], &decisions->paused[at],
		(decisions->paused_count - at) * sizeof(decisions->paused[0]));
	decisions->paused_count++;
	return &decisions->paused[at];
}

/* The place of @id, or where it belongs. */
static size_t place_of(const struct gb_decisions *decisions, const struct gb_guid *id)
{
	size_t low = 0;
	size_t high = decisions->paused_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (gb_guid_compare(&decisions->paused[middle].id, id) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static bool take_paused(struct gb_decisions *decisions, const struct gb_json *array)
{
	for (const struct gb_json *one = gb_json_first(array); one != NULL;
	     one = gb_json_next(one)) {
		const char *text = gb_json_get_text(one, "group");
		struct gb_paused_group group = {.name = copy(decisions, one, "name"),
						.why = copy(decisions, one, "why")};

		if (text == NULL || !gb_guid_parse(text, &group.id) ||
		    !gb_json_get_int(one, "sinceMs", &group.since_ms) ||
		    decisions->paused_count == GB_DECISIONS_MAX_PAUSED) {
			return false;
		}
		*add_paused(decisions, place_of(decisions, &group.id)) = group;
	}
	return true;
}

static enum gb_rc damaged(const char *path, struct gb_err *err)
{
	gb_err_set(err, GB_E_STATE, "decisions-damaged", _("%s is damaged."), path);
	gb_err_undone(err, _("Nothing was read or written: groups that were paused would not be "
			     "any more."));
	return gb_err_remedy(err, _("Put it back from a backup; or remove it, pause again what was "
				    "paused, and approve the next plan."));
}

static bool take_all(struct gb_decisions *decisions, const struct gb_json *root)
{
	int64_t schema = 0;

	if (!gb_json_get_int(root, "schema", &schema) || schema != SCHEMA ||
	    gb_json_member_kind(root, "approved") != GB_JSON_OBJECT ||
	    gb_json_member_kind(root, "paused") != GB_JSON_ARRAY) {
		return false;
	}
	take_approval(decisions, gb_json_get(root, "approved"));
	return take_waiting(decisions, gb_json_get(root, "waiting")) &&
	       take_paused(decisions, gb_json_get(root, "paused"));
}

static enum gb_rc parse(struct gb_decisions *decisions, const char *path, const char *bytes,
			size_t length, struct gb_err *err)
{
	struct gb_json_doc *doc = NULL;
	enum gb_rc rc = GB_OK;

	if (gb_json_parse(decisions, bytes, length, path, &doc, err) != GB_OK ||
	    !take_all(decisions, gb_json_root(doc))) {
		rc = damaged(path, err);
	}
	talloc_free(doc);
	return rc;
}

enum gb_rc gb_decisions_load(const void *ctx, const char *state_directory,
			     struct gb_decisions **ret_decisions, struct gb_err *err)
{
	struct gb_decisions *decisions = gb_new(ctx, struct gb_decisions);
	char *path = path_of(decisions, state_directory);
	char *bytes;
	size_t length;
	enum gb_rc rc =
		gb_file_read_trusted(decisions, path, GB_FILE_MAX_BYTES, &bytes, &length, err);

	if (rc == GB_OK) {
		rc = parse(decisions, path, bytes, length, err);
		talloc_free(bytes);
	} else if (rc == GB_E_CONFIG && err->native == ENOENT) {
		gb_err_clear(err);
		rc = GB_OK;
	}
	if (rc != GB_OK) {
		talloc_free(decisions);
		return rc;
	}
	*ret_decisions = decisions;
	return GB_OK;
}

/* Pausing. */

const struct gb_paused_group *gb_decisions_find_paused(const struct gb_decisions *decisions,
						       const struct gb_guid *id)
{
	size_t at = place_of(decisions, id);
	bool is_there =
		at < decisions->paused_count && gb_guid_compare(&decisions->paused[at].id, id) == 0;

	return is_there ? &decisions->paused[at] : NULL;
}

bool gb_decisions_pause(struct gb_decisions *decisions, const struct gb_guid *id, const char *name,
			const char *why)
{
	if (gb_decisions_find_paused(decisions, id) != NULL) {
		return true;
	}
	if (decisions->paused_count == GB_DECISIONS_MAX_PAUSED) {
		return false;
	}
	*add_paused(decisions, place_of(decisions, id)) =
		(struct gb_paused_group){.id = *id,
					 .name = gb_strdup(decisions, name),
					 .why = gb_strdup(decisions, why),
					 .since_ms = gb_clock_wall_ms()};
	return true;
}

bool gb_decisions_resume(struct gb_decisions *decisions, const struct gb_guid *id)
{
	size_t at = place_of(decisions, id);

	if (gb_decisions_find_paused(decisions, id) == NULL) {
		return false;
	}
	decisions->paused_count--;
	memmove(&decisions->paused[at], &decisions->paused[at + 1],
		(decisions->paused_count - at) * sizeof(decisions->paused[0]));
	return true;
}
