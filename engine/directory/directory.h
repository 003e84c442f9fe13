/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * engine/directory: everything that talks LDAP. This header is the room's door, and permissions.h the
 * one for access lists; apply/, sync/ and probe/ use them, options.h, reference.h, dn.h, and the values
 * descriptor.h, sddl.h, grant.h and rights.h; nothing else of the room.
 *
 * Life cycle. gb_directory_open() blocks (bounded by connect_timeout_ms a server): it connects to
 * one domain controller, proves who both sides are, reads the rootDSE and recognises the dialect.
 * From then on nothing blocks: every function that talks returns at once and calls back from the
 * tevent loop. talloc_free() of the gb_directory unbinds; requests under way are then dropped
 * *without* calling back.
 *
 * Two connections to one server: a reader and a writer, so that a long search never delays a write.
 * All reads of a run come from the server that takes the writes (replication would show old values
 * elsewhere).
 *
 * Callbacks. `on_x(user, const struct gb_x *)` is called once for each thing found; what it gets is
 * borrowed for the call; anything but GB_OK stops the read and becomes its result. `done` is called
 * exactly once for each request, never from inside the function that began it, and err is NULL when
 * rc is GB_OK. Callbacks may begin new requests; they must not free the gb_directory.
 *
 * A lost connection. Every request on it ends with GB_E_UNAVAILABLE (a write: outcome_known false),
 * and so does every later one until the caller calls gb_directory_reconnect(), which goes to the
 * same server if it answers, else to the next. gb_directory_generation() tells that it happened.
 * A write whose outcome is unknown may or may not have been done: read the object before
 * repeating it.
 *
 * Incomplete is an error. A read ends with GB_OK only if the server said that everything was
 * delivered; sizeLimit, timeLimit and adminLimit answers, gaps between ranges and refused paging
 * cookies end it with an error. Referrals are never followed (RFC 4511 4.1.10); continuation
 * references are counted.
 */
#ifndef GB_DIRECTORY_DIRECTORY_H
#define GB_DIRECTORY_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tevent.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/directory_object.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/base/sid.h"
#include "engine/directory/options.h"
#include "engine/directory/reference.h"

/** A directory that is open. Opaque; talloc_free() it. */
struct gb_directory;

/** Size of a cursor's text with its NUL. */
#define GB_DIRECTORY_CURSOR_BYTES 128

/** Which kind of server it is (from its rootDSE). */
enum gb_dialect_kind {
	GB_DIALECT_AD = 1, /**< Active Directory, Samba: objectGUID, uSNChanged, <GUID=…> values */
	GB_DIALECT_LDAP = 2 /**< OpenLDAP: entryUUID, entryCSN, DN values */
};

/** What the rootDSE and the schema say. Borrowed from the gb_directory; renewed by reconnecting. */
struct gb_directory_facts {
	enum gb_dialect_kind dialect;
	const char *server;           /**< the element of options.servers in use */
	const char *dns_host_name;    /**< dnsHostName, or NULL */
	const char *domain_dn;        /**< defaultNamingContext; ldap: first namingContexts */
	const char *root_domain_dn;   /**< rootDomainNamingContext, or NULL */
	const char *configuration_dn; /**< configurationNamingContext, or NULL */
	const char *schema_dn;        /**< schemaNamingContext, or NULL */
	struct gb_guid domain_guid;   /**< GUID of the entry domain_dn: which directory this is */
	struct gb_sid domain_sid;     /**< objectSid of domain_dn, or none */
	/**
	 * The server's database (MS-ADTS 3.1.1.1.9): USNs mean something only together with it.
	 * None in dialect ldap, or if the account may not read it: then every read is a full one.
	 */
	struct gb_guid invocation_id;
	bool has_clock;         /**< the server tells its time */
	int64_t clock_ahead_ms; /**< how far it was ahead of ours when connected */
	int64_t highest_usn;    /**< highestCommittedUSN when connected; ldap: 0 */
	bool is_global_catalog; /**< isGlobalCatalogReady */
	bool has_external_id;   /**< the schema has msDS-ExternalDirectoryObjectId */
	bool has_mail_nickname; /**< the schema has mailNickname (Exchange) */
	bool has_recycle_bin;   /**< the Recycle Bin is enabled (as far as the account may see) */
};

