/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/credentials. */
#include "config.h"

#include "engine/config/credentials.h"
#include "engine/config/value.h"
#include "tests/unit/unit.h"

/* Two places for secrets: what systemd hands over, and our own folder. */
struct places {
	char *folder;
	char *systemd;
	char *own;
	struct gb_config *config;
};

static int begin(void **state)
{
	struct places *places = gb_new(NULL, struct places);

	places->folder = unit_folder(places);
	places->systemd = gb_printf(places, "%s/systemd", places->folder);
	places->own = gb_printf(places, "%s/own", places->folder);
	places->config = gb_config_new(places);
	assert_int_equal(mkdir(places->systemd, 0700), 0);
	assert_int_equal(mkdir(places->own, 0700), 0);
	assert_int_equal(gb_config_set(places->config,
				       gb_key_find("paths", "credentials directory"), places->own,
				       NULL),
			 GB_OK);
	setenv("CREDENTIALS_DIRECTORY", places->systemd, 1);
	*state = places;
	return 0;
}

static int end(void **state)
{
	unsetenv("CREDENTIALS_DIRECTORY");
	talloc_free(*state);
	return 0;
}

static void put(struct places *places, const char *place, const char *name, const char *text,
		mode_t mode)
{
	unit_write(gb_printf(places, "%s/%s", place, name), text, strlen(text), mode);
}

static void holds(struct places *places, enum gb_credential which, const char *text)
{
	struct gb_secret *secret;
	struct gb_err err;

	if (gb_credential_read(places, places->config, which, &secret, &err) != GB_OK) {
		fail_msg("%s", err.what);
	}
	assert_string_equal(gb_secret_bytes(secret), text);
}

static void what_systemd_hands_over_comes_first(void **state)
{
	struct places *places = *state;

	put(places, places->own, "cloud-secret", "own", 0600);
	holds(places, GB_CREDENTIAL_CLOUD_SECRET, "own");
	put(places, places->systemd, "cloud-secret", "systemd\n", 0400);
	holds(places, GB_CREDENTIAL_CLOUD_SECRET, "systemd");
	setenv("CREDENTIALS_DIRECTORY", "relative", 1);
	holds(places, GB_CREDENTIAL_CLOUD_SECRET, "own");
	unsetenv("CREDENTIALS_DIRECTORY");
	holds(places, GB_CREDENTIAL_CLOUD_SECRET, "own");
}

/* LoadCredential=file:FOLDER names them file_NAME (systemd.exec(5)). */
static void a_plain_file_that_systemd_hands_over_counts_after_the_encrypted_one(void **state)
{
	struct places *places = *state;

	put(places, places->own, "cloud-secret", "own", 0600);
	put(places, places->systemd, GB_CREDENTIAL_FILE_PREFIX "cloud-secret", "file", 0400);
	holds(places, GB_CREDENTIAL_CLOUD_SECRET, "file");
	put(places, places->systemd, "cloud-secret", "encrypted", 0400);
	holds(places, GB_CREDENTIAL_CLOUD_SECRET, "encrypted");
}

static void each_secret_has_its_own_name(void **state)
{
	struct places *places = *state;

	put(places, places->own, "cloud-secret", "1", 0600);
	put(places, places->own, "cloud-key", "2", 0600);
	put(places, places->own, "directory-password", "3", 0600);
	holds(places, GB_CREDENTIAL_CLOUD_SECRET, "1");
	holds(places, GB_CREDENTIAL_CLOUD_KEY, "2");
	holds(places, GB_CREDENTIAL_DIRECTORY_PASSWORD, "3");
	assert_string_equal(gb_credential_name(GB_CREDENTIAL_DIRECTORY_KEYTAB), "directory-keytab");
}

static void a_missing_secret_says_where_it_was_looked_for(void **state)
{
	struct places *places = *state;
	struct gb_secret *secret = NULL;
	struct gb_err err;

	assert_int_equal(gb_credential_read(places, places->config,
					    GB_CREDENTIAL_DIRECTORY_PASSWORD, &secret, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "credential-missing");
	assert_non_null(strstr(err.what, places->own));
	assert_null(secret);
}

static void a_secret_that_others_can_read_is_not_passed_over(void **state)
{
	struct places *places = *state;
	struct gb_secret *secret = NULL;
	struct gb_err err;

	put(places, places->systemd, "cloud-secret", "systemd", 0644);
	put(places, places->own, "cloud-secret", "own", 0600);
	assert_int_equal(gb_credential_read(places, places->config, GB_CREDENTIAL_CLOUD_SECRET,
					    &secret, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "file-mode");
	assert_null(secret);
}

static void a_dangling_link_is_not_missing(void **state)
{
	struct places *places = *state;
	struct gb_secret *secret = NULL;
	struct gb_err err;

	put(places, places->own, "cloud-secret", "own", 0600);
	assert_int_equal(symlink("/nowhere", gb_printf(places, "%s/cloud-secret", places->systemd)),
			 0);
	assert_int_equal(gb_credential_read(places, places->config, GB_CREDENTIAL_CLOUD_SECRET,
					    &secret, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "file-symlink");
}

static void the_keytab_is_given_by_its_path_after_the_same_checks(void **state)
{
	struct places *places = *state;
	char *expected = gb_printf(places, "%s/directory-keytab", places->own);
	struct gb_err err;
	char *path = NULL;

	assert_int_equal(gb_credential_path(places, places->config, GB_CREDENTIAL_DIRECTORY_KEYTAB,
					    &path, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "credential-missing");
	unit_write(expected, "\x05\x02\0\0", 4, 0600);
	assert_int_equal(gb_credential_path(places, places->config, GB_CREDENTIAL_DIRECTORY_KEYTAB,
					    &path, &err),
			 GB_OK);
	assert_string_equal(path, expected);
	path = NULL;
	assert_int_equal(chmod(expected, 0644), 0);
	assert_int_equal(gb_credential_path(places, places->config, GB_CREDENTIAL_DIRECTORY_KEYTAB,
					    &path, &err),
			 GB_E_CONFIG);
	assert_string_equal(err.id, "file-mode");
	assert_null(path);
}

#define CREDENTIAL_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CREDENTIAL_TEST(what_systemd_hands_over_comes_first),
		CREDENTIAL_TEST(a_plain_file_that_systemd_hands_over_counts_after_the_encrypted_one),
		CREDENTIAL_TEST(each_secret_has_its_own_name),
		CREDENTIAL_TEST(a_missing_secret_says_where_it_was_looked_for),
		CREDENTIAL_TEST(a_secret_that_others_can_read_is_not_passed_over),
		CREDENTIAL_TEST(a_dangling_link_is_not_missing),
		CREDENTIAL_TEST(the_keytab_is_given_by_its_path_after_the_same_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
