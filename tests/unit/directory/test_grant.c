/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/grant: which rights are there, missing, too many, and added. */
#include "config.h"

#include "engine/directory/grant.h"
#include "engine/directory/grant_lines.h"
#include "engine/directory/sddl.h"
#include "tests/unit/unit.h"

#define SVC   "S-1-5-21-1-2-3-1104"
#define GROUP "bf967a9c-0de6-11d0-a285-00aa003049e2"
#define USER  "bf967aba-0de6-11d0-a285-00aa003049e2"
#define CHILD "(OA;CI;CCDC;" GROUP ";;" SVC ")"
#define BELOW "(OA;CIIO;LCRPWPLOSDRC;;" GROUP ";" SVC ")"

static struct gb_sid sid_of(const char *text)
{
	struct gb_sid sid;

	assert_true(gb_sid_parse(text, &sid));
	return sid;
}

static struct gb_descriptor *descriptor_of(const char *text)
{
	struct gb_sid domain = sid_of("S-1-5-21-1-2-3");
	struct gb_descriptor *descriptor = gb_sddl_read(NULL, text, &domain);

	if (!descriptor) {
		fail_msg("no SDDL: %s", text);
	}
	return descriptor;
}

static void exactly_what_is_missing_is_added_in_front_of_what_is_inherited(void **state)
{
	static const struct {
		const char *before;
		const char *after;
	} table[] = {
		{"D:", "D:" CHILD BELOW},
		{"D:" CHILD, "D:" CHILD BELOW},
		{"D:" BELOW, "D:" BELOW CHILD},
		{"D:AI(A;;GA;;;SY)(A;CIID;GA;;;EA)",
		 "D:AI(A;;GA;;;SY)" CHILD BELOW "(A;CIID;GA;;;EA)"},
		/* Full control of the account itself gives everything. */
		{"D:(A;CI;GA;;;" SVC ")", "D:(A;CI;GA;;;" SVC ")"},
		{"D:(A;CIID;GA;;;" SVC ")", "D:(A;CIID;GA;;;" SVC ")"},
		/* That of the container alone does not. */
		{"D:(A;;GA;;;" SVC ")", "D:(A;;GA;;;" SVC ")" BELOW},
		{"D:(OA;CI;CC;" GROUP ";;" SVC ")", "D:(OA;CI;CC;" GROUP ";;" SVC ")" CHILD BELOW},
		{"D:(OA;CI;CCDC;" USER ";;" SVC ")",
		 "D:(OA;CI;CCDC;" USER ";;" SVC ")" CHILD BELOW},
		/* What is denied stays denied, and is not added again and again. */
		{"D:(D;CI;CC;;;" SVC ")" CHILD BELOW, "D:(D;CI;CC;;;" SVC ")" CHILD BELOW},
		{"D:NO_ACCESS_CONTROL", "D:NO_ACCESS_CONTROL"},
	};
	struct gb_sid svc = sid_of(SVC);
	struct gb_sid none = {0};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(table); i++) {
		struct gb_descriptor *descriptor = descriptor_of(table[i].before);
		size_t added = gb_grant_add(descriptor, &svc, GB_GRANT_CONTAINER);
		const struct gb_descriptor *expected = descriptor_of(table[i].after);

		assert_int_equal(added > 0, strcmp(table[i].before, table[i].after) != 0);
		assert_string_equal(gb_sddl_write(descriptor, descriptor, &none),
				    gb_sddl_write(descriptor, expected, &none));
		assert_int_equal(gb_grant_add(descriptor, &svc, GB_GRANT_CONTAINER), 0);
		talloc_free(descriptor);
		talloc_free((void *)(uintptr_t)expected);
	}
}

static void each_right_is_told_by_its_name(void **state)
{
	static const struct {
		const char *sddl;
		const char *states; /* create delete read write members move */
	} table[] = {
		{"D:", "------"},
		{"D:" CHILD, "yy----"},
		{"D:" BELOW, "--yyyy"},
		{"D:(A;CI;GA;;;" SVC ")", "yyyyyy"},
		{"D:(OD;;CC;" GROUP ";;" SVC ")" CHILD, "ny----"},
		{"D:" CHILD "(OD;;CC;" GROUP ";;" SVC ")", "yy----"},
		{"D:(OA;CIIO;WP;bf9679c0-0de6-11d0-a285-00aa003049e2;" GROUP ";" SVC ")", "----y-"},
		{"D:(OA;CIIO;GA;;" USER ";" SVC ")", "------"},
		{"D:(A;CI;GA;;;SY)", "------"},
		{"D:NO_ACCESS_CONTROL", "yyyyyy"},
	};
	struct gb_sid svc = sid_of(SVC);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(table); i++) {
		struct gb_descriptor *descriptor = descriptor_of(table[i].sddl);
		size_t count;
		const struct gb_grant_right *rights = gb_grant_rights(GB_GRANT_CONTAINER, &count);
		char states[8] = {0};

		for (size_t r = 0; r < count; r++) {
			states[r] = "-ny"[gb_grant_state(descriptor->dacl, &svc, &rights[r])];
		}
		assert_string_equal(states, table[i].states);
		talloc_free(descriptor);
	}
}

/* How many entries of @sddl are of a kind. */
static size_t count_of(const char *sddl, bool others)
{
	struct gb_descriptor *descriptor = descriptor_of(sddl);
	struct gb_sid svc = sid_of(SVC);
	size_t count = 0;

	for (size_t i = 0; i < descriptor->dacl->count; i++) {
		const struct gb_ace *ace = &descriptor->dacl->aces[i];

		count += others ? gb_grant_lets_write(ace)
				: gb_grant_goes_too_far(ace, &svc, GB_GRANT_CONTAINER);
	}
	talloc_free(descriptor);
	return count;
}

