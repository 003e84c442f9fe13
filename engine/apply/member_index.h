/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of our members a value of `member` is: by GUID, else by SID, else by DN, whichever both sides
 * know (the server may answer with less than we have, and slapd knows DNs only). Pure.
 */
#ifndef GB_APPLY_MEMBER_INDEX_H
#define GB_APPLY_MEMBER_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/directory/reference.h"

/** Opaque; talloc_free() it. */
struct gb_member_index;

/**
 * An index over @count references, which are borrowed until it is freed; dn_key must be filled in
 * where dn is.
 */
struct gb_member_index *gb_member_index_new(const void *ctx,
					    const struct gb_directory_reference *references,
					    size_t count);

/** The position of @found among the references. False: it is none of them. */
bool gb_member_index_find(const struct gb_member_index *index,
			  const struct gb_directory_reference *found, size_t *ret_position);

#endif
