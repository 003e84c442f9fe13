/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AADSTS codes: what failed, what to do. */
#include "config.h"

#include "engine/cloud/aadsts.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* What the remedy ends with. */
enum extra {
	EXTRA_NONE,
	EXTRA_THUMBPRINT,
	EXTRA_CLOCK
};

struct row {
	long long code;
	enum gb_rc rc;
	const char *what;
	const char *remedy;
	enum extra extra;
};

#define WHAT_DISABLED    N_("The application is not in this tenant, or is disabled there")
#define WHAT_OTHER_CLOUD N_("The tenant lives in another cloud")
#define DO_OTHER_CLOUD   N_("Choose the environment that the tenant belongs to.")
#define WHAT_SIGNATURE   N_("Entra ID does not accept the signature of our certificate")
#define DO_SIGNATURE \
	N_("Upload the certificate to this application, under \"Certificates & secrets\".")
#define WHAT_SCOPE  N_("Entra ID does not know the resource that a token was asked for")
#define DO_SCOPE    N_("Check that the Graph address and the authority belong to one cloud.")
#define WHAT_FORM   N_("Entra ID misses a field in the request")
#define DO_FORM     N_("Look for a proxy that rewrites requests; if there is none, report this.")
#define WHAT_POLICY N_("A Conditional Access policy blocks the sign-in")
#define DO_POLICY                                                                            \
	N_("Let the policy for workload identities admit this application from this host's " \
	   "address.")
#define WHAT_CONSENT N_("Nobody has consented to the permissions of the application")
#define DO_CONSENT   N_("Have an administrator grant consent, under \"API permissions\".")
#define WHAT_BUSY    N_("Entra ID is busy")
#define DO_BUSY      N_("Nothing; the next run tries again.")

static const struct row rows[] = {
	{7000215, GB_E_ACCESS, N_("The client secret is wrong"),
	 N_("Store the secret's value; a GUID in its place is the secret's id, which the portal "
	    "shows "
	    "beside it."),
	 EXTRA_NONE},
	{7000222, GB_E_ACCESS, N_("The client secret has expired"),
	 N_("Make a new one under \"Certificates & secrets\", or change to a certificate."),
	 EXTRA_NONE},
	{700027, GB_E_ACCESS, WHAT_SIGNATURE, DO_SIGNATURE, EXTRA_THUMBPRINT},
	{50012, GB_E_ACCESS, WHAT_SIGNATURE, DO_SIGNATURE, EXTRA_THUMBPRINT},
	{700024, GB_E_ACCESS, N_("The signed assertion is outside its time"),
	 N_("Set this host's clock (NTP)."), EXTRA_CLOCK},
	{700016, GB_E_ACCESS, N_("The application is not known in this tenant"),
	 N_("Compare client id and tenant with the application's overview page."), EXTRA_NONE},
	{700038, GB_E_CONFIG, N_("The client id is no valid application id"),
	 N_("Copy the \"Application (client) ID\" from the application's overview page."),
	 EXTRA_NONE},
	{700011, GB_E_ACCESS, WHAT_DISABLED, N_("Enable it under \"Enterprise applications\"."),
	 EXTRA_NONE},
	{70001, GB_E_ACCESS, WHAT_DISABLED, N_("Enable it under \"Enterprise applications\"."),
	 EXTRA_NONE},
	{7000112, GB_E_ACCESS, WHAT_DISABLED, N_("Enable it under \"Enterprise applications\"."),
	 EXTRA_NONE},
	{7000218, GB_E_ACCESS, N_("No credential reached Entra ID"), DO_FORM, EXTRA_NONE},
	{700025, GB_E_ACCESS, N_("The application is registered as a public client"),
	 N_("Switch \"Allow public client flows\" off in its registration."), EXTRA_NONE},
	{90002, GB_E_CONFIG, N_("The tenant does not exist"),
	 N_("Check the tenant's name or id, and that the environment is its cloud."), EXTRA_NONE},
	{90038, GB_E_CONFIG, WHAT_OTHER_CLOUD, DO_OTHER_CLOUD, EXTRA_NONE},
	{900382, GB_E_CONFIG, WHAT_OTHER_CLOUD, DO_OTHER_CLOUD, EXTRA_NONE},
	{900432, GB_E_CONFIG, WHAT_OTHER_CLOUD, DO_OTHER_CLOUD, EXTRA_NONE},
	{500011, GB_E_CONFIG, WHAT_SCOPE, DO_SCOPE, EXTRA_NONE},
	{70011, GB_E_CONFIG, WHAT_SCOPE, DO_SCOPE, EXTRA_NONE},
	{28002, GB_E_CONFIG, WHAT_SCOPE, DO_SCOPE, EXTRA_NONE},
	{700022, GB_E_CONFIG, WHAT_SCOPE, DO_SCOPE, EXTRA_NONE},
	{700023, GB_E_CONFIG, WHAT_SCOPE, DO_SCOPE, EXTRA_NONE},
	{900144, GB_E_INTERNAL, WHAT_FORM, DO_FORM, EXTRA_NONE},
	{90014, GB_E_INTERNAL, WHAT_FORM, DO_FORM, EXTRA_NONE},
	{70003, GB_E_INTERNAL, N_("Entra ID does not take this way of signing in"), DO_FORM,
	 EXTRA_NONE},
	{53003, GB_E_ACCESS, WHAT_POLICY, DO_POLICY, EXTRA_NONE},
	{530032, GB_E_ACCESS, WHAT_POLICY, DO_POLICY, EXTRA_NONE},
	{530035, GB_E_ACCESS, WHAT_POLICY, DO_POLICY, EXTRA_NONE},
	{65001, GB_E_ACCESS, WHAT_CONSENT, DO_CONSENT, EXTRA_NONE},
	{90094, GB_E_ACCESS, WHAT_CONSENT, DO_CONSENT, EXTRA_NONE},
	{65002, GB_E_ACCESS, N_("The client id is one of Microsoft's own applications"),
	 N_("Register an application of your own and use its client id."), EXTRA_NONE},
	{50196, GB_E_UNAVAILABLE, N_("Entra ID holds us off for asking too often"),
	 N_("See that no second program uses this application in a loop."), EXTRA_NONE},
	{90055, GB_E_UNAVAILABLE, WHAT_BUSY, DO_BUSY, EXTRA_NONE},
	{50033, GB_E_UNAVAILABLE, WHAT_BUSY, DO_BUSY, EXTRA_NONE},
	{90024, GB_E_UNAVAILABLE, WHAT_BUSY, DO_BUSY, EXTRA_NONE},
	{90033, GB_E_UNAVAILABLE, WHAT_BUSY, DO_BUSY, EXTRA_NONE},
	{90006, GB_E_UNAVAILABLE, WHAT_BUSY, DO_BUSY, EXTRA_NONE},
};

