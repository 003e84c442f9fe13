/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Giving root up, for good.
 *
 * A program that was started as root opens what only root can read, calls gb_privilege_drop(), and
 * opens sockets after that. Only the loader of the configuration and of the secrets comes before it.
 */
#ifndef GB_BASE_PRIVILEGE_H
#define GB_BASE_PRIVILEGE_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** The user that the engine works as. */
#define GB_PRIVILEGE_USER "groupback"

/** Where the program works; decides whether staying root is acceptable. */
struct gb_privilege_place {
	const char *user;            /**< NULL: GB_PRIVILEGE_USER */
	const char *config_path;     /**< the configuration file */
	const char *state_directory; /**< or NULL */
};

/** True if gb_privilege_drop() would try to become the user, or refuse. */
bool gb_privilege_would_drop(const struct gb_privilege_place *place);

/**
 * Make a folder (mode 0750) if it is missing; one that root makes for the user belongs to the user. What
 * cannot be made is noticed by whoever uses it.
 */
void gb_privilege_make_folder(const struct gb_privilege_place *place, const char *path);

/**
 * Become the user: no supplementary groups but its own, its group, its user id, no new privileges;
 * then check that there is no way back. Nothing happens, and GB_OK is returned, to a process that is
 * not root; where the user does not exist, or ids cannot be changed (user namespaces); or if the
 * state directory belongs to root and the configuration is not below /etc (a sandbox of root's own).
 *
 * Errors: GB_E_CONFIG "no-groupback-user" (the user does not exist, and the configuration is below
 * /etc); GB_E_SYSTEM (the change was refused half way: end the program).
 */
GB_MUST_CHECK enum gb_rc gb_privilege_drop(const struct gb_privilege_place *place,
					   struct gb_err *err);

#endif
