/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worlds for the tests of the executor. */
#include "config.h"

#include "tests/integration/apply/world.h"

#include "engine/base/process.h"
#include "engine/base/secret.h"
#include "engine/directory/dn.h"
#include "engine/state/cloud_space.h"
#include "engine/state/directory_space.h"
#include "engine/state/full_read.h"
#include "engine/state/runs.h"
#include "engine/state/status.h"
#include "tests/unit/unit.h"

const char *world_env(const char *name)
{
	const char *value = getenv(name);

	if (!value) {
		fail_msg("%s is not set: run this through tests/sandbox/sandbox.sh", name);
	}
	return value;
}

static void check(struct world *world, enum gb_rc rc, const struct gb_err *err)
{
	if (rc != GB_OK) {
		fail_msg("%s", gb_err_line(world, err));
	}
}

void world_shell(const char *command)
{
	assert_int_equal(system(command), 0);
}

/*
 * Waiting.
 */

static void too_late(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		     void *user)
{
	(void)ev;
	(void)timer;
	(void)now;
	*(bool *)user = true;
}

void world_await(struct world *world, const bool *ended)
{
	bool is_late = false;
	struct tevent_timer *timer = tevent_add_timer(
		world->ev, world, tevent_timeval_current_ofs(WORLD_MAX_MS / 1000, 0), too_late,
		&is_late);

	while (!*ended && !is_late) {
		assert_int_equal(tevent_loop_once(world->ev), 0);
	}
	if (!*ended) {
		fail_msg("nothing happened for %d ms", WORLD_MAX_MS);
	}
	talloc_free(timer);
}

/* One request that is waited for. */
struct request {
	struct world *world;
	bool ended;
	enum gb_rc rc;
	struct gb_err err;
	size_t count;
	struct gb_directory_object object; /* the last one, strings below the world */
};

static void read_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct request *request = user;

	request->ended = true;
	request->rc = rc;
	if (err) {
		request->err = *err;
	}
}

static void write_done(void *user, const struct gb_directory_outcome *outcome)
{
	read_done(user, outcome->rc, outcome->err);
}

static enum gb_rc keep_object(void *user, const struct gb_directory_object *object)
{
	struct request *request = user;

	request->count++;
	request->object = *object;
	request->object.dn = gb_strdup(request->world, object->dn);
	request->object.dn_key = gb_strdup(request->world, object->dn_key);
	request->object.cn = gb_strdup(request->world, object->cn);
	request->object.display_name = gb_strdup(request->world, object->display_name);
	request->object.description = gb_strdup(request->world, object->description);
	request->object.sam_account_name = gb_strdup(request->world, object->sam_account_name);
	request->object.admin_description = gb_strdup(request->world, object->admin_description);
	request->object.external_directory_id =
		gb_strdup(request->world, object->external_directory_id);
	return GB_OK;
}

static void finish(struct request *request)
{
	world_await(request->world, &request->ended);
	check(request->world, request->rc, &request->err);
}

/*
 * Opening.
 */

void world_connect(struct world *world)
{
	bool is_samba = world->options.kind == WORLD_SAMBA;
	const char *account = world->options.account ? world->options.account : "SVC";
	const char *password = world_env(gb_printf(world, "GB_%s_PASSWORD", account));
	const char *server = world_env(is_samba ? "GB_DC_HOST" : "GB_SLAPD_HOST");
	struct gb_directory_options options = {
		.servers = &server,
		.server_count = 1,
		.account = world_env(gb_printf(world, "GB_%s_DN", account)),
		.ca_file = world_env("GB_LDAP_CA"),
		.container = world->container,
		.operation_timeout_ms = world->options.operation_timeout_ms,
	};
	struct gb_err err;

	if (!is_samba) {
		options.account = world_env("GB_SLAPD_ADMIN_DN");
		password = world_env("GB_SLAPD_ADMIN_PASSWORD");
	}
	if (world->options.port) {
		server = gb_printf(world, "%s:%u", server, world->options.port);
	}
	options.password = gb_secret_new(world, password, strlen(password));
	TALLOC_FREE(world->directory);
	check(world, gb_directory_open(world, world->ev, &options, &world->directory, &err), &err);
}

