/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generated tenants: what must hold for every spec. */
#include "config.h"

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/generate/generate.h"
#include "sim/generate/groups.h"
#include "sim/generate/ldif.h"
#include "sim/util/json_read.h"

/** Specs that are tried at random. */
#define RANDOM_SPECS 150

static const struct sim_clock clock_zero;

static struct sim_spec spec_of(const char *text)
{
	struct sim_spec spec;
	struct sim_err err;

	if (!sim_spec_parse(text, &spec, &err)) {
		fail_msg("%s: %s", text, err.text);
	}
	return spec;
}

static struct sim_store *make(const void *ctx, const struct sim_spec *spec)
{
	struct sim_store *store = sim_store_new(ctx, &clock_zero);
	struct sim_err err;

	if (!sim_generate(store, spec, &err)) {
		fail_msg("%s", err.text);
	}
	return store;
}

/* Everything that a client could see, as one text. */
static char *print(const void *ctx, const struct sim_store *store)
{
	struct sim_buf *out = sim_buf_new(ctx);

	for (uint32_t i = 0; i < store->object_count; i++) {
		const struct sim_object *object = store->objects[i];

		sim_buf_add(out, object->id, sizeof(object->id));
		for (uint16_t v = 0; v < object->value_count; v++) {
			sim_buf_printf(out, "%u=%s\n", object->values[v].prop,
				       object->values[v].json);
		}
		for (uint32_t l = 0; object->links && l < object->links->count; l++) {
			sim_buf_printf(out, ">%u\n", object->links->items[l].member);
		}
	}
	return sim_base64url(ctx, out->data, out->length);
}

static void the_same_spec_makes_the_same_tenant_and_another_seed_another(void **state)
{
	void *tmp = talloc_new(NULL);
	struct sim_spec spec = spec_of("people=300,groups=80,links=2000,cycles=1");
	struct sim_spec other = spec_of("people=300,groups=80,links=2000,cycles=1,seed=2");

	(void)state;
	assert_string_equal(print(tmp, make(tmp, &spec)), print(tmp, make(tmp, &spec)));
	assert_string_not_equal(print(tmp, make(tmp, &spec)), print(tmp, make(tmp, &other)));
	assert_int_not_equal(sim_generate_digest(&spec), sim_generate_digest(&other));
	talloc_free(tmp);
}

static void more_groups_change_nobody(void **state)
{
	struct sim_spec few = spec_of("people=100,groups=10,links=50");
	struct sim_spec many = spec_of("people=100,groups=90,links=900");
	void *tmp = talloc_new(NULL);
	const struct sim_store *a = make(tmp, &few);
	const struct sim_store *b = make(tmp, &many);

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		assert_memory_equal(a->objects[i]->id, b->objects[i]->id, SIM_GUID_SIZE);
		assert_string_equal(sim_object_get(a->objects[i], 10),
				    sim_object_get(b->objects[i], 10));
	}
	talloc_free(tmp);
}

static struct sim_spec random_spec(struct sim_rng *rng)
{
	void *tmp = talloc_new(NULL);
	uint64_t people = sim_rng_between(rng, 1, 400);
	uint64_t groups = sim_rng_between(rng, 1, 60);
	uint64_t largest = sim_rng_between(rng, 0, 3) ? 0 : sim_rng_between(rng, 1, people);
	uint64_t most = largest ? largest : people;
	struct sim_spec spec = spec_of(sim_printf(
		tmp,
		"people=%u,groups=%u,links=%u,seed=%u,cloud=%u,guests=%u,gone=%u,synced=%u,"
		"nesting=%u,cycles=%u,largest=%u,devices=%u,contacts=%u",
		(unsigned)people, (unsigned)groups,
		(unsigned)(largest + sim_rng_between(rng, 0, (groups - 1) * most)),
		(unsigned)sim_rng_between(rng, 0, 1000000), (unsigned)sim_rng_between(rng, 0, 60),
		(unsigned)sim_rng_between(rng, 0, 20), (unsigned)sim_rng_between(rng, 0, 20),
		(unsigned)sim_rng_between(rng, 0, 100), (unsigned)sim_rng_between(rng, 0, 100),
		(unsigned)sim_rng_between(rng, 0, 1), (unsigned)largest,
		(unsigned)sim_rng_between(rng, 0, 20), (unsigned)sim_rng_between(rng, 0, 20)));

