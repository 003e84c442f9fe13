/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers files: reading and writing. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/buffer.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/scan.h"
#include "engine/config/value.h"
#include "wizard/answers.h"
#include "wizard/field.h"

/* Vocabulary ----------------------------------------------------------------------------------- */

static bool is_known(const struct wz_field *field)
{
	return wz_field_has_value(field) && !(field->flags & WZ_BY_HAND);
}

/* The next known field of any page behind *page, *field; false at the end. */
static bool next_field(const struct wz *wz, size_t *page, const struct wz_field **field)
{
	while (*page < wz->page_count) {
		*field = *field ? *field + 1 : wz->pages[*page]->fields;
		if ((*field)->kind == WZ_END) {
			(*page)++;
			*field = NULL;
		} else if (is_known(*field)) {
			return true;
		}
	}
	return false;
}

static const struct wz_field *find_field(const struct wz *wz, const char *section, const char *name)
{
	char *wanted = gb_printf(NULL, "%s.%s", section, name);
	const struct wz_field *field = NULL;
	size_t page = 0;
	bool found = false;

	while (!found && next_field(wz, &page, &field)) {
		found = gb_text_equal_nocase(field->name, wanted);
	}
	talloc_free(wanted);
	return found ? field : NULL;
}

static bool has_section(const void *data, const char *section)
{
	const struct wz_field *field = NULL;
	size_t length = strlen(section);
	size_t page = 0;

	while (next_field(data, &page, &field)) {
		char *begin = gb_strndup(NULL, field->name, strcspn(field->name, "."));
		bool is = strlen(begin) == length && gb_text_equal_nocase(begin, section);

		talloc_free(begin);
		if (is) {
			return true;
		}
	}
	return false;
}

static bool has_key(const void *data, const char *section, const char *name)
{
	return find_field(data, section, name) != NULL;
}

/* Reading -------------------------------------------------------------------------------------- */

static enum gb_rc check_entry(const struct wz *wz, const struct gb_config_entry *entry,
			      struct gb_err *err)
{
	const struct wz_field *field = find_field(wz, entry->section, entry->name);

	if (entry->key) {
		struct gb_config *scratch = gb_config_new(NULL);
		enum gb_rc rc = gb_config_set(scratch, entry->key, entry->text, err);

		talloc_free(scratch);
		return rc;
	}
	return wz_field_check_type(field, entry->text, err);
}

static void check_entries(const struct wz *wz, const struct gb_config_scan *scan, const char *name,
			  struct gb_config_problems *problems)
{
	for (size_t i = 0; i < scan->count; i++) {
		const struct gb_config_entry *entry = &scan->entries[i];
		struct gb_err err;

		gb_err_clear(&err);
		if (check_entry(wz, entry, &err) != GB_OK) {
			gb_err_prefix(&err, "%s:%zu:%zu", name, entry->line, entry->column);
			gb_config_problems_add(problems, &err);
		}
	}
}

static void take_entries(struct wz *wz, const struct gb_config_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++) {
		const struct gb_config_entry *entry = &scan->entries[i];
		const struct wz_field *field = find_field(wz, entry->section, entry->name);
		char *name = gb_printf(NULL, "%s.%s", entry->section, entry->name);

		/* A name is spelt in one way in the draft: as the page spells it. */
		wz_draft_set(wz->draft, field ? field->name : name, entry->text);
		talloc_free(name);
	}
}

enum gb_rc wz_answers_read(struct wz *wz, const char *path, struct gb_config_problems *problems)
{
	const struct gb_config_vocabulary more = {has_section, has_key, wz};
	void *tmp = gb_new_tmp(NULL);
	struct gb_config_scan *scan;
	struct gb_err err;
	char *bytes;
	size_t length;

	gb_err_clear(&err);
	if (gb_file_read_trusted(tmp, path, GB_CONFIG_MAX_BYTES, &bytes, &length, &err) != GB_OK) {
		gb_config_problems_add(problems, &err);
		talloc_free(tmp);
		return problems->items[0].rc;
	}
	scan = gb_config_scan_more(tmp, bytes, length, path, &more, problems);
	check_entries(wz, scan, path, problems);
	if (problems->total == 0) {
		take_entries(wz, scan);
	}
	talloc_free(tmp);
	return problems->total == 0 ? GB_OK : GB_E_CONFIG;
}

/* Secrets --------------------------------------------------------------------------------------- */

static const struct wz_field *find_secret(const struct wz *wz, const char *name)
{
	for (size_t page = 0; page < wz->page_count; page++) {
		const struct wz_field *field = wz->pages[page]->fields;

		for (; field->kind != WZ_END; field++) {
			if (field->kind == WZ_SECRET && strncmp(field->name, "secret.", 7) == 0 &&
			    strcmp(field->name + 7, name) == 0) {
				return field;
			}
		}
	}
	return NULL;
}

static enum gb_rc refuse_name(const struct wz *wz, const char *name, struct gb_err *err)
{
	struct gb_buffer *known = gb_buffer_new(NULL);
	char *shown = gb_text_display(known, name);

