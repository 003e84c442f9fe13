/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a directory on servers that are silent, strange, or not what they should be. */
#include "config.h"

#include <ldap.h>
#include <sys/resource.h>

#include "engine/base/clock.h"
#include "engine/base/process.h"
#include "tests/unit/directory/fake.h"
#include "tests/unit/directory/talk.h"
#include "tests/unit/unit.h"

/* ---- libldap's options, each of which may be made to fail ---- */

int __real_ldap_set_option(LDAP *ldap, int option, const void *value);
int __wrap_ldap_set_option(LDAP *ldap, int option, const void *value);

static int options_seen;
static int option_to_fail; /* its number, from 1; 0: none */

int __wrap_ldap_set_option(LDAP *ldap, int option, const void *value)
{
	options_seen++;
	if (options_seen == option_to_fail) {
		return LDAP_OPT_ERROR;
	}
	return __real_ldap_set_option(ldap, option, value);
}

/* Opens all of @fakes in order with LDAPS and simple bind. */
static enum gb_rc open_fakes(struct talk *talk, struct fake *const *fakes, size_t count)
{
	struct gb_directory_options options = fake_options(talk, fakes, count);

	return talk_open(talk, &options);
}

/* A library that does not do what it is told must not see the password. */
static void an_option_that_is_refused_ends_it_before_the_password_is_sent(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct fake *fake = fake_start(tmp, FAKE_GOOD, NULL);
	struct talk *talk = talk_new();
	int count;

	(void)state;
	option_to_fail = 0;
	options_seen = 0;
	assert_int_equal(open_fakes(talk, &fake, 1), GB_OK);
	talloc_free(talk);
	/* Two connections with the same options each; the last ones limit the handshake's time. */
	count = options_seen / 2;
	assert_true(count >= 12);
	fake->counts->binds = 0;
	for (int i = 1; i < count; i++) {
		talk = talk_new();
		options_seen = 0;
		option_to_fail = i;
		assert_int_not_equal(open_fakes(talk, &fake, 1), GB_OK);
		assert_int_equal(fake->counts->binds, 0);
		talloc_free(talk);
	}
	option_to_fail = 0;
	talloc_free(tmp);
}

/* ---- peers ---- */

static int64_t cpu_ms(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000 +
	       usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000;
}

static void a_silent_peer_costs_the_time_allowed_and_no_more(void **state)
{
	static const struct {
		enum fake_manner manner;
		enum gb_directory_transport transport;
	} rows[] = {
		{FAKE_SILENT, GB_TRANSPORT_LDAPS},
		{FAKE_SILENT_LDAP, GB_TRANSPORT_STARTTLS},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct talk *talk = talk_new();
		struct fake *fake = fake_start(talk, rows[i].manner, NULL);
		struct gb_directory_options options = fake_options(talk, &fake, 1);
		int64_t begin_ms = gb_clock_boot_ms();
		int64_t begin_cpu_ms = cpu_ms();

		options.transport = rows[i].transport;
		options.connect_timeout_ms = 1200;
		assert_int_equal(talk_open(talk, &options), GB_E_UNAVAILABLE);
		assert_string_equal(talk->err.id, "ldap-local-5");
		assert_in_range(gb_clock_boot_ms() - begin_ms, 1000, 6000);
		/* libldap alone would spin. */
		assert_true(cpu_ms() - begin_cpu_ms < 400);
		talloc_free(talk);
	}
}

static void strange_peers_are_told_apart(void **state)
{
	static const struct {
		enum fake_manner manner;
		enum gb_rc rc;
		const char *id;
	} rows[] = {
		{FAKE_PLAIN, GB_E_PROTOCOL, "tls-not-tls"},
		{FAKE_TLS_1_1, GB_E_PROTOCOL, "tls-version"},
		{FAKE_NO_NAME, GB_E_PROTOCOL, "tls-no-name"},
		{FAKE_NOT_YET_VALID, GB_E_PROTOCOL, "tls-not-yet-valid"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct talk *talk = talk_new();
		struct fake *fake = fake_start(talk, rows[i].manner, NULL);

		assert_int_equal(open_fakes(talk, &fake, 1), rows[i].rc);
		assert_string_equal(talk->err.id, rows[i].id);
		assert_string_not_equal(talk->err.undone, "");
		assert_string_not_equal(talk->err.remedy, "");
		assert_int_equal(fake->counts->binds, 0);
		talloc_free(talk);
	}
}

/* Neither a file in the current folder nor the environment can loosen anything. */
static void ldaprc_and_environment_change_nothing(void **state)
{
	struct talk *talk = talk_new();
	struct fake *fake = fake_start(talk, FAKE_NO_NAME, NULL);
	char *folder = unit_folder(talk);
	static const char text[] = "TLS_REQCERT never\nTLS_REQSAN never\n";

	(void)state;
	unit_write(gb_printf(talk, "%s/ldaprc", folder), text, strlen(text), 0600);
	assert_int_equal(chdir(folder), 0);
	setenv("LDAPTLS_REQCERT", "never", 1);
	setenv("LDAPTLS_REQSAN", "never", 1);
	assert_int_equal(open_fakes(talk, &fake, 1), GB_E_PROTOCOL);
	assert_int_equal(fake->counts->binds, 0);
	unsetenv("LDAPTLS_REQCERT");
	unsetenv("LDAPTLS_REQSAN");
	assert_int_equal(chdir("/"), 0);
	talloc_free(talk);
}

/* ---- refused credentials ---- */

static char bind_text[256];
static int bind_code;

static void refuse_to_bind(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->type == LDAP_REQ_BIND) {
		fake_result(connection, request, bind_code, bind_text);
		return;
	}
	fake_default(connection, request);
}

