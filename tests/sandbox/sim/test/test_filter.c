/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * $filter, $search and $orderby as a table: what is asked, in which mode, and who is found or which
 * error is answered. The objects are called by a letter.
 */
#include "config.h"

#include "fixture.h"

#include <string.h>

#define ID(kind, number) "0000000" #kind "-0000-4000-8000-00000000000" #number

static const char objects[] =
	"'users':["
	"{'id':'" ID(
		1,
		1) "','displayName':'a Anna Berg','userPrincipalName':'anna@contoso.test',"
		   "'mail':'anna@contoso.test','givenName':'Anna','companyName':'Contoso',"
		   "'accountEnabled':true,'createdDateTime':'2024-01-01T00:00:00Z','userType':'"
		   "Member',"
		   "'onPremisesExtensionAttributes':{'extensionAttribute1':'x'},"
		   "'otherMails':['a@other.test']},"
		   "{'id':'" ID(
			   1,
			   2) "','displayName':'b \xC3\x9C"
			      "bel O\\u0027Hara','accountEnabled':false,"
			      "'userPrincipalName':'b@contoso.test','createdDateTime':'2025-06-"
			      "01T10:00:00Z',"
			      "'onPremisesSyncEnabled':true,'userType':'Guest','mobilePhone':'+49 "
			      "1'},"
			      "{'id':'" ID(
				      1,
				      3) "','displayName':'c "
					 "Carl','userPrincipalName':'c@example.test',"
					 "'createdDateTime':'2026-01-01T00:00:00Z'}],"
					 "'groups':["
					 "{'id':'" ID(
						 2,
						 1) "','displayName':'a Sales "
						    "North','mailEnabled':true,"
						    "'securityEnabled':false,'groupTypes':['"
						    "Unified'],'mail':'sales@contoso.test',"
						    "'proxyAddresses':['SMTP:sales@contoso.test','"
						    "smtp:s@contoso.onmicrosoft.com'],"
						    "'renewedDateTime':'2025-01-01T00:00:00Z','"
						    "description':'All of Sales'},"
						    "{'id':'" ID(
							    2,
							    2) "','displayName':'b sales "
							       "South','createdDateTime':"
							       "'2025-02-03T04:05:06Z','"
							       "renewedDateTime':'2026-01-01T00:00:"
							       "00Z',"
							       "'onPremisesSyncEnabled':true,'"
							       "onPremisesSecurityIdentifier':'S-1-"
							       "5-21-1-2-3-1104'},"
							       "{'id':'" ID(
								       2,
								       3) "','displayName':'c "
									  "Dynamic','groupTypes':['"
									  "DynamicMembership'],"
									  "'membershipRule':'x','"
									  "onPremisesSyncEnabled':"
									  "false,"
									  "'renewedDateTime':'2024-"
									  "01-01T00:00:00Z','"
									  "assignedLicenses':[{'"
									  "skuId':'" ID(
										  9,
										  1) "'}]}],"
										     "'devices':[{'"
										     "id':'" ID(
											     3,
											     1) "',"
												"'d"
												"is"
												"pl"
												"ay"
												"Na"
												"me"
												"':"
												"'a"
												" L"
												"ap"
												"to"
												"p'"
												",'"
												"op"
												"er"
												"at"
												"in"
												"gS"
												"ys"
												"te"
												"m'"
												":'"
												"Li"
												"nu"
												"x'"
												","
												"'d"
												"ev"
												"ic"
												"eI"
												"d'"
												":"
												"'" ID(8,
												       1) "'}],"
													  "'contacts':[{'id':'" ID(
														  4,
														  1) "','displayName':'a Contact','mail':'k@partner.test'}],"
														     "'servicePrincipals':[{'id':'" ID(5, 1) "','displayName':'a Robot','appId':'" ID(
															     7,
															     1) "'}]";

/** What is asked. */
struct row {
	char mode;          /* 'd' default, 'a' advanced, 'e' ConsistencyLevel without $count */
	const char *where;  /* "groups" */
	const char *option; /* "$filter" */
	const char *text;   /* a '~' stands for a single quote */
	const char *expect; /* letters of who is found, or the code of the error */
};

