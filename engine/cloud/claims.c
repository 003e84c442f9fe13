/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an access token says of itself. */
#include "config.h"

#include "engine/cloud/claims.h"

#include <string.h>

#include "engine/base/digest.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"

static size_t read_list(const void *ctx, const struct gb_json *list, char **ret_texts)
{
	size_t count = 0;

	for (const struct gb_json *e = gb_json_first(list); e && count < GB_CLAIMS_MAX_LIST;
	     e = gb_json_next(e)) {
		if (gb_json_text(e)) {
			ret_texts[count++] = gb_strdup(ctx, gb_json_text(e));
		}
	}
	return count;
}

static const char *account_of(const struct gb_json *root)
{
	static const char *const names[] = {"upn", "preferred_username", "unique_name"};
	const char *text = NULL;

	for (size_t i = 0; i < GB_ARRAY_SIZE(names) && !text; i++) {
		text = gb_json_get_text(root, names[i]);
	}
	return text;
}

static void read_claims(const void *ctx, const struct gb_json *root, struct gb_claims *ret_claims)
{
	const struct gb_json *wids = gb_json_get(root, "wids");
	int64_t end_s;

	*ret_claims = (struct gb_claims){
		.name = gb_strdup(ctx, gb_json_get_text(root, "name")),
		.account = gb_strdup(ctx, account_of(root)),
		.tenant_id = gb_strdup(ctx, gb_json_get_text(root, "tid")),
		.has_wids = gb_json_kind(wids) == GB_JSON_ARRAY,
	};
	if (gb_json_get_int(root, "exp", &end_s)) {
		ret_claims->end_ms = end_s * 1000;
	}
	ret_claims->role_count = read_list(ctx, gb_json_get(root, "roles"), ret_claims->roles);
	ret_claims->wid_count = read_list(ctx, wids, ret_claims->wids);
}

bool gb_claims_read(const void *ctx, const struct gb_secret *token, struct gb_claims *ret_claims)
{
	const char *begin = strchr(gb_secret_bytes(token), '.');
	const char *end = begin ? strchr(begin + 1, '.') : NULL;
	struct gb_json_doc *doc;
	uint8_t *payload;
	char *encoded;
	int length;
	bool is_read;

	if (!end) {
		return false;
	}
	encoded = gb_strndup(NULL, begin + 1, (size_t)(end - begin - 1));
	payload = gb_new_array(encoded, uint8_t, strlen(encoded) + 1);
	length = gb_digest_base64url_decode(encoded, payload, strlen(encoded));
	is_read = length > 0 && gb_json_parse(encoded, (const char *)payload, (size_t)length, "",
					      &doc, NULL) == GB_OK;
	if (is_read) {
		read_claims(ctx, gb_json_root(doc), ret_claims);
	}
	talloc_free(encoded);
	return is_read;
}

bool gb_claims_has_role(const struct gb_claims *claims, const char *role)
{
	for (size_t i = 0; i < claims->role_count; i++) {
		if (strcmp(claims->roles[i], role) == 0) {
			return true;
		}
	}
	return false;
}
