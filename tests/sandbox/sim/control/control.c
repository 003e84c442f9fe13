/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control endpoint. */
#include "config.h"

#include "sim/control/control.h"

#include <string.h>

#include "sim/control/changes.h"
#include "sim/control/sign_in.h"
#include "sim/control/snapshots.h"
#include "sim/control/switches.h"
#include "sim/graph/throttle.h"
#include "sim/http/fault.h"
#include "sim/http/reqlog.h"

/** A control request. */
struct control {
	struct sim_world *world;
	const struct sim_request *request;
	const cJSON *body; /* NULL for GET */
	struct sim_json json;
	struct sim_err err;
};

static bool post_changes(struct control *control)
{
	const cJSON *list = cJSON_IsArray(control->body)
				    ? control->body
				    : cJSON_GetObjectItemCaseSensitive(control->body, "changes");

	return sim_changes_apply(control->world, list, &control->err);
}

static bool post_faults(struct control *control)
{
	const cJSON *list = cJSON_IsArray(control->body)
				    ? control->body
				    : cJSON_GetObjectItemCaseSensitive(control->body, "faults");

	return sim_faults_set(control->world->faults, list, &control->err);
}

static bool post_clock(struct control *control)
{
	const cJSON *stopped = cJSON_GetObjectItemCaseSensitive(control->body, "stopped");
	int64_t advance = sim_json_get_int(control->body, "advanceSeconds", stopped ? 0 : -1);

	if (advance < 0 || advance > 86400 * 3650) {
		return sim_fail(&control->err,
				"\"advanceSeconds\" must be a number from 0 to ten years.");
	}
	if (stopped && !cJSON_IsBool(stopped)) {
		return sim_fail(&control->err, "\"stopped\" must be true or false.");
	}
	if (cJSON_IsTrue(stopped)) {
		sim_clock_stop(&control->world->clock);
	} else if (stopped) {
		sim_clock_run(&control->world->clock);
	}
	control->world->clock.offset_s += advance;
	sim_store_expire(control->world->tenant->store, control->world->switches.deleted_days);
	return true;
}

static bool post_device(struct control *control)
{
	return sim_sign_in(control->world, control->body, &control->err);
}

static bool get_device(struct control *control)
{
	sim_sign_in_write(control->world, &control->json);
	return true;
}

static bool post_switches(struct control *control)
{
	return sim_switches_set(control->world, control->body, &control->err);
}

static bool post_reset(struct control *control)
{
	sim_reqlog_reset(control->world->log);
	return true;
}

static bool get_requests(struct control *control)
{
	struct sim_reqlog_filter filter;

	if (!sim_reqlog_filter_read(&control->request->query, &filter, &control->err)) {
		return false;
	}
	sim_reqlog_write(control->world->log, &control->json, &filter);
	return true;
}

static const char *name_of(const struct control *control)
{
	return sim_json_get_string(control->body, "name", "");
}

static bool post_snapshot(struct control *control)
{
	return sim_snapshot_take(control->world, name_of(control), &control->err);
}

static bool post_restore(struct control *control)
{
	return sim_snapshot_restore(control->world, name_of(control), &control->err);
}

static bool post_drop(struct control *control)
{
	return sim_snapshot_drop(control->world, name_of(control), &control->err);
}

static bool get_snapshots(struct control *control)
{
	sim_snapshots_write(control->world, &control->json);
	return true;
}

static bool post_refill(struct control *control)
{
	sim_throttle_reset(control->world->throttle);
	return true;
}

static bool get_faults(struct control *control)
{
	sim_faults_write(control->world->faults, &control->json);
	return true;
}

static bool get_switches(struct control *control)
{
	sim_switches_write(control->world, &control->json);
	return true;
}

static bool get_state(struct control *control)
{
	const struct sim_tenant *tenant = control->world->tenant;
	struct sim_json *json = &control->json;
	char now[SIM_TIME_TEXT];

	sim_time_iso(sim_clock_now(&control->world->clock), now);
	sim_json_object(json);
	sim_json_put_string(json, "tenantId", tenant->id);
	sim_json_put_string(json, "time", now);
	sim_json_put_int(json, "sequence", (int64_t)tenant->store->seq);
	for (unsigned type = 0; type < SIM_TYPE_COUNT; type++) {
		sim_json_put_int(json, sim_type_info((enum sim_type)type)->collection,
				 tenant->store->types[type].live);
	}
	sim_json_put_int(json, "memberships", (int64_t)tenant->store->links_present);
	sim_json_put_int(json, "apps", (int64_t)tenant->apps->count);
	sim_json_put_int(json, "requests", (int64_t)sim_reqlog_total(control->world->log));
	sim_json_object_end(json);
	return true;
}

static const struct {
	const char *method;
	const char *path;
	bool (*answer)(struct control *control);
} endpoints[] = {
	{"POST", "/control/changes", post_changes},
	{"POST", "/control/faults", post_faults},
	{"GET", "/control/faults", get_faults},
	{"POST", "/control/clock", post_clock},
	{"POST", "/control/device", post_device},
	{"GET", "/control/device", get_device},
	{"POST", "/control/switches", post_switches},
	{"GET", "/control/switches", get_switches},
	{"POST", "/control/snapshots", post_snapshot},
	{"GET", "/control/snapshots", get_snapshots},
	{"POST", "/control/snapshots/restore", post_restore},
	{"POST", "/control/snapshots/drop", post_drop},
	{"POST", "/control/throttle/reset", post_refill},
	{"GET", "/control/requests", get_requests},
	{"POST", "/control/requests/reset", post_reset},
	{"GET", "/control/state", get_state},
};

static bool read_body(struct control *control)
{
	if (strcmp(control->request->method, "POST") != 0 || control->request->body_length == 0) {
		return true;
	}
	return sim_json_parse(control->request, control->request->body,
			      control->request->body_length, &control->body, &control->err);
}

static void write_result(struct control *control, struct sim_response *response, bool ok)
{
	if (!ok) {
		response->status = 400;
		sim_buf_cut(response->body, 0);
		control->json.comma = false;
		sim_json_object(&control->json);
		sim_json_put_string(&control->json, "error", control->err.text);
		sim_json_object_end(&control->json);
	} else if (response->body->length == 0) {
		get_state(control);
	}
}

void sim_control_handle(struct sim_world *world, const struct sim_request *request,
			struct sim_response *response)
{
	struct control control = {
		.world = world, .request = request, .json = {.out = response->body}};

	sim_response_header(response, "Content-Type", "application/json");
	for (size_t i = 0; i < SIM_ARRAY_SIZE(endpoints); i++) {
		if (strcmp(endpoints[i].method, request->method) == 0 &&
		    strcmp(endpoints[i].path, request->path) == 0) {
			write_result(&control, response,
				     read_body(&control) && endpoints[i].answer(&control));
			return;
		}
	}
	sim_fail(&control.err, "The control endpoint has no %.10s %.200s.", request->method,
		 request->path);
	write_result(&control, response, false);
	response->status = 404;
}
