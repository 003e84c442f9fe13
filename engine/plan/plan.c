/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The planner: two passes over the groups, changes and notes to the sink. */
#include "config.h"

#include "engine/plan/plan.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/directory_object.h"
#include "engine/base/mem.h"
#include "engine/plan/diff.h"
#include "engine/plan/mapping.h"

struct run {
	const struct gb_plan_policy *policy;
	const struct gb_plan_source *source;
	const struct gb_plan_sink *sink;
	struct gb_plan_counts counts;
	int64_t seq; /* of the last change */
};

/* The group at hand. */
struct work {
	struct run *run;
	void *tmp; /* lives as long as the group */
	const struct gb_plan_group *group;
	struct gb_plan_note note;
	struct gb_change create; /* what stays the same while chunks come in */
	enum gb_cause waits;     /* what is emitted now waits, for this */
	const char *parent;      /* DN of the container that it should stand in */
	bool moves;              /* it stands in another one */
	enum gb_cause type_waits; /* what a change of its groupType waits for */
};

/* What waits whoever plans it. Creates and types that give access are told apart by their planners. */
static enum gb_cause cause_of_kind(const struct gb_plan_hold *hold, enum gb_change_kind kind)
{
	return kind == GB_CHANGE_RENAME   ? hold->names
	       : kind == GB_CHANGE_MOVE   ? hold->places
	       : kind == GB_CHANGE_DELETE ? hold->ends
					  : GB_CAUSE_NONE;
}

/* What puts a hand's work back is named apart, or is all that is done about it. */
static enum gb_rc name_drift(struct work *work, const struct gb_change *change, struct gb_err *err)
{
	const struct gb_plan_sink *sink = work->run->sink;

	if (!work->group->drifted) {
		return GB_OK;
	}
	work->note.drift++;
	return sink->drift ? sink->drift(sink->user, change, err) : GB_OK;
}

static bool is_withheld(const struct work *work)
{
	return work->group->drifted && work->run->policy->report_drift;
}

static enum gb_rc emit(struct work *work, struct gb_change *change, struct gb_err *err)
{
	struct run *run = work->run;
	enum gb_rc rc = name_drift(work, change, err);
	enum gb_cause waits = work->waits;

