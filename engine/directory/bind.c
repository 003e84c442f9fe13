/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simple bind and SASL GSSAPI. */
#include "config.h"

#include "engine/directory/bind.h"

#include <sasl/sasl.h>
#include <string.h>
#include <sys/time.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/error.h"

/* What signing and sealing must reach without TLS: the DES strength that RFC 4752 calls 56 and that
 * GSSAPI reports for "sealed"; AES contexts report 256. */
#define MIN_SEALED_SSF 56

/* GSSAPI needs two or three exchanges; a peer that asks for more is not serious. */
#define MAX_SASL_STEPS 10

int gb_bind_await(LDAP *ldap, int message_id, int64_t deadline_ms, LDAPMessage **ret_answer)
{
	LDAPMessage *answer = NULL;
	int64_t left_ms = deadline_ms - gb_clock_boot_ms();
	struct timeval timeout;
	int code = LDAP_SERVER_DOWN;

	if (left_ms <= 0) {
		return LDAP_TIMEOUT;
	}
	timeout.tv_sec = (time_t)(left_ms / 1000);
	timeout.tv_usec = (suseconds_t)(left_ms % 1000 * 1000);
	switch (ldap_result(ldap, message_id, LDAP_MSG_ALL, &timeout, &answer)) {
	case 0:
		return LDAP_TIMEOUT;
	case -1:
		ldap_get_option(ldap, LDAP_OPT_RESULT_CODE, &code);
		return code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code;
	default:
		*ret_answer = answer;
		return LDAP_SUCCESS;
	}
}

static enum gb_rc refused(LDAP *ldap, int code, const char *diagnostic, const char *doing,
			  struct gb_err *err)
{
	char *local = NULL;
	struct gb_ldap_failure failure = {
		.code = code, .diagnostic = diagnostic, .doing = doing, .request = GB_LDAP_BIND};
	enum gb_rc rc;

	if (!diagnostic) {
		ldap_get_option(ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, &local);
		failure.diagnostic = local;
	}
	rc = gb_directory_error(&failure, err);
	ldap_memfree(local);
	return rc;
}

static enum gb_rc simple(LDAP *ldap, const struct gb_directory_options *options,
			 int64_t deadline_ms, const char *doing, struct gb_err *err)
{
	/* libldap copies the value into the request and does not write to it. */
	union {
		const char *in;
		char *out;
	} bytes = {.in = gb_secret_bytes(options->password)};
	struct berval password = {.bv_val = bytes.out,
				  .bv_len = gb_secret_length(options->password)};
	LDAPMessage *answer = NULL;
	char *diagnostic = NULL;
	int message_id = -1;
	enum gb_rc rc = GB_OK;
	int code = ldap_sasl_bind(ldap, options->account, LDAP_SASL_SIMPLE, &password, NULL, NULL,
				  &message_id);

	if (code == LDAP_SUCCESS) {
		code = gb_bind_await(ldap, message_id, deadline_ms, &answer);
	}
	if (answer) {
		int parsed =
			ldap_parse_result(ldap, answer, &code, NULL, &diagnostic, NULL, NULL, 1);

		code = parsed == LDAP_SUCCESS ? code : parsed;
	}
	if (code != LDAP_SUCCESS) {
		rc = refused(ldap, code, diagnostic, doing, err);
	}
	ldap_memfree(diagnostic);
	return rc;
}

/* GSSAPI takes everything from the ticket: it has nothing to ask. */
static int answer_nothing(LDAP *ldap, unsigned flags, void *defaults, void *interact)
{
	sasl_interact_t *question = interact;

	(void)ldap;
	(void)flags;
	(void)defaults;
	for (; question->id != SASL_CB_LIST_END; question++) {
		question->result = "";
		question->len = 0;
	}
	return LDAP_SUCCESS;
}

static int gssapi_steps(LDAP *ldap, int64_t deadline_ms)
{
	LDAPMessage *answer = NULL;
	const char *mechanism = NULL;
	int code = LDAP_SASL_BIND_IN_PROGRESS;

	for (int step = 0; step < MAX_SASL_STEPS && code == LDAP_SASL_BIND_IN_PROGRESS; step++) {
		int message_id = -1;

		code = ldap_sasl_interactive_bind(ldap, NULL, "GSSAPI", NULL, NULL, LDAP_SASL_QUIET,
						  answer_nothing, NULL, answer, &mechanism,
						  &message_id);
		ldap_msgfree(answer);
		answer = NULL;
		if (code == LDAP_SASL_BIND_IN_PROGRESS) {
			int waited = gb_bind_await(ldap, message_id, deadline_ms, &answer);

			code = waited == LDAP_SUCCESS ? code : waited;
		}
	}
	ldap_msgfree(answer);
	return code;
}

static enum gb_rc check_sealed(LDAP *ldap, const char *doing, struct gb_err *err)
{
	ber_len_t ssf = 0;

	if (ldap_get_option(ldap, LDAP_OPT_X_SASL_SSF, &ssf) == LDAP_OPT_SUCCESS &&
	    ssf >= MIN_SEALED_SSF) {
		return GB_OK;
	}
	gb_err_set(err, GB_E_PROTOCOL, "directory-not-sealed",
		   _("%s: the connection is not encrypted after Kerberos signed in."), doing);
	gb_err_undone(err, _("Nothing was read from the directory and nothing was written."));
	return gb_err_remedy(err, _("Use \"transport = ldaps\", or let the server allow sealing."));
}

static enum gb_rc gssapi(LDAP *ldap, const struct gb_directory_options *options,
			 int64_t deadline_ms, const char *doing, struct gb_err *err)
{
	bool sealed = options->transport == GB_TRANSPORT_GSSAPI_SEAL;
	int binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;
	int code;

	/*
	 * AD forbids SASL layers inside TLS and knows only tls-server-end-point as channel binding
	 * (MS-ADTS 5.1.2.2, 5.1.1.1.1); without TLS it wants everything sealed.
	 */
	code = ldap_set_option(ldap, LDAP_OPT_X_SASL_SECPROPS, sealed ? "minssf=56" : "maxssf=0");
	if (code == LDAP_OPT_SUCCESS) {
		/* Without this libldap looks up the name of the address, and asks for that one. */
		code = ldap_set_option(ldap, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
	}
	if (code == LDAP_OPT_SUCCESS && !sealed) {
		code = ldap_set_option(ldap, LDAP_OPT_X_SASL_CBINDING, &binding);
	}
	if (code == LDAP_OPT_SUCCESS) {
		code = gssapi_steps(ldap, deadline_ms);
	}
	if (code != LDAP_SUCCESS) {
		return refused(ldap, code, NULL, doing, err);
	}
	return sealed ? check_sealed(ldap, doing, err) : GB_OK;
}

enum gb_rc gb_bind(LDAP *ldap, const struct gb_directory_options *options,
		   struct gb_kerberos *kerberos, int64_t deadline_ms, const char *doing,
		   struct gb_err *err)
{
	enum gb_rc rc;

	if (options->bind == GB_BIND_SIMPLE) {
		return simple(ldap, options, deadline_ms, doing, err);
	}
	rc = gb_kerberos_use(kerberos, err);
	return rc == GB_OK ? gssapi(ldap, options, deadline_ms, doing, err) : rc;
}