/** What was done since gb_directory_open(), for the report and the tests. */
struct gb_directory_stats {
	uint64_t searches;         /**< search requests sent (each page and range counts) */
	uint64_t entries;          /**< entries received */
	uint64_t references;       /**< continuation references, ignored */
	uint64_t adds;             /**< add requests sent */
	uint64_t modifies;         /**< modify requests sent */
	uint64_t values;           /**< member values in adds and modifies */
	uint64_t renames;          /**< modifyDN requests sent (renames and moves) */
	uint64_t deletes;          /**< delete requests sent */
	uint64_t failures;         /**< requests that ended with an error */
	uint64_t unknown_outcomes; /**< writes that ended without an answer */
	uint64_t connects;         /**< connections opened (2 at open) */
	uint64_t retries;          /**< searches begun anew by the room itself (paging cookies) */
};

/** How a write ended. Borrowed for the call. */
struct gb_directory_outcome {
	enum gb_rc rc;            /**< GB_OK, or err->rc */
	const struct gb_err *err; /**< NULL when rc is GB_OK; err->native is the LDAP result */
	bool outcome_known;       /**< false: sent, never answered; it may have been done */
	/** Busy or gone (51, 52, 3, 11, 80, no answer): it may succeed later, after a re-read. */
	bool is_transient;
	/**
	 * The entry as it stands after the write, read in the same step, where the server can do that
	 * (RFC 4527; domain controllers cannot) and the write was an add or a modify; else NULL.
	 */
	const struct gb_directory_object *object;
};

/** Ends a read. @err is NULL when @rc is GB_OK; both borrowed for the call. */
typedef void (*gb_directory_done)(void *user, enum gb_rc rc, const struct gb_err *err);
/** Ends a write. */
typedef void (*gb_directory_write_done)(void *user, const struct gb_directory_outcome *outcome);
/** One entry of a read. */
typedef enum gb_rc (*gb_directory_on_object)(void *user, const struct gb_directory_object *object);
/** One member of a group. */
typedef enum gb_rc (*gb_directory_on_member)(void *user,
					     const struct gb_directory_reference *member);

/*
 * Opening and the handle.
 */

/**
 * Connect, authenticate, read the rootDSE. Blocks, at most connect_timeout_ms for each server.
 *
 * Servers are tried in order (options.last_server first); a server that cannot be reached, is
 * read-only (RODC) or has the wrong TLS identity is passed over, and the error of the first one is
 * reported if none is left. A refused credential ends it at once: more tries would lock the
 * account.
 *
 * @param ctx      talloc parent of the result.
 * @param ev       the loop that carries everything; must outlive the result.
 * Errors: GB_E_CONFIG (empty password, no such CA file, impossible combination, LDAP 8),
 *         GB_E_UNAVAILABLE (nobody answers), GB_E_PROTOCOL (TLS identity, TLS too old, no LDAP),
 *         GB_E_ACCESS (credential refused: LDAP 49, 53, Kerberos).
 */
GB_MUST_CHECK enum gb_rc gb_directory_open(const void *ctx, struct tevent_context *ev,
					   const struct gb_directory_options *options,
					   struct gb_directory **ret_directory, struct gb_err *err);

/**
 * Bring lost connections back: to the same server, and if it does not answer to the next one.
 * Blocks as gb_directory_open() does; with nothing lost it does nothing. Otherwise both
 * connections are made anew, and requests under way on one that still worked end like those on the
 * lost one. May be called from callbacks. Bring your own pause between tries
 * (gb_backoff_delay_ms).
 *
 * Another server means: facts may differ (invocation_id, highest_usn), what was written a moment
 * ago may not have arrived there; re-read before writing.
 *
 * Errors: as gb_directory_open().
 */
GB_MUST_CHECK enum gb_rc gb_directory_reconnect(struct gb_directory *directory, struct gb_err *err);

/** True while both connections are usable. */
bool gb_directory_is_connected(const struct gb_directory *directory);

/** Starts at 1 and grows with each gb_directory_reconnect() that did something. */
unsigned gb_directory_generation(const struct gb_directory *directory);

