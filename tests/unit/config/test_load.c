/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/load and scan: what is read, what is refused, and where it says so. */
#include "config.h"

#include "engine/config/load.h"
#include "engine/config/save.h"
#include "engine/config/scan.h"
#include "engine/config/value.h"
#include "tests/unit/unit.h"

/* A file that is complete, so that one more line is all that can be wrong. */
#define BASE                                                 \
	"[cloud]\n"                                          \
	"tenant = contoso.example\n"                         \
	"client id = 73d664e4-0886-4a73-b745-c694da45ddb4\n" \
	"[directory]\n"                                      \
	"servers = dc1\n"                                    \
	"account = svc@corp.example\n"

static struct gb_config *parsed(void *ctx, const char *text)
{
	struct gb_config_problems problems = {0};
	struct gb_config *config = NULL;

	if (gb_config_parse(ctx, text, strlen(text), "file", &config, &problems) != GB_OK) {
		fail_msg("%s", problems.items[0].what);
	}
	return config;
}

static void a_complete_file_is_read(void **state)
{
	struct gb_config *config = parsed(NULL, BASE "transport = starttls\n");

	(void)state;
	assert_string_equal(config->cloud.tenant, "contoso.example");
	assert_int_equal(config->directory.transport, GB_CONFIG_TRANSPORT_STARTTLS);
	assert_int_equal(config->directory.bind, GB_CONFIG_BIND_SIMPLE);
	talloc_free(config);
}

static void blanks_comments_case_and_quotes_are_taken_as_usual(void **state)
{
	struct gb_config *config =
		parsed(NULL, "\n \t\n# x\n  ; [y]\n\t[Cloud]\t\n  Tenant\t=\t contoso.example \t\n"
			     "CLIENT ID=\"73d664e4-0886-4a73-b745-c694da45ddb4\"\nproxy =\n"
			     "ca file = \"\"\n"
			     "[directory]\nservers = \" dc1 \"\naccount =CN=a\\,b,DC=c=d\n"
			     "[paths]\nstate directory=\"/a ;#'=[b] \"");

	(void)state;
	assert_string_equal(config->cloud.tenant, "contoso.example");
	assert_null(config->cloud.proxy);
	assert_null(config->cloud.ca_file);
	assert_string_equal(config->directory.account, "CN=a\\,b,DC=c=d");
	assert_string_equal(config->paths.state_directory, "/a ;#'=[b] ");
	talloc_free(config);
}

struct fault {
	const char *text; /* behind BASE, whose last section is [directory] and last line 6 */
	const char *id;
	const char *where;
};

static const struct fault faults[] = {
	{"bind = simple ; a comment\n", "config-comment", "file:7:15:"},
	{"bind = simple # a comment\n", "config-comment", "file:7:15:"},
	{"bind = \"simple\" # a comment\n", "config-quote", "file:7:15:"},
	{"bind = \"simple\n", "config-quote", "file:7:8:"},
	{"bind = \"\n", "config-quote", "file:7:8:"},
	{"bind = simple\"\n", "config-quote", "file:7:14:"},
	{"bind = 'simple'\n", "config-quote", "file:7:8:"},
	{"bind = \"a\\\"b\"\n", "config-quote", "file:7:11:"},
	{"bind = simple\\\n", "config-backslash", "file:7:14:"},
	{"# a comment\\\nbind = simple\n", "config-backslash", "file:7:12:"},
	{"bind simple\n", "config-line", "file:7:1:"},
	{"= simple\n", "config-line", "file:7:1:"},
	{"  nothing = 1\n", "config-unknown-key", "file:7:3:"},
	{"tenant = contoso.example\n", "config-unknown-key", "file:7:1:"},
	{"servers = dc2\n", "config-double-key", "file:7:1:"},
	{"SERVERS = dc2\n", "config-double-key", "file:7:1:"},
	{"[cloud]\n", "config-double-section", "file:7:2:"},
	{"[Directory]\n", "config-double-section", "file:7:2:"},
	{"[nowhere]\n", "config-unknown-section", "file:7:2:"},
	{"[ paths ]\n", "config-unknown-section", "file:7:2:"},
	{"[]\n", "config-unknown-section", "file:7:2:"},
	{"[paths\n", "config-section", "file:7:7:"},
	{"[paths] # x\n", "config-section", "file:7:12:"},
	{"[\n", "config-section", "file:7:2:"},
	{"bind = simple\r\n", "config-crlf", "file:7:14:"},
	{"bind = sim\rple\n", "config-control", "file:7:11:"},
	{"# a\x1b[2J\n", "config-control", "file:7:4:"},
	{"# a\x7f\n", "config-control", "file:7:4:"},
	{"# \xc3\xbc\xc2\x85\n", "config-utf8", "file:7:4:"},
	{"# \xc3\xbc\xff\n", "config-utf8", "file:7:4:"},
	{"# \xc3\xbc\xc3\n", "config-utf8", "file:7:4:"},
	{"# \xed\xa0\x80\n", "config-utf8", "file:7:3:"},
	{"bind = kerberos\n", "config-value", "file:7:8:"},
	{"  bind\t=  \"kerberos\"\n", "config-value", "file:7:12:"},
	{"bind =\n", "config-value", "file:7:7:"},
	{"bind = \"\"\n", "config-value", "file:7:9:"},
	{"[writeback]\ncontainer = Cloud Groups\n", "config-value", "file:8:13:"},
};

