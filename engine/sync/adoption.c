/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What groups of other tools were like. */
#include "config.h"

#include "engine/sync/adoption.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/journal.h"
#include "engine/sync/change_json.h"

#define SCHEMA 1

/** Largest file that is read, in bytes (a group takes about 600). */
#define MAX_BYTES ((size_t)1024 * 1024 * 1024)

static char *path_of(const void *ctx, const struct gb_adoption *adoption)
{
	return gb_printf(ctx, "%s/%s", adoption->state_directory, GB_ADOPTION_FILE);
}

/* uthash keeps its tables outside talloc. */
static int forget(struct gb_adoption *adoption)
{
	HASH_CLEAR(hh, adoption->groups);
	return 0;
}

struct gb_adoption *gb_adoption_new(const void *ctx, const char *state_directory)
{
	struct gb_adoption *adoption = gb_new(ctx, struct gb_adoption);

	adoption->state_directory = state_directory;
	talloc_set_destructor(adoption, forget);
	return adoption;
}

static struct gb_adopted_group *any_with_id(const struct gb_adoption *adoption,
					    const struct gb_guid *id)
{
	struct gb_adopted_group *group;

	HASH_FIND(hh, adoption->groups, id, sizeof(*id), group);
	return group;
}

struct gb_adopted_group *gb_adoption_find(const struct gb_adoption *adoption,
					  const struct gb_guid *id)
{
	struct gb_adopted_group *group = any_with_id(adoption, id);

	return group != NULL && !group->is_released ? group : NULL;
}

static void add(struct gb_adoption *adoption, struct gb_adopted_group *group)
{
	struct gb_adopted_group *old = any_with_id(adoption, &group->id);

	if (old != NULL) {
		HASH_DEL(adoption->groups, old);
		talloc_free(old);
	}
	HASH_ADD(hh, adoption->groups, id, sizeof(group->id), group);
}

/* Writing. */

static void put_members(struct gb_json_writer *w, const char *key,
			const struct gb_adoption_members *members)
{
	gb_json_begin_array(w, key);
	for (size_t i = 0; i < members->count; i++) {
		gb_json_put_text(w, NULL, members->names[i]);
	}
	gb_json_end_array(w);
}

