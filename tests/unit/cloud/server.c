/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small HTTPS server of the tests, on libmicrohttpd. */
#include "config.h"

#include "tests/unit/cloud/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>

#include "tests/unit/unit.h"

#define MAX_BODY 65536

struct server {
	struct MHD_Daemon *daemon;
	server_fn fn;
	void *user;
	pthread_mutex_t mutex;
	unsigned requests;
	unsigned connections;
	bool has_authorization;
};

/* One request; malloc, since it lives in the server's threads. */
struct exchange {
	char *uri;
	bool has_header; /* the first call, with the header alone, is over */
	char body[MAX_BODY];
	size_t length;
};

/* A body that does not come as announced. */
struct odd_body {
	enum server_fault fault;
	char *bytes;
	size_t length;
};

static void *on_uri(void *user, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));

	(void)user;
	(void)connection;
	exchange->uri = strdup(uri);
	return exchange;
}

static void on_completed(void *user, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *state;

	(void)user;
	(void)connection;
	(void)code;
	if (exchange != NULL) {
		free(exchange->uri);
		free(exchange);
	}
	*state = NULL;
}

static ssize_t read_odd_body(void *user, uint64_t position, char *buffer, size_t max)
{
	struct odd_body *body = user;

	(void)max;
	if (body->fault == SERVER_CUT && position >= body->length / 2) {
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (body->fault == SERVER_DRIP) {
		usleep(200000);
	}
	buffer[0] = body->bytes[position];
	return 1;
}

static void free_odd_body(void *user)
{
	struct odd_body *body = user;

	free(body->bytes);
	free(body);
}

static struct MHD_Response *odd_response(const struct server_reply *reply)
{
	struct odd_body *body = calloc(1, sizeof(*body));

	body->fault = reply->fault;
	body->length = reply->length;
	body->bytes = malloc(reply->length);
	memcpy(body->bytes, reply->body, reply->length);
	return MHD_create_response_from_callback(reply->length, 1, read_odd_body, body,
						 free_odd_body);
}

static struct MHD_Response *make_response(const struct server_reply *reply)
{
	struct MHD_Response *response;

	if (reply->fault == SERVER_CUT || reply->fault == SERVER_DRIP) {
		response = odd_response(reply);
	} else {
		response = MHD_create_response_from_buffer(
			reply->length, (void *)(uintptr_t)reply->body, MHD_RESPMEM_MUST_COPY);
	}
	MHD_add_response_header(response, "Content-Type", reply->content_type);
	for (size_t i = 0; i < SERVER_MAX_HEADERS && reply->headers[i].name != NULL; i++) {
		MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
	}
	return response;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct server_reply *reply)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	if (reply->length == 0) {
		reply->length = strlen(reply->body);
	}
	if (reply->fault == SERVER_SILENT) {
		sleep(1);
	}
	response = make_response(reply);
	result = MHD_queue_response(connection, (unsigned)reply->status, response);
	MHD_destroy_response(response);
	free(reply->owned);
	return result;
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
			      const char *method, const struct exchange *exchange)
{
	struct server_request request = {
		.method = method,
		.uri = exchange->uri,
		.authorization =
			MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization"),
		.body = exchange->body,
	};
	struct server_reply reply = {.status = 200, .content_type = "application/json", .body = ""};

	pthread_mutex_lock(&server->mutex);
	request.number = ++server->requests;
	server->has_authorization |= request.authorization != NULL;
	server->fn(server->user, &request, &reply);
	pthread_mutex_unlock(&server->mutex);
	return send_reply(connection, &reply);
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct exchange *exchange = *state;

	(void)url;
	(void)version;
	if (exchange->has_header && *upload_size > 0) {
		assert_true(exchange->length + *upload_size < MAX_BODY);
		memcpy(exchange->body + exchange->length, upload, *upload_size);
		exchange->length += *upload_size;
		*upload_size = 0;
		return MHD_YES;
	}
	/* An answer to the first call, which has the header alone, would close the connection. */
	if (!exchange->has_header) {
		exchange->has_header = true;
		return MHD_YES;
	}
	return answer(user, connection, method, exchange);
}

static void on_connection(void *user, struct MHD_Connection *connection, void **state,
			  enum MHD_ConnectionNotificationCode code)
{
	struct server *server = user;

	(void)connection;
	(void)state;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		pthread_mutex_lock(&server->mutex);
		server->connections++;
		pthread_mutex_unlock(&server->mutex);
	}
}

static int stop(struct server *server)
{
	MHD_stop_daemon(server->daemon);
	pthread_mutex_destroy(&server->mutex);
	return 0;
}

struct server *server_start(const void *ctx, const struct certificate *certificate,
			    const char *chain, server_fn fn, void *user)
{
	struct server *server = gb_new(ctx, struct server);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_KEY, 0, certificate != NULL ? certificate->key : NULL},
		{MHD_OPTION_HTTPS_MEM_CERT, 0, NULL},
		{MHD_OPTION_END, 0, NULL}};

	if (certificate != NULL) {
		tls[1].ptr_value =
			gb_printf(server, "%s%s", certificate->pem, chain != NULL ? chain : "");
		flags |= MHD_USE_TLS;
	} else {
		tls[0].option = MHD_OPTION_END;
	}
	server->fn = fn;
	server->user = user;
	pthread_mutex_init(&server->mutex, NULL);
	server->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR, &address,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, server, MHD_OPTION_NOTIFY_COMPLETED,
		on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 * 1024), MHD_OPTION_ARRAY, tls,
		MHD_OPTION_END);
	assert_non_null(server->daemon);
	talloc_set_destructor(server, stop);
	return server;
}

unsigned server_port(const struct server *server)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info->port;
}

unsigned server_requests(struct server *server)
{
	unsigned requests;

	pthread_mutex_lock(&server->mutex);
	requests = server->requests;
	pthread_mutex_unlock(&server->mutex);
	return requests;
}

unsigned server_connections(struct server *server)
{
	unsigned connections;

	pthread_mutex_lock(&server->mutex);
	connections = server->connections;
	pthread_mutex_unlock(&server->mutex);
	return connections;
}

bool server_saw_authorization(struct server *server)
{
	bool has_authorization;

	pthread_mutex_lock(&server->mutex);
	has_authorization = server->has_authorization;
	pthread_mutex_unlock(&server->mutex);
	return has_authorization;
}

void server_printf(struct server_reply *reply, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	reply->length = (size_t)vasprintf(&reply->owned, fmt, ap);
	va_end(ap);
	reply->body = reply->owned;
}
