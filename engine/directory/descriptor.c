/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows security descriptors: the binary form (MS-DTYP 2.4.6). */
#include "config.h"

#include "engine/directory/descriptor.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"

#define HEAD_BYTES     20u /* of a descriptor: revision, byte, control, four offsets */
#define ACL_HEAD_BYTES 8u
#define ACE_HEAD_BYTES 4u
#define MASK_BYTES     4u
#define GUID_BYTES     16u
#define SID_HEAD_BYTES 8u

#define REVISION        1u
#define ACL_REVISION    2u

/* Flags of an object entry (MS-DTYP 2.4.4.3): which GUIDs follow. */
#define HAS_OBJECT_TYPE    0x1u
#define HAS_INHERITED_TYPE 0x2u

/* A stretch of bytes that is being read; nothing reads outside of it. */
struct span {
	const uint8_t *bytes;
	size_t length;
};

static uint16_t get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t get32(const uint8_t *bytes)
{
	return (uint32_t)get16(bytes) | (uint32_t)get16(bytes + 2) << 16;
}

static void put16(struct gb_buffer *out, size_t value)
{
	const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};

	gb_buffer_add(out, bytes, sizeof(bytes));
}

static void put32(struct gb_buffer *out, size_t value)
{
	put16(out, value & 0xffffu);
	put16(out, value >> 16);
}

/* Take @length bytes off the front; NULL if there are not as many. */
static const uint8_t *take(struct span *span, size_t length)
{
	const uint8_t *bytes = span->bytes;

	if (span->length < length) {
		return NULL;
	}
	span->bytes += length;
	span->length -= length;
	return bytes;
}

static bool take_sid(struct span *span, struct gb_sid *ret_sid)
{
	const uint8_t *bytes;
	size_t length;

	if (span->length < SID_HEAD_BYTES) {
		return false;
	}
	length = SID_HEAD_BYTES + 4u * span->bytes[1];
	bytes = take(span, length);
	return bytes && gb_sid_from_octets(bytes, length, ret_sid);
}

static bool take_guid(struct span *span, struct gb_guid *ret_guid)
{
	const uint8_t *bytes = take(span, GUID_BYTES);

	return bytes && gb_guid_from_octets(bytes, GUID_BYTES, ret_guid);
}

bool gb_ace_is_object(uint8_t type)
{
	return type == GB_ACE_ALLOW_OBJECT || type == GB_ACE_DENY_OBJECT ||
	       type == GB_ACE_AUDIT_OBJECT;
}

static bool is_known(uint8_t type)
{
	return type <= GB_ACE_AUDIT || gb_ace_is_object(type);
}

static bool take_object_part(struct span *span, struct gb_ace *ace)
{
	const uint8_t *bytes = take(span, 4);
	uint32_t flags = bytes ? get32(bytes) : 0;

	if (!bytes || (flags & ~(HAS_OBJECT_TYPE | HAS_INHERITED_TYPE)) != 0) {
		return false;
	}
	ace->has_object_type = (flags & HAS_OBJECT_TYPE) != 0;
	ace->has_inherited_type = (flags & HAS_INHERITED_TYPE) != 0;
	return (!ace->has_object_type || take_guid(span, &ace->object_type)) &&
	       (!ace->has_inherited_type || take_guid(span, &ace->inherited_type));
}

static bool read_known_body(struct span *body, struct gb_ace *ace)
{
	const uint8_t *mask = take(body, MASK_BYTES);

	if (!mask) {
		return false;
	}
	ace->mask = get32(mask);
	return (!gb_ace_is_object(ace->type) || take_object_part(body, ace)) &&
	       take_sid(body, &ace->sid);
}

/* One entry off the front of the list. */
static bool take_ace(struct span *list, struct gb_ace *ace)
{
	struct span body;
	size_t size;

	if (list->length < ACE_HEAD_BYTES) {
		return false;
	}
	ace->type = list->bytes[0];
	ace->flags = list->bytes[1];
	size = get16(list->bytes + 2);
	body.bytes = take(list, size);
	if (!body.bytes || size < ACE_HEAD_BYTES || size % 4 != 0) {
		return false;
	}
	body.bytes += ACE_HEAD_BYTES;
	body.length = size - ACE_HEAD_BYTES;
	ace->is_opaque = !is_known(ace->type);
	if (!ace->is_opaque && !read_known_body(&body, ace)) {
		return false;
	}
	ace->data = body.bytes;
	ace->length = body.length;
	return true;
}

