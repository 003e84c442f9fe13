/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What differs between the two kinds of directory, in one place: names of attributes, how an object
 * and a member are named in requests, and how "changed since" is asked. Everything else in the room
 * is the same for both. Constant tables; no state.
 */
#ifndef GB_DIRECTORY_DIALECT_H
#define GB_DIRECTORY_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/directory/directory.h"
#include "engine/directory/reference.h"

/** One kind of directory. */
struct gb_dialect {
	enum gb_dialect_kind kind;
	const char *guid_attribute;       /**< "objectGUID" (16 octets) or "entryUUID" (text) */
	const char *stamp_attribute;      /**< grows with each change: "uSNChanged" or "entryCSN" */
	const char *const *class_filters; /**< filter of each bit of enum gb_directory_classes */
	bool has_guid_names;              /**< "<GUID=…>" is taken as object and as value */
	bool has_ranges;                  /**< cuts long attributes: MS-ADTS 3.1.1.3.1.3.3 */
	bool has_rights;                  /**< answers allowed…Effective and tokenGroups */
};

/** The dialect of @kind; never NULL. */
const struct gb_dialect *gb_dialect_of(enum gb_dialect_kind kind);

/** Read a value of guid_attribute. False if it is none. */
GB_MUST_CHECK bool gb_dialect_read_guid(const struct gb_dialect *dialect, const void *bytes,
					size_t length, struct gb_guid *ret_guid);

/** "<GUID=…>" or the DN: names an object in search, modify and delete. Below @ctx. */
char *gb_dialect_object_name(const void *ctx, const struct gb_dialect *dialect,
			     const struct gb_directory_reference *object);

/** Filter that finds an object by its guid, below @ctx. */
char *gb_dialect_guid_filter(const void *ctx, const struct gb_dialect *dialect,
			     const struct gb_guid *guid);

/**
 * Filter for the classes (0: all) that changed at or after @stamp; NULL or "" as stamp: whenever.
 * Below @ctx.
 */
char *gb_dialect_filter(const void *ctx, const struct gb_dialect *dialect, unsigned classes,
			const char *stamp);

#endif
