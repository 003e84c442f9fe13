/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * engine/apply: carries out a plan that is stored in the journal. This header is the room's door.
 *
 * Phase by phase (creates; attributes and members; renames and moves; deletions) the changes of one
 * run are read from the state, checked against the fence, sent through the directory with up to
 * `window` requests in flight, never two at once on one object, and their outcomes are stored. All
 * changes of a phase end before the next phase begins. Memory is bounded by the window and a small
 * look-ahead, whatever the size of the plan.
 *
 * Life cycle. The plan is stored and committed (gb_state_journal_add(), gb_state_commit());
 * gb_apply_begin() returns at once, everything else happens on the tevent loop; hooks->done is
 * called exactly once, never from inside gb_apply_begin(). Only a reconnect blocks, bounded as
 * gb_directory_reconnect() says. gb_apply_wait() turns the loop for callers who have nothing else to
 * do. The state and the directory belong to the executor until `done`: the caller may read them, but
 * neither write the state nor begin directory requests that change something.
 *
 * Who does what else: changes without an outcome stay open, and gb_state_run_end() (the caller's)
 * makes them SKIPPED; gb_state_run_count() has the totals; reading again what a crash left open is
 * sync's, before the plan.
 *
 * What a group's outcomes mean for it. All of its changes applied, every member taken: its
 * dirtiness is cleared. Anything failed, unknown or not sent: it stays dirty and the next cycle
 * compares it again. One bad group never stops the others (docs/failures.md, D07).
 */
#ifndef GB_APPLY_APPLY_H
#define GB_APPLY_APPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tevent.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/directory/directory.h"
#include "engine/state/journal.h"
#include "engine/state/state.h"

/** Requests in flight, where the option is 0 (8 to 16 is where a domain controller stops getting faster, measured). */
#define GB_APPLY_WINDOW 16
/** Largest window. */
#define GB_APPLY_MAX_WINDOW 64
/** With so many values of member under way no further change is begun: each takes up to 1 KiB. */
#define GB_APPLY_MAX_MEMBERS 4000
/** Times one change is tried while the server is busy or gone, where the option is 0. */
#define GB_APPLY_ATTEMPTS 5
/** First pause before a repetition, where the option is 0; doubled each time, half by chance. */
#define GB_APPLY_FIRST_DELAY_MS 500
/** Longest pause before a repetition. */
#define GB_APPLY_MAX_DELAY_MS 15000
/** How long a cancelled run waits for answers under way before it gives them up as unknown. */
#define GB_APPLY_CANCEL_GRACE_MS 10000

/** A run under way. Opaque. */
struct gb_apply;

/** What to carry out, and how. Zero-initialise, then set what you know; copied. */
struct gb_apply_options {
	int64_t run_no;           /**< the run whose changes are sent */
	const char *container_dn; /**< nothing outside is ever written, created or moved there */
	const char *const *former_keys; /**< gb_dn_key() of former containers: groups there may be
					     changed and moved, nothing is made there. Ends with
					     NULL; borrowed until `done`. Or NULL */
	unsigned window;                /**< requests in flight at most; 0: GB_APPLY_WINDOW */
	unsigned attempts;              /**< tries of one change; 0: GB_APPLY_ATTEMPTS */
	int64_t first_delay_ms;         /**< pause before the first repetition; 0: the default */
};

/** How far it is. */
struct gb_apply_progress {
	enum gb_change_phase phase; /**< the phase at work */
	size_t done;                /**< changes that ended, whatever their outcome */
	size_t total;               /**< changes of the run that had no outcome at the beginning */
};

/** How one change ended; borrowed for the call. */
struct gb_apply_result {
	const struct gb_change *change; /**< as planned: seq, kind, cloud_id, name, dn, values … */
	enum gb_outcome_status status;  /**< APPLIED, FAILED, UNKNOWN or SKIPPED */
	const struct gb_err *err;       /**< why it, or some of its members, failed; NULL if nothing
					     did. Complete sentences, fit for the report */
	const int64_t
		*failed_members; /**< APPLIED: members of the change that were not taken (CREATE,
					     ADD_MEMBERS); object numbers */
	size_t failed_member_count;
	bool is_restored; /**< CREATE: the deleted object was had back; its SID is the old one */
	struct gb_sid
		lost_sid; /**< CREATE: of an earlier object that could not be had back, or none */
	bool was_so;      /**< APPLIED without writing: it was found done already */
};

/** Where the executor speaks to. Called from the loop; members may be NULL but for done. */
struct gb_apply_hooks {
	void *user; /**< handed to the functions */

	/** After each change that ended, and at the beginning of each phase. */
	void (*progress)(void *user, const struct gb_apply_progress *progress);

	/**
	 * Each change before its first request is sent: for the audit. An error stops the run; the
	 * change stays open.
	 */
	enum gb_rc (*begins)(void *user, const struct gb_state_change *change, struct gb_err *err);

	/** Each change that ended, after its outcome was stored: for report and audit. */
	void (*ended)(void *user, const struct gb_apply_result *result);

	/**
	 * The end. @err is NULL when @rc is GB_OK; both borrowed. The executor may be freed in it.
	 *
	 * GB_OK             every change got its turn; failures of groups are in the stats (exit 3).
	 * GB_E_CANCELLED    gb_apply_cancel(); any code: gb_apply_stop().
	 * GB_E_UNAVAILABLE  the directory stayed busy or gone through all tries.
	 * GB_E_CONFIG       the container is missing, or the server refers us elsewhere.
	 * GB_E_ACCESS       nothing was applied, and every refusal was for lack of rights; or the
	 *                   account is refused when reconnecting.
	 * GB_E_IO, GB_E_STATE, GB_E_TRY_AGAIN, GB_E_INTERNAL  the state failed.
	 *
	 * With any error but GB_E_ACCESS for rights, the changes that were not sent are still open.
	 */
	void (*done)(void *user, enum gb_rc rc, const struct gb_err *err);
};

/** Counts of one kind of change. */
struct gb_apply_kind_stats {
	size_t sent;    /**< changes of which at least one request was sent */
	size_t applied; /**< … that are so now, found done or done by us */
	size_t failed;  /**< … refused by the server, or by the fence (then never sent) */
	size_t unknown; /**< … sent, and the answer never came */
	size_t skipped; /**< … not sent, because an earlier change of the same group failed */
	size_t retried; /**< requests that were repeated, reconciliation included */
};

/** What was done. */
struct gb_apply_stats {
	struct gb_apply_kind_stats kinds[GB_CHANGE_DELETE + 1]; /**< by enum gb_change_kind */
	size_t members_added;   /**< values of member, creates included, found there or written */
	size_t members_removed; /**< values, found absent or deleted */
	size_t members_failed;  /**< values that were not taken */
	size_t groups_cleared;  /**< groups that are as they should be now */
	size_t groups_failed;   /**< groups with a change that failed, is unknown or lost members */
	unsigned reconnects;    /**< connections lost and brought back */
	unsigned window_lowest; /**< smallest window that was in force */
	unsigned in_flight_peak; /**< most requests that were under way at once */
	size_t members_peak;     /**< most members of changes that were under way at once */
};

/**
 * Begin to carry out the changes of options->run_no that have no outcome.
 *
 * @param ctx        talloc parent of the result. Free it after `done`; before that only after the
 *                   gb_directory was freed, whose requests would otherwise call into freed memory.
 * @param ev         the loop that also carries @directory.
 * @param state      open for writing; the plan is committed.
 * @param directory  connected; facts and container as when the plan was made.
 * @param options    copied.
 * @param hooks      copied.
 */
struct gb_apply *gb_apply_begin(const void *ctx, struct tevent_context *ev, struct gb_state *state,
				struct gb_directory *directory,
				const struct gb_apply_options *options,
				const struct gb_apply_hooks *hooks);

/**
 * Turn the loop until the run has ended; `done`, if there is one, has been called then.
 *
 * Errors: those of hooks->done.
 */
GB_MUST_CHECK enum gb_rc gb_apply_wait(struct gb_apply *apply, struct gb_err *err);

/**
 * Stop: nothing more is sent, answers under way are awaited for GB_APPLY_CANCEL_GRACE_MS and are
 * unknown then. Returns at once; `done` follows. Harmless when called twice or after the end. Not
 * for signal handlers: call it from a tevent signal event.
 */
void gb_apply_cancel(struct gb_apply *apply);

/** As gb_apply_cancel(), for a reason of the caller's: `done` gets @err. */
void gb_apply_stop(struct gb_apply *apply, const struct gb_err *err);

/** Counts so far; borrowed. */
const struct gb_apply_stats *gb_apply_stats(const struct gb_apply *apply);

#endif
