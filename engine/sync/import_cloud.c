/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import of the cloud side: the order of its stages. The callbacks are in import_groups.c,
 * import_people.c and import_members.c. */
#include "config.h"

#include "engine/sync/import_cloud.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/config/clouds.h"
#include "engine/state/cursors.h"
#include "engine/state/full_read.h"
#include "engine/state/streams.h"
#include "engine/sync/import_parts.h"
#include "engine/sync/selection.h"

static void stage_organization(struct gb_cloud_import *import);
static void stage_latest(struct gb_cloud_import *import);
static void stage_list(struct gb_cloud_import *import);
static void stage_unlisted(struct gb_cloud_import *import);
static void stage_list_deleted(struct gb_cloud_import *import);
static void stage_list_done(struct gb_cloud_import *import);
static void stage_marker(struct gb_cloud_import *import);
static void stage_selection(struct gb_cloud_import *import);
static void stage_members(struct gb_cloud_import *import);
static void stage_nested(struct gb_cloud_import *import);
static void stage_people_delta(struct gb_cloud_import *import);
static void stage_groups_delta(struct gb_cloud_import *import);
static void stage_complete_groups(struct gb_cloud_import *import);
static void stage_unknown_members(struct gb_cloud_import *import);
static void stage_unknown_nested(struct gb_cloud_import *import);
static void stage_cursors(struct gb_cloud_import *import);

static void deliver(struct gb_cloud_import *import)
{
	gb_import_done done = import->done;
	void *user = import->user;
	struct gb_err err = import->err;

	gb_cloud_import_forget(import);
	talloc_free(import);
	done(user, err.rc, err.rc == GB_OK ? NULL : &err);
}

/* Links expire after seven days: a delta that finds its link stale becomes an initial import, once.
 * A link that is stale at once although it is fresh would go round for ever. */
static bool begin_anew(struct gb_cloud_import *import)
{
	if (import->err.rc != GB_E_STALE_CURSOR || import->initial) {
		return false;
	}
	gb_log(GB_LOG_NOTICE, "cloud", "the delta link has expired; everything is read anew");
	gb_err_clear(&import->err);
	import->initial = true;
	stage_latest(import);
	return true;
}

void gb_cloud_import_op_done(struct gb_cloud_import *import, enum gb_rc rc,
			     const struct gb_err *err)
{
	if (rc != GB_OK && import->err.rc == GB_OK) {
		import->err = *err;
		import->err.rc = rc;
		if (import->pending > 1) {
			gb_cloud_cancel(import->session->cloud);
		}
	}
	if (--import->pending > 0) {
		return;
	}
	if (import->err.rc != GB_OK) {
		if (!begin_anew(import)) {
			deliver(import);
		}
		return;
	}
	import->next_stage(import);
}

/* A stage is a number of operations; when all of them have ended, @next begins. */
static void enter_stage(struct gb_cloud_import *import, unsigned operations,
			void (*next)(struct gb_cloud_import *))
{
	import->pending = operations;
	import->next_stage = next;
}

static void skip_stage(struct gb_cloud_import *import, void (*next)(struct gb_cloud_import *))
{
	if (import->err.rc != GB_OK) {
		deliver(import);
		return;
	}
	next(import);
}

/* Cursors belong to one tenant, application, origin, API version and set of properties. */
static const char *cursor_context(const void *ctx, const struct gb_session *session)
{
	const struct gb_config *config = session->config;

	return gb_printf(ctx, "2 %s %s %s %s", config->cloud.tenant,
			 config->cloud.client_id ? config->cloud.client_id : "machine",
			 gb_clouds_origins(config).graph,
			 gb_policy_cloud_context(ctx, session->files));
}

static enum gb_rc read_cursor(const void *ctx, struct gb_session *session, const char *name,
			      const char **ret_link, struct gb_err *err)
{
	struct gb_state_cursor *cursor;
	enum gb_rc rc = gb_state_cursor_get(ctx, session->state, name, &cursor, err);

	if (rc != GB_OK) {
		return rc;
	}
	*ret_link = NULL;
	if (cursor != NULL && cursor->context != NULL &&
	    strcmp(cursor->context, cursor_context(ctx, session)) == 0) {
		*ret_link = cursor->value;
	}
	return GB_OK;
}

static enum gb_rc read_cursors(const void *ctx, struct gb_session *session, const char **ret_groups,
			       const char **ret_users, struct gb_err *err)
{
	enum gb_rc rc = read_cursor(ctx, session, GB_CURSOR_GROUPS, ret_groups, err);

	if (rc != GB_OK) {
		return rc;
	}
	return read_cursor(ctx, session, GB_CURSOR_USERS, ret_users, err);
}

enum gb_rc gb_import_cloud_can_delta(struct gb_session *session, bool *ret_can, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	const char *groups;
	const char *users;
	enum gb_rc rc = read_cursors(tmp, session, &groups, &users, err);

	if (rc == GB_OK) {
		*ret_can = groups != NULL && users != NULL;
	}
	talloc_free(tmp);
	return rc;
}

