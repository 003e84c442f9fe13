/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A group as people name it. */
#include "config.h"

#include "engine/sync/find_group.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/state/streams.h"

struct search {
	const char *word;
	struct gb_guid id; /* if the word is one */
	bool is_id;
	char *lower; /* the word as it is compared with names */
	size_t hits;
	struct gb_guid other; /* the second hit */
};

static const char *name_of(const struct gb_state_group *group)
{
	return group->cloud != NULL ? group->cloud->group.display_name
				    : group->directory->object.display_name;
}

static struct gb_guid id_of(const struct gb_state_group *group)
{
	return group->cloud != NULL ? group->cloud->group.id : group->directory->cloud_id;
}

static bool is_meant(const struct search *search, const struct gb_state_group *group)
{
	struct gb_guid id = id_of(group);
	const char *name = name_of(group);
	char *lower;
	bool same;

	if (search->is_id) {
		return gb_guid_compare(&id, &search->id) == 0;
	}
	if (name == NULL) {
		return false;
	}
	lower = gb_text_lower(NULL, name);
	same = strcmp(lower, search->lower) == 0;
	talloc_free(lower);
	return same;
}

static void take(const void *ctx, struct search *search, const struct gb_state_group *group,
		 struct gb_found_group *ret_found)
{
	if (search->hits++ > 0) {
		search->other = id_of(group);
		return;
	}
	*ret_found = (struct gb_found_group){.id = id_of(group),
					     .cloud_no = group->cloud_no,
					     .object_no = group->object_no,
					     .name = gb_strdup(ctx, name_of(group))};
}

static enum gb_rc refuse(const struct search *search, const struct gb_found_group *first,
			 struct gb_err *err)
{
	char one[GB_GUID_TEXT_BYTES];
	char two[GB_GUID_TEXT_BYTES];
	char *shown = gb_text_display(NULL, search->word);

	if (search->hits == 0) {
		gb_err_set(err, GB_E_USAGE, "group-unknown",
			   _("No group is known with the id or name \"%s\"."), shown);
		gb_err_remedy(err, _("Name it by its object id, as the cloud shows it."));
	} else {
		gb_err_set(err, GB_E_USAGE, "group-ambiguous",
			   _("Several groups are called \"%s\", among them %s and %s."), shown,
			   gb_guid_format(&first->id, one), gb_guid_format(&search->other, two));
		gb_err_remedy(err, _("Name it by its object id."));
	}
	talloc_free(shown);
	return GB_E_USAGE;
}

enum gb_rc gb_find_group(const void *ctx, struct gb_state *state, const char *word,
			 struct gb_found_group *ret_found, struct gb_err *err)
{
	void *tmp = gb_new_tmp(ctx);
	struct search search = {.word = word, .lower = gb_text_lower(tmp, word)};
	struct gb_state_groups_iter *iter = gb_state_groups_begin(tmp, state, GB_GROUPS_ALL);
	const struct gb_state_group *group;
	enum gb_rc rc;

	search.is_id = gb_guid_parse(word, &search.id);
	while ((rc = gb_state_groups_next(iter, &group, err)) == GB_OK && group != NULL) {
		if (is_meant(&search, group)) {
			take(ctx, &search, group, ret_found);
		}
	}
	gb_state_groups_end(iter);
	if (rc == GB_OK && search.hits != 1) {
		rc = refuse(&search, ret_found, err);
	}
	talloc_free(tmp);
	return rc;
}
