/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One attribute of one object. */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/handle.h"

/* Child of the directory; freed before its `done` is called. */
struct reading {
	const char *attribute;
	bool found;
	gb_directory_on_text on_text;
	gb_directory_done done;
	void *user;
};

static enum gb_rc on_entry(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	char *text = gb_entry_text(reading, entry, reading->attribute);

	(void)err;
	reading->found = true;
	return reading->on_text(reading->user, text);
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading *reading = user;
	gb_directory_done done = reading->done;
	void *owner = reading->user;
	bool is_missing = rc == GB_OK && !reading->found;
	struct gb_err missing = {0};

	talloc_free(reading);
	if (is_missing) {
		rc = gb_err_set(&missing, GB_E_NOT_FOUND, "ldap-32",
				_("The object is not there, or the account may not see it."));
		err = &missing;
	}
	done(owner, rc, err);
}

void gb_directory_read_text(struct gb_directory *directory, const char *dn, const char *attribute,
			    gb_directory_on_text on_text, gb_directory_done done, void *user)
{
	struct reading *reading = gb_new(directory, struct reading);
	const char *const attributes[] = {attribute, NULL};
	struct gb_search search = {
		.base = dn,
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.timeout_ms = gb_directory_read_timeout_ms(directory),
		.doing = _("Reading one object"),
	};

	reading->attribute = gb_strdup(reading, attribute);
	reading->on_text = on_text;
	reading->done = done;
	reading->user = user;
	gb_search_begin(directory->reader, &search, on_entry, on_done, reading);
}
