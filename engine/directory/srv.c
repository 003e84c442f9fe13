/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding domain controllers. */
#include "config.h"

#include "engine/directory/srv.h"

#include <arpa/nameser.h>
#include <ldap.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openldap.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/entry.h"
#include "engine/directory/error.h"
#include "engine/directory/server.h"

#define MAX_ANSWER_BYTES 65536
/* MS-ADTS 3.1.1.3.4.3. */
#define CAPABILITY_RODC "1.2.840.113556.1.4.1920"
/* RFC 1035 section 2.3.4. */
#define MAX_NAME_BYTES 253

static bool is_name(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	size_t length = strlen(text);

	return length > 0 && length <= MAX_NAME_BYTES && strspn(text, letters) == length &&
	       text[0] != '.' && strstr(text, "..") == NULL;
}

static enum gb_rc malformed(struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "srv-answer", _("The answer of DNS is not valid."));
	return gb_err_undone(err, _("No domain controller was looked for."));
}

/* RFC 2782: priority, weight, port, target. */
static bool take_record(struct gb_srv *srv, ns_msg *message, const ns_rr *rr)
{
	struct gb_srv_record *record = &srv->records[srv->count];
	const unsigned char *data = ns_rr_rdata(*rr);
	char host[NS_MAXDNAME];

	if (ns_rr_rdlen(*rr) < 7 ||
	    dn_expand(ns_msg_base(*message), ns_msg_end(*message), data + 6, host, sizeof(host)) <
		    0) {
		return false;
	}
	if (!is_name(host)) {
		return true; /* "." means "no such service"; anything else is not fit for use */
	}
	record->priority = (uint16_t)ns_get16(data);
	record->weight = (uint16_t)ns_get16(data + 2);
	record->port = (uint16_t)ns_get16(data + 4);
	record->host = gb_strdup(srv, host);
	srv->count++;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct gb_srv_record *x = a;
	const struct gb_srv_record *y = b;

	if (x->priority != y->priority) {
		return x->priority < y->priority ? -1 : 1;
	}
	if (x->weight != y->weight) {
		return x->weight > y->weight ? -1 : 1;
	}
	return strcasecmp(x->host, y->host);
}

static enum gb_rc none(struct gb_err *err)
{
	gb_err_set(err, GB_E_NOT_FOUND, "srv-none",
		   _("DNS knows no domain controllers of this domain."));
	gb_err_undone(err, _("No connection was made."));
	return gb_err_remedy(err, _("Check the domain's name and this host's DNS servers "
				    "(/etc/resolv.conf), or name the domain controllers by hand."));
}

enum gb_rc gb_srv_parse(const void *ctx, const unsigned char *answer, size_t length,
			struct gb_srv **ret_srv, struct gb_err *err)
{
	struct gb_srv *srv = gb_new(ctx, struct gb_srv);
	bool is_good;
	ns_msg message;

	is_good = ns_initparse(answer, (int)length, &message) == 0;
	for (int i = 0; is_good && i < ns_msg_count(message, ns_s_an) &&
			srv->count < GB_SRV_MAX_RECORDS;
	     i++) {
		ns_rr rr;

		is_good = ns_parserr(&message, ns_s_an, i, &rr) == 0 &&
			  (ns_rr_type(rr) != ns_t_srv || take_record(srv, &message, &rr));
	}
	if (!is_good || srv->count == 0) {
		talloc_free(srv);
		return is_good ? none(err) : malformed(err);
	}
	qsort(srv->records, srv->count, sizeof(srv->records[0]), compare);
	*ret_srv = srv;
	return GB_OK;
}

static enum gb_rc ask_dns(const void *ctx, const char *name, struct gb_srv **ret_srv,
			  struct gb_err *err)
{
	unsigned char *answer = gb_new_array(NULL, unsigned char, MAX_ANSWER_BYTES);
	struct __res_state state = {0};
	enum gb_rc rc;
	int length = -1;

	if (res_ninit(&state) == 0) {
		length = res_nquery(&state, name, ns_c_in, ns_t_srv, answer, MAX_ANSWER_BYTES);
	}
	if (length > MAX_ANSWER_BYTES) {
		rc = malformed(err);
	} else if (length > 0) {
		rc = gb_srv_parse(ctx, answer, (size_t)length, ret_srv, err);
	} else if (state.res_h_errno == HOST_NOT_FOUND || state.res_h_errno == NO_DATA) {
		rc = none(err);
	} else {
		gb_err_set(err, GB_E_UNAVAILABLE, "srv-no-answer", _("DNS does not answer."));
		gb_err_undone(err, _("No domain controller was looked for."));
		rc = gb_err_remedy(err, _("Check this host's DNS servers (/etc/resolv.conf), or "
					  "name the domain controllers by hand."));
	}
	res_nclose(&state);
	talloc_free(answer);
	return rc;
}

enum gb_rc gb_srv_lookup(const void *ctx, const char *domain, const char *site,
			 struct gb_srv **ret_srv, struct gb_err *err)
{
	char *name;
	enum gb_rc rc;