/* Only an administrator may make one; what is inside inherits the rights of the container. */
static void make_unit(const char *dn)
{
	struct world *admin = gb_new(NULL, struct world);
	struct request request = {.world = admin};

	admin->options = (struct world_options){.account = "ADMIN"};
	admin->ev = gb_mem_check(tevent_context_init(admin));
	admin->container = dn;
	world_connect(admin);
	gb_directory_add(
		admin->directory,
		&(struct gb_directory_entry){.dn = dn, .object_class = "organizationalUnit"},
		write_done, &request);
	world_await(admin, &request.ended);
	assert_true(request.rc == GB_OK || request.rc == GB_E_EXISTS);
	talloc_free(admin);
}

static const char *choose_container(struct world *world)
{
	const char *container = world_env("GB_CONTAINER");

	if (!world->options.unit) {
		return container;
	}
	container = gb_printf(world, "OU=%s,%s", world->options.unit, container);
	make_unit(container);
	return container;
}

struct world *world_open(const struct world_options *options, const char *path)
{
	struct world *world = gb_new(NULL, struct world);
	struct gb_err err;

	world->options = *options;
	world->ev = gb_mem_check(tevent_context_init(world));
	world->container = choose_container(world);
	world->people = gb_new_array(world, int64_t, WORLD_MAX_PEOPLE);
	world->state_path = gb_strdup(world, path);
	check(world, gb_state_open(world, path, GB_STATE_READ_WRITE, &world->state, &err), &err);
	world_connect(world);
	return world;
}

static enum gb_rc put_person(void *user, const struct gb_directory_object *object)
{
	struct world *world = ((struct request *)user)->world;
	struct gb_err err;
	int64_t no = 0;

	check(world, gb_state_directory_put(world->state, object, &no, NULL, &err), &err);
	if (strstr(object->dn_key, ",ou=people,")) {
		assert_true(world->people_count < WORLD_MAX_PEOPLE);
		world->people[world->people_count++] = no;
	}
	return GB_OK;
}

struct world *world_new(const struct world_options *options)
{
	char *folder = unit_folder(NULL);
	struct world *world = world_open(options, gb_printf(folder, "%s/state.db", folder));
	struct gb_directory_read read = {.classes = GB_READ_USERS};
	struct request request = {.world = world};
	struct gb_err err;

	talloc_steal(world, folder);
	gb_directory_read_objects(world->directory, &read, put_person, read_done, &request);
	finish(&request);
	check(world, gb_state_commit(world->state, &err), &err);
	return world;
}

/*
 * Groups and plans.
 */

struct gb_guid world_cloud_id(unsigned number)
{
	struct gb_guid id = {{0xab, 0xcd, 0xef}};

	memcpy(id.bytes + 8, &number, sizeof(number));
	return id;
}

const char *world_anchor(struct world *world, unsigned number)
{
	struct gb_guid id = world_cloud_id(number);
	char text[GB_GUID_TEXT_BYTES];

	return gb_printf(world, "Group_%s", gb_guid_format(&id, text));
}

const char *world_dn(struct world *world, unsigned number)
{
	return gb_printf(world, "CN=Apply %u,%s", number, world->container);
}

const char *world_account(struct world *world, unsigned number)
{
	return gb_printf(world, "apply-%u", number);
}

int64_t world_group(struct world *world, unsigned number)
{
	struct gb_cloud_group group = {.id = world_cloud_id(number),
				       .present = GB_GROUP_HAS_DISPLAY_NAME,
				       .display_name = world_account(world, number)};
	int64_t cloud_no = 0;
	int64_t object_no = 0;
	struct gb_err err;

	check(world, gb_state_cloud_find(world->state, &group.id, &cloud_no, &err), &err);
	if (!cloud_no) {
		check(world,
		      gb_state_cloud_put_group(world->state, &group, false, &cloud_no, NULL, &err),
		      &err);
	}
	check(world, gb_state_slot_get(world->state, cloud_no, 1, &object_no, &err), &err);
	return object_no;
}

