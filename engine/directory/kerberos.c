/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kerberos tickets from a keytab, kept in memory. */
#include "config.h"

#include "engine/directory/kerberos.h"

#include <errno.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* A ticket that ends sooner is renewed before it is used. */
#define MIN_REST_S 300

struct gb_kerberos {
	krb5_context krb5;
	krb5_keytab keytab;
	krb5_principal principal;
	krb5_ccache cache;
	char *cache_name; /* "MEMORY:…" */
	int64_t end_s;    /* when the ticket ends, seconds since 1970; 0 without one */
};

static int close_kerberos(struct gb_kerberos *kerberos)
{
	OM_uint32 minor;

	if (kerberos->cache) {
		(void)gss_krb5_ccache_name(&minor, NULL, NULL);
		krb5_cc_destroy(kerberos->krb5, kerberos->cache);
	}
	if (kerberos->principal) {
		krb5_free_principal(kerberos->krb5, kerberos->principal);
	}
	if (kerberos->keytab) {
		krb5_kt_close(kerberos->krb5, kerberos->keytab);
	}
	if (kerberos->krb5) {
		krb5_free_context(kerberos->krb5);
	}
	return 0;
}

#define NEW_KEYTAB                                                                            \
	N_("The account's password was changed after the keytab was made: export the keytab " \
	   "anew.")
#define CHECK_REALM \
	N_("Check the realm in /etc/krb5.conf, DNS, and port 88 of the domain controllers.")

/* What people meet, and what helps. Everything else is a matter of configuration. */
static const struct answer {
	krb5_error_code code;
	enum gb_rc rc;
	const char *id;
	const char *remedy;
} answers[] = {
	{KRB5KDC_ERR_PREAUTH_FAILED, GB_E_ACCESS, "kerberos-key", NEW_KEYTAB},
	{KRB5KRB_AP_ERR_BAD_INTEGRITY, GB_E_ACCESS, "kerberos-key", NEW_KEYTAB},
	{KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, GB_E_ACCESS, "kerberos-unknown-account",
	 N_("Check the principal in the keytab: the domain does not know it.")},
	{KRB5KDC_ERR_CLIENT_REVOKED, GB_E_ACCESS, "kerberos-account-disabled",
	 N_("The service account is disabled, locked or expired: enable it.")},
	{KRB5KDC_ERR_KEY_EXP, GB_E_ACCESS, "kerberos-password-expired",
	 N_("The service account's password has expired: set a new one and export the keytab "
	    "anew.")},
	{KRB5KDC_ERR_ETYPE_NOSUPP, GB_E_CONFIG, "kerberos-encryption",
	 N_("Export the keytab anew with AES keys, and allow AES for the account.")},
	{KRB5KRB_AP_ERR_SKEW, GB_E_CONFIG, "kerberos-clock",
	 N_("Synchronise the clock of this host with the domain controller's.")},
	{KRB5_KDC_UNREACH, GB_E_UNAVAILABLE, "kerberos-no-kdc", CHECK_REALM},
	{KRB5_REALM_UNKNOWN, GB_E_UNAVAILABLE, "kerberos-no-kdc", CHECK_REALM},
	{KRB5_REALM_CANT_RESOLVE, GB_E_UNAVAILABLE, "kerberos-no-kdc", CHECK_REALM},
};

static const struct answer other_answer = {0, GB_E_CONFIG, "kerberos",
					   N_("Check the keytab and /etc/krb5.conf.")};

static const struct answer *find_answer(krb5_error_code code)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(answers); i++) {
		if (answers[i].code == code) {
			return &answers[i];
		}
	}
	return &other_answer;
}

static enum gb_rc failed(krb5_context krb5, krb5_error_code code, const char *doing,
			 struct gb_err *err)
{
	const struct answer *answer = find_answer(code);
	const char *message = krb5_get_error_message(krb5, code);
	char *shown = gb_text_display(NULL, message);

	gb_err_set(err, answer->rc, answer->id, "%s: %s.", doing, shown);
	gb_err_undone(err, _("Nothing was read from the directory and nothing was written."));
	gb_err_remedy(err, "%s", _(answer->remedy));
	talloc_free(shown);
	krb5_free_error_message(krb5, message);
	gb_err_native(err, (int)code);
	return answer->rc;
}

