/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * People and other members: the listing of /users, and the record that it shares with members and
 * users/delta (resource types "user", "group", "device", "orgContact", "servicePrincipal").
 */
#ifndef GB_CLOUD_PEOPLE_H
#define GB_CLOUD_PEOPLE_H

#include "engine/base/json.h"
#include "engine/cloud/graph_pages.h"
#include "engine/cloud/types.h"

/** The properties that find somebody on-premises. Types that lack one of them leave it out. */
#define GB_PEOPLE_SELECT                                                                           \
	"id,displayName,onPremisesSyncEnabled,onPremisesSecurityIdentifier,onPremisesImmutableId," \
	"onPremisesDistinguishedName"

/** What is asked about a member of a group: a contact is found by its address. */
#define GB_MEMBERS_SELECT GB_PEOPLE_SELECT ",mail"

/**
 * Read one record. Strings are borrowed from @object.
 *
 * A property of a wrong type or a malformed SID gives a member that is not readable: nobody may say
 * who it is. An immutable id that is no GUID is "none": it can be any text (Entra Connect,
 * "sourceAnchor").
 *
 * @param type         what the record is about.
 * @param ret_present  enum gb_cloud_person_present.
 * Errors: GB_E_PROTOCOL "graph-record-id": the page is not usable.
 */
GB_MUST_CHECK enum gb_rc gb_people_record(const struct gb_json *object, const char *path,
					  enum gb_cloud_type type,
					  struct gb_cloud_member *ret_member, unsigned *ret_present,
					  struct gb_err *err);

/**
 * True if the record says something besides who it is. Graph answers 200 with id and type alone for
 * a member whose type the application may not read (Graph, "Limited information returned for
 * inaccessible member objects").
 */
GB_MUST_CHECK bool gb_people_says_something(const struct gb_cloud_member *member);

/** List all people. Below @ctx; ends with sink->done. @refused is incremented for bad records. */
void gb_people_list(struct gb_graph *graph, const void *ctx, const struct gb_cloud_users_sink *sink,
		    uint64_t *refused);

#endif
