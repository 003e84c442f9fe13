/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the identity platform remembers between exchanges. */
#include "config.h"

#include "sim/identity/session.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/credential.h"
#include "sim/identity/account.h"

/** Days after which an unused refresh token is void. */
#define REFRESH_DAYS 90

/* Characters that nobody mistakes for others. */
static void draw_user_code(struct sim_world *world, char ret_code[SIM_USER_CODE_SIZE + 1])
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

	for (size_t i = 0; i < SIM_USER_CODE_SIZE; i++) {
		ret_code[i] = letters[sim_rng_between(&world->rng, 0, sizeof(letters) - 2)];
	}
	ret_code[SIM_USER_CODE_SIZE] = '\0';
}

static char *draw_token(const void *ctx, struct sim_world *world, const char *prefix, size_t size)
{
	uint8_t bytes[512];
	char *text = NULL;
	char *token = NULL;

	for (size_t i = 0; i < size && i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)sim_rng_next(&world->rng);
	}
	text = sim_base64url(NULL, bytes, size);
	token = sim_printf(ctx, "%s%s", prefix, text);
	talloc_free(text);
	return token;
}

struct sim_device *sim_device_new(struct sim_world *world)
{
	struct sim_sessions *sessions = world->sessions;
	struct sim_device *device = sim_new(sessions, struct sim_device);

	if (sessions->device_count == SIM_SESSION_MAX) {
		talloc_free(sessions->devices[0]);
		sessions->device_count--;
		memmove(sessions->devices, sessions->devices + 1,
			sessions->device_count * sizeof(sessions->devices[0]));
	}
	device->code = draw_token(device, world, "GAQABAQEAAAD-", 96);
	draw_user_code(world, device->user_code);
	sessions->devices = sim_resize(sessions, sessions->devices, struct sim_device *,
				       sessions->device_count + 1);
	sessions->devices[sessions->device_count++] = device;
	return device;
}

struct sim_device *sim_device_by_code(const struct sim_world *world, const char *code)
{
	const struct sim_sessions *sessions = world->sessions;

	for (size_t i = 0; i < sessions->device_count; i++) {
		if (strcmp(sessions->devices[i]->code, code) == 0) {
			return sessions->devices[i];
		}
	}
	return NULL;
}

struct sim_device *sim_device_by_user_code(const struct sim_world *world, const char *user_code)
{
	const struct sim_sessions *sessions = world->sessions;

	for (size_t i = sessions->device_count; i > 0; i--) {
		struct sim_device *device = sessions->devices[i - 1];

		if (user_code ? strcasecmp(device->user_code, user_code) == 0
			      : device->state == SIM_DEVICE_PENDING) {
			return device;
		}
	}
	return NULL;
}

const char *sim_refresh_new(struct sim_world *world, const struct sim_delegation *delegation)
{
	struct sim_sessions *sessions = world->sessions;
	struct sim_refresh *refresh = sim_new(sessions, struct sim_refresh);

	if (sessions->refresh_count == SIM_SESSION_MAX) {
		talloc_free(sessions->refreshes[0]);
		sessions->refresh_count--;
		memmove(sessions->refreshes, sessions->refreshes + 1,
			sessions->refresh_count * sizeof(sessions->refreshes[0]));
	}
	refresh->token = draw_token(refresh, world, "1.AS8A", 320);
	refresh->client_id = sim_strdup(refresh, delegation->app->app_id);
	memcpy(refresh->person, delegation->person, sizeof(refresh->person));
	sim_scope_copy(refresh, delegation->asked, &refresh->scope);
	refresh->issued = sim_clock_now(&world->clock);
	sessions->refreshes = sim_resize(sessions, sessions->refreshes, struct sim_refresh *,
					 sessions->refresh_count + 1);
	sessions->refreshes[sessions->refresh_count++] = refresh;
	return refresh->token;
}

static const struct sim_refresh *find_refresh(const struct sim_world *world, const char *token)
{
	const struct sim_sessions *sessions = world->sessions;

	for (size_t i = 0; i < sessions->refresh_count; i++) {
		if (strcmp(sessions->refreshes[i]->token, token) == 0) {
			return sessions->refreshes[i];
		}
	}
	return NULL;
}

static bool check_refresh(struct sim_sts *sts, const struct sim_refresh *refresh,
			  const struct sim_app *app)
{
	const struct sim_account *person = NULL;
	char issued[SIM_TIME_TEXT];

	if (!refresh || strcmp(refresh->client_id, app->app_id) != 0) {
		return sim_sts_error(sts, "invalid_grant", 9002313,
				     "Invalid request. Request is malformed or invalid.");
	}
	sim_time_iso(refresh->issued, issued);
	if (sim_clock_now(&sts->world->clock) >= refresh->issued + REFRESH_DAYS * 86400) {
		return sim_sts_error(
			sts, "invalid_grant", 700082,
			"The refresh token has expired due to inactivity. The token was issued on "
			"%s and was inactive for %d.00:00:00.",
			issued, REFRESH_DAYS);
	}
	person = sim_account_of(sts->world->tenant->accounts, refresh->person);
	if (refresh->issued <= person->revoked) {
		return sim_sts_error(
			sts, "invalid_grant", 50173,
			"The provided grant has expired due to it being revoked, a fresh auth "
			"token is needed. The user might have changed or reset their password. The "
			"grant was issued on '%s'.",
			issued);
	}
	return true;
}

void sim_refresh_redeem(struct sim_sts *sts)
{
	const char *token = sim_sts_param(sts, "refresh_token");
	const char *text = sim_sts_param(sts, "scope");
	struct sim_delegation delegation = {.app = NULL};
	const struct sim_refresh *refresh = NULL;
	struct sim_scope scope;

	if (!token) {
		sim_sts_missing(sts, "refresh_token");
		return;
	}
	if (!sim_client_check(sts, &delegation.app)) {
		return;
	}
	refresh = find_refresh(sts->world, token);
	if (!check_refresh(sts, refresh, delegation.app)) {
		return;
	}
	memcpy(delegation.person, refresh->person, sizeof(delegation.person));
	delegation.asked = &refresh->scope;
	if (text) {
		if (!sim_scope_read(sts, sts->response, text, &scope)) {
			return;
		}
		delegation.asked = &scope;
	}
	sim_delegation_issue(sts, &delegation);
}
