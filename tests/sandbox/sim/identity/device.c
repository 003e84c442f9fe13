/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device code flow (RFC 8628, as Entra does it). */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "sim/identity/credential.h"
#include "sim/identity/session.h"

/** Seconds by which each slow_down lengthens the interval (RFC 8628, section 3.5). */
#define SLOW_DOWN_S 5

static bool check_realm(struct sim_sts *sts, const struct sim_app *app)
{
	const char *realm = sts->request->segments[0];

	if (!sts->is_shared) {
		return true;
	}
	if (strcasecmp(realm, "common") == 0) {
		return sim_sts_error(sts, "invalid_request", 90133,
				     "Device Code flow is not supported under /common or "
				     "/consumers endpoint. Please use the tenant specific or "
				     "/organizations endpoint.");
	}
	if (!app->is_multi_tenant) {
		return sim_sts_error(
			sts, "invalid_request", 50194,
			"Application '%s'(%s) is not configured as a multi-tenant application. "
			"Usage of the /common endpoint is not supported for such apps created "
			"after '10/15/2018'. Use a tenant-specific endpoint or configure the "
			"application to be multi-tenant.",
			app->app_id, app->display_name);
	}
	return true;
}

static void write_codes(struct sim_sts *sts, const struct sim_device *device)
{
	struct sim_json json = {.out = sts->response->body};
	char *uri = sim_printf(sts->response, "%s/device", sts->request->origin);

	sim_json_object(&json);
	sim_json_put_string(&json, "user_code", device->user_code);
	sim_json_put_string(&json, "device_code", device->code);
	sim_json_put_string(&json, "verification_uri", uri);
	sim_json_put_int(&json, "expires_in", sts->world->switches.device_code_s);
	sim_json_put_int(&json, "interval", device->interval_s);
	sim_json_put_string(&json, "message",
			    sim_printf(sts->response,
				       "To sign in, use a web browser to open the page %s and "
				       "enter the code %s to authenticate.",
				       uri, device->user_code));
	sim_json_object_end(&json);
}

void sim_device_endpoint(struct sim_sts *sts)
{
	const char *text = NULL;
	struct sim_app *app = NULL;
	struct sim_device *device = NULL;
	struct sim_scope scope;

	if (!sim_sts_read_form(sts) || !sim_app_of(sts, sim_sts_param(sts, "client_id"), &app) ||
	    !check_realm(sts, app)) {
		return;
	}
	text = sim_sts_param(sts, "scope");
	if (!text) {
		sim_sts_missing(sts, "scope");
		return;
	}
	if (!sim_scope_read(sts, sts->response, text, &scope)) {
		return;
	}
	device = sim_device_new(sts->world);
	device->client_id = sim_strdup(device, app->app_id);
	device->expires = sim_clock_now(&sts->world->clock) + sts->world->switches.device_code_s;
	device->interval_s = sts->world->switches.device_interval_s;
	sim_scope_copy(device, &scope, &device->scope);
	write_codes(sts, device);
}

/* Microsoft's table has no slow_down; RFC 8628 does, and the switch lets both be met. */
static bool check_pace(struct sim_sts *sts, struct sim_device *device, int64_t now)
{
	bool too_soon = device->polled && now - device->polled < device->interval_s;

	device->polled = now;
	if (!too_soon || !sts->world->switches.device_slow_down) {
		return true;
	}
	device->interval_s += SLOW_DOWN_S;
	return sim_sts_error(sts, "slow_down", 70016,
			     "OAuth 2.0 device flow error. The client polls too often.");
}

static bool check_state(struct sim_sts *sts, const struct sim_device *device)
{
	switch (device->state) {
	case SIM_DEVICE_APPROVED:
		return true;
	case SIM_DEVICE_DECLINED:
		return sim_sts_error(sts, "authorization_declined", 65004,
				     "User declined to consent to access the app.");
	case SIM_DEVICE_BLOCKED:
		return sim_sts_error(
			sts,
			device->block_code / 100 == 500 ? "interaction_required" : "invalid_grant",
			device->block_code,
			"Access has been blocked by Conditional Access policies. The access "
			"policy does not allow token issuance.");
	case SIM_DEVICE_REDEEMED:
		return sim_sts_error(sts, "invalid_grant", 70000,
				     "The provided device code was redeemed already.");
	case SIM_DEVICE_PENDING:
		break;
	}
	return sim_sts_error(sts, "authorization_pending", 70016,
			     "OAuth 2.0 device flow error. Authorization is pending. Continue "
			     "polling.");
}

void sim_device_poll(struct sim_sts *sts)
{
	/* Clients of the older endpoint name the parameter "code". */
	const char *code = sim_sts_param(sts, "device_code");
	struct sim_delegation delegation = {.app = NULL};
	struct sim_device *device = NULL;
	int64_t now = sim_clock_now(&sts->world->clock);

	code = code ? code : sim_sts_param(sts, "code");
	if (!code) {
		sim_sts_missing(sts, "device_code");
		return;
	}
	if (!sim_client_check(sts, &delegation.app)) {
		return;
	}
	device = sim_device_by_code(sts->world, code);
	if (!device || strcmp(device->client_id, delegation.app->app_id) != 0) {
		sim_sts_error(sts, "bad_verification_code", 70018,
			      "Invalid verification code due to User typing in wrong user code "
			      "for device code flow.");
		return;
	}
	if (now >= device->expires && device->state == SIM_DEVICE_PENDING) {
		sim_sts_error(sts, "expired_token", 70019,
			      "Verification code expired. Have the user retry the sign-in.");
		return;
	}
	if (!check_pace(sts, device, now) || !check_state(sts, device)) {
		return;
	}
	memcpy(delegation.person, device->person, sizeof(delegation.person));
	delegation.asked = &device->scope;
	device->state = SIM_DEVICE_REDEEMED;
	sim_delegation_issue(sts, &delegation);
}

void sim_device_page(const struct sim_request *request, struct sim_response *response)
{
	(void)request;
	sim_response_header(response, "Content-Type", "text/html; charset=utf-8");
	sim_buf_text(response->body,
		     "<!DOCTYPE html><html lang=\"en\"><head><title>Sign in</title></head><body>"
		     "<p>This is a simulator. Approve or decline the code by POST "
		     "/control/device; see docs/simulator.md.</p></body></html>\n");
}
