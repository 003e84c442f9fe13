/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members: which groups are read, and their lists into the cloud space. */
#include "config.h"

#include "engine/base/hash.h"

#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/plan/scope.h"
#include "engine/state/streams.h"
#include "engine/sync/import_parts.h"
#include "engine/sync/own.h"
#include "engine/sync/selection.h"

struct gb_import_list {
	struct gb_guid id;               /* objectId of the group: the key */
	int64_t no;                      /* its cloud number */
	bool hidden;                     /* hidden membership */
	bool is_reread;                  /* it was known, and is read because it is its turn */
	size_t count;                    /* members that were delivered */
	bool is_second;                  /* it is read for the second time */
	int64_t lost;                    /* members that it had, and that it has no more */
	struct gb_state_member_set *set; /* the list */
	UT_hash_handle hh;
};

struct gb_import_tried {
	int64_t no; /* cloud number: the key */
	UT_hash_handle hh;
};

static bool is_in_scope(const struct gb_session *session, const struct gb_state_group *group)
{
	const struct gb_state_directory_object *own = gb_own_object(group);

	return group->cloud != NULL && group->cloud->life == GB_LIFE_LIVE &&
	       gb_scope_check(&session->policy, &group->cloud->group,
			      own != NULL ? &own->object.sid : NULL)
			       .verdict == GB_SCOPE_IN;
}

/* An initial import has read every list by then. */
static bool is_its_turn(const struct gb_cloud_import *import, const struct gb_guid *id)
{
	return !import->initial && gb_turn_holds(&import->session->turn, id);
}

static void choose(struct gb_cloud_import *import, int64_t no)
{
	if (import->chosen_count == talloc_array_length(import->chosen)) {
		size_t room = import->chosen_count < 64 ? 128 : import->chosen_count * 2;

		import->chosen = gb_mem_check(
			talloc_realloc(import, import->chosen, int64_t, (unsigned)room));
	}
	import->chosen[import->chosen_count++] = no;
}

enum gb_rc gb_cloud_import_choose_groups(struct gb_cloud_import *import, bool all,
					 struct gb_err *err)
{
	struct gb_state_groups_iter *iter;
	const struct gb_state_group *group;
	enum gb_rc rc;

	import->chosen_count = 0;
	import->chosen_next = 0;
	iter = gb_state_groups_begin(import, import->session->state,
				     all ? GB_GROUPS_ALL : GB_GROUPS_DIRTY);
	while ((rc = gb_state_groups_next(iter, &group, err)) == GB_OK && group != NULL) {
		if (is_in_scope(import->session, group) &&
		    (all || !group->cloud->members_known ||
		     is_its_turn(import, &group->cloud->group.id))) {
			choose(import, group->cloud_no);
		}
	}
	gb_state_groups_end(iter);
	return rc;
}

static bool was_tried(const struct gb_cloud_import *import, int64_t no)
{
	struct gb_import_tried *tried;

	HASH_FIND(hh, import->tried, &no, sizeof(no), tried);
	return tried != NULL;
}

static void remember_tried(struct gb_cloud_import *import, int64_t no)
{
	struct gb_import_tried *tried;

	if (was_tried(import, no)) {
		return;
	}
	tried = gb_new(import, struct gb_import_tried);
	tried->no = no;
	HASH_ADD(hh, import->tried, no, sizeof(tried->no), tried);
}

/* What is nested in groups in scope. */
struct nested {
	struct gb_cloud_import *import;
	bool all;
	struct gb_err *err;
};

static enum gb_rc on_nested(void *user, int64_t no)
{
	struct nested *nested = user;
	struct gb_cloud_import *import = nested->import;
	struct gb_state_cloud_group *row;
	enum gb_rc rc;

	if (was_tried(import, no)) {
		return GB_OK;
	}
	rc = gb_state_cloud_read_group(import, import->session->state, no, &row, nested->err);
	if (rc == GB_OK) {
		if (nested->all || !row->members_known || is_its_turn(import, &row->group.id)) {
			choose(import, no);
			remember_tried(import, no);
		}
		talloc_free(row);
	}
	return rc;
}

