/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The draft: what has been answered so far, as texts, right or wrong, by the name of their field. It
 * becomes a configuration through the table of keys (engine/config/keys.h); what no key takes belongs to
 * the set-up alone. Secrets are held apart in locked memory.
 *
 * Life cycle: wz_draft_new() from the configuration in force (NULL: a first run), changed by
 * wz_draft_set(), kept on disk by wz_draft_save() (mode 0600, no secret in it), wiped by talloc_free().
 */
#ifndef WZ_DRAFT_H
#define WZ_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/secret.h"
#include "engine/config/configuration.h"
#include "engine/config/keys.h"

/** Opaque. */
struct wz_draft;

/** A draft in which every value is that of @before; NULL: the defaults of the table. Below @ctx. */
struct wz_draft *wz_draft_new(const void *ctx, const struct gb_config *before);

/** The configuration in force; NULL on a first run. */
const struct gb_config *wz_draft_before(const struct wz_draft *draft);

/** The key that a name "SECTION.KEY" stands for, or NULL if it belongs to the set-up alone. */
const struct gb_key *wz_draft_key(const char *name);

/** The value; NULL if none was set. Until it is set again. */
const char *wz_draft_get(const struct wz_draft *draft, const char *name);

/** Set a value; NULL unsets it. True if that changed something. */
bool wz_draft_set(struct wz_draft *draft, const char *name, const char *text);

/** What was typed, or NULL. Borrowed. */
const struct gb_secret *wz_draft_secret(const struct wz_draft *draft, const char *name);

/** Put @secret (stolen) in the place of what is there, which is wiped; NULL: only wipe. */
void wz_draft_set_secret(struct wz_draft *draft, const char *name, struct gb_secret *secret);

/** Highest number of a change to a value or secret whose name begins with @prefix; 0: none yet. */
uint64_t wz_draft_stamp(const struct wz_draft *draft, const char *prefix);

/** The configuration that the draft makes; values that the table refuses stay at their default. */
struct gb_config *wz_draft_config(const void *ctx, const struct wz_draft *draft);

/** One setting that would change. */
struct wz_change {
	const struct gb_key *key; /**< its row of the table */
	char *before;             /**< canonical text; NULL: not set */
	char *after;              /**< canonical text; NULL: not set */
};

/** The settings that would change against what is in force (the defaults on a first run). Below @ctx. */
struct wz_change *wz_draft_changes(const void *ctx, const struct wz_draft *draft,
				   size_t *ret_count);

/** True if a value or secret was changed since the draft was made or loaded. */
bool wz_draft_is_dirty(const struct wz_draft *draft);

/**
 * Write the values and the id of the page to @path, mode 0600, atomically. Secrets and the values of
 * names that begin with "once." are left out.
 */
GB_MUST_CHECK enum gb_rc wz_draft_save(const struct wz_draft *draft, const char *path,
				       const char *page_id, struct gb_err *err);

/** What a draft on disk says about itself. */
struct wz_draft_about {
	int64_t saved_ms; /**< wall clock */
	char *page_id;    /**< where it was left */
	char *terminal;   /**< "/dev/pts/3", or "" */
	size_t count;     /**< values in it that differ from @draft's */
};

/** Look at the draft on disk without taking it. GB_E_NOT_FOUND if there is none. */
GB_MUST_CHECK enum gb_rc wz_draft_peek(const void *ctx, const struct wz_draft *draft,
				       const char *path, struct wz_draft_about *ret_about,
				       struct gb_err *err);

/** Take the values of the draft on disk. Errors: GB_E_NOT_FOUND, GB_E_CONFIG, GB_E_IO. */
GB_MUST_CHECK enum gb_rc wz_draft_load(struct wz_draft *draft, const char *path,
				       struct gb_err *err);

/** Remove the draft on disk, if there is one. */
void wz_draft_discard(const char *path);

#endif
