/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The properties of every type of directory object. */
#include "config.h"

#include "sim/store/props.h"

#include <string.h>
#include <strings.h>

#include "sim/util/mem.h"

#define BOTH  (SIM_V1 | SIM_BETA)
#define BASIC (SIM_V1 | SIM_BETA | SIM_BASIC)
#define OWN   SIM_READ_ONLY

/* How properties can be asked for: the rows of Graph's tables. */
#define EQ       SIM_EQ
#define EQ_SW    (SIM_EQ | SIM_STARTS)
#define EQ_RANGE (SIM_EQ | SIM_RANGE)
#define NAME     (SIM_EQ | SIM_STARTS | SIM_NULL_ADV)
#define ADV      (SIM_EQ_ADV | SIM_STARTS_ADV | SIM_NULL_ADV)
#define NULLABLE (SIM_EQ | SIM_NULL_ADV)
#define COUNTED  SIM_COUNT_ADV

static const struct sim_prop group_props[] = {
	{"deletedDateTime", SIM_TEXT, BASIC | OWN | SIM_EQ | SIM_RANGE | SIM_SORT_ADV},
	{"classification", SIM_TEXT, BOTH | EQ_SW},
	{"createdDateTime", SIM_TEXT, BASIC | OWN | EQ_RANGE},
	{"createdByAppId", SIM_TEXT, SIM_BETA | SIM_BETA_ONLY | OWN | EQ},
	{"organizationId", SIM_TEXT, SIM_BETA | OWN},
	{"description", SIM_TEXT, BASIC | ADV | SIM_SEARCH},
	{"displayName", SIM_TEXT, BASIC | NAME | SIM_SORT | SIM_SEARCH},
	{"expirationDateTime", SIM_TEXT, BOTH | OWN | SIM_EQ_ADV | SIM_RANGE_ADV},
	{"groupTypes", SIM_LIST, BASIC | EQ},
	{"infoCatalogs", SIM_LIST, SIM_BETA | EQ_SW},
	{"isAssignableToRole", SIM_BOOL, BOTH | EQ},
	{"isManagementRestricted", SIM_BOOL, SIM_BETA | OWN},
	{"mail", SIM_TEXT, BASIC | OWN | NAME | SIM_ENDS_ADV | SIM_SEARCH},
	{"mailEnabled", SIM_BOOL, BASIC | EQ},
	{"mailNickname", SIM_TEXT, BASIC | NAME | SIM_SEARCH},
	{"membershipRule", SIM_TEXT, BOTH | EQ_SW},
	{"membershipRuleProcessingState", SIM_TEXT, BOTH | EQ},
	{"onPremisesDomainName", SIM_TEXT, BOTH | OWN},
	{"onPremisesLastSyncDateTime", SIM_TEXT, BOTH | OWN | EQ_RANGE},
	{"onPremisesNetBiosName", SIM_TEXT, BOTH | OWN},
	{"onPremisesSamAccountName", SIM_TEXT, BOTH | OWN | SIM_EQ_ADV | SIM_STARTS_ADV},
	{"onPremisesSecurityIdentifier", SIM_TEXT, BOTH | OWN | NULLABLE},
	{"onPremisesSyncEnabled", SIM_BOOL, BOTH | OWN | NULLABLE},
	{"preferredDataLocation", SIM_TEXT, BOTH},
	{"preferredLanguage", SIM_TEXT, BOTH | ADV},
	{"proxyAddresses", SIM_LIST, BOTH | OWN | EQ_SW | SIM_ENDS_ADV | COUNTED},
	{"renewedDateTime", SIM_TEXT, BOTH | OWN | EQ_RANGE},
	{"resourceBehaviorOptions", SIM_LIST, BOTH | EQ},
	{"resourceProvisioningOptions", SIM_LIST, BOTH | EQ},
	{"securityEnabled", SIM_BOOL, BASIC | EQ},
	{"securityIdentifier", SIM_TEXT, BOTH | OWN | EQ},
	{"theme", SIM_TEXT, BOTH},
	{"uniqueName", SIM_TEXT, SIM_BETA | EQ_SW},
	{"visibility", SIM_TEXT, BASIC},
	{"writebackConfiguration", SIM_COMPLEX, SIM_BETA | SIM_BETA_ONLY},
	{"onPremisesProvisioningErrors", SIM_LIST, BOTH | OWN | EQ | COUNTED},
	{"serviceProvisioningErrors", SIM_LIST, BOTH | OWN},
	{"assignedLabels", SIM_LIST, 0},
	{"assignedLicenses", SIM_LIST, OWN | EQ | COUNTED},
	{"licenseProcessingState", SIM_COMPLEX, OWN},
	{"onPremisesExtensionAttributes", SIM_COMPLEX, OWN},
	{"hasMembersWithLicenseErrors", SIM_BOOL, OWN | EQ},
	{"allowExternalSenders", SIM_BOOL, SIM_SINGLE},
	{"autoSubscribeNewMembers", SIM_BOOL, SIM_SINGLE},
	{"hideFromAddressLists", SIM_BOOL, SIM_SINGLE},
	{"hideFromOutlookClients", SIM_BOOL, SIM_SINGLE},
	{"isSubscribedByMail", SIM_BOOL, SIM_SINGLE},
	{"unseenCount", SIM_NUMBER, SIM_SINGLE | OWN},
	{"isArchived", SIM_BOOL, SIM_SINGLE | OWN},
	{"isCloudManaged", SIM_BOOL, SIM_HIDDEN},
};

