/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a directory on a real Samba domain controller. Started by test_live_connect.sh. */
#include "config.h"

#include <arpa/inet.h>
#include <krb5.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "engine/base/clock.h"
#include "tests/unit/directory/live.h"

/* Signing in. */

static void ldaps_opens_and_tells_the_facts(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));
	const struct gb_directory_facts *facts = gb_directory_facts(talk->directory);

	(void)state;
	assert_int_equal(facts->dialect, GB_DIALECT_AD);
	assert_string_equal(facts->server, talk_env("GB_DC_HOST"));
	assert_string_equal(facts->domain_dn, talk_env("GB_BASE_DN"));
	assert_non_null(facts->dns_host_name);
	assert_non_null(facts->schema_dn);
	assert_false(gb_guid_is_none(&facts->domain_guid));
	assert_false(gb_guid_is_none(&facts->invocation_id));
	assert_false(gb_sid_is_none(&facts->domain_sid));
	assert_true(facts->highest_usn > 0);
	assert_true(facts->is_global_catalog);
	assert_true(facts->has_external_id);
	assert_false(facts->has_recycle_bin);
	assert_true(gb_directory_is_connected(talk->directory));
	assert_int_equal(gb_directory_generation(talk->directory), 1);
	assert_int_equal(gb_directory_stats(talk->directory)->connects, 2);
	talloc_free(talk);
}

static void opens(const struct gb_directory_options *options)
{
	struct talk *talk = talk_new();

	if (talk_open(talk, options) != GB_OK) {
		fail_msg("%s", gb_err_line(talk, &talk->err));
	}
	assert_int_equal(talk_check_account(talk), GB_OK);
	talloc_free(talk);
}

static struct gb_directory_options keytab_options(const void *ctx)
{
	struct gb_directory_options options = live_options(ctx, talk_env("GB_DC_HOST"));

	options.bind = GB_BIND_GSSAPI;
	options.keytab_file = talk_env("GB_SVC_KEYTAB");
	options.account = NULL;
	options.password = NULL;
	return options;
}

static void starttls_opens(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	options.transport = GB_TRANSPORT_STARTTLS;
	opens(&options);
	talloc_free(tmp);
}

static void a_keytab_opens_a_sealed_connection(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = keytab_options(tmp);

	(void)state;
	options.transport = GB_TRANSPORT_GSSAPI_SEAL;
	opens(&options);
	options.account = "svc_groupback@LAB.TEST";
	opens(&options);
	talloc_free(tmp);
}

static void a_keytab_opens_inside_tls(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = keytab_options(tmp);

	(void)state;
	opens(&options);
	options.transport = GB_TRANSPORT_STARTTLS;
	opens(&options);
	talloc_free(tmp);
}

/* Opening fails with this class and id, and the error has all three sentences. */
static void refuses(const struct gb_directory_options *options, enum gb_rc rc, const char *id)
{
	struct talk *talk = talk_new();

	if (talk_open(talk, options) != rc || strcmp(talk->err.id, id) != 0) {
		fail_msg("%s: %s", talk->err.id, gb_err_line(talk, &talk->err));
	}
	assert_null(talk->directory);
	assert_string_not_equal(talk->err.what, "");
	assert_string_not_equal(talk->err.undone, "");
	assert_string_not_equal(talk->err.remedy, "");
	talloc_free(talk);
}

/* A keytab that holds one AES key made of @password. */
static const char *make_keytab(const void *ctx, const char *principal, char *password)
{
	char *path = gb_printf(ctx, "%s/keytab", unit_folder(ctx));
	krb5_data text = {.data = password, .length = (unsigned)strlen(password)};
	krb5_keytab_entry entry = {.vno = 1};
	krb5_context krb5;
	krb5_keytab keytab;
	krb5_data salt;

	assert_int_equal(krb5_init_context(&krb5), 0);
	assert_int_equal(krb5_kt_resolve(krb5, gb_printf(ctx, "FILE:%s", path), &keytab), 0);
	assert_int_equal(krb5_parse_name(krb5, principal, &entry.principal), 0);
	assert_int_equal(krb5_principal2salt(krb5, entry.principal, &salt), 0);
	assert_int_equal(krb5_c_string_to_key(krb5, ENCTYPE_AES256_CTS_HMAC_SHA1_96, &text, &salt,
					      &entry.key),
			 0);
	assert_int_equal(krb5_kt_add_entry(krb5, keytab, &entry), 0);
	krb5_free_data_contents(krb5, &salt);
	krb5_free_keyblock_contents(krb5, &entry.key);
	krb5_free_principal(krb5, entry.principal);
	krb5_kt_close(krb5, keytab);
	krb5_free_context(krb5);
	return path;
}

