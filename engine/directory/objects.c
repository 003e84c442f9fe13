/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading objects: all of them, what changed, one of them, and those with a given anchor or name.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/cursor.h"
#include "engine/directory/dn.h"
#include "engine/directory/handle.h"

/* A read of objects under way. Child of the directory; freed before its `done` is called. */
struct reading {
	struct gb_directory *directory;
	gb_directory_on_object on_object;
	gb_directory_done done;
	void *user;
	bool is_one; /* exactly one object is asked for: none is an error */
	size_t found;
	/* Of gb_directory_read_objects() only. */
	bool sets_cursor;
	struct gb_directory_read what;
	int64_t usn; /* where the server stood before the read began */
	char newest_csn[64];
};

/* Written under an earlier configuration, and still to be moved. */
static bool is_in_former(const struct gb_directory *directory, const char *dn_key)
{
	for (size_t i = 0; i < directory->former_count; i++) {
		if (gb_dn_is_below(dn_key, directory->former_keys[i])) {
			return true;
		}
	}
	return false;
}

enum gb_rc gb_directory_object_of(const void *ctx, const struct gb_directory *directory,
				  const struct gb_entry *entry,
				  struct gb_directory_object *ret_object, struct gb_err *err)
{
	enum gb_rc rc = gb_entry_object(ctx, entry, directory->dialect, directory->container_key,
					directory->options.group_attributes, ret_object, err);

	if (rc == GB_OK) {
		ret_object->in_container =
			ret_object->in_container || is_in_former(directory, ret_object->dn_key);
	}
	return rc;
}

static enum gb_rc on_entry(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	struct gb_directory_object object;
	void *tmp = gb_new_tmp(reading);
	enum gb_rc rc = gb_directory_object_of(tmp, reading->directory, entry, &object, err);

	if (rc == GB_OK && reading->sets_cursor &&
	    reading->directory->dialect->kind == GB_DIALECT_LDAP) {
		const char *csn = gb_entry_text(tmp, entry, "entryCSN");

		if (csn && strcmp(csn, reading->newest_csn) > 0) {
			snprintf(reading->newest_csn, sizeof(reading->newest_csn), "%s", csn);
		}
	}
	if (rc == GB_OK) {
		reading->found++;
		rc = reading->on_object(reading->user, &object);
	}
	talloc_free(tmp);
	return rc;
}

/* Frees @reading first: the caller may begin another one. */
static void end(struct reading *reading, enum gb_rc rc, const struct gb_err *err)
{
	gb_directory_done done = reading->done;
	void *user = reading->user;

	talloc_free(reading);
	done(user, rc, err);
}

static void not_found(struct reading *reading)
{
	struct gb_err err = {0};

	gb_err_set(&err, GB_E_NOT_FOUND, "ldap-32",
		   _("The object is not there, or the account may not see it."));
	gb_err_undone(&err, _("Nothing was read."));
	end(reading, GB_E_NOT_FOUND, &err);
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading *reading = user;
	struct gb_directory *directory = reading->directory;

	if (rc == GB_OK && reading->is_one && reading->found == 0) {
		not_found(reading);
		return;
	}
	if (rc == GB_OK && reading->sets_cursor) {
		if (directory->dialect->kind == GB_DIALECT_AD) {
			gb_cursor_from_usn(&directory->rootdse->facts, reading->usn,
					   directory->cursor);
		} else if (reading->newest_csn[0]) {
			gb_cursor_from_csn(&directory->rootdse->facts, reading->newest_csn,
					   gb_clock_wall_ms(), directory->cursor);
		} else if (reading->what.since) {
			snprintf(directory->cursor, sizeof(directory->cursor), "%s",
				 reading->what.since);
		}
	}
	end(reading, rc, err);
}

static struct reading *new_reading(struct gb_directory *directory, gb_directory_on_object on_object,
				   gb_directory_done done, void *user)
{
	struct reading *reading = gb_new(directory, struct reading);

	reading->directory = directory;
	reading->on_object = on_object;
	reading->done = done;
	reading->user = user;
	return reading;
}

static void begin_search(struct reading *reading, struct gb_operation_table *table,
			 struct gb_search *search)
{
	struct gb_directory *directory = reading->directory;

	search->attributes =
		gb_entry_object_attributes(reading, directory->options.group_attributes);
	search->timeout_ms = gb_directory_read_timeout_ms(directory);
	search->page_size = search->scope != LDAP_SCOPE_BASE && directory->rootdse->has_paging
				    ? directory->options.page_size
				    : 0;
	gb_search_begin(table, search, on_entry, on_done, reading);
}

