/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cursors: how far a directory has been read. */
#include "config.h"

#include "engine/directory/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/* What a cursor begins with; the number allows for other forms later. */
#define AD_PREFIX   "usn1 "
#define LDAP_PREFIX "csn1 "

/* "20260102030405": the seconds of a CSN (RFC 4530's companion, draft-chu-ldap-csn). */
#define CSN_SECONDS_CHARS 14

void gb_cursor_from_usn(const struct gb_directory_facts *facts, int64_t usn,
			char cursor[GB_DIRECTORY_CURSOR_BYTES])
{
	char guid[GB_GUID_TEXT_BYTES];

	cursor[0] = '\0';
	if (!gb_guid_is_none(&facts->invocation_id) && usn > 0) {
		snprintf(cursor, GB_DIRECTORY_CURSOR_BYTES, AD_PREFIX "%s %" PRId64,
			 gb_guid_format(&facts->invocation_id, guid), usn);
	}
}

static bool read_seconds(const char *csn, time_t *ret_time)
{
	struct tm broken = {0};
	char text[CSN_SECONDS_CHARS + 1];
	const char *end;

	if (strspn(csn, "0123456789") != CSN_SECONDS_CHARS) {
		return false;
	}
	memcpy(text, csn, CSN_SECONDS_CHARS);
	text[CSN_SECONDS_CHARS] = '\0';
	end = strptime(text, "%Y%m%d%H%M%S", &broken);
	if (!end || *end) {
		return false;
	}
	*ret_time = timegm(&broken);
	return true;
}

void gb_cursor_from_csn(const struct gb_directory_facts *facts, const char *csn, int64_t now_ms,
			char cursor[GB_DIRECTORY_CURSOR_BYTES])
{
	char guid[GB_GUID_TEXT_BYTES];
	char text[CSN_SECONDS_CHARS + 1];
	struct tm broken;
	time_t seconds;

	cursor[0] = '\0';
	if (!read_seconds(csn, &seconds)) {
		return;
	}
	if (seconds > now_ms / 1000 - GB_CURSOR_SETTLED_S) {
		seconds -= GB_CURSOR_MARGIN_S;
	}
	gmtime_r(&seconds, &broken);
	strftime(text, sizeof(text), "%Y%m%d%H%M%S", &broken);
	snprintf(cursor, GB_DIRECTORY_CURSOR_BYTES, LDAP_PREFIX "%s %s",
		 gb_guid_format(&facts->domain_guid, guid), text);
}

static enum gb_rc stale(const char *what, struct gb_err *err)
{
	gb_err_set(err, GB_E_STALE_CURSOR, "directory-stale-cursor", "%s", what);
	gb_err_undone(err, _("Nothing was read with the old position."));
	return gb_err_remedy(err, _("The directory is read as a whole."));
}

/* Splits "prefix guid rest"; false if it has another form. */
static bool split(const char *cursor, const char *prefix, struct gb_guid *ret_guid,
		  const char **ret_rest)
{
	char guid[GB_GUID_TEXT_BYTES];
	size_t length = strlen(prefix);

	if (strncmp(cursor, prefix, length) != 0 || strlen(cursor + length) < GB_GUID_TEXT_BYTES) {
		return false;
	}
	memcpy(guid, cursor + length, GB_GUID_TEXT_BYTES - 1);
	guid[GB_GUID_TEXT_BYTES - 1] = '\0';
	*ret_rest = cursor + length + GB_GUID_TEXT_BYTES;
	return cursor[length + GB_GUID_TEXT_BYTES - 1] == ' ' && gb_guid_parse(guid, ret_guid);
}

static enum gb_rc usn_stamp(const void *ctx, const struct gb_directory_facts *facts,
			    const char *cursor, int64_t usn, const char **ret_stamp,
			    struct gb_err *err)
{
	struct gb_guid guid;
	const char *rest;
	char *end;
	long long from;

	if (!split(cursor, AD_PREFIX, &guid, &rest)) {
		return stale(_("The stored position is not one of this kind of directory."), err);
	}
	if (gb_guid_compare(&guid, &facts->invocation_id) != 0) {
		return stale(_("The stored position belongs to another domain controller."), err);
	}
	from = strtoll(rest, &end, 10);
	if (*end || from <= 0) {
		return stale(_("The stored position cannot be read."), err);
	}
	if (from > usn) {
		return stale(_("The domain controller was set back to an earlier state."), err);
	}
	*ret_stamp = gb_printf(ctx, "%lld", from + 1);
	return GB_OK;
}

static enum gb_rc csn_stamp(const void *ctx, const struct gb_directory_facts *facts,
			    const char *cursor, const char **ret_stamp, struct gb_err *err)
{
	struct gb_guid guid;
	const char *rest;
	time_t seconds;

	if (!split(cursor, LDAP_PREFIX, &guid, &rest) || !read_seconds(rest, &seconds)) {
		return stale(_("The stored position is not one of this kind of directory."), err);
	}
	if (gb_guid_compare(&guid, &facts->domain_guid) != 0) {
		return stale(_("The stored position belongs to another directory."), err);
	}
	*ret_stamp = gb_printf(ctx, "%s.000000Z#000000#000#000000", rest);
	return GB_OK;
}

enum gb_rc gb_cursor_stamp(const void *ctx, const struct gb_directory_facts *facts,
			   const char *cursor, int64_t usn, const char **ret_stamp,
			   struct gb_err *err)
{
	return facts->dialect == GB_DIALECT_AD ? usn_stamp(ctx, facts, cursor, usn, ret_stamp, err)
					       : csn_stamp(ctx, facts, cursor, ret_stamp, err);
}
