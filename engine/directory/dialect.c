/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two dialects: Active Directory and OpenLDAP. */
#include "config.h"

#include "engine/directory/dialect.h"

#include <assert.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#define CLASS_COUNT 4

/* objectCategory is indexed in every AD; a computer is a user by objectClass, not by category. */
static const char *const ad_classes[CLASS_COUNT] = {
	"(&(objectCategory=person)(objectClass=user))",
	"(objectCategory=computer)",
	"(objectCategory=group)",
	"(&(objectCategory=person)(objectClass=contact))",
};

static const char *const ldap_classes[CLASS_COUNT] = {
	"(|(objectClass=user)(objectClass=inetOrgPerson))",
	"(objectClass=computer)",
	"(|(objectClass=group)(objectClass=groupOfNames))",
	"(objectClass=contact)",
};

static const struct gb_dialect dialects[] = {
	{
		.kind = GB_DIALECT_AD,
		.guid_attribute = "objectGUID",
		.stamp_attribute = "uSNChanged",
		.class_filters = ad_classes,
		.has_guid_names = true,
		.has_ranges = true,
		.has_rights = true,
	},
	{
		.kind = GB_DIALECT_LDAP,
		.guid_attribute = "entryUUID",
		.stamp_attribute = "entryCSN",
		.class_filters = ldap_classes,
	},
};

const struct gb_dialect *gb_dialect_of(enum gb_dialect_kind kind)
{
	assert(kind == GB_DIALECT_AD || kind == GB_DIALECT_LDAP);
	return &dialects[kind == GB_DIALECT_AD ? 0 : 1];
}

bool gb_dialect_read_guid(const struct gb_dialect *dialect, const void *bytes, size_t length,
			  struct gb_guid *ret_guid)
{
	char *text;
	bool valid;

	if (dialect->kind == GB_DIALECT_AD) {
		return gb_guid_from_octets(bytes, length, ret_guid);
	}
	text = gb_strndup(NULL, bytes, length);
	valid = gb_guid_parse(text, ret_guid);
	talloc_free(text);
	return valid;
}

char *gb_dialect_object_name(const void *ctx, const struct gb_dialect *dialect,
			     const struct gb_directory_reference *object)
{
	char text[GB_GUID_TEXT_BYTES];

	if (dialect->has_guid_names && !gb_guid_is_none(&object->guid)) {
		return gb_printf(ctx, "<GUID=%s>", gb_guid_format(&object->guid, text));
	}
	return gb_strdup(ctx, object->dn ? object->dn : "");
}

char *gb_dialect_guid_filter(const void *ctx, const struct gb_dialect *dialect,
			     const struct gb_guid *guid)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	char text[GB_GUID_TEXT_BYTES];
	uint8_t octets[16];

	gb_buffer_add_format(out, "(%s=", dialect->guid_attribute);
	if (dialect->kind == GB_DIALECT_AD) {
		gb_guid_to_octets(guid, octets);
		for (size_t i = 0; i < sizeof(octets); i++) {
			gb_buffer_add_format(out, "\\%02x", (unsigned)octets[i]);
		}
	} else {
		gb_buffer_add_text(out, gb_guid_format(guid, text));
	}
	gb_buffer_add_char(out, ')');
	return gb_buffer_steal(ctx, out);
}

char *gb_dialect_filter(const void *ctx, const struct gb_dialect *dialect, unsigned classes,
			const char *stamp)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	char *escaped;

	gb_buffer_add_text(out, "(&(|");
	for (unsigned i = 0; i < CLASS_COUNT; i++) {
		if (classes == 0 || classes & (1u << i)) {
			gb_buffer_add_text(out, dialect->class_filters[i]);
		}
	}
	gb_buffer_add_char(out, ')');
	if (stamp && stamp[0]) {
		escaped = gb_text_filter_escape(out, stamp, strlen(stamp));
		gb_buffer_add_format(out, "(%s>=%s)", dialect->stamp_attribute, escaped);
	}
	gb_buffer_add_char(out, ')');
	return gb_buffer_steal(ctx, out);
}
