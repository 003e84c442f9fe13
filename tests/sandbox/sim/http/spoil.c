/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fault does to an exchange. */
#include "config.h"

#include "sim/http/spoil.h"

#include <string.h>

#include "sim/http/bomb.h"
#include "sim/util/json_write.h"

/** Bytes of a huge body. */
#define HUGE_SIZE ((size_t)64 << 20)
/** How long a request hangs: nobody waits so long. */
#define HANG_MS 86400000u
/** Levels of a deep body. */
#define DEEP_LEVELS 100000

static const char proxy_page[] = "<!DOCTYPE html><html><head><title>Sign in to the network</title>"
				 "</head><body>Please accept the terms.</body></html>";

static const char *const spoil_names[] = {
	[SIM_SPOIL_NOTHING] = "none",        [SIM_SPOIL_SHORT] = "short",
	[SIM_SPOIL_TRUNCATED] = "truncated", [SIM_SPOIL_CONTENT_TYPE] = "contentType",
	[SIM_SPOIL_HTML] = "html",           [SIM_SPOIL_INVALID_JSON] = "invalidJson",
	[SIM_SPOIL_BAD_UTF8] = "badUtf8",    [SIM_SPOIL_DUPLICATE_KEYS] = "duplicateKeys",
	[SIM_SPOIL_DEEP] = "deep",           [SIM_SPOIL_HUGE] = "huge",
	[SIM_SPOIL_GZIP_BOMB] = "gzipBomb",  [SIM_SPOIL_TRAILING_ERROR] = "trailingError",
	[SIM_SPOIL_NEXT_LINK] = "nextLink",  [SIM_SPOIL_FEWER] = "fewer",
};

static bool read_how(const char *name, enum sim_spoil_body *ret_how, struct sim_err *err)
{
	for (size_t i = 0; i < SIM_ARRAY_SIZE(spoil_names); i++) {
		if (strcmp(spoil_names[i], name) == 0) {
			*ret_how = (enum sim_spoil_body)i;
			return true;
		}
	}
	return sim_fail(err, "There is no way \"%.40s\" to spoil a body.", name);
}

static bool read_headers(const void *ctx, const cJSON *json, struct sim_spoil *spoil,
			 struct sim_err *err)
{
	const cJSON *item = NULL;

	cJSON_ArrayForEach(item, json)
	{
		if (!cJSON_IsString(item) || !sim_pairs_add(ctx, &spoil->headers, item->string,
							    item->valuestring, SIM_HEADER_MAX)) {
			return sim_fail(err, "The headers of a fault must be strings.");
		}
	}
	return true;
}

bool sim_spoil_read(const void *ctx, const cJSON *json, struct sim_spoil *ret_spoil,
		    struct sim_err *err)
{
	const cJSON *body = cJSON_GetObjectItemCaseSensitive(json, "body");

	if (!cJSON_IsObject(json)) {
		return sim_fail(err, "A fault needs an action, an object.");
	}
	memset(ret_spoil, 0, sizeof(*ret_spoil));
	ret_spoil->status = (unsigned)sim_json_get_int(json, "status", 0);
	if (ret_spoil->status && (ret_spoil->status < 200 || ret_spoil->status > 599)) {
		return sim_fail(err, "The status of a fault must be from 200 to 599.");
	}
	ret_spoil->delay_ms = sim_json_get_bool(json, "hang", false)
				      ? HANG_MS
				      : (unsigned)sim_json_get_int(json, "delayMs", 0);
	ret_spoil->drip_bytes = (size_t)sim_json_get_int(json, "dripBytes", 0);
	ret_spoil->drip_ms = (unsigned)sim_json_get_int(json, "dripMs", 100);
	ret_spoil->reset = sim_json_get_bool(json, "reset", false);
	ret_spoil->code = sim_strdup(ctx, sim_json_get_string(json, "code", NULL));
	ret_spoil->next_link = sim_strdup(ctx, sim_json_get_string(json, "nextLink", NULL));
	if (cJSON_IsString(body)) {
		ret_spoil->body = sim_strdup(ctx, body->valuestring);
	} else if (body) {
		struct sim_buf *text = sim_buf_new(ctx);

		sim_json_print(text, body);
		ret_spoil->body = text->data;
	}
	return read_how(sim_json_get_string(json, "spoil",
					    ret_spoil->next_link ? "nextLink" : "none"),
			&ret_spoil->how, err) &&
	       read_headers(ctx, cJSON_GetObjectItemCaseSensitive(json, "headers"), ret_spoil, err);
}

