/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GUIDs: objectId of Entra, objectGUID of AD.
 *
 * A struct gb_guid is a plain value in the order of its text (RFC 4122 network order), so that
 * memcmp() sorts as text sorts. AD stores the first three fields in little-endian order
 * (MS-DTYP 2.3.4.2): the two functions with "octets" convert.
 */
#ifndef GB_BASE_GUID_H
#define GB_BASE_GUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"

/** 16 bytes in the order of the text form. All zero means "none". */
struct gb_guid {
	uint8_t bytes[16]; /**< text order */
};

/** Length of the text form with its NUL. */
#define GB_GUID_TEXT_BYTES 37

/** True for the all-zero GUID. */
bool gb_guid_is_none(const struct gb_guid *guid);

/** memcmp order: <0, 0, >0. */
int gb_guid_compare(const struct gb_guid *a, const struct gb_guid *b);

/** Parse 8-4-4-4-12 hex digits of either case, nothing around them. False leaves *ret_guid alone. */
GB_MUST_CHECK bool gb_guid_parse(const char *text, struct gb_guid *ret_guid);

/** Write the lower-case text form into @text. Returns @text. */
const char *gb_guid_format(const struct gb_guid *guid, char text[GB_GUID_TEXT_BYTES]);

/** From the 16 octets of objectGUID or mS-DS-ConsistencyGuid. False unless @length is 16. */
GB_MUST_CHECK bool gb_guid_from_octets(const void *octets, size_t length, struct gb_guid *ret_guid);

/** To the 16 octets as AD stores them. */
void gb_guid_to_octets(const struct gb_guid *guid, uint8_t ret_octets[16]);

/**
 * From onPremisesImmutableId: base64 of the 16 octets of the source anchor (Entra Connect's
 * documentation, "sourceAnchor"). False if it is not base64 of exactly 16 bytes.
 */
GB_MUST_CHECK bool gb_guid_from_immutable_id(const char *base64, struct gb_guid *ret_guid);

/**
 * The GUID in "Group_<guid>" (adminDescription, msDS-ExternalDirectoryObjectId), any case of the
 * prefix, nothing behind. False otherwise.
 */
GB_MUST_CHECK bool gb_guid_from_anchor(const char *anchor, struct gb_guid *ret_guid);

#endif
