/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which program wrote a group. */
#include "config.h"

#include "engine/plan/maker.h"

#include <stddef.h>

#include "engine/plan/naming.h"

static bool is_anchor(const char *value, const struct gb_guid *id)
{
	struct gb_guid named;

	return value != NULL && gb_guid_from_anchor(value, &named) &&
	       gb_guid_compare(&named, id) == 0;
}

enum gb_maker gb_maker_of(const struct gb_directory_object *object, const struct gb_guid *id,
			  bool has_external_id)
{
	bool one = is_anchor(object->admin_description, id);
	bool two = is_anchor(object->external_directory_id, id);
	const char *sam = object->sam_account_name;
	bool own_name = sam == NULL || gb_naming_is_own_sam(sam, id);

	if (!one && !two) {
		return GB_MAKER_OURS;
	}
	if (own_name && one && (two || !has_external_id)) {
		return GB_MAKER_OURS;
	}
	/* Both: Cloud Sync took the group over from Entra Connect, as Microsoft's guide says. */
	return two ? GB_MAKER_CLOUD_SYNC : GB_MAKER_ENTRA_CONNECT;
}

const char *gb_maker_id(enum gb_maker maker)
{
	return maker == GB_MAKER_ENTRA_CONNECT ? "entra-connect"
	       : maker == GB_MAKER_CLOUD_SYNC  ? "cloud-sync"
					       : "groupback";
}

const char *gb_maker_name(enum gb_maker maker)
{
	return maker == GB_MAKER_ENTRA_CONNECT ? "Entra Connect"
	       : maker == GB_MAKER_CLOUD_SYNC  ? "Cloud Sync"
					       : "groupback";
}
