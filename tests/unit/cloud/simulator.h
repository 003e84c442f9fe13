/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulator of Entra ID and Graph as a child process, for the tests of engine/cloud. */
#ifndef GB_TESTS_CLOUD_SIMULATOR_H
#define GB_TESTS_CLOUD_SIMULATOR_H

#include "tests/unit/cloud/lab.h"

#define SIMULATOR_TENANT "11111111-0000-4000-8000-000000000001"
#define SIMULATOR_CLIENT "22222222-0000-4000-8000-000000000001"
#define SIMULATOR_SECRET "s3cret~of.the-app"
/** Apps besides: one without any role, one that may read groups alone, one that is disabled. */
#define SIMULATOR_NO_ROLE     "22222222-0000-4000-8000-000000000002"
#define SIMULATOR_GROUPS_ONLY "22222222-0000-4000-8000-000000000003"
#define SIMULATOR_DISABLED    "22222222-0000-4000-8000-000000000004"

/** A simulator with @groups groups and @people people. */
struct simulator {
	char *url;     /**< "https://localhost:PORT" */
	char *control; /**< "http://127.0.0.1:PORT" */
	int pid;
};

/**
 * Start one below @ctx; it ends with @ctx, or with this process. SIMULATOR_CLIENT has pki->app.
 *
 * @param arguments  further command line arguments, NULL behind the last; may be NULL.
 * Group g has the id simulator_group(g), every person p the id simulator_person(p). Group g has
 * every person p with p % (g + 1) == 0.
 */
struct simulator *simulator_start(const void *ctx, struct lab_pki *pki, unsigned groups,
				  unsigned people, const char *const *arguments);

/** Id of group @g, static text. */
const char *simulator_group(unsigned g);

/** Id of person @p, static text. */
const char *simulator_person(unsigned p);

/** The number in an id of simulator_group() or simulator_person(). */
unsigned simulator_number(const char *id);

/** POST @body to a path of the control endpoint; fails the test unless the answer is 200. */
void simulator_post(const struct simulator *simulator, const char *path, const char *body);

#endif
