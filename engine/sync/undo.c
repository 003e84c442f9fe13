/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run changed, as a plan that puts it back. */
#include "config.h"

#include "engine/sync/undo.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/plan/diff.h"
#include "engine/plan/guard.h"
#include "engine/state/cursors.h"
#include "engine/state/journal.h"
#include "engine/state/runs.h"
#include "engine/state/streams.h"
#include "engine/sync/own.h"

/* Members of one group as they are now; kept while changes of the same group follow each other. */
struct present_members {
	int64_t object_no;
	int64_t *members; /* ascending */
	size_t count;
};

struct undo {
	struct gb_session *session;
	struct gb_report *report;
	int64_t undone_run;
	int64_t run_no;
	struct present_members present;
	struct gb_guid last; /* group of the last change */
	/* of the change at hand */
	void *tmp;
	const struct gb_state_change *row;
	const struct gb_state_directory_object *object;
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

/* Writing the plan. */

static enum gb_rc emit(struct undo *undo, struct gb_change *change, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;

	change->object_no = undone->object_no;
	change->cloud_id = undone->cloud_id;
	change->name = undone->name;
	if (change->dn == NULL && undo->object != NULL) {
		change->dn = undo->object->object.dn;
	}
	gb_guard_count(&undo->report->planned, change);
	undo->report->touched_groups += gb_guid_compare(&undo->last, &undone->cloud_id) != 0;
	undo->last = undone->cloud_id;
	return gb_state_journal_add(undo->session->state, undo->run_no, change, NULL, err);
}

static void leave(struct undo *undo, const char *id, const char *text)
{
	const struct gb_change *undone = &undo->row->change;

	gb_report_problem(undo->report, &undone->cloud_id, undone->name, id, text);
}

static void leave_changed(struct undo *undo)
{
	leave(undo, "undo-changed",
	      _("Something of the group was changed since that run; that stays as it is."));
}

static bool pause_group(struct undo *undo)
{
	const struct gb_change *undone = &undo->row->change;
	char *why = gb_printf(undo->tmp, _("undo of run %lld"), (long long)undo->undone_run);

	return gb_decisions_pause(undo->session->decisions, &undone->cloud_id, undone->name, why);
}

/* Attributes. */

static bool is_as_it_was_left(struct undo *undo, const struct gb_change_value *value)
{
	struct gb_mapping left = {.count = 1, .values = {*value}};
	struct gb_mapping diff;

	gb_diff_attributes(undo->tmp, &left, &undo->object->object, &diff);
	return diff.count == 0;
}

static enum gb_rc undo_attributes(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	struct gb_change_value *values =
		gb_new_array(undo->tmp, struct gb_change_value, undone->value_count);
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
	return change.value_count > 0 ? emit(undo, &change, err) : GB_OK;
}

/* Members. */

static enum gb_rc read_present(struct undo *undo, struct gb_err *err)
{
	struct present_members *present = &undo->present;
	struct gb_state *state = undo->session->state;
	struct gb_state_member buffer[256];
	struct gb_state_members_iter *iter = NULL;
	struct gb_state_group *group = NULL;
	size_t count = 0;
	enum gb_rc rc =
		gb_state_group_read(undo->tmp, state, 0, undo->row->change.object_no, &group, err);

