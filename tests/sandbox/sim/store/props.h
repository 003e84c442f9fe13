/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The properties of every type of directory object: names, kinds, which version has them, which
 * are returned by default. One table a type (groups: graph.md 2.3 of the project's reference, that
 * is the Graph resource pages of group, user, device, orgContact, servicePrincipal).
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
	const char *collection;       /**< "users", as in the tenant file and in Graph's paths */
	const char *name;             /**< "user", as in control changes */
	const struct sim_prop *props; /**< rows in the order in which answers carry them */
	size_t prop_count;            /**< rows, at most SIM_PROP_MAX */
};

/** The description of @type. */
const struct sim_type_info *sim_type_info(enum sim_type type);

/** The row of property @name of @type, any case as OData clients write it; -1 if unknown. */
int sim_prop_find(enum sim_type type, const char *name);

/** Mask of what @type returns by default in beta (@beta) or v1.0. */
uint64_t sim_prop_defaults(enum sim_type type, bool beta);

/** Mask of the rows of @type that carry any of @flags. */
uint64_t sim_prop_mask(enum sim_type type, unsigned flags);

/** The type whose singular name is @name ("user"); SIM_TYPE_COUNT if there is none. */
enum sim_type sim_type_by_name(const char *name);

#endif
