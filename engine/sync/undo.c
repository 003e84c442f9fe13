/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run changed, as a plan that puts it back. */
#include "config.h"

#include "engine/sync/undo.h"

#include <string.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/plan/diff.h"
#include "engine/state/cursors.h"
#include "engine/state/journal.h"
#include "engine/state/life.h"
#include "engine/state/runs.h"
#include "engine/sync/put_back.h"

/* An object was a member of a group. */
struct link {
	int64_t group_no;
	int64_t member_no;
};

struct undo {
	struct gb_put_back *back;
	const struct gb_state_change *row; /* the change at hand */
	int64_t undone_run;
	int64_t *deleted; /* objects that the run deleted */
	size_t deleted_count;
	struct link *links; /* of deleted objects, to be made at the end */
	size_t link_count;
};

/* Members that a deleted group had. */
struct former {
	int64_t *there;
	size_t there_count;
	int64_t *slots; /* groups that come back with it */
	size_t slot_count;
};

/* The run. */

static enum gb_rc refuse(int64_t run_no, const char *why, struct gb_err *err)
{
	gb_err_set(err, GB_E_USAGE, "undo-run", _("Run %lld cannot be undone: %s"),
		   (long long)run_no, why);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("'groupback-engine history' lists the runs that can."));
}

/* The instance id of the state that a report was written for; NULL if it does not say. */
static char *state_of_report(const void *ctx, const char *path)
{
	struct gb_json_doc *doc = NULL;
	struct gb_err err;
	size_t length;
	char *bytes;
	char *state = NULL;

	if (gb_file_read_trusted(ctx, path, GB_FILE_MAX_BYTES, &bytes, &length, &err) == GB_OK &&
	    gb_json_parse(ctx, bytes, length, path, &doc, &err) == GB_OK) {
		state = gb_strdup(ctx, gb_json_get_text(gb_json_root(doc), "state"));
	}
	return state;
}

static bool is_of_another_state(const struct gb_session *session, const void *tmp, int64_t run_no,
				const char *instance)
{
	char *path = gb_printf(tmp, "%s/runs/%lld.json", session->config->paths.state_directory,
			       (long long)run_no);
	char *state = state_of_report(tmp, path);

	return state != NULL && instance != NULL && strcmp(state, instance) != 0;
}

static size_t total_of(const struct gb_state_run_counts *counts)
{
	size_t total = 0;

	for (size_t kind = 0; kind < GB_RUN_KINDS; kind++) {
		total += counts->changes[kind][GB_OUTCOME_APPLIED];
	}
	return total;
}

static enum gb_rc check_run(struct gb_session *session, const void *tmp, int64_t run_no,
			    struct gb_err *err)
{
	struct gb_state_run *run = NULL;
	struct gb_state_run_counts counts;
	const char *instance = NULL;
	enum gb_rc rc = gb_state_fact_get(tmp, session->state, GB_FACT_INSTANCE, &instance, err);

	if (rc == GB_OK && is_of_another_state(session, tmp, run_no, instance)) {
		return refuse(run_no, _("it was made with another state."), err);
	}
	if (rc == GB_OK) {
		rc = gb_state_run_read(tmp, session->state, run_no, &run, err);
	}
	if (rc == GB_OK && run == NULL) {
		return refuse(run_no, _("this state knows no such run."), err);
	}
	if (rc == GB_OK) {
		rc = gb_state_run_count(session->state, run_no, &counts, err);
	}
	if (rc == GB_OK && total_of(&counts) == 0 && total_of(&run->counts) > 0) {
		return refuse(run_no, _("what it did is not kept any more."), err);
	}
	return rc;
}

enum gb_rc gb_undo_check(struct gb_session *session, int64_t undone_run, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	enum gb_rc rc = check_run(session, tmp, undone_run, err);

	talloc_free(tmp);
	return rc;
}

static void leave_changed(struct undo *undo)
{
	gb_put_back_leave(undo->back, "undo-changed",
			  _("Something of the group was changed since that run; that stays as it "
			    "is."));
}

/* Attributes. */