/**
 * Why a server was passed over when the directory was opened or reconnected last (the last one, if
 * there were several); NULL if the first one was taken. Borrowed. For a warning in the report: a
 * server that nobody can use should not stay unnoticed.
 */
const struct gb_err *gb_directory_passed_over(const struct gb_directory *directory);

/** Facts about the server in use; borrowed until the next gb_directory_reconnect(). */
const struct gb_directory_facts *gb_directory_facts(const struct gb_directory *directory);

/** Counters; borrowed. */
const struct gb_directory_stats *gb_directory_stats(const struct gb_directory *directory);

/** Requests that have not ended. */
size_t gb_directory_pending(const struct gb_directory *directory);

/**
 * End every request under way with GB_E_CANCELLED (abandoned at the server, RFC 4511 4.11; writes:
 * outcome unknown). `done` is still called once for each, from the loop.
 */
void gb_directory_cancel(struct gb_directory *directory);

/** Most former containers. */
#define GB_DIRECTORY_MAX_FORMER 8

/**
 * Objects below @dn, a container of an earlier configuration, count as in_container, too: what was
 * written there is ours until it has been moved. More than GB_DIRECTORY_MAX_FORMER, and what is no
 * DN, are ignored.
 */
void gb_directory_add_former(struct gb_directory *directory, const char *dn);

/** Objects below @dn count as in_container from now on. GB_E_CONFIG if @dn is no DN. */
GB_MUST_CHECK enum gb_rc gb_directory_set_container(struct gb_directory *directory, const char *dn,
						    struct gb_err *err);

/**
 * Ask @may_write at the moment at which a write is handed to the connection; where it says false the
 * write is not sent and ends with GB_E_CANCELLED. gb_directory_swap() does not ask. NULL: no gate.
 */
void gb_directory_set_gate(struct gb_directory *directory, bool (*may_write)(void *user),
			   void *user);

/*
 * Reading.
 */

/** Which classes gb_directory_read_objects() delivers. */
enum gb_directory_classes {
	GB_READ_USERS = 1 << 0, /**< people and service accounts */
	GB_READ_COMPUTERS = 1 << 1,
	GB_READ_GROUPS = 1 << 2,
	GB_READ_CONTACTS = 1 << 3,
	GB_READ_ALL = (1 << 4) - 1
};

/** What gb_directory_read_objects() reads. */
struct gb_directory_read {
	unsigned classes; /**< enum gb_directory_classes; 0 means GB_READ_ALL */
	const char
		*since; /**< cursor of an earlier read: only what changed since; NULL: everything */
	const char *base; /**< subtree; NULL: the whole domain */
};

/**
 * Every matching entry, in no order, each at least once (an entry that changes while it is read,
 * or a page that the server refused, may bring one again). Deletions and moves out of @base are
 * not reported, because no ordinary account sees them. Changes of the link attribute `member`
 * count as changes of the group.
 *
 * Errors: GB_E_STALE_CURSOR (the cursor is another server's, or the server was set back: read
 *         everything), and those of every read: GB_E_UNAVAILABLE, GB_E_ACCESS, GB_E_PROTOCOL,
 *         GB_E_CONFIG (referral).
 */
void gb_directory_read_objects(struct gb_directory *directory, const struct gb_directory_read *read,
			       gb_directory_on_object on_object, gb_directory_done done,
			       void *user);

/**
 * The cursor to keep after a gb_directory_read_objects() that ended with GB_OK: taken from the
 * server before that read began, so the next one overlaps and misses nothing. Opaque text below
 * GB_DIRECTORY_CURSOR_BYTES; "" before the first complete read, or if the server has none (then
 * every read is a full one).
 */
const char *gb_directory_cursor(const struct gb_directory *directory);

/**
 * All members of one group, ranged where the server cuts (MS-ADTS 3.1.1.3.1.3.3), each with GUID
 * and SID where the server knows them, in no order.
 *
 * @param group  by guid if set, else by dn; dialect ldap: by dn.
 * Errors: GB_E_NOT_FOUND; GB_E_TRY_AGAIN (the group changed between two ranges: forget what came
 *         and read it again); GB_E_PROTOCOL (ranges with a gap or an overlap); as every read.
 */
