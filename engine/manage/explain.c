/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Explaining one group or member from the state. */
#include "config.h"

#include "engine/manage/explain.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/match.h"
#include "engine/state/streams.h"
#include "engine/sync/find_group.h"
#include "engine/sync/own.h"
#include "engine/sync/selection.h"

struct work {
	const void *ctx;
	struct gb_session *session;
	struct gb_explain_object found; /* the last one that was found */
	struct gb_explanation_item *items;
	size_t count;
	bool flattens; /* they are members of a group whose nested groups are opened */
};

/* A number of matching stands for a rule or for a cause; they do not overlap. */
static enum gb_cause cause_of(int code)
{
	return gb_cause_is_member((enum gb_cause)code) ? (enum gb_cause)code : GB_CAUSE_NONE;
}

/* Nobody is missing where a nested group was opened; with hidden membership it may not be. */
static bool is_flattened(const struct work *work, const struct gb_explain_object *object)
{
	const struct gb_session *session = work->session;
	struct gb_state_cloud_group *group = NULL;
	struct gb_err ignored;
	bool is_open;

	if (!work->flattens || object->type != GB_CLOUD_GROUP ||
	    gb_state_cloud_read_group(work->ctx, session->state, object->no, &group, &ignored) !=
		    GB_OK) {
		return false;
	}
	is_open = !group->group.hidden_membership || session->policy.hidden_membership;
	talloc_free(group);
	return is_open;
}

static enum gb_rc add_item(void *user, const struct gb_explain_object *object)
{
	struct work *work = user;
	struct gb_explanation_item *item;

	work->found = *object;
	work->items = gb_mem_check(talloc_realloc(
		work->ctx, work->items, struct gb_explanation_item, gb_mem_count(work->count + 1)));
	item = &work->items[work->count++];
	*item = (struct gb_explanation_item){
		.id = object->id,
		.type = object->type,
		.name = gb_strdup(work->ctx, object->display_name),
		.cause = is_flattened(work, object) ? GB_CAUSE_MEMBER_FLATTENED
			 : object->object_no == 0   ? cause_of(object->code)
						    : GB_CAUSE_NONE,
		.is_member = object->is_member,
	};
	return GB_OK;
}

static enum gb_rc nobody(const char *text, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, text);

	gb_err_set(err, GB_E_NOT_FOUND, "explain-unknown",
		   _("No group or member \"%s\" is known from the last cycles."), shown);
	talloc_free(shown);
	return gb_err_remedy(err,
			     _("Give its object id, its display name or its account name. "
			       "People are known once they are a member of a group in scope."));
}

static enum gb_rc fill_object(struct work *work, int64_t object_no,
			      struct gb_explanation *explanation, struct gb_err *err)
{
	struct gb_state_directory_object *row;
	char sid[GB_SID_TEXT_BYTES];
	enum gb_rc rc;

	if (object_no == 0) {
		return GB_OK;
	}
	rc = gb_state_directory_read(explanation, work->session->state, object_no, &row, err);
	if (rc == GB_E_NOT_FOUND) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc == GB_OK && row->presence != GB_PRESENCE_SLOT) {
		explanation->dn = row->object.dn;
		explanation->sid = gb_strdup(explanation, gb_sid_format(&row->object.sid, sid));
	}
	return rc;
}

static enum gb_rc fill_group(struct work *work, struct gb_explanation *explanation,
			     struct gb_err *err)
{
	struct gb_state *state = work->session->state;
	const struct gb_state_directory_object *own;
	struct gb_state_group *group;
	enum gb_rc rc = gb_state_group_read(explanation, state, work->found.no, 0, &group, err);

