/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine permissions: the rights of the account on its container, shown and granted. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/commands/password.h"
#include "engine/commands/view_writers.h"
#include "engine/config/held.h"
#include "engine/manage/permissions.h"

static const char *state_id(enum gb_grant_state state)
{
	return state == GB_GRANT_THERE ? "there" : state == GB_GRANT_DENIED ? "denied" : "missing";
}

static const char *state_text(enum gb_grant_state state)
{
	return state == GB_GRANT_THERE    ? _("there")
	       : state == GB_GRANT_DENIED ? _("DENIED")
					  : _("MISSING");
}

static void put_texts(struct gb_json_writer *w, const char *key, char **texts, size_t count)
{
	gb_json_begin_array(w, key);
	for (size_t i = 0; i < count; i++) {
		gb_json_put_text(w, NULL, texts[i]);
	}
	gb_json_end_array(w);
}

static void put_account(struct gb_json_writer *w, const struct gb_permissions *found)
{
	char sid[GB_SID_TEXT_BYTES];

	gb_json_begin_object(w, "account");
	gb_json_put_text(w, "dn", found->account_dn);
	gb_json_put_text(w, "sid", gb_sid_format(&found->sid, sid));
	gb_json_put_text(w, "principal", found->principal);
	gb_json_put_text(w, "privileged", found->privileged);
	gb_json_end_object(w);
}

