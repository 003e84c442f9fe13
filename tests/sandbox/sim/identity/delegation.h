/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens for a person: which permissions were asked for, which are granted, and the answer.
 *
 * Used by the device code flow and by refresh tokens. A scope is read from a request, kept below
 * whatever needs it longer, and limited to what is consented each time a token is issued.
 */
#ifndef SIM_IDENTITY_DELEGATION_H
#define SIM_IDENTITY_DELEGATION_H

#include "sim/identity/app.h"
#include "sim/identity/identity.h"

/** What was asked for. */
struct sim_scope {
	char *names;     /**< delegated permissions of Graph, separated by spaces */
	char *prefix;    /**< how they were written: "" or "https://graph.example/" */
	bool is_default; /**< ".default": all that is consented */
	bool openid;     /**< an id token is wanted */
	bool profile;    /**< name and user name in it */
	bool email;      /**< mail address in it */
	bool offline;    /**< a refresh token is wanted */
};

/** A sign-in of a person to an app. */
struct sim_delegation {
	struct sim_app *app;           /**< borrowed; the app it was given to */
	char person[SIM_GUID_TEXT];    /**< object id of the user */
	const struct sim_scope *asked; /**< borrowed */
};

/** Read the scope parameter @text below @ctx. False: the exchange was answered. */
bool sim_scope_read(struct sim_sts *sts, const void *ctx, const char *text,
		    struct sim_scope *ret_scope) SIM_MUST_CHECK;

/** Deep copy below @ctx. */
void sim_scope_copy(const void *ctx, const struct sim_scope *scope, struct sim_scope *ret_copy);

/**
 * Answer with an access token, and with a refresh token and an id token if the scope wants them.
 * Refuses people who are gone or disabled, and scopes of which nothing is consented.
 */
void sim_delegation_issue(struct sim_sts *sts, const struct sim_delegation *delegation);

/** The live user with this userPrincipalName or object id, or NULL. */
struct sim_object *sim_user_find(const struct sim_world *world, const char *name);

/** Text property @name of a user, or @fallback; below @ctx. */
const char *sim_user_text(const void *ctx, const struct sim_object *user, const char *name,
			  const char *fallback);

#endif
