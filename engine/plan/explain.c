/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Explain: a note of the planner in sentences. */
#include "config.h"

#include "engine/plan/explain.h"

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* The first part of the explanation; the cause follows. */
static const char *action_sentence(const struct gb_plan_note *note)
{
	switch (note->decision.action) {
	case GB_DECIDE_CREATE:
		return _("The group will be created.");
	case GB_DECIDE_UPDATE:
		return note->changes == 0 ? _("The group is written as it should be.")
					  : _("The group will be changed.");
	case GB_DECIDE_FREEZE:
		return note->object_no == 0 || !note->dn
			       ? _("The group should be written, but is not.")
			       : _("The group is written and left as it is.");
	case GB_DECIDE_DISABLE:
		return note->changes == 0 ? _("The group is disabled: it gives no access.")
					  : _("The group will be disabled: it keeps its SID and "
					      "gives no access any more.");
	case GB_DECIDE_DELETE:
		return _("The group will be deleted.");
	case GB_DECIDE_SKIP:
		break;
	}
	return _("The group is not written.");
}

char *gb_explain_decision(const void *ctx, const struct gb_plan_note *note)
{
	char *text = gb_printf(ctx, "%s %s", action_sentence(note),
			       gb_cause_sentence(note->decision.cause));

	if (note->holders) {
		char *holders = gb_text_display(text, note->holders);

		text = gb_mem_check(talloc_strdup_append_buffer(text, " "));
		text = gb_mem_check(talloc_asprintf_append_buffer(
			text, _("Groups outside the container that have it as a member: %s."),
			holders));
	}
	if (note->fight_over && note->decision.cause == GB_CAUSE_FIGHT) {
		char *what = gb_text_display(text, note->fight_over);

		text = gb_mem_check(talloc_strdup_append_buffer(text, " "));
		text = gb_mem_check(
			talloc_asprintf_append_buffer(text, _("It is about: %s."), what));
	}
	return text;
}

static void add_sentence(struct gb_buffer *out, const char *sentence)
{
	if (out->length > 0) {
		gb_buffer_add_char(out, ' ');
	}
	gb_buffer_add_text(out, sentence);
}

static int64_t sum_unmatched(const struct gb_plan_note *note)
{
	int64_t sum = 0;

	for (size_t i = 0; note->unmatched && i < GB_CAUSE_MEMBER_COUNT; i++) {
		sum += note->unmatched[i];
	}
	return sum;
}

static void add_listed(struct gb_buffer *out, const struct gb_plan_note *note)
{
	char *text = gb_printf(
		out,
		P_("The cloud lists %lld member.", "The cloud lists %lld members.", note->listed),
		(long long)note->listed);

	add_sentence(out, text);
	talloc_free(text);
}

static void add_unmatched(struct gb_buffer *out, const struct gb_plan_note *note)
{
	int64_t sum = sum_unmatched(note);
	char *text;

	if (sum == 0) {
		return;
	}
	text = gb_printf(out,
			 P_("%lld member is not written:", "%lld members are not written:", sum),
			 (long long)sum);
	add_sentence(out, text);
	talloc_free(text);
	for (unsigned i = 0; i < GB_CAUSE_MEMBER_COUNT; i++) {
		if (note->unmatched[i] > 0) {
			gb_buffer_add_format(out, " (%lld) %s", (long long)note->unmatched[i],
					     gb_cause_sentence(GB_CAUSE_MEMBER_FIRST + i));
		}
	}
}

static void add_remark(struct gb_buffer *out, const struct gb_plan_note *note)
{
	if (note->remark != GB_CAUSE_NONE) {
		add_sentence(out, gb_cause_sentence(note->remark));
	}
}

static void add_held(struct gb_buffer *out, const struct gb_plan_note *note)
{
	int64_t held = note->members.held;
	char *text;

	if (held == 0) {
		return;
	}
	add_sentence(out, gb_cause_sentence(note->held_cause));
	text = gb_printf(out,
			 P_("%lld removal is held back.", "%lld removals are held back.", held),
			 (long long)held);
	add_sentence(out, text);
	talloc_free(text);
}

static void add_unidentified(struct gb_buffer *out, const struct gb_plan_note *note)
{
	int64_t count = note->members.unidentified;
	char *text;

	if (count == 0) {
		return;
	}
	text = gb_printf(out,
			 P_("%lld member in the directory cannot be identified and stays.",
			    "%lld members in the directory cannot be identified and stay.", count),
			 (long long)count);
	add_sentence(out, text);
	talloc_free(text);
}

char *gb_explain_members(const void *ctx, const struct gb_plan_note *note)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	add_remark(out, note);
	if (note->listed > 0) {
		add_listed(out, note);
		add_unmatched(out, note);
	}
	add_held(out, note);
	add_unidentified(out, note);
	return gb_buffer_steal(ctx, out);
}

char *gb_explain_note(const void *ctx, const struct gb_plan_note *note)
{
	void *tmp = gb_new_tmp(ctx);
	const char *members = gb_explain_members(tmp, note);
	char id[GB_GUID_TEXT_BYTES];
	const char *name =
		note->name ? gb_text_display(tmp, note->name) : gb_guid_format(&note->cloud_id, id);
	char *line = gb_printf(ctx, "%s: %s%s%s", name, gb_explain_decision(tmp, note),
			       *members == '\0' ? "" : " ", members);

	talloc_free(tmp);
	return line;
}
