/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects from JSON: the tenant file and the control endpoint describe them in the same way.
 *
 * Checked first, applied then: sim_object_check() finds everything that can be wrong, so that the
 * functions that change the store cannot fail.
 */
#ifndef SIM_STORE_OBJECT_JSON_H
#define SIM_STORE_OBJECT_JSON_H

#include "sim/store/store.h"
#include "sim/util/json_read.h"

/** Read the GUID below @key. False with a sentence that names @key and the text. */
bool sim_json_get_guid(const cJSON *object, const char *key, uint8_t ret_id[SIM_GUID_SIZE],
		       struct sim_err *err) SIM_MUST_CHECK;

/** True if every key of @json but "id", "members", "owners" and "state" is a property of @type, well-shaped. */
bool sim_object_check(enum sim_type type, const cJSON *json, struct sim_err *err) SIM_MUST_CHECK;

/** True if @value has the JSON shape of @kind. */
bool sim_json_has_shape(const cJSON *value, enum sim_kind kind);

/** Set every property of @json (checked) on @object. */
void sim_object_apply(struct sim_store *store, struct sim_object *object, const cJSON *json);

#endif