	if (rc == GB_E_NOT_FOUND) {
		gb_err_clear(err);
		return GB_OK;
	}
	if (rc != GB_OK) {
		return rc;
	}
	own = gb_own_object(group);
	if (group->cloud->life == GB_LIFE_LIVE) {
		explanation->scope = gb_scope_check(&work->session->policy, &group->cloud->group,
						    own != NULL ? &own->object.sid : NULL);
	}
	explanation->listed = (int64_t)group->listed;
	explanation->observed = (int64_t)group->observed;
	explanation->members_known = group->cloud->members_known;
	work->flattens = work->session->policy.nesting == GB_NESTING_FLATTEN;
	return gb_state_explain_missing(state, work->found.no, group->object_no, add_item, work,
					err);
}

static enum gb_rc fill(struct work *work, struct gb_explanation *explanation, struct gb_err *err)
{
	struct gb_explain_object about = work->found;
	bool is_group = about.type == GB_CLOUD_GROUP;
	enum gb_rc rc = fill_object(work, about.object_no, explanation, err);

	work->items = NULL;
	work->count = 0;
	if (rc == GB_OK) {
		rc = is_group ? fill_group(work, explanation, err)
			      : gb_state_explain_groups(work->session->state, about.no,
							about.object_no, add_item, work, err);
	}
	explanation->items = work->items;
	explanation->item_count = work->count;
	if (rc == GB_OK && about.object_no != 0) {
		rc = gb_state_explain_change(explanation, work->session->state, about.object_no,
					     !is_group, &explanation->change, err);
	}
	return rc;
}

/* The scope needs no facts of the directory. */
static enum gb_rc open_state(struct gb_session *session, struct gb_err *err)
{
	struct gb_policy_schema schema = {.has_external_id = true};
	char *path = gb_printf(session, "%s/state.db", session->config->paths.state_directory);
	enum gb_rc rc = gb_session_load_files(session, err);

	if (rc == GB_OK) {
		rc = gb_state_open(session, path, GB_STATE_READ_ONLY, &session->state, err);
	}
	if (rc == GB_OK) {
		session->policy = gb_policy_fill(session->config, session->files, &schema);
		rc = gb_selection_read(session, err);
	}
	return rc;
}

/* Whom the state does not find by this spelling may be a group as `sync --group` and `pause` find it. */
static enum gb_rc find(struct work *work, const char *text, struct gb_err *err)
{
	struct gb_state *state = work->session->state;
	struct gb_found_group group = {.cloud_no = 0};
	char id[GB_GUID_TEXT_BYTES];
	enum gb_rc rc = gb_state_explain_find(state, text, add_item, work, err);

	if (rc != GB_OK || work->count > 0) {
		return rc;
	}
	rc = gb_find_group(work->session, state, text, &group, err);
	if (rc == GB_E_USAGE) {
		gb_err_clear(err);
		return GB_OK;
	}
	return rc == GB_OK && group.cloud_no != 0
		       ? gb_state_explain_find(state, gb_guid_format(&group.id, id), add_item, work,
					       err)
		       : rc;
}

static enum gb_rc explain(struct work *work, const char *text,
			  struct gb_explanation **ret_explanation, struct gb_err *err)
{
	struct gb_explanation *explanation;
	enum gb_rc rc = open_state(work->session, err);

	if (rc == GB_OK) {
		rc = find(work, text, err);
	}
	if (rc != GB_OK || work->count > 1) {
		return rc;
	}
	if (work->count == 0) {
		return nobody(text, err);
	}
	explanation = gb_new(work->ctx, struct gb_explanation);
	explanation->id = work->found.id;
	explanation->type = work->found.type;
	explanation->life = work->found.life;
	explanation->name = work->items[0].name;
	explanation->match_code = work->found.code;
	*ret_explanation = explanation;
	return fill(work, explanation, err);
}

enum gb_rc gb_explain(const void *ctx, const struct gb_config *config, const char *text,
		      struct gb_explanation **ret_explanation, struct gb_explain_choice *ret_choice,
		      struct gb_err *err)
{
	struct work work = {.ctx = ctx, .session = gb_session_new(ctx, config)};
	enum gb_rc rc;

	*ret_explanation = NULL;
	rc = explain(&work, text, ret_explanation, err);
	*ret_choice = (struct gb_explain_choice){.items = work.items, .count = work.count};
	return rc;
}
