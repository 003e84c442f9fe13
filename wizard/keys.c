/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: from the bytes of a terminal to keys. */
#include "config.h"

#include "wizard/keys.h"

#include <string.h>

#include "engine/base/compiler.h"
#include "engine/base/mem.h"
#include "engine/base/secret.h"

#define QUEUE_BYTES   65536
#define MAX_CSI_BYTES 64
#define ESC           '\033'

/* A sequence of terminfo that the grammar below does not cover. */
struct extra {
	char *sequence;
	enum wz_key_code code;
	uint32_t character;
};

struct wz_keys {
	struct gb_secret *queue; /* what was typed may be a password */
	size_t length;
	size_t read_length; /* bytes of the last read that have not been looked at */
	bool had_text;      /* text came in the read that is being looked at */
	bool is_pasting;
	bool is_given_up;
	struct extra *extras;
	size_t extra_count;
};

struct wz_keys *wz_keys_new(const void *ctx)
{
	struct wz_keys *keys = gb_new(ctx, struct wz_keys);

	keys->queue = gb_secret_new_empty(keys, QUEUE_BYTES);
	return keys;
}

void wz_keys_add(struct wz_keys *keys, const char *sequence, enum wz_key_code code,
		 uint32_t character)
{
	size_t count = keys->extra_count;

	if (!sequence || sequence[0] != ESC || sequence[1] == '\0') {
		return;
	}
	keys->extras = gb_mem_check(
		talloc_realloc(keys, keys->extras, struct extra, gb_mem_count(count + 1)));
	keys->extras[keys->extra_count++] =
		(struct extra){gb_strdup(keys, sequence), code, character};
}

void wz_keys_feed(struct wz_keys *keys, const char *bytes, size_t length)
{
	size_t room = QUEUE_BYTES - keys->length;
	size_t taken = length < room ? length : room;

	memcpy(gb_secret_room(keys->queue) + keys->length, bytes, taken);
	keys->length += taken;
	keys->read_length = taken;
	keys->had_text = false;
	keys->is_given_up = false;
}

static const char *front(const struct wz_keys *keys)
{
	return gb_secret_bytes(keys->queue);
}

static void consume(struct wz_keys *keys, size_t length)
{
	char *bytes = gb_secret_room(keys->queue);

	memmove(bytes, bytes + length, keys->length - length);
	gb_secret_wipe(bytes + keys->length - length, length);
	keys->length -= length;
	keys->read_length -= length < keys->read_length ? length : keys->read_length;
}

/* Sequences ----------------------------------------------------------------------------------- */

/* Numbers in front of a tilde: VT220, xterm, linux, PuTTY, rxvt. */
static struct wz_key tilde_key(unsigned number, bool is_modified)
{
	static const struct {
		unsigned number;
		enum wz_key_code code;
		uint32_t character;
	} keys[] = {
		{1, WZ_KEY_HOME, 0},        {3, WZ_KEY_DELETE, 0},
		{4, WZ_KEY_END, 0},         {5, WZ_KEY_PAGE_UP, 0},
		{6, WZ_KEY_PAGE_DOWN, 0},   {7, WZ_KEY_HOME, 0},
		{8, WZ_KEY_END, 0},         {11, WZ_KEY_F, 1},
		{12, WZ_KEY_F, 2},          {13, WZ_KEY_F, 3},
		{14, WZ_KEY_F, 4},          {15, WZ_KEY_F, 5},
		{17, WZ_KEY_F, 6},          {18, WZ_KEY_F, 7},
		{19, WZ_KEY_F, 8},          {20, WZ_KEY_F, 9},
		{21, WZ_KEY_F, 10},         {23, WZ_KEY_F, 11},
		{24, WZ_KEY_F, 12},         {200, WZ_KEY_PASTE_BEGIN, 0},
		{201, WZ_KEY_PASTE_END, 0},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(keys) && !is_modified; i++) {
		if (keys[i].number == number) {
			return (struct wz_key){.code = keys[i].code,
					       .character = keys[i].character};
		}
	}
	return (struct wz_key){.code = WZ_KEY_NOTHING};
}

