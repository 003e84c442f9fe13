/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server's address, and a TCP connection to it. */
#include "config.h"

#include "engine/directory/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/*
 * A peer that stops acknowledging is given up after this long; probes begin after a quiet minute.
 */
#define USER_TIMEOUT_MS      60000u
#define KEEPALIVE_IDLE_S     60
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_PROBES     6

uint16_t gb_server_default_port(enum gb_directory_transport transport)
{
	return transport == GB_TRANSPORT_LDAPS ? 636 : 389;
}

uint16_t gb_server_catalog_port(enum gb_directory_transport transport)
{
	return transport == GB_TRANSPORT_LDAPS ? 3269 : 3268;
}

static bool parse_port(const char *text, uint16_t *ret_port)
{
	unsigned long port = 0;
	const char *at;

	for (at = text; *at >= '0' && *at <= '9' && port <= UINT16_MAX; at++) {
		port = port * 10 + (unsigned long)(*at - '0');
	}
	if (*at || port == 0 || port > UINT16_MAX) {
		return false;
	}
	*ret_port = (uint16_t)port;
	return true;
}

static bool is_v6(const char *text, size_t length)
{
	struct in6_addr address;
	char copy[INET6_ADDRSTRLEN];
	size_t plain = strcspn(text, "%");

	/* A zone ("fe80::1%eth0") is no part of the address itself. */
	plain = plain < length ? plain : length;
	if (plain >= sizeof(copy)) {
		return false;
	}
	memcpy(copy, text, plain);
	copy[plain] = '\0';
	return inet_pton(AF_INET6, copy, &address) == 1;
}

/* Anything but these could not be written into an LDAP URL. */
static bool is_host(const char *text, size_t length)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_:%";

	if (length == 0 || length > 255 || strspn(text, letters) < length) {
		return false;
	}
	return strcspn(text, ":%") >= length || is_v6(text, length);
}

enum gb_rc gb_server_parse(const void *ctx, const char *text, uint16_t default_port,
			   struct gb_server *ret_server, struct gb_err *err)
{
	bool bracketed = text[0] == '[';
	const char *host = bracketed ? text + 1 : text;
	const char *first_colon = strchr(host, ':');
	bool bare_v6 = !bracketed && first_colon && strchr(first_colon + 1, ':');
	size_t length = bare_v6 ? strlen(host) : strcspn(host, bracketed ? "]" : ":");
	const char *rest = host + length + (bracketed && host[length] == ']' ? 1 : 0);
	uint16_t port = default_port;
	char *shown;

	if (is_host(host, length) && (!bracketed || host[length] == ']') &&
	    (!*rest || (*rest == ':' && parse_port(rest + 1, &port)))) {
		ret_server->name = gb_strdup(ctx, text);
		ret_server->host = gb_strndup(ctx, host, length);
		ret_server->port = port;
		return GB_OK;
	}
	shown = gb_text_display(NULL, text);
	gb_err_set(err, GB_E_CONFIG, "directory-bad-server", _("\"%s\" is not a server's address."),
		   shown);
	talloc_free(shown);
	gb_err_undone(err, _("No connection was made."));
	return gb_err_remedy(err, _("Write it as \"host\", \"host:port\" or \"[IPv6]:port\"."));
}

static void set_socket_options(int fd)
{
	static const struct {
		int level;
		int option;
		int value;
	} settings[] = {
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_NODELAY, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S},
		{IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S},
		{IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES},
		{IPPROTO_TCP, TCP_USER_TIMEOUT, (int)USER_TIMEOUT_MS},
	};

	/* They only make trouble visible sooner; requests have deadlines of their own. */
	for (size_t i = 0; i < GB_ARRAY_SIZE(settings); i++) {
		(void)setsockopt(fd, settings[i].level, settings[i].option, &settings[i].value,
				 sizeof(settings[i].value));
	}
}

/* Waits until the connect has ended. Returns 0 or an errno. */
static int await_connected(int fd, int64_t deadline_ms)
{
	struct pollfd waiting = {.fd = fd, .events = POLLOUT};
	socklen_t length = sizeof(int);
	int error = 0;
	int rc;

	do {
		int64_t left_ms = deadline_ms - gb_clock_boot_ms();

		rc = poll(&waiting, 1, left_ms > 0 ? (int)left_ms : 0);
	} while (rc < 0 && errno == EINTR);
	if (rc == 0) {
		return ETIMEDOUT;
	}
	if (rc < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) {
		return errno;
	}
	return error;
}

/* One address. Returns 0 or an errno. */
static int connect_address(const struct sockaddr *address, socklen_t length, int64_t deadline_ms,
			   int *ret_fd)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0) {
		return errno;
	}
	set_socket_options(fd);
	error = connect(fd, address, length) == 0 ? 0 : errno;
	if (error == EINPROGRESS) {
		error = await_connected(fd, deadline_ms);
	}
	if (error) {
		close(fd);
		return error;
	}
	*ret_fd = fd;
	return 0;
}

static enum gb_rc unreachable(const struct gb_server *server, const char *reason,
			      struct gb_err *err)
{
	gb_err_set(err, GB_E_UNAVAILABLE, "directory-unreachable",
		   _("The directory server %s (port %u) cannot be reached: %s."), server->host,
		   (unsigned)server->port, reason);
	gb_err_undone(err, _("Nothing was read from it and nothing was written."));
	return gb_err_remedy(err, _("Check the server's name, that it runs, and the firewall."));
}

/* Every address in turn; each gets its share of the time that is left. Returns 0 or an errno. */
static int connect_any(struct gb_server *server, const struct addrinfo *addresses,
		       int64_t deadline_ms, int *ret_fd)
{
	int error = ETIMEDOUT;
	int left = 0;

	for (const struct addrinfo *a = addresses; a; a = a->ai_next) {
		left++;
	}
	for (const struct addrinfo *a = addresses; a; a = a->ai_next, left--) {
		int64_t now_ms = gb_clock_boot_ms();

		error = connect_address(a->ai_addr, a->ai_addrlen,
					now_ms + (deadline_ms - now_ms) / left, ret_fd);
		if (!error) {
			memcpy(&server->address, a->ai_addr, a->ai_addrlen);
			server->address_length = a->ai_addrlen;
			return 0;
		}
	}
	return error;
}

enum gb_rc gb_server_connect(struct gb_server *server, int64_t deadline_ms, int *ret_fd,
			     struct gb_err *err)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *addresses = NULL;
	int64_t now_ms = gb_clock_boot_ms();
	char port[8];
	int error;

	if (server->address_length > 0 &&
	    connect_address((const struct sockaddr *)&server->address, server->address_length,
			    now_ms + (deadline_ms - now_ms) / 2, ret_fd) == 0) {
		server->resolved_ms = now_ms;
		return GB_OK;
	}
	snprintf(port, sizeof(port), "%u", (unsigned)server->port);
	error = getaddrinfo(server->host, port, &hints, &addresses);
	if (error) {
		unreachable(server, gai_strerror(error), err);
		snprintf(err->id, sizeof(err->id), "directory-unknown-name");
		return gb_err_remedy(err, _("Check the server's name, and this host's DNS "
					    "(/etc/resolv.conf)."));
	}
	server->resolved_ms = gb_clock_boot_ms();
	error = connect_any(server, addresses, deadline_ms, ret_fd);
	freeaddrinfo(addresses);
	return error ? unreachable(server, strerror(error), err) : GB_OK;
}
