/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security identifiers (MS-DTYP 2.4.2). */
#include "config.h"

#include "engine/base/sid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEAD_BYTES      8u /* revision, count, 6 bytes of authority (big-endian) */
#define MAX_AUTHORITIES 15u

bool gb_sid_is_none(const struct gb_sid *sid)
{
	return sid->length == 0;
}

bool gb_sid_equal(const struct gb_sid *a, const struct gb_sid *b)
{
	return a->length != 0 && a->length == b->length &&
	       memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Decimal without leading zeros, at most @max; *text moves behind it. */
static bool read_number(const char **text, uint64_t max, uint64_t *ret_value)
{
	const char *at = *text;
	uint64_t value = 0;

	if (*at < '0' || *at > '9' || (at[0] == '0' && at[1] >= '0' && at[1] <= '9')) {
		return false;
	}
	for (; *at >= '0' && *at <= '9'; at++) {
		value = value * 10 + (uint64_t)(*at - '0');
		if (value > max) {
			return false;
		}
	}
	*text = at;
	*ret_value = value;
	return true;
}

/* MS-DTYP 2.4.2.1: an authority of 2^32 and above is written as 0x and twelve hex digits. */
static bool read_authority(const char **text, uint64_t *ret_value)
{
	uint64_t value = 0;
	const char *at = *text;

	if (at[0] != '0' || at[1] != 'x') {
		return read_number(text, UINT32_MAX, ret_value);
	}
	for (at += 2; at < *text + 14; at++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit =
			*at ? strchr(digits, *at | ((*at >= 'A' && *at <= 'F') ? 0x20 : 0)) : NULL;

		if (!digit) {
			return false;
		}
		value = value * 16 + (uint64_t)(digit - digits);
	}
	*text = at;
	*ret_value = value;
	return value > UINT32_MAX;
}

static void store_authority(struct gb_sid *sid, uint64_t authority)
{
	for (size_t i = 0; i < 6; i++) {
		sid->bytes[2 + i] = (uint8_t)(authority >> (8 * (5 - i)));
	}
}

static void append_part(struct gb_sid *sid, uint32_t part)
{
	for (size_t i = 0; i < 4; i++) {
		sid->bytes[sid->length + i] = (uint8_t)(part >> (8 * i));
	}
	sid->length = (uint8_t)(sid->length + 4);
	sid->bytes[1]++;
}

bool gb_sid_parse(const char *text, struct gb_sid *ret_sid)
{
	struct gb_sid sid = {.length = HEAD_BYTES, .bytes = {1}};
	const char *at = text;
	uint64_t value;

	if (strncmp(at, "S-1-", 4) != 0) {
		return false;
	}
	at += 4;
	if (!read_authority(&at, &value)) {
		return false;
	}
	store_authority(&sid, value);
	while (*at == '-' && sid.bytes[1] < MAX_AUTHORITIES) {
		at++;
		if (!read_number(&at, UINT32_MAX, &value)) {
			return false;
		}
		append_part(&sid, (uint32_t)value);
	}
	if (*at != '\0' || sid.bytes[1] == 0) {
		return false;
	}
	*ret_sid = sid;
	return true;
}

static uint32_t part_at(const struct gb_sid *sid, size_t index)
{
	const uint8_t *bytes = sid->bytes + HEAD_BYTES + 4 * index;

	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* Decimal digits of @number at @text, without an end; how many. The audit names each member so. */
static size_t put_number(uint32_t number, char *text)
{
	char digits[10];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	for (size_t i = 0; i < count; i++) {
		text[i] = digits[count - 1 - i];
	}
	return count;
}

const char *gb_sid_format(const struct gb_sid *sid, char text[GB_SID_TEXT_BYTES])
{
	uint64_t authority = 0;
	size_t used = strlen("S-1-");

	text[0] = '\0';
	if (gb_sid_is_none(sid)) {
		return text;
	}
	for (size_t i = 0; i < 6; i++) {
		authority = authority << 8 | sid->bytes[2 + i];
	}
	if (authority > UINT32_MAX) {
		used = (size_t)snprintf(text, GB_SID_TEXT_BYTES, "S-1-0x%012" PRIx64, authority);
	} else {
		memcpy(text, "S-1-", used);
		used += put_number((uint32_t)authority, text + used);
	}
	for (size_t i = 0; i < sid->bytes[1]; i++) {
		text[used++] = '-';
		used += put_number(part_at(sid, i), text + used);
	}
	text[used] = '\0';
	return text;
}

bool gb_sid_from_octets(const void *octets, size_t length, struct gb_sid *ret_sid)
{
	const uint8_t *bytes = octets;
	struct gb_sid sid = {0};

	if (length <= HEAD_BYTES || length > GB_SID_MAX_BYTES || bytes[0] != 1 ||
	    length != HEAD_BYTES + 4u * bytes[1]) {
		return false;
	}
	sid.length = (uint8_t)length;
	memcpy(sid.bytes, bytes, length);
	*ret_sid = sid;
	return true;
}

uint32_t gb_sid_rid(const struct gb_sid *sid)
{
	return gb_sid_is_none(sid) ? 0 : part_at(sid, sid->bytes[1] - 1u);
}

bool gb_sid_same_domain(const struct gb_sid *a, const struct gb_sid *b)
{
	return a->length > HEAD_BYTES + 4 && a->length == b->length &&
	       memcmp(a->bytes, b->bytes, a->length - 4u) == 0;
}
