/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security descriptors as text (MS-DTYP 2.5.1). */
#include "config.h"

#include "engine/directory/sddl.h"

#include <inttypes.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"

/* Letters and what they stand for; in the order in which Windows writes them. */
struct letters {
	const char *text;
	uint32_t value;
};

static const struct letters types[] = {
	{"A", GB_ACE_ALLOW},         {"D", GB_ACE_DENY},         {"AU", GB_ACE_AUDIT},
	{"OA", GB_ACE_ALLOW_OBJECT}, {"OD", GB_ACE_DENY_OBJECT}, {"OU", GB_ACE_AUDIT_OBJECT},
};

static const struct letters ace_flags[] = {
	{"OI", GB_ACE_OBJECT_INHERIT},
	{"CI", GB_ACE_CONTAINER_INHERIT},
	{"NP", GB_ACE_NO_PROPAGATE},
	{"IO", GB_ACE_INHERIT_ONLY},
	{"ID", GB_ACE_INHERITED},
	{"SA", 0x40},
	{"FA", 0x80},
};

static const struct letters rights[] = {
	{"CC", GB_RIGHT_CREATE_CHILD},
	{"DC", GB_RIGHT_DELETE_CHILD},
	{"LC", GB_RIGHT_LIST},
	{"SW", GB_RIGHT_SELF_WRITE},
	{"RP", GB_RIGHT_READ_PROPERTY},
	{"WP", GB_RIGHT_WRITE_PROPERTY},
	{"DT", GB_RIGHT_DELETE_TREE},
	{"LO", GB_RIGHT_LIST_OBJECT},
	{"CR", GB_RIGHT_CONTROL_ACCESS},
	{"SD", GB_RIGHT_DELETE},
	{"RC", GB_RIGHT_READ_CONTROL},
	{"WD", GB_RIGHT_WRITE_DACL},
	{"WO", GB_RIGHT_WRITE_OWNER},
	{"GA", GB_RIGHT_GENERIC_ALL},
	{"GX", 0x20000000u},
	{"GW", GB_RIGHT_GENERIC_WRITE},
	{"GR", 0x80000000u},
};

static const struct letters dacl_controls[] = {
	{"P", GB_CONTROL_DACL_PROTECTED},
	{"AR", GB_CONTROL_DACL_AUTO_REQUIRED},
	{"AI", GB_CONTROL_DACL_AUTO},
};

static const struct letters sacl_controls[] = {
	{"P", GB_CONTROL_SACL_PROTECTED},
	{"AR", GB_CONTROL_SACL_AUTO_REQUIRED},
	{"AI", GB_CONTROL_SACL_AUTO},
};

#define NO_ACCESS_CONTROL "NO_ACCESS_CONTROL"

/* All letters of @value; what has no letters is returned. */
static uint32_t write_letters(struct gb_buffer *out, const struct letters *table, size_t count,
			      uint32_t value)
{
	for (size_t i = 0; i < count; i++) {
		if ((value & table[i].value) != 0) {
			gb_buffer_add_text(out, table[i].text);
			value &= ~table[i].value;
		}
	}
	return value;
}

static uint32_t all_of(const struct letters *table, size_t count)
{
	uint32_t all = 0;

	for (size_t i = 0; i < count; i++) {
		all |= table[i].value;
	}
	return all;
}

static void write_sid(struct gb_buffer *out, const struct gb_sid *sid, const struct gb_sid *domain)
{
	const char *alias = gb_sddl_sid_alias(sid, domain);
	char text[GB_SID_TEXT_BYTES];

	gb_buffer_add_text(out, alias ? alias : gb_sid_format(sid, text));
}

static void write_guid(struct gb_buffer *out, bool has, const struct gb_guid *guid)
{
	char text[GB_GUID_TEXT_BYTES];

	gb_buffer_add_text(out, has ? gb_guid_format(guid, text) : "");
	gb_buffer_add_char(out, ';');
}

static void write_flags(struct gb_buffer *out, uint8_t flags)
{
	if ((flags & ~all_of(ace_flags, GB_ARRAY_SIZE(ace_flags))) != 0) {
		gb_buffer_add_format(out, "0x%02x", flags);
	} else {
		(void)write_letters(out, ace_flags, GB_ARRAY_SIZE(ace_flags), flags);
	}
	gb_buffer_add_char(out, ';');
}

static void write_opaque(struct gb_buffer *out, const struct gb_ace *ace)
{
	gb_buffer_add_format(out, "(0x%02x;", ace->type);
	write_flags(out, ace->flags);
	for (size_t i = 0; i < ace->length; i++) {
		gb_buffer_add_format(out, "%02x", ace->data[i]);
	}
	gb_buffer_add_char(out, ')');
}

