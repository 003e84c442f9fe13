/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LDAP results as errors for people: the tables and their look-up. */
#include "config.h"

#include "engine/directory/error.h"

#include <ldap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* What one code means. */
struct meaning {
	int code;
	enum gb_rc rc;
	const char *what;
	const char *remedy; /* NULL: nothing better than to look at the text */
};

#define LATER                                                                           \
	N_("Try again later; if it stays, check the load and the health of the domain " \
	   "controller.")
#define VALUES N_("Correct the values or the naming in the configuration; the other groups go on.")

static const struct meaning meanings[] = {
	{LDAP_OPERATIONS_ERROR, GB_E_PROTOCOL,
	 N_("the server could not carry out the operation in this state"), LATER},
	{LDAP_PROTOCOL_ERROR, GB_E_PROTOCOL, N_("the server did not understand the request"),
	 N_("Check that the configured server is a domain controller or an OpenLDAP server.")},
	{LDAP_TIMELIMIT_EXCEEDED, GB_E_UNAVAILABLE, N_("the server's time limit was exceeded"),
	 LATER},
	{LDAP_SIZELIMIT_EXCEEDED, GB_E_UNAVAILABLE,
	 N_("the server delivered only a part, because its size limit was exceeded"),
	 N_("Raise the size limit of the server for this account.")},
	{LDAP_AUTH_METHOD_NOT_SUPPORTED, GB_E_CONFIG,
	 N_("the server does not know this way of signing in"),
	 N_("Choose another value for \"bind\" in the configuration.")},
	{LDAP_STRONG_AUTH_REQUIRED, GB_E_CONFIG,
	 N_("the server demands a protected connection (signing or TLS)"),
	 N_("Set \"transport = ldaps\" or \"starttls\"; with \"bind = gssapi\" also "
	    "\"gssapi-seal\".")},
	{LDAP_REFERRAL, GB_E_CONFIG,
	 N_("the server refers to another server for this part of the tree"),
	 N_("Use a base inside the domain of the configured server, or configure a server that "
	    "holds "
	    "that domain. Referrals are never followed.")},
	{LDAP_ADMINLIMIT_EXCEEDED, GB_E_UNAVAILABLE,
	 N_("an administrative limit of the server was exceeded"), LATER},
	{LDAP_UNAVAILABLE_CRITICAL_EXTENSION, GB_E_CONFIG,
	 N_("the server lacks an LDAP extension that is needed"),
	 N_("Use a domain controller of Active Directory or Samba, or a current OpenLDAP.")},
	{LDAP_CONFIDENTIALITY_REQUIRED, GB_E_CONFIG,
	 N_("the server demands an encrypted connection"),
	 N_("Set \"transport = ldaps\" or \"starttls\" in the configuration.")},
	{LDAP_NO_SUCH_ATTRIBUTE, GB_E_CONSTRAINT, N_("an attribute or a value is not there"),
	 VALUES},
	{LDAP_UNDEFINED_TYPE, GB_E_CONSTRAINT, N_("the schema does not know an attribute"),
	 N_("Turn off the option that writes this attribute, or extend the schema.")},
	{LDAP_INAPPROPRIATE_MATCHING, GB_E_CONSTRAINT,
	 N_("an attribute cannot be searched this way"), NULL},
	{LDAP_CONSTRAINT_VIOLATION, GB_E_CONSTRAINT, N_("a value breaks a rule of the server"),
	 VALUES},
	{LDAP_TYPE_OR_VALUE_EXISTS, GB_E_EXISTS, N_("the value is there already"), NULL},
	{LDAP_INVALID_SYNTAX, GB_E_CONSTRAINT, N_("a value is not valid for its attribute"),
	 VALUES},
	{LDAP_NO_SUCH_OBJECT, GB_E_NOT_FOUND,
	 N_("the object is not there, or the account may not see it"), NULL},
	{LDAP_INVALID_DN_SYNTAX, GB_E_CONSTRAINT, N_("a name is not a valid DN"), VALUES},
	{LDAP_INAPPROPRIATE_AUTH, GB_E_ACCESS, N_("the account cannot sign in this way"),
	 N_("Check the account and its password.")},
	{LDAP_INVALID_CREDENTIALS, GB_E_ACCESS, N_("the account or its password is wrong"),
	 N_("Check the account's name and store its password anew. No second attempt is made, so "
	    "that "
	    "the account is not locked.")},
	{LDAP_INSUFFICIENT_ACCESS, GB_E_ACCESS, N_("the account lacks the right to do this"),
	 N_("Run \"groupback-engine permissions show\" and grant what is missing.")},
	{LDAP_BUSY, GB_E_UNAVAILABLE, N_("the server is busy"), LATER},
	{LDAP_UNAVAILABLE, GB_E_UNAVAILABLE, N_("the server is shutting down or not ready"), LATER},
	{LDAP_UNWILLING_TO_PERFORM, GB_E_CONSTRAINT, N_("the server refuses this change"), VALUES},
	{LDAP_LOOP_DETECT, GB_E_PROTOCOL, N_("the server found a loop"), NULL},
	{LDAP_NAMING_VIOLATION, GB_E_CONSTRAINT,
	 N_("an object of this kind cannot have this name here"), VALUES},
	{LDAP_OBJECT_CLASS_VIOLATION, GB_E_CONSTRAINT,
	 N_("an attribute does not belong to this kind of object, or one is missing"), VALUES},
	{LDAP_NOT_ALLOWED_ON_NONLEAF, GB_E_CONSTRAINT, N_("the object has objects below it"), NULL},
	{LDAP_NOT_ALLOWED_ON_RDN, GB_E_CONSTRAINT, N_("the name is changed by a rename only"),
	 NULL},
	{LDAP_ALREADY_EXISTS, GB_E_EXISTS, N_("the name, or the member, is there already"), NULL},
	{LDAP_NO_OBJECT_CLASS_MODS, GB_E_CONSTRAINT, N_("the kind of an object cannot be changed"),
	 NULL},
	{LDAP_AFFECTS_MULTIPLE_DSAS, GB_E_CONSTRAINT, N_("the change would span several servers"),
	 NULL},
	{LDAP_OTHER, GB_E_UNAVAILABLE, N_("the server reports an internal problem"), LATER},
	{LDAP_SERVER_DOWN, GB_E_UNAVAILABLE, N_("the connection was lost"),
	 N_("Check the network and the domain controller; the next run reads again what is in "
	    "doubt.")},
	{LDAP_LOCAL_ERROR, GB_E_SYSTEM, N_("the LDAP library of this host failed"), NULL},
	{LDAP_ENCODING_ERROR, GB_E_INTERNAL, N_("the request could not be encoded"), NULL},
	{LDAP_DECODING_ERROR, GB_E_PROTOCOL, N_("the answer could not be decoded"),
	 N_("Check that nothing between here and the server changes the traffic.")},
	{LDAP_TIMEOUT, GB_E_UNAVAILABLE, N_("the server did not answer in time"), LATER},
	{LDAP_AUTH_UNKNOWN, GB_E_CONFIG, N_("this host has no support for this way of signing in"),
	 N_("Install the package libsasl2-modules-gssapi-mit.")},
	{LDAP_FILTER_ERROR, GB_E_INTERNAL, N_("the search filter is not valid"), NULL},
	{LDAP_USER_CANCELLED, GB_E_CANCELLED, N_("it was cancelled"), NULL},
	{LDAP_PARAM_ERROR, GB_E_INTERNAL, N_("the request is not valid"), NULL},
	{LDAP_CONNECT_ERROR, GB_E_UNAVAILABLE, N_("no connection could be made"),
	 N_("Check the server's name, the port and the firewall.")},
};

