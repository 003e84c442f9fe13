/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests under way on one connection. */
#include "config.h"

#include "engine/directory/operation.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/mem.h"

enum stage {
	WAITING, /* not sent yet: the socket has no room */
	SENT,    /* libldap has it; its message id is known */
	ENDED    /* has a result that is delivered at the next turn of the loop */
};

struct gb_operation {
	struct gb_operation_table *table;
	struct gb_operation *previous; /* all operations of the table, oldest first */
	struct gb_operation *next;
	struct gb_operation_request request;
	uint64_t number; /* in the order of beginning */
	enum stage stage;
	int message_id;
	int code; /* of an operation that ENDED without an answer */
	bool was_sent;
	int64_t heard_ms; /* when it was begun, or its last message came */
	struct tevent_timer *timer;
};

struct gb_operation_table {
	struct tevent_context *ev;
	struct gb_connection *connection;
	struct gb_directory_stats *stats;
	struct tevent_fd *watch;
	struct tevent_immediate *wake; /* deliver what has ended, or go on draining */
	bool is_awake;
	struct gb_operation *first;
	struct gb_operation *last;
	size_t pending;
	uint64_t last_number;
	bool is_retired; /* free it when the last operation has ended */
	bool is_lost;
	int lost_code;
	int notice_code; /* of the server's notice of disconnection; 0 without one */
	char *notice_text;
};

static void drain(struct gb_operation_table *table);

static void append(struct gb_operation_table *table, struct gb_operation *operation)
{
	operation->number = ++table->last_number;
	operation->previous = table->last;
	if (table->last) {
		table->last->next = operation;
	} else {
		table->first = operation;
	}
	table->last = operation;
	table->pending++;
}

static void detach(struct gb_operation *operation)
{
	struct gb_operation_table *table = operation->table;

	if (operation->previous) {
		operation->previous->next = operation->next;
	} else {
		table->first = operation->next;
	}
	if (operation->next) {
		operation->next->previous = operation->previous;
	} else {
		table->last = operation->previous;
	}
	TALLOC_FREE(operation->timer);
	table->pending--;
}

static void on_wake(struct tevent_context *ev, struct tevent_immediate *wake, void *user)
{
	struct gb_operation_table *table = user;

	(void)ev;
	(void)wake;
	table->is_awake = false;
	drain(table);
}

static void wake(struct gb_operation_table *table)
{
	if (!table->is_awake) {
		table->is_awake = true;
		tevent_schedule_immediate(table->wake, table->ev, on_wake, table);
	}
}

static void lose(struct gb_operation_table *table, int code)
{
	if (!table->is_lost) {
		table->is_lost = true;
		table->lost_code = table->notice_code ? table->notice_code : code;
		/*
		 * The copy of the descriptor must go before libldap's, and the loop must forget
		 * it.
		 */
		TALLOC_FREE(table->watch);
		wake(table);
	}
}

static void finish(struct gb_operation *operation, const struct gb_operation_result *result)
{
	struct gb_operation_table *table = operation->table;

	detach(operation);
	if (result->code != LDAP_SUCCESS) {
		table->stats->failures++;
	}
	operation->request.done(operation->request.user, result);
	talloc_free(operation);
}

static int last_code(LDAP *ldap)
{
	int code = LDAP_SERVER_DOWN;

	ldap_get_option(ldap, LDAP_OPT_RESULT_CODE, &code);
	return code;
}

/* Forget a request at the server. What comes for it later is dropped by libldap. */
static void abandon(struct gb_operation *operation)
{
	struct gb_operation_table *table = operation->table;

	if (operation->stage != SENT || table->is_lost) {
		return;
	}
	/*
	 * While another request is half written, libldap would write the abandon request into the middle
	 * of it. The server has not read for a whole timeout then: the connection is useless.
	 */
	if (gb_connection_is_blocked(table->connection)) {
		lose(table, LDAP_TIMEOUT);
		return;
	}
	if (ldap_abandon_ext(gb_connection_ldap(table->connection), operation->message_id, NULL,
			     NULL) != LDAP_SUCCESS ||
	    gb_connection_is_blocked(table->connection)) {
		lose(table, LDAP_SERVER_DOWN);
	}
}

static void end_without_answer(struct gb_operation *operation, int code, const char *text)
{
	struct gb_operation_result result = {
		.ldap = gb_connection_ldap(operation->table->connection),
		.code = code,
		.diagnostic = text,
		.was_sent = operation->was_sent,
	};

	finish(operation, &result);
}

static void arm(struct gb_operation *operation, int64_t delay_ms);

