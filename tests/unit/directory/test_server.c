/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/server, and of the options that are checked without a network. */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "engine/base/clock.h"
#include "engine/directory/connection.h"
#include "engine/directory/server.h"
#include "tests/unit/unit.h"

static void addresses_are_read(void **state)
{
	static const struct {
		const char *text;
		const char *host;
		unsigned port;
	} rows[] = {
		{"dc1.example.com", "dc1.example.com", 636},
		{"dc1.example.com:3269", "dc1.example.com", 3269},
		{"10.0.0.1:65535", "10.0.0.1", 65535},
		{"[::1]", "::1", 636},
		{"[fe80::1%eth0]:1636", "fe80::1%eth0", 1636},
		{"2001:db8::1", "2001:db8::1", 636},
	};
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_server server = {0};
		struct gb_err err;

		assert_int_equal(gb_server_parse(tmp, rows[i].text, 636, &server, &err), GB_OK);
		assert_string_equal(server.name, rows[i].text);
		assert_string_equal(server.host, rows[i].host);
		assert_int_equal(server.port, rows[i].port);
	}
	talloc_free(tmp);
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = {
		"",         ":636",  "dc1:",   "dc1:0",   "dc1:65536", "dc1:x",
		"dc1:1:2x", "[::1",  "[::1]x", "[]",      "dc1/x",     "ldap://dc1",
		"dc1 dc2",  "dc1?x", "dc1#x",  "dc1,dc2", "user@dc1",  "dc\xc3\xbc",
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad); i++) {
		struct gb_server server = {0};
		struct gb_err err = {0};

		assert_int_equal(gb_server_parse(NULL, bad[i], 636, &server, &err), GB_E_CONFIG);
		assert_string_equal(err.id, "directory-bad-server");
		assert_null(server.host);
	}
}

/* A socket that listens on loopback; its port in *ret_port. */
static int listen_locally(uint16_t *ret_port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static void a_server_that_listens_is_reached_and_remembered(void **state)
{
	char host[] = "127.0.0.1";
	struct gb_server server = {.host = host};
	int listener = listen_locally(&server.port);
	struct gb_err err;
	int fd = -1;

	(void)state;
	assert_int_equal(gb_server_connect(&server, gb_clock_boot_ms() + 2000, &fd, &err), GB_OK);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_not_equal(server.address_length, 0);
	close(fd);
	close(listener);
}

static void a_closed_port_says_so(void **state)
{
	char host[] = "127.0.0.1";
	struct gb_server server = {.host = host};
	struct gb_err err = {0};
	int fd = -1;

	(void)state;
	close(listen_locally(&server.port));
	assert_int_equal(gb_server_connect(&server, gb_clock_boot_ms() + 2000, &fd, &err),
			 GB_E_UNAVAILABLE);
	assert_string_equal(err.id, "directory-unreachable");
	assert_non_null(strstr(err.what, "refused"));
	assert_int_equal(fd, -1);
}

/* A full backlog: the kernel answers no further connection. */
static void a_silent_address_costs_no_more_than_the_deadline(void **state)
{
	char host[] = "127.0.0.1";
	struct gb_server server = {.host = host};
	int listener = listen_locally(&server.port);
	int64_t begin_ms = gb_clock_boot_ms();
	struct gb_err err = {0};
	int fds[8];
	int count = 0;
	enum gb_rc rc = GB_OK;

	(void)state;
	while (rc == GB_OK && count < 8) {
		begin_ms = gb_clock_boot_ms();
		rc = gb_server_connect(&server, begin_ms + 300, &fds[count], &err);
		count += rc == GB_OK;
	}
	assert_int_equal(rc, GB_E_UNAVAILABLE);
	assert_in_range(gb_clock_boot_ms() - begin_ms, 100, 1000);
	while (count > 0) {
		close(fds[--count]);
	}
	close(listener);
}

static void an_unknown_name_is_unavailable(void **state)
{
	char host[] = "no-such-host.invalid";
	struct gb_server server = {.host = host, .port = 636};
	struct gb_err err = {0};
	int fd = -1;

	(void)state;
	assert_int_equal(gb_server_connect(&server, gb_clock_boot_ms() + 2000, &fd, &err),
			 GB_E_UNAVAILABLE);
	assert_string_equal(err.id, "directory-unknown-name");
}

static const char *const one_server[] = {"dc1"};

static struct gb_directory_options good_options(const void *ctx)
{
	return (struct gb_directory_options){
		.servers = one_server,
		.server_count = 1,
		.account = "CN=svc,DC=x",
		.password = gb_secret_new(ctx, "secret", 6),
	};
}

static void refuses(const struct gb_directory_options *options)
{
	struct gb_err err = {0};

	assert_int_equal(gb_connection_check_options(options, &err), GB_E_CONFIG);
	assert_string_equal(err.id, "directory-bad-options");
	assert_string_not_equal(err.remedy, "");
}

/* An empty name or password would be an anonymous bind that succeeds (RFC 4513 5.1.1, 5.1.2). */
static void an_empty_name_or_password_never_leaves_the_house(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = good_options(tmp);
	struct gb_err err;

	(void)state;
	assert_int_equal(gb_connection_check_options(&options, &err), GB_OK);
	options.password = gb_secret_new(tmp, "", 0);
	refuses(&options);
	options.password = gb_secret_new(tmp, " \t", 2);
	refuses(&options);
	options.password = NULL;
	refuses(&options);
	options = good_options(tmp);
	options.account = "";
	refuses(&options);
	options.account = "  ";
	refuses(&options);
	options.account = NULL;
	refuses(&options);
	talloc_free(tmp);
}

static void a_password_is_never_sent_without_tls(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = good_options(tmp);

	(void)state;
	options.transport = GB_TRANSPORT_GSSAPI_SEAL;
	refuses(&options);
	talloc_free(tmp);
}

static void kerberos_needs_a_keytab_and_everybody_a_server(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_directory_options options = good_options(tmp);
	struct gb_err err;

	(void)state;
	options.bind = GB_BIND_GSSAPI;
	refuses(&options);
	options.keytab_file = "/x";
	assert_int_equal(gb_connection_check_options(&options, &err), GB_OK);
	options.server_count = 0;
	refuses(&options);
	options.server_count = GB_DIRECTORY_MAX_SERVERS + 1;
	refuses(&options);
	talloc_free(tmp);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(a_server_that_listens_is_reached_and_remembered),
		cmocka_unit_test(a_closed_port_says_so),
		cmocka_unit_test(a_silent_address_costs_no_more_than_the_deadline),
		cmocka_unit_test(an_unknown_name_is_unavailable),
		cmocka_unit_test(an_empty_name_or_password_never_leaves_the_house),
		cmocka_unit_test(a_password_is_never_sent_without_tls),
		cmocka_unit_test(kerberos_needs_a_keytab_and_everybody_a_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
