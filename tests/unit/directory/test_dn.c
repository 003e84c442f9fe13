/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/dn. */
#include "config.h"

#include <ldap.h>

#include "engine/base/text.h"
#include "engine/directory/dn.h"
#include "tests/unit/unit.h"

struct pair {
	const char *in;
	const char *out;
};

static void one_dn_in_many_spellings_has_one_key(void **state)
{
	static const char *const spellings[] = {
		"CN=Anna M\\C3\\BCller,OU=People,DC=Lab,DC=Test",
		"cn=anna m\xc3\xbcller,ou=people,dc=lab,dc=test",
		"CN = ANNA M\xc3\x9cLLER , OU = People , DC=lab , DC=test",
	};
	char *first = gb_dn_key(NULL, spellings[0]);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(spellings); i++) {
		char *key = gb_dn_key(NULL, spellings[i]);

		assert_non_null(key);
		assert_string_equal(key, first);
		talloc_free(key);
	}
	talloc_free(first);
}

static void specials_are_written_as_hex_pairs(void **state)
{
	static const struct pair pairs[] = {
		{"CN=a\\,b,DC=x", "cn=a\\2cb,dc=x"},
		{"CN=a\\2Cb,DC=x", "cn=a\\2cb,dc=x"},
		{"CN=\\#a\\ ,DC=x", "cn=\\23a\\20,dc=x"},
		{"CN=\\ a \\+ b,DC=x", "cn=\\20a \\2b b,dc=x"},
		{"CN=a\\00b,DC=x", "cn=a\\00b,dc=x"},
		{"CN=a+OU=b,DC=x", "cn=a+ou=b,dc=x"},
		{"OU=b+CN=a,DC=x", "cn=a+ou=b,dc=x"},
		{"1.2.3=#04024869,DC=x", "1.2.3=#04024869,dc=x"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *key = gb_dn_key(NULL, pairs[i].in);

		assert_non_null(key);
		assert_string_equal(key, pairs[i].out);
		talloc_free(key);
	}
}

static void what_is_no_dn_has_no_key(void **state)
{
	static const char *const bad[] = {"", "x", "CN", "=a", "CN=a,", "CN=a,,DC=x", "<GUID=00>"};
	char *big = talloc_array(NULL, char, GB_DN_MAX_BYTES + 16);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_null(gb_dn_key(NULL, bad[i]));
		assert_null(gb_dn_parent(NULL, bad[i]));
		assert_null(gb_dn_rdn_value(NULL, bad[i]));
	}
	memset(big, 'a', GB_DN_MAX_BYTES + 15);
	memcpy(big, "CN=", 3);
	big[GB_DN_MAX_BYTES + 15] = '\0';
	assert_null(gb_dn_key(NULL, big));
	talloc_free(big);
}

static void the_parent_keeps_its_spelling(void **state)
{
	static const struct pair pairs[] = {
		{"CN=a,OU=B,DC=x", "OU=B,DC=x"},
		{"CN=a\\,b, OU=B,DC=x", "OU=B,DC=x"},
		{"CN=a\\2Cb+OU=c,DC=x", "DC=x"},
		{"DC=x", ""},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *parent = gb_dn_parent(NULL, pairs[i].in);

		assert_non_null(parent);
		assert_string_equal(parent, pairs[i].out);
		talloc_free(parent);
	}
}

static void below_means_below_at_any_depth_and_not_itself(void **state)
{
	(void)state;
	assert_true(gb_dn_is_below("cn=a,ou=b,dc=x", "ou=b,dc=x"));
	assert_true(gb_dn_is_below("cn=a,cn=c,ou=b,dc=x", "ou=b,dc=x"));
	assert_true(gb_dn_is_below("cn=a,dc=x", ""));
	assert_false(gb_dn_is_below("ou=b,dc=x", "ou=b,dc=x"));
	assert_false(gb_dn_is_below("", ""));
	assert_false(gb_dn_is_below("cn=aou=b,dc=x", "ou=b,dc=x"));
	assert_false(gb_dn_is_below("cn=a\\2cou=b,dc=x", "ou=b,dc=x"));
	assert_false(gb_dn_is_below("dc=x", "ou=b,dc=x"));
	assert_false(gb_dn_is_below("cn=a,ou=c,dc=x", "ou=b,dc=x"));
}

