/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/expression and functions. */
#include "config.h"

#include "engine/base/buffer.h"
#include "engine/base/text.h"
#include "engine/plan/expression.h"
#include "tests/unit/unit.h"

static struct gb_cloud_group group(void)
{
	struct gb_cloud_group about = {
		.present = GB_GROUP_HAS_ALL & ~GB_GROUP_HAS_MAIL,
		.display_name = "Zoë's Team",
		.mail_nickname = "zoe",
		.security_enabled = GB_YES,
		.mail_enabled = GB_NO,
		.extra = "proxyAddresses=SMTP:a@b.example\nproxyAddresses=smtp:c@b.example\n"
			 "classification=\ntheme\n",
	};

	assert_true(gb_guid_parse("3A5C3221-c465-48c0-95b8-e9305786a271", &about.id));
	return about;
}

/* "(unknown)", "(null)", or the values with "|" between. */
static char *value_of(const void *ctx, const char *text)
{
	struct gb_cloud_group about = group();
	struct gb_lexer lexer;
	struct gb_expression *expression;
	struct gb_attribute value;
	struct gb_buffer *out = gb_buffer_new(ctx);
	struct gb_err err;

	if (gb_lexer_begin(ctx, "map", text, &lexer, &err) != GB_OK ||
	    gb_expression_parse(ctx, &lexer, &expression, &err) != GB_OK) {
		fail_msg("%s: %s", text, err.what);
	}
	assert_int_equal(lexer.token, GB_TOKEN_END);
	value = gb_expression_value(ctx, expression, &about);
	assert_int_equal(value.state == GB_ATTRIBUTE_PRESENT, value.count > 0);
	if (value.count == 0) {
		return gb_strdup(ctx, value.state == GB_ATTRIBUTE_UNKNOWN ? "(unknown)" : "(null)");
	}
	for (size_t i = 0; i < value.count; i++) {
		gb_buffer_add_text(out, i > 0 ? "|" : "");
		gb_buffer_add_text(out, value.values[i]);
	}
	return gb_buffer_steal(ctx, out);
}

struct row {
	const char *text;
	const char *value;
};

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		void *tmp = talloc_new(NULL);
		char *value = value_of(tmp, rows[i].text);

		if (strcmp(value, rows[i].value) != 0) {
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].text, value, rows[i].value);
		}
		talloc_free(tmp);
	}
}

