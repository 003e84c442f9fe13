/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Properties of a cloud group by name. */
#include "config.h"

#include "engine/plan/property.h"

#include <string.h>

#include "engine/base/compiler.h"
#include "engine/base/mem.h"

/* Read by every import into a field of its own. */
enum field {
	FIELD_ID,
	FIELD_DISPLAY_NAME,
	FIELD_DESCRIPTION,
	FIELD_MAIL,
	FIELD_MAIL_NICKNAME,
	FIELD_SECURITY_ENABLED,
	FIELD_MAIL_ENABLED,
	FIELD_GROUP_TYPES,
	FIELD_ON_PREMISES,
	FIELD_ROLE,
	FIELD_WRITEBACK_ENABLED,
	FIELD_WRITEBACK_TYPE
};

static const struct {
	const char *name;
	enum field field;
	unsigned present; /* enum gb_cloud_group_present; 0: always known */
} FIELDS[] = {
	{"objectId", FIELD_ID, 0},
	{"id", FIELD_ID, 0},
	{"displayName", FIELD_DISPLAY_NAME, GB_GROUP_HAS_DISPLAY_NAME},
	{"description", FIELD_DESCRIPTION, GB_GROUP_HAS_DESCRIPTION},
	{"mail", FIELD_MAIL, GB_GROUP_HAS_MAIL},
	{"mailNickname", FIELD_MAIL_NICKNAME, GB_GROUP_HAS_MAIL_NICKNAME},
	{"securityEnabled", FIELD_SECURITY_ENABLED, GB_GROUP_HAS_SECURITY_ENABLED},
	{"mailEnabled", FIELD_MAIL_ENABLED, GB_GROUP_HAS_MAIL_ENABLED},
	{"groupTypes", FIELD_GROUP_TYPES, GB_GROUP_HAS_GROUP_TYPES},
	{"onPremisesSyncEnabled", FIELD_ON_PREMISES, GB_GROUP_HAS_ON_PREMISES},
	{"isAssignableToRole", FIELD_ROLE, GB_GROUP_HAS_ROLE},
	{"isWritebackEnabled", FIELD_WRITEBACK_ENABLED, GB_GROUP_HAS_WRITEBACK},
	{"onPremisesGroupType", FIELD_WRITEBACK_TYPE, GB_GROUP_HAS_WRITEBACK},
};

/* Other properties of the resource type group (Graph v1.0) with a plain value. */
static const char *const EXTRAS[] = {
	"classification",
	"createdDateTime",
	"expirationDateTime",
	"membershipRule",
	"membershipRuleProcessingState",
	"preferredDataLocation",
	"preferredLanguage",
	"proxyAddresses",
	"renewedDateTime",
	"resourceBehaviorOptions",
	"resourceProvisioningOptions",
	"securityIdentifier",
	"theme",
	"uniqueName",
	"visibility",
};

