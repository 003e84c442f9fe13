/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand behind a key, in one sentence. */
#include "config.h"

#include "engine/config/keys.h"

#include <inttypes.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/* What may stand there, as the end of a sentence; below @ctx. */
static char *choice_words(const void *ctx, const struct gb_key *key)
{
	struct gb_buffer *words = gb_buffer_new(ctx);

	for (const struct gb_key_choice *choice = key->choices; choice->word; choice++) {
		gb_buffer_add_format(words, "%s%s", words->length ? ", " : "", choice->word);
	}
	return gb_buffer_steal(ctx, words);
}

static char *number_range(const void *ctx, const struct gb_key *key)
{
	if (key->zero_word) {
		return gb_printf(ctx, _("Use %s or a number from %" PRId64 " to %" PRId64 "."),
				 key->zero_word, key->min, key->max);
	}
	return gb_printf(ctx, _("Use a number from %" PRId64 " to %" PRId64 "."), key->min,
			 key->max);
}

static char *duration_range(const void *ctx, const struct gb_key *key)
{
	return gb_printf(ctx,
			 _("Use a number and its unit, s, m, h or d: from %" PRId64 "s to "
			   "%" PRId64 "d."),
			 key->min, key->max / 86400);
}

static const char *text_rule(enum gb_key_type type)
{
	static const char *const rules[] = {
		[GB_KEY_PATH] = N_("Use an absolute path without \"..\"."),
		[GB_KEY_DN] =
			N_("Use a distinguished name, such as OU=Groups,DC=example,DC=com; inside "
			   "a value write a comma as \\, and a quote as \\22."),
		[GB_KEY_ACCOUNT] = N_("Use a distinguished name, name@domain or DOMAIN\\name."),
		[GB_KEY_TENANT] = N_("Use the tenant's id or one of its verified domains."),
		[GB_KEY_GUID] = N_("Use a GUID: 8-4-4-4-12 hexadecimal digits."),
		[GB_KEY_HTTPS] = N_("Use https://host or https://host:port, without a path."),
		[GB_KEY_DNS_NAME] = N_("Use a name as in DNS: letters, digits, \"-\" and dots."),
		[GB_KEY_PROXY] = N_("Use http://host:port, without a name or password."),
		[GB_KEY_SERVERS] =
			N_("Use up to 16 host names, each with :port if it is not the usual "
			   "one, separated by blanks."),
	};

	return _(rules[type]);
}

char *gb_key_rule(const void *ctx, const struct gb_key *key)
{
	switch (key->type) {
	case GB_KEY_BOOL:
		return gb_strdup(ctx, _("Use yes or no."));
	case GB_KEY_CHOICE:
		return gb_printf(ctx, _("Use one of: %s."), choice_words(ctx, key));
	case GB_KEY_FLAGS:
		return gb_printf(ctx, _("Use one or more of: %s; separated by blanks."),
				 choice_words(ctx, key));
	case GB_KEY_NUMBER:
		return number_range(ctx, key);
	case GB_KEY_LIMIT:
		return gb_strdup(ctx, _("Use a number such as 5, a share such as 5%, both as in "
					"\"5 5%\" (then the larger counts), or none."));
	case GB_KEY_DURATION:
		return duration_range(ctx, key);
	case GB_KEY_PATH:
	case GB_KEY_DN:
	case GB_KEY_ACCOUNT:
	case GB_KEY_TENANT:
	case GB_KEY_GUID:
	case GB_KEY_HTTPS:
	case GB_KEY_DNS_NAME:
	case GB_KEY_PROXY:
	case GB_KEY_SERVERS:
		break;
	}
	return gb_strdup(ctx, text_rule(key->type));
}
