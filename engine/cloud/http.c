/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pool: libcurl's sockets and timer on tevent, and the list of requests.
 *
 * libcurl calls on_socket and on_timer from inside its own functions, where calling it back is not
 * allowed; so these two only arrange tevent's side. Callbacks to our callers run from immediates of
 * their own, never below a libcurl frame: they may free anything, the pool included.
 */
#include "config.h"

#include "engine/cloud/http_private.h"

#include <string.h>
#include <strings.h>
#include <sys/time.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static void count_answer(struct gb_http *http, CURL *easy, CURLcode result)
{
	long status = 0;

	if (result == CURLE_OK) {
		(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	}
	http->answered[status > 0 && status < GB_HTTP_STATUS_END ? status : 0]++;
}

static void reap(struct gb_http *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		struct gb_http_request *request = NULL;
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE) {
			continue;
		}
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&request);
		count_answer(http, message->easy_handle, result);
		gb_http_end_later(request, result);
	}
}

static void drive(struct gb_http *http, curl_socket_t socket, int events)
{
	int running;

	(void)curl_multi_socket_action(http->multi, socket, events, &running);
	reap(http);
}

struct watch {
	struct gb_http *http;
	curl_socket_t socket;
	struct tevent_fd *fde;
};

static void on_ready(struct tevent_context *ev, struct tevent_fd *fde, uint16_t flags, void *user)
{
	struct watch *watch = user;
	int events = 0;

	(void)ev;
	(void)fde;
	if ((flags & TEVENT_FD_READ) != 0) {
		events |= CURL_CSELECT_IN;
	}
	if ((flags & TEVENT_FD_WRITE) != 0) {
		events |= CURL_CSELECT_OUT;
	}
	drive(watch->http, watch->socket, events);
}

static struct watch *new_watch(struct gb_http *http, curl_socket_t socket)
{
	struct watch *watch = gb_new(http, struct watch);

	watch->http = http;
	watch->socket = socket;
	watch->fde = gb_mem_check(tevent_add_fd(http->ev, watch, socket, 0, on_ready, watch));
	(void)curl_multi_assign(http->multi, socket, watch);
	return watch;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *user, void *socket_user)
{
	struct watch *watch = socket_user;
	uint16_t flags = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		talloc_free(watch);
		return 0;
	}
	if (watch == NULL) {
		watch = new_watch(user, socket);
	}
	if ((what & CURL_POLL_IN) != 0) {
		flags |= TEVENT_FD_READ;
	}
	if ((what & CURL_POLL_OUT) != 0) {
		flags |= TEVENT_FD_WRITE;
	}
	tevent_fd_set_flags(watch->fde, flags);
	return 0;
}

static void on_timeout(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		       void *user)
{
	struct gb_http *http = user;

	(void)ev;
	(void)timer;
	(void)now;
	http->timer = NULL;
	drive(http, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
	struct gb_http *http = user;

	(void)multi;
	TALLOC_FREE(http->timer);
	if (timeout_ms >= 0) {
		struct timeval at = tevent_timeval_current_ofs(
			(uint32_t)(timeout_ms / 1000), (uint32_t)(timeout_ms % 1000) * 1000);

		http->timer = gb_mem_check(tevent_add_timer(http->ev, http, at, on_timeout, http));
	}
	return 0;
}

static int destroy_pool(struct gb_http *http)
{
	while (http->requests != NULL) {
		TALLOC_FREE(http->requests->immediate);
		gb_http_detach(http->requests);
	}
	/* Closing connections makes libcurl call on_socket and on_timer once more. */
	(void)curl_multi_cleanup(http->multi);
	return 0;
}

static enum gb_rc check_proxy(const char *proxy, struct gb_err *err)
{
	char *shown;

	if (proxy == NULL || proxy[0] == '\0' || strncmp(proxy, "http://", 7) == 0 ||
	    strncmp(proxy, "https://", 8) == 0) {
		return GB_OK;
	}
	shown = gb_text_display(NULL, proxy);
	gb_err_set(err, GB_E_CONFIG, "cloud-bad-proxy",
		   _("The proxy \"%s\" is not the address of an "
		     "HTTP proxy."),
		   shown);
	talloc_free(shown);
	gb_err_undone(err, _("Nothing was sent."));
	gb_err_remedy(err, _("Give it as http://host:port or https://host:port."));
	return GB_E_CONFIG;
}

/* Read once, here: when connections are made, the program may have given up the right to. */
static enum gb_rc read_authorities(struct gb_http *http, struct gb_err *err)
{
	const char *path = http->options.ca_file;
	char *bytes;
	size_t length;
	enum gb_rc rc;

	if (http->options.ca_pem == NULL && (path == NULL || path[0] == '\0')) {
		return GB_OK;
	}
	if (http->options.ca_pem != NULL) {
		bytes = gb_strdup(http, http->options.ca_pem);
		length = strlen(bytes);
		rc = GB_OK;
	} else {
		rc = gb_file_read_trusted(http, path, GB_FILE_MAX_BYTES, &bytes, &length, err);
	}
	if (rc == GB_OK) {
		http->authorities =
			(struct curl_blob){.data = bytes, .len = length, .flags = CURL_BLOB_NOCOPY};
	}
	return rc;
}

static void set_pool_options(struct gb_http *http)
{
	CURLM *multi = http->multi;

	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
			  (long)http->options.max_connections);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)http->options.max_connections);
}

enum gb_rc gb_http_new(const void *ctx, struct tevent_context *ev,
		       const struct gb_http_options *options, struct gb_http **ret_http,
		       struct gb_err *err)
{
	struct gb_http *http;
	enum gb_rc rc = check_proxy(options->proxy, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_http_global_init();
	http = gb_new(ctx, struct gb_http);
	http->ev = ev;
	http->options = *options;
	http->options.ca_file = gb_strdup(http, options->ca_file);
	http->options.ca_pem = options->ca_pem; /* read below, at once */
	http->options.proxy = gb_strdup(http, options->proxy != NULL ? options->proxy : "");
	http->multi = gb_mem_check(curl_multi_init());
	set_pool_options(http);
	talloc_set_destructor(http, destroy_pool);
	rc = read_authorities(http, err);
	if (rc != GB_OK) {
		talloc_free(http);
		return rc;
	}
	*ret_http = http;
	return GB_OK;
}

void gb_http_cancel(struct gb_http *http)
{
	struct gb_http_request *next;

	http->is_cancelled = true;
	for (struct gb_http_request *request = http->requests; request != NULL; request = next) {
		next = request->next;
		request->is_cancelled = true;
		gb_http_end_later(request, CURLE_ABORTED_BY_CALLBACK);
	}
}

bool gb_http_is_json(const char *content_type)
{
	static const char json[] = "application/json";
	const char *rest;

	if (content_type == NULL || strncasecmp(content_type, json, strlen(json)) != 0) {
		return false;
	}
	rest = content_type + strlen(json);
	return *rest == '\0' || *rest == ';' || *rest == ' ' || *rest == '\t';
}

uint64_t gb_http_answered(const struct gb_http *http, int status)
{
	return status >= 0 && status < GB_HTTP_STATUS_END ? http->answered[status] : 0;
}

uint64_t gb_http_sent(const struct gb_http *http)
{
	return http->sent;
}