	talloc_free(tmp);
	return spec;
}

static void check_counts(const struct sim_spec *spec, const struct sim_store *store)
{
	uint32_t largest = 0;

	assert_int_equal(spec->people, store->types[SIM_USER].live);
	assert_int_equal(spec->groups, store->types[SIM_GROUP].live);
	assert_int_equal(spec->links, store->links_present);
	for (uint32_t i = 0; i < store->types[SIM_GROUP].count; i++) {
		uint32_t size = store->types[SIM_GROUP].items[i]->links->present;

		assert_true(size <= spec->people);
		largest = size > largest ? size : largest;
	}
	if (spec->largest) {
		assert_int_equal(spec->largest, largest);
	}
}

static void every_spec_gives_exactly_its_people_groups_and_links(void **state)
{
	struct sim_rng rng = {11};

	(void)state;
	for (int i = 0; i < RANDOM_SPECS; i++) {
		struct sim_spec spec = random_spec(&rng);
		struct sim_store *store = make(NULL, &spec);

		check_counts(&spec, store);
		talloc_free(store);
	}
}

static bool reaches(const struct sim_store *store, const struct sim_object *from, uint8_t *seen)
{
	/* 1: being visited, 2: done. */
	seen[from->index] = 1;
	for (uint32_t i = 0; i < from->links->count; i++) {
		const struct sim_object *to = store->objects[from->links->items[i].member];

		if (to->type == SIM_GROUP &&
		    (seen[to->index] == 1 || (!seen[to->index] && reaches(store, to, seen)))) {
			return true;
		}
	}
	seen[from->index] = 2;
	return false;
}

static bool has_cycle(const struct sim_store *store)
{
	uint8_t *seen = talloc_zero_array(NULL, uint8_t, store->object_count);
	bool found = false;

	for (uint32_t i = 0; i < store->types[SIM_GROUP].count && !found; i++) {
		const struct sim_object *group = store->types[SIM_GROUP].items[i];

		found = !seen[group->index] && reaches(store, group, seen);
	}
	talloc_free(seen);
	return found;
}

static void groups_hold_each_other_in_circles_only_when_asked(void **state)
{
	struct sim_rng rng = {12};

	(void)state;
	for (int i = 0; i < RANDOM_SPECS; i++) {
		struct sim_spec spec = random_spec(&rng);
		struct sim_store *store = NULL;

		spec.cycles = 0;
		store = make(NULL, &spec);
		assert_false(has_cycle(store));
		talloc_free(store);
	}
	for (int i = 1; i < 10; i++) {
		char text[80];
		struct sim_spec spec;
		struct sim_store *store = NULL;

		snprintf(text, sizeof(text), "people=50,groups=60,links=900,cycles=1,seed=%d", i);
		spec = spec_of(text);
		spec.nesting = 100;
		store = make(NULL, &spec);
		assert_true(has_cycle(store));
		talloc_free(store);
	}
}

/** What a group holds. */
struct held {
	uint32_t types[SIM_TYPE_COUNT];
	uint32_t highest_person;
};

static void hold(void *closure, enum sim_type type, uint32_t number)
{
	struct held *held = closure;

	held->types[type]++;
	if (type == SIM_USER && number > held->highest_person) {
		held->highest_person = number;
	}
}

static void every_kind_holds_what_entra_lets_it_hold(void **state)
{
	struct sim_spec spec = spec_of("people=500,groups=2000,links=30000,nesting=50,cloud=20");
	uint32_t found[SIM_KIND_COUNT] = {0};
	struct held all = {{0}, 0};
	struct sim_shape *shape = NULL;
	struct sim_err err;

	(void)state;
	assert_true(sim_shape_new(NULL, &spec, &shape, &err));
	for (uint32_t group = 0; group < 2000; group++) {
		struct held held = {{0}, 0};
		unsigned kind = shape->kinds[group];

		sim_shape_members(shape, group, hold, &held);
		sim_shape_members(shape, group, hold, &all);
		found[kind]++;
		if (kind != SIM_KIND_SECURITY && kind != SIM_KIND_SYNCED) {
			assert_int_equal(0, held.types[SIM_GROUP] + held.types[SIM_DEVICE]);
		}
		if (kind == SIM_KIND_SYNCED) {
			assert_true(held.highest_person < shape->origins.synced);
		}
		if (kind != SIM_KIND_MAIL_SECURITY && kind != SIM_KIND_DISTRIBUTION) {
			assert_int_equal(0, held.types[SIM_CONTACT]);
		}
	}
	for (unsigned kind = 0; kind < SIM_KIND_COUNT; kind++) {
		assert_true(found[kind] > 0);
	}
	assert_true(all.types[SIM_GROUP] && all.types[SIM_DEVICE] && all.types[SIM_CONTACT]);
	talloc_free(shape);
}

