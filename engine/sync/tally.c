/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tally of a run. */
#include "config.h"

#include "engine/sync/tally.h"

#include "engine/base/guid.h"
#include "engine/state/problems.h"

void gb_tally_result(struct gb_report *report, const struct gb_apply_result *result)
{
	struct gb_report_results *kind = &report->results[result->change->kind];

	report->applied += result->status == GB_OUTCOME_APPLIED;
	report->failed += result->status == GB_OUTCOME_FAILED;
	report->unknown += result->status == GB_OUTCOME_UNKNOWN;
	kind->applied += result->status == GB_OUTCOME_APPLIED;
	kind->failed += result->status == GB_OUTCOME_FAILED;
	kind->unknown += result->status == GB_OUTCOME_UNKNOWN;
}

static void take_answers(const struct gb_cloud *cloud, struct gb_report_traffic *traffic)
{
	traffic->answer_count = 0;
	for (int status = 0; status < GB_CLOUD_STATUS_END; status++) {
		uint64_t count = gb_cloud_answered(cloud, status);

		if (count > 0 && traffic->answer_count < GB_REPORT_MAX_STATUSES) {
			traffic->answers[traffic->answer_count++] = (struct gb_report_answers){
				.status = status, .count = count};
		}
	}
}

static void take_cloud(const struct gb_cloud *cloud, struct gb_report *report)
{
	struct gb_cloud_stats stats = gb_cloud_stats(cloud);

	report->traffic.http_requests = stats.requests;
	report->traffic.http_retries = stats.retries;
	report->traffic.throttled_ms = stats.throttled_ms;
	take_answers(cloud, &report->traffic);
	report->certificate_end_ms = gb_cloud_certificate_end_ms(cloud);
}

static void take_directory(const struct gb_directory_stats *stats, const struct gb_lease *lease,
			   struct gb_report_traffic *traffic)
{
	struct gb_lease_traffic leased = {.adds = 0};

	if (lease != NULL) {
		leased = gb_lease_traffic(lease);
	}
	traffic->ldap_searches = stats->searches;
	traffic->ldap_adds = stats->adds - leased.adds;
	traffic->ldap_modifies = stats->modifies - leased.modifies;
	traffic->ldap_values = stats->values;
	traffic->ldap_renames = stats->renames;
	traffic->ldap_deletes = stats->deletes - leased.deletes;
	traffic->ldap_writes = traffic->ldap_adds + traffic->ldap_modifies + stats->renames +
			       traffic->ldap_deletes;
}

void gb_tally_traffic(const struct gb_session *session, const struct gb_lease *lease,
		      struct gb_report *report)
{
	if (session->cloud != NULL) {
		take_cloud(session->cloud, report);
	}
	if (session->directory != NULL) {
		take_directory(gb_directory_stats(session->directory), lease, &report->traffic);
	}
}

enum gb_rc gb_tally_problems(const struct gb_report *report, struct gb_state *state, bool is_whole,
			     struct gb_err *err)
{
	bool is_complete = is_whole && report->problem_groups == (int64_t)report->group_count;
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < report->group_count && rc == GB_OK; i++) {
		const struct gb_report_group *group = &report->groups[i];
		struct gb_state_problem problem = {.cause = group->id, .name = group->name};

		if (gb_guid_parse(group->cloud_id, &problem.cloud_id)) {
			rc = gb_state_problems_put(state, &problem, report->ended_ms, err);
		}
	}
	return rc == GB_OK && is_complete ? gb_state_problems_end(state, report->ended_ms, err)
					  : rc;
}