void world_plan(struct world *world)
{
	struct gb_err err;

	check(world, gb_state_run_begin(world->state, "test", &world->run_no, &err), &err);
}

static void add(struct world *world, unsigned number, struct gb_change change)
{
	struct gb_err err;

	change.object_no = world_group(world, number);
	change.cloud_id = world_cloud_id(number);
	change.name = world_account(world, number);
	if (!change.dn) {
		change.dn = world_dn(world, number);
	}
	check(world, gb_state_journal_add(world->state, world->run_no, &change, NULL, &err), &err);
}

void world_create(struct world *world, unsigned number, const int64_t *members, size_t count)
{
	const char *anchor = world_anchor(world, number);
	const struct gb_change_value values[] = {
		{"displayName", gb_printf(world, "Apply %u", number), NULL},
		{"groupType", "-2147483640", NULL},
		{"sAMAccountName", world_account(world, number), NULL},
		{"adminDescription", anchor, NULL},
		{"msDS-ExternalDirectoryObjectId", anchor, NULL},
	};

	add(world, number,
	    (struct gb_change){.kind = GB_CHANGE_CREATE,
			       .values = values,
			       .value_count = GB_ARRAY_SIZE(values),
			       .members = members,
			       .member_count = count});
}

void world_members(struct world *world, unsigned number, enum gb_change_kind kind,
		   const int64_t *members, size_t count)
{
	add(world, number,
	    (struct gb_change){.kind = kind, .members = members, .member_count = count});
}

void world_attribute(struct world *world, unsigned number, const char *attribute, const char *value)
{
	const struct gb_change_value one = {attribute, value, NULL};

	add(world, number,
	    (struct gb_change){.kind = GB_CHANGE_ATTRIBUTES, .values = &one, .value_count = 1});
}

void world_rename(struct world *world, unsigned number, const char *new_rdn)
{
	add(world, number, (struct gb_change){.kind = GB_CHANGE_RENAME, .new_rdn = new_rdn});
}

void world_delete(struct world *world, unsigned number)
{
	add(world, number, (struct gb_change){.kind = GB_CHANGE_DELETE});
}

/*
 * Runs.
 */

static void on_ended(void *user, const struct gb_apply_result *result)
{
	struct world *world = user;

	world->results = gb_mem_check(talloc_realloc(world, world->results, struct world_result,
						     (unsigned)world->result_count + 1));
	world->results[world->result_count++] = (struct world_result){
		.kind = result->change->kind,
		.object_no = result->change->object_no,
		.status = result->status,
		.failed_members = result->failed_member_count,
		.was_so = result->was_so,
		.err = result->err ? *result->err : (struct gb_err){0},
	};
	if (world->on_ended) {
		world->on_ended(world, world->result_count);
	}
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct world *world = user;

	assert_int_equal(rc, err ? err->rc : GB_OK);
	world->done_calls++;
	world->rc = rc;
}

enum gb_rc world_apply(struct world *world)
{
	const struct gb_apply_options options = {.run_no = world->run_no,
						 .container_dn = world->container,
						 .window = world->window,
						 .first_delay_ms = 200};
	const struct gb_apply_hooks hooks = {.user = world, .ended = on_ended, .done = on_done};
	enum gb_rc rc;
	struct gb_err err;

	world->result_count = 0;
	world->done_calls = 0;
	check(world, gb_state_commit(world->state, &err), &err);
	world->apply =
		gb_apply_begin(world, world->ev, world->state, world->directory, &options, &hooks);
	rc = gb_apply_wait(world->apply, &world->err);
	assert_int_equal(world->done_calls, 1);
	assert_int_equal(world->rc, rc);
	world->stats = *gb_apply_stats(world->apply);
	TALLOC_FREE(world->apply);
	check(world, gb_state_run_end(world->state, world->run_no, gb_rc_exit_code(rc), NULL, &err),
	      &err);
	check(world, gb_state_commit(world->state, &err), &err);
	return rc;
}

