/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The effect of the first cycle, counted by a dry run. */
#include "config.h"

#include "pages/effect.h"

#include <string.h>

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"

/** From here on a logon comes near the limit of a token (about 1,010 groups; MS-PAC, KB 328889). */
#define MANY_GROUPS 900

/** Rows that there can be. */
#define MAX_ROWS 16

struct row {
	const char *mark;
	const char *label;
	char *text;
	enum wz_tone tone;
};

struct wz_effect {
	bool is_known;
	struct wz_effect_counts counts;
	char *person; /* who would be in most groups */
	char *digest; /* of the plan; or NULL */
	char *list;
	struct row rows[MAX_ROWS];
	size_t row_count;
};

struct wz_effect *wz_effect_new(const void *ctx)
{
	struct wz_effect *effect = gb_new(ctx, struct wz_effect);

	wz_effect_begin(effect);
	return effect;
}

void wz_effect_begin(struct wz_effect *effect)
{
	talloc_free_children(effect);
	*effect = (struct wz_effect){.list = gb_strdup(effect, "")};
}

static int64_t number(const struct gb_json *object, const char *key)
{
	int64_t value;

	return object && gb_json_get_int(object, key, &value) ? value : 0;
}

static const char *text(const struct gb_json *object, const char *key)
{
	const char *value = object ? gb_json_get_text(object, key) : NULL;

	return value ? value : "";
}

/* Kinds of change as docs/probe.md names them, and what a person calls them. */
static const char *change_word(const char *change)
{
	static const struct {
		const char *id;
		const char *word;
	} words[] = {
		{"create", N_("create")},           {"attributes", N_("change")},
		{"rename", N_("rename")},           {"add-members", N_("add members")},
		{"remove-members", N_("remove members")}, {"move", N_("move")},
		{"delete", N_("delete")},
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].id, change) == 0) {
			return _(words[i].word);
		}
	}
	return change;
}

void wz_effect_take(struct wz_effect *effect, const struct gb_json *item)
{
	const char *kind = text(item, "kind");
	int64_t members = number(item, "members");

	if (strcmp(kind, "change") == 0 && members > 0) {
		effect->list = gb_mem_check(talloc_asprintf_append(
			effect->list, "%s: %s (%lld)\n", change_word(text(item, "change")),
			text(item, "name"), (long long)members));
	} else if (strcmp(kind, "change") == 0) {
		effect->list = gb_mem_check(talloc_asprintf_append(
			effect->list, "%s: %s\n", change_word(text(item, "change")),
			text(item, "name")));
	} else if (strcmp(kind, "problem") == 0) {
		effect->list = gb_mem_check(talloc_asprintf_append(
			effect->list, "%s: %s\n", text(item, "name"), text(item, "text")));
	}
}

static void add(struct wz_effect *effect, enum wz_tone tone, const char *mark, const char *label,
		char *row_text)
{
	if (effect->row_count < MAX_ROWS) {
		effect->rows[effect->row_count++] = (struct row){mark, label, row_text, tone};
	}
}

static char *groups(struct wz_effect *effect, int64_t count)
{
	return gb_printf(effect, P_("%lld group", "%lld groups", count), (long long)count);
}

static void add_changes(struct wz_effect *effect)
{
	const struct wz_effect_counts *c = &effect->counts;

	add(effect, WZ_PLAIN, "+", _("create"), groups(effect, c->creates));
	add(effect, WZ_PLAIN, "~", _("change"), groups(effect, c->changes));
	add(effect, WZ_PLAIN, "~", _("members"),
	    gb_printf(effect, _("+%lld -%lld"), (long long)c->member_adds,
		      (long long)c->member_removes));
	if (c->renames > 0) {
		add(effect, WZ_WARN, "~", _("rename"), groups(effect, c->renames));
	}
	if (c->moves > 0) {
		add(effect, WZ_WARN, "~", _("move"), groups(effect, c->moves));
	}
	if (c->disables > 0) {
		add(effect, WZ_WARN, "-", _("disable"),
		    gb_printf(effect, P_("%lld group keeps its SID and gives no access any more",
					 "%lld groups keep their SIDs and give no access any more",
					 c->disables),
			      (long long)c->disables));
	}
	add(effect, c->deletes > 0 ? WZ_BAD : WZ_PLAIN, "-", _("delete"),
	    groups(effect, c->deletes));
	if (c->problems > 0) {
		add(effect, WZ_WARN, "!", _("left alone"), groups(effect, c->problems));
	}
}