void gb_directory_read_members(struct gb_directory *directory,
			       const struct gb_directory_reference *group,
			       gb_directory_on_member on_member, gb_directory_done done,
			       void *user);

/**
 * One object, by guid if set, else by dn; dialect ldap: by dn if set, else by guid. @on_object is
 * called once before `done`. In dialect ldap compare its guid: another object may have that dn now.
 *
 * Errors: GB_E_NOT_FOUND; as every read.
 */
void gb_directory_read_group(struct gb_directory *directory,
			     const struct gb_directory_reference *object,
			     gb_directory_on_object on_object, gb_directory_done done, void *user);

/** Where gb_directory_find_anchor() and gb_directory_find_sid() look. */
enum gb_directory_reach {
	/** The whole domain; both anchor attributes. */
	GB_REACH_DOMAIN = 0,
	/**
	 * The whole forest: the global catalog of the same server, over a connection of its own that is
	 * opened the first time (blocks). Anchors in msDS-ExternalDirectoryObjectId alone, because
	 * adminDescription is not in it. GB_E_UNAVAILABLE if the server is no global catalog. Dialect
	 * ldap: same as the domain.
	 */
	GB_REACH_FOREST = 1
};

/**
 * Objects that carry an anchor in msDS-ExternalDirectoryObjectId or adminDescription.
 *
 * @param anchor  "Group_<objectId>"; NULL: every anchor (Group_*). None found is GB_OK.
 * Errors: as every read.
 */
void gb_directory_find_anchor(struct gb_directory *directory, const char *anchor,
			      enum gb_directory_reach reach, gb_directory_on_object on_object,
			      gb_directory_done done, void *user);

/** Objects of the domain whose sAMAccountName is @name. None is GB_OK. Errors: as every read. */
void gb_directory_find_name(struct gb_directory *directory, const char *name,
			    gb_directory_on_object on_object, gb_directory_done done, void *user);

/**
 * Objects that have the SMTP address @address in proxyAddresses or mail, in the domain or the forest.
 * None found is GB_OK. Errors: as every read.
 */
void gb_directory_find_address(struct gb_directory *directory, const char *address,
			       enum gb_directory_reach reach, gb_directory_on_object on_object,
			       gb_directory_done done, void *user);

/** One text of an object, or NULL: it has no such attribute. Borrowed for the call. */
typedef enum gb_rc (*gb_directory_on_text)(void *user, const char *text);

/**
 * The first value of @attribute of the object @dn, from the server that takes the writes.
 *
 * Errors: GB_E_NOT_FOUND (no such object, or hidden from this account); as every read.
 */
void gb_directory_read_text(struct gb_directory *directory, const char *dn, const char *attribute,
			    gb_directory_on_text on_text, gb_directory_done done, void *user);

/** Objects whose objectSid is @sid, in the domain or the forest. None found is GB_OK. */
void gb_directory_find_sid(struct gb_directory *directory, const struct gb_sid *sid,
			   enum gb_directory_reach reach, gb_directory_on_object on_object,
			   gb_directory_done done, void *user);

/**
 * Deleted groups of the domain that can perhaps be had back (gb_directory_restore()): by objectGUID,
 * or those that carry an anchor in msDS-ExternalDirectoryObjectId (a tombstone keeps no other).
 *
 * @param guid  or NULL: every anchor.
 * Errors: GB_E_NOT_FOUND (the account may not see deleted objects; dialect ldap); as every read.
 */
void gb_directory_find_deleted(struct gb_directory *directory, const struct gb_guid *guid,
			       gb_directory_on_object on_object, gb_directory_done done,
			       void *user);

/** Groups of the domain that have the object as a direct member. None is GB_OK. */
void gb_directory_find_holders(struct gb_directory *directory, const char *dn,
			       gb_directory_on_object on_object, gb_directory_done done,
			       void *user);

/**
 * The directory's policy for objects whose source of authority is the cloud (attribute msDS-ObjectSoa
 * with the value Cloud): where it is enforced, only accounts that it names may change them. Cloud
 * Sync, "Active Directory object enforcement": CN=Cloud,CN=SOA-Policies,CN=System.
 */
