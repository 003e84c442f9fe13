/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One search, all of its pages. */
#include "config.h"

#include "engine/directory/search.h"

#include <lber.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/error.h"

/* LDAP_SERVER_EXTENDED_DN_OID, MS-ADTS 3.1.1.3.4.1.5. */
#define EXTENDED_DN "1.2.840.113556.1.4.529"

/* LDAP_SERVER_SD_FLAGS_OID and LDAP_SERVER_SHOW_DELETED_OID, MS-ADTS 3.1.1.3.4.1.11 and .14. */
#define SD_FLAGS     "1.2.840.113556.1.4.801"
#define SHOW_DELETED "1.2.840.113556.1.4.417"

/* Most controls of one search: pages, extended DN, SD flags, deleted ones; the NULL behind them. */
#define MAX_CONTROLS 5

/* A search under way; owns copies of everything that a page needs. */
struct paged_search {
	struct gb_operation_table *table;
	struct gb_operation *operation;
	struct gb_search what;
	gb_search_on_entry on_entry;
	gb_directory_done done;
	void *user;
	struct berval cookie; /* malloc'ed by libldap; empty before the first page */
	unsigned page_size;
	unsigned restarts;
	size_t entries;      /* of all pages */
	size_t page_entries; /* of the present page */
};

static void begin_page(struct paged_search *search);

static int free_search(struct paged_search *search)
{
	ber_memfree(search->cookie.bv_val);
	return 0;
}

static void set_cookie(struct paged_search *search, struct berval cookie)
{
	ber_memfree(search->cookie.bv_val);
	search->cookie = cookie;
}

static void finish(struct paged_search *search, enum gb_rc rc, const struct gb_err *err)
{
	search->done(search->user, rc, rc == GB_OK ? NULL : err);
	talloc_free(search);
}

/* A control whose value is a sequence of one number. */
static int make_number_control(const char *oid, unsigned number, bool is_critical,
			       LDAPControl **ret_control)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	struct berval value = {0};
	int code = LDAP_ENCODING_ERROR;

	if (ber && ber_printf(ber, "{i}", (ber_int_t)number) >= 0 &&
	    ber_flatten2(ber, &value, 0) == 0) {
		code = ldap_control_create(oid, is_critical, &value, 1, ret_control);
	}
	ber_free(ber, 1);
	return code;
}

static int make_controls(const struct paged_search *search, LDAP *ldap,
			 LDAPControl *controls[MAX_CONTROLS])
{
	/* libldap only reads the cookie. */
	struct berval cookie = search->cookie;
	int count = 0;
	int code = LDAP_SUCCESS;

	memset(controls, 0, MAX_CONTROLS * sizeof(controls[0]));
	if (search->page_size > 0) {
		code = ldap_create_page_control(ldap, (ber_int_t)search->page_size,
						cookie.bv_val ? &cookie : NULL, 1,
						&controls[count++]);
	}
	if (code == LDAP_SUCCESS && search->what.extended_dn) {
		/* Flag 1: GUID and SID as text. */
		code = make_number_control(EXTENDED_DN, 1, false, &controls[count++]);
	}
	if (code == LDAP_SUCCESS && search->what.descriptor_parts != 0) {
		code = make_number_control(SD_FLAGS, search->what.descriptor_parts, true,
					   &controls[count++]);
	}
	if (code == LDAP_SUCCESS && search->what.show_deleted) {
		code = ldap_control_create(SHOW_DELETED, 1, NULL, 1, &controls[count]);
	}
	return code;
}

static int send_page(void *user, LDAP *ldap, int *ret_message_id)
{
	struct paged_search *search = user;
	LDAPControl *controls[MAX_CONTROLS];
	int code = make_controls(search, ldap, controls);
	union {
		const char *const *in;
		char **out;
	} attributes = {.in = search->what.attributes};

	if (code == LDAP_SUCCESS) {
		code = ldap_search_ext(ldap, search->what.base, search->what.scope,
				       search->what.filter, attributes.out, 0, controls, NULL, NULL,
				       LDAP_NO_LIMIT, ret_message_id);
	}
	if (code == LDAP_SUCCESS) {
		gb_operation_table_stats(search->table)->searches++;
	}
	for (int i = 0; i < MAX_CONTROLS; i++) {
		ldap_control_free(controls[i]);
	}
	return code;
}

/* The receiver wants no more. The rest of this page is not waited for. */
static void stop_search(struct paged_search *search, enum gb_rc rc, struct gb_err *err)
{
	if (err->rc == GB_OK) {
		gb_err_set(err, rc, "directory-read-stopped", _("%s was stopped before its end."),
			   search->what.doing);
	}
	gb_operation_abandon(search->operation);
	finish(search, rc, err);
}

static void on_message(void *user, LDAP *ldap, LDAPMessage *message)
{
	struct paged_search *search = user;
	struct gb_entry entry = {.ldap = ldap, .message = message};
	struct gb_err err = {0};
	enum gb_rc rc;

	if (ldap_msgtype(message) != LDAP_RES_SEARCH_ENTRY) {
		gb_operation_table_stats(search->table)->references++;
		return;
	}
	gb_operation_table_stats(search->table)->entries++;
	search->page_entries++;
	rc = search->on_entry(search->user, &entry, &err);
	if (rc != GB_OK) {
		stop_search(search, rc, &err);
	}
}