/* What Graph would say with this status. */
static const char *code_for(unsigned status)
{
	switch (status) {
	case 400:
		return "Request_BadRequest";
	case 401:
		return "InvalidAuthenticationToken";
	case 403:
		return "Authorization_RequestDenied";
	case 404:
		return "Request_ResourceNotFound";
	case 410:
		return "syncStateNotFound";
	case 429:
		return "TooManyRequests";
	case 503:
		return "ServiceNotAvailable";
	default:
		return "UnknownError";
	}
}

static void write_envelope(const struct sim_spoil *spoil, struct sim_buf *out)
{
	struct sim_json json = {.out = out};

	sim_json_object(&json);
	sim_json_key(&json, "error");
	sim_json_object(&json);
	sim_json_put_string(&json, "code", spoil->code ? spoil->code : code_for(spoil->status));
	sim_json_put_string(&json, "message", "Set by a fault of the simulator.");
	sim_json_key(&json, "innerError");
	sim_json_object(&json);
	sim_json_put_string(&json, "date", "2026-01-02T03:04:05");
	sim_json_put_string(&json, "request-id", "00000000-0000-4000-8000-00000000fa17");
	sim_json_put_string(&json, "client-request-id", "00000000-0000-4000-8000-00000000fa17");
	sim_json_object_end(&json);
	sim_json_object_end(&json);
	sim_json_object_end(&json);
}

static void apply_headers(const struct sim_spoil *spoil, struct sim_response *response)
{
	for (size_t i = 0; i < spoil->headers.count; i++) {
		sim_response_header(response, spoil->headers.items[i].name,
				    spoil->headers.items[i].value);
	}
}

bool sim_spoil_replace(const struct sim_spoil *spoil, const struct sim_request *request,
		       struct sim_response *response)
{
	(void)request;
	response->delay_ms = spoil->delay_ms;
	response->drip_bytes = spoil->drip_bytes;
	response->drip_ms = spoil->drip_ms;
	response->reset = spoil->reset;
	if (spoil->reset) {
		return true;
	}
	if (!spoil->status) {
		return false;
	}
	response->status = spoil->status;
	sim_response_header(response, "Content-Type", "application/json");
	if (spoil->body) {
		sim_buf_text(response->body, spoil->body);
	} else if (spoil->status >= 400) {
		write_envelope(spoil, response->body);
	}
	apply_headers(spoil, response);
	return true;
}

static void insert_front(struct sim_buf *body, const char *text)
{
	size_t length = strlen(text);

	/* Right behind the first brace. */
	if (body->length == 0 || body->data[0] != '{') {
		return;
	}
	sim_buf_reserve(body, length);
	memmove(body->data + 1 + length, body->data + 1, body->length);
	memcpy(body->data + 1, text, length);
	body->length += length;
}

/* The request's own URL; or where the good link would lead, at another place. */
static const char *make_link(const struct sim_spoil *spoil, const struct sim_request *request,
			     const char *old, size_t key)
{
	const char *good = old ? old + key : request->target;
	const char *slash = old ? strstr(good, "://") : NULL;
	const char *path = slash ? good + strlen("https://") : good;
	const char *word = spoil->next_link;

	path = slash ? path + strcspn(path, "/\"") : path;
	path = sim_strndup(request, path, strcspn(path, "\""));
	if (strcmp(word, "loop") == 0) {
		return sim_printf(request, "%s%s", request->origin, request->target);
	}
	if (strcmp(word, "foreign") == 0) {
		return sim_printf(request, "https://graph.evil.example%s", path);
	}
	if (strcmp(word, "userinfo") == 0) {
		return sim_printf(request, "https://%s@evil.example%s", request->host, path);
	}
	if (strcmp(word, "http") == 0) {
		return sim_printf(request, "http://%s%s", request->host, path);
	}
	return word;
}

static void replace_link(const struct sim_spoil *spoil, const struct sim_request *request,
			 struct sim_buf *body)
{
	static const char key[] = "\"@odata.nextLink\":\"";
	const char *link = make_link(spoil, request, strstr(body->data, key), sizeof(key) - 1);
	char *old = strstr(body->data, key);

	if (old) {
		/* The old link stays under a name that nobody reads. */
		memcpy(old, "\"@sim.nextLink\"  :\"", sizeof(key) - 1);
	}
	insert_front(body, sim_printf(request, "%s%s\",", key, link));
}

