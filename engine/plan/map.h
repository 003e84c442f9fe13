/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Map: the attribute mapping of the configuration.
 *
 * A file with one attribute a line: ATTRIBUTE = EXPRESSION (expression.h), or ATTRIBUTE = none for
 * one that is left alone. What the file does not name is mapped as mapping.h says. cn,
 * sAMAccountName and parentDistinguishedName (the container of the group) can be mapped, too; what
 * makes a group ours (anchors, groupType, member) and what others rely on for security cannot. Pure;
 * talloc_free() a map.
 */
#ifndef GB_PLAN_MAP_H
#define GB_PLAN_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/plan/expression.h"

/** Most attributes in one map. */
#define GB_MAP_MAX_ATTRIBUTES 32

/** A map. Opaque. */
struct gb_map;

/**
 * Parse the content of a mapping file.
 *
 * @param source  its name for errors.
 * Errors: GB_E_CONFIG with line and column: an attribute that may not be mapped or is there twice,
 * and those of expressions.
 */
GB_MUST_CHECK enum gb_rc gb_map_parse(const void *ctx, const char *source, const char *text,
				      struct gb_map **ret_map, struct gb_err *err);

/** How many attributes the map names. @map may be NULL: none. */
size_t gb_map_count(const struct gb_map *map);

/** Name of the attribute number @index; borrowed. */
const char *gb_map_attribute(const struct gb_map *map, size_t index);

/** Its expression; NULL for "none". */
const struct gb_expression *gb_map_expression(const struct gb_map *map, size_t index);

/**
 * Whether the map names @attribute (any case), and with which expression (NULL: none). @map may be
 * NULL: false.
 */
bool gb_map_find(const struct gb_map *map, const char *attribute,
		 const struct gb_expression **ret_expression);

/** True for attributes that every import of the directory reads; others must be asked for. */
bool gb_map_is_standard(const char *attribute);

/** Call @each for every property of the cloud that the map names (perhaps twice). */
void gb_map_properties(const struct gb_map *map, void (*each)(void *user, const char *property),
		       void *user);

#endif
