/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/notify: what a service manager hears. */
#include "config.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "engine/base/notify.h"
#include "tests/unit/unit.h"

static int listen_at(const struct sockaddr_un *address, size_t path_length)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_length)),
			 0);
	return fd;
}

static void hears(int fd, const char *expected)
{
	char message[512] = "";

	assert_true(recv(fd, message, sizeof(message) - 1, 0) >= 0);
	assert_string_equal(message, expected);
}

static void the_service_manager_hears_each_message(void **state)
{
	void *ctx = gb_new_tmp(NULL);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", unit_folder(ctx));
	fd = listen_at(&address, strlen(address.sun_path));
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	gb_notify("READY=1");
	gb_notify("STATUS=%d done", 5);
	hears(fd, "READY=1");
	hears(fd, "STATUS=5 done");
	close(fd);
	talloc_free(ctx);
}

static void an_abstract_socket_is_one_too(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char name[64];
	int fd;

	(void)state;
	snprintf(name, sizeof(name), "@groupback-test-%ld", (long)getpid());
	memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
	fd = listen_at(&address, strlen(name));
	setenv("NOTIFY_SOCKET", name, 1);
	gb_notify("WATCHDOG=1");
	hears(fd, "WATCHDOG=1");
	close(fd);
}

static void without_a_service_manager_nothing_happens(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	gb_notify("READY=1");
	setenv("NOTIFY_SOCKET", "relative", 1);
	gb_notify("READY=1");
	setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1);
	gb_notify("READY=1");
}

static void the_watchdog_counts_in_milliseconds(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {{"300000000", 300000}, {"0", 0}, {"-5", 0}, {"x", 0}, {"5x", 0}, {"", 0}};

	(void)state;
	unsetenv("WATCHDOG_USEC");
	assert_int_equal(gb_notify_watchdog_ms(), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("WATCHDOG_USEC", rows[i].text, 1);
		assert_int_equal(gb_notify_watchdog_ms(), rows[i].ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_service_manager_hears_each_message),
		cmocka_unit_test(an_abstract_socket_is_one_too),
		cmocka_unit_test(without_a_service_manager_nothing_happens),
		cmocka_unit_test(the_watchdog_counts_in_milliseconds),
	};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
