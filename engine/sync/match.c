/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matching of cloud members. */
#include "config.h"

#include "engine/sync/match.h"

#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/plan/decide.h"
#include "engine/plan/scope.h"
#include "engine/state/matching.h"
#include "engine/state/streams.h"
#include "engine/sync/forest.h"
#include "engine/sync/own.h"

/* One question under way: what plan/match.h wants to know. */
struct question {
	struct gb_session *session;
	struct gb_state *state;
	const struct gb_state_cloud_member *row;
	struct gb_match_candidate candidates[GB_MATCH_MAX_CANDIDATES];
	struct gb_match_input input;
};

/* What several keys find is one object. */
static const struct gb_directory_object *known_candidate(const struct question *q,
							 int64_t object_no)
{
	for (size_t i = 0; i < q->input.candidate_count; i++) {
		if (q->candidates[i].object_no == object_no) {
			return q->candidates[i].object;
		}
	}
	return NULL;
}

static enum gb_rc read_candidate(struct question *q, int64_t object_no,
				 const struct gb_directory_object **ret_object, struct gb_err *err)
{
	struct gb_state_directory_object *row = NULL;
	enum gb_rc rc = GB_OK;

	*ret_object = known_candidate(q, object_no);
	if (*ret_object == NULL) {
		rc = gb_state_directory_read(q, q->state, object_no, &row, err);
		*ret_object = rc == GB_OK ? &row->object : NULL;
	}
	return rc;
}

static enum gb_rc add_candidates(struct question *q, enum gb_state_key key, const void *value,
				 struct gb_err *err)
{
	int64_t nos[GB_STATE_MAX_CANDIDATES];
	size_t count;
	enum gb_rc rc = gb_state_directory_find(q->state, key, value, nos, &count, err);

	for (size_t i = 0; rc == GB_OK && i < count && i < GB_STATE_MAX_CANDIDATES; i++) {
		const struct gb_directory_object *object = NULL;
		struct gb_match_candidate *candidate = &q->candidates[q->input.candidate_count];

		rc = read_candidate(q, nos[i], &object, err);
		if (rc == GB_OK && q->input.candidate_count < GB_MATCH_MAX_CANDIDATES) {
			candidate->object_no = nos[i];
			candidate->object = object;
			candidate->same_dn = key == GB_STATE_KEY_DN;
			candidate->other_domain = gb_forest_is_foreign(q->session, object);
			q->input.candidate_count++;
		}
	}
	return rc;
}

static enum gb_rc add_by_anchor(struct question *q, struct gb_err *err)
{
	const struct gb_guid *immutable_id = &q->row->member.immutable_id;
	enum gb_rc rc = GB_OK;

	if (!gb_guid_is_none(immutable_id)) {
		rc = add_candidates(q, GB_STATE_KEY_GUID, immutable_id, err);
		if (rc == GB_OK) {
			rc = add_candidates(q, GB_STATE_KEY_CONSISTENCY_GUID, immutable_id, err);
		}
	}
	return rc;
}

/* Whom the rule finds by a key is who it is, whatever worse keys would find (plan/match.h). */
static bool is_found(const struct question *q, enum gb_match_rule rule)
{
	return gb_match_member(&q->input).rule == rule;
}

static enum gb_rc find_candidates(struct question *q, struct gb_err *err)
{
	const struct gb_cloud_member *member = &q->row->member;
	enum gb_rc rc = GB_OK;

	if (!gb_sid_is_none(&member->sid)) {
		rc = add_candidates(q, GB_STATE_KEY_SID, &member->sid, err);
		if (rc != GB_OK || is_found(q, GB_MATCH_SID)) {
			return rc;
		}
	}
	rc = add_by_anchor(q, err);
	if (rc != GB_OK || is_found(q, GB_MATCH_IMMUTABLE_ID)) {
		return rc;
	}
	if (q->row->on_premises_dn_key != NULL) {
		rc = add_candidates(q, GB_STATE_KEY_DN, q->row->on_premises_dn_key, err);
	}
	if (rc == GB_OK && member->type == GB_CLOUD_CONTACT && member->mail != NULL) {
		rc = add_candidates(q, GB_STATE_KEY_MAIL, member->mail, err);
	}
	return rc;
}

static enum gb_rc take_slot(struct question *q, struct gb_err *err)
{
	enum gb_rc rc = gb_state_slot_get(q->state, q->row->no, GB_MATCH_WRITTEN,
					  &q->input.nested_object_no, err);

	if (rc == GB_E_CONSTRAINT) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc == GB_OK) {
		q->input.nested = GB_NESTED_WRITTEN;
	}
	return rc;
}

/* A group counts as written if its object exists, or if it is in scope and so will be made. */
static enum gb_rc look_at_group(struct question *q, const struct gb_plan_policy *policy,
				struct gb_err *err)
{
	const struct gb_state_directory_object *own;
	struct gb_state_group *group;
	enum gb_scope_verdict verdict;
	enum gb_rc rc = gb_state_group_read(q, q->state, q->row->no, 0, &group, err);

