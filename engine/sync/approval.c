/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cycle may write by itself, and what waits. */
#include "config.h"

#include "engine/sync/approval.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/guard.h"
#include "engine/state/cursors.h"
#include "engine/state/life.h"
#include "engine/state/status.h"
#include "engine/sync/policy.h"

/** Fewest digits of a digest that name a plan. */
#define DIGEST_MIN_CHARS 8

/*
 * What decides which groups are written. Extend it with every new key that does. The list of selected
 * groups is not in it: each line of it is somebody's consent, and the limits hold for what it causes.
 */
static char *scope_text(const void *ctx, const struct gb_session *session)
{
	const struct gb_plan_policy *policy = &session->policy;

	return gb_printf(ctx, "1 scope=%d security=%d microsoft365=%d hidden=%d roles=%d file=%s%s",
			 (int)policy->scope, policy->security_groups, policy->microsoft365_groups,
			 policy->hidden_membership, policy->role_assignable,
			 policy->filter != NULL ? session->files->digest : "-",
			 gb_policy_off_text(policy));
}

/* What decides how they are called. Extend it with every new key that does. */
static char *naming_text(const void *ctx, const struct gb_session *session)
{
	const struct gb_plan_policy *policy = &session->policy;

	return gb_printf(ctx, "1 name=%d account=%d file=%s", (int)policy->name,
			 (int)policy->account_name,
			 policy->map != NULL ? session->files->digest : "-");
}

/* What is to be approved, as it is now; below @ctx. */
static void present(const void *ctx, const struct gb_session *session,
		    struct gb_approval *ret_present)
{
	char guid[GB_GUID_TEXT_BYTES];
	const struct gb_directory_facts *facts = gb_directory_facts(session->directory);
	struct gb_err err;

	*ret_present = (struct gb_approval){
		.domain = gb_strdup(ctx, gb_guid_format(&facts->domain_guid, guid)),
		.scope = scope_text(ctx, session),
		.naming = naming_text(ctx, session),
	};
	ret_present->container = gb_strdup(ctx, gb_guid_format(&session->container_guid, guid));
	if (gb_state_fact_get(ctx, session->state, GB_FACT_TENANT, &ret_present->tenant, &err) !=
	    GB_OK) {
		ret_present->tenant = NULL; /* who it is nobody knows, so nobody approved it */
	}
}

static bool is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool is_first(const struct gb_approval *approved, const struct gb_approval *now)
{
	return !is_same(approved->tenant, now->tenant) || !is_same(approved->domain, now->domain);
}

void gb_approval_fill_hold(struct gb_session *session, bool lifted)
{
	const struct gb_config_safety *safety = &session->config->safety;
	const struct gb_approval *approved = &session->decisions->approval;
	struct gb_plan_hold *hold = &session->policy.hold;
	void *tmp = gb_new_tmp(session);
	struct gb_approval now;

	*hold = (struct gb_plan_hold){.removals.count = GB_LIMIT_NONE};
	present(tmp, session, &now);
	if (!lifted) {
		hold->removals = safety->max_removals_per_group;
		hold->small_group_members = safety->small_group_members;
		hold->access = GB_CAUSE_WAITS_ACCESS;
	}
	if (!lifted && (gb_state_is_new(session->state) || session->state_is_older)) {
		hold->ends = GB_CAUSE_WAITS_NEW_STATE;
	}
	if (!lifted && !is_first(approved, &now)) {
		if (!is_same(approved->scope, now.scope)) {
			hold->creates = GB_CAUSE_WAITS_SCOPE;
			hold->ends = GB_CAUSE_WAITS_SCOPE;
		}
		if (!is_same(approved->container, now.container)) {
			hold->creates = GB_CAUSE_WAITS_CONTAINER;
			hold->places = GB_CAUSE_WAITS_CONTAINER;
		}
		if (!is_same(approved->naming, now.naming)) {
			hold->names = GB_CAUSE_WAITS_NAMING;
		}
	}
	talloc_free(tmp);
}

static enum gb_rc refuse_first(const struct gb_report *report, struct gb_err *err)
{
	gb_err_set(err, GB_E_GUARD, "first-cycle",
		   _("This would be the first cycle from this tenant into this domain (%lld "
		     "changes); nobody approved it yet."),
		   (long long)(report->planned.changes + report->planned.waiting));
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err,
			     _("Look at the plan ('groupback-engine plan'), then approve it by "
			       "its digest, or run 'groupback-engine sync --approve-first'."));
}

static struct gb_guard_limits limits_of(const struct gb_session *session)
{
	const struct gb_config_safety *safety = &session->config->safety;

	return (struct gb_guard_limits){
		.deletes = safety->max_group_deletions,
		.disables = safety->max_group_disables,
		.creates = safety->max_group_creations,
		.renames = safety->max_group_renames,
		.type_changes = safety->max_type_changes,
		.member_removes = safety->max_member_removals,
	};
}