static int find_field(const char *name)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(FIELDS); i++) {
		if (strcmp(FIELDS[i].name, name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

/* "extension_<32 hex digits of the application>_<name>" (Graph, "Directory extensions"). */
static bool is_extension(const char *name)
{
	static const char prefix[] = "extension_";
	size_t length = sizeof(prefix) - 1;

	if (strncmp(name, prefix, length) != 0) {
		return false;
	}
	name += length;
	return strspn(name, "0123456789abcdefABCDEF") == 32 && name[32] == '_' &&
	       name[33] != '\0' && strlen(name + 33) <= 64;
}

bool gb_property_is_extra(const char *name)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(EXTRAS); i++) {
		if (strcmp(EXTRAS[i], name) == 0) {
			return true;
		}
	}
	return is_extension(name);
}

bool gb_property_is_known(const char *name)
{
	return find_field(name) >= 0 || gb_property_is_extra(name);
}

bool gb_property_is_beta(const char *name)
{
	int i = find_field(name);

	return i >= 0 && FIELDS[i].present == GB_GROUP_HAS_WRITEBACK;
}

static struct gb_attribute one(const void *ctx, const char *value)
{
	struct gb_attribute attribute = {.state = GB_ATTRIBUTE_ABSENT};

	if (value) {
		attribute.state = GB_ATTRIBUTE_PRESENT;
		attribute.values = gb_new_array(ctx, const char *, 1);
		attribute.values[attribute.count++] = value;
	}
	return attribute;
}

static struct gb_attribute boolean(const void *ctx, enum gb_tristate value)
{
	return one(ctx, value == GB_UNKNOWN ? NULL : value == GB_YES ? "True" : "False");
}

static struct gb_attribute group_types(const void *ctx, const struct gb_cloud_group *group)
{
	struct gb_attribute attribute = {.state = GB_ATTRIBUTE_ABSENT,
					 .values = gb_new_array(ctx, const char *, 2)};

	if (group->unified) {
		attribute.values[attribute.count++] = "Unified";
	}
	if (group->dynamic) {
		attribute.values[attribute.count++] = "DynamicMembership";
	}
	if (attribute.count > 0) {
		attribute.state = GB_ATTRIBUTE_PRESENT;
	}
	return attribute;
}

static const char *writeback_type(enum gb_writeback_type type)
{
	switch (type) {
	case GB_WRITEBACK_UNIVERSAL_DISTRIBUTION:
		return "universalDistributionGroup";
	case GB_WRITEBACK_UNIVERSAL_SECURITY:
		return "universalSecurityGroup";
	case GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY:
		return "universalMailEnabledSecurityGroup";
	case GB_WRITEBACK_TYPE_UNSET:
	case GB_WRITEBACK_TYPE_OTHER:
		break;
	}
	return NULL;
}

static struct gb_attribute get_id(const void *ctx, const struct gb_cloud_group *group)
{
	char text[GB_GUID_TEXT_BYTES];

	return one(ctx, gb_strdup(ctx, gb_guid_format(&group->id, text)));
}

static struct gb_attribute get_field(const void *ctx, const struct gb_cloud_group *group,
				     enum field field)
{
	switch (field) {
	case FIELD_ID:
		return get_id(ctx, group);
	case FIELD_DISPLAY_NAME:
		return one(ctx, group->display_name);
	case FIELD_DESCRIPTION:
		return one(ctx, group->description);
	case FIELD_MAIL:
		return one(ctx, group->mail);
	case FIELD_MAIL_NICKNAME:
		return one(ctx, group->mail_nickname);
	case FIELD_SECURITY_ENABLED:
		return boolean(ctx, group->security_enabled);
	case FIELD_MAIL_ENABLED:
		return boolean(ctx, group->mail_enabled);
	case FIELD_GROUP_TYPES:
		return group_types(ctx, group);
	case FIELD_ON_PREMISES:
		return boolean(ctx, group->on_premises_sync_enabled);
	case FIELD_ROLE:
		return boolean(ctx, group->is_assignable_to_role);
	case FIELD_WRITEBACK_ENABLED:
		return boolean(ctx, group->writeback_enabled);
	case FIELD_WRITEBACK_TYPE:
		break;
	}
	return one(ctx, writeback_type(group->writeback_type));
}

struct gb_attribute gb_property_get(const void *ctx, const struct gb_cloud_group *group,
				    const char *name)
{
	int i = find_field(name);

	if (i < 0) {
		return gb_attributes_get(ctx, group->extra, name);
	}
	if ((group->present & FIELDS[i].present) != FIELDS[i].present) {
		return (struct gb_attribute){.state = GB_ATTRIBUTE_UNKNOWN};
	}
	/* displayName is required in Entra: null means that it was kept from us. */
	if (FIELDS[i].field == FIELD_DISPLAY_NAME && !group->display_name) {
		return (struct gb_attribute){.state = GB_ATTRIBUTE_UNKNOWN};
	}
	return get_field(ctx, group, FIELDS[i].field);
}
