/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings as one JSON text. */
#include "config.h"

#include "engine/config/settings.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/keys.h"
#include "engine/config/validate.h"
#include "engine/config/value.h"

/*
 * Files that make the settings what they are. What a key of [paths] names is written, and not read; the
 * certificate file has a default, and may not be in use; key files of an agent are of one machine.
 */
static bool names_a_file(const struct gb_config *config, const struct gb_key *key)
{
	bool is_certificate = strcmp(key->name, "certificate file") == 0;

	return key->type == GB_KEY_PATH && strcmp(key->section, "paths") != 0 &&
	       strcmp(key->name, "identity key folder") != 0 &&
	       (!is_certificate || config->cloud.credential == GB_CONFIG_CREDENTIAL_CERTIFICATE);
}

/* "/etc/groupback/x" beside "/etc/groupback/groupback.conf" is "x"; NULL: it lies elsewhere. */
static const char *name_beside(const char *path, const char *config_path)
{
	const char *slash = strrchr(config_path, '/');
	size_t folder = slash != NULL ? (size_t)(slash - config_path) + 1 : 0;

	if (folder == 0 || strncmp(path, config_path, folder) != 0 || path[folder] == '\0' ||
	    strchr(path + folder, '/') != NULL) {
		return NULL;
	}
	return path + folder;
}

/* Writing --------------------------------------------------------------------------------------- */

static void put_values(struct gb_json_writer *w, const struct gb_config *config)
{
	const char *section = "";
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	gb_json_begin_object(w, "settings");
	for (size_t i = 0; i < count; i++) {
		char *value = gb_config_get(w, config, &keys[i]);

		if (strcmp(keys[i].section, section) != 0) {
			if (section[0] != '\0') {
				gb_json_end_object(w);
			}
			section = keys[i].section;
			gb_json_begin_object(w, section);
		}
		if (value != NULL) {
			gb_json_put_text(w, keys[i].name, value);
		}
		talloc_free(value);
	}
	gb_json_end_object(w);
	gb_json_end_object(w);
}

static enum gb_rc no_text(const char *path, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "settings-file", _("The file %s is no text in UTF-8."), path);
	return gb_err_undone(err, _("Nothing was exported."));
}