static void writeback_comes_in_all_its_states(void **state)
{
	struct sim_spec spec = spec_of("people=10,groups=500,links=0");
	struct sim_store *store = make(NULL, &spec);
	int row = sim_prop_find(SIM_GROUP, "writebackConfiguration");
	static const char *const states[] = {
		"{\"isEnabled\":true,\"onPremisesGroupType\":null}",
		"{\"isEnabled\":true,\"onPremisesGroupType\":\"universalSecurityGroup\"}",
		"{\"isEnabled\":true,\"onPremisesGroupType\":\"universalDistributionGroup\"}",
		"{\"isEnabled\":true,\"onPremisesGroupType\":"
		"\"universalMailEnabledSecurityGroup\"}",
		"{\"isEnabled\":false,\"onPremisesGroupType\":null}",
		"{\"isEnabled\":false,\"onPremisesGroupType\":\"universalSecurityGroup\"}",
		"{\"isEnabled\":null,\"onPremisesGroupType\":null}",
		"{\"isEnabled\":null,\"onPremisesGroupType\":\"universalSecurityGroup\"}",
	};
	uint32_t found[SIM_ARRAY_SIZE(states) + 1] = {0};

	(void)state;
	for (uint32_t i = 0; i < 500; i++) {
		const char *json = sim_object_get(store->types[SIM_GROUP].items[i], row);
		size_t at = 0;

		while (at < SIM_ARRAY_SIZE(states) && json && strcmp(states[at], json) != 0) {
			at++;
		}
		assert_true(!json || at < SIM_ARRAY_SIZE(states));
		found[json ? at : SIM_ARRAY_SIZE(states)]++;
	}
	for (size_t i = 0; i < SIM_ARRAY_SIZE(found); i++) {
		assert_true(found[i] > 0);
	}
	talloc_free(store);
}

/* Characters, a surrogate pair counting as one: AD's limit of cn is 64. */
static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++) {
		count += ((unsigned char)*text & 0xC0) != 0x80;
	}
	return count;
}

static void names_are_text_and_fit_where_they_go(void **state)
{
	struct sim_rng rng = {13};
	char group[SIM_NAME_TEXT];
	struct sim_name name;

	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		sim_name_person(sim_rng_next(&rng), i + 1990000, true, &name);
		assert_true(sim_utf8_is_valid(name.relative, strlen(name.relative)));
		assert_true(characters(name.relative) <= 64);
		sim_name_group(sim_rng_next(&rng), i + 1990000, true, group);
		assert_true(sim_utf8_is_valid(group, strlen(group)));
		assert_true(group[0] && characters(group) <= 256);
	}
}

static void distinguished_names_are_escaped(void **state)
{
	static const struct {
		const char *relative;
		const char *dn;
	} cases[] = {
		{"Ada 1", "CN=Ada 1,OU=x"},
		{"#Ada", "CN=\\#Ada,OU=x"},
		{" A #b ", "CN=\\ A #b\\ ,OU=x"},
		{"a,b+c\"d\\e<f>g;h=i", "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i,OU=x"},
	};
	char dn[200];

	(void)state;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(cases); i++) {
		sim_dn_make(cases[i].relative, "OU=x", dn, sizeof(dn));
		assert_string_equal(cases[i].dn, dn);
	}
}

static void a_permutation_meets_every_number_once(void **state)
{
	(void)state;
	for (uint64_t count = 1; count < 300; count++) {
		uint8_t seen[300] = {0};

		for (uint64_t i = 0; i < count; i++) {
			uint64_t at = sim_permute(count * 7, count, i);

			assert_true(at < count);
			assert_int_equal(0, seen[at]++);
		}
	}
}

