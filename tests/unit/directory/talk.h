/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests that talk: begin one request, turn the loop until it has ended, look at what came.
 * A struct talk collects what the callbacks bring; everything lives below it.
 */
#ifndef GB_TESTS_UNIT_DIRECTORY_TALK_H
#define GB_TESTS_UNIT_DIRECTORY_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/directory/directory.h"

/** Longest that a test waits for one request. */
#define TALK_MAX_MS 30000

/** One conversation. */
struct talk {
	struct tevent_context *ev;
	struct gb_directory *directory;
	/* How the last request ended. */
	unsigned ends; /**< times `done` was called: must be 1 */
	enum gb_rc rc;
	struct gb_err err; /**< cleared when it was GB_OK */
	bool outcome_known;
	bool is_transient;
	/* What it brought. */
	size_t count;                            /**< objects, members, containers or attributes */
	struct gb_directory_object *objects;     /**< talloc array, strings copied */
	struct gb_directory_reference *members;  /**< the same for members */
	struct gb_directory_container container; /**< the last container */
	char **texts;                            /**< names of containers, or attributes */
	size_t stop_after; /**< return GB_E_CANCELLED from the callback after so many; 0: never */
};

/** An empty conversation; talloc_free() it (closes the directory). */
struct talk *talk_new(void);

/** The environment variable @name, which must be there. */
const char *talk_env(const char *name);

/** Open with @options; returns the rc and keeps the error. */
enum gb_rc talk_open(struct talk *talk, const struct gb_directory_options *options);

/** Forget what the last request brought. Called by the functions below. */
void talk_begin(struct talk *talk);

/** Turn the loop until @ends requests have ended; fails the test after TALK_MAX_MS. */
void talk_await(struct talk *talk, unsigned ends);

/** Callbacks that collect; user is the struct talk. */
void talk_done(void *user, enum gb_rc rc, const struct gb_err *err);
void talk_write_done(void *user, const struct gb_directory_outcome *outcome);
enum gb_rc talk_on_object(void *user, const struct gb_directory_object *object);
enum gb_rc talk_on_member(void *user, const struct gb_directory_reference *member);
enum gb_rc talk_on_container(void *user, const struct gb_directory_container *container);
enum gb_rc talk_on_rights(void *user, const struct gb_directory_rights *rights);

/** Requests that wait for their end. They return its rc. */
enum gb_rc talk_read_objects(struct talk *talk, unsigned classes, const char *since);
enum gb_rc talk_read_group(struct talk *talk, const char *dn);
enum gb_rc talk_read_members(struct talk *talk, const char *dn);
enum gb_rc talk_find_anchor(struct talk *talk, const char *anchor, enum gb_directory_reach reach);
enum gb_rc talk_find_name(struct talk *talk, const char *name);
enum gb_rc talk_find_container(struct talk *talk, const char *dn);
enum gb_rc talk_check_account(struct talk *talk);
enum gb_rc talk_add_group(struct talk *talk, const char *dn, const char *name,
			  const char *const *members);
enum gb_rc talk_modify(struct talk *talk, const char *dn, const char *attribute, const char *value);
enum gb_rc talk_swap(struct talk *talk, const char *dn, const struct gb_change_value *value);
enum gb_rc talk_members(struct talk *talk, const char *dn, bool remove, const char *const *members);
enum gb_rc talk_rename(struct talk *talk, const char *dn, const char *new_rdn, const char *parent);
enum gb_rc talk_delete(struct talk *talk, const char *dn);

/** True if one of the texts (containers, attributes) is @text, in any case. */
bool talk_has_text(const struct talk *talk, const char *text);

#endif