static bool is_there(const struct gb_settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->file_count; i++) {
		if (strcmp(settings->files[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

/* A file that two keys name is carried once. */
static enum gb_rc collect_file(struct gb_settings *settings, const char *path, const char *name,
			       struct gb_err *err)
{
	struct gb_settings_file *file = &settings->files[settings->file_count];
	size_t length = 0;
	enum gb_rc rc;

	if (is_there(settings, name)) {
		return GB_OK;
	}
	if (settings->file_count == GB_SETTINGS_MAX_FILES) {
		return gb_err_set(err, GB_E_INTERNAL, "settings-files",
				  _("The settings name more files than can be carried."));
	}
	rc = gb_file_read_trusted(settings, path, GB_SETTINGS_MAX_FILE_BYTES, &file->text, &length,
				  err);
	if (rc == GB_OK && !gb_text_is_utf8(file->text, length)) {
		rc = no_text(path, err);
	}
	file->name = gb_strdup(settings, name);
	settings->file_count += rc == GB_OK;
	return rc;
}

static enum gb_rc collect_files(struct gb_settings *settings, const struct gb_config *config,
				const char *config_path, struct gb_buffer *left_out,
				struct gb_err *err)
{
	size_t count;
	const struct gb_key *keys = gb_keys(&count);
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < count && rc == GB_OK; i++) {
		char *path = names_a_file(config, &keys[i]) ? gb_config_get(settings, config, &keys[i])
						    : NULL;
		const char *name = path != NULL ? name_beside(path, config_path) : NULL;

		if (name != NULL) {
			rc = collect_file(settings, path, name, err);
		} else if (path != NULL) {
			gb_buffer_add_format(left_out, "%s\n", path);
		}
	}
	return rc;
}

static void put_files(struct gb_json_writer *w, const struct gb_settings *settings)
{
	gb_json_begin_object(w, "files");
	for (size_t i = 0; i < settings->file_count; i++) {
		gb_json_put_text(w, settings->files[i].name, settings->files[i].text);
	}
	gb_json_end_object(w);
}

enum gb_rc gb_settings_write(const void *ctx, const struct gb_config *config,
			     const char *config_path, char **ret_text, char **ret_left_out,
			     struct gb_err *err)
{
	struct gb_settings *settings = gb_new(NULL, struct gb_settings);
	struct gb_json_writer *w = gb_json_writer_new(settings, true);
	struct gb_buffer *left_out = gb_buffer_new(settings);
	char now[GB_CLOCK_TEXT_BYTES];
	enum gb_rc rc = collect_files(settings, config, config_path, left_out, err);

	if (rc == GB_OK) {
		gb_json_begin_object(w, NULL);
		gb_json_put_int(w, "groupbackSettings", GB_SETTINGS_FORMAT);
		gb_json_put_text(w, "version", PACKAGE_VERSION);
		gb_json_put_text(w, "exported", gb_clock_format(gb_clock_wall_ms(), now));
		put_values(w, config);
		put_files(w, settings);
		gb_json_end_object(w);
		*ret_text = gb_printf(ctx, "%s\n", gb_json_writer_text(w));
		*ret_left_out = gb_buffer_steal(ctx, left_out);
	}
	talloc_free(settings);
	return rc;
}

/* Reading --------------------------------------------------------------------------------------- */

static void problem(struct gb_config_problems *problems, const char *name, const char *what,
		    const char *word)
{
	char *shown = gb_text_display(NULL, word);
	struct gb_err err;

	gb_err_set(&err, GB_E_CONFIG, "settings-unknown", "%s: %s: %s.", name, what, shown);
	gb_config_problems_add(problems, &err);
	talloc_free(shown);
}

static void take_value(struct gb_config *config, const struct gb_key *key,
		       const struct gb_json *value, const char *name,
		       struct gb_config_problems *problems)
{
	const char *text = gb_json_text(value);
	struct gb_err err;

	if (text == NULL) {
		problem(problems, name, _("The value is no text"), key->name);
	} else if (gb_config_set(config, key, text, &err) != GB_OK) {
		gb_err_prefix(&err, "%s", name);
		gb_config_problems_add(problems, &err);
	}
}

static void take_section(struct gb_config *config, const struct gb_json *section, const char *name,
			 struct gb_config_problems *problems)
{
	const char *title = gb_json_name(section);

	if (!gb_key_is_section(title) || gb_json_kind(section) != GB_JSON_OBJECT) {
		problem(problems, name, _("There is no such section"), title);
		return;
	}
	for (const struct gb_json *one = gb_json_first(section); one != NULL;
	     one = gb_json_next(one)) {
		const struct gb_key *key = gb_key_find(title, gb_json_name(one));

		if (key == NULL) {
			problem(problems, name, _("There is no such key"), gb_json_name(one));
		} else {
			take_value(config, key, one, name, problems);
		}
	}
}

/* It is written as root: a file may land beside the configuration, under a name that a key has. */
static bool is_named(const struct gb_config *config, const char *file, const char *config_path)
{
	size_t count;
	const struct gb_key *keys = gb_keys(&count);
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		char *path = names_a_file(config, &keys[i]) ? gb_config_get(NULL, config, &keys[i]) : NULL;
		const char *beside = path != NULL ? name_beside(path, config_path) : NULL;

		found = beside != NULL && strcmp(beside, file) == 0 && file[0] != '.';
		talloc_free(path);
	}
	return found;
}

static void take_file(struct gb_settings *settings, const struct gb_json *one,
		      const char *config_path, const char *name,
		      struct gb_config_problems *problems)
{
	const char *text = gb_json_text(one);
	const char *file = gb_json_name(one);

	if (text == NULL || strlen(text) > GB_SETTINGS_MAX_FILE_BYTES ||
	    settings->file_count == GB_SETTINGS_MAX_FILES ||
	    !is_named(settings->config, file, config_path)) {
		problem(problems, name, _("The file is not one that the settings name"), file);
		return;
	}
	settings->files[settings->file_count++] = (struct gb_settings_file){
		.name = gb_strdup(settings, file), .text = gb_strdup(settings, text)};
}

static void take_members(struct gb_settings *settings, const struct gb_json *root,
			 const char *config_path, const char *name,
			 struct gb_config_problems *problems)
{
	const struct gb_json *sections = gb_json_get(root, "settings");
	const struct gb_json *files = gb_json_get(root, "files");

	for (const struct gb_json *one = gb_json_first(root); one != NULL; one = gb_json_next(one)) {
		static const char *const known[] = {"groupbackSettings", "version", "exported",
						    "settings", "files"};
		bool is_known = false;

		for (size_t i = 0; i < GB_ARRAY_SIZE(known); i++) {
			is_known = is_known || strcmp(gb_json_name(one), known[i]) == 0;
		}
		if (!is_known) {
			problem(problems, name, _("This is not known here"), gb_json_name(one));
		}
	}
	if (gb_json_kind(sections) != GB_JSON_OBJECT) {
		problem(problems, name, _("This is missing"), "settings");
		return;
	}
	for (const struct gb_json *one = gb_json_first(sections); one != NULL;
	     one = gb_json_next(one)) {
		take_section(settings->config, one, name, problems);
	}
	for (const struct gb_json *one = files != NULL ? gb_json_first(files) : NULL; one != NULL;
	     one = gb_json_next(one)) {
		take_file(settings, one, config_path, name, problems);
	}
}

static bool is_our_format(const struct gb_json *root, const char *name,
			  struct gb_config_problems *problems)
{
	int64_t format = 0;
	struct gb_err err;

	if (gb_json_get_int(root, "groupbackSettings", &format) && format >= 1 &&
	    format <= GB_SETTINGS_FORMAT) {
		return true;
	}
	if (format > GB_SETTINGS_FORMAT) {
		gb_err_set(&err, GB_E_CONFIG, "settings-newer",
			   _("%s was exported by a newer version of groupback."), name);
		gb_err_remedy(&err, _("Upgrade this one first."));
	} else {
		gb_err_set(&err, GB_E_CONFIG, "settings-format",
			   _("%s is no file that 'settings export' wrote."), name);
	}
	gb_config_problems_add(problems, &err);
	return false;
}

enum gb_rc gb_settings_read(const void *ctx, const char *bytes, size_t length, const char *name,
			    const char *config_path, struct gb_settings **ret_settings,
			    struct gb_config_problems *ret_problems)
{
	struct gb_settings *settings = gb_new(ctx, struct gb_settings);
	struct gb_json_doc *doc = NULL;
	bool is_valid = false;
	struct gb_err err;

	settings->config = gb_config_new(settings);
	if (gb_json_parse(settings, bytes, length, name, &doc, &err) != GB_OK) {
		err.rc = GB_E_CONFIG;
		gb_config_problems_add(ret_problems, &err);
	} else if (is_our_format(gb_json_root(doc), name, ret_problems)) {
		take_members(settings, gb_json_root(doc), config_path, name, ret_problems);
		is_valid = ret_problems->total == 0 &&
			   gb_config_validate(settings->config, ret_problems);
	}
	for (size_t i = 0; i < ret_problems->count; i++) {
		gb_err_undone(&ret_problems->items[i], _("Nothing was imported."));
	}
	if (!is_valid) {
		talloc_free(settings);
		return GB_E_CONFIG;
	}
	*ret_settings = settings;
	return GB_OK;
}
