/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/dn_text. */
#include "config.h"

#include "engine/base/text.h"
#include "engine/config/dn_text.h"
#include "tests/unit/unit.h"

static void a_dn_is_spelt_in_one_way(void **state)
{
	static const char *const pairs[][2] = {
		{"CN=a", "CN=a"},
		{"cn=a,OU=b c,DC=d", "cn=a,OU=b c,DC=d"},
		{" CN = a , OU = b ", "CN=a,OU=b"},
		{"CN=a+SN=b,DC=c", "CN=a+SN=b,DC=c"},
		{"2.5.4.3=a", "2.5.4.3=a"},
		{"CN=a\\,b", "CN=a\\,b"},
		{"CN=a\\2cb", "CN=a\\2Cb"},
		{"CN=a\\\"b", "CN=a\\22b"},
		{"CN=a\\;b\\#c#d", "CN=a\\3Bb\\23c\\23d"},
		{"CN=\\#a", "CN=\\23a"},
		{"CN=\\ a\\ ", "CN=\\20a\\20"},
		{"CN=a \\20 ,DC=b", "CN=a \\20,DC=b"},
		{"CN=a\\\\", "CN=a\\\\"},
		{"CN=a\\0ACNF:b", "CN=a\\0ACNF:b"},
		{"CN=a=b", "CN=a=b"},
		{"CN=a\\=b", "CN=a\\=b"},
		{"CN=Gr\xc3\xbc\xc3\x9f"
		 "e",
		 "CN=Gr\xc3\xbc\xc3\x9f"
		 "e"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *once = gb_dn_text_canonical(NULL, pairs[i][0]);
		char *twice;

		assert_non_null(once);
		assert_string_equal(once, pairs[i][1]);
		twice = gb_dn_text_canonical(once, once);
		assert_string_equal(twice, once);
		talloc_free(once);
	}
}

static void what_is_no_dn_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"a",
		"CN",
		"CN=",
		"CN= ",
		"=a",
		"CN=a,",
		",CN=a",
		"CN=a,,DC=b",
		"CN=a+",
		"CN=a;DC=b",
		"CN=\"a\"",
		"CN=a\"b",
		"CN=#04024869",
		"CN=a<b",
		"CN=a>b",
		"CN=a\\",
		"CN=a\\zb",
		"CN=a\\4",
		"1=a",
		"1.=a",
		".1=a",
		"1.2.=a",
		"C_N=a",
		"-CN=a",
		"C N=a",
		"<GUID=73d664e4-0886-4a73-b745-c694da45ddb4>",
		"svc@corp.example.com",
		"\xc3\xbc=a",
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		if (gb_dn_text_canonical(NULL, bad[i])) {
			fail_msg("taken: %s", bad[i]);
		}
	}
}

/* The bytes of the value that begins at @text, up to an unescaped comma or the end. */
static size_t decode(const char *text, char *out)
{
	size_t used = 0;

	while (*text && *text != ',') {
		unsigned byte;

		if (*text != '\\') {
			out[used++] = *text++;
		} else if (sscanf(text + 1, "%2x", &byte) == 1 &&
			   strspn(text + 1, "0123456789ABCDEF") >= 2) {
			out[used++] = (char)byte;
			text += 3;
		} else {
			out[used++] = text[1];
			text += 2;
		}
	}
	return used;
}

/* Escapes every special with a backslash alone, as people and ldapsearch do. */
static char *escape_by_hand(void *ctx, const char *value)
{
	char *out = gb_strdup(ctx, "");

	for (const char *at = value; *at; at++) {
		bool edge = at == value || at[1] == '\0';
		bool special = strchr("\"+,;<>\\", *at) || (*at == ' ' && edge) ||
			       (*at == '#' && at == value);

		out = talloc_asprintf_append(out, special ? "\\%c" : "%c", *at);
	}
	return out;
}

static void the_value_that_is_meant_never_changes(void **state)
{
	static const char specials[] = "\"+,;<>\\# =aB1\xc3\xbc'()*/";
	struct unit_chance chance = {5};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		void *tmp = gb_new_tmp(NULL);
		char value[16] = {0};
		char decoded[64];
		size_t length = 1 + unit_below(&chance, 12);
		char *escaped;
		char *canonical;

		for (size_t at = 0; at < length; at++) {
			value[at] = specials[unit_below(&chance, sizeof(specials) - 1)];
		}
		escaped =
			i % 2 ? gb_text_dn_escape(tmp, value, length) : escape_by_hand(tmp, value);
		canonical = gb_dn_text_canonical(tmp, gb_printf(tmp, "OU=%s,DC=x", escaped));
		if (!canonical) {
			fail_msg("refused: %s", escaped);
		}
		assert_null(strpbrk(canonical, "\";#"));
		assert_int_equal(decode(canonical + 3, decoded), length);
		assert_memory_equal(decoded, value, length);
		assert_string_equal(canonical + strlen(canonical) - 5, ",DC=x");
		talloc_free(tmp);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dn_is_spelt_in_one_way),
		cmocka_unit_test(what_is_no_dn_is_refused),
		cmocka_unit_test(the_value_that_is_meant_never_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
