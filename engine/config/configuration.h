/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration: groupback.conf as typed values.
 *
 * One table (keys.h) drives everything: defaults, reading, ranges, messages, writing, help. This
 * header holds what the table fills in. A struct gb_config is made by gb_config_new() (defaults) or
 * gb_config_load() (a file), changed by gb_config_set() alone, and freed with talloc_free(). Texts
 * are its talloc children. There is no secret in it: see credentials.h.
 *
 * To add a key: one row in keys.c and one field here.
 */
#ifndef GB_CONFIG_CONFIGURATION_H
#define GB_CONFIG_CONFIGURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/limit.h"

/** [cloud] environment: which of Microsoft's clouds (clouds.h knows their hosts). */
enum gb_config_environment {
	GB_CONFIG_ENVIRONMENT_GLOBAL = 0,
	GB_CONFIG_ENVIRONMENT_USGOV,     /**< GCC High, L4 */
	GB_CONFIG_ENVIRONMENT_USGOV_DOD, /**< L5 */
	GB_CONFIG_ENVIRONMENT_CHINA,     /**< operated by 21Vianet */
	GB_CONFIG_ENVIRONMENT_BLEU,      /**< France */
	GB_CONFIG_ENVIRONMENT_DELOS,     /**< Germany */
	GB_CONFIG_ENVIRONMENT_GOVSG,     /**< Singapore */
	GB_CONFIG_ENVIRONMENT_CUSTOM     /**< authority and graph say where: a test, a new cloud */
};

/** [cloud] credential: how the application proves who it is. */
enum gb_config_credential {
	GB_CONFIG_CREDENTIAL_CERTIFICATE = 0, /**< certificate file, and the secret cloud-key */
	GB_CONFIG_CREDENTIAL_SECRET,          /**< the secret cloud-secret */
	GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY /**< none: the machine's own service */
};

/** [cloud] identity service: who speaks for the machine's managed identity. */
enum gb_config_identity_service {
	GB_CONFIG_IDENTITY_SERVICE_AUTO = 0, /**< Arc where its agent is installed, else Azure */
	GB_CONFIG_IDENTITY_SERVICE_AZURE,    /**< metadata service of a virtual machine in Azure */
	GB_CONFIG_IDENTITY_SERVICE_ARC       /**< agent of Azure Arc */
};

/** [cloud] assertion: signature of the certificate's assertion. */
enum gb_config_assertion {
	GB_CONFIG_ASSERTION_PS256 = 0,
	GB_CONFIG_ASSERTION_RS256 /**< older; for keys that cannot do PSS */
};

/** [directory] transport: how the wire is protected. */
enum gb_config_transport {
	GB_CONFIG_TRANSPORT_LDAPS = 0,
	GB_CONFIG_TRANSPORT_STARTTLS,
	GB_CONFIG_TRANSPORT_GSSAPI_SEAL /**< no TLS: Kerberos signs and seals */
};

/** [directory] bind: how the account proves who it is. */
enum gb_config_bind {
	GB_CONFIG_BIND_SIMPLE = 0, /**< the secret directory-password */
	GB_CONFIG_BIND_GSSAPI      /**< the keytab directory-keytab */
};

/** [writeback] kinds: bits. */
enum gb_config_kind {
	GB_CONFIG_KIND_SECURITY = 1 << 0,
	GB_CONFIG_KIND_MICROSOFT365 = 1 << 1
};

/** [writeback] scope: which groups take part. */
enum gb_config_scope {
	GB_CONFIG_SCOPE_ENABLED_ONLY = 0, /**< writebackConfiguration.isEnabled is true */
	GB_CONFIG_SCOPE_TENANT,           /**< Entra's rule: Microsoft 365 unless it is false */
	GB_CONFIG_SCOPE_KINDS,            /**< every group of these kinds */
	GB_CONFIG_SCOPE_SELECTED,         /**< those that selected file names */
	GB_CONFIG_SCOPE_FILTER            /**< those that filter file matches */
};