static const struct sim_prop user_props[] = {
	{"deletedDateTime", SIM_TEXT, SIM_BETA | OWN | SIM_EQ | SIM_RANGE | SIM_SORT_ADV},
	{"accountEnabled", SIM_BOOL, SIM_BETA | EQ},
	{"ageGroup", SIM_TEXT, SIM_BETA | EQ},
	{"businessPhones", SIM_LIST, BASIC | ADV},
	{"city", SIM_TEXT, SIM_BETA | NAME},
	{"companyName", SIM_TEXT, SIM_BETA | ADV},
	{"country", SIM_TEXT, SIM_BETA | NAME},
	{"createdDateTime", SIM_TEXT, SIM_BETA | OWN | EQ_RANGE | SIM_NULL_ADV | SIM_SORT_ADV},
	{"creationType", SIM_TEXT, SIM_BETA | OWN | EQ},
	{"department", SIM_TEXT, SIM_BETA | NAME},
	{"displayName", SIM_TEXT, BASIC | NAME | SIM_SORT | SIM_SEARCH},
	{"employeeId", SIM_TEXT, SIM_BETA | NAME},
	{"employeeType", SIM_TEXT, SIM_BETA | SIM_EQ_ADV},
	{"externalUserState", SIM_TEXT, SIM_BETA | OWN | EQ},
	{"externalUserStateChangeDateTime", SIM_TEXT, SIM_BETA | OWN},
	{"faxNumber", SIM_TEXT, SIM_BETA | ADV},
	{"givenName", SIM_TEXT, BASIC | NAME | SIM_SEARCH},
	{"identities", SIM_LIST, SIM_BETA | EQ},
	{"imAddresses", SIM_LIST, SIM_BETA | OWN | EQ_SW},
	{"isManagementRestricted", SIM_BOOL, SIM_BETA | OWN},
	{"isResourceAccount", SIM_BOOL, SIM_BETA | OWN | EQ},
	{"jobTitle", SIM_TEXT, BASIC | NAME},
	{"lastPasswordChangeDateTime", SIM_TEXT, SIM_BETA | OWN},
	{"legalAgeGroupClassification", SIM_TEXT, SIM_BETA | OWN},
	{"mail", SIM_TEXT, BASIC | NAME | SIM_ENDS_ADV | SIM_SEARCH},
	{"mailNickname", SIM_TEXT, SIM_BETA | NAME},
	{"mobilePhone", SIM_TEXT, BASIC | ADV},
	{"officeLocation", SIM_TEXT, BASIC | ADV},
	{"onPremisesDistinguishedName", SIM_TEXT, SIM_BETA | OWN},
	{"onPremisesDomainName", SIM_TEXT, SIM_BETA | OWN},
	{"onPremisesExtensionAttributes", SIM_COMPLEX, SIM_BETA | SIM_EQ_ADV | SIM_NULL_ADV},
	{"onPremisesImmutableId", SIM_TEXT, SIM_BETA | SIM_EQ | SIM_NULL_ADV},
	{"onPremisesLastSyncDateTime", SIM_TEXT, SIM_BETA | OWN | EQ_RANGE},
	{"onPremisesProvisioningErrors", SIM_LIST, SIM_BETA | OWN | EQ | COUNTED},
	{"onPremisesSamAccountName", SIM_TEXT, SIM_BETA | OWN | SIM_EQ_ADV | SIM_STARTS_ADV},
	{"onPremisesSecurityIdentifier", SIM_TEXT, SIM_BETA | OWN | NULLABLE},
	{"onPremisesSyncEnabled", SIM_BOOL, SIM_BETA | OWN | NULLABLE},
	{"onPremisesUserPrincipalName", SIM_TEXT, SIM_BETA | OWN | SIM_EQ_ADV | SIM_STARTS_ADV},
	{"otherMails", SIM_LIST, SIM_BETA | EQ_SW | SIM_ENDS_ADV | COUNTED},
	{"passwordPolicies", SIM_TEXT, SIM_BETA | SIM_EQ_ADV},
	{"passwordProfile", SIM_COMPLEX, SIM_BETA},
	{"postalCode", SIM_TEXT, SIM_BETA | ADV},
	{"preferredDataLocation", SIM_TEXT, SIM_BETA},
	{"preferredLanguage", SIM_TEXT, BASIC | ADV},
	{"proxyAddresses", SIM_LIST, SIM_BETA | OWN | EQ_SW | SIM_ENDS_ADV | COUNTED},
	{"securityIdentifier", SIM_TEXT, SIM_BETA | OWN | EQ},
	{"showInAddressList", SIM_BOOL, SIM_BETA | EQ},
	{"signInSessionsValidFromDateTime", SIM_TEXT, SIM_BETA | OWN},
	{"state", SIM_TEXT, SIM_BETA | NAME},
	{"streetAddress", SIM_TEXT, SIM_BETA | ADV},
	{"surname", SIM_TEXT, BASIC | NAME | SIM_SEARCH},
	{"usageLocation", SIM_TEXT, SIM_BETA | NAME},
	{"userPrincipalName", SIM_TEXT, BASIC | EQ_SW | SIM_SORT | SIM_ENDS_ADV | SIM_SEARCH},
	{"userType", SIM_TEXT, SIM_BETA | EQ | SIM_NULL_ADV},
	{"assignedLicenses", SIM_LIST, SIM_BETA | OWN | EQ | COUNTED},
	{"assignedPlans", SIM_LIST, SIM_BETA | OWN | SIM_EQ_ADV},
	{"consentProvidedForMinor", SIM_TEXT, SIM_BETA | EQ},
	{"employeeHireDate", SIM_TEXT, SIM_BETA | EQ_RANGE},
	{"employeeLeaveDateTime", SIM_TEXT, SIM_BETA},
	{"employeeOrgData", SIM_COMPLEX, SIM_BETA},
	{"provisionedPlans", SIM_LIST, SIM_BETA | OWN},
	{"serviceProvisioningErrors", SIM_LIST, SIM_BETA | OWN},
	{"isCloudManaged", SIM_BOOL, SIM_HIDDEN},
};

