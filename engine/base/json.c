/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: documents behind the gate, and the getters. */
#include "config.h"

#include "engine/base/json.h"

#include <math.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/json_scan.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Every integer up to here has a double of its own (RFC 7493 section 2.2). */
#define MAX_EXACT 9007199254740991.0

/* What it was read from, and all other values, are below it. */
struct gb_json_doc {
	struct gb_json root;
};

static enum gb_rc refuse(const char *source, const struct gb_json_scan_fault *fault,
			 struct gb_err *err)
{
	char *name = gb_text_display(NULL, source);

	gb_err_set(err, GB_E_PROTOCOL, "json-invalid",
		   /* TRANSLATORS: what it is, byte number, reason */
		   _("%s is not acceptable JSON: at byte %zu, %s."), name, fault->offset,
		   _(fault->reason));
	gb_err_undone(err, _("Nothing of it was used."));
	talloc_free(name);
	return GB_E_PROTOCOL;
}

enum gb_rc gb_json_parse(const void *ctx, const char *bytes, size_t length, const char *source,
			 struct gb_json_doc **ret_doc, struct gb_err *err)
{
	struct gb_json_doc *doc = gb_new(ctx, struct gb_json_doc);
	struct gb_json_scan_fault fault;

	if (!gb_json_scan(doc, bytes, length, &doc->root, &fault)) {
		talloc_free(doc);
		return refuse(source, &fault, err);
	}
	*ret_doc = doc;
	return GB_OK;
}

const struct gb_json *gb_json_root(const struct gb_json_doc *doc)
{
	return &doc->root;
}

enum gb_json_kind gb_json_kind(const struct gb_json *value)
{
	return value ? value->kind : GB_JSON_ABSENT;
}

const struct gb_json *gb_json_get(const struct gb_json *object, const char *key)
{
	const struct gb_json *member =
		gb_json_kind(object) == GB_JSON_OBJECT ? object->first : NULL;

	while (member && strcmp(member->name, key) != 0) {
		member = member->next;
	}
	return member;
}

enum gb_json_kind gb_json_member_kind(const struct gb_json *object, const char *key)
{
	return gb_json_kind(gb_json_get(object, key));
}

const char *gb_json_text(const struct gb_json *value)
{
	return gb_json_kind(value) == GB_JSON_STRING ? value->text : NULL;
}

const char *gb_json_get_text(const struct gb_json *object, const char *key)
{
	return gb_json_text(gb_json_get(object, key));
}

bool gb_json_bool(const struct gb_json *value)
{
	return gb_json_kind(value) == GB_JSON_BOOL && value->truth;
}

bool gb_json_int(const struct gb_json *value, int64_t *ret_value)
{
	if (gb_json_kind(value) != GB_JSON_NUMBER || fabs(value->number) > MAX_EXACT ||
	    trunc(value->number) < value->number || trunc(value->number) > value->number) {
		return false;
	}
	*ret_value = (int64_t)value->number;
	return true;
}

bool gb_json_get_bool(const struct gb_json *object, const char *key, bool fallback)
{
	const struct gb_json *value = gb_json_get(object, key);

	return gb_json_kind(value) == GB_JSON_BOOL ? value->truth : fallback;
}

bool gb_json_get_int(const struct gb_json *object, const char *key, int64_t *ret_value)
{
	return gb_json_int(gb_json_get(object, key), ret_value);
}

const struct gb_json *gb_json_first(const struct gb_json *array)
{
	enum gb_json_kind kind = gb_json_kind(array);

	return kind == GB_JSON_ARRAY || kind == GB_JSON_OBJECT ? array->first : NULL;
}

const struct gb_json *gb_json_next(const struct gb_json *element)
{
	return element->next;
}

const char *gb_json_name(const struct gb_json *member)
{
	return member->name;
}