static bool nothing_to_do(const struct gb_report *report)
{
	return report->planned.changes + report->planned.waiting == 0;
}

enum gb_rc gb_approval_check(const struct gb_session *session, const struct gb_report *report,
			     bool first, struct gb_err *err)
{
	const struct gb_approval *approved = &session->decisions->approval;
	struct gb_guard_limits limits = limits_of(session);
	struct gb_state_sizes sizes;
	struct gb_guard_base base;
	struct gb_approval now;
	void *tmp = gb_new_tmp(session);
	size_t lapsed = 0;
	bool is_new;

	present(tmp, session, &now);
	is_new = is_first(approved, &now);
	talloc_free(tmp);
	if (is_new) {
		return first || nothing_to_do(report) ? GB_OK : refuse_first(report, err);
	}
	if (gb_state_lapse_count(session->state, &lapsed, err) != GB_OK) {
		return err->rc;
	}
	gb_state_sizes(session->state, &sizes);
	base = (struct gb_guard_base){.groups = sizes.directory_groups,
				      .memberships = sizes.directory_links,
				      .lapsed = (int64_t)lapsed - report->planned.lapsed};
	if (approved->empty_scope &&
	    gb_guard_exceeded(&report->planned, &limits, &base) == GB_GUARD_EMPTY_SCOPE) {
		base.groups = 0;
	}
	return gb_guard_check(&report->planned, &limits, &base, err);
}

void gb_approval_grant(struct gb_session *session, const struct gb_report *report)
{
	struct gb_approval *approved = &session->decisions->approval;

	present(session->decisions, session, approved);
	approved->empty_scope = report->planned.in_scope == 0 && report->planned.written > 0;
}

/* Nothing waits because the configuration was changed: then the change needs nobody's consent. */
static bool is_harmless(const struct gb_report *report)
{
	const unsigned changed = gb_report_waits_bit(GB_CAUSE_WAITS_SCOPE) |
				 gb_report_waits_bit(GB_CAUSE_WAITS_CONTAINER) |
				 gb_report_waits_bit(GB_CAUSE_WAITS_NAMING);

	return (report->waits & changed) == 0;
}

static bool is_approved_as_it_is(const struct gb_approval *approved, const struct gb_approval *now)
{
	return !is_first(approved, now) && is_same(approved->container, now->container) &&
	       is_same(approved->scope, now->scope) && is_same(approved->naming, now->naming);
}

enum gb_rc gb_approval_settle(struct gb_session *session, const struct gb_report *report,
			      bool first, struct gb_err *err)
{
	struct gb_approval *approved = &session->decisions->approval;
	void *tmp = gb_new_tmp(session);
	struct gb_approval now;
	bool grants;

	present(tmp, session, &now);
	if (is_first(approved, &now)) {
		/* A container that is already as it should be proves that nothing would be written. */
		grants = first || report->planned.written > 0;
	} else {
		grants = !is_approved_as_it_is(approved, &now) && is_harmless(report);
	}
	talloc_free(tmp);
	if (approved->empty_scope && report->planned.in_scope > 0) {
		approved->empty_scope = false;
		grants = true;
	}
	if (!grants) {
		return GB_OK;
	}
	gb_approval_grant(session, report);
	return gb_decisions_save(session->decisions, session->config->paths.state_directory, err);
}

/* Plan files. */

static char *folder_of(const void *ctx, const char *state_directory)
{
	return gb_printf(ctx, "%s/plans", state_directory);
}

static enum gb_rc make_folder(const char *folder, struct gb_err *err)
{
	int saved;

	if (mkdir(folder, 0700) == 0 || errno == EEXIST) {
		return GB_OK;
	}
	saved = errno;
	gb_err_set(err, GB_E_IO, "plan-folder", _("The folder %s cannot be made: %s."), folder,
		   strerror(saved));
	gb_err_native(err, saved);
	return gb_err_undone(err, _("The plan was not saved."));
}

static bool is_plan(const char *name)
{
	size_t length = strlen(name);

	return length > 5 && strcmp(name + length - 5, ".json") == 0 && name[0] != '.';
}

struct found_plan {
	char *path;
	struct timespec written;
};

static int newest_first(const void *a, const void *b)
{
	const struct found_plan *one = a;
	const struct found_plan *two = b;

	if (one->written.tv_sec != two->written.tv_sec) {
		return one->written.tv_sec < two->written.tv_sec ? 1 : -1;
	}
	return (one->written.tv_nsec < two->written.tv_nsec) -
	       (one->written.tv_nsec > two->written.tv_nsec);
}

static struct found_plan *list_plans(const void *ctx, const char *folder)
{
	struct found_plan *plans = gb_new_array(ctx, struct found_plan, 0);
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	size_t count = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		struct found_plan plan = {.path = gb_printf(plans, "%s/%s", folder, entry->d_name)};
		struct stat st;