/* The examples of Microsoft's page, where a group can have them. */
static const struct row DOCUMENTED[] = {
	{"Append(\"John.Doe@contoso.com\", \".test\")", "John.Doe@contoso.com.test"},
	{"Left(\"John Doe\", 3)", "Joh"},
	{"Word(\"The quick brown fox\",3,\" \")", "brown"},
	{"Word(\"This,string!has&many separators\",3,\",!&#\")", "has"},
	{"Item([proxyAddresses], 1)", "SMTP:a@b.example"},
	{"Split(\"PermissionSetOne, PermissionSetTwo\", \",\")",
	 "PermissionSetOne|PermissionSetTwo"},
	{"Switch(\"QLD\", \"Australia/Sydney\", \"NSW\", \"Australia/Sydney\",\"QLD\", "
	 "\"Australia/Brisbane\", \"SA\", \"Australia/Adelaide\")",
	 "Australia/Brisbane"},
	{"Switch([description],\"Default Value\", \"true\", \"1\", \"\", \"0\")", "0"},
	{"Join(\", \", \"\", \"Doe\", \"John\")", "Doe, John"},
	{"NormalizeDiacritics(\"Zoë\")", "Zoe"},
	{"InStr(\"The quick brown fox\",\"quick\")", "5"},
	{"IIF(\"USA\"=\"USA\",\"yes\",\"no\")", "yes"},
	{"Replace(\"Product Developer\",\"Product Developer\", , , \"Software Engineer\", , )",
	 "Software Engineer"},
	{"Replace(\"jsmith\",\"<username>\", , , , , \"<username>@contoso.com\")",
	 "jsmith@contoso.com"},
	{"Replace(\"+91 9998887777\", , \"\\\\+(?<isdCode>\\\\d* )(?<phoneNumber>\\\\d{10})\", , "
	 "\"${phoneNumber}\", , )",
	 "9998887777"},
	{"Replace(\"+1 (999) 888-7777\", , \"[()\\\\s-]+\", , \"\", , )", "+19998887777"},
	{"Replace(\"545 Tremont Street\", ,\"(?<streetNumber>^\\\\d*)\",\"streetNumber\", \"888\", "
	 ", "
	 ")",
	 "888 Tremont Street"},
	{"Replace(\"jsmith@contoso.com\", , \"(?<Suffix>@(.)*)\", \"Suffix\", \"\", , )", "jsmith"},
	{"Replace([description], , \"\\\\+(?<isdCode>\\\\d* )(?<phoneNumber>\\\\d{10})\", "
	 "\"phoneNumber\" , , \"+91 8887779999\", )",
	 "8887779999"},
	{"Replace(\"john_doe72\", , \"[a-zA-Z_]*\", , \"\", , )", "72"},
	{"Replace(\"john.doe@contoso.com\", \"@contoso.com\", , ,\"\", ,)", "john.doe"},
	{"Append(Mid(\"John\", 1, 3), Mid(\"Doe\", 1, 5))", "JohDoe"},
	/* Cloud Sync's default map of groups */
	{"Append(Append(Left(Trim([displayName]),51),\"_\"),Mid([objectId],25,12))",
	 "Zoë's Team_e9305786a271"},
	{"Left(Trim([description]),448)", ""},
	{"Append(\"Group_\",[objectId])", "Group_3a5c3221-c465-48c0-95b8-e9305786a271"},
	{"Join(\"_\",[displayName],\"Contoso_Group\")", "Zoë's Team_Contoso_Group"},
};

static void what_microsoft_documents_gives_what_microsoft_documents(void **state)
{
	(void)state;
	check(DOCUMENTED, GB_ARRAY_SIZE(DOCUMENTED));
}

