/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading all members of one group, range by range. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/handle.h"
#include "engine/directory/range.h"

#define MEMBER "member"

/* A group that is being read. Child of the directory; freed before its `done` is called. */
struct reading {
	struct gb_directory *directory;
	char *name; /* the group's name in requests */
	gb_directory_on_member on_member;
	gb_directory_done done;
	void *user;
	struct gb_range range;
	bool found;
	bool saw_values;    /* in the present answer */
	int64_t usn;        /* uSNChanged with the first range */
	struct gb_err *err; /* where the walk over the present entry puts errors */
};

static void begin_range(struct reading *reading);

static void end(struct reading *reading, enum gb_rc rc, const struct gb_err *err)
{
	gb_directory_done done = reading->done;
	void *user = reading->user;

	talloc_free(reading);
	done(user, rc, err);
}

static enum gb_rc take_value(struct reading *reading, const struct berval *value)
{
	struct gb_directory_reference member;
	void *tmp = gb_new_tmp(reading);
	char *text = gb_strndup(tmp, value->bv_val, value->bv_len);
	enum gb_rc rc;

	if (gb_text_is_utf8(value->bv_val, value->bv_len)) {
		rc = gb_directory_reference_parse(tmp, text, &member, reading->err);
	} else {
		rc = gb_err_set(reading->err, GB_E_PROTOCOL, "directory-bad-reference",
				_("The directory names a member in a text that is not UTF-8."));
	}
	if (rc == GB_OK) {
		rc = reading->on_member(reading->user, &member);
	}
	talloc_free(tmp);
	return rc;
}

static enum gb_rc on_attribute(void *user, const struct gb_entry_attribute *attribute)
{
	struct reading *reading = user;
	struct gb_range_part part;
	bool is_range = gb_range_parse(attribute->name, &part);
	size_t length = is_range ? part.name_length : strlen(attribute->name);
	enum gb_rc rc;

	if (length != strlen(MEMBER) || strncasecmp(attribute->name, MEMBER, length) != 0) {
		return GB_OK;
	}
	/* AD puts an empty `member` beside the range: it says nothing. */
	if (!is_range && attribute->count == 0) {
		return GB_OK;
	}
	reading->saw_values = true;
	rc = gb_range_take(&reading->range, is_range ? &part : NULL, attribute->count,
			   reading->err);
	for (size_t i = 0; i < attribute->count && rc == GB_OK; i++) {
		rc = take_value(reading, &attribute->values[i]);
	}
	return rc;
}

/* Ranges are answers of different moments: if the group changed in between, they do not fit. */
static enum gb_rc changed_meanwhile(struct gb_err *err)
{
	gb_err_set(err, GB_E_TRY_AGAIN, "directory-group-changed",
		   _("The group was changed while its members were read."));
	gb_err_undone(err, _("The members read so far are not used."));
	return gb_err_remedy(err, _("They are read again."));
}

static enum gb_rc on_entry(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	int64_t usn = gb_entry_int(entry, reading->directory->dialect->stamp_attribute, 0);
	enum gb_rc rc;

	reading->found = true;
	reading->saw_values = false;
	reading->err = err;
	if (reading->range.next == 0) {
		reading->usn = usn;
	} else if (usn != reading->usn) {
		return changed_meanwhile(err);
	}
	rc = gb_entry_walk(entry, on_attribute, reading, err);
	if (rc == GB_OK && !reading->saw_values) {
		/* No member at all; but where a range was to follow, values have gone. */
		rc = reading->range.next == 0 ? GB_OK : changed_meanwhile(err);
		reading->range.is_complete = true;
	}
	return rc;
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading *reading = user;
	struct gb_err missing = {0};

	if (rc == GB_OK && !reading->found) {
		rc = gb_err_set(&missing, GB_E_NOT_FOUND, "ldap-32",
				_("The group is not there, or the account may not see it."));
		gb_err_undone(&missing, _("Its members were not read."));
		end(reading, rc, &missing);
	} else if (rc == GB_OK && !reading->range.is_complete) {
		begin_range(reading);
	} else {
		end(reading, rc, err);
	}
}

static void begin_range(struct reading *reading)
{
	const struct gb_dialect *dialect = reading->directory->dialect;
	void *tmp = gb_new_tmp(reading);
	const char *const attributes[] = {
		dialect->has_ranges ? gb_range_request(tmp, &reading->range, MEMBER) : MEMBER,
		dialect->stamp_attribute,
		NULL,
	};
	struct gb_search search = {
		.base = reading->name,
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.extended_dn = dialect->has_guid_names,
		.timeout_ms = gb_directory_read_timeout_ms(reading->directory),
		.doing = _("Reading the members of a group"),
	};

	reading->found = false;
	gb_search_begin(reading->directory->reader, &search, on_entry, on_done, reading);
	talloc_free(tmp);
}

void gb_directory_read_members(struct gb_directory *directory,
			       const struct gb_directory_reference *group,
			       gb_directory_on_member on_member, gb_directory_done done, void *user)
{
	struct reading *reading = gb_new(directory, struct reading);

	reading->directory = directory;
	reading->name = gb_dialect_object_name(reading, directory->dialect, group);
	reading->on_member = on_member;
	reading->done = done;
	reading->user = user;
	begin_range(reading);
}