static const struct row *find_row(long long code)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		if (rows[i].code == code) {
			return &rows[i];
		}
	}
	return NULL;
}

/* The description begins with the code; error_codes repeats it, sometimes among others. */
static long long code_of(const struct gb_json *answer)
{
	const char *description = gb_json_get_text(answer, "error_description");
	long long code = 0;

	if (description == NULL || sscanf(description, "AADSTS%9lld", &code) != 1) {
		return 0;
	}
	return code;
}

static const char *field(void *tmp, const struct gb_json *answer, const char *key)
{
	const char *text = gb_json_get_text(answer, key);

	return text != NULL ? gb_text_cut_utf16(tmp, gb_text_display(tmp, text), 40) : "-";
}

/* Entra's support asks for these three; the description repeats them at its end. */
static const char *trace(void *tmp, const struct gb_json *answer)
{
	return gb_printf(tmp, "trace %s, correlation %s, %s", field(tmp, answer, "trace_id"),
			 field(tmp, answer, "correlation_id"), field(tmp, answer, "timestamp"));
}

static const char *description(void *tmp, const struct gb_json *answer)
{
	const char *text = gb_json_get_text(answer, "error_description");
	const char *end;

	if (text == NULL) {
		text = gb_json_get_text(answer, "error");
	}
	if (text == NULL) {
		return _("no reason given");
	}
	end = strstr(text, " Trace ID:");
	text = gb_strndup(tmp, text, end != NULL ? (size_t)(end - text) : strlen(text));
	return gb_text_cut_utf16(tmp, gb_text_display(tmp, text), 200);
}

static void add_extra(const struct gb_aadsts_facts *facts, enum extra extra, const char *remedy,
		      struct gb_err *err)
{
	if (extra == EXTRA_THUMBPRINT && facts->sha1 != NULL) {
		gb_err_remedy(err, _("%s Its thumbprints are %s (SHA-1) and %s (SHA-256)."), remedy,
			      facts->sha1, facts->sha256);
	} else if (extra == EXTRA_CLOCK && facts->skew_s > 0) {
		gb_err_remedy(err, _("%s It is %lld seconds ahead of Entra ID's."), remedy,
			      (long long)facts->skew_s);
	} else if (extra == EXTRA_CLOCK && facts->skew_s < 0) {
		gb_err_remedy(err, _("%s It is %lld seconds behind Entra ID's."), remedy,
			      -(long long)facts->skew_s);
	} else {
		gb_err_remedy(err, "%s", remedy);
	}
}

static void explain_known(const struct gb_aadsts_facts *facts, const struct row *row,
			  const struct gb_json *answer, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char id[sizeof(err->id)];

	snprintf(id, sizeof(id), "aadsts-%lld", row->code);
	gb_err_set(err, row->rc, id, _("%s (application %s, tenant %s at %s; AADSTS%lld, %s)."),
		   _(row->what), facts->client_id, facts->tenant, facts->authority, row->code,
		   trace(tmp, answer));
	add_extra(facts, row->extra, _(row->remedy), err);
	talloc_free(tmp);
}

static void explain_unknown(const struct gb_aadsts_facts *facts, int status, long long code,
			    const struct gb_json *answer, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char id[sizeof(err->id)] = "token-refused";

	if (code > 0) {
		snprintf(id, sizeof(id), "aadsts-%lld", code);
	}
	gb_err_set(err, status >= 500 || status == 429 ? GB_E_UNAVAILABLE : GB_E_ACCESS, id,
		   _("Entra ID refuses the sign-in of application %s to tenant %s at %s: %s (%s)."),
		   facts->client_id, facts->tenant, facts->authority, description(tmp, answer),
		   trace(tmp, answer));
	gb_err_remedy(
		err,
		_("Look the code up in Microsoft's list of AADSTS error codes, and the sign-in "
		  "in Entra's sign-in logs."));
	talloc_free(tmp);
}

enum gb_rc gb_aadsts_explain(const struct gb_aadsts_facts *facts, int status,
			     const struct gb_json *answer, struct gb_err *err)
{
	long long code = code_of(answer);
	const struct row *row = find_row(code);

	if (row != NULL) {
		explain_known(facts, row, answer, err);
	} else {
		explain_unknown(facts, status, code, answer, err);
	}
	gb_err_undone(err, _("No token was issued, so nothing was read from the cloud."));
	return gb_err_native(err, status);
}