static void the_value_of_the_rdn_is_unescaped(void **state)
{
	char *value = gb_dn_rdn_value(NULL, "CN=a\\2Cb \\\"q\\\",DC=x");

	(void)state;
	assert_string_equal(value, "a,b \"q\"");
	talloc_free(value);
	assert_null(gb_dn_rdn_value(NULL, "CN=a\\00b,DC=x"));
}

static void a_child_is_escaped(void **state)
{
	char *dn = gb_dn_child(NULL, " x,ou=Tier0", "OU=B,DC=x");
	char *alone = gb_dn_child(NULL, "a", "");
	char *rdn = gb_dn_rdn(NULL, "#a+b");

	(void)state;
	assert_string_equal(dn, "CN=\\20x\\2Cou\\3DTier0,OU=B,DC=x");
	assert_string_equal(alone, "CN=a");
	assert_string_equal(rdn, "CN=\\23a\\2Bb");
	talloc_free(dn);
	talloc_free(alone);
	talloc_free(rdn);
}

/* Bytes that hurt: separators, quotes, blanks at the ends, controls, half characters. */
static size_t random_value(struct unit_chance *chance, char *bytes, size_t size)
{
	static const char nasty[] = " ,+\"\\<>;=#\0\n\r*()/\xff\xc3\x80"
				    "aZ";
	size_t length = 1 + unit_below(chance, size - 1);

	for (size_t i = 0; i < length; i++) {
		bytes[i] = unit_below(chance, 3) ? nasty[unit_below(chance, sizeof(nasty) - 1)]
						 : (char)unit_next(chance);
	}
	return length;
}

/* What gb_text_dn_escape() writes, libldap reads back: the same bytes, in one RDN. */
static void every_byte_string_survives_as_rdn_value(void **state)
{
	struct unit_chance chance = {.state = 4711};
	char bytes[24];

	(void)state;
	for (int round = 0; round < 100000; round++) {
		size_t length = random_value(&chance, bytes, sizeof(bytes));
		char *escaped = gb_text_dn_escape(NULL, bytes, length);
		char *dn = gb_printf(escaped, "CN=%s,OU=a,DC=x", escaped);
		LDAPDN parsed = NULL;

		assert_int_equal(ldap_str2dn(dn, &parsed, LDAP_DN_FORMAT_LDAPV3), LDAP_SUCCESS);
		assert_non_null(parsed[2]);
		assert_null(parsed[3]);
		assert_null(parsed[0][1]);
		assert_int_equal(parsed[0][0]->la_value.bv_len, length);
		assert_memory_equal(parsed[0][0]->la_value.bv_val, bytes, length);
		ldap_dnfree(parsed);
		talloc_free(escaped);
	}
}

static void a_key_is_its_own_key(void **state)
{
	struct unit_chance chance = {.state = 12};
	char bytes[24];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t length = random_value(&chance, bytes, sizeof(bytes));
		void *tmp = gb_new_tmp(NULL);
		char *dn = gb_printf(tmp, "CN=%s,OU=A,DC=x", gb_text_dn_escape(tmp, bytes, length));
		char *key = gb_dn_key(tmp, dn);

		assert_non_null(key);
		assert_string_equal(gb_dn_key(tmp, key), key);
		assert_true(gb_dn_is_below(key, "ou=a,dc=x"));
		assert_string_equal(gb_dn_key(tmp, gb_dn_parent(tmp, dn)), "ou=a,dc=x");
		talloc_free(tmp);
	}
}

static void assert_same_text(const char *a, const char *b)
{
	if (a && b) {
		assert_string_equal(a, b);
	} else {
		assert_ptr_equal(a, b);
	}
}