static const struct row rows[] = {
	/* eq, in, startsWith, and, or, parentheses */
	{'d', "groups", "$filter", "displayName eq ~a sales north~", "a"},
	{'d', "groups", "$filter", "displayName eq ~x~", ""},
	{'d', "groups", "$filter", "displayName in (~a Sales North~,~c Dynamic~)", "ac"},
	{'d', "groups", "$filter", "startswith(displayName,~b S~)", "b"},
	{'d', "groups", "$filter", "startsWith( displayName , ~c~ )", "c"},
	{'d', "groups", "$filter", "startsWith(displayName,~a~) or startsWith(displayName,~b~)",
	 "ab"},
	{'d', "groups", "$filter",
	 "mailEnabled eq false and (startsWith(displayName,~a~) or startsWith(displayName,~c~))",
	 "c"},
	{'d', "groups", "$filter", "mailEnabled eq true AND securityEnabled EQ false", "a"},
	{'d', "groups", "$filter", "id eq ~" ID(2, 2) "~", "b"},
	{'d', "groups", "$filter", "id in (~" ID(2, 3) "~,~" ID(2, 1) "~,~" ID(2, 9) "~)", "ac"},
	{'d', "groups", "$filter", "id eq " ID(2, 2), "b"},
	{'d', "groups", "$filter", "id eq ~nonsense~", "Request_BadRequest"},
	{'d', "groups", "$filter", "onPremisesSecurityIdentifier eq ~S-1-5-21-1-2-3-1104~", "b"},
	{'d', "users", "$filter",
	 "displayName eq ~b \xC3\xBC"
	 "BEL o~~hara~",
	 "b"},
	{'d', "users", "$filter", "accountEnabled eq false", "b"},
	{'d', "users", "$filter", "companyName eq ~Contoso~", "Request_UnsupportedQuery"},
	{'a', "users", "$filter", "companyName eq ~Contoso~", "a"},
	{'a', "users", "$filter", "startsWith(mobilePhone, ~%2B49~)", "b"},
	{'d', "devices", "$filter", "deviceId eq ~" ID(8, 1) "~", "a"},
	{'d', "contacts", "$filter", "mail eq ~k@partner.test~", "a"},
	{'d', "servicePrincipals", "$filter", "appId eq ~" ID(7, 1) "~", "a"},
	/* ranges and dates */
	{'d', "groups", "$filter", "renewedDateTime ge 2025-01-01T00:00:00Z", "ab"},
	{'d', "groups", "$filter", "renewedDateTime le 2025-01-01", "ac"},
	{'d', "groups", "$filter",
	 "renewedDateTime ge 2024-06-01T00:00:00Z and renewedDateTime le 2025-06-01T00:00:00Z",
	 "a"},
	{'d', "users", "$filter", "createdDateTime ge 2025-01-01T00:00:00Z", "bc"},
	{'d', "users", "$filter", "createdDateTime ge ~2025~", "BadRequest"},
	{'d', "users", "$filter", "createdDateTime gt 2025-01-01T00:00:00Z",
	 "Request_UnsupportedQuery"},
	{'d', "users", "$filter", "displayName ge ~b~", "Request_UnsupportedQuery"},
	{'d', "groups", "$filter", "expirationDateTime ge 2025-01-01", "Request_UnsupportedQuery"},
	{'a', "groups", "$filter", "expirationDateTime ge 2025-01-01", ""},
	/* lambdas */
	{'d', "groups", "$filter", "groupTypes/any(c:c eq ~Unified~)", "a"},
	{'d', "groups", "$filter", "groupTypes/any(c: c+eq+~unified~)", "a"},
	{'d', "groups", "$filter",
	 "groupTypes/any(x:x eq ~Unified~) or groupTypes/any(y:y eq ~DynamicMembership~)", "ac"},
	{'a', "groups", "$filter", "NOT groupTypes/any(c:c eq ~Unified~)", "bc"},
	{'a', "groups", "$filter", "not(groupTypes/any(c:c eq ~Unified~)) and mailEnabled eq false",
	 "bc"},
	{'d', "groups", "$filter", "not groupTypes/any(c:c eq ~Unified~)",
	 "Request_UnsupportedQuery"},
	{'d', "groups", "$filter", "proxyAddresses/any(p:startsWith(p,~smtp:s@~))", "a"},
	{'a', "groups", "$filter", "proxyAddresses/any(p:endsWith(p,~OnMicrosoft.com~))", "a"},
	{'d', "groups", "$filter", "proxyAddresses/any(p:endsWith(p,~OnMicrosoft.com~))",
	 "Request_UnsupportedQuery"},
	{'d', "groups", "$filter", "assignedLicenses/any(s:s/skuId eq " ID(9, 1) ")", "c"},
	{'a', "groups", "$filter", "assignedLicenses/$count eq 0", "ab"},
	{'a', "groups", "$filter", "assignedLicenses/$count ne 0", "c"},
	{'a', "groups", "$filter", "assignedLicenses/$count eq 7", "Request_UnsupportedQuery"},
	{'d', "groups", "$filter", "assignedLicenses/$count eq 0", "Request_UnsupportedQuery"},
	{'d', "groups", "$filter", "displayName/any(c:c eq ~x~)", "BadRequest"},
	{'d', "groups", "$filter", "groupTypes/any(c:d eq ~x~)", "BadRequest"},
	{'d', "groups", "$filter", "groupTypes eq ~Unified~", "BadRequest"},
	{'d', "groups", "$filter", "groupTypes/all(c:c eq ~x~)", "BadRequest"},
	/* ne, not, endsWith, null: advanced */
	{'a', "groups", "$filter", "displayName ne ~c dynamic~", "ab"},
	{'d', "groups", "$filter", "displayName ne ~c~", "Request_UnsupportedQuery"},
	{'e', "groups", "$filter", "displayName ne ~c~", "Request_UnsupportedQuery"},
	{'a', "groups", "$filter", "onPremisesSyncEnabled ne true", "ac"},
	{'a', "groups", "$filter", "onPremisesSyncEnabled eq null", "Request_UnsupportedQuery"},
	{'a', "users", "$filter", "onPremisesSyncEnabled eq null", "ac"},
	{'d', "users", "$filter", "onPremisesSyncEnabled eq null", "Request_UnsupportedQuery"},
	{'a', "users", "$filter", "mail ne null", "a"},
	{'a', "users", "$filter", "mail eq null and not startsWith(displayName,~b~)", "c"},
	{'a', "users", "$filter", "endsWith(mail,~@CONTOSO.test~)", "a"},
	{'d', "users", "$filter", "endsWith(mail,~@contoso.test~)", "Request_UnsupportedQuery"},
	{'a', "users", "$filter", "endsWith(displayName,~x~)", "Request_UnsupportedQuery"},
	{'a', "users", "$filter", "otherMails/any(m:endsWith(m,~@other.test~))", "a"},
	{'a', "users", "$filter", "onPremisesExtensionAttributes/extensionAttribute1 eq ~x~", "a"},
	{'d', "users", "$filter", "onPremisesExtensionAttributes/extensionAttribute1 eq ~x~",
	 "Request_UnsupportedQuery"},
	{'a', "users", "$filter", "not(userType eq ~Guest~)", "ac"},
	/* what Graph does not take */
	{'a', "groups", "$filter", "contains(displayName,~a~)", "Request_UnsupportedQuery"},
	{'a', "groups", "$filter", "visibility eq ~Public~", "Request_UnsupportedQuery"},
	{'a', "groups", "$filter", "shoeSize eq 3", "BadRequest"},
	{'a', "groups", "$filter", "writebackConfiguration/isEnabled eq true", "BadRequest"},
	{'d', "groups", "$filter", "mailEnabled eq ~true~", "BadRequest"},
	{'d', "groups", "$filter", "mailEnabled eq 1", "BadRequest"},
	{'d', "groups", "$filter", "displayName eq true", "BadRequest"},
	{'d', "groups", "$filter", "displayName eq", "BadRequest"},
	{'d', "groups", "$filter", "displayName eq ~x", "BadRequest"},
	{'d', "groups", "$filter", "displayName like ~x~", "BadRequest"},
	{'d', "groups", "$filter", "(displayName eq ~x~", "BadRequest"},
	{'d', "groups", "$filter", "displayName eq ~x~ or", "BadRequest"},
	{'d', "groups", "$filter", "displayName eq ~x~ displayName eq ~y~", "BadRequest"},
	{'d', "groups", "$filter", "displayName in ()", "BadRequest"},
	{'d', "groups", "$filter", "", "BadRequest"},
	{'d', "groups", "$filter", "true", "BadRequest"},
	/* $search */
	{'a', "groups", "$search", "\"displayName:sales\"", "ab"},
	{'e', "groups", "$search", "\"displayName:sal no\"", "a"},
	{'d', "groups", "$search", "\"displayName:sales\"", "Request_UnsupportedQuery"},
	{'e', "groups", "$search", "\"displayName:ales\"", ""},
	{'e', "groups", "$search", "\"displayName:sales\" AND \"description:all\"", "a"},
	{'e', "groups", "$search", "\"displayName:south\" OR \"displayName:dyn\"", "bc"},
	{'e', "groups", "$search", "NOT \"displayName:sales\"", "c"},
	{'e', "groups", "$search", "\"visibility:x\"", "Request_UnsupportedQuery"},
	{'e', "groups", "$search", "displayName:sales", "BadRequest"},
	{'e', "groups", "$search", "\"sales\"", "Request_BadRequest"},
	{'e', "groups", "$search", "\"displayName:x", "BadRequest"},
	{'e', "users", "$search",
	 "\"displayName:\xC3\xBC"
	 "bel\"",
	 "b"},
	/* $orderby */
	{'d', "groups", "$orderby", "displayName desc", "cba"},
	{'d', "groups", "$orderby", "displayName", "abc"},
	{'d', "groups", "$orderby", "displayName asc", "abc"},
	{'d', "users", "$orderby", "userPrincipalName desc", "cba"},
	{'d', "users", "$orderby", "createdDateTime desc", "Request_UnsupportedQuery"},
	{'a', "users", "$orderby", "createdDateTime desc", "cba"},
	{'d', "devices", "$orderby", "displayName", "Request_UnsupportedQuery"},
	{'a', "groups", "$orderby", "mailNickname", "Request_UnsupportedQuery"},
	{'d', "groups", "$orderby", "shoeSize", "BadRequest"},
	{'d', "groups", "$orderby", "displayName sideways", "BadRequest"},
	{'d', "groups", "$orderby", "displayName,id", "Request_UnsupportedQuery"},
	{'d', "groups", "$filter", "startsWith(displayName,~a~)&$orderby=displayName",
	 "Request_UnsupportedQuery"},
	{'a', "groups", "$filter", "mailEnabled eq false&$orderby=displayName desc", "cb"},
	/* $expand has rules of its own */
	{'a', "groups", "$expand", "members", "Request_UnsupportedQuery"},
	{'d', "groups", "$expand", "members,owners", "Request_BadRequest"},
	{'d', "groups", "$expand", "shoes", "BadRequest"},
	{'d', "users", "$expand", "members", "BadRequest"},
	{'d', "groups", "$expand", "members($top=3)", "Request_UnsupportedQuery"},
	{'d', "groups", "$expand", "members($select=id", "BadRequest"},
	{'d', "groups", "$skip", "3", "Request_BadRequest"},
};