/* The reasons in AD's "data …" for 49 and 53 at bind (Win32 error codes in hexadecimal). */
static const struct {
	unsigned data;
	const char *what;
	const char *remedy;
} reasons[] = {
	{0x525, N_("there is no such account"),
	 N_("Check the account's name: a DN, user@domain or DOMAIN\\user.")},
	{0x52e, N_("the password is wrong, or there is no such account"),
	 N_("Check the account's name (a DN, user@domain or DOMAIN\\user) and store its password "
	    "anew. "
	    "No second attempt is made, so that the account is not locked.")},
	{0x530, N_("the account may not sign in at this time"),
	 N_("Remove the logon hours of the service account.")},
	{0x531, N_("the account may not sign in from this host"),
	 N_("Remove the \"Log On To\" restriction of the service account.")},
	{0x532, N_("the account's password has expired"),
	 N_("Set a new password and store it, or let the service account's password never "
	    "expire.")},
	{0x533, N_("the account is disabled"), N_("Enable the service account.")},
	{0x701, N_("the account has expired"),
	 N_("Remove the expiry date of the service account.")},
	{0x773, N_("the account must change its password before it can sign in"),
	 N_("Clear \"User must change password at next logon\" and store the password.")},
	{0x775, N_("the account is locked"),
	 N_("Unlock the service account and find out who tries wrong passwords with it.")},
};

