/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facade: checks the options, builds the parts, hands each reading to its file. */
#include "config.h"

#include "engine/cloud/cloud.h"

#include <assert.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/assertion.h"
#include "engine/cloud/delta.h"
#include "engine/cloud/graph.h"
#include "engine/cloud/groups.h"
#include "engine/cloud/http.h"
#include "engine/cloud/machine.h"
#include "engine/cloud/members.h"
#include "engine/cloud/organization.h"
#include "engine/cloud/origin.h"
#include "engine/cloud/people.h"
#include "engine/cloud/token.h"

/* Entra makes secrets of some 40 characters; a pasted file is a mistake. */
#define MAX_CLIENT_SECRET_BYTES 1024
/* The longest name that DNS knows. */
#define MAX_TENANT_BYTES 253

struct gb_cloud {
	struct tevent_context *ev;
	struct gb_http *http;
	struct gb_origin *authority;
	struct gb_origin *origin;
	struct gb_assertion *assertion; /* with a certificate; else NULL */
	struct gb_machine *machine;     /* with a managed identity; else NULL */
	struct gb_token *token;
	struct gb_graph *graph;
	struct gb_groups_query query;
	unsigned window;
	int64_t first_delay_ms;
	uint64_t refused_records;
};

static enum gb_rc refuse(const char *id, const char *what, const char *remedy, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, id, "%s", what);
	gb_err_undone(err, _("No sign-in was tried."));
	return gb_err_remedy(err, "%s", remedy);
}

/* The tenant becomes a part of a URL's path. */
static bool is_tenant(const char *tenant)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	size_t length = tenant != NULL ? strlen(tenant) : 0;

	return length > 0 && length <= MAX_TENANT_BYTES && strspn(tenant, allowed) == length &&
	       tenant[0] != '.' && strstr(tenant, "..") == NULL &&
	       !gb_text_equal_nocase(tenant, "common") &&
	       !gb_text_equal_nocase(tenant, "organizations") &&
	       !gb_text_equal_nocase(tenant, "consumers");
}

static enum gb_rc check_names(const struct gb_cloud_options *options, struct gb_err *err)
{
	struct gb_guid client_id;

	if (!is_tenant(options->tenant)) {
		return refuse("cloud-bad-tenant",
			      _("The tenant is neither a GUID nor a domain name."),
			      _("Give the tenant's id or one of its verified domains."), err);
	}
	if (options->client_id == NULL && options->credential == GB_CLOUD_CREDENTIAL_MACHINE) {
		return GB_OK;
	}
	if (options->client_id == NULL || !gb_guid_parse(options->client_id, &client_id)) {
		return refuse(
			"cloud-bad-client-id", _("The client id is no GUID."),
			_("Copy the \"Application (client) ID\" from the application's overview "
			  "page."),
			err);
	}
	return GB_OK;
}

static enum gb_rc check_secret(const struct gb_cloud_options *options, struct gb_err *err)
{
	size_t length = options->secret != NULL ? gb_secret_length(options->secret) : 0;

	if (options->credential == GB_CLOUD_CREDENTIAL_MACHINE) {
		return GB_OK;
	}
	if (length == 0) {
		return refuse(
			"cloud-no-secret", _("There is no secret for the sign-in to Entra ID."),
			_("Store the client secret, or the private key of the certificate."), err);
	}
	if (options->credential == GB_CLOUD_CREDENTIAL_SECRET && length > MAX_CLIENT_SECRET_BYTES) {
		return refuse("cloud-long-secret", _("The client secret is too long to be one."),
			      _("Store the secret's value alone."), err);
	}
	return GB_OK;
}

static enum gb_rc make_origins(struct gb_cloud *cloud, const struct gb_cloud_options *options,
			       struct gb_err *err)
{
	enum gb_rc rc = gb_origin_new(cloud, _("authority"), options->authority_url,
				      &cloud->authority, err);

	if (rc != GB_OK) {
		return rc;
	}
	return gb_origin_new(cloud, _("Graph address"), options->graph_url, &cloud->origin, err);
}

static enum gb_rc make_http(struct gb_cloud *cloud, const struct gb_cloud_options *options,
			    struct gb_err *err)
{
	struct gb_http_options http = {
		.ca_file = options->ca_file,
		.ca_pem = options->ca_pem,
		.proxy = options->proxy,
		.max_connections = cloud->window,
	};

	return gb_http_new(cloud, cloud->ev, &http, &cloud->http, err);
}

