/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the account may do: attributes it may write, and groups that it must not be in. */
#include "config.h"

#include "engine/directory/rights.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/handle.h"
#include "engine/directory/permissions.h"

#define ALLOWED      "allowedAttributesEffective"
#define TOKEN_GROUPS "tokenGroups"

const char *gb_rights_privileged_group(const struct gb_sid *sid)
{
	static const struct {
		uint32_t rid;
		const char *name;
	} groups[] = {
		{512, "Domain Admins"},
		{518, "Schema Admins"},
		{519, "Enterprise Admins"},
	};
	char text[GB_SID_TEXT_BYTES];

	gb_sid_format(sid, text);
	if (strcmp(text, "S-1-5-32-544") == 0) {
		return "BUILTIN\\Administrators";
	}
	/* RIDs mean this only behind a domain's identifier. */
	if (strncmp(text, "S-1-5-21-", strlen("S-1-5-21-")) != 0) {
		return NULL;
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(groups); i++) {
		if (groups[i].rid == gb_sid_rid(sid)) {
			return groups[i].name;
		}
	}
	return NULL;
}

/* Child of the directory; freed before its `done` is called. */
struct reading {
	gb_directory_on_rights on_rights; /* NULL: check the account */
	gb_directory_done done;
	void *user;
	bool found;
};

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading *reading = user;
	gb_directory_done done = reading->done;
	void *owner = reading->user;
	bool is_missing = rc == GB_OK && !reading->found;
	struct gb_err missing = {0};

	talloc_free(reading);
	if (is_missing) {
		gb_err_set(&missing, GB_E_NOT_FOUND, "directory-no-rights",
			   _("The directory does not say what the account may do."));
		gb_err_undone(&missing, _("The rights were not checked."));
		gb_err_remedy(&missing, _("Let the account read the object."));
		done(owner, GB_E_NOT_FOUND, &missing);
	} else {
		done(owner, rc, err);
	}
}

static enum gb_rc on_rights_entry(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	char **texts = gb_entry_texts(reading, entry, ALLOWED);
	struct gb_directory_rights rights = {.attributes = (const char *const *)texts};

	(void)err;
	while (texts[rights.attribute_count]) {
		rights.attribute_count++;
	}
	reading->found = true;
	return reading->on_rights(reading->user, &rights);
}

static enum gb_rc refuse(const char *group, struct gb_err *err)
{
	gb_err_set(err, GB_E_ACCESS, "directory-account-privileged",
		   _("The service account is a member of %s, directly or through other groups."),
		   group);
	gb_err_undone(err, _("Nothing was written: groupback works with the least rights only."));
	return gb_err_remedy(
		err, _("Use an account that may manage groups in one container and nothing else "
		       "(\"groupback-engine permissions show\"), or set "
		       "\"accept privileged account = yes\"."));
}

static enum gb_rc on_token_entry(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	struct berval **values = ldap_get_values_len(entry->ldap, entry->message, TOKEN_GROUPS);
	const char *group = NULL;

	for (size_t i = 0; values && values[i] && !group; i++) {
		struct gb_sid sid;

		if (gb_sid_from_octets(values[i]->bv_val, values[i]->bv_len, &sid)) {
			reading->found = true;
			group = gb_rights_privileged_group(&sid);
		}
	}
	ldap_value_free_len(values);
	return group ? refuse(group, err) : GB_OK;
}

static void begin(struct gb_directory *directory, struct reading *reading, const char *base,
		  const char *attribute)
{
	const char *const attributes[] = {attribute, NULL};
	struct gb_search search = {
		.base = base,
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.timeout_ms = gb_directory_read_timeout_ms(directory),
		.doing = _("Reading the account's rights"),
	};

	gb_search_begin(directory->reader, &search,
			reading->on_rights ? on_rights_entry : on_token_entry, on_done, reading);
}

void gb_directory_read_rights(struct gb_directory *directory,
			      const struct gb_directory_reference *object,
			      gb_directory_on_rights on_rights, gb_directory_done done, void *user)
{
	struct reading *reading = gb_new(directory, struct reading);

	reading->on_rights = on_rights;
	reading->done = done;
	reading->user = user;
	begin(directory, reading, gb_dialect_object_name(reading, directory->dialect, object),
	      ALLOWED);
}

void gb_directory_check_other_account(struct gb_directory *directory,
				      const struct gb_directory_reference *account,
				      gb_directory_done done, void *user)
{
	struct reading *reading = gb_new(directory, struct reading);

	reading->done = done;
	reading->user = user;
	/* tokenGroups of an object has every group but itself (MS-ADTS 3.1.1.4.5.19). */
	begin(directory, reading, gb_dialect_object_name(reading, directory->dialect, account),
	      TOKEN_GROUPS);
}

void gb_directory_check_account(struct gb_directory *directory, gb_directory_done done, void *user)
{
	struct reading *reading = gb_new(directory, struct reading);

	reading->done = done;
	reading->user = user;
	/*
	 * OpenLDAP has no such groups; the rootDSE is asked all the same, so that the end comes
	 * late.
	 */
	reading->found = !directory->dialect->has_rights;
	/* The rootDSE's tokenGroups are those of whoever asks (MS-ADTS 3.1.1.3.2). */
	begin(directory, reading, "", TOKEN_GROUPS);
}