static const struct sim_prop device_props[] = {
	{"deletedDateTime", SIM_TEXT, BOTH | OWN | SIM_EQ | SIM_RANGE | SIM_SORT_ADV},
	{"accountEnabled", SIM_BOOL, BOTH | EQ},
	{"alternativeSecurityIds", SIM_LIST, BOTH | EQ},
	{"approximateLastSignInDateTime", SIM_TEXT,
	 BOTH | OWN | EQ_RANGE | SIM_NULL_ADV | SIM_SORT_ADV},
	{"createdDateTime", SIM_TEXT, SIM_BETA | OWN | SIM_SORT_ADV},
	{"deviceId", SIM_TEXT, BOTH | EQ},
	{"displayName", SIM_TEXT, BOTH | NAME | SIM_SORT_ADV | SIM_SEARCH},
	{"isCompliant", SIM_BOOL, BOTH | EQ},
	{"isManaged", SIM_BOOL, BOTH | EQ},
	{"manufacturer", SIM_TEXT, BOTH},
	{"model", SIM_TEXT, BOTH},
	{"onPremisesLastSyncDateTime", SIM_TEXT, BOTH | OWN | EQ_RANGE},
	{"onPremisesSecurityIdentifier", SIM_TEXT, BOTH | OWN | EQ},
	{"onPremisesSyncEnabled", SIM_BOOL, BOTH | OWN | NULLABLE},
	{"operatingSystem", SIM_TEXT, BOTH | NAME},
	{"operatingSystemVersion", SIM_TEXT, BOTH | NAME},
	{"physicalIds", SIM_LIST, BOTH | EQ | COUNTED},
	{"profileType", SIM_TEXT, BOTH | EQ},
	{"trustType", SIM_TEXT, BOTH | EQ},
	{"complianceExpirationDateTime", SIM_TEXT, BOTH | OWN},
	{"deviceCategory", SIM_TEXT, BOTH},
	{"deviceMetadata", SIM_TEXT, BOTH},
	{"deviceOwnership", SIM_TEXT, BOTH},
	{"deviceVersion", SIM_NUMBER, BOTH},
	{"domainName", SIM_TEXT, SIM_BETA | SIM_BETA_ONLY},
	{"enrollmentProfileName", SIM_TEXT, BOTH},
	{"enrollmentType", SIM_TEXT, BOTH},
	{"extensionAttributes", SIM_COMPLEX, SIM_BETA | SIM_BETA_ONLY},
	{"isManagementRestricted", SIM_BOOL, BOTH | OWN},
	{"isRooted", SIM_BOOL, BOTH},
	{"managementType", SIM_TEXT, BOTH},
	{"mdmAppId", SIM_TEXT, BOTH | EQ_SW},
	{"registrationDateTime", SIM_TEXT, BOTH | OWN},
	{"systemLabels", SIM_LIST, BOTH | EQ},
};

