/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/save: what is saved is what is loaded. */
#include "config.h"

#include "engine/base/buffer.h"
#include "engine/base/text.h"
#include "engine/config/load.h"
#include "engine/config/save.h"
#include "engine/config/value.h"
#include "tests/unit/unit.h"

static const char *const parts[] = {
	"a",
	"Z",
	"7",
	" ",
	" ",
	"\"",
	";",
	"#",
	"\\",
	",",
	"+",
	"<",
	">",
	"=",
	"'",
	"%",
	"$",
	"[",
	"]",
	":",
	"(",
	")",
	"*",
	"/",
	"@",
	".",
	"-",
	"\xc3\xbc",
	"e\xcc\x81",
	"\xe6\x97\xa5",
	"\xf0\x9f\x98\x80",
	"\xc2\xa0",
	"\xe2\x80\xae",
	"\xc3\x85",
	"%s",
	"\\n",
	"\\\\",
	"\\\"",
};

static char *hostile(void *ctx, struct unit_chance *chance, size_t max_parts)
{
	struct gb_buffer *text = gb_buffer_new(ctx);

	for (size_t n = 1 + unit_below(chance, max_parts); n > 0; n--) {
		gb_buffer_add_text(text, parts[unit_below(chance, GB_ARRAY_SIZE(parts))]);
	}
	return gb_buffer_steal(ctx, text);
}

static char *hostile_dn(void *ctx, struct unit_chance *chance, size_t max_parts)
{
	struct gb_buffer *dn = gb_buffer_new(ctx);
	size_t depth = 1 + unit_below(chance, 4);

	for (size_t i = 0; i < depth; i++) {
		char *value = hostile(ctx, chance, max_parts);

		gb_buffer_add_format(dn, "%sOU=%s", i ? "," : "",
				     gb_text_dn_escape(ctx, value, strlen(value)));
	}
	return gb_buffer_steal(ctx, dn);
}

static void set(struct gb_config *config, const char *section, const char *name, const char *text)
{
	struct gb_err err;

	if (gb_config_set(config, gb_key_find(section, name), text, &err) != GB_OK) {
		fail_msg("%s %s", err.what, err.remedy);
	}
}

/* A valid configuration. */
static struct gb_config *sample(void *ctx)
{
	struct gb_config *config = gb_config_new(ctx);

	set(config, "cloud", "tenant", "contoso.example");
	set(config, "cloud", "client id", "73d664e4-0886-4a73-b745-c694da45ddb4");
	set(config, "directory", "servers", "dc1 [::1]:636");
	set(config, "directory", "account", "CORP\\svc");
	return config;
}

static void assert_same(const struct gb_config *a, const struct gb_config *b)
{
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	for (size_t i = 0; i < count; i++) {
		char *left = gb_config_get(NULL, a, &keys[i]);
		char *right = gb_config_get(NULL, b, &keys[i]);

		assert_int_equal(!left, !right);
		if (left) {
			assert_string_equal(left, right);
		}
		talloc_free(left);
		talloc_free(right);
	}
}

static void round_trip(const struct gb_config *config, void *tmp)
{
	char *text = gb_config_text(tmp, config);
	struct gb_config_problems problems = {0};
	struct gb_config *back;

	if (gb_config_parse(tmp, text, strlen(text), "file", &back, &problems) != GB_OK) {
		fail_msg("%s\n%s", problems.items[0].what, text);
	}
	assert_same(config, back);
	assert_string_equal(text, gb_config_text(tmp, back));
}

static void any_dn_survives(void **state)
{
	struct unit_chance chance = {41};

	(void)state;
	for (int i = 0; i < 4000; i++) {
		void *tmp = gb_new_tmp(NULL);
		struct gb_config *config = sample(tmp);

		set(config, "writeback", "container", hostile_dn(tmp, &chance, 12));
		set(config, "directory", "account", hostile_dn(tmp, &chance, 6));
		round_trip(config, tmp);
		talloc_free(tmp);
	}
}

static void any_path_survives(void **state)
{
	struct unit_chance chance = {43};
	int taken = 0;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		void *tmp = gb_new_tmp(NULL);
		struct gb_config *config = sample(tmp);
		char *path = gb_printf(tmp, "/%s", hostile(tmp, &chance, 10));
		struct gb_err err;

		if (gb_config_set(config, gb_key_find("paths", "state directory"), path, &err) ==
		    GB_OK) {
			taken++;
			round_trip(config, tmp);
		}
		talloc_free(tmp);
	}
	assert_true(taken > 1000);
}