static void each_fault_is_told_with_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(faults); i++) {
		char *text = gb_printf(NULL, BASE "%s", faults[i].text);
		struct gb_config_problems problems = {0};
		struct gb_config *config = NULL;

		assert_int_equal(
			gb_config_parse(text, text, strlen(text), "file", &config, &problems),
			GB_E_CONFIG);
		assert_null(config);
		if (problems.count != 1 || strcmp(problems.items[0].id, faults[i].id) != 0 ||
		    strncmp(problems.items[0].what, faults[i].where, strlen(faults[i].where)) !=
			    0) {
			fail_msg("%s: [%s] %s", faults[i].text, problems.items[0].id,
				 problems.items[0].what);
		}
		talloc_free(text);
	}
}

static void refused(const char *text, size_t length, const char *id)
{
	struct gb_config_problems problems = {0};
	struct gb_config *config = NULL;

	assert_int_equal(gb_config_parse(NULL, text, length, "file", &config, &problems),
			 GB_E_CONFIG);
	assert_null(config);
	assert_string_equal(problems.items[0].id, id);
}

static void files_that_are_no_text_are_refused(void **state)
{
	static const char bom[] = "\xef\xbb\xbf" BASE;
	static const char nul[] = BASE "bi\0nd = simple\n";

	(void)state;
	refused(bom, sizeof(bom) - 1, "config-bom");
	refused(nul, sizeof(nul) - 1, "config-control");
	refused("x = 1\n", 6, "config-no-section");
	refused("", 0, "config-missing");
}

static void lines_are_bounded(void **state)
{
	char *line = gb_new_array(NULL, char, GB_CONFIG_MAX_LINE_BYTES + 2);
	char *text;

	(void)state;
	memset(line, 'x', GB_CONFIG_MAX_LINE_BYTES);
	line[0] = '#';
	text = gb_printf(line, "%s\n" BASE, line);
	assert_non_null(parsed(line, text));
	line[GB_CONFIG_MAX_LINE_BYTES] = 'x';
	text = gb_printf(line, "%s\n" BASE, line);
	refused(text, strlen(text), "config-line-length");
	talloc_free(line);
}

static void all_faults_are_told_not_only_the_first(void **state)
{
	static const char text[] = "[cloud]\ntenant = common\nnothing = 1\nenvironment = moon\n"
				   "[nowhere]\nignored = 1\n[directory]\nbind = x\n";
	static const char *const lines[] = {"file:3:", "file:5:", "file:2:", "file:4:", "file:8:"};
	struct gb_config_problems problems = {0};
	struct gb_config *config;

	(void)state;
	assert_int_equal(gb_config_parse(NULL, text, strlen(text), "file", &config, &problems),
			 GB_E_CONFIG);
	assert_int_equal(problems.count, GB_ARRAY_SIZE(lines));
	for (size_t i = 0; i < GB_ARRAY_SIZE(lines); i++) {
		assert_memory_equal(problems.items[i].what, lines[i], strlen(lines[i]));
	}
}

static void a_flood_of_faults_is_counted(void **state)
{
	char *text = gb_strdup(NULL, "");
	struct gb_config_problems problems = {0};
	struct gb_config *config;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		text = talloc_strdup_append(text, "x\n");
	}
	assert_int_equal(gb_config_parse(text, text, strlen(text), "file", &config, &problems),
			 GB_E_CONFIG);
	assert_int_equal(problems.count, GB_CONFIG_MAX_PROBLEMS);
	assert_int_equal(problems.total, 1000);
	talloc_free(text);
}