	if (rc == GB_E_NOT_FOUND) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc != GB_OK || group->cloud == NULL) {
		return rc;
	}
	own = gb_own_object(group);
	verdict =
		gb_scope_check(policy, &group->cloud->group, own != NULL ? &own->object.sid : NULL)
			.verdict;
	if (verdict == GB_SCOPE_IN && own == NULL &&
	    (int64_t)group->listed > gb_decide_member_limit(policy, &group->cloud->group)) {
		q->input.nested = GB_NESTED_TOO_LARGE;
		return GB_OK;
	}
	if (verdict == GB_SCOPE_IN) {
		return take_slot(q, err);
	}
	if (own != NULL && own->is_ours) {
		q->input.nested = GB_NESTED_WRITTEN;
		q->input.nested_object_no = group->object_no;
	} else if (verdict == GB_SCOPE_UNKNOWN) {
		q->input.nested = GB_NESTED_UNKNOWN;
	}
	return GB_OK;
}

static enum gb_rc answer(struct question *q, const struct gb_plan_policy *policy,
			 struct gb_match *ret_match, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (q->row->life != GB_LIFE_LIVE && q->row->member.type != GB_CLOUD_GROUP) {
		*ret_match = (struct gb_match){.cause = GB_CAUSE_MEMBER_DELETED};
		return GB_OK;
	}
	if (q->row->member.type == GB_CLOUD_GROUP) {
		rc = look_at_group(q, policy, err);
	}
	if (rc == GB_OK) {
		rc = find_candidates(q, err);
	}
	if (rc == GB_OK) {
		*ret_match = gb_match_member(&q->input);
	}
	return rc;
}

static enum gb_rc match_row(struct gb_session *session, const struct gb_state_cloud_member *row,
			    struct gb_err *err)
{
	struct question *q = gb_new(session, struct question);
	struct gb_match match;
	enum gb_rc rc;

	q->session = session;
	q->state = session->state;
	q->input.group_scope = session->policy.group_scope;
	q->input.forest_unsearched = gb_forest_is_unsearched(session, &row->member.sid);
	q->row = row;
	q->input.member = &row->member;
	q->input.candidates = q->candidates;
	rc = answer(q, &session->policy, &match, err);
	if (rc == GB_OK) {
		rc = gb_state_match_set(
			session->state, row->no, match.object_no,
			match.rule != GB_MATCH_NONE ? (int)match.rule : (int)match.cause, err);
	}
	talloc_free(q);
	return rc == GB_OK ? gb_state_commit_soon(session->state, err) : rc;
}

static enum gb_rc match_due(struct gb_session *session, bool all, struct gb_err *err)
{
	struct gb_state_match_iter *iter = gb_state_match_begin(session, session->state, all);
	const struct gb_state_cloud_member *row;
	enum gb_rc rc;

	while ((rc = gb_state_match_next(iter, &row, err)) == GB_OK && row != NULL) {
		rc = match_row(session, row, err);
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_match_end(iter);
	return rc;
}

static enum gb_rc match_group(struct gb_session *session, int64_t cloud_no, struct gb_err *err)
{
	struct gb_state_cloud_member *row;
	enum gb_rc rc = gb_state_cloud_read_member(session, session->state, cloud_no, &row, err);

	if (rc == GB_OK) {
		rc = match_row(session, row, err);
		talloc_free(row);
	}
	return rc;
}

/* What decides the scope of a group is no key of matching: the state does not know that a group which
 * was enabled a moment ago can now be a member of others. */
static enum gb_rc match_dirty_groups(struct gb_session *session, struct gb_err *err)
{
	struct gb_state_groups_iter *iter =
		gb_state_groups_begin(session, session->state, GB_GROUPS_DIRTY);
	const struct gb_state_group *group;
	enum gb_rc rc;

	while ((rc = gb_state_groups_next(iter, &group, err)) == GB_OK && group != NULL) {
		if (group->cloud_no != 0 && (group->dirty & GB_DIRTY_ALL) != 0) {
			rc = match_group(session, group->cloud_no, err);
		}
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_groups_end(iter);
	return rc;
}

enum gb_rc gb_match_all_due(struct gb_session *session, bool all, struct gb_err *err)
{
	/* Who is new in another domain is in no change of this one: asked once a day. */
	enum gb_rc rc = gb_forest_search(session, all || session->lists_groups, err);

	if (rc == GB_OK) {
		rc = match_due(session, all, err);
	}
	if (rc == GB_OK && !all) {
		rc = match_dirty_groups(session, err);
	}
	if (rc == GB_OK && !all && session->policy.nesting != GB_NESTING_KEEP) {
		rc = gb_state_flat_spread(session->state, err);
	}
	return rc;
}
