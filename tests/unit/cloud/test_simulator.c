/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of the whole client against the simulator: signing in, reading all, following changes. */
#include "config.h"

#include "engine/base/buffer.h"
#include "engine/base/guid.h"
#include "engine/cloud/cloud.h"
#include "tests/unit/cloud/simulator.h"
#include "tests/unit/unit.h"

#define MAX_GROUPS 60
#define MAX_PEOPLE 2600

/* What a client knows of the tenant. */
struct model {
	bool has_group[MAX_GROUPS];
	char names[MAX_GROUPS][64];
	bool is_linked[MAX_GROUPS][MAX_PEOPLE];
	bool has_person[MAX_PEOPLE];
	bool is_soft_deleted[MAX_PEOPLE];
};

struct bench {
	struct lab lab;
	struct simulator *simulator;
	struct gb_cloud *cloud;
	struct gb_cloud_options options;
	struct model *model; /* that the callbacks write to */
	bool is_done;
	enum gb_rc rc;
	struct gb_err err;
	char *groups_link;
	char *people_link;
	unsigned records;
	unsigned unreadable;
	unsigned next;
	unsigned ends[4]; /* by outcome */
	char *tenant_id;
};

static struct bench *new_bench(unsigned groups, unsigned people, const char *const *arguments)
{
	struct bench *bench = gb_new(NULL, struct bench);

	bench->lab.ev = gb_mem_check(tevent_context_init(bench));
	bench->simulator = simulator_start(bench, shared_pki, groups, people, arguments);
	bench->model = gb_new(bench, struct model);
	bench->options = (struct gb_cloud_options){
		.authority_url = bench->simulator->url,
		.graph_url = bench->simulator->url,
		.tenant = "contoso.test",
		.client_id = SIMULATOR_CLIENT,
		.secret = gb_secret_new(bench, SIMULATOR_SECRET, strlen(SIMULATOR_SECRET)),
		.beta_groups = true,
		.ca_file = shared_pki->ca_file,
		.max_attempts = 3,
		.deadline_ms = 5000,
		.first_delay_ms = 1,
	};
	return bench;
}

static void sign_in(struct bench *bench)
{
	struct gb_err err;

	TALLOC_FREE(bench->cloud);
	assert_int_equal(gb_cloud_new(bench, bench->lab.ev, &bench->options, &bench->cloud, &err),
			 GB_OK);
}

static unsigned number_of(const struct gb_guid *id)
{
	char text[GB_GUID_TEXT_BYTES];

	return simulator_number(gb_guid_format(id, text));
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct bench *bench = user;

	bench->is_done = true;
	bench->rc = rc;
	if (err != NULL) {
		bench->err = *err;
	}
}

static void wait_for(struct bench *bench)
{
	lab_wait(&bench->lab, &bench->is_done);
	bench->is_done = false;
}

static void expect_ok(struct bench *bench)
{
	if (bench->rc != GB_OK) {
		fail_msg("%s: %s", bench->err.id, bench->err.what);
	}
}

static void on_organization(void *user, enum gb_rc rc,
			    const struct gb_cloud_organization *organization,
			    const struct gb_err *err)
{
	struct bench *bench = user;

	if (rc == GB_OK) {
		char text[GB_GUID_TEXT_BYTES];

		bench->tenant_id = gb_strdup(bench, gb_guid_format(&organization->tenant_id, text));
		assert_string_equal(organization->default_domain, "contoso.test");
	}
	on_done(user, rc, err);
}

static void ask_organization(struct bench *bench)
{
	gb_cloud_organization(bench->cloud, on_organization, bench);
	wait_for(bench);
}

static enum gb_rc on_group(void *user, const struct gb_cloud_group *group, struct gb_err *err)
{
	struct bench *bench = user;
	unsigned g = number_of(&group->id);

	(void)err;
	bench->records++;
	bench->model->has_group[g] = true;
	snprintf(bench->model->names[g], sizeof(bench->model->names[g]), "%s", group->display_name);
	assert_int_equal((group->present & GB_GROUP_HAS_WRITEBACK) != 0,
			 bench->options.beta_groups);
	return GB_OK;
}

static enum gb_rc on_refused(void *user, const struct gb_guid *id, const struct gb_err *why,
			     struct gb_err *err)
{
	(void)user;
	(void)id;
	*err = *why;
	return why->rc;
}

static void list_groups(struct bench *bench)
{
	struct gb_cloud_groups_sink sink = {
		.on_group = on_group, .on_refused = on_refused, .done = on_done, .user = bench};

	gb_cloud_list_groups(bench->cloud, &sink);
	wait_for(bench);
}

