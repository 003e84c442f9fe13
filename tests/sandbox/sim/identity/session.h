/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the identity platform remembers between exchanges: device codes and refresh tokens.
 *
 * Lives as long as the world. Times are those of the simulator's clock.
 */
#ifndef SIM_IDENTITY_SESSION_H
#define SIM_IDENTITY_SESSION_H

#include "sim/identity/delegation.h"

/** Most device codes and refresh tokens that are remembered; the oldest are forgotten first. */
#define SIM_SESSION_MAX 1000
/** Characters of a user code. */
#define SIM_USER_CODE_SIZE 9

/** Where a device code is in its life. */
enum sim_device_state {
	SIM_DEVICE_PENDING,
	SIM_DEVICE_APPROVED,
	SIM_DEVICE_DECLINED,
	SIM_DEVICE_BLOCKED, /**< by a policy of the tenant */
	SIM_DEVICE_REDEEMED
};

/** A device code. */
struct sim_device {
	char *code;                             /**< what the client polls with */
	char user_code[SIM_USER_CODE_SIZE + 1]; /**< what the person types */
	char *client_id;                        /**< app that asked */
	struct sim_scope scope;                 /**< what it asked for */
	enum sim_device_state state;            /**< where it is */
	int64_t expires;                        /**< end of its life, seconds since 1970 */
	int64_t polled;                         /**< last poll; 0: none */
	int64_t interval_s;                     /**< least time between polls */
	char person[SIM_GUID_TEXT];             /**< who approved */
	int64_t block_code;                     /**< AADSTS number with which it is blocked */
};

/** A refresh token. */
struct sim_refresh {
	char *token;                /**< the token */
	char *client_id;            /**< app that may use it */
	char person[SIM_GUID_TEXT]; /**< for whom */
	struct sim_scope scope;     /**< what was asked for at first */
	int64_t issued;             /**< seconds since 1970 */
};

/** All of them. */
struct sim_sessions {
	struct sim_device **devices;    /**< oldest first */
	size_t device_count;            /**< used devices */
	struct sim_refresh **refreshes; /**< oldest first */
	size_t refresh_count;           /**< used refreshes */
};

/** A new, empty device code below the sessions, with both codes drawn. */
struct sim_device *sim_device_new(struct sim_world *world);

/** The device code that a client polls with, or NULL. */
struct sim_device *sim_device_by_code(const struct sim_world *world, const char *code);

/** The device code with this user code (any case); NULL for @user_code: the newest pending one. */
struct sim_device *sim_device_by_user_code(const struct sim_world *world, const char *user_code);

/** A new refresh token for @delegation; borrowed. */
const char *sim_refresh_new(struct sim_world *world, const struct sim_delegation *delegation);

/** POST /{tenant}/oauth2/v2.0/devicecode (device.c). */
void sim_device_endpoint(struct sim_sts *sts);

/** grant_type device_code at the token endpoint (device.c). */
void sim_device_poll(struct sim_sts *sts);

/** grant_type refresh_token at the token endpoint (session.c). */
void sim_refresh_redeem(struct sim_sts *sts);

/** GET /device: the page that verification_uri names (device.c). */
void sim_device_page(const struct sim_request *request, struct sim_response *response);

#endif
