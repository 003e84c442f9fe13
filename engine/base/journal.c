/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal's native protocol. */
#include "config.h"

#include "engine/base/journal.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine/base/compiler.h"

#define SOCKET_PATH "/run/systemd/journal/socket"

/** Pieces of a field: name, newline, length, value, newline. */
#define PARTS 5

static const char *socket_path = SOCKET_PATH;
static int journal_fd = -1;

void gb_journal_set_test(const char *path)
{
	if (journal_fd >= 0) {
		close(journal_fd);
		journal_fd = -1;
	}
	socket_path = path != NULL ? path : SOCKET_PATH;
}

bool gb_journal_listens(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char here[64];
	struct stat st;

	if (stream == NULL || fstat(fd, &st) != 0) {
		return false;
	}
	snprintf(here, sizeof(here), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return strcmp(here, stream) == 0;
}

static bool open_socket(void)
{
	if (journal_fd < 0) {
		journal_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	}
	return journal_fd >= 0;
}

/* 64 bits, low byte first, on any machine. */
static void put_length(uint8_t bytes[8], size_t length)
{
	for (size_t i = 0; i < 8; i++) {
		bytes[i] = (uint8_t)((uint64_t)length >> (8 * i));
	}
}

static size_t fill(struct iovec parts[PARTS], uint8_t length_bytes[8],
		   const struct gb_journal_field *field)
{
	static char newline[] = "\n";
	size_t length = strnlen(field->value, GB_JOURNAL_MAX_VALUE_BYTES);

	put_length(length_bytes, length);
	parts[0] = (struct iovec){(char *)(uintptr_t)field->name, strlen(field->name)};
	parts[1] = (struct iovec){newline, 1};
	parts[2] = (struct iovec){length_bytes, 8};
	parts[3] = (struct iovec){(char *)(uintptr_t)field->value, length};
	parts[4] = (struct iovec){newline, 1};
	return PARTS;
}

bool gb_journal_send(const struct gb_journal_field *fields, size_t count)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct iovec parts[GB_JOURNAL_MAX_FIELDS * PARTS];
	uint8_t lengths[GB_JOURNAL_MAX_FIELDS][8];
	struct msghdr message = {.msg_name = &address,
				 .msg_namelen = sizeof(address),
				 .msg_iov = parts};

	assert(count <= GB_JOURNAL_MAX_FIELDS);
	if (!open_socket() || strlen(socket_path) >= sizeof(address.sun_path)) {
		return false;
	}
	memcpy(address.sun_path, socket_path, strlen(socket_path) + 1);
	for (size_t i = 0; i < count; i++) {
		if (fields[i].value != NULL) {
			message.msg_iovlen +=
				fill(&parts[message.msg_iovlen], lengths[i], &fields[i]);
		}
	}
	return sendmsg(journal_fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
}
