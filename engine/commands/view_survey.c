/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A survey of what other tools made. */
#include "config.h"

#include "engine/commands/view_survey.h"

#include <stdio.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

static void put_texts(struct gb_json_writer *w, const char *key, const char *const *texts,
		      size_t count)
{
	gb_json_begin_array(w, key);
	for (size_t i = 0; i < count; i++) {
		gb_json_put_text(w, NULL, texts[i]);
	}
	gb_json_end_array(w);
}

static void put_who(struct gb_json_writer *w, const struct gb_survey_group *group)
{
	char id[GB_GUID_TEXT_BYTES];

	gb_json_put_text(w, "group", gb_guid_format(&group->id, id));
	gb_json_put_text(w, "name", group->name);
	gb_json_put_text(w, "dn", group->dn);
	gb_json_put_text(w, "maker", gb_maker_id(group->maker));
}

static void put_matched(struct gb_json_writer *w, const struct gb_survey_group *group)
{
	gb_json_begin_object(w, NULL);
	put_who(w, group);
	put_texts(w, "attributes", group->attributes, group->attribute_count);
	gb_json_put_text(w, "newRdn", group->new_rdn);
	gb_json_put_int(w, "added", group->added);
	put_texts(w, "removed", group->removed, group->removed_count);
	gb_json_put_text(w, "waits",
			 group->waits != GB_CAUSE_NONE ? gb_cause_id(group->waits) : NULL);
	gb_json_end_object(w);
}

static void put_left(struct gb_json_writer *w, const struct gb_survey_group *group)
{
	gb_json_begin_object(w, NULL);
	put_who(w, group);
	gb_json_put_text(w, "cause", gb_cause_id(group->left));
	gb_json_put_text(w, "text", gb_cause_sentence(group->left));
	gb_json_end_object(w);
}

static void put_groups(struct gb_json_writer *w, const char *key, const struct gb_survey *survey,
		       bool left)
{
	gb_json_begin_array(w, key);
	for (const struct gb_survey_group *g = survey->groups; g != NULL; g = g->hh.next) {
		if (left && g->left != GB_CAUSE_NONE) {
			put_left(w, g);
		} else if (!left && g->left == GB_CAUSE_NONE) {
			put_matched(w, g);
		}
	}
	gb_json_end_array(w);
}

void gb_view_survey_json(struct gb_json_writer *w, const struct gb_survey *survey)
{
	put_groups(w, "matched", survey, false);
	put_groups(w, "left", survey, true);
	put_texts(w, "strangers", survey->strangers, survey->stranger_count);
	gb_json_put_int(w, "takenBefore", survey->taken);
}

/* For people. What came from outside goes through the display sanitizer. */

static void print_safe(const char *indent, const char *text)
{
	char *shown = gb_text_display(NULL, text);

	printf("%s%s\n", indent, shown);
	talloc_free(shown);
}

static void print_who(const struct gb_survey_group *group)
{
	char id[GB_GUID_TEXT_BYTES];
	char *name =
		gb_text_display(NULL, group->name ? group->name : gb_guid_format(&group->id, id));
	char *dn = gb_text_display(NULL, group->dn ? group->dn : "");

	printf("  \"%s\"  %s  (%s)\n", name, dn, gb_maker_name(group->maker));
	talloc_free(name);
	talloc_free(dn);
}

static void print_attributes(const struct gb_survey_group *group)
{
	if (group->attribute_count == 0) {
		return;
	}
	printf("      %s:", _("changes"));
	for (size_t i = 0; i < group->attribute_count; i++) {
		printf("%s %s", i == 0 ? "" : ",", group->attributes[i]);
	}
	putchar('\n');
}

static void print_members(const struct gb_survey_group *group)
{
	if (group->added > 0) {
		printf(P_("      gets %lld member\n", "      gets %lld members\n",
			  (unsigned long)group->added),
		       (long long)group->added);
	}
	if (group->removed_count > 0) {
		printf(P_("      loses %zu member:\n", "      loses %zu members:\n",
			  group->removed_count),
		       group->removed_count);
	}
	for (size_t i = 0; i < group->removed_count; i++) {
		print_safe("        - ", group->removed[i]);
	}
}

static void print_matched(const struct gb_survey_group *group)
{
	print_who(group);
	print_attributes(group);
	if (group->new_rdn != NULL) {
		char *indent = gb_printf(NULL, "      %s: ", _("is renamed to"));

		print_safe(indent, group->new_rdn);
		talloc_free(indent);
	}
	print_members(group);
	if (group->waits != GB_CAUSE_NONE) {
		printf("      ! %s\n", gb_cause_sentence(group->waits));
	}
}

static size_t count_groups(const struct gb_survey *survey, bool left)
{
	size_t count = 0;

	for (const struct gb_survey_group *g = survey->groups; g != NULL; g = g->hh.next) {
		count += left == (g->left != GB_CAUSE_NONE);
	}
	return count;
}

static void print_all_matched(const struct gb_survey *survey, bool done)
{
	printf(done ? _("Groups of other tools that were taken over: %zu\n")
		    : _("Groups of other tools that can be taken over: %zu\n"),
	       count_groups(survey, false));
	for (const struct gb_survey_group *g = survey->groups; g != NULL; g = g->hh.next) {
		if (g->left == GB_CAUSE_NONE) {
			print_matched(g);
		}
	}
}

static void print_all_left(const struct gb_survey *survey)
{
	size_t count = count_groups(survey, true);

	if (count == 0) {
		return;
	}
	printf(_("Groups of other tools that are left as they are: %zu\n"), count);
	for (const struct gb_survey_group *g = survey->groups; g != NULL; g = g->hh.next) {
		if (g->left != GB_CAUSE_NONE) {
			print_who(g);
			printf("      ! %s\n", gb_cause_sentence(g->left));
		}
	}
}

void gb_view_survey_print(const struct gb_survey *survey, bool done)
{
	print_all_matched(survey, done);
	print_all_left(survey);
	if (survey->stranger_count > 0) {
		printf(_("Groups there without an anchor, which groupback never touches: %zu\n"),
		       survey->stranger_count);
	}
	for (size_t i = 0; i < survey->stranger_count; i++) {
		print_safe("  ", survey->strangers[i]);
	}
	if (survey->taken > 0) {
		printf(_("Taken over earlier: %lld\n"), (long long)survey->taken);
	}
}
