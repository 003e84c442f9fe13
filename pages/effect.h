/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The effect of the first cycle, counted by a dry run of the engine (docs/probe.md, preview): what Ready shows
 * before anything is written.
 *
 * Life cycle: wz_effect_new() below the page's state; wz_effect_begin(), then the events of the question as they
 * come; wz_effect_end() with its result.
 */
#ifndef WZ_PAGES_EFFECT_H
#define WZ_PAGES_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/json.h"
#include "wizard/page.h"

/** Opaque. */
struct wz_effect;

/** What people must know before they agree. */
struct wz_effect_counts {
	int64_t creates;
	int64_t changes; /**< attributes and members of groups that are there */
	int64_t renames;
	int64_t access;   /**< groups whose new type gives access */
	int64_t disables; /**< groups that lose their access */
	int64_t moves;
	int64_t deletes;
	int64_t member_adds;
	int64_t member_removes;
	int64_t problems;       /**< groups that are frozen or would fail */
	int64_t public_groups;  /**< public Microsoft 365 groups written as security groups */
	int64_t most_groups;    /**< most security groups that one person would be in */
	bool lacks_recycle_bin; /**< it is known to be off */
};

/** Nothing is known; below @ctx. */
struct wz_effect *wz_effect_new(const void *ctx);

/** A dry run begins: what was known is forgotten. */
void wz_effect_begin(struct wz_effect *effect);

/** An item of it. */
void wz_effect_take(struct wz_effect *effect, const struct gb_json *item);

/** Its result. */
void wz_effect_end(struct wz_effect *effect, const struct gb_json *result);

/** The counts; NULL while no dry run has ended. */
const struct wz_effect_counts *wz_effect_counts(const struct wz_effect *effect);

/** Digest of the plan, for an approval; NULL: there is none. Borrowed until the next dry run. */
const char *wz_effect_digest(const struct wz_effect *effect);

/** Rows for people: one a kind of change, then what deserves a second look. */
size_t wz_effect_rows(const struct wz_effect *effect);

/** Row @i; texts below @ctx. */
void wz_effect_row(const void *ctx, const struct wz_effect *effect, size_t i,
		   struct wz_row *ret_row);

/** Every change and problem, a line each, as far as the engine listed them. Below @ctx. */
char *wz_effect_list(const void *ctx, const struct wz_effect *effect);

#endif
