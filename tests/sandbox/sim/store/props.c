/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The properties of every type of directory object. */
#include "config.h"

#include "sim/store/props.h"

#include <string.h>
#include <strings.h>

#include "sim/util/mem.h"

#define BOTH  (SIM_V1 | SIM_BETA)
#define BASIC (SIM_V1 | SIM_BETA | SIM_BASIC)

static const struct sim_prop group_props[] = {
	{"deletedDateTime", SIM_TEXT, BASIC},
	{"classification", SIM_TEXT, BOTH},
	{"createdDateTime", SIM_TEXT, BASIC},
	{"createdByAppId", SIM_TEXT, SIM_BETA | SIM_BETA_ONLY},
	{"organizationId", SIM_TEXT, SIM_BETA},
	{"description", SIM_TEXT, BASIC},
	{"displayName", SIM_TEXT, BASIC},
	{"expirationDateTime", SIM_TEXT, BOTH},
	{"groupTypes", SIM_LIST, BASIC},
	{"infoCatalogs", SIM_LIST, SIM_BETA},
	{"isAssignableToRole", SIM_BOOL, BOTH},
	{"isManagementRestricted", SIM_BOOL, SIM_BETA},
	{"mail", SIM_TEXT, BASIC},
	{"mailEnabled", SIM_BOOL, BASIC},
	{"mailNickname", SIM_TEXT, BASIC},
	{"membershipRule", SIM_TEXT, BOTH},
	{"membershipRuleProcessingState", SIM_TEXT, BOTH},
	{"onPremisesDomainName", SIM_TEXT, BOTH},
	{"onPremisesLastSyncDateTime", SIM_TEXT, BOTH},
	{"onPremisesNetBiosName", SIM_TEXT, BOTH},
	{"onPremisesSamAccountName", SIM_TEXT, BOTH},
	{"onPremisesSecurityIdentifier", SIM_TEXT, BOTH},
	{"onPremisesSyncEnabled", SIM_BOOL, BOTH},
	{"preferredDataLocation", SIM_TEXT, BOTH},
	{"preferredLanguage", SIM_TEXT, BOTH},
	{"proxyAddresses", SIM_LIST, BOTH},
	{"renewedDateTime", SIM_TEXT, BOTH},
	{"resourceBehaviorOptions", SIM_LIST, BOTH},
	{"resourceProvisioningOptions", SIM_LIST, BOTH},
	{"securityEnabled", SIM_BOOL, BASIC},
	{"securityIdentifier", SIM_TEXT, BOTH},
	{"theme", SIM_TEXT, BOTH},
	{"uniqueName", SIM_TEXT, SIM_BETA},
	{"visibility", SIM_TEXT, BASIC},
	{"writebackConfiguration", SIM_COMPLEX, SIM_BETA | SIM_BETA_ONLY},
	{"onPremisesProvisioningErrors", SIM_LIST, BOTH},
	{"serviceProvisioningErrors", SIM_LIST, BOTH},
	{"assignedLabels", SIM_LIST, 0},
	{"assignedLicenses", SIM_LIST, 0},
	{"licenseProcessingState", SIM_COMPLEX, 0},
	{"onPremisesExtensionAttributes", SIM_COMPLEX, 0},
};

static const struct sim_prop user_props[] = {
	{"deletedDateTime", SIM_TEXT, SIM_BETA},
	{"accountEnabled", SIM_BOOL, SIM_BETA},
	{"ageGroup", SIM_TEXT, SIM_BETA},
	{"businessPhones", SIM_LIST, BASIC},
	{"city", SIM_TEXT, SIM_BETA},
	{"companyName", SIM_TEXT, SIM_BETA},
	{"country", SIM_TEXT, SIM_BETA},
	{"createdDateTime", SIM_TEXT, SIM_BETA},
	{"creationType", SIM_TEXT, SIM_BETA},
	{"department", SIM_TEXT, SIM_BETA},
	{"displayName", SIM_TEXT, BASIC},
	{"employeeId", SIM_TEXT, SIM_BETA},
	{"externalUserState", SIM_TEXT, SIM_BETA},
	{"givenName", SIM_TEXT, BASIC},
	{"identities", SIM_LIST, SIM_BETA},
	{"imAddresses", SIM_LIST, SIM_BETA},
	{"jobTitle", SIM_TEXT, BASIC},
	{"mail", SIM_TEXT, BASIC},
	{"mailNickname", SIM_TEXT, SIM_BETA},
	{"mobilePhone", SIM_TEXT, BASIC},
	{"officeLocation", SIM_TEXT, BASIC},
	{"onPremisesDistinguishedName", SIM_TEXT, SIM_BETA},
	{"onPremisesDomainName", SIM_TEXT, SIM_BETA},
	{"onPremisesExtensionAttributes", SIM_COMPLEX, SIM_BETA},
	{"onPremisesImmutableId", SIM_TEXT, SIM_BETA},
	{"onPremisesLastSyncDateTime", SIM_TEXT, SIM_BETA},
	{"onPremisesProvisioningErrors", SIM_LIST, SIM_BETA},
	{"onPremisesSamAccountName", SIM_TEXT, SIM_BETA},
	{"onPremisesSecurityIdentifier", SIM_TEXT, SIM_BETA},
	{"onPremisesSyncEnabled", SIM_BOOL, SIM_BETA},
	{"onPremisesUserPrincipalName", SIM_TEXT, SIM_BETA},
	{"otherMails", SIM_LIST, SIM_BETA},
	{"postalCode", SIM_TEXT, SIM_BETA},
	{"preferredDataLocation", SIM_TEXT, SIM_BETA},
	{"preferredLanguage", SIM_TEXT, BASIC},
	{"proxyAddresses", SIM_LIST, SIM_BETA},
	{"securityIdentifier", SIM_TEXT, SIM_BETA},
	{"showInAddressList", SIM_BOOL, SIM_BETA},
	{"state", SIM_TEXT, SIM_BETA},
	{"streetAddress", SIM_TEXT, SIM_BETA},
	{"surname", SIM_TEXT, BASIC},
	{"usageLocation", SIM_TEXT, SIM_BETA},
	{"userPrincipalName", SIM_TEXT, BASIC},
	{"userType", SIM_TEXT, SIM_BETA},
	{"assignedLicenses", SIM_LIST, SIM_BETA},
	{"assignedPlans", SIM_LIST, SIM_BETA},
};

