/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/machine: what is asked of a machine's token service, and what it may answer. */
#include "config.h"

#include <errno.h>

#include "engine/cloud/machine.h"
#include "tests/unit/unit.h"

#define CLIENT "22222222-0000-4000-8000-000000000001"

static struct gb_machine *arc_of(const void *ctx, const char *folder)
{
	const struct gb_machine wanted = {.service = GB_CLOUD_MACHINE_ARC,
					  .key_folder = folder,
					  .graph = "https://graph.microsoft.com"};
	struct gb_machine *machine;
	struct gb_err err;

	assert_int_equal(gb_machine_new(ctx, &wanted, &machine, &err), GB_OK);
	return machine;
}

static void only_this_machine_is_asked(void **state)
{
	static const struct {
		const char *url;
		bool is_near;
	} table[] = {
		{"http://169.254.169.254", true},
		{"http://127.0.0.1:40342", true},
		{"http://127.9.8.7", true},
		{"http://[::1]:80", true},
		{"https://169.254.169.254", false},
		{"http://169.254.169.254.evil.example", false},
		{"http://127.0.0.1.evil.example", false},
		{"http://127.evil.example:80", false},
		{"http://127.0.0.1@evil.example", false},
		{"http://127.0.0.1:80@evil.example", false},
		{"http://127.0.0.1:80/evil", false},
		{"http://localhost", false},
		{"http://[::1", false},
		{"http://[::2]", false},
		{"http://10.0.0.1", false},
		{"http://", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(table); i++) {
		const struct gb_machine wanted = {.url = table[i].url, .graph = "https://g"};
		struct gb_machine *machine = NULL;
		struct gb_err err;
		enum gb_rc rc = gb_machine_new(NULL, &wanted, &machine, &err);

		if ((rc == GB_OK) != table[i].is_near) {
			fail_msg("%s", table[i].url);
		}
		talloc_free(machine);
	}
}

static void the_request_names_version_resource_and_identity(void **state)
{
	struct gb_machine wanted = {.service = GB_CLOUD_MACHINE_AZURE,
				    .client_id = CLIENT,
				    .graph = "https://graph.microsoft.com"};
	struct gb_machine *machine;
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_machine_new(NULL, &wanted, &machine, &err), GB_OK);
	assert_string_equal(gb_machine_token_url(machine, machine),
			    "http://169.254.169.254/metadata/identity/oauth2/token?api-version="
			    "2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com&client_id=" CLIENT);
	talloc_free(machine);
	machine = arc_of(NULL, NULL);
	assert_string_equal(gb_machine_token_url(machine, machine),
			    "http://127.0.0.1:40342/metadata/identity/oauth2/token?api-version="
			    "2020-06-01&resource=https%3A%2F%2Fgraph.microsoft.com");
	talloc_free(machine);
	wanted.service = GB_CLOUD_MACHINE_ARC;
	assert_int_equal(gb_machine_new(NULL, &wanted, &machine, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "machine-client-id");
}

static void only_a_key_file_of_the_agent_is_read(void **state)
{
	static const char *const hostile[] = {
		"/etc/passwd",	     "%s/../x.key",  "%s/a/b.key", "%s/a.txt", "%s/.key",
		"%sx/a.key",	     "%s",	     "%s/",	   "x.key",    "%s/a.key b",
		"%s/a\nb.key",	     "",
	};
	void *tmp = gb_new_tmp(NULL);
	const char *folder = unit_folder(tmp);
	const struct gb_machine *machine = arc_of(tmp, folder);
	struct gb_http_answer answer = {.status = 401};
	char *header;
	struct gb_err err;

	(void)state;
	assert_false(gb_machine_is_challenge(machine, &answer));
	for (size_t i = 0; i < GB_ARRAY_SIZE(hostile); i++) {
		const char *gap = strstr(hostile[i], "%s");

		answer.authenticate = gb_printf(tmp, "Basic realm=%s%s", gap ? folder : "",
						gap ? gap + 2 : hostile[i]);
		assert_true(gb_machine_is_challenge(machine, &answer));
		assert_int_equal(gb_machine_answer(tmp, machine, &answer, &header, &err),
				 GB_E_PROTOCOL);
		assert_string_equal(err.id, "machine-challenge");
	}
	answer.authenticate = gb_printf(tmp, "Bearer realm=%s/a.key", folder);
	assert_int_equal(gb_machine_answer(tmp, machine, &answer, &header, &err), GB_E_PROTOCOL);
}

static enum gb_rc answer_with(const void *ctx, const char *content, size_t length, char **ret_header,
			      struct gb_err *err)
{
	const char *folder = unit_folder(ctx);
	const char *path = gb_printf(ctx, "%s/a-1.key", folder);
	const struct gb_http_answer answer = {
		.status = 401, .authenticate = gb_printf(ctx, "Basic realm=%s", path)};

	if (content) {
		unit_write(path, content, length, 0640);
	}
	return gb_machine_answer(ctx, arc_of(ctx, folder), &answer, ret_header, err);
}

static void the_key_goes_into_the_header_and_nothing_else_can(void **state)
{
	static char large[GB_MACHINE_MAX_KEY_BYTES + 1];
	static const char *const bad[] = {"", "\n", "a b", "a\nb", "a\r\nX-Evil: 1", "\xc3\xbc"};
	void *tmp = gb_new_tmp(NULL);
	struct gb_err err;
	char *header;

	(void)state;
	assert_int_equal(answer_with(tmp, "k3y==\n", 6, &header, &err), GB_OK);
	assert_string_equal(header, "Authorization: Basic k3y==");
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		assert_int_equal(answer_with(tmp, bad[i], strlen(bad[i]), &header, &err),
				 GB_E_ACCESS);
		assert_string_equal(err.id, "machine-key-file");
	}
	memset(large, 'x', sizeof(large));
	assert_int_equal(answer_with(tmp, large, sizeof(large), &header, &err), GB_E_ACCESS);
	assert_int_equal(answer_with(tmp, NULL, 0, &header, &err), GB_E_ACCESS);
	assert_int_equal(err.native, ENOENT);
	talloc_free(tmp);
}