	if (rc == GB_OK) {
		present->count = 0;
		present->object_no = undo->row->change.object_no;
		TALLOC_FREE(present->members);
		present->members = gb_new_array(undo->report, int64_t, group->observed + 1);
		rc = gb_state_observed_begin(undo->tmp, state, group, GB_MEMBERS_ALL, &iter, err);
	}
	while (rc == GB_OK) {
		rc = gb_state_members_read(iter, buffer, GB_ARRAY_SIZE(buffer), &count, err);
		if (rc != GB_OK || count == 0) {
			break;
		}
		for (size_t i = 0; i < count && present->count <= group->observed; i++) {
			present->members[present->count++] = buffer[i].object_no;
		}
	}
	gb_state_members_end(iter);
	return rc;
}

static int compare_numbers(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a;
	int64_t two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

static bool is_present(const struct undo *undo, int64_t member)
{
	return bsearch(&member, undo->present.members, undo->present.count, sizeof(member),
		       compare_numbers) != NULL;
}

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
	int64_t *members = gb_new_array(undo->tmp, int64_t, undone->member_count);
	struct gb_change change = {.kind = was_removal ? GB_CHANGE_ADD_MEMBERS
						       : GB_CHANGE_REMOVE_MEMBERS,
				   .members = members};
	size_t changed = 0;
	enum gb_rc rc = GB_OK;

	if (undo->present.object_no != undone->object_no) {
		rc = read_present(undo, err);
	}
	for (size_t i = 0; i < undone->member_count && rc == GB_OK; i++) {
		if (has_failed(undo, undone->members[i])) {
			continue;
		}
		if (is_present(undo, undone->members[i]) == was_removal) {
			changed++;
		} else {
			members[change.member_count++] = undone->members[i];
		}
	}
	if (changed > 0) {
		leave_changed(undo);
	}
	return rc == GB_OK && change.member_count > 0 ? emit(undo, &change, err) : rc;
}

/* Names and places. */

static bool is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static enum gb_rc undo_rename(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	char *now = gb_dn_rdn_value(undo->tmp, undo->object->object.dn);
	char *left = gb_dn_rdn_value(undo->tmp, undone->new_rdn);
	char *before = gb_dn_rdn_value(undo->tmp, undone->dn);
	struct gb_change change = {.kind = GB_CHANGE_RENAME};

	if (!is_same(now, left) || before == NULL) {
		leave_changed(undo);
		return GB_OK;
	}
	change.new_rdn = gb_dn_rdn(undo->tmp, before);
	return emit(undo, &change, err);
}

static enum gb_rc undo_move(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	char *now = gb_dn_parent(undo->tmp, undo->object->object.dn);
	char *before = gb_dn_rdn_value(undo->tmp, undone->dn);
	struct gb_change change = {.kind = GB_CHANGE_MOVE,
				   .new_parent = gb_dn_parent(undo->tmp, undone->dn)};

	if (now == NULL || undone->new_parent == NULL || before == NULL ||
	    !is_same(gb_dn_key(undo->tmp, now), gb_dn_key(undo->tmp, undone->new_parent))) {
		leave_changed(undo);
		return GB_OK;
	}
	change.new_rdn = gb_dn_rdn(undo->tmp, before);
	return emit(undo, &change, err);
}

/* Creating it again takes the old object back, where the directory still has it (apply/). */
static enum gb_rc undo_delete(struct undo *undo, struct gb_err *err)
{
	const struct gb_change *undone = &undo->row->change;
	struct gb_change_value *values =
		gb_new_array(undo->tmp, struct gb_change_value, undone->value_count);
	struct gb_change change = {.kind = GB_CHANGE_CREATE,
				   .dn = undone->dn,
				   .values = values,
				   .value_count = undone->value_count,
				   .members = undone->members,
				   .member_count = undone->member_count};

	if (undone->value_count == 0) {
		leave(undo, "undo-deleted",
		      _("The run deleted the group, and what it was is not known."));
		return GB_OK;
	}
	for (size_t i = 0; i < undone->value_count; i++) {
		values[i] = (struct gb_change_value){.attribute = undone->values[i].attribute,
						     .value = undone->values[i].old_value};
	}
	return emit(undo, &change, err);
}

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
		leave(undo, "undo-created",
		      _("The run created the group. It stays, since deleting it would lose its "
			"SID; "
			"disable writeback for it, or delete it by hand."));
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
	struct gb_state_directory_object *object = NULL;
	enum gb_rc rc = gb_state_directory_read(undo->tmp, undo->session->state, undone->object_no,
						&object, err);
	bool exists = rc == GB_OK && object->presence == GB_PRESENCE_READ;

	if (rc != GB_OK && rc != GB_E_NOT_FOUND) {
		return rc;
	}
	undo->object = exists ? object : NULL;
	if (!pause_group(undo)) {
		leave(undo, "undo-pause", _("Too many groups are paused; this one was left."));
		return GB_OK;
	}
	if (exists) {
		return undo_existing(undo, err);
	}
	if (undone->kind == GB_CHANGE_DELETE) {
		return undo_delete(undo, err);
	}
	leave_changed(undo);
	return GB_OK;
}

enum gb_rc gb_undo_plan(struct gb_session *session, int64_t undone_run, int64_t run_no,
			struct gb_report *report, struct gb_err *err)
{
	struct undo undo = {.session = session,
			    .report = report,
			    .undone_run = undone_run,
			    .run_no = run_no,
			    .tmp = gb_new_tmp(session)};
	struct gb_state_changes_iter *iter =
		gb_state_changes_begin(session, session->state, undone_run, 0);
	struct gb_state_change *row = NULL;
	enum gb_rc rc;

	while ((rc = gb_state_changes_next(iter, undo.tmp, &row, err)) == GB_OK && row != NULL) {
		undo.row = row;
		if (row->status == GB_OUTCOME_APPLIED) {
			rc = undo_change(&undo, err);
		}
		talloc_free_children(undo.tmp);
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_changes_end(iter);
	talloc_free(undo.present.members);
	talloc_free(undo.tmp);
	return rc;
}
