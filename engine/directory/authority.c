/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the directory lets us change groups whose source of authority is the cloud. */
#include "config.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/handle.h"

/* "Active Directory object enforcement" of Cloud Sync: who may change objects of the cloud. */
#define POLICY   "CN=Cloud,CN=SOA-Policies,CN=System,"
#define SETTINGS "msDS-Settings"

/* Child of the directory; freed before its `done` is called. */
struct reading {
	struct gb_directory *directory;
	struct gb_directory_authority policy;
	char **settings; /* SIDs, and one keyword */
	gb_directory_on_authority on_authority;
	gb_directory_done done;
	void *user;
};

static void end(struct reading *reading, enum gb_rc rc, const struct gb_err *err)
{
	gb_directory_done done = reading->done;
	void *user = reading->user;

	if (rc == GB_OK) {
		rc = reading->on_authority(user, &reading->policy);
	}
	talloc_free(reading);
	done(user, rc, err);
}

static enum gb_rc on_policy(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;

	(void)err;
	reading->settings = gb_entry_texts(reading, entry, SETTINGS);
	reading->policy.exists = true;
	for (char **text = reading->settings; *text; text++) {
		reading->policy.is_enforced |= gb_text_equal_nocase(*text, "Enforced");
	}
	return GB_OK;
}

static bool is_listed(const struct reading *reading, const struct gb_sid *sid)
{
	char text[GB_SID_TEXT_BYTES];

	gb_sid_format(sid, text);
	for (char **setting = reading->settings; setting && *setting; setting++) {
		if (gb_text_equal_nocase(*setting, text)) {
			return true;
		}
	}
	return false;
}

/* The rootDSE's tokenGroups are those of whoever asks, the account itself included. */
static enum gb_rc on_token(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	struct berval **values = ldap_get_values_len(entry->ldap, entry->message, "tokenGroups");

	(void)err;
	for (size_t i = 0; values && values[i]; i++) {
		struct gb_sid sid;

		if (gb_sid_from_octets(values[i]->bv_val, values[i]->bv_len, &sid)) {
			reading->policy.names_us |= is_listed(reading, &sid);
		}
	}
	ldap_value_free_len(values);
	return GB_OK;
}

static void on_token_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	end(user, rc, err);
}

static void search(struct reading *reading, const char *base, const char *attribute,
		   gb_search_on_entry on_entry, gb_directory_done done)
{
	const char *const attributes[] = {attribute, NULL};
	struct gb_search search = {
		.base = base,
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.timeout_ms = gb_directory_read_timeout_ms(reading->directory),
		.doing = _("Reading the policy for objects of the cloud"),
	};

	gb_search_begin(reading->directory->reader, &search, on_entry, done, reading);
}

static void on_policy_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading *reading = user;

	if (rc == GB_E_NOT_FOUND || (rc == GB_OK && !reading->policy.exists)) {
		end(reading, GB_OK, NULL);
	} else if (rc != GB_OK) {
		end(reading, rc, err);
	} else {
		search(reading, "", "tokenGroups", on_token, on_token_done);
	}
}

void gb_directory_read_authority(struct gb_directory *directory,
				 gb_directory_on_authority on_authority, gb_directory_done done,
				 void *user)
{
	struct reading *reading = gb_new(directory, struct reading);
	char *base = gb_printf(reading, POLICY "%s", directory->rootdse->facts.domain_dn);

	reading->directory = directory;
	reading->on_authority = on_authority;
	reading->done = done;
	reading->user = user;
	search(reading, base, SETTINGS, on_policy, on_policy_done);
}
