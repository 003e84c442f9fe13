/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a preview tells besides the plan. */
#include "config.h"

#include "engine/probe/preview_facts.h"

#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/cloud.h"
#include "engine/directory/directory.h"
#include "engine/directory/dn.h"
#include "engine/plan/scope.h"
#include "engine/state/memberships.h"
#include "engine/sync/session.h"

/* A group that becomes a security group; or any group, by the number of its object. */
struct group {
	struct gb_guid id; /* key of security */
	int64_t no;        /* key of types */
	bool is_security;
	UT_hash_handle hh;
};

/* Somebody, and the security groups they would be in. */
struct member {
	int64_t no;
	int64_t groups;
	UT_hash_handle hh;
};

/* A planned membership: memory is the plan's, 16 bytes each. */
struct link {
	int64_t group_no;
	int64_t member_no; /* negative: it ends */
};

struct gb_preview_facts {
	struct gb_probe *probe;
	struct group *security; /* groups that become security groups, by id */
	struct group *types;    /* groups whose type is known, by number */
	struct member *members;
	struct link *links;
	size_t link_count, link_capacity;
	int64_t public_groups;
	bool done;
	enum gb_rc rc;
};

struct gb_preview_facts *gb_preview_facts_new(struct gb_probe *probe)
{
	struct gb_preview_facts *facts = gb_new(probe, struct gb_preview_facts);

	facts->probe = probe;
	return facts;
}

/* The groupType that a change sets: 1 security, 0 other, -1 it sets none. */
static int new_type(const struct gb_change *change)
{
	for (size_t i = 0; i < change->value_count; i++) {
		if (gb_text_equal_nocase(change->values[i].attribute, "groupType")) {
			return change->values[i].value && change->values[i].value[0] == '-';
		}
	}
	return -1;
}

static struct group *find_type(const struct gb_preview_facts *facts, int64_t no)
{
	struct group *group;

	HASH_FIND(hh, facts->types, &no, sizeof(no), group);
	return group;
}

static void remember_type(struct gb_preview_facts *facts, int64_t no, bool is_security)
{
	struct group *group = find_type(facts, no);

	if (!group) {
		group = gb_new(facts, struct group);
		group->no = no;
		HASH_ADD(hh, facts->types, no, sizeof(group->no), group);
	}
	group->is_security = is_security;
}

static void remember_security(struct gb_preview_facts *facts, const struct gb_guid *id)
{
	struct group *group;

	HASH_FIND(hh, facts->security, id, sizeof(*id), group);
	if (!group) {
		group = gb_new(facts, struct group);
		group->id = *id;
		HASH_ADD(hh, facts->security, id, sizeof(group->id), group);
	}
}

static void add_links(struct gb_preview_facts *facts, const struct gb_change *change, int sign)
{
	if (facts->link_count + change->member_count > facts->link_capacity) {
		facts->link_capacity = 2 * (facts->link_count + change->member_count);
		facts->links = gb_mem_check(talloc_realloc(facts, facts->links, struct link,
							   gb_mem_count(facts->link_capacity)));
	}
	for (size_t i = 0; i < change->member_count; i++) {
		facts->links[facts->link_count++] =
			(struct link){change->object_no, sign * change->members[i]};
	}
}

void gb_preview_facts_change(struct gb_preview_facts *facts, const struct gb_change *change)
{
	int type = new_type(change);

	if (type >= 0) {
		remember_type(facts, change->object_no, type > 0);
	}
	if (type > 0) {
		remember_security(facts, &change->cloud_id);
	}
	add_links(facts, change, change->kind == GB_CHANGE_REMOVE_MEMBERS ? -1 : 1);
}

/* The person in most groups ------------------------------------------------------------------ */

static void add_member(struct gb_preview_facts *facts, int64_t no, int64_t groups)
{
	struct member *member;

	HASH_FIND(hh, facts->members, &no, sizeof(no), member);
	if (!member) {
		member = gb_new(facts, struct member);
		member->no = no;
		HASH_ADD(hh, facts->members, no, sizeof(member->no), member);
	}
	member->groups += groups;
}

static enum gb_rc on_member(void *user, int64_t object_no, int64_t groups)
{
	add_member(user, object_no, groups);
	return GB_OK;
}

static enum gb_rc add_link(struct gb_preview_facts *facts, struct gb_state *state,
			   const struct link *link, struct gb_err *err)
{
	struct group *group = find_type(facts, link->group_no);
	bool is_security = group && group->is_security;
	enum gb_rc rc = GB_OK;

	if (!group) {
		rc = gb_state_is_security_group(state, link->group_no, &is_security, err);
		remember_type(facts, link->group_no, is_security);
	}
	if (is_security) {
		add_member(facts, link->member_no < 0 ? -link->member_no : link->member_no,
			   link->member_no < 0 ? -1 : 1);
	}
	return rc;
}

