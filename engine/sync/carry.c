/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a run, carried out. */
#include "config.h"

#include "engine/sync/carry.h"

#include "engine/base/hash.h"
#include "engine/base/i18n.h"
#include "engine/base/limit.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/sync/audit.h"
#include "engine/sync/tally.h"

/* A group that failed, counted once. */
struct failed_group {
	struct gb_guid id; /* the key */
	UT_hash_handle hh;
};

struct gb_carry {
	struct gb_session *session;
	struct gb_report *report;
	struct gb_lease *lease;
	void (*progress)(void *user, const struct gb_apply_progress *progress);
	void *progress_user;
	struct failed_group *failed;
	struct gb_apply *apply; /* while it is at work */
	struct gb_audit *audit; /* likewise */
};

/* uthash keeps its tables outside talloc. */
static int forget(struct gb_carry *carry)
{
	HASH_CLEAR(hh, carry->failed);
	return 0;
}

struct gb_carry *gb_carry_new(const void *ctx, struct gb_session *session, struct gb_report *report,
			      struct gb_lease *lease)
{
	struct gb_carry *carry = gb_new(ctx, struct gb_carry);

	carry->session = session;
	carry->report = report;
	carry->lease = lease;
	talloc_set_destructor(carry, forget);
	return carry;
}

bool gb_carry_has_failed(const struct gb_carry *carry, const struct gb_guid *id)
{
	struct failed_group *group;

	HASH_FIND(hh, carry->failed, id, sizeof(*id), group);
	return group != NULL;
}

static void on_progress(void *user, const struct gb_apply_progress *progress)
{
	struct gb_carry *carry = user;

	if (carry->progress != NULL) {
		carry->progress(carry->progress_user, progress);
	}
}

static bool is_first_failure(struct gb_carry *carry, const struct gb_guid *id)
{
	struct failed_group *group;

	if (gb_carry_has_failed(carry, id)) {
		return false;
	}
	group = gb_new(carry, struct failed_group);
	group->id = *id;
	HASH_ADD(hh, carry->failed, id, sizeof(group->id), group);
	return true;
}

/* So many failures are no matter of single groups any more. */
static void count_failed_group(struct gb_carry *carry, const struct gb_guid *id)
{
	const struct gb_limit *limit = &carry->session->config->safety.max_failed_groups;
	int64_t groups = carry->report->touched_groups;
	struct gb_err err;

	if (!is_first_failure(carry, id) ||
	    !gb_limit_is_exceeded(limit, (int64_t)HASH_COUNT(carry->failed), groups)) {
		return;
	}
	gb_err_set(&err, GB_E_CONSTRAINT, "guard-failures",
		   _("Groups that failed: %lld of %lld; allowed in one run: %lld."),
		   (long long)HASH_COUNT(carry->failed), (long long)groups,
		   (long long)gb_limit_allows(limit, groups));
	gb_err_undone(&err, _("The run was stopped; what was not written yet is left for the next "
			      "one."));
	gb_err_remedy(&err, _("Look at the failures in the report; what they have in common is the "
			      "cause."));
	gb_apply_stop(carry->apply, &err);
}

static enum gb_rc on_begins(void *user, const struct gb_state_change *change, struct gb_err *err)
{
	struct gb_carry *carry = user;
	enum gb_rc rc = gb_lease_check(carry->lease, err);

	return rc == GB_OK ? gb_audit_intent(carry->audit, change, err) : rc;
}

/* A write without its line in the audit is the last one. */
static void note_result(struct gb_carry *carry, const struct gb_apply_result *result)
{
	struct gb_err err;

	if (gb_audit_result(carry->audit, result, &err) != GB_OK) {
		gb_apply_stop(carry->apply, &err);
	}
}

/* A group that came back has its old SID again, or it has not: access lists depend on it. */
static void tell_comeback(struct gb_report *report, const struct gb_apply_result *result)
{
	const struct gb_change *change = result->change;
	char sid[GB_SID_TEXT_BYTES];
	char *text;

	if (result->is_restored) {
		gb_report_notice(report, &change->cloud_id, change->name, "restored",
				 _("The deleted group was taken back with its SID."));
	} else if (!gb_sid_is_none(&result->lost_sid)) {
		text = gb_printf(report,
				 _("The deleted group could not be taken back, so a new one was "
				   "made: its SID changed. Access that was granted to %s must be "
				   "granted again."),
				 gb_sid_format(&result->lost_sid, sid));
		gb_report_notice(report, &change->cloud_id, change->name, "new-sid", text);
		gb_log(GB_LOG_WARNING, "apply", "%s", text);
		talloc_free(text);
	}
}

static void on_ended(void *user, const struct gb_apply_result *result)
{
	struct gb_carry *carry = user;
	struct gb_report *report = carry->report;

	gb_tally_result(report, result);
	note_result(carry, result);
	if (result->status == GB_OUTCOME_APPLIED) {
		tell_comeback(report, result);
	}
	if (result->err != NULL) {
		char *text = gb_err_line(report, result->err);

		gb_report_problem(report, &result->change->cloud_id, result->change->name,
				  result->err->id, text);
		gb_log_group_err(GB_LOG_WARNING, "apply", &result->change->cloud_id, result->err);
		talloc_free(text);
		count_failed_group(carry, &result->change->cloud_id);
	}
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	(void)user;
	(void)rc;
	(void)err;
}

static void cancel_apply(void *user)
{
	gb_apply_cancel(user);
}

static void on_lease_lost(void *user, const struct gb_err *err)
{
	struct gb_carry *carry = user;

	gb_apply_stop(carry->apply, err);
}

static enum gb_rc send_everything(struct gb_carry *carry, struct gb_err *err)
{
	struct gb_session *session = carry->session;
	struct gb_apply_options options = {
		.run_no = carry->report->run_no,
		.container_dn = session->config->writeback.container,
		.former_keys = session->former_keys,
	};
	struct gb_apply_hooks hooks = {
		.user = carry,
		.progress = on_progress,
		.begins = on_begins,
		.ended = on_ended,
		.done = on_done,
	};
	enum gb_rc rc;

	carry->apply = gb_apply_begin(session, session->ev, session->state, session->directory,
				      &options, &hooks);
	session->on_cancel = cancel_apply;
	session->on_cancel_user = carry->apply;
	gb_lease_watch(carry->lease, on_lease_lost, carry);
	rc = gb_apply_wait(carry->apply, err);
	gb_lease_watch(carry->lease, NULL, NULL);
	session->on_cancel = NULL;
	TALLOC_FREE(carry->apply);
	return rc;
}

enum gb_rc gb_carry_out(struct gb_carry *carry,
			void (*progress)(void *user, const struct gb_apply_progress *progress),
			void *progress_user, struct gb_err *err)
{
	struct gb_session *session = carry->session;
	struct gb_err later;
	enum gb_rc rc;

	carry->progress = progress;
	carry->progress_user = progress_user;
	if (carry->report->planned.changes == 0) {
		return GB_OK;
	}
	rc = gb_audit_open(carry, session->config->paths.state_directory, session->state,
			   carry->report->run_no, &carry->audit, err);
	if (rc == GB_OK) {
		rc = gb_audit_note(carry->audit, "begin", carry->report->policy, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	rc = send_everything(carry, err);
	if (gb_audit_close(carry->audit, &later) != GB_OK && rc == GB_OK) {
		*err = later;
		rc = later.rc;
	}
	return rc;
}