static void put_objects(struct gb_json_writer *w, const struct gb_permissions *found)
{
	gb_json_begin_array(w, "objects");
	for (size_t i = 0; i < found->object_count; i++) {
		const struct gb_permissions_object *object = &found->objects[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "dn", object->dn);
		gb_json_put_text(w, "before", object->before);
		gb_json_put_text(w, "after", object->after);
		put_texts(w, "lacks", object->added, object->added_count);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void put_rights(struct gb_json_writer *w, const struct gb_permissions *found)
{
	gb_json_begin_array(w, "rights");
	for (size_t i = 0; i < found->right_count; i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "right", found->rights[i].right->id);
		gb_json_put_text(w, "state", state_id(found->rights[i].state));
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void print_json(const void *ctx, const struct gb_permissions *found)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	put_account(w, found);
	gb_json_put_bool(w, "sufficient", found->is_sufficient);
	put_objects(w, found);
	put_rights(w, found);
	put_texts(w, "tooFar", found->too_far, found->too_far_count);
	gb_view_writers_json(w, found);
	put_texts(w, "dsacls", found->dsacls, found->dsacls_count);
	put_texts(w, "sambaTool", found->samba_tool, found->samba_tool_count);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

/* Everything that came from the directory goes through the display sanitizer. */
static void print_safe(const char *indent, const char *text)
{
	char *shown = gb_text_display(NULL, text);

	printf("%s%s\n", indent, shown);
	talloc_free(shown);
}

static void print_texts(const char *title, char **texts, size_t count)
{
	if (count > 0) {
		puts(title);
	}
	for (size_t i = 0; i < count; i++) {
		print_safe("  ", texts[i]);
	}
}

static void print_rights(const struct gb_permissions *found)
{
	puts(_("Rights of the account itself (those of its groups are not counted):"));
	for (size_t i = 0; i < found->right_count; i++) {
		printf("  %-8s %s\n", state_text(found->rights[i].state),
		       _(found->rights[i].right->text));
	}
	print_texts(_("Entries that allow the account more than it needs:"), found->too_far,
		    found->too_far_count);
}

static void print_objects(const struct gb_permissions *found, bool what_if)
{
	for (size_t i = 0; i < found->object_count; i++) {
		const struct gb_permissions_object *object = &found->objects[i];

		print_safe("", object->dn);
		print_safe(_("  before: "), object->before ? object->before : _("may not be read"));
		if (object->after) {
			print_safe(what_if ? _("  would be: ") : _("  after:  "), object->after);
		}
		print_texts(!object->after ? _("  lacks:")
			    : what_if      ? _("  would be added:")
					   : _("  added:"),
			    object->added, object->added_count);
	}
}

static void print_reach(void)
{
	puts(_("The right to reanimate is one for the whole domain: the account may then see every "
	       "deleted\nobject of the domain, and bring back those that it may create again, in "
	       "its container."));
}

static void print_text(const struct gb_arguments *arguments, const struct gb_permissions *found)
{
	printf("%s: ", _("Account"));
	print_safe("", found->account_dn);
	if (found->privileged) {
		puts(found->privileged);
	}
	print_objects(found, arguments->what_if);
	print_rights(found);
	gb_view_writers_print(found);
	if (arguments->reanimate) {
		print_reach();
	}
	print_texts(_("The same on Windows:"), found->dsacls, found->dsacls_count);
	print_texts(_("The same with Samba's tool:"), found->samba_tool, found->samba_tool_count);
}

/* In this process only; the file stays as it is. */
static enum gb_rc become_administrator(struct gb_config *config,
				       const struct gb_arguments *arguments,
				       const struct gb_secret *read_before, struct gb_err *err)
{
	struct gb_secret *typed = NULL;
	enum gb_rc rc = GB_OK;

	if (!arguments->administrator) {
		return GB_OK;
	}
	if (!read_before) {
		rc = gb_password_read(config, NULL, arguments->administrator, &typed, err);
	}
	if (rc == GB_OK) {
		config->directory.account = gb_strdup(config, arguments->administrator);
		config->directory.bind = GB_CONFIG_BIND_SIMPLE;
		gb_held_put(config, GB_HELD_DIRECTORY_PASSWORD, read_before ? read_before : typed);
	}
	talloc_free(typed);
	return rc;
}

static enum gb_rc carry_out(const void *ctx, struct gb_config *config,
			    const struct gb_arguments *arguments,
			    const struct gb_secret *password, struct gb_permissions **ret_found,
			    struct gb_err *err)
{
	struct gb_session *session;
	struct gb_permissions_request request = {
		.account = arguments->account ? arguments->account : config->directory.account,
		.container = arguments->container,
		.reanimate = arguments->reanimate,
		.what_if = arguments->what_if,
	};
	bool grant = strcmp(arguments->words[0], "grant") == 0;
	enum gb_rc rc = become_administrator(config, arguments, password, err);

	if (rc != GB_OK) {
		return rc;
	}
	session = gb_session_new(ctx, config);
	rc = gb_session_open_directory(session, err);
	if (rc == GB_OK) {
		rc = grant ? gb_permissions_grant(ctx, session, &request, ret_found, err)
			   : gb_permissions_show(ctx, session, &request, ret_found, err);
	}
	talloc_free(session);
	return rc;
}

static enum gb_rc check_words(const struct gb_arguments *arguments, struct gb_err *err)
{
	bool grant = strcmp(arguments->words[0], "grant") == 0;

	if (!grant && strcmp(arguments->words[0], "show") != 0) {
		char *shown = gb_text_display(NULL, arguments->words[0]);

		gb_err_set(err, GB_E_USAGE, "usage-words", _("'permissions' does not know '%s'."),
			   shown);
		talloc_free(shown);
		return gb_err_remedy(err, _("Use 'permissions show' or 'permissions grant'."));
	}
	if (arguments->what_if && !grant) {
		gb_err_set(err, GB_E_USAGE, "usage-option",
			   _("'--what-if' belongs to 'permissions grant'."));
		return gb_err_remedy(err, _("'permissions show' never changes anything."));
	}
	if (arguments->password_file && !arguments->administrator) {
		gb_err_set(err, GB_E_USAGE, "usage-option",
			   _("'--password-file' needs '--administrator'."));
		return gb_err_remedy(err, _("Say whose password it is."));
	}
	return GB_OK;
}

int gb_command_permissions(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_permissions *found = NULL;
	struct gb_secret *password = NULL;
	struct gb_config *config = NULL;
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = check_words(arguments, &err);
	if (rc == GB_OK && arguments->password_file) {
		/* Loading the configuration gives root up, to whom the file may belong. */
		rc = gb_password_read(ctx, arguments->password_file, arguments->administrator,
				      &password, &err);
	}
	if (rc == GB_OK) {
		config = gb_common_load(ctx, arguments);
		if (!config) {
			talloc_free(ctx);
			return gb_rc_exit_code(GB_E_CONFIG);
		}
		rc = carry_out(ctx, config, arguments, password, &found, &err);
	}
	if (rc != GB_OK) {
		gb_common_print_err(&err);
	} else if (arguments->json) {
		print_json(ctx, found);
	} else {
		print_text(arguments, found);
	}
	talloc_free(ctx);
	return gb_rc_exit_code(rc);
}