void world_applies(struct world *world)
{
	if (world_apply(world) != GB_OK) {
		fail_msg("%s", gb_err_line(world, &world->err));
	}
	for (size_t i = 0; i < world->result_count; i++) {
		if (world->results[i].status != GB_OUTCOME_APPLIED) {
			fail_msg("change of kind %d: %s", (int)world->results[i].kind,
				 gb_err_line(world, &world->results[i].err));
		}
	}
}

int world_run_tests(int argc, char **argv, int (*run)(void))
{
	gb_process_harden();
	setvbuf(stdout, NULL, _IOLBF, 0); /* forks, and an abort, must not lose or double lines */
	if (argc > 1) {
		cmocka_set_test_filter(argv[1]); /* by hand: one test; "*" and "?" match */
	}
	return run();
}

const struct world_result *world_result(struct world *world, unsigned number,
					enum gb_change_kind kind)
{
	int64_t object_no = world_group(world, number);

	for (size_t i = 0; i < world->result_count; i++) {
		if (world->results[i].object_no == object_no && world->results[i].kind == kind) {
			return &world->results[i];
		}
	}
	fail_msg("no change of kind %d of group %u has ended", (int)kind, number);
	return NULL;
}

/*
 * What stands in the directory.
 */

const struct gb_directory_object *world_read_dn(struct world *world, const char *dn)
{
	const struct gb_directory_reference by_dn = {.dn = dn};
	struct request *request = gb_new(world, struct request);

	request->world = world;
	gb_directory_read_group(world->directory, &by_dn, keep_object, read_done, request);
	world_await(world, &request->ended);
	if (request->rc == GB_E_NOT_FOUND) {
		return NULL;
	}
	check(world, request->rc, &request->err);
	return &request->object;
}

const struct gb_directory_object *world_read(struct world *world, unsigned number)
{
	return world_read_dn(world, world_dn(world, number));
}

static enum gb_rc count_member(void *user, const struct gb_directory_reference *member)
{
	struct request *request = user;

	(void)member;
	request->count++;
	return GB_OK;
}

size_t world_count_members(struct world *world, const char *dn)
{
	const struct gb_directory_reference by_dn = {.dn = dn};
	struct request request = {.world = world};

	gb_directory_read_members(world->directory, &by_dn, count_member, read_done, &request);
	finish(&request);
	return request.count;
}

size_t world_count_anchor(struct world *world, unsigned number)
{
	struct request request = {.world = world};

	gb_directory_find_anchor(world->directory, world_anchor(world, number), GB_REACH_DOMAIN,
				 keep_object, read_done, &request);
	finish(&request);
	return request.count;
}

struct gb_directory_reference world_person(struct world *world, size_t index)
{
	struct gb_state_ref ref;
	struct gb_err err;

	assert_true(index < world->people_count);
	check(world, gb_state_directory_ref(world, world->state, world->people[index], &ref, &err),
	      &err);
	return (struct gb_directory_reference){.guid = ref.guid, .sid = ref.sid, .dn = ref.dn};
}

void world_write_group(struct world *world, const char *dn, const char *account, const char *anchor)
{
	const struct gb_change_value values[] = {{"sAMAccountName", account, NULL},
						 {"groupType", "-2147483640", NULL},
						 {"adminDescription", anchor, NULL}};
	struct request request = {.world = world};

	gb_directory_add(world->directory,
			 &(struct gb_directory_entry){
				 .dn = dn, .values = values, .value_count = GB_ARRAY_SIZE(values)},
			 write_done, &request);
	finish(&request);
}

void world_write_user(struct world *world, const char *dn, const char *account)
{
	const struct gb_change_value values[] = {{"sAMAccountName", account, NULL}};
	struct request request = {.world = world};

	gb_directory_add(
		world->directory,
		&(struct gb_directory_entry){
			.dn = dn, .object_class = "user", .values = values, .value_count = 1},
		write_done, &request);
	finish(&request);
}

