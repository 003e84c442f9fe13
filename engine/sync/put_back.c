/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What undo and release have in common. */
#include "config.h"

#include "engine/sync/put_back.h"

#include <stdlib.h>

#include "engine/base/mem.h"
#include "engine/plan/guard.h"
#include "engine/state/journal.h"
#include "engine/state/streams.h"

/** Members that are taken from the state at once. */
#define READ_AT_ONCE 256

struct gb_put_back *gb_put_back_new(const void *ctx, struct gb_session *session,
				    struct gb_report *report, int64_t run_no)
{
	struct gb_put_back *back = gb_new(ctx, struct gb_put_back);

	back->session = session;
	back->report = report;
	back->run_no = run_no;
	back->tmp = gb_new_tmp(back);
	return back;
}

enum gb_rc gb_put_back_group(struct gb_put_back *back, const struct gb_guid *cloud_id,
			     const char *name, int64_t object_no, struct gb_err *err)
{
	struct gb_state_directory_object *object = NULL;
	enum gb_rc rc;

	talloc_free_children(back->tmp);
	back->cloud_id = *cloud_id;
	back->name = name;
	back->object_no = object_no;
	back->object = NULL;
	rc = gb_state_directory_read(back->tmp, back->session->state, object_no, &object, err);
	if (rc == GB_E_NOT_FOUND) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc == GB_OK && object->presence == GB_PRESENCE_READ) {
		back->object = object;
	}
	return rc;
}

enum gb_rc gb_put_back_emit(struct gb_put_back *back, struct gb_change *change, struct gb_err *err)
{
	change->object_no = back->object_no;
	change->cloud_id = back->cloud_id;
	change->name = back->name;
	if (change->dn == NULL && back->object != NULL) {
		change->dn = back->object->object.dn;
	}
	gb_guard_count(&back->report->planned, change);
	back->report->touched_groups += gb_guid_compare(&back->last, &back->cloud_id) != 0;
	back->last = back->cloud_id;
	return gb_state_journal_add(back->session->state, back->run_no, change, NULL, err);
}

static enum gb_rc read_members(struct gb_put_back *back, struct gb_err *err)
{
	struct gb_state *state = back->session->state;
	struct gb_state_member buffer[READ_AT_ONCE];
	struct gb_state_members_iter *iter = NULL;
	struct gb_state_group *group = NULL;
	size_t count = 0;
	enum gb_rc rc = gb_state_group_read(back->tmp, state, 0, back->object_no, &group, err);

	if (rc == GB_OK) {
		back->member_count = 0;
		back->members_of = back->object_no;
		TALLOC_FREE(back->members);
		back->members = gb_new_array(back, int64_t, group->observed + 1);
		rc = gb_state_observed_begin(back->tmp, state, group, GB_MEMBERS_ALL, &iter, err);
	}
	while (rc == GB_OK) {
		rc = gb_state_members_read(iter, buffer, GB_ARRAY_SIZE(buffer), &count, err);
		if (rc != GB_OK || count == 0) {
			break;
		}
		for (size_t i = 0; i < count && back->member_count <= group->observed; i++) {
			back->members[back->member_count++] = buffer[i].object_no;
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

enum gb_rc gb_put_back_has_member(struct gb_put_back *back, int64_t member_no, bool *ret_has,
				  struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (back->members_of != back->object_no) {
		rc = read_members(back, err);
	}
	if (rc == GB_OK) {
		*ret_has = bsearch(&member_no, back->members, back->member_count, sizeof(member_no),
				   compare_numbers) != NULL;
	}
	return rc;
}

bool gb_put_back_pause(struct gb_put_back *back, const char *why)
{
	return gb_decisions_pause(back->session->decisions, &back->cloud_id, back->name, why);
}

void gb_put_back_leave(struct gb_put_back *back, const char *id, const char *text)
{
	gb_report_problem(back->report, &back->cloud_id, back->name, id, text);
}
