/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests of the executor: a state in a folder of its own, a directory of the sandbox, and plans
 * made by hand. A struct world collects what a run reports; everything lives below it.
 */
#ifndef GB_TESTS_INTEGRATION_APPLY_WORLD_H
#define GB_TESTS_INTEGRATION_APPLY_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/apply/apply.h"
#include "engine/directory/directory.h"
#include "engine/state/state.h"

/** Most people that are imported. */
#define WORLD_MAX_PEOPLE 4096

/** Longest that a test waits for anything. */
#define WORLD_MAX_MS 120000

/** Where the world's directory is. */
enum world_kind {
	WORLD_SAMBA,
	WORLD_SLAPD
};

/** How to sign in; zero-initialise. */
struct world_options {
	enum world_kind kind;
	const char *account;      /**< "SVC" (NULL), "NOBODY", "ADMIN" */
	unsigned port;            /**< 0: that of LDAPS */
	int operation_timeout_ms; /**< 0: the default */
	const char *unit; /**< an OU of its own inside the container, made if need be; or NULL */
};

/** How one change ended. */
struct world_result {
	enum gb_change_kind kind;
	int64_t object_no;
	enum gb_outcome_status status;
	size_t failed_members;
	bool was_so;
	struct gb_err err; /**< rc GB_OK if there was none */
};

/** A world. */
struct world {
	struct world_options options;
	struct tevent_context *ev;
	struct gb_directory *directory;
	struct gb_state *state;
	const char *state_path;
	const char *container; /**< DN */
	int64_t *people;       /**< object numbers of those below OU=People */
	size_t people_count;

	int64_t run_no;  /**< of the plan that is made */
	unsigned window; /**< for the next run; 0: the default */
	/** Called after each change that ended, if not NULL. */
	void (*on_ended)(struct world *world, size_t ended);
	struct gb_apply *apply; /**< while a run is under way */

	/* What the last run reported. */
	unsigned done_calls; /**< must be 1 */
	enum gb_rc rc;
	struct gb_err err;
	struct gb_apply_stats stats;
	struct world_result *results;
	size_t result_count;
};

/** The environment variable @name, which must be there. */
const char *world_env(const char *name);

/** A world with a new state in a folder that goes with it; people are imported. */
struct world *world_new(const struct world_options *options);

/** The same with the state at @path, new or old; nothing is imported. */
struct world *world_open(const struct world_options *options, const char *path);

/** Connect (again). */
void world_connect(struct world *world);

/** Turn the loop until *@ended; fails the test after WORLD_MAX_MS. */
void world_await(struct world *world, const bool *ended);

/** Number of the cloud group number @number of the test, with its slot; the same each time. */
int64_t world_group(struct world *world, unsigned number);

/** The objectId of the cloud group. */
struct gb_guid world_cloud_id(unsigned number);

/** "Group_<objectId>", "CN=Apply <number>,<container>", "apply-<number>": below the world. */
const char *world_anchor(struct world *world, unsigned number);
const char *world_dn(struct world *world, unsigned number);
const char *world_account(struct world *world, unsigned number);

/** Begin a plan. */
void world_plan(struct world *world);

/** Add changes to it. Members are object numbers. */
void world_create(struct world *world, unsigned number, const int64_t *members, size_t count);
void world_members(struct world *world, unsigned number, enum gb_change_kind kind,
		   const int64_t *members, size_t count);
void world_attribute(struct world *world, unsigned number, const char *attribute,
		     const char *value);
void world_rename(struct world *world, unsigned number, const char *new_rdn);
void world_delete(struct world *world, unsigned number);

/** Carry the plan out and end the run; what it reported is in the world. Returns the rc. */
enum gb_rc world_apply(struct world *world);

/** The same, and everything must have been applied. */
void world_applies(struct world *world);

/** Prepare the process, then run the tests: all, or those that match argv[1]. */
int world_run_tests(int argc, char **argv, int (*run)(void));

/** The result of the only change of @kind of this group; fails the test if there is none. */
const struct world_result *world_result(struct world *world, unsigned number,
					enum gb_change_kind kind);

/** The group as it stands in the directory, below the world; NULL: it is not there. */
const struct gb_directory_object *world_read(struct world *world, unsigned number);
const struct gb_directory_object *world_read_dn(struct world *world, const char *dn);

/** Number of members of an object in the directory. */
size_t world_count_members(struct world *world, const char *dn);

/** Number of objects that carry the group's anchor. */
size_t world_count_anchor(struct world *world, unsigned number);

/** GUID of a person that was imported. */
struct gb_directory_reference world_person(struct world *world, size_t index);

/** Writes that must succeed, by this world's account. */
void world_write_group(struct world *world, const char *dn, const char *account,
		       const char *anchor);
void world_write_user(struct world *world, const char *dn, const char *account);
void world_write_member(struct world *world, const char *dn, size_t person, bool remove);
void world_write_value(struct world *world, const char *dn, const char *attribute,
		       const char *value);
void world_write_delete(struct world *world, const char *dn);

/** Read an object into the state; returns its number. */
int64_t world_import(struct world *world, const char *dn);

/** Read all groups of the container with their members into the state, as a full read. */
void world_import_groups(struct world *world);

/** Groups of the state that are dirty. */
size_t world_dirty(struct world *world);

/** Run a shell command, which must succeed. */
void world_shell(const char *command);

#endif
