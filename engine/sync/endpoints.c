/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the configuration to the options of the two rooms that talk. */
#include "config.h"

#include "engine/sync/endpoints.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/config/authorities.h"
#include "engine/config/clouds.h"
#include "engine/config/credentials.h"
#include "engine/directory/srv.h"

static enum gb_rc read_cloud_secret(const void *ctx, const struct gb_config *config,
				    struct gb_cloud_options *options, struct gb_err *err)
{
	bool certificate = config->cloud.credential == GB_CONFIG_CREDENTIAL_CERTIFICATE;
	struct gb_secret *secret;
	char *pem;
	enum gb_rc rc;

	if (config->cloud.credential == GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY) {
		return GB_OK;
	}
	rc = gb_credential_read(
		ctx, config, certificate ? GB_CREDENTIAL_CLOUD_KEY : GB_CREDENTIAL_CLOUD_SECRET,
		&secret, err);
	if (rc != GB_OK) {
		return rc;
	}
	options->secret = secret;
	if (!certificate) {
		return GB_OK;
	}
	rc = gb_authorities_certificate(ctx, config, &pem, &options->certificate_length, err);
	options->certificate_pem = rc == GB_OK ? pem : NULL;
	return rc;
}

static enum gb_cloud_credential credential_of(const struct gb_config_cloud *cloud)
{
	switch (cloud->credential) {
	case GB_CONFIG_CREDENTIAL_SECRET:
		return GB_CLOUD_CREDENTIAL_SECRET;
	case GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY:
		return GB_CLOUD_CREDENTIAL_MACHINE;
	case GB_CONFIG_CREDENTIAL_CERTIFICATE:
	default:
		return GB_CLOUD_CREDENTIAL_CERTIFICATE;
	}
}

static enum gb_cloud_machine_service service_of(const struct gb_config_cloud *cloud)
{
	switch (cloud->identity_service) {
	case GB_CONFIG_IDENTITY_SERVICE_AZURE:
		return GB_CLOUD_MACHINE_AZURE;
	case GB_CONFIG_IDENTITY_SERVICE_ARC:
		return GB_CLOUD_MACHINE_ARC;
	case GB_CONFIG_IDENTITY_SERVICE_AUTO:
	default:
		return GB_CLOUD_MACHINE_AUTO;
	}
}

enum gb_rc gb_endpoints_cloud(const void *ctx, const struct gb_config *config,
			      struct gb_cloud_options *ret_options, struct gb_err *err)
{
	const struct gb_config_cloud *cloud = &config->cloud;
	struct gb_cloud_origins origins = gb_clouds_origins(config);
	enum gb_rc rc;

	*ret_options = (struct gb_cloud_options){
		.authority_url = origins.authority,
		.graph_url = origins.graph,
		.tenant = cloud->tenant,
		.client_id = cloud->client_id,
		.credential = credential_of(cloud),
		.machine_service = service_of(cloud),
		.machine_url = cloud->identity_url,
		.machine_key_folder = cloud->identity_key_folder,
		.assertion = cloud->assertion == GB_CONFIG_ASSERTION_RS256
				     ? GB_CLOUD_ASSERTION_RS256
				     : GB_CLOUD_ASSERTION_PS256,
		.beta_groups = true, /* both scope modes read writebackConfiguration */
		.proxy = cloud->proxy,
	};
	rc = gb_authorities_cloud(config, &ret_options->ca_pem, &ret_options->ca_file, err);
	return rc == GB_OK ? read_cloud_secret(ctx, config, ret_options, err) : rc;
}

static enum gb_rc read_directory_secret(const void *ctx, const struct gb_config *config,
					struct gb_directory_options *options, struct gb_err *err)
{
	struct gb_secret *password;
	char *path;
	enum gb_rc rc;

	if (options->bind == GB_BIND_GSSAPI) {
		rc = gb_credential_path(ctx, config, GB_CREDENTIAL_DIRECTORY_KEYTAB, &path, err);
		options->keytab_file = rc == GB_OK ? path : NULL;
		return rc;
	}
	rc = gb_credential_read(ctx, config, GB_CREDENTIAL_DIRECTORY_PASSWORD, &password, err);
	options->password = rc == GB_OK ? password : NULL;
	return rc;
}

/*
 * Whoever forges an answer of DNS could name a server of theirs, with a good certificate for its own
 * name: only hosts of the domain itself are asked (RFC 6125 section 6.2.1).
 */
static bool is_of_domain(const char *host, const char *domain)
{
	size_t length = strlen(host);
	size_t domain_length = strlen(domain);

	return length > domain_length + 1 && host[length - domain_length - 1] == '.' &&
	       strcasecmp(host + length - domain_length, domain) == 0;
}

static enum gb_rc none_of_domain(const char *domain, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "srv-foreign",
		   _("DNS names domain controllers of %s, but none whose name is in that domain."),
		   domain);
	gb_err_undone(err, _("Nobody was signed in."));
	return gb_err_remedy(err, _("Name them with [directory] servers instead of discover."));
}

/* As many as a client takes; their order is that of DNS. Read-only ones are passed over when opened. */
static enum gb_rc find_servers(const void *ctx, const struct gb_config_directory *directory,
			       struct gb_directory_options *options, struct gb_err *err)
{
	struct gb_srv *srv;
	const char **names;
	enum gb_rc rc;

	if (!directory->discover) {
		options->servers = (const char *const *)directory->servers.items;
		options->server_count = directory->servers.count;
		return GB_OK;
	}
	rc = gb_srv_lookup(ctx, directory->discover, directory->site, &srv, err);
	if (rc != GB_OK) {
		return rc;
	}
	names = gb_new_array(ctx, const char *, GB_DIRECTORY_MAX_SERVERS);
	for (size_t i = 0; i < srv->count && options->server_count < GB_DIRECTORY_MAX_SERVERS;
	     i++) {
		if (is_of_domain(srv->records[i].host, directory->discover)) {
			names[options->server_count++] = srv->records[i].host;
		}
	}
	options->servers = names;
	return options->server_count > 0 ? GB_OK : none_of_domain(directory->discover, err);
}

static enum gb_directory_transport transport_of(const struct gb_config *config)
{
	switch (config->directory.transport) {
	case GB_CONFIG_TRANSPORT_STARTTLS:
		return GB_TRANSPORT_STARTTLS;
	case GB_CONFIG_TRANSPORT_GSSAPI_SEAL:
		return GB_TRANSPORT_GSSAPI_SEAL;
	case GB_CONFIG_TRANSPORT_LDAPS:
	default:
		return GB_TRANSPORT_LDAPS;
	}
}

enum gb_rc gb_endpoints_directory(const void *ctx, const struct gb_config *config,
				  struct gb_directory_options *ret_options, struct gb_err *err)
{
	const struct gb_config_directory *directory = &config->directory;
	enum gb_rc rc;

	*ret_options = (struct gb_directory_options){
		.transport = transport_of(config),
		.bind = directory->bind == GB_CONFIG_BIND_GSSAPI ? GB_BIND_GSSAPI : GB_BIND_SIMPLE,
		.account = directory->account,
		.container = config->writeback.container,
	};
	rc = gb_authorities_directory(config, &ret_options->ca_file, err);
	if (rc == GB_OK) {
		rc = find_servers(ctx, directory, ret_options, err);
	}
	return rc == GB_OK ? read_directory_secret(ctx, config, ret_options, err) : rc;
}
