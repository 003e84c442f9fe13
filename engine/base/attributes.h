/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attributes by name: those of a group that have no field of their own, in one text.
 *
 * Filters and mappings of the administrator name properties of the cloud and attributes of the
 * directory that the engine otherwise has no use for. They travel and are stored as one packed text:
 * a line for each value, "name=value" with \n, \r and \\ escaped, or "name" alone for one that is
 * known to be absent. Several lines of one name are a list. What is not named is unknown. NULL is
 * the empty text. Names compare without regard to ASCII case.
 */
#ifndef GB_BASE_ATTRIBUTES_H
#define GB_BASE_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/buffer.h"

/** What is known of an attribute. */
enum gb_attribute_state {
	GB_ATTRIBUTE_UNKNOWN = 0, /**< nobody told */
	GB_ATTRIBUTE_ABSENT = 1,  /**< it has no value */
	GB_ATTRIBUTE_PRESENT = 2  /**< one value or more */
};

/** Values of one attribute. */
struct gb_attribute {
	enum gb_attribute_state state;
	const char **values; /**< count texts; NULL if count is 0 */
	size_t count;        /**< 0 unless present */
};

/** Append one value to a packed text; @value NULL: known to be absent. */
void gb_attributes_add(struct gb_buffer *packed, const char *name, const char *value);

/** All values of @name in @packed, in their order, below @ctx. */
struct gb_attribute gb_attributes_get(const void *ctx, const char *packed, const char *name);

/**
 * The name after @name in the order of the text, below @ctx; the first one for NULL; NULL at the end.
 * Lines of one name have to follow each other, as gb_attributes_merge() leaves them.
 */
char *gb_attributes_next_name(const void *ctx, const char *packed, const char *name);

/** True if the text says something about @name. */
bool gb_attributes_has(const char *packed, const char *name);

/**
 * @packed with everything that @patch names replaced by what it says, below @ctx. NULL if nothing
 * is left.
 */
char *gb_attributes_merge(const void *ctx, const char *packed, const char *patch);

/** True for attributes that hold several values at once (proxyAddresses); a change of one carries all
 * its values, one after the other. */
bool gb_attribute_is_list(const char *name);

#endif