static void make_huge(struct sim_buf *body)
{
	size_t end = body->length ? body->length - 1 : 0;
	char last = body->length ? body->data[end] : '}';

	sim_buf_reserve(body, HUGE_SIZE);
	memset(body->data + end, ' ', HUGE_SIZE);
	body->data[end + HUGE_SIZE] = last;
	body->length = end + HUGE_SIZE + 1;
	body->data[body->length] = '\0';
}

static void make_deep(struct sim_buf *body)
{
	sim_buf_cut(body, 0);
	sim_buf_text(body, "{\"value\":");
	for (int i = 0; i < DEEP_LEVELS; i++) {
		sim_buf_byte(body, '[');
	}
	for (int i = 0; i < DEEP_LEVELS; i++) {
		sim_buf_byte(body, ']');
	}
	sim_buf_byte(body, '}');
}

/* The page ends in its middle as if it had been the last. */
static void leave_out_half(struct sim_buf *body)
{
	cJSON *page = cJSON_Parse(body->data);
	cJSON *value = cJSON_GetObjectItemCaseSensitive(page, "value");

	for (int count = cJSON_GetArraySize(value), keep = count / 2; count > keep; count--) {
		cJSON_DeleteItemFromArray(value, count - 1);
	}
	cJSON_DeleteItemFromObjectCaseSensitive(page, "@odata.nextLink");
	if (page) {
		sim_buf_cut(body, 0);
		sim_json_print(body, page);
	}
	cJSON_Delete(page);
}

static void spoil_end(enum sim_spoil_body how, struct sim_buf *body)
{
	size_t end = body->length ? body->length - 1 : 0;

	sim_buf_cut(body, end);
	if (how == SIM_SPOIL_INVALID_JSON) {
		sim_buf_text(body, ",}");
	} else if (how == SIM_SPOIL_BAD_UTF8) {
		sim_buf_text(body, ",\"x\":\"\xFF\xFE\"}");
	} else {
		sim_buf_text(body, ",\"error\":{\"code\":\"UnknownError\",\"message\":\"\"}}");
	}
}

static void spoil_html(struct sim_response *response)
{
	sim_buf_cut(response->body, 0);
	sim_buf_text(response->body, proxy_page);
	sim_response_header(response, "Content-Type", "text/html");
}

static void spoil_body(const struct sim_spoil *spoil, const struct sim_request *request,
		       struct sim_response *response)
{
	struct sim_buf *body = response->body;

	switch (spoil->how) {
	case SIM_SPOIL_NOTHING:
		break;
	case SIM_SPOIL_SHORT:
		response->promised = body->length + 1000;
		break;
	case SIM_SPOIL_TRUNCATED:
		sim_buf_cut(body, body->length / 2);
		break;
	case SIM_SPOIL_CONTENT_TYPE:
		sim_response_header(response, "Content-Type", "text/html");
		break;
	case SIM_SPOIL_HTML:
		spoil_html(response);
		break;
	case SIM_SPOIL_DUPLICATE_KEYS:
		insert_front(body, "\"value\":[],");
		break;
	case SIM_SPOIL_DEEP:
		make_deep(body);
		break;
	case SIM_SPOIL_HUGE:
		make_huge(body);
		break;
	case SIM_SPOIL_GZIP_BOMB:
		sim_buf_cut(body, 0);
		sim_bomb_write(body);
		sim_response_header(response, "Content-Encoding", "gzip");
		break;
	case SIM_SPOIL_NEXT_LINK:
		replace_link(spoil, request, body);
		break;
	case SIM_SPOIL_FEWER:
		leave_out_half(body);
		break;
	case SIM_SPOIL_INVALID_JSON:
	case SIM_SPOIL_BAD_UTF8:
	case SIM_SPOIL_TRAILING_ERROR:
		spoil_end(spoil->how, body);
		break;
	}
}

void sim_spoil_answer(const struct sim_spoil *spoil, const struct sim_request *request,
		      struct sim_response *response)
{
	spoil_body(spoil, request, response);
	apply_headers(spoil, response);
}

void sim_spoil_item(const struct sim_spoil *spoil, const struct sim_request *request,
		    struct sim_response *response)
{
	if (!spoil) {
		return;
	}
	if (spoil->how == SIM_SPOIL_NEXT_LINK) {
		spoil_body(spoil, request, response);
	}
	apply_headers(spoil, response);
}