static const struct sim_prop contact_props[] = {
	{"deletedDateTime", SIM_TEXT, BOTH | OWN},
	{"companyName", SIM_TEXT, BOTH | ADV},
	{"createdDateTime", SIM_TEXT, OWN | SIM_SORT_ADV},
	{"department", SIM_TEXT, BOTH | NAME},
	{"displayName", SIM_TEXT, BOTH | NAME | SIM_SORT_ADV | SIM_SEARCH},
	{"givenName", SIM_TEXT, BOTH | NAME | SIM_SEARCH},
	{"jobTitle", SIM_TEXT, BOTH | NAME},
	{"mail", SIM_TEXT, BOTH | NAME | SIM_ENDS_ADV | SIM_SEARCH},
	{"mailNickname", SIM_TEXT, BOTH | NAME},
	{"onPremisesLastSyncDateTime", SIM_TEXT, BOTH | OWN | EQ_RANGE},
	{"onPremisesProvisioningErrors", SIM_LIST, BOTH | OWN | EQ | COUNTED},
	{"onPremisesSyncEnabled", SIM_BOOL, BOTH | OWN | NULLABLE},
	{"proxyAddresses", SIM_LIST, BOTH | OWN | EQ_SW | SIM_ENDS_ADV | COUNTED},
	{"surname", SIM_TEXT, BOTH | NAME | SIM_SEARCH},
	{"addresses", SIM_LIST, BOTH},
	{"phones", SIM_LIST, BOTH},
	{"serviceProvisioningErrors", SIM_LIST, BOTH | OWN},
	{"isCloudManaged", SIM_BOOL, SIM_HIDDEN},
};

