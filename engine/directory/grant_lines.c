/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines that grant what groupback needs. */
#include "config.h"

#include "engine/directory/grant_lines.h"

#include <ctype.h>
#include <string.h>

#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/directory/sddl.h"

/* A sAMAccountName may hold "$", "%" and quotes as well. */
static bool is_plain(const char *principal)
{
	if (!principal || !*principal) {
		return false;
	}
	for (const char *c = principal; *c; c++) {
		if (!isalnum((unsigned char)*c) && strchr("-_.@", *c) == NULL) {
			return false;
		}
	}
	return true;
}

static void add_dsacls(const void *ctx, struct gb_grant_lines *lines, const char *dn,
		       const struct gb_grant_target *target, const char *how, const char *rights)
{
	char sid[GB_SID_TEXT_BYTES];
	const char *who = is_plain(target->principal) ? target->principal
						      : gb_sid_format(target->sid, sid);

	lines->dsacls[lines->dsacls_count++] =
		gb_printf(ctx, "dsacls \"%s\"%s /G \"%s:%s\"", dn, how, who, rights);
}

static char *samba_tool(const void *ctx, const char *dn, const struct gb_grant_target *target)
{
	struct gb_acl nothing = {0};
	struct gb_ace aces[GB_GRANT_MAX_ACES];
	size_t count = gb_grant_missing(&nothing, target->sid, target->place, aces);
	char *line = gb_printf(
		ctx, "samba-tool dsacl set --objectdn='%s' --action=allow --sddl='", dn);

	for (size_t i = 0; i < count; i++) {
		char *ace = gb_sddl_write_ace(line, &aces[i], target->domain);
		char *longer = gb_printf(ctx, "%s%s", line, ace);

		talloc_free(line);
		line = longer;
	}
	return gb_printf(ctx, "%s'", line);
}

void gb_grant_lines(const void *ctx, const struct gb_grant_target *target,
		    struct gb_grant_lines *ret_lines)
{
	char *dn = gb_dn_inert(ctx, target->dn);

	*ret_lines = (struct gb_grant_lines){0};
	if (!dn) {
		return;
	}
	ret_lines->samba_tool = samba_tool(ctx, dn, target);
	switch (target->place) {
	case GB_GRANT_CONTAINER:
		add_dsacls(ctx, ret_lines, dn, target, " /I:T", "CCDC;group");
		add_dsacls(ctx, ret_lines, dn, target, " /I:S", "RPWPLCLORCSD;;group");
		break;
	case GB_GRANT_DOMAIN:
		add_dsacls(ctx, ret_lines, dn, target, "", "CA;Reanimate Tombstones");
		break;
	case GB_GRANT_DELETED_OBJECTS:
		/* It belongs to the system alone; nobody else may change its list. */
		ret_lines->dsacls[ret_lines->dsacls_count++] = gb_grant_take_line(ctx, target->dn);
		add_dsacls(ctx, ret_lines, dn, target, " /I:T", "LCRP");
		break;
	}
}

char *gb_grant_take_line(const void *ctx, const char *dn)
{
	char *inert = gb_dn_inert(ctx, dn);
	char *line = gb_printf(ctx, "dsacls \"%s\" /takeownership", inert ? inert : "");

	talloc_free(inert);
	return line;
}
