/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rights that groupback needs, judged and added. */
#include "config.h"

#include "engine/directory/grant.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/* schemaIDGUID of the class group and the attribute member (MS-ADSC, MS-ADA2). */
#define CLASS_GROUP      "bf967a9c-0de6-11d0-a285-00aa003049e2"
#define ATTRIBUTE_MEMBER "bf9679c0-0de6-11d0-a285-00aa003049e2"
/* Extended right Reanimate-Tombstones (MS-ADTS 5.1.3.2.1). */
#define RIGHT_REANIMATE "45ec5156-db7e-47bb-b53f-dbeb2d03c40f"

#define READ_GROUP \
	(GB_RIGHT_READ_PROPERTY | GB_RIGHT_LIST | GB_RIGHT_LIST_OBJECT | GB_RIGHT_READ_CONTROL)
#define SEE_DELETED (GB_RIGHT_LIST | GB_RIGHT_READ_PROPERTY)

static const struct gb_grant_right container_rights[] = {
	{"create-group", N_("create groups"), GB_RIGHT_CREATE_CHILD, false, CLASS_GROUP},
	{"delete-group", N_("delete groups"), GB_RIGHT_DELETE_CHILD, false, CLASS_GROUP},
	{"read-group", N_("read properties and rights of groups"), READ_GROUP, true, NULL},
	{"write-group", N_("write properties of groups"), GB_RIGHT_WRITE_PROPERTY, true, NULL},
	{"write-members", N_("write members of groups"), GB_RIGHT_WRITE_PROPERTY, true,
	 ATTRIBUTE_MEMBER},
	{"move-group", N_("move groups elsewhere"), GB_RIGHT_DELETE, true, NULL},
};

static const struct gb_grant_right domain_rights[] = {
	{"reanimate", N_("bring deleted objects back"), GB_RIGHT_CONTROL_ACCESS, false,
	 RIGHT_REANIMATE},
};

static const struct gb_grant_right deleted_rights[] = {
	{"see-deleted", N_("see deleted objects"), SEE_DELETED, false, NULL},
};

/* An entry that is needed, as strings; made into a gb_ace for an account. */
struct needed {
	enum gb_grant_place place;
	uint8_t flags;
	uint32_t mask;
	const char *object_type;    /* or NULL */
	const char *inherited_type; /* or NULL */
};

static const struct needed needed_aces[] = {
	{GB_GRANT_CONTAINER, GB_ACE_CONTAINER_INHERIT,
	 GB_RIGHT_CREATE_CHILD | GB_RIGHT_DELETE_CHILD, CLASS_GROUP, NULL},
	{GB_GRANT_CONTAINER, GB_ACE_CONTAINER_INHERIT | GB_ACE_INHERIT_ONLY,
	 READ_GROUP | GB_RIGHT_WRITE_PROPERTY | GB_RIGHT_DELETE, NULL, CLASS_GROUP},
	{GB_GRANT_DOMAIN, 0, GB_RIGHT_CONTROL_ACCESS, RIGHT_REANIMATE, NULL},
	{GB_GRANT_DELETED_OBJECTS, GB_ACE_CONTAINER_INHERIT, SEE_DELETED, NULL, NULL},
};

const struct gb_grant_right *gb_grant_rights(enum gb_grant_place place, size_t *ret_count)
{
	switch (place) {
	case GB_GRANT_DOMAIN:
		*ret_count = GB_ARRAY_SIZE(domain_rights);
		return domain_rights;
	case GB_GRANT_DELETED_OBJECTS:
		*ret_count = GB_ARRAY_SIZE(deleted_rights);
		return deleted_rights;
	case GB_GRANT_CONTAINER:
	default:
		*ret_count = GB_ARRAY_SIZE(container_rights);
		return container_rights;
	}
}

