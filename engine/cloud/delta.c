/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds of groups/delta and users/delta. */
#include "config.h"

#include "engine/cloud/delta.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/cloud/groups.h"
#include "engine/cloud/people.h"
#include "engine/cloud/record.h"

struct round {
	struct gb_delta_parts parts;
	enum gb_cloud_delta_start start;
	char *link;
	struct gb_groups_query query; /* as it is asked now */
	bool is_groups;
	bool has_page;
	struct gb_cloud_groups_delta_sink groups;
	struct gb_cloud_users_delta_sink people;
	struct tevent_immediate *immediate;
};

static void finish(struct round *round, enum gb_rc rc, const char *delta_link,
		   const struct gb_err *err)
{
	void *holder = gb_new_tmp(NULL);

	talloc_steal(holder, round);
	if (round->is_groups) {
		round->groups.done(round->groups.user, rc, delta_link, err);
	} else {
		round->people.done(round->people.user, rc, delta_link, err);
	}
	talloc_free(holder);
}

static enum gb_rc read_member(const struct gb_json *object, const char *path,
			      struct gb_cloud_member_change *ret_change, struct gb_err *err)
{
	enum gb_cloud_removed removed;
	enum gb_rc rc = gb_record_id(object, path, &ret_change->id, err);

	if (rc == GB_OK) {
		/* The reason is "deleted" also when only the membership ended. */
		rc = gb_record_removed(object, path, &removed, err);
	}
	if (rc == GB_OK) {
		ret_change->type = gb_record_type(object);
		ret_change->removed = removed != GB_NOT_REMOVED;
	}
	return rc;
}

static size_t count(const struct gb_json *array)
{
	size_t n = 0;

	for (const struct gb_json *e = gb_json_first(array); e != NULL; e = gb_json_next(e)) {
		n++;
	}
	return n;
}

/* Fills change->members below @ctx. */
static enum gb_rc read_members(const void *ctx, const struct gb_json *array, const char *path,
			       struct gb_cloud_group_change *change, struct gb_err *err)
{
	struct gb_cloud_member_change *members =
		gb_new_array(ctx, struct gb_cloud_member_change, count(array));
	size_t n = 0;

	for (const struct gb_json *e = gb_json_first(array); e != NULL; e = gb_json_next(e)) {
		char *where = gb_printf(ctx, "%s.members@delta[%zu]", path, n);
		enum gb_rc rc = read_member(e, where, &members[n], err);

		talloc_free(where);
		if (rc != GB_OK) {
			return rc;
		}
		n++;
	}
	change->has_members = true;
	change->members = members;
	change->member_count = n;
	return GB_OK;
}

static enum gb_rc refuse_record(struct round *round, const struct gb_guid *id,
				const struct gb_err *why, struct gb_err *err)
{
	(*round->parts.refused)++;
	return round->groups.on_refused(round->groups.user, id, why, err);
}

static enum gb_rc on_live_group(struct round *round, const struct gb_json *object, const char *path,
				struct gb_cloud_group_change *change, struct gb_err *err)
{
	const struct gb_json *members = gb_json_get(object, "members@delta");
	enum gb_json_kind kind = gb_json_kind(members);
	void *tmp = gb_new_tmp(NULL);
	bool is_refused;
	struct gb_err why;
	enum gb_rc rc = gb_groups_record(tmp, object, round->parts.query.extra, path,
					  &change->group, &is_refused, &why);

	if (rc == GB_OK && kind == GB_JSON_ARRAY) {
		rc = read_members(tmp, members, path, change, &why);
	} else if (rc == GB_OK && kind != GB_JSON_ABSENT) {
		struct gb_record record;

		gb_record_init(&record, object, path, &why);
		gb_record_refuse(&record, "members@delta", N_("is no list"));
		is_refused = true;
		rc = record.rc;
	}
	if (rc == GB_OK) {
		rc = round->groups.on_change(round->groups.user, change, err);
	} else if (is_refused) {
		rc = refuse_record(round, &change->group.id, &why, err);
	} else {
		*err = why;
	}
	talloc_free(tmp);
	return rc;
}

static enum gb_rc on_group(void *user, const struct gb_json *object, const char *path,
			   struct gb_err *err)
{
	struct round *round = user;
	struct gb_cloud_group_change change = {0};
	enum gb_rc rc = gb_record_removed(object, path, &change.removed, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (change.removed == GB_NOT_REMOVED) {
		return on_live_group(round, object, path, &change, err);
	}
	rc = gb_record_id(object, path, &change.group.id, err);
	return rc == GB_OK ? round->groups.on_change(round->groups.user, &change, err) : rc;
}

static enum gb_rc on_person(void *user, const struct gb_json *object, const char *path,
			    struct gb_err *err)
{
	struct round *round = user;
	struct gb_cloud_person_change change = {0};
	enum gb_rc rc = gb_record_removed(object, path, &change.removed, err);