/* The principal of the keytab's first key. */
static krb5_error_code first_principal(struct gb_kerberos *kerberos)
{
	krb5_kt_cursor cursor;
	krb5_keytab_entry entry;
	krb5_error_code code = krb5_kt_start_seq_get(kerberos->krb5, kerberos->keytab, &cursor);

	if (code) {
		return code;
	}
	code = krb5_kt_next_entry(kerberos->krb5, kerberos->keytab, &entry, &cursor);
	if (!code) {
		code = krb5_copy_principal(kerberos->krb5, entry.principal, &kerberos->principal);
		krb5_free_keytab_entry_contents(kerberos->krb5, &entry);
	}
	krb5_kt_end_seq_get(kerberos->krb5, kerberos->keytab, &cursor);
	return code;
}

static enum gb_rc open_keytab(struct gb_kerberos *kerberos, const char *keytab_file,
			      const char *principal, struct gb_err *err)
{
	char *name = gb_printf(kerberos, "FILE:%s", keytab_file);
	krb5_error_code code = krb5_kt_resolve(kerberos->krb5, name, &kerberos->keytab);

	if (!code) {
		code = krb5_kt_have_content(kerberos->krb5, kerberos->keytab);
	}
	if (code) {
		return failed(kerberos->krb5, code, _("The keytab cannot be used"), err);
	}
	code = principal ? krb5_parse_name(kerberos->krb5, principal, &kerberos->principal)
			 : first_principal(kerberos);
	if (code) {
		return failed(kerberos->krb5, code, _("The Kerberos principal cannot be used"),
			      err);
	}
	return GB_OK;
}

static enum gb_rc open_cache(struct gb_kerberos *kerberos, struct gb_err *err)
{
	krb5_error_code code = krb5_cc_new_unique(kerberos->krb5, "MEMORY", NULL, &kerberos->cache);

	if (code) {
		return failed(kerberos->krb5, code, _("No credential cache could be made"), err);
	}
	kerberos->cache_name =
		gb_printf(kerberos, "MEMORY:%s", krb5_cc_get_name(kerberos->krb5, kerberos->cache));
	return GB_OK;
}

enum gb_rc gb_kerberos_open(const void *ctx, const char *keytab_file, const char *principal,
			    struct gb_kerberos **ret_kerberos, struct gb_err *err)
{
	struct gb_kerberos *kerberos = gb_new(ctx, struct gb_kerberos);
	krb5_error_code code = krb5_init_context(&kerberos->krb5);
	enum gb_rc rc;

	talloc_set_destructor(kerberos, close_kerberos);
	if (code) {
		kerberos->krb5 = NULL;
		rc = failed(NULL, code, _("Kerberos could not be initialised"), err);
	} else {
		rc = open_keytab(kerberos, keytab_file, principal, err);
	}
	if (rc == GB_OK) {
		rc = open_cache(kerberos, err);
	}
	if (rc != GB_OK) {
		talloc_free(kerberos);
		return rc;
	}
	*ret_kerberos = kerberos;
	return GB_OK;
}

static krb5_error_code get_ticket(struct gb_kerberos *kerberos)
{
	krb5_creds credentials = {0};
	krb5_error_code code = krb5_get_init_creds_keytab(
		kerberos->krb5, &credentials, kerberos->principal, kerberos->keytab, 0, NULL, NULL);

	if (code) {
		return code;
	}
	code = krb5_cc_initialize(kerberos->krb5, kerberos->cache, kerberos->principal);
	if (!code) {
		code = krb5_cc_store_cred(kerberos->krb5, kerberos->cache, &credentials);
	}
	if (!code) {
		/*
		 * Times are 32 bits in the API and unsigned beyond 2038 (MIT krb5, y2038 changes).
		 */
		kerberos->end_s = (int64_t)(uint32_t)credentials.times.endtime;
	}
	krb5_free_cred_contents(kerberos->krb5, &credentials);
	return code;
}

enum gb_rc gb_kerberos_use(struct gb_kerberos *kerberos, struct gb_err *err)
{
	OM_uint32 minor = 0;

	if (kerberos->end_s < gb_clock_wall_ms() / 1000 + MIN_REST_S) {
		krb5_error_code code = get_ticket(kerberos);

		if (code) {
			return failed(kerberos->krb5, code,
				      _("The domain gave no Kerberos ticket for the keytab"), err);
		}
	}
	if (gss_krb5_ccache_name(&minor, kerberos->cache_name, NULL) != GSS_S_COMPLETE) {
		return failed(kerberos->krb5, (krb5_error_code)minor,
			      _("The Kerberos ticket cannot be used"), err);
	}
	return GB_OK;
}