/* The list at @offset; 0: none. */
static bool read_acl(const void *ctx, struct span all, size_t offset, struct gb_acl **ret_acl)
{
	struct gb_acl *acl;
	const uint8_t *head;
	struct span list = all;
	size_t size;

	*ret_acl = NULL;
	if (offset == 0) {
		return true;
	}
	if (offset < HEAD_BYTES || !take(&list, offset) || list.length < ACL_HEAD_BYTES) {
		return false;
	}
	head = list.bytes;
	size = get16(head + 2);
	if (size < ACL_HEAD_BYTES || size > list.length) {
		return false;
	}
	list = (struct span){head + ACL_HEAD_BYTES, size - ACL_HEAD_BYTES};
	acl = gb_new(ctx, struct gb_acl);
	acl->revision = head[0];
	acl->count = get16(head + 4);
	if (acl->revision < ACL_REVISION || acl->revision > GB_ACL_REVISION_DS ||
	    acl->count > list.length / ACE_HEAD_BYTES) {
		return false;
	}
	acl->aces = gb_new_array(acl, struct gb_ace, acl->count);
	for (size_t i = 0; i < acl->count; i++) {
		if (!take_ace(&list, &acl->aces[i])) {
			return false;
		}
	}
	*ret_acl = acl;
	return true;
}

static bool read_sid(struct span all, size_t offset, struct gb_sid *ret_sid)
{
	return offset == 0 ||
	       (offset >= HEAD_BYTES && take(&all, offset) && take_sid(&all, ret_sid));
}

/* Offsets that control says are not there mean nothing (MS-DTYP 2.4.6). */
static bool read_parts(struct gb_descriptor *descriptor, struct span all)
{
	const uint8_t *head = all.bytes;
	uint32_t sacl = get32(head + 12);
	uint32_t dacl = get32(head + 16);

	descriptor->rm_control = head[1];
	descriptor->control = get16(head + 2);
	return head[0] == REVISION && (descriptor->control & GB_CONTROL_SELF_RELATIVE) != 0 &&
	       read_sid(all, get32(head + 4), &descriptor->owner) &&
	       read_sid(all, get32(head + 8), &descriptor->group) &&
	       read_acl(descriptor, all,
			(descriptor->control & GB_CONTROL_SACL_PRESENT) != 0 ? sacl : 0,
			&descriptor->sacl) &&
	       read_acl(descriptor, all,
			(descriptor->control & GB_CONTROL_DACL_PRESENT) != 0 ? dacl : 0,
			&descriptor->dacl);
}

enum gb_rc gb_descriptor_read(const void *ctx, const void *bytes, size_t length,
			      struct gb_descriptor **ret_descriptor, struct gb_err *err)
{
	struct gb_descriptor *descriptor = gb_new(ctx, struct gb_descriptor);
	bool fits = length >= HEAD_BYTES && length <= GB_DESCRIPTOR_MAX_BYTES;
	struct span all = {.length = length};

	if (fits) {
		all.bytes = gb_mem_check(talloc_memdup(descriptor, bytes, length));
	}
	if (!fits || !read_parts(descriptor, all)) {
		talloc_free(descriptor);
		gb_err_set(err, GB_E_PROTOCOL, "directory-bad-descriptor",
			   _("The directory sent a security descriptor that is not valid."));
		return gb_err_undone(err, _("Rights were neither judged nor changed."));
	}
	*ret_descriptor = descriptor;
	return GB_OK;
}

static void write_guid(struct gb_buffer *out, const struct gb_guid *guid)
{
	uint8_t octets[GUID_BYTES];

	gb_guid_to_octets(guid, octets);
	gb_buffer_add(out, octets, sizeof(octets));
}

static size_t ace_bytes(const struct gb_ace *ace)
{
	if (ace->is_opaque) {
		return ACE_HEAD_BYTES + ace->length;
	}
	return ACE_HEAD_BYTES + MASK_BYTES + (gb_ace_is_object(ace->type) ? 4u : 0u) +
	       (ace->has_object_type ? GUID_BYTES : 0u) +
	       (ace->has_inherited_type ? GUID_BYTES : 0u) + ace->sid.length + ace->length;
}

