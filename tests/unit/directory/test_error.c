/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/error. */
#include "config.h"

#include <ldap.h>

#include "engine/directory/error.h"
#include "tests/unit/unit.h"

#define AD_49(DATA)                                                                          \
	"80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data " DATA \
	", v4f7c"

static struct gb_err fill(enum gb_ldap_request request, int code, const char *diagnostic)
{
	struct gb_ldap_failure failure = {
		.code = code, .diagnostic = diagnostic, .doing = "Doing x", .request = request};
	struct gb_err err = {0};

	enum gb_rc rc = gb_directory_error(&failure, &err);

	assert_int_equal(rc, err.rc);
	assert_int_equal(err.native, code);
	return err;
}

static void each_code_has_its_class(void **state)
{
	static const struct {
		int code;
		enum gb_rc rc;
		const char *id;
	} rows[] = {
		{3, GB_E_UNAVAILABLE, "ldap-3"},
		{4, GB_E_UNAVAILABLE, "ldap-4"},
		{8, GB_E_CONFIG, "ldap-8"},
		{10, GB_E_CONFIG, "ldap-10"},
		{11, GB_E_UNAVAILABLE, "ldap-11"},
		{12, GB_E_CONFIG, "ldap-12"},
		{16, GB_E_CONSTRAINT, "ldap-16"},
		{19, GB_E_CONSTRAINT, "ldap-19"},
		{20, GB_E_EXISTS, "ldap-20"},
		{21, GB_E_CONSTRAINT, "ldap-21"},
		{32, GB_E_NOT_FOUND, "ldap-32"},
		{34, GB_E_CONSTRAINT, "ldap-34"},
		{49, GB_E_ACCESS, "ldap-49"},
		{50, GB_E_ACCESS, "ldap-50"},
		{51, GB_E_UNAVAILABLE, "ldap-51"},
		{52, GB_E_UNAVAILABLE, "ldap-52"},
		{53, GB_E_CONSTRAINT, "ldap-53"},
		{65, GB_E_CONSTRAINT, "ldap-65"},
		{68, GB_E_EXISTS, "ldap-68"},
		{80, GB_E_UNAVAILABLE, "ldap-80"},
		{-1, GB_E_UNAVAILABLE, "ldap-local-1"},
		{-5, GB_E_UNAVAILABLE, "ldap-local-5"},
		{-4, GB_E_PROTOCOL, "ldap-local-4"},
		{99, GB_E_PROTOCOL, "ldap-99"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_err err = fill(GB_LDAP_WRITE, rows[i].code, NULL);

		assert_int_equal(err.rc, rows[i].rc);
		assert_string_equal(err.id, rows[i].id);
		assert_non_null(strstr(err.what, "Doing x: "));
		assert_string_not_equal(err.undone, "");
	}
}

static void a_refused_sign_in_names_its_reason(void **state)
{
	static const struct {
		const char *diagnostic;
		const char *id;
		const char *words;
	} rows[] = {
		{AD_49("52e"), "ldap-49-52e", "password is wrong"},
		{AD_49("525"), "ldap-49-525", "no such account"},
		{AD_49("530"), "ldap-49-530", "at this time"},
		{AD_49("531"), "ldap-49-531", "from this host"},
		{AD_49("532"), "ldap-49-532", "password has expired"},
		{AD_49("533"), "ldap-49-533", "disabled"},
		{AD_49("701"), "ldap-49-701", "account has expired"},
		{AD_49("773"), "ldap-49-773", "must change"},
		{AD_49("775"), "ldap-49-775", "locked"},
		{AD_49("7ff"), "ldap-49-7ff", "password is wrong"},
		{NULL, "ldap-49", "password is wrong"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_err err = fill(GB_LDAP_BIND, 49, rows[i].diagnostic);

		assert_int_equal(err.rc, GB_E_ACCESS);
		assert_string_equal(err.id, rows[i].id);
		assert_non_null(strstr(err.what, rows[i].words));
		assert_string_not_equal(err.remedy, "");
	}
}

static void channel_binding_has_its_own_sentence(void **state)
{
	struct gb_err err = fill(GB_LDAP_BIND, 49,
				 "80090346: LdapErr: DSID-0C090597, comment: AcceptSecurityContext "
				 "error, data 80090346, v4563");

	(void)state;
	assert_int_equal(err.rc, GB_E_ACCESS);
	assert_string_equal(err.id, "ldap-channel-binding");
	assert_non_null(strstr(err.what, "channel binding"));
}

static void the_same_code_means_another_thing_at_sign_in(void **state)
{
	(void)state;
	assert_int_equal(fill(GB_LDAP_BIND, 53, "Sign or Seal are not allowed if TLS is used").rc,
			 GB_E_CONFIG);
	assert_int_equal(fill(GB_LDAP_WRITE, 53, NULL).rc, GB_E_CONSTRAINT);
	assert_int_equal(fill(GB_LDAP_BIND, -2, "SASL(-1): generic failure").rc, GB_E_ACCESS);
}

static void an_unknown_outcome_is_said(void **state)
{
	struct gb_ldap_failure failure = {
		.code = -1, .request = GB_LDAP_WRITE, .outcome_unknown = true};
	struct gb_err err = {0};

	(void)state;
	gb_directory_error(&failure, &err);
	assert_non_null(strstr(err.undone, "not known"));
	failure.outcome_unknown = false;
	gb_directory_error(&failure, &err);
	assert_null(strstr(err.undone, "not known"));
}

static void the_servers_text_is_made_safe(void **state)
{
	struct gb_err err = fill(GB_LDAP_WRITE, 19, "bad\n\x1b[2Jvalue\xff");

	(void)state;
	assert_null(strchr(err.what, '\n'));
	assert_null(strchr(err.what, '\x1b'));
	assert_non_null(strstr(err.what, "\\u{a}"));
}

static void what_may_pass_is_transient(void **state)
{
	static const int transient[] = {51, 52, 3, 11, 80, -1, -5, -11};
	static const int final[] = {0, 4, 8, 16, 19, 20, 32, 49, 50, 53, 68, -4};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(transient); i++) {
		assert_true(gb_directory_error_is_transient(transient[i]));
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(final); i++) {
		assert_false(gb_directory_error_is_transient(final[i]));
	}
}

static void an_enforced_source_of_authority_is_recognised(void **state)
{
	static const char *const texts[] = {
		"0000200D: SvcErr: DSID-031A0FB5: object has msDS-ObjectSoa=Cloud",
		"refused by CN=Cloud,CN=SOA-Policies,CN=System,DC=x",
		"source of authority is enforced",
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(texts); i++) {
		struct gb_err err = fill(GB_LDAP_WRITE, 53, texts[i]);

		assert_string_equal(err.id, "ldap-authority-enforced");
		assert_non_null(strstr(err.remedy, "msDS-Settings"));
		assert_string_equal(fill(GB_LDAP_READ, 53, texts[i]).id, "ldap-53");
	}
	/* a schema without the attribute is something else */
	assert_string_equal(fill(GB_LDAP_WRITE, 16, texts[0]).id, "ldap-16");
	assert_string_equal(fill(GB_LDAP_WRITE, 17, texts[0]).id, "ldap-17");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_enforced_source_of_authority_is_recognised),
		cmocka_unit_test(each_code_has_its_class),
		cmocka_unit_test(a_refused_sign_in_names_its_reason),
		cmocka_unit_test(channel_binding_has_its_own_sentence),
		cmocka_unit_test(the_same_code_means_another_thing_at_sign_in),
		cmocka_unit_test(an_unknown_outcome_is_said),
		cmocka_unit_test(the_servers_text_is_made_safe),
		cmocka_unit_test(what_may_pass_is_transient),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
