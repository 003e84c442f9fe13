/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of text being edited. */
#include "config.h"

#include "wizard/ui/entry.h"

#include <string.h>
#include <wchar.h>

#include "engine/base/mem.h"
#include "engine/base/text.h"

struct wz_entry *wz_entry_new(const void *ctx)
{
	struct wz_entry *entry = gb_new(ctx, struct wz_entry);

	entry->text = gb_secret_new_empty(entry, WZ_ENTRY_MAX_BYTES);
	entry->paste = gb_secret_new_empty(entry, WZ_ENTRY_MAX_BYTES + 1);
	return entry;
}

void wz_entry_set(struct wz_entry *entry, const char *text)
{
	size_t length = strnlen(text, WZ_ENTRY_MAX_BYTES);

	memcpy(gb_secret_room(entry->text), text, length);
	gb_secret_set_length(entry->text, length);
	entry->cursor = length;
}

const char *wz_entry_text(const struct wz_entry *entry)
{
	return gb_secret_bytes(entry->text);
}

static bool is_combining(const char *at)
{
	uint32_t c;

	return gb_text_next(at, &c) > 0 && c >= 0x80 && wcwidth((wchar_t)c) == 0;
}

static bool is_inside_character(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Begin of the character before @at, with what combines with it. */
static size_t before(const struct wz_entry *entry, size_t at)
{
	const char *text = wz_entry_text(entry);

	do {
		while (at > 0 && is_inside_character(text[--at])) {
		}
	} while (at > 0 && is_combining(text + at));
	return at;
}

static size_t after(const struct wz_entry *entry, size_t at)
{
	const char *text = wz_entry_text(entry);
	uint32_t c;

	at += gb_text_next(text + at, &c);
	while (text[at] && is_combining(text + at)) {
		at += gb_text_next(text + at, &c);
	}
	return at;
}

static enum wz_entry_result cut(struct wz_entry *entry, size_t from, size_t to)
{
	size_t length = gb_secret_length(entry->text);
	char *text = gb_secret_room(entry->text);

	if (from == to) {
		return WZ_ENTRY_MOVED;
	}
	memmove(text + from, text + to, length - to);
	gb_secret_set_length(entry->text, length - (to - from));
	entry->cursor = from;
	return WZ_ENTRY_CHANGED;
}

static enum wz_entry_result insert(struct wz_entry *entry, const char *bytes, size_t size)
{
	size_t length = gb_secret_length(entry->text);
	char *text = gb_secret_room(entry->text);

	if (length + size > WZ_ENTRY_MAX_BYTES) {
		return WZ_ENTRY_FULL;
	}
	memmove(text + entry->cursor + size, text + entry->cursor, length - entry->cursor);
	memcpy(text + entry->cursor, bytes, size);
	gb_secret_set_length(entry->text, length + size);
	entry->cursor += size;
	return WZ_ENTRY_CHANGED;
}

/* UTF-8 of a character that wz_keys has checked. */
static size_t encode(uint32_t c, char bytes[4])
{
	if (c < 0x80) {
		bytes[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		bytes[0] = (char)(0xc0 | c >> 6);
		bytes[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		bytes[0] = (char)(0xe0 | c >> 12);
		bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | c >> 18);
	bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Pastes -------------------------------------------------------------------------------------- */

static void begin_paste(struct wz_entry *entry)
{
	entry->paste_length = 0;
	entry->is_paste_wrong = false;
}

static void add_to_paste(struct wz_entry *entry, uint32_t c)
{
	char bytes[4];
	size_t size = encode(c, bytes);

	if (entry->paste_length + size > WZ_ENTRY_MAX_BYTES + 1) {
		entry->is_paste_wrong = true;
		return;
	}
	memcpy(gb_secret_room(entry->paste) + entry->paste_length, bytes, size);
	entry->paste_length += size;
}

static enum wz_entry_result end_paste(struct wz_entry *entry)
{
	const char *bytes = gb_secret_bytes(entry->paste);
	size_t length = entry->paste_length;
	enum wz_entry_result result = WZ_ENTRY_REFUSED;

	if (length > 0 && bytes[length - 1] == '\n') {
		length--;
	}
	for (size_t i = 0; i < length; i++) {
		entry->is_paste_wrong |= (unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f;
	}
	if (!entry->is_paste_wrong) {
		result = length == 0 ? WZ_ENTRY_MOVED : insert(entry, bytes, length);
	}
	gb_secret_set_length(entry->paste, 0);
	entry->paste_length = 0;
	return result;
}

/* Keys ---------------------------------------------------------------------------------------- */

static size_t word_before(const struct wz_entry *entry)
{
	const char *text = wz_entry_text(entry);
	size_t at = entry->cursor;

	while (at > 0 && text[at - 1] == ' ') {
		at--;
	}
	while (at > 0 && text[at - 1] != ' ') {
		at--;
	}
	return at;
}

static enum wz_entry_result move_to(struct wz_entry *entry, size_t at)
{
	entry->cursor = at;
	return WZ_ENTRY_MOVED;
}

static enum wz_entry_result control(struct wz_entry *entry, uint32_t letter)
{
	switch (letter) {
	case 'a':
		return move_to(entry, 0);
	case 'e':
		return move_to(entry, gb_secret_length(entry->text));
	case 'u':
		return cut(entry, 0, gb_secret_length(entry->text));
	case 'k':
		return cut(entry, entry->cursor, gb_secret_length(entry->text));
	case 'w':
		return cut(entry, word_before(entry), entry->cursor);
	default:
		return WZ_ENTRY_UNUSED;
	}
}

static enum wz_entry_result type(struct wz_entry *entry, const struct wz_key *key)
{
	char bytes[4];

	if (key->is_pasted) {
		add_to_paste(entry, key->character);
		return WZ_ENTRY_MOVED;
	}
	return insert(entry, bytes, encode(key->character, bytes));
}

static enum wz_entry_result edit(struct wz_entry *entry, const struct wz_key *key)
{
	switch ((int)key->code) {
	case WZ_KEY_LEFT:
		return move_to(entry, before(entry, entry->cursor));
	case WZ_KEY_RIGHT:
		return move_to(entry, after(entry, entry->cursor));
	case WZ_KEY_HOME:
		return move_to(entry, 0);
	case WZ_KEY_END:
		return move_to(entry, gb_secret_length(entry->text));
	case WZ_KEY_BACKSPACE:
		return cut(entry, before(entry, entry->cursor), entry->cursor);
	case WZ_KEY_DELETE:
		return cut(entry, entry->cursor, after(entry, entry->cursor));
	case WZ_KEY_CTRL:
		return control(entry, key->character);
	default:
		return WZ_ENTRY_UNUSED;
	}
}

enum wz_entry_result wz_entry_key(struct wz_entry *entry, const struct wz_key *key)
{
	if (key->code == WZ_KEY_CHARACTER) {
		return type(entry, key);
	}
	if (key->code == WZ_KEY_PASTE_BEGIN) {
		begin_paste(entry);
		return WZ_ENTRY_MOVED;
	}
	if (key->code == WZ_KEY_PASTE_END) {
		return end_paste(entry);
	}
	return edit(entry, key);
}
