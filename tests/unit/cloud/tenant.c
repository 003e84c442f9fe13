/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tenant of the tests, and what its client reports. */
#include "config.h"

#include "tests/unit/cloud/tenant.h"

#include "tests/unit/unit.h"

void tenant_note(struct tenant *tenant, const char *fmt, ...)
{
	size_t used = strlen(tenant->log);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(tenant->log + used, sizeof(tenant->log) - used, fmt, ap);
	va_end(ap);
}

void tenant_reply(struct server_reply *reply, int status, const char *fmt, ...)
{
	va_list ap;

	reply->status = status;
	va_start(ap, fmt);
	reply->length = (size_t)vasprintf(&reply->owned, fmt, ap);
	va_end(ap);
	reply->body = reply->owned;
}

static void on_request(void *user, const struct server_request *request, struct server_reply *reply)
{
	struct tenant *tenant = user;

	if (strcmp(request->uri, "/" TENANT_NAME "/oauth2/v2.0/token") != 0) {
		tenant->graph_requests++;
		tenant->graph(tenant, request, reply);
		return;
	}
	tenant->token_requests++;
	if (tenant->authority != NULL) {
		tenant->authority(tenant, request, reply);
		return;
	}
	tenant_reply(reply, 200,
		     "{\"token_type\":\"Bearer\",\"expires_in\":%d,\"access_token\":\"token-%u\"}",
		     tenant->expires_in, tenant->token_requests);
}

static void on_trapped(void *user, const struct server_request *request, struct server_reply *reply)
{
	(void)user;
	(void)request;
	reply->body = "{\"value\":[]}";
}

static int end(struct tenant *tenant)
{
	TALLOC_FREE(tenant->cloud);
	return 0;
}

struct tenant *tenant_new(struct lab_pki *pki, server_fn graph,
			  void (*change)(struct gb_cloud_options *options))
{
	struct tenant *tenant = gb_new(NULL, struct tenant);
	struct gb_cloud_options options = {
		.tenant = TENANT_NAME,
		.client_id = TENANT_CLIENT,
		.secret = gb_secret_new(tenant, "s3cret", 6),
		.beta_groups = true,
		.ca_file = pki->ca_file,
		.max_attempts = 4,
		.deadline_ms = 10000,
		.first_delay_ms = 1,
	};
	struct gb_err err;

	tenant->graph = graph;
	tenant->expires_in = 3600;
	tenant->lab = lab_new(tenant, pki, on_request, tenant);
	tenant->trap = server_start(tenant, &pki->good, NULL, on_trapped, NULL);
	options.authority_url = tenant->lab->url;
	options.graph_url = tenant->lab->url;
	if (change != NULL) {
		change(&options);
	}
	assert_int_equal(gb_cloud_new(tenant, tenant->lab->ev, &options, &tenant->cloud, &err),
			 GB_OK);
	talloc_set_destructor(tenant, end);
	return tenant;
}

/* The last two digits of an id. */
static const char *short_id(const struct gb_guid *id)
{
	static char text[GB_GUID_TEXT_BYTES];

	return gb_guid_format(id, text) + 34;
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct tenant *tenant = user;

	assert_true((rc == GB_OK) == (err == NULL));
	tenant->is_done = true;
	tenant->done_calls++;
	tenant->rc = rc;
	if (err != NULL) {
		assert_int_equal(err->rc, rc);
		tenant->err = *err;
	}
}

static void on_delta_done(void *user, enum gb_rc rc, const char *link, const struct gb_err *err)
{
	struct tenant *tenant = user;

	assert_true((rc == GB_OK) == (link != NULL));
	snprintf(tenant->link, sizeof(tenant->link), "%s", link != NULL ? link : "");
	on_done(user, rc, err);
}

static enum gb_rc answer(struct tenant *tenant, struct gb_err *err)
{
	if (tenant->stop_with == GB_OK) {
		return GB_OK;
	}
	return gb_err_set(err, tenant->stop_with, "stopped", "the caller had enough");
}

static enum gb_rc on_group(void *user, const struct gb_cloud_group *group, struct gb_err *err)
{
	tenant_note(user, "group %s %s%s;", short_id(&group->id),
		    group->display_name != NULL ? group->display_name : "-",
		    (group->present & GB_GROUP_HAS_WRITEBACK) != 0 ? " wb" : "");
	return answer(user, err);
}

static enum gb_rc on_refused(void *user, const struct gb_guid *id, const struct gb_err *why,
			     struct gb_err *err)
{
	assert_int_equal(why->rc, GB_E_PROTOCOL);
	tenant_note(user, "refused %s;", short_id(id));
	return answer(user, err);
}

static enum gb_rc on_person(void *user, const struct gb_cloud_member *person, struct gb_err *err)
{
	tenant_note(user, "person %s%s;", short_id(&person->id), person->readable ? "" : "?");
	return answer(user, err);
}

static void wait_for(struct tenant *tenant)
{
	assert_false(tenant->is_done);
	lab_wait(tenant->lab, &tenant->is_done);
	lab_run(tenant->lab, 20);
	assert_int_equal(tenant->done_calls, 1);
}

static void reset(struct tenant *tenant)
{
	tenant->is_done = false;
	tenant->done_calls = 0;
	tenant->rc = GB_E_INTERNAL;
	tenant->log[0] = '\0';
}

void tenant_start_list_groups(struct tenant *tenant)
{
	struct gb_cloud_groups_sink sink = {
		.on_group = on_group, .on_refused = on_refused, .done = on_done, .user = tenant};

	reset(tenant);
	gb_cloud_list_groups(tenant->cloud, &sink);
}

void tenant_list_groups(struct tenant *tenant)
{
	tenant_start_list_groups(tenant);
	wait_for(tenant);
}