static bool is_as_it_was_left(struct undo *undo, const struct gb_change_value *value)
{
	struct gb_mapping left = {.count = 1, .values = {*value}};
	struct gb_mapping diff;

	gb_diff_attributes(undo->back->tmp, &left, &undo->back->object->object, &diff);
	return diff.count == 0;
}

static enum gb_rc undo_attributes(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	struct gb_change_value *values =
		gb_new_array(undo->back->tmp, struct gb_change_value, undone->value_count);
	struct gb_change change = {.kind = GB_CHANGE_ATTRIBUTES, .values = values};

	for (size_t i = 0; i < undone->value_count; i++) {
		const struct gb_change_value *value = &undone->values[i];

		if (is_as_it_was_left(undo, value)) {
			values[change.value_count++] =
				(struct gb_change_value){.attribute = value->attribute,
							 .value = value->old_value,
							 .old_value = value->value};
		}
	}
	if (change.value_count < undone->value_count) {
		leave_changed(undo);
	}
	return change.value_count > 0 ? gb_put_back_emit(undo->back, &change, err) : GB_OK;
}

/* Members. */

static bool has_failed(const struct undo *undo, int64_t member)
{
	for (size_t i = 0; i < undo->row->failed_member_count; i++) {
		if (undo->row->failed_members[i] == member) {
			return true;
		}
	}
	return false;
}

static enum gb_rc undo_members(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	bool was_removal = undone->kind == GB_CHANGE_REMOVE_MEMBERS;
	int64_t *members = gb_new_array(undo->back->tmp, int64_t, undone->member_count);
	struct gb_change change = {.kind = was_removal ? GB_CHANGE_ADD_MEMBERS
						       : GB_CHANGE_REMOVE_MEMBERS,
				   .members = members};
	bool is_changed = false;
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < undone->member_count && rc == GB_OK; i++) {
		bool is_present = false;

		if (has_failed(undo, undone->members[i])) {
			continue;
		}
		rc = gb_put_back_has_member(undo->back, undone->members[i], &is_present, err);
		if (is_present == was_removal) {
			is_changed = true;
		} else {
			members[change.member_count++] = undone->members[i];
		}
	}
	if (rc == GB_OK && is_changed) {
		leave_changed(undo);
	}
	return rc == GB_OK && change.member_count > 0 ? gb_put_back_emit(undo->back, &change, err)
						      : rc;
}

/* Names and places. */

static bool is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static enum gb_rc undo_rename(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	char *now = gb_dn_rdn_value(undo->back->tmp, undo->back->object->object.dn);
	char *left = gb_dn_rdn_value(undo->back->tmp, undone->new_rdn);
	char *before = gb_dn_rdn_value(undo->back->tmp, undone->dn);
	struct gb_change change = {.kind = GB_CHANGE_RENAME};

	if (!is_same(now, left) || before == NULL) {
		leave_changed(undo);
		return GB_OK;
	}
	change.new_rdn = gb_dn_rdn(undo->back->tmp, before);
	return gb_put_back_emit(undo->back, &change, err);
}

static enum gb_rc undo_move(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	char *now = gb_dn_parent(undo->back->tmp, undo->back->object->object.dn);
	char *before = gb_dn_rdn_value(undo->back->tmp, undone->dn);
	struct gb_change change = {.kind = GB_CHANGE_MOVE,
				   .new_parent = gb_dn_parent(undo->back->tmp, undone->dn)};

	if (now == NULL || undone->new_parent == NULL || before == NULL ||
	    !is_same(gb_dn_key(undo->back->tmp, now),
		     gb_dn_key(undo->back->tmp, undone->new_parent))) {
		leave_changed(undo);
		return GB_OK;
	}
	change.new_rdn = gb_dn_rdn(undo->back->tmp, before);
	return gb_put_back_emit(undo->back, &change, err);
}

/* Deletions. */

static bool is_deleted_too(const struct undo *undo, int64_t object_no)
{
	for (size_t i = 0; i < undo->deleted_count; i++) {
		if (undo->deleted[i] == object_no) {
			return true;
		}
	}
	return false;
}

/* Where it was a member it is one again, after all are back. */
static enum gb_rc remember_parents(struct undo *undo, struct gb_err *err)
{
	struct gb_put_back *back = undo->back;
	int64_t *groups = NULL;
	size_t count = 0;
	enum gb_rc rc = gb_state_grave_parents(back->tmp, back->session->state, &back->cloud_id,
					       &groups, &count, err);

