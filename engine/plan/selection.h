/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Selection: the groups that `scope = selected` writes.
 *
 * A file with one group a line: its object id, or its display name (in double quotes if it looks like
 * something else), or "members of OBJECT-ID" for all groups that are members of that one. "#" begins
 * a comment line. Names and the marker group are resolved by whoever knows the tenant
 * (sync/selection.c), who tells the selection; then it answers by id. Pure; talloc_free() it.
 */
#ifndef GB_PLAN_SELECTION_H
#define GB_PLAN_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"

/** Most lines with a group. */
#define GB_SELECTION_MAX_ITEMS 100000

/** A selection. Opaque. */
struct gb_selection;

/** What it says about a group. */
enum gb_selection_answer {
	GB_SELECTION_NO = 0,
	GB_SELECTION_YES = 1,
	GB_SELECTION_AMBIGUOUS = 2, /**< by a name that several groups have */
	GB_SELECTION_UNKNOWN = 3    /**< perhaps: the marker group's members are not known */
};

/**
 * Parse the content of a selected file.
 *
 * @param source  its name for errors.
 * Errors: GB_E_CONFIG with line and column: no group at all, a second marker group, a word that is no
 * id behind "members of".
 */
GB_MUST_CHECK enum gb_rc gb_selection_parse(const void *ctx, const char *source, const char *text,
					    struct gb_selection **ret_selection,
					    struct gb_err *err);

/** True if the file has names to look up. */
bool gb_selection_has_names(const struct gb_selection *selection);

/** The marker group; false if there is none. */
bool gb_selection_marker(const struct gb_selection *selection, struct gb_guid *ret_id);

/** Forget what was resolved: the marker group's members are not known any more. */
void gb_selection_begin(struct gb_selection *selection);

/** A live group of the tenant. Every one must be told before names count as resolved. */
void gb_selection_tell_name(struct gb_selection *selection, const struct gb_guid *id,
			    const char *display_name);

/** A group that is a member of the marker group. */
void gb_selection_tell_member(struct gb_selection *selection, const struct gb_guid *id);

/** The marker group's members were all told. */
void gb_selection_end(struct gb_selection *selection);

/** What it says about a group. */
enum gb_selection_answer gb_selection_find(const struct gb_selection *selection,
					   const struct gb_guid *id);

/**
 * What is resolved, as text that is equal for equal answers: ids with their answers, ascending.
 * Below @ctx.
 */
char *gb_selection_fingerprint(const void *ctx, struct gb_selection *selection);

#endif
