/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of accounts. */
#include "config.h"

#include "engine/directory/account_name.h"

#include <string.h>
#include <strings.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"

char *gb_account_short_name(const void *ctx, const char *name)
{
	const char *backslash = strchr(name, '\\');
	const char *begin = backslash ? backslash + 1 : name;

	return gb_strndup(ctx, begin, strcspn(begin, "@"));
}

char *gb_account_domain(const void *ctx, const char *domain_dn)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	for (const char *at = domain_dn; at && *at;) {
		size_t length = strcspn(at, ",");

		if (length > 3 && strncasecmp(at, "DC=", 3) == 0) {
			gb_buffer_add_text(out, out->length ? "." : "");
			gb_buffer_add(out, at + 3, length - 3);
		}
		at += length;
		at += *at == ',';
	}
	return gb_buffer_steal(ctx, out);
}

char *gb_account_principal(const void *ctx, const char *sam_account_name, const char *domain_dn)
{
	char *domain = gb_account_domain(NULL, domain_dn);
	char *principal = gb_printf(ctx, "%s@%s", sam_account_name, domain);

	talloc_free(domain);
	return principal;
}
