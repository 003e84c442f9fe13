/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/settings: what is exported is imported as it was. */
#include "config.h"

#include "engine/base/compiler.h"
#include "engine/config/keys.h"
#include "engine/config/save.h"
#include "engine/config/settings.h"
#include "engine/config/validate.h"
#include "engine/config/value.h"
#include "tests/unit/unit.h"

#define CONFIG_PATH "/etc/groupback/groupback.conf"

static void set(struct gb_config *config, const char *section, const char *name, const char *text)
{
	struct gb_err err;

	assert_int_equal(gb_config_set(config, gb_key_find(section, name), text, &err), GB_OK);
}

/* A configuration that is valid, and names no file beside itself. */
static struct gb_config *valid_config(void *ctx)
{
	struct gb_config *config = gb_config_new(ctx);

	set(config, "cloud", "tenant", "contoso.example");
	set(config, "cloud", "client id", "11111111-2222-3333-4444-555555555555");
	set(config, "cloud", "credential", "secret");
	set(config, "directory", "servers", "dc1.corp.example");
	set(config, "directory", "account", "CN=a\\22 \\3B\\23,DC=corp,DC=example");
	set(config, "writeback", "container", "OU=Cloud \\22Groups\\22,DC=corp,DC=example");
	return config;
}

static void survives(const struct gb_config *config)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config_problems problems = {.count = 0};
	struct gb_settings *settings = NULL;
	char *left_out;
	char *text;
	struct gb_err err;

	assert_int_equal(gb_settings_write(ctx, config, CONFIG_PATH, &text, &left_out, &err),
			 GB_OK);
	assert_int_equal(gb_settings_read(ctx, text, strlen(text), "x", CONFIG_PATH, &settings,
					  &problems),
			 GB_OK);
	assert_string_equal(gb_config_text(ctx, settings->config), gb_config_text(ctx, config));
	talloc_free(ctx);
}

/* Some keys go only with others, which the tests of validation set. */
static bool survives_if_valid(const struct gb_config *config)
{
	struct gb_config_problems problems = {.count = 0};
	bool is_valid = gb_config_validate(config, &problems);

	if (is_valid) {
		survives(config);
	}
	return is_valid;
}

static void every_value_of_every_key_survives(void **state)
{
	static const char *const samples[] = {"yes",   "no",	"1",	     "7",   "5 5%",
					      "none",  "90s",	"12h",	     "7d",  "entra",
					      "/x/y z", "a.example", "http://p.example:3128"};
	void *ctx = gb_new_tmp(NULL);
	unsigned tried = 0;
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct gb_config *config = valid_config(ctx);
		struct gb_err err;

		for (const struct gb_key_choice *one = keys[i].choices; one && one->word; one++) {
			/* The file that goes with it is carried, too: by another test. */
			if (strcmp(one->word, "certificate") != 0) {
				set(config, keys[i].section, keys[i].name, one->word);
				tried += survives_if_valid(config);
			}
		}
		for (size_t s = 0; s < GB_ARRAY_SIZE(samples); s++) {
			if (gb_config_set(config, &keys[i], samples[s], &err) == GB_OK) {
				tried += survives_if_valid(config);
			}
		}
	}
	assert_true(tried > 100);
	talloc_free(ctx);
}

static const char *spoilt(void *ctx, const char *before, const char *after)
{
	struct gb_config *config = valid_config(ctx);
	char *left_out;
	char *text;
	char *at;
	struct gb_err err;

	assert_int_equal(gb_settings_write(ctx, config, CONFIG_PATH, &text, &left_out, &err),
			 GB_OK);
	at = strstr(text, before);
	assert_non_null(at);
	return gb_printf(ctx, "%.*s%s%s", (int)(at - text), text, after, at + strlen(before));
}

static void what_is_not_known_is_refused(void **state)
{
	static const struct {
		const char *before;
		const char *after;
		const char *what;
	} rows[] = {
		{"\"groupbackSettings\": 1", "\"groupbackSettings\": 2", "newer"},
		{"\"groupbackSettings\": 1", "\"groupbackSettings\": 0", "no file that"},
		{"\"groupbackSettings\": 1", "\"groupbackSettings\": \"1\"", "no file that"},
		{"\"tenant\"", "\"tenants\"", "tenants"},
		{"\"cloud\"", "\"clouds\"", "clouds"},
		{"\"version\"", "\"version\\u001b[2J\"", "not known"},
		{"\"staging\": \"no\"", "\"staging\": false", "staging"},
		{"\"staging\": \"no\"", "\"staging\": \"maybe\"", "staging"},
		{"\"files\": {}", "\"files\": {\"../x\": \"y\"}", "../x"},
		{"\"files\": {}", "\"files\": {\"x\": \"y\"}", "x"},
		{"\"files\": {}", "\"files\": {}, \"files\": {}", "same name"},
		{"}", "", ""},
	};
	void *ctx = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		const char *text = spoilt(ctx, rows[i].before, rows[i].after);
		struct gb_config_problems problems = {.count = 0};
		struct gb_settings *settings = NULL;

		assert_int_equal(gb_settings_read(ctx, text, strlen(text), "x", CONFIG_PATH,
						  &settings, &problems),
				 GB_E_CONFIG);
		if (strstr(problems.items[0].what, rows[i].what) == NULL) {
			fail_msg("%s: %s", rows[i].after, problems.items[0].what);
		}
		assert_null(strchr(problems.items[0].what, '\x1b'));
		assert_non_null(strstr(problems.items[0].undone, "Nothing was imported"));
	}
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_of_every_key_survives),
		cmocka_unit_test(what_is_not_known_is_refused),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
