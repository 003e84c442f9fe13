/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on one group: its members. */
#include "config.h"

#include "engine/plan/work.h"

#include <stddef.h>

static enum gb_rc on_chunk(void *user, enum gb_change_kind kind, const int64_t *members,
			   size_t count, struct gb_err *err)
{
	struct gb_work *work = user;
	struct gb_change change =
		kind == GB_CHANGE_CREATE ? work->create : gb_work_change(work, kind);

	change.members = members;
	change.member_count = count;
	return gb_work_emit(work, &change, err);
}

/* Members that do not exist before somebody approves their creation. */
static enum gb_rc on_planned(void *user, const int64_t *members, size_t count, struct gb_err *err)
{
	struct gb_work *work = user;
	struct gb_change change = gb_work_change(work, GB_CHANGE_ADD_MEMBERS);

	change.members = members;
	change.member_count = count;
	return gb_work_emit_waiting(work, &change, work->run->policy->hold.creates, err);
}

static void close_stream(struct gb_member_stream *stream)
{
	if (stream->close) {
		stream->close(stream->user);
	}
}

static enum gb_rc diff_members(struct gb_work *work, const struct gb_member_stream *desired,
			       const struct gb_member_stream *observed, struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	struct gb_members_oracle oracle = {.user = source->user, .presence = source->presence};
	bool creates_wait = work->run->policy->hold.creates != GB_CAUSE_NONE;
	struct gb_members_sink sink = {
		.user = work, .chunk = on_chunk, .planned = creates_wait ? on_planned : NULL};
	struct gb_members_input input = {.desired = desired,
					 .observed = observed,
					 .oracle = &oracle,
					 .hold_removals = work->note.held_cause != GB_CAUSE_NONE};

	return observed ? gb_members_diff(&input, &sink, &work->note.members, err)
			: gb_members_create(&input, &sink, &work->note.members, err);
}

enum gb_rc gb_work_create_members(struct gb_work *work, struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	struct gb_member_stream desired = {0};
	enum gb_rc rc = source->open_desired(source->user, work->group, &desired, err);

	if (rc == GB_OK) {
		rc = diff_members(work, &desired, NULL, err);
		close_stream(&desired);
	}
	return rc;
}

enum gb_rc gb_work_update_members(struct gb_work *work, struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	struct gb_member_stream desired = {0};
	struct gb_member_stream observed = {0};
	enum gb_rc rc;

	if (work->group->skip_members) {
		return GB_OK;
	}
	work->note.held_cause = gb_decide_hold(work->group);
	rc = source->open_desired(source->user, work->group, &desired, err);
	if (rc != GB_OK) {
		return rc;
	}
	rc = source->open_observed(source->user, work->group, &observed, err);
	if (rc == GB_OK) {
		rc = diff_members(work, &desired, &observed, err);
		close_stream(&observed);
	}
	close_stream(&desired);
	return rc;
}
