/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listing of groups. */
#include "config.h"

#include "engine/cloud/groups.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/attributes.h"
#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/record.h"

static enum gb_writeback_type writeback_type(const char *text)
{
	if (text == NULL) {
		return GB_WRITEBACK_TYPE_UNSET;
	}
	if (strcmp(text, "universalDistributionGroup") == 0) {
		return GB_WRITEBACK_UNIVERSAL_DISTRIBUTION;
	}
	if (strcmp(text, "universalSecurityGroup") == 0) {
		return GB_WRITEBACK_UNIVERSAL_SECURITY;
	}
	if (strcmp(text, "universalMailEnabledSecurityGroup") == 0) {
		return GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY;
	}
	return GB_WRITEBACK_TYPE_OTHER;
}

static void read_writeback(struct gb_record *record, struct gb_cloud_group *group)
{
	const struct gb_json *object = gb_record_object(record, "writebackConfiguration", 0);
	struct gb_record inner;

	group->writeback_enabled = GB_UNKNOWN;
	if (object == NULL) {
		return;
	}
	gb_record_init(&inner, object, record->path, record->err);
	group->writeback_enabled = gb_record_tristate(&inner, "isEnabled", GB_GROUP_HAS_WRITEBACK);
	group->writeback_type = writeback_type(gb_record_text(&inner, "onPremisesGroupType", 0));
	record->present |= inner.present;
	record->rc = record->rc != GB_OK ? record->rc : inner.rc;
}

static void read_types(struct gb_record *record, struct gb_cloud_group *group)
{
	const struct gb_json *types =
		gb_record_texts(record, "groupTypes", GB_GROUP_HAS_GROUP_TYPES);

	for (const struct gb_json *e = gb_json_first(types); e != NULL; e = gb_json_next(e)) {
		group->unified |= strcmp(gb_json_text(e), "Unified") == 0;
		group->dynamic |= strcmp(gb_json_text(e), "DynamicMembership") == 0;
	}
}

static void read_texts(struct gb_record *record, struct gb_cloud_group *group)
{
	const char *visibility;

	group->display_name = gb_record_text(record, "displayName", GB_GROUP_HAS_DISPLAY_NAME);
	group->description = gb_record_text(record, "description", GB_GROUP_HAS_DESCRIPTION);
	group->mail = gb_record_text(record, "mail", GB_GROUP_HAS_MAIL);
	group->mail_nickname = gb_record_text(record, "mailNickname", GB_GROUP_HAS_MAIL_NICKNAME);
	/* Graph's own pages spell it HiddenMembership and Hiddenmembership. */
	visibility = gb_record_text(record, "visibility", GB_GROUP_HAS_VISIBILITY);
	group->hidden_membership =
		visibility != NULL && gb_text_equal_nocase(visibility, "HiddenMembership");
	group->is_public = visibility != NULL && gb_text_equal_nocase(visibility, "Public");
}

static void read_flags(struct gb_record *record, struct gb_cloud_group *group)
{
	group->security_enabled =
		gb_record_tristate(record, "securityEnabled", GB_GROUP_HAS_SECURITY_ENABLED);
	group->mail_enabled = gb_record_tristate(record, "mailEnabled", GB_GROUP_HAS_MAIL_ENABLED);
	group->on_premises_sync_enabled =
		gb_record_tristate(record, "onPremisesSyncEnabled", GB_GROUP_HAS_ON_PREMISES);
	group->on_premises_sid =
		gb_record_sid(record, "onPremisesSecurityIdentifier", GB_GROUP_HAS_SID);
	group->is_assignable_to_role =
		gb_record_tristate(record, "isAssignableToRole", GB_GROUP_HAS_ROLE);
}

char *gb_groups_select(const void *ctx, const struct gb_groups_query *query)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	gb_buffer_add_text(out, GB_GROUPS_SELECT);
	gb_buffer_add_text(out, query->with_writeback ? ",writebackConfiguration" : "");
	for (const char *const *name = query->extra; name != NULL && *name != NULL; name++) {
		gb_buffer_add_format(out, ",%s", *name);
	}
	return gb_buffer_steal(ctx, out);
}

static void read_list(struct gb_record *record, const char *name, struct gb_buffer *packed)
{
	const struct gb_json *list = gb_record_texts(record, name, 0);

	if (gb_json_first(list) == NULL) {
		gb_attributes_add(packed, name, NULL);
	}
	for (const struct gb_json *e = gb_json_first(list); e != NULL; e = gb_json_next(e)) {
		gb_attributes_add(packed, name, gb_json_text(e));
	}
}

static void read_number(struct gb_record *record, const char *name, struct gb_buffer *packed)
{
	int64_t number;
	char text[24];

	if (!gb_json_get_int(record->object, name, &number)) {
		gb_record_refuse(record, name, N_("is no whole number"));
		return;
	}
	snprintf(text, sizeof(text), "%lld", (long long)number);
	gb_attributes_add(packed, name, text);
}

static void read_one_extra(struct gb_record *record, const char *name, struct gb_buffer *packed)
{
	switch (gb_json_member_kind(record->object, name)) {
	case GB_JSON_ABSENT:
		return;
	case GB_JSON_NULL:
		gb_attributes_add(packed, name, NULL);
		return;
	case GB_JSON_STRING:
		gb_attributes_add(packed, name, gb_json_get_text(record->object, name));
		return;
	case GB_JSON_BOOL:
		gb_attributes_add(packed, name,
				  gb_json_get_bool(record->object, name, false) ? "True" : "False");
		return;
	case GB_JSON_NUMBER:
		read_number(record, name, packed);
		return;
	case GB_JSON_ARRAY:
		read_list(record, name, packed);
		return;
	case GB_JSON_OBJECT:
		break;
	}
	gb_record_refuse(record, name, N_("is an object"));
}

