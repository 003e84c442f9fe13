/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON with cJSON. */
#include "config.h"

#include "sim/util/json_read.h"

#include <math.h>
#include <string.h>

#include "sim/util/json_write.h"

/** Keeps a cJSON tree alive as long as its talloc parent. */
struct tree {
	cJSON *root;
};

static int tree_free(struct tree *tree)
{
	cJSON_Delete(tree->root);
	return 0;
}

/* Length of the UTF-8 sequence at @p (RFC 3629, section 4), 0 if it is malformed. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
	size_t length = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;

	if (length == 0 || length > left || p[0] > 0xF4) {
		return 0;
	}
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			return 0;
		}
	}
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F)) {
		return 0;
	}
	return length;
}

bool sim_utf8_is_valid(const char *bytes, size_t length)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t at = 0;

	while (at < length) {
		size_t step = utf8_length(p + at, length - at);

		if (step == 0 || p[at] == 0) {
			return false;
		}
		at += step;
	}
	return true;
}

bool sim_json_parse(const void *ctx, const char *text, size_t length, const cJSON **ret_root,
		    struct sim_err *err)
{
	const char *end = NULL;
	struct tree *tree = NULL;
	char *copy = NULL;
	cJSON *root = NULL;

	if (!sim_utf8_is_valid(text, length)) {
		return sim_fail(err, "The JSON text is not UTF-8.");
	}
	copy = sim_strndup(ctx, text, length);
	root = cJSON_ParseWithLengthOpts(copy, length + 1, &end, 1);
	if (!root) {
		size_t at = end ? (size_t)(end - copy) : 0;

		talloc_free(copy);
		return sim_fail(err, "The text is not valid JSON near byte %zu.", at);
	}
	talloc_free(copy);
	tree = sim_new(ctx, struct tree);
	tree->root = root;
	talloc_set_destructor(tree, tree_free);
	*ret_root = root;
	return true;
}

const char *sim_json_get_string(const cJSON *object, const char *key, const char *fallback)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsString(item) ? item->valuestring : fallback;
}

int64_t sim_json_get_int(const cJSON *object, const char *key, int64_t fallback)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsNumber(item) || fabs(item->valuedouble) > 9007199254740992.0) {
		return fallback;
	}
	return (int64_t)item->valuedouble;
}

bool sim_json_get_bool(const cJSON *object, const char *key, bool fallback)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsBool(item) ? cJSON_IsTrue(item) : fallback;
}

const cJSON *sim_json_get_array(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsArray(item) ? item : NULL;
}

static void print_number(struct sim_buf *out, double number)
{
	if (floor(number) >= number && fabs(number) < 9007199254740992.0) {
		sim_buf_printf(out, "%lld", (long long)number);
	} else {
		sim_buf_printf(out, "%.17g", number);
	}
}

static void print_children(struct sim_buf *out, const cJSON *value)
{
	const cJSON *child = NULL;

	cJSON_ArrayForEach(child, value)
	{
		if (child != value->child) {
			sim_buf_byte(out, ',');
		}
		if (child->string) {
			sim_json_quote(out, child->string);
			sim_buf_byte(out, ':');
		}
		sim_json_print(out, child);
	}
}

void sim_json_print(struct sim_buf *out, const cJSON *value)
{
	if (cJSON_IsObject(value) || cJSON_IsArray(value)) {
		sim_buf_byte(out, cJSON_IsObject(value) ? '{' : '[');
		print_children(out, value);
		sim_buf_byte(out, cJSON_IsObject(value) ? '}' : ']');
	} else if (cJSON_IsString(value)) {
		sim_json_quote(out, value->valuestring);
	} else if (cJSON_IsNumber(value)) {
		print_number(out, value->valuedouble);
	} else if (cJSON_IsBool(value)) {
		sim_buf_text(out, cJSON_IsTrue(value) ? "true" : "false");
	} else {
		sim_buf_text(out, "null");
	}
}
