/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of questions. docs/probe.md describes each; a test compares the two. */
#include "config.h"

#include <string.h>

#include "engine/probe/account.h"
#include "engine/probe/cloud.h"
#include "engine/probe/directory.h"
#include "engine/probe/preview.h"
#include "engine/probe/question.h"

/* Longest distinguished name and longest name that are taken, in bytes. */
#define MAX_DN   2048
#define MAX_NAME 1024
/* A device code lives 15 minutes. */
#define SIGN_IN_MS 1000000

#define DN(NAME, NEEDED) {.name = NAME, .type = GB_PROBE_DN, .is_needed = NEEDED, .min = 1, .max = MAX_DN}
#define TEXT(NAME, NEEDED, MAX) \
	{.name = NAME, .type = GB_PROBE_TEXT, .is_needed = NEEDED, .min = 1, .max = MAX}
#define NUMBER(NAME, MIN, MAX, FALLBACK) \
	{.name = NAME, .type = GB_PROBE_NUMBER, .min = MIN, .max = MAX, .fallback = FALLBACK}
#define FLAG(NAME, FALLBACK) {.name = NAME, .type = GB_PROBE_BOOL, .fallback = FALLBACK}
#define ADMINISTRATOR        TEXT("administrator", false, MAX_NAME)
#define END                  {.name = NULL}

static const struct gb_probe_argument ladder[] = {DN("container", false), FLAG("allServers", 0),
						  END};
static const struct gb_probe_argument containers[] = {DN("parent", false),
						      NUMBER("limit", 1, 100000, 20000), END};
static const struct gb_probe_argument find_containers[] = {TEXT("text", true, MAX_NAME),
							   NUMBER("limit", 1, 1000, 200), END};
static const struct gb_probe_argument container[] = {TEXT("guid", false, 40), DN("dn", false), END};
static const struct gb_probe_argument create_container[] = {
	DN("parent", true), TEXT("name", true, 256), ADMINISTRATOR, END};

static const struct gb_probe_argument discover[] = {TEXT("domain", true, 253),
						    TEXT("site", false, 64), END};
static const struct gb_probe_argument rights[] = {DN("container", true), END};
static const struct gb_probe_argument grant[] = {
	DN("container", true), TEXT("administrator", true, MAX_NAME), END};
static const struct gb_probe_argument create_account[] = {
	DN("parent", true), TEXT("name", true, 20), TEXT("administrator", true, MAX_NAME), END};
static const struct gb_probe_argument written_groups[] = {NUMBER("limit", 0, 100000, 1000), END};
static const struct gb_probe_argument new_application[] = {
	TEXT("displayName", false, 120), NUMBER("validDays", 1, 1095, 365), END};
static const struct gb_probe_argument create_application[] = {
	TEXT("displayName", false, 120), NUMBER("validDays", 1, 1095, 365), FLAG("readFeatures", 1),
	FLAG("newGroupsDefault", 0), END};
static const struct gb_probe_argument counts[] = {TEXT("list", false, 40),
						  NUMBER("limit", 0, 10000, 200), END};
static const struct gb_probe_argument set_default[] = {
	{.name = "newGroupsDefault", .type = GB_PROBE_BOOL, .is_needed = true}, END};
static const struct gb_probe_argument preview[] = {NUMBER("limit", 0, 10000, 500), END};

