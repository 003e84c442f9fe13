/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of other tools, given back. */
#include "config.h"

#include "engine/sync/release.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/plan/diff.h"
#include "engine/sync/adoption.h"
#include "engine/sync/put_back.h"

/* Attributes. */

static enum gb_rc give_values_back(struct gb_put_back *back, const struct gb_adopted_group *group,
				   struct gb_err *err)
{
	struct gb_mapping *wanted = gb_new(back->tmp, struct gb_mapping);
	struct gb_mapping *diff = gb_new(back->tmp, struct gb_mapping);
	struct gb_change change = {.kind = GB_CHANGE_ATTRIBUTES};

	for (size_t i = 0; i < group->value_count && i < GB_MAPPING_MAX_VALUES; i++) {
		wanted->values[wanted->count++] = (struct gb_change_value){
			.attribute = group->values[i].attribute,
			.value = group->values[i].old_value,
		};
	}
	gb_diff_attributes(back->tmp, wanted, &back->object->object, diff);
	change.values = diff->values;
	change.value_count = diff->count;
	return diff->count > 0 ? gb_put_back_emit(back, &change, err) : GB_OK;
}

/* Members. */

static enum gb_rc find_key(struct gb_state *state, const char *name, const void *tmp,
			   int64_t ret_nos[GB_STATE_MAX_CANDIDATES], size_t *ret_count,
			   struct gb_err *err)
{
	struct gb_sid sid;
	struct gb_guid guid;
	const char *dn_key;

	if (gb_sid_parse(name, &sid)) {
		return gb_state_directory_find(state, GB_STATE_KEY_SID, &sid, ret_nos, ret_count,
					       err);
	}
	if (gb_guid_parse(name, &guid)) {
		return gb_state_directory_find(state, GB_STATE_KEY_GUID, &guid, ret_nos, ret_count,
					       err);
	}
	if (gb_guid_from_anchor(name, &guid)) {
		return gb_state_directory_find(state, GB_STATE_KEY_CLOUD_ID, &guid, ret_nos,
					       ret_count, err);
	}
	dn_key = gb_dn_key(tmp, name);
	*ret_count = 0;
	return dn_key != NULL ? gb_state_directory_find(state, GB_STATE_KEY_DN, dn_key, ret_nos,
							ret_count, err)
			      : GB_OK;
}

/* The number of a member that is not as it was; 0: nobody of that name, several, or nothing to do. */
static enum gb_rc find_member(struct gb_put_back *back, const char *name, bool should_be_in,
			      int64_t *ret_no, struct gb_err *err)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count = 0;
	bool is_in = false;
	enum gb_rc rc = find_key(back->session->state, name, back->tmp, nos, &count, err);

	*ret_no = 0;
	if (rc == GB_OK && count == 1) {
		rc = gb_put_back_has_member(back, nos[0], &is_in, err);
	}
	if (rc == GB_OK && count == 1 && is_in != should_be_in) {
		*ret_no = nos[0];
	}
	return rc;
}

static enum gb_rc emit_members(struct gb_put_back *back, enum gb_change_kind kind,
			       const int64_t *members, size_t count, struct gb_err *err)
{
	struct gb_change change = {.kind = kind, .members = members, .member_count = count};

	return count > 0 ? gb_put_back_emit(back, &change, err) : GB_OK;
}

/* @kind: what brings the members back to where they were. */
static enum gb_rc give_members_back(struct gb_put_back *back, enum gb_change_kind kind,
				    const struct gb_adoption_members *members, struct gb_err *err)
{
	int64_t *chunk = gb_new_array(back->tmp, int64_t, GB_CHANGE_MAX_MEMBERS);
	size_t count = 0;
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < members->count && rc == GB_OK; i++) {
		int64_t no = 0;

		rc = find_member(back, members->names[i], kind == GB_CHANGE_ADD_MEMBERS, &no, err);
		if (rc != GB_OK || no == 0) {
			continue;
		}
		chunk[count++] = no;
		if (count == GB_CHANGE_MAX_MEMBERS) {
			rc = emit_members(back, kind, chunk, count, err);
			count = 0;
		}
	}
	return rc == GB_OK ? emit_members(back, kind, chunk, count, err) : rc;
}

/* Name and place. */

static bool is_same_key(const void *tmp, const char *a, const char *b)
{
	const char *one = gb_dn_key(tmp, a);
	const char *two = gb_dn_key(tmp, b);

	return one != NULL && two != NULL && strcmp(one, two) == 0;
}

