/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draft, on disk and off it, and the request that is made of it. */
#include "config.h"

#include "wizard/draft.h"

#include "engine/base/json.h"
#include "wizard/request.h"

#include "tests/unit/unit.h"

static void values_are_kept_right_or_wrong_and_only_right_ones_become_configuration(void **state)
{
	struct wz_draft *draft = wz_draft_new(NULL, NULL);
	struct gb_config *config;

	(void)state;
	assert_string_equal(wz_draft_get(draft, "writeback.scope"), "enabled-only");
	assert_true(wz_draft_set(draft, "cloud.tenant", "two words"));
	assert_false(wz_draft_set(draft, "cloud.tenant", "two words"));
	assert_true(wz_draft_set(draft, "writeback.scope", "tenant"));
	config = wz_draft_config(draft, draft);
	assert_null(config->cloud.tenant);
	assert_int_equal(config->writeback.scope, GB_CONFIG_SCOPE_TENANT);
	assert_string_equal(wz_draft_get(draft, "cloud.tenant"), "two words");
	talloc_free(draft);
}

static void a_stamp_grows_with_its_own_values_only(void **state)
{
	struct wz_draft *draft = wz_draft_new(NULL, NULL);
	uint64_t cloud;

	(void)state;
	assert_int_equal(wz_draft_stamp(draft, "cloud."), 0);
	wz_draft_set(draft, "cloud.tenant", "contoso.com");
	cloud = wz_draft_stamp(draft, "cloud.");
	assert_true(cloud > 0);
	wz_draft_set(draft, "directory.account", "x@y.z");
	assert_int_equal(wz_draft_stamp(draft, "cloud."), cloud);
	wz_draft_set_secret(draft, "secret.cloud-secret", gb_secret_new(NULL, "s", 1));
	assert_true(wz_draft_stamp(draft, "secret.") > cloud);
	talloc_free(draft);
}

static void changes_are_told_as_old_and_new(void **state)
{
	struct wz_draft *draft = wz_draft_new(NULL, NULL);
	struct wz_change *changes;
	size_t count;

	(void)state;
	wz_draft_set(draft, "setup.anything", "x");
	wz_draft_set(draft, "writeback.name", "display-name");
	changes = wz_draft_changes(draft, draft, &count);
	assert_int_equal(count, 1);
	assert_string_equal(changes[0].before, "object-id");
	assert_string_equal(changes[0].after, "display-name");
	talloc_free(draft);
}

static void a_draft_on_disk_has_what_was_typed_and_no_secret(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	char *path = gb_printf(ctx, "%s/draft", unit_folder(ctx));
	struct wz_draft *draft = wz_draft_new(ctx, NULL);
	struct wz_draft *back = wz_draft_new(ctx, NULL);
	struct wz_draft_about about;
	struct gb_err err;
	struct stat st;

	(void)state;
	assert_int_equal(wz_draft_peek(ctx, back, path, &about, &err), GB_E_NOT_FOUND);
	wz_draft_set(draft, "cloud.tenant", "any \"text\" \n at all");
	wz_draft_set(draft, "once.administrator", "root");
	wz_draft_set_secret(draft, "secret.cloud-secret", gb_secret_new(NULL, "Canary", 6));
	assert_int_equal(wz_draft_save(draft, path, "cloud", &err), GB_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_null(strstr(unit_read(ctx, path), "Canary"));
	assert_null(strstr(unit_read(ctx, path), "once."));
	assert_int_equal(wz_draft_peek(ctx, back, path, &about, &err), GB_OK);
	assert_string_equal(about.page_id, "cloud");
	assert_int_equal(about.count, 1);
	assert_int_equal(wz_draft_load(back, path, &err), GB_OK);
	assert_string_equal(wz_draft_get(back, "cloud.tenant"), "any \"text\" \n at all");
	talloc_free(ctx);
}

static void a_request_is_one_line_of_json_with_settings_arguments_and_secrets(void **state)
{
	static const char secret[] = "quote \" backslash \\ newline \n \xc3\xa9 \x01";
	struct wz_draft *draft = wz_draft_new(NULL, NULL);
	struct wz_request *request;
	struct gb_secret *line;
	struct gb_json_doc *doc;
	const struct gb_json *root;
	struct gb_secret *typed = gb_secret_new(draft, secret, strlen(secret));
	struct gb_err err;

	(void)state;
	wz_draft_set(draft, "cloud.tenant", "contoso.com");
	request = wz_request_new(draft, draft, "cloud.check", "arguments");
	gb_json_put_int(wz_request_writer(request), "limit", 7);
	wz_request_secret(request, "cloud-secret", typed);
	wz_request_deadline(request, 5000);
	line = wz_request_finish(draft, request);
	assert_ptr_equal(strchr(gb_secret_bytes(line), '\n'),
			 gb_secret_bytes(line) + gb_secret_length(line) - 1);
	assert_int_equal(gb_json_parse(draft, gb_secret_bytes(line), gb_secret_length(line) - 1,
				       "x", &doc, &err),
			 GB_OK);
	root = gb_json_root(doc);
	assert_string_equal(gb_json_get_text(root, "question"), "cloud.check");
	assert_string_equal(
		gb_json_get_text(gb_json_get(gb_json_get(root, "config"), "cloud"), "tenant"),
		"contoso.com");
	assert_string_equal(gb_json_get_text(gb_json_get(root, "secrets"), "cloud-secret"), secret);
	talloc_free(draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			values_are_kept_right_or_wrong_and_only_right_ones_become_configuration),
		cmocka_unit_test(a_stamp_grows_with_its_own_values_only),
		cmocka_unit_test(changes_are_told_as_old_and_new),
		cmocka_unit_test(a_draft_on_disk_has_what_was_typed_and_no_secret),
		cmocka_unit_test(a_request_is_one_line_of_json_with_settings_arguments_and_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
