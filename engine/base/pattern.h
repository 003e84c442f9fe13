/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Patterns: regular expressions (PCRE2) over UTF-8, bounded.
 *
 * Patterns come from files of the administrator, subjects from whoever names a group in the cloud.
 * A pattern that would take very long on some subject gives up after a fixed number of steps and says
 * so, instead of stopping the run. talloc_free() a pattern.
 */
#ifndef GB_BASE_PATTERN_H
#define GB_BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Longest pattern in bytes. */
#define GB_PATTERN_MAX_BYTES 1024

/** A compiled pattern. Opaque. */
struct gb_pattern;

/** What a look at a subject says. */
enum gb_pattern_answer {
	GB_PATTERN_NO = 0,
	GB_PATTERN_YES = 1,
	GB_PATTERN_GAVE_UP = 2 /**< the limit of steps was reached; neither yes nor no */
};

/**
 * Compile @text: PCRE2 syntax, UTF-8, Unicode properties, case-sensitive unless it begins with (?i).
 *
 * @param ret_offset  on failure the byte of @text at which it went wrong; may be NULL.
 * Errors: GB_E_CONFIG with the reason of the library.
 */
GB_MUST_CHECK enum gb_rc gb_pattern_new(const void *ctx, const char *text,
					struct gb_pattern **ret_pattern, size_t *ret_offset,
					struct gb_err *err);

/** Does @pattern occur in @subject (UTF-8)? Bytes that are not UTF-8: GB_PATTERN_NO. */
enum gb_pattern_answer gb_pattern_match(const struct gb_pattern *pattern, const char *subject);

/** True if the pattern has a group of that name. */
bool gb_pattern_has_group(const struct gb_pattern *pattern, const char *name);

/** What gb_pattern_replace() puts in the place of what was found. */
struct gb_pattern_replacement {
	const char *group; /**< only what this group matched is replaced; NULL: the whole match */
	const char *text;  /**< what comes there; "${name}" and "$1" stand for groups if group is
				NULL */
};

/**
 * Every match replaced, below @ctx. GB_PATTERN_GAVE_UP: the limit was reached, or the result would
 * be longer than 64 KiB, or the text names a group that is not there; *ret_text is NULL then.
 * GB_PATTERN_NO: nothing matched, *ret_text is a copy of @subject.
 */
enum gb_pattern_answer gb_pattern_replace(const void *ctx, const struct gb_pattern *pattern,
					  const char *subject,
					  const struct gb_pattern_replacement *replacement,
					  char **ret_text);

/** What the named group matched first, below @ctx; NULL if nothing matched. */
enum gb_pattern_answer gb_pattern_extract(const void *ctx, const struct gb_pattern *pattern,
					  const char *subject, const char *group, char **ret_text);

#endif