/* Final letters of CSI and SS3 alike. */
static struct wz_key letter_key(char final)
{
	switch (final) {
	case 'A':
		return (struct wz_key){.code = WZ_KEY_UP};
	case 'B':
		return (struct wz_key){.code = WZ_KEY_DOWN};
	case 'C':
		return (struct wz_key){.code = WZ_KEY_RIGHT};
	case 'D':
		return (struct wz_key){.code = WZ_KEY_LEFT};
	case 'H':
		return (struct wz_key){.code = WZ_KEY_HOME};
	case 'F':
		return (struct wz_key){.code = WZ_KEY_END};
	case 'Z':
		return (struct wz_key){.code = WZ_KEY_BACKTAB};
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return (struct wz_key){.code = WZ_KEY_F, .character = (uint32_t)(final - 'P' + 1)};
	default:
		return (struct wz_key){.code = WZ_KEY_NOTHING};
	}
}

/* ECMA-48 section 5.4: parameters 0x30-0x3f, intermediates 0x20-0x2f, one final byte 0x40-0x7e. */
static size_t csi_length(const char *bytes, size_t length)
{
	size_t at = 2;

	if (length > 2 && bytes[2] == '[') { /* the linux console's F1 … F5: ESC [ [ A */
		return length > 3 ? 4 : 0;
	}
	while (at < length && (unsigned char)bytes[at] >= 0x20 && (unsigned char)bytes[at] < 0x40) {
		at++;
	}
	if (at == length) {
		return length > MAX_CSI_BYTES ? length : 0;
	}
	if (at == 2 && bytes[at] == 'M') { /* X10 mouse report: three bytes more */
		return length > 5 ? 6 : 0;
	}
	/* A byte that cannot be in a sequence ends it, and is not part of it. */
	return (unsigned char)bytes[at] < 0x20 ? at : at + 1;
}

/* One letter; some terminals put the number of a modifier in front of it. */
static size_t ss3_length(const char *bytes, size_t length)
{
	size_t at = 2;

	while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
		at++;
	}
	return at < length ? at + 1 : 0;
}

static struct wz_key csi_key(const char *bytes, size_t length)
{
	char final = bytes[length - 1];
	unsigned number = 0;
	size_t at = 2;

	if (bytes[2] == '[') {
		return final >= 'A' && final <= 'E'
			       ? (struct wz_key){.code = WZ_KEY_F,
						 .character = (uint32_t)(final - 'A' + 1)}
			       : (struct wz_key){.code = WZ_KEY_NOTHING};
	}
	while (at < length && bytes[at] >= '0' && bytes[at] <= '9' && number < 1000) {
		number = number * 10 + (unsigned)(bytes[at++] - '0');
	}
	if (final == '~') {
		return tilde_key(number, at != length - 1);
	}
	/* With a modifier or anything else it is another key. */
	return length == 3 ? letter_key(final) : (struct wz_key){.code = WZ_KEY_NOTHING};
}

/* OSC, DCS, APC, PM, SOS: a string that ends with BEL or ESC \. 0: its end has not come. */
static size_t string_length(const char *bytes, size_t length)
{
	for (size_t at = 2; at < length; at++) {
		if (bytes[at] == '\a') {
			return at + 1;
		}
		if (bytes[at] == ESC && at + 1 < length) {
			return bytes[at + 1] == '\\' ? at + 2 : at;
		}
	}
	return 0;
}