/* A blank in front means nothing, and nothing but the parser takes it. */
static void what_needs_no_parser_reads_as_the_parser_reads_it(void **state)
{
	static const char *const pieces[] = {"CN=", "ou=", "DC=", ",",    "=",        " ",  "a",
					     "Zz",  "-",   "2",   "é",    "\xc3\x9c", "\xff", "+",
					     ";",   "\\",  "\"",  "\\2c", "#",        "<",  "\x7f"};
	struct unit_chance chance = {.state = 99};
	unsigned good = 0;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		void *tmp = gb_new_tmp(NULL);
		char *dn = gb_strdup(tmp, unit_below(&chance, 4) ? "CN=a" : "");
		char *spaced;

		for (size_t left = unit_below(&chance, 9); left > 0; left--) {
			dn = gb_printf(tmp, "%s%s", dn,
				       pieces[unit_below(&chance, GB_ARRAY_SIZE(pieces))]);
		}
		spaced = gb_printf(tmp, " %s", dn);
		assert_same_text(gb_dn_key(tmp, dn), gb_dn_key(tmp, spaced));
		assert_same_text(gb_dn_parent(tmp, dn), gb_dn_parent(tmp, spaced));
		assert_same_text(gb_dn_rdn_value(tmp, dn), gb_dn_rdn_value(tmp, spaced));
		good += gb_dn_key(tmp, dn) != NULL;
		talloc_free(tmp);
	}
	assert_in_range(good, 10000, 90000);
}

/* Samba answers "\\?" and "\\*", which RFC 4514 does not list and libldap does not take. */
static void pairs_that_only_samba_writes_are_read(void **state)
{
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	assert_string_equal(gb_dn_key(tmp, "CN=l\\?m\\*n\\\"o,DC=x"), "cn=l?m*n\\22o,dc=x");
	assert_string_equal(gb_dn_rdn_value(tmp, "CN=l\\?m\\3Dn,DC=x"), "l?m=n");
	talloc_free(tmp);
}

static void an_inert_spelling_is_the_same_dn(void **state)
{
	static const struct pair pairs[] = {
		{"OU=Cloud Groups,DC=x", "OU=Cloud Groups,DC=x"},
		{"ou = a\\,b , dc = x", "ou=a\\2Cb,dc=x"},
		{"CN=$(id)+OU=`id`,DC=x", "CN=\\24(id)+OU=\\60id\\60,DC=x"},
		{"CN=a\\22'b\\?,DC=x", "CN=a\\22\\27b\\3F,DC=x"},
		{"CN=a\\00b,DC=x", "CN=a\\00b,DC=x"},
		{"1.2.3=#04024869,DC=x", "1.2.3=#04024869,DC=x"},
	};
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *inert = gb_dn_inert(tmp, pairs[i].in);

		assert_string_equal(inert, pairs[i].out);
		assert_string_equal(gb_dn_key(tmp, inert), gb_dn_key(tmp, pairs[i].in));
	}
	assert_null(gb_dn_inert(tmp, "$(id)"));
	talloc_free(tmp);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_dn_in_many_spellings_has_one_key),
		cmocka_unit_test(specials_are_written_as_hex_pairs),
		cmocka_unit_test(what_is_no_dn_has_no_key),
		cmocka_unit_test(the_parent_keeps_its_spelling),
		cmocka_unit_test(below_means_below_at_any_depth_and_not_itself),
		cmocka_unit_test(the_value_of_the_rdn_is_unescaped),
		cmocka_unit_test(a_child_is_escaped),
		cmocka_unit_test(every_byte_string_survives_as_rdn_value),
		cmocka_unit_test(a_key_is_its_own_key),
		cmocka_unit_test(what_needs_no_parser_reads_as_the_parser_reads_it),
		cmocka_unit_test(pairs_that_only_samba_writes_are_read),
		cmocka_unit_test(an_inert_spelling_is_the_same_dn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