/* Generic rights stand for these on directory objects (MS-ADTS 5.1.3.2). */
static uint32_t expanded(uint32_t mask)
{
	const uint32_t standard = GB_RIGHT_DELETE | GB_RIGHT_READ_CONTROL | GB_RIGHT_WRITE_DACL |
				  GB_RIGHT_WRITE_OWNER;

	if ((mask & GB_RIGHT_GENERIC_ALL) != 0) {
		mask |= standard | 0x1ffu;
	}
	if ((mask & GB_RIGHT_GENERIC_WRITE) != 0) {
		mask |= GB_RIGHT_READ_CONTROL | GB_RIGHT_WRITE_PROPERTY | GB_RIGHT_SELF_WRITE;
	}
	if ((mask & 0x80000000u) != 0) {
		mask |= READ_GROUP;
	}
	return mask;
}

static bool is_guid(const struct gb_guid *guid, const char *text)
{
	struct gb_guid known;

	return text && gb_guid_parse(text, &known) && gb_guid_compare(guid, &known) == 0;
}

static bool is_allow(const struct gb_ace *ace)
{
	return ace->type == GB_ACE_ALLOW || ace->type == GB_ACE_ALLOW_OBJECT;
}

static bool is_deny(const struct gb_ace *ace)
{
	return ace->type == GB_ACE_DENY || ace->type == GB_ACE_DENY_OBJECT;
}

/* Does it count on the object itself, or on groups below it? */
static bool reaches(const struct gb_ace *ace, bool on_groups)
{
	if (!on_groups) {
		return (ace->flags & GB_ACE_INHERIT_ONLY) == 0;
	}
	return (ace->flags & GB_ACE_CONTAINER_INHERIT) != 0 &&
	       (!ace->has_inherited_type || is_guid(&ace->inherited_type, CLASS_GROUP));
}

/* The rights of @right that @ace speaks of. */
static uint32_t speaks_of(const struct gb_ace *ace, const struct gb_sid *sid,
			  const struct gb_grant_right *right)
{
	if (ace->is_opaque || !gb_sid_equal(&ace->sid, sid) || !reaches(ace, right->on_groups) ||
	    (ace->has_object_type && !is_guid(&ace->object_type, right->type))) {
		return 0;
	}
	return expanded(ace->mask) & right->mask;
}

enum gb_grant_state gb_grant_state(const struct gb_acl *acl, const struct gb_sid *sid,
				   const struct gb_grant_right *right)
{
	uint32_t allowed = 0;

	for (size_t i = 0; acl && i < acl->count; i++) {
		const struct gb_ace *ace = &acl->aces[i];
		uint32_t mask = speaks_of(ace, sid, right);

		/* The first entry that speaks of a right decides (MS-DTYP 2.5.3.2). */
		if (is_deny(ace) && (mask & ~allowed) != 0) {
			return GB_GRANT_DENIED;
		}
		allowed |= is_allow(ace) ? mask : 0;
	}
	return !acl || allowed == right->mask ? GB_GRANT_THERE : GB_GRANT_MISSING;
}

static struct gb_ace ace_of(const struct needed *needed, const struct gb_sid *sid)
{
	struct gb_ace ace = {
		.type = needed->object_type || needed->inherited_type ? GB_ACE_ALLOW_OBJECT
								      : GB_ACE_ALLOW,
		.flags = needed->flags,
		.mask = needed->mask,
		.sid = *sid,
	};

	ace.has_object_type =
		needed->object_type && gb_guid_parse(needed->object_type, &ace.object_type);
	ace.has_inherited_type = needed->inherited_type &&
				 gb_guid_parse(needed->inherited_type, &ace.inherited_type);
	return ace;
}

/* Given by whatever entries; or it stands there, and an earlier one denies it. */
static bool is_given(const struct gb_acl *acl, const struct gb_sid *sid,
		     const struct needed *needed)
{
	const struct gb_grant_right right = {
		.mask = needed->mask,
		.on_groups = (needed->flags & GB_ACE_INHERIT_ONLY) != 0,
		.type = needed->object_type,
	};
	struct gb_ace ace = ace_of(needed, sid);

	for (size_t i = 0; acl && i < acl->count; i++) {
		if (gb_ace_equal(&acl->aces[i], &ace)) {
			return true;
		}
	}
	return gb_grant_state(acl, sid, &right) == GB_GRANT_THERE;
}

