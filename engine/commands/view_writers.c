/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who else may write to groups in the container. */
#include "config.h"

#include "engine/commands/view_writers.h"

#include <stdio.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

void gb_view_writers_json(struct gb_json_writer *w, const struct gb_permissions *found)
{
	gb_json_begin_array(w, "writers");
	for (size_t i = 0; i < found->writer_count; i++) {
		const struct gb_permissions_writer *writer = &found->writers[i];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "name", writer->name);
		gb_json_put_text(w, "ace", writer->ace);
		gb_json_put_bool(w, "administrator", writer->is_administrator);
		gb_json_put_bool(w, "inherited", writer->is_inherited);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

void gb_view_writers_print(const struct gb_permissions *found)
{
	puts(_("Who else may create, change or delete groups there:"));
	for (size_t i = 0; i < found->writer_count; i++) {
		const struct gb_permissions_writer *writer = &found->writers[i];
		char *ace = gb_text_display(NULL, writer->ace);

		printf("  %-28s %s%s\n", gb_text_display(ace, writer->name), ace,
		       writer->is_administrator ? _(" (administrators)") : "");
		talloc_free(ace);
	}
}