/* How servers refuse a cookie; on the first page these results mean what they say. */
static bool refuses_cookie(const struct paged_search *search, int code)
{
	return search->cookie.bv_val != NULL &&
	       (code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION || code == LDAP_UNWILLING_TO_PERFORM ||
		code == LDAP_PROTOCOL_ERROR);
}

static void fail(struct paged_search *search, const struct gb_operation_result *result)
{
	struct gb_ldap_failure failure = {
		.code = result->code,
		.diagnostic = result->diagnostic,
		.doing = search->what.doing,
		.request = GB_LDAP_READ,
	};
	struct gb_err err = {0};
	enum gb_rc rc = gb_directory_error(&failure, &err);

	if (refuses_cookie(search, result->code)) {
		/* It says nothing about an object, as it would elsewhere. */
		rc = err.rc = GB_E_PROTOCOL;
	}
	finish(search, rc, &err);
}

/* Results in the middle of a paged search that a new beginning may cure. */
static bool can_restart(const struct paged_search *search, int code)
{
	if (search->page_size == 0 || search->restarts == GB_SEARCH_MAX_RESTARTS) {
		return false;
	}
	return code == LDAP_TIMELIMIT_EXCEEDED || code == LDAP_SIZELIMIT_EXCEEDED ||
	       code == LDAP_ADMINLIMIT_EXCEEDED || refuses_cookie(search, code);
}

static void restart(struct paged_search *search)
{
	search->restarts++;
	search->page_size /= 2;
	if (search->page_size < GB_SEARCH_MIN_PAGE) {
		search->page_size = GB_SEARCH_MIN_PAGE;
	}
	search->entries = 0;
	set_cookie(search, (struct berval){0});
	gb_operation_table_stats(search->table)->retries++;
	begin_page(search);
}

/* The next page's cookie; empty after the last page. False if the answer has no valid one. */
static bool read_cookie(const struct paged_search *search, const struct gb_operation_result *result,
			struct berval *ret_cookie)
{
	LDAPControl *control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, result->controls, NULL);
	ber_int_t estimate = 0;

	/*
	 * A server that ignores the control, though it is critical, has delivered everything. One that
	 * gave a cookie before does not: the rest is missing.
	 */
	if (!control) {
		*ret_cookie = (struct berval){0};
		return search->cookie.bv_val == NULL;
	}
	return ldap_parse_pageresponse_control(result->ldap, control, &estimate, ret_cookie) ==
	       LDAP_SUCCESS;
}

/*
 * A page that brought nothing and leads to the same place again would go on for ever. The cookie
 * alone proves nothing: Samba's names the search, not the place, and stays the same.
 */
static bool is_stuck(const struct paged_search *search, const struct berval *cookie)
{
	bool is_same = search->cookie.bv_val && ber_bvcmp(cookie, &search->cookie) == 0;

	return (is_same && search->page_entries == 0) || search->entries > GB_SEARCH_MAX_ENTRIES;
}

static void next_page(struct paged_search *search, const struct gb_operation_result *result)
{
	struct gb_operation_result broken = *result;
	struct berval cookie = {0};
	bool stuck;

	if (!read_cookie(search, result, &cookie)) {
		broken.code = LDAP_DECODING_ERROR;
		fail(search, &broken);
		return;
	}
	if (cookie.bv_len == 0) {
		ber_memfree(cookie.bv_val);
		finish(search, GB_OK, NULL);
		return;
	}
	search->entries += search->page_entries;
	stuck = is_stuck(search, &cookie);
	set_cookie(search, cookie);
	if (!stuck) {
		begin_page(search);
	} else if (can_restart(search, LDAP_PROTOCOL_ERROR)) {
		restart(search);
	} else {
		broken.code = LDAP_PROTOCOL_ERROR;
		fail(search, &broken);
	}
}

static void on_page(void *user, const struct gb_operation_result *result)
{
	struct paged_search *search = user;

	search->operation = NULL;
	if (result->code == LDAP_SUCCESS) {
		if (search->page_size > 0) {
			next_page(search, result);
		} else {
			finish(search, GB_OK, NULL);
		}
	} else if (can_restart(search, result->code)) {
		restart(search);
	} else {
		fail(search, result);
	}
}

static void begin_page(struct paged_search *search)
{
	struct gb_operation_request request = {
		.send = send_page,
		.on_message = on_message,
		.done = on_page,
		.user = search,
		.timeout_ms = search->what.timeout_ms,
	};

	search->page_entries = 0;
	search->operation = gb_operation_begin(search->table, &request);
}

static const char *const *copy_texts(const void *ctx, const char *const *texts)
{
	size_t count = 0;
	const char **copy;

	while (texts[count]) {
		count++;
	}
	copy = gb_new_array(ctx, const char *, count + 1);
	for (size_t i = 0; i < count; i++) {
		copy[i] = gb_strdup(copy, texts[i]);
	}
	return copy;
}

void gb_search_begin(struct gb_operation_table *table, const struct gb_search *search,
		     gb_search_on_entry on_entry, gb_directory_done done, void *user)
{
	struct paged_search *paged = gb_new(table, struct paged_search);

	talloc_set_destructor(paged, free_search);
	paged->table = table;
	paged->what = *search;
	paged->what.base = gb_strdup(paged, search->base);
	paged->what.filter = gb_strdup(paged, search->filter ? search->filter : "(objectClass=*)");
	paged->what.attributes = copy_texts(paged, search->attributes);
	paged->what.doing = gb_strdup(paged, search->doing);
	paged->page_size = search->page_size;
	paged->on_entry = on_entry;
	paged->done = done;
	paged->user = user;
	begin_page(paged);
}