static enum gb_rc make_assertion(struct gb_cloud *cloud, const struct gb_cloud_options *options,
				 struct gb_err *err)
{
	if (options->credential != GB_CLOUD_CREDENTIAL_CERTIFICATE) {
		return GB_OK;
	}
	return gb_assertion_new(cloud, options->secret, options->certificate_pem,
				options->certificate_length, options->assertion, &cloud->assertion,
				err);
}

static enum gb_rc make_machine(struct gb_cloud *cloud, const struct gb_cloud_options *options,
			       struct gb_err *err)
{
	const struct gb_machine machine = {
		.service = options->machine_service,
		.url = options->machine_url,
		.key_folder = options->machine_key_folder,
		.client_id = options->client_id,
		.graph = gb_origin_url(cloud->origin),
	};

	if (options->credential != GB_CLOUD_CREDENTIAL_MACHINE) {
		return GB_OK;
	}
	return gb_machine_new(cloud, &machine, &cloud->machine, err);
}

static struct gb_retry_policy policy_of(const struct gb_cloud_options *options)
{
	return (struct gb_retry_policy){
		.max_attempts = options->max_attempts > 0 ? options->max_attempts
							  : GB_CLOUD_DEFAULT_ATTEMPTS,
		.deadline_ms = options->deadline_ms > 0 ? options->deadline_ms
							: GB_CLOUD_DEFAULT_DEADLINE_MS,
		.first_delay_ms = options->first_delay_ms > 0 ? options->first_delay_ms
							      : GB_CLOUD_DEFAULT_FIRST_DELAY_MS,
	};
}

static void make_clients(struct gb_cloud *cloud, const struct gb_cloud_options *options)
{
	struct gb_retry_policy policy = policy_of(options);
	struct gb_token_identity identity = {
		.authority = gb_origin_url(cloud->authority),
		.graph = gb_origin_url(cloud->origin),
		.tenant = options->tenant,
		.client_id = options->client_id,
		.secret = options->credential == GB_CLOUD_CREDENTIAL_SECRET ? options->secret
									    : NULL,
		.assertion = cloud->assertion,
		.machine = cloud->machine,
	};
	struct gb_graph_parts parts = {
		.ev = cloud->ev,
		.http = cloud->http,
		.origin = cloud->origin,
		.policy = policy,
		.window = cloud->window,
	};

	cloud->first_delay_ms = policy.first_delay_ms;
	cloud->token = gb_token_new(cloud, cloud->ev, cloud->http, &identity, &policy);
	parts.token = cloud->token;
	cloud->graph = gb_graph_new(cloud, &parts);
}

static enum gb_rc build(struct gb_cloud *cloud, const struct gb_cloud_options *options,
			struct gb_err *err)
{
	enum gb_rc rc = check_names(options, err);

	if (rc == GB_OK) {
		rc = check_secret(options, err);
	}
	if (rc == GB_OK) {
		rc = make_origins(cloud, options, err);
	}
	if (rc == GB_OK) {
		rc = make_http(cloud, options, err);
	}
	if (rc == GB_OK) {
		rc = make_assertion(cloud, options, err);
	}
	if (rc == GB_OK) {
		rc = make_machine(cloud, options, err);
	}
	if (rc == GB_OK) {
		make_clients(cloud, options);
	}
	return rc;
}

/*
 * Those that others borrow go last: talloc frees the youngest child first, but nobody should rely
 * on it.
 */
static int close_parts(struct gb_cloud *cloud)
{
	TALLOC_FREE(cloud->graph);
	TALLOC_FREE(cloud->token);
	TALLOC_FREE(cloud->http);
	return 0;
}

static const char *const *copy_list(const void *ctx, const char *const *list)
{
	size_t count = 0;
	const char **copy;

	while (list != NULL && list[count] != NULL) {
		count++;
	}
	copy = gb_new_array(ctx, const char *, count + 1);
	for (size_t i = 0; i < count; i++) {
		copy[i] = gb_strdup(copy, list[i]);
	}
	return copy;
}

enum gb_rc gb_cloud_new(const void *ctx, struct tevent_context *ev,
			const struct gb_cloud_options *options, struct gb_cloud **ret_cloud,
			struct gb_err *err)
{
	struct gb_cloud *cloud = gb_new(ctx, struct gb_cloud);
	enum gb_rc rc;

	assert(options->window <= GB_CLOUD_MAX_WINDOW);
	cloud->ev = ev;
	cloud->window = options->window > 0 ? options->window : GB_CLOUD_DEFAULT_WINDOW;
	cloud->query.with_writeback = options->beta_groups;
	cloud->query.extra = copy_list(cloud, options->extra_properties);
	rc = build(cloud, options, err);
	if (rc != GB_OK) {
		talloc_free(cloud);
		return rc;
	}
	talloc_set_destructor(cloud, close_parts);
	*ret_cloud = cloud;
	return GB_OK;
}