static const struct meaning no_meaning = {0, GB_E_PROTOCOL, N_("the server answered with an error"),
					  NULL};

static const struct meaning refused_bind = {
	LDAP_UNWILLING_TO_PERFORM, GB_E_CONFIG, N_("the server refuses this way of signing in"),
	N_("Check \"transport\" and \"bind\" in the configuration against the server's policy.")};

static const struct meaning failed_sasl = {LDAP_LOCAL_ERROR, GB_E_ACCESS,
					   N_("Kerberos could not sign in"),
					   N_("Check the server's name (it must be the one of its "
					      "Kerberos service), the clock of this "
					      "host, and its Kerberos configuration.")};

static const struct meaning channel_binding = {
	LDAP_INVALID_CREDENTIALS, GB_E_ACCESS, N_("the server demands channel binding"),
	N_("Use \"bind = gssapi\" with \"transport = ldaps\" and a current libsasl2, or simple "
	   "bind "
	   "over TLS; check that no proxy terminates TLS in between.")};

/*
 * Which code Active Directory answers is not documented; its text names the attribute or the policy.
 */
static const struct meaning enforced_authority = {
	LDAP_UNWILLING_TO_PERFORM, GB_E_ACCESS,
	N_("the directory lets only named accounts change objects whose source of authority is the "
	   "cloud"),
	N_("Add the SID of the service account to msDS-Settings of "
	   "CN=Cloud,CN=SOA-Policies,CN=System. One invalid SID there makes the directory refuse "
	   "everybody.")};

static bool names_authority(const struct gb_ldap_failure *failure)
{
	const char *text = failure->diagnostic;

	bool is_schema =
		failure->code == LDAP_NO_SUCH_ATTRIBUTE || failure->code == LDAP_UNDEFINED_TYPE ||
		failure->code == LDAP_INVALID_SYNTAX || failure->code == LDAP_OBJECT_CLASS_VIOLATION;

	return failure->request == GB_LDAP_WRITE && text && !is_schema &&
	       (strstr(text, "msDS-ObjectSoa") || strstr(text, "SOA-Policies") ||
		strstr(text, "source of authority") || strstr(text, "Source of Authority"));
}

/* SEC_E_BAD_BINDINGS, in front of the text AD sends when channel binding failed. */
#define BAD_BINDINGS "80090346"

static const struct meaning *find_meaning(const struct gb_ldap_failure *failure)
{
	bool is_bind = failure->request == GB_LDAP_BIND;

	if (is_bind && failure->diagnostic && strstr(failure->diagnostic, BAD_BINDINGS)) {
		return &channel_binding;
	}
	if (is_bind && failure->code == LDAP_UNWILLING_TO_PERFORM) {
		return &refused_bind;
	}
	if (is_bind && failure->code == LDAP_LOCAL_ERROR) {
		return &failed_sasl;
	}
	if (names_authority(failure)) {
		return &enforced_authority;
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(meanings); i++) {
		if (meanings[i].code == failure->code) {
			return &meanings[i];
		}
	}
	return &no_meaning;
}

