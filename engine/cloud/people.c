/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listing of people. */
#include "config.h"

#include "engine/cloud/people.h"

#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/cloud/record.h"

bool gb_people_says_something(const struct gb_cloud_member *member)
{
	return member->display_name != NULL || member->on_premises_dn != NULL ||
	       member->on_premises_sync_enabled != GB_UNKNOWN || !gb_sid_is_none(&member->sid) ||
	       !gb_guid_is_none(&member->immutable_id);
}

enum gb_rc gb_people_record(const struct gb_json *object, const char *path, enum gb_cloud_type type,
			    struct gb_cloud_member *ret_member, unsigned *ret_present,
			    struct gb_err *err)
{
	struct gb_err why;
	struct gb_record record;
	const char *immutable_id;
	enum gb_rc rc;

	*ret_member = (struct gb_cloud_member){.type = type};
	rc = gb_record_id(object, path, &ret_member->id, err);
	if (rc != GB_OK) {
		return rc;
	}
	gb_record_init(&record, object, path, &why);
	ret_member->display_name =
		gb_record_text(&record, "displayName", GB_PERSON_HAS_DISPLAY_NAME);
	ret_member->on_premises_sync_enabled =
		gb_record_tristate(&record, "onPremisesSyncEnabled", GB_PERSON_HAS_ON_PREMISES);
	ret_member->sid = gb_record_sid(&record, "onPremisesSecurityIdentifier", GB_PERSON_HAS_SID);
	immutable_id = gb_record_text(&record, "onPremisesImmutableId", GB_PERSON_HAS_IMMUTABLE_ID);
	if (immutable_id != NULL &&
	    !gb_guid_from_immutable_id(immutable_id, &ret_member->immutable_id)) {
		ret_member->immutable_id = (struct gb_guid){0};
	}
	ret_member->on_premises_dn =
		gb_record_text(&record, "onPremisesDistinguishedName", GB_PERSON_HAS_DN);
	if (type == GB_CLOUD_CONTACT) {
		ret_member->mail = gb_record_text(&record, "mail", 0);
	}
	ret_member->readable = record.rc == GB_OK;
	*ret_present = record.present;
	if (record.rc != GB_OK) {
		gb_log_err(GB_LOG_WARNING, "cloud", &why);
	}
	return GB_OK;
}

struct listing {
	struct gb_cloud_users_sink sink;
	uint64_t *refused;
};

static enum gb_rc on_record(void *user, const struct gb_json *object, const char *path,
			    struct gb_err *err)
{
	struct listing *listing = user;
	struct gb_cloud_member person;
	unsigned present;
	enum gb_rc rc = gb_people_record(object, path, GB_CLOUD_USER, &person, &present, err);

	if (rc != GB_OK) {
		return rc;
	}
	*listing->refused += person.readable ? 0 : 1;
	return listing->sink.on_person(listing->sink.user, &person, err);
}

static enum gb_rc on_page(void *user, const struct gb_json *value, struct gb_err *err)
{
	return gb_record_each(value, on_record, user, err);
}

static void on_done(void *user, enum gb_rc rc, const char *delta_link, const struct gb_err *err)
{
	struct listing *listing = user;
	void *holder = gb_new_tmp(NULL);

	(void)delta_link;
	talloc_steal(holder, listing);
	listing->sink.done(listing->sink.user, rc, err);
	talloc_free(holder);
}

void gb_people_list(struct gb_graph *graph, const void *ctx, const struct gb_cloud_users_sink *sink,
		    uint64_t *refused)
{
	struct listing *listing = gb_new(ctx, struct listing);
	struct gb_graph_call call = {
		.url = "/v1.0/users?$select=" GB_PEOPLE_SELECT "&$top=999",
		.purpose = _("the list of people"),
		.permission = "User.Read.All",
	};
	struct gb_graph_sink pages = {
		.on_page = on_page, .is_restartable = true, .done = on_done, .user = listing};

	listing->sink = *sink;
	listing->refused = refused;
	gb_graph_pages(graph, listing, &call, GB_GRAPH_LIST, &pages);
}
