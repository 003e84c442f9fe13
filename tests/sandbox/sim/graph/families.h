/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The endpoint families of Graph: one file a family, one function an endpoint.
 *
 * Each function answers the call whole; the router has checked method, bearer and roles.
 */
#ifndef SIM_GRAPH_FAMILIES_H
#define SIM_GRAPH_FAMILIES_H

#include "sim/graph/odata.h"

/** GET /organization (organization.c). */
void sim_organization_list(struct sim_call *call);
/** GET /organization/{id} (organization.c). */
void sim_organization_get(struct sim_call *call);

/** GET /groups (groups.c). */
void sim_groups_list(struct sim_call *call);
/** GET /groups/{id} (groups.c). */
void sim_groups_get(struct sim_call *call);
/** GET /groups/$count (groups.c). */
void sim_groups_count(struct sim_call *call);
/** GET /groups/delta (groups.c). */
void sim_groups_delta(struct sim_call *call);

/** GET /users (users.c). */
void sim_users_list(struct sim_call *call);
/** GET /users/{id or userPrincipalName} (users.c). */
void sim_users_get(struct sim_call *call);
/** GET /users/$count (users.c). */
void sim_users_count(struct sim_call *call);
/** GET /users/delta (users.c). */
void sim_users_delta(struct sim_call *call);

/** The live user at key 0, an id or a userPrincipalName (users.c). False: the call was answered. */
bool sim_users_find(struct sim_call *call, struct sim_object **ret_user) SIM_MUST_CHECK;

/**
 * GET /{collection}/{id}/{relation}: members, transitiveMembers, memberOf, transitiveMemberOf,
 * owners, with a cast, $count or $ref behind it (navigation.c).
 */
void sim_navigation(struct sim_call *call);

/** GET /devices (others.c). */
void sim_devices_list(struct sim_call *call);
/** GET /devices/{id} (others.c). */
void sim_devices_get(struct sim_call *call);
/** GET /devices/$count (others.c). */
void sim_devices_count(struct sim_call *call);
/** GET /devices/delta (others.c). */
void sim_devices_delta(struct sim_call *call);
/** GET /contacts (others.c). */
void sim_contacts_list(struct sim_call *call);
/** GET /contacts/{id} (others.c). */
void sim_contacts_get(struct sim_call *call);
/** GET /contacts/$count (others.c). */
void sim_contacts_count(struct sim_call *call);
/** GET /contacts/delta (others.c). */
void sim_contacts_delta(struct sim_call *call);
/** GET /servicePrincipals (others.c). */
void sim_principals_list(struct sim_call *call);
/** GET /servicePrincipals/{id} (others.c). */
void sim_principals_get(struct sim_call *call);
/** GET /servicePrincipals/$count (others.c). */
void sim_principals_count(struct sim_call *call);
/** GET /servicePrincipals/delta (others.c). */
void sim_principals_delta(struct sim_call *call);

/** POST /groups (group_write.c). */
void sim_groups_create(struct sim_call *call);
/** PATCH /groups/{id} (group_write.c). */
void sim_groups_patch(struct sim_call *call);
/** DELETE /groups/{id} (group_write.c). */
void sim_groups_delete(struct sim_call *call);
/** POST /groups/{id}/members/$ref (group_write.c). */
void sim_members_add(struct sim_call *call);
/** DELETE /groups/{id}/members/{id}/$ref (group_write.c). */
void sim_members_remove(struct sim_call *call);
/** DELETE /groups/{id}/members/$ref?@id=URL (group_write.c). */
void sim_members_remove_by_url(struct sim_call *call);

/** POST /groups/{id}/owners/$ref (owner_write.c). */
void sim_owners_add(struct sim_call *call);
/** DELETE /groups/{id}/owners/{id}/$ref (owner_write.c). */
void sim_owners_remove(struct sim_call *call);

/** The live user of this userPrincipalName, any case, or NULL (users.c). */
struct sim_object *sim_users_by_name(const struct sim_store *store, const char *name);
/** POST /users (user_write.c). */
void sim_users_create(struct sim_call *call);
/** PATCH /users/{id} (user_write.c). */
void sim_users_patch(struct sim_call *call);
/** DELETE /users/{id} (user_write.c). */
void sim_users_delete(struct sim_call *call);

/** Answer with @object and its @odata.type (directory_objects.c). */
void sim_answer_directory_object(struct sim_call *call, const struct sim_object *object,
				 const struct sim_odata *odata, bool deleted);
