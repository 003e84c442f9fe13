/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entra-sim: a stand-in for Entra ID and Microsoft Graph, for tests. */
#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/control/control.h"
#include "sim/dispatch.h"
#include "sim/generate/generate.h"
#include "sim/generate/ldif.h"
#include "sim/http/server.h"
#include "sim/identity/metadata.h"
#include "sim/options.h"
#include "sim/util/file.h"

static bool write_ready(const struct sim_server *server, const struct sim_options *options,
			struct sim_err *err)
{
	const char *open = "";
	const char *close = "";
	unsigned port = sim_server_port(server, SIM_METADATA);
	char *metadata = NULL;
	char *text = NULL;
	bool ok = false;

	for (const char *p = options->listen; *p; p++) {
		if (*p == ':') {
			open = "[";
			close = "]";
		}
	}
	if (port) {
		metadata = sim_printf(NULL, "\"metadata\":\"http://%s%s%s:%u\",", open,
				      options->listen, close, port);
	}
	text = sim_printf(NULL,
			  "{\"url\":\"https://%s%s%s:%u\",\"control\":\"http://%s%s%s:%u\","
			  "\"port\":%u,\"controlPort\":%u,%s\"pid\":%ld}\n",
			  open, options->listen, close, sim_server_port(server, SIM_PUBLIC), open,
			  options->listen, close, sim_server_port(server, SIM_CONTROL),
			  sim_server_port(server, SIM_PUBLIC), sim_server_port(server, SIM_CONTROL),
			  metadata ? metadata : "", (long)getpid());
	ok = sim_file_write(options->ready_file, text, err);
	talloc_free(text);
	talloc_free(metadata);
	return ok;
}

static bool open_server(struct sim_world *world, const struct sim_options *options,
			struct sim_server **ret_server, struct sim_err *err)
{
	struct sim_server_options server = {.address = options->listen,
					    .port = options->port,
					    .control_port = options->control_port,
					    .metadata_port = options->metadata_port,
					    .handler = sim_dispatch,
					    .control = sim_control_handle,
					    .metadata = sim_metadata_handle};
	char *cert = NULL;
	char *key = NULL;
	size_t length = 0;

	if (!sim_file_read(world, options->cert, &cert, &length, err) ||
	    !sim_file_read(world, options->key, &key, &length, err)) {
		return false;
	}
	server.cert_pem = cert;
	server.key_pem = key;
	return sim_server_new(world, world, &server, ret_server, err);
}

static bool read_spec(const struct sim_options *options, struct sim_spec *ret_spec,
		      struct sim_err *err)
{
	if (!sim_spec_parse(options->generate, ret_spec, err)) {
		return false;
	}
	ret_spec->base_dn = options->base_dn ? options->base_dn : ret_spec->base_dn;
	ret_spec->domain_sid = options->domain_sid ? options->domain_sid : ret_spec->domain_sid;
	return true;
}

static bool generate(struct sim_tenant *tenant, const struct sim_options *options,
		     struct sim_err *err)
{
	struct sim_spec spec;

	if (!read_spec(options, &spec, err)) {
		return false;
	}
	if (tenant->domain_count > 0) {
		spec.cloud_domain = tenant->domains[0].name;
	}
	tenant->epoch ^= sim_generate_digest(&spec);
	return sim_generate(tenant->store, &spec, err);
}

static bool print_ldif(const struct sim_options *options, struct sim_err *err)
{
	struct sim_spec spec;

	return read_spec(options, &spec, err) && sim_ldif_write(&spec, stdout, err);
}

static bool serve(struct sim_world *world, const struct sim_options *options, struct sim_err *err)
{
	struct sim_server *server = NULL;

	if (!sim_tenant_load(world, options->tenant, &world->clock, &world->tenant, err)) {
		return false;
	}
	if (options->generate && !generate(world->tenant, options, err)) {
		return false;
	}
	malloc_trim(0); /* the JSON tree of a large tenant is twice the size of the tenant */
	world->signing_key = sim_key_generate(world);
	world->loaded_seq = world->tenant->store->seq;
	if (!open_server(world, options, &server, err)) {
		return false;
	}
	if (options->ready_file && !write_ready(server, options, err)) {
		return false;
	}
	sim_server_run(server);
	talloc_free(server);
	if (options->ready_file) {
		unlink(options->ready_file);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct sim_world *world = NULL;
	struct sim_options options;
	struct sim_err err;
	bool ok = false;
	int code = 0;

	sim_mem_init();
	world = sim_world_new(NULL, 1);
	code = sim_options_read(argc, argv, &world->switches, &options);
	if (code >= 0) {
		talloc_free(world);
		return code;
	}
	talloc_free(world);
	world = sim_world_new(NULL, options.seed);
	world->switches = options.switches;
	world->arc_folder = sim_strdup(world, options.arc_folder);
	ok = options.ldif ? print_ldif(&options, &err) : serve(world, &options, &err);
	if (!ok) {
		fprintf(stderr, "entra-sim: %s\n", err.text);
	}
	talloc_free(world);
	return ok ? 0 : 70;
}
