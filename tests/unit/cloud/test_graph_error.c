/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/graph_error. */
#include "config.h"

#include "engine/cloud/graph_error.h"
#include "tests/unit/unit.h"

struct row {
	int status;
	const char *code;
	const char *inner;
	bool is_link;
	enum gb_rc rc;
};

static enum gb_rc explain(const struct row *row, const char *content_type, struct gb_err *err)
{
	struct gb_graph_call call = {.purpose = "the list of groups",
				     .permission = "Group.Read.All",
				     .is_link = row->is_link};
	char *body = gb_printf(NULL,
			       "{\"error\":{\"code\":\"%s\",\"message\":\"so\\nwhat\",\"%s\":{"
			       "\"code\":\"%s\"}}}",
			       row->code, row->is_link ? "innererror" : "innerError", row->inner);
	struct gb_http_answer answer = {.status = row->status,
					.body = body,
					.body_length = strlen(body),
					.content_type = content_type,
					.request_id = "REQ-1"};
	enum gb_rc rc = gb_graph_explain(&call, &answer, err);

	talloc_free(body);
	return rc;
}

static void status_and_code_decide(void **state)
{
	static const struct row rows[] = {
		{401, "InvalidAuthenticationToken", "", false, GB_E_ACCESS},
		{403, "Authorization_RequestDenied", "", false, GB_E_ACCESS},
		{404, "Request_ResourceNotFound", "", false, GB_E_NOT_FOUND},
		{404, "Request_ResourceNotFound", "", true, GB_E_STALE_CURSOR},
		{404, "UnknownError", "", false, GB_E_UNAVAILABLE},
		{404, "UnknownError", "", true, GB_E_UNAVAILABLE},
		{404, "UnknownError", "ResourceNotFound", false, GB_E_NOT_FOUND},
		{400, "Request_UnsupportedQuery", "", false, GB_E_PROTOCOL},
		{400, "Request_BadRequest", "", true, GB_E_STALE_CURSOR},
		{400, "syncStateNotFound", "", false, GB_E_STALE_CURSOR},
		{400, "SyncStateNotFound", "", true, GB_E_STALE_CURSOR},
		{400, "BadRequest", "resyncRequired", false, GB_E_STALE_CURSOR},
		{400, "Directory_ExpiredPageToken", "", true, GB_E_STALE_CURSOR},
		{400, "", "DirectoryPageTokenNotFoundException", true, GB_E_STALE_CURSOR},
		{410, "SyncStateNotFound", "", true, GB_E_STALE_CURSOR},
		{410, "", "", true, GB_E_STALE_CURSOR},
		{429, "TooManyRequests", "429", false, GB_E_TRY_AGAIN},
		{408, "", "", false, GB_E_UNAVAILABLE},
		{500, "generalException", "", false, GB_E_UNAVAILABLE},
		{502, "", "", false, GB_E_UNAVAILABLE},
		{503, "Request_ThrottledTemporarily", "", false, GB_E_UNAVAILABLE},
		{504, "", "", false, GB_E_UNAVAILABLE},
		{509, "", "", false, GB_E_UNAVAILABLE},
		{501, "NotImplemented", "", false, GB_E_PROTOCOL},
		{302, "", "", false, GB_E_PROTOCOL},
		{201, "", "", false, GB_E_PROTOCOL},
		{204, "", "", false, GB_E_PROTOCOL},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_err err;
		enum gb_rc rc = explain(&rows[i], "application/json", &err);

		if (rc != rows[i].rc || err.rc != rc || err.native != rows[i].status) {
			fail_msg("%d %s: %d", rows[i].status, rows[i].code, (int)rc);
		}
	}
}

static void an_answer_of_a_portal_is_judged_by_its_status(void **state)
{
	static const struct row row = {404, "Request_ResourceNotFound", "", false,
				       GB_E_UNAVAILABLE};
	struct gb_err err;

	(void)state;
	assert_int_equal(explain(&row, "text/html", &err), GB_E_UNAVAILABLE);
	assert_int_equal(explain(&row, NULL, &err), GB_E_UNAVAILABLE);
}

static void the_error_names_reading_code_request_and_permission(void **state)
{
	static const struct row row = {403, "Authorization_RequestDenied", "", false, GB_E_ACCESS};
	struct gb_err err;

	(void)state;
	explain(&row, "application/json", &err);
	assert_string_equal(err.id, "graph-403");
	assert_non_null(strstr(err.what, "the list of groups"));
	assert_non_null(strstr(err.what, "Authorization_RequestDenied"));
	assert_non_null(strstr(err.what, "REQ-1"));
	assert_null(strchr(err.what, '\n'));
	assert_non_null(strstr(err.remedy, "Group.Read.All"));
	assert_string_not_equal(err.undone, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_and_code_decide),
		cmocka_unit_test(an_answer_of_a_portal_is_judged_by_its_status),
		cmocka_unit_test(the_error_names_reading_code_request_and_permission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