static void what_the_kdc_refuses_is_told_apart(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = keytab_options(tmp);
	char wrong[] = "wrong";

	(void)state;
	options.keytab_file = make_keytab(tmp, "svc_groupback@LAB.TEST", wrong);
	refuses(&options, GB_E_ACCESS, "kerberos-key");
	options.keytab_file = make_keytab(tmp, "nobody.at.all@LAB.TEST", wrong);
	refuses(&options, GB_E_ACCESS, "kerberos-unknown-account");
	talloc_free(tmp);
}

static void a_domain_without_kdc_is_unavailable(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = keytab_options(tmp);
	char *conf = gb_printf(tmp, "%s/krb5.conf", unit_folder(tmp));
	char *text = gb_printf(tmp,
			       "[libdefaults]\n default_realm = LAB.TEST\n dns_lookup_kdc = false\n"
			       " udp_preference_limit = 1\n"
			       "[realms]\n LAB.TEST = {\n  kdc = %s\n }\n",
			       talk_env("GB_DEAD_ADDRESS"));
	char *before = gb_strdup(tmp, talk_env("KRB5_CONFIG"));

	(void)state;
	unit_write(conf, text, strlen(text), 0600);
	setenv("KRB5_CONFIG", conf, 1);
	refuses(&options, GB_E_UNAVAILABLE, "kerberos-no-kdc");
	setenv("KRB5_CONFIG", before, 1);
	talloc_free(tmp);
}

/* The KDC answers, the directory does not. */
static void a_silent_peer_is_bounded_for_kerberos_too(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct talk *talk = talk_new();
	struct gb_directory_options options = keytab_options(talk);
	int64_t begin_ms;

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	servers[0] =
		gb_printf(talk, "%s:%u", talk_env("GB_DC_HOST"), (unsigned)ntohs(address.sin_port));
	options.transport = GB_TRANSPORT_GSSAPI_SEAL;
	options.connect_timeout_ms = 1000;
	begin_ms = gb_clock_boot_ms();
	assert_int_equal(talk_open(talk, &options), GB_E_UNAVAILABLE);
	assert_string_equal(talk->err.id, "ldap-local-5");
	assert_in_range(gb_clock_boot_ms() - begin_ms, 900, 8000);
	close(listener);
	talloc_free(talk);
}

static void account_names_may_be_upn_or_domain_and_name(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	options.account = talk_env("GB_SVC_UPN");
	opens(&options);
	options.account = "LAB\\svc_groupback";
	opens(&options);
	talloc_free(tmp);
}

static void a_foreign_authority_is_refused(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	options.ca_file = talk_env("GB_FOREIGN_CA");
	refuses(&options, GB_E_PROTOCOL, "tls-unknown-ca");
	options.transport = GB_TRANSPORT_STARTTLS;
	refuses(&options, GB_E_PROTOCOL, "tls-unknown-ca");
	options.ca_file = NULL;
	refuses(&options, GB_E_PROTOCOL, "tls-unknown-ca");
	talloc_free(tmp);
}

static void a_ca_file_that_is_none_is_a_configuration_error(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	options.ca_file = "/nonexistent/ca.pem";
	refuses(&options, GB_E_CONFIG, "directory-ca-file");
	talloc_free(tmp);
}

static void tls_on_the_plain_port_says_that_it_is_none(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	servers[0] = gb_printf(tmp, "%s:389", talk_env("GB_DC_HOST"));
	refuses(&options, GB_E_PROTOCOL, "tls-not-tls");
	talloc_free(tmp);
}

static void a_wrong_password_and_an_unknown_account_are_named(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	options.password = gb_secret_new(tmp, "wrong", 5);
	refuses(&options, GB_E_ACCESS, "ldap-49-52e");
	options = live_options(tmp, talk_env("GB_DC_HOST"));
	options.account = "nobody.at.all@lab.test";
	refuses(&options, GB_E_ACCESS, "ldap-49-52e");
	talloc_free(tmp);
}

static void a_keytab_that_is_none_is_a_configuration_error(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	options.bind = GB_BIND_GSSAPI;
	options.keytab_file = "/nonexistent/keytab";
	refuses(&options, GB_E_CONFIG, "kerberos");
	options.keytab_file = talk_env("GB_LDAP_CA");
	refuses(&options, GB_E_CONFIG, "kerberos");
	options.keytab_file = talk_env("GB_SVC_KEYTAB");
	options.account = "somebody.else@LAB.TEST";
	refuses(&options, GB_E_CONFIG, "kerberos");
	talloc_free(tmp);
}

