/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the questions about the cloud share, and cloud.discover, cloud.sign-in. */
#include "config.h"

#include "engine/probe/cloud.h"

#include <string.h>
#include <strings.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/authorities.h"
#include "engine/config/clouds.h"

static bool always(const struct gb_config *config)
{
	(void)config;
	return true;
}

static bool never(const struct gb_config *config)
{
	(void)config;
	return false;
}

static bool with_hidden(const struct gb_config *config)
{
	return config->writeback.hidden_membership;
}

const struct gb_probe_role gb_probe_roles[] = {
	{"Group.Read.All", N_("reads groups, their members and their writeback settings"), always},
	{"User.Read.All", N_("reads what finds people on-premises"), always},
	{"Member.Read.Hidden", N_("reads members of groups with hidden membership"), with_hidden},
	{"Organization.Read.All", N_("reads the tenant's name and domains"), never},
	{"Device.Read.All", N_("reads members that are devices"), never},
	{"OrgContact.Read.All", N_("reads members that are contacts"), never},
	{NULL, NULL, NULL},
};

enum gb_rc gb_probe_entra(struct gb_probe *probe, struct gb_entra **ret_entra, struct gb_err *err)
{
	struct gb_cloud_origins origins = gb_clouds_origins(probe->config);
	struct tevent_context *ev = gb_mem_check(tevent_context_init(probe));
	struct gb_entra_options options = {
		.authority_url = origins.authority,
		.graph_url = origins.graph,
		.tenant = probe->config->cloud.tenant,
		.proxy = probe->config->cloud.proxy,
	};
	enum gb_rc rc =
		gb_authorities_cloud(probe->config, &options.ca_pem, &options.ca_file, err);

	return rc == GB_OK ? gb_entra_new(probe, ev, &options, ret_entra, err) : rc;
}

/* The word of [cloud] environment that an answer speaks for; NULL: cannot tell. */
static const char *environment_of(const struct gb_entra_discovery *found)
{
	static const struct {
		const char *graph_host;
		const char *word;
	} clouds[] = {
		{"graph.microsoft.com", "global"},
		{"graph.microsoft.us", "usgov"},
		{"dod-graph.microsoft.us", "usgov-dod"},
		{"microsoftgraph.chinacloudapi.cn", "china"},
		{"graph.svc.sovcloud.fr", "bleu"},
		{"graph.svc.sovcloud.de", "delos"},
		{"graph.svc.sovcloud.sg", "govsg"},
	};

	if (found->sub_region && strcmp(found->sub_region, "DOD") == 0) {
		return "usgov-dod";
	}
	for (size_t i = 0; found->graph_host && i < GB_ARRAY_SIZE(clouds); i++) {
		if (gb_text_equal_nocase(found->graph_host, clouds[i].graph_host)) {
			return clouds[i].word;
		}
	}
	return NULL;
}

static const char *host_of(const char *url)
{
	const char *host = strstr(url, "://");

	return host ? host + 3 : url;
}

static bool matches(const struct gb_probe *probe, const struct gb_entra_discovery *found)
{
	const char *ours = host_of(gb_clouds_origins(probe->config).graph);
	size_t length = found->graph_host ? strlen(found->graph_host) : 0;

	/* A custom cloud may add a port. */
	return length == 0 || (strncasecmp(ours, found->graph_host, length) == 0 &&
			       (ours[length] == '\0' || ours[length] == ':'));
}

enum gb_rc gb_probe_cloud_discover(struct gb_probe *probe, struct gb_err *err)
{
	struct gb_cloud_origins origins = gb_clouds_origins(probe->config);
	struct gb_entra_discovery found = {0};
	struct gb_entra *entra;
	struct gb_json_writer *w;
	enum gb_rc rc = gb_probe_entra(probe, &entra, err);