/* http first: what the others then send comes back as cancelled. */
void gb_cloud_cancel(struct gb_cloud *cloud)
{
	gb_http_cancel(cloud->http);
	gb_token_hurry(cloud->token);
	gb_graph_hurry(cloud->graph);
}

/* Somebody who wants to see the token. */
struct token_viewer {
	gb_cloud_token_fn done;
	void *user;
};

static void on_token(void *user, enum gb_rc rc, const struct gb_secret *bearer, uint64_t generation,
		     const struct gb_err *err)
{
	struct token_viewer *viewer = user;

	(void)generation;
	viewer->done(viewer->user, rc, bearer, err);
	talloc_free(viewer);
}

void gb_cloud_token(struct gb_cloud *cloud, gb_cloud_token_fn done, void *user)
{
	struct token_viewer *viewer = gb_new(cloud, struct token_viewer);

	viewer->done = done;
	viewer->user = user;
	gb_token_get(cloud->token, viewer, on_token, viewer);
}

void gb_cloud_organization(struct gb_cloud *cloud, gb_cloud_organization_fn done, void *user)
{
	gb_organization_get(cloud->graph, cloud, done, user);
}

void gb_cloud_list_groups(struct gb_cloud *cloud, const struct gb_cloud_groups_sink *sink)
{
	gb_groups_list(cloud->graph, cloud, &cloud->query, sink, &cloud->refused_records);
}

void gb_cloud_list_deleted_groups(struct gb_cloud *cloud, const struct gb_cloud_groups_sink *sink)
{
	gb_groups_list_deleted(cloud->graph, cloud, sink, &cloud->refused_records);
}

void gb_cloud_read_group(struct gb_cloud *cloud, const struct gb_guid *id,
			 const struct gb_cloud_groups_sink *sink)
{
	gb_groups_get(cloud->graph, cloud->graph, &cloud->query, id, sink, &cloud->refused_records);
}

void gb_cloud_list_users(struct gb_cloud *cloud, const struct gb_cloud_users_sink *sink)
{
	gb_people_list(cloud->graph, cloud, sink, &cloud->refused_records);
}

void gb_cloud_read_members(struct gb_cloud *cloud, const struct gb_cloud_members_sink *sink)
{
	struct gb_members_parts parts = {
		.ev = cloud->ev,
		.graph = cloud->graph,
		.window = cloud->window,
		.repeat_delay_ms = cloud->first_delay_ms,
		.refused = &cloud->refused_records,
	};

	gb_members_read(&parts, cloud, sink);
}

static struct gb_delta_parts delta_parts(struct gb_cloud *cloud)
{
	return (struct gb_delta_parts){
		.ev = cloud->ev,
		.graph = cloud->graph,
		.query = cloud->query,
		.refused = &cloud->refused_records,
	};
}

void gb_cloud_groups_delta(struct gb_cloud *cloud, enum gb_cloud_delta_start start,
			   const char *link, const struct gb_cloud_groups_delta_sink *sink)
{
	struct gb_delta_parts parts = delta_parts(cloud);

	gb_delta_groups(&parts, cloud, start, link, sink);
}

void gb_cloud_users_delta(struct gb_cloud *cloud, enum gb_cloud_delta_start start, const char *link,
			  const struct gb_cloud_users_delta_sink *sink)
{
	struct gb_delta_parts parts = delta_parts(cloud);

	gb_delta_people(&parts, cloud, start, link, sink);
}

struct gb_cloud_stats gb_cloud_stats(const struct gb_cloud *cloud)
{
	struct gb_graph_stats graph = gb_graph_stats(cloud->graph);

	return (struct gb_cloud_stats){
		.requests = gb_http_sent(cloud->http),
		.token_requests = gb_token_requests(cloud->token),
		.retries = graph.retries,
		.throttled = graph.throttled,
		.throttled_ms = graph.throttled_ms,
		.pages = graph.pages,
		.refused_records = cloud->refused_records,
	};
}

uint64_t gb_cloud_answered(const struct gb_cloud *cloud, int status)
{
	return gb_http_answered(cloud->http, status);
}

int64_t gb_cloud_certificate_end_ms(const struct gb_cloud *cloud)
{
	return cloud->assertion != NULL ? gb_assertion_end_ms(cloud->assertion) : 0;
}