struct gb_directory_authority {
	bool exists;      /**< there is such a policy */
	bool is_enforced; /**< else it is only written to the directory's log */
	bool names_us;    /**< the account, or one of its groups, is named */
};

/** The policy; called once. */
typedef enum gb_rc (*gb_directory_on_authority)(void *user,
						const struct gb_directory_authority *authority);

/** Read that policy. A directory without one is GB_OK. Errors: as every read. */
void gb_directory_read_authority(struct gb_directory *directory,
				 gb_directory_on_authority on_authority, gb_directory_done done,
				 void *user);

/** A container that groups can be written to. */
struct gb_directory_container {
	struct gb_guid guid;    /**< objectGUID: finds it again after a rename */
	const char *dn;         /**< as the server spells it */
	const char *dn_key;     /**< gb_dn_key() of it */
	const char *name;       /**< value of its RDN */
	bool is_unit;           /**< organizationalUnit; else container, domain … */
	bool is_domain;         /**< the top of a domain */
	bool is_built_in;       /**< the system's own (isCriticalSystemObject, or shown to experts
				       only); dialect ldap: false */
	bool can_create_groups; /**< "group" is in allowedChildClassesEffective for this account
				       (MS-ADTS 3.1.1.4.5.5); dialect ldap: true */
	bool can_create_units;  /**< "organizationalUnit" is in it; dialect ldap: true */
};

/** One container. */
typedef enum gb_rc (*gb_directory_on_container)(void *user,
						const struct gb_directory_container *container);

/**
 * The container by guid if set, else by dn (dialect ldap: the other way round), with the account's
 * rights on it.
 *
 * Errors: GB_E_NOT_FOUND (not there, or hidden from this account: AD answers the same);
 *         GB_E_CONFIG (it is there and neither organizationalUnit, container nor domain).
 */
void gb_directory_find_container(struct gb_directory *directory,
				 const struct gb_directory_reference *container,
				 gb_directory_on_container on_container, gb_directory_done done,
				 void *user);

/** The containers directly below @parent_dn (NULL: below the domain). Errors: as every read. */
void gb_directory_list_containers(struct gb_directory *directory, const char *parent_dn,
				  gb_directory_on_container on_container, gb_directory_done done,
				  void *user);

/**
 * The containers of the domain whose name holds @text, at any depth, without regard to case. Errors:
 * as every read.
 */
void gb_directory_search_containers(struct gb_directory *directory, const char *text,
				    gb_directory_on_container on_container, gb_directory_done done,
				    void *user);

/** Which attributes the account may write on an object. Borrowed for the call. */
struct gb_directory_rights {
	const char *const *attributes; /**< allowedAttributesEffective (MS-ADTS 3.1.1.4.5.7) */
	size_t attribute_count;
};

/** Rights on one object. */
typedef enum gb_rc (*gb_directory_on_rights)(void *user, const struct gb_directory_rights *rights);

/** What the account may write on @object; dialect ldap: GB_E_NOT_FOUND, nobody can tell. */
void gb_directory_read_rights(struct gb_directory *directory,
			      const struct gb_directory_reference *object,
			      gb_directory_on_rights on_rights, gb_directory_done done, void *user);

/**
 * Refuse an account that is (nested) in Domain, Enterprise or Schema Admins or in
 * BUILTIN\Administrators, from tokenGroups (MS-ADTS 3.1.1.3.2). Dialect ldap: GB_OK.
 *
 * Errors: GB_E_ACCESS, id "directory-account-privileged", names the group; as every read.
 */
void gb_directory_check_account(struct gb_directory *directory, gb_directory_done done, void *user);

/*
 * Writing. Arguments are copied before the function returns. Several writes may be under way (8-16
 * are enough for any network); never two on one object, and a group must have been created before
 * another one names it (RFC 4511 4.2 lets a server run them in parallel).
 *
 * Errors of all writes (outcome->rc): GB_E_NOT_FOUND (32), GB_E_EXISTS (68, 20), GB_E_CONSTRAINT
 * (16, 17, 19, 21, 34, 53, 64, 65, 66, 67), GB_E_ACCESS (50), GB_E_CONFIG (10, 12),
 * GB_E_UNAVAILABLE (51, 52, 3, 11, 80, connection lost, no answer in time), GB_E_CANCELLED.
 */