		if (!is_plan(entry->d_name) || lstat(plan.path, &st) != 0) {
			continue;
		}
		plan.written = st.st_mtim;
		plans = gb_mem_check(
			talloc_realloc(NULL, plans, struct found_plan, gb_mem_count(count + 1)));
		plans[count++] = plan;
	}
	if (dir != NULL) {
		closedir(dir);
	}
	return plans;
}

/* Best effort: a plan too many does no harm. */
static void prune_plans(const char *folder, const char *waiting)
{
	struct found_plan *plans = list_plans(NULL, folder);
	size_t count = talloc_array_length(plans);

	qsort(plans, count, sizeof(plans[0]), newest_first);
	for (size_t i = GB_APPROVAL_KEEP_PLANS; i < count; i++) {
		if (waiting == NULL || strstr(plans[i].path, waiting) == NULL) {
			(void)unlink(plans[i].path);
		}
	}
	talloc_free(plans);
}

enum gb_rc gb_approval_save_plan(struct gb_session *session, int64_t run_no, enum gb_plan_part part,
				 struct gb_plan_digest *ret_digest, struct gb_err *err)
{
	void *tmp = gb_new_tmp(session);
	char *folder = folder_of(tmp, session->config->paths.state_directory);
	char *path = gb_printf(tmp, "%s/.part", folder);
	char *configuration = gb_policy_digest(tmp, &session->policy, session->files);
	enum gb_rc rc = make_folder(folder, err);

	if (rc == GB_OK) {
		rc = gb_plan_file_write(session, run_no, configuration, part, path, ret_digest,
					err);
	}
	if (rc == GB_OK &&
	    rename(path, gb_printf(tmp, "%s/%s.json", folder, ret_digest->hex)) != 0) {
		rc = gb_err_set(err, GB_E_IO, "plan-write",
				_("The plan cannot be saved below %s: %s."), folder,
				strerror(errno));
	}
	if (rc == GB_OK) {
		prune_plans(folder, session->decisions->waiting.digest);
	}
	talloc_free(tmp);
	return rc;
}

static bool is_news(const struct gb_waiting_plan *waiting, const struct gb_plan_digest *digest)
{
	return waiting->digest == NULL ? digest->hex[0] != '\0'
				       : strcmp(waiting->digest, digest->hex) != 0;
}

enum gb_rc gb_approval_note_waiting(struct gb_session *session, const struct gb_plan_digest *digest,
				    const char *cause, const char *text, struct gb_err *err)
{
	struct gb_decisions *decisions = session->decisions;
	struct gb_waiting_plan *waiting = &decisions->waiting;
	bool goes_on = waiting->digest != NULL && is_same(waiting->cause, cause);
	int64_t since_ms = goes_on ? waiting->since_ms : gb_clock_wall_ms();

	if (!is_news(waiting, digest)) {
		return GB_OK;
	}
	*waiting = (struct gb_waiting_plan){0};
	if (digest->hex[0] != '\0') {
		*waiting = (struct gb_waiting_plan){
			.digest = gb_strdup(decisions, digest->hex),
			.cause = gb_strdup(decisions, cause),
			.text = gb_strdup(decisions, text),
			.changes = digest->changes,
			.since_ms = since_ms,
		};
	}
	return gb_decisions_save(decisions, session->config->paths.state_directory, err);
}

static bool is_digest(const char *text)
{
	size_t length = strlen(text);

	return length >= DIGEST_MIN_CHARS && length < GB_DIGEST_HEX_BYTES &&
	       strspn(text, "0123456789abcdef") == length;
}

static enum gb_rc no_plan(const char *digest, bool several, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, digest);

	gb_err_set(err, GB_E_USAGE, "plan-digest",
		   several ? _("Several plans have a digest that begins with %s.")
			   : _("No plan that was made here has the digest %s."),
		   shown);
	talloc_free(shown);
	gb_err_undone(err, _("Nothing was approved and nothing was written."));
	return gb_err_remedy(err, _("'groupback-engine status' names the plan that waits; "
				    "'groupback-engine plan' makes a new one."));
}

enum gb_rc gb_approval_find_plan(const void *ctx, const char *state_directory, const char *digest,
				 char **ret_path, struct gb_err *err)
{
	void *tmp = gb_new_tmp(ctx);
	struct found_plan *plans = list_plans(tmp, folder_of(tmp, state_directory));
	const char *found = NULL;
	size_t hits = 0;
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; is_digest(digest) && i < talloc_array_length(plans); i++) {
		if (strncmp(strrchr(plans[i].path, '/') + 1, digest, strlen(digest)) == 0) {
			found = plans[i].path;
			hits++;
		}
	}
	if (hits == 1) {
		*ret_path = gb_strdup(ctx, found);
	} else {
		rc = no_plan(digest, hits > 1, err);
	}
	talloc_free(plans);
	talloc_free(tmp);
	return rc;
}
