/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copies of what the identity platform knows of a tenant, for snapshots: apps with their credentials
 * and roles, directory roles of people, device codes and refresh tokens. A copy shares nothing that
 * changes with what it was made of.
 */
#ifndef SIM_IDENTITY_COPY_H
#define SIM_IDENTITY_COPY_H

#include "sim/identity/account.h"
#include "sim/identity/app.h"
#include "sim/identity/session.h"

/** A copy of all apps below @ctx. */
struct sim_apps *sim_apps_copy(const void *ctx, const struct sim_apps *from);

/** A copy of all accounts below @ctx. */
struct sim_accounts *sim_accounts_copy(const void *ctx, const struct sim_accounts *from);

/** A copy of all device codes and refresh tokens below @ctx. */
struct sim_sessions *sim_sessions_copy(const void *ctx, const struct sim_sessions *from);

#endif