	if (!is_name(domain) || (site && !is_name(site))) {
		gb_err_set(err, GB_E_CONFIG, "srv-name", _("This is not a name for DNS."));
		return gb_err_remedy(err, _("Write it like corp.example.com."));
	}
	name = site ? gb_printf(NULL, "_ldap._tcp.%s._sites.dc._msdcs.%s", site, domain)
		    : gb_printf(NULL, "_ldap._tcp.dc._msdcs.%s", domain);
	rc = ask_dns(ctx, name, ret_srv, err);
	talloc_free(name);
	if (rc == GB_E_NOT_FOUND && !site) {
		name = gb_printf(NULL, "_ldap._tcp.%s", domain);
		rc = ask_dns(ctx, name, ret_srv, err);
		talloc_free(name);
	}
	return rc;
}

/* "CN=DC1,CN=Servers,CN=Berlin,CN=Sites,…": the site is the third RDN. */
static char *site_of(const void *ctx, const char *server_name)
{
	const char *at = server_name;

	for (int i = 0; at && i < 2; i++) {
		at = strchr(at, ',');
		at = at ? at + 1 : NULL;
	}
	if (!at || strncasecmp(at, "CN=", 3) != 0) {
		return NULL;
	}
	return gb_strndup(ctx, at + 3, strcspn(at + 3, ","));
}

static bool holds(char *const *texts, const char *wanted)
{
	for (; *texts; texts++) {
		if (strcasecmp(*texts, wanted) == 0) {
			return true;
		}
	}
	return false;
}

static void take_facts(const void *ctx, const struct gb_entry *entry, struct gb_srv_facts *facts)
{
	void *tmp = gb_new_tmp(NULL);
	char *server = gb_entry_text(tmp, entry, "serverName");

	*facts = (struct gb_srv_facts){
		.domain_dn = gb_entry_text(ctx, entry, "defaultNamingContext"),
		.root_domain_dn = gb_entry_text(ctx, entry, "rootDomainNamingContext"),
		.site = server ? site_of(ctx, server) : NULL,
		.is_read_only =
			holds(gb_entry_texts(tmp, entry, "supportedCapabilities"), CAPABILITY_RODC),
		.is_global_catalog =
			holds(gb_entry_texts(tmp, entry, "isGlobalCatalogReady"), "TRUE"),
	};
	talloc_free(tmp);
}

static enum gb_rc ask_rootdse(const void *ctx, LDAP *ldap, int timeout_ms,
			      struct gb_srv_facts *ret_facts, struct gb_err *err)
{
	static const char *const attributes[] = {"defaultNamingContext", "rootDomainNamingContext",
						 "serverName", "supportedCapabilities",
						 "isGlobalCatalogReady", NULL};
	union {
		const char *const *in;
		char **out;
	} names = {.in = attributes}; /* libldap only reads them */
	struct timeval timeout = {.tv_sec = timeout_ms / 1000,
				  .tv_usec = timeout_ms % 1000 * 1000};
	struct gb_ldap_failure failure = {.request = GB_LDAP_READ,
					  .doing = _("Reading the server's own entry")};
	LDAPMessage *answer = NULL;
	struct gb_entry entry = {.ldap = ldap};

	failure.code = ldap_search_ext_s(ldap, "", LDAP_SCOPE_BASE, "(objectClass=*)", names.out, 0,
					 NULL, NULL, &timeout, 1, &answer);
	entry.message = failure.code == LDAP_SUCCESS ? ldap_first_entry(ldap, answer) : NULL;
	if (entry.message) {
		take_facts(ctx, &entry, ret_facts);
	} else if (failure.code == LDAP_SUCCESS) {
		failure.code = LDAP_NO_SUCH_OBJECT;
	}
	ldap_msgfree(answer);
	return failure.code == LDAP_SUCCESS ? GB_OK : gb_directory_error(&failure, err);
}

enum gb_rc gb_srv_ask(const void *ctx, const char *host, int timeout_ms,
		      struct gb_srv_facts *ret_facts, struct gb_err *err)
{
	int64_t deadline_ms = gb_clock_boot_ms() + timeout_ms;
	const int version = LDAP_VERSION3;
	struct timeval limit = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
	struct gb_server server = {0};
	LDAP *ldap = NULL;
	int fd = -1;
	char *url;
	enum gb_rc rc = gb_server_parse(
		ctx, host, gb_server_default_port(GB_TRANSPORT_STARTTLS), &server, err);

	if (rc == GB_OK) {
		rc = gb_server_connect(&server, deadline_ms, &fd, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	url = gb_printf(NULL, "ldap://%s:%u", server.host, (unsigned)server.port);
	if (ldap_init_fd(fd, LDAP_PROTO_TCP, url, &ldap) != LDAP_SUCCESS) {
		close(fd);
		talloc_free(url);
		return gb_err_set(err, GB_E_INTERNAL, "directory-ldap-init",
				  _("The LDAP library cannot be used."));
	}
	talloc_free(url);
	ldap_set_option(ldap, LDAP_OPT_PROTOCOL_VERSION, &version);
	ldap_set_option(ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	ldap_set_option(ldap, LDAP_OPT_NETWORK_TIMEOUT, &limit);
	ldap_set_option(ldap, LDAP_OPT_TIMEOUT, &limit);
	rc = ask_rootdse(ctx, ldap, timeout_ms, ret_facts, err);
	ldap_unbind_ext(ldap, NULL, NULL);
	return rc;
}