static char *url_of(const void *ctx, const struct row *row)
{
	char *text = sim_strdup(ctx, row->text);

	for (char *p = text; *p; p++) {
		*p = *p == '~' ? '\'' : *p;
	}
	/* As a client sends it: an '&' of the table goes on with the next option. */
	return sim_printf(ctx, "/v1.0/%s?%s=%s%s", row->where, row->option, text,
			  row->mode == 'a' ? "&$count=true" : "");
}

static char *letters_of(const void *ctx, const cJSON *page)
{
	char *letters = sim_strdup(ctx, "");
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, sim_json_get_array(page, "value"))
	{
		letters = talloc_asprintf_append(letters, "%.1s",
						 sim_json_get_string(item, "displayName", "?"));
	}
	return letters;
}

static char *ask(struct fixture *fixture, const struct row *row)
{
	const char *url = url_of(fixture, row);
	struct sim_response *response = NULL;
	const cJSON *json = NULL;
	struct sim_err err;

	fixture->eventual = row->mode != 'd';
	response = fixture_call(fixture, fixture, "GET", url, NULL);
	assert_true(sim_json_parse(response, response->body->data, response->body->length, &json,
				   &err));
	if (response->status == 200) {
		return letters_of(fixture, json);
	}
	assert_int_equal(400, response->status);
	return sim_strdup(
		fixture,
		sim_json_get_string(cJSON_GetObjectItemCaseSensitive(json, "error"), "code", ""));
}