static void bad_certificates_are_told_apart(void **state)
{
	static const struct {
		const char *kind;
		const char *id;
		const char *words;
	} rows[] = {
		{"expired", "tls-expired", "was valid until 20"},
		{"wrong-host", "tls-wrong-name", "other.example.test, 127.99.99.99"},
		{"foreign", "tls-unknown-ca", "groupback sandbox foreign CA"},
	};
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct talk *talk = talk_new();

		live_sandbox("stop --with samba");
		live_sandbox(gb_printf(tmp, "start --with samba --dc-cert %s", rows[i].kind));
		assert_int_equal(talk_open(talk, &options), GB_E_PROTOCOL);
		assert_string_equal(talk->err.id, rows[i].id);
		assert_non_null(strstr(talk->err.what, rows[i].words));
		options.transport = GB_TRANSPORT_STARTTLS;
		refuses(&options, GB_E_PROTOCOL, rows[i].id);
		options.transport = GB_TRANSPORT_LDAPS;
		talloc_free(talk);
	}
	live_sandbox("stop --with samba");
	live_sandbox("start --with samba --dc-cert good");
	opens(&options);
	talloc_free(tmp);
}

/* Failover. */

static void a_dead_server_is_passed_over(void **state)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options = live_options(talk, talk_env("GB_DC_HOST"));

	(void)state;
	servers[0] = talk_env("GB_DEAD_HOST");
	servers[1] = talk_env("GB_DC_HOST");
	options.server_count = 2;
	assert_int_equal(talk_open(talk, &options), GB_OK);
	assert_string_equal(gb_directory_facts(talk->directory)->server, servers[1]);
	assert_non_null(gb_directory_passed_over(talk->directory));
	assert_string_equal(gb_directory_passed_over(talk->directory)->id, "directory-unreachable");
	talloc_free(talk);
}

static void the_server_used_last_comes_first(void **state)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options = live_options(talk, talk_env("GB_DC_HOST"));

	(void)state;
	servers[0] = talk_env("GB_DEAD_HOST");
	servers[1] = talk_env("GB_DC_HOST");
	options.server_count = 2;
	options.last_server = talk_env("GB_DC_HOST");
	assert_int_equal(talk_open(talk, &options), GB_OK);
	assert_null(gb_directory_passed_over(talk->directory));
	talloc_free(talk);
}

static void when_nobody_answers_the_first_reason_is_told(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = live_options(tmp, talk_env("GB_DC_HOST"));

	(void)state;
	servers[0] = talk_env("GB_DEAD_HOST");
	servers[1] = gb_printf(tmp, "%s:389", talk_env("GB_DC_HOST"));
	options.server_count = 2;
	refuses(&options, GB_E_UNAVAILABLE, "directory-unreachable");
	talloc_free(tmp);
}

static void a_restarted_server_is_found_again_on_demand(void **state)
{
	struct talk *talk = live_open(talk_env("GB_DC_HOST"));

	(void)state;
	live_sandbox("stop --with samba");
	assert_int_equal(talk_find_name(talk, "ada.lovelace"), GB_E_UNAVAILABLE);
	assert_false(gb_directory_is_connected(talk->directory));
	assert_int_equal(talk_modify(talk, "CN=x", "info", "x"), GB_E_UNAVAILABLE);
	assert_int_equal(gb_directory_reconnect(talk->directory, &talk->err), GB_E_UNAVAILABLE);
	assert_int_equal(gb_directory_generation(talk->directory), 1);
	live_sandbox("start --with samba");
	assert_int_equal(talk_find_name(talk, "ada.lovelace"), GB_E_UNAVAILABLE);
	assert_int_equal(gb_directory_reconnect(talk->directory, &talk->err), GB_OK);
	assert_int_equal(gb_directory_generation(talk->directory), 2);
	assert_true(gb_directory_is_connected(talk->directory));
	assert_int_equal(talk_find_name(talk, "ada.lovelace"), GB_OK);
	assert_int_equal(talk->count, 1);
	talloc_free(talk);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ldaps_opens_and_tells_the_facts),
		cmocka_unit_test(starttls_opens),
		cmocka_unit_test(a_keytab_opens_a_sealed_connection),
		cmocka_unit_test(a_keytab_opens_inside_tls),
		cmocka_unit_test(what_the_kdc_refuses_is_told_apart),
		cmocka_unit_test(a_domain_without_kdc_is_unavailable),
		cmocka_unit_test(a_silent_peer_is_bounded_for_kerberos_too),
		cmocka_unit_test(account_names_may_be_upn_or_domain_and_name),
		cmocka_unit_test(a_foreign_authority_is_refused),
		cmocka_unit_test(a_ca_file_that_is_none_is_a_configuration_error),
		cmocka_unit_test(tls_on_the_plain_port_says_that_it_is_none),
		cmocka_unit_test(a_wrong_password_and_an_unknown_account_are_named),
		cmocka_unit_test(a_keytab_that_is_none_is_a_configuration_error),
		cmocka_unit_test(bad_certificates_are_told_apart),
		cmocka_unit_test(a_dead_server_is_passed_over),
		cmocka_unit_test(the_server_used_last_comes_first),
		cmocka_unit_test(when_nobody_answers_the_first_reason_is_told),
		cmocka_unit_test(a_restarted_server_is_found_again_on_demand),
	};

	gb_process_harden();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
