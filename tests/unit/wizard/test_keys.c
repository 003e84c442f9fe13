/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decoder of keys: tables, pieces, pauses, and bytes by chance. */
#include "config.h"

#include "wizard/keys.h"

#include "tests/unit/unit.h"

/* All keys of @bytes as text: "up f10 'a'", one byte at a time if @in_pieces. */
static char *decode(const void *ctx, const char *bytes, size_t length, bool in_pieces)
{
	struct wz_keys *keys = wz_keys_new(ctx);
	static const char *const names[] = {
		[WZ_KEY_ENTER] = "enter",
		[WZ_KEY_TAB] = "tab",
		[WZ_KEY_BACKTAB] = "backtab",
		[WZ_KEY_ESC] = "esc",
		[WZ_KEY_BACKSPACE] = "backspace",
		[WZ_KEY_DELETE] = "delete",
		[WZ_KEY_UP] = "up",
		[WZ_KEY_DOWN] = "down",
		[WZ_KEY_LEFT] = "left",
		[WZ_KEY_RIGHT] = "right",
		[WZ_KEY_HOME] = "home",
		[WZ_KEY_END] = "end",
		[WZ_KEY_PAGE_UP] = "pageup",
		[WZ_KEY_PAGE_DOWN] = "pagedown",
		[WZ_KEY_PASTE_BEGIN] = "(",
		[WZ_KEY_PASTE_END] = ")",
	};
	char *text = gb_strdup(ctx, "");
	struct wz_key key;

	for (size_t at = 0; at < length; at += in_pieces ? 1 : length) {
		wz_keys_feed(keys, bytes + at, in_pieces ? 1 : length);
		while (wz_keys_next(keys, &key)) {
			if (key.code == WZ_KEY_CHARACTER) {
				text = talloc_asprintf_append(
					text, "'%c'",
					key.character < 0x7f ? (int)key.character : '?');
			} else if (key.code == WZ_KEY_F) {
				text = talloc_asprintf_append(text, "f%u ", key.character);
			} else if (key.code == WZ_KEY_CTRL) {
				text = talloc_asprintf_append(text, "^%c ", (int)key.character);
			} else if (key.code != WZ_KEY_NOTHING) {
				text = talloc_asprintf_append(text, "%s ", names[key.code]);
			}
		}
	}
	wz_keys_give_up(keys);
	while (wz_keys_next(keys, &key)) {
		if (key.code != WZ_KEY_NOTHING) {
			text = talloc_asprintf_append(text, "late:%d ", (int)key.code);
		}
	}
	return text;
}

static void keys_of_every_terminal_are_known_also_in_pieces(void **state)
{
	static const char *const rows[][2] = {
		{"\033[A\033OB\033[C\033[D", "up down right left "},
		{"\033[H\033OF\033[1~\033[4~\033[7~\033[8~", "home end home end home end "},
		{"\033[5~\033[6~\033[3~\033[Z\033OM", "pageup pagedown delete backtab enter "},
		{"\033OP\033OS\033[15~\033[21~\033[24~", "f1 f4 f5 f10 f12 "},
		{"\033[11~\033[14~", "f1 f4 "},             /* PuTTY, rxvt */
		{"\033[[A\033[[E", "f1 f5 "},               /* linux */
		{"\0331\0330\033n\033b", "f1 f10 f10 f8 "}, /* Alt */
		{"a\r\n\t\b\177", "'a'enter enter tab backspace backspace "},
		{"\003\032\014", "^c ^z ^l "},
		{"\033[1;5A\033[21;2~\033[99~\033[?1;2c", ""},
		{"\033]11;rgb:00/00/00\aa", "'a'"},
		{"\033P1$r0m\033\\b", "'b'"},
		{"\033[M abc", "'c'"},
		{"\033[<0;10;10Ma", "'a'"},
		{"\033[200~x\ny\033[201~z", "( 'x''\n''y') 'z'"},
		{"\377\376\303\251", "'?'"},
		{"\355\240\200\300\257\364\220\200\200", ""},
		{"\033\033[A", "esc up "},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		void *ctx = gb_new_tmp(NULL);

		assert_string_equal(decode(ctx, rows[i][0], strlen(rows[i][0]), false), rows[i][1]);
		assert_string_equal(decode(ctx, rows[i][0], strlen(rows[i][0]), true), rows[i][1]);
		talloc_free(ctx);
	}
}

