/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/keys, value and configuration. */
#include "config.h"

#include "engine/base/text.h"
#include "engine/config/keys.h"
#include "engine/config/value.h"
#include "tests/unit/unit.h"

static const struct gb_key *key(const char *section, const char *name)
{
	const struct gb_key *found = gb_key_find(section, name);

	assert_non_null(found);
	return found;
}

static void set(struct gb_config *config, const char *section, const char *name, const char *text)
{
	struct gb_err err;

	if (gb_config_set(config, key(section, name), text, &err) != GB_OK) {
		fail_msg("%s %s", err.what, err.remedy);
	}
}

static void refused(struct gb_config *config, const char *section, const char *name,
		    const char *text)
{
	char *before = gb_config_get(config, config, key(section, name));
	struct gb_err err;
	char *after;

	assert_int_equal(gb_config_set(config, key(section, name), text, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "config-value");
	assert_non_null(strstr(err.what, name));
	assert_true(gb_text_is_utf8(err.what, strlen(err.what)));
	after = gb_config_get(config, config, key(section, name));
	assert_true((!before && !after) || strcmp(before, after) == 0);
}

static void defaults_are_those_of_the_documents(void **state)
{
	struct gb_config *config = gb_config_new(NULL);

	(void)state;
	assert_int_equal(config->cloud.environment, GB_CONFIG_ENVIRONMENT_GLOBAL);
	assert_int_equal(config->cloud.credential, GB_CONFIG_CREDENTIAL_CERTIFICATE);
	assert_int_equal(config->cloud.assertion, GB_CONFIG_ASSERTION_PS256);
	assert_string_equal(config->cloud.certificate_file, "/etc/groupback/cloud.pem");
	assert_null(config->cloud.tenant);
	assert_null(config->cloud.proxy);
	assert_int_equal(config->directory.servers.count, 0);
	assert_int_equal(config->directory.transport, GB_CONFIG_TRANSPORT_LDAPS);
	assert_int_equal(config->directory.bind, GB_CONFIG_BIND_SIMPLE);
	assert_false(config->features.group_writeback);
	assert_int_equal(config->writeback.kinds,
			 GB_CONFIG_KIND_SECURITY | GB_CONFIG_KIND_MICROSOFT365);
	assert_int_equal(config->writeback.scope, GB_CONFIG_SCOPE_ENABLED_ONLY);
	assert_int_equal(config->writeback.name, GB_CONFIG_NAME_OBJECT_ID);
	assert_int_equal(config->writeback.member_limit, GB_CONFIG_MEMBER_LIMIT_ENTRA);
	assert_false(config->writeback.hidden_membership);
	assert_false(config->writeback.role_assignable_groups);
	assert_false(config->safety.staging);
	assert_false(config->safety.accept_privileged_account);
	assert_string_equal(config->paths.state_directory, "/var/lib/groupback");
	assert_string_equal(config->paths.credentials_directory, "/etc/groupback/credentials");
	talloc_free(config);
}

/* What must hold for each row, so that reading and writing can rely on it. */
static void every_row_of_the_table_is_sound(void **state)
{
	struct gb_config *config = gb_config_new(NULL);
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct gb_key *row = &keys[i];
		char *rule = gb_key_rule(config, row);
		char *value = gb_config_get(config, config, row);

		assert_ptr_equal(gb_key_find(row->section, row->name), row);
		assert_true(gb_key_is_section(row->section));
		assert_true(i == 0 || keys[i].offset > keys[i - 1].offset);
		assert_true(strlen(row->name) + GB_CONFIG_MAX_VALUE_BYTES + 5 <
			    GB_CONFIG_MAX_LINE_BYTES);
		assert_null(strpbrk(row->name, "=:[]#;\"\n"));
		assert_int_equal(row->help[strlen(row->help) - 1], '.');
		assert_int_equal(rule[strlen(rule) - 1], '.');
		assert_int_equal(!row->fallback, !value);
		if (value) {
			assert_string_equal(value, row->fallback);
		}
		assert_true(!row->is_needed || !row->fallback);
	}
	talloc_free(config);
}

