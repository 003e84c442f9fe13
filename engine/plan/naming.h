/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of a written group: CN, RDN, DN, sAMAccountName, anchor, and the cuts of texts.
 *
 * All pure. Lengths count UTF-16 code units as AD does (rangeUpper); nothing is cut inside a
 * surrogate pair or a combining sequence. Strings are allocated below @ctx. Display names are
 * outside text of any length; NULL reads as "".
 */
#ifndef GB_PLAN_NAMING_H
#define GB_PLAN_NAMING_H

#include <stdbool.h>

#include "engine/base/guid.h"
#include "engine/plan/policy.h"

/** Longest cn in UTF-16 units (MS-ADA1 attribute cn, rangeUpper). */
#define GB_NAMING_MAX_CN 64
/** Longest sAMAccountName that we make, in UTF-16 units. */
#define GB_NAMING_MAX_SAM 64
/** Units of the display name that go into a CN or sAMAccountName (Entra: Left(…, 51)). */
#define GB_NAMING_NAME_UNITS 51
/** Longest description that is written (Entra Connect: Left(Trim([description]), 448)). */
#define GB_NAMING_MAX_DESCRIPTION 448
/** Longest displayName (MS-ADA1 attribute displayName, rangeUpper). */
#define GB_NAMING_MAX_DISPLAY_NAME 256
/** Candidates of each kind of name before a group is given up. */
#define GB_NAMING_MAX_CANDIDATES 10

/** Names that must be unique. */
enum gb_name_kind {
	GB_NAME_KIND_CN = 1,  /**< in the container that the group stands in */
	GB_NAME_KIND_SAM = 2, /**< in the domain */
	GB_NAME_KIND_MAIL = 3 /**< SMTP address, in the forest */
};

/** "Group_<objectId>" in lower case: the anchor, and the name under name = object-id. */
char *gb_naming_anchor(const void *ctx, const struct gb_guid *id);

/**
 * The value of cn.
 *
 * Object-id: "Group_<id>". Display-name: controls become blanks, bidirectional controls go, then
 * trimmed, its first 51 units, "_", last 12 digits of the id; "Group_<id>" if nothing is left.
 *
 * @param candidate  0 … GB_NAMING_MAX_CANDIDATES - 1. 0 is the name; 1 is "Group_<id>" where that
 *                   differs.
 * Returns: NULL if there is no such candidate.
 */
char *gb_naming_cn(const void *ctx, enum gb_name_format format, const char *display_name,
		   const struct gb_guid *id, unsigned candidate);

/**
 * The value of cn from a map: controls become blanks, bidirectional controls go, trimmed, cut to 64;
 * "Group_<id>" if nothing is left, and as candidate 1.
 */
char *gb_naming_cn_mapped(const void *ctx, const char *value, const struct gb_guid *id,
			  unsigned candidate);

/**
 * The sAMAccountName: readable, legal, never bare. "<up to 51 units>_<last 12 of the id>"; later
 * candidates "<…>-2_<…>" and so on.
 *
 * Legal (MS-SAMR 3.1.1.8.4, and what Samba refuses): none of " / \ [ ] : ; | = , + * ? < >, no
 * controls (these become "-"), does not start with a blank, does not end in a blank, "." or "$".
 * Invisible format characters go. "Group_<last 12>" if nothing readable is left. A name that ends
 * in "_<last 12 of the id>" already does not get it twice.
 *
 * @param candidate  0 … GB_NAMING_MAX_CANDIDATES - 1.
 * Returns: NULL if there is no such candidate.
 */
char *gb_naming_sam(const void *ctx, const char *display_name, const struct gb_guid *id,
		    unsigned candidate);

/** True if @sam ends as every sAMAccountName that we make for the group: "_<last 12 of the id>". */
bool gb_naming_is_own_sam(const char *sam, const struct gb_guid *id);

/** "CN=<escaped value>" (RFC 4514). */
char *gb_naming_rdn(const void *ctx, const char *cn);

/** "<rdn>,<parent_dn>". Both are already in DN form. */
char *gb_naming_dn(const void *ctx, const char *rdn, const char *parent_dn);

/** The description as written: trimmed, cut to 448. NULL if nothing is left. */
char *gb_naming_description(const void *ctx, const char *description);

/** The displayName as written: cut to 256. NULL if it is empty or blank. */
char *gb_naming_display_name(const void *ctx, const char *display_name);

#endif