/** [writeback] nested: what becomes of groups that are members. */
enum gb_config_nested {
	GB_CONFIG_NESTED_KEEP = 0, /**< written as members */
	GB_CONFIG_NESTED_FLATTEN,  /**< their members in their place */
	GB_CONFIG_NESTED_BOTH      /**< both */
};

/** [writeback] group scope: scope of the groups in the directory. */
enum gb_config_group_scope {
	GB_CONFIG_GROUP_SCOPE_UNIVERSAL = 0,
	GB_CONFIG_GROUP_SCOPE_GLOBAL,
	GB_CONFIG_GROUP_SCOPE_DOMAIN_LOCAL
};

/** [writeback] account name: what sAMAccountName does after creation. */
enum gb_config_account_name {
	GB_CONFIG_ACCOUNT_NAME_STABLE = 0, /**< stays */
	GB_CONFIG_ACCOUNT_NAME_FOLLOW      /**< follows the display name */
};

/** [writeback] name: what the group's CN is made of. */
enum gb_config_name {
	GB_CONFIG_NAME_OBJECT_ID = 0, /**< Group_<objectId> */
	GB_CONFIG_NAME_DISPLAY_NAME   /**< <display name>_<last 12 of the objectId> */
};

/** [writeback] drift: what becomes of changes that others make to written groups. */
enum gb_config_drift {
	GB_CONFIG_DRIFT_REPAIR = 0, /**< they are put back, and reported */
	GB_CONFIG_DRIFT_REPORT      /**< they are reported, and the group is left as it is */
};

/** [writeback] when …: what becomes of a written group that is to be written no more. */
enum gb_config_when {
	GB_CONFIG_WHEN_KEEP = 0,           /**< it stays as it is */
	GB_CONFIG_WHEN_DISABLE,            /**< it keeps its SID and gives no access */
	GB_CONFIG_WHEN_DELETE,             /**< it is deleted */
	GB_CONFIG_WHEN_DISABLE_THEN_DELETE /**< disabled at once, deleted after delete_after_s */
};

/** Value of member_limit that stands for Entra's own limits. */
#define GB_CONFIG_MEMBER_LIMIT_ENTRA 0

/** A list of words. */
struct gb_config_list {
	char **items; /**< count strings; never NULL when count is not 0 */
	size_t count; /**< how many; 0 if not set */
};

/** [cloud]: the tenant and how to enter it. */
struct gb_config_cloud {
	enum gb_config_environment environment; /**< which cloud */
	char *tenant;                           /**< GUID or verified domain; NULL if not set */
	/** GUID in lower case; NULL if not set: with a managed identity, the machine's own. */
	char *client_id;
	enum gb_config_credential credential;   /**< which secret is used */
	char *certificate_file;                 /**< PEM */
	enum gb_config_assertion assertion;     /**< with a certificate only */
	enum gb_config_identity_service identity_service; /**< with a managed identity only */
	char *identity_url;        /**< "http://host:port"; NULL unless environment is custom */
	char *identity_key_folder; /**< of Azure Arc's agent */
	char *authority; /**< "https://host[:port]"; NULL unless environment is custom */
	char *graph;     /**< "https://host[:port]"; NULL unless environment is custom */
	char *ca_file;   /**< PEM bundle; NULL: the system's */
	char *proxy;     /**< "http[s]://host:port"; NULL: none */
};

/** [directory]: the domain controllers and how to enter them. */
struct gb_config_directory {
	struct gb_config_list servers; /**< "host", "host:port", "[v6]:port"; up to 16; or none */
	char *discover; /**< DNS name of the domain whose controllers are found; NULL: servers */
	char *site;     /**< with discover: whose controllers come first; NULL: any */
	enum gb_config_transport transport; /**< never in the clear */
	enum gb_config_bind bind;           /**< which secret is used */
	char *account; /**< simple: DN, UPN or DOMAIN\user; gssapi: principal. NULL if not set */
	char *ca_file; /**< PEM; NULL: the system's */
};

/** [features]: what is switched on. */
struct gb_config_features {
	bool group_writeback; /**< false: nothing is written */
};