static const char *type_text(uint8_t type)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(types); i++) {
		if (types[i].value == type) {
			return types[i].text;
		}
	}
	return NULL;
}

static void write_ace(struct gb_buffer *out, const struct gb_ace *ace, const struct gb_sid *domain)
{
	const char *type = type_text(ace->type);

	if (ace->is_opaque || !type) {
		write_opaque(out, ace);
		return;
	}
	gb_buffer_add_format(out, "(%s;", type);
	write_flags(out, ace->flags);
	/* Rights without letters make the whole a number (MS-DTYP 2.5.1.1). */
	if ((ace->mask & ~all_of(rights, GB_ARRAY_SIZE(rights))) != 0) {
		gb_buffer_add_format(out, "0x%" PRIx32, ace->mask);
	} else {
		(void)write_letters(out, rights, GB_ARRAY_SIZE(rights), ace->mask);
	}
	gb_buffer_add_char(out, ';');
	write_guid(out, ace->has_object_type, &ace->object_type);
	write_guid(out, ace->has_inherited_type, &ace->inherited_type);
	write_sid(out, &ace->sid, domain);
	gb_buffer_add_char(out, ')');
}

char *gb_sddl_write_ace(const void *ctx, const struct gb_ace *ace, const struct gb_sid *domain)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	write_ace(out, ace, domain);
	return gb_buffer_steal(ctx, out);
}

static void write_acl(struct gb_buffer *out, const struct gb_acl *acl, const struct gb_sid *domain)
{
	if (!acl) {
		gb_buffer_add_text(out, NO_ACCESS_CONTROL);
		return;
	}
	for (size_t i = 0; i < acl->count; i++) {
		write_ace(out, &acl->aces[i], domain);
	}
}

char *gb_sddl_write(const void *ctx, const struct gb_descriptor *descriptor,
		    const struct gb_sid *domain)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	if (!gb_sid_is_none(&descriptor->owner)) {
		gb_buffer_add_text(out, "O:");
		write_sid(out, &descriptor->owner, domain);
	}
	if (!gb_sid_is_none(&descriptor->group)) {
		gb_buffer_add_text(out, "G:");
		write_sid(out, &descriptor->group, domain);
	}
	if ((descriptor->control & GB_CONTROL_DACL_PRESENT) != 0) {
		gb_buffer_add_text(out, "D:");
		(void)write_letters(out, dacl_controls, GB_ARRAY_SIZE(dacl_controls),
				    descriptor->control);
		write_acl(out, descriptor->dacl, domain);
	}
	if ((descriptor->control & GB_CONTROL_SACL_PRESENT) != 0) {
		gb_buffer_add_text(out, "S:");
		(void)write_letters(out, sacl_controls, GB_ARRAY_SIZE(sacl_controls),
				    descriptor->control);
		write_acl(out, descriptor->sacl, domain);
	}
	return gb_buffer_steal(ctx, out);
}

/* Reading: *at moves behind what was read. */

static bool skip_text(const char **at, const char *text)
{
	size_t length = strlen(text);

	if (strncmp(*at, text, length) != 0) {
		return false;
	}
	*at += length;
	return true;
}

/* Letters up to a character that begins none of them. */
static uint32_t read_letters(const char **at, const struct letters *table, size_t count)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count;) {
		if (skip_text(at, table[i].text)) {
			value |= table[i].value;
			i = 0;
		} else {
			i++;
		}
	}
	return value;
}

/* "0x…", at most eight digits. False if there is none. */
static bool read_hex(const char **at, uint32_t *ret_value)
{
	const char *digits = *at + 2;
	size_t length;
	uint32_t value = 0;

	if (strncmp(*at, "0x", 2) != 0) {
		return false;
	}
	length = strspn(digits, "0123456789abcdefABCDEF");
	if (length == 0 || length > 8) {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		char c = digits[i];
		uint32_t digit = (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);

		value = value << 4 | digit;
	}
	*at = digits + length;
	*ret_value = value;
	return true;
}

static uint32_t read_number(const char **at, const struct letters *table, size_t count)
{
	uint32_t value;

	return read_hex(at, &value) ? value : read_letters(at, table, count);
}

/* A SID up to the end of its characters, or two letters. */
static bool read_sid(const char **at, const struct gb_sid *domain, struct gb_sid *ret_sid)
{
	char text[GB_SID_TEXT_BYTES] = {0};
	size_t length = strspn(*at, "S-0123456789xabcdefABCDEF");

	if (strncmp(*at, "S-", 2) != 0) {
		length = strnlen(*at, 2);
	}
	/* In "O:S-1-5-18D:", the letter of the next part looks like a digit. */
	if (length > 2 && (*at)[length] == ':') {
		length--;
	}
	if (length >= sizeof(text)) {
		return false;
	}
	memcpy(text, *at, length);
	*at += length;
	return length > 2 ? gb_sid_parse(text, ret_sid) : gb_sddl_alias_sid(text, domain, ret_sid);
}