static void write_ace(struct gb_buffer *out, const struct gb_ace *ace)
{
	gb_buffer_add_char(out, (char)ace->type);
	gb_buffer_add_char(out, (char)ace->flags);
	put16(out, ace_bytes(ace));
	if (!ace->is_opaque) {
		put32(out, ace->mask);
		if (gb_ace_is_object(ace->type)) {
			put32(out, (ace->has_object_type ? HAS_OBJECT_TYPE : 0u) |
					   (ace->has_inherited_type ? HAS_INHERITED_TYPE : 0u));
		}
		if (ace->has_object_type) {
			write_guid(out, &ace->object_type);
		}
		if (ace->has_inherited_type) {
			write_guid(out, &ace->inherited_type);
		}
		gb_buffer_add(out, ace->sid.bytes, ace->sid.length);
	}
	gb_buffer_add(out, ace->data, ace->length);
}

/* Sizes and count are 16 bits wide. */
static bool write_acl(struct gb_buffer *out, const struct gb_acl *acl)
{
	size_t size = ACL_HEAD_BYTES;
	uint8_t revision = acl->revision ? acl->revision : ACL_REVISION;

	for (size_t i = 0; i < acl->count; i++) {
		size += ace_bytes(&acl->aces[i]);
		if (gb_ace_is_object(acl->aces[i].type)) {
			revision = GB_ACL_REVISION_DS;
		}
	}
	if (size > UINT16_MAX) {
		return false;
	}
	gb_buffer_add_char(out, (char)revision);
	gb_buffer_add_char(out, 0);
	put16(out, size);
	put16(out, acl->count);
	put16(out, 0);
	for (size_t i = 0; i < acl->count; i++) {
		write_ace(out, &acl->aces[i]);
	}
	return true;
}

/* Append a list, if there is one; *ret_offset is where it begins in the whole, or 0. */
static bool append_acl(struct gb_buffer *body, const struct gb_acl *acl, size_t *ret_offset)
{
	*ret_offset = acl ? HEAD_BYTES + body->length : 0;
	return !acl || write_acl(body, acl);
}

static size_t append_sid(struct gb_buffer *body, const struct gb_sid *sid)
{
	size_t offset = sid->length ? HEAD_BYTES + body->length : 0;

	gb_buffer_add(body, sid->bytes, sid->length);
	return offset;
}

uint8_t *gb_descriptor_write(const void *ctx, const struct gb_descriptor *descriptor,
			     size_t *ret_length)
{
	struct gb_buffer *body = gb_buffer_new(NULL);
	struct gb_buffer *out = gb_buffer_new(body);
	uint8_t *bytes = NULL;
	size_t sacl;
	size_t dacl;

	gb_buffer_add_char(out, REVISION);
	gb_buffer_add_char(out, (char)descriptor->rm_control);
	put16(out, descriptor->control | GB_CONTROL_SELF_RELATIVE);
	put32(out, append_sid(body, &descriptor->owner));
	put32(out, append_sid(body, &descriptor->group));
	if (append_acl(body, descriptor->sacl, &sacl) &&
	    append_acl(body, descriptor->dacl, &dacl)) {
		put32(out, sacl);
		put32(out, dacl);
		gb_buffer_add(out, body->text, body->length);
		*ret_length = out->length;
		bytes = gb_mem_check(talloc_memdup(ctx, out->text, out->length));
	}
	talloc_free(body);
	return bytes;
}

bool gb_ace_equal(const struct gb_ace *a, const struct gb_ace *b)
{
	return a->type == b->type && a->flags == b->flags && a->is_opaque == b->is_opaque &&
	       a->mask == b->mask && a->has_object_type == b->has_object_type &&
	       a->has_inherited_type == b->has_inherited_type &&
	       gb_guid_compare(&a->object_type, &b->object_type) == 0 &&
	       gb_guid_compare(&a->inherited_type, &b->inherited_type) == 0 &&
	       (a->is_opaque || gb_sid_equal(&a->sid, &b->sid)) && a->length == b->length &&
	       (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

void gb_acl_insert(struct gb_acl *acl, size_t index, const struct gb_ace *ace)
{
	/* It may be one of the list itself, which moves. */
	struct gb_ace copy = *ace;

	acl->aces = gb_mem_check(
		talloc_realloc(acl, acl->aces, struct gb_ace, gb_mem_count(acl->count + 1)));
	memmove(acl->aces + index + 1, acl->aces + index,
		(acl->count - index) * sizeof(acl->aces[0]));
	acl->aces[index] = copy;
	acl->count++;
}
