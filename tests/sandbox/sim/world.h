/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that the endpoint families share: the tenant, the clock, the knobs, the log, the faults.
 *
 * Made once by main() with sim_world_new(); one thread, so nothing is locked.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/store/tenant.h"
#include "sim/util/clock.h"
#include "sim/util/rng.h"

struct sim_faults;
struct sim_request_log;
struct sim_sessions;
struct sim_snapshots;
struct sim_throttle;
struct sim_verified;

/** What can be set on the command line or by POST /control/switches. */
struct sim_switches {
	int64_t page_size;        /**< items of a list page without $top (Graph: 100) */
	int64_t delta_page_size;  /**< objects of a delta page (Graph: about 200) */
	int64_t delta_slice;      /**< members of one occurrence of a group (Graph: about 500) */
	int64_t replay;           /**< how often each object occurs in a delta round (1 to 10) */
	int64_t empty_every;      /**< every n-th delta page is empty; 0: none */
	int64_t lag_s;            /**< age of a change before delta shows it */
	int64_t delta_days;       /**< life of a delta token (Graph: 7 days) */
	int64_t page_token_s;     /**< life of a page token, seconds */
	int64_t expires_in;       /**< life of an access token; 0: random from 3600 to 5400 */
	int64_t token_padding;    /**< bytes added to every page and delta token */
	int64_t empty_list_every; /**< every n-th page of a list is empty; 0: none */
	int64_t deleted_days;     /**< what is soft-deleted longer is gone (Entra: 30 days) */
	int64_t filter_clauses;   /**< most comparisons of a $filter (Graph: 15) */
	bool shuffle;             /**< delta order is not the order of creation */
	bool tombstones;          /**< initial rounds carry @removed of what was deleted before */
	bool expired_is_gone;     /**< an old delta token is answered 410 and not 400 */
	bool hidden_is_forbidden; /**< hidden members without the role: 403 and not an empty list */
	bool delta_writeback;     /**< beta delta knows writebackConfiguration */
	bool throttle;            /**< resource units are counted, and refused with 429 */
	int64_t throttle_units;   /**< units of a window; 0: by the size of the tenant */
	int64_t throttle_window_s;   /**< the window */
	int64_t throttle_burst;      /**< units of a full bucket; 0: those of a window */
	int64_t throttle_writes;     /**< writes in 150 seconds */
	bool retry_after_date;       /**< Retry-After is a date and not a number of seconds */
	bool limit_percentage;       /**< answers tell x-ms-throttle-limit-percentage */
	bool v1_hides_principals;    /**< v1.0 members omits service principals */
	bool cast_needs_advanced;    /**< a cast of transitive members is an advanced query */
	bool filter_created;         /**< groups are filtered by createdDateTime */
	bool filter_sync_null;       /**< groups are filtered by onPremisesSyncEnabled eq null */
	bool filter_writeback;       /**< groups are filtered by writebackConfiguration/isEnabled */
	bool filter_strict;          /**< gt and lt are taken where ge and le are */
	bool soft_delete_security;   /**< DELETE of a security group keeps it for 30 days */
	bool security_is_changed;    /**< delta calls a soft-deleted security group "changed" */
	bool deleted_hides_security; /**< securityEnabled reads false in deletedItems */
	bool batch_is_424;      /**< a batch with a throttled item is answered 424 and not 200 */
	bool lower_inner_error; /**< errors spell it innererror */
	bool by_ids_select;     /**< getByIds heeds $select */
	bool sync_behavior_keeps_sid; /**< a group converted to the cloud keeps its SID */

	int64_t device_code_s;      /**< life of a device code, seconds (Entra: 900) */
	int64_t device_interval_s;  /**< least time between polls, seconds (Entra: 5) */
	int64_t role_delay_s;       /**< age at which a role granted by Graph is in tokens */
	int64_t replication_s;      /**< age at which new apps and principals are seen elsewhere */
	bool device_slow_down;      /**< polls that come too soon are answered slow_down */
	bool users_register_apps;   /**< members may register apps */
	bool users_create_groups;   /**< members may make groups */
	bool duplicate_is_conflict; /**< an app role assigned twice: 409 and not 400 */
	bool no_gzip;               /**< answers are never compressed */
	bool gzip_requests;         /**< requests may be compressed; else 415 */
};

/** Where the tenant's history went on after a restore. */
struct sim_fork {
	uint64_t seq;  /**< last number that the restored snapshot had given out */
	uint64_t mark; /**< of what was changed after it */
};

/** The world. */
struct sim_world {
	struct sim_clock clock;        /**< simulator's time */
	struct sim_rng rng;            /**< every random choice */
	struct sim_switches switches;  /**< knobs */
	struct sim_tenant *tenant;     /**< the tenant */
	struct sim_key *signing_key;   /**< signs access tokens */
	char *signing_kid;             /**< its name in jwks */
	struct sim_verified *verified; /**< tokens that it signed and that came back */
	uint8_t token_key[32];         /**< authenticates page and delta tokens */
	uint64_t loaded_seq;           /**< sequence number when the tenant was loaded */
	uint64_t instance;             /**< differs from run to run: marks what this run changed */
	struct sim_fork *forks;        /**< restores that this tenant's history has behind it */
	size_t fork_count;             /**< used forks */
	uint32_t delta_generation;     /**< raised by resetDelta: older tokens are answered 410 */
	struct sim_faults *faults;     /**< what is to go wrong */
	struct sim_request_log *log;   /**< what was asked */
	struct sim_throttle *throttle; /**< what each app has used up */
	struct sim_snapshots *snapshots; /**< what may be restored */
	char *arc_folder;                /**< where Azure Arc's key files are made; NULL: no Arc */
	char *arc_key_file;              /**< the one that waits to be read, or NULL */
	char *arc_key;                   /**< what is in it */
	struct sim_sessions *sessions;   /**< device codes and refresh tokens */
};

/**
 * A world below @ctx; @seed decides everything random but the keys. The caller sets the tenant, the
 * signing key and loaded_seq.
 */
struct sim_world *sim_world_new(const void *ctx, uint64_t seed);

/**
 * Tells apart histories that share sequence numbers: 0 for what was in the tenant file, else a number
 * of this run, and of what was restored in it, for the change @seq.
 */
uint64_t sim_world_mark(const struct sim_world *world, uint64_t seq);

#endif