static void names_are_found_whatever_their_case(void **state)
{
	(void)state;
	assert_ptr_equal(gb_key_find("CLOUD", "Client ID"), key("cloud", "client id"));
	assert_null(gb_key_find("cloud", "client  id"));
	assert_null(gb_key_find("cloud", "servers"));
	assert_null(gb_key_find("", ""));
	assert_false(gb_key_is_section("clouds"));
}

static void every_choice_can_be_set_and_read_back(void **state)
{
	struct gb_config *config = gb_config_new(NULL);
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (const struct gb_key_choice *c = keys[i].choices; c && c->word; c++) {
			set(config, keys[i].section, keys[i].name, c->word);
			assert_string_equal(gb_config_get(config, config, &keys[i]), c->word);
		}
	}
	assert_int_equal(config->cloud.environment, GB_CONFIG_ENVIRONMENT_CUSTOM);
	assert_int_equal(config->directory.transport, GB_CONFIG_TRANSPORT_GSSAPI_SEAL);
	assert_int_equal(config->writeback.kinds, GB_CONFIG_KIND_MICROSOFT365);
	talloc_free(config);
}

static void limits_are_counts_shares_or_both(void **state)
{
	struct gb_config *config = gb_config_new(NULL);

	(void)state;
	assert_int_equal(config->safety.max_group_deletions.count, 5);
	assert_int_equal(config->safety.max_group_deletions.percent, 5);
	set(config, "safety", "max member removals", "7%");
	assert_int_equal(config->safety.max_member_removals.count, 0);
	assert_int_equal(config->safety.max_member_removals.percent, 7);
	set(config, "safety", "max member removals", "none");
	assert_int_equal(config->safety.max_member_removals.count, GB_LIMIT_NONE);
	refused(config, "safety", "max member removals", "7 percent");
	refused(config, "safety", "max member removals", "-1");
	refused(config, "safety", "max member removals", "");
	talloc_free(config);
}

static void words_are_taken_exactly(void **state)
{
	struct gb_config *config = gb_config_new(NULL);

	(void)state;
	refused(config, "cloud", "environment", "globa");
	refused(config, "cloud", "environment", "Global");
	refused(config, "cloud", "environment", "global ");
	refused(config, "cloud", "environment", "");
	refused(config, "features", "group writeback", "true");
	refused(config, "features", "group writeback", "Yes");
	refused(config, "features", "group writeback", "1");
	refused(config, "writeback", "kinds", "security,microsoft365");
	refused(config, "writeback", "kinds", " ");
	refused(config, "writeback", "kinds", "security other");
	set(config, "writeback", "kinds", "  microsoft365   security security ");
	assert_string_equal(gb_config_get(config, config, key("writeback", "kinds")),
			    "security microsoft365");
	talloc_free(config);
}

static void numbers_are_whole_and_in_range(void **state)
{
	static const char *const bad[] = {"0",
					  "-1",
					  "+1",
					  "01",
					  "1.5",
					  "1e3",
					  "10x",
					  "10 ",
					  " 10",
					  "",
					  "Entra",
					  "10000001",
					  "99999999999999999999999999999999"};
	struct gb_config *config = gb_config_new(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		refused(config, "writeback", "member limit", bad[i]);
	}
	set(config, "writeback", "member limit", "10000000");
	assert_int_equal(config->writeback.member_limit, 10000000);
	set(config, "writeback", "member limit", "1");
	assert_int_equal(config->writeback.member_limit, 1);
	set(config, "writeback", "member limit", "entra");
	assert_int_equal(config->writeback.member_limit, 0);
	talloc_free(config);
}

