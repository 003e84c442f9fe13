/* SPDX-License-Identifier: GPL-3.0-or-later */
/* References: plain and extended DNs as values of member. */
#include "config.h"

#include "engine/directory/reference.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/dn.h"

/* Longest text of a GUID or SID inside an extended DN: the hex form of the largest SID. */
#define MAX_PART_CHARS ((size_t)GB_SID_MAX_BYTES * 2)

static bool hex_digit(char c, uint8_t *ret_digit)
{
	const char *digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	if (!found) {
		return false;
	}
	*ret_digit = (uint8_t)(found - digits);
	return true;
}

/* Bytes of a text of hex digits; 0 if it is none or longer than @size_bytes. */
static size_t from_hex(const char *text, uint8_t *bytes, size_t size_bytes)
{
	size_t count = 0;

	for (; text[0]; text += 2, count++) {
		uint8_t high;
		uint8_t low;

		if (count == size_bytes || !hex_digit(text[0], &high) ||
		    !hex_digit(text[1], &low)) {
			return 0;
		}
		bytes[count] = (uint8_t)(high << 4 | low);
	}
	return count;
}

/* Flag 1 of the control gives dashed text, flag 0 the hex of the octets; servers may choose. */
static bool read_guid(const char *text, struct gb_guid *guid)
{
	uint8_t octets[16];

	return gb_guid_parse(text, guid) ||
	       gb_guid_from_octets(octets, from_hex(text, octets, sizeof(octets)), guid);
}

static bool read_sid(const char *text, struct gb_sid *sid)
{
	uint8_t octets[GB_SID_MAX_BYTES];
	size_t length;

	if (gb_sid_parse(text, sid)) {
		return true;
	}
	length = from_hex(text, octets, sizeof(octets));
	return length > 0 && gb_sid_from_octets(octets, length, sid);
}

/*
 * One "<NAME=value>" at *@at; moves *@at behind it and the ";" that follows. Parts with other names
 * (Samba's internal "<RMD_…=>") are passed over.
 */
static bool read_part(const char **at, struct gb_directory_reference *reference)
{
	const char *begin = *at + 1;
	const char *end = strchr(begin, '>');
	char part[MAX_PART_CHARS + 8];

	if (!end || (size_t)(end - begin) >= sizeof(part)) {
		return false;
	}
	memcpy(part, begin, (size_t)(end - begin));
	part[end - begin] = '\0';
	*at = end[1] == ';' ? end + 2 : end + 1;
	if (strncasecmp(part, "GUID=", 5) == 0) {
		return read_guid(part + 5, &reference->guid);
	}
	if (strncasecmp(part, "SID=", 4) == 0) {
		return read_sid(part + 4, &reference->sid);
	}
	return strchr(part, '=') != NULL;
}

static enum gb_rc refuse(const char *value, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, value);

	gb_err_set(err, GB_E_PROTOCOL, "directory-bad-reference",
		   _("The directory names an object in a form that is not a DN: \"%s\"."), shown);
	talloc_free(shown);
	return gb_err_remedy(err, _("Look at this value in the directory with another tool."));
}

enum gb_rc gb_directory_reference_parse(const void *ctx, const char *value,
					struct gb_directory_reference *ret_reference,
					struct gb_err *err)
{
	struct gb_directory_reference reference = {0};
	const char *at = value;

	while (*at == '<') {
		if (!read_part(&at, &reference)) {
			return refuse(value, err);
		}
	}
	if (*at) {
		reference.dn_key = gb_dn_key(ctx, at);
		if (!reference.dn_key) {
			return refuse(value, err);
		}
		reference.dn = gb_strdup(ctx, at);
	} else if (gb_guid_is_none(&reference.guid)) {
		return refuse(value, err);
	}
	*ret_reference = reference;
	return GB_OK;
}
