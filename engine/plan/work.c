/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on one group: what every step of it needs. */
#include "config.h"

#include "engine/plan/work.h"

/* What waits whoever plans it. Creates and types that give access are told apart by their planners. */
static enum gb_cause cause_of_kind(const struct gb_plan_hold *hold, enum gb_change_kind kind)
{
	return kind == GB_CHANGE_RENAME   ? hold->names
	       : kind == GB_CHANGE_MOVE   ? hold->places
	       : kind == GB_CHANGE_DELETE ? hold->ends
					  : GB_CAUSE_NONE;
}

/* What puts a hand's work back is named apart, or is all that is done about it. */
static enum gb_rc name_drift(struct gb_work *work, const struct gb_change *change,
			     struct gb_err *err)
{
	const struct gb_plan_sink *sink = work->run->sink;

	if (!work->group->drifted) {
		return GB_OK;
	}
	work->note.drift++;
	return sink->drift ? sink->drift(sink->user, change, err) : GB_OK;
}

bool gb_work_is_withheld(const struct gb_work *work)
{
	return work->group->drifted && work->run->policy->report_drift;
}

enum gb_rc gb_work_emit(struct gb_work *work, struct gb_change *change, struct gb_err *err)
{
	struct gb_work_run *run = work->run;
	enum gb_rc rc = name_drift(work, change, err);
	enum gb_cause waits = work->waits;

	if (rc != GB_OK || gb_work_is_withheld(work)) {
		return rc;
	}
	if (waits == GB_CAUSE_NONE) {
		waits = cause_of_kind(&run->policy->hold, change->kind);
	}
	change->waits = (int)waits;
	change->seq = ++run->seq;
	gb_guard_count(&run->counts, change);
	work->note.changes++;
	if (waits != GB_CAUSE_NONE) {
		work->note.waiting++;
		work->note.waits = waits;
	}
	return run->sink->change(run->sink->user, change, err);
}

struct gb_change gb_work_change(const struct gb_work *work, enum gb_change_kind kind)
{
	return (struct gb_change){.kind = kind,
				  .object_no = work->group->object_no,
				  .cloud_id = work->group->cloud.id,
				  .name = work->group->cloud.display_name,
				  .dn = work->note.dn};
}

/* Emits what @change says, waiting for @cause if there is one. */
enum gb_rc gb_work_emit_waiting(struct gb_work *work, struct gb_change *change, enum gb_cause cause,
				struct gb_err *err)
{
	enum gb_rc rc;

	work->waits = cause;
	rc = gb_work_emit(work, change, err);
	work->waits = GB_CAUSE_NONE;
	return rc;
}

struct gb_mapped_text gb_work_mapped_text(const struct gb_work *work, const char *attribute)
{
	return gb_mapping_text(work->tmp, work->run->policy, &work->group->cloud, attribute);
}

void gb_work_freeze(struct gb_work *work, enum gb_cause cause)
{
	work->note.decision.action = GB_DECIDE_FREEZE;
	work->note.decision.cause = cause;
}

bool gb_work_is_frozen(const struct gb_work *work)
{
	return work->note.decision.action == GB_DECIDE_FREEZE;
}