static const struct sim_prop device_props[] = {
	{"deletedDateTime", SIM_TEXT, BOTH},
	{"accountEnabled", SIM_BOOL, BOTH},
	{"alternativeSecurityIds", SIM_LIST, BOTH},
	{"approximateLastSignInDateTime", SIM_TEXT, BOTH},
	{"createdDateTime", SIM_TEXT, BOTH},
	{"deviceId", SIM_TEXT, BOTH},
	{"displayName", SIM_TEXT, BOTH},
	{"isCompliant", SIM_BOOL, BOTH},
	{"isManaged", SIM_BOOL, BOTH},
	{"manufacturer", SIM_TEXT, BOTH},
	{"model", SIM_TEXT, BOTH},
	{"onPremisesLastSyncDateTime", SIM_TEXT, BOTH},
	{"onPremisesSecurityIdentifier", SIM_TEXT, BOTH},
	{"onPremisesSyncEnabled", SIM_BOOL, BOTH},
	{"operatingSystem", SIM_TEXT, BOTH},
	{"operatingSystemVersion", SIM_TEXT, BOTH},
	{"physicalIds", SIM_LIST, BOTH},
	{"profileType", SIM_TEXT, BOTH},
	{"trustType", SIM_TEXT, BOTH},
};

static const struct sim_prop contact_props[] = {
	{"deletedDateTime", SIM_TEXT, BOTH},
	{"companyName", SIM_TEXT, BOTH},
	{"createdDateTime", SIM_TEXT, 0},
	{"department", SIM_TEXT, BOTH},
	{"displayName", SIM_TEXT, BOTH},
	{"givenName", SIM_TEXT, BOTH},
	{"jobTitle", SIM_TEXT, BOTH},
	{"mail", SIM_TEXT, BOTH},
	{"mailNickname", SIM_TEXT, BOTH},
	{"onPremisesLastSyncDateTime", SIM_TEXT, BOTH},
	{"onPremisesProvisioningErrors", SIM_LIST, BOTH},
	{"onPremisesSyncEnabled", SIM_BOOL, BOTH},
	{"proxyAddresses", SIM_LIST, BOTH},
	{"surname", SIM_TEXT, BOTH},
};

static const struct sim_prop principal_props[] = {
	{"deletedDateTime", SIM_TEXT, BOTH},
	{"accountEnabled", SIM_BOOL, BOTH},
	{"appDisplayName", SIM_TEXT, BOTH},
	{"appId", SIM_TEXT, BOTH},
	{"appRoles", SIM_LIST, BOTH},
	{"createdDateTime", SIM_TEXT, SIM_BETA},
	{"displayName", SIM_TEXT, BOTH},
	{"servicePrincipalNames", SIM_LIST, BOTH},
	{"servicePrincipalType", SIM_TEXT, BOTH},
	{"signInAudience", SIM_TEXT, BOTH},
	{"tags", SIM_LIST, BOTH},
};

#define ROWS(table) table, SIM_ARRAY_SIZE(table)

static const struct sim_type_info types[SIM_TYPE_COUNT] = {
	[SIM_USER] = {"#microsoft.graph.user", "users", "user", ROWS(user_props)},
	[SIM_GROUP] = {"#microsoft.graph.group", "groups", "group", ROWS(group_props)},
	[SIM_DEVICE] = {"#microsoft.graph.device", "devices", "device", ROWS(device_props)},
	[SIM_CONTACT] = {"#microsoft.graph.orgContact", "contacts", "contact", ROWS(contact_props)},
	[SIM_PRINCIPAL] = {"#microsoft.graph.servicePrincipal", "servicePrincipals",
			   "servicePrincipal", ROWS(principal_props)},
};

_Static_assert(SIM_ARRAY_SIZE(group_props) <= SIM_PROP_MAX, "masks have 64 bits");
_Static_assert(SIM_ARRAY_SIZE(user_props) <= SIM_PROP_MAX, "masks have 64 bits");

const struct sim_type_info *sim_type_info(enum sim_type type)
{
	return &types[type];
}

int sim_prop_find(enum sim_type type, const char *name)
{
	for (size_t i = 0; i < types[type].prop_count; i++) {
		const char *known = types[type].props[i].name;

		/* Most rows differ in their first letter already. */
		if ((known[0] | 0x20) == (name[0] | 0x20) && strcasecmp(known, name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

uint64_t sim_prop_mask(enum sim_type type, unsigned flags)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < types[type].prop_count; i++) {
		if (types[type].props[i].flags & flags) {
			mask |= (uint64_t)1 << i;
		}
	}
	return mask;
}

uint64_t sim_prop_defaults(enum sim_type type, bool beta)
{
	return sim_prop_mask(type, beta ? SIM_BETA : SIM_V1);
}

enum sim_type sim_type_by_name(const char *name)
{
	for (unsigned i = 0; i < SIM_TYPE_COUNT; i++) {
		if (strcmp(types[i].name, name) == 0) {
			return (enum sim_type)i;
		}
	}
	return SIM_TYPE_COUNT;
}
