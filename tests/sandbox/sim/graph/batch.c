/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /$batch: up to twenty calls in one (Graph, "Combine multiple HTTP requests using JSON batching"). */
#include "config.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "sim/graph/body.h"
#include "sim/graph/families.h"
#include "sim/graph/router.h"
#include "sim/http/fault.h"

/** Most items of a batch. */
#define ITEM_MAX 20

/** One item. */
struct item {
	const cJSON *json;
	const char *id;
	struct sim_response *response; /* NULL: not yet answered */
	bool is_placed;                /* has its place in the order */
};

/** A batch. */
struct batch {
	struct sim_call *call;
	struct item items[ITEM_MAX];
	size_t count;
	struct item *order[ITEM_MAX]; /* whoever is waited for comes first */
};

static bool refuse(struct batch *batch, const char *message)
{
	return sim_graph_error(batch->call, 400, "BadRequest", "%s", message);
}

static struct item *find_item(struct batch *batch, const char *id)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (strcasecmp(batch->items[i].id, id) == 0) {
			return &batch->items[i];
		}
	}
	return NULL;
}

static const char *header_of(const cJSON *item, const char *name)
{
	const cJSON *header = NULL;

	cJSON_ArrayForEach(header, cJSON_GetObjectItemCaseSensitive(item, "headers"))
	{
		if (cJSON_IsString(header) && strcasecmp(header->string, name) == 0) {
			return header->valuestring;
		}
	}
	return NULL;
}

/* A write without them makes the whole batch invalid, not the item. */
static bool has_what_writes_need(struct batch *batch, const cJSON *json)
{
	const char *method = sim_json_get_string(json, "method", "");
	bool is_write = strcasecmp(method, "GET") != 0 && strcasecmp(method, "DELETE") != 0;

	return !is_write ||
	       (cJSON_GetObjectItemCaseSensitive(json, "body") &&
		header_of(json, "Content-Type")) ||
	       sim_graph_error(batch->call, 400, "BadRequest",
			       "Write request id : %s does not contain Content-Type header or "
			       "body.",
			       sim_json_get_string(json, "id", ""));
}

static bool read_item(struct batch *batch, const cJSON *json)
{
	struct item item = {.json = json, .id = sim_json_get_string(json, "id", NULL)};
	const char *url = sim_json_get_string(json, "url", NULL);

	if (!item.id || !item.id[0] || !url || !sim_json_get_string(json, "method", NULL)) {
		return refuse(batch, "Invalid batch payload format.");
	}
	if (find_item(batch, item.id)) {
		return refuse(batch, "Request Id values must be unique in a batch.");
	}
	if (batch->count == ITEM_MAX) {
		return refuse(batch,
			      "Number of batch request steps exceeds the maximum value of 20.");
	}
	batch->items[batch->count++] = item;
	return has_what_writes_need(batch, json);
}

/* True if everything that @item waits for has its place already. */
static bool is_ready(struct batch *batch, const struct item *item)
{
	const cJSON *id = NULL;

	cJSON_ArrayForEach(id, sim_json_get_array(item->json, "dependsOn"))
	{
		const struct item *other =
			cJSON_IsString(id) ? find_item(batch, id->valuestring) : NULL;

		if (!other || !other->is_placed) {
			return false;
		}
	}
	return true;
}

/* False for a dependency on nothing, or in a circle: then nobody is ready. */
static bool put_in_order(struct batch *batch)
{
	for (size_t placed = 0; placed < batch->count; placed++) {
		size_t i = 0;

		while (i < batch->count &&
		       (batch->items[i].is_placed || !is_ready(batch, &batch->items[i]))) {
			i++;
		}
		if (i == batch->count) {
			return refuse(batch, "Invalid batch payload: a request depends on one that "
					     "does not exist, or on itself.");
		}
		batch->items[i].is_placed = true;
		batch->order[placed] = &batch->items[i];
	}
	return true;
}

static bool read_items(struct batch *batch)
{
	const cJSON *root = NULL;
	const cJSON *item = NULL;

	if (!sim_body_read(batch->call, &root)) {
		return false;
	}
	if (!sim_json_get_array(root, "requests")) {
		return refuse(batch, "Invalid batch payload format.");
	}
	cJSON_ArrayForEach(item, sim_json_get_array(root, "requests"))
	{
		if (!read_item(batch, item)) {
			return false;
		}
	}
	return put_in_order(batch);
}

