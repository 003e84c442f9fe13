/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a generated tenant is to be like. */
#include "config.h"

#include "sim/generate/spec.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sim/util/rng.h"

/** A key and its bounds. */
static const struct {
	const char *name;
	size_t offset;
	int64_t low;
	int64_t high;
} keys[] = {
	{"seed", offsetof(struct sim_spec, seed), 0, INT64_MAX},
	{"people", offsetof(struct sim_spec, people), 0, SIM_GENERATE_MAX},
	{"groups", offsetof(struct sim_spec, groups), 0, SIM_GENERATE_MAX},
	{"links", offsetof(struct sim_spec, links), 0, SIM_LINK_MAX},
	{"cloud", offsetof(struct sim_spec, cloud), 0, 100},
	{"guests", offsetof(struct sim_spec, guests), 0, 100},
	{"gone", offsetof(struct sim_spec, gone), 0, 100},
	{"devices", offsetof(struct sim_spec, devices), 0, SIM_GENERATE_MAX},
	{"contacts", offsetof(struct sim_spec, contacts), 0, SIM_GENERATE_MAX},
	{"synced", offsetof(struct sim_spec, synced), 0, 100},
	{"nesting", offsetof(struct sim_spec, nesting), 0, 100},
	{"cycles", offsetof(struct sim_spec, cycles), 0, 1},
	{"largest", offsetof(struct sim_spec, largest), 0, SIM_GROUP_SIZE_MAX},
	{"enabled", offsetof(struct sim_spec, enabled), 0, 100},
};

static const struct sim_spec realistic = {.seed = 1,
					  .people = 1000,
					  .groups = 200,
					  .links = 5000,
					  .cloud = 8,
					  .guests = 5,
					  .gone = 1,
					  .devices = -1,
					  .contacts = -1,
					  .synced = 12,
					  .nesting = 10,
					  .enabled = 40};

static const struct sim_spec plain = {
	.seed = 1, .people = 1000, .groups = 200, .links = 5000, .enabled = 100, .plain = true};

static bool set_mix(struct sim_spec *spec, const char *value, struct sim_err *err)
{
	if (strcmp(value, "realistic") == 0) {
		*spec = realistic;
	} else if (strcmp(value, "plain") == 0) {
		*spec = plain;
	} else {
		return sim_fail(err, "The mix \"%.40s\" is none of realistic, plain.", value);
	}
	return true;
}

static bool set_number(struct sim_spec *spec, const char *key, const char *value,
		       struct sim_err *err)
{
	char *end = NULL;
	int64_t number = 0;

	for (size_t i = 0; i < SIM_ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].name, key) != 0) {
			continue;
		}
		errno = 0;
		number = strtoll(value, &end, 10);
		if (errno || end == value || *end || number < keys[i].low ||
		    number > keys[i].high) {
			return sim_fail(err, "%s must be a number from %lld to %lld.", key,
					(long long)keys[i].low, (long long)keys[i].high);
		}
		memcpy((char *)spec + keys[i].offset, &number, sizeof(number));
		return true;
	}
	return sim_fail(err, "A generated tenant has no \"%.40s\".", key);
}

/* The mix replaces all defaults, so it is looked for before the rest is read (@mix_only). */
static bool read_pairs(const char *text, bool mix_only, struct sim_spec *spec, struct sim_err *err)
{
	char *copy = sim_strdup(NULL, text);
	char *rest = copy;
	char *pair = NULL;
	bool ok = true;

	while (ok && (pair = strsep(&rest, ",")) != NULL) {
		char *value = strchr(pair, '=');
		bool is_mix = strncmp(pair, "mix=", 4) == 0;

		if (!value) {
			ok = pair[0] == '\0' ||
			     sim_fail(err, "\"%.40s\" has no value; write KEY=NUMBER.", pair);
			continue;
		}
		*value++ = '\0';
		if (is_mix) {
			ok = !mix_only || set_mix(spec, value, err);
		} else if (!mix_only) {
			ok = set_number(spec, pair, value, err);
		}
	}
	talloc_free(copy);
	return ok;
}

static bool check(const struct sim_spec *spec, struct sim_err *err)
{
	if (spec->cloud + spec->guests + spec->gone > 100) {
		return sim_fail(err, "cloud, guests and gone are more than 100 percent.");
	}
	if (spec->largest > spec->people || spec->largest > spec->links) {
		return sim_fail(err, "The largest group cannot have more members than there are "
				     "people or links.");
	}
	return true;
}

bool sim_spec_parse(const char *text, struct sim_spec *ret_spec, struct sim_err *err)
{
	struct sim_spec spec = realistic;

	if (!read_pairs(text, true, &spec, err) || !read_pairs(text, false, &spec, err) ||
	    !check(&spec, err)) {
		return false;
	}
	spec.devices = spec.devices < 0 ? spec.people / 10 : spec.devices;
	spec.contacts = spec.contacts < 0 ? spec.people / 100 : spec.contacts;
	spec.base_dn = "DC=lab,DC=test";
	spec.domain_sid = "S-1-5-21-1004336348-1177238915-682003330";
	spec.cloud_domain = "contoso.onmicrosoft.com";
	*ret_spec = spec;
	return true;
}

uint64_t sim_spec_random(const struct sim_spec *spec, enum sim_stream stream, uint64_t number)
{
	struct sim_rng rng = {(uint64_t)spec->seed};

	rng.state = sim_rng_next(&rng) ^ (uint64_t)stream << 56 ^ number;
	return sim_rng_next(&rng);
}

bool sim_spec_chance(const struct sim_spec *spec, enum sim_stream stream, uint64_t number,
		     int64_t percent)
{
	return (int64_t)(sim_spec_random(spec, stream, number) % 100) < percent;
}

void sim_spec_guid(const struct sim_spec *spec, enum sim_stream stream, uint64_t number,
		   uint8_t ret_guid[16])
{
	struct sim_rng rng = {sim_spec_random(spec, stream, number)};
	uint64_t halves[2] = {sim_rng_next(&rng), sim_rng_next(&rng)};

	memcpy(ret_guid, halves, sizeof(halves));
	ret_guid[6] = (uint8_t)((ret_guid[6] & 0x0F) | 0x40);
	ret_guid[8] = (uint8_t)((ret_guid[8] & 0x3F) | 0x80);
}

char *sim_spec_dns(const void *ctx, const struct sim_spec *spec)
{
	char *text = sim_strdup(ctx, "");

	for (const char *p = spec->base_dn; p; p = strchr(p, ',')) {
		p += p == spec->base_dn ? 0 : 1;
		text = sim_mem_check(talloc_asprintf_append_buffer(
			text, "%s%.*s", text[0] ? "." : "", (int)strcspn(p + strlen("DC="), ","),
			p + strlen("DC=")));
	}
	return text;
}
