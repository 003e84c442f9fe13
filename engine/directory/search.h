/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One search, all of its pages.
 *
 * Pages (RFC 2696) are fetched one after the other; a page that the server refuses in the middle
 * (cookie gone, time or administrative limit) makes the search begin anew with half the page, at
 * most twice, so an entry may come more than once. It ends with GB_OK only when the server said
 * that nothing is missing.
 */
#ifndef GB_DIRECTORY_SEARCH_H
#define GB_DIRECTORY_SEARCH_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/directory/directory.h"
#include "engine/directory/entry.h"
#include "engine/directory/operation.h"

/** The access list alone: for struct gb_search and for writes (MS-ADTS 3.1.1.3.4.1.11). */
#define GB_SD_DACL 0x4u

/** Times a paged search begins anew. */
#define GB_SEARCH_MAX_RESTARTS 2
/** Most entries of one search; a server that brings more goes round in circles. */
#define GB_SEARCH_MAX_ENTRIES 20000000
/** A page is never asked for smaller than this. */
#define GB_SEARCH_MIN_PAGE 50
/** Longest silence during a search: AD itself thinks for up to two minutes (MaxQueryDuration). */
#define GB_SEARCH_MIN_TIMEOUT_MS 150000

/** What to look for. Copied. */
struct gb_search {
	const char *base;              /**< DN, "<GUID=…>" or "" (rootDSE) */
	int scope;                     /**< LDAP_SCOPE_… */
	const char *filter;            /**< RFC 4515; NULL: (objectClass=*) */
	const char *const *attributes; /**< ends with NULL */
	unsigned page_size;            /**< 0: not paged */
	bool extended_dn;              /**< GUID and SID with each DN (MS-ADTS 3.1.1.3.4.1.5) */
	/** Parts of nTSecurityDescriptor to send, GB_SD_…; 0: as the server likes (all of it). */
	unsigned descriptor_parts;
	bool show_deleted;             /**< deleted objects too (MS-ADTS 3.1.1.3.4.1.14) */
	int timeout_ms;                /**< longest silence */
	const char *doing;             /**< translated, sanitized, for errors: "Reading groups" */
};

/** Called for each entry; borrowed. Anything but GB_OK stops the search and becomes its result. */
typedef enum gb_rc (*gb_search_on_entry)(void *user, const struct gb_entry *entry,
					 struct gb_err *err);

/**
 * Begin a search. @done is called exactly once, from the loop.
 *
 * @param on_entry  may fill in the gb_err it is given when it stops the search.
 */
void gb_search_begin(struct gb_operation_table *table, const struct gb_search *search,
		     gb_search_on_entry on_entry, gb_directory_done done, void *user);

#endif
