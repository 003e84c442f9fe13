/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to go wrong: rules and how they match. */
#include "config.h"

#include "sim/http/fault.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "sim/http/spoil.h"
#include "sim/identity/identity.h"

/** A rule. */
struct fault {
	char *method;       /* NULL: any */
	char *path_prefix;  /* NULL: any */
	char *path;         /* pattern of the path; NULL: any */
	char *contains;     /* in path and query; NULL: any */
	int64_t skip;       /* matching requests to let pass first */
	int64_t count;      /* requests to hit; -1: all */
	int64_t seen;       /* matching requests so far */
	int64_t hits;       /* requests hit so far */
	int64_t every;      /* of those that count, each n-th one */
	int64_t percent;    /* chance of a hit */
	struct sim_rng rng; /* of that chance, if the rule has a seed */
	bool has_seed;
	struct sim_spoil action;
};

struct sim_faults {
	struct fault *rules;
	size_t count;
	const struct fault *current; /* the rule that hit this request */
};

struct sim_faults *sim_faults_new(const void *ctx)
{
	return sim_new(ctx, struct sim_faults);
}

static bool read_rule(const void *ctx, const cJSON *json, struct fault *rule, struct sim_err *err)
{
	const cJSON *match = cJSON_GetObjectItemCaseSensitive(json, "match");

	if (!cJSON_IsObject(json)) {
		return sim_fail(err, "A fault must be an object.");
	}
	rule->method = sim_strdup(ctx, sim_json_get_string(match, "method", NULL));
	rule->path_prefix = sim_strdup(ctx, sim_json_get_string(match, "pathPrefix", NULL));
	rule->path = sim_strdup(ctx, sim_json_get_string(match, "path", NULL));
	rule->contains = sim_strdup(ctx, sim_json_get_string(match, "contains", NULL));
	rule->skip = sim_json_get_int(json, "skip", 0);
	rule->count = sim_json_get_int(json, "count", 1);
	rule->every = sim_json_get_int(json, "every", 1);
	rule->percent = sim_json_get_int(json, "percent", 100);
	rule->rng.state = (uint64_t)sim_json_get_int(json, "seed", 0);
	rule->has_seed = cJSON_GetObjectItemCaseSensitive(json, "seed") != NULL;
	if (rule->every < 1) {
		return sim_fail(err, "\"every\" of a fault must be at least 1.");
	}
	return sim_spoil_read(ctx, cJSON_GetObjectItemCaseSensitive(json, "action"), &rule->action,
			      err);
}

bool sim_faults_set(struct sim_faults *faults, const cJSON *list, struct sim_err *err)
{
	struct fault *rules = sim_new_array(faults, struct fault, SIM_FAULT_MAX);
	const cJSON *item = NULL;
	size_t count = 0;
	bool ok = cJSON_IsArray(list) && cJSON_GetArraySize(list) <= SIM_FAULT_MAX;

	if (!ok) {
		sim_fail(err, "Faults must be an array of at most %d rules.", SIM_FAULT_MAX);
	}
	cJSON_ArrayForEach(item, list)
	{
		ok = ok && read_rule(rules, item, &rules[count], err);
		count += ok;
	}
	if (!ok) {
		talloc_free(rules);
		return false;
	}
	talloc_free(faults->rules);
	faults->rules = rules;
	faults->count = count;
	faults->current = NULL;
	return true;
}

static bool matches(const struct fault *rule, const struct sim_request *request)
{
	return (!rule->method || strcasecmp(rule->method, request->method) == 0) &&
	       (!rule->path_prefix ||
		strncmp(request->path, rule->path_prefix, strlen(rule->path_prefix)) == 0) &&
	       (!rule->path || fnmatch(rule->path, request->path, 0) == 0) &&
	       (!rule->contains || strstr(request->target, rule->contains));
}

/* A rule counts and draws only for requests that it is about, so that a test can foretell it. */
static bool hits(struct sim_world *world, struct fault *rule)
{
	int64_t number = rule->seen++ - rule->skip;
	struct sim_rng *rng = rule->has_seed ? &rule->rng : &world->rng;

	if (number < 0 || number % rule->every != rule->every - 1 ||
	    (rule->count >= 0 && rule->hits >= rule->count) ||
	    (rule->percent < 100 && (int64_t)sim_rng_between(rng, 1, 100) > rule->percent)) {
		return false;
	}
	rule->hits++;
	return true;
}

static const struct fault *find_rule(struct sim_world *world, const struct sim_request *request)
{
	for (size_t i = 0; i < world->faults->count; i++) {
		struct fault *rule = &world->faults->rules[i];

		if (matches(rule, request) && hits(world, rule)) {
			return rule;
		}
	}
	return NULL;
}

/* Errors of the identity platform have another shape than Graph's. */
static void reword(struct sim_world *world, const struct sim_spoil *action,
		   const struct sim_request *request, struct sim_response *response)
{
	struct sim_sts sts = {.world = world, .request = request, .response = response};

	if (action->status >= 400 && !action->body && !action->reset &&
	    sim_identity_owns(request)) {
		sim_sts_outage(&sts, action->status, action->code);
	}
}

bool sim_fault_before(struct sim_world *world, const struct sim_request *request,
		      struct sim_response *response)
{
	const struct fault *rule = find_rule(world, request);

	world->faults->current = rule;
	if (!rule || !sim_spoil_replace(&rule->action, request, response)) {
		return false;
	}
	reword(world, &rule->action, request, response);
	return true;
}

bool sim_fault_item(struct sim_world *world, const struct sim_request *request,
		    struct sim_response *response, const struct sim_spoil **ret_spoil)
{
	const struct fault *outer = world->faults->current;
	bool is_answered = sim_fault_before(world, request, response);

	*ret_spoil = world->faults->current ? &world->faults->current->action : NULL;
	world->faults->current = outer;
	return is_answered;
}

void sim_fault_after(struct sim_world *world, const struct sim_request *request,
		     struct sim_response *response)
{
	if (world->faults->current) {
		sim_spoil_answer(&world->faults->current->action, request, response);
	}
}

void sim_faults_write(const struct sim_faults *faults, struct sim_json *json)
{
	sim_json_array(json);
	for (size_t i = 0; i < faults->count; i++) {
		sim_json_object(json);
		sim_json_put_int(json, "seen", faults->rules[i].seen);
		sim_json_put_int(json, "hits", faults->rules[i].hits);
		sim_json_object_end(json);
	}
	sim_json_array_end(json);
}
