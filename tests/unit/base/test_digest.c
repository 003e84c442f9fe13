/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/digest. */
#include "config.h"

#include "engine/base/digest.h"
#include "tests/unit/unit.h"

static void sha256_gives_the_published_digest(void **state)
{
	uint8_t digest[32];
	char *text;

	(void)state;
	gb_digest_sha256("abc", 3, digest); /* FIPS 180-4, example B.1 */
	text = gb_digest_hex(NULL, digest, sizeof(digest));
	assert_string_equal(text,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	talloc_free(text);
}

static void base64_gives_the_published_examples(void **state)
{
	static const char *const pairs[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"}, /* RFC 4648 section 10 */
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(pairs); i++) {
		char *text = gb_digest_base64(NULL, pairs[i][0], strlen(pairs[i][0]));
		uint8_t bytes[16];

		assert_string_equal(text, pairs[i][1]);
		assert_int_equal(gb_digest_base64_decode(text, bytes, sizeof(bytes)),
				 strlen(pairs[i][0]));
		assert_memory_equal(bytes, pairs[i][0], strlen(pairs[i][0]));
		talloc_free(text);
	}
}

static void what_is_not_strict_base64_is_refused(void **state)
{
	static const char *const bad[] = {"Zg=",  "Zg",   "Zg===",    "=",         "====",
					  "Zh==", "Zm9=", "Zm9v\n",   " Zm9v",     "Zm 9",
					  "Zm-_", "Z===", "Zg==Zg==", "\xc3\xa9zz"};
	uint8_t bytes[16];

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_int_equal(gb_digest_base64_decode(bad[i], bytes, sizeof(bytes)), -1);
	}
	assert_int_equal(gb_digest_base64_decode("Zm9vYmFy", bytes, 5), -1);
	assert_int_equal(gb_digest_base64url_decode("Zm9v+", bytes, sizeof(bytes)), -1);
	assert_int_equal(gb_digest_base64url_decode("ab/c", bytes, sizeof(bytes)), -1);
	assert_int_equal(gb_digest_base64url_decode("Zg==", bytes, sizeof(bytes)), -1);
	assert_int_equal(gb_digest_base64url_decode("Z", bytes, sizeof(bytes)), -1);
}

static void any_bytes_survive_both_alphabets(void **state)
{
	struct unit_chance chance = {7};

	(void)state;
	for (size_t round = 0; round < 2000; round++) {
		uint8_t bytes[64];
		uint8_t back[64];
		size_t length = round % (sizeof(bytes) + 1);
		char *text;

		for (size_t i = 0; i < length; i++) {
			bytes[i] = (uint8_t)unit_next(&chance);
		}
		text = gb_digest_base64(NULL, bytes, length);
		assert_int_equal(gb_digest_base64_decode(text, back, length), length);
		assert_memory_equal(bytes, back, length);
		talloc_free(text);
		text = gb_digest_base64url(NULL, bytes, length);
		assert_null(strpbrk(text, "+/="));
		assert_int_equal(gb_digest_base64url_decode(text, back, length), length);
		assert_memory_equal(bytes, back, length);
		talloc_free(text);
	}
}

static void random_guids_are_of_version_4(void **state)
{
	struct gb_guid a = gb_digest_random_guid();
	struct gb_guid b = gb_digest_random_guid();

	(void)state;
	assert_int_equal(a.bytes[6] >> 4, 4);
	assert_int_equal(a.bytes[8] >> 6, 2);
	assert_int_not_equal(gb_guid_compare(&a, &b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_digest),
		cmocka_unit_test(base64_gives_the_published_examples),
		cmocka_unit_test(what_is_not_strict_base64_is_refused),
		cmocka_unit_test(any_bytes_survive_both_alphabets),
		cmocka_unit_test(random_guids_are_of_version_4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