/* Within the container alone: what it was moved here from may be nobody's any more. */
static enum gb_rc give_name_back(struct gb_put_back *back, const struct gb_adopted_group *group,
				 struct gb_err *err)
{
	const char *now = back->object->object.dn;
	char *cn = group->dn != NULL ? gb_dn_rdn_value(back->tmp, group->dn) : NULL;
	char *parent = group->dn != NULL ? gb_dn_parent(back->tmp, group->dn) : NULL;
	const char *present_cn = back->object->object.cn;
	struct gb_change change = {.kind = GB_CHANGE_RENAME};
	bool moves;

	if (cn == NULL || parent == NULL) {
		return GB_OK;
	}
	moves = !is_same_key(back->tmp, gb_dn_parent(back->tmp, now), parent);
	if (!moves && present_cn != NULL && strcmp(present_cn, cn) == 0) {
		return GB_OK;
	}
	if (moves) {
		change.kind = GB_CHANGE_MOVE;
		change.new_parent = parent;
	}
	change.new_rdn = gb_dn_rdn(back->tmp, cn);
	return gb_put_back_emit(back, &change, err);
}

/* All of it. */

static enum gb_rc give_back(struct gb_put_back *back, const struct gb_adopted_group *group,
			    struct gb_err *err)
{
	enum gb_rc rc;

	if (back->object == NULL) {
		gb_put_back_leave(back, "release-missing",
				  _("The group has no object any more that could be given back."));
		return GB_OK;
	}
	if (!gb_put_back_pause(back, _("given back"))) {
		gb_put_back_leave(back, "release-pause",
				  _("Too many groups are paused; this one was left."));
		return GB_OK;
	}
	rc = give_values_back(back, group, err);
	if (rc == GB_OK) {
		rc = give_members_back(back, GB_CHANGE_REMOVE_MEMBERS, &group->added, err);
	}
	if (rc == GB_OK) {
		rc = give_members_back(back, GB_CHANGE_ADD_MEMBERS, &group->removed, err);
	}
	return rc == GB_OK ? give_name_back(back, group, err) : rc;
}

static enum gb_rc plan_group(struct gb_put_back *back, const struct gb_adopted_group *group,
			     struct gb_err *err)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count = 0;
	enum gb_rc rc = gb_state_directory_find(back->session->state, GB_STATE_KEY_CLOUD_ID,
						&group->id, nos, &count, err);

	if (rc == GB_OK) {
		rc = gb_put_back_group(back, &group->id, group->name, count == 1 ? nos[0] : 0, err);
	}
	back->report->planned.groups++;
	return rc == GB_OK ? give_back(back, group, err) : rc;
}

static enum gb_rc never_taken(const struct gb_guid *id, struct gb_err *err)
{
	char text[GB_GUID_TEXT_BYTES];

	gb_err_set(err, GB_E_USAGE, "release-unknown",
		   _("The group %s was not taken over from another tool."),
		   gb_guid_format(id, text));
	return gb_err_undone(err, _("Nothing was written."));
}

static bool is_asked_for(const struct gb_session *session, const struct gb_adopted_group *group)
{
	return !group->is_released && (gb_guid_is_none(&session->only) ||
				       gb_guid_compare(&session->only, &group->id) == 0);
}

enum gb_rc gb_release_plan(struct gb_session *session, int64_t run_no, struct gb_report *report,
			   struct gb_err *err)
{
	struct gb_put_back *back = gb_put_back_new(session, session, report, run_no);
	struct gb_adopted_group *group;
	struct gb_adopted_group *next;
	enum gb_rc rc = gb_adoption_load(session->adoption, err);

	if (rc == GB_OK && !gb_guid_is_none(&session->only) &&
	    gb_adoption_find(session->adoption, &session->only) == NULL) {
		rc = never_taken(&session->only, err);
	}
	if (rc == GB_OK) {
		HASH_ITER (hh, session->adoption->groups, group, next) {
			if (rc == GB_OK && is_asked_for(session, group)) {
				rc = plan_group(back, group, err);
			}
		}
	}
	talloc_free(back);
	return rc;
}

enum gb_rc gb_release_keep(struct gb_session *session, const struct gb_carry *carried,
			   struct gb_err *err)
{
	struct gb_adopted_group *group;
	struct gb_adopted_group *next;

	HASH_ITER (hh, session->adoption->groups, group, next) {
		if (is_asked_for(session, group) && !gb_carry_has_failed(carried, &group->id)) {
			gb_adoption_release(session->adoption, group);
		}
	}
	return gb_adoption_save(session->adoption, err);
}