static void put_values(struct gb_json_writer *w, const struct gb_adopted_group *group)
{
	gb_json_begin_array(w, "values");
	for (size_t i = 0; i < group->value_count; i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "attribute", group->values[i].attribute);
		gb_json_put_text(w, "before", group->values[i].old_value);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void add_line(struct gb_buffer *out, const struct gb_adopted_group *group)
{
	struct gb_json_writer *w = gb_json_writer_new(out, false);
	char id[GB_GUID_TEXT_BYTES];

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", SCHEMA);
	gb_json_put_text(w, "group", gb_guid_format(&group->id, id));
	gb_json_put_text(w, "name", group->name);
	gb_json_put_text(w, "maker", gb_maker_id(group->maker));
	gb_json_put_int(w, "sinceMs", group->since_ms);
	gb_json_put_bool(w, "released", group->is_released);
	gb_json_put_text(w, "dn", group->dn);
	put_values(w, group);
	put_members(w, "removed", &group->removed);
	put_members(w, "added", &group->added);
	gb_json_end_object(w);
	gb_buffer_add_text(out, gb_json_writer_text(w));
	gb_buffer_add_char(out, '\n');
	talloc_free(w);
}

enum gb_rc gb_adoption_save(struct gb_adoption *adoption, struct gb_err *err)
{
	struct gb_buffer *out;
	struct gb_adopted_group *group;
	struct gb_adopted_group *next;
	enum gb_rc rc;

	if (!adoption->is_changed) {
		return GB_OK;
	}
	out = gb_buffer_new(adoption);
	HASH_ITER (hh, adoption->groups, group, next) {
		add_line(out, group);
	}
	rc = gb_file_write_atomic(path_of(out, adoption), out->text, out->length, 0600, err);
	talloc_free(out);
	adoption->is_changed = rc != GB_OK;
	return rc;
}

/* Reading. */

static bool take_members(struct gb_adopted_group *group, const struct gb_json *array,
			 struct gb_adoption_members *ret_members)
{
	size_t count = 0;

	for (const struct gb_json *one = gb_json_first(array); one; one = gb_json_next(one)) {
		count++;
	}
	ret_members->names = gb_new_array(group, const char *, count);
	for (const struct gb_json *one = gb_json_first(array); one; one = gb_json_next(one)) {
		const char *name = gb_json_text(one);

		if (name == NULL) {
			return false;
		}
		ret_members->names[ret_members->count++] = gb_strdup(group, name);
	}
	return true;
}

static struct gb_change_value *add_value(struct gb_adopted_group *group)
{
	group->values = gb_mem_check(talloc_realloc(group, group->values, struct gb_change_value,
						    gb_mem_count(group->value_count + 1)));
	return &group->values[group->value_count++];
}

static bool take_values(struct gb_adopted_group *group, const struct gb_json *array)
{
	for (const struct gb_json *one = gb_json_first(array); one; one = gb_json_next(one)) {
		const char *attribute = gb_json_get_text(one, "attribute");

		if (attribute == NULL) {
			return false;
		}
		*add_value(group) = (struct gb_change_value){
			.attribute = gb_strdup(group, attribute),
			.old_value = gb_strdup(group, gb_json_get_text(one, "before")),
		};
	}
	return true;
}

static enum gb_maker maker_of(const char *id)
{
	return id != NULL && strcmp(id, gb_maker_id(GB_MAKER_ENTRA_CONNECT)) == 0
		       ? GB_MAKER_ENTRA_CONNECT
	       : id != NULL && strcmp(id, gb_maker_id(GB_MAKER_CLOUD_SYNC)) == 0
		       ? GB_MAKER_CLOUD_SYNC
		       : GB_MAKER_OURS;
}

static bool take_group(struct gb_adoption *adoption, const struct gb_json *root)
{
	struct gb_adopted_group *group = gb_new(adoption, struct gb_adopted_group);
	const char *id = gb_json_get_text(root, "group");
	int64_t schema = 0;

	group->maker = maker_of(gb_json_get_text(root, "maker"));
	group->name = gb_strdup(group, gb_json_get_text(root, "name"));
	group->dn = gb_strdup(group, gb_json_get_text(root, "dn"));
	group->is_released = gb_json_get_bool(root, "released", false);
	if (!gb_json_get_int(root, "schema", &schema) || schema != SCHEMA || id == NULL ||
	    !gb_guid_parse(id, &group->id) || any_with_id(adoption, &group->id) != NULL ||
	    group->maker == GB_MAKER_OURS || !gb_json_get_int(root, "sinceMs", &group->since_ms) ||
	    !take_values(group, gb_json_get(root, "values")) ||
	    !take_members(group, gb_json_get(root, "removed"), &group->removed) ||
	    !take_members(group, gb_json_get(root, "added"), &group->added)) {
		return false;
	}
	add(adoption, group);
	return true;
}

static enum gb_rc damaged(const char *path, size_t line_no, struct gb_err *err)
{
	gb_err_set(err, GB_E_STATE, "adoption-damaged", _("%s:%zu is damaged."), path, line_no);
	gb_err_undone(err, _("Nothing was written: how the groups of another tool were before is "
			     "not known for certain any more."));
	return gb_err_remedy(err, _("Put the file back from a backup; or move it away: then what "
				    "groups are like now counts as what they were."));
}

static enum gb_rc take_line(struct gb_adoption *adoption, const char *path, const char *line,
			    size_t line_no, struct gb_err *err)
{
	struct gb_json_doc *doc = NULL;
	struct gb_err ignored;
	size_t length = strlen(line);
	bool good = length > 0 && line[length - 1] == '\n' &&
		    gb_json_parse(NULL, line, length - 1, path, &doc, &ignored) == GB_OK &&
		    take_group(adoption, gb_json_root(doc));

	talloc_free(doc);
	return good ? GB_OK : damaged(path, line_no, err);
}

static enum gb_rc read_lines(struct gb_adoption *adoption, const char *path, FILE *stream,
			     struct gb_err *err)
{
	char *line = NULL;
	size_t room = 0;
	size_t line_no = 0;
	enum gb_rc rc = GB_OK;

	while (rc == GB_OK && getline(&line, &room, stream) >= 0) {
		rc = take_line(adoption, path, line, ++line_no, err);
	}
	free(line);
	return rc;
}

enum gb_rc gb_adoption_load(struct gb_adoption *adoption, struct gb_err *err)
{
	char *path = path_of(adoption, adoption);
	FILE *stream;
	size_t size;
	int fd;
	enum gb_rc rc = GB_OK;

	if (!adoption->is_loaded) {
		rc = gb_file_open_trusted(path, GB_FILE_PUBLIC, MAX_BYTES, &fd, &size, err);
		if (rc == GB_OK) {
			stream = gb_mem_check(fdopen(fd, "r"));
			rc = read_lines(adoption, path, stream, err);
			fclose(stream);
		} else if (rc == GB_E_CONFIG && err->native == ENOENT) {
			gb_err_clear(err);
			rc = GB_OK;
		}
		adoption->is_loaded = rc == GB_OK;
	}
	talloc_free(path);
	return rc;
}

/* Remembering. */

enum gb_rc gb_adoption_meet(struct gb_adoption *adoption, const struct gb_guid *id,
			    const char *name, enum gb_maker maker, int64_t planned,
			    struct gb_err *err)
{
	struct gb_adopted_group *group;
	enum gb_rc rc = gb_adoption_load(adoption, err);

	if (rc != GB_OK || gb_adoption_find(adoption, id) != NULL) {
		return rc;
	}
	group = gb_new(adoption, struct gb_adopted_group);
	group->id = *id;
	group->name = gb_strdup(group, name);
	group->maker = maker;
	group->since_ms = gb_clock_wall_ms();
	group->is_fresh = true;
	group->planned = planned;
	add(adoption, group);
	adoption->is_changed = true;
	return GB_OK;
}

static bool has_value(const struct gb_adopted_group *group, size_t count, const char *attribute)
{
	for (size_t i = 0; i < count; i++) {
		if (gb_text_equal_nocase(group->values[i].attribute, attribute)) {
			return true;
		}
	}
	return false;
}

/* Of a list every old value; entries that only say "absent" are kept once. */
static bool keep_values(struct gb_adopted_group *group, const struct gb_change *change)
{
	size_t known = group->value_count;

	for (size_t i = 0; i < change->value_count; i++) {
		const struct gb_change_value *value = &change->values[i];
		bool is_more = has_value(group, group->value_count, value->attribute);

		if (has_value(group, known, value->attribute) ||
		    (is_more && value->old_value == NULL)) {
			continue;
		}
		*add_value(group) = (struct gb_change_value){
			.attribute = gb_strdup(group, value->attribute),
			.old_value = gb_strdup(group, value->old_value),
		};
	}
	return group->value_count > known;
}

static bool keep_dn(struct gb_adopted_group *group, const struct gb_change *change)
{
	if (group->dn != NULL) {
		return false;
	}
	group->dn = gb_strdup(group, change->dn);
	return true;
}

static enum gb_rc keep_members(struct gb_adopted_group *group, struct gb_state *state,
			       const struct gb_state_change *change, struct gb_err *err)
{
	struct gb_adoption_members *members =
		change->change.kind == GB_CHANGE_REMOVE_MEMBERS ? &group->removed : &group->added;
	size_t more = change->change.member_count;
	enum gb_rc rc = GB_OK;

	members->names = gb_mem_check(talloc_realloc(group, members->names, const char *,
						     gb_mem_count(members->count + more)));
	for (size_t i = 0; i < more && rc == GB_OK; i++) {
		char *name = NULL;

		rc = gb_change_json_member(group, state, change->change.members[i],
					   &change->members[i], &name, err);
		if (name != NULL) {
			members->names[members->count++] = name;
		}
	}
	return rc;
}

static enum gb_rc keep_change(struct gb_adoption *adoption, struct gb_state *state,
			      const struct gb_state_change *change, struct gb_err *err)
{
	struct gb_adopted_group *group = gb_adoption_find(adoption, &change->change.cloud_id);
	enum gb_rc rc = GB_OK;
	bool is_new = false;

	if (group == NULL || change->change.waits != 0) {
		return GB_OK;
	}
	group->planned = 0;
	switch (change->change.kind) {
	case GB_CHANGE_ATTRIBUTES:
		is_new = keep_values(group, &change->change);
		break;
	case GB_CHANGE_RENAME:
	case GB_CHANGE_MOVE:
		is_new = keep_dn(group, &change->change);
		break;
	case GB_CHANGE_ADD_MEMBERS:
	case GB_CHANGE_REMOVE_MEMBERS:
		is_new = group->is_fresh;
		rc = is_new ? keep_members(group, state, change, err) : GB_OK;
		break;
	case GB_CHANGE_CREATE:
	case GB_CHANGE_DELETE:
		break;
	}
	adoption->is_changed = adoption->is_changed || is_new;
	return rc;
}

/* What was planned for them was taken out of the plan again (an approval of something else). */
static void drop_unwritten(struct gb_adoption *adoption)
{
	struct gb_adopted_group *group;
	struct gb_adopted_group *next;

	HASH_ITER (hh, adoption->groups, group, next) {
		if (group->is_fresh && group->planned > 0) {
			HASH_DEL(adoption->groups, group);
			talloc_free(group);
		} else {
			group->is_fresh = false;
		}
	}
}

enum gb_rc gb_adoption_keep(struct gb_adoption *adoption, struct gb_state *state, int64_t run_no,
			    struct gb_err *err)
{
	struct gb_state_changes_iter *iter;
	struct gb_state_change *change = NULL;
	enum gb_rc rc = gb_adoption_load(adoption, err);

	if (rc != GB_OK || HASH_COUNT(adoption->groups) == 0) {
		return rc;
	}
	iter = gb_state_changes_begin(adoption, state, run_no, 0);
	while (rc == GB_OK && (rc = gb_state_changes_next(iter, adoption, &change, err)) == GB_OK &&
	       change != NULL) {
		rc = keep_change(adoption, state, change, err);
		talloc_free(change);
	}
	gb_state_changes_end(iter);
	drop_unwritten(adoption);
	return rc == GB_OK ? gb_adoption_save(adoption, err) : rc;
}

void gb_adoption_release(struct gb_adoption *adoption, struct gb_adopted_group *group)
{
	group->is_released = true;
	adoption->is_changed = true;
}
