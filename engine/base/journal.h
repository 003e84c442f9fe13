/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal's native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): one datagram an entry, fields with
 * names. Values travel with their length, so no value can end its field or begin another one. Spoken
 * here and not through libsystemd, which would bring its compression libraries into a process that
 * stays resident for years.
 *
 * State: one socket, opened by the first entry.
 */
#ifndef GB_BASE_JOURNAL_H
#define GB_BASE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

/** Longest value in bytes; longer ones are cut. */
#define GB_JOURNAL_MAX_VALUE_BYTES 16384
/** Most fields of one entry. */
#define GB_JOURNAL_MAX_FIELDS 12

/** One field. */
struct gb_journal_field {
	const char *name;  /**< [A-Z0-9_]+, no underscore in front */
	const char *value; /**< any bytes without NUL; NULL: the field is left out */
};

/** True if the file descriptor leads to the journal: $JOURNAL_STREAM names it (systemd.exec(5)). */
bool gb_journal_listens(int fd);

/** Send one entry, without waiting. False if nobody takes it: say it in another way then. */
bool gb_journal_send(const struct gb_journal_field *fields, size_t count);

/** Tests: the socket to send to; NULL: the system's. @path is borrowed. */
void gb_journal_set_test(const char *path);

#endif