/* Alt and a character. */
static struct wz_key alt_key(char c)
{
	if (c >= '1' && c <= '9') {
		return (struct wz_key){.code = WZ_KEY_F, .character = (uint32_t)(c - '0')};
	}
	switch (c) {
	case '0':
	case 'n':
	case 'N':
		return (struct wz_key){.code = WZ_KEY_F, .character = 10};
	case 'b':
	case 'B':
		return (struct wz_key){.code = WZ_KEY_F, .character = 8};
	case '\t':
		return (struct wz_key){.code = WZ_KEY_BACKTAB}; /* the linux console */
	case ESC:
		return (struct wz_key){.code = WZ_KEY_ESC};
	default:
		return (struct wz_key){.code = WZ_KEY_NOTHING};
	}
}

/* Longest extra that is there; *ret_is_begun: one could still become complete. */
static const struct extra *find_extra(const struct wz_keys *keys, bool *ret_is_begun)
{
	const struct extra *best = NULL;
	size_t best_length = 0;

	*ret_is_begun = false;
	for (size_t i = 0; i < keys->extra_count; i++) {
		size_t length = strlen(keys->extras[i].sequence);
		size_t common = length < keys->length ? length : keys->length;

		if (memcmp(keys->extras[i].sequence, front(keys), common) != 0) {
			continue;
		}
		if (length > keys->length) {
			*ret_is_begun = true;
		} else if (length > best_length) {
			best = &keys->extras[i];
			best_length = length;
		}
	}
	return best;
}

static bool is_string_begin(char c)
{
	return c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X';
}

/* Length of the sequence that begins with ESC; 0: more must come. */
static size_t sequence_length(const struct wz_keys *keys)
{
	const char *bytes = front(keys);

	if (keys->length < 2) {
		return 0;
	}
	if (bytes[1] == '[') {
		return csi_length(bytes, keys->length);
	}
	if (bytes[1] == 'O') {
		return ss3_length(bytes, keys->length);
	}
	if (is_string_begin(bytes[1])) {
		return string_length(bytes, keys->length);
	}
	return bytes[1] == ESC ? 1 : 2; /* two ESC: the first one was the key */
}

static struct wz_key sequence_key(const struct wz_keys *keys, size_t length)
{
	const char *bytes = front(keys);

	if (length == 1) {
		return (struct wz_key){.code = WZ_KEY_ESC};
	}
	if (bytes[1] == '[') {
		return csi_key(bytes, length);
	}
	if (bytes[1] == 'O' && length == 3) {
		return bytes[2] == 'M' ? (struct wz_key){.code = WZ_KEY_ENTER}
				       : letter_key(bytes[2]);
	}
	return length == 2 ? alt_key(bytes[1]) : (struct wz_key){.code = WZ_KEY_NOTHING};
}

/* What is left of a sequence that will not go on. */
static struct wz_key give_up_sequence(struct wz_keys *keys)
{
	struct wz_key key = {.code = keys->length == 1 ? WZ_KEY_ESC : WZ_KEY_NOTHING};

	if (keys->length == 2 && !is_string_begin(front(keys)[1])) {
		key = alt_key(front(keys)[1]);
	}
	consume(keys, keys->length);
	return key;
}

static bool take_escape(struct wz_keys *keys, struct wz_key *ret_key)
{
	bool is_begun;
	const struct extra *extra = find_extra(keys, &is_begun);
	size_t length = sequence_length(keys);

	if (extra) {
		*ret_key = (struct wz_key){.code = extra->code, .character = extra->character};
		consume(keys, strlen(extra->sequence));
		return true;
	}
	if (length == 0 || (is_begun && !keys->is_given_up)) {
		if (!keys->is_given_up) {
			return false;
		}
		*ret_key = give_up_sequence(keys);
		return true;
	}
	*ret_key = sequence_key(keys, length);
	consume(keys, length);
	return true;
}

/* Characters ---------------------------------------------------------------------------------- */

static struct wz_key control_key(char c)
{
	switch (c) {
	case '\r':
	case '\n':
		return (struct wz_key){.code = WZ_KEY_ENTER};
	case '\t':
		return (struct wz_key){.code = WZ_KEY_TAB};
	case '\b':
	case 0x7f:
		return (struct wz_key){.code = WZ_KEY_BACKSPACE};
	default:
		break;
	}
	if (c >= 1 && c <= 26) {
		return (struct wz_key){.code = WZ_KEY_CTRL, .character = (uint32_t)('a' + c - 1)};
	}
	return (struct wz_key){.code = WZ_KEY_NOTHING};
}