static void a_lone_escape_waits_and_then_is_the_key(void **state)
{
	struct wz_keys *keys = wz_keys_new(NULL);
	struct wz_key key;

	(void)state;
	wz_keys_feed(keys, "\033", 1);
	assert_false(wz_keys_next(keys, &key));
	assert_int_equal(wz_keys_waiting(keys), 1);
	wz_keys_give_up(keys);
	assert_true(wz_keys_next(keys, &key));
	assert_int_equal(key.code, WZ_KEY_ESC);
	assert_int_equal(wz_keys_waiting(keys), 0);
	talloc_free(keys);
}

static void a_sequence_that_never_ends_gives_no_text(void **state)
{
	static const char *const rows[] = {"\033[1;2", "\033O",  "\033]0;title",
					   "\303",     "\033[[", "\033[200"};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		char *text = decode(NULL, rows[i], strlen(rows[i]), false);

		assert_string_equal(text, "");
		talloc_free(talloc_parent(text) ? talloc_parent(text) : text);
	}
}

static void terminfo_adds_what_the_grammar_does_not_know(void **state)
{
	struct wz_keys *keys = wz_keys_new(NULL);
	struct wz_key key;

	(void)state;
	wz_keys_add(keys, "\033Ox", WZ_KEY_F, 10); /* vt100 */
	wz_keys_add(keys, "\b", WZ_KEY_LEFT, 0);   /* a single byte is left out */
	wz_keys_feed(keys, "\033Ox\b", 4);
	assert_true(wz_keys_next(keys, &key));
	assert_int_equal(key.code, WZ_KEY_F);
	assert_int_equal(key.character, 10);
	assert_true(wz_keys_next(keys, &key));
	assert_int_equal(key.code, WZ_KEY_BACKSPACE);
	talloc_free(keys);
}

static void text_in_the_same_read_makes_a_burst(void **state)
{
	struct wz_keys *keys = wz_keys_new(NULL);
	struct wz_key key;

	(void)state;
	wz_keys_feed(keys, "a\r", 2);
	assert_true(wz_keys_next(keys, &key));
	assert_true(wz_keys_next(keys, &key));
	assert_true(key.code == WZ_KEY_ENTER && key.is_in_burst);
	wz_keys_feed(keys, "\r", 1);
	assert_true(wz_keys_next(keys, &key));
	assert_true(key.code == WZ_KEY_ENTER && !key.is_in_burst);
	talloc_free(keys);
}

static void bytes_by_chance_are_all_taken(void **state)
{
	struct unit_chance chance = {42};

	(void)state;
	for (size_t round = 0; round < 2000; round++) {
		struct wz_keys *keys = wz_keys_new(NULL);
		struct wz_key key;
		char bytes[64];

		for (size_t i = 0; i < sizeof(bytes); i++) {
			bytes[i] = unit_below(&chance, 4) ? (char)unit_next(&chance)
							  : "\033[O0;~M]"[unit_below(&chance, 8)];
		}
		wz_keys_feed(keys, bytes, sizeof(bytes));
		while (wz_keys_next(keys, &key)) {
		}
		wz_keys_give_up(keys);
		while (wz_keys_next(keys, &key)) {
		}
		assert_int_equal(wz_keys_waiting(keys), 0);
		talloc_free(keys);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_every_terminal_are_known_also_in_pieces),
		cmocka_unit_test(a_lone_escape_waits_and_then_is_the_key),
		cmocka_unit_test(a_sequence_that_never_ends_gives_no_text),
		cmocka_unit_test(terminfo_adds_what_the_grammar_does_not_know),
		cmocka_unit_test(text_in_the_same_read_makes_a_burst),
		cmocka_unit_test(bytes_by_chance_are_all_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