static void on_timer(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		     void *user)
{
	struct gb_operation *operation = user;
	int64_t silent_ms = gb_clock_boot_ms() - operation->heard_ms;

	(void)ev;
	(void)now;
	(void)timer;
	operation->timer = NULL;
	if (operation->stage == ENDED) {
		return;
	}
	if (silent_ms < operation->request.timeout_ms) {
		arm(operation, operation->request.timeout_ms - silent_ms);
		return;
	}
	abandon(operation);
	end_without_answer(operation, LDAP_TIMEOUT, NULL);
}

static void arm(struct gb_operation *operation, int64_t delay_ms)
{
	struct timeval at = tevent_timeval_current_ofs((uint32_t)(delay_ms / 1000),
						       (uint32_t)(delay_ms % 1000 * 1000));

	operation->timer = gb_mem_check(
		tevent_add_timer(operation->table->ev, operation->table, at, on_timer, operation));
}

/* Returns false if the socket has no room; everything else is settled. */
static bool try_send(struct gb_operation *operation)
{
	struct gb_operation_table *table = operation->table;
	int code = operation->request.send(operation->request.user,
					   gb_connection_ldap(table->connection),
					   &operation->message_id);

	if (code == LDAP_BUSY) {
		return false;
	}
	operation->stage = code == LDAP_SUCCESS ? SENT : ENDED;
	operation->code = code;
	if (code == LDAP_SUCCESS) {
		operation->was_sent = true;
	} else if (code == LDAP_SERVER_DOWN || code == LDAP_CONNECT_ERROR) {
		/* Some of it may have left before the socket failed. */
		operation->was_sent = true;
		lose(table, code);
	} else {
		wake(table);
	}
	return true;
}

static void send_waiting(struct gb_operation_table *table)
{
	struct gb_operation *operation = table->first;

	while (operation && !table->is_lost && !gb_connection_is_blocked(table->connection)) {
		if (operation->stage == WAITING && !try_send(operation)) {
			break;
		}
		operation = operation->next;
	}
}

static void watch_room(struct gb_operation_table *table)
{
	if (table->watch) {
		tevent_fd_set_flags(table->watch, gb_connection_is_blocked(table->connection)
							  ? TEVENT_FD_READ | TEVENT_FD_WRITE
							  : TEVENT_FD_READ);
	}
}

/*
 * Message id 0: nobody asked. The notice of disconnection (RFC 4511 4.4.1) is the only one that
 * servers send to us; they hang up after it, and then its words explain why.
 */
static void take_notice(struct gb_operation_table *table, LDAPMessage *message)
{
	LDAP *ldap = gb_connection_ldap(table->connection);
	char *text = NULL;
	int code = LDAP_SUCCESS;

	if (ldap_parse_result(ldap, message, &code, NULL, &text, NULL, NULL, 0) == LDAP_SUCCESS &&
	    code != LDAP_SUCCESS) {
		talloc_free(table->notice_text);
		table->notice_text = gb_strdup(table, text);
		table->notice_code = code;
	}
	ldap_memfree(text);
}

static void take_result(struct gb_operation *operation, LDAPMessage *message)
{
	LDAP *ldap = gb_connection_ldap(operation->table->connection);
	struct gb_operation_result result = {.ldap = ldap, .was_sent = true, .was_answered = true};
	char *text = NULL;
	int parsed = ldap_parse_result(ldap, message, &result.code, NULL, &text, NULL,
				       &result.controls, 0);

	if (parsed != LDAP_SUCCESS) {
		result.code = parsed;
		result.was_answered = false;
	}
	result.diagnostic = text;
	finish(operation, &result);
	ldap_memfree(text);
	ldap_controls_free(result.controls);
}

/* Servers answer about in order, so the oldest come first; there are some dozens at most. */
static struct gb_operation *find_sent(const struct gb_operation_table *table, int message_id)
{
	for (struct gb_operation *o = table->first; o; o = o->next) {
		if (o->stage == SENT && o->message_id == message_id) {
			return o;
		}
	}
	return NULL;
}

static void dispatch(struct gb_operation_table *table, LDAPMessage *message)
{
	int message_id = ldap_msgid(message);
	struct gb_operation *operation;

	if (message_id == 0) {
		take_notice(table, message);
		return;
	}
	operation = find_sent(table, message_id);
	if (!operation) {
		return;
	}
	operation->heard_ms = gb_clock_boot_ms();
	switch (ldap_msgtype(message)) {
	case LDAP_RES_SEARCH_ENTRY:
	case LDAP_RES_SEARCH_REFERENCE:
		if (operation->request.on_message) {
			operation->request.on_message(operation->request.user,
						      gb_connection_ldap(table->connection),
						      message);
		}
		break;
	case LDAP_RES_INTERMEDIATE:
		break;
	default:
		take_result(operation, message);
	}
}

