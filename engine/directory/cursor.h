/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cursors: how far a directory has been read, as text that the state keeps.
 *
 * AD: the invocationId of the server's database and its highestCommittedUSN; USNs of another
 * database mean nothing (MS-ADTS 3.1.1.1.9), and a USN that is higher than the server's shows that
 * it was set back. OpenLDAP: the entryUUID of the suffix and the newest entryCSN seen, less a
 * margin because changes become visible out of order. Pure.
 */
#ifndef GB_DIRECTORY_CURSOR_H
#define GB_DIRECTORY_CURSOR_H

#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/directory.h"

/** Seconds that an OpenLDAP cursor is set back … */
#define GB_CURSOR_MARGIN_S 60
/**
 * … unless the newest entry is so many seconds old: what was written with it is visible by then. Else
 * everything that one large cycle wrote last would be read again in every cycle until somebody
 * writes. Twice the difference of clocks that Kerberos allows.
 */
#define GB_CURSOR_SETTLED_S 600

/** Cursor of an AD server that stands at @usn; "" if it has no invocationId. */
void gb_cursor_from_usn(const struct gb_directory_facts *facts, int64_t usn,
			char cursor[GB_DIRECTORY_CURSOR_BYTES]);

/**
 * Cursor of an OpenLDAP server whose newest entry carries @csn
 * ("20260102030405.123456Z#000000#000#000000"); "" if @csn is no CSN. @now_ms is the wall clock.
 */
void gb_cursor_from_csn(const struct gb_directory_facts *facts, const char *csn, int64_t now_ms,
			char cursor[GB_DIRECTORY_CURSOR_BYTES]);

/**
 * The stamp to ask from ("uSNChanged >=", "entryCSN >="), below @ctx.
 *
 * @param usn  where an AD server stands now.
 * Errors: GB_E_STALE_CURSOR: another database, one that was set back, or no cursor of ours.
 */
GB_MUST_CHECK enum gb_rc gb_cursor_stamp(const void *ctx, const struct gb_directory_facts *facts,
					 const char *cursor, int64_t usn, const char **ret_stamp,
					 struct gb_err *err);

#endif
