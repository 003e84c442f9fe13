/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causes: the one table of ids and sentences. */
#include "config.h"

#include "engine/plan/cause.h"

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"

struct cause_entry {
	enum gb_cause cause;
	const char *id;
	const char *sentence; /* N_() */
};

static const struct cause_entry CAUSES[] = {
	{GB_CAUSE_NONE, "none", NULL},

	{GB_CAUSE_ENABLED, "enabled", N_("Writeback is enabled for the group.")},
	{GB_CAUSE_TENANT_DEFAULT, "tenant-default",
	 N_("Microsoft 365 groups are written unless writeback is disabled for them.")},
	{GB_CAUSE_KIND_SELECTED, "kind-selected",
	 N_("The configuration selects every group of this kind.")},
	{GB_CAUSE_SELECTED, "selected", N_("The group is among the selected ones.")},
	{GB_CAUSE_FILTER_MATCHED, "filter-matched", N_("The filter selects the group.")},

	{GB_CAUSE_DISABLED, "disabled", N_("Writeback is disabled for the group.")},
	{GB_CAUSE_NOT_ENABLED, "not-enabled", N_("Writeback is not enabled for the group.")},
	{GB_CAUSE_KIND_NOT_SELECTED, "kind-not-selected",
	 N_("The configuration leaves groups of this kind out.")},
	{GB_CAUSE_NOT_SELECTED, "not-selected", N_("The group is not among the selected ones.")},
	{GB_CAUSE_FILTERED_OUT, "filtered-out", N_("The filter does not select the group.")},
	{GB_CAUSE_SWITCHED_OFF, "switched-off", N_("Group writeback is switched off.")},

	{GB_CAUSE_ON_PREMISES, "on-premises",
	 N_("The group is synchronized from an on-premises directory; it is never written back.")},
	{GB_CAUSE_DISTRIBUTION_LIST, "distribution-list",
	 N_("The group is a distribution list of Exchange; these are never written.")},
	{GB_CAUSE_MAIL_ENABLED_SECURITY, "mail-enabled-security",
	 N_("The group is a mail-enabled security group of Exchange; these are never written.")},
	{GB_CAUSE_HIDDEN_MEMBERSHIP, "hidden-membership",
	 N_("The members of the group are hidden in the cloud; the directory would show them to "
	    "everybody.")},
	{GB_CAUSE_ROLE_ASSIGNABLE, "role-assignable",
	 N_("Roles can be assigned to the group; such groups are written only when asked for.")},
	{GB_CAUSE_AUTHORITY_CONVERTED, "authority-converted",
	 N_("The group was born on-premises and converted to the cloud; its first object may still "
	    "live elsewhere in the directory.")},
	{GB_CAUSE_NO_KIND, "no-kind",
	 N_("The group is neither a security group nor a Microsoft 365 group.")},

	{GB_CAUSE_WRITEBACK_MISSING, "writeback-missing",
	 N_("The cloud did not say whether writeback is enabled for the group; what is written "
	    "stays as it is.")},
	{GB_CAUSE_WRITEBACK_TYPE, "writeback-type",
	 N_("The cloud asks for a type of group that this version does not know; what is written "
	    "stays as it is.")},
	{GB_CAUSE_PROPERTIES_MISSING, "properties-missing",
	 N_("The cloud left out properties that decide whether the group is written; what is "
	    "written stays as it is.")},
	{GB_CAUSE_SELECTION_UNKNOWN, "selection-unknown",
	 N_("The members of the group that marks the selected ones are not known; what is written "
	    "stays as it is.")},
	{GB_CAUSE_SELECTION_AMBIGUOUS, "selection-ambiguous",
	 N_("Several groups have the selected name, so none of them is selected by it; what is "
	    "written stays as it is. Select it by its id.")},
	{GB_CAUSE_FILTER_UNDECIDED, "filter-undecided",
	 N_("The filter could not be decided for the group; what is written stays as it is.")},

	{GB_CAUSE_PROTECTED, "protected",
	 N_("The directory protects the group as an administrators' group; it is not changed any "
	    "more.")},
	{GB_CAUSE_ANCHOR_ELSEWHERE, "anchor-elsewhere",
	 N_("An object outside the container carries the mark of the group; another tool may have "
	    "written it. No second one is made.")},
	{GB_CAUSE_ANCHOR_TWINS, "anchor-twins",
	 N_("Several objects carry the mark of the group; none of them is changed.")},
	{GB_CAUSE_ANCHOR_UNSEARCHED, "anchor-unsearched",
	 N_("The directory could not be searched for an earlier object of the group, so none is "
	    "made.")},
	{GB_CAUSE_ANCHOR_CONFLICT, "anchor-conflict",
	 N_("The two marks of the object name different groups; it is not changed.")},
	{GB_CAUSE_ANCHOR_REMOVED, "anchor-removed",
	 N_("Somebody took the mark off the object of the group; it is not changed.")},
	{GB_CAUSE_MOVED_AWAY, "moved-away",
	 N_("Somebody moved the object of the group out of the container; it is not changed.")},
	{GB_CAUSE_NOT_A_GROUP, "not-a-group",
	 N_("The object that carries the mark of the group is no group; it is not changed.")},
	{GB_CAUSE_MEMBER_LIMIT, "member-limit",
	 N_("The group has more members than the limit allows; it is not changed, and never cut "
	    "short.")},
	{GB_CAUSE_SOFT_DELETED, "soft-deleted",
	 N_("The group was deleted in the cloud and can still be restored there.")},
	{GB_CAUSE_HARD_DELETED, "hard-deleted", N_("The group is gone from the cloud.")},
	{GB_CAUSE_NO_FREE_NAME, "no-free-name",
	 N_("Every name that the group could have is taken in the directory.")},

	{GB_CAUSE_ORPHAN, "orphan",
	 N_("The object carries the mark of a group that this installation has never seen in the "
	    "cloud; it stays as it is.")},
	{GB_CAUSE_DELETE_HELD, "delete-held",
	 N_("The group would be deleted, but groups outside the container have it as a member.")},

	{GB_CAUSE_NEW_SERVER, "new-server",
	 N_("Another domain controller took over; until replication has reached it, nothing is "
	    "created or deleted.")},
	{GB_CAUSE_DRIFT, "drift",
	 N_("Somebody changed or deleted the object of the group by hand; the configuration asks "
	    "to "
	    "report that and to leave it.")},

	{GB_CAUSE_FIGHT, "fight",
	 N_("Somebody else, a policy or another program, undoes each time what is put back; the "
	    "group is left alone for a day.")},

	{GB_CAUSE_PARENT_OUTSIDE, "parent-outside",
	 N_("The mapping puts the group outside the container; it is not changed.")},
	{GB_CAUSE_PARENT_MISSING, "parent-missing",
	 N_("The mapping puts the group into a container that is not there; it is not changed.")},
	{GB_CAUSE_MAPPING_FAILED, "mapping-failed",
	 N_("The mapping has no place for the group; it is not changed.")},

	{GB_CAUSE_CLOUD_INCOMPLETE, "cloud-incomplete",
	 N_("The list of members was not read to its end, so nobody is removed.")},
	{GB_CAUSE_MEMBERS_UNCERTAIN, "members-uncertain",
	 N_("Some members could not be identified, so nobody is removed.")},
	{GB_CAUSE_DIRECTORY_INCOMPLETE, "directory-incomplete",
	 N_("The directory was not read to its end, so nobody is removed.")},

	{GB_CAUSE_MAIL_TAKEN, "mail-taken",
	 N_("Another object of the forest has the mail address of the group, so its mail "
	    "attributes "
	    "are left as they are.")},
	{GB_CAUSE_TYPE_BLOCKED, "type-blocked",
	 N_("The scope of the group in the directory cannot be changed before that of the groups "
	    "it contains or belongs to.")},
	{GB_CAUSE_ATTRIBUTE_UNDECIDED, "attribute-undecided",
	 N_("The mapping needs something that the cloud left out; the attribute is left as it "
	    "is.")},
	{GB_CAUSE_WAITS_REMOVALS, "waits-removals",
	 N_("The group would lose more of its members at once than is allowed; it waits for "
	    "approval.")},
	{GB_CAUSE_WAITS_ACCESS, "waits-access",
	 N_("The new type of the group gives access to its members; it waits for approval.")},
	{GB_CAUSE_WAITS_CONTAINER, "waits-container",
	 N_("The container was changed; what that causes waits for approval.")},
	{GB_CAUSE_WAITS_SCOPE, "waits-scope",
	 N_("The scope was changed; what that causes waits for approval.")},
	{GB_CAUSE_WAITS_NAMING, "waits-naming",
	 N_("The way of naming was changed; what that causes waits for approval.")},
	{GB_CAUSE_WAITS_NEW_STATE, "waits-new-state",
	 N_("The state is new and knows no history; what takes something away waits for "
	    "approval.")},
	{GB_CAUSE_PAUSED, "paused", N_("Somebody paused the group; it stays as it is.")},

	{GB_CAUSE_MEMBER_CLOUD_ONLY, "cloud-only",
	 N_("The member exists in the cloud alone and has no account on-premises.")},
	{GB_CAUSE_MEMBER_UNREADABLE, "unreadable",
	 N_("The cloud did not say who the member is; a permission is missing.")},
	{GB_CAUSE_MEMBER_NO_IDENTITY, "no-identity",
	 N_("The member is synchronized from on-premises, but carries nothing to find it by.")},
	{GB_CAUSE_MEMBER_NOT_FOUND, "not-found",
	 N_("The account of the member was not found in the directory.")},
	{GB_CAUSE_MEMBER_AMBIGUOUS, "ambiguous",
	 N_("Several objects of the directory carry the key of the member.")},
	{GB_CAUSE_MEMBER_KEYS_DIFFER, "keys-differ",
	 N_("The object at the distinguished name of the member is somebody else.")},
	{GB_CAUSE_MEMBER_WRONG_CLASS, "wrong-class",
	 N_("The key of the member belongs to an object of another kind.")},
	{GB_CAUSE_MEMBER_SERVICE_PRINCIPAL, "service-principal",
	 N_("The member is an application; applications have no account on-premises.")},
	{GB_CAUSE_MEMBER_DEVICE, "device-without-account",
	 N_("The member is a device without a computer account in the directory.")},
	{GB_CAUSE_MEMBER_CONTACT, "contact",
	 N_("The member is a contact that the directory does not have.")},
	{GB_CAUSE_MEMBER_OTHER_TYPE, "other-type",
	 N_("The member is of a type that this version does not know.")},
	{GB_CAUSE_MEMBER_GROUP_NOT_WRITTEN, "group-not-written",
	 N_("The member is a group that is not written.")},
	{GB_CAUSE_MEMBER_GROUP_UNKNOWN, "group-unknown",
	 N_("The member is a group that is not written, and the cloud did not say whether it "
	    "should "
	    "be.")},
	{GB_CAUSE_MEMBER_DOMAIN_LOCAL, "domain-local",
	 N_("The member is a domain-local group; a universal group cannot hold it.")},
	{GB_CAUSE_MEMBER_PROTECTED, "protected-by-dn",
	 N_("The object at the distinguished name of the member is protected, and nothing else "
	    "proves "
	    "that it is the member.")},
	{GB_CAUSE_MEMBER_DELETED, "deleted", N_("The member was deleted in the cloud.")},
	{GB_CAUSE_MEMBER_FLATTENED, "flattened",
	 N_("The member is a group whose members are written in its place.")},
	{GB_CAUSE_MEMBER_SCOPE, "scope-does-not-fit",
	 N_("The member is a group whose scope does not fit into a group of the configured "
	    "scope.")},
	{GB_CAUSE_MEMBER_OTHER_DOMAIN, "other-domain",
	 N_("The member is in another domain; a global group cannot hold it.")},
	{GB_CAUSE_MEMBER_GROUP_TOO_LARGE, "group-too-large",
	 N_("The member is a group that is not written because it has too many members.")},
	{GB_CAUSE_MEMBER_UNSEARCHED, "unsearched",
	 N_("The global catalog could not be asked for the member.")},
};

