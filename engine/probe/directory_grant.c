/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.grant: the rights that the account lacks on its container, given by an administrator. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/manage/permissions.h"
#include "engine/probe/account.h"
#include "engine/probe/directory.h"

static void put_added(struct gb_json_writer *w, const struct gb_permissions *granted)
{
	gb_json_begin_array(w, "added");
	for (size_t i = 0; i < granted->object_count; i++) {
		for (size_t k = 0; k < granted->objects[i].added_count; k++) {
			gb_json_put_text(w, NULL, granted->objects[i].added[k]);
		}
	}
	gb_json_end_array(w);
}

static void send_result(struct gb_probe *probe, const struct gb_permissions *granted,
			const char *account)
{
	/* The first object is the container. */
	const struct gb_permissions_object *container = &granted->objects[0];
	const struct gb_probe_account shown = {
		.dn = granted->account_dn,
		.sid = granted->sid,
		.name = gb_strdup(probe, account),
	};
	struct gb_json_writer *w = gb_answer_result(&probe->answer);

	gb_json_put_bool(w, "sufficient", granted->is_sufficient);
	gb_json_put_bool(w, "changed", container->added_count > 0);
	gb_probe_put_account(w, &shown);
	put_added(w, granted);
	gb_json_put_text(w, "before", container->before);
	gb_json_put_text(w, "after", container->after ? container->after : container->before);
	gb_answer_send(&probe->answer, w, true);
}

enum gb_rc gb_probe_directory_grant(struct gb_probe *probe, struct gb_err *err)
{
	/* Signing in as the administrator puts that name in its place. */
	const char *account = probe->config->directory.account;
	const struct gb_permissions_request request = {
		.account = account,
		.container = gb_probe_text(probe, "container"),
	};
	struct gb_permissions *granted;
	struct gb_session *session;
	enum gb_rc rc = gb_probe_open_directory(probe, &session, err);

	if (rc == GB_OK) {
		rc = gb_permissions_grant(probe, session, &request, &granted, err);
	}
	if (rc == GB_OK) {
		send_result(probe, granted, account);
	}
	return rc;
}
