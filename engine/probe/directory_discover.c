/* SPDX-License-Identifier: GPL-3.0-or-later */
/* directory.discover: domain controllers by DNS, and which of them can be used. */
#include "config.h"

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/options.h"
#include "engine/directory/srv.h"
#include "engine/probe/account.h"

/* A server that does not say who it is within this time is not the one to choose. */
#define ASK_MS 2000

/* What is found. */
struct discovery {
	struct gb_probe *probe;
	struct gb_buffer *servers;
	size_t listed;
	int64_t usable;
	char *forest; /* or NULL */
};

static void put_facts(struct gb_json_writer *w, const struct gb_srv_facts *facts)
{
	if (facts) {
		gb_json_put_text(w, "site", facts->site);
		gb_json_put_text(w, "domain", facts->domain_dn);
		gb_json_put_bool(w, "readOnly", facts->is_read_only);
		gb_json_put_bool(w, "globalCatalog", facts->is_global_catalog);
	} else {
		gb_json_put_null(w, "site");
		gb_json_put_null(w, "domain");
		gb_json_put_null(w, "readOnly");
		gb_json_put_null(w, "globalCatalog");
	}
}

static void tell_server(const struct discovery *discovery, const struct gb_srv_record *record,
			const struct gb_srv_facts *facts, const char *why_not, int64_t time_ms)
{
	struct gb_json_writer *w = gb_answer_item("server");

	gb_json_put_text(w, "name", record->host);
	gb_json_put_text(w, "host", record->host);
	gb_json_put_int(w, "port", record->port);
	gb_json_put_int(w, "priority", record->priority);
	gb_json_put_int(w, "weight", record->weight);
	put_facts(w, facts);
	gb_json_put_bool(w, "usable", !why_not);
	gb_json_put_text(w, "text", why_not ? why_not : "");
	gb_json_put_int(w, "timeMs", time_ms);
	gb_answer_send(&discovery->probe->answer, w, false);
}

static void add_server(struct discovery *discovery, const char *host)
{
	discovery->usable++;
	if (discovery->listed < GB_DIRECTORY_MAX_SERVERS) {
		gb_buffer_add_format(discovery->servers, "%s%s", discovery->listed ? " " : "",
				     host);
		discovery->listed++;
	}
}

static void ask_server(struct discovery *discovery, const struct gb_srv_record *record)
{
	struct gb_probe *probe = discovery->probe;
	int64_t began_ms = gb_clock_boot_ms();
	struct gb_srv_facts facts;
	struct gb_err err;
	enum gb_rc rc = gb_srv_ask(probe, record->host, ASK_MS, &facts, &err);
	int64_t time_ms = gb_clock_boot_ms() - began_ms;

	if (rc != GB_OK) {
		tell_server(discovery, record, NULL, err.what, time_ms);
	} else if (facts.is_read_only) {
		tell_server(discovery, record, &facts,
			    _("a read-only domain controller; it cannot be written to"), time_ms);
	} else {
		tell_server(discovery, record, &facts, NULL, time_ms);
		add_server(discovery, record->host);
	}
	if (rc == GB_OK && facts.root_domain_dn && !discovery->forest) {
		discovery->forest = facts.root_domain_dn;
	}
}

enum gb_rc gb_probe_directory_discover(struct gb_probe *probe, struct gb_err *err)
{
	const char *domain = gb_probe_text(probe, "domain");
	const char *site = gb_probe_text(probe, "site");
	struct discovery discovery = {.probe = probe, .servers = gb_buffer_new(probe)};
	struct gb_srv *srv;
	struct gb_json_writer *w;
	enum gb_rc rc;

	gb_probe_begin(probe, "dns", _("Asking DNS for domain controllers"));
	rc = gb_srv_lookup(probe, domain, site, &srv, err);
	if (rc != GB_OK) {
		return rc;
	}
	for (size_t i = 0; i < srv->count; i++) {
		gb_probe_count(probe, "servers", srv->records[i].host, (int64_t)i,
			       (int64_t)srv->count);
		ask_server(&discovery, &srv->records[i]);
	}
	w = gb_answer_result(&probe->answer);
	gb_json_put_text(w, "domain", domain);
	gb_json_put_text(w, "site", site);
	gb_json_put_text(w, "servers", discovery.servers->text);
	gb_json_put_text(w, "forest", discovery.forest);
	gb_json_put_int(w, "found", (int64_t)srv->count);
	gb_json_put_int(w, "usable", discovery.usable);
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}