static void begin_objects(struct reading *reading, const char *stamp)
{
	struct gb_directory *directory = reading->directory;
	void *tmp = gb_new_tmp(reading);
	struct gb_search search = {
		.base = reading->what.base ? reading->what.base
					   : directory->rootdse->facts.domain_dn,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = gb_dialect_filter(tmp, directory->dialect, reading->what.classes, stamp),
		.doing = _("Reading people and groups"),
	};

	begin_search(reading, directory->reader, &search);
	talloc_free(tmp);
}

/* Where the server stands is known: begin, or say that the cursor is of no use. */
static void begin_since(struct reading *reading)
{
	void *tmp = gb_new_tmp(reading);
	const char *stamp = NULL;
	struct gb_err err = {0};
	enum gb_rc rc = GB_OK;

	if (reading->what.since && reading->what.since[0]) {
		rc = gb_cursor_stamp(tmp, &reading->directory->rootdse->facts, reading->what.since,
				     reading->usn, &stamp, &err);
	}
	if (rc == GB_OK) {
		begin_objects(reading, stamp);
		talloc_free(tmp);
	} else {
		end(reading, rc, &err);
	}
}

static enum gb_rc on_usn(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;

	(void)err;
	reading->usn = gb_entry_int(entry, "highestCommittedUSN", 0);
	return GB_OK;
}

static void on_usn_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading *reading = user;

	if (rc == GB_OK) {
		begin_since(reading);
	} else {
		end(reading, rc, err);
	}
}

void gb_directory_read_objects(struct gb_directory *directory, const struct gb_directory_read *read,
			       gb_directory_on_object on_object, gb_directory_done done, void *user)
{
	static const char *const attributes[] = {"highestCommittedUSN", NULL};
	/*
	 * The position comes first, also where it is not needed: nothing may begin inside this
	 * call.
	 */
	struct gb_search search = {
		.base = "",
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.timeout_ms = gb_directory_read_timeout_ms(directory),
		.doing = _("Reading the server's position"),
	};
	struct reading *reading = new_reading(directory, on_object, done, user);

	reading->sets_cursor = true;
	reading->what = *read;
	reading->what.since = gb_strdup(reading, read->since);
	reading->what.base = gb_strdup(reading, read->base);
	gb_search_begin(directory->reader, &search, on_usn, on_usn_done, reading);
}

void gb_directory_read_group(struct gb_directory *directory,
			     const struct gb_directory_reference *object,
			     gb_directory_on_object on_object, gb_directory_done done, void *user)
{
	struct reading *reading = new_reading(directory, on_object, done, user);
	void *tmp = gb_new_tmp(reading);
	bool by_filter = !directory->dialect->has_guid_names && !object->dn;
	struct gb_search search = {
		.base = by_filter ? directory->rootdse->facts.domain_dn
				  : gb_dialect_object_name(tmp, directory->dialect, object),
		.scope = by_filter ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
		.filter = by_filter ? gb_dialect_guid_filter(tmp, directory->dialect, &object->guid)
				    : NULL,
		.doing = _("Reading one object"),
	};

	reading->is_one = true;
	begin_search(reading, directory->reader, &search);
	talloc_free(tmp);
}

/* A search in the domain or, where @reach says so, in the whole forest. */
static void find(struct gb_directory *directory, enum gb_directory_reach reach, const char *filter,
		 gb_directory_on_object on_object, gb_directory_done done, void *user)
{
	struct gb_search search = {
		.base = directory->rootdse->facts.domain_dn,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = filter,
		.doing = _("Searching the directory"),
	};
	struct gb_operation_table *table = NULL;
	struct gb_err err = {0};

	if (gb_directory_table(directory, reach, &table, &err) != GB_OK) {
		gb_directory_fail_later(directory, done, user, &err);
		return;
	}
	if (table == directory->catalog) {
		search.base = "";
		search.doing = _("Searching the global catalog");
	}
	begin_search(new_reading(directory, on_object, done, user), table, &search);
}

