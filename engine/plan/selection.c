/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selection: groups by id, by name, or by a marker group. */
#include "config.h"

#include "engine/plan/selection.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/hash.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* A selected group. */
struct item {
	struct gb_guid id; /* the key */
	bool listed;       /* by its id, in the file */
	bool marked;       /* a member of the marker group */
	struct name *name; /* selected by this name; or NULL */
	UT_hash_handle hh;
};

/* A name of the file. */
struct name {
	char *folded;  /* the key: the name in lower case */
	unsigned hits; /* groups that have it */
	UT_hash_handle hh;
};

struct gb_selection {
	struct item *items;
	struct name *names;
	struct gb_guid marker; /* or none */
	bool resolved;         /* the marker group's members were told */
};

static int forget(struct gb_selection *selection)
{
	HASH_CLEAR(hh, selection->items);
	HASH_CLEAR(hh, selection->names);
	return 0;
}

static struct item *find(const struct gb_selection *selection, const struct gb_guid *id)
{
	struct item *item;

	HASH_FIND(hh, selection->items, id, sizeof(*id), item);
	return item;
}

static struct item *find_or_add(struct gb_selection *selection, const struct gb_guid *id)
{
	struct item *item = find(selection, id);

	if (!item) {
		item = gb_new(selection, struct item);
		item->id = *id;
		HASH_ADD(hh, selection->items, id, sizeof(item->id), item);
	}
	return item;
}

static struct name *find_name(const struct gb_selection *selection, const char *folded)
{
	struct name *name;

	HASH_FIND_STR(selection->names, folded, name);
	return name;
}

/* Reading. */

struct line {
	const char *source;
	unsigned number;
	const char *text; /* without blanks around it */
	unsigned column;  /* of its first character */
};

static enum gb_rc refuse(const struct line *line, struct gb_err *err, const char *reason)
{
	gb_err_set(err, GB_E_CONFIG, "file-syntax", "%s:%u:%u: %s", line->source, line->number,
		   line->column, reason);
	gb_err_undone(err, _("Nothing was read or written."));
	return gb_err_remedy(err, _("Correct that line of the file."));
}

static void add_name(struct gb_selection *selection, const char *text)
{
	char *folded = gb_text_lower(selection, text);
	struct name *name = find_name(selection, folded);

	if (name) {
		talloc_free(folded);
		return;
	}
	name = gb_new(selection, struct name);
	name->folded = talloc_steal(name, folded);
	HASH_ADD_KEYPTR(hh, selection->names, name->folded, strlen(name->folded), name);
}

static enum gb_rc take_marker(struct gb_selection *selection, const struct line *line,
			      const char *id, struct gb_err *err)
{
	if (!gb_guid_is_none(&selection->marker)) {
		return refuse(line, err, _("there can be one marker group only."));
	}
	if (!gb_guid_parse(id, &selection->marker) || gb_guid_is_none(&selection->marker)) {
		return refuse(line, err,
			      _("behind \"members of\" stands the object id of a group."));
	}
	return GB_OK;
}

static enum gb_rc take_quoted(struct gb_selection *selection, const struct line *line,
			      struct gb_err *err)
{
	size_t length = strlen(line->text);
	char *name;

	if (length < 3 || line->text[length - 1] != '"') {
		return refuse(line, err, _("the name has no closing quote, or is empty."));
	}
	name = gb_strndup(selection, line->text + 1, length - 2);
	add_name(selection, name);
	talloc_free(name);
	return GB_OK;
}

static enum gb_rc take_line(struct gb_selection *selection, const struct line *line,
			    struct gb_err *err)
{
	static const char members_of[] = "members of ";
	struct gb_guid id;

	if (!gb_text_is_utf8(line->text, strlen(line->text))) {
		return refuse(line, err, _("the line is not UTF-8."));
	}
	if (strncmp(line->text, members_of, sizeof(members_of) - 1) == 0) {
		return take_marker(selection, line, line->text + sizeof(members_of) - 1, err);
	}
	if (line->text[0] == '"') {
		return take_quoted(selection, line, err);
	}
	if (gb_guid_parse(line->text, &id)) {
		find_or_add(selection, &id)->listed = true;
	} else {
		add_name(selection, line->text);
	}
	return GB_OK;
}

static enum gb_rc take_text(struct gb_selection *selection, const char *source, const char *text,
			    struct gb_err *err)
{
	void *tmp = gb_new_tmp(selection);
	struct line line = {.source = source};
	enum gb_rc rc = GB_OK;