static const char *read_extra(const void *ctx, struct gb_record *record, const char *const *extra)
{
	struct gb_buffer *packed = gb_buffer_new(ctx);

	for (; extra != NULL && *extra != NULL; extra++) {
		read_one_extra(record, *extra, packed);
	}
	return packed->length > 0 ? gb_buffer_steal(ctx, packed) : NULL;
}

enum gb_rc gb_groups_record(const void *ctx, const struct gb_json *object, const char *const *extra,
			    const char *path, struct gb_cloud_group *ret_group,
			    bool *ret_is_refused, struct gb_err *err)
{
	struct gb_record record;
	enum gb_rc rc;

	*ret_group = (struct gb_cloud_group){0};
	*ret_is_refused = false;
	rc = gb_record_id(object, path, &ret_group->id, err);
	if (rc != GB_OK) {
		return rc;
	}
	gb_record_init(&record, object, path, err);
	read_texts(&record, ret_group);
	read_types(&record, ret_group);
	read_flags(&record, ret_group);
	read_writeback(&record, ret_group);
	ret_group->extra = read_extra(ctx, &record, extra);
	ret_group->present = record.present;
	*ret_is_refused = record.rc != GB_OK;
	return record.rc;
}

struct listing {
	struct gb_cloud_groups_sink sink;
	const char *const *extra;
	uint64_t *refused;
};

static enum gb_rc on_record(void *user, const struct gb_json *object, const char *path,
			    struct gb_err *err)
{
	struct listing *listing = user;
	void *tmp = gb_new_tmp(NULL);
	struct gb_cloud_group group;
	struct gb_err why;
	bool is_refused;
	enum gb_rc rc =
		gb_groups_record(tmp, object, listing->extra, path, &group, &is_refused, &why);

	if (rc == GB_OK) {
		rc = listing->sink.on_group(listing->sink.user, &group, err);
	} else if (is_refused) {
		(*listing->refused)++;
		rc = listing->sink.on_refused(listing->sink.user, &group.id, &why, err);
	} else {
		*err = why;
	}
	talloc_free(tmp);
	return rc;
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

static const char *version_of(const struct gb_groups_query *query)
{
	return query->with_writeback ? "beta" : "v1.0";
}

static void begin_list(struct gb_graph *graph, struct listing *listing,
		       const struct gb_graph_call *call)
{
	struct gb_graph_sink pages = {
		.on_page = on_page, .is_restartable = true, .done = on_done, .user = listing};

	gb_graph_pages(graph, listing, call, GB_GRAPH_LIST, &pages);
}

void gb_groups_list_deleted(struct gb_graph *graph, const void *ctx,
			    const struct gb_cloud_groups_sink *sink, uint64_t *refused)
{
	struct listing *listing = gb_new(ctx, struct listing);
	struct gb_graph_call call = {
		.url = "/v1.0/directory/deletedItems/microsoft.graph.group?$select=id&$top=999",
		.purpose = _("the list of deleted groups"),
		.permission = "Group.Read.All",
	};

	listing->sink = *sink;
	listing->refused = refused;
	begin_list(graph, listing, &call);
}

void gb_groups_list(struct gb_graph *graph, const void *ctx, const struct gb_groups_query *query,
		    const struct gb_cloud_groups_sink *sink, uint64_t *refused)
{
	struct listing *listing = gb_new(ctx, struct listing);
	struct gb_graph_call call = {
		.url = gb_printf(listing, "/%s/groups?$select=%s&$top=999", version_of(query),
				 gb_groups_select(listing, query)),
		.purpose = _("the list of groups"),
		.permission = "Group.Read.All",
	};

	listing->sink = *sink;
	listing->extra = query->extra;
	listing->refused = refused;
	begin_list(graph, listing, &call);
}

static void on_one(void *user, enum gb_rc rc, const struct gb_json *root, const struct gb_err *why)
{
	struct listing *listing = user;
	void *holder = gb_new_tmp(NULL);
	struct gb_err err;

	talloc_steal(holder, listing);
	if (rc == GB_OK) {
		rc = on_record(listing, root, "$", &err);
	} else {
		err = *why;
	}
	listing->sink.done(listing->sink.user, rc, rc == GB_OK ? NULL : &err);
	talloc_free(holder);
}

void gb_groups_get(struct gb_graph *graph, const void *ctx, const struct gb_groups_query *query,
		   const struct gb_guid *id, const struct gb_cloud_groups_sink *sink,
		   uint64_t *refused)
{
	struct listing *listing = gb_new(ctx, struct listing);
	char text[GB_GUID_TEXT_BYTES];
	struct gb_graph_call call = {
		.url = gb_printf(listing, "/%s/groups/%s?$select=%s", version_of(query),
				 gb_guid_format(id, text), gb_groups_select(listing, query)),
		.purpose = _("a group"),
		.permission = "Group.Read.All",
	};

	listing->sink = *sink;
	listing->extra = query->extra;
	listing->refused = refused;
	gb_graph_get(graph, listing, &call, on_one, listing);
}