static void y03_a_wrong_password_is_tried_once_and_explained(void **state)
{
	static const char *const data[] = {"52e", "532", "533", "701", "773", "775"};

	(void)state;
	bind_code = LDAP_INVALID_CREDENTIALS;
	for (size_t i = 0; i < GB_ARRAY_SIZE(data); i++) {
		struct talk *talk = talk_new();
		struct fake *fakes[2];

		snprintf(bind_text, sizeof(bind_text),
			 "80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, "
			 "data %s, v4f7c",
			 data[i]);
		fakes[0] = fake_start(talk, FAKE_GOOD, refuse_to_bind);
		fakes[1] = fake_start(talk, FAKE_GOOD, refuse_to_bind);
		assert_int_equal(open_fakes(talk, fakes, 2), GB_E_ACCESS);
		assert_string_equal(talk->err.id, gb_printf(talk, "ldap-49-%s", data[i]));
		assert_int_equal(fakes[0]->counts->binds + fakes[1]->counts->binds, 1);
		talloc_free(talk);
	}
}

static void demands_of_the_server_are_configuration_errors(void **state)
{
	static const struct {
		int code;
		const char *text;
		enum gb_rc rc;
		const char *id;
	} rows[] = {
		{8, "00002028: LdapErr: The server requires binds to turn on integrity checking",
		 GB_E_CONFIG, "ldap-8"},
		{53, "Sign or Seal are not allowed if TLS is used", GB_E_CONFIG, "ldap-53"},
		{49, "80090346: LdapErr: comment: AcceptSecurityContext error, data 80090346",
		 GB_E_ACCESS, "ldap-channel-binding"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct talk *talk = talk_new();
		struct fake *fake;

		bind_code = rows[i].code;
		snprintf(bind_text, sizeof(bind_text), "%s", rows[i].text);
		fake = fake_start(talk, FAKE_GOOD, refuse_to_bind);
		assert_int_equal(open_fakes(talk, &fake, 1), rows[i].rc);
		assert_string_equal(talk->err.id, rows[i].id);
		talloc_free(talk);
	}
}

/* ---- which server ---- */

static void be_read_only(struct fake_connection *connection, const struct fake_request *request)
{
	static const char *const capabilities[] = {"1.2.840.113556.1.4.800",
						   "1.2.840.113556.1.4.1920", NULL};
	static const struct fake_attribute attributes[] = {
		{.name = "supportedCapabilities", .texts = capabilities}, {0}};

	if (request->type == LDAP_REQ_SEARCH && !request->name[0]) {
		fake_entry(connection, request, "", attributes);
		fake_result(connection, request, LDAP_SUCCESS, NULL);
		return;
	}
	fake_default(connection, request);
}

static void d30_a_read_only_controller_is_passed_over(void **state)
{
	struct talk *talk = talk_new();
	struct fake *fakes[2];

	(void)state;
	fakes[0] = fake_start(talk, FAKE_GOOD, be_read_only);
	fakes[1] = fake_start(talk, FAKE_GOOD, NULL);
	assert_int_equal(open_fakes(talk, fakes, 2), GB_OK);
	assert_string_equal(gb_directory_facts(talk->directory)->server, fakes[1]->address);
	assert_string_equal(gb_directory_passed_over(talk->directory)->id, "directory-read-only");
	talloc_free(talk);
	talk = talk_new();
	fakes[0] = fake_start(talk, FAKE_GOOD, be_read_only);
	assert_int_equal(open_fakes(talk, fakes, 1), GB_E_UNAVAILABLE);
	assert_string_equal(talk->err.id, "directory-read-only");
	talloc_free(talk);
}

static void a_server_with_a_bad_certificate_is_passed_over(void **state)
{
	struct talk *talk = talk_new();
	struct fake *fakes[2];

	(void)state;
	fakes[0] = fake_start(talk, FAKE_NO_NAME, NULL);
	fakes[1] = fake_start(talk, FAKE_GOOD, NULL);
	assert_int_equal(open_fakes(talk, fakes, 2), GB_OK);
	assert_string_equal(gb_directory_passed_over(talk->directory)->id, "tls-no-name");
	assert_int_equal(fakes[0]->counts->binds, 0);
	talloc_free(talk);
}

static void be_nobody(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->type == LDAP_REQ_SEARCH) {
		fake_result(connection, request, LDAP_SUCCESS, NULL);
		return;
	}
	fake_default(connection, request);
}