static void receive(struct gb_operation_table *table)
{
	LDAP *ldap = gb_connection_ldap(table->connection);

	for (int handled = 0; !table->is_lost; handled++) {
		struct timeval now = {0};
		LDAPMessage *message = NULL;
		int type;

		if (handled == GB_OPERATION_MAX_DRAIN) {
			wake(table);
			return;
		}
		type = ldap_result(ldap, LDAP_RES_ANY, LDAP_MSG_ONE, &now, &message);
		if (type == 0) {
			return;
		}
		if (type < 0) {
			int code = last_code(ldap);

			lose(table, code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code);
			return;
		}
		dispatch(table, message);
		ldap_msgfree(message);
	}
}

/* The oldest operation up to @last_number that has ended without an answer. */
static struct gb_operation *find_ended(const struct gb_operation_table *table, uint64_t last_number)
{
	for (struct gb_operation *o = table->first; o && o->number <= last_number; o = o->next) {
		if (o->stage == ENDED) {
			return o;
		}
	}
	return NULL;
}

/* Owners may begin and abandon others while they are called, so each look begins anew. */
static void deliver_ended(struct gb_operation_table *table)
{
	uint64_t last_number = table->last_number;
	struct gb_operation *operation;

	while ((operation = find_ended(table, last_number)) != NULL) {
		end_without_answer(operation, operation->code, NULL);
	}
}

static void deliver_lost(struct gb_operation_table *table)
{
	uint64_t last_number = table->last_number;

	while (table->first && table->first->number <= last_number) {
		struct gb_operation *operation = table->first;
		bool has_code = operation->stage == ENDED;

		end_without_answer(operation, has_code ? operation->code : table->lost_code,
				   table->notice_text);
	}
	if (table->first) {
		wake(table);
	}
}

static void drain(struct gb_operation_table *table)
{
	receive(table);
	if (!table->is_lost) {
		deliver_ended(table);
		send_waiting(table);
	}
	if (table->is_lost) {
		deliver_lost(table);
	}
	watch_room(table);
	if (table->is_retired && !table->first) {
		talloc_free(table);
	}
}

static void on_socket(struct tevent_context *ev, struct tevent_fd *watch, uint16_t flags,
		      void *user)
{
	(void)ev;
	(void)watch;
	(void)flags;
	drain(user);
}

struct gb_operation_table *gb_operation_table_new(const void *ctx, struct tevent_context *ev,
						  struct gb_connection *connection,
						  struct gb_directory_stats *stats)
{
	struct gb_operation_table *table = gb_new(ctx, struct gb_operation_table);
	/*
	 * libldap closes its descriptor when the connection breaks, before we can take it out
	 * of the loop; a copy keeps the loop's view valid until then.
	 */
	int fd = fcntl(gb_connection_fd(connection), F_DUPFD_CLOEXEC, 0);

	table->ev = ev;
	table->stats = stats;
	table->connection = talloc_steal(table, connection);
	table->wake = gb_mem_check(tevent_create_immediate(table));
	if (fd < 0) {
		lose(table, LDAP_LOCAL_ERROR);
		return table;
	}
	table->watch = gb_mem_check(tevent_add_fd(ev, table, fd, TEVENT_FD_READ, on_socket, table));
	tevent_fd_set_auto_close(table->watch);
	return table;
}

void gb_operation_table_retire(struct gb_operation_table *table)
{
	table->is_retired = true;
	lose(table, LDAP_SERVER_DOWN);
	wake(table);
}

bool gb_operation_table_is_lost(const struct gb_operation_table *table)
{
	return table->is_lost;
}

size_t gb_operation_table_pending(const struct gb_operation_table *table)
{
	return table->pending;
}

struct gb_directory_stats *gb_operation_table_stats(const struct gb_operation_table *table)
{
	return table->stats;
}

void gb_operation_table_cancel(struct gb_operation_table *table)
{
	for (struct gb_operation *o = table->first; o; o = o->next) {
		if (o->stage == ENDED) {
			continue;
		}
		abandon(o);
		o->stage = ENDED;
		o->code = LDAP_USER_CANCELLED;
	}
	wake(table);
}

struct gb_operation *gb_operation_begin(struct gb_operation_table *table,
					const struct gb_operation_request *request)
{
	struct gb_operation *operation = gb_new(table, struct gb_operation);

	operation->table = table;
	operation->request = *request;
	operation->heard_ms = gb_clock_boot_ms();
	append(table, operation);
	arm(operation, request->timeout_ms);
	if (table->is_lost) {
		operation->stage = ENDED;
		operation->code = table->lost_code;
		wake(table);
	} else if (!gb_connection_is_blocked(table->connection)) {
		send_waiting(table);
	}
	watch_room(table);
	return operation;
}

void gb_operation_abandon(struct gb_operation *operation)
{
	abandon(operation);
	detach(operation);
	talloc_free(operation);
}
