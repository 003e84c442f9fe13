/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading and writing access lists in the directory (nTSecurityDescriptor, MS-ADTS 3.1.1.3.4.1.11).
 * Part of the room's door beside directory.h, whose rules for callbacks hold here too; what a
 * descriptor says is judged by grant.h.
 *
 * Only access lists travel, never owners or what is audited: reading those needs rights that an
 * ordinary account does not have, and nobody should touch them by the way.
 *
 * Dialect ldap has no such lists: GB_E_CONFIG "directory-no-descriptors".
 */
#ifndef GB_DIRECTORY_PERMISSIONS_H
#define GB_DIRECTORY_PERMISSIONS_H

#include "engine/directory/descriptor.h"
#include "engine/directory/directory.h"

/** The access list of one object: borrowed for the call; talloc_steal() it to keep it. */
typedef enum gb_rc (*gb_directory_on_descriptor)(void *user, struct gb_descriptor *descriptor);

/**
 * Read the access list of one object, by guid if set, else by dn; CN=Deleted Objects is found as well.
 *
 * Errors: GB_E_NOT_FOUND (not there, or hidden); GB_E_ACCESS "directory-no-descriptor" (it is there,
 *         but the account may not read its rights); GB_E_PROTOCOL; as every read.
 */
void gb_directory_read_dacl(struct gb_directory *directory,
			    const struct gb_directory_reference *object,
			    gb_directory_on_descriptor on_descriptor, gb_directory_done done,
			    void *user);

/**
 * Replace the access list of one object by the one in @descriptor, which was read a moment ago. The
 * server computes the inherited entries anew. Errors: as every write.
 */
void gb_directory_write_dacl(struct gb_directory *directory,
			     const struct gb_directory_reference *object,
			     const struct gb_descriptor *descriptor, gb_directory_write_done done,
			     void *user);

/**
 * As gb_directory_check_account(), for another account than the one that is signed in. Errors: as
 * there; GB_E_NOT_FOUND if it has no groups that can be read.
 */
void gb_directory_check_other_account(struct gb_directory *directory,
				      const struct gb_directory_reference *account,
				      gb_directory_done done, void *user);

#endif
