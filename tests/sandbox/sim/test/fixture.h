/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the simulator's unit tests: a world without sockets, and calls of Graph within the process.
 *
 * fixture_new() loads a tenant; requests carry a good token with the given roles unless a test
 * sends its own headers. Everything is freed with talloc_free(fixture).
 */
#ifndef SIM_TEST_FIXTURE_H
#define SIM_TEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/http/message.h"
#include "sim/util/json_read.h"
#include "sim/world.h"

/** Id of the fixture's tenant. */
#define FIXTURE_TENANT "aaaaaaaa-0000-4000-8000-000000000001"
/** Client id of the fixture's app. */
#define FIXTURE_APP "bbbbbbbb-0000-4000-8000-000000000001"
/** Secret of the fixture's app, with characters that forms must escape. */
#define FIXTURE_SECRET "s%+&=\xC3\xBC\" x"

/** A world and the token of the next calls. */
struct fixture {
	struct sim_world *world;  /**< the world */
	char *token;              /**< bearer token */
	const char *prefer;       /**< Prefer header of the next calls, or NULL */
	const char *content_type; /**< of bodies; NULL: application/json; "": none */
	bool eventual;            /**< send ConsistencyLevel: eventual */
};

/** A world with this tenant file's objects (users, groups … as JSON members), and all roles. */
struct fixture *fixture_new(uint64_t seed, const char *objects);

/** Sign in again with these space-separated roles. */
void fixture_sign_in(struct fixture *fixture, const char *roles);

/** One call; @url is a path or an absolute link. The answer lives below @ctx. */
struct sim_response *fixture_call(const void *ctx, struct fixture *fixture, const char *method,
				  const char *url, const char *body);

/** GET that must succeed; its JSON. */
const cJSON *fixture_get(const void *ctx, struct fixture *fixture, const char *url);

/** GET that must fail with @status; the error code of the envelope. */
const char *fixture_error(const void *ctx, struct fixture *fixture, const char *url,
			  unsigned status);

/** Apply a list of control changes that must succeed; single quotes stand for double ones. */
void fixture_change(struct fixture *fixture, const char *changes);

/** The GUID text kind-number: fixture_id(buffer, 1, 7) is "00000001-0000-4000-8000-000000000007". */
void fixture_id(char ret_id[37], unsigned kind, unsigned number);

#endif
