/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filter: which groups `scope = filter` writes, by their properties.
 *
 * A file of clauses, one a line: PROPERTY OPERATOR [VALUE…]. Clauses that follow each other must all
 * hold; a line with the word OR begins another clause group, and one group that holds is enough. The
 * operators are Cloud Sync's ("Scoping users or groups with scoping filters"), and IN, NOT IN and
 * INCLUDES besides:
 *
 *   EQUALS, NOT EQUALS, GREATER_THAN, GREATER_THAN_OR_EQUALS "text" or number
 *   IS TRUE, IS FALSE, IS NULL, IS NOT NULL
 *   REGEX MATCH, NOT REGEX MATCH "pattern"
 *   IN, NOT IN "a" "b" …      one of these
 *   INCLUDES "text"           a list holds it
 *
 * Texts are compared case-sensitively. Pure; talloc_free() a filter.
 */
#ifndef GB_PLAN_FILTER_H
#define GB_PLAN_FILTER_H

#include <stdbool.h>

#include "engine/base/cloud_object.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Most clauses in one filter. */
#define GB_FILTER_MAX_CLAUSES 256

/** A parsed filter. Opaque. */
struct gb_filter;

/**
 * Parse the content of a filter file.
 *
 * @param source  its name for errors.
 * Errors: GB_E_CONFIG with line and column; a filter without a clause is one, too.
 */
GB_MUST_CHECK enum gb_rc gb_filter_parse(const void *ctx, const char *source, const char *text,
					 struct gb_filter **ret_filter, struct gb_err *err);

/**
 * Does the filter select @group? GB_UNKNOWN: it depends on a property that the cloud left out, or on
 * a pattern that gave up.
 */
enum gb_tristate gb_filter_matches(const struct gb_filter *filter,
				   const struct gb_cloud_group *group);

/** Call @each for every property that the filter names (perhaps twice). */
void gb_filter_properties(const struct gb_filter *filter,
			  void (*each)(void *user, const char *property), void *user);

#endif