	if (rc != GB_OK || is_withheld(work)) {
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

static struct gb_change change_of(const struct work *work, enum gb_change_kind kind)
{
	return (struct gb_change){.kind = kind,
				  .object_no = work->group->object_no,
				  .cloud_id = work->group->cloud.id,
				  .name = work->group->cloud.display_name,
				  .dn = work->note.dn};
}

/* Members. */

static enum gb_rc on_chunk(void *user, enum gb_change_kind kind, const int64_t *members,
			   size_t count, struct gb_err *err)
{
	struct work *work = user;
	struct gb_change change = kind == GB_CHANGE_CREATE ? work->create : change_of(work, kind);

	change.members = members;
	change.member_count = count;
	return emit(work, &change, err);
}

/* Emits what @change says, waiting for @cause if there is one. */
static enum gb_rc emit_waiting(struct work *work, struct gb_change *change, enum gb_cause cause,
			       struct gb_err *err)
{
	enum gb_rc rc;

	work->waits = cause;
	rc = emit(work, change, err);
	work->waits = GB_CAUSE_NONE;
	return rc;
}

/* Members that do not exist before somebody approves their creation. */
static enum gb_rc on_planned(void *user, const int64_t *members, size_t count, struct gb_err *err)
{
	struct work *work = user;
	struct gb_change change = change_of(work, GB_CHANGE_ADD_MEMBERS);

	change.members = members;
	change.member_count = count;
	return emit_waiting(work, &change, work->run->policy->hold.creates, err);
}

static void close_stream(struct gb_member_stream *stream)
{
	if (stream->close) {
		stream->close(stream->user);
	}
}

static enum gb_rc diff_members(struct work *work, const struct gb_member_stream *desired,
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

static enum gb_rc create_with_members(struct work *work, struct gb_err *err)
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

static enum gb_rc update_members(struct work *work, struct gb_err *err)
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

/* Names. */

static struct gb_mapped_text mapped_text(const struct work *work, const char *attribute)
{
	return gb_mapping_text(work->tmp, work->run->policy, &work->group->cloud, attribute);
}

static char *candidate_of(const struct work *work, enum gb_name_kind kind, unsigned candidate)
{
	const struct gb_cloud_group *cloud = &work->group->cloud;
	struct gb_mapped_text mapped =
		mapped_text(work, kind == GB_NAME_KIND_CN ? "cn" : "sAMAccountName");
	const char *name = mapped.is_mapped ? mapped.text : cloud->display_name;

	if (kind == GB_NAME_KIND_SAM) {
		return gb_naming_sam(work->tmp, name, &cloud->id, candidate);
	}
	return mapped.is_mapped ? gb_naming_cn_mapped(work->tmp, name, &cloud->id, candidate)
				: gb_naming_cn(work->tmp, work->run->policy->name, name, &cloud->id,
					       candidate);
}

static enum gb_rc claim(struct work *work, enum gb_name_kind kind, const char *name, bool *ret_free,
			struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	struct gb_name_claim claim = {.kind = kind,
				      .name = name,
				      .parent_dn = kind == GB_NAME_KIND_CN ? work->parent : NULL,
				      .object_no = work->group->object_no};

	return source->claim_name(source->user, &claim, ret_free, err);
}

/*
 * The first free candidate into *ret_name, below work->tmp; NULL if all are taken. The name that the
 * object has already (@present, or NULL) is free without asking.
 */
static enum gb_rc find_name(struct work *work, enum gb_name_kind kind, const char *present,
			    const char **ret_name, struct gb_err *err)
{
	bool is_free = false;
	char *name = NULL;

	for (unsigned candidate = 0; !is_free; candidate++) {
		name = candidate_of(work, kind, candidate);
		if (!name || (present && strcmp(present, name) == 0)) {
			break;
		}
		enum gb_rc rc = claim(work, kind, name, &is_free, err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	*ret_name = name;
	return GB_OK;
}

static void freeze(struct work *work, enum gb_cause cause)
{
	work->note.decision.action = GB_DECIDE_FREEZE;
	work->note.decision.cause = cause;
}

static bool is_frozen(const struct work *work)
{
	return work->note.decision.action == GB_DECIDE_FREEZE;
}

/* The container of the group: the one that is written to, or what the map says. */
static enum gb_rc find_parent(struct work *work, struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	struct gb_mapped_text mapped = mapped_text(work, "parentDistinguishedName");
	enum gb_parent_state state = GB_PARENT_IS_THERE;
	enum gb_rc rc = GB_OK;

	/* An object that somebody moved inside the container may stay where it is. */
	work->parent = work->group->observed ? work->group->new_parent_dn
					     : work->run->policy->container_dn;
	work->moves = work->group->new_parent_dn != NULL;
	if (mapped.is_unknown && !work->group->observed) {
		freeze(work, GB_CAUSE_MAPPING_FAILED);
	}
	if (!mapped.is_mapped || mapped.is_unknown) {
		return GB_OK;
	}
	work->parent = mapped.text && mapped.text[0] != '\0' ? mapped.text
							     : work->run->policy->container_dn;
	if (source->check_parent) {
		rc = source->check_parent(source->user, work->group, work->parent, &state, err);
	}
	if (state == GB_PARENT_OUTSIDE || state == GB_PARENT_MISSING) {
		freeze(work, state == GB_PARENT_OUTSIDE ? GB_CAUSE_PARENT_OUTSIDE
							: GB_CAUSE_PARENT_MISSING);
	}
	work->moves = work->group->observed && state == GB_PARENT_ELSEWHERE;
	return rc;
}

/* Attributes. */

/* Who has the address is asked once, before it is written; afterwards it is ours. */
static enum gb_rc find_wanted(struct work *work, struct gb_mapping *ret_wanted, struct gb_err *err)
{
	struct gb_mapping_input input = {.policy = work->run->policy,
					 .group = &work->group->cloud,
					 .observed = work->group->observed};
	const char *address = gb_mapping_new_address(work->tmp, &input);
	bool is_free = true;
	enum gb_rc rc = GB_OK;

	if (address) {
		rc = claim(work, GB_NAME_KIND_MAIL, address, &is_free, err);
	}
	if (rc == GB_OK) {
		input.mail_is_taken = !is_free;
		gb_mapping_values(work->tmp, &input, ret_wanted);
		work->note.remark = ret_wanted->remark;
	}
	return rc;
}

static void values_of_create(const struct gb_mapping *wanted, const char *sam,
			     struct gb_mapping *ret_values)
{
	ret_values->count = 0;
	ret_values->values[ret_values->count++] =
		(struct gb_change_value){.attribute = "sAMAccountName", .value = sam};
	for (size_t i = 0; i < wanted->count && ret_values->count < GB_MAPPING_MAX_VALUES; i++) {
		if (wanted->values[i].value) {
			ret_values->values[ret_values->count++] = wanted->values[i];
		}
	}
}

/* Does the map give a new group its names and its place? Else it is frozen. */
static enum gb_rc check_create(struct work *work, struct gb_err *err)
{
	if (mapped_text(work, "cn").is_unknown || mapped_text(work, "sAMAccountName").is_unknown) {
		freeze(work, GB_CAUSE_MAPPING_FAILED);
		return GB_OK;
	}
	return find_parent(work, err);
}

static enum gb_rc find_names(struct work *work, const char **ret_cn, const char **ret_sam,
			     struct gb_err *err)
{
	enum gb_rc rc = find_name(work, GB_NAME_KIND_CN, NULL, ret_cn, err);

	if (rc == GB_OK) {
		rc = find_name(work, GB_NAME_KIND_SAM, NULL, ret_sam, err);
	}
	if (rc == GB_OK && (!*ret_cn || !*ret_sam)) {
		freeze(work, GB_CAUSE_NO_FREE_NAME);
	}
	return rc;
}

static enum gb_rc create(struct work *work, struct gb_err *err)
{
	struct gb_mapping wanted;
	struct gb_mapping values;
	const char *cn = NULL;
	const char *sam = NULL;
	enum gb_rc rc = check_create(work, err);

	if (rc == GB_OK && !is_frozen(work)) {
		rc = find_names(work, &cn, &sam, err);
	}
	if (rc != GB_OK || is_frozen(work)) {
		return rc;
	}
	rc = find_wanted(work, &wanted, err);
	if (rc != GB_OK) {
		return rc;
	}
	values_of_create(&wanted, sam, &values);
	work->note.dn = gb_naming_dn(work->tmp, gb_naming_rdn(work->tmp, cn), work->parent);
	work->create = change_of(work, GB_CHANGE_CREATE);
	work->create.values = values.values;
	work->create.value_count = values.count;
	work->waits = work->run->policy->hold.creates;
	rc = create_with_members(work, err);
	work->waits = GB_CAUSE_NONE;
	return rc;
}

/*
 * A cloud security group is a security group here, always: where it is not, a rule of ours disabled it or
 * a hand did, and coming back is no access that was not given before. A Microsoft 365 group may have
 * been anything.
 */
static bool gets_access_back(const struct work *work)
{
	return !work->group->cloud.unified &&
	       (work->group->lapse != GB_LAPSE_NONE || work->group->drifted);
}

/* Take the value of groupType out of @diff into @ret_type, if it must wait. */
static void split_type(const struct work *work, struct gb_mapping *diff,
		       struct gb_mapping *ret_type)
{
	size_t kept = 0;

	*ret_type = (struct gb_mapping){.count = 0};
	for (size_t i = 0; i < diff->count; i++) {
		if (work->type_waits != GB_CAUSE_NONE &&
		    strcmp(diff->values[i].attribute, "groupType") == 0) {
			ret_type->values[ret_type->count++] = diff->values[i];
		} else {
			diff->values[kept++] = diff->values[i];
		}
	}
	diff->count = kept;
}

static enum gb_rc emit_values(struct work *work, const struct gb_change_value *values, size_t count,
			      enum gb_cause waits, struct gb_err *err)
{
	struct gb_change change = change_of(work, GB_CHANGE_ATTRIBUTES);

	change.values = values;
	change.value_count = count;
	return count == 0 ? GB_OK : emit_waiting(work, &change, waits, err);
}

static void drop_value(struct gb_mapping *diff, size_t index)
{
	diff->count--;
	for (size_t i = index; i < diff->count; i++) {
		diff->values[i] = diff->values[i + 1];
	}
}

static enum gb_rc convert_at(struct work *work, struct gb_mapping *diff, size_t index,
			     struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	int32_t wanted = gb_mapping_group_type(work->run->policy, &work->group->cloud);
	struct gb_nesting_facts facts = {0};
	struct gb_conversion way;
	struct gb_change_value *value = &diff->values[index];
	enum gb_rc rc = GB_OK;

	if (source->nesting &&
	    ((work->group->observed->group_type ^ wanted) & GB_CONVERSION_SCOPES)) {
		rc = source->nesting(source->user, work->group, &facts, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	way = gb_conversion_plan(work->group->observed->group_type, wanted, &facts);
	if (way.is_blocked) {
		work->note.remark = GB_CAUSE_TYPE_BLOCKED;
	}
	if (way.count == 0) {
		drop_value(diff, index);
		return GB_OK;
	}
	value->value = gb_printf(work->tmp, "%d", way.steps[way.count - 1]);
	if (gb_guard_gives_access(value) && !gets_access_back(work)) {
		work->type_waits = work->run->policy->hold.access;
	}
	if (way.count == 2) {
		value->value = gb_printf(work->tmp, "%d", way.steps[0]);
		rc = emit_values(work, value, 1, work->type_waits, err);
		value->old_value = value->value;
		value->value = gb_printf(work->tmp, "%d", way.steps[1]);
	}
	return rc;
}

/* A change of scope takes the steps that the directory allows, the first one in a change of its own. */
static enum gb_rc convert(struct work *work, struct gb_mapping *diff, struct gb_err *err)
{
	for (size_t i = 0; i < diff->count; i++) {
		if (strcmp(diff->values[i].attribute, "groupType") == 0) {
			return convert_at(work, diff, i, err);
		}
	}
	return GB_OK;
}

/* Whether @name is one that the group could have now. */
static bool is_candidate(const struct work *work, enum gb_name_kind kind, const char *name)
{
	for (unsigned i = 0; i < GB_NAMING_MAX_CANDIDATES; i++) {
		const char *candidate = candidate_of(work, kind, i);

		if (candidate && strcmp(candidate, name) == 0) {
			return true;
		}
	}
	return false;
}

/* Only a name that we made follows, and only when asked to; without a free one it stays. */
static enum gb_rc follow_account_name(struct work *work, struct gb_mapping *diff,
				      struct gb_err *err)
{
	const struct gb_cloud_group *cloud = &work->group->cloud;
	const char *present = work->group->observed->sam_account_name;
	struct gb_mapped_text mapped = mapped_text(work, "sAMAccountName");
	const char *name = NULL;
	enum gb_rc rc;

	if (work->run->policy->account_name != GB_ACCOUNT_NAME_FOLLOW || !present ||
	    !gb_naming_is_own_sam(present, &cloud->id) || mapped.is_unknown ||
	    (!mapped.is_mapped && !cloud->display_name) || diff->count == GB_MAPPING_MAX_VALUES ||
	    is_candidate(work, GB_NAME_KIND_SAM, present)) {
		return GB_OK;
	}
	rc = find_name(work, GB_NAME_KIND_SAM, present, &name, err);
	if (rc == GB_OK && name && strcmp(name, present) != 0) {
		diff->values[diff->count++] = (struct gb_change_value){
			.attribute = "sAMAccountName", .value = name, .old_value = present};
	}
	return rc;
}

static enum gb_rc update_attributes(struct work *work, struct gb_err *err)
{
	struct gb_mapping wanted;
	struct gb_mapping diff;
	struct gb_mapping type;
	enum gb_rc rc = find_wanted(work, &wanted, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_diff_attributes(work->tmp, &wanted, work->group->observed, &diff);
	rc = convert(work, &diff, err);
	if (rc == GB_OK) {
		rc = follow_account_name(work, &diff, err);
	}
	split_type(work, &diff, &type);
	if (rc == GB_OK) {
		rc = emit_values(work, diff.values, diff.count, GB_CAUSE_NONE, err);
	}
	return rc == GB_OK ? emit_values(work, type.values, type.count, work->type_waits, err) : rc;
}

/* A display name that was kept from us is no reason to call the group something else. */
static bool may_rename(const struct work *work)
{
	const struct gb_cloud_group *cloud = &work->group->cloud;
	struct gb_mapped_text mapped = mapped_text(work, "cn");

	if (work->run->policy->keep_names) {
		return false;
	}
	if (mapped.is_mapped) {
		return !mapped.is_unknown;
	}
	return work->run->policy->name == GB_NAME_OBJECT_ID ||
	       ((cloud->present & GB_GROUP_HAS_DISPLAY_NAME) && cloud->display_name);
}

/* In another container every name has to be free anew; the one that it has is the last resort. */
static enum gb_rc move(struct work *work, struct gb_err *err)
{
	const char *present = work->group->observed->cn;
	struct gb_change change = change_of(work, GB_CHANGE_MOVE);
	enum gb_cause waits = work->run->policy->hold.places;
	const char *cn = NULL;
	bool is_free = true;
	enum gb_rc rc = GB_OK;

	if (may_rename(work)) {
		rc = find_name(work, GB_NAME_KIND_CN, NULL, &cn, err);
	}
	if (rc == GB_OK && !cn) {
		cn = present;
		rc = present ? claim(work, GB_NAME_KIND_CN, present, &is_free, err) : GB_OK;
	}
	if (rc != GB_OK || !cn || !is_free) {
		return rc;
	}
	change.new_rdn = gb_naming_rdn(work->tmp, cn);
	change.new_parent = work->parent;
	if (waits == GB_CAUSE_NONE && present && strcmp(cn, present) != 0) {
		waits = work->run->policy->hold.names;
	}
	return emit_waiting(work, &change, waits, err);
}

/* Without a free name the group keeps the one it has. */
static enum gb_rc rename_in_place(struct work *work, struct gb_err *err)
{
	struct gb_change change = change_of(work, GB_CHANGE_RENAME);
	const char *cn = NULL;
	enum gb_rc rc;

	if (!may_rename(work)) {
		return GB_OK;
	}
	rc = find_name(work, GB_NAME_KIND_CN, work->group->observed->cn, &cn, err);
	if (rc != GB_OK || !cn || !gb_diff_is_rename(work->group->observed, cn)) {
		return rc;
	}
	change.new_rdn = gb_naming_rdn(work->tmp, cn);
	return emit(work, &change, err);
}

static enum gb_rc update_name(struct work *work, struct gb_err *err)
{
	return work->moves ? move(work, err) : rename_in_place(work, err);
}

static enum gb_rc update(struct work *work, struct gb_err *err)
{
	enum gb_rc rc = find_parent(work, err);

	if (rc != GB_OK || is_frozen(work)) {
		return rc;
	}
	rc = update_attributes(work, err);
	if (rc == GB_OK) {
		rc = update_members(work, err);
	}
	return rc == GB_OK ? update_name(work, err) : rc;
}

/* The end of a group's life. */

/* Security becomes distribution: the SID stays, and leaves the tokens of the members at their next
 * logon. A distribution group gives no access: nothing is taken from it. */
static enum gb_rc disable(struct work *work, struct gb_err *err)
{
	int32_t type = work->group->observed->group_type;
	struct gb_change_value value = {.attribute = "groupType"};
	struct gb_change change = change_of(work, GB_CHANGE_ATTRIBUTES);

	if ((type & GB_GROUP_TYPE_SECURITY) == 0) {
		return GB_OK;
	}
	value.value = gb_printf(work->tmp, "%d", type & ~GB_GROUP_TYPE_SECURITY);
	value.old_value = gb_printf(work->tmp, "%d", type);
	change.values = &value;
	change.value_count = 1;
	work->run->counts.disables += !is_withheld(work);
	return emit_waiting(work, &change, work->run->policy->hold.ends, err);
}

/* What stood there goes with it, for audit and undo. */
static enum gb_rc delete_object(struct work *work, struct gb_err *err)
{
	struct gb_change change = change_of(work, GB_CHANGE_DELETE);
	struct gb_mapping lost;

	gb_diff_lost(work->tmp, work->group->observed, &lost);
	change.values = lost.values;
	change.value_count = lost.count;
	return emit(work, &change, err);
}

/* The two passes. */

static void begin_note(struct work *work)
{
	const struct gb_plan_group *group = work->group;

	work->note = (struct gb_plan_note){.cloud_id = group->cloud.id,
					   .name = group->cloud.display_name,
					   .dn = group->observed ? group->observed->dn : NULL,
					   .object_no = group->object_no,
					   .decision = gb_decide(work->run->policy, group),
					   .holders = group->holders,
					   .fight_over = group->fight_over,
					   .held_cause = GB_CAUSE_NONE,
					   .listed = group->listed,
					   .unmatched = group->counted ? group->unmatched : NULL};
}

/* Too many members at once: then everything of the group waits, whatever else is in it. */
static enum gb_rc check_removals(struct work *work, const struct gb_plan_counts *before,
				 int64_t first_seq, struct gb_err *err)
{
	struct run *run = work->run;
	const struct gb_plan_hold *hold = &run->policy->hold;
	int64_t members = work->group->observed_members;

	if (members < hold->small_group_members ||
	    !gb_limit_is_exceeded(&hold->removals, work->note.members.removed, members)) {
		return GB_OK;
	}
	run->counts = *before;
	run->counts.waiting += work->note.changes;
	work->note.waiting = work->note.changes;
	work->note.waits = GB_CAUSE_WAITS_REMOVALS;
	return run->sink->hold(run->sink->user, first_seq, GB_CAUSE_WAITS_REMOVALS, err);
}

static void count_group(struct gb_plan_counts *counts, const struct work *work)
{
	const struct gb_plan_group *group = work->group;
	const struct gb_plan_note *note = &work->note;

	counts->groups++;
	counts->in_scope += note->decision.scope.verdict == GB_SCOPE_IN;
	counts->written += group->observed != NULL;
	counts->frozen += note->decision.action == GB_DECIDE_FREEZE;
	counts->unchanged += note->decision.action == GB_DECIDE_UPDATE && note->changes == 0;
	counts->members_held += note->members.held;
	counts->waiting_groups += note->waiting > 0;
	for (size_t i = 0; group->counted && i < GB_CAUSE_MEMBER_COUNT; i++) {
		counts->unmatched += group->unmatched[i];
	}
}

static enum gb_rc plan_group(struct run *run, const struct gb_plan_group *group, void *tmp,
			     struct gb_err *err)
{
	struct work work = {.run = run, .tmp = tmp, .group = group};
	struct gb_plan_counts before = run->counts;
	int64_t first_seq = run->seq + 1;
	enum gb_rc rc = GB_OK;

	begin_note(&work);
	switch (work.note.decision.action) {
	case GB_DECIDE_CREATE:
		rc = create(&work, err);
		break;
	case GB_DECIDE_UPDATE:
		rc = update(&work, err);
		break;
	case GB_DECIDE_DISABLE:
		rc = disable(&work, err);
		break;
	case GB_DECIDE_DELETE:
		rc = delete_object(&work, err);
		break;
	case GB_DECIDE_SKIP:
	case GB_DECIDE_FREEZE:
		break;
	}
	if (rc == GB_OK) {
		rc = check_removals(&work, &before, first_seq, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	if (is_withheld(&work) && work.note.drift > 0) {
		work.note.decision.action = GB_DECIDE_FREEZE;
		work.note.decision.cause = GB_CAUSE_DRIFT;
	}
	count_group(&run->counts, &work);
	return run->sink->note(run->sink->user, &work.note, err);
}

static enum gb_rc reserve_group(struct run *run, const struct gb_plan_group *group, void *tmp,
				struct gb_err *err)
{
	struct work work = {.run = run, .tmp = tmp, .group = group};
	int64_t object_no;
	enum gb_rc rc;

	begin_note(&work);
	if (work.note.decision.action != GB_DECIDE_CREATE) {
		return GB_OK;
	}
	rc = check_create(&work, err);
	return rc != GB_OK || is_frozen(&work)
		       ? rc
		       : run->source->reserve(run->source->user, &group->cloud.id, &object_no, err);
}

typedef enum gb_rc (*on_group)(struct run *run, const struct gb_plan_group *group, void *tmp,
			       struct gb_err *err);

static enum gb_rc pass(const void *ctx, struct run *run, on_group each, struct gb_err *err)
{
	const struct gb_plan_source *source = run->source;
	enum gb_rc rc = source->restart(source->user, err);
	bool more = true;

	while (rc == GB_OK) {
		struct gb_plan_group group = {0};

		rc = source->next_group(source->user, &group, &more, err);
		if (rc != GB_OK || !more) {
			break;
		}
		void *tmp = gb_new_tmp(ctx);

		rc = each(run, &group, tmp, err);
		talloc_free(tmp);
	}
	return rc;
}

enum gb_rc gb_plan_run(const void *ctx, const struct gb_plan_policy *policy,
		       const struct gb_plan_source *source, const struct gb_plan_sink *sink,
		       struct gb_plan_counts *ret_counts, struct gb_err *err)
{
	struct run run = {.policy = policy, .source = source, .sink = sink};
	enum gb_rc rc = pass(ctx, &run, reserve_group, err);

	if (rc == GB_OK) {
		rc = pass(ctx, &run, plan_group, err);
	}
	if (rc == GB_OK) {
		*ret_counts = run.counts;
	}
	return rc;
}
