/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of Microsoft Graph. */
#include "config.h"

#include "sim/graph/call.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

static void write_envelope(struct sim_call *call, const char *code, const char *message)
{
	struct sim_json json = {.out = call->response->body};
	char date[SIM_TIME_TEXT];

	sim_buf_cut(call->response->body, 0);
	sim_time_bare(sim_clock_now(&call->world->clock), date);
	sim_json_object(&json);
	sim_json_key(&json, "error");
	sim_json_object(&json);
	sim_json_put_string(&json, "code", code);
	sim_json_put_string(&json, "message", message);
	sim_json_key(&json, call->world->switches.lower_inner_error ? "innererror" : "innerError");
	sim_json_object(&json);
	sim_json_put_string(&json, "date", date);
	sim_json_put_string(&json, "request-id", call->request_id);
	sim_json_put_string(&json, "client-request-id", call->client_request_id);
	sim_json_object_end(&json);
	sim_json_object_end(&json);
	sim_json_object_end(&json);
}

bool sim_graph_error(struct sim_call *call, unsigned status, const char *code, const char *fmt, ...)
{
	va_list args;
	char *message = NULL;

	va_start(args, fmt);
	message = sim_mem_check(talloc_vasprintf(call->response, fmt, args));
	va_end(args);
	call->response->status = status;
	write_envelope(call, code, message);
	talloc_free(message);
	return false;
}

bool sim_graph_not_found(struct sim_call *call, const char *id)
{
	return sim_graph_error(call, 404, "Request_ResourceNotFound",
			       "Resource '%s' does not exist or one of its queried "
			       "reference-property objects are not present.",
			       id);
}

bool sim_graph_denied(struct sim_call *call)
{
	return sim_graph_error(call, 403, "Authorization_RequestDenied",
			       "Insufficient privileges to complete the operation.");
}

bool sim_call_is_delegated(const struct sim_call *call)
{
	return sim_json_get_string(call->token->claims, "scp", NULL) != NULL;
}

unsigned sim_call_directory_roles(const struct sim_call *call)
{
	if (!sim_call_is_delegated(call)) {
		return 0;
	}
	return sim_account_roles(call->world->tenant->accounts,
				 sim_json_get_string(call->token->claims, "oid", ""));
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = list; *p; p += strspn(p, " ")) {
		size_t size = strcspn(p, " ");

		if (size == length && strncmp(p, word, length) == 0) {
			return true;
		}
		p += size;
	}
	return false;
}

bool sim_call_has_role(const struct sim_call *call, const char *role)
{
	const char *scopes = sim_json_get_string(call->token->claims, "scp", NULL);
	const cJSON *item = NULL;

	if (scopes) {
		return has_word(scopes, role) || has_word(scopes, "Directory.AccessAsUser.All");
	}
	cJSON_ArrayForEach(item, sim_json_get_array(call->token->claims, "roles"))
	{
		if (cJSON_IsString(item) && strcmp(item->valuestring, role) == 0) {
			return true;
		}
	}
	return false;
}

bool sim_call_has_any_role(const struct sim_call *call, const char *roles)
{
	char role[64];

	for (const char *p = roles; *p;) {
		size_t length = strcspn(p, " ");

		if (length < sizeof(role)) {
			memcpy(role, p, length);
			role[length] = '\0';
			if (sim_call_has_role(call, role)) {
				return true;
			}
		}
		p += length + strspn(p + length, " ");
	}
	return false;
}

const char *sim_call_base(const struct sim_call *call)
{
	return sim_printf(call->request, "%s/%s", call->request->origin,
			  call->beta ? "beta" : "v1.0");
}

bool sim_call_find(struct sim_call *call, size_t key, enum sim_type type,
		   struct sim_object **ret_object)
{
	const char *text = call->keys[key];
	uint8_t id[SIM_GUID_SIZE];
	struct sim_object *object = NULL;

	if (!sim_guid_parse(text, id)) {
		return sim_graph_error(call, 400, "Request_BadRequest",
				       "Invalid object identifier '%s'.", text);
	}
	object = sim_store_find(call->world->tenant->store, id);
	if (!object || object->type != type || object->state != SIM_LIVE) {
		return sim_graph_not_found(call, text);
	}
	*ret_object = object;
	return true;
}
