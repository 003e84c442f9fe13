/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Print: a change as lines of a readable diff. */
#include "config.h"

#include "engine/plan/print.h"

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/cause.h"

static const char *safe(const void *tmp, const char *text)
{
	return gb_text_display(tmp, text);
}

static const char *name_of(const void *tmp, const struct gb_change *change)
{
	char id[GB_GUID_TEXT_BYTES];

	return change->name ? gb_printf(tmp, "\"%s\"", safe(tmp, change->name))
			    : gb_strdup(tmp, gb_guid_format(&change->cloud_id, id));
}

static const char *value_of(const void *tmp, const char *value)
{
	return value ? gb_printf(tmp, "\"%s\"", safe(tmp, value)) : _("(nothing)");
}

static void add_members(struct gb_buffer *out, const void *tmp, char sign,
			const struct gb_change *change)
{
	char *count = gb_printf(tmp, P_("%zu member", "%zu members", change->member_count),
				change->member_count);

	gb_buffer_add_format(out, "%c %s %s\n", sign, name_of(tmp, change), count);
}

static void add_create(struct gb_buffer *out, const void *tmp, const struct gb_change *change)
{
	gb_buffer_add_format(out, "+ %s %s  %s\n", _("group"), name_of(tmp, change),
			     safe(tmp, change->dn));
	for (size_t i = 0; i < change->value_count; i++) {
		gb_buffer_add_format(out, "    %s: %s\n", change->values[i].attribute,
				     safe(tmp, change->values[i].value));
	}
	if (change->member_count > 0) {
		add_members(out, tmp, '+', change);
	}
}

static void add_attributes(struct gb_buffer *out, const void *tmp, const struct gb_change *change)
{
	for (size_t i = 0; i < change->value_count; i++) {
		const struct gb_change_value *value = &change->values[i];

		gb_buffer_add_format(out, "~ %s %s: %s → %s\n", name_of(tmp, change),
				     value->attribute, value_of(tmp, value->old_value),
				     value_of(tmp, value->value));
	}
}

static void add_rename(struct gb_buffer *out, const void *tmp, const struct gb_change *change)
{
	gb_buffer_add_format(out, "> %s %s → %s%s%s\n", name_of(tmp, change), safe(tmp, change->dn),
			     safe(tmp, change->new_rdn), change->new_parent ? "," : "",
			     safe(tmp, change->new_parent));
}

static const char *why_it_waits(const struct gb_change *change)
{
	return gb_cause_sentence((enum gb_cause)change->waits);
}

char *gb_print_change(const void *ctx, const struct gb_change *change)
{
	void *tmp = gb_new_tmp(ctx);
	struct gb_buffer *out = gb_buffer_new(ctx);

	switch (change->kind) {
	case GB_CHANGE_CREATE:
		add_create(out, tmp, change);
		break;
	case GB_CHANGE_ATTRIBUTES:
		add_attributes(out, tmp, change);
		break;
	case GB_CHANGE_REMOVE_MEMBERS:
		add_members(out, tmp, '-', change);
		break;
	case GB_CHANGE_ADD_MEMBERS:
		add_members(out, tmp, '+', change);
		break;
	case GB_CHANGE_RENAME:
	case GB_CHANGE_MOVE:
		add_rename(out, tmp, change);
		break;
	case GB_CHANGE_DELETE:
		gb_buffer_add_format(out, "- %s %s  %s\n", _("group"), name_of(tmp, change),
				     safe(tmp, change->dn));
		break;
	}
	if (change->waits) {
		gb_buffer_add_format(out, "    ! %s\n", why_it_waits(change));
	}
	talloc_free(tmp);
	return gb_buffer_steal(ctx, out);
}
