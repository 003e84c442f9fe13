/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Windows security descriptors as values: read from and written to the self-relative form of
 * nTSecurityDescriptor (MS-DTYP 2.4.6).
 *
 * Pure. Everything lives below the talloc parent that it was read with. What is read is written
 * again without loss: kinds of entries (ACEs) that this file does not take apart, such as
 * conditional ones, keep their bytes. Only unused room is dropped, and parts may change their
 * order, which has no meaning.
 */
#ifndef GB_DIRECTORY_DESCRIPTOR_H
#define GB_DIRECTORY_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/base/sid.h"

/** Longest binary form: the head, two SIDs, and two lists whose sizes are 16 bits wide. */
#define GB_DESCRIPTOR_MAX_BYTES (20u + 2u * GB_SID_MAX_BYTES + 2u * 65536u)

/** Revision of lists in a directory, whatever is in them (MS-ADTS 5.1.3.3.1). */
#define GB_ACL_REVISION_DS 4u

/** Kinds of entries that are taken apart (MS-DTYP 2.4.4.1); all others are opaque. */
enum gb_ace_type {
	GB_ACE_ALLOW = 0x00,
	GB_ACE_DENY = 0x01,
	GB_ACE_AUDIT = 0x02,
	GB_ACE_ALLOW_OBJECT = 0x05,
	GB_ACE_DENY_OBJECT = 0x06,
	GB_ACE_AUDIT_OBJECT = 0x07
};

/** How an entry is inherited (MS-DTYP 2.4.4.1). */
enum gb_ace_flag {
	GB_ACE_OBJECT_INHERIT = 0x01,
	GB_ACE_CONTAINER_INHERIT =
		0x02,               /**< objects below get it; every object is a container here */
	GB_ACE_NO_PROPAGATE = 0x04, /**< the children alone, not what is below them */
	GB_ACE_INHERIT_ONLY = 0x08, /**< it does not count on the object itself */
	GB_ACE_INHERITED = 0x10     /**< it came from above */
};

/** Rights on directory objects (MS-ADTS 5.1.3.2), with their letters in SDDL. */
enum gb_right {
	GB_RIGHT_CREATE_CHILD = 0x1,        /**< CC */
	GB_RIGHT_DELETE_CHILD = 0x2,        /**< DC */
	GB_RIGHT_LIST = 0x4,                /**< LC */
	GB_RIGHT_SELF_WRITE = 0x8,          /**< SW */
	GB_RIGHT_READ_PROPERTY = 0x10,      /**< RP */
	GB_RIGHT_WRITE_PROPERTY = 0x20,     /**< WP */
	GB_RIGHT_DELETE_TREE = 0x40,        /**< DT */
	GB_RIGHT_LIST_OBJECT = 0x80,        /**< LO */
	GB_RIGHT_CONTROL_ACCESS = 0x100,    /**< CR */
	GB_RIGHT_DELETE = 0x10000,          /**< SD */
	GB_RIGHT_READ_CONTROL = 0x20000,    /**< RC */
	GB_RIGHT_WRITE_DACL = 0x40000,      /**< WD */
	GB_RIGHT_WRITE_OWNER = 0x80000,     /**< WO */
	GB_RIGHT_GENERIC_ALL = 0x10000000,  /**< GA */
	GB_RIGHT_GENERIC_WRITE = 0x40000000 /**< GW; GR is 0x80000000, GX 0x20000000 */
};

/** One entry of a list. */
struct gb_ace {
	uint8_t type;                  /**< enum gb_ace_type, or another number: opaque */
	uint8_t flags;                 /**< enum gb_ace_flag, audit bits */
	bool is_opaque;                /**< only type, flags, data and length mean something */
	bool has_object_type;          /**< object kinds alone */
	bool has_inherited_type;       /**< object kinds alone */
	uint32_t mask;                 /**< enum gb_right and generic rights */
	struct gb_guid object_type;    /**< the class, attribute or right it speaks of */
	struct gb_guid inherited_type; /**< the class of objects that inherit it */
	struct gb_sid sid;             /**< whom it is about */
	const uint8_t *data;           /**< what follows the SID; opaque: everything but the head */
	size_t length;                 /**< bytes of data; with the rest, a multiple of 4 */
};

/** A list of entries (ACL). */
struct gb_acl {
	uint8_t revision; /**< 2, or 4 if there are object entries (written as needed) */
	struct gb_ace *aces;
	size_t count;
};

/** A descriptor; NULL and none stand for what it does not have. */
struct gb_descriptor {
	uint16_t control;   /**< MS-DTYP 2.4.6, SE_…; which lists are there is written as it is */
	uint8_t rm_control; /**< resource manager's byte, kept */
	struct gb_sid owner; /**< or none */
	struct gb_sid group; /**< or none */
	struct gb_acl *dacl; /**< who may do what; NULL: none was sent, or everybody may */
	struct gb_acl *sacl; /**< what is audited */
};

/** Bits of control (MS-DTYP 2.4.6). */
enum gb_descriptor_control {
	GB_CONTROL_DACL_PRESENT = 0x0004,
	GB_CONTROL_SACL_PRESENT = 0x0010,
	GB_CONTROL_DACL_AUTO_REQUIRED = 0x0100,
	GB_CONTROL_SACL_AUTO_REQUIRED = 0x0200,
	GB_CONTROL_DACL_AUTO = 0x0400,
	GB_CONTROL_SACL_AUTO = 0x0800,
	GB_CONTROL_DACL_PROTECTED = 0x1000, /**< inherits nothing from above */
	GB_CONTROL_SACL_PROTECTED = 0x2000,
	GB_CONTROL_SELF_RELATIVE = 0x8000
};

/**
 * Read the binary form, below @ctx. The bytes are copied.
 *
 * Errors: GB_E_PROTOCOL "directory-bad-descriptor": not self-relative, an offset, size or count that
 * does not fit, a SID that is none, longer than GB_DESCRIPTOR_MAX_BYTES. Never reads outside @length.
 */
GB_MUST_CHECK enum gb_rc gb_descriptor_read(const void *ctx, const void *bytes, size_t length,
					    struct gb_descriptor **ret_descriptor,
					    struct gb_err *err);

/**
 * Write the binary form, below @ctx. NULL if a list would be longer than its 16-bit size allows.
 *
 * @param ret_length  bytes.
 */
uint8_t *gb_descriptor_write(const void *ctx, const struct gb_descriptor *descriptor,
			     size_t *ret_length);

/** True for the three object kinds. */
bool gb_ace_is_object(uint8_t type);

/** True if both say the same, byte for byte. */
bool gb_ace_equal(const struct gb_ace *a, const struct gb_ace *b);

/** Put @ace into @acl at @index (0 … count); a plain copy, its data stays borrowed. */
void gb_acl_insert(struct gb_acl *acl, size_t index, const struct gb_ace *ace);

#endif
