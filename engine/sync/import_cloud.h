/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Import of the cloud side: Graph → cloud space of the state.
 *
 * Initial: take "latest" cursors first, then list groups and people, read the members of the groups
 * that may be written, and replay what changed meanwhile: nothing is missed, and the ten-fold
 * repetitions of an initial delta are avoided. Delta: follow the stored links; read in full only
 * the groups whose members are not known or that gained somebody unknown.
 *
 * Asynchronous: gb_import_cloud_begin() starts it and returns; `done` comes from the loop. Nothing
 * is committed here; cursors are set last, so whoever commits commits both or nothing. A group whose
 * list of members could not be read to the end loses "members known" and is named in the report;
 * everything else that fails ends the import.
 */
#ifndef GB_SYNC_IMPORT_CLOUD_H
#define GB_SYNC_IMPORT_CLOUD_H

#include <stdbool.h>

#include "engine/base/err.h"
#include "engine/sync/report.h"
#include "engine/sync/session.h"

/** The end of an import. @err is NULL exactly when @rc is GB_OK. */
typedef void (*gb_import_done)(void *user, enum gb_rc rc, const struct gb_err *err);

/**
 * Begin.
 *
 * @param initial  read everything; also done if a cursor is missing, foreign or expired.
 * @param report   names the groups that could not be read; outlives the import.
 * Errors through @done: those of cloud/ and state/; GB_E_CONFIG if the tenant is another one than
 * the state belongs to.
 */
void gb_import_cloud_begin(const void *ctx, struct gb_session *session, bool initial,
			   struct gb_report *report, gb_import_done done, void *user);

/** True if the state has both cursors for this configuration, so that a delta is possible. */
GB_MUST_CHECK enum gb_rc gb_import_cloud_can_delta(struct gb_session *session, bool *ret_can,
						   struct gb_err *err);

#endif