void world_write_member(struct world *world, const char *dn, size_t person, bool remove)
{
	const struct gb_directory_reference by_dn = {.dn = dn};
	const struct gb_directory_reference member = world_person(world, person);
	struct request request = {.world = world};

	gb_directory_change_members(
		world->directory,
		&(struct gb_directory_members){
			.group = &by_dn, .remove = remove, .members = &member, .member_count = 1},
		write_done, &request);
	finish(&request);
}

void world_write_value(struct world *world, const char *dn, const char *attribute,
		       const char *value)
{
	const struct gb_directory_reference by_dn = {.dn = dn};
	const struct gb_change_value one = {attribute, value, NULL};
	struct request request = {.world = world};

	gb_directory_modify(world->directory, &by_dn, &one, 1, write_done, &request);
	finish(&request);
}

void world_write_delete(struct world *world, const char *dn)
{
	const struct gb_directory_reference by_dn = {.dn = dn};
	struct request request = {.world = world};

	gb_directory_delete(world->directory, &by_dn, write_done, &request);
	finish(&request);
}

/*
 * Imports.
 */

int64_t world_import(struct world *world, const char *dn)
{
	const struct gb_directory_object *object = world_read_dn(world, dn);
	int64_t no = 0;
	struct gb_err err;

	assert_non_null(object);
	check(world, gb_state_directory_put(world->state, object, &no, NULL, &err), &err);
	return no;
}

/* Groups with an anchor; their members follow one after the other. */
struct import {
	struct request request;
	struct gb_directory_reference *groups;
	int64_t *numbers;
	size_t count;
	struct gb_state_member_set *set;
};

static enum gb_rc import_group(void *user, const struct gb_directory_object *object)
{
	struct import *import = user;
	struct world *world = import->request.world;
	struct gb_err err;
	size_t at = import->count++;

	import->groups = gb_mem_check(talloc_realloc(
		world, import->groups, struct gb_directory_reference, (unsigned)import->count));
	import->numbers = gb_mem_check(
		talloc_realloc(world, import->numbers, int64_t, (unsigned)import->count));
	import->groups[at] = (struct gb_directory_reference){.guid = object->guid,
							     .dn = gb_strdup(world, object->dn)};
	check(world, gb_state_directory_put(world->state, object, &import->numbers[at], NULL, &err),
	      &err);
	return GB_OK;
}

static enum gb_rc import_member(void *user, const struct gb_directory_reference *member)
{
	struct import *import = user;
	struct world *world = import->request.world;
	const struct gb_state_ref ref = {
		.guid = member->guid, .sid = member->sid, .dn = member->dn};
	struct gb_err err;
	int64_t no = 0;

	check(world, gb_state_directory_put_stub(world->state, &ref, member->dn_key, &no, &err),
	      &err);
	check(world, gb_state_member_set_add(import->set, no, &err), &err);
	return GB_OK;
}

void world_import_groups(struct world *world)
{
	const struct gb_directory_read read = {.classes = GB_READ_GROUPS, .base = world->container};
	struct import import = {.request = {.world = world}};
	struct gb_err err;

	check(world, gb_state_full_begin(world->state, GB_FULL_CONTAINER, &err), &err);
	gb_directory_read_objects(world->directory, &read, import_group, read_done, &import);
	finish(&import.request);
	for (size_t i = 0; i < import.count; i++) {
		import.request = (struct request){.world = world};
		import.set =
			gb_state_directory_members_begin(world, world->state, import.numbers[i]);
		gb_directory_read_members(world->directory, &import.groups[i], import_member,
					  read_done, &import);
		finish(&import.request);
		check(world, gb_state_member_set_finish(import.set, NULL, NULL, &err), &err);
	}
	check(world, gb_state_full_finish(world->state, GB_FULL_CONTAINER, NULL, &err), &err);
	check(world, gb_state_open_changes_settle(world->state, &err), &err);
	check(world, gb_state_commit(world->state, &err), &err);
	talloc_free(import.groups);
	talloc_free(import.numbers);
}

size_t world_dirty(struct world *world)
{
	size_t dirty = 0;
	size_t due = 0;
	struct gb_err err;

	check(world, gb_state_backlog(world->state, &dirty, &due, &err), &err);
	return dirty;
}
