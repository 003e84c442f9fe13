/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling the service manager how we are. */
#include "config.h"

#include "engine/base/notify.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/** Longest message in bytes. */
#define MESSAGE_BYTES 512

/* A path, or a name of the abstract namespace, which begins with "@" (sd_notify(3)). */
static socklen_t address_of(const char *path, struct sockaddr_un *address)
{
	size_t length = strlen(path);

	if ((path[0] != '/' && path[0] != '@') || length < 2 ||
	    length >= sizeof(address->sun_path)) {
		return 0;
	}
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(address->sun_path, path, length);
	if (path[0] == '@') {
		address->sun_path[0] = '\0';
	}
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

void gb_notify(const char *fmt, ...)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address;
	socklen_t address_length = path != NULL ? address_of(path, &address) : 0;
	char message[MESSAGE_BYTES];
	va_list args;
	int fd;

	if (address_length == 0) {
		return;
	}
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return;
	}
	(void)sendto(fd, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT,
		     (const struct sockaddr *)&address, address_length);
	close(fd);
}

int64_t gb_notify_watchdog_ms(void)
{
	const char *text = getenv("WATCHDOG_USEC");
	char *end;
	long long us;

	if (text == NULL) {
		return 0;
	}
	errno = 0;
	us = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && us > 0 ? us / 1000 : 0;
}
