/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The executor on bad days: a server that is killed, answers that are lost, the executor itself
 * killed at any moment. Started by test_apply_faults.sh.
 */
#include "config.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "engine/state/directory_space.h"
#include "tests/integration/apply/proxy.h"
#include "tests/integration/apply/world.h"
#include "tests/unit/unit.h"

#define PROXY_PORT 10636

static struct world *svc_world(void)
{
	return world_new(&(struct world_options){.kind = WORLD_SAMBA});
}

static void plan_creates(struct world *world, unsigned first, unsigned count)
{
	world_plan(world);
	for (unsigned i = first; i < first + count; i++) {
		world_create(world, i, world->people, 5);
	}
}

static void are_there_once(struct world *world, unsigned first, unsigned count)
{
	for (unsigned i = first; i < first + count; i++) {
		assert_int_equal(world_count_anchor(world, i), 1);
		assert_int_equal(world_count_members(world, world_dn(world, i)), 5);
	}
}

static void cancel_after_five(struct world *world, size_t ended)
{
	if (ended == 5) {
		gb_apply_cancel(world->apply);
		gb_apply_cancel(world->apply);
	}
}

static void a_cancelled_run_leaves_the_rest_open_and_the_next_one_does_it(void **state)
{
	struct world *world = svc_world();

	(void)state;
	plan_creates(world, 600, 60);
	world->on_ended = cancel_after_five;
	assert_int_equal(world_apply(world), GB_E_CANCELLED);
	assert_in_range(world->result_count, 5, 5 + GB_APPLY_WINDOW);
	assert_int_equal(world->stats.kinds[GB_CHANGE_CREATE].unknown, 0);
	assert_int_equal(world->stats.kinds[GB_CHANGE_CREATE].applied, world->result_count);
	world->on_ended = NULL;
	world_import_groups(world);
	plan_creates(world, 600, 60);
	world_applies(world);
	are_there_once(world, 600, 60);
	talloc_free(world);
}

static void kill_samba(void)
{
	world_shell("kill -KILL $(cat \"$GB_WORLD/run/samba.pid\")");
}

static void start_samba_later(unsigned seconds)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "(sleep %u; \"$GB_SRCDIR/tests/sandbox/sandbox.sh\" start --with samba) "
		 ">/dev/null 2>&1 </dev/null &",
		 seconds);
	world_shell(command);
}

static void restart_at_twenty(struct world *world, size_t ended)
{
	(void)world;
	if (ended == 20) {
		kill_samba();
		start_samba_later(1);
	}
}

static void a_server_that_is_killed_and_comes_back_costs_nothing(void **state)
{
	struct world *world = svc_world();

	(void)state;
	plan_creates(world, 700, 60);
	world->on_ended = restart_at_twenty;
	world_applies(world);
	assert_true(world->stats.reconnects >= 1);
	are_there_once(world, 700, 60);
	talloc_free(world);
}

static void kill_at_ten(struct world *world, size_t ended)
{
	(void)world;
	if (ended == 10) {
		kill_samba();
	}
}

static void a_server_that_stays_away_stops_the_run(void **state)
{
	struct world *world = svc_world();

	(void)state;
	plan_creates(world, 760, 60);
	world->on_ended = kill_at_ten;
	assert_int_equal(world_apply(world), GB_E_UNAVAILABLE);
	assert_true(world->result_count < 60);
	world_shell("\"$GB_SRCDIR/tests/sandbox/sandbox.sh\" start --with samba");
	world->on_ended = NULL;
	world_connect(world);
	world_import_groups(world);
	plan_creates(world, 760, 60);
	world_applies(world);
	are_there_once(world, 760, 60);
	talloc_free(world);
}

static struct proxy *the_proxy;

static void cut_every_fifteen(struct world *world, size_t ended)
{
	(void)world;
	if (ended % 15 == 7) {
		proxy_cut(the_proxy);
	}
}

static struct world *proxy_world(void)
{
	struct world *world;

	the_proxy = proxy_new(NULL, world_env("GB_DC_ADDRESS"), PROXY_PORT);
	world = world_new(&(struct world_options){.kind = WORLD_SAMBA, .port = PROXY_PORT});
	talloc_steal(world, the_proxy);
	world->on_ended = cut_every_fifteen;
	return world;
}

/* Done by the server, never heard of by us: looked up, not done twice. */
static void a_create_whose_answer_is_lost_is_not_made_twice(void **state)
{
	struct world *world = proxy_world();

	(void)state;
	plan_creates(world, 800, 60);
	world_applies(world);
	assert_true(world->stats.reconnects >= 2);
	are_there_once(world, 800, 60);
	talloc_free(world);
}

