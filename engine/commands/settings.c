/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine settings: carry the configuration to another machine; go back to an earlier one. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/config/generations.h"
#include "engine/config/save.h"
#include "engine/config/settings.h"

/* Export ---------------------------------------------------------------------------------------- */

static enum gb_rc put_text(const char *text, const char *path, struct gb_err *err)
{
	if (path == NULL) {
		fputs(text, stdout);
		return GB_OK;
	}
	return gb_file_write_atomic(path, text, strlen(text), 0600, err);
}

static enum gb_rc export_settings(void *ctx, const struct gb_arguments *arguments,
				  struct gb_err *err)
{
	const struct gb_config *config = gb_common_read(ctx, arguments);
	char *text;
	char *left_out;
	enum gb_rc rc;

	if (config == NULL) {
		return GB_E_CONFIG;
	}
	rc = gb_settings_write(ctx, config, arguments->config_path, &text, &left_out, err);
	if (rc == GB_OK) {
		rc = put_text(text, arguments->words[1], err);
	}
	if (rc == GB_OK && left_out[0] != '\0') {
		fprintf(stderr,
			_("These files do not lie beside the configuration; copy them yourself:\n%s"),
			left_out);
	}
	return rc;
}

/* Import ---------------------------------------------------------------------------------------- */

static char *beside(const void *ctx, const char *config_path, const char *name)
{
	const char *slash = strrchr(config_path, '/');
	int folder = slash != NULL ? (int)(slash - config_path) : 1;

	return gb_printf(ctx, "%.*s/%s", folder, slash != NULL ? config_path : ".", name);
}

static enum gb_rc write_files(void *ctx, const struct gb_settings *settings,
			      const char *config_path, struct gb_generation *generation,
			      struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < settings->file_count && rc == GB_OK; i++) {
		const char *text = settings->files[i].text;
		char *path = beside(ctx, config_path, settings->files[i].name);

		rc = gb_generation_keep(generation, path, err);
		if (rc == GB_OK) {
			rc = gb_file_write_atomic(path, text, strlen(text), 0644, err);
		}
	}
	return rc;
}

/* The configuration comes last: until then the old one stands, whole. */
static enum gb_rc write_settings(void *ctx, const struct gb_settings *settings,
				 const char *config_path, struct gb_err *err)
{
	struct gb_generation *generation = NULL;
	enum gb_rc rc = gb_generation_begin(ctx, config_path, &generation, err);

	if (rc == GB_OK) {
		rc = gb_generation_keep(generation, config_path, err);
	}
	if (rc == GB_OK) {
		rc = write_files(ctx, settings, config_path, generation, err);
	}
	return rc == GB_OK ? gb_config_save(settings->config, config_path, err) : rc;
}

static struct gb_json_writer *begin_json(const void *ctx)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	return w;
}