void gb_directory_find_anchor(struct gb_directory *directory, const char *anchor,
			      enum gb_directory_reach reach, gb_directory_on_object on_object,
			      gb_directory_done done, void *user)
{
	bool is_forest = reach == GB_REACH_FOREST && directory->dialect->kind == GB_DIALECT_AD;
	void *tmp = gb_new_tmp(directory);
	const char *value = anchor ? gb_text_filter_escape(tmp, anchor, strlen(anchor)) : "Group_*";
	const char *filter =
		is_forest ? gb_printf(tmp, "(msDS-ExternalDirectoryObjectId=%s)", value)
			  : gb_printf(tmp,
				      "(|(msDS-ExternalDirectoryObjectId=%s)(adminDescription=%s))",
				      value, value);

	find(directory, reach, filter, on_object, done, user);
	talloc_free(tmp);
}

void gb_directory_find_name(struct gb_directory *directory, const char *name,
			    gb_directory_on_object on_object, gb_directory_done done, void *user)
{
	void *tmp = gb_new_tmp(directory);
	const char *filter = gb_printf(tmp, "(sAMAccountName=%s)",
				       gb_text_filter_escape(tmp, name, strlen(name)));

	find(directory, GB_REACH_DOMAIN, filter, on_object, done, user);
	talloc_free(tmp);
}

void gb_directory_find_address(struct gb_directory *directory, const char *address,
			       enum gb_directory_reach reach, gb_directory_on_object on_object,
			       gb_directory_done done, void *user)
{
	void *tmp = gb_new_tmp(directory);
	const char *value = gb_text_filter_escape(tmp, address, strlen(address));
	const char *filter = gb_printf(tmp, "(|(proxyAddresses=smtp:%s)(mail=%s))", value, value);

	find(directory, reach, filter, on_object, done, user);
	talloc_free(tmp);
}

void gb_directory_find_sid(struct gb_directory *directory, const struct gb_sid *sid,
			   enum gb_directory_reach reach, gb_directory_on_object on_object,
			   gb_directory_done done, void *user)
{
	void *tmp = gb_new_tmp(directory);
	struct gb_buffer *filter = gb_buffer_new(tmp);

	gb_buffer_add_text(filter, "(objectSid=");
	for (size_t i = 0; i < sid->length; i++) {
		gb_buffer_add_format(filter, "\\%02x", (unsigned)sid->bytes[i]);
	}
	gb_buffer_add_char(filter, ')');
	find(directory, reach, filter->text, on_object, done, user);
	talloc_free(tmp);
}

void gb_directory_find_holders(struct gb_directory *directory, const char *dn,
			       gb_directory_on_object on_object, gb_directory_done done, void *user)
{
	void *tmp = gb_new_tmp(directory);
	const char *filter = gb_printf(tmp, "(&(objectClass=group)(member=%s))",
				       gb_text_filter_escape(tmp, dn, strlen(dn)));

	find(directory, GB_REACH_DOMAIN, filter, on_object, done, user);
	talloc_free(tmp);
}

static void no_deleted_objects(struct gb_directory *directory, gb_directory_done done, void *user)
{
	struct gb_err err = {0};

	gb_err_set(&err, GB_E_NOT_FOUND, "directory-no-tombstones",
		   _("This kind of directory keeps no deleted objects."));
	gb_err_undone(&err, _("Nothing was read."));
	gb_directory_fail_later(directory, done, user, &err);
}

static const char *deleted_filter(const void *ctx, const struct gb_directory *directory,
				  const struct gb_guid *guid)
{
	const char *which = guid ? gb_dialect_guid_filter(ctx, directory->dialect, guid)
				 : "(msDS-ExternalDirectoryObjectId=Group_*)";

	return gb_printf(ctx, "(&(isDeleted=TRUE)(objectClass=group)%s)", which);
}

void gb_directory_find_deleted(struct gb_directory *directory, const struct gb_guid *guid,
			       gb_directory_on_object on_object, gb_directory_done done, void *user)
{
	void *tmp = gb_new_tmp(directory);
	struct gb_search search = {
		.scope = LDAP_SCOPE_SUBTREE,
		.show_deleted = true,
		.doing = _("Searching deleted objects"),
	};

	if (directory->dialect->kind == GB_DIALECT_AD) {
		search.base = gb_printf(tmp, "CN=Deleted Objects,%s",
					directory->rootdse->facts.domain_dn);
		search.filter = deleted_filter(tmp, directory, guid);
		begin_search(new_reading(directory, on_object, done, user), directory->reader,
			     &search);
	} else {
		no_deleted_objects(directory, done, user);
	}
	talloc_free(tmp);
}