/* The blast radius: what is right by the rules and still surprises people. */
static void add_second_looks(struct wz_effect *effect)
{
	const struct wz_effect_counts *c = &effect->counts;

	if (c->access > 0) {
		add(effect, WZ_WARN, "!", _("gain access"),
		    gb_printf(effect, P_("%lld group becomes a security group",
					 "%lld groups become security groups", c->access),
			      (long long)c->access));
	}
	if (c->public_groups > 0) {
		add(effect, WZ_WARN, "!", _("public groups"),
		    gb_printf(effect, _("%lld: anybody in the tenant can join, and gets access"),
			      (long long)c->public_groups));
	}
	if (c->most_groups >= MANY_GROUPS) {
		add(effect, WZ_WARN, "!", _("groups of one person"),
		    gb_printf(effect, _("%lld for %s; logon fails above about 1,010"),
			      (long long)c->most_groups, effect->person));
	}
	if (c->deletes > 0 && c->lacks_recycle_bin) {
		add(effect, WZ_WARN, "!", _("Recycle Bin"),
		    gb_strdup(effect, _("is off: a deleted group comes back without members")));
	}
}

/* The limits are there to be looked at: going on from here is the approval that they ask for. */
static void add_guard(struct wz_effect *effect, const struct gb_json *guard)
{
	if (*text(guard, "what") && strcmp(text(guard, "id"), "first-cycle") != 0) {
		add(effect, WZ_WARN, "!", _("above a limit"), gb_strdup(effect, text(guard, "what")));
	}
}

void wz_effect_end(struct wz_effect *effect, const struct gb_json *result)
{
	const struct gb_json *plan = gb_json_get(result, "plan");
	const struct gb_json *largest = gb_json_get(result, "largestMembership");

	effect->is_known = true;
	effect->person = gb_strdup(effect, text(largest, "person"));
	effect->digest = gb_strdup(effect, gb_json_get_text(result, "digest"));
	effect->counts = (struct wz_effect_counts){
		.creates = number(plan, "creates"),
		.changes = number(plan, "attributeChanges"),
		.renames = number(plan, "renames"),
		.access = number(plan, "accessChanges"),
		.disables = number(plan, "disables"),
		.moves = number(plan, "moves"),
		.deletes = number(plan, "deletions"),
		.member_adds = number(plan, "memberAdds"),
		.member_removes = number(plan, "memberRemoves"),
		.problems = number(result, "problems"),
		.public_groups = number(result, "publicGroups"),
		.most_groups = number(largest, "groups"),
		.lacks_recycle_bin = !gb_json_get_bool(result, "recycleBin", true),
	};
	effect->row_count = 0;
	add_changes(effect);
	add_second_looks(effect);
	add_guard(effect, gb_json_get(result, "guard"));
}

const char *wz_effect_digest(const struct wz_effect *effect)
{
	return effect->is_known ? effect->digest : NULL;
}

const struct wz_effect_counts *wz_effect_counts(const struct wz_effect *effect)
{
	return effect->is_known ? &effect->counts : NULL;
}

size_t wz_effect_rows(const struct wz_effect *effect)
{
	return effect->row_count;
}

void wz_effect_row(const void *ctx, const struct wz_effect *effect, size_t i, struct wz_row *ret_row)
{
	const struct row *row = &effect->rows[i];

	(void)ctx;
	ret_row->mark = row->mark;
	ret_row->text = row->label;
	ret_row->note = row->text;
	ret_row->tone = row->tone;
}

char *wz_effect_list(const void *ctx, const struct wz_effect *effect)
{
	return gb_strdup(ctx, effect->list);
}