size_t gb_grant_missing(const struct gb_acl *acl, const struct gb_sid *sid,
			enum gb_grant_place place, struct gb_ace ret_aces[GB_GRANT_MAX_ACES])
{
	size_t count = 0;

	for (size_t i = 0; i < GB_ARRAY_SIZE(needed_aces) && count < GB_GRANT_MAX_ACES; i++) {
		const struct needed *needed = &needed_aces[i];

		if (needed->place == place && !is_given(acl, sid, needed)) {
			ret_aces[count++] = ace_of(needed, sid);
		}
	}
	return count;
}

size_t gb_grant_add(struct gb_descriptor *descriptor, const struct gb_sid *sid,
		    enum gb_grant_place place)
{
	struct gb_ace aces[GB_GRANT_MAX_ACES];
	struct gb_acl *acl = descriptor->dacl;
	size_t count = gb_grant_missing(acl, sid, place, aces);
	size_t at = 0;

	while (acl && at < acl->count && (acl->aces[at].flags & GB_ACE_INHERITED) == 0) {
		at++;
	}
	for (size_t i = 0; i < count; i++) {
		gb_acl_insert(acl, at + i, &aces[i]);
	}
	return count;
}

/* Nothing in @ace that @needed does not give. */
static bool is_within(const struct gb_ace *ace, const struct needed *needed)
{
	bool inherit_only = (needed->flags & GB_ACE_INHERIT_ONLY) != 0;

	if (ace->is_opaque || (ace->mask & ~needed->mask) != 0 ||
	    (inherit_only && (ace->flags & GB_ACE_INHERIT_ONLY) == 0)) {
		return false;
	}
	return (!needed->object_type ||
		(ace->has_object_type && is_guid(&ace->object_type, needed->object_type))) &&
	       (!needed->inherited_type ||
		(ace->has_inherited_type && is_guid(&ace->inherited_type, needed->inherited_type)));
}

bool gb_grant_goes_too_far(const struct gb_ace *ace, const struct gb_sid *sid,
			   enum gb_grant_place place)
{
	if (ace->is_opaque || !is_allow(ace) || !gb_sid_equal(&ace->sid, sid)) {
		return false;
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(needed_aces); i++) {
		if (needed_aces[i].place == place && is_within(ace, &needed_aces[i])) {
			return false;
		}
	}
	return true;
}

/* CREATOR OWNER and PRINCIPAL SELF: nobody in particular. */
static bool is_placeholder(const struct gb_sid *sid)
{
	char text[GB_SID_TEXT_BYTES];

	gb_sid_format(sid, text);
	return strcmp(text, "S-1-3-0") == 0 || strcmp(text, "S-1-5-10") == 0;
}

/* What groups do not have, though entries of every new domain name it: msDS-KeyCredentialLink. */
static bool is_of_no_group(const struct gb_ace *ace)
{
	return ace->has_object_type &&
	       is_guid(&ace->object_type, "5b47d60f-6090-40b2-9f37-2a4de88f3063");
}

static bool lets_write_groups(const struct gb_ace *ace, uint32_t mask)
{
	return reaches(ace, true) && !is_of_no_group(ace) &&
	       (mask & (GB_RIGHT_WRITE_PROPERTY | GB_RIGHT_SELF_WRITE)) != 0;
}

bool gb_grant_lets_write(const struct gb_ace *ace)
{
	const uint32_t children = GB_RIGHT_CREATE_CHILD | GB_RIGHT_DELETE_CHILD;
	const uint32_t whole =
		GB_RIGHT_DELETE_TREE | GB_RIGHT_DELETE | GB_RIGHT_WRITE_DACL | GB_RIGHT_WRITE_OWNER;
	uint32_t mask = expanded(ace->mask);

	if (ace->is_opaque || !is_allow(ace) || is_placeholder(&ace->sid) ||
	    (!reaches(ace, true) && !reaches(ace, false))) {
		return false;
	}
	if ((mask & children) != 0 && reaches(ace, false) &&
	    (!ace->has_object_type || is_guid(&ace->object_type, CLASS_GROUP))) {
		return true;
	}
	return (mask & whole) != 0 || lets_write_groups(ace, mask);
}
