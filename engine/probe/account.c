/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account that the engine signs in with; directory.create-account. */
#include "config.h"

#include "engine/probe/account.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/dn_text.h"
#include "engine/config/held.h"
#include "engine/directory/account_name.h"
#include "engine/directory/directory.h"
#include "engine/probe/directory.h"

/* userAccountControl: a normal account whose password does not expire (MS-ADTS 2.2.16). */
#define NORMAL_ACCOUNT "66048"

/* An account that is looked for. */
struct finding {
	struct gb_probe_wait wait; /* first: gb_probe_waited() takes a finding for one */
	const void *ctx;
	const char *domain_dn;
	struct gb_probe_account *account;
};

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct finding *finding = user;

	finding->account->dn = gb_strdup(finding->ctx, object->dn);
	finding->account->sid = object->sid;
	finding->account->principal =
		object->sam_account_name
			? gb_account_principal(finding->ctx, object->sam_account_name,
					       finding->domain_dn)
			: NULL;
	return GB_OK;
}

enum gb_rc gb_probe_find_account(const void *ctx, struct gb_session *session, const char *name,
				 struct gb_probe_account *ret_account, struct gb_err *err)
{
	struct finding finding = {
		.ctx = ctx,
		.domain_dn = gb_directory_facts(session->directory)->domain_dn,
		.account = ret_account,
	};
	struct gb_directory_reference by_dn = {.dn = name};
	enum gb_rc rc;

	*ret_account = (struct gb_probe_account){.name = gb_strdup(ctx, name)};
	if (!name) {
		return GB_OK;
	}
	if (strchr(name, '=')) {
		gb_directory_read_group(session->directory, &by_dn, on_object, gb_probe_waited,
					&finding);
	} else {
		gb_directory_find_name(session->directory, gb_account_short_name(ctx, name),
				       on_object, gb_probe_waited, &finding);
	}
	rc = gb_probe_await(session, &finding.wait, err);
	return rc == GB_E_NOT_FOUND ? GB_OK : rc;
}

void gb_probe_put_account(struct gb_json_writer *w, const struct gb_probe_account *account)
{
	char *dn = account->dn ? gb_dn_text_canonical(NULL, account->dn) : NULL;
	char sid[GB_SID_TEXT_BYTES];

	gb_json_begin_object(w, "account");
	gb_json_put_text(w, "dn", dn);
	gb_json_put_text(w, "sid",
			 gb_sid_is_none(&account->sid) ? NULL : gb_sid_format(&account->sid, sid));
	gb_json_put_text(w, "name", account->name);
	gb_json_end_object(w);
	talloc_free(dn);
}

static enum gb_rc add_account(struct gb_session *session, const char *dn, const char *name,
			      const char *principal, const struct gb_secret *password,
			      struct gb_err *err)
{
	const struct gb_change_value values[] = {
		{.attribute = "sAMAccountName", .value = name},
		{.attribute = "userPrincipalName", .value = principal},
		{.attribute = "displayName", .value = name},
		{.attribute = "description",
		 .value = "Service account of groupback: writes groups in one container."},
		{.attribute = "userAccountControl", .value = NORMAL_ACCOUNT},
	};
	struct gb_directory_entry entry = {
		.dn = dn,
		.object_class = "user",
		.values = values,
		.value_count = GB_ARRAY_SIZE(values),
		.password = password,
	};
	struct gb_probe_wait wait = {0};

	gb_directory_add(session->directory, &entry, gb_probe_written, &wait);
	return gb_probe_await(session, &wait, err);
}

static void send_created(struct gb_probe *probe, const struct gb_probe_account *account,
			 const char *principal)
{
	struct gb_json_writer *w = gb_answer_result(&probe->answer);

	gb_probe_put_account(w, account);
	gb_json_put_text(w, "principal", principal);
	gb_json_begin_object(w, "config");
	gb_json_begin_object(w, "directory");
	gb_json_put_text(w, "bind", "simple");
	gb_json_put_text(w, "account", principal);
	gb_json_end_object(w);
	gb_json_end_object(w);
	gb_answer_send(&probe->answer, w, true);
}

/* The typed password is the new account's; opening as the administrator puts another in its place. */
static struct gb_secret *new_password(struct gb_probe *probe, struct gb_err *err)
{
	const struct gb_secret *typed = gb_held_secret(probe->config, GB_HELD_DIRECTORY_PASSWORD);

	if (typed) {
		return gb_secret_new(probe, gb_secret_bytes(typed), gb_secret_length(typed));
	}
	probe->field = (struct gb_answer_field){.secret = "directory-password"};
	gb_err_set(err, GB_E_USAGE, "secret-missing", _("The new account's password is missing."));
	gb_err_undone(err, _("No account was made."));
	return NULL;
}

enum gb_rc gb_probe_directory_create_account(struct gb_probe *probe, struct gb_err *err)
{
	const char *name = gb_probe_text(probe, "name");
	char *dn = gb_printf(probe, "CN=%s,%s", gb_text_dn_escape(probe, name, strlen(name)),
			     gb_probe_text(probe, "parent"));
	struct gb_secret *password = new_password(probe, err);
	struct gb_probe_account account;
	struct gb_session *session;
	char *principal;
	enum gb_rc rc;

	if (!password) {
		return GB_E_USAGE;
	}
	rc = gb_probe_open_directory(probe, &session, err);
	if (rc != GB_OK) {
		return rc;
	}
	principal = gb_account_principal(probe, name,
					 gb_directory_facts(session->directory)->domain_dn);
	rc = add_account(session, dn, name, principal, password, err);
	if (rc == GB_OK) {
		rc = gb_probe_find_account(probe, session, dn, &account, err);
	}
	if (rc == GB_OK) {
		account.name = gb_strdup(probe, name);
		send_created(probe, &account, principal);
	}
	return rc;
}
