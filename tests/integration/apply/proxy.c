/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A proxy that swallows answers. */
#include "config.h"

#include "tests/integration/apply/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tests/unit/unit.h"

#define MAX_PAIRS 16

struct proxy {
	pid_t pid;
	atomic_int *is_cutting; /* shared with the process */
};

/* One connection, both sides; -1: free. */
struct pair {
	int client;
	int server;
};

static struct sockaddr_in address_of(const char *address, unsigned port)
{
	struct sockaddr_in made = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	if (inet_pton(AF_INET, address, &made.sin_addr) != 1) {
		_exit(2);
	}
	return made;
}

static void drop(struct pair *pair)
{
	close(pair->client);
	close(pair->server);
	*pair = (struct pair){-1, -1};
}

/* False: this side has ended. */
static bool pass(int from, int to)
{
	char buffer[65536];
	ssize_t got = read(from, buffer, sizeof(buffer));

	for (ssize_t sent = 0; sent < got;) {
		ssize_t written = write(to, buffer + sent, (size_t)(got - sent));

		if (written <= 0) {
			return false;
		}
		sent += written;
	}
	return got > 0;
}

static void accept_one(struct pair *pairs, int listener, const struct sockaddr_in *target)
{
	int client = accept(listener, NULL, NULL);

	for (size_t i = 0; i < MAX_PAIRS && client >= 0; i++) {
		if (pairs[i].client >= 0) {
			continue;
		}
		pairs[i].client = client;
		pairs[i].server = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(pairs[i].server, (const struct sockaddr *)target, sizeof(*target)) !=
		    0) {
			drop(&pairs[i]);
		}
		return;
	}
	close(client);
}

/* The answer stays in the server's socket: done there, never heard of here. */
static void cut_all(struct pair *pairs)
{
	for (size_t i = 0; i < MAX_PAIRS; i++) {
		if (pairs[i].client >= 0) {
			drop(&pairs[i]);
		}
	}
}

static bool serve_pair(struct pair *pair, const struct pollfd *fds, bool is_cutting)
{
	if (fds[0].revents && !pass(pair->client, pair->server)) {
		drop(pair);
	} else if (fds[1].revents && is_cutting) {
		return false;
	} else if (fds[1].revents && !pass(pair->server, pair->client)) {
		drop(pair);
	}
	return true;
}

static _Noreturn void serve(int listener, const struct sockaddr_in *target, atomic_int *is_cutting)
{
	struct pair pairs[MAX_PAIRS];
	struct pollfd fds[1 + 2 * MAX_PAIRS];

	memset(pairs, 0xff, sizeof(pairs));
	for (;;) {
		fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
		for (size_t i = 0; i < MAX_PAIRS; i++) {
			fds[1 + 2 * i] = (struct pollfd){.fd = pairs[i].client, .events = POLLIN};
			fds[2 + 2 * i] = (struct pollfd){.fd = pairs[i].server, .events = POLLIN};
		}
		if (poll(fds, GB_ARRAY_SIZE(fds), -1) < 0) {
			_exit(3);
		}
		for (size_t i = 0; i < MAX_PAIRS; i++) {
			if (pairs[i].client >= 0 &&
			    !serve_pair(&pairs[i], &fds[1 + 2 * i], atomic_load(is_cutting))) {
				cut_all(pairs);
				atomic_store(is_cutting, 0);
				break;
			}
		}
		if (fds[0].revents) {
			accept_one(pairs, listener, target);
		}
	}
}

static int end_process(struct proxy *proxy)
{
	kill(proxy->pid, SIGKILL);
	waitpid(proxy->pid, NULL, 0);
	return 0;
}

static int listen_on(const char *address, unsigned port)
{
	struct sockaddr_in here = address_of(address, port);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;

	assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&here, sizeof(here)), 0);
	assert_int_equal(listen(listener, 16), 0);
	return listener;
}

struct proxy *proxy_new(const void *ctx, const char *address, unsigned port)
{
	struct proxy *proxy = gb_new(ctx, struct proxy);
	struct sockaddr_in target = address_of(address, 636);
	int listener = listen_on(address, port);

	proxy->is_cutting = mmap(NULL, sizeof(atomic_int), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(proxy->is_cutting != MAP_FAILED);
	proxy->pid = fork();
	assert_true(proxy->pid >= 0);
	if (proxy->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		serve(listener, &target, proxy->is_cutting);
	}
	close(listener);
	talloc_set_destructor(proxy, end_process);
	return proxy;
}

void proxy_cut(struct proxy *proxy)
{
	atomic_store(proxy->is_cutting, 1);
}