/** [writeback]: which groups, where, under which name. */
struct gb_config_writeback {
	char *container;              /**< DN (dn_text.h says how it is spelt); NULL if not set */
	unsigned kinds;               /**< enum gb_config_kind; never 0 */
	enum gb_config_scope scope;   /**< which groups of these kinds */
	char *selected_file;          /**< for scope selected; NULL if not set */
	char *filter_file;            /**< for scope filter; NULL if not set */
	enum gb_config_nested nested; /**< what becomes of nested groups */
	enum gb_config_group_scope group_scope;   /**< scope of the groups in the directory */
	enum gb_config_name name;                 /**< what becomes the CN */
	enum gb_config_account_name account_name; /**< what sAMAccountName does after creation */
	bool mail_attributes;       /**< write mail, mailNickname and proxyAddresses, too */
	char *mapping_file;         /**< attribute mapping; NULL: the built-in one */
	bool keep_names;                          /**< never rename a group that exists */
	int64_t member_limit;       /**< GB_CONFIG_MEMBER_LIMIT_ENTRA, or members of one group */
	enum gb_config_drift drift; /**< changes that others make */
	enum gb_config_when when_not_enabled;  /**< writeback was switched off for it */
	enum gb_config_when when_filtered_out; /**< the configuration leaves it out now */
	enum gb_config_when when_soft_deleted; /**< deleted, can be restored for 30 days */
	enum gb_config_when when_hard_deleted; /**< gone from the cloud */
	int64_t delete_after_s;                /**< age at which disable-then-delete deletes */
	enum gb_config_when when_switched_off; /**< group writeback itself is off: keep, disable or
						   delete what was written */
	bool hidden_membership;                /**< write groups with hidden membership, too */
	bool role_assignable_groups;           /**< write role-assignable groups, too */
};

/** [schedule]: when cycles run. */
struct gb_config_schedule {
	bool enabled;       /**< false: only by hand */
	int64_t interval_s; /**< from the beginning of one cycle to that of the next */
};

/** [safety]: brakes. Shares are of the groups, or of the memberships, that are written. */
struct gb_config_safety {
	bool staging;                           /**< read and plan, write nothing */
	struct gb_limit max_group_deletions;    /**< in one run */
	struct gb_limit max_group_disables;     /**< in one run: groups that lose their access */
	struct gb_limit max_group_creations;    /**< in one run */
	struct gb_limit max_group_renames;      /**< in one run, moves included */
	struct gb_limit max_type_changes;       /**< in one run */
	struct gb_limit max_member_removals;    /**< in one run */
	struct gb_limit max_removals_per_group; /**< of the members of one group, in one run */
	int64_t small_group_members;            /**< smaller groups have no limit of their own */
	struct gb_limit max_failed_groups;      /**< of the groups that a run writes to */
	bool standby;         /**< wait while another engine writes, and take over when it is gone */
	int64_t lease_time_s; /**< how long one engine keeps others away without renewing */
	bool accept_privileged_account;         /**< do not refuse administrators' accounts */
};

/** [paths]: folders on this machine. */
struct gb_config_paths {
	char *state_directory;       /**< absolute, no slash at the end; never NULL */
	char *credentials_directory; /**< likewise; secrets that systemd does not hand over */
	char *metrics_file;          /**< for Prometheus; NULL: none is written */
};

/** The whole configuration; a talloc object. */
struct gb_config {
	struct gb_config_cloud cloud;         /**< the tenant and how to enter it */
	struct gb_config_directory directory; /**< the domain controllers and how to enter them */
	struct gb_config_features features;   /**< what is switched on */
	struct gb_config_writeback writeback; /**< which groups, where, under which name */
	struct gb_config_schedule schedule;   /**< when cycles run */
	struct gb_config_safety safety;       /**< brakes */
	struct gb_config_paths paths;         /**< folders on this machine */
	struct gb_held *held; /**< secrets and certificates in memory (held.h); NULL: none */
};

/** A configuration in which every key has its default; below @ctx. It is not valid by itself. */
struct gb_config *gb_config_new(const void *ctx);

/** True if group writeback is off, and what was written so far is to be disabled or deleted. */
bool gb_config_undoes_writeback(const struct gb_config *config);

#endif
