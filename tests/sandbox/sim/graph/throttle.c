/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Throttling by resource units. */
#include "config.h"

#include "sim/graph/throttle.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/** Seconds of the window of writes. */
#define WRITE_WINDOW_S 150
/** Share of the limit from which on the percentage is told. */
#define TELL_FROM 0.8

/** What is left of one limit. */
struct bucket {
	double level;    /* units; below zero: calls that were refused are counted too */
	int64_t when_ms; /* when the level was right; 0: never used, full */
};

/** An app in this tenant. */
struct account {
	char app_id[SIM_GUID_TEXT];
	struct bucket reads;
	struct bucket writes;
};

struct sim_throttle {
	struct account *accounts;
	size_t count;
};

/** A limit: so many units in so many seconds. */
struct limit {
	double units;
	double window_s;
	double burst; /* what a full bucket holds */
};

struct sim_throttle *sim_throttle_new(const void *ctx)
{
	return sim_new(ctx, struct sim_throttle);
}

void sim_throttle_reset(struct sim_throttle *throttle)
{
	TALLOC_FREE(throttle->accounts);
	throttle->count = 0;
}

static struct account *account_of(struct sim_throttle *throttle, const char *app_id)
{
	struct account *account = NULL;

	for (size_t i = 0; i < throttle->count; i++) {
		if (strcmp(throttle->accounts[i].app_id, app_id) == 0) {
			return &throttle->accounts[i];
		}
	}
	throttle->accounts =
		sim_resize(throttle, throttle->accounts, struct account, throttle->count + 1);
	account = &throttle->accounts[throttle->count++];
	memset(account, 0, sizeof(*account));
	snprintf(account->app_id, sizeof(account->app_id), "%s", app_id);
	return account;
}

static struct limit unit_limit(const struct sim_world *world)
{
	const struct sim_switches *switches = &world->switches;
	uint32_t users = world->tenant->store->types[SIM_USER].live;
	double units = users < 50     ? SIM_UNITS_SMALL
		       : users <= 500 ? SIM_UNITS_MEDIUM
				      : SIM_UNITS_LARGE;

	units = switches->throttle_units ? (double)switches->throttle_units : units;
	return (struct limit){units, (double)switches->throttle_window_s,
			      switches->throttle_burst ? (double)switches->throttle_burst : units};
}

static struct limit write_limit(const struct sim_world *world)
{
	double units = (double)world->switches.throttle_writes;

	return (struct limit){units, WRITE_WINDOW_S, units};
}

static void fill(struct bucket *bucket, const struct limit *limit, int64_t now)
{
	double gained = (double)(now - bucket->when_ms) / 1000 * limit->units / limit->window_s;

	bucket->level = bucket->when_ms ? fmin(bucket->level + gained, limit->burst) : limit->burst;
	bucket->when_ms = now;
}

static void take(struct bucket *bucket, const struct limit *limit, int units)
{
	bucket->level = fmax(bucket->level - units, -limit->burst);
}

/* Whole seconds until there is a unit again. */
static int64_t seconds_left(const struct bucket *bucket, const struct limit *limit)
{
	double seconds = ceil((1 - bucket->level) * limit->window_s / limit->units);

	return seconds < 1 ? 1 : (int64_t)seconds;
}

static bool is_write(const struct sim_call *call)
{
	const char *method = call->request->method;

	return strcmp(method, "PATCH") == 0 || strcmp(method, "DELETE") == 0 ||
	       strcmp(method, "PUT") == 0 ||
	       (strcmp(method, "POST") == 0 && !strstr(call->resource, "getByIds"));
}

static const char *app_of(const struct sim_call *call)
{
	return sim_json_get_string(call->token->claims, "appid", "");
}

static void put_retry_after(struct sim_call *call, int64_t seconds)
{
	time_t when = time(NULL) + (time_t)seconds;
	struct tm parts;
	char text[40];

	if (!call->world->switches.retry_after_date) {
		sim_response_header(call->response, "Retry-After",
				    sim_printf(call->response, "%lld", (long long)seconds));
		return;
	}
	gmtime_r(&when, &parts);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
	sim_response_header(call->response, "Retry-After", text);
}

static void put_body(struct sim_call *call)
{
	struct sim_json json = {.out = call->response->body};
	char date[SIM_TIME_TEXT];

	sim_time_bare(sim_clock_now(&call->world->clock), date);
	sim_json_object(&json);
	sim_json_key(&json, "error");
	sim_json_object(&json);
	sim_json_put_string(&json, "code", "TooManyRequests");
	sim_json_put_string(&json, "message", "Please retry again later.");
	sim_json_key(&json, "innerError");
	sim_json_object(&json);
	sim_json_put_string(&json, "code", "429");
	sim_json_put_string(&json, "date", date);
	sim_json_put_string(&json, "message", "Please retry after");
	sim_json_put_string(&json, "request-id", call->request_id);
	sim_json_put_string(&json, "client-request-id", call->client_request_id);
	sim_json_put_string(&json, "status", "429");
	sim_json_object_end(&json);
	sim_json_object_end(&json);
	sim_json_object_end(&json);
}

static bool refuse(struct sim_call *call, const char *limit, int64_t seconds)
{
	call->response->status = 429;
	sim_buf_cut(call->response->body, 0);
	put_body(call);
	put_retry_after(call, seconds);
	sim_response_header(call->response, "x-ms-throttle-information", limit);
	sim_response_header(call->response, "x-ms-throttle-scope",
			    sim_printf(call->response, "Tenant_Application/%s/%s/%s",
				       is_write(call) ? "Write" : "ReadWrite", app_of(call),
				       call->world->tenant->id));
	return false;
}

bool sim_throttle_admit(struct sim_call *call, int units)
{
	struct sim_world *world = call->world;
	struct limit unit = unit_limit(world);
	struct limit write = write_limit(world);
	struct account *account = NULL;

	if (!world->switches.throttle) {
		return true;
	}
	account = account_of(world->throttle, app_of(call));
	fill(&account->reads, &unit, sim_clock_elapsed_ms(&world->clock));
	fill(&account->writes, &write, sim_clock_elapsed_ms(&world->clock));
	if (account->reads.level < 1) {
		int64_t seconds = seconds_left(&account->reads, &unit);

		/* "We continue to log usage even after you exceed the limits." */
		take(&account->reads, &unit, units);
		return refuse(call, "ResourceUnitLimitExceeded", seconds);
	}
	if (is_write(call) && account->writes.level < 1) {
		return refuse(call, "WriteLimitExceeded", seconds_left(&account->writes, &write));
	}
	return true;
}

static void tell(struct sim_call *call, const struct bucket *bucket, const struct limit *limit)
{
	double used = 1 - bucket->level / limit->burst;

	if (call->world->switches.limit_percentage && used >= TELL_FROM) {
		sim_response_header(call->response, "x-ms-throttle-limit-percentage",
				    sim_printf(call->response, "%.1f", fmin(used, 1.8)));
	}
}

void sim_throttle_pay(struct sim_call *call)
{
	struct sim_world *world = call->world;
	struct limit unit = unit_limit(world);
	struct limit write = write_limit(world);
	struct account *account = NULL;

	if (!world->switches.throttle || call->response->status >= 400) {
		return;
	}
	account = account_of(world->throttle, app_of(call));
	take(&account->reads, &unit, call->cost < 1 ? 1 : call->cost);
	if (is_write(call)) {
		take(&account->writes, &write, 1);
	}
	tell(call, &account->reads, &unit);
}