static const struct sim_prop principal_props[] = {
	{"deletedDateTime", SIM_TEXT, BOTH | OWN | SIM_SORT_ADV},
	{"accountEnabled", SIM_BOOL, BOTH | EQ},
	{"appDisplayName", SIM_TEXT, BOTH},
	{"appId", SIM_TEXT, BOTH | EQ},
	{"appRoles", SIM_LIST, BOTH},
	{"createdDateTime", SIM_TEXT, SIM_BETA | OWN | SIM_SORT_ADV},
	{"displayName", SIM_TEXT, BOTH | NAME | SIM_SORT_ADV | SIM_SEARCH},
	{"oauth2PermissionScopes", SIM_LIST, BOTH},
	{"servicePrincipalNames", SIM_LIST, BOTH | EQ_SW},
	{"servicePrincipalType", SIM_TEXT, BOTH | EQ},
	{"signInAudience", SIM_TEXT, BOTH},
	{"tags", SIM_LIST, BOTH | EQ_SW},
	{"addIns", SIM_LIST, BOTH},
	{"alternativeNames", SIM_LIST, BOTH | EQ_SW},
	{"appDescription", SIM_TEXT, BOTH},
	{"applicationTemplateId", SIM_TEXT, BOTH | OWN | SIM_EQ_ADV},
	{"appOwnerOrganizationId", SIM_TEXT, BOTH | OWN | SIM_EQ_ADV},
	{"appRoleAssignmentRequired", SIM_BOOL, BOTH},
	{"description", SIM_TEXT, BOTH | SIM_EQ_ADV | SIM_STARTS_ADV},
	{"disabledByMicrosoftStatus", SIM_TEXT, BOTH | OWN},
	{"homepage", SIM_TEXT, BOTH | EQ_SW},
	{"info", SIM_COMPLEX, BOTH | OWN},
	{"keyCredentials", SIM_LIST, BOTH},
	{"loginUrl", SIM_TEXT, BOTH},
	{"logoutUrl", SIM_TEXT, BOTH},
	{"notes", SIM_TEXT, BOTH},
	{"notificationEmailAddresses", SIM_LIST, BOTH},
	{"passwordCredentials", SIM_LIST, BOTH},
	{"preferredSingleSignOnMode", SIM_TEXT, BOTH},
	{"preferredTokenSigningKeyThumbprint", SIM_TEXT, BOTH},
	{"replyUrls", SIM_LIST, BOTH},
	{"resourceSpecificApplicationPermissions", SIM_LIST, BOTH | OWN},
	{"samlSingleSignOnSettings", SIM_COMPLEX, BOTH},
	{"tokenEncryptionKeyId", SIM_TEXT, BOTH},
	{"verifiedPublisher", SIM_COMPLEX, BOTH | OWN},
};

#define ROWS(table) table, SIM_ARRAY_SIZE(table)

static const struct sim_type_info types[SIM_TYPE_COUNT] = {
	[SIM_USER] = {"#microsoft.graph.user", "User", "users", "user", ROWS(user_props)},
	[SIM_GROUP] = {"#microsoft.graph.group", "Group", "groups", "group", ROWS(group_props)},
	[SIM_DEVICE] = {"#microsoft.graph.device", "Device", "devices", "device",
			ROWS(device_props)},
	[SIM_CONTACT] = {"#microsoft.graph.orgContact", "Contact", "contacts", "contact",
			 ROWS(contact_props)},
	[SIM_PRINCIPAL] = {"#microsoft.graph.servicePrincipal", "ServicePrincipal",
			   "servicePrincipals", "servicePrincipal", ROWS(principal_props)},
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

bool sim_prop_is_visible(enum sim_type type, int prop, bool beta)
{
	unsigned flags = types[type].props[prop].flags;

	return !(flags & SIM_HIDDEN) && (beta || !(flags & SIM_BETA_ONLY));
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

enum sim_type sim_type_by_cast(const char *cast)
{
	/* Clients write graph.user for short. */
	if (strncasecmp(cast, "microsoft.", 10) == 0) {
		cast += 10;
	}
	for (unsigned i = 0; i < SIM_TYPE_COUNT; i++) {
		if (strcasecmp(types[i].odata_type + sizeof("#microsoft.") - 1, cast) == 0) {
			return (enum sim_type)i;
		}
	}
	return SIM_TYPE_COUNT;
}
