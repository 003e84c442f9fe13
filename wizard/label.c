/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings as people know them: by the labels and words of the pages that edit them. */
#include "config.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/field.h"
#include "wizard/session.h"

static bool is_wanted(struct wz *wz, const struct wz_page *page)
{
	return !page->wanted || page->wanted(wz);
}

/* A value may have a field on several pages: that of a page which the walk comes by goes first. */
static const struct wz_page *page_of(struct wz *wz, const char *name)
{
	const struct wz_page *found = NULL;

	for (size_t i = 0; i < wz->page_count; i++) {
		const struct wz_page *page = wz->pages[i];

		if (i == wz->current || !wz_page_field(page, name)) {
			continue;
		}
		if (is_wanted(wz, page)) {
			return page;
		}
		found = found ? found : page;
	}
	return found;
}

const char *wz_page_of(struct wz *wz, const char *name)
{
	const struct wz_page *page = page_of(wz, name);

	return page ? page->id : NULL;
}

static const struct wz_field *field_of(struct wz *wz, const char *name)
{
	const struct wz_page *page = page_of(wz, name);

	return wz_page_field(page ? page : wz_session_page(wz), name);
}

char *wz_label(const void *ctx, struct wz *wz, const char *name)
{
	const struct wz_field *field = field_of(wz, name);
	size_t section = strcspn(name, ".");

	if (!field) {
		return gb_printf(ctx, "[%.*s] %s", (int)section, name,
				 name[section] ? name + section + 1 : "");
	}
	return gb_strdup(ctx, field->alone ? _(field->alone) : wz_field_label(field));
}

/* Of several words the label of each; what is no option stays as it stands there. */
static char *option_labels(const void *ctx, const struct wz_field *field, const char *value)
{
	struct gb_buffer *labels = gb_buffer_new(ctx);
	struct wz_option option;

	for (size_t i = 0; wz_field_option(field, i, &option); i++) {
		if (wz_field_holds_word(value, option.word)) {
			gb_buffer_add_format(labels, "%s%s", labels->length ? ", " : "",
					     option.label);
		}
	}
	if (labels->length == 0) {
		gb_buffer_add_text(labels, value);
	}
	return gb_buffer_steal(ctx, labels);
}

char *wz_shown_as(const void *ctx, struct wz *wz, const char *name, const char *value)
{
	const struct wz_field *field = field_of(wz, name);

	if (!value) {
		return gb_strdup(ctx, _("not set"));
	}
	if (!field) {
		return gb_strdup(ctx, value);
	}
	switch ((int)field->kind) {
	case WZ_CHECK:
		return gb_strdup(ctx, strcmp(value, wz_field_check_word(field, true)) == 0
					      ? _("yes")
					      : _("no"));
	case WZ_CHOICE:
	case WZ_FLAGS:
		return option_labels(ctx, field, value);
	default:
		return gb_strdup(ctx, value);
	}
}
