/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report of one run: what was read, planned, written, refused and left alone, and why.
 *
 * Life cycle: gb_report_new(); filled by the cycle while it goes; gb_report_finish() takes the end
 * time and the exit code; then it is written as JSON to runs/<number>.json and last.json, shown as
 * one summary line, or printed for people. One source for all of them.
 */
#ifndef GB_SYNC_REPORT_H
#define GB_SYNC_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/change.h"
#include "engine/base/compiler.h"
#include "engine/base/digest.h"
#include "engine/base/err.h"
#include "engine/base/guid.h"
#include "engine/base/json.h"
#include "engine/plan/plan.h"

/** Most groups that a report names one by one; the counts go on. */
#define GB_REPORT_MAX_GROUPS 2000

/** One group that the report names. */
struct gb_report_group {
	char cloud_id[GB_GUID_TEXT_BYTES]; /**< objectId */
	const char *name;                  /**< display name, safe to show; or "" */
	const char *id;                    /**< stable id of the cause or error */
	const char *text;                  /**< sentences for people */
};

/** A plan that was saved. */
struct gb_plan_digest {
	char hex[GB_DIGEST_HEX_BYTES]; /**< "" while there is none */
	int64_t changes;               /**< changes in it */
};

/** Changes of one kind, by what became of them. */
struct gb_report_results {
	int64_t applied; /**< carried out */
	int64_t failed;  /**< refused */
	int64_t unknown; /**< sent, never answered */
};

/** HTTP answers with one status. */
struct gb_report_answers {
	int status; /**< 0: requests that got no answer */
	uint64_t count;
};

/** Different statuses that are told apart. */
#define GB_REPORT_MAX_STATUSES 32

/** Requests of one run. */
struct gb_report_traffic {
	uint64_t http_requests; /**< all, token and repetitions included */
	uint64_t http_retries;  /**< repetitions among them */
	int64_t throttled_ms;   /**< time that Graph held us back */
	uint64_t ldap_searches; /**< each page and range counts */
	uint64_t ldap_writes;   /**< adds, modifies, renames and deletes */
	uint64_t ldap_adds;     /**< add requests */
	uint64_t ldap_modifies; /**< modify requests */
	uint64_t ldap_values;   /**< member values in them */
	uint64_t ldap_renames;  /**< modifyDN requests */
	uint64_t ldap_deletes;  /**< delete requests */
	struct gb_report_answers answers[GB_REPORT_MAX_STATUSES]; /**< those that came */
	size_t answer_count;
};

/** The report. Fields are filled in by the cycle; strings live below the report. */
struct gb_report {
	int64_t run_no;      /**< number of the run; 0: it did not get that far */
	const char *state;   /**< instance id of the state; NULL: it did not get that far */
	const char *policy;  /**< "initial" or "delta" */
	bool dry_run;        /**< nothing was to be written */
	bool is_standby;     /**< nothing was written, because another engine holds the lease */
	int64_t begun_ms;    /**< wall time */
	int64_t ended_ms;    /**< wall time */
	int64_t duration_ms; /**< by the boot clock */
	int exit_code;       /**< of the run */
	struct gb_err err;   /**< what ended it early; rc GB_OK if nothing did */
	struct gb_plan_counts planned; /**< the plan */
	int64_t touched_groups;        /**< groups with changes that go */
	unsigned waits;                /**< why changes wait: gb_report_waits_bit() of each cause */
	struct gb_plan_digest plan;    /**< the whole plan, where somebody may approve it */
	struct gb_plan_digest waiting; /**< what of it waits for approval */
	int64_t applied;               /**< changes that were carried out */
	int64_t failed;                /**< changes that were refused */
	int64_t unknown;               /**< changes whose outcome is not known */
	struct gb_report_results results[GB_CHANGE_DELETE + 1]; /**< the same by enum gb_change_kind */
	int64_t certificate_end_ms; /**< of the cloud's certificate; 0: there is none */
	int64_t problem_groups;        /**< groups that failed or are frozen */
	int64_t kept_groups;           /**< written before, out of scope now, left as they are */
	int64_t unmatched[GB_CAUSE_MEMBER_COUNT]; /**< members not written, by cause; of the groups
						       that were looked at */
	struct gb_report_traffic traffic;
	struct gb_report_group *groups; /**< talloc array: failed and frozen ones */
	size_t group_count;
	struct gb_report_group *notices; /**< talloc array: what somebody should know of groups that
					      are as they should be: drift, objects had back */
	size_t notice_count;
	int64_t notice_total;  /**< all of them */
	int64_t boot_begun_ms; /**< boot clock at the beginning */
};

/** The bit of a cause for which changes wait (gb_cause_is_waiting()). */
unsigned gb_report_waits_bit(enum gb_cause cause);

/** A report that begins now, below @ctx. */
struct gb_report *gb_report_new(const void *ctx, const char *policy, bool dry_run);

/** Name a group that failed or is frozen. @name and @text are copied; @id is borrowed for ever. */
void gb_report_problem(struct gb_report *report, const struct gb_guid *cloud_id, const char *name,
		       const char *id, const char *text);

/** Name a group of which something is worth knowing; the exit code stays. As gb_report_problem(). */
void gb_report_notice(struct gb_report *report, const struct gb_guid *cloud_id, const char *name,
		      const char *id, const char *text);

/** Take the note of the planner: counts, causes, and the group itself if it is a problem. */
void gb_report_note(struct gb_report *report, const struct gb_plan_note *note);

/**
 * The run is over.
 *
 * @param err  what ended it early, or rc GB_OK. The exit code is the worst of that and of what
 *             happened to the groups (3).
 */
void gb_report_finish(struct gb_report *report, const struct gb_err *err);

/** One line for log and history: counts and exit code. Below @ctx. */
char *gb_report_summary(const void *ctx, const struct gb_report *report);

/** The member "plan" of the report: what is planned, counted. */
void gb_report_put_plan(struct gb_json_writer *w, const struct gb_report *report);

/** The member "membersNotWritten" of the report: cause → number. */
void gb_report_put_unmatched(struct gb_json_writer *w, const struct gb_report *report);

/** The whole report as JSON (schema in docs/report.md), below @ctx. */
char *gb_report_json(const void *ctx, const struct gb_report *report);

/** Several lines for people, each ended by a newline, below @ctx. */
char *gb_report_text(const void *ctx, const struct gb_report *report);

/**
 * Write runs/<number>.json and last.json below @state_directory; makes runs/ if it is missing.
 *
 * Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_report_write(const struct gb_report *report,
					 const char *state_directory, struct gb_err *err);

#endif
