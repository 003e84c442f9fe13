/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/state: where the file may lie. The linker leads fstatfs() here. */
#include "config.h"

#include <sys/vfs.h>

#include "engine/state/location.h"
#include "tests/unit/state/world.h"

/** What fstatfs() says; 0: the truth. */
static long file_system;

int __real_fstatfs(int fd, struct statfs *buf);
int __wrap_fstatfs(int fd, struct statfs *buf);

int __wrap_fstatfs(int fd, struct statfs *buf)
{
	int rc = __real_fstatfs(fd, buf);

	if (file_system) {
		buf->f_type = file_system;
	}
	return rc;
}

static void network_file_systems_are_refused(void **state)
{
	static const long types[] = {0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x01021997};
	struct world *world = *state;
	struct gb_state *other = NULL;

	for (size_t i = 0; i < GB_ARRAY_SIZE(types); i++) {
		file_system = types[i];
		REFUSED(gb_state_open(world, world->path, GB_STATE_READ_ONLY, &other, &err),
			GB_E_CONFIG, "state-untrusted");
	}
	file_system = 0;
	OK(gb_state_open(world, world->path, GB_STATE_READ_ONLY, &other, &err));
	talloc_free(other);
}

static void any_path_makes_a_uri(void **state)
{
	char *uri = gb_location_immutable_uri(*state, "/var/a b%c?d#e&f=g");

	assert_string_equal(uri, "file:/var/a b%25c%3Fd%23e&f=g?immutable=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(network_file_systems_are_refused),
		IN_WORLD(any_path_makes_a_uri),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
