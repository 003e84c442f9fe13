/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of engine/state: kill -9 at any moment. A child works and commits in a loop; it is killed at
 * a random moment; the file must open, be whole, and hold exactly what some commit left.
 */
#include "config.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/state/world.h"

/** Members of the group that the child fills. */
#define MEMBERS 40

/* The child's end of a pipe: one byte for each step that it has done. */
static int steps_fd = -1;

static void nap(size_t us)
{
	nanosleep(&(struct timespec){.tv_nsec = (long)us * 1000}, NULL);
}

static void step_is_done(void)
{
	assert_int_equal(write(steps_fd, "", 1), 1);
}

static void wait_for_steps(int fd, size_t steps)
{
	char byte;

	for (size_t i = 0; i < steps; i++) {
		assert_int_equal(read(fd, &byte, 1), 1);
	}
}

/* Run @work in a child until it has done so many steps, and a little longer; then kill it. */
static void kill_after(size_t steps, size_t us, void (*work)(struct world *world),
		       struct world *world)
{
	int ends[2];
	int status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		steps_fd = ends[1];
		work(world);
		_exit(99);
	}
	close(ends[1]);
	wait_for_steps(ends[0], steps);
	nap(us);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	close(ends[0]);
}

/* Step number n: person n comes, replaces the oldest member; the number is kept as a fact. */
static void step(struct world *world, int64_t n)
{
	int64_t person = put_person(world, (uint32_t)n);
	int64_t account = put_account(world, (uint32_t)n);
	int64_t group = put_group(world, 1);
	int64_t written = put_written(world, 1);

	slot(world, group);
	match(world, person, account, CODE_SID);
	link_cloud(world, group, person);
	link_directory(world, written, account);
	if (n > MEMBERS) {
		OK(gb_state_cloud_unlink(world->state, group,
					 put_person(world, (uint32_t)(n - MEMBERS)), NULL, &err));
	}
	OK(gb_state_fact_set_int(world->state, GB_FACT_GENERATION, n, &err));
}

static void work_on(struct world *world)
{
	int64_t n = 0;

	world_open(world);
	OK(gb_state_fact_get_int(world->state, GB_FACT_GENERATION, 0, &n, &err));
	for (;;) {
		step(world, ++n);
		if (n % 3 != 0) {
			OK(gb_state_commit(world->state, &err));
		}
		step_is_done();
	}
}

static int64_t check(struct world *world)
{
	struct gb_state_sizes sizes;
	struct gb_state_group *group = NULL;
	struct gb_guid id = guid_of('g', 1);
	int64_t n = 0;
	int64_t no = 0;

	/* After an unclean stop, opening checks the whole file. */
	world_open(world);
	assert_true(gb_state_was_unclean(world->state));
	OK(gb_state_fact_get_int(world->state, GB_FACT_GENERATION, 0, &n, &err));
	gb_state_sizes(world->state, &sizes);
	assert_int_equal(sizes.cloud_members, n);
	assert_int_equal(sizes.cloud_links, n < MEMBERS ? n : MEMBERS);
	assert_int_equal(sizes.directory_links, n);
	if (n > 0) {
		OK(gb_state_cloud_find(world->state, &id, &no, &err));
		OK(gb_state_group_read(world->state, world->state, no, 0, &group, &err));
		assert_int_equal(group->listed, sizes.cloud_links);
		assert_int_equal(group->observed, n);
	}
	TALLOC_FREE(world->state);
	return n;
}

static void a_killed_run_leaves_what_it_committed(void **state)
{
	struct world *world = *state;
	struct unit_chance chance = {31};
	int64_t last = 0;

	/* Unclean from the start: a child may be killed before it marks the file as in use. */
	TALLOC_FREE(world->state);
	for (int round = 0; round < 40; round++) {
		int64_t n;

		kill_after(unit_below(&chance, 12), unit_below(&chance, 3000), work_on, world);
		n = check(world);
		assert_true(n >= last);
		last = n;
	}
	assert_true(last > 0);
}

/* A state that is made, used and closed over and over. */
static void begin_again(struct world *world)
{
	for (uint32_t n = 1;; n++) {
		world_open(world);
		put_person(world, n);
		OK(gb_state_commit(world->state, &err));
		OK(gb_state_close(world->state, &err));
		step_is_done();
	}
}

static void a_state_can_be_opened_whenever_its_engine_was_killed(void **state)
{
	struct world *world = *state;
	struct unit_chance chance = {32};

	world_close(world);
	for (int round = 0; round < 60; round++) {
		struct gb_state_sizes sizes;
		struct gb_guid id;
		int64_t no = 0;

		world->path = gb_printf(world, "%s/%d.db", world->folder, round);
		kill_after(unit_below(&chance, 4), unit_below(&chance, 5000), begin_again, world);
		world_open(world);
		gb_state_sizes(world->state, &sizes);
		id = guid_of('c', (uint32_t)sizes.cloud_members);
		OK(gb_state_cloud_find(world->state, &id, &no, &err));
		assert_int_equal(no, sizes.cloud_members);
		world_close(world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_killed_run_leaves_what_it_committed),
		IN_WORLD(a_state_can_be_opened_whenever_its_engine_was_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