	if (rc == GB_OK) {
		rc = gb_entra_discover(entra, probe, &found, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	w = gb_answer_result(&probe->answer);
	gb_json_put_text(w, "tenantId", found.tenant_id);
	gb_json_put_text(w, "authority", origins.authority);
	gb_json_put_text(w, "graph", origins.graph);
	gb_json_put_text(w, "region", found.region);
	gb_json_put_text(w, "subRegion", found.sub_region);
	gb_json_put_text(w, "environment", environment_of(&found));
	gb_json_put_bool(w, "environmentMatches", matches(probe, &found));
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}

static void tell_sign_in(struct gb_probe *probe, const struct gb_entra_device *device,
			 int64_t left_s, const char *state)
{
	struct gb_json_writer *w = gb_answer_item("sign-in");

	gb_json_put_text(w, "state", state);
	gb_json_put_text(w, "url", device->url);
	gb_json_put_text(w, "code", device->user_code);
	gb_json_put_int(w, "expiresSeconds", left_s > 0 ? left_s : 0);
	gb_json_put_int(w, "intervalSeconds", device->interval_s);
	gb_answer_send(&probe->answer, w, false);
}

static enum gb_rc declined(struct gb_err *err)
{
	gb_err_set(err, GB_E_ACCESS, "sign-in-declined", _("The sign-in was declined."));
	gb_err_undone(err, _("Nothing was changed in the tenant."));
	return gb_err_remedy(err, _("Start again, and accept it in the browser."));
}

static enum gb_rc expired(struct gb_err *err)
{
	gb_err_set(err, GB_E_UNAVAILABLE, "sign-in-expired",
		   _("Nobody signed in while the code was valid."));
	gb_err_undone(err, _("Nothing was changed in the tenant."));
	return gb_err_remedy(err, _("Ask for a new code."));
}

/* Conditional Access (AADSTS53000 to 53011, 530032, 530035) is met by people in another way than by us. */
static enum gb_rc explain_block(enum gb_rc rc, struct gb_err *err)
{
	if (strncmp(err->id, "aadsts-530", strlen("aadsts-530")) == 0) {
		gb_err_undone(err, _("Nothing was changed in the tenant."));
		gb_err_remedy(err, _("This tenant blocks sign-ins by device code: let a colleague "
				     "register the application by the printed steps, or use an "
				     "existing one with its certificate."));
	}
	return rc;
}

enum gb_rc gb_probe_sign_in(struct gb_probe *probe, struct gb_entra *entra, const char *scopes,
			    struct gb_err *err)
{
	struct gb_entra_device *device;
	enum gb_entra_sign_in found = GB_ENTRA_WAITING;
	int64_t end_ms;
	enum gb_rc rc = gb_entra_device_begin(entra, probe, scopes, &device, err);

	if (rc != GB_OK) {
		return rc;
	}
	end_ms = gb_clock_boot_ms() + device->expires_s * 1000;
	tell_sign_in(probe, device, device->expires_s, "waiting");
	while (found == GB_ENTRA_WAITING) {
		gb_entra_sleep(entra, device->interval_s * 1000);
		if (gb_clock_boot_ms() >= end_ms) {
			found = GB_ENTRA_EXPIRED;
			break;
		}
		rc = gb_entra_device_poll(entra, device, &found, err);
		if (rc != GB_OK) {
			return explain_block(rc, err);
		}
	}
	tell_sign_in(probe, device, (end_ms - gb_clock_boot_ms()) / 1000,
		     found == GB_ENTRA_SIGNED_IN ? "signed-in"
		     : found == GB_ENTRA_EXPIRED ? "expired"
						 : "declined");
	return found == GB_ENTRA_SIGNED_IN ? GB_OK
	       : found == GB_ENTRA_EXPIRED ? expired(err)
					   : declined(err);
}

/* Template ids of directory roles, the same in every tenant (Entra, "built-in roles"). */
static const struct {
	const char *id;
	const char *name;
	bool can_grant;
} directory_roles[] = {
	{"62e90394-69f5-4237-9190-012177145e10", "Global Administrator", true},
	{"e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator", true},
	{"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator", false},
	{"158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator", false},
};

static bool put_directory_roles(struct gb_json_writer *w, const struct gb_claims *person)
{
	bool can_grant = false;

	gb_json_begin_array(w, "directoryRoles");
	for (size_t i = 0; i < person->wid_count; i++) {
		for (size_t j = 0; j < GB_ARRAY_SIZE(directory_roles); j++) {
			if (strcmp(person->wids[i], directory_roles[j].id) == 0) {
				gb_json_put_text(w, NULL, directory_roles[j].name);
				can_grant = can_grant || directory_roles[j].can_grant;
			}
		}
	}
	gb_json_end_array(w);
	return can_grant;
}

enum gb_rc gb_probe_cloud_sign_in(struct gb_probe *probe, struct gb_err *err)
{
	const struct gb_claims *person;
	struct gb_entra *entra;
	struct gb_json_writer *w;
	bool can_grant;
	enum gb_rc rc = gb_probe_entra(probe, &entra, err);

	if (rc == GB_OK) {
		rc = gb_probe_sign_in(probe, entra, GB_PROBE_SCOPES_FEATURES, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	person = gb_entra_person(entra);
	w = gb_answer_result(&probe->answer);
	gb_json_put_text(w, "account", person->account);
	gb_json_put_text(w, "displayName", person->name);
	can_grant = put_directory_roles(w, person);
	if (person->has_wids) {
		gb_json_put_bool(w, "canGrant", can_grant);
	} else {
		gb_json_put_null(w, "canGrant");
	}
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}
