/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of groups whose members are being read. */
#include "config.h"

#include "engine/cloud/members.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/cloud/people.h"
#include "engine/cloud/record.h"

struct reader {
	struct gb_members_parts parts;
	struct gb_cloud_members_sink sink;
	struct tevent_immediate *fill;
	unsigned active;
	unsigned failures; /* in a row */
	bool is_exhausted; /* next_group has no more for the moment */
	bool has_failed;   /* err holds what ends it all */
	struct gb_err err;
};

struct group {
	struct reader *reader;
	struct gb_guid id;
	bool was_not_found;
	bool has_strangers; /* somebody of it is not known: ids alone do not do */
	bool asked_for_all; /* about everybody, what finds them on-premises */
};

static void start_group(struct group *group);

static void finish(struct reader *reader)
{
	void *holder = gb_new_tmp(NULL);

	talloc_steal(holder, reader);
	if (reader->has_failed) {
		reader->sink.done(reader->sink.user, reader->err.rc, &reader->err);
	} else {
		reader->sink.done(reader->sink.user, GB_OK, NULL);
	}
	talloc_free(holder);
}

/* Keeps the first failure. The end follows from the loop: callers stand in callbacks of groups. */
static enum gb_rc fail(struct reader *reader, const struct gb_err *err)
{
	if (!reader->has_failed) {
		reader->has_failed = true;
		reader->err = *err;
	}
	return err->rc;
}

static void start_next(struct reader *reader)
{
	struct gb_guid id;
	bool has_more = false;
	struct gb_err err;
	struct group *group;

	if (reader->sink.next_group(reader->sink.user, &id, &has_more, &err) != GB_OK) {
		fail(reader, &err);
	} else if (!has_more) {
		reader->is_exhausted = true;
	} else {
		group = gb_new(reader, struct group);
		group->reader = reader;
		group->id = id;
		reader->active++;
		start_group(group);
	}
}

static void on_fill(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct reader *reader = user;

	(void)ev;
	(void)immediate;
	reader->is_exhausted = false;
	while (!reader->has_failed && !reader->is_exhausted &&
	       reader->active < reader->parts.window) {
		start_next(reader);
	}
	if (reader->has_failed || reader->active == 0) {
		finish(reader);
	}
}

static void schedule_fill(struct reader *reader)
{
	tevent_schedule_immediate(reader->fill, reader->parts.ev, on_fill, reader);
}

static void end_group(struct group *group, enum gb_cloud_members_outcome outcome,
		      const struct gb_err *why)
{
	struct reader *reader = group->reader;
	struct gb_err err;

	if (reader->sink.on_end(reader->sink.user, &group->id, outcome, why, &err) != GB_OK) {
		fail(reader, &err);
	}
	reader->active--;
	talloc_free(group);
	schedule_fill(reader);
}

/* Stops the reading of a page that names somebody who is not known. */
static enum gb_rc on_id(void *user, const struct gb_json *object, const char *path,
			struct gb_err *err)
{
	struct group *group = user;
	struct reader *reader = group->reader;
	struct gb_guid id;
	bool is_known = false;
	enum gb_rc rc = gb_record_id(object, path, &id, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (gb_json_get_text(object, "@odata.type") != NULL &&
	    reader->sink.on_known(reader->sink.user, &group->id, &id, gb_record_type(object),
				  &is_known, err) != GB_OK) {
		return fail(reader, err);
	}
	if (is_known) {
		return GB_OK;
	}
	group->has_strangers = true;
	gb_err_clear(err);
	return GB_E_NOT_FOUND;
}

static enum gb_rc on_record(void *user, const struct gb_json *object, const char *path,
			    struct gb_err *err)
{
	struct group *group = user;
	struct reader *reader = group->reader;
	struct gb_cloud_member member;
	unsigned present;
	enum gb_rc rc =
		gb_people_record(object, path, gb_record_type(object), &member, &present, err);

	if (rc != GB_OK) {
		return rc;
	}
	*reader->parts.refused += member.readable ? 0 : 1;
	member.readable = member.readable && gb_people_says_something(&member) &&
			  gb_json_get_text(object, "@odata.type") != NULL;
	rc = reader->sink.on_member(reader->sink.user, &group->id, &member, err);
	return rc == GB_OK ? GB_OK : fail(reader, err);
}

static enum gb_rc on_page(void *user, const struct gb_json *value, struct gb_err *err)
{
	const struct group *group = user;

