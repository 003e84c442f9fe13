/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One exchange on the wire. */
#include "config.h"

#include "sim/http/exchange.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <utlist.h>

#include "sim/http/fault.h"
#include "sim/http/gzip.h"
#include "sim/http/reqlog.h"
#include "sim/util/json_read.h"

struct sim_exchange {
	struct sim_listener *listener;
	char *uri;
	struct sim_request *request;
	struct sim_buf *body;
	bool is_too_large;
	struct sim_response *response;
	struct MHD_Connection *connection;
	int64_t wake_ms; /* monotonic; 0: not waiting */
	int64_t drip_ms; /* monotonic: when the next bytes of a slow body are due */
	struct sim_exchange *prev;
	struct sim_exchange *next;
};

/* What cannot be UTF-8 cannot be logged as JSON either: its bytes become question marks. */
static char *clean_text(const void *ctx, const char *text)
{
	char *copy = sim_strdup(ctx, text ? text : "");

	if (!sim_utf8_is_valid(copy, strlen(copy))) {
		for (char *p = copy; *p; p++) {
			*p = (unsigned char)*p < 0x80 ? *p : '?';
		}
	}
	return copy;
}

/* Bytes that must not stand in a request line get the escape that they should have had. */
static char *clean_uri(const void *ctx, const char *uri)
{
	struct sim_buf *out = sim_buf_new(ctx);

	for (const char *p = uri; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < 0x80) {
			sim_buf_byte(out, *p);
		} else {
			sim_buf_printf(out, "%%%02X", c);
		}
	}
	return out->data;
}

void *sim_exchange_begin(void *listener, const char *uri, struct MHD_Connection *connection)
{
	struct sim_exchange *exchange = sim_new(NULL, struct sim_exchange);

	exchange->listener = listener;
	exchange->uri = clean_uri(exchange, uri);
	exchange->connection = connection;
	exchange->body = sim_buf_new(exchange);
	return exchange;
}

void sim_exchange_end(void *closure, struct MHD_Connection *connection, void **ret_exchange,
		      enum MHD_RequestTerminationCode code)
{
	struct sim_listener *listener = closure;
	struct sim_exchange *exchange = *ret_exchange;

	(void)connection;
	(void)code;
	if (exchange && exchange->wake_ms) {
		DL_DELETE(listener->waiting, exchange);
	}
	talloc_free(exchange);
	*ret_exchange = NULL;
}

int sim_exchange_wake(struct sim_listener *listener, bool all)
{
	struct sim_exchange *exchange = NULL;
	struct sim_exchange *other = NULL;
	int64_t now = sim_clock_monotonic_ms();
	int64_t soonest = -1;

	DL_FOREACH_SAFE(listener->waiting, exchange, other)
	{
		int64_t left = exchange->wake_ms - now;

		if (all || left <= 0) {
			DL_DELETE(listener->waiting, exchange);
			exchange->wake_ms = 0;
			MHD_resume_connection(exchange->connection);
			soonest = 0;
		} else if (soonest < 0 || left < soonest) {
			soonest = left;
		}
	}
	return (int)soonest;
}

static enum MHD_Result add_header(void *closure, enum MHD_ValueKind kind, const char *name,
				  const char *value)
{
	struct sim_request *request = closure;
	char *clean_name = clean_text(request, name);
	char *clean_value = clean_text(request, value);

	(void)kind;
	return sim_pairs_add(request, &request->headers, clean_name, clean_value, SIM_HEADER_MAX)
		       ? MHD_YES
		       : MHD_NO;
}

static void read_head(struct sim_exchange *exchange, struct MHD_Connection *connection,
		      const char *method)
{
	struct sim_request *request = sim_request_new(exchange, method, exchange->uri);
	const char *host = NULL;

	MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, request);
	host = sim_pairs_get(&request->headers, "Host");
	request->host = host ? host : "";
	request->origin = sim_printf(request, "https://%s", request->host);
	exchange->request = request;
}

static void read_body(struct sim_exchange *exchange, size_t max, const char *upload, size_t size)
{
	if (exchange->body->length + size > max) {
		exchange->is_too_large = true;
		return;
	}
	sim_buf_add(exchange->body, upload, size);
}

/* Whether Graph takes compressed requests is not documented: by default the router answers 415. */
static void decode_body(const struct sim_world *world, struct sim_request *request)
{
	const char *coding = sim_pairs_get(&request->headers, "Content-Encoding");
	const struct sim_buf *plain = NULL;

	if (!coding || strcasecmp(coding, "identity") == 0) {
		return;
	}
	if (strcasecmp(coding, "gzip") == 0 && world->switches.gzip_requests) {
		plain = sim_gunzip(request, request->body, request->body_length, SIM_BODY_MAX);
		request->is_malformed |= !plain;
	}
	if (plain) {
		request->body = plain->data;
		request->body_length = plain->length;
	} else {
		request->is_encoded = true;
	}
}

static void encode_body(const struct sim_world *world, const struct sim_request *request,
			struct sim_response *response)
{
	struct sim_buf *zipped = NULL;

	/* Errors of Graph and all of Entra ID go out plain; so does what a fault counts the bytes of. */
	if (world->switches.no_gzip || response->promised || response->status >= 300 ||
	    response->body->length == 0 || !sim_pairs_get(&response->headers, "OData-Version") ||
	    sim_pairs_get(&response->headers, "Content-Encoding") ||
	    !sim_gzip_is_accepted(sim_pairs_get(&request->headers, "Accept-Encoding"))) {
		return;
	}
	zipped = sim_gzip(response, response->body->data, response->body->length);
	talloc_free(response->body);
	response->body = zipped;
	sim_response_header(response, "Content-Encoding", "gzip");
}