	undo->links = gb_mem_check(talloc_realloc(back, undo->links, struct link,
						  gb_mem_count(undo->link_count + count + 1)));
	for (size_t i = 0; i < count && rc == GB_OK; i++) {
		undo->links[undo->link_count++] =
			(struct link){.group_no = groups[i], .member_no = back->object_no};
	}
	return rc;
}

static enum gb_rc link_again(struct undo *undo, const struct link *link, struct gb_err *err)
{
	struct gb_put_back *back = undo->back;
	void *tmp = gb_new_tmp(back);
	struct gb_state_directory_object *group = NULL;
	struct gb_change change = {
		.kind = GB_CHANGE_ADD_MEMBERS, .members = &link->member_no, .member_count = 1};
	enum gb_rc rc =
		gb_state_directory_read(tmp, back->session->state, link->group_no, &group, err);

	if (rc == GB_OK &&
	    (group->presence == GB_PRESENCE_READ || is_deleted_too(undo, link->group_no))) {
		rc = gb_put_back_group(back, &group->cloud_id, group->object.display_name,
				       link->group_no, err);
		if (rc == GB_OK) {
			rc = gb_put_back_emit(back, &change, err);
		}
	}
	talloc_free(tmp);
	return rc;
}

static size_t at_most(size_t count)
{
	return count < GB_CHANGE_MAX_MEMBERS ? count : GB_CHANGE_MAX_MEMBERS;
}

/* Its members as it had them; groups that the same run deleted come after all are back. */
static enum gb_rc former_members(struct undo *undo, struct former *ret_former, struct gb_err *err)
{
	struct gb_put_back *back = undo->back;
	struct gb_state *state = back->session->state;
	int64_t *members = NULL;
	size_t count = 0;
	enum gb_rc rc =
		gb_state_grave_members(back->tmp, state, &back->cloud_id, &members, &count, err);

	ret_former->there = gb_new_array(back->tmp, int64_t, count + 1);
	ret_former->slots = gb_new_array(back->tmp, int64_t, count + 1);
	for (size_t i = 0; i < count && rc == GB_OK; i++) {
		enum gb_state_presence presence = GB_PRESENCE_SLOT;

		rc = gb_state_presence_of(state, members[i], &presence, err);
		if (presence != GB_PRESENCE_SLOT) {
			ret_former->there[ret_former->there_count++] = members[i];
		} else if (is_deleted_too(undo, members[i])) {
			ret_former->slots[ret_former->slot_count++] = members[i];
		}
	}
	return rc;
}

static enum gb_rc add_members(struct undo *undo, const int64_t *members, size_t count,
			      struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	for (size_t at = 0; at < count && rc == GB_OK; at += GB_CHANGE_MAX_MEMBERS) {
		struct gb_change change = {.kind = GB_CHANGE_ADD_MEMBERS,
					   .members = members + at,
					   .member_count = at_most(count - at)};

		rc = gb_put_back_emit(undo->back, &change, err);
	}
	return rc;
}

/* Creating it again takes the old object back, where the directory still has it (apply/). */
static enum gb_rc create_again(struct undo *undo, const struct former *former, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	struct gb_change_value *values =
		gb_new_array(undo->back->tmp, struct gb_change_value, undone->value_count);
	struct gb_change change = {.kind = GB_CHANGE_CREATE,
				   .dn = undone->dn,
				   .values = values,
				   .value_count = undone->value_count,
				   .members = former->there,
				   .member_count = at_most(former->there_count)};

	for (size_t i = 0; i < undone->value_count; i++) {
		values[i] = (struct gb_change_value){.attribute = undone->values[i].attribute,
						     .value = undone->values[i].old_value};
	}
	return gb_put_back_emit(undo->back, &change, err);
}

static enum gb_rc undo_delete(struct undo *undo, struct gb_err *err)
{
	struct former former = {.there_count = 0};
	size_t first;
	enum gb_rc rc;