static const struct row FUNCTIONS[] = {
	{"[displayName]", "Zoë's Team"},
	{"\"a \\\"b\\\" \\\\ c\"", "a \"b\" \\ c"},
	{"7", "7"},
	{"[securityEnabled]", "True"},
	{"[description]", "(null)"},
	{"[proxyAddresses]", "SMTP:a@b.example|smtp:c@b.example"},
	{"Append([description], \"x\")", "x"},
	{"Append(\"x\", [description])", "x"},
	{"Left(\"abc\", 0)", ""},
	{"Left(\"abc\", -1)", "abc"},
	{"Left(\"abc\", 9)", "abc"},
	{"Left([description], 3)", ""},
	{"Left(\"a\U0001F600b\", 2)", "a"},
	{"Left(\"a\U0001F600b\", 3)", "a\U0001F600"},
	{"Right(\"John Doe\", 3)", "Doe"},
	{"Right(\"abc\", 0)", ""},
	{"Right(\"abc\", -1)", "abc"},
	{"Right(\"abc\", 9)", "abc"},
	{"Right([description], 3)", ""},
	{"Right(\"a\U0001F600b\", 2)", "b"},
	{"Mid(\"abcdef\", 2, 3)", "bcd"},
	{"Mid(\"abcdef\", 5, 30)", "ef"},
	{"Mid(\"abcdef\", 9, 3)", ""},
	{"Mid(\"abcdef\", 0, 2)", "ab"},
	{"Mid([description], 1, 2)", "(null)"},
	{"Trim(\"  a b \")", "a b"},
	{"Trim([description])", "(null)"},
	{"ToLower(\"ÄB\")", "äb"},
	{"ToUpper(\"äb\")", "ÄB"},
	{"ToUpper([proxyAddresses])", "SMTP:A@B.EXAMPLE|SMTP:C@B.EXAMPLE"},
	{"StripSpaces(\" a b  c \")", "abc"},
	{"NormalizeDiacritics(\"Łódź Straße Øre ÆON ı\")", "Lodz Strasse OEre AEON i"},
	{"NormalizeDiacritics(\"한국 Ångström क्षि\")", "한국 Angstrom क्षि"},
	{"Join(\"-\", [proxyAddresses], \"x\")", "SMTP:a@b.example-smtp:c@b.example-x"},
	{"Join(\"\", 1000, \"x\")", "1000x"},
	{"Split(\"a\", \",\")", "a"},
	{"Split([description], \",\")", "(null)"},
	{"Item(Split(\"a,b,c\", \",\"), 3)", "c"},
	{"Item(Split(\"a,b,c\", \",\"), 4)", "(null)"},
	{"Item(Split(\"a,b,c\", \",\"), 0)", "(null)"},
	{"Count([proxyAddresses])", "2"},
	{"Count([description])", "0"},
	{"RemoveDuplicates(Split(\"a,b,a\", \",\"))", "a|b"},
	{"Coalesce([description], [mailNickname], \"x\")", "zoe"},
	{"Coalesce([description])", "(null)"},
	{"Coalesce([classification], \"x\")", ""},
	{"Word(\"a  b\", 2, \" \")", "b"},
	{"Word(\"a b\", 3, \" \")", ""},
	{"Word(\"a b\", 0, \" \")", ""},
	{"Word([description], 1, \" \")", ""},
	{"Word(\"eins–zwei\", 2, \"–\")", "zwei"},
	{"InStr(\"äbc\", \"c\")", "3"},
	{"InStr(\"abc\", \"x\")", "0"},
	{"Switch(\"b\", \"d\", \"a\", \"1\")", "d"},
	{"Switch(\"b\", , \"a\", \"1\")", "(null)"},
	{"Switch(\"A\", \"d\", \"a\", \"1\")", "d"},
	{"IIF([securityEnabled], \"s\", \"d\")", "s"},
	{"IIF(IsNullOrEmpty([description]), \"none\", [description])", "none"},
	{"IIF(Not(IsPresent([mailNickname])), \"a\", \"b\")", "b"},
	{"IIF([mailNickname]<>\"x\", 1, 2)", "1"},
	{"IIF([description]<>\"x\", 1, 2)", "2"},
	{"IIF([description]=\"\", 1, 2)", "2"},
	{"IIF(10>9, 1, 2)", "1"},
	{"IIF(\"10\">=\"9\", 1, 2)", "1"},
	{"IIF(\"a\"<\"b\", 1, 2)", "1"},
	{"IIF(\"b\"<=\"a\", 1, 2)", "2"},
	{"IsNull([description])", "True"},
	{"IsNull([classification])", "False"},
	{"IsNullOrEmpty([classification])", "True"},
	{"IsPresent([classification])", "False"},
	{"Replace(\"aXbXc\", \"X\", , , \"-\")", "a-b-c"},
	{"Replace(\"abc\", \"\", , , \"-\")", "abc"},
	{"Replace([description], \"X\", , , \"-\")", "(null)"},
	{"Append(\n  \"a\", # first\n  \"b\"\n)", "ab"},
};

static void functions_do_what_their_names_say(void **state)
{
	(void)state;
	check(FUNCTIONS, GB_ARRAY_SIZE(FUNCTIONS));
}

