/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of object numbers as bytes. */
#include "config.h"

#include "engine/state/pack.h"

static size_t put(uint64_t value, uint8_t *bytes)
{
	size_t length = 0;

	while (value >= 0x80) {
		bytes[length++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	bytes[length++] = (uint8_t)value;
	return length;
}

size_t gb_pack(const int64_t *numbers, size_t count, uint8_t *buffer)
{
	size_t length = 0;
	uint64_t last = 0;

	for (size_t i = 0; i < count; i++) {
		/* Unsigned: differences of hostile numbers may overflow, and come back the same. */
		uint64_t difference = (uint64_t)numbers[i] - last;
		uint64_t sign = difference >> 63;

		length += put((difference << 1) ^ (0 - sign), buffer + length);
		last = (uint64_t)numbers[i];
	}
	return length;
}

static bool take(const uint8_t *bytes, size_t length, size_t *offset, uint64_t *ret_value)
{
	uint64_t value = 0;
	unsigned shift = 0;

	while (*offset < length && shift < 64) {
		uint8_t byte = bytes[(*offset)++];

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret_value = value;
			return true;
		}
		shift += 7;
	}
	return false;
}

size_t gb_pack_count(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		count += !(at[i] & 0x80);
	}
	return count;
}

bool gb_unpack(const void *bytes, size_t length, int64_t *ret_numbers, size_t count)
{
	size_t offset = 0;
	uint64_t last = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t value;

		if (!take(bytes, length, &offset, &value)) {
			return false;
		}
		last += (value >> 1) ^ (0 - (value & 1));
		ret_numbers[i] = (int64_t)last;
	}
	return offset == length;
}