static enum gb_rc on_person(void *user, const struct gb_cloud_member *person, struct gb_err *err)
{
	struct bench *bench = user;

	(void)err;
	bench->records++;
	bench->model->has_person[number_of(&person->id)] = true;
	assert_true(person->readable);
	return GB_OK;
}

static void list_people(struct bench *bench)
{
	struct gb_cloud_users_sink sink = {.on_person = on_person, .done = on_done, .user = bench};

	gb_cloud_list_users(bench->cloud, &sink);
	wait_for(bench);
}

static enum gb_rc on_next(void *user, struct gb_guid *ret_id, bool *ret_more, struct gb_err *err)
{
	struct bench *bench = user;

	(void)err;
	while (bench->next < MAX_GROUPS && !bench->model->has_group[bench->next]) {
		bench->next++;
	}
	*ret_more = bench->next < MAX_GROUPS;
	if (*ret_more) {
		assert_true(gb_guid_parse(simulator_group(bench->next++), ret_id));
	}
	return GB_OK;
}

static enum gb_rc on_begin(void *user, const struct gb_guid *group, struct gb_err *err)
{
	struct bench *bench = user;

	(void)err;
	memset(bench->model->is_linked[number_of(group)], 0, MAX_PEOPLE);
	return GB_OK;
}

static enum gb_rc on_member(void *user, const struct gb_guid *group,
			    const struct gb_cloud_member *member, struct gb_err *err)
{
	struct bench *bench = user;

	(void)err;
	assert_int_equal(member->type, GB_CLOUD_USER);
	bench->records++;
	bench->unreadable += member->readable ? 0 : 1;
	bench->model->is_linked[number_of(group)][number_of(&member->id)] = true;
	return GB_OK;
}

static enum gb_rc on_end(void *user, const struct gb_guid *group,
			 enum gb_cloud_members_outcome outcome, const struct gb_err *why,
			 struct gb_err *err)
{
	struct bench *bench = user;

	(void)group;
	(void)why;
	(void)err;
	bench->ends[outcome]++;
	return GB_OK;
}

static void read_members(struct bench *bench)
{
	struct gb_cloud_members_sink sink = {.next_group = on_next,
					     .on_begin = on_begin,
					     .on_member = on_member,
					     .on_end = on_end,
					     .done = on_done,
					     .user = bench};

	bench->next = 0;
	memset(bench->ends, 0, sizeof(bench->ends));
	gb_cloud_read_members(bench->cloud, &sink);
	wait_for(bench);
}

static enum gb_rc on_group_change(void *user, const struct gb_cloud_group_change *change,
				  struct gb_err *err)
{
	struct bench *bench = user;
	struct model *model = bench->model;
	unsigned g = number_of(&change->group.id);

	(void)err;
	bench->records++;
	if (change->removed == GB_REMOVED_DELETED) {
		memset(model->is_linked[g], 0, MAX_PEOPLE);
	}
	model->has_group[g] = change->removed == GB_NOT_REMOVED;
	if ((change->group.present & GB_GROUP_HAS_DISPLAY_NAME) != 0) {
		snprintf(model->names[g], sizeof(model->names[g]), "%s",
			 change->group.display_name);
	}
	for (size_t i = 0; i < change->member_count; i++) {
		model->is_linked[g][number_of(&change->members[i].id)] =
			!change->members[i].removed;
	}
	return GB_OK;
}

static void on_groups_round(void *user, enum gb_rc rc, const char *link, const struct gb_err *err)
{
	struct bench *bench = user;

	if (link != NULL) {
		bench->groups_link = gb_strdup(bench, link);
	}
	on_done(user, rc, err);
}

static void groups_delta(struct bench *bench, enum gb_cloud_delta_start start)
{
	struct gb_cloud_groups_delta_sink sink = {.on_change = on_group_change,
						  .on_refused = on_refused,
						  .done = on_groups_round,
						  .user = bench};

	gb_cloud_groups_delta(bench->cloud, start, bench->groups_link, &sink);
	wait_for(bench);
}

static enum gb_rc on_person_change(void *user, const struct gb_cloud_person_change *change,
				   struct gb_err *err)
{
	struct bench *bench = user;
	struct model *model = bench->model;
	unsigned p = number_of(&change->person.id);

	(void)err;
	bench->records++;
	model->has_person[p] = change->removed == GB_NOT_REMOVED;
	model->is_soft_deleted[p] = change->removed == GB_REMOVED_CHANGED;
	return GB_OK;
}

