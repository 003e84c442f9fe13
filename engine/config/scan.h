/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The strict scan of groupback.conf: everything that iniparser would swallow, cut or overrun is an
 * error with line and column before iniparser sees it. Pure.
 */
#ifndef GB_CONFIG_SCAN_H
#define GB_CONFIG_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/config/keys.h"
#include "engine/config/problems.h"

/** One "key = value" line. */
struct gb_config_entry {
	const struct gb_key *key; /**< its row of the table; NULL for a word of the caller's own */
	char *section;            /**< as it is spelt in the vocabulary or the file */
	char *name;               /**< likewise */
	char *text;               /**< the value without its quotes */
	size_t line;              /**< from 1 */
	size_t column;            /**< of the value, in characters, from 1 */
};

/** What the scan found; a talloc object. */
struct gb_config_scan {
	struct gb_config_entry *entries; /**< count of them, in the order of the file */
	size_t count;                    /**< how many */
};

/** Sections and keys that a file may hold besides those of the table. */
struct gb_config_vocabulary {
	/** True if there is such a section. */
	bool (*has_section)(const void *data, const char *section);
	/** True if there is such a key. */
	bool (*has_key)(const void *data, const char *section, const char *name);
	const void *data; /**< handed to both */
};

/**
 * Scan @length bytes. What is taken, line by line: blank lines; comments (# or ; as first character
 * that is not blank); [section] with a known name, once each; key = value and key = "value" with a
 * known key, once each. A value without quotes holds no ", ; or #.
 *
 * @param name  stands for the file in the messages.
 * Returns the lines that are good, below @ctx; all that is wrong is added to @problems.
 */
struct gb_config_scan *gb_config_scan(const void *ctx, const char *bytes, size_t length,
				      const char *name, struct gb_config_problems *problems);

/** The same for a file of the same form that may say more than groupback.conf: an answers file. */
struct gb_config_scan *gb_config_scan_more(const void *ctx, const char *bytes, size_t length,
					   const char *name,
					   const struct gb_config_vocabulary *more,
					   struct gb_config_problems *problems);

#endif
