/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/base/process. Each runs in a child, since hardening cannot be undone. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "engine/base/process.h"
#include "tests/unit/unit.h"

static int in_child(int (*action)(void))
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		_exit(action());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int harden_a_hostile_environment(void)
{
	static const char *const hostile[] = {"SSLKEYLOGFILE",   "SSL_CERT_FILE",
					      "CURL_CA_BUNDLE",  "QLOGDIR",
					      "OPENSSL_CONF",    "OPENSSL_MODULES",
					      "http_proxy",      "HTTPS_PROXY",
					      "ALL_PROXY",       "no_proxy",
					      "LDAPTLS_REQCERT", "LDAPCONF",
					      "LDAPRC",          "GNUTLS_SYSTEM_PRIORITY_FILE",
					      "KRB5_TRACE"};

	for (size_t i = 0; i < GB_ARRAY_SIZE(hostile); i++) {
		setenv(hostile[i], "/tmp/evil", 1);
	}
	setenv("KRB5_CONFIG", "/etc/krb5.conf", 1);
	setenv("PROXY_NOTE", "kept", 1);
	gb_process_harden();
	for (size_t i = 0; i < GB_ARRAY_SIZE(hostile); i++) {
		if (getenv(hostile[i])) {
			return (int)i + 1;
		}
	}
	return getenv("KRB5_CONFIG") && getenv("PROXY_NOTE") &&
			       strcmp(getenv("LDAPNOINIT"), "1") == 0
		       ? 0
		       : 100;
}

static void variables_that_steer_libraries_are_removed(void **state)
{
	(void)state;
	assert_int_equal(in_child(harden_a_hostile_environment), 0);
}

static int harden_with_an_odd_environment(void)
{
	static char odd[] = "LDAPODD";
	static char *entries[] = {odd, NULL};

	environ = entries;
	gb_process_harden();
	return 0;
}

static void an_entry_without_a_value_does_not_hang_it(void **state)
{
	(void)state;
	assert_int_equal(in_child(harden_with_an_odd_environment), 0);
}

static int harden_and_look(void)
{
	struct rlimit core;
	struct sigaction action;

	gb_process_harden();
	getrlimit(RLIMIT_CORE, &core);
	sigaction(SIGPIPE, NULL, &action);
	if (core.rlim_cur != 0 || core.rlim_max != 0) {
		return 1;
	}
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
		return 2;
	}
	if (action.sa_handler != SIG_IGN) {
		return 3;
	}
	return umask(0) == 077 ? 0 : 4;
}

static void there_are_no_cores_no_tracing_no_sigpipe_and_files_are_private(void **state)
{
	(void)state;
	assert_int_equal(in_child(harden_and_look), 0);
}

static int harden_with_closed_descriptors(void)
{
	int inherited = open("/dev/null", O_RDONLY);
	struct stat st;

	dup2(inherited, 40);
	close(0);
	close(1);
	close(2);
	gb_process_harden();
	for (int fd = 0; fd <= 2; fd++) {
		if (fstat(fd, &st) != 0) {
			return fd + 1;
		}
	}
	if (fcntl(40, F_GETFD) != -1) {
		return 4;
	}
	return open("/dev/null", O_RDONLY) == 3 ? 0 : 5;
}

static void standard_descriptors_are_open_and_inherited_ones_closed(void **state)
{
	(void)state;
	assert_int_equal(in_child(harden_with_closed_descriptors), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables_that_steer_libraries_are_removed),
		cmocka_unit_test(an_entry_without_a_value_does_not_hang_it),
		cmocka_unit_test(there_are_no_cores_no_tracing_no_sigpipe_and_files_are_private),
		cmocka_unit_test(standard_descriptors_are_open_and_inherited_ones_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