/* Bytes of the UTF-8 character that begins with @lead; 0: none does. */
static size_t utf8_size(unsigned char lead)
{
	if (lead < 0x80) {
		return 1;
	}
	if (lead >= 0xc2 && lead < 0xe0) {
		return 2;
	}
	if (lead >= 0xe0 && lead < 0xf0) {
		return 3;
	}
	return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
static bool decode(const char *bytes, size_t size, uint32_t *ret_character)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t c = (unsigned char)bytes[0];

	if (size > 1) {
		c &= 0x7fu >> size;
	}
	for (size_t i = 1; i < size; i++) {
		if (((unsigned char)bytes[i] & 0xc0) != 0x80) {
			return false;
		}
		c = c << 6 | ((unsigned char)bytes[i] & 0x3f);
	}
	*ret_character = c;
	return c >= smallest[size] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

static bool take_character(struct wz_keys *keys, struct wz_key *ret_key)
{
	size_t size = utf8_size((unsigned char)front(keys)[0]);
	uint32_t c;

	if (size > keys->length && !keys->is_given_up) {
		return false;
	}
	if (size == 0 || size > keys->length || !decode(front(keys), size, &c)) {
		*ret_key = (struct wz_key){.code = WZ_KEY_NOTHING};
		consume(keys, 1);
		return true;
	}
	*ret_key = (struct wz_key){.code = WZ_KEY_CHARACTER, .character = c};
	consume(keys, size);
	return true;
}

/* Inside a paste everything but its end is text. */
static bool take_pasted(struct wz_keys *keys, struct wz_key *ret_key)
{
	static const char end[] = "\033[201~";
	size_t common = keys->length < sizeof(end) - 1 ? keys->length : sizeof(end) - 1;
	char c = front(keys)[0];

	if (c == ESC && memcmp(front(keys), end, common) == 0) {
		if (common < sizeof(end) - 1 && !keys->is_given_up) {
			return false;
		}
		keys->is_pasting = false;
		*ret_key = (struct wz_key){.code = WZ_KEY_PASTE_END};
		consume(keys, common);
		return true;
	}
	if ((unsigned char)c < 0x20 || c == 0x7f) {
		*ret_key = (struct wz_key){.code = WZ_KEY_CHARACTER,
					   .character = c == '\r' ? '\n' : (unsigned char)c};
		consume(keys, 1);
	} else if (!take_character(keys, ret_key)) {
		return false;
	}
	ret_key->is_pasted = true;
	return true;
}

static bool take_typed(struct wz_keys *keys, struct wz_key *ret_key)
{
	char c = front(keys)[0];

	if (c == ESC) {
		return take_escape(keys, ret_key);
	}
	if ((unsigned char)c < 0x20 || c == 0x7f) {
		*ret_key = control_key(c);
		consume(keys, 1);
		return true;
	}
	return take_character(keys, ret_key);
}

bool wz_keys_next(struct wz_keys *keys, struct wz_key *ret_key)
{
	if (keys->length == 0) {
		return false;
	}
	if (!(keys->is_pasting ? take_pasted(keys, ret_key) : take_typed(keys, ret_key))) {
		return false;
	}
	if (ret_key->code == WZ_KEY_PASTE_BEGIN) {
		keys->is_pasting = true;
	}
	ret_key->is_in_burst = keys->had_text;
	keys->had_text = keys->had_text || ret_key->code == WZ_KEY_CHARACTER;
	return true;
}

size_t wz_keys_waiting(const struct wz_keys *keys)
{
	return keys->length;
}

void wz_keys_give_up(struct wz_keys *keys)
{
	keys->is_given_up = true;
}
