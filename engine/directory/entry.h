/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LDAP entries: reading attributes out of one, and making a struct gb_directory_object of it.
 *
 * A gb_entry is borrowed: it is valid during the callback that brings it. What the functions return
 * is a copy below the given talloc parent.
 */
#ifndef GB_DIRECTORY_ENTRY_H
#define GB_DIRECTORY_ENTRY_H

#include <ldap.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/directory_object.h"
#include "engine/base/err.h"
#include "engine/directory/dialect.h"

/** Most values of one attribute that gb_entry_texts() returns. */
#define GB_ENTRY_MAX_TEXTS 100000

/** One entry. A plain value that points into libldap's answer. */
struct gb_entry {
	LDAP *ldap;           /**< the handle it came from */
	LDAPMessage *message; /**< of type LDAP_RES_SEARCH_ENTRY */
	/**
	 * NULL, or the entry comes with the answer to a write instead of from a search: value of a
	 * post-read control (RFC 4527 3.2). gb_entry_dn(), gb_entry_walk() and gb_entry_object()
	 * know how to read it.
	 */
	const struct berval *control_value;
};

/** One attribute while walking an entry. */
struct gb_entry_attribute {
	const char *name;            /**< attribute description with its options, NUL-terminated */
	const struct berval *values; /**< ends with an element whose bv_val is NULL; or NULL */
	size_t count;                /**< number of values */
};

/** Called for each attribute of an entry; anything but GB_OK stops the walk. */
typedef enum gb_rc (*gb_entry_on_attribute)(void *user, const struct gb_entry_attribute *attribute);

/**
 * Walk all attributes of an entry in one pass.
 *
 * Errors: GB_E_PROTOCOL if libldap cannot decode it; what the callback returned.
 */
GB_MUST_CHECK enum gb_rc gb_entry_walk(const struct gb_entry *entry,
				       gb_entry_on_attribute on_attribute, void *user,
				       struct gb_err *err);

/** The DN as the server spells it; NULL if it is not UTF-8 or cannot be decoded. */
char *gb_entry_dn(const void *ctx, const struct gb_entry *entry);

/** The first value of @attribute as text; NULL if it has none, or one that is not UTF-8. */
char *gb_entry_text(const void *ctx, const struct gb_entry *entry, const char *attribute);

/** All values of @attribute as texts, ending with NULL; an array of only NULL if it has none. */
char **gb_entry_texts(const void *ctx, const struct gb_entry *entry, const char *attribute);

/** The first value as a whole number; @fallback if there is none or it is no number. */
int64_t gb_entry_int(const struct gb_entry *entry, const char *attribute, int64_t fallback);

/** The dialect's GUID of the entry. False if it has none. */
GB_MUST_CHECK bool gb_entry_guid(const struct gb_entry *entry, const struct gb_dialect *dialect,
				 struct gb_guid *ret_guid);

/** objectSid of the entry. False if it has none. */
GB_MUST_CHECK bool gb_entry_sid(const struct gb_entry *entry, const char *attribute,
				struct gb_sid *ret_sid);

/**
 * The attributes that gb_entry_object() wants from a search, ending with NULL, below @ctx. The GUID
 * and the stamp of both dialects are in it; a server leaves out what it does not know.
 *
 * @param extra  further ones, ended by NULL; or NULL. Borrowed.
 */
const char *const *gb_entry_object_attributes(const void *ctx, const char *const *extra);

/**
 * An entry as object. Strings live below @ctx. Texts that are not UTF-8 are made safe with
 * gb_text_display(): they differ from anything that we would write, so they get corrected.
 *
 * @param container_key  gb_dn_key() of the container, or NULL.
 * @param extra          as above: those that a group has become object->extra.
 * Errors: GB_E_PROTOCOL (no GUID readable, DN not valid); the text names the entry.
 */
GB_MUST_CHECK enum gb_rc gb_entry_object(const void *ctx, const struct gb_entry *entry,
					 const struct gb_dialect *dialect,
					 const char *container_key, const char *const *extra,
					 struct gb_directory_object *ret_object,
					 struct gb_err *err);

#endif
