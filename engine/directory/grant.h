/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rights that groupback needs on its container: which entries (ACEs) give them, which are there,
 * which are missing, which go too far, and who else may write. Pure; permissions.h does the talking.
 *
 * Two entries are enough, tried one by one against a domain controller:
 *
 *     (OA;CI;CCDC;<class group>;;ACCOUNT)             create and delete groups in the container
 *     (OA;CIIO;RPWPLCLORCSD;;<class group>;ACCOUNT)   read, write, move and delete these groups
 *
 * Making a group gives no right to change it later, so the second one is needed as well.
 */
#ifndef GB_DIRECTORY_GRANT_H
#define GB_DIRECTORY_GRANT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/sid.h"
#include "engine/directory/descriptor.h"

/** Most entries that one object needs. */
#define GB_GRANT_MAX_ACES 2

/** Objects that rights are given on. */
enum gb_grant_place {
	GB_GRANT_CONTAINER, /**< the container of the groups */
	/**
	 * The top of the domain: the right to reanimate, (OA;;CR;<Reanimate-Tombstones>;;ACCOUNT).
	 * It reaches every deleted object of the domain (MS-ADTS 3.1.1.5.3.7), though the account may
	 * bring one back only to where it may create it.
	 */
	GB_GRANT_DOMAIN,
	GB_GRANT_DELETED_OBJECTS /**< CN=Deleted Objects: see what was deleted, (A;CI;LCRP;;;ACCOUNT) */
};

/** One right by name. */
struct gb_grant_right {
	const char *id;   /**< stable: "create-group" */
	const char *text; /**< marked for translation */
	uint32_t mask;    /**< enum gb_right: all of them */
	bool on_groups;   /**< on the groups below; else on the object itself */
	const char *type; /**< GUID of the class, attribute or right that it speaks of; NULL: all */
};

/** What the list says about one right of one account. */
enum gb_grant_state {
	GB_GRANT_MISSING, /**< no entry of the account gives it; a group of it still may */
	GB_GRANT_DENIED,  /**< an entry that comes first takes it away */
	GB_GRANT_THERE
};

/** The rights needed at @place; *ret_count of them. Static. */
const struct gb_grant_right *gb_grant_rights(enum gb_grant_place place, size_t *ret_count);

/** Is @right given to @sid itself by @acl (NULL: everybody may do everything)? */
enum gb_grant_state gb_grant_state(const struct gb_acl *acl, const struct gb_sid *sid,
				   const struct gb_grant_right *right);

/**
 * The entries that @acl lacks for @sid at @place. An entry counts as there if all its rights are given
 * already, by whatever entries. Returns how many, at most GB_GRANT_MAX_ACES.
 */
size_t gb_grant_missing(const struct gb_acl *acl, const struct gb_sid *sid,
			enum gb_grant_place place, struct gb_ace ret_aces[GB_GRANT_MAX_ACES]);

/**
 * Add the missing entries to @descriptor, behind its own entries and before the inherited ones (the
 * canonical order, MS-DTYP 2.4.5). A descriptor without a list is left alone. Returns how many.
 */
size_t gb_grant_add(struct gb_descriptor *descriptor, const struct gb_sid *sid,
		    enum gb_grant_place place);

/** True if @ace allows @sid more than is needed at @place. */
bool gb_grant_goes_too_far(const struct gb_ace *ace, const struct gb_sid *sid,
			   enum gb_grant_place place);

/**
 * True if @ace lets somebody create, change or delete groups in the container, or rewrite its rights.
 * Entries for "whoever made it" and "the object itself" are not counted.
 */
bool gb_grant_lets_write(const struct gb_ace *ace);

#endif