static void every_answer_has_its_verdict(void **state)
{
	static const struct {
		int status;
		const char *type;
		const char *body;
		enum gb_rc rc;
		const char *id;
	} table[] = {
		{200, "application/json",
		 "{\"access_token\":\"a.b.c\",\"expires_in\":\"86399\",\"token_type\":\"Bearer\"}",
		 GB_OK, NULL},
		{200, "application/json",
		 "{\"access_token\":\"a.b.c\",\"expires_in\":86399,\"token_type\":\"Bearer\"}", GB_OK,
		 NULL},
		{200, "application/json",
		 "{\"access_token\":\"a.b.c\",\"expires_in\":\"soon\",\"token_type\":\"Bearer\"}",
		 GB_E_PROTOCOL, "token-answer"},
		{200, "application/json", "{", GB_E_PROTOCOL, "json-invalid"},
		{200, "text/html", "<html>", GB_E_PROTOCOL, "machine-status"},
		{400, "application/json",
		 "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}",
		 GB_E_ACCESS, "machine-refused"},
		{400, "text/html", "no", GB_E_PROTOCOL, "machine-status"},
		{403, NULL, "", GB_E_PROTOCOL, "machine-status"},
		{404, "application/json", "{}", GB_E_UNAVAILABLE, "machine-status"},
		{410, NULL, "", GB_E_UNAVAILABLE, "machine-status"},
		{429, NULL, "", GB_E_UNAVAILABLE, "machine-status"},
		{503, NULL, "", GB_E_UNAVAILABLE, "machine-status"},
	};
	void *tmp = gb_new_tmp(NULL);
	const struct gb_machine *machine = arc_of(tmp, NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(table); i++) {
		const struct gb_http_answer answer = {.status = table[i].status,
						      .content_type = table[i].type,
						      .body = table[i].body,
						      .body_length = strlen(table[i].body)};
		struct gb_secret *token;
		int64_t life_s;
		struct gb_err err;
		enum gb_rc rc = gb_machine_verdict(tmp, machine, &answer, &token, &life_s, &err);

		if (rc != table[i].rc || (rc != GB_OK && strcmp(err.id, table[i].id) != 0)) {
			fail_msg("row %zu: %s", i, rc == GB_OK ? "ok" : err.id);
		}
		if (rc == GB_OK) {
			assert_int_equal(life_s, 86399);
			assert_string_equal(gb_secret_bytes(token), "a.b.c");
		}
	}
	talloc_free(tmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_this_machine_is_asked),
		cmocka_unit_test(the_request_names_version_resource_and_identity),
		cmocka_unit_test(only_a_key_file_of_the_agent_is_read),
		cmocka_unit_test(the_key_goes_into_the_header_and_nothing_else_can),
		cmocka_unit_test(every_answer_has_its_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
