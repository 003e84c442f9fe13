/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A member list in the making, and its difference to the stored links. */
#include "config.h"

#include "engine/state/member_set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/state/cloud_space.h"
#include "engine/state/directory_space.h"
#include "engine/state/links.h"
#include "engine/state/marks.h"

/** A growing array of numbers; 4 bytes each, since a list may have a million. */
struct numbers {
	uint32_t *items;
	size_t count;
	size_t capacity;
};

struct gb_state_member_set {
	struct gb_state *state;
	enum gb_side side;
	int64_t group_no;
	struct numbers members; /* as they came; sorted by finish */
	struct numbers added;   /* in members, not stored */
	struct numbers removed; /* stored, not in members */
	size_t stored;          /* links that were stored before */
};

static void append(struct gb_state_member_set *set, struct numbers *numbers, int64_t number)
{
	assert(number > 0 && number <= UINT32_MAX);
	if (numbers->count == numbers->capacity) {
		numbers->capacity = numbers->capacity ? 2 * numbers->capacity : 64;
		numbers->items = gb_mem_check(
			talloc_realloc(set, numbers->items, uint32_t, (unsigned)numbers->capacity));
	}
	numbers->items[numbers->count++] = (uint32_t)number;
}

static struct gb_state_member_set *begin(const void *ctx, struct gb_state *state, enum gb_side side,
					 int64_t group_no)
{
	struct gb_state_member_set *set = gb_new(ctx, struct gb_state_member_set);

	set->state = state;
	set->side = side;
	set->group_no = group_no;
	return set;
}

struct gb_state_member_set *gb_state_cloud_members_begin(const void *ctx, struct gb_state *state,
							 int64_t group_no)
{
	return begin(ctx, state, GB_SIDE_CLOUD, group_no);
}

struct gb_state_member_set *gb_state_directory_members_begin(const void *ctx,
							     struct gb_state *state,
							     int64_t group_no)
{
	return begin(ctx, state, GB_SIDE_DIRECTORY, group_no);
}

enum gb_rc gb_state_member_set_add(struct gb_state_member_set *set, int64_t member_no,
				   struct gb_err *err)
{
	if (set->members.count >= GB_STATE_MAX_GROUP_MEMBERS) {
		gb_err_set(err, GB_E_CONSTRAINT, "state-group-too-large",
			   _("A group has more than %u members."), GB_STATE_MAX_GROUP_MEMBERS);
		gb_err_undone(err, _("Its members were not taken over."));
		gb_err_remedy(err, _("Entra writes back at most 250,000; take the group out of "
				     "scope."));
		return GB_E_CONSTRAINT;
	}
	append(set, &set->members, member_no);
	return GB_OK;
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a;
	uint32_t right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void sort_unique(struct numbers *numbers)
{
	size_t kept = 0;

	if (numbers->count == 0) {
		return;
	}
	qsort(numbers->items, numbers->count, sizeof(*numbers->items), compare);
	for (size_t i = 1; i < numbers->count; i++) {
		if (numbers->items[i] != numbers->items[kept]) {
			numbers->items[++kept] = numbers->items[i];
		}
	}
	numbers->count = kept + 1;
}

/* Merge the sorted list with the stored links, which come in the same order. */
static enum gb_rc find_differences(struct gb_state_member_set *set, struct gb_err *err)
{
	struct gb_db_query stored;
	bool has_row = true;
	size_t i = 0;
	enum gb_rc rc = gb_links_query(set->state, set->side, set->group_no, &stored, err);

	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&stored, &has_row, err);
		if (rc == GB_OK && has_row) {
			int64_t number = gb_db_int(&stored, 0);

			set->stored++;
			while (i < set->members.count && set->members.items[i] < number) {
				append(set, &set->added, set->members.items[i++]);
			}
			if (i < set->members.count && set->members.items[i] == number) {
				i++;
			} else {
				append(set, &set->removed, number);
			}
		}
	}
	gb_db_query_end(&stored);
	while (rc == GB_OK && i < set->members.count) {
		append(set, &set->added, set->members.items[i++]);
	}
	return rc;
}