static void end_json(struct gb_json_writer *w)
{
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

static void tell_imported(const struct gb_arguments *arguments, const struct gb_settings *settings)
{
	if (arguments->json) {
		struct gb_json_writer *w = begin_json(settings);

		gb_json_put_bool(w, "imported", true);
		gb_json_put_bool(w, "staging", settings->config->safety.staging);
		end_json(w);
		return;
	}
	puts(_("The settings were imported. 'groupback-engine settings undo' takes that back."));
	if (settings->config->safety.staging) {
		puts(_("Staging mode is on: this engine reads and plans, and writes nothing. Switch it "
		       "off when the other engine has stopped."));
	}
	puts(_("Secrets are never exported: give this machine its own, with groupback-wizard, or as "
	       "groupback-engine(8) says. 'groupback-engine check' tells what is missing."));
}

static enum gb_rc import_settings(void *ctx, const struct gb_arguments *arguments,
				  struct gb_err *err)
{
	const char *path = arguments->words[1];
	struct gb_config_problems problems = {.count = 0};
	struct gb_settings *settings = NULL;
	size_t length = 0;
	char *bytes = NULL;
	enum gb_rc rc = gb_file_read_trusted(ctx, path, GB_FILE_MAX_BYTES, &bytes, &length, err);

	if (rc != GB_OK) {
		return rc;
	}
	rc = gb_settings_read(ctx, bytes, length, path, arguments->config_path, &settings,
			      &problems);
	if (rc != GB_OK) {
		gb_common_print_problems(&problems);
		return rc;
	}
	settings->config->safety.staging =
		!arguments->no_staging || settings->config->safety.staging;
	rc = write_settings(ctx, settings, arguments->config_path, err);
	if (rc == GB_OK) {
		tell_imported(arguments, settings);
	}
	return rc;
}

/* Generations ----------------------------------------------------------------------------------- */

static void tell_restored(const struct gb_arguments *arguments,
			  const struct gb_generation *generation, int64_t kept)
{
	if (arguments->json) {
		struct gb_json_writer *w = begin_json(generation);

		gb_json_put_int(w, "restored", generation->number);
		gb_json_put_int(w, "kept", kept);
		end_json(w);
		return;
	}
	printf(_("The settings are again as they were before change %" PRId64
		 "; what stood there until now is kept as %" PRId64 ".\n"),
	       generation->number, kept);
}

static enum gb_rc undo_settings(void *ctx, const struct gb_arguments *arguments, struct gb_err *err)
{
	struct gb_generation *generation = NULL;
	int64_t number = 0;
	int64_t kept = 0;
	enum gb_rc rc;

	if (arguments->words[1] != NULL && !gb_text_to_number(arguments->words[1], &number)) {
		gb_err_set(err, GB_E_USAGE, "usage-generation", _("That is no number."));
		return gb_err_remedy(err, _("'groupback-engine settings' lists the generations."));
	}
	rc = number > 0 ? gb_generation_load(ctx, arguments->config_path, number, &generation, err)
			: gb_generation_latest(ctx, arguments->config_path, &generation, err);
	if (rc == GB_OK && generation == NULL) {
		gb_err_set(err, GB_E_USAGE, "settings-no-generation",
			   _("There are no earlier settings."));
		return gb_err_undone(err, _("Nothing was changed."));
	}
	if (rc == GB_OK) {
		rc = gb_generation_restore(generation, arguments->config_path, &kept, err);
	}
	if (rc == GB_OK) {
		tell_restored(arguments, generation, kept);
	}
	return rc;
}

static void print_generation(const struct gb_generation *generation)
{
	char text[GB_CLOCK_TEXT_BYTES];

	printf("%6" PRId64 "  %s", generation->number, gb_clock_format(generation->made_ms, text));
	for (size_t i = 0; i < generation->file_count; i++) {
		printf("  %s", generation->paths[i]);
	}
	putchar('\n');
}

static void put_generation(struct gb_json_writer *w, const struct gb_generation *generation)
{
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "number", generation->number);
	gb_json_put_text(w, "made", gb_clock_format(generation->made_ms, text));
	gb_json_begin_array(w, "files");
	for (size_t i = 0; i < generation->file_count; i++) {
		gb_json_put_text(w, NULL, generation->paths[i]);
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
}

/* @w: the list as JSON; NULL: print it. */
static enum gb_rc each_generation(const void *ctx, const struct gb_arguments *arguments,
				  struct gb_json_writer *w, size_t *ret_count, struct gb_err *err)
{
	int64_t *numbers = NULL;
	enum gb_rc rc =
		gb_generations_list(ctx, arguments->config_path, &numbers, ret_count, err);

	for (size_t i = 0; i < *ret_count && rc == GB_OK; i++) {
		struct gb_generation *generation;

		rc = gb_generation_load(ctx, arguments->config_path, numbers[i], &generation, err);
		if (rc == GB_OK && w != NULL) {
			put_generation(w, generation);
		} else if (rc == GB_OK) {
			print_generation(generation);
		}
	}
	return rc;
}

static enum gb_rc list_generations(void *ctx, const struct gb_arguments *arguments,
				   struct gb_err *err)
{
	struct gb_json_writer *w = arguments->json ? begin_json(ctx) : NULL;
	size_t count = 0;
	enum gb_rc rc;

	if (w != NULL) {
		gb_json_begin_array(w, "generations");
	}
	rc = each_generation(ctx, arguments, w, &count, err);
	if (rc == GB_OK && w != NULL) {
		gb_json_end_array(w);
		end_json(w);
	} else if (rc == GB_OK && count == 0) {
		puts(_("There are no earlier settings."));
	}
	return rc;
}

/* The command ----------------------------------------------------------------------------------- */

static enum gb_rc unknown_word(const char *word, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, word);

	gb_err_set(err, GB_E_USAGE, "usage-settings", _("'settings' does not know '%s'."), shown);
	talloc_free(shown);
	return gb_err_remedy(err, _("Use 'list', 'export [FILE]', 'import FILE' or 'undo [NUMBER]'."));
}

static enum gb_rc run(void *ctx, const struct gb_arguments *arguments, struct gb_err *err)
{
	const char *verb = arguments->word_count > 0 ? arguments->words[0] : "list";

	if (strcmp(verb, "export") == 0) {
		return export_settings(ctx, arguments, err);
	}
	if (strcmp(verb, "import") == 0 && arguments->word_count == 2) {
		return import_settings(ctx, arguments, err);
	}
	if (strcmp(verb, "undo") == 0) {
		return undo_settings(ctx, arguments, err);
	}
	if (strcmp(verb, "list") == 0 && arguments->word_count < 2) {
		return list_generations(ctx, arguments, err);
	}
	return unknown_word(verb, err);
}

int gb_command_settings(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = run(ctx, arguments, &err);
	if (rc != GB_OK && err.rc != GB_OK) {
		gb_common_print_err(&err);
	}
	talloc_free(ctx);
	return gb_rc_exit_code(rc);
}