void gb_import_cloud_begin(const void *ctx, struct gb_session *session, bool initial,
			   struct gb_report *report, gb_import_done done, void *user)
{
	struct gb_cloud_import *import = gb_new(ctx, struct gb_cloud_import);

	import->session = session;
	import->report = report;
	import->initial = initial;
	import->done = done;
	import->user = user;
	stage_organization(import);
}

static enum gb_rc wrong_tenant(const char *known, const char *found, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "cloud-tenant-changed",
		   _("The credential belongs to tenant %s, but what is written here comes from "
		     "tenant %s."),
		   found, known);
	gb_err_undone(err, _("Nothing was read or written."));
	return gb_err_remedy(err, _("Correct 'tenant' in the configuration, or use another state "
				    "directory for another tenant."));
}

/* Pins the tenant at the first run: another one would make every written group an orphan. */
static enum gb_rc pin_tenant(struct gb_cloud_import *import, const struct gb_guid *id,
			     struct gb_err *err)
{
	struct gb_state *state = import->session->state;
	char text[GB_GUID_TEXT_BYTES];
	const char *known;
	enum gb_rc rc = gb_state_fact_get(import, state, GB_FACT_TENANT, &known, err);

	if (rc != GB_OK) {
		return rc;
	}
	gb_guid_format(id, text);
	if (known == NULL) {
		return gb_state_fact_set(state, GB_FACT_TENANT, text, err);
	}
	return strcmp(known, text) == 0 ? GB_OK : wrong_tenant(known, text, err);
}

static void organization_done(void *user, enum gb_rc rc,
			      const struct gb_cloud_organization *organization,
			      const struct gb_err *err)
{
	struct gb_cloud_import *import = user;
	struct gb_err own;

	gb_err_clear(&own);
	if (rc == GB_OK) {
		rc = pin_tenant(import, &organization->tenant_id, &own);
		err = &own;
	}
	gb_cloud_import_op_done(import, rc, err);
}

/* The list of groups and their scope, in a delta import: links and people stay as they are. */
static void stage_list_again(struct gb_cloud_import *import)
{
	if (gb_state_full_begin(import->session->state, GB_FULL_CLOUD_GROUPS, &import->err) !=
	    GB_OK) {
		deliver(import);
		return;
	}
	gb_log(GB_LOG_INFO, "cloud", "listing all groups, as once a day");
	enter_stage(import, 1, stage_unlisted);
	gb_cloud_import_list_groups(import);
}

static void stage_after_organization(struct gb_cloud_import *import)
{
	const char *groups;
	const char *users;

	if (import->initial) {
		stage_latest(import);
		return;
	}
	if (read_cursors(import, import->session, &groups, &users, &import->err) != GB_OK) {
		deliver(import);
		return;
	}
	if (groups == NULL || users == NULL) {
		import->initial = true;
		stage_latest(import);
		return;
	}
	import->groups_link = gb_strdup(import, groups);
	import->users_link = gb_strdup(import, users);
	if (import->session->lists_groups) {
		stage_list_again(import);
	} else {
		stage_people_delta(import);
	}
}

static void stage_organization(struct gb_cloud_import *import)
{
	enter_stage(import, 1, stage_after_organization);
	gb_cloud_organization(import->session->cloud, organization_done, import);
}

/* What changes while the lists are read is replayed from here (graph "latest"). */
static void stage_latest(struct gb_cloud_import *import)
{
	enter_stage(import, 2, stage_list);
	gb_cloud_import_groups_delta(import, GB_CLOUD_DELTA_LATEST);
	gb_cloud_import_users_delta(import, GB_CLOUD_DELTA_LATEST);
}

static void stage_list(struct gb_cloud_import *import)
{
	struct gb_state *state = import->session->state;

	if (gb_state_full_begin(state, GB_FULL_CLOUD_GROUPS, &import->err) != GB_OK ||
	    gb_state_full_begin(state, GB_FULL_CLOUD_PEOPLE, &import->err) != GB_OK) {
		deliver(import);
		return;
	}
	if (import->known == NULL) {
		import->known = gb_import_known_new(import);
	}
	enter_stage(import, 2, stage_unlisted);
	gb_cloud_import_list_groups(import);
	gb_cloud_import_list_users(import);
}

/* A list that lost its end is well-formed. Before a group loses its access for not being named, it is
 * asked for. */
static void stage_unlisted(struct gb_cloud_import *import)
{
	if (gb_state_full_unlisted_groups(import, import->session->state, &import->unlisted,
					  &import->unlisted_count, &import->err) != GB_OK ||
	    import->unlisted_count == 0) {
		skip_stage(import, stage_list_deleted);
		return;
	}
	enter_stage(import, (unsigned)import->unlisted_count, stage_list_deleted);
	gb_cloud_import_ask_unlisted(import);
}

/* What the list does not name is soft-deleted or gone: that makes a difference of thirty days. */
static void stage_list_deleted(struct gb_cloud_import *import)
{
	enter_stage(import, 1, stage_list_done);
	gb_cloud_import_list_deleted(import);
}