static enum gb_rc store(struct gb_state_member_set *set, const struct numbers *numbers,
			bool present, bool mark_links, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;
	bool changed;

	for (size_t i = 0; i < numbers->count && rc == GB_OK; i++) {
		rc = gb_links_put(set->state, set->side, set->group_no, numbers->items[i], present,
				  &changed, err);
		if (rc == GB_OK && mark_links) {
			rc = gb_links_mark(set->state, set->side, set->group_no, numbers->items[i],
					   present, err);
		}
	}
	return rc;
}

/* What comes with a list that was not known is marked with its group, not link by link. */
static enum gb_rc store_new_list(struct gb_state_member_set *set, struct gb_err *err)
{
	int64_t members[16 * GB_LIST_CHUNK];
	enum gb_rc rc = GB_OK;

	for (size_t at = 0; at < set->added.count && rc == GB_OK;) {
		size_t count = 0;

		while (count < GB_ARRAY_SIZE(members) && at < set->added.count) {
			members[count++] = set->added.items[at++];
		}
		rc = gb_links_change(set->state, set->side, set->group_no, members, count, true,
				     NULL, err);
	}
	return rc == GB_OK && set->side == GB_SIDE_CLOUD
		       ? gb_links_recount_unmatched(set->state, set->group_no, err)
		       : rc;
}

static enum gb_rc mark_whole(struct gb_state_member_set *set, struct gb_err *err)
{
	return set->side == GB_SIDE_CLOUD
		       ? gb_mark_cloud(set->state, set->group_no, GB_DIRTY_MEMBERS, err)
		       : gb_mark_directory(set->state, set->group_no, GB_DIRTY_MEMBERS, err);
}

/* A list that was never read before differs from nothing. */
static enum gb_rc mark_drift(struct gb_state_member_set *set, bool was_known, struct gb_err *err)
{
	bool differs = set->added.count + set->removed.count > 0;

	if (set->side != GB_SIDE_DIRECTORY || !differs || (!was_known && set->stored == 0)) {
		return GB_OK;
	}
	return gb_mark_directory(set->state, set->group_no, GB_DIRTY_DRIFT, err);
}

static enum gb_rc store_differences(struct gb_state_member_set *set, bool was_known,
				    struct gb_err *err)
{
	int64_t difference = (int64_t)set->added.count - (int64_t)set->removed.count;
	enum gb_rc rc = store(set, &set->removed, false, was_known, err);

	if (rc == GB_OK) {
		rc = was_known ? store(set, &set->added, true, true, err)
			       : store_new_list(set, err);
	}
	if (rc == GB_OK) {
		rc = gb_links_count(set->state, set->side, set->group_no, difference, err);
	}
	if (rc == GB_OK && !was_known) {
		rc = mark_whole(set, err);
	}
	if (rc == GB_OK) {
		rc = mark_drift(set, was_known, err);
	}
	if (rc == GB_OK) {
		rc = gb_links_set_known(set->state, set->side, set->group_no, true, err);
	}
	return rc;
}

enum gb_rc gb_state_member_set_finish(struct gb_state_member_set *set, size_t *ret_added,
				      size_t *ret_removed, struct gb_err *err)
{
	bool was_known = false;
	enum gb_rc rc = gb_links_is_known(set->state, set->side, set->group_no, &was_known, err);

	if (rc == GB_OK) {
		sort_unique(&set->members);
		rc = find_differences(set, err);
	}
	if (rc == GB_OK) {
		rc = store_differences(set, was_known, err);
	}
	if (rc == GB_OK && ret_added) {
		*ret_added = set->added.count;
	}
	if (rc == GB_OK && ret_removed) {
		*ret_removed = set->removed.count;
	}
	talloc_free(set);
	return rc;
}
