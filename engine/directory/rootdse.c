/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server says about itself. */
#include "config.h"

#include "engine/directory/rootdse.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/entry.h"
#include "engine/directory/error.h"

/* MS-ADTS 3.1.1.3.4.3. */
#define CAPABILITY_AD   "1.2.840.113556.1.4.800"
#define CAPABILITY_RODC "1.2.840.113556.1.4.1920"
/* RFC 2696. */
#define CONTROL_PAGED "1.2.840.113556.1.4.319"

#define EXTERNAL_ID   "msDS-ExternalDirectoryObjectId"
#define MAIL_NICKNAME "mailNickname"

/*
 * Where the Recycle Bin's switch stands, below the configuration naming context (MS-ADTS
 * 3.1.1.9.1).
 */
#define RECYCLE_BIN                                                                       \
	"CN=Recycle Bin Feature,CN=Optional Features,CN=Directory Service,CN=Windows NT," \
	"CN=Services,%s"

/* One blocking look at one entry or one level. */
struct looking {
	LDAP *ldap;
	void *tmp;
	int timeout_ms;
	struct gb_err *err;
};

/* @ret_answer is set even without entries; ldap_msgfree() it. */
static enum gb_rc look(const struct looking *looking, const char *base, int scope,
		       const char *filter, const char *const *attributes, LDAPMessage **ret_answer)
{
	struct timeval timeout = {.tv_sec = looking->timeout_ms / 1000,
				  .tv_usec = looking->timeout_ms % 1000 * 1000};
	union {
		const char *const *in;
		char **out;
	} names = {.in = attributes};
	struct gb_ldap_failure failure = {.request = GB_LDAP_READ};
	LDAPMessage *answer = NULL;
	char *diagnostic = NULL;
	enum gb_rc rc;

	failure.code = ldap_search_ext_s(looking->ldap, base, scope, filter, names.out, 0, NULL,
					 NULL, &timeout, LDAP_NO_LIMIT, &answer);
	if (failure.code == LDAP_SUCCESS) {
		*ret_answer = answer;
		return GB_OK;
	}
	ldap_get_option(looking->ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
	failure.diagnostic = diagnostic;
	failure.doing = base[0] ? gb_printf(looking->tmp, _("Reading %s"),
					    gb_text_display(looking->tmp, base))
				: _("Reading the server's own entry");
	rc = gb_directory_error(&failure, looking->err);
	ldap_memfree(diagnostic);
	ldap_msgfree(answer);
	return rc;
}

/* The only entry of a base search; NULL without one. */
static struct gb_entry first_entry(const struct looking *looking, LDAPMessage *answer)
{
	struct gb_entry entry = {.ldap = looking->ldap};

	entry.message = ldap_first_entry(looking->ldap, answer);
	return entry;
}

static bool has_text(const struct looking *looking, const struct gb_entry *entry,
		     const char *attribute, const char *wanted)
{
	char **texts = gb_entry_texts(looking->tmp, entry, attribute);

	for (size_t i = 0; texts[i]; i++) {
		if (strcasecmp(texts[i], wanted) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_true(const struct looking *looking, const struct gb_entry *entry,
		    const char *attribute)
{
	const char *text = gb_entry_text(looking->tmp, entry, attribute);

	return text && strcasecmp(text, "TRUE") == 0;
}

/* currentTime (MS-ADTS 3.1.1.3.2.6) is "20260801123456.0Z". */
static void take_clock(const struct looking *looking, const struct gb_entry *entry,
		       struct gb_directory_facts *facts)
{
	const char *text = gb_entry_text(looking->tmp, entry, "currentTime");
	struct tm moment = {0};

	if (!text || !strptime(text, "%Y%m%d%H%M%S", &moment)) {
		return;
	}
	facts->has_clock = true;
	facts->clock_ahead_ms = (int64_t)timegm(&moment) * 1000 - gb_clock_wall_ms();
}

static void take_rootdse(const struct looking *looking, const void *ctx,
			 const struct gb_entry *entry, struct gb_rootdse *rootdse)
{
	struct gb_directory_facts *facts = &rootdse->facts;

	facts->dialect = has_text(looking, entry, "supportedCapabilities", CAPABILITY_AD)
				 ? GB_DIALECT_AD
				 : GB_DIALECT_LDAP;
	facts->dns_host_name = gb_entry_text(ctx, entry, "dnsHostName");
	facts->domain_dn = gb_entry_text(ctx, entry, "defaultNamingContext");
	if (!facts->domain_dn) {
		facts->domain_dn = gb_entry_text(ctx, entry, "namingContexts");
	}
	facts->root_domain_dn = gb_entry_text(ctx, entry, "rootDomainNamingContext");
	facts->configuration_dn = gb_entry_text(ctx, entry, "configurationNamingContext");
	facts->schema_dn = gb_entry_text(ctx, entry,
					 facts->dialect == GB_DIALECT_AD ? "schemaNamingContext"
									 : "subschemaSubentry");
	facts->highest_usn = gb_entry_int(entry, "highestCommittedUSN", 0);
	take_clock(looking, entry, facts);
	facts->is_global_catalog = is_true(looking, entry, "isGlobalCatalogReady");
	rootdse->identity = gb_entry_text(ctx, entry, "dsServiceName");
	rootdse->has_paging = has_text(looking, entry, "supportedControl", CONTROL_PAGED);
	rootdse->has_post_read =
		has_text(looking, entry, "supportedControl", LDAP_CONTROL_POST_READ);
}

static enum gb_rc refuse_read_only(const struct looking *looking)
{
	gb_err_set(looking->err, GB_E_UNAVAILABLE, "directory-read-only",
		   _("The server is a read-only domain controller."));
	gb_err_undone(looking->err, _("It is not used."));
	return gb_err_remedy(looking->err, _("Configure a writable domain controller."));
}

static enum gb_rc refuse_unknown(const struct looking *looking)
{
	gb_err_set(looking->err, GB_E_CONFIG, "directory-unknown-kind",
		   _("The server does not say which directory it holds."));
	gb_err_undone(looking->err, _("Nothing was read and nothing was written."));
	return gb_err_remedy(looking->err,
			     _("Configure a domain controller of Active Directory or Samba, or an "
			       "OpenLDAP server, with an account that may read it."));
}

static bool is_complete(const struct gb_rootdse *rootdse)
{
	const struct gb_directory_facts *facts = &rootdse->facts;

	return facts->domain_dn &&
	       (facts->dialect == GB_DIALECT_LDAP ||
		(rootdse->identity && facts->schema_dn && facts->configuration_dn));
}

static enum gb_rc read_rootdse(const struct looking *looking, const void *ctx,
			       struct gb_rootdse *rootdse)
{
	static const char *const attributes[] = {"supportedCapabilities",
						 "supportedControl",
						 "dnsHostName",
						 "defaultNamingContext",
						 "namingContexts",
						 "rootDomainNamingContext",
						 "configurationNamingContext",
						 "schemaNamingContext",
						 "subschemaSubentry",
						 "highestCommittedUSN",
						 "currentTime",
						 "isGlobalCatalogReady",
						 "dsServiceName",
						 NULL};
	LDAPMessage *answer = NULL;
	struct gb_entry entry;
	bool is_read_only = false;
	enum gb_rc rc = look(looking, "", LDAP_SCOPE_BASE, "(objectClass=*)", attributes, &answer);

	if (rc != GB_OK) {
		return rc;
	}
	entry = first_entry(looking, answer);
	if (entry.message) {
		is_read_only = has_text(looking, &entry, "supportedCapabilities", CAPABILITY_RODC);
		take_rootdse(looking, ctx, &entry, rootdse);
	}
	ldap_msgfree(answer);
	if (is_read_only) {
		return refuse_read_only(looking);
	}
	return is_complete(rootdse) ? GB_OK : refuse_unknown(looking);
}

static enum gb_rc read_domain(const struct looking *looking, struct gb_rootdse *rootdse)
{
	static const char *const attributes[] = {"objectGUID", "objectSid", "entryUUID", NULL};
	const struct gb_dialect *dialect = gb_dialect_of(rootdse->facts.dialect);
	LDAPMessage *answer = NULL;
	struct gb_entry entry;
	bool found = false;
	enum gb_rc rc = look(looking, rootdse->facts.domain_dn, LDAP_SCOPE_BASE, "(objectClass=*)",
			     attributes, &answer);

	if (rc != GB_OK) {
		return rc;
	}
	entry = first_entry(looking, answer);
	if (entry.message) {
		found = gb_entry_guid(&entry, dialect, &rootdse->facts.domain_guid);
		if (!gb_entry_sid(&entry, "objectSid", &rootdse->facts.domain_sid)) {
			rootdse->facts.domain_sid = (struct gb_sid){0};
		}
	}
	ldap_msgfree(answer);
	if (found) {
		return GB_OK;
	}
	gb_err_set(looking->err, GB_E_CONFIG, "directory-unknown-kind",
		   _("The entry %s has no unique id that this account may read."),
		   gb_text_display(looking->tmp, rootdse->facts.domain_dn));
	gb_err_undone(looking->err, _("Nothing was read and nothing was written."));
	return gb_err_remedy(looking->err,
			     _("Let the account read the directory; the server must be Active "
			       "Directory, Samba or OpenLDAP."));
}

static enum gb_rc read_invocation(const struct looking *looking, struct gb_rootdse *rootdse)
{
	static const char *const attributes[] = {"invocationId", NULL};
	LDAPMessage *answer = NULL;
	struct gb_entry entry;
	struct berval **values = NULL;
	enum gb_rc rc = look(looking, rootdse->identity, LDAP_SCOPE_BASE, "(objectClass=*)",
			     attributes, &answer);

	if (rc != GB_OK) {
		return rc;
	}
	entry = first_entry(looking, answer);
	if (entry.message) {
		values = ldap_get_values_len(entry.ldap, entry.message, "invocationId");
	}
	if (!values || !values[0] ||
	    !gb_guid_from_octets(values[0]->bv_val, values[0]->bv_len,
				 &rootdse->facts.invocation_id)) {
		/* Without it there are no cursors, only full reads. */
		rootdse->facts.invocation_id = (struct gb_guid){0};
	}
	ldap_value_free_len(values);
	ldap_msgfree(answer);
	return GB_OK;
}

static enum gb_rc read_ad_schema(const struct looking *looking, struct gb_rootdse *rootdse)
{
	static const char *const attributes[] = {"lDAPDisplayName", NULL};
	LDAPMessage *answer = NULL;
	enum gb_rc rc =
		look(looking, rootdse->facts.schema_dn, LDAP_SCOPE_ONELEVEL,
		     "(|(lDAPDisplayName=" EXTERNAL_ID ")(lDAPDisplayName=" MAIL_NICKNAME "))",
		     attributes, &answer);
	struct gb_entry entry;

	if (rc != GB_OK) {
		return rc;
	}
	for (entry = first_entry(looking, answer); entry.message;
	     entry.message = ldap_next_entry(looking->ldap, entry.message)) {
		if (has_text(looking, &entry, "lDAPDisplayName", EXTERNAL_ID)) {
			rootdse->facts.has_external_id = true;
		} else {
			rootdse->facts.has_mail_nickname = true;
		}
	}
	ldap_msgfree(answer);
	return GB_OK;
}

/* The optional feature lists who enabled it; an account that may not see that gets "no". */
static enum gb_rc read_recycle_bin(const struct looking *looking, struct gb_rootdse *rootdse)
{
	static const char *const attributes[] = {"msDS-EnabledFeatureBL", NULL};
	char *base = gb_printf(looking->tmp, RECYCLE_BIN, rootdse->facts.configuration_dn);
	LDAPMessage *answer = NULL;
	struct gb_entry entry;
	enum gb_rc rc =
		look(looking, base, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, &answer);

	if (rc == GB_E_NOT_FOUND) {
		return GB_OK;
	}
	if (rc != GB_OK) {
		return rc;
	}
	entry = first_entry(looking, answer);
	rootdse->facts.has_recycle_bin =
		entry.message && gb_entry_text(looking->tmp, &entry, "msDS-EnabledFeatureBL");
	ldap_msgfree(answer);
	return GB_OK;
}

/* Attribute types of RFC 4512 4.1.2 name themselves "… NAME 'x' …" or "… NAME ( 'x' 'y' ) …". */
static bool defines(char *const *definitions, const char *name)
{
	char quoted[64];

	snprintf(quoted, sizeof(quoted), "'%s'", name);
	for (size_t i = 0; definitions[i]; i++) {
		if (strcasestr(definitions[i], quoted)) {
			return true;
		}
	}
	return false;
}

static enum gb_rc read_ldap_schema(const struct looking *looking, struct gb_rootdse *rootdse)
{
	static const char *const attributes[] = {"attributeTypes", NULL};
	LDAPMessage *answer = NULL;
	struct gb_entry entry;
	enum gb_rc rc;

	if (!rootdse->facts.schema_dn) {
		return GB_OK;
	}
	rc = look(looking, rootdse->facts.schema_dn, LDAP_SCOPE_BASE, "(objectClass=subschema)",
		  attributes, &answer);
	if (rc != GB_OK) {
		return rc;
	}
	entry = first_entry(looking, answer);
	if (entry.message) {
		char **definitions = gb_entry_texts(looking->tmp, &entry, "attributeTypes");

		rootdse->facts.has_external_id = defines(definitions, EXTERNAL_ID);
		rootdse->facts.has_mail_nickname = defines(definitions, MAIL_NICKNAME);
	}
	ldap_msgfree(answer);
	return GB_OK;
}

static enum gb_rc read_all(const struct looking *looking, const void *ctx,
			   struct gb_rootdse *rootdse)
{
	enum gb_rc rc = read_rootdse(looking, ctx, rootdse);

	if (rc == GB_OK) {
		rc = read_domain(looking, rootdse);
	}
	if (rc == GB_OK && rootdse->facts.dialect == GB_DIALECT_LDAP) {
		return read_ldap_schema(looking, rootdse);
	}
	if (rc == GB_OK) {
		rc = read_invocation(looking, rootdse);
	}
	if (rc == GB_OK) {
		rc = read_ad_schema(looking, rootdse);
	}
	return rc == GB_OK ? read_recycle_bin(looking, rootdse) : rc;
}

enum gb_rc gb_rootdse_read(const void *ctx, LDAP *ldap, int timeout_ms,
			   struct gb_rootdse *ret_rootdse, struct gb_err *err)
{
	struct looking looking = {
		.ldap = ldap, .tmp = gb_new_tmp(NULL), .timeout_ms = timeout_ms, .err = err};
	struct gb_rootdse rootdse = {0};
	enum gb_rc rc = read_all(&looking, ctx, &rootdse);

	talloc_free(looking.tmp);
	if (rc == GB_OK) {
		*ret_rootdse = rootdse;
	}
	return rc;
}

enum gb_rc gb_rootdse_read_identity(const void *ctx, LDAP *ldap, int timeout_ms,
				    const char **ret_identity, struct gb_err *err)
{
	static const char *const attributes[] = {"dsServiceName", NULL};
	struct looking looking = {
		.ldap = ldap, .tmp = gb_new_tmp(NULL), .timeout_ms = timeout_ms, .err = err};
	LDAPMessage *answer = NULL;
	enum gb_rc rc = look(&looking, "", LDAP_SCOPE_BASE, "(objectClass=*)", attributes, &answer);

	if (rc == GB_OK) {
		struct gb_entry entry = first_entry(&looking, answer);

		*ret_identity = entry.message ? gb_entry_text(ctx, &entry, "dsServiceName") : NULL;
		ldap_msgfree(answer);
	}
	talloc_free(looking.tmp);
	return rc;
}
