/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drift in words. */
#include "config.h"

#include "engine/sync/drift.h"

#include "engine/base/i18n.h"
#include "engine/base/text.h"
#include "engine/state/directory_space.h"

/** Members that a notice of drift names. */
#define NAMED_MEMBERS 3

static enum gb_rc add_member_names(struct gb_buffer *out, struct gb_state *state,
				   const struct gb_change *change, struct gb_err *err)
{
	for (size_t i = 0; i < change->member_count && i < NAMED_MEMBERS; i++) {
		struct gb_state_ref ref;
		enum gb_rc rc = gb_state_directory_ref(out, state, change->members[i], &ref, err);

		if (rc != GB_OK) {
			return rc;
		}
		gb_buffer_add_format(out, "%s\"%s\"", i == 0 ? " " : ", ",
				     gb_text_display(out, ref.dn ? ref.dn : "?"));
	}
	gb_buffer_add_text(out, change->member_count > NAMED_MEMBERS ? ", …." : ".");
	return GB_OK;
}

static void add_values(struct gb_buffer *out, const struct gb_change *change)
{
	for (size_t i = 0; i < change->value_count; i++) {
		const struct gb_change_value *value = &change->values[i];

		gb_buffer_add_format(
			out, _("%s%s was \"%s\"."), i == 0 ? "" : " ", value->attribute,
			gb_text_display(out, value->old_value ? value->old_value : ""));
	}
}

enum gb_rc gb_drift_describe(struct gb_buffer *out, struct gb_state *state,
			     const struct gb_change *change, struct gb_err *err)
{
	if (out->length > 0) {
		gb_buffer_add_char(out, ' ');
	}
	switch (change->kind) {
	case GB_CHANGE_CREATE:
		gb_buffer_add_text(out, _("It had been deleted."));
		return GB_OK;
	case GB_CHANGE_ATTRIBUTES:
		add_values(out, change);
		return GB_OK;
	case GB_CHANGE_ADD_MEMBERS:
		gb_buffer_add_format(out, _("%zu members were missing:"), change->member_count);
		return add_member_names(out, state, change, err);
	case GB_CHANGE_REMOVE_MEMBERS:
		gb_buffer_add_format(out, _("%zu members were too many:"), change->member_count);
		return add_member_names(out, state, change, err);
	case GB_CHANGE_RENAME:
	case GB_CHANGE_MOVE:
	case GB_CHANGE_DELETE:
		gb_buffer_add_format(out, _("It stood at \"%s\"."),
				     gb_text_display(out, change->dn));
		return GB_OK;
	}
	return GB_OK;
}

static void add_name(struct gb_buffer *out, const char *name)
{
	if (out->length > 0) {
		gb_buffer_add_text(out, ", ");
	}
	gb_buffer_add_text(out, name);
}

void gb_drift_name(struct gb_buffer *out, const struct gb_change *change)
{
	switch (change->kind) {
	case GB_CHANGE_ATTRIBUTES:
		for (size_t i = 0; i < change->value_count; i++) {
			add_name(out, change->values[i].attribute);
		}
		break;
	case GB_CHANGE_ADD_MEMBERS:
	case GB_CHANGE_REMOVE_MEMBERS:
		add_name(out, "member");
		break;
	case GB_CHANGE_RENAME:
		add_name(out, "cn");
		break;
	case GB_CHANGE_MOVE:
		add_name(out, _("its place"));
		break;
	case GB_CHANGE_CREATE:
	case GB_CHANGE_DELETE:
		add_name(out, _("its being there"));
		break;
	}
}