static const struct cause_entry *find(enum gb_cause cause)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(CAUSES); i++) {
		if (CAUSES[i].cause == cause) {
			return &CAUSES[i];
		}
	}
	return NULL;
}

const char *gb_cause_id(enum gb_cause cause)
{
	const struct cause_entry *entry = find(cause);

	return entry ? entry->id : "unknown";
}

const char *gb_cause_sentence(enum gb_cause cause)
{
	const struct cause_entry *entry = find(cause);

	return entry && entry->sentence ? _(entry->sentence) : "";
}

bool gb_cause_is_waiting(enum gb_cause cause)
{
	return cause >= GB_CAUSE_WAITS_REMOVALS && cause < GB_CAUSE_PAUSED;
}

bool gb_cause_is_member(enum gb_cause cause)
{
	return cause >= GB_CAUSE_MEMBER_FIRST &&
	       cause < GB_CAUSE_MEMBER_FIRST + GB_CAUSE_MEMBER_COUNT;
}

bool gb_cause_is_uncertain(enum gb_cause cause)
{
	return cause == GB_CAUSE_MEMBER_UNREADABLE || cause == GB_CAUSE_MEMBER_NO_IDENTITY ||
	       cause == GB_CAUSE_MEMBER_AMBIGUOUS || cause == GB_CAUSE_MEMBER_UNSEARCHED;
}

bool gb_cause_is_problem(enum gb_cause cause)
{
	if (cause >= GB_CAUSE_MEMBER_FIRST) {
		return gb_cause_is_uncertain(cause);
	}
	return cause >= GB_CAUSE_WRITEBACK_MISSING && cause != GB_CAUSE_SOFT_DELETED &&
	       cause != GB_CAUSE_HARD_DELETED && cause != GB_CAUSE_ORPHAN &&
	       cause != GB_CAUSE_PAUSED;
}