/* Whatever any key takes, however odd, is written and read as the same. */
static void whatever_the_table_takes_survives(void **state)
{
	static const char *const seeds[] = {"",         "/",          "CN=",  "svc@", "CORP\\",
					    "https://", "http://p:1", "dc1 ", "a.b",  "1",
					    "7%",       "5 5%",       "none", "30d",  "yes"};
	struct unit_chance chance = {47};
	size_t count;
	const struct gb_key *keys = gb_keys(&count);
	int taken = 0;

	(void)state;
	for (int i = 0; i < 60000; i++) {
		void *tmp = gb_new_tmp(NULL);
		const struct gb_key *key = &keys[unit_below(&chance, count)];
		struct gb_config *config = sample(tmp);
		char *text =
			gb_printf(tmp, "%s%s", seeds[unit_below(&chance, GB_ARRAY_SIZE(seeds))],
				  hostile(tmp, &chance, 5));
		struct gb_config_problems problems = {0};
		struct gb_err err;
		char *file;
		struct gb_config *back;

		if (gb_config_set(config, key, text, &err) == GB_OK) {
			taken++;
			file = gb_config_text(tmp, config);
			/* A value can contradict another key; then only that is said. */
			if (gb_config_parse(tmp, file, strlen(file), "file", &back, &problems) ==
			    GB_OK) {
				assert_same(config, back);
			} else {
				assert_string_equal(problems.items[0].id, "config-contradiction");
			}
		}
		talloc_free(tmp);
	}
	assert_true(taken > 500);
}

static void the_longest_values_survive(void **state)
{
	struct gb_config *config = sample(NULL);
	char *path = gb_new_array(config, char, GB_CONFIG_MAX_VALUE_BYTES + 1);
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	(void)state;
	memset(path, '#', GB_CONFIG_MAX_VALUE_BYTES);
	path[0] = '/';
	for (size_t i = 0; i < count; i++) {
		if (keys[i].type == GB_KEY_PATH) {
			set(config, keys[i].section, keys[i].name, path);
		}
	}
	memcpy(path, "OU=\\20", 6);
	for (size_t i = 6; i < GB_CONFIG_MAX_VALUE_BYTES; i++) {
		path[i] = 'x';
	}
	set(config, "writeback", "container", path);
	round_trip(config, config);
	talloc_free(config);
}

static void every_choice_survives(void **state)
{
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (const struct gb_key_choice *c = keys[i].choices; c && c->word; c++) {
			void *tmp = gb_new_tmp(NULL);
			struct gb_config *config = sample(tmp);

			set(config, "cloud", "environment", "custom");
			set(config, "cloud", "authority", "https://a");
			set(config, "cloud", "graph", "https://[::1]:1");
			set(config, "directory", "bind", "gssapi");
			set(config, "directory", "account", "svc@REALM");
			set(config, "writeback", "container", "OU=a");
			if (strcmp(keys[i].name, "environment") != 0 &&
			    strcmp(keys[i].name, "bind") != 0) {
				set(config, keys[i].section, keys[i].name, c->word);
			}
			round_trip(config, tmp);
			talloc_free(tmp);
		}
	}
}

static void a_saved_file_is_loaded_and_readable_by_the_engine(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/groupback.conf", folder);
	struct gb_config *config = sample(folder);
	struct gb_config_problems problems;
	struct gb_config *back;
	struct gb_err err;
	struct stat st;

	(void)state;
	umask(077);
	assert_int_equal(gb_config_save(config, path, &err), GB_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(gb_config_load(folder, path, &back, &problems), GB_OK);
	assert_same(config, back);
	talloc_free(folder);
}

static void what_could_not_be_loaded_is_not_saved(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/groupback.conf", folder);
	struct gb_config *config = sample(folder);
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_config_save(config, path, &err), GB_OK);
	set(config, "features", "group writeback", "yes");
	assert_int_equal(gb_config_save(config, path, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "config-missing");
	assert_null(strstr(unit_read(folder, path), "group writeback = \"yes\""));
	talloc_free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_dn_survives),
		cmocka_unit_test(any_path_survives),
		cmocka_unit_test(whatever_the_table_takes_survives),
		cmocka_unit_test(the_longest_values_survive),
		cmocka_unit_test(every_choice_survives),
		cmocka_unit_test(a_saved_file_is_loaded_and_readable_by_the_engine),
		cmocka_unit_test(what_could_not_be_loaded_is_not_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
