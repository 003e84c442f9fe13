/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Storage below the store: property values as JSON text, links in an open-addressing table.
 *
 * Only store.c and the readers of single values use it; sequence numbers are the store's business.
 * Value texts are malloc'ed and not talloc'ed: a talloc header (about 100 bytes) on each of some
 * million short texts would cost more than the texts.
 */
#ifndef SIM_STORE_VALUE_H
#define SIM_STORE_VALUE_H

#include "sim/store/store.h"

/** The array of an object's values grows by so many. */
#define SIM_VALUE_STEP 4u

/** Put @json as the value of row @prop, stamped with the object's newest sequence number. */
void sim_value_put(struct sim_object *object, int prop, const char *json);

/** A value text of one's own, to be released with sim_value_free(). */
char *sim_value_copy(const char *json);

/** Release a value text. */
void sim_value_free(char *json);

/**
 * What every new object of a type has: createdDateTime, a cloud SID for users and groups (from the
 * object id), empty groupTypes, mailEnabled, securityEnabled, mailNickname as the portal makes it.
 */
void sim_value_defaults(struct sim_object *object, const struct sim_clock *clock);

/** The link to the object with this index, or NULL; valid until the next append. */
struct sim_link *sim_links_find(const struct sim_links *links, uint32_t member);

/** A new link to the object with this index, not yet present; there must be none. */
struct sim_link *sim_links_append(struct sim_links *links, uint32_t member);

#endif