static void stage_list_done(struct gb_cloud_import *import)
{
	struct gb_state *state = import->session->state;
	size_t groups = 0;
	size_t people = 0;

	if (gb_state_full_finish(state, GB_FULL_CLOUD_GROUPS, &groups, &import->err) != GB_OK ||
	    (import->initial &&
	     gb_state_full_finish(state, GB_FULL_CLOUD_PEOPLE, &people, &import->err) != GB_OK)) {
		deliver(import);
		return;
	}
	if (groups + people > 0) {
		gb_log(GB_LOG_INFO, "cloud", "no longer listed: %zu groups, %zu people", groups,
		       people);
	}
	import->after_marker = import->initial ? stage_members : stage_people_delta;
	stage_marker(import);
}

/* Who is selected depends on the members of the marker group: these are read before the others. */
static void stage_marker(struct gb_cloud_import *import)
{
	if (gb_cloud_import_choose_marker(import, import->after_marker != stage_unknown_members,
					  &import->err) != GB_OK ||
	    import->chosen_count == 0) {
		skip_stage(import, stage_selection);
		return;
	}
	enter_stage(import, 1, stage_selection);
	gb_cloud_import_read_members(import);
}

static void stage_selection(struct gb_cloud_import *import)
{
	import->err.rc = gb_selection_resolve(import->session, &import->err);
	skip_stage(import, import->after_marker);
}

static void stage_members(struct gb_cloud_import *import)
{
	if (gb_cloud_import_choose_groups(import, true, &import->err) != GB_OK ||
	    import->chosen_count == 0) {
		skip_stage(import, stage_people_delta);
		return;
	}
	enter_stage(import, 1, stage_nested);
	gb_cloud_import_read_members(import);
}

/* Until no list is missing that a group in scope is made of. */
static void stage_nested(struct gb_cloud_import *import)
{
	if (gb_cloud_import_choose_nested(import, true, &import->err) != GB_OK ||
	    import->chosen_count == 0) {
		skip_stage(import, stage_people_delta);
		return;
	}
	enter_stage(import, 1, stage_nested);
	gb_cloud_import_read_members(import);
}

/* People first: a person who is new and already a member must be known when the link comes. What is
 * replayed from here on is newer than the lists. */
static void stage_people_delta(struct gb_cloud_import *import)
{
	TALLOC_FREE(import->known);
	enter_stage(import, 1, stage_groups_delta);
	gb_cloud_import_users_delta(import, GB_CLOUD_DELTA_FROM_LINK);
}

static void stage_groups_delta(struct gb_cloud_import *import)
{
	enter_stage(import, 1, stage_complete_groups);
	gb_cloud_import_groups_delta(import, GB_CLOUD_DELTA_FROM_LINK);
}

/* A delta leaves out what was never set; for a group that is new here that is not enough to say
 * whether it is in scope. */
static void stage_complete_groups(struct gb_cloud_import *import)
{
	import->after_marker = stage_unknown_members;
	if (import->incomplete_count == 0) {
		stage_marker(import);
		return;
	}
	enter_stage(import, (unsigned)import->incomplete_count, stage_marker);
	gb_cloud_import_complete_groups(import);
}

static void stage_unknown_members(struct gb_cloud_import *import)
{
	if (import->session->policy.nesting != GB_NESTING_KEEP &&
	    gb_state_flat_spread(import->session->state, &import->err) != GB_OK) {
		deliver(import);
		return;
	}
	if (gb_cloud_import_choose_groups(import, false, &import->err) != GB_OK ||
	    import->chosen_count == 0) {
		skip_stage(import, stage_unknown_nested);
		return;
	}
	enter_stage(import, 1, stage_unknown_nested);
	gb_cloud_import_read_members(import);
}

static void stage_unknown_nested(struct gb_cloud_import *import)
{
	if (gb_cloud_import_choose_nested(import, false, &import->err) != GB_OK ||
	    import->chosen_count == 0) {
		skip_stage(import, stage_cursors);
		return;
	}
	enter_stage(import, 1, stage_unknown_nested);
	gb_cloud_import_read_members(import);
}

static enum gb_rc store_cursor(struct gb_cloud_import *import, const char *name, const char *link)
{
	struct gb_state_cursor cursor = {
		.value = link,
		.context = cursor_context(import, import->session),
		.issued_ms = gb_clock_wall_ms(),
	};

	return gb_state_cursor_set(import->session->state, name, &cursor, &import->err);
}

static enum gb_rc store_cursors(struct gb_cloud_import *import)
{
	enum gb_rc rc;

	if (import->lost_a_record) {
		return gb_state_cursor_clear(import->session->state, GB_CURSOR_GROUPS,
					     &import->err);
	}
	rc = store_cursor(import, GB_CURSOR_GROUPS, import->groups_link);
	return rc == GB_OK ? store_cursor(import, GB_CURSOR_USERS, import->users_link) : rc;
}

static void stage_cursors(struct gb_cloud_import *import)
{
	import->err.rc = store_cursors(import);
	if (import->err.rc == GB_OK && import->initial) {
		import->err.rc =
			gb_state_cloud_index_members(import->session->state, &import->err);
	}
	deliver(import);
}