/* mail was left out of the answer. */
static const struct row DOUBTS[] = {
	{"[mail]", "(unknown)"},
	{"[membershipRule]", "(unknown)"},
	{"Append([mail], \"x\")", "(unknown)"},
	{"Append(\"x\", [mail])", "(unknown)"},
	{"Left([mail], 3)", "(unknown)"},
	{"Right([mail], 3)", "(unknown)"},
	{"Mid([mail], 1, 3)", "(unknown)"},
	{"Trim([mail])", "(unknown)"},
	{"ToLower([mail])", "(unknown)"},
	{"Replace([mail], \"a\", , , \"b\")", "(unknown)"},
	{"Replace(\"x\", [mail], , , \"b\")", "(unknown)"},
	{"Replace(\"x\", \"a\", , , [mail])", "(unknown)"},
	{"Replace(\"x\", , \"a\", , [mail])", "(unknown)"},
	{"Replace([description], , \"(?<g>a)\", \"g\", , [mail])", "(unknown)"},
	{"Join(\"-\", \"a\", [mail])", "(unknown)"},
	{"Join([mail], \"a\", \"b\")", "(unknown)"},
	{"Switch([mail], \"d\", \"a\", \"b\")", "(unknown)"},
	{"Switch(\"a\", \"d\", [mail], \"b\")", "(unknown)"},
	{"Switch(\"a\", [mail], \"a\", \"b\")", "b"},
	{"IIF([mail]=\"x\", 1, 2)", "(unknown)"},
	{"IIF(\"a\"=\"a\", 1, [mail])", "1"},
	{"IsNullOrEmpty([mail])", "(unknown)"},
	{"IsNull([mail])", "(unknown)"},
	{"IsPresent([mail])", "(unknown)"},
	{"Not([mail])", "(unknown)"},
	{"Count([mail])", "(unknown)"},
	{"Coalesce([mail], \"x\")", "(unknown)"},
	{"Coalesce(\"x\", [mail])", "x"},
	{"Split([mail], \",\")", "(unknown)"},
	{"Item([mail], 1)", "(unknown)"},
	{"Word([mail], 1, \" \")", "(unknown)"},
	{"InStr([mail], \"x\")", "(unknown)"},
	{"Left(\"x\", [displayName])", "(unknown)"},
	{"Mid(\"x\", [displayName], 1)", "(unknown)"},
	{"Mid(\"x\", 1, [displayName])", "(unknown)"},
	{"Item([proxyAddresses], [displayName])", "(unknown)"},
	{"Split(\"a,b\", [mail])", "(unknown)"},
	{"Word(\"a b\", 1, [mail])", "(unknown)"},
	{"Word(\"a b\", [displayName], \" \")", "(unknown)"},
	{"InStr(\"x\", [mail])", "(unknown)"},
	{"Replace(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", , \"^(a|a?)+$\", , "
	 "\"b\")",
	 "(unknown)"},
	{"Replace(\"a\", , \"a\", , \"${nobody}\")", "(unknown)"},
};

static void what_the_cloud_left_out_gives_no_value(void **state)
{
	(void)state;
	check(DOUBTS, GB_ARRAY_SIZE(DOUBTS));
}

static const struct {
	const char *text;
	const char *where;
} BAD[] = {
	{"", "map:1:1:"},
	{"left(\"a\", 1)", "map:1:1: there is no function \"left\""},
	{"Left", "map:1:5:"},
	{"Left(\"a\")", "map:1:9: Left takes 2 arguments, not 1"},
	{"Left(\"a\", 1, 2)", "map:1:15: Left takes 2"},
	{"Left(\"a\", \"b\")", "map:1:14: argument 2 of Left must be a number"},
	{"Left(, 1)", "map:1:6: argument 1 of Left is missing"},
	{"Left(\"a\" 1)", "map:1:10: here stands a comma"},
	{"Left(\"a\", 1", "map:1:12:"},
	{"Left(\"a\", 99999999999)", "map:1:11: the number is too large"},
	{"Append(\"a\"=\"b\", \"c\")", "map:1:15: a comparison can only be"},
	{"Trim([nobody])", "map:1:6: a group has no property \"nobody\""},
	{"Trim([])", "map:1:6:"},
	{"Trim([a b])", "map:1:6:"},
	{"Switch(\"a\", \"d\", \"k\")", "map:1:21: Switch takes at least 4"},
	{"Switch(\"a\", \"d\", \"k\", \"v\", \"l\")", "map:1:31: Switch takes a source"},
	{"Replace(\"a\", \"b\", \"c\", , \"d\")", "map:1:29: Replace has none"},
	{"Replace(\"a\", , , , \"d\")", "map:1:23: Replace has none"},
	{"Replace(\"a\", \"b\", )", "map:1:19: Replace has none"},
	{"Replace(\"a\", , \"(\", , \"d\")", "map:1:26: the regular expression is wrong"},
	{"Replace(\"a\", , \"a\", \"g\", \"d\")", "map:1:29: the regular expression has no group"},
	{"Replace(\"a\", , [displayName], , \"d\")", "map:1:36: the regular expression and"},
	{"Trim(\"a", "map:1:6: the string has no closing quote"},
	{"(\"a\")", "map:1:1:"},
	{"Trim(\n\"a\",\n\"b\")", "map:3:4: Trim takes 1 argument, not 2"},
};

