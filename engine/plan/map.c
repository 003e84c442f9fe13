/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Map: attributes and their expressions. */
#include "config.h"

#include "engine/plan/map.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

struct entry {
	const char *attribute;
	struct gb_expression *expression; /* NULL: none */
};

struct gb_map {
	struct entry entries[GB_MAP_MAX_ATTRIBUTES];
	size_t count;
};

/* Read by every import of the directory. */
static const char *const STANDARD[] = {
	"cn", "sAMAccountName", "parentDistinguishedName", "displayName", "description",
};

/*
 * Written by the engine itself, by the server, or relied upon by others for security. managedBy gives
 * whoever it names a say over the members where a box is ticked; the rest is identity, protection, or
 * name of the object.
 */
static const char *const FORBIDDEN[] = {
	"adminCount",
	"adminDescription",
	"distinguishedName",
	"groupType",
	"isCriticalSystemObject",
	"isDeleted",
	"managedBy",
	"member",
	"memberOf",
	"msDS-AllowedToActOnBehalfOfOtherIdentity",
	"msDS-AllowedToDelegateTo",
	"msDS-ExternalDirectoryObjectId",
	"msDS-KeyCredentialLink",
	"msDS-MembersForAzRole",
	"mS-DS-ConsistencyGuid",
	"name",
	"nTSecurityDescriptor",
	"objectCategory",
	"objectClass",
	"objectGUID",
	"objectSid",
	"sAMAccountType",
	"servicePrincipalName",
	"sIDHistory",
	"systemFlags",
	"userAccountControl",
};

static bool is_in(const char *const *list, size_t count, const char *attribute)
{
	for (size_t i = 0; i < count; i++) {
		if (gb_text_equal_nocase(list[i], attribute)) {
			return true;
		}
	}
	return false;
}

bool gb_map_is_standard(const char *attribute)
{
	return is_in(STANDARD, GB_ARRAY_SIZE(STANDARD), attribute);
}

/* A name as the engine spells it, so that cases of a standard attribute do not matter. */
static const char *spelling_of(const char *attribute)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(STANDARD); i++) {
		if (gb_text_equal_nocase(STANDARD[i], attribute)) {
			return STANDARD[i];
		}
	}
	return attribute;
}

static enum gb_rc check_attribute(const struct gb_map *map, const struct gb_lexer *lexer,
				  struct gb_err *err)
{
	if (lexer->token != GB_TOKEN_NAME) {
		return gb_lexer_refuse(lexer, err,
				       _("a line begins with the name of an attribute."));
	}
	if (is_in(FORBIDDEN, GB_ARRAY_SIZE(FORBIDDEN), lexer->text) || strchr(lexer->text, '_')) {
		return gb_lexer_refuse(lexer, err, _("the attribute \"%s\" cannot be mapped."),
				       lexer->text);
	}
	if (gb_map_find(map, lexer->text, NULL)) {
		return gb_lexer_refuse(lexer, err, _("the attribute \"%s\" is mapped twice."),
				       lexer->text);
	}
	if (map->count == GB_MAP_MAX_ATTRIBUTES) {
		return gb_lexer_refuse(lexer, err, _("a mapping has at most %d attributes."),
				       GB_MAP_MAX_ATTRIBUTES);
	}
	return GB_OK;
}

/* The object must be called something. */
static enum gb_rc check_none(const struct entry *entry, const struct gb_lexer *lexer,
			     struct gb_err *err)
{
	if (strcmp(entry->attribute, "cn") == 0 ||
	    strcmp(entry->attribute, "sAMAccountName") == 0 ||
	    strcmp(entry->attribute, "parentDistinguishedName") == 0) {
		return gb_lexer_refuse(lexer, err, _("the attribute \"%s\" needs an expression."),
				       entry->attribute);
	}
	return GB_OK;
}

static enum gb_rc read_value(const void *ctx, struct gb_lexer *lexer, struct entry *entry,
			     struct gb_err *err)
{
	enum gb_rc rc;

	if (gb_lexer_is_name(lexer, "none")) {
		rc = check_none(entry, lexer, err);
		if (rc == GB_OK) {
			rc = gb_lexer_next(lexer, err);
		}
	} else {
		rc = gb_expression_parse(ctx, lexer, &entry->expression, err);
	}
	if (rc == GB_OK && lexer->token != GB_TOKEN_NEWLINE && lexer->token != GB_TOKEN_END) {
		rc = gb_lexer_refuse(lexer, err, _("an expression ends with its line."));
	}
	return rc;
}

static enum gb_rc read_line(struct gb_map *map, struct gb_lexer *lexer, struct gb_err *err)
{
	struct entry entry = {NULL};
	enum gb_rc rc;

	if (lexer->token == GB_TOKEN_NEWLINE) {
		return gb_lexer_next(lexer, err);
	}
	rc = check_attribute(map, lexer, err);
	if (rc != GB_OK) {
		return rc;
	}
	entry.attribute = spelling_of(lexer->text);
	rc = gb_lexer_next(lexer, err);
	if (rc == GB_OK && lexer->token != GB_TOKEN_EQUAL) {
		rc = gb_lexer_refuse(lexer, err, _("behind the attribute stands \"=\"."));
	}
	if (rc == GB_OK) {
		rc = gb_lexer_next(lexer, err);
	}
	if (rc == GB_OK) {
		rc = read_value(map, lexer, &entry, err);
	}
	if (rc == GB_OK) {
		map->entries[map->count++] = entry;
	}
	return rc;
}

enum gb_rc gb_map_parse(const void *ctx, const char *source, const char *text,
			struct gb_map **ret_map, struct gb_err *err)
{
	struct gb_map *map = gb_new(ctx, struct gb_map);
	struct gb_lexer lexer;
	enum gb_rc rc = gb_lexer_begin(map, source, text, &lexer, err);

	while (rc == GB_OK && lexer.token != GB_TOKEN_END) {
		rc = read_line(map, &lexer, err);
	}
	if (rc != GB_OK) {
		talloc_free(map);
		return rc;
	}
	*ret_map = map;
	return GB_OK;
}

size_t gb_map_count(const struct gb_map *map)
{
	return map ? map->count : 0;
}

const char *gb_map_attribute(const struct gb_map *map, size_t index)
{
	return map->entries[index].attribute;
}

const struct gb_expression *gb_map_expression(const struct gb_map *map, size_t index)
{
	return map->entries[index].expression;
}

bool gb_map_find(const struct gb_map *map, const char *attribute,
		 const struct gb_expression **ret_expression)
{
	for (size_t i = 0; i < gb_map_count(map); i++) {
		if (gb_text_equal_nocase(map->entries[i].attribute, attribute)) {
			if (ret_expression) {
				*ret_expression = map->entries[i].expression;
			}
			return true;
		}
	}
	return false;
}

void gb_map_properties(const struct gb_map *map, void (*each)(void *user, const char *property),
		       void *user)
{
	for (size_t i = 0; i < gb_map_count(map); i++) {
		if (map->entries[i].expression) {
			gb_expression_properties(map->entries[i].expression, each, user);
		}
	}
}