/** GET /directoryObjects/{id} (directory_objects.c). */
void sim_directory_objects_get(struct sim_call *call);
/** POST /directoryObjects/getByIds (directory_objects.c). */
void sim_directory_objects_by_ids(struct sim_call *call);
/** POST /{collection}/{id}/getMemberGroups and getMemberObjects (member_groups.c). */
void sim_member_groups_get(struct sim_call *call);
/** POST /{collection}/{id}/checkMemberGroups and checkMemberObjects (member_groups.c). */
void sim_member_groups_check(struct sim_call *call);

/** GET /directory/onPremisesSynchronization (directory_sync.c). */
void sim_directory_sync_list(struct sim_call *call);
/** GET /directory/onPremisesSynchronization/{id} (directory_sync.c). */
void sim_directory_sync_get(struct sim_call *call);
/** PATCH /directory/onPremisesSynchronization/{id} (directory_sync.c). */
void sim_directory_sync_patch(struct sim_call *call);

/** GET /directory/deletedItems (deleted_items.c). */
void sim_deleted_uncast(struct sim_call *call);
/** GET /directory/deletedItems/{id or cast} (deleted_items.c). */
void sim_deleted_get(struct sim_call *call);
/** GET /directory/deletedItems/{cast}/$count (deleted_items.c). */
void sim_deleted_count(struct sim_call *call);
/** POST /directory/deletedItems/{id}/restore (deleted_items.c). */
void sim_deleted_restore(struct sim_call *call);
/** DELETE /directory/deletedItems/{id} (deleted_items.c). */
void sim_deleted_purge(struct sim_call *call);

/** GET /groupSettings, beta /settings (settings.c). */
void sim_settings_list(struct sim_call *call);
/** GET /groupSettings/{id} (settings.c). */
void sim_settings_get(struct sim_call *call);
/** POST /groupSettings (settings.c). */
void sim_settings_create(struct sim_call *call);
/** PATCH /groupSettings/{id} (settings.c). */
void sim_settings_patch(struct sim_call *call);
/** DELETE /groupSettings/{id} (settings.c). */
void sim_settings_delete(struct sim_call *call);
/** GET /groupSettingTemplates, beta /directorySettingTemplates (settings.c). */
void sim_setting_templates_list(struct sim_call *call);
/** GET /groupSettingTemplates/{id} (settings.c). */
void sim_setting_templates_get(struct sim_call *call);

/** GET /groups/{id}/onPremisesSyncBehavior, of users and contacts too (sync_behavior.c). */
void sim_sync_behavior_get(struct sim_call *call);
/** PATCH of the same (sync_behavior.c). */
void sim_sync_behavior_patch(struct sim_call *call);

/** POST /servicePrincipals (principals.c). */
void sim_principals_create(struct sim_call *call);
/** DELETE /servicePrincipals/{id} (principals.c). */
void sim_principals_delete(struct sim_call *call);
/** GET /servicePrincipals/{id}/appRoleAssignments: what it was granted (assignments.c). */
void sim_assignments_of_principal(struct sim_call *call);
/** GET /servicePrincipals/{id}/appRoleAssignedTo: to whom its roles were granted (assignments.c). */
void sim_assignments_of_resource(struct sim_call *call);
/** POST to either of the two (assignments.c). */
void sim_assignments_create(struct sim_call *call);
/** DELETE of one, below either of the two (assignments.c). */
void sim_assignments_delete(struct sim_call *call);

/** GET /applications (applications.c). */
void sim_applications_list(struct sim_call *call);
/** GET /applications/{id} (applications.c). */
void sim_applications_get(struct sim_call *call);
/** POST /applications (applications.c). */
void sim_applications_create(struct sim_call *call);
/** PATCH /applications/{id} (applications.c). */
void sim_applications_patch(struct sim_call *call);
/** DELETE /applications/{id} (applications.c). */
void sim_applications_delete(struct sim_call *call);
/** POST /applications/{id}/addKey (credentials.c). */
void sim_applications_add_key(struct sim_call *call);
/** POST /applications/{id}/removeKey (credentials.c). */
void sim_applications_remove_key(struct sim_call *call);
/** POST /applications/{id}/addPassword (credentials.c). */
void sim_applications_add_password(struct sim_call *call);
/** POST /applications/{id}/removePassword (credentials.c). */
void sim_applications_remove_password(struct sim_call *call);

/** GET /me: the person of a delegated token (users.c). */
void sim_me(struct sim_call *call);

/** POST /$batch (batch.c). */
void sim_batch(struct sim_call *call);

#endif
