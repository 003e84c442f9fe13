/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What main() does to its own process before anything else runs. */
#include "config.h"

#include "engine/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/mem.h"

static _Noreturn void refuse(const char *text)
{
	ssize_t written = write(STDERR_FILENO, text, strlen(text));

	(void)written;
	_exit(gb_rc_exit_code(GB_E_SYSTEM));
}

/* A closed standard descriptor would be taken by the next open(), and messages written into it. */
static void open_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0) {
			refuse("groupback: /dev/null cannot be opened; nothing was done.\n");
		}
	} while (fd <= STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
}

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_proxy_name(const char *name, size_t length)
{
	static const char suffix[] = "_proxy";
	const size_t suffix_length = sizeof(suffix) - 1;

	return length >= suffix_length &&
	       strncasecmp(name + length - suffix_length, suffix, suffix_length) == 0;
}

/* @entry is "NAME=value". */
static bool is_dangerous(const char *entry)
{
	static const char *const prefixes[] = {"SSLKEYLOGFILE=", "SSL_CERT_",  "CURL_",
					       "QLOGDIR=",       "OPENSSL_",   "LDAP",
					       "GNUTLS_",        "KRB5_TRACE="};

	if (!strchr(entry, '=')) {
		return false; /* getenv() does not see it either, and unsetenv() cannot remove it */
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(prefixes); i++) {
		if (has_prefix(entry, prefixes[i])) {
			return true;
		}
	}
	return is_proxy_name(entry, strcspn(entry, "="));
}

static void clean_environment(void)
{
	char **entry = environ;

	while (*entry) {
		char *name;

		if (!is_dangerous(*entry)) {
			entry++;
			continue;
		}
		name = gb_strndup(NULL, *entry, strcspn(*entry, "="));
		if (unsetenv(name) != 0) {
			refuse("groupback: the environment cannot be cleaned; nothing was done.\n");
		}
		talloc_free(name);
		entry = environ; /* unsetenv() moves the entries */
	}
	if (setenv("LDAPNOINIT", "1", 1) != 0) {
		gb_oom();
	}
}

void gb_process_harden(void)
{
	const struct rlimit no_core = {0, 0};

	open_standard_descriptors();
	umask(077);
	/* Both: RLIMIT_CORE is ignored when cores go through a pipe (core(5)). */
	if (setrlimit(RLIMIT_CORE, &no_core) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		refuse("groupback: core dumps cannot be switched off; nothing was done.\n");
	}
	signal(SIGPIPE, SIG_IGN);
	gb_mem_init();
	clean_environment();
}