static void on_people_round(void *user, enum gb_rc rc, const char *link, const struct gb_err *err)
{
	struct bench *bench = user;

	if (link != NULL) {
		bench->people_link = gb_strdup(bench, link);
	}
	on_done(user, rc, err);
}

static void people_delta(struct bench *bench, enum gb_cloud_delta_start start)
{
	struct gb_cloud_users_delta_sink sink = {
		.on_change = on_person_change, .done = on_people_round, .user = bench};

	gb_cloud_users_delta(bench->cloud, start, bench->people_link, &sink);
	wait_for(bench);
}

static void a_secret_signs_in(void **state)
{
	struct bench *bench = new_bench(1, 1, NULL);

	(void)state;
	sign_in(bench);
	ask_organization(bench);
	expect_ok(bench);
	assert_string_equal(bench->tenant_id, SIMULATOR_TENANT);
	bench->options.tenant = SIMULATOR_TENANT;
	sign_in(bench);
	ask_organization(bench);
	expect_ok(bench);
	talloc_free(bench);
}

static void use_certificate(struct bench *bench, const struct certificate *certificate,
			    enum gb_cloud_assertion assertion)
{
	bench->options.credential = GB_CLOUD_CREDENTIAL_CERTIFICATE;
	bench->options.secret = gb_secret_new(bench, certificate->key, strlen(certificate->key));
	bench->options.certificate_pem = certificate->pem;
	bench->options.certificate_length = strlen(certificate->pem);
	bench->options.assertion = assertion;
}

static void a_certificate_signs_in_with_both_algorithms(void **state)
{
	struct bench *bench = new_bench(1, 1, NULL);

	(void)state;
	use_certificate(bench, &shared_pki->app, GB_CLOUD_ASSERTION_PS256);
	sign_in(bench);
	ask_organization(bench);
	expect_ok(bench);
	assert_true(gb_cloud_certificate_end_ms(bench->cloud) > 0);
	bench->options.assertion = GB_CLOUD_ASSERTION_RS256;
	sign_in(bench);
	ask_organization(bench);
	expect_ok(bench);
	talloc_free(bench);
}

static void expect_refusal(struct bench *bench, enum gb_rc rc, const char *id)
{
	sign_in(bench);
	ask_organization(bench);
	assert_int_equal(bench->rc, rc);
	assert_string_equal(bench->err.id, id);
	assert_string_not_equal(bench->err.undone, "");
	assert_string_not_equal(bench->err.remedy, "");
	assert_int_equal(gb_cloud_stats(bench->cloud).requests, 1);
}

static void each_wrong_credential_is_explained(void **state)
{
	struct bench *bench = new_bench(1, 1, NULL);
	struct gb_cloud_options good = bench->options;
	struct certificate_order order = {
		.name = "app", .alternatives = "DNS:app", .until_s = 3600, .rsa_bits = 2048};
	struct certificate unknown = certificate_make(bench, &order);

	(void)state;
	bench->options.secret = gb_secret_new(bench, "wrong", 5);
	expect_refusal(bench, GB_E_ACCESS, "aadsts-7000215");
	bench->options = good;
	bench->options.tenant = "nobody.test";
	expect_refusal(bench, GB_E_CONFIG, "aadsts-90002");
	bench->options = good;
	bench->options.client_id = "22222222-0000-4000-8000-999999999999";
	expect_refusal(bench, GB_E_ACCESS, "aadsts-700016");
	bench->options.client_id = SIMULATOR_DISABLED;
	expect_refusal(bench, GB_E_ACCESS, "aadsts-7000112");
	bench->options = good;
	use_certificate(bench, &unknown, GB_CLOUD_ASSERTION_PS256);
	expect_refusal(bench, GB_E_ACCESS, "aadsts-700027");
	talloc_free(bench);
}

static void a_missing_role_is_named_and_unreadable_members_are_told(void **state)
{
	struct bench *bench = new_bench(3, 10, NULL);

	(void)state;
	bench->options.client_id = SIMULATOR_NO_ROLE;
	sign_in(bench);
	list_groups(bench);
	assert_int_equal(bench->rc, GB_E_ACCESS);
	assert_string_equal(bench->err.id, "graph-403");
	assert_non_null(strstr(bench->err.remedy, "Group.Read.All"));
	bench->options.client_id = SIMULATOR_GROUPS_ONLY;
	sign_in(bench);
	list_groups(bench);
	expect_ok(bench);
	list_people(bench);
	assert_int_equal(bench->rc, GB_E_ACCESS);
	assert_non_null(strstr(bench->err.remedy, "User.Read.All"));
	bench->records = 0;
	read_members(bench);
	expect_ok(bench);
	assert_int_equal(bench->ends[GB_CLOUD_MEMBERS_COMPLETE], 3);
	assert_int_equal(bench->records, 10 + 5 + 4);
	assert_int_equal(bench->unreadable, 10 + 5 + 4);
	talloc_free(bench);
}