enum gb_rc gb_cloud_import_choose_nested(struct gb_cloud_import *import, bool all,
					 struct gb_err *err)
{
	const struct gb_plan_policy *policy = &import->session->policy;
	struct gb_state_flat flat = {.with_hidden = policy->hidden_membership};
	struct nested nested = {.import = import, .all = all, .err = err};
	struct gb_state_groups_iter *iter;
	const struct gb_state_group *group;
	enum gb_rc rc;

	for (size_t i = 0; policy->nesting != GB_NESTING_KEEP && i < import->chosen_count; i++) {
		remember_tried(import, import->chosen[i]);
	}
	import->chosen_count = 0;
	import->chosen_next = 0;
	if (policy->nesting == GB_NESTING_KEEP) {
		return GB_OK;
	}
	iter = gb_state_groups_begin(import, import->session->state,
				     all ? GB_GROUPS_ALL : GB_GROUPS_DIRTY);
	while ((rc = gb_state_groups_next(iter, &group, err)) == GB_OK && group != NULL) {
		if (is_in_scope(import->session, group)) {
			rc = gb_state_flat_each(import->session->state, group->cloud_no, &flat,
						on_nested, &nested, err);
		}
		if (rc != GB_OK) {
			break;
		}
	}
	gb_state_groups_end(iter);
	return rc;
}

enum gb_rc gb_cloud_import_choose_marker(struct gb_cloud_import *import, bool all,
					 struct gb_err *err)
{
	struct gb_state_cloud_group *row;
	int64_t no;
	enum gb_rc rc = gb_selection_marker_no(import->session, &no, err);

	import->chosen_count = 0;
	import->chosen_next = 0;
	if (rc != GB_OK || no == 0) {
		return rc;
	}
	rc = gb_state_cloud_read_group(import, import->session->state, no, &row, err);
	if (rc == GB_OK) {
		if (all || !row->members_known) {
			choose(import, no);
		}
		talloc_free(row);
	}
	return rc;
}

static enum gb_rc next_group(void *user, struct gb_guid *ret_id, bool *ret_more, struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_state_cloud_group *row;
	enum gb_rc rc;

	*ret_more = import->chosen_next < import->chosen_count;
	if (!*ret_more) {
		return GB_OK;
	}
	rc = gb_state_cloud_read_group(import, import->session->state,
				       import->chosen[import->chosen_next++], &row, err);
	if (rc == GB_OK) {
		*ret_id = row->group.id;
		talloc_free(row);
	}
	return rc;
}

static struct gb_import_list *find_list(struct gb_cloud_import *import, const struct gb_guid *id)
{
	struct gb_import_list *list;

	HASH_FIND(hh, import->lists, id, sizeof(*id), list);
	return list;
}

static enum gb_rc make_list(struct gb_cloud_import *import, const struct gb_guid *id,
			    struct gb_import_list **ret_list, struct gb_err *err)
{
	struct gb_state *state = import->session->state;
	struct gb_import_list *list = gb_new(import, struct gb_import_list);
	struct gb_state_cloud_group *row;
	enum gb_rc rc = gb_state_cloud_find(state, id, &list->no, err);

	if (rc == GB_OK) {
		rc = gb_state_cloud_read_group(list, state, list->no, &row, err);
	}
	if (rc != GB_OK) {
		talloc_free(list);
		return rc;
	}
	list->id = *id;
	list->hidden = row->group.hidden_membership;
	list->is_reread = row->members_known && is_its_turn(import, id);
	HASH_ADD(hh, import->lists, id, sizeof(list->id), list);
	*ret_list = list;
	return GB_OK;
}