static void a_server_that_tells_nothing_is_not_used(void **state)
{
	struct talk *talk = talk_new();
	struct fake *fake = fake_start(talk, FAKE_GOOD, be_nobody);

	(void)state;
	assert_int_equal(open_fakes(talk, &fake, 1), GB_E_CONFIG);
	assert_string_equal(talk->err.id, "directory-unknown-kind");
	talloc_free(talk);
}

/* As behind a name that stands for all controllers of a domain. */
static void be_another_one_each_time(struct fake_connection *connection,
				     const struct fake_request *request)
{
	char name[64];
	struct fake_attribute attributes[] = {{.name = "dsServiceName", .text = name}, {0}};

	if (request->attribute && strcmp(request->attribute, "dsServiceName") == 0) {
		snprintf(name, sizeof(name), "CN=DC%d," FAKE_DOMAIN, (int)getpid());
		fake_entry(connection, request, "", attributes);
		fake_result(connection, request, LDAP_SUCCESS, NULL);
		return;
	}
	fake_default(connection, request);
}

static void two_connections_must_end_at_one_server(void **state)
{
	struct talk *talk = talk_new();
	struct fake *fake = fake_start(talk, FAKE_GOOD, be_another_one_each_time);

	(void)state;
	assert_int_equal(open_fakes(talk, &fake, 1), GB_E_UNAVAILABLE);
	assert_string_equal(talk->err.id, "directory-two-servers");
	talloc_free(talk);
}

static void when_a_server_dies_the_next_one_takes_over(void **state)
{
	struct talk *talk = talk_new();
	struct fake *fakes[2];

	(void)state;
	fakes[0] = fake_start(talk, FAKE_GOOD, NULL);
	fakes[1] = fake_start(talk, FAKE_GOOD, NULL);
	assert_int_equal(open_fakes(talk, fakes, 2), GB_OK);
	assert_string_equal(gb_directory_facts(talk->directory)->server, fakes[0]->address);
	talloc_free(fakes[0]);
	assert_int_equal(talk_modify(talk, "CN=x," FAKE_DOMAIN, "info", "x"), GB_E_UNAVAILABLE);
	assert_int_equal(gb_directory_reconnect(talk->directory, &talk->err), GB_OK);
	assert_int_equal(gb_directory_generation(talk->directory), 2);
	assert_string_equal(gb_directory_facts(talk->directory)->server, fakes[1]->address);
	assert_int_equal(talk_modify(talk, "CN=x," FAKE_DOMAIN, "info", "x"), GB_OK);
	/* With nothing lost, reconnecting does nothing. */
	assert_int_equal(gb_directory_reconnect(talk->directory, &talk->err), GB_OK);
	assert_int_equal(gb_directory_generation(talk->directory), 2);
	talloc_free(talk);
}

/* A caller that reconnects from the callback that tells of the loss. */
static void on_lost(void *user, const struct gb_directory_outcome *outcome)
{
	struct talk *talk = user;

	talk_write_done(user, outcome);
	if (talk->ends == 1) {
		assert_int_equal(gb_directory_reconnect(talk->directory, &talk->err), GB_OK);
	}
}

static void reconnecting_inside_a_callback_is_allowed(void **state)
{
	struct talk *talk = talk_new();
	struct fake *fakes[2];
	struct gb_directory_reference object = {.dn = "CN=x," FAKE_DOMAIN};

	(void)state;
	fakes[0] = fake_start(talk, FAKE_GOOD, NULL);
	fakes[1] = fake_start(talk, FAKE_GOOD, NULL);
	assert_int_equal(open_fakes(talk, fakes, 2), GB_OK);
	talloc_free(fakes[0]);
	talk_begin(talk);
	for (int i = 0; i < 3; i++) {
		gb_directory_delete(talk->directory, &object, on_lost, talk);
	}
	talk_await(talk, 3);
	assert_true(gb_directory_is_connected(talk->directory));
	assert_int_equal(gb_directory_generation(talk->directory), 2);
	assert_int_equal(talk_delete(talk, "CN=x," FAKE_DOMAIN), GB_OK);
	talloc_free(talk);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_option_that_is_refused_ends_it_before_the_password_is_sent),
		cmocka_unit_test(a_silent_peer_costs_the_time_allowed_and_no_more),
		cmocka_unit_test(strange_peers_are_told_apart),
		cmocka_unit_test(ldaprc_and_environment_change_nothing),
		cmocka_unit_test(y03_a_wrong_password_is_tried_once_and_explained),
		cmocka_unit_test(demands_of_the_server_are_configuration_errors),
		cmocka_unit_test(d30_a_read_only_controller_is_passed_over),
		cmocka_unit_test(a_server_with_a_bad_certificate_is_passed_over),
		cmocka_unit_test(a_server_that_tells_nothing_is_not_used),
		cmocka_unit_test(two_connections_must_end_at_one_server),
		cmocka_unit_test(when_a_server_dies_the_next_one_takes_over),
		cmocka_unit_test(reconnecting_inside_a_callback_is_allowed),
	};

	gb_process_harden();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