/* A GUID or nothing, and the semicolon. */
static bool read_guid(const char **at, bool *ret_has, struct gb_guid *ret_guid)
{
	char text[GB_GUID_TEXT_BYTES] = {0};
	size_t length = strcspn(*at, ";");

	if (length >= sizeof(text) || (*at)[length] != ';') {
		return false;
	}
	memcpy(text, *at, length);
	*at += length + 1;
	*ret_has = length > 0;
	return length == 0 || gb_guid_parse(text, ret_guid);
}

static bool read_type(const char **at, uint8_t *ret_type)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(types); i++) {
		size_t length = strlen(types[i].text);

		if (strncmp(*at, types[i].text, length) == 0 && (*at)[length] == ';') {
			*at += length + 1;
			*ret_type = (uint8_t)types[i].value;
			return true;
		}
	}
	return false;
}

/* One entry behind its opening bracket. */
static bool read_ace(const char **at, const struct gb_sid *domain, struct gb_ace *ace)
{
	uint32_t flags;

	if (!read_type(at, &ace->type)) {
		return false;
	}
	flags = read_number(at, ace_flags, GB_ARRAY_SIZE(ace_flags));
	if (flags > UINT8_MAX || !skip_text(at, ";")) {
		return false;
	}
	ace->flags = (uint8_t)flags;
	ace->mask = read_number(at, rights, GB_ARRAY_SIZE(rights));
	if (!skip_text(at, ";") || !read_guid(at, &ace->has_object_type, &ace->object_type) ||
	    !read_guid(at, &ace->has_inherited_type, &ace->inherited_type) ||
	    !read_sid(at, domain, &ace->sid) || !skip_text(at, ")")) {
		return false;
	}
	return gb_ace_is_object(ace->type) || (!ace->has_object_type && !ace->has_inherited_type);
}

static bool read_acl(struct gb_descriptor *descriptor, const char **at, const struct gb_sid *domain,
		     struct gb_acl **ret_acl)
{
	struct gb_acl *acl;

	if (*ret_acl) {
		return false; /* twice */
	}
	if (skip_text(at, NO_ACCESS_CONTROL)) {
		return true;
	}
	acl = gb_new(descriptor, struct gb_acl);
	acl->revision = GB_ACL_REVISION_DS;
	while (skip_text(at, "(")) {
		struct gb_ace ace = {0};

		if (!read_ace(at, domain, &ace)) {
			return false;
		}
		gb_acl_insert(acl, acl->count, &ace);
	}
	*ret_acl = acl;
	return true;
}

static bool read_dacl(struct gb_descriptor *descriptor, const char **at,
		      const struct gb_sid *domain)
{
	descriptor->control |=
		(uint16_t)(GB_CONTROL_DACL_PRESENT |
			   read_letters(at, dacl_controls, GB_ARRAY_SIZE(dacl_controls)));
	return read_acl(descriptor, at, domain, &descriptor->dacl);
}

static bool read_sacl(struct gb_descriptor *descriptor, const char **at,
		      const struct gb_sid *domain)
{
	descriptor->control |=
		(uint16_t)(GB_CONTROL_SACL_PRESENT |
			   read_letters(at, sacl_controls, GB_ARRAY_SIZE(sacl_controls)));
	return read_acl(descriptor, at, domain, &descriptor->sacl);
}

static bool read_part(struct gb_descriptor *descriptor, const char **at,
		      const struct gb_sid *domain)
{
	if (skip_text(at, "O:")) {
		return read_sid(at, domain, &descriptor->owner);
	}
	if (skip_text(at, "G:")) {
		return read_sid(at, domain, &descriptor->group);
	}
	if (skip_text(at, "D:")) {
		return read_dacl(descriptor, at, domain);
	}
	return skip_text(at, "S:") && read_sacl(descriptor, at, domain);
}

struct gb_descriptor *gb_sddl_read(const void *ctx, const char *text, const struct gb_sid *domain)
{
	struct gb_descriptor *descriptor = gb_new(ctx, struct gb_descriptor);
	bool is_valid = strnlen(text, GB_SDDL_MAX_BYTES + 1) <= GB_SDDL_MAX_BYTES;

	descriptor->control = GB_CONTROL_SELF_RELATIVE;
	while (is_valid && *text) {
		is_valid = read_part(descriptor, &text, domain);
	}
	if (!is_valid) {
		talloc_free(descriptor);
		return NULL;
	}
	return descriptor;
}
