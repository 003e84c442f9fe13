/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GUIDs: text, octets, anchors. */
#include "config.h"

#include "engine/base/guid.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/base/digest.h"

static const char anchor_prefix[] = "Group_";

bool gb_guid_is_none(const struct gb_guid *guid)
{
	static const struct gb_guid none;

	return memcmp(guid->bytes, none.bytes, sizeof(none.bytes)) == 0;
}

int gb_guid_compare(const struct gb_guid *a, const struct gb_guid *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* Value of a hex digit, -1 if it is none; isxdigit() would ask the locale. */
static int hex_value(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool dash_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool gb_guid_parse(const char *text, struct gb_guid *ret_guid)
{
	struct gb_guid guid;
	const char *at = text;

	for (size_t i = 0; i < sizeof(guid.bytes); i++) {
		int high;
		int low;

		if (dash_before(i) && *at++ != '-') {
			return false;
		}
		high = hex_value(at[0]);
		low = high < 0 ? -1 : hex_value(at[1]);
		if (low < 0) {
			return false;
		}
		guid.bytes[i] = (uint8_t)(high * 16 + low);
		at += 2;
	}
	if (*at != '\0') {
		return false;
	}
	*ret_guid = guid;
	return true;
}

const char *gb_guid_format(const struct gb_guid *guid, char text[GB_GUID_TEXT_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	char *at = text;

	for (size_t i = 0; i < sizeof(guid->bytes); i++) {
		if (dash_before(i)) {
			*at++ = '-';
		}
		*at++ = digits[guid->bytes[i] >> 4];
		*at++ = digits[guid->bytes[i] & 15];
	}
	*at = '\0';
	return text;
}

/* MS-DTYP 2.3.4.2: Data1 (4 bytes), Data2 and Data3 (2 each) are little-endian, Data4 is not. */
static const uint8_t octet_order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

bool gb_guid_from_octets(const void *octets, size_t length, struct gb_guid *ret_guid)
{
	const uint8_t *source = octets;

	if (length != sizeof(ret_guid->bytes)) {
		return false;
	}
	for (size_t i = 0; i < sizeof(ret_guid->bytes); i++) {
		ret_guid->bytes[i] = source[octet_order[i]];
	}
	return true;
}

void gb_guid_to_octets(const struct gb_guid *guid, uint8_t ret_octets[16])
{
	for (size_t i = 0; i < sizeof(guid->bytes); i++) {
		ret_octets[octet_order[i]] = guid->bytes[i];
	}
}

bool gb_guid_from_immutable_id(const char *base64, struct gb_guid *ret_guid)
{
	uint8_t octets[16];

	if (gb_digest_base64_decode(base64, octets, sizeof(octets)) != (int)sizeof(octets)) {
		return false;
	}
	return gb_guid_from_octets(octets, sizeof(octets), ret_guid);
}

bool gb_guid_from_anchor(const char *anchor, struct gb_guid *ret_guid)
{
	const size_t length = sizeof(anchor_prefix) - 1;

	return strncasecmp(anchor, anchor_prefix, length) == 0 &&
	       gb_guid_parse(anchor + length, ret_guid);
}