void tenant_list_people(struct tenant *tenant)
{
	struct gb_cloud_users_sink sink = {.on_person = on_person, .done = on_done, .user = tenant};

	reset(tenant);
	gb_cloud_list_users(tenant->cloud, &sink);
	wait_for(tenant);
}

static void on_organization(void *user, enum gb_rc rc,
			    const struct gb_cloud_organization *organization,
			    const struct gb_err *err)
{
	assert_true((rc == GB_OK) == (organization != NULL));
	if (rc == GB_OK) {
		tenant_note(user, "organization %s %s;", short_id(&organization->tenant_id),
			    organization->display_name);
	}
	on_done(user, rc, err);
}

void tenant_organization(struct tenant *tenant)
{
	reset(tenant);
	gb_cloud_organization(tenant->cloud, on_organization, tenant);
	wait_for(tenant);
}

static enum gb_rc on_next(void *user, struct gb_guid *ret_id, bool *ret_more, struct gb_err *err)
{
	struct tenant *tenant = user;
	char text[GB_GUID_TEXT_BYTES];

	(void)err;
	*ret_more = tenant->groups_left > 0;
	if (*ret_more) {
		tenant->groups_left--;
		snprintf(text, sizeof(text), TENANT_ID("%02x"), ++tenant->next_group & 0xff);
		assert_true(gb_guid_parse(text, ret_id));
	}
	return GB_OK;
}

static enum gb_rc on_begin(void *user, const struct gb_guid *group, struct gb_err *err)
{
	(void)err;
	tenant_note(user, "begin %s;", short_id(group));
	return GB_OK;
}

static enum gb_rc on_member(void *user, const struct gb_guid *group,
			    const struct gb_cloud_member *member, struct gb_err *err)
{
	tenant_note(user, "%s", short_id(group));
	tenant_note(user, ">%s:%d%s;", short_id(&member->id), (int)member->type,
		    member->readable ? "" : "?");
	return answer(user, err);
}

static enum gb_rc on_known(void *user, const struct gb_guid *group, const struct gb_guid *member,
			   enum gb_cloud_type type, bool *ret_known, struct gb_err *err)
{
	struct tenant *tenant = user;

	*ret_known = strstr(tenant->known, short_id(member)) != NULL;
	tenant_note(user, "%s", short_id(group));
	tenant_note(user, "%s%s:%d;", *ret_known ? "=" : "?", short_id(member), (int)type);
	return answer(user, err);
}

static enum gb_rc on_end(void *user, const struct gb_guid *group,
			 enum gb_cloud_members_outcome outcome, const struct gb_err *why,
			 struct gb_err *err)
{
	static const char *const names[] = {"complete", "not-found", "forbidden", "failed"};
	struct tenant *tenant = user;

	(void)err;
	assert_true((outcome == GB_CLOUD_MEMBERS_COMPLETE) == (why == NULL));
	tenant_note(user, "end %s %s;", short_id(group), names[outcome]);
	if (tenant->groups_more > 0) {
		tenant->groups_more--;
		tenant->groups_left++;
	}
	return GB_OK;
}

void tenant_read_members(struct tenant *tenant, unsigned groups)
{
	struct gb_cloud_members_sink sink = {.next_group = on_next,
					     .on_begin = on_begin,
					     .on_member = on_member,
					     .on_known = tenant->known != NULL ? on_known : NULL,
					     .on_end = on_end,
					     .done = on_done,
					     .user = tenant};

	reset(tenant);
	tenant->groups_left = groups;
	tenant->next_group = 0;
	gb_cloud_read_members(tenant->cloud, &sink);
	wait_for(tenant);
}

static enum gb_rc on_group_change(void *user, const struct gb_cloud_group_change *change,
				  struct gb_err *err)
{
	static const char *const removed[] = {"", " changed", " deleted"};

	tenant_note(user, "group %s%s", short_id(&change->group.id), removed[change->removed]);
	if ((change->group.present & GB_GROUP_HAS_DISPLAY_NAME) != 0) {
		tenant_note(user, " %s", change->group.display_name);
	}
	if ((change->group.present & GB_GROUP_HAS_WRITEBACK) != 0) {
		tenant_note(user, " wb");
	}
	if (change->has_members) {
		tenant_note(user, " members");
	}
	for (size_t i = 0; i < change->member_count; i++) {
		tenant_note(user, " %s%s", change->members[i].removed ? "-" : "+",
			    short_id(&change->members[i].id));
	}
	tenant_note(user, ";");
	return answer(user, err);
}

void tenant_groups_delta(struct tenant *tenant, enum gb_cloud_delta_start start, const char *link)
{
	struct gb_cloud_groups_delta_sink sink = {.on_change = on_group_change,
						  .on_refused = on_refused,
						  .done = on_delta_done,
						  .user = tenant};

	reset(tenant);
	gb_cloud_groups_delta(tenant->cloud, start, link, &sink);
	wait_for(tenant);
}

static enum gb_rc on_person_change(void *user, const struct gb_cloud_person_change *change,
				   struct gb_err *err)
{
	tenant_note(user, "person %s%s present=%x removed=%d;", short_id(&change->person.id),
		    change->person.readable ? "" : "?", change->present, (int)change->removed);
	return answer(user, err);
}

void tenant_people_delta(struct tenant *tenant, enum gb_cloud_delta_start start, const char *link)
{
	struct gb_cloud_users_delta_sink sink = {
		.on_change = on_person_change, .done = on_delta_done, .user = tenant};

	reset(tenant);
	gb_cloud_users_delta(tenant->cloud, start, link, &sink);
	wait_for(tenant);
}

bool tenant_is_page_two(const struct server_request *request)
{
	return strstr(request->uri, "skiptoken") != NULL;
}