static int by_groups(const struct member *a, const struct member *b)
{
	return a->groups != b->groups ? (a->groups > b->groups ? -1 : 1)
	       : a->no != b->no       ? (a->no < b->no ? -1 : 1)
				      : 0;
}

/* Nested groups and computers may be in more of them: they do not log on. */
static enum gb_rc find_largest(struct gb_preview_facts *facts, struct gb_state *state,
			       struct member *ret_member, const char **ret_dn, struct gb_err *err)
{
	enum gb_rc rc = gb_state_memberships(state, on_member, facts, err);

	for (size_t i = 0; i < facts->link_count && rc == GB_OK; i++) {
		rc = add_link(facts, state, &facts->links[i], err);
	}
	HASH_SORT(facts->members, by_groups);
	*ret_dn = NULL;
	for (struct member *m = facts->members; m && rc == GB_OK && !*ret_dn; m = m->hh.next) {
		*ret_member = *m;
		rc = gb_state_person_dn(facts, state, m->no, ret_dn, err);
	}
	return rc;
}

static void put_largest(struct gb_json_writer *w, struct gb_preview_facts *facts)
{
	char *path =
		gb_printf(facts, "%s/state.db", facts->probe->config->paths.state_directory);
	struct member member = {0};
	struct gb_state *state = NULL;
	const char *dn = NULL;
	struct gb_err err;
	enum gb_rc rc = gb_state_open(facts, path, GB_STATE_READ_ONLY, &state, &err);

	if (rc == GB_OK) {
		rc = find_largest(facts, state, &member, &dn, &err);
		talloc_free(state);
	}
	if (rc != GB_OK || !dn) {
		gb_json_put_null(w, "largestMembership");
		return;
	}
	gb_json_begin_object(w, "largestMembership");
	gb_json_put_int(w, "groups", member.groups);
	gb_json_put_text(w, "person", gb_dn_rdn_value(w, dn));
	gb_json_end_object(w);
}

/* Public groups ------------------------------------------------------------------------------ */

static enum gb_rc on_group(void *user, const struct gb_cloud_group *cloud, struct gb_err *err)
{
	struct gb_preview_facts *facts = user;
	struct group *group;

	(void)err;
	HASH_FIND(hh, facts->security, &cloud->id, sizeof(cloud->id), group);
	facts->public_groups += group && cloud->is_public &&
				gb_scope_kind(cloud) == GB_KIND_MICROSOFT365;
	return GB_OK;
}

static enum gb_rc on_refused(void *user, const struct gb_guid *id, const struct gb_err *why,
			     struct gb_err *err)
{
	(void)user;
	(void)id;
	(void)why;
	(void)err;
	return GB_OK;
}

static void on_listed(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_preview_facts *facts = user;

	(void)err;
	facts->rc = rc;
	facts->done = true;
}

/* Whether a group is public is asked only where one could matter. */
static void put_public(struct gb_json_writer *w, struct gb_preview_facts *facts,
		       struct gb_session *session)
{
	struct gb_cloud_groups_sink sink = {
		.user = facts,
		.on_group = on_group,
		.on_refused = on_refused,
		.done = on_listed,
	};
	struct gb_err err;

	if (facts->security) {
		facts->rc = gb_session_open_cloud(session, &err);
		if (facts->rc == GB_OK) {
			gb_cloud_list_groups(session->cloud, &sink);
			gb_session_wait(session, &facts->done);
		}
	}
	if (facts->rc == GB_OK) {
		gb_json_put_int(w, "publicGroups", facts->public_groups);
	} else {
		gb_json_put_null(w, "publicGroups");
	}
}

static void put_recycle_bin(struct gb_json_writer *w, struct gb_session *session)
{
	struct gb_err err;

	if (gb_session_open_directory(session, &err) == GB_OK) {
		gb_json_put_bool(w, "recycleBin",
				 gb_directory_facts(session->directory)->has_recycle_bin);
	} else {
		gb_json_put_null(w, "recycleBin");
	}
}

void gb_preview_facts_put(struct gb_json_writer *w, struct gb_preview_facts *facts)
{
	struct gb_session *session = gb_session_new(facts, facts->probe->config);

	put_recycle_bin(w, session);
	put_public(w, facts, session);
	put_largest(w, facts);
	talloc_free(session);
}
