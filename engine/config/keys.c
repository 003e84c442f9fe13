/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE table of configuration keys. */
#include "config.h"

#include "engine/config/keys.h"

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"
#include "engine/base/text.h"
#include "engine/config/configuration.h"

static const struct gb_key_choice environments[] = {
	{"global", GB_CONFIG_ENVIRONMENT_GLOBAL, N_("Microsoft Entra ID, worldwide (also GCC)")},
	{"usgov", GB_CONFIG_ENVIRONMENT_USGOV, N_("US government: GCC High, L4")},
	{"usgov-dod", GB_CONFIG_ENVIRONMENT_USGOV_DOD, N_("US government: DoD, L5")},
	{"china", GB_CONFIG_ENVIRONMENT_CHINA, N_("China, operated by 21Vianet")},
	{"bleu", GB_CONFIG_ENVIRONMENT_BLEU, N_("France, operated by Bleu")},
	{"delos", GB_CONFIG_ENVIRONMENT_DELOS, N_("Germany, operated by Delos")},
	{"govsg", GB_CONFIG_ENVIRONMENT_GOVSG, N_("Singapore, government")},
	{"custom", GB_CONFIG_ENVIRONMENT_CUSTOM, N_("where the keys authority and graph say")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice credentials[] = {
	{"certificate", GB_CONFIG_CREDENTIAL_CERTIFICATE,
	 N_("a certificate and its private key (recommended)")},
	{"secret", GB_CONFIG_CREDENTIAL_SECRET, N_("a client secret")},
	{"managed-identity", GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY,
	 N_("none: the managed identity of this machine")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice identity_services[] = {
	{"auto", GB_CONFIG_IDENTITY_SERVICE_AUTO,
	 N_("Azure Arc where its agent is installed, else Azure")},
	{"azure", GB_CONFIG_IDENTITY_SERVICE_AZURE, N_("a virtual machine in Azure")},
	{"arc", GB_CONFIG_IDENTITY_SERVICE_ARC, N_("a server with the agent of Azure Arc")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice assertions[] = {
	{"ps256", GB_CONFIG_ASSERTION_PS256, N_("RSA-PSS with SHA-256 (recommended)")},
	{"rs256", GB_CONFIG_ASSERTION_RS256, N_("RSA PKCS #1 with SHA-256")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice transports[] = {
	{"ldaps", GB_CONFIG_TRANSPORT_LDAPS, N_("TLS from the first byte, port 636")},
	{"starttls", GB_CONFIG_TRANSPORT_STARTTLS, N_("StartTLS, port 389")},
	{"gssapi-seal", GB_CONFIG_TRANSPORT_GSSAPI_SEAL,
	 N_("no TLS: Kerberos signs and encrypts, port 389")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice binds[] = {
	{"simple", GB_CONFIG_BIND_SIMPLE, N_("name and password, over TLS")},
	{"gssapi", GB_CONFIG_BIND_GSSAPI, N_("Kerberos with a keytab")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice kinds[] = {
	{"security", GB_CONFIG_KIND_SECURITY, N_("security groups")},
	{"microsoft365", GB_CONFIG_KIND_MICROSOFT365, N_("Microsoft 365 groups")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice scopes[] = {
	{"enabled-only", GB_CONFIG_SCOPE_ENABLED_ONLY,
	 N_("groups for which group writeback is switched on in Entra")},
	{"tenant", GB_CONFIG_SCOPE_TENANT,
	 N_("Entra's rule: Microsoft 365 groups unless it is switched off, security groups if it "
	    "is "
	    "switched on")},
	{"kinds", GB_CONFIG_SCOPE_KINDS, N_("every group of these kinds")},
	{"selected", GB_CONFIG_SCOPE_SELECTED, N_("the groups that the selected file names")},
	{"filter", GB_CONFIG_SCOPE_FILTER, N_("the groups that the filter file matches")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice nestings[] = {
	{"keep", GB_CONFIG_NESTED_KEEP, N_("a nested group is a member")},
	{"flatten", GB_CONFIG_NESTED_FLATTEN, N_("the members of a nested group are members")},
	{"both", GB_CONFIG_NESTED_BOTH, N_("a nested group and its members are members")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice group_scopes[] = {
	{"universal", GB_CONFIG_GROUP_SCOPE_UNIVERSAL,
	 N_("members and use in the whole forest (recommended)")},
	{"global", GB_CONFIG_GROUP_SCOPE_GLOBAL, N_("members of one domain, use in the forest")},
	{"domain-local", GB_CONFIG_GROUP_SCOPE_DOMAIN_LOCAL,
	 N_("members of the forest, use in one domain")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice account_names[] = {
	{"stable", GB_CONFIG_ACCOUNT_NAME_STABLE, N_("it stays as it was made")},
	{"follow", GB_CONFIG_ACCOUNT_NAME_FOLLOW, N_("it follows the display name")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice names[] = {
	{"object-id", GB_CONFIG_NAME_OBJECT_ID, N_("Group_ and the object id")},
	{"display-name", GB_CONFIG_NAME_DISPLAY_NAME,
	 N_("the display name and the end of the object id")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice when[] = {
	{"keep", GB_CONFIG_WHEN_KEEP, N_("it stays as it is, frozen and named")},
	{"disable", GB_CONFIG_WHEN_DISABLE,
	 N_("it becomes a distribution group: it keeps its SID and gives no access")},
	{"delete", GB_CONFIG_WHEN_DELETE, N_("it is deleted")},
	{"disable-then-delete", GB_CONFIG_WHEN_DISABLE_THEN_DELETE,
	 N_("it is disabled at once, and deleted after the time of delete after")},
	{NULL, 0, NULL},
};

/* Nobody is there any more to delete anything later. */
static const struct gb_key_choice when_off[] = {
	{"keep", GB_CONFIG_WHEN_KEEP, N_("they stay as they are, and nobody keeps them in step")},
	{"disable", GB_CONFIG_WHEN_DISABLE,
	 N_("they become distribution groups: they keep their SIDs and give no access")},
	{"delete", GB_CONFIG_WHEN_DELETE, N_("they are deleted")},
	{NULL, 0, NULL},
};

static const struct gb_key_choice drifts[] = {
	{"repair", GB_CONFIG_DRIFT_REPAIR, N_("they are put back, and reported")},
	{"report", GB_CONFIG_DRIFT_REPORT, N_("they are reported, and the group is left alone")},
	{NULL, 0, NULL},
};

/** Longest duration, in seconds. */
#define TEN_YEARS_S (INT64_C(3650) * 86400)

#define FIELD(member) .offset = offsetof(struct gb_config, member)

static const struct gb_key keys[] = {
	{
		.section = "cloud",
		.name = "environment",
		.type = GB_KEY_CHOICE,
		FIELD(cloud.environment),
		.fallback = "global",
		.choices = environments,
		.help = N_("Which of Microsoft's clouds the tenant is in."),
	},
	{
		.section = "cloud",
		.name = "tenant",
		.type = GB_KEY_TENANT,
		FIELD(cloud.tenant),
		.is_needed = true,
		.help = N_("The tenant: its id or one of its verified domains."),
	},
	{
		.section = "cloud",
		.name = "client id",
		.type = GB_KEY_GUID,
		FIELD(cloud.client_id),
		.help = N_("Application (client) id of the app registration; with a managed "
			   "identity, that of a user-assigned one, or nothing for the machine's "
			   "own."),
	},
	{
		.section = "cloud",
		.name = "credential",
		.type = GB_KEY_CHOICE,
		FIELD(cloud.credential),
		.fallback = "certificate",
		.choices = credentials,
		.help = N_("How the application proves who it is."),
	},
	{
		.section = "cloud",
		.name = "certificate file",
		.type = GB_KEY_PATH,
		FIELD(cloud.certificate_file),
		.fallback = "/etc/groupback/cloud.pem",
		.help = N_(
			"The certificate, as PEM. It is public; its key is the secret cloud-key."),
	},
	{
		.section = "cloud",
		.name = "assertion",
		.type = GB_KEY_CHOICE,
		FIELD(cloud.assertion),
		.fallback = "ps256",
		.choices = assertions,
		.help = N_("Signature with which the certificate is used."),
	},
	{
		.section = "cloud",
		.name = "identity service",
		.type = GB_KEY_CHOICE,
		FIELD(cloud.identity_service),
		.fallback = "auto",
		.choices = identity_services,
		.help = N_("Where the token of the managed identity comes from."),
	},
	{
		.section = "cloud",
		.name = "identity url",
		.type = GB_KEY_PROXY,
		FIELD(cloud.identity_url),
		.help = N_("Where that service is, on this machine: http://127.0.0.1:port. Only "
			   "with environment custom."),
	},
	{
		.section = "cloud",
		.name = "identity key folder",
		.type = GB_KEY_PATH,
		FIELD(cloud.identity_key_folder),
		.fallback = "/var/opt/azcmagent/tokens",
		.help = N_("Folder of the key files of Azure Arc's agent."),
	},
	{
		.section = "cloud",
		.name = "authority",
		.type = GB_KEY_HTTPS,
		FIELD(cloud.authority),
		.help = N_("Where tokens come from: https://host. Only with environment custom."),
	},
	{
		.section = "cloud",
		.name = "graph",
		.type = GB_KEY_HTTPS,
		FIELD(cloud.graph),
		.help = N_("Where Microsoft Graph is: https://host. Only with environment custom."),
	},
	{
		.section = "cloud",
		.name = "ca file",
		.type = GB_KEY_PATH,
		FIELD(cloud.ca_file),
		.help = N_("PEM file of the authorities that are trusted instead of the system's."),
	},
	{
		.section = "cloud",
		.name = "proxy",
		.type = GB_KEY_PROXY,
		FIELD(cloud.proxy),
		.help = N_("Proxy on the way to the cloud: http://host:port."),
	},
	{
		.section = "directory",
		.name = "servers",
		.type = GB_KEY_SERVERS,
		FIELD(directory.servers),
		.help = N_("Domain controllers in order of preference, by full name: host or "
			   "host:port."),
	},
	{
		.section = "directory",
		.name = "discover",
		.type = GB_KEY_DNS_NAME,
		FIELD(directory.discover),
		.help = N_("Instead of servers: DNS name of the domain. Each run finds its domain "
			   "controllers by DNS."),
	},
	{
		.section = "directory",
		.name = "site",
		.type = GB_KEY_DNS_NAME,
		FIELD(directory.site),
		.help = N_("With discover: site of Active Directory whose domain controllers are "
			   "used."),
	},
	{
		.section = "directory",
		.name = "transport",
		.type = GB_KEY_CHOICE,
		FIELD(directory.transport),
		.fallback = "ldaps",
		.choices = transports,
		.help = N_("How the connection is protected."),
	},
	{
		.section = "directory",
		.name = "bind",
		.type = GB_KEY_CHOICE,
		FIELD(directory.bind),
		.fallback = "simple",
		.choices = binds,
		.help = N_("How the account proves who it is."),
	},
	{
		.section = "directory",
		.name = "account",
		.type = GB_KEY_ACCOUNT,
		FIELD(directory.account),
		.help = N_("The account: its DN, name@domain or DOMAIN\\name; with gssapi its "
			   "principal."),
	},
	{
		.section = "directory",
		.name = "ca file",
		.type = GB_KEY_PATH,
		FIELD(directory.ca_file),
		.help = N_("PEM file of the authorities that issue the domain controllers' "
			   "certificates."),
	},
	{
		.section = "features",
		.name = "group writeback",
		.type = GB_KEY_BOOL,
		FIELD(features.group_writeback),
		.fallback = "no",
		.help = N_("Write the tenant's groups to the directory."),
	},
	{
		.section = "writeback",
		.name = "container",
		.type = GB_KEY_DN,
		FIELD(writeback.container),
		.help = N_("DN of the organizational unit that the groups are written to."),
	},
	{
		.section = "writeback",
		.name = "kinds",
		.type = GB_KEY_FLAGS,
		FIELD(writeback.kinds),
		.fallback = "security microsoft365",
		.choices = kinds,
		.help = N_("Which kinds of groups take part."),
	},
	{
		.section = "writeback",
		.name = "scope",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.scope),
		.fallback = "enabled-only",
		.choices = scopes,
		.help = N_("Which groups of these kinds are written."),
	},
	{
		.section = "writeback",
		.name = "selected file",
		.type = GB_KEY_PATH,
		FIELD(writeback.selected_file),
		.help = N_(
			"With scope selected: file with one group a line, by id, by display name, "
			"or as members of a group."),
	},
	{
		.section = "writeback",
		.name = "filter file",
		.type = GB_KEY_PATH,
		FIELD(writeback.filter_file),
		.help = N_("With scope filter: file with clauses on the properties of a group."),
	},
	{
		.section = "writeback",
		.name = "nested",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.nested),
		.fallback = "keep",
		.choices = nestings,
		.help = N_("What becomes of groups that are members of a group."),
	},
	{
		.section = "writeback",
		.name = "group scope",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.group_scope),
		.fallback = "universal",
		.choices = group_scopes,
		.help = N_("Scope of the groups in the directory."),
	},
	{
		.section = "writeback",
		.name = "name",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.name),
		.fallback = "object-id",
		.choices = names,
		.help = N_("What a group is called in the directory."),
	},
	{
		.section = "writeback",
		.name = "account name",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.account_name),
		.fallback = "stable",
		.choices = account_names,
		.help = N_("What sAMAccountName does when the display name changes."),
	},
	{
		.section = "writeback",
		.name = "mail attributes",
		.type = GB_KEY_BOOL,
		FIELD(writeback.mail_attributes),
		.fallback = "no",
		.help = N_("Also write mail, proxyAddresses and, where the schema has it, "
			   "mailNickname."),
	},
	{
		.section = "writeback",
		.name = "mapping file",
		.type = GB_KEY_PATH,
		FIELD(writeback.mapping_file),
		.help = N_("File with attributes and the expressions that make their values."),
	},
	{
		.section = "writeback",
		.name = "keep names",
		.type = GB_KEY_BOOL,
		FIELD(writeback.keep_names),
		.fallback = "no",
		.help = N_("Never rename a group that exists in the directory, such as one that "
			   "another tool wrote."),
	},
	{
		.section = "writeback",
		.name = "member limit",
		.type = GB_KEY_NUMBER,
		FIELD(writeback.member_limit),
		.fallback = "entra",
		.min = 1,
		.max = 10000000,
		.zero_word = "entra",
		.unit = N_("members"),
		.help = N_("Larger groups are not written. entra: 50,000 for Microsoft 365 groups, "
			   "250,000 "
			   "for security groups."),
	},
	{
		.section = "writeback",
		.name = "drift",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.drift),
		.fallback = "repair",
		.choices = drifts,
		.help = N_("What becomes of changes that others make to written groups in the "
			   "directory."),
	},
	{
		.section = "writeback",
		.name = "when not enabled",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.when_not_enabled),
		.fallback = "keep",
		.choices = when,
		.help = N_("What becomes of a written group when writeback is switched off for it "
			   "in Entra."),
	},
	{
		.section = "writeback",
		.name = "when filtered out",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.when_filtered_out),
		.fallback = "keep",
		.choices = when,
		.help = N_("What becomes of a written group that this configuration leaves out "
			   "now."),
	},
	{
		.section = "writeback",
		.name = "when soft deleted",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.when_soft_deleted),
		.fallback = "disable",
		.choices = when,
		.help = N_("What becomes of a written group that was deleted in Entra and can be "
			   "restored there."),
	},
	{
		.section = "writeback",
		.name = "when hard deleted",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.when_hard_deleted),
		.fallback = "disable-then-delete",
		.choices = when,
		.help = N_("What becomes of a written group that is gone from Entra."),
	},
	{
		.section = "writeback",
		.name = "delete after",
		.type = GB_KEY_DURATION,
		FIELD(writeback.delete_after_s),
		.fallback = "30d",
		.min = 0,
		.max = TEN_YEARS_S,
		.help = N_("How long disable-then-delete waits before it deletes."),
	},
	{
		.section = "writeback",
		.name = "when switched off",
		.type = GB_KEY_CHOICE,
		FIELD(writeback.when_switched_off),
		.fallback = "keep",
		.choices = when_off,
		.help = N_("What becomes of the groups written so far when group writeback is "
			   "switched off."),
	},
	{
		.section = "writeback",
		.name = "hidden membership",
		.type = GB_KEY_BOOL,
		FIELD(writeback.hidden_membership),
		.fallback = "no",
		.help = N_("Also write groups whose membership is hidden; in the directory "
			   "everybody could "
			   "see it."),
	},
	{
		.section = "writeback",
		.name = "role-assignable groups",
		.type = GB_KEY_BOOL,
		FIELD(writeback.role_assignable_groups),
		.fallback = "no",
		.help = N_("Also write groups that can be given Entra roles."),
	},
	{
		.section = "schedule",
		.name = "enabled",
		.type = GB_KEY_BOOL,
		FIELD(schedule.enabled),
		.fallback = "yes",
		.help = N_("Run cycles by schedule; no: only by hand."),
	},
	{
		.section = "schedule",
		.name = "interval",
		.type = GB_KEY_DURATION,
		FIELD(schedule.interval_s),
		.fallback = "30m",
		.min = 60,
		.max = INT64_C(7) * 86400,
		.help = N_("Time from the beginning of one cycle to that of the next."),
	},
	{
		.section = "safety",
		.name = "staging",
		.type = GB_KEY_BOOL,
		FIELD(safety.staging),
		.fallback = "no",
		.help = N_("Staging mode: read and plan, write nothing."),
	},
	{
		.section = "safety",
		.name = "max group deletions",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_group_deletions),
		.fallback = "5 5%",
		.help = N_("Groups that one run may delete: a number, a share of the groups "
			   "written, or both."),
	},
	{
		.section = "safety",
		.name = "max group disables",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_group_disables),
		.fallback = "5 5%",
		.help = N_("Groups that one run may take the access away from."),
	},
	{
		.section = "safety",
		.name = "max group creations",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_group_creations),
		.fallback = "50 20%",
		.help = N_("Groups that one run may create."),
	},
	{
		.section = "safety",
		.name = "max group renames",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_group_renames),
		.fallback = "50 20%",
		.help = N_("Groups that one run may rename or move."),
	},
	{
		.section = "safety",
		.name = "max type changes",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_type_changes),
		.fallback = "10 5%",
		.help = N_("Groups of which one run may change the type."),
	},
	{
		.section = "safety",
		.name = "max member removals",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_member_removals),
		.fallback = "50 10%",
		.help = N_("Members that one run may remove: a number, a share of all memberships, "
			   "or both."),
	},
	{
		.section = "safety",
		.name = "max member removals per group",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_removals_per_group),
		.fallback = "10 30%",
		.help = N_("Members that one run may remove from one group; beyond it the group "
			   "waits for approval."),
	},
	{
		.section = "safety",
		.name = "small group",
		.type = GB_KEY_NUMBER,
		FIELD(safety.small_group_members),
		.fallback = "20",
		.min = 1,
		.max = 10000000,
		.unit = N_("members"),
		.help = N_("Groups with fewer members have no limit of their own on removals."),
	},
	{
		.section = "safety",
		.name = "max failed groups",
		.type = GB_KEY_LIMIT,
		FIELD(safety.max_failed_groups),
		.fallback = "20 40%",
		.help = N_("Groups that may fail before the run stops: a number, a share of those "
			   "it writes to, or both."),
	},
	{
		.section = "safety",
		.name = "standby",
		.type = GB_KEY_BOOL,
		FIELD(safety.standby),
		.fallback = "no",
		.help = N_("While another engine writes to the container: wait, and take over when "
			   "it is gone. no: refuse to run."),
	},
	{
		.section = "safety",
		.name = "lease time",
		.type = GB_KEY_DURATION,
		FIELD(safety.lease_time_s),
		.fallback = "2h",
		.min = 10,
		.max = INT64_C(7) * 86400,
		.help = N_("How long an engine that is not heard of keeps others away; at least "
			   "three intervals of the schedule are taken."),
	},
	{
		.section = "safety",
		.name = "accept privileged account",
		.type = GB_KEY_BOOL,
		FIELD(safety.accept_privileged_account),
		.fallback = "no",
		.help = N_(
			"Do not refuse an account that is an administrator. Dangerous; for tests."),
	},
	{
		.section = "paths",
		.name = "state directory",
		.type = GB_KEY_PATH,
		FIELD(paths.state_directory),
		.fallback = "/var/lib/groupback",
		.help = N_("Folder of the state, the lock and the reports."),
	},
	{
		.section = "paths",
		.name = "credentials directory",
		.type = GB_KEY_PATH,
		FIELD(paths.credentials_directory),
		.fallback = "/etc/groupback/credentials",
		.help = N_("Folder of the secrets, where systemd does not hand them over."),
	},
	{
		.section = "paths",
		.name = "metrics file",
		.type = GB_KEY_PATH,
		FIELD(paths.metrics_file),
		.help = N_("File for the textfile collector of Prometheus, written at the end of "
			   "each run; its name ends in .prom."),
	},
};

const struct gb_key *gb_keys(size_t *ret_count)
{
	*ret_count = GB_ARRAY_SIZE(keys);
	return keys;
}

const struct gb_key *gb_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(keys); i++) {
		if (gb_text_equal_nocase(keys[i].section, section) &&
		    gb_text_equal_nocase(keys[i].name, name)) {
			return &keys[i];
		}
	}
	return NULL;
}

bool gb_key_is_section(const char *section)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(keys); i++) {
		if (gb_text_equal_nocase(keys[i].section, section)) {
			return true;
		}
	}
	return false;
}
