/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading one record of a page, property by property. */
#include "config.h"

#include "engine/cloud/record.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Room for "value[4294967295]". */
#define PATH_BYTES 20

/* Each record has one, and hardly any is ever shown: printf would take longer than reading the record. */
static const char *path_of(unsigned index, char room[PATH_BYTES])
{
	char *at = room + PATH_BYTES;

	*--at = '\0';
	*--at = ']';
	do {
		*--at = (char)('0' + index % 10);
		index /= 10;
	} while (index > 0);
	at -= strlen("value[");
	return memcpy(at, "value[", strlen("value["));
}

enum gb_rc gb_record_each(const struct gb_json *value, gb_record_fn fn, void *user,
			  struct gb_err *err)
{
	char room[PATH_BYTES];
	unsigned i = 0;

	for (const struct gb_json *e = gb_json_first(value); e != NULL; e = gb_json_next(e)) {
		enum gb_rc rc = fn(user, e, path_of(i++, room), err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	return GB_OK;
}

void gb_record_init(struct gb_record *record, const struct gb_json *object, const char *path,
		    struct gb_err *err)
{
	*record = (struct gb_record){.object = object, .path = path, .rc = GB_OK, .err = err};
}

void gb_record_refuse(struct gb_record *record, const char *key, const char *reason)
{
	if (record->rc != GB_OK) {
		return;
	}
	record->rc = gb_err_set(record->err, GB_E_PROTOCOL, "graph-record",
				_("A record is not usable: %s.%s %s."), record->path, key,
				_(reason));
	gb_err_undone(record->err, _("The object is left as it is."));
	gb_err_remedy(record->err,
		      _("Look at the object in the Entra portal; if it looks right there, "
			"report this."));
}

/* The property if it is there with something else than null; notes its presence. */
static const struct gb_json *look(struct gb_record *record, const char *key, unsigned bit,
				  enum gb_json_kind wanted, const char *reason)
{
	const struct gb_json *value = gb_json_get(record->object, key);
	enum gb_json_kind kind = gb_json_kind(value);

	if (kind == GB_JSON_ABSENT) {
		return NULL;
	}
	record->present |= bit;
	if (kind == GB_JSON_NULL) {
		return NULL;
	}
	if (kind != wanted) {
		gb_record_refuse(record, key, reason);
		return NULL;
	}
	return value;
}

const char *gb_record_text(struct gb_record *record, const char *key, unsigned bit)
{
	return gb_json_text(look(record, key, bit, GB_JSON_STRING, N_("is no text")));
}

enum gb_tristate gb_record_tristate(struct gb_record *record, const char *key, unsigned bit)
{
	if (look(record, key, bit, GB_JSON_BOOL, N_("is neither true nor false")) == NULL) {
		return GB_UNKNOWN;
	}
	return gb_json_get_bool(record->object, key, false) ? GB_YES : GB_NO;
}

struct gb_sid gb_record_sid(struct gb_record *record, const char *key, unsigned bit)
{
	const char *text = gb_record_text(record, key, bit);
	struct gb_sid sid = {0};

	if (text != NULL && !gb_sid_parse(text, &sid)) {
		gb_record_refuse(record, key, N_("is no security identifier"));
	}
	return sid;
}

const struct gb_json *gb_record_texts(struct gb_record *record, const char *key, unsigned bit)
{
	const struct gb_json *array = look(record, key, bit, GB_JSON_ARRAY, N_("is no list"));

	for (const struct gb_json *e = gb_json_first(array); e != NULL; e = gb_json_next(e)) {
		if (gb_json_kind(e) != GB_JSON_STRING) {
			gb_record_refuse(record, key, N_("holds something that is no text"));
			return NULL;
		}
	}
	return array;
}

const struct gb_json *gb_record_object(struct gb_record *record, const char *key, unsigned bit)
{
	const struct gb_json *object = look(record, key, 0, GB_JSON_OBJECT, N_("is no object"));

	if (object != NULL) {
		record->present |= bit;
	}
	return object;
}

enum gb_rc gb_record_id(const struct gb_json *object, const char *path, struct gb_guid *ret_id,
			struct gb_err *err)
{
	const char *text = gb_json_get_text(object, "id");

	if (text != NULL && gb_guid_parse(text, ret_id) && !gb_guid_is_none(ret_id)) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_PROTOCOL, "graph-record-id",
		   _("A page is not usable: %s has no id that is a GUID."), path);
	gb_err_undone(err, _("The page was dropped, and nothing was concluded from it."));
	return gb_err_remedy(err, _("Run again; if it stays so, report this."));
}

enum gb_cloud_type gb_record_type(const struct gb_json *object)
{
	static const struct {
		const char *name;
		enum gb_cloud_type type;
	} types[] = {
		{"#microsoft.graph.user", GB_CLOUD_USER},
		{"#microsoft.graph.group", GB_CLOUD_GROUP},
		{"#microsoft.graph.device", GB_CLOUD_DEVICE},
		{"#microsoft.graph.orgContact", GB_CLOUD_CONTACT},
		{"#microsoft.graph.servicePrincipal", GB_CLOUD_SERVICE_PRINCIPAL},
	};
	const char *name = gb_json_get_text(object, "@odata.type");

	for (size_t i = 0; name != NULL && i < GB_ARRAY_SIZE(types); i++) {
		if (strcmp(types[i].name, name) == 0) {
			return types[i].type;
		}
	}
	return GB_CLOUD_OTHER;
}

enum gb_rc gb_record_removed(const struct gb_json *object, const char *path,
			     enum gb_cloud_removed *ret_removed, struct gb_err *err)
{
	const struct gb_json *removed = gb_json_get(object, "@removed");
	const char *reason = gb_json_get_text(removed, "reason");

	if (gb_json_kind(removed) == GB_JSON_ABSENT) {
		*ret_removed = GB_NOT_REMOVED;
	} else if (reason != NULL && strcmp(reason, "changed") == 0) {
		*ret_removed = GB_REMOVED_CHANGED;
	} else if (reason != NULL && strcmp(reason, "deleted") == 0) {
		*ret_removed = GB_REMOVED_DELETED;
	} else {
		return gb_err_set(err, GB_E_PROTOCOL, "graph-record-removed",
				  _("A page is not usable: %s is removed for a reason that is not "
				    "known."),
				  path);
	}
	return GB_OK;
}