static void answer(struct sim_listener *listener, struct sim_exchange *exchange)
{
	struct sim_request *request = exchange->request;
	struct sim_response *response = sim_response_new(exchange);
	struct sim_world *world = listener->world;

	request->body = exchange->body->data;
	request->body_length = exchange->body->length;
	exchange->response = response;
	request->is_too_large = exchange->is_too_large;
	if (listener->is_public) {
		decode_body(world, request);
	}
	if (!listener->is_public && exchange->is_too_large) {
		response->status = 413;
	} else if (!listener->is_public) {
		listener->handler(world, request, response);
	} else if (!sim_fault_before(world, request, response)) {
		listener->handler(world, request, response);
		sim_fault_after(world, request, response);
	}
	if (listener->is_public) {
		encode_body(world, request, response);
		sim_reqlog_add(world->log, request, response, sim_clock_now(&world->clock));
	}
}

/** A body that ends before its Content-Length. */
struct short_body {
	char *data;
	size_t length;
};

static ssize_t short_read(void *closure, uint64_t position, char *into, size_t max)
{
	struct short_body *body = closure;
	size_t left = position < body->length ? body->length - (size_t)position : 0;
	size_t now = left < max ? left : max;

	if (now == 0) {
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	memcpy(into, body->data + position, now);
	return (ssize_t)now;
}

static void short_free(void *closure)
{
	talloc_free(closure);
}

static struct MHD_Response *make_short(const struct sim_response *response)
{
	struct short_body *body = sim_new(NULL, struct short_body);

	body->data = sim_strndup(body, response->body->data, response->body->length);
	body->length = response->body->length;
	return MHD_create_response_from_callback(response->promised, 65536, short_read, body,
						 short_free);
}

static void wait_until(struct sim_listener *listener, struct sim_exchange *exchange,
		       int64_t wake_ms)
{
	exchange->wake_ms = wake_ms;
	DL_APPEND(listener->waiting, exchange);
	MHD_suspend_connection(exchange->connection);
}

/** A body that comes in drops. The exchange outlives it. */
static ssize_t drip_read(void *closure, uint64_t position, char *into, size_t max)
{
	struct sim_exchange *exchange = closure;
	const struct sim_response *response = exchange->response;
	int64_t now = sim_clock_monotonic_ms();
	size_t left = response->body->length - (size_t)position;
	size_t size = left < response->drip_bytes ? left : response->drip_bytes;

	if (now < exchange->drip_ms) {
		wait_until(exchange->listener, exchange, exchange->drip_ms);
		return 0;
	}
	size = size < max ? size : max;
	memcpy(into, response->body->data + position, size);
	exchange->drip_ms = now + response->drip_ms;
	return (ssize_t)size;
}

static enum MHD_Result send_answer(struct sim_exchange *exchange)
{
	struct MHD_Connection *connection = exchange->connection;
	const struct sim_response *response = exchange->response;
	struct MHD_Response *out = NULL;
	enum MHD_Result result = MHD_NO;

	if (response->promised) {
		out = make_short(response);
	} else if (response->drip_bytes && response->body->length) {
		out = MHD_create_response_from_callback(response->body->length, 65536, drip_read,
							exchange, NULL);
	} else {
		/* The exchange outlives the answer: it ends in sim_exchange_end(). */
		out = MHD_create_response_from_buffer(response->body->length, response->body->data,
						      MHD_RESPMEM_PERSISTENT);
	}
	sim_mem_check(out);
	for (size_t i = 0; i < response->headers.count; i++) {
		MHD_add_response_header(out, response->headers.items[i].name,
					response->headers.items[i].value);
	}
	result = MHD_queue_response(connection, response->status, out);
	MHD_destroy_response(out);
	return result;
}

static enum MHD_Result reset_connection(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct linger linger = {.l_onoff = 1, .l_linger = 0};

	/* Closing with unsent data and no linger makes the kernel send RST. */
	if (info) {
		setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	}
	return MHD_NO;
}

static enum MHD_Result send_or_wait(struct sim_listener *listener, struct sim_exchange *exchange)
{
	struct sim_response *response = exchange->response;

	if (response->delay_ms) {
		unsigned delay_ms = response->delay_ms;

		response->delay_ms = 0;
		wait_until(listener, exchange, sim_clock_monotonic_ms() + delay_ms);
		return MHD_YES;
	}
	return response->reset ? reset_connection(exchange->connection) : send_answer(exchange);
}

enum MHD_Result sim_exchange_handle(void *closure, struct MHD_Connection *connection,
				    const char *url, const char *method, const char *version,
				    const char *upload, size_t *upload_size, void **ret_exchange)
{
	struct sim_listener *listener = closure;
	struct sim_exchange *exchange = *ret_exchange;

	(void)url;
	(void)version;
	if (!exchange) {
		return MHD_NO;
	}
	if (!exchange->request) {
		exchange->connection = connection;
		read_head(exchange, connection, method);
		return MHD_YES;
	}
	if (*upload_size > 0) {
		read_body(exchange, listener->body_max, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (!exchange->response) {
		answer(listener, exchange);
	}
	return send_or_wait(listener, exchange);
}
