/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading access lists from the directory. */
#include "config.h"

#include "engine/directory/permissions.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/handle.h"

#define DESCRIPTOR "nTSecurityDescriptor"

/* Child of the directory; freed before its `done` is called. */
struct reading {
	gb_directory_on_descriptor on_descriptor;
	gb_directory_done done;
	void *user;
	bool found_object;
	bool found_descriptor;
};

static enum gb_rc on_entry(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	struct berval **values = ldap_get_values_len(entry->ldap, entry->message, DESCRIPTOR);
	struct gb_descriptor *descriptor = NULL;
	enum gb_rc rc = GB_OK;

	reading->found_object = true;
	if (values && values[0]) {
		rc = gb_descriptor_read(reading, values[0]->bv_val, values[0]->bv_len, &descriptor,
					err);
	}
	ldap_value_free_len(values);
	if (descriptor) {
		reading->found_descriptor = true;
		rc = reading->on_descriptor(reading->user, descriptor);
	}
	return rc;
}

static enum gb_rc nothing_found(const struct reading *reading, struct gb_err *err)
{
	if (!reading->found_object) {
		gb_err_set(err, GB_E_NOT_FOUND, "ldap-32",
			   _("The object is not there, or the account may not see it."));
		return gb_err_undone(err, _("Its rights were not read."));
	}
	gb_err_set(err, GB_E_ACCESS, "directory-no-descriptor",
		   _("The account may not read the rights on the object."));
	gb_err_undone(err, _("Nothing was judged or changed."));
	return gb_err_remedy(err, _("Ask with an administrator's account ('--administrator')."));
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading reading = *(struct reading *)user;
	struct gb_err missing = {0};

	talloc_free(user);
	if (rc == GB_OK && !reading.found_descriptor) {
		rc = nothing_found(&reading, &missing);
		err = &missing;
	}
	reading.done(reading.user, rc, err);
}

static void no_descriptors(struct gb_directory *directory, gb_directory_done done, void *user)
{
	struct gb_err err = {0};

	gb_err_set(&err, GB_E_CONFIG, "directory-no-descriptors",
		   _("This directory is no Active Directory: it has no security descriptors."));
	gb_err_undone(&err, _("Rights were neither judged nor changed."));
	gb_err_remedy(&err,
		      _("Give rights by the means of the directory itself (OpenLDAP: olcAccess)."));
	gb_directory_fail_later(directory, done, user, &err);
}

void gb_directory_read_dacl(struct gb_directory *directory,
			    const struct gb_directory_reference *object,
			    gb_directory_on_descriptor on_descriptor, gb_directory_done done,
			    void *user)
{
	static const char *const attributes[] = {DESCRIPTOR, NULL};
	struct reading *reading;
	struct gb_search search = {
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.descriptor_parts = GB_SD_DACL,
		.show_deleted = true,
		.timeout_ms = gb_directory_read_timeout_ms(directory),
		.doing = _("Reading the rights on an object"),
	};

	if (!directory->dialect->has_rights) {
		no_descriptors(directory, done, user);
		return;
	}
	reading = gb_new(directory, struct reading);
	reading->on_descriptor = on_descriptor;
	reading->done = done;
	reading->user = user;
	search.base = gb_dialect_object_name(reading, directory->dialect, object);
	gb_search_begin(directory->reader, &search, on_entry, on_done, reading);
}
