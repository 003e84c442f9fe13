/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tenant says about writeback, read and changed as the person who signed in (entra.h): the
 * default for new Microsoft 365 groups, and the switch of single groups. Blocks like the rest of
 * entra.h.
 *
 * Sources: Graph "groupSetting" (template Group.Unified, NewUnifiedGroupWritebackDefault); Entra
 * Connect "Modify Microsoft Entra Connect group writeback default behavior"; Graph beta resource
 * groupWritebackConfiguration.
 */
#ifndef GB_CLOUD_GROUP_SETTINGS_H
#define GB_CLOUD_GROUP_SETTINGS_H

#include <stdbool.h>

#include "engine/base/cloud_object.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/cloud/entra.h"

/** Delegated permissions for reading, and for changing the default and single groups. */
#define GB_GROUP_SETTINGS_SCOPES_READ    "GroupSettings.Read.All Group.Read.All"
#define GB_GROUP_SETTINGS_SCOPES_DEFAULT "GroupSettings.ReadWrite.All"
#define GB_GROUP_SETTINGS_SCOPES_GROUPS  "Group.ReadWrite.All"

/**
 * Are new Microsoft 365 groups marked for writeback? Without the setting they are.
 *
 * Errors: those of gb_entra_call().
 */
GB_MUST_CHECK enum gb_rc gb_group_settings_default(struct gb_entra *entra, const void *ctx,
						   bool *ret_value, struct gb_err *err);

/**
 * Set that default. The settings are made from their template, with all its defaults, if the tenant
 * has none; every other value stays as it is.
 *
 * @param ret_before  what it was; nothing is sent if it is the same.
 * Errors: those of gb_entra_call(); GB_E_ACCESS names the permission.
 */
GB_MUST_CHECK enum gb_rc gb_group_settings_set_default(struct gb_entra *entra, const void *ctx,
						       bool value, bool *ret_before,
						       struct gb_err *err);

/** A Microsoft 365 group as listed; borrowed. Anything but GB_OK stops. */
typedef enum gb_rc (*gb_group_settings_on_group)(void *user, const struct gb_guid *id,
						 const char *display_name,
						 enum gb_tristate is_enabled);

/** Every Microsoft 365 group with its switch, page by page. Errors: those of gb_entra_call(). */
GB_MUST_CHECK enum gb_rc gb_group_settings_each(struct gb_entra *entra, const void *ctx,
						gb_group_settings_on_group on_group, void *user,
						struct gb_err *err);

/** One group, of any kind. Errors: those of gb_entra_call(); GB_E_NOT_FOUND. */
GB_MUST_CHECK enum gb_rc gb_group_settings_look(struct gb_entra *entra, const void *ctx,
						const struct gb_guid *id,
						gb_group_settings_on_group on_group, void *user,
						struct gb_err *err);

/** Switch writeback of one group on or off. Errors: those of gb_entra_call(). */
GB_MUST_CHECK enum gb_rc gb_group_settings_switch(struct gb_entra *entra, const void *ctx,
						  const struct gb_guid *id, bool value,
						  struct gb_err *err);

#endif
