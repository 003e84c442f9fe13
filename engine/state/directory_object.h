/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the directory space, for the room's own files. Private to engine/state. */
#ifndef GB_STATE_DIRECTORY_OBJECT_H
#define GB_STATE_DIRECTORY_OBJECT_H

#include "engine/state/directory_space.h"
#include "engine/state/state_private.h"

/** A row as it is read, with what callers do not see. */
struct gb_stored_object {
	struct gb_state_directory_object row; /**< row.no is 0 if there is none */
	int64_t seen;                         /**< generation of the full read that saw it last */
};

/** Read a row; strings below @ctx. */
GB_MUST_CHECK enum gb_rc gb_directory_object_load(const void *ctx, struct gb_state *state,
						  int64_t no, struct gb_stored_object *ret_stored,
						  struct gb_err *err);

/**
 * Write what the caller sees of a row, its group part if it is a group; keeps the sizes. A row without
 * a number is inserted, and gets one.
 */
GB_MUST_CHECK enum gb_rc gb_directory_object_write(struct gb_state *state,
						   const struct gb_stored_object *old,
						   struct gb_state_directory_object *row,
						   struct gb_err *err);

/** Set is_ours and cloud_id of a row from its object. */
void gb_directory_object_judge(struct gb_state_directory_object *row);

/** The generation that a put stores as seen. */
int64_t gb_directory_object_generation(const struct gb_state *state, bool in_container);

/** A DN belongs to one object at a time: whoever else had it has moved or gone. */
GB_MUST_CHECK enum gb_rc gb_directory_object_claim_dn(struct gb_state *state, int64_t no,
						      const char *dn_key, struct gb_err *err);

#endif