	if (rc == GB_OK) {
		rc = gb_people_record(object, path, GB_CLOUD_USER, &change.person, &change.present,
				      err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	*round->parts.refused += change.person.readable ? 0 : 1;
	return round->people.on_change(round->people.user, &change, err);
}

static enum gb_rc on_page(void *user, const struct gb_json *value, struct gb_err *err)
{
	struct round *round = user;

	round->has_page = true;
	return gb_record_each(value, round->is_groups ? on_group : on_person, round, err);
}

static void begin(struct round *round);

static bool can_do_without_writeback(const struct round *round, const struct gb_err *err)
{
	return round->query.with_writeback && !round->has_page &&
	       round->start != GB_CLOUD_DELTA_FROM_LINK && err->rc == GB_E_PROTOCOL &&
	       err->native == 400;
}

static void on_done(void *user, enum gb_rc rc, const char *delta_link, const struct gb_err *err)
{
	struct round *round = user;

	if (rc != GB_OK && can_do_without_writeback(round, err)) {
		gb_log(GB_LOG_WARNING, "cloud",
		       "groups/delta does not take writebackConfiguration: %s", err->what);
		round->query.with_writeback = false;
		begin(round);
		return;
	}
	finish(round, rc, delta_link, err);
}

static const char *collection(const struct round *round)
{
	if (!round->is_groups) {
		return "/v1.0/users/";
	}
	return round->parts.query.with_writeback ? "/beta/groups/" : "/v1.0/groups/";
}

static char *first_url(const void *ctx, const struct round *round)
{
	const char *select = GB_PEOPLE_SELECT;

	if (round->start == GB_CLOUD_DELTA_FROM_LINK) {
		return gb_strdup(ctx, round->link);
	}
	if (round->is_groups) {
		select = gb_printf(ctx, "%s,members", gb_groups_select(ctx, &round->query));
	}
	return gb_printf(ctx, "%sdelta?$select=%s%s", collection(round), select,
			 round->start == GB_CLOUD_DELTA_LATEST ? "&$deltatoken=latest" : "");
}

static void begin(struct round *round)
{
	struct gb_graph_call call = {
		.url = first_url(round, round),
		.purpose =
			round->is_groups ? _("the changes of groups") : _("the changes of people"),
		.permission = round->is_groups ? "Group.Read.All" : "User.Read.All",
		.is_link = round->start == GB_CLOUD_DELTA_FROM_LINK,
	};
	struct gb_graph_sink pages = {.on_page = on_page, .done = on_done, .user = round};

	gb_graph_pages(round->parts.graph, round, &call, GB_GRAPH_DELTA, &pages);
}

/*
 * A stored link is text from a disk. One of a foreign origin is an attack or a mix-up; one of our
 * origin but of another collection or API version only means that the configuration changed since.
 */
static enum gb_rc check_link(const struct round *round, struct gb_err *err)
{
	const struct gb_origin *origin = gb_graph_origin(round->parts.graph);
	char *path;
	bool is_ours;
	enum gb_rc rc =
		gb_origin_check(origin, round->link, _("the stored place in the changes"), err);

	if (rc != GB_OK) {
		return rc;
	}
	path = gb_origin_path(NULL, origin, round->link);
	is_ours = strncmp(path, collection(round), strlen(collection(round))) == 0;
	talloc_free(path);
	if (is_ours) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_STALE_CURSOR, "graph-other-link",
		   _("The stored place in the changes belongs to another reading than %s."),
		   collection(round));
	return gb_err_remedy(err, _("It has to be read anew from its beginning."));
}

static void on_start(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct round *round = user;
	struct gb_err err;
	enum gb_rc rc = GB_OK;

	(void)ev;
	(void)immediate;
	if (round->start == GB_CLOUD_DELTA_FROM_LINK) {
		rc = check_link(round, &err);
	}
	if (rc == GB_OK) {
		begin(round);
	} else {
		finish(round, rc, NULL, &err);
	}
}

static struct round *new_round(const struct gb_delta_parts *parts, const void *ctx,
			       enum gb_cloud_delta_start start, const char *link)
{
	struct round *round = gb_new(ctx, struct round);

	round->parts = *parts;
	round->start = start;
	round->link = gb_strdup(round, link != NULL ? link : "");
	round->query = parts->query;
	round->immediate = gb_mem_check(tevent_create_immediate(round));
	tevent_schedule_immediate(round->immediate, parts->ev, on_start, round);
	return round;
}

void gb_delta_groups(const struct gb_delta_parts *parts, const void *ctx,
		     enum gb_cloud_delta_start start, const char *link,
		     const struct gb_cloud_groups_delta_sink *sink)
{
	struct round *round = new_round(parts, ctx, start, link);

	round->is_groups = true;
	round->groups = *sink;
}

void gb_delta_people(const struct gb_delta_parts *parts, const void *ctx,
		     enum gb_cloud_delta_start start, const char *link,
		     const struct gb_cloud_users_delta_sink *sink)
{
	struct round *round = new_round(parts, ctx, start, link);

	round->people = *sink;
}
