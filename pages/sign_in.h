/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one-time sign-in with a code, as the rows of a page show it: the address, the code, how long it is
 * still valid. The engine waits for the person (docs/probe.md, item "sign-in"); this only remembers what
 * it told. The sign-in itself never comes here.
 */
#ifndef WZ_PAGES_SIGN_IN_H
#define WZ_PAGES_SIGN_IN_H

#include "engine/base/json.h"
#include "wizard/page.h"

/** Opaque. */
struct wz_sign_in;

/** Nobody is waited for; below @ctx. */
struct wz_sign_in *wz_sign_in_new(const void *ctx);

/** Take an item of kind "sign-in"; says in the message area what to do, and redraws each minute. */
void wz_sign_in_take(struct wz *wz, struct wz_sign_in *sign_in, const struct gb_json *item);

/** The question has ended: nobody is waited for. */
void wz_sign_in_end(struct wz *wz, struct wz_sign_in *sign_in);

/** True while a person should open the address. */
bool wz_sign_in_is_waiting(const struct wz_sign_in *sign_in);

/** The address as the server sent it; borrowed. NULL if nobody is waited for. */
const char *wz_sign_in_url(const struct wz_sign_in *sign_in);

/** The code as the server sent it; borrowed. NULL if nobody is waited for. */
const char *wz_sign_in_code(const struct wz_sign_in *sign_in);

/** The code with its characters apart, then plain: easy to read aloud and to compare. Below @ctx. */
char *wz_sign_in_code_line(const void *ctx, const struct wz_sign_in *sign_in);

/** "Waiting for you to sign in. The code is valid for 12 more minutes." Below @ctx. */
char *wz_sign_in_state_line(const void *ctx, const struct wz_sign_in *sign_in);

#endif
