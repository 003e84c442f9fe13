/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on one group: what it is called and where it stands. */
#include "config.h"

#include "engine/plan/work.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/mem.h"
#include "engine/plan/diff.h"

static char *candidate_of(const struct gb_work *work, enum gb_name_kind kind, unsigned candidate)
{
	const struct gb_cloud_group *cloud = &work->group->cloud;
	struct gb_mapped_text mapped =
		gb_work_mapped_text(work, kind == GB_NAME_KIND_CN ? "cn" : "sAMAccountName");
	const char *name = mapped.is_mapped ? mapped.text : cloud->display_name;

	if (kind == GB_NAME_KIND_SAM) {
		return gb_naming_sam(work->tmp, name, &cloud->id, candidate);
	}
	return mapped.is_mapped ? gb_naming_cn_mapped(work->tmp, name, &cloud->id, candidate)
				: gb_naming_cn(work->tmp, work->run->policy->name, name, &cloud->id,
					       candidate);
}

enum gb_rc gb_work_claim(struct gb_work *work, enum gb_name_kind kind, const char *name,
			 bool *ret_free, struct gb_err *err)
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
static enum gb_rc find_name(struct gb_work *work, enum gb_name_kind kind, const char *present,
			    const char **ret_name, struct gb_err *err)
{
	bool is_free = false;
	char *name = NULL;

	for (unsigned candidate = 0; !is_free; candidate++) {
		name = candidate_of(work, kind, candidate);
		if (!name || (present && strcmp(present, name) == 0)) {
			break;
		}
		enum gb_rc rc = gb_work_claim(work, kind, name, &is_free, err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	*ret_name = name;
	return GB_OK;
}

enum gb_rc gb_work_new_names(struct gb_work *work, const char **ret_cn, const char **ret_sam,
			     struct gb_err *err)
{
	enum gb_rc rc = find_name(work, GB_NAME_KIND_CN, NULL, ret_cn, err);

	if (rc == GB_OK) {
		rc = find_name(work, GB_NAME_KIND_SAM, NULL, ret_sam, err);
	}
	if (rc == GB_OK && (!*ret_cn || !*ret_sam)) {
		gb_work_freeze(work, GB_CAUSE_NO_FREE_NAME);
	}
	return rc;
}

/* The container of the group: the one that is written to, or what the map says. */
enum gb_rc gb_work_find_parent(struct gb_work *work, struct gb_err *err)
{
	const struct gb_plan_source *source = work->run->source;
	struct gb_mapped_text mapped = gb_work_mapped_text(work, "parentDistinguishedName");
	enum gb_parent_state state = GB_PARENT_IS_THERE;
	enum gb_rc rc = GB_OK;

	/* An object that somebody moved inside the container may stay where it is. */
	work->parent = work->group->observed ? work->group->new_parent_dn
					     : work->run->policy->container_dn;
	work->moves = work->group->new_parent_dn != NULL;
	if (mapped.is_unknown && !work->group->observed) {
		gb_work_freeze(work, GB_CAUSE_MAPPING_FAILED);
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
		gb_work_freeze(work, state == GB_PARENT_OUTSIDE ? GB_CAUSE_PARENT_OUTSIDE
								: GB_CAUSE_PARENT_MISSING);
	}
	work->moves = work->group->observed && state == GB_PARENT_ELSEWHERE;
	return rc;
}

/* Whether @name is one that the group could have now. */
static bool is_candidate(const struct gb_work *work, enum gb_name_kind kind, const char *name)
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
enum gb_rc gb_work_follow_account_name(struct gb_work *work, struct gb_mapping *diff,
				       struct gb_err *err)
{
	const struct gb_cloud_group *cloud = &work->group->cloud;
	const char *present = work->group->observed->sam_account_name;
	struct gb_mapped_text mapped = gb_work_mapped_text(work, "sAMAccountName");
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

/* A display name that was kept from us is no reason to call the group something else. */
static bool may_rename(const struct gb_work *work)
{
	const struct gb_cloud_group *cloud = &work->group->cloud;
	struct gb_mapped_text mapped = gb_work_mapped_text(work, "cn");

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
static enum gb_rc move(struct gb_work *work, struct gb_err *err)
{
	const char *present = work->group->observed->cn;
	struct gb_change change = gb_work_change(work, GB_CHANGE_MOVE);
	enum gb_cause waits = work->run->policy->hold.places;
	const char *cn = NULL;
	bool is_free = true;
	enum gb_rc rc = GB_OK;

	if (may_rename(work)) {
		rc = find_name(work, GB_NAME_KIND_CN, NULL, &cn, err);
	}
	if (rc == GB_OK && !cn) {
		cn = present;
		rc = present ? gb_work_claim(work, GB_NAME_KIND_CN, present, &is_free, err) : GB_OK;
	}
	if (rc != GB_OK || !cn || !is_free) {
		return rc;
	}
	change.new_rdn = gb_naming_rdn(work->tmp, cn);
	change.new_parent = work->parent;
	if (waits == GB_CAUSE_NONE && present && strcmp(cn, present) != 0) {
		waits = work->run->policy->hold.names;
	}
	return gb_work_emit_waiting(work, &change, waits, err);
}

/* Without a free name the group keeps the one it has. */
static enum gb_rc rename_in_place(struct gb_work *work, struct gb_err *err)
{
	struct gb_change change = gb_work_change(work, GB_CHANGE_RENAME);
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
	return gb_work_emit(work, &change, err);
}

enum gb_rc gb_work_update_name(struct gb_work *work, struct gb_err *err)
{
	return work->moves ? move(work, err) : rename_in_place(work, err);
}