static void everything_is_read_over_many_pages(void **state)
{
	struct bench *bench = new_bench(MAX_GROUPS, MAX_PEOPLE, NULL);

	(void)state;
	sign_in(bench);
	list_people(bench);
	expect_ok(bench);
	assert_int_equal(bench->records, MAX_PEOPLE);
	bench->records = 0;
	list_groups(bench);
	expect_ok(bench);
	assert_int_equal(bench->records, MAX_GROUPS);
	read_members(bench);
	expect_ok(bench);
	assert_int_equal(bench->ends[GB_CLOUD_MEMBERS_COMPLETE], MAX_GROUPS);
	assert_int_equal(bench->unreadable, 0);
	for (unsigned g = 0; g < MAX_GROUPS; g++) {
		for (unsigned p = 0; p < MAX_PEOPLE; p++) {
			if (bench->model->is_linked[g][p] != (p % (g + 1) == 0)) {
				fail_msg("group %u, person %u", g, p);
			}
		}
	}
	assert_int_equal(gb_cloud_stats(bench->cloud).token_requests, 1);
	/* People and the first group take three pages each, the second two, the others one. */
	assert_int_equal(gb_cloud_stats(bench->cloud).pages, 3 + 1 + 3 + 2 + MAX_GROUPS - 2);
	bench->options.beta_groups = false;
	sign_in(bench);
	list_groups(bench);
	expect_ok(bench);
	talloc_free(bench);
}

static bool is_member(const struct model *model, unsigned g, unsigned p)
{
	return model->has_group[g] && model->is_linked[g][p] && !model->is_soft_deleted[p] &&
	       model->has_person[p];
}

static void compare(const struct model *followed, const struct model *listed)
{
	for (unsigned p = 0; p < MAX_PEOPLE; p++) {
		assert_int_equal(followed->has_person[p], listed->has_person[p]);
	}
	for (unsigned g = 0; g < MAX_GROUPS; g++) {
		assert_int_equal(followed->has_group[g], listed->has_group[g]);
		if (listed->has_group[g]) {
			assert_string_equal(followed->names[g], listed->names[g]);
		}
		for (unsigned p = 0; p < MAX_PEOPLE; p++) {
			if (is_member(followed, g, p) != is_member(listed, g, p)) {
				fail_msg("group %u, person %u", g, p);
			}
		}
	}
}

static void list_everything(struct bench *bench, struct model *model)
{
	struct model *kept = bench->model;

	bench->model = model;
	list_people(bench);
	expect_ok(bench);
	list_groups(bench);
	expect_ok(bench);
	read_members(bench);
	expect_ok(bench);
	assert_int_equal(bench->ends[GB_CLOUD_MEMBERS_FAILED], 0);
	bench->model = kept;
}

/* What state an object is in, so that only changes are asked for that the simulator takes. */
struct world {
	struct unit_chance chance;
	int groups[20]; /* 0 live, 1 soft-deleted, 2 gone */
	int people[50];
};

static void put_change(struct gb_buffer *changes, const char *op, const char *id, const char *more)
{
	gb_buffer_add_format(changes, "%s{\"op\":\"%s\",\"id\":\"%s\"%s}",
			     changes->length > 12 ? "," : "", op, id, more);
}

static void change_life(struct world *world, struct gb_buffer *changes, int *life, const char *id)
{
	if (*life == 0) {
		put_change(changes, "softDelete", id, "");
		*life = 1;
	} else if (*life == 1 && unit_below(&world->chance, 2) == 0) {
		put_change(changes, "restore", id, "");
		*life = 0;
	} else if (*life == 1) {
		put_change(changes, "hardDelete", id, "");
		*life = 2;
	}
}