/** A new entry. */
struct gb_directory_entry {
	const char *dn;           /**< full DN, escaped; its RDN attribute must not be in @values */
	const char *object_class; /**< NULL: "group" */
	/**
	 * Neighbours with the same attribute are one multi-valued attribute; NULL, "" are left
	 * out.
	 */
	const struct gb_change_value *values;
	size_t value_count;
	const struct gb_directory_reference
		*members;    /**< ad: by guid if set, else dn; ldap: by dn */
	size_t member_count; /**< 0 … GB_CHANGE_MAX_MEMBERS */
	/** ad: its password (unicodePwd, MS-ADTS 3.1.1.3.1.5); or NULL. Needs a protected wire. */
	const struct gb_secret *password;
};

/** Add one entry. 32: the parent or one of the members is missing, and nothing was created. */
void gb_directory_add(struct gb_directory *directory, const struct gb_directory_entry *entry,
		      gb_directory_write_done done, void *user);

/**
 * Replace attribute values, all or none of them. A NULL value removes the attribute; neighbours
 * with the same attribute form one multi-valued attribute; old_value is ignored.
 *
 * @param object  by guid if set (dialect ad), else by dn.
 */
void gb_directory_modify(struct gb_directory *directory,
			 const struct gb_directory_reference *object,
			 const struct gb_change_value *values, size_t value_count,
			 gb_directory_write_done done, void *user);

/**
 * Replace @value->old_value by @value->value in one step that fails if another one stands there
 * (16, 20): delete the old value and add the new one in one modify, without the permissive control.
 * NULL as old_value: only if there is none; NULL as value: remove it. For the lease.
 */
void gb_directory_swap(struct gb_directory *directory, const struct gb_directory_reference *object,
		       const struct gb_change_value *value, gb_directory_write_done done,
		       void *user);

/** A change of members. */
struct gb_directory_members {
	const struct gb_directory_reference *group; /**< by guid if set (dialect ad), else by dn */
	bool remove;                                /**< false: add them */
	const struct gb_directory_reference
		*members;    /**< ad: by guid if set, else dn; ldap: by dn */
	size_t member_count; /**< 1 … GB_CHANGE_MAX_MEMBERS */
};

/**
 * Add or delete values of member in one modify, with the permissive control
 * (1.2.840.113556.1.4.1413, MS-ADTS 3.1.1.3.4.1.8). Samba ignores that control for member: 68
 * (there already) and 53 (was not there) mean that *nothing* of the chunk was done; so does
 * slapd's 16. 32: a member is gone.
 */
void gb_directory_change_members(struct gb_directory *directory,
				 const struct gb_directory_members *change,
				 gb_directory_write_done done, void *user);

/**
 * Rename or move. objectGUID and objectSid stay; links follow.
 *
 * @param dn          present DN, read a moment ago (<GUID=…> is not taken here).
 * @param new_rdn     "CN=…", escaped; the old RDN value is removed.
 * @param new_parent  DN of the new parent, or NULL to stay.
 */
void gb_directory_rename(struct gb_directory *directory, const char *dn, const char *new_rdn,
			 const char *new_parent, gb_directory_write_done done, void *user);

/**
 * Take a deleted object back: a tombstone, or an object in the Recycle Bin (MS-ADTS 3.1.1.5.3.7).
 * objectGUID and objectSid stay. The account needs the right Reanimate-Tombstones on the domain, and
 * to create groups in the new parent. Dialect ad alone.
 *
 * @param deleted_dn  its present DN, read a moment ago (<GUID=…> is not taken here).
 * @param new_dn      where it shall stand.
 * @param values      as gb_directory_modify(), in the same step: a tombstone has lost most of them.
 */
void gb_directory_restore(struct gb_directory *directory, const char *deleted_dn,
			  const char *new_dn, const struct gb_change_value *values,
			  size_t value_count, gb_directory_write_done done, void *user);

/** Delete one object (no subtree), by guid if set (dialect ad), else by dn. */
void gb_directory_delete(struct gb_directory *directory,
			 const struct gb_directory_reference *object, gb_directory_write_done done,
			 void *user);

#endif
