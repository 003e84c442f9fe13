/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.written-groups: what was written so far, and what it is a member of. */
#include "config.h"

#include <string.h>

#include "engine/base/attributes.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/probe/account.h"
#include "engine/probe/directory.h"

#define ANCHOR_PREFIX "Group_"
#define HOLDERS	      "memberOf"
#define COUNT_EVERY   500

/* The list under way. */
struct listing {
	struct gb_probe_wait wait; /* first: gb_probe_waited() takes a listing for one */
	struct gb_probe *probe;
	int64_t count;
	int64_t limit;
	int64_t listed;
};

/* Groups that hold it, wherever they are: what a deletion would take access from. */
static void put_holders(struct gb_json_writer *w, const struct gb_directory_object *object)
{
	struct gb_attribute holders = gb_attributes_get(w, object->extra, HOLDERS);

	gb_json_begin_array(w, "memberOf");
	for (size_t i = 0; i < holders.count; i++) {
		gb_json_put_text(w, NULL, holders.values[i]);
	}
	gb_json_end_array(w);
}

static void list_group(struct listing *listing, const struct gb_directory_object *object,
		       const char *anchor)
{
	struct gb_json_writer *w = gb_answer_item("written-group");
	char guid[GB_GUID_TEXT_BYTES];

	listing->listed++;
	gb_json_put_text(w, "dn", object->dn);
	gb_json_put_text(w, "guid", gb_guid_format(&object->guid, guid));
	gb_json_put_text(w, "name", object->display_name ? object->display_name : object->cn);
	gb_json_put_text(w, "id", anchor + strlen(ANCHOR_PREFIX));
	put_holders(w, object);
	gb_answer_send(&listing->probe->answer, w, false);
}

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct listing *listing = user;
	const char *anchor = object->external_directory_id ? object->external_directory_id : object->admin_description;

	if (!object->in_container || !anchor ||
	    strncmp(anchor, ANCHOR_PREFIX, strlen(ANCHOR_PREFIX)) != 0) {
		return GB_OK;
	}
	listing->count++;
	if (listing->listed < listing->limit) {
		list_group(listing, object, anchor);
	}
	if (listing->count % COUNT_EVERY == 0) {
		gb_probe_count(listing->probe, "read", _("Reading groups"), listing->count, -1);
	}
	return GB_OK;
}

/* With one attribute more than a cycle reads. */
static enum gb_rc open_directory(struct gb_probe *probe, struct gb_session **ret_session,
				 struct gb_err *err)
{
	static const char *attributes[] = {HOLDERS, NULL};
	enum gb_rc rc;

	*ret_session = gb_session_new(probe, probe->config);
	rc = gb_session_load_files(*ret_session, err);
	if (rc != GB_OK) {
		return rc;
	}
	(*ret_session)->files->attributes = attributes;
	return gb_session_open_directory(*ret_session, err);
}

enum gb_rc gb_probe_directory_written_groups(struct gb_probe *probe, struct gb_err *err)
{
	struct listing listing = {.probe = probe, .limit = gb_probe_number(probe, "limit")};
	struct gb_session *session;
	struct gb_json_writer *w;
	enum gb_rc rc = open_directory(probe, &session, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_directory_find_anchor(session->directory, NULL, GB_REACH_DOMAIN, on_object,
				 gb_probe_waited, &listing);
	rc = gb_probe_await(session, &listing.wait, err);
	if (rc != GB_OK) {
		return rc;
	}
	w = gb_answer_result(&probe->answer);
	gb_json_put_int(w, "count", listing.count);
	gb_json_put_int(w, "listed", listing.listed);
	gb_json_put_bool(w, "complete", listing.listed == listing.count);
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}