	return gb_record_each(value, group->asked_for_all ? on_record : on_id, user, err);
}

static enum gb_rc begin(struct group *group, struct gb_err *err)
{
	struct reader *reader = group->reader;

	if (reader->sink.on_begin(reader->sink.user, &group->id, err) != GB_OK) {
		return fail(reader, err);
	}
	return GB_OK;
}

static enum gb_rc on_restart(void *user, struct gb_err *err)
{
	return begin(user, err);
}

/*
 * Errors that say something about this group, and not about the network, the token or the client.
 */
static bool is_about_group(const struct gb_err *err)
{
	if (strncmp(err->id, "graph-", 6) != 0 && strncmp(err->id, "json-", 5) != 0 &&
	    strcmp(err->id, "http-too-large") != 0) {
		return false;
	}
	return err->native != 401 && err->native != 429;
}

static enum gb_cloud_members_outcome outcome_of(const struct gb_err *err)
{
	if (err->rc == GB_E_NOT_FOUND) {
		return GB_CLOUD_MEMBERS_NOT_FOUND;
	}
	return err->native == 403 ? GB_CLOUD_MEMBERS_FORBIDDEN : GB_CLOUD_MEMBERS_FAILED;
}

static void on_repeat(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		      void *user)
{
	(void)ev;
	(void)timer;
	(void)now;
	start_group(user);
}

/* A group that was just listed and is not found may sit on a replica that lags: asked once more. */
static void repeat_later(struct group *group)
{
	int64_t delay_ms = group->reader->parts.repeat_delay_ms;

	group->was_not_found = true;
	gb_mem_check(
		tevent_add_timer(group->reader->parts.ev, group,
				 tevent_timeval_current_ofs((uint32_t)(delay_ms / 1000),
							    (uint32_t)(delay_ms % 1000) * 1000),
				 on_repeat, group));
}

static void on_failed(struct group *group, const struct gb_err *err)
{
	struct reader *reader = group->reader;

	reader->failures = err->rc == GB_E_UNAVAILABLE ? reader->failures + 1 : 0;
	if (!reader->has_failed &&
	    (!is_about_group(err) || reader->failures >= GB_MEMBERS_MAX_FAILURES)) {
		fail(reader, err);
	}
	if (reader->has_failed) {
		schedule_fill(reader);
	} else if (err->rc == GB_E_NOT_FOUND && !group->was_not_found) {
		repeat_later(group);
	} else {
		end_group(group, outcome_of(err), err);
	}
}

static void on_done(void *user, enum gb_rc rc, const char *delta_link, const struct gb_err *err)
{
	struct group *group = user;
	bool stopped_at_stranger = group->has_strangers && !group->asked_for_all;

	(void)delta_link;
	if (stopped_at_stranger && !group->reader->has_failed) {
		start_group(group);
	} else if (rc == GB_OK) {
		group->reader->failures = 0;
		end_group(group, GB_CLOUD_MEMBERS_COMPLETE, NULL);
	} else {
		on_failed(group, err);
	}
}

static void start_group(struct group *group)
{
	struct reader *reader = group->reader;
	char id[GB_GUID_TEXT_BYTES];
	char url[256];
	struct gb_graph_call call = {.url = url, .permission = "GroupMember.Read.All"};
	struct gb_graph_sink pages = {.on_page = on_page,
				      .is_restartable = true,
				      .on_restart = on_restart,
				      .done = on_done,
				      .user = group};
	struct gb_err err;
	char *purpose;

	if (begin(group, &err) != GB_OK) {
		schedule_fill(reader);
		return;
	}
	gb_guid_format(&group->id, id);
	group->asked_for_all = reader->sink.on_known == NULL || group->has_strangers;
	snprintf(url, sizeof(url), "/v1.0/groups/%s/members?$select=%s&$top=999", id,
		 group->asked_for_all ? GB_MEMBERS_SELECT : "id");
	purpose = gb_printf(group, _("the members of group %s"), id);
	call.purpose = purpose;
	gb_graph_pages(reader->parts.graph, group, &call, GB_GRAPH_LIST, &pages);
	talloc_free(purpose);
}

void gb_members_read(const struct gb_members_parts *parts, const void *ctx,
		     const struct gb_cloud_members_sink *sink)
{
	struct reader *reader = gb_new(ctx, struct reader);

	reader->parts = *parts;
	reader->sink = *sink;
	reader->fill = gb_mem_check(tevent_create_immediate(reader));
	schedule_fill(reader);
}