static struct sim_request *make_request(const struct batch *batch, const struct item *item)
{
	const struct sim_request *outer = batch->call->request;
	const cJSON *body = cJSON_GetObjectItemCaseSensitive(item->json, "body");
	const cJSON *headers = cJSON_GetObjectItemCaseSensitive(item->json, "headers");
	const cJSON *header = NULL;
	const char *url = sim_json_get_string(item->json, "url", "");
	char *target = sim_printf(outer, "/%s%s%s", batch->call->beta ? "beta" : "v1.0",
				  url[0] == '/' ? "" : "/", url);
	struct sim_request *request =
		sim_request_new(outer, sim_json_get_string(item->json, "method", ""), target);

	request->origin = outer->origin;
	request->host = outer->host;
	cJSON_ArrayForEach(header, headers)
	{
		if (cJSON_IsString(header) &&
		    !sim_pairs_add(request, &request->headers, header->string, header->valuestring,
				   SIM_HEADER_MAX)) {
			break;
		}
	}
	if (body) {
		struct sim_buf *text = sim_buf_new(request);

		sim_json_print(text, body);
		request->body = text->data;
		request->body_length = text->length;
	}
	return request;
}

static bool failed_before(struct batch *batch, const struct item *item)
{
	const cJSON *id = NULL;

	cJSON_ArrayForEach(id, sim_json_get_array(item->json, "dependsOn"))
	{
		const struct item *other = find_item(batch, id->valuestring);

		if (!other || !other->response || other->response->status >= 400) {
			return true;
		}
	}
	return false;
}

static void run_item(struct batch *batch, struct item *item)
{
	struct sim_request *request = make_request(batch, item);
	struct sim_call call = {.world = batch->call->world,
				.request = request,
				.token = batch->call->token,
				.beta = batch->call->beta};
	const struct sim_spoil *spoil = NULL;

	item->response = sim_response_new(request);
	call.response = item->response;
	sim_rng_guid_text(&call.world->rng, call.request_id);
	call.client_request_id = call.request_id;
	if (failed_before(batch, item)) {
		sim_graph_error(&call, 424, "FailedDependency",
				"A request on which this one depends has failed.");
	} else if (request->is_malformed || strcasestr(request->path, "$batch")) {
		sim_graph_error(&call, 400, "BadRequest", "The URL of the request is not valid.");
	} else if (!sim_fault_item(call.world, request, item->response, &spoil)) {
		sim_graph_route(&call);
		sim_spoil_item(spoil, request, item->response);
	}
}

/* What is no JSON comes back as base64, and a number of /$count is none. */
static void write_other_body(struct sim_json *json, const struct sim_buf *body)
{
	char *text = sim_mem_check(talloc_size(body, 4 * (body->length / 3 + 1) + 1));

	EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)body->data,
			(int)body->length);
	sim_json_string(json, text);
}

static void write_body(struct sim_json *json, const struct sim_response *response)
{
	const char *type = sim_pairs_get(&response->headers, "Content-Type");

	sim_json_key(json, "body");
	if (response->body->length == 0) {
		sim_json_null(json);
	} else if (!type || strncasecmp(type, "application/json", 16) == 0) {
		sim_json_raw(json, response->body->data);
	} else {
		write_other_body(json, response->body);
	}
}

/* Older documents say 424 where newer ones say 200: a switch. */
static unsigned outer_status(const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->items[i].response->status == 429 &&
		    batch->call->world->switches.batch_is_424) {
			return 424;
		}
	}
	return 200;
}

static void write_item(struct sim_json *json, const struct item *item)
{
	const struct sim_response *response = item->response;

	sim_json_object(json);
	sim_json_put_string(json, "id", item->id);
	sim_json_put_int(json, "status", response->status);
	sim_json_key(json, "headers");
	sim_json_object(json);
	for (size_t i = 0; i < response->headers.count; i++) {
		sim_json_put_string(json, response->headers.items[i].name,
				    response->headers.items[i].value);
	}
	sim_json_object_end(json);
	write_body(json, response);
	sim_json_object_end(json);
}

void sim_batch(struct sim_call *call)
{
	struct batch batch = {.call = call};
	struct sim_json json = {.out = call->response->body};

	call->cost = 0;
	if (!read_items(&batch)) {
		return;
	}
	for (size_t i = 0; i < batch.count; i++) {
		run_item(&batch, batch.order[i]);
	}
	call->response->status = outer_status(&batch);
	sim_json_object(&json);
	sim_json_key(&json, "responses");
	sim_json_array(&json);
	/* Any order is allowed, so the last comes first. */
	for (size_t i = batch.count; i > 0; i--) {
		write_item(&json, &batch.items[i - 1]);
	}
	sim_json_array_end(&json);
	sim_json_object_end(&json);
}