unsigned gb_directory_error_data(const char *diagnostic)
{
	const char *at = diagnostic ? strstr(diagnostic, "data ") : NULL;

	return at ? (unsigned)strtoul(at + strlen("data "), NULL, 16) : 0;
}

/* The stable id: libldap's own codes are negative and must not look like the server's. */
static void make_id(char id[48], const struct gb_ldap_failure *failure,
		    const struct meaning *meaning, unsigned data)
{
	if (meaning == &channel_binding) {
		snprintf(id, 48, "ldap-channel-binding");
	} else if (meaning == &enforced_authority) {
		snprintf(id, 48, "ldap-authority-enforced");
	} else if (failure->code < 0) {
		snprintf(id, 48, "ldap-local-%u", 0u - (unsigned)failure->code);
	} else if (data) {
		snprintf(id, 48, "ldap-%d-%x", failure->code, data);
	} else {
		snprintf(id, 48, "ldap-%d", failure->code);
	}
}

static void set_undone(const struct gb_ldap_failure *failure, struct gb_err *err)
{
	if (failure->request == GB_LDAP_BIND) {
		gb_err_undone(err,
			      _("Nothing was read from the directory and nothing was written."));
	} else if (failure->request == GB_LDAP_READ) {
		gb_err_undone(err, _("What was read so far is incomplete and is not used."));
	} else if (failure->outcome_unknown) {
		gb_err_undone(err,
			      _("It is not known whether the change was made; the object is read "
				"again before anything is repeated."));
	} else {
		gb_err_undone(err, _("The directory did not make this change."));
	}
}

/* "LDAP 51: the server's text"; libldap's own codes are negative. */
static char *raw_text(const void *ctx, const struct gb_ldap_failure *failure)
{
	const char *kind = failure->code < 0 ? "libldap" : "LDAP";

	if (!failure->diagnostic || !failure->diagnostic[0]) {
		return gb_printf(ctx, "%s %d", kind, failure->code);
	}
	return gb_printf(ctx, "%s %d: %s", kind, failure->code,
			 gb_text_display(ctx, failure->diagnostic));
}

enum gb_rc gb_directory_error(const struct gb_ldap_failure *failure, struct gb_err *err)
{
	const struct meaning *meaning = find_meaning(failure);
	const char *what = meaning->what;
	const char *remedy = meaning->remedy;
	unsigned data = failure->request == GB_LDAP_BIND && meaning != &channel_binding
				? gb_directory_error_data(failure->diagnostic)
				: 0;
	void *tmp = gb_new_tmp(NULL);
	char id[48];

	for (size_t i = 0; i < GB_ARRAY_SIZE(reasons) && data; i++) {
		if (reasons[i].data == data) {
			what = reasons[i].what;
			remedy = reasons[i].remedy;
		}
	}
	make_id(id, failure, meaning, data);
	gb_err_set(
		err, meaning->rc, id,
		/* TRANSLATORS: "Adding CN=x: the server is busy (LDAP 51: text of the server)." */
		_("%s: %s (%s)."), failure->doing ? failure->doing : _("Directory"), _(what),
		raw_text(tmp, failure));
	set_undone(failure, err);
	if (remedy) {
		gb_err_remedy(err, "%s", _(remedy));
	}
	talloc_free(tmp);
	gb_err_native(err, failure->code);
	return meaning->rc;
}

bool gb_directory_error_is_transient(int code)
{
	switch (code) {
	case LDAP_BUSY:
	case LDAP_UNAVAILABLE:
	case LDAP_TIMELIMIT_EXCEEDED:
	case LDAP_ADMINLIMIT_EXCEEDED:
	case LDAP_OTHER:
	case LDAP_SERVER_DOWN:
	case LDAP_TIMEOUT:
	case LDAP_CONNECT_ERROR:
		return true;
	default:
		return false;
	}
}
