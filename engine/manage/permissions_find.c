/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocking questions that permissions.c asks the directory. */
#include "config.h"

#include "engine/manage/permissions_find.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/account_name.h"
#include "engine/directory/permissions.h"

/* One question, and what it brings. */
struct question {
	bool done;
	enum gb_rc rc;
	struct gb_err err;
	const void *ctx;
	char *dn;
	char *name;
	struct gb_sid sid;
	struct gb_descriptor *descriptor;
};

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct question *question = user;

	question->done = true;
	question->rc = rc;
	if (rc != GB_OK) {
		question->err = *err;
	}
}

static void on_written(void *user, const struct gb_directory_outcome *outcome)
{
	on_done(user, outcome->rc, outcome->err);
}

static enum gb_rc await(struct gb_session *session, struct question *question, struct gb_err *err)
{
	gb_session_wait(session, &question->done);
	if (question->rc != GB_OK) {
		*err = question->err;
	}
	return question->rc;
}

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct question *question = user;

	question->dn = gb_strdup(question->ctx, object->dn);
	question->name = gb_strdup(question->ctx, object->sam_account_name);
	question->sid = object->sid;
	return GB_OK;
}

static enum gb_rc no_account(const char *name, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, name ? name : "");

	if (name) {
		gb_err_set(err, GB_E_NOT_FOUND, "permissions-no-account",
			   _("There is no account %s in the directory."), shown);
		gb_err_remedy(err, _("Correct the name, or make the account first."));
	} else {
		gb_err_set(err, GB_E_CONFIG, "permissions-account-missing",
			   _("The configuration does not say which account the rights are for."));
		gb_err_remedy(err, _("Name it with '--account NAME'."));
	}
	talloc_free(shown);
	gb_err_undone(err, _("No rights were changed."));
	return err->rc;
}

static enum gb_rc check_privilege(struct gb_permissions *permissions, struct gb_session *session,
				  struct gb_err *err)
{
	struct gb_directory_reference account = {.dn = permissions->account_dn};
	struct question question = {0};
	enum gb_rc rc;

	gb_directory_check_other_account(session->directory, &account, on_done, &question);
	rc = await(session, &question, err);
	if (rc == GB_E_ACCESS && strcmp(err->id, "directory-account-privileged") == 0) {
		permissions->privileged = gb_strdup(permissions, err->what);
		gb_err_clear(err);
		return GB_OK;
	}
	return rc;
}

enum gb_rc gb_permissions_find_account(struct gb_permissions *permissions,
				       struct gb_session *session, const char *name,
				       struct gb_err *err)
{
	const char *domain_dn = gb_directory_facts(session->directory)->domain_dn;
	struct gb_directory_reference by_dn = {.dn = name};
	struct question question = {.ctx = permissions};
	enum gb_rc rc;

	if (!name) {
		return no_account(NULL, err);
	}
	if (strchr(name, '=')) {
		gb_directory_read_group(session->directory, &by_dn, on_object, on_done, &question);
	} else {
		gb_directory_find_name(session->directory, gb_account_short_name(permissions, name),
				       on_object, on_done, &question);
	}
	rc = await(session, &question, err);
	if (rc == GB_E_NOT_FOUND || (rc == GB_OK && gb_sid_is_none(&question.sid))) {
		return no_account(name, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	permissions->account_dn = question.dn;
	permissions->sid = question.sid;
	permissions->principal =
		question.name ? gb_account_principal(permissions, question.name, domain_dn)
			      : gb_strdup(permissions, "");
	return check_privilege(permissions, session, err);
}

static enum gb_rc on_container(void *user, const struct gb_directory_container *container)
{
	struct question *question = user;

	question->dn = gb_strdup(question->ctx, container->dn);
	return GB_OK;
}

enum gb_rc gb_permissions_find_container(const void *ctx, struct gb_session *session,
					 const char *dn, char **ret_dn, struct gb_err *err)
{
	struct gb_directory_reference by_dn = {.dn = dn};
	struct question question = {.ctx = ctx};
	enum gb_rc rc;

	gb_directory_find_container(session->directory, &by_dn, on_container, on_done, &question);
	rc = await(session, &question, err);
	*ret_dn = question.dn;
	return rc;
}

static enum gb_rc on_descriptor(void *user, struct gb_descriptor *descriptor)
{
	struct question *question = user;

	question->descriptor = talloc_steal(question->ctx, descriptor);
	return GB_OK;
}

enum gb_rc gb_permissions_read_dacl(const void *ctx, struct gb_session *session, const char *dn,
				    struct gb_descriptor **ret_descriptor, struct gb_err *err)
{
	struct gb_directory_reference by_dn = {.dn = dn};
	struct question question = {.ctx = ctx};
	enum gb_rc rc;

	gb_directory_read_dacl(session->directory, &by_dn, on_descriptor, on_done, &question);
	rc = await(session, &question, err);
	*ret_descriptor = question.descriptor;
	return rc;
}

enum gb_rc gb_permissions_write_dacl(struct gb_session *session, const char *dn,
				     const struct gb_descriptor *descriptor, struct gb_err *err)
{
	struct gb_directory_reference by_dn = {.dn = dn};
	struct question question = {0};

	gb_directory_write_dacl(session->directory, &by_dn, descriptor, on_written, &question);
	return await(session, &question, err);
}

/* Names of those whom no object of the domain stands for. */
static const char *known_name(const char *sid)
{
	static const struct {
		const char *sid;
		const char *name;
	} known[] = {
		{"S-1-1-0", "Everyone"},
		{"S-1-5-9", "Enterprise Domain Controllers"},
		{"S-1-5-11", "Authenticated Users"},
		{"S-1-5-18", "SYSTEM"},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(known); i++) {
		if (strcmp(sid, known[i].sid) == 0) {
			return known[i].name;
		}
	}
	return NULL;
}

char *gb_permissions_name(const void *ctx, struct gb_session *session, const struct gb_sid *sid)
{
	struct question question = {.ctx = ctx};
	char text[GB_SID_TEXT_BYTES];
	const char *known = known_name(gb_sid_format(sid, text));
	struct gb_err err;

	if (known) {
		return gb_strdup(ctx, known);
	}
	gb_directory_find_sid(session->directory, sid, GB_REACH_DOMAIN, on_object, on_done,
			      &question);
	if (await(session, &question, &err) != GB_OK || !question.name) {
		return gb_strdup(ctx, text);
	}
	return gb_text_display(ctx, question.name);
}