static void every_row_of_the_table_has_its_answer(void **state)
{
	struct fixture *fixture = fixture_new(1, objects);

	(void)state;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(rows); i++) {
		const char *got = ask(fixture, &rows[i]);

		if (strcmp(got, rows[i].expect) != 0) {
			fail_msg("%s?%s=%s (%c): \"%s\" and not \"%s\"", rows[i].where,
				 rows[i].option, rows[i].text, rows[i].mode, got, rows[i].expect);
		}
	}
	talloc_free(fixture);
}

static void switches_decide_where_graph_is_uncertain(void **state)
{
	struct fixture *fixture = fixture_new(1, objects);
	struct sim_switches *switches = &fixture->world->switches;
	const struct row null = {'a', "groups", "$filter", "onPremisesSyncEnabled eq null", ""};
	const struct row strict = {'d', "users", "$filter",
				   "createdDateTime gt 2025-06-01T10:00:00Z", ""};
	const struct row created = {'d', "groups", "$filter",
				    "createdDateTime le 2025-12-31T00:00:00Z", ""};

	(void)state;
	assert_string_equal("b", ask(fixture, &created));
	switches->filter_created = false;
	assert_string_equal("Request_UnsupportedQuery", ask(fixture, &created));
	switches->filter_sync_null = true;
	assert_string_equal("a", ask(fixture, &null));
	switches->filter_strict = true;
	assert_string_equal("c", ask(fixture, &strict));
	talloc_free(fixture);
}

