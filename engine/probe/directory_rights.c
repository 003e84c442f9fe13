/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.rights: what the account may do in a container, and what would grant the rest. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/grant_lines.h"
#include "engine/probe/account.h"
#include "engine/probe/directory.h"

/* Answers: 1 yes, 0 no, -1 cannot be told. */
struct rights {
	int create_group;
	int write_group;
	int write_members;
	bool is_privileged;
};

/* A group to look at, and what may be written on it. */
struct looking {
	struct gb_probe_wait wait; /* first: gb_probe_waited() takes a looking for one */
	struct gb_guid group;
	bool found;
	bool may_name;
	bool may_member;
};

static enum gb_rc on_group(void *user, const struct gb_directory_object *object)
{
	struct looking *looking = user;

	looking->group = object->guid;
	looking->found = true;
	return GB_E_CANCELLED; /* one is enough */
}

static enum gb_rc on_rights(void *user, const struct gb_directory_rights *rights)
{
	struct looking *looking = user;

	for (size_t i = 0; i < rights->attribute_count; i++) {
		looking->may_member = looking->may_member ||
				      gb_text_equal_nocase(rights->attributes[i], "member");
		looking->may_name = looking->may_name ||
				    gb_text_equal_nocase(rights->attributes[i], "displayName");
	}
	return GB_OK;
}

static bool await(struct gb_session *session, struct looking *looking)
{
	struct gb_err err;
	enum gb_rc rc = gb_probe_await(session, &looking->wait, &err);

	looking->wait = (struct gb_probe_wait){0};
	return rc == GB_OK;
}

static void look_at_group(struct gb_session *session, const char *container,
			  struct rights *rights)
{
	struct gb_directory_read read = {.classes = GB_READ_GROUPS, .base = container};
	struct gb_directory_reference group = {0};
	struct looking looking = {0};

	gb_directory_read_objects(session->directory, &read, on_group, gb_probe_waited, &looking);
	(void)await(session, &looking);
	if (!looking.found) {
		return;
	}
	group.guid = looking.group;
	gb_directory_read_rights(session->directory, &group, on_rights, gb_probe_waited, &looking);
	if (await(session, &looking)) {
		rights->write_group = looking.may_name;
		rights->write_members = looking.may_member;
	}
}

static enum gb_rc check_privilege(struct gb_session *session, struct rights *rights,
				  struct gb_err *err)
{
	struct gb_probe_wait wait = {0};
	enum gb_rc rc;

	gb_directory_check_account(session->directory, gb_probe_waited, &wait);
	rc = gb_probe_await(session, &wait, err);
	rights->is_privileged =
		rc == GB_E_ACCESS && strcmp(err->id, "directory-account-privileged") == 0;
	return rights->is_privileged ? GB_OK : rc;
}

static void tell_right(struct gb_probe *probe, const char *right, int granted, const char *text)
{
	struct gb_json_writer *w = gb_answer_item("right");

	gb_json_put_text(w, "right", right);
	if (granted < 0) {
		gb_json_put_null(w, "granted");
	} else {
		gb_json_put_bool(w, "granted", granted > 0);
	}
	gb_json_put_text(w, "text", text);
	gb_answer_send(&probe->answer, w, false);
}

static void put_commands(struct gb_json_writer *w, const struct gb_probe_account *account,
			 const char *container, const struct gb_sid *domain)
{
	const struct gb_grant_target target = {
		.place = GB_GRANT_CONTAINER,
		.dn = container,
		.principal = account->principal,
		.sid = &account->sid,
		.domain = domain,
	};
	struct gb_grant_lines lines;
	void *tmp = gb_new_tmp(NULL);

	gb_grant_lines(tmp, &target, &lines);
	gb_json_begin_object(w, "commands");
	gb_json_begin_array(w, "dsacls");
	for (size_t i = 0; i < lines.dsacls_count; i++) {
		gb_json_put_text(w, NULL, lines.dsacls[i]);
	}
	gb_json_end_array(w);
	gb_json_begin_array(w, "sambaTool");
	if (lines.samba_tool) {
		gb_json_put_text(w, NULL, lines.samba_tool);
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
	talloc_free(tmp);
}

static void put_missing(struct gb_json_writer *w, const struct rights *rights)
{
	gb_json_begin_array(w, "missing");
	if (rights->create_group == 0) {
		gb_json_put_text(w, NULL, "create-group");
	}
	if (rights->write_group == 0) {
		gb_json_put_text(w, NULL, "write-group");
	}
	if (rights->write_members == 0) {
		gb_json_put_text(w, NULL, "write-members");
	}
	gb_json_end_array(w);
}

static void send_result(struct gb_probe *probe, const struct rights *rights,
			const struct gb_probe_account *account,
			const struct gb_directory_container *container,
			const struct gb_sid *domain)
{
	bool sufficient = rights->create_group != 0 && rights->write_group != 0 &&
			  rights->write_members != 0 && !rights->is_privileged;
	struct gb_json_writer *w;

	tell_right(probe, "create-group", rights->create_group, _("create groups"));
	tell_right(probe, "delete-group", -1, _("delete groups"));
	tell_right(probe, "write-group", rights->write_group, _("write properties of groups"));
	tell_right(probe, "write-members", rights->write_members, _("write members of groups"));
	w = gb_answer_result(&probe->answer);
	gb_json_put_bool(w, "sufficient", sufficient);
	gb_json_put_bool(w, "privileged", rights->is_privileged);
	gb_probe_put_account(w, account);
	put_missing(w, rights);
	if (gb_sid_is_none(&account->sid)) {
		gb_json_put_null(w, "commands");
	} else {
		put_commands(w, account, container->dn, domain);
	}
	gb_answer_send(&probe->answer, w, true);
}

enum gb_rc gb_probe_directory_rights(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_directory_reference wanted = {.dn = gb_probe_text(probe, "container")};
	struct rights rights = {.write_group = -1, .write_members = -1};
	struct gb_directory_container container = {0};
	struct gb_probe_account account = {0};
	struct gb_session *session;
	enum gb_rc rc = gb_probe_open_directory(probe, &session, err);

	if (rc == GB_OK) {
		rc = gb_probe_find_container(probe, session, &wanted, &container, err);
	}
	if (rc == GB_OK) {
		rc = check_privilege(session, &rights, err);
	}
	if (rc == GB_OK) {
		rc = gb_probe_find_account(probe, session, probe->config->directory.account,
					   &account, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	rights.create_group = container.can_create_groups;
	look_at_group(session, container.dn, &rights);
	send_result(probe, &rights, &account, &container,
		    &gb_directory_facts(session->directory)->domain_sid);
	return GB_OK;
}