static void servers_are_a_list_with_a_limit(void **state)
{
	struct gb_config *config = gb_config_new(NULL);

	(void)state;
	set(config, "directory", "servers", " dc1  dc2:636 ");
	assert_int_equal(config->directory.servers.count, 2);
	assert_string_equal(config->directory.servers.items[1], "dc2:636");
	refused(config, "directory", "servers", "dc1, dc2");
	refused(config, "directory", "servers", " ");
	refused(config, "directory", "servers", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17");
	set(config, "directory", "servers", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16");
	assert_int_equal(config->directory.servers.count, GB_CONFIG_MAX_SERVERS);
	set(config, "directory", "servers", "");
	assert_int_equal(config->directory.servers.count, 0);
	talloc_free(config);
}

static void unsetting_and_resetting_differ(void **state)
{
	struct gb_config *config = gb_config_new(NULL);

	(void)state;
	set(config, "cloud", "proxy", "http://p:1");
	set(config, "cloud", "proxy", "");
	assert_null(config->cloud.proxy);
	set(config, "paths", "state directory", "/x");
	refused(config, "paths", "state directory", "");
	set(config, "paths", "state directory", NULL);
	assert_string_equal(config->paths.state_directory, "/var/lib/groupback");
	talloc_free(config);
}

static void values_hold_no_controls_and_are_utf8(void **state)
{
	struct gb_config *config = gb_config_new(NULL);

	(void)state;
	refused(config, "paths", "state directory", "/a\nb");
	refused(config, "paths", "state directory", "/a\tb");
	refused(config, "paths", "state directory", "/a\x1b[2J");
	refused(config, "paths", "state directory", "/a\xc2\x85");
	refused(config, "paths", "state directory", "/a\x7f");
	refused(config, "paths", "state directory", "/a\xff");
	refused(config, "writeback", "container", "OU=a\nb");
	talloc_free(config);
}

/* A DN of exactly @bytes bytes when it is written. */
static char *dn_of(void *ctx, size_t bytes)
{
	char *dn = gb_new_array(ctx, char, bytes + 1);

	memset(dn, 'a', bytes);
	memcpy(dn, "OU=", 3);
	return dn;
}

static void the_limit_is_about_what_will_be_written(void **state)
{
	struct gb_config *config = gb_config_new(NULL);
	char *dn = dn_of(config, GB_CONFIG_MAX_VALUE_BYTES);

	(void)state;
	set(config, "writeback", "container", dn);
	refused(config, "writeback", "container", dn_of(config, GB_CONFIG_MAX_VALUE_BYTES + 1));
	dn[10] = '#'; /* written with three bytes */
	refused(config, "writeback", "container", dn);
	talloc_free(config);
}

static void an_error_repeats_long_and_odd_values_safely(void **state)
{
	struct gb_config *config = gb_config_new(NULL);
	char *text = gb_new_array(config, char, 801);
	struct gb_err err;

	(void)state;
	for (size_t i = 0; i < 800; i += 4) {
		memcpy(text + i, "\xf0\x9f\x98\x80", 4);
	}
	refused(config, "cloud", "tenant", text);
	assert_int_equal(gb_config_set(config, key("cloud", "tenant"), "\x1b[2J\xe2\x80\xae", &err),
			 GB_E_CONFIG);
	assert_string_equal(err.what, "[cloud] tenant cannot be \"\\u{1b}[2J\\u{202e}\".");
	assert_string_not_equal(err.remedy, "");
	talloc_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_the_documents),
		cmocka_unit_test(every_row_of_the_table_is_sound),
		cmocka_unit_test(names_are_found_whatever_their_case),
		cmocka_unit_test(every_choice_can_be_set_and_read_back),
		cmocka_unit_test(limits_are_counts_shares_or_both),
		cmocka_unit_test(words_are_taken_exactly),
		cmocka_unit_test(numbers_are_whole_and_in_range),
		cmocka_unit_test(servers_are_a_list_with_a_limit),
		cmocka_unit_test(unsetting_and_resetting_differ),
		cmocka_unit_test(values_hold_no_controls_and_are_utf8),
		cmocka_unit_test(the_limit_is_about_what_will_be_written),
		cmocka_unit_test(an_error_repeats_long_and_odd_values_safely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
