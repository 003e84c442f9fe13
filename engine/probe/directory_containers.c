/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picker's questions: containers below one, by name, by id; and making one. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/dn.h"
#include "engine/probe/directory.h"

/* So often a count is told while a long level is read. */
#define COUNT_EVERY 500

/* A list under way. */
struct listing {
	struct gb_probe_wait wait; /* first: gb_probe_waited() takes a listing for one */
	struct gb_probe *probe;
	int64_t count;
	int64_t limit;
	bool is_cut;
};

static enum gb_rc on_container(void *user, const struct gb_directory_container *container)
{
	struct listing *listing = user;
	struct gb_json_writer *w;

	if (listing->count == listing->limit) {
		listing->is_cut = true;
		return GB_E_CANCELLED;
	}
	w = gb_answer_item("container");
	gb_probe_put_container(w, container);
	gb_answer_send(&listing->probe->answer, w, false);
	listing->count++;
	if (listing->count % COUNT_EVERY == 0) {
		gb_probe_count(listing->probe, "read", _("Reading containers"), listing->count, -1);
	}
	return GB_OK;
}

static enum gb_rc await(struct listing *listing, struct gb_session *session, struct gb_err *err)
{
	enum gb_rc rc = gb_probe_await(session, &listing->wait, err);

	return listing->is_cut ? GB_OK : rc;
}

static void send_result(const struct listing *listing, struct gb_session *session,
			const char *parent)
{
	struct gb_json_writer *w = gb_answer_result(&listing->probe->answer);

	if (parent) {
		gb_json_put_text(w, "parent", parent);
	}
	gb_json_put_int(w, "count", listing->count);
	gb_json_put_bool(w, "complete", !listing->is_cut);
	gb_json_put_text(w, "server", gb_directory_facts(session->directory)->server);
	gb_answer_send(&listing->probe->answer, w, true);
}

enum gb_rc gb_probe_directory_containers(struct gb_probe *probe, struct gb_err *err)
{
	struct listing listing = {.probe = probe, .limit = gb_probe_number(probe, "limit")};
	const char *parent = gb_probe_text(probe, "parent");
	struct gb_session *session;
	enum gb_rc rc = gb_probe_open_directory(probe, &session, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_directory_list_containers(session->directory, parent, on_container, gb_probe_waited,
				     &listing);
	rc = await(&listing, session, err);
	if (rc == GB_OK) {
		send_result(&listing, session,
			    parent ? parent : gb_directory_facts(session->directory)->domain_dn);
	}
	return rc;
}

enum gb_rc gb_probe_directory_find_containers(struct gb_probe *probe, struct gb_err *err)
{
	struct listing listing = {.probe = probe, .limit = gb_probe_number(probe, "limit")};
	struct gb_session *session;
	enum gb_rc rc = gb_probe_open_directory(probe, &session, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_directory_search_containers(session->directory, gb_probe_text(probe, "text"),
				       on_container, gb_probe_waited, &listing);
	rc = await(&listing, session, err);
	if (rc == GB_OK) {
		send_result(&listing, session, NULL);
	}
	return rc;
}

static enum gb_rc parse_guid(struct gb_probe *probe, struct gb_guid *ret_guid, struct gb_err *err)
{
	const char *text = gb_probe_text(probe, "guid");

	if (!text || gb_guid_parse(text, ret_guid)) {
		return GB_OK;
	}
	probe->field = (struct gb_answer_field){.argument = "guid"};
	gb_err_set(err, GB_E_USAGE, "argument-value", _("The argument %s is no GUID."), "guid");
	return gb_err_undone(err, _("The request was not carried out."));
}

/* By id if there is one: that finds it after a rename, too. */
static enum gb_rc find_wanted(struct gb_probe *probe, struct gb_session *session,
			      const struct gb_guid *guid, const char *dn,
			      struct gb_directory_container *ret_container, struct gb_err *err)
{
	struct gb_directory_reference by_guid = {.guid = *guid};
	struct gb_directory_reference by_dn = {.dn = dn};
	bool has_guid = !gb_guid_is_none(guid);
	enum gb_rc rc = gb_probe_find_container(probe, session, has_guid ? &by_guid : &by_dn,
						ret_container, err);

	if (rc == GB_E_NOT_FOUND && has_guid && dn) {
		rc = gb_probe_find_container(probe, session, &by_dn, ret_container, err);
	}
	return rc;
}

static bool is_renamed(const struct gb_probe *probe, const struct gb_guid *guid, const char *dn,
		       const struct gb_directory_container *found)
{
	char *key = dn ? gb_dn_key(probe, dn) : NULL;

	return key && !gb_guid_is_none(guid) && strcmp(key, found->dn_key) != 0;
}

static void send_container(struct gb_probe *probe, const struct gb_directory_container *container,
			   const bool *renamed)
{
	struct gb_json_writer *w = gb_answer_result(&probe->answer);

	gb_json_begin_object(w, "container");
	gb_probe_put_container(w, container);
	gb_json_end_object(w);
	if (renamed) {
		gb_json_put_bool(w, "renamed", *renamed);
	}
	gb_answer_send(&probe->answer, w, true);
}

enum gb_rc gb_probe_directory_container(struct gb_probe *probe, struct gb_err *err)
{
	const char *dn = gb_probe_text(probe, "dn");
	struct gb_guid guid = {0};
	struct gb_directory_container container = {0};
	struct gb_session *session;
	enum gb_rc rc = parse_guid(probe, &guid, err);

	if (rc == GB_OK && !dn && gb_guid_is_none(&guid)) {
		probe->field = (struct gb_answer_field){.argument = "dn"};
		return gb_err_set(err, GB_E_USAGE, "argument-missing",
				  _("The argument %s is missing."), "dn");
	}
	if (rc == GB_OK) {
		rc = gb_probe_open_directory(probe, &session, err);
	}
	if (rc == GB_OK) {
		rc = find_wanted(probe, session, &guid, dn, &container, err);
	}
	if (rc == GB_OK) {
		bool renamed = is_renamed(probe, &guid, dn, &container);

		send_container(probe, &container, &renamed);
	}
	return rc;
}

static enum gb_rc make_unit(struct gb_session *session, const char *dn, struct gb_err *err)
{
	struct gb_directory_entry entry = {.dn = dn, .object_class = "organizationalUnit"};
	struct gb_probe_wait wait = {0};

	gb_directory_add(session->directory, &entry, gb_probe_written, &wait);
	return gb_probe_await(session, &wait, err);
}

enum gb_rc gb_probe_directory_create_container(struct gb_probe *probe, struct gb_err *err)
{
	const char *name = gb_probe_text(probe, "name");
	char *dn = gb_printf(probe, "OU=%s,%s", gb_text_dn_escape(probe, name, strlen(name)),
			     gb_probe_text(probe, "parent"));
	struct gb_directory_reference made = {.dn = dn};
	struct gb_directory_container container = {0};
	struct gb_session *session;
	enum gb_rc rc = gb_probe_open_directory(probe, &session, err);

	if (rc == GB_OK) {
		rc = make_unit(session, dn, err);
	}
	if (rc == GB_OK) {
		rc = gb_probe_find_container(probe, session, &made, &container, err);
	}
	if (rc == GB_OK) {
		send_container(probe, &container, NULL);
	}
	return rc;
}
