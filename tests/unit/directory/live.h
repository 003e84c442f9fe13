/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests against the sandbox's servers: how to open them. Include it last. */
#ifndef GB_TESTS_UNIT_DIRECTORY_LIVE_H
#define GB_TESTS_UNIT_DIRECTORY_LIVE_H

#include "engine/base/process.h"
#include "engine/directory/dn.h"
#include "tests/unit/directory/talk.h"
#include "tests/unit/unit.h"

/** The servers of the options that the functions below make; change them before opening. */
static const char *servers[2];

/** The delegated account by simple bind over LDAPS at @host: what most tests want. */
static inline struct gb_directory_options live_options(const void *ctx, const char *host)
{
	const char *password = talk_env("GB_SVC_PASSWORD");

	servers[0] = host;
	return (struct gb_directory_options){
		.servers = servers,
		.server_count = 1,
		.account = talk_env("GB_SVC_DN"),
		.password = gb_secret_new(ctx, password, strlen(password)),
		.ca_file = talk_env("GB_LDAP_CA"),
		.container = talk_env("GB_CONTAINER"),
	};
}

/** An open conversation with the delegated account at @host. */
static inline struct talk *live_open(const char *host)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options = live_options(talk, host);

	if (talk_open(talk, &options) != GB_OK) {
		fail_msg("%s", gb_err_line(talk, &talk->err));
	}
	return talk;
}

/** The DN of @name in the container, below @ctx. */
static inline const char *live_dn(const void *ctx, const char *name)
{
	return gb_dn_child(ctx, name, talk_env("GB_CONTAINER"));
}

/** The DN of the person with this account name, below @talk. */
static inline const char *live_person(struct talk *talk, const char *account)
{
	assert_int_equal(talk_find_name(talk, account), GB_OK);
	assert_int_equal(talk->count, 1);
	return gb_strdup(talk, talk->objects[0].dn);
}

/** The last write was refused with this code, for good, and nothing is in doubt. */
static inline void live_refused(const struct talk *talk, enum gb_rc rc, int code)
{
	assert_int_equal(talk->rc, rc);
	assert_int_equal(talk->err.native, code);
	assert_true(talk->outcome_known);
	assert_false(talk->is_transient);
}

/** Run a verb of the sandbox from inside. */
static inline void live_sandbox(const char *verbs)
{
	char *command = gb_printf(
		NULL, "\"$GB_SRCDIR/tests/sandbox/sandbox.sh\" %s >/dev/null 2>&1", verbs);

	assert_int_equal(system(command), 0);
	talloc_free(command);
}

#endif
