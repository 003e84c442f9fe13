/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection ladder. */
#include "config.h"

#include "engine/directory/ladder.h"

#include <netdb.h>
#include <time.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/certificate.h"
#include "engine/directory/connection.h"
#include "engine/directory/kerberos.h"
#include "engine/directory/rootdse.h"
#include "engine/directory/server.h"

/* One climb. */
struct climb {
	const struct gb_directory_options *options;
	gb_ladder_on_rung on_rung;
	void *user;
	void *tmp;
	struct gb_server server;
	struct gb_connection_times times;
	int64_t began_ms;
	struct gb_err *err;
};

static void rung(const struct climb *climb, enum gb_ladder_step step,
		 enum gb_ladder_verdict verdict, int64_t time_ms, const char *text)
{
	struct gb_ladder_rung rung = {
		.step = step,
		.verdict = verdict,
		.time_ms = time_ms,
		.text = text,
		.err = verdict == GB_LADDER_FAILED ? climb->err : NULL,
	};

	climb->on_rung(climb->user, &rung);
}

static void not_tried(const struct climb *climb, enum gb_ladder_step from)
{
	for (int step = (int)from; step < GB_LADDER_STEPS; step++) {
		rung(climb, (enum gb_ladder_step)step, GB_LADDER_NOT_TRIED, -1, "");
	}
}

static const char *address_text(const struct climb *climb)
{
	char host[NI_MAXHOST] = "?";

	(void)getnameinfo((const struct sockaddr *)&climb->server.address,
			  climb->server.address_length, host, sizeof(host), NULL, 0,
			  NI_NUMERICHOST);
	return gb_printf(climb->tmp, _("%s, port %u"), host, (unsigned)climb->server.port);
}

static const char *tls_text(const struct climb *climb)
{
	struct gb_certificate certificate;
	struct tm broken = {0};
	time_t end;

	if (!climb->times.tls_version) {
		return _("no TLS: Kerberos signs and encrypts");
	}
	if (!climb->times.certificate_der ||
	    !gb_certificate_read(climb->tmp, climb->times.certificate_der,
				 climb->times.certificate_length, &certificate)) {
		return climb->times.tls_version;
	}
	end = (time_t)(certificate.not_after_ms / 1000);
	(void)gmtime_r(&end, &broken);
	return gb_printf(climb->tmp, _("%s, %s, valid until %04d-%02d-%02d"),
			 climb->times.tls_version, certificate.subject, broken.tm_year + 1900,
			 broken.tm_mon + 1, broken.tm_mday);
}

static const char *account_text(const struct climb *climb)
{
	return climb->options->account
		       ? gb_text_display(climb->tmp, climb->options->account)
		       : _("the first principal of the keytab");
}

/* The rungs that one attempt to connect reached: each ended when its moment was noted. */
static void tell_connection(const struct climb *climb)
{
	const struct gb_connection_times *times = &climb->times;
	const int64_t moments[] = {times->resolved_ms, times->connected_ms, times->protected_ms,
				   times->bound_ms};
	int64_t before_ms = climb->began_ms;

	for (size_t step = GB_LADDER_NAME; step <= GB_LADDER_SIGN_IN; step++) {
		const char *text = step == GB_LADDER_NAME  ? climb->server.host
				   : step == GB_LADDER_TCP ? address_text(climb)
				   : step == GB_LADDER_TLS ? tls_text(climb)
							   : account_text(climb);

		if (moments[step] == 0) {
			rung(climb, (enum gb_ladder_step)step, GB_LADDER_FAILED,
			     gb_clock_boot_ms() - before_ms, climb->err->what);
			not_tried(climb, (enum gb_ladder_step)(step + 1));
			return;
		}
		rung(climb, (enum gb_ladder_step)step, GB_LADDER_OK, moments[step] - before_ms,
		     text);
		before_ms = moments[step];
	}
}

static enum gb_rc read_server(const struct climb *climb, struct gb_connection *connection)
{
	int64_t began_ms = gb_clock_boot_ms();
	struct gb_rootdse rootdse = {0};
	enum gb_rc rc = gb_rootdse_read(climb->tmp, gb_connection_ldap(connection),
					GB_DIRECTORY_CONNECT_TIMEOUT_MS, &rootdse, climb->err);
	int64_t time_ms = gb_clock_boot_ms() - began_ms;

	if (rc != GB_OK) {
		rung(climb, GB_LADDER_READ, GB_LADDER_FAILED, time_ms, climb->err->what);
		return rc;
	}
	rung(climb, GB_LADDER_READ, GB_LADDER_OK, time_ms,
	     gb_text_display(climb->tmp, rootdse.facts.domain_dn));
	return GB_OK;
}

/* What cannot even begin has no rung of its own: it stands at the sign-in, where it belongs. */
static enum gb_rc cannot_begin(const struct climb *climb)
{
	for (int step = GB_LADDER_NAME; step < GB_LADDER_SIGN_IN; step++) {
		rung(climb, (enum gb_ladder_step)step, GB_LADDER_NOT_TRIED, -1, "");
	}
	rung(climb, GB_LADDER_SIGN_IN, GB_LADDER_FAILED, 0, climb->err->what);
	not_tried(climb, GB_LADDER_READ);
	return climb->err->rc;
}

static enum gb_rc climb_up(struct climb *climb, size_t server)
{
	struct gb_connection *connection = NULL;
	struct gb_kerberos *kerberos = NULL;
	enum gb_rc rc = gb_connection_check_options(climb->options, climb->err);

	if (rc == GB_OK) {
		rc = gb_server_parse(climb->tmp, climb->options->servers[server],
				     gb_server_default_port(climb->options->transport),
				     &climb->server, climb->err);
	}
	if (rc == GB_OK && climb->options->bind == GB_BIND_GSSAPI) {
		rc = gb_kerberos_open(climb->tmp, climb->options->keytab_file,
				      climb->options->account, &kerberos, climb->err);
	}
	if (rc != GB_OK) {
		return cannot_begin(climb);
	}
	climb->began_ms = gb_clock_boot_ms();
	rc = gb_connection_open(climb->tmp, climb->options, &climb->server, kerberos, &connection,
				&climb->times, climb->err);
	tell_connection(climb);
	return rc == GB_OK ? read_server(climb, connection) : rc;
}

enum gb_rc gb_ladder_climb(const struct gb_directory_options *options, size_t server,
			   gb_ladder_on_rung on_rung, void *user, struct gb_err *err)
{
	struct climb climb = {
		.options = options,
		.on_rung = on_rung,
		.user = user,
		.tmp = gb_new_tmp(NULL),
		.err = err,
	};
	enum gb_rc rc = climb_up(&climb, server);

	talloc_free(climb.tmp);
	return rc;
}