static void change_group(struct world *world, struct gb_buffer *changes, unsigned g)
{
	unsigned p = (unsigned)unit_below(&world->chance, 50);
	char more[200];

	if (world->groups[g] != 0) {
		return;
	}
	if (unit_below(&world->chance, 4) == 0) {
		snprintf(more, sizeof(more), ",\"set\":{\"displayName\":\"name %u\"}",
			 unit_next(&world->chance));
		put_change(changes, "patch", simulator_group(g), more);
	} else if (world->people[p] == 0) {
		snprintf(more, sizeof(more), ",\"members\":[\"%s\"]", simulator_person(p));
		put_change(changes,
			   unit_below(&world->chance, 2) == 0 ? "addMembers" : "removeMembers",
			   simulator_group(g), more);
	}
}

static void change_something(struct world *world, const struct simulator *simulator)
{
	struct gb_buffer *changes = gb_buffer_new(NULL);
	size_t count = 1 + unit_below(&world->chance, 40);

	gb_buffer_add_text(changes, "{\"changes\":[");
	for (size_t i = 0; i < count; i++) {
		unsigned g = (unsigned)unit_below(&world->chance, 20);
		unsigned p = (unsigned)unit_below(&world->chance, 50);
		size_t kind = unit_below(&world->chance, 20);

		if (kind == 0) {
			change_life(world, changes, &world->groups[g], simulator_group(g));
		} else if (kind == 1) {
			change_life(world, changes, &world->people[p], simulator_person(p));
		} else {
			change_group(world, changes, g);
		}
	}
	gb_buffer_add_text(changes, "]}");
	simulator_post(simulator, "/control/changes", changes->text);
	talloc_free(changes);
}

static void following_changes_ends_where_listing_does(void **state)
{
	static const char *const hard[] = {"--replay",
					   "3",
					   "--delta-slice",
					   "7",
					   "--delta-page-size",
					   "5",
					   "--empty-every",
					   "3",
					   "--page-size",
					   "9",
					   NULL};
	struct bench *bench = new_bench(20, 50, hard);
	struct world world = {.chance = {.state = 4711}};

	(void)state;
	sign_in(bench);
	groups_delta(bench, GB_CLOUD_DELTA_LATEST);
	expect_ok(bench);
	people_delta(bench, GB_CLOUD_DELTA_LATEST);
	expect_ok(bench);
	assert_int_equal(bench->records, 0);
	list_everything(bench, bench->model);
	for (int round = 0; round < 25; round++) {
		struct model *listed = gb_new(NULL, struct model);

		change_something(&world, bench->simulator);
		groups_delta(bench, GB_CLOUD_DELTA_FROM_LINK);
		expect_ok(bench);
		people_delta(bench, GB_CLOUD_DELTA_FROM_LINK);
		expect_ok(bench);
		list_everything(bench, listed);
		compare(bench->model, listed);
		talloc_free(listed);
	}
	talloc_free(bench);
}

static void an_initial_round_tells_what_listing_does(void **state)
{
	static const char *const hard[] = {"--replay", "2", "--delta-slice", "11", NULL};
	struct bench *bench = new_bench(20, 50, hard);
	struct model *listed = gb_new(bench, struct model);

	(void)state;
	sign_in(bench);
	groups_delta(bench, GB_CLOUD_DELTA_INITIAL);
	expect_ok(bench);
	people_delta(bench, GB_CLOUD_DELTA_INITIAL);
	expect_ok(bench);
	list_everything(bench, listed);
	compare(bench->model, listed);
	talloc_free(bench);
}

static void a_round_without_changes_takes_one_request(void **state)
{
	struct bench *bench = new_bench(20, 50, NULL);
	uint64_t before;

	(void)state;
	sign_in(bench);
	groups_delta(bench, GB_CLOUD_DELTA_LATEST);
	before = gb_cloud_stats(bench->cloud).requests;
	groups_delta(bench, GB_CLOUD_DELTA_FROM_LINK);
	expect_ok(bench);
	assert_int_equal(bench->records, 0);
	assert_int_equal(gb_cloud_stats(bench->cloud).requests, before + 1);
	talloc_free(bench);
}

static void a_link_of_last_week_is_stale(void **state)
{
	struct bench *bench = new_bench(2, 2, NULL);

	(void)state;
	sign_in(bench);
	groups_delta(bench, GB_CLOUD_DELTA_LATEST);
	expect_ok(bench);
	simulator_post(bench->simulator, "/control/clock", "{\"advanceSeconds\":691200}");
	groups_delta(bench, GB_CLOUD_DELTA_FROM_LINK);
	assert_int_equal(bench->rc, GB_E_STALE_CURSOR);
	groups_delta(bench, GB_CLOUD_DELTA_LATEST);
	expect_ok(bench);
	simulator_post(bench->simulator, "/control/changes",
		       "{\"changes\":[{\"op\":\"resetDelta\"}]}");
	groups_delta(bench, GB_CLOUD_DELTA_FROM_LINK);
	assert_int_equal(bench->rc, GB_E_STALE_CURSOR);
	talloc_free(bench);
}