static void rights_that_go_too_far_are_seen(void **state)
{
	(void)state;
	assert_int_equal(count_of("D:" CHILD BELOW, false), 0);
	assert_int_equal(count_of("D:(OA;CIIO;WP;bf9679c0-0de6-11d0-a285-00aa003049e2;" GROUP
				  ";" SVC ")",
				  false),
			 0);
	assert_int_equal(count_of("D:(A;CI;GA;;;" SVC ")", false), 1);
	assert_int_equal(count_of("D:(OA;CI;CC;;;" SVC ")", false), 1);
	assert_int_equal(count_of("D:(OA;CI;WP;;" GROUP ";" SVC ")", false), 1);
	assert_int_equal(count_of("D:(OA;CIIO;WD;;" GROUP ";" SVC ")", false), 1);
	assert_int_equal(count_of("D:(A;CI;GA;;;SY)(D;CI;GA;;;" SVC ")", false), 0);
}

static void others_who_may_write_are_seen(void **state)
{
	(void)state;
	assert_int_equal(count_of("D:(A;;GA;;;DA)(OA;;CCDC;" GROUP ";;AO)(A;CI;DT;;;WD)", true), 3);
	assert_int_equal(count_of("D:(OA;CIIO;WP;;" GROUP ";AU)(A;;WD;;;AU)", true), 2);
	assert_int_equal(count_of("D:(A;;LCRPLORC;;;AU)(OA;;CCDC;" USER ";;AO)", true), 0);
	assert_int_equal(
		count_of("D:(OA;CIIO;WP;;" USER ";AU)(A;CIIO;GA;;;CO)(A;CI;WP;;;PS)", true), 0);
	assert_int_equal(count_of("D:(D;CI;GA;;;WD)", true), 0);
}

static const struct gb_grant_lines *lines_of(const void *ctx, enum gb_grant_place place,
					     const char *dn, const char *principal)
{
	struct gb_grant_lines *lines = gb_new(ctx, struct gb_grant_lines);
	struct gb_sid svc = sid_of(SVC);
	struct gb_sid domain = sid_of("S-1-5-21-1-2-3");
	const struct gb_grant_target target = {
		.place = place, .dn = dn, .principal = principal, .sid = &svc, .domain = &domain};

	gb_grant_lines(lines, &target, lines);
	return lines;
}

static void lines_name_object_account_and_rights(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	const struct gb_grant_lines *lines =
		lines_of(tmp, GB_GRANT_CONTAINER, "OU=A,DC=x", "svc@x.test");

	(void)state;
	assert_int_equal(lines->dsacls_count, 2);
	assert_string_equal(lines->dsacls[0],
			    "dsacls \"OU=A,DC=x\" /I:T /G \"svc@x.test:CCDC;group\"");
	assert_string_equal(lines->dsacls[1],
			    "dsacls \"OU=A,DC=x\" /I:S /G \"svc@x.test:RPWPLCLORCSD;;group\"");
	assert_string_equal(lines->samba_tool,
			    "samba-tool dsacl set --objectdn='OU=A,DC=x' --action=allow "
			    "--sddl='" CHILD BELOW "'");
	lines = lines_of(tmp, GB_GRANT_DELETED_OBJECTS, "CN=Deleted Objects,DC=x", NULL);
	assert_string_equal(lines->dsacls[0], "dsacls \"CN=Deleted Objects,DC=x\" /takeownership");
	assert_string_equal(lines->dsacls[1],
			    "dsacls \"CN=Deleted Objects,DC=x\" /I:T /G \"" SVC ":LCRP\"");
	talloc_free(tmp);
}

/* What is between the quotes of a line means nothing to any shell, and none of them ends early. */
static void hostile_names_stay_between_their_quotes(void **state)
{
	static const char hostile[] =
		"OU=$(id) `id` %PATH% !x! ^\\;'\\22&|\xe2\x80\x9d\xe2\x80\x99,DC=x";
	static const char *const principals[] = {"a$(id)@x", "%a%@x", "a b@x", "a`b@x", ""};
	static const char bad[] = "$`%!^&|<>\xe2";
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(principals); i++) {
		const struct gb_grant_lines *lines =
			lines_of(tmp, GB_GRANT_CONTAINER, hostile, principals[i]);

		assert_int_equal(strcspn(lines->samba_tool, bad), strlen(lines->samba_tool));
		assert_null(strchr(lines->samba_tool, '"'));
		assert_non_null(strstr(lines->samba_tool, "'OU=\\24(id) \\60id\\60 \\25PATH"));
		for (size_t k = 0; k < lines->dsacls_count; k++) {
			assert_int_equal(strcspn(lines->dsacls[k], bad), strlen(lines->dsacls[k]));
			assert_null(strchr(lines->dsacls[k], '\''));
			assert_non_null(strstr(lines->dsacls[k], "/G \"" SVC ":"));
		}
	}
	assert_null(lines_of(tmp, GB_GRANT_CONTAINER, "$(id)", "a@x")->samba_tool);
	talloc_free(tmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_what_is_missing_is_added_in_front_of_what_is_inherited),
		cmocka_unit_test(each_right_is_told_by_its_name),
		cmocka_unit_test(rights_that_go_too_far_are_seen),
		cmocka_unit_test(others_who_may_write_are_seen),
		cmocka_unit_test(lines_name_object_account_and_rights),
		cmocka_unit_test(hostile_names_stay_between_their_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
