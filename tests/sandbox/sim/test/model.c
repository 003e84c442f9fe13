/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was written. */
#include "config.h"

#include "model.h"

#include <string.h>

static enum model_state *state_of(struct model *model, enum model_kind kind, unsigned number)
{
	return kind == MODEL_USER ? &model->user_states[number] : &model->group_states[number];
}

enum model_state model_state(const struct model *model, enum model_kind kind, unsigned number)
{
	return kind == MODEL_USER ? model->user_states[number] : model->group_states[number];
}

bool model_has(const struct model *model, unsigned group, enum model_kind kind, unsigned number)
{
	const struct model_group *links = &model->groups[group];

	return kind == MODEL_USER ? links->has_user[number] : links->has_group[number];
}

void model_link(struct model *model, unsigned group, enum model_kind kind, unsigned number,
		bool is_member)
{
	struct model_group *links = &model->groups[group];

	if (kind == MODEL_USER) {
		links->has_user[number] = is_member;
	} else {
		links->has_group[number] = is_member;
	}
}

void model_move(struct model *model, enum model_kind kind, unsigned number, enum model_state to)
{
	*state_of(model, kind, number) = to;
	if (to != MODEL_GONE) {
		return;
	}
	for (unsigned i = 0; i < MODEL_GROUPS; i++) {
		model_link(model, i, kind, number, false);
	}
	if (kind == MODEL_GROUP) {
		memset(&model->groups[number], 0, sizeof(model->groups[number]));
	}
}

bool model_shows(const struct model *model, unsigned group, enum model_kind kind, unsigned number)
{
	return model_has(model, group, kind, number) &&
	       model_state(model, kind, number) == MODEL_LIVE;
}

unsigned model_count(const struct model *model, enum model_kind kind)
{
	unsigned most = kind == MODEL_USER ? MODEL_USERS : MODEL_GROUPS;
	unsigned count = 0;

	for (unsigned i = 0; i < most; i++) {
		count += model_state(model, kind, i) == MODEL_LIVE;
	}
	return count;
}
