/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listeners. */
#include "config.h"

#include "sim/http/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sim/http/exchange.h"

/** Most connections of one listener. */
#define CONNECTION_MAX 1000u
/** Bytes that a connection may use for its request line and headers. */
#define CONNECTION_MEMORY ((size_t)128 << 10)
/** Seconds after which an idle connection is closed. */
#define IDLE_S 120u

struct sim_server {
	struct sim_listener public_side;
	struct sim_listener control_side;
	struct sim_listener metadata_side;
	int signal_fd;
};

static int server_free(struct sim_server *server)
{
	sim_exchange_wake(&server->public_side, true);
	if (server->public_side.daemon) {
		MHD_stop_daemon(server->public_side.daemon);
	}
	if (server->control_side.daemon) {
		MHD_stop_daemon(server->control_side.daemon);
	}
	sim_exchange_wake(&server->metadata_side, true);
	if (server->metadata_side.daemon) {
		MHD_stop_daemon(server->metadata_side.daemon);
	}
	close(server->signal_fd);
	return 0;
}

/** Room for either family. */
union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool make_address(const char *text, unsigned port, union address *ret_address)
{
	memset(ret_address, 0, sizeof(*ret_address));
	if (inet_pton(AF_INET, text, &ret_address->v4.sin_addr) == 1) {
		ret_address->v4.sin_family = AF_INET;
		ret_address->v4.sin_port = htons((uint16_t)port);
		return true;
	}
	if (inet_pton(AF_INET6, text, &ret_address->v6.sin6_addr) == 1) {
		ret_address->v6.sin6_family = AF_INET6;
		ret_address->v6.sin6_port = htons((uint16_t)port);
		return true;
	}
	return false;
}

static bool is_loopback(const union address *address)
{
	if (address->any.sa_family == AF_INET) {
		return (ntohl(address->v4.sin_addr.s_addr) >> 24) == 127;
	}
	return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

static bool start(struct sim_listener *listener, const union address *address,
		  const struct sim_server_options *options, struct sim_err *err)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->cert_pem},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key_pem},
		{MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

	flags |= listener->is_tls ? MHD_USE_TLS : 0;
	flags |= address->any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0;
	listener->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, sim_exchange_handle, listener, MHD_OPTION_SOCK_ADDR,
		&address->any, MHD_OPTION_CONNECTION_LIMIT, CONNECTION_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		CONNECTION_MEMORY, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_URI_LOG_CALLBACK, sim_exchange_begin, listener,
		MHD_OPTION_NOTIFY_COMPLETED, sim_exchange_end, listener, MHD_OPTION_ARRAY,
		listener->is_tls ? tls : none, MHD_OPTION_END);
	return listener->daemon ||
	       sim_fail(err,
			"Cannot listen on %s: the port is taken, or the certificate and its "
			"key do not fit.",
			options->address);
}

static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool start_all(struct sim_server *server, const struct sim_server_options *options,
		      struct sim_err *err)
{
	union address address;

	if (!make_address(options->address, options->port, &address)) {
		return sim_fail(err, "\"%s\" is no IP address.", options->address);
	}
	if (!is_loopback(&address)) {
		return sim_fail(err,
				"%s is not a loopback address: the simulator holds test "
				"secrets and is not for a network.",
				options->address);
	}
	if (!start(&server->public_side, &address, options, err)) {
		return false;
	}
	if (!make_address(options->address, options->control_port, &address) ||
	    !start(&server->control_side, &address, options, err)) {
		return false;
	}
	return options->metadata_port < 0 ||
	       (make_address(options->address, (unsigned)options->metadata_port, &address) &&
		start(&server->metadata_side, &address, options, err));
}

bool sim_server_new(const void *ctx, struct sim_world *world,
		    const struct sim_server_options *options, struct sim_server **ret_server,
		    struct sim_err *err)
{
	struct sim_server *server = sim_new(ctx, struct sim_server);

	server->signal_fd = block_signals();
	talloc_set_destructor(server, server_free);
	server->public_side = (struct sim_listener){.world = world,
						    .handler = options->handler,
						    .is_public = true,
						    .is_tls = true,
						    .body_max = SIM_BODY_MAX};
	server->control_side = (struct sim_listener){
		.world = world, .handler = options->control, .body_max = SIM_CONTROL_BODY_MAX};
	server->metadata_side = (struct sim_listener){.world = world,
						      .handler = options->metadata,
						      .is_public = true,
						      .body_max = SIM_BODY_MAX};
	if (!start_all(server, options, err)) {
		talloc_free(server);
		return false;
	}
	*ret_server = server;
	return true;
}

unsigned sim_server_port(const struct sim_server *server, enum sim_side side)
{
	struct MHD_Daemon *daemon = side == SIM_PUBLIC    ? server->public_side.daemon
				    : side == SIM_CONTROL ? server->control_side.daemon
							  : server->metadata_side.daemon;
	const union MHD_DaemonInfo *info =
		daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return info ? info->port : 0;
}

static int epoll_fd(struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info =
		daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;

	return info ? info->epoll_fd : -1;
}

static int sooner(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

static int daemon_timeout(struct MHD_Daemon *daemon)
{
	MHD_UNSIGNED_LONG_LONG timeout = 0;

	if (!daemon || MHD_get_timeout(daemon, &timeout) != MHD_YES) {
		return -1;
	}
	return timeout > 1000 ? 1000 : (int)timeout;
}

void sim_server_run(struct sim_server *server)
{
	struct sim_listener *const sides[] = {&server->public_side, &server->control_side,
					      &server->metadata_side};
	struct pollfd fds[SIM_ARRAY_SIZE(sides) + 1];

	/* poll() passes over a side that does not listen: its descriptor is -1. */
	for (size_t i = 0; i < SIM_ARRAY_SIZE(sides); i++) {
		fds[i] = (struct pollfd){epoll_fd(sides[i]->daemon), POLLIN, 0};
	}
	fds[SIM_ARRAY_SIZE(sides)] = (struct pollfd){server->signal_fd, POLLIN, 0};
	while (!(fds[SIM_ARRAY_SIZE(sides)].revents & POLLIN)) {
		int timeout = -1;

		for (size_t i = 0; i < SIM_ARRAY_SIZE(sides); i++) {
			timeout = sooner(timeout, daemon_timeout(sides[i]->daemon));
			timeout = sooner(timeout, sim_exchange_wake(sides[i], false));
		}
		poll(fds, SIM_ARRAY_SIZE(fds), timeout);
		for (size_t i = 0; i < SIM_ARRAY_SIZE(sides); i++) {
			if (sides[i]->daemon) {
				MHD_run(sides[i]->daemon);
			}
		}
	}
}
