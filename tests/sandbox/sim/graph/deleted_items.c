/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family /directory/deletedItems: the recycle bin. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/caller.h"
#include "sim/graph/collection.h"
#include "sim/graph/entity.h"
#include "sim/graph/families.h"
#include "sim/graph/listing.h"

/** Types that the recycle bin is asked for although nothing of theirs is kept here. */
static bool is_foreign(const char *cast)
{
	static const char *const casts[] = {"microsoft.graph.application",
					    "microsoft.graph.administrativeUnit"};

	for (size_t i = 0; i < SIM_ARRAY_SIZE(casts); i++) {
		if (strcasecmp(casts[i], cast) == 0) {
			return true;
		}
	}
	return false;
}

/* The app needs a permission, and a person the right to change such an object besides. */
static bool may_write(struct sim_call *call, const struct sim_object *object)
{
	static const char *const roles[SIM_TYPE_COUNT] = {
		[SIM_USER] = "User.ReadWrite.All User.DeleteRestore.All Directory.ReadWrite.All",
		[SIM_GROUP] = "Group.ReadWrite.All Directory.ReadWrite.All",
		[SIM_DEVICE] = "Device.ReadWrite.All Directory.ReadWrite.All",
		[SIM_CONTACT] = "Directory.ReadWrite.All",
		[SIM_PRINCIPAL] = "Application.ReadWrite.All Directory.ReadWrite.All",
	};

	if (!sim_call_has_any_role(call, roles[object->type])) {
		return sim_graph_denied(call);
	}
	return object->type == SIM_GROUP  ? sim_caller_may_change_group(call, object)
	       : object->type == SIM_USER ? sim_caller_may_change_user(call, NULL)
					  : true;
}

static bool may_read(struct sim_call *call, enum sim_type type)
{
	return sim_call_reading(call, type) == SIM_READ_ALL || sim_graph_denied(call);
}

/* The list can only be asked for by type. */
void sim_deleted_uncast(struct sim_call *call)
{
	sim_graph_error(call, 400, "Request_UnsupportedQuery",
			"Searches against this resource are not supported. Only specific instances "
			"can be queried.");
}

static void list_type(struct sim_call *call, enum sim_type type, bool is_count)
{
	const struct sim_odata_rules rules = {
		.types = 1u << type, .by_deletion = true, .is_count = is_count};
	const struct sim_source source = {.list = &call->world->tenant->store->types[type],
					  .types = 1u << type,
					  .state = SIM_SOFT_DELETED};
	const struct sim_listing listing = {
		.context = sim_type_info(type)->collection,
		.deleted = call->world->switches.deleted_hides_security,
	};
	struct sim_odata odata;

	if (!may_read(call, type) || !sim_odata_read(call, &rules, &odata)) {
		return;
	}
	if (is_count) {
		sim_listing_answer_count(call, &source, &odata);
	} else {
		sim_listing_answer(call, &source, &odata, &listing);
	}
}

static void list_nothing(struct sim_call *call)
{
	const struct sim_odata_rules rules = {.types = 1u << SIM_PRINCIPAL};
	const struct sim_source source = {.types = 0};
	const struct sim_listing listing = {.context = "directoryObjects"};
	struct sim_odata odata;

	if (sim_odata_read(call, &rules, &odata)) {
		sim_listing_answer(call, &source, &odata, &listing);
	}
}

/* The object at key 0, if it is in the recycle bin. False: the call was answered. */
static bool find_deleted(struct sim_call *call, struct sim_object **ret_object)
{
	uint8_t id[SIM_GUID_SIZE];
	struct sim_object *object = NULL;

	if (!sim_guid_parse(call->keys[0], id)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Invalid object identifier '%s'.", call->keys[0]);
	}
	object = sim_store_find(call->world->tenant->store, id);
	if (!object || object->state != SIM_SOFT_DELETED) {
		return sim_graph_not_found(call, call->keys[0]);
	}
	*ret_object = object;
	return true;
}

static void get_one(struct sim_call *call)
{
	struct sim_odata_rules rules = {.is_single = true};
	struct sim_object *object = NULL;
	struct sim_odata odata;

	if (!find_deleted(call, &object) || !may_read(call, object->type)) {
		return;
	}
	rules.types = 1u << object->type;
	if (sim_odata_read(call, &rules, &odata)) {
		sim_answer_directory_object(call, object, &odata,
					    call->world->switches.deleted_hides_security);
	}
}

void sim_deleted_get(struct sim_call *call)
{
	enum sim_type type = sim_type_by_cast(call->keys[0]);

	if (type != SIM_TYPE_COUNT) {
		list_type(call, type, false);
	} else if (is_foreign(call->keys[0])) {
		list_nothing(call);
	} else {
		get_one(call);
	}
}

void sim_deleted_count(struct sim_call *call)
{
	enum sim_type type = sim_type_by_cast(call->keys[0]);

	if (type == SIM_TYPE_COUNT) {
		sim_deleted_uncast(call);
		return;
	}
	list_type(call, type, true);
}

void sim_deleted_restore(struct sim_call *call)
{
	struct sim_object *object = NULL;
	struct sim_odata odata = {.select_id = true};

	if (find_deleted(call, &object) && may_write(call, object)) {
		sim_store_restore(call->world->tenant->store, object);
		sim_odata_defaults(call, &odata);
		sim_answer_directory_object(call, object, &odata, false);
	}
}

void sim_deleted_purge(struct sim_call *call)
{
	struct sim_object *object = NULL;

	if (find_deleted(call, &object) && may_write(call, object)) {
		sim_store_hard_delete(call->world->tenant->store, object);
		sim_answer_nothing(call);
	}
}