static void a_filter_has_at_most_fifteen_comparisons(void **state)
{
	struct fixture *fixture = fixture_new(1, objects);
	char *text = sim_strdup(fixture, "displayName eq ~a~");
	struct row row = {'d', "groups", "$filter", NULL, ""};

	(void)state;
	for (int i = 1; i < 15; i++) {
		text = talloc_asprintf_append(text, " or displayName eq ~%d~", i);
	}
	row.text = text;
	assert_string_equal("", ask(fixture, &row));
	row.text = talloc_asprintf_append(text, " or displayName eq ~x~");
	assert_string_equal("Request_UnsupportedQuery", ask(fixture, &row));
	talloc_free(fixture);
}

static void deep_and_long_filters_are_refused(void **state)
{
	struct fixture *fixture = fixture_new(1, objects);
	struct row row = {'a', "groups", "$filter", NULL, ""};
	struct sim_buf *text = sim_buf_new(fixture);

	(void)state;
	for (int i = 0; i < 100000; i++) {
		sim_buf_byte(text, '(');
	}
	row.text = text->data;
	assert_string_equal("BadRequest", ask(fixture, &row));
	sim_buf_cut(text, 0);
	sim_buf_text(text, "displayName eq ~x~");
	for (int i = 0; i < 20000; i++) {
		sim_buf_text(text, " or displayName eq ~x~");
	}
	row.text = text->data;
	assert_string_equal("BadRequest", ask(fixture, &row));
	talloc_free(fixture);
}

static void sorted_lists_are_paged(void **state)
{
	struct fixture *fixture = fixture_new(1, objects);
	const char *url = "/v1.0/groups?$orderby=displayName desc&$top=2&$select=displayName";
	const cJSON *page = fixture_get(fixture, fixture, url);

	(void)state;
	assert_string_equal("cb", letters_of(fixture, page));
	page = fixture_get(fixture, fixture, sim_json_get_string(page, "@odata.nextLink", ""));
	assert_string_equal("a", letters_of(fixture, page));
	assert_null(sim_json_get_string(page, "@odata.nextLink", NULL));
	talloc_free(fixture);
}

static void the_count_of_a_filter_is_the_number_of_its_objects(void **state)
{
	struct fixture *fixture = fixture_new(1, objects);
	const char *filter = "$filter=startsWith(displayName,'a') or startsWith(displayName,'b')";
	const cJSON *page = NULL;

	(void)state;
	fixture->eventual = true;
	page = fixture_get(fixture, fixture,
			   sim_printf(fixture, "/v1.0/groups?%s&$count=true&$top=1", filter));
	assert_int_equal(2, sim_json_get_int(page, "@odata.count", -1));
	assert_string_equal("2", fixture_call(fixture, fixture, "GET",
					      sim_printf(fixture, "/v1.0/groups/$count?%s", filter),
					      NULL)
					 ->body->data);
	talloc_free(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_table_has_its_answer),
		cmocka_unit_test(switches_decide_where_graph_is_uncertain),
		cmocka_unit_test(a_filter_has_at_most_fifteen_comparisons),
		cmocka_unit_test(deep_and_long_filters_are_refused),
		cmocka_unit_test(sorted_lists_are_paged),
		cmocka_unit_test(the_count_of_a_filter_is_the_number_of_its_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