const struct gb_probe_question gb_probe_questions[] = {
	{
		.name = "cloud.discover",
		.needs = GB_NEED_TENANT,
		.timeout_ms = 20000,
		.run = gb_probe_cloud_discover,
	},
	{
		.name = "cloud.check",
		.needs = GB_NEED_APPLICATION,
		.timeout_ms = 60000,
		.run = gb_probe_cloud_check,
	},
	{
		.name = "cloud.sign-in",
		.needs = GB_NEED_TENANT,
		.timeout_ms = SIGN_IN_MS,
		.run = gb_probe_cloud_sign_in,
	},
	{
		.name = "application.create",
		.needs = GB_NEED_TENANT,
		.timeout_ms = 1800000,
		.writes = true,
		.arguments = create_application,
		.prepare = gb_probe_application_make_key,
		.run = gb_probe_application_create,
	},
	{
		.name = "application.prepare",
		.timeout_ms = 20000,
		.arguments = new_application,
		.prepare = gb_probe_application_make_key,
		.run = gb_probe_application_prepare,
	},
	{
		.name = "application.pending",
		.timeout_ms = 5000,
		.prepare = gb_probe_application_see_key,
		.run = gb_probe_application_pending,
	},
	{
		.name = "application.clean-up",
		.needs = GB_NEED_TENANT,
		.timeout_ms = SIGN_IN_MS,
		.writes = true,
		.prepare = gb_probe_application_drop_key,
		.run = gb_probe_application_clean_up,
	},
	{
		.name = "tenant.counts",
		.needs = GB_NEED_APPLICATION,
		.timeout_ms = 600000,
		.arguments = counts,
		.run = gb_probe_tenant_counts,
	},
	{
		.name = "tenant.features",
		.needs = GB_NEED_TENANT,
		.timeout_ms = SIGN_IN_MS,
		.run = gb_probe_tenant_features,
	},
	{
		.name = "tenant.set-default",
		.needs = GB_NEED_TENANT,
		.timeout_ms = SIGN_IN_MS,
		.writes = true,
		.arguments = set_default,
		.run = gb_probe_tenant_set_default,
	},
	{
		.name = "tenant.example",
		.needs = GB_NEED_APPLICATION,
		.timeout_ms = 120000,
		.run = gb_probe_tenant_example,
	},
	{
		.name = "directory.discover",
		.timeout_ms = 30000,
		.arguments = discover,
		.run = gb_probe_directory_discover,
	},
	{
		.name = "directory.rights",
		.needs = GB_NEED_DIRECTORY,
		.timeout_ms = 60000,
		.arguments = rights,
		.run = gb_probe_directory_rights,
	},
	{
		.name = "directory.grant",
		.needs = GB_NEED_SERVERS,
		.timeout_ms = 60000,
		.writes = true,
		.arguments = grant,
		.run = gb_probe_directory_grant,
	},
	{
		.name = "directory.create-account",
		.needs = GB_NEED_SERVERS,
		.timeout_ms = 60000,
		.writes = true,
		.arguments = create_account,
		.run = gb_probe_directory_create_account,
	},
	{
		.name = "directory.written-groups",
		.needs = GB_NEED_DIRECTORY | GB_NEED_CONTAINER,
		.timeout_ms = 300000,
		.arguments = written_groups,
		.run = gb_probe_directory_written_groups,
	},
	{
		.name = "preview",
		.needs = GB_NEED_ALL,
		.timeout_ms = 3600000,
		.arguments = preview,
		.run = gb_probe_preview,
	},
	{
		.name = "check",
		.needs = GB_NEED_ALL,
		.timeout_ms = 300000,
		.run = gb_probe_check,
	},
	{
		.name = "directory.ladder",
		.needs = GB_NEED_DIRECTORY,
		.timeout_ms = 60000,
		.arguments = ladder,
		.run = gb_probe_directory_ladder,
	},
	{
		.name = "directory.containers",
		.needs = GB_NEED_DIRECTORY,
		.timeout_ms = 120000,
		.arguments = containers,
		.run = gb_probe_directory_containers,
	},
	{
		.name = "directory.find-containers",
		.needs = GB_NEED_DIRECTORY,
		.timeout_ms = 60000,
		.arguments = find_containers,
		.run = gb_probe_directory_find_containers,
	},
	{
		.name = "directory.container",
		.needs = GB_NEED_DIRECTORY,
		.timeout_ms = 30000,
		.arguments = container,
		.run = gb_probe_directory_container,
	},
	{
		.name = "directory.create-container",
		.needs = GB_NEED_DIRECTORY,
		.timeout_ms = 60000,
		.writes = true,
		.arguments = create_container,
		.run = gb_probe_directory_create_container,
	},
	{
		.name = "directory.schema",
		.needs = GB_NEED_DIRECTORY,
		.timeout_ms = 30000,
		.run = gb_probe_directory_schema,
	},
	{.name = NULL},
};

const struct gb_probe_question *gb_probe_question_find(const char *name)
{
	for (const struct gb_probe_question *q = gb_probe_questions; q->name; q++) {
		if (strcmp(q->name, name) == 0) {
			return q;
		}
	}
	return NULL;
}