static enum gb_rc on_begin(void *user, const struct gb_guid *group, struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_import_list *list = find_list(import, group);

	if (list == NULL) {
		enum gb_rc rc = make_list(import, group, &list, err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	talloc_free(list->set);
	list->count = 0;
	list->set = gb_state_cloud_members_begin(list, import->session->state, list->no);
	return GB_OK;
}

static enum gb_rc on_member(void *user, const struct gb_guid *group,
			    const struct gb_cloud_member *member, struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_import_list *list = find_list(import, group);
	int64_t no;
	enum gb_rc rc = gb_cloud_import_put_member(import, member, &no, err);

	if (rc != GB_OK) {
		return rc;
	}
	list->count++;
	return gb_state_member_set_add(list->set, no, err);
}

static enum gb_rc on_known(void *user, const struct gb_guid *group, const struct gb_guid *member,
			   enum gb_cloud_type type, bool *ret_known, struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_import_list *list = find_list(import, group);
	int64_t no;
	enum gb_rc rc = gb_import_known_find(import->known, import->session->state, member, type,
					     &no, err);

	*ret_known = rc == GB_OK && no != 0;
	if (!*ret_known) {
		return rc;
	}
	list->count++;
	return gb_state_member_set_add(list->set, no, err);
}

static void drop_list(struct gb_cloud_import *import, struct gb_import_list *list)
{
	HASH_DEL(import->lists, list);
	talloc_free(list);
}

static enum gb_rc not_known(struct gb_cloud_import *import, struct gb_import_list *list,
			    const char *id, const char *text, struct gb_err *err)
{
	enum gb_rc rc =
		gb_state_cloud_set_members_known(import->session->state, list->no, false, err);

	gb_report_problem(import->report, &list->id, NULL, id, text);
	drop_list(import, list);
	return rc;
}

/* Without Member.Read.Hidden Graph may answer an empty list instead of 403 (UNCONFIRMED which):
 * it is not taken for the truth. */
static bool is_suspicious(const struct gb_import_list *list)
{
	return list->hidden && list->count == 0;
}

static void count_lost(struct gb_cloud_import *import, const struct gb_import_list *list)
{
	int64_t lost = list->lost > 0 ? list->lost : 0;

	if (list->is_reread) {
		import->session->found.listed += (int64_t)list->count + lost;
		import->session->found.lost += lost;
	}
}

/* A list that lost its end is well-formed, and the delta tells of removals: a list that misses somebody is
 * read once more, and the second answer counts. */
static enum gb_rc take_list(struct gb_cloud_import *import, struct gb_import_list *list,
			    struct gb_err *err)
{
	size_t added = 0;
	size_t removed = 0;
	enum gb_rc rc = gb_state_member_set_finish(list->set, &added, &removed, err);

	list->set = NULL;
	list->lost += (int64_t)removed - (list->is_second ? (int64_t)added : 0);
	if (rc == GB_OK && removed > 0 && !list->is_second) {
		list->is_second = true;
		choose(import, list->no);
		return GB_OK;
	}
	count_lost(import, list);
	drop_list(import, list);
	return rc == GB_OK ? gb_state_commit_soon(import->session->state, err) : rc;
}

static enum gb_rc on_end(void *user, const struct gb_guid *group,
			 enum gb_cloud_members_outcome outcome, const struct gb_err *why,
			 struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_import_list *list = find_list(import, group);
	enum gb_rc rc;

	if (outcome != GB_CLOUD_MEMBERS_COMPLETE) {
		char *text = gb_err_line(import, why);

		rc = not_known(import, list, why->id, text, err);
		talloc_free(text);
		return rc;
	}
	if (is_suspicious(list)) {
		return not_known(import, list, "cloud-hidden-empty",
				 _("The group has hidden membership and its list of members came "
				   "back empty. Its members are left as they are. Give the "
				   "application the permission Member.Read.Hidden."),
				 err);
	}
	return take_list(import, list, err);
}

static void members_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	HASH_CLEAR(hh, import->lists);
	import->lists = NULL;
	gb_cloud_import_op_done(import, rc, err);
}

void gb_cloud_import_read_members(struct gb_cloud_import *import)
{
	struct gb_cloud_members_sink sink = {
		.next_group = next_group,
		.on_begin = on_begin,
		.on_member = on_member,
		.on_known = import->known != NULL ? on_known : NULL,
		.on_end = on_end,
		.done = members_done,
		.user = import,
	};

	gb_log(GB_LOG_INFO, "cloud", "reading the members of %zu groups", import->chosen_count);
	gb_cloud_read_members(import->session->cloud, &sink);
}

void gb_cloud_import_forget(struct gb_cloud_import *import)
{
	HASH_CLEAR(hh, import->lists);
	HASH_CLEAR(hh, import->tried);
}
