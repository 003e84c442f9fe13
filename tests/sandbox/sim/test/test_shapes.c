/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers have the structure of examples: the same keys, the same types, null against absent,
 * identifiers and times in the same form. The examples, written after what Graph is seen to answer,
 * stand in shapes.json with the tenant that they are about; cases follow one another.
 */
#include "config.h"

#include "fixture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/util/file.h"

/** Where a comparison is, for the message. */
struct place {
	const char *what; /* of the case */
	const char *path; /* "value[].id" */
};

/* Digits and letters become one sign each, so that a GUID looks like every other GUID. */
static char *form_of(const void *ctx, const char *text)
{
	uint8_t id[SIM_GUID_SIZE];
	char *form = sim_strdup(ctx, text);

	if (sim_guid_parse(text, id)) {
		return sim_strdup(ctx, "GUID");
	}
	for (char *p = form; *p; p++) {
		*p = isdigit((unsigned char)*p) ? '9' : *p;
	}
	return strcmp(form, "9999-99-99T99:99:99Z") == 0 || strcmp(form, "9999-99-99T99:99:99") == 0
		       ? form
		       : sim_strdup(ctx, "text");
}

static bool same_shape(const void *ctx, const struct place *place, const cJSON *example,
		       const cJSON *answer, char **ret_why);

static bool differ(const void *ctx, const struct place *place, const char *how, char **ret_why)
{
	*ret_why = sim_printf(ctx, "%s: %s %s", place->what, place->path, how);
	return false;
}

static bool same_object(const void *ctx, const struct place *place, const cJSON *example,
			const cJSON *answer, char **ret_why)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, answer)
	{
		if (!cJSON_GetObjectItemCaseSensitive(example, item->string)) {
			return differ(ctx, place,
				      sim_printf(ctx, "has \"%s\" and should not", item->string),
				      ret_why);
		}
	}
	cJSON_ArrayForEach(item, example)
	{
		const cJSON *other = cJSON_GetObjectItemCaseSensitive(answer, item->string);
		const struct place inner = {place->what,
					    sim_printf(ctx, "%s.%s", place->path, item->string)};

		if (!other) {
			return differ(ctx, &inner, "is missing", ret_why);
		}
		if (!same_shape(ctx, &inner, item, other, ret_why)) {
			return false;
		}
	}
	return true;
}

/* Each element looks like one of the example's; without any there, there is none. */
static bool same_array(const void *ctx, const struct place *place, const cJSON *example,
		       const cJSON *answer, char **ret_why)
{
	const struct place inner = {place->what, sim_printf(ctx, "%s[]", place->path)};
	const cJSON *item = NULL;

	if ((cJSON_GetArraySize(example) == 0) != (cJSON_GetArraySize(answer) == 0)) {
		return differ(ctx, &inner, "is empty on one side", ret_why);
	}
	cJSON_ArrayForEach(item, answer)
	{
		const cJSON *sample = NULL;
		bool found = false;

		cJSON_ArrayForEach(sample, example)
		{
			found = found || same_shape(ctx, &inner, sample, item, ret_why);
		}
		if (!found) {
			return false;
		}
	}
	return true;
}

static bool same_shape(const void *ctx, const struct place *place, const cJSON *example,
		       const cJSON *answer, char **ret_why)
{
	const int truth = cJSON_True | cJSON_False;
	int kind = example->type & truth ? truth : example->type;

	if (!(answer->type & kind)) {
		return differ(ctx, place, "has another type", ret_why);
	}
	if (cJSON_IsObject(example)) {
		return same_object(ctx, place, example, answer, ret_why);
	}
	if (cJSON_IsArray(example)) {
		return same_array(ctx, place, example, answer, ret_why);
	}
	if (cJSON_IsString(example) &&
	    strcmp(form_of(ctx, example->valuestring), form_of(ctx, answer->valuestring)) != 0) {
		return differ(ctx, place, "has another form", ret_why);
	}
	return true;
}

static const cJSON *load(const void *ctx)
{
	const char *srcdir = getenv("GB_SRCDIR");
	char *path =
		sim_printf(ctx, "%s/tests/sandbox/sim/test/shapes.json", srcdir ? srcdir : ".");
	const cJSON *root = NULL;
	char *text = NULL;
	size_t length = 0;
	struct sim_err err;

	if (!sim_file_read(ctx, path, &text, &length, &err) ||
	    !sim_json_parse(ctx, text, length, &root, &err)) {
		fail_msg("%s: %s", path, err.text);
	}
	return root;
}

static char *print(const void *ctx, const cJSON *json)
{
	struct sim_buf *text = sim_buf_new(ctx);

	if (json) {
		sim_json_print(text, json);
	}
	return json ? text->data : NULL;
}

/* "@odata.deltaLink" is where the answer before this one said to go on. */
static const char *url_of(const cJSON *test, const cJSON *before)
{
	const char *url = sim_json_get_string(test, "url", "");

	return url[0] == '@' ? sim_json_get_string(before, url, "") : url;
}

static const cJSON *ask(struct fixture *fixture, const cJSON *test, const cJSON *before)
{
	const char *what = sim_json_get_string(test, "what", "");
	char *changes = print(fixture, sim_json_get_array(test, "changes"));
	struct sim_response *response = NULL;
	const cJSON *json = NULL;
	struct sim_err err;

	if (changes) {
		changes[strlen(changes) - 1] = '\0';
		fixture_change(fixture, changes + 1);
	}
	fixture_sign_in(fixture, sim_json_get_string(test, "roles",
						     "Directory.ReadWrite.All Member.Read.Hidden"));
	if (sim_json_get_bool(test, "anonymous", false)) {
		fixture->token = sim_strdup(fixture, "");
	}
	fixture->eventual = sim_json_get_bool(test, "eventual", false);
	response = fixture_call(fixture, fixture, sim_json_get_string(test, "method", "GET"),
				url_of(test, before),
				print(fixture, cJSON_GetObjectItemCaseSensitive(test, "body")));
	if ((int64_t)response->status != sim_json_get_int(test, "status", 200)) {
		fail_msg("%s: %u %s", what, response->status, response->body->data);
	}
	if (response->body->length > 0 &&
	    !sim_json_parse(response, response->body->data, response->body->length, &json, &err)) {
		fail_msg("%s: %s", what, err.text);
	}
	return json;
}

static void answers_have_the_shape_of_the_examples(void **state)
{
	void *ctx = talloc_new(NULL);
	const cJSON *root = load(ctx);
	char *tenant = print(ctx, cJSON_GetObjectItemCaseSensitive(root, "tenant"));
	struct fixture *fixture = NULL;
	const cJSON *test = NULL;
	const cJSON *before = NULL;
	bool all_same = true;

	(void)state;
	tenant[strlen(tenant) - 1] = '\0';
	fixture = fixture_new(1, tenant + 1);
	cJSON_ArrayForEach(test, sim_json_get_array(root, "cases"))
	{
		const cJSON *example = cJSON_GetObjectItemCaseSensitive(test, "answer");
		const struct place place = {sim_json_get_string(test, "what", ""), ""};
		char *why = NULL;

		before = ask(fixture, test, before);
		if (!example || !before) {
			assert_true(!example && !before);
		} else if (!same_shape(ctx, &place, example, before, &why)) {
			print_message("# %s\n", why);
			all_same = false;
		}
	}
	assert_true(all_same);
	talloc_free(fixture);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_have_the_shape_of_the_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