static void other_changes_whose_answer_is_lost_come_out_right(void **state)
{
	struct world *world = proxy_world();

	(void)state;
	world->on_ended = NULL;
	plan_creates(world, 860, 20);
	world_applies(world);
	world->on_ended = cut_every_fifteen;
	world_plan(world);
	for (unsigned i = 860; i < 880; i++) {
		world_attribute(world, i, "description", "after the loss");
		world_members(world, i, GB_CHANGE_REMOVE_MEMBERS, world->people, 2);
		world_members(world, i, GB_CHANGE_ADD_MEMBERS, world->people + 10, 4);
		world_rename(world, i, gb_printf(world, "CN=Renamed %u", i));
	}
	for (unsigned i = 870; i < 880; i++) {
		world_delete(world, i);
	}
	world_applies(world);
	assert_true(world->stats.reconnects >= 3);
	for (unsigned i = 860; i < 870; i++) {
		const char *dn = gb_printf(world, "CN=Renamed %u,%s", i, world->container);

		assert_string_equal(world_read_dn(world, dn)->description, "after the loss");
		assert_int_equal(world_count_members(world, dn), 7);
	}
	for (unsigned i = 870; i < 880; i++) {
		assert_int_equal(world_count_anchor(world, i), 0);
	}
	talloc_free(world);
}

/*
 * kill -9 of the executor.
 */

#define CRASH_GROUPS  24
#define CRASH_CHANGES (2 * CRASH_GROUPS)

/* What is missing of the groups with five members each, as a planner would say it. */
static size_t plan_missing(struct world *world, unsigned first)
{
	size_t planned = 0;

	world_plan(world);
	for (unsigned i = first; i < first + CRASH_GROUPS; i++) {
		struct gb_state_directory_object *row;
		struct gb_err err;

		assert_int_equal(gb_state_directory_read(world, world->state, world_group(world, i),
							 &row, &err),
				 GB_OK);
		if (row->presence == GB_PRESENCE_SLOT) {
			world_create(world, i, world->people, 2);
			world_members(world, i, GB_CHANGE_ADD_MEMBERS, world->people + 2, 3);
			planned += 2;
		} else if (world_count_members(world, world_dn(world, i)) != 5) {
			world_members(world, i, GB_CHANGE_ADD_MEMBERS, world->people, 5);
			planned++;
		}
	}
	return planned;
}

/* Tells the parent when it is time: when so many changes have ended. */
static int signal_fd;
static size_t signal_at;

static void tell_parent(struct world *world, size_t ended)
{
	(void)world;
	if (ended == signal_at) {
		assert_int_equal(write(signal_fd, "x", 1), 1);
	}
}

static _Noreturn void run_and_be_killed(const struct world *parent, const char *path,
					unsigned first)
{
	struct world *world = world_open(&parent->options, path);

	memcpy(world->people, parent->people, parent->people_count * sizeof(*world->people));
	world->people_count = parent->people_count;
	plan_missing(world, first);
	world->on_ended = tell_parent;
	tell_parent(world, 0);
	world_apply(world);
	_exit(0);
}

static void kill_after(struct world *world, const char *path, unsigned first, useconds_t delay_us)
{
	int ends[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	signal_fd = ends[1];
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_and_be_killed(world, path, first);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	usleep(delay_us);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* One round, in an OU of its own so that a round does not read what others have made. */
static void crash_and_converge(unsigned round, useconds_t delay_us)
{
	struct world_options options = {.kind = WORLD_SAMBA};
	unsigned first = 1000 + round * CRASH_GROUPS;
	char *folder = unit_folder(NULL);
	const char *path = gb_printf(folder, "%s/state.db", folder);
	struct world *before;
	struct world *after;
	struct gb_err err;

	options.unit = gb_printf(folder, "Round %u", round);
	before = world_new(&options);
	assert_int_equal(gb_state_close(before->state, &err), GB_OK);
	world_shell(gb_printf(folder, "cp %s %s", before->state_path, path));
	kill_after(before, path, first, delay_us);
	after = world_open(&options, path);
	memcpy(after->people, before->people, before->people_count * sizeof(*after->people));
	after->people_count = before->people_count;
	world_import_groups(after);
	plan_missing(after, first);
	world_applies(after);
	for (unsigned i = first; i < first + CRASH_GROUPS; i++) {
		assert_int_equal(world_count_anchor(after, i), 1);
	}
	world_import_groups(after);
	assert_int_equal(plan_missing(after, first), 0);
	talloc_free(before);
	talloc_free(after);
	talloc_free(folder);
}

static void after_kill_9_at_any_moment_the_next_run_converges(void **state)
{
	struct unit_chance chance = {.state = 2026};

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		signal_at = unit_below(&chance, CRASH_CHANGES + 1);
		crash_and_converge(round, (useconds_t)unit_below(&chance, 8000));
	}
}

static int run(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cancelled_run_leaves_the_rest_open_and_the_next_one_does_it),
		cmocka_unit_test(a_server_that_is_killed_and_comes_back_costs_nothing),
		cmocka_unit_test(a_server_that_stays_away_stops_the_run),
		cmocka_unit_test(a_create_whose_answer_is_lost_is_not_made_twice),
		cmocka_unit_test(other_changes_whose_answer_is_lost_come_out_right),
		cmocka_unit_test(after_kill_9_at_any_moment_the_next_run_converges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return world_run_tests(argc, argv, run);
}