static void spoil(const struct bench *bench, const char *action)
{
	char *rules = gb_printf(NULL,
				"{\"faults\":[{\"match\":{\"pathPrefix\":\"/beta/groups\"},"
				"\"count\":-1,\"action\":%s}]}",
				action);

	simulator_post(bench->simulator, "/control/faults", rules);
	talloc_free(rules);
}

static void no_spoilt_page_is_taken_for_a_list(void **state)
{
	static const struct {
		const char *action;
		enum gb_rc rc;
	} rows[] = {
		{"{\"spoil\":\"short\"}", GB_E_UNAVAILABLE},
		{"{\"spoil\":\"truncated\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"contentType\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"html\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"invalidJson\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"badUtf8\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"duplicateKeys\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"deep\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"huge\"}", GB_E_PROTOCOL},
		{"{\"spoil\":\"trailingError\"}", GB_E_PROTOCOL},
		{"{\"nextLink\":\"loop\"}", GB_E_PROTOCOL},
		{"{\"nextLink\":\"https://evil.example/v1.0/groups\"}", GB_E_PROTOCOL},
		{"{\"status\":302,\"headers\":{\"Location\":\"https://evil.example/\"}}",
		 GB_E_PROTOCOL},
		{"{\"reset\":true}", GB_E_UNAVAILABLE},
		{"{\"status\":500}", GB_E_UNAVAILABLE},
		{"{\"status\":429}", GB_E_TRY_AGAIN},
		{"{\"status\":429,\"headers\":{\"Retry-After\":\"9999\"}}", GB_E_TRY_AGAIN},
		{"{\"status\":400,\"code\":\"Directory_ExpiredPageToken\"}", GB_E_STALE_CURSOR},
	};
	struct bench *bench = new_bench(3, 3, NULL);

	(void)state;
	sign_in(bench);
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		spoil(bench, rows[i].action);
		list_groups(bench);
		if (bench->rc != rows[i].rc) {
			fail_msg("%s: %d %s", rows[i].action, (int)bench->rc, bench->err.what);
		}
	}
	simulator_post(bench->simulator, "/control/faults", "{\"faults\":[]}");
	list_groups(bench);
	expect_ok(bench);
	talloc_free(bench);
}

static void passing_trouble_is_ridden_out(void **state)
{
	static const char *const actions[] = {
		"{\"spoil\":\"short\"}", "{\"reset\":true}", "{\"status\":503}",
		"{\"status\":429,\"headers\":{\"Retry-After\":\"1\"}}",
		"{\"status\":401,\"code\":\"InvalidAuthenticationToken\"}"};
	struct bench *bench = new_bench(10, 30, NULL);

	(void)state;
	sign_in(bench);
	for (size_t i = 0; i < GB_ARRAY_SIZE(actions); i++) {
		char *rules =
			gb_printf(bench,
				  "{\"faults\":[{\"match\":{\"contains\":\"/members\"},\"skip\":4,"
				  "\"count\":2,\"action\":%s}]}",
				  actions[i]);

		list_groups(bench);
		expect_ok(bench);
		simulator_post(bench->simulator, "/control/faults", rules);
		read_members(bench);
		expect_ok(bench);
		assert_int_equal(bench->ends[GB_CLOUD_MEMBERS_COMPLETE], 10);
	}
	talloc_free(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_signs_in),
		cmocka_unit_test(a_certificate_signs_in_with_both_algorithms),
		cmocka_unit_test(each_wrong_credential_is_explained),
		cmocka_unit_test(a_missing_role_is_named_and_unreadable_members_are_told),
		cmocka_unit_test(everything_is_read_over_many_pages),
		cmocka_unit_test(following_changes_ends_where_listing_does),
		cmocka_unit_test(an_initial_round_tells_what_listing_does),
		cmocka_unit_test(a_round_without_changes_takes_one_request),
		cmocka_unit_test(a_link_of_last_week_is_stale),
		cmocka_unit_test(no_spoilt_page_is_taken_for_a_list),
		cmocka_unit_test(passing_trouble_is_ridden_out),
	};

	return cmocka_run_group_tests(tests, lab_set_up, lab_tear_down);
}