	if (undo->row->change.value_count == 0) {
		gb_put_back_leave(undo->back, "undo-deleted",
				  _("The run deleted the group, and what it was is not known."));
		return GB_OK;
	}
	rc = former_members(undo, &former, err);
	if (rc == GB_OK) {
		rc = remember_parents(undo, err);
	}
	if (rc == GB_OK) {
		rc = create_again(undo, &former, err);
	}
	first = at_most(former.there_count);
	if (rc == GB_OK) {
		rc = add_members(undo, former.there + first, former.there_count - first, err);
	}
	return rc == GB_OK ? add_members(undo, former.slots, former.slot_count, err) : rc;
}

/* One change. */

static enum gb_rc undo_existing(struct undo *undo, struct gb_err *err)
{
	switch (undo->row->change.kind) {
	case GB_CHANGE_ATTRIBUTES:
		return undo_attributes(undo, err);
	case GB_CHANGE_ADD_MEMBERS:
	case GB_CHANGE_REMOVE_MEMBERS:
		return undo_members(undo, err);
	case GB_CHANGE_RENAME:
		return undo_rename(undo, err);
	case GB_CHANGE_MOVE:
		return undo_move(undo, err);
	case GB_CHANGE_CREATE:
		gb_put_back_leave(undo->back, "undo-created",
				  _("The run created the group. It stays, since deleting it would "
				    "lose its SID; disable writeback for it, or delete it by "
				    "hand."));
		return GB_OK;
	case GB_CHANGE_DELETE:
		break;
	}
	leave_changed(undo); /* somebody made it again */
	return GB_OK;
}

static enum gb_rc undo_change(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	struct gb_put_back *back = undo->back;
	enum gb_rc rc =
		gb_put_back_group(back, &undone->cloud_id, undone->name, undone->object_no, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (!gb_put_back_pause(back, gb_printf(back->tmp, _("undo of run %lld"),
					       (long long)undo->undone_run))) {
		gb_put_back_leave(back, "undo-pause",
				  _("Too many groups are paused; this one was left."));
		return GB_OK;
	}
	if (back->object != NULL) {
		return undo_existing(undo, err);
	}
	if (undone->kind == GB_CHANGE_DELETE) {
		return undo_delete(undo, err);
	}
	leave_changed(undo);
	return GB_OK;
}

/* Changes of the run that were carried out, one after the other. */
static enum gb_rc each_change(struct undo *undo,
			      enum gb_rc (*each)(struct undo *undo, struct gb_err *err),
			      struct gb_err *err)
{
	struct gb_session *session = undo->back->session;
	struct gb_state_changes_iter *iter =
		gb_state_changes_begin(session, session->state, undo->undone_run, 0);
	struct gb_state_change *row = NULL;
	enum gb_rc rc = GB_OK;

	while (rc == GB_OK && (rc = gb_state_changes_next(iter, session, &row, err)) == GB_OK &&
	       row != NULL) {
		undo->row = row;
		rc = row->status == GB_OUTCOME_APPLIED ? each(undo, err) : GB_OK;
		talloc_free(row);
	}
	gb_state_changes_end(iter);
	return rc;
}

static enum gb_rc note_deletion(struct undo *undo, struct gb_err *err)
{
	(void)err;
	if (undo->row->change.kind == GB_CHANGE_DELETE) {
		undo->deleted = gb_mem_check(talloc_realloc(undo->back, undo->deleted, int64_t,
							    gb_mem_count(undo->deleted_count + 1)));
		undo->deleted[undo->deleted_count++] = undo->row->change.object_no;
	}
	return GB_OK;
}

enum gb_rc gb_undo_plan(struct gb_session *session, int64_t undone_run, int64_t run_no,
			struct gb_report *report, struct gb_err *err)
{
	struct undo undo = {.back = gb_put_back_new(session, session, report, run_no),
			    .undone_run = undone_run};
	enum gb_rc rc = each_change(&undo, note_deletion, err);

	if (rc == GB_OK) {
		rc = each_change(&undo, undo_change, err);
	}
	for (size_t i = 0; i < undo.link_count && rc == GB_OK; i++) {
		rc = link_again(&undo, &undo.links[i], err);
	}
	talloc_free(undo.back);
	return rc;
}
