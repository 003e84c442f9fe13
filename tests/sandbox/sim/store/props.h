/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The properties of every type of directory object: names, kinds, which version has them, which
 * are returned by default. One table a type (source: Graph's resource pages of
 * group, user, device, orgContact, servicePrincipal).
 *
 * Immutable; nothing to initialise.
 */
#ifndef SIM_STORE_PROPS_H
#define SIM_STORE_PROPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Types of directory objects. */
enum sim_type {
	SIM_USER,
	SIM_GROUP,
	SIM_DEVICE,
	SIM_CONTACT,
	SIM_PRINCIPAL,
	SIM_TYPE_COUNT
};

/** JSON shape of a property. */
enum sim_kind {
	SIM_TEXT,
	SIM_BOOL,
	SIM_NUMBER,
	SIM_LIST,
	SIM_COMPLEX
};

/** Returned without $select by v1.0. */
#define SIM_V1 1u
/** Returned without $select by beta. */
#define SIM_BETA 2u
/** Unknown to v1.0. */
#define SIM_BETA_ONLY 4u
/** Readable with the ReadBasic role of its type. */
#define SIM_BASIC 8u
/** Readable with $select on one entity only (kept in Exchange, not in the directory). */
#define SIM_SINGLE 16u
/** No property of the API: kept for another resource of the object. */
#define SIM_HIDDEN 32u
/** The service's own: may be read, not written. */
#define SIM_READ_ONLY 64u

/*
 * What $filter, $orderby and $search admit (Graph's page "Advanced query capabilities"). Without
 * ADV by default; with it in advanced mode only. ne, not and endsWith need that mode anyhow.
 */
/** eq and in. */
#define SIM_EQ 0x100u
/** eq and in, advanced. */
#define SIM_EQ_ADV 0x200u
/** startsWith. */
#define SIM_STARTS 0x400u
/** startsWith, advanced. */
#define SIM_STARTS_ADV 0x800u
/** ge and le. */
#define SIM_RANGE 0x1000u
/** ge and le, advanced. */
#define SIM_RANGE_ADV 0x2000u
/** eq null, advanced. */
#define SIM_NULL_ADV 0x4000u
/** endsWith, advanced. */
#define SIM_ENDS_ADV 0x8000u
/** /$count eq 0 and ne 0, advanced. */
#define SIM_COUNT_ADV 0x10000u
/** $orderby. */
#define SIM_SORT 0x20000u
/** $orderby, advanced. */
#define SIM_SORT_ADV 0x40000u
/** $search. */
#define SIM_SEARCH 0x80000u

/** Properties of a type fit a 64-bit mask: bit n is row n of its table. */
#define SIM_PROP_MAX 64

/** One property. */
struct sim_prop {
	const char *name;   /**< as Graph spells it */
	enum sim_kind kind; /**< JSON shape; a list without values reads [] and not null */
	unsigned flags;     /**< SIM_V1 and so on */
};

/** A type. */
struct sim_type_info {
	const char *odata_type;       /**< "#microsoft.graph.user" */
	const char *resource;         /**< "User", as in the directory's error messages */
	const char *collection;       /**< "users", as in the tenant file and in Graph's paths */
	const char *name;             /**< "user", as in control changes */
	const struct sim_prop *props; /**< rows in the order in which answers carry them */
	size_t prop_count;            /**< rows, at most SIM_PROP_MAX */
};

/** The description of @type. */
const struct sim_type_info *sim_type_info(enum sim_type type);

/** The row of property @name of @type, any case as OData clients write it; -1 if unknown. */
int sim_prop_find(enum sim_type type, const char *name);

/** True if row @prop of @type can be named in a query of beta (@beta) or v1.0. */
bool sim_prop_is_visible(enum sim_type type, int prop, bool beta);

/** Mask of what @type returns by default in beta (@beta) or v1.0. */
uint64_t sim_prop_defaults(enum sim_type type, bool beta);

/** Mask of the rows of @type that carry any of @flags. */
uint64_t sim_prop_mask(enum sim_type type, unsigned flags);

/** The type whose singular name is @name ("user"); SIM_TYPE_COUNT if there is none. */
enum sim_type sim_type_by_name(const char *name);

/** The type of "microsoft.graph.user" or "graph.user", any case; SIM_TYPE_COUNT if there is none. */
enum sim_type sim_type_by_cast(const char *cast);

#endif
