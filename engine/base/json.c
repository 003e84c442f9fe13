/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: parsing behind the gate, and the getters. The only user of cJSON. */
#include "config.h"

#include "engine/base/json.h"

#include <math.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "engine/base/i18n.h"
#include "engine/base/json_scan.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Every integer up to here has a double of its own (RFC 7493 section 2.2). */
#define MAX_EXACT 9007199254740991.0

/* Bytes that are taken at once for what a document becomes. */
#define BLOCK_BYTES 65536u
/* What any type of C can stand at. */
#define ALIGNMENT sizeof(max_align_t)

/*
 * A document lives and dies as a whole, and a page of Graph becomes 13,000 nodes and as many strings:
 * cJSON gets its memory from blocks below the document, and gives nothing back.
 */
struct gb_json_doc {
	cJSON *root;
	char *block; /* the last one; all are children of the document */
	size_t left; /* bytes of it that are free, at its end */
	size_t size;
};

/* The document that is being parsed: cJSON's hooks take no argument. */
static struct gb_json_doc *growing;

static const cJSON *as_cjson(const struct gb_json *value)
{
	return (const cJSON *)(const void *)value;
}

static const struct gb_json *as_json(const cJSON *value)
{
	return (const struct gb_json *)(const void *)value;
}

static void *allocate(size_t size)
{
	struct gb_json_doc *doc = growing;
	size_t needed = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	char *bytes;

	if (needed > doc->left) {
		doc->size = needed > BLOCK_BYTES ? needed : BLOCK_BYTES;
		doc->block = gb_mem_check(talloc_size(doc, doc->size));
		doc->left = doc->size;
	}
	bytes = doc->block + (doc->size - doc->left);
	doc->left -= needed;
	return bytes;
}

static void keep(void *bytes)
{
	(void)bytes; /* until the document is freed */
}

static void install_allocator(void)
{
	static bool installed;
	cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = keep};

	if (!installed) {
		cJSON_InitHooks(&hooks);
		installed = true;
	}
}

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
	struct gb_json_scan_fault fault;
	struct gb_json_doc *doc;

	if (!gb_json_scan(bytes, length, &fault)) {
		return refuse(source, &fault, err);
	}
	install_allocator();
	doc = gb_new(ctx, struct gb_json_doc);
	growing = doc;
	doc->root = cJSON_ParseWithLengthOpts(bytes, length, NULL, 0);
	growing = NULL;
	if (!doc->root) {
		talloc_free(doc);
		fault.offset = 0;
		fault.reason = N_("the parser refuses it");
		return refuse(source, &fault, err);
	}
	*ret_doc = doc;
	return GB_OK;
}

const struct gb_json *gb_json_root(const struct gb_json_doc *doc)
{
	return as_json(doc->root);
}

enum gb_json_kind gb_json_kind(const struct gb_json *value)
{
	const cJSON *item = as_cjson(value);

	if (!item) {
		return GB_JSON_ABSENT;
	}
	switch (item->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return GB_JSON_BOOL;
	case cJSON_Number:
		return GB_JSON_NUMBER;
	case cJSON_String:
		return GB_JSON_STRING;
	case cJSON_Array:
		return GB_JSON_ARRAY;
	case cJSON_Object:
		return GB_JSON_OBJECT;
	default:
		return GB_JSON_NULL;
	}
}

const struct gb_json *gb_json_get(const struct gb_json *object, const char *key)
{
	if (gb_json_kind(object) != GB_JSON_OBJECT) {
		return NULL;
	}
	return as_json(cJSON_GetObjectItemCaseSensitive(as_cjson(object), key));
}

enum gb_json_kind gb_json_member_kind(const struct gb_json *object, const char *key)
{
	return gb_json_kind(gb_json_get(object, key));
}

const char *gb_json_text(const struct gb_json *value)
{
	return gb_json_kind(value) == GB_JSON_STRING ? as_cjson(value)->valuestring : NULL;
}

const char *gb_json_get_text(const struct gb_json *object, const char *key)
{
	return gb_json_text(gb_json_get(object, key));
}

bool gb_json_bool(const struct gb_json *value)
{
	return cJSON_IsTrue(as_cjson(value));
}

bool gb_json_int(const struct gb_json *value, int64_t *ret_value)
{
	const cJSON *item = as_cjson(value);

	if (!cJSON_IsNumber(item) || fabs(item->valuedouble) > MAX_EXACT ||
	    trunc(item->valuedouble) < item->valuedouble ||
	    trunc(item->valuedouble) > item->valuedouble) {
		return false;
	}
	*ret_value = (int64_t)item->valuedouble;
	return true;
}

bool gb_json_get_bool(const struct gb_json *object, const char *key, bool fallback)
{
	const cJSON *item = as_cjson(gb_json_get(object, key));

	return cJSON_IsBool(item) ? cJSON_IsTrue(item) : fallback;
}

bool gb_json_get_int(const struct gb_json *object, const char *key, int64_t *ret_value)
{
	return gb_json_int(gb_json_get(object, key), ret_value);
}

const struct gb_json *gb_json_first(const struct gb_json *array)
{
	enum gb_json_kind kind = gb_json_kind(array);

	return kind == GB_JSON_ARRAY || kind == GB_JSON_OBJECT ? as_json(as_cjson(array)->child)
							       : NULL;
}

const struct gb_json *gb_json_next(const struct gb_json *element)
{
	return as_json(as_cjson(element)->next);
}

const char *gb_json_name(const struct gb_json *member)
{
	return as_cjson(member)->string;
}