static void what_is_wrong_is_named_with_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(BAD); i++) {
		void *tmp = talloc_new(NULL);
		struct gb_expression *expression;
		struct gb_lexer lexer;
		struct gb_err err;
		enum gb_rc rc = gb_lexer_begin(tmp, "map", BAD[i].text, &lexer, &err);

		if (rc == GB_OK) {
			rc = gb_expression_parse(tmp, &lexer, &expression, &err);
		}
		assert_int_equal(rc, GB_E_CONFIG);
		if (strncmp(err.what, BAD[i].where, strlen(BAD[i].where)) != 0) {
			fail_msg("%s: %s", BAD[i].text, err.what);
		}
		talloc_free(tmp);
	}
}

static void nested_deeper_than_anybody_writes_is_refused(void **state)
{
	struct gb_buffer *text = gb_buffer_new(NULL);
	struct gb_expression *expression;
	struct gb_lexer lexer;
	struct gb_err err;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		gb_buffer_add_text(text, "Trim(");
	}
	assert_int_equal(gb_lexer_begin(text, "map", text->text, &lexer, &err), GB_OK);
	assert_int_equal(gb_expression_parse(text, &lexer, &expression, &err), GB_E_CONFIG);
	assert_non_null(strstr(err.what, "too long or too deep"));
	talloc_free(text);
}

/* Ten times doubled a hundred times is more than any memory. */
static void a_value_cannot_grow_without_end(void **state)
{
	struct gb_buffer *text = gb_buffer_new(NULL);
	char *value;

	(void)state;
	for (int i = 0; i < 20; i++) {
		gb_buffer_add_text(text, "Replace(");
	}
	gb_buffer_add_text(text, "\"aaaaaaaaaa\"");
	for (int i = 0; i < 20; i++) {
		gb_buffer_add_text(text, ", \"a\", , , \"aaaaaaaaaa\")");
	}
	value = value_of(text, text->text);
	assert_string_equal(value, "(unknown)");
	talloc_free(text);
}

/* Whatever the text: an error or a value, no crash. */
static void random_words_never_break_the_parser(void **state)
{
	static const char *const words[] = {"Left", "Replace", "(",   ")",  ",",     "\"a\"",
					    "3",    "[mail]",  "IIF", "=",  "<>",    "\n",
					    "#x\n", "Switch",  "-1",  "\"", "\\",    "[",
					    "Join", "Trim",    "Mid", " ",  "Split", "Word"};
	struct unit_chance chance = {.state = 4711};
	struct gb_cloud_group about = group();

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct gb_buffer *text = gb_buffer_new(NULL);
		struct gb_expression *expression;
		struct gb_lexer lexer;

		for (size_t n = unit_below(&chance, 24); n > 0; n--) {
			gb_buffer_add_text(text, words[unit_below(&chance, GB_ARRAY_SIZE(words))]);
		}
		if (gb_lexer_begin(text, "map", text->text, &lexer, NULL) == GB_OK &&
		    gb_expression_parse(text, &lexer, &expression, NULL) == GB_OK) {
			(void)gb_expression_value(text, expression, &about);
		}
		talloc_free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_microsoft_documents_gives_what_microsoft_documents),
		cmocka_unit_test(functions_do_what_their_names_say),
		cmocka_unit_test(what_the_cloud_left_out_gives_no_value),
		cmocka_unit_test(what_is_wrong_is_named_with_line_and_column),
		cmocka_unit_test(nested_deeper_than_anybody_writes_is_refused),
		cmocka_unit_test(a_value_cannot_grow_without_end),
		cmocka_unit_test(random_words_never_break_the_parser),
	};

	return cmocka_run_group_tests_name("plan/expression", tests, NULL, NULL);
}
