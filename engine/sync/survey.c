/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the container that other tools made. */
#include "config.h"

#include "engine/sync/survey.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/journal.h"
#include "engine/sync/adoption.h"

/* uthash keeps its tables outside talloc. */
static int forget(struct gb_survey *survey)
{
	HASH_CLEAR(hh, survey->groups);
	return 0;
}

static void on_note(void *user, const struct gb_plan_note *note)
{
	struct gb_survey *survey = user;
	struct gb_survey_group *group = gb_new(survey, struct gb_survey_group);

	group->id = note->cloud_id;
	group->name = gb_strdup(group, note->name);
	group->dn = gb_strdup(group, note->dn);
	group->object_no = note->object_no;
	group->waits = note->waits;
	if (note->decision.action != GB_DECIDE_UPDATE) {
		group->left = note->decision.cause;
	}
	HASH_ADD(hh, survey->groups, id, sizeof(group->id), group);
}

struct gb_survey *gb_survey_new(const void *ctx)
{
	struct gb_survey *survey = gb_new(ctx, struct gb_survey);

	survey->viewer = (struct gb_plan_viewer){.note = on_note, .user = survey};
	talloc_set_destructor(survey, forget);
	return survey;
}

static void add_text(const void *ctx, const char ***texts, size_t *count, const char *text)
{
	*texts = gb_mem_check(talloc_realloc(ctx, *texts, const char *, gb_mem_count(*count + 1)));
	(*texts)[(*count)++] = gb_strdup(*texts, text);
}

static void take_values(struct gb_survey_group *group, const struct gb_change *change)
{
	const char *last = "";

	for (size_t i = 0; i < change->value_count; i++) {
		const char *attribute = change->values[i].attribute;

		if (!gb_text_equal_nocase(attribute, last)) {
			add_text(group, &group->attributes, &group->attribute_count, attribute);
		}
		last = attribute;
	}
}

static void take_removed(struct gb_survey_group *group, const struct gb_state_change *change)
{
	char sid[GB_SID_TEXT_BYTES];

	for (size_t i = 0; i < change->change.member_count; i++) {
		const struct gb_state_ref *ref = &change->members[i];

		add_text(group, &group->removed, &group->removed_count,
			 ref->dn != NULL ? ref->dn : gb_sid_format(&ref->sid, sid));
	}
}

static void take_change(struct gb_survey *survey, const struct gb_state_change *change)
{
	struct gb_survey_group *group;

	HASH_FIND(hh, survey->groups, &change->change.cloud_id, sizeof(change->change.cloud_id),
		  group);
	if (group == NULL) {
		return;
	}
	switch (change->change.kind) {
	case GB_CHANGE_ATTRIBUTES:
		take_values(group, &change->change);
		break;
	case GB_CHANGE_RENAME:
	case GB_CHANGE_MOVE:
		group->new_rdn = gb_strdup(group, change->change.new_rdn);
		break;
	case GB_CHANGE_ADD_MEMBERS:
		group->added += (int64_t)change->change.member_count;
		break;
	case GB_CHANGE_REMOVE_MEMBERS:
		take_removed(group, change);
		break;
	case GB_CHANGE_CREATE:
	case GB_CHANGE_DELETE:
		break;
	}
}

static enum gb_rc take_plan(struct gb_survey *survey, struct gb_state *state, int64_t run_no,
			    struct gb_err *err)
{
	struct gb_state_changes_iter *iter = gb_state_changes_begin(survey, state, run_no, 0);
	struct gb_state_change *change = NULL;
	enum gb_rc rc;

	while ((rc = gb_state_changes_next(iter, survey, &change, err)) == GB_OK &&
	       change != NULL) {
		take_change(survey, change);
		talloc_free(change);
	}
	gb_state_changes_end(iter);
	return rc;
}

static enum gb_rc name_makers(struct gb_survey *survey, struct gb_session *session,
			      struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	for (struct gb_survey_group *group = survey->groups; group != NULL && rc == GB_OK;
	     group = group->hh.next) {
		struct gb_state_directory_object *object = NULL;

		rc = gb_state_directory_read(survey, session->state, group->object_no, &object,
					     err);
		if (rc == GB_OK) {
			group->maker = gb_maker_of(&object->object, &group->id,
						   session->policy.has_external_id);
			talloc_free(object);
		}
	}
	return rc;
}

static enum gb_rc on_stranger(void *user, const char *dn)
{
	struct gb_survey *survey = user;

	add_text(survey, &survey->strangers, &survey->stranger_count, dn);
	return GB_OK;
}

static int64_t count_taken(const struct gb_adoption *adoption)
{
	int64_t count = 0;

	for (const struct gb_adopted_group *group = adoption->groups; group != NULL;
	     group = group->hh.next) {
		count += !group->is_released && !group->is_fresh;
	}
	return count;
}

enum gb_rc gb_survey_fill(struct gb_survey *survey, struct gb_session *session, int64_t run_no,
			  struct gb_err *err)
{
	enum gb_rc rc = name_makers(survey, session, err);

	survey->taken = count_taken(session->adoption);
	if (rc == GB_OK) {
		rc = take_plan(survey, session->state, run_no, err);
	}
	return rc == GB_OK
		       ? gb_state_directory_each_stranger(session->state, on_stranger, survey, err)
		       : rc;
}