/** The LDIF of a spec, below @ctx. */
static char *ldif_of(const void *ctx, const struct sim_spec *spec)
{
	char *copy = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct sim_err err;

	assert_non_null(out);
	assert_true(sim_ldif_write(spec, out, &err));
	fclose(out);
	copy = sim_strdup(ctx, text);
	free(text);
	return copy;
}

static size_t count_of(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *p = strstr(text, what); p; p = strstr(p + 1, what)) {
		count++;
	}
	return count;
}

static void the_cloud_names_the_anchors_that_the_ldif_gives(void **state)
{
	struct sim_spec spec = spec_of("people=200,groups=50,links=600,synced=40,cloud=10,gone=5");
	struct sim_store *store = make(NULL, &spec);
	int row = sim_prop_find(SIM_USER, "onPremisesImmutableId");
	char *ldif = ldif_of(store, &spec);
	size_t missing = 0;

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		const char *json = sim_object_get(store->objects[i], row);
		char *line = json ? sim_printf(store, ":: %.24s\n", json + 1) : NULL;

		missing += line && !strstr(ldif, line);
	}
	/* Those whose account is gone are named by the cloud alone. */
	assert_int_equal(10, missing);
	assert_int_equal(160, count_of(ldif, "objectClass: user\n"));
	assert_int_equal(count_of(ldif, "objectSid:: "), count_of(ldif, "objectGUID:: "));
	assert_true(count_of(ldif, "objectClass: group\n") > 10);
	assert_true(count_of(ldif, "mS-DS-ConsistencyGuid:: ") > 20);
	talloc_free(store);
}

static void a_plain_tenant_has_no_surprises(void **state)
{
	struct sim_spec spec = spec_of("mix=plain,people=100,groups=50,links=1000");
	struct sim_store *store = make(NULL, &spec);
	int sid = sim_prop_find(SIM_USER, "onPremisesSecurityIdentifier");
	int security = sim_prop_find(SIM_GROUP, "securityEnabled");
	int writeback = sim_prop_find(SIM_GROUP, "writebackConfiguration");

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		assert_non_null(sim_object_get(store->types[SIM_USER].items[i], sid));
	}
	for (uint32_t i = 0; i < 50; i++) {
		const struct sim_object *group = store->types[SIM_GROUP].items[i];

		assert_string_equal("true", sim_object_get(group, security));
		assert_non_null(strstr(sim_object_get(group, writeback), "\"isEnabled\":true"));
	}
	assert_int_equal(150, store->object_count);
	talloc_free(store);
}

static void a_spec_that_cannot_be_is_refused_with_a_sentence(void **state)
{
	static const char *const specs[] = {
		"people",
		"people=",
		"people=x",
		"people=-1",
		"shoes=4",
		"mix=odd",
		"people=1e3",
		"cycles=2",
		"cloud=60,guests=60",
		"people=10,largest=11",
		"links=5,largest=6",
		"people=3000000",
	};
	struct sim_spec spec;
	struct sim_store *store = sim_store_new(NULL, &clock_zero);
	struct sim_err err;

	(void)state;
	for (size_t i = 0; i < SIM_ARRAY_SIZE(specs); i++) {
		err.text[0] = '\0';
		if (sim_spec_parse(specs[i], &spec, &err)) {
			fail_msg("taken: %s", specs[i]);
		}
		assert_true(strlen(err.text) > 10);
	}
	spec = spec_of("people=10,groups=3,links=31");
	assert_false(sim_generate(store, &spec, &err));
	assert_int_equal(0, store->object_count);
	talloc_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_spec_makes_the_same_tenant_and_another_seed_another),
		cmocka_unit_test(more_groups_change_nobody),
		cmocka_unit_test(every_spec_gives_exactly_its_people_groups_and_links),
		cmocka_unit_test(groups_hold_each_other_in_circles_only_when_asked),
		cmocka_unit_test(every_kind_holds_what_entra_lets_it_hold),
		cmocka_unit_test(writeback_comes_in_all_its_states),
		cmocka_unit_test(names_are_text_and_fit_where_they_go),
		cmocka_unit_test(distinguished_names_are_escaped),
		cmocka_unit_test(a_permutation_meets_every_number_once),
		cmocka_unit_test(the_cloud_names_the_anchors_that_the_ldif_gives),
		cmocka_unit_test(a_plain_tenant_has_no_surprises),
		cmocka_unit_test(a_spec_that_cannot_be_is_refused_with_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
