/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Maker: which program wrote a group of the directory that carries our anchor. Pure.
 *
 * Entra Connect and Cloud Sync anchor their groups by the same value, "Group_<objectId>", in one of the
 * two attributes each; groupback writes both, and an account name of its own form. So a group that
 * lacks one of these was made elsewhere, or somebody took it away.
 */
#ifndef GB_PLAN_MAKER_H
#define GB_PLAN_MAKER_H

#include <stdbool.h>

#include "engine/base/directory_object.h"
#include "engine/base/guid.h"

/** Who made a group. Names of the ids are in files and reports: they stay. */
enum gb_maker {
	GB_MAKER_OURS = 0,          /**< groupback, or nobody can tell it from one of groupback's */
	GB_MAKER_ENTRA_CONNECT = 1, /**< group writeback v1 or v2: adminDescription alone */
	GB_MAKER_CLOUD_SYNC = 2     /**< Cloud Sync: msDS-ExternalDirectoryObjectId */
};

/**
 * The maker of @object, which carries the anchor of cloud group @id.
 *
 * @param has_external_id  the schema has msDS-ExternalDirectoryObjectId.
 */
enum gb_maker gb_maker_of(const struct gb_directory_object *object, const struct gb_guid *id,
			  bool has_external_id);

/** Stable id: "groupback", "entra-connect", "cloud-sync". */
const char *gb_maker_id(enum gb_maker maker);

/** As people call it. */
const char *gb_maker_name(enum gb_maker maker);

#endif