static void a_file_must_be_trusted(void **state)
{
	char *folder = unit_folder(NULL);
	char *path = gb_printf(folder, "%s/groupback.conf", folder);
	struct gb_config_problems problems;
	struct gb_config *config;

	(void)state;
	assert_int_equal(gb_config_load(folder, path, &config, &problems), GB_E_CONFIG);
	assert_string_equal(problems.items[0].id, "file-missing");
	unit_write(path, BASE, strlen(BASE), 0666);
	assert_int_equal(gb_config_load(folder, path, &config, &problems), GB_E_CONFIG);
	assert_string_equal(problems.items[0].id, "file-mode");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(gb_config_load(folder, path, &config, &problems), GB_OK);
	assert_string_equal(config->cloud.tenant, "contoso.example");
	talloc_free(folder);
}

/* Whether "name =" or "#name =" stands in the section of @text that the key belongs to. */
static bool shows_key(const char *text, const struct gb_key *key)
{
	char *head = gb_printf(NULL, "\n[%s]\n", key->section);
	const char *begin = strstr(text, head);
	const char *end = begin ? strstr(begin + 1, "\n[") : NULL;
	char *section = gb_strndup(head, begin,
				   !begin ? 0
				   : end  ? (size_t)(end - begin)
					  : strlen(begin));
	bool found = strstr(section, gb_printf(head, "\n%s = ", key->name)) ||
		     strstr(section, gb_printf(head, "\n#%s = ", key->name));

	talloc_free(head);
	return found;
}

static void the_example_is_valid_and_shows_every_key(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	const char *srcdir = getenv("GB_SRCDIR");
	char *text = unit_read(
		tmp, gb_printf(tmp, "%s/data/groupback.conf.example", srcdir ? srcdir : "."));
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	(void)state;
	parsed(tmp, text);
	for (size_t i = 0; i < count; i++) {
		if (!shows_key(text, &keys[i])) {
			fail_msg("missing in the example: [%s] %s", keys[i].section, keys[i].name);
		}
	}
	talloc_free(tmp);
}

/* A file made of pieces in any order: most are refused, and none may be misread. */
static void the_scan_and_the_parser_never_disagree(void **state)
{
	static const char *const pieces[] = {"[cloud]",     "[paths]",
					     "[directory]", "\n",
					     "\n",          "\n",
					     " ",           "\t",
					     "=",           " = ",
					     "\"",          "\"",
					     "'",           ";",
					     "#",           "\\",
					     "tenant",      "client id",
					     "account",     "servers",
					     "proxy",       "state directory",
					     "/a",          "dc1",
					     "a.b",         "x@y",
					     "CN=a,DC=b",   "\\22",
					     "\xc3\xbc",    "\xe2\x80\xa8",
					     "\xc2\xa0",    "\x85",
					     "\r",          ":",
					     "[",           "]",
					     "yes",         ""};
	struct unit_chance chance = {29};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char *text = gb_strdup(NULL, i % 2 ? BASE : "[cloud]\nproxy = ");
		struct gb_config_problems problems = {0};
		struct gb_config *config = NULL;

		for (size_t n = unit_below(&chance, 14); n > 0; n--) {
			text = talloc_strdup_append(
				text, pieces[unit_below(&chance, GB_ARRAY_SIZE(pieces))]);
		}
		if (gb_config_parse(text, text, strlen(text), "file", &config, &problems) ==
		    GB_OK) {
			talloc_free(config);
		}
		for (size_t n = 0; n < problems.count; n++) {
			if (problems.items[n].rc != GB_E_CONFIG) {
				fail_msg("%s: %s", text, problems.items[n].what);
			}
		}
		talloc_free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_complete_file_is_read),
		cmocka_unit_test(blanks_comments_case_and_quotes_are_taken_as_usual),
		cmocka_unit_test(each_fault_is_told_with_line_and_column),
		cmocka_unit_test(files_that_are_no_text_are_refused),
		cmocka_unit_test(lines_are_bounded),
		cmocka_unit_test(all_faults_are_told_not_only_the_first),
		cmocka_unit_test(a_flood_of_faults_is_counted),
		cmocka_unit_test(a_file_must_be_trusted),
		cmocka_unit_test(the_example_is_valid_and_shows_every_key),
		cmocka_unit_test(the_scan_and_the_parser_never_disagree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