	for (size_t length; rc == GB_OK && *text != '\0'; text += length + (text[length] == '\n')) {
		size_t blanks;

		length = strcspn(text, "\n");
		blanks = strspn(text, " \t");
		line.number++;
		line.column = (unsigned)blanks + 1;
		line.text = gb_text_trim(tmp, gb_strndup(tmp, text, length));
		if (line.text[0] != '\0' && line.text[0] != '#') {
			rc = take_line(selection, &line, err);
		}
		if (rc == GB_OK && HASH_COUNT(selection->items) + HASH_COUNT(selection->names) >
					   GB_SELECTION_MAX_ITEMS) {
			rc = refuse(&line, err, _("the file has too many groups."));
		}
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_selection_parse(const void *ctx, const char *source, const char *text,
			      struct gb_selection **ret_selection, struct gb_err *err)
{
	struct gb_selection *selection = gb_new(ctx, struct gb_selection);
	struct line end = {.source = source, .number = 1, .column = 1};
	enum gb_rc rc;

	talloc_set_destructor(selection, forget);
	rc = take_text(selection, source, text, err);
	if (rc == GB_OK && !selection->items && !selection->names &&
	    gb_guid_is_none(&selection->marker)) {
		rc = refuse(&end, err, _("the file selects no group."));
	}
	if (rc != GB_OK) {
		talloc_free(selection);
		return rc;
	}
	*ret_selection = selection;
	return GB_OK;
}

/* Resolving. */

bool gb_selection_has_names(const struct gb_selection *selection)
{
	return selection->names != NULL;
}

bool gb_selection_marker(const struct gb_selection *selection, struct gb_guid *ret_id)
{
	*ret_id = selection->marker;
	return !gb_guid_is_none(&selection->marker);
}

void gb_selection_begin(struct gb_selection *selection)
{
	struct item *item;
	struct item *next_item;
	struct name *name;
	struct name *next_name;

	selection->resolved = false;
	HASH_ITER (hh, selection->names, name, next_name) {
		name->hits = 0;
	}
	HASH_ITER (hh, selection->items, item, next_item) {
		item->marked = false;
		item->name = NULL;
		if (!item->listed) {
			HASH_DEL(selection->items, item);
			talloc_free(item);
		}
	}
}

void gb_selection_tell_name(struct gb_selection *selection, const struct gb_guid *id,
			    const char *display_name)
{
	char *folded;
	struct name *name;

	if (!selection->names || !display_name) {
		return;
	}
	folded = gb_text_lower(selection, display_name);
	name = find_name(selection, folded);
	if (name) {
		name->hits++;
		find_or_add(selection, id)->name = name;
	}
	talloc_free(folded);
}

void gb_selection_tell_member(struct gb_selection *selection, const struct gb_guid *id)
{
	find_or_add(selection, id)->marked = true;
}

void gb_selection_end(struct gb_selection *selection)
{
	selection->resolved = true;
}

static enum gb_selection_answer answer_of(const struct gb_selection *selection,
					  const struct item *item)
{
	if (item && (item->listed || item->marked)) {
		return GB_SELECTION_YES;
	}
	if (item && item->name && item->name->hits == 1) {
		return GB_SELECTION_YES;
	}
	if (item && item->name) {
		return GB_SELECTION_AMBIGUOUS;
	}
	return gb_guid_is_none(&selection->marker) || selection->resolved ? GB_SELECTION_NO
									  : GB_SELECTION_UNKNOWN;
}

enum gb_selection_answer gb_selection_find(const struct gb_selection *selection,
					   const struct gb_guid *id)
{
	return answer_of(selection, find(selection, id));
}

static int by_id(const struct item *a, const struct item *b)
{
	return gb_guid_compare(&a->id, &b->id);
}

char *gb_selection_fingerprint(const void *ctx, struct gb_selection *selection)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	char id[GB_GUID_TEXT_BYTES];

	HASH_SRT(hh, selection->items, by_id);
	for (struct item *item = selection->items; item; item = item->hh.next) {
		gb_buffer_add_format(out, "%s %d\n", gb_guid_format(&item->id, id),
				     (int)answer_of(selection, item));
	}
	gb_buffer_add_format(out, "* %d\n", (int)answer_of(selection, NULL));
	return gb_buffer_steal(ctx, out);
}