	for (size_t page = 0; page < wz->page_count; page++) {
		const struct wz_field *field = wz->pages[page]->fields;

		for (; field->kind != WZ_END; field++) {
			if (field->kind == WZ_SECRET) {
				gb_buffer_add_format(known, "%s%s", known->length ? ", " : "",
						     field->name + 7);
			}
		}
	}
	gb_err_set(err, GB_E_USAGE, "secret-unknown", _("There is no secret \"%s\"."), shown);
	gb_err_remedy(err, _("Use one of: %s."), known->text);
	talloc_free(known);
	return GB_E_USAGE;
}

static enum gb_rc read_secret(struct wz *wz, const char *spec, struct gb_err *err)
{
	size_t length = strcspn(spec, "=");
	char *name = gb_strndup(NULL, spec, length);
	const struct wz_field *field = find_secret(wz, name);
	struct gb_secret *secret;
	enum gb_rc rc;

	if (!field) {
		rc = refuse_name(wz, name, err);
	} else {
		rc = gb_secret_read_file(NULL, spec + length + 1, &secret, err);
	}
	if (rc == GB_OK) {
		wz_draft_set_secret(wz->draft, field->name, secret);
	}
	talloc_free(name);
	return rc;
}

/* systemd.exec(5), CREDENTIALS. */
static enum gb_rc read_credential(struct wz *wz, const struct wz_field *field, const char *folder,
				  struct gb_err *err)
{
	char *spec = gb_printf(NULL, "%s=%s/%s", field->name + 7, folder, field->name + 7);
	enum gb_rc rc = GB_OK;

	if (!wz_secret(wz, field->name) && access(strchr(spec, '=') + 1, F_OK) == 0) {
		rc = read_secret(wz, spec, err);
	}
	talloc_free(spec);
	return rc;
}

enum gb_rc wz_answers_read_secrets(struct wz *wz, const char *const *specs, size_t count,
				   struct gb_err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	for (size_t i = 0; i < count; i++) {
		if (read_secret(wz, specs[i], err) != GB_OK) {
			return err->rc;
		}
	}
	for (size_t page = 0; folder && folder[0] == '/' && page < wz->page_count; page++) {
		const struct wz_field *field = wz->pages[page]->fields;

		for (; field->kind != WZ_END; field++) {
			if (field->kind == WZ_SECRET &&
			    read_credential(wz, field, folder, err) != GB_OK) {
				return err->rc;
			}
		}
	}
	return GB_OK;
}

/* Writing --------------------------------------------------------------------------------------- */

static void put_section(struct gb_buffer *out, const char *name, char **section)
{
	size_t length = strcspn(name, ".");

	if (!*section || strlen(*section) != length || strncmp(*section, name, length) != 0) {
		talloc_free(*section);
		*section = gb_strndup(out, name, length);
		gb_buffer_add_format(out, "\n[%s]\n", *section);
	}
}

/* Comments are not translated: whoever reads the file next may use another language. */
static void put_line(struct gb_buffer *out, const char *help, const char *key, const char *value)
{
	if (help && help[0] != '\0') {
		gb_buffer_add_format(out, "# %s\n", help);
	}
	gb_buffer_add_format(out, "%s = \"%s\"\n", key, value);
}

static void put_keys(struct gb_buffer *out, const struct wz *wz, char **section)
{
	struct gb_config *config = wz_draft_config(out, wz->draft);
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	for (size_t i = 0; i < count; i++) {
		char *value = gb_config_get(config, config, &keys[i]);

		if (value) {
			put_section(out, keys[i].section, section);
			put_line(out, keys[i].help, keys[i].name, value);
		}
	}
}

/* A value with a quote in it cannot stand in the file; a name that is used once has no place there. */
static bool can_be_written(struct wz *wz, const struct wz_field *field)
{
	const char *value = wz_value(wz, field->name);

	return !wz_draft_key(field->name) && strncmp(field->name, "once.", 5) != 0 &&
	       value[0] != '\0' && !strchr(value, '"');
}

char *wz_answers_text(const void *ctx, struct wz *wz)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	const struct wz_field *field = NULL;
	char *section = NULL;
	size_t page = 0;

	gb_buffer_add_text(out,
			   "# Answers for groupback-wizard --answers FILE. No secret is in it: "
			   "see --secret-file.\n");
	put_keys(out, wz, &section);
	while (next_field(wz, &page, &field)) {
		if (can_be_written(wz, field)) {
			put_section(out, field->name, &section);
			put_line(out, field->help, strchr(field->name, '.') + 1,
				 wz_value(wz, field->name));
		}
	}
	return gb_buffer_steal(ctx, out);
}

enum gb_rc wz_save_answers(struct wz *wz, const char *path, struct gb_err *err)
{
	char *text = wz_answers_text(NULL, wz);
	enum gb_rc rc = gb_file_write_atomic(path, text, strlen(text), 0600, err);

	talloc_free(text);
	return rc;
}
