/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import settings: what another server exported becomes the draft; and the page of that task. */
#include "config.h"

#include "pages/import.h"

#include <string.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/config/keys.h"
#include "engine/config/settings.h"
#include "engine/config/value.h"
#include "pages/pages.h"
#include "wizard/wizard.h"

/* Where this machine keeps its things is its own. */
static bool is_of_this_machine(const struct gb_key *key)
{
	return strcmp(key->section, "paths") == 0;
}

static void take_values(struct wz *wz, const struct gb_config *config)
{
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	for (size_t i = 0; i < count; i++) {
		char *name = gb_printf(NULL, "%s.%s", keys[i].section, keys[i].name);
		char *value = gb_config_get(name, config, &keys[i]);

		if (!is_of_this_machine(&keys[i]) && (value || *wz_value(wz, name))) {
			wz_set(wz, name, value ? value : "");
		}
		talloc_free(name);
	}
	wz_set(wz, "safety.staging", "yes");
	wz_set(wz, "setup.application", "existing");
}

static char *file_names(const void *ctx, const struct gb_settings *settings)
{
	char *names = gb_strdup(ctx, "");

	for (size_t i = 0; i < settings->file_count; i++) {
		names = gb_mem_check(talloc_asprintf_append(names, "%s%s", i > 0 ? ", " : "",
							    settings->files[i].name));
	}
	return names;
}

static void tell(struct wz *wz, const struct gb_settings *settings)
{
	if (settings->file_count > 0) {
		wz_say(wz, WZ_WARN,
		       _("The settings are in the draft, in staging mode. Copy these files beside the "
			 "configuration yourself: %s."),
		       file_names(settings, settings));
	} else {
		wz_say(wz, WZ_GOOD,
		       _("The settings are in the draft, in staging mode. Secrets are asked for by "
			 "the pages."));
	}
}

bool wz_import_settings(struct wz *wz)
{
	const char *path = wz_value(wz, WZ_IMPORT_FILE);
	void *ctx = gb_new_tmp(NULL);
	struct gb_config_problems *problems = gb_new(ctx, struct gb_config_problems);
	struct gb_settings *settings;
	struct gb_err err;
	size_t length;
	char *bytes;
	enum gb_rc rc;

	if (!*path) {
		talloc_free(ctx);
		return true;
	}
	rc = gb_file_read_trusted(ctx, path, GB_FILE_MAX_BYTES, &bytes, &length, &err);
	if (rc == GB_OK) {
		rc = gb_settings_read(ctx, bytes, length, path, wz_config_path(wz), &settings,
				      problems);
		err = rc != GB_OK && problems->count > 0 ? problems->items[0] : err;
	}
	if (rc == GB_OK) {
		take_values(wz, settings->config);
		tell(wz, settings);
	} else {
		wz_say_err(wz, &err);
	}
	talloc_free(ctx);
	return rc == GB_OK;
}

/* The page of the task ----------------------------------------------------------------------- */

static enum wz_leave leave(struct wz *wz)
{
	return wz_import_settings(wz) ? WZ_GO : WZ_STAY;
}

static const struct wz_field fields[] = {
	{
		.kind = WZ_TEXT,
		.name = WZ_IMPORT_FILE,
		.label = N_("Settings of another server"),
		.example = "/root/groupback-settings.json",
		.width = 44,
		.flags = WZ_NEEDED,
		.help = N_("A file that \"groupback-engine settings export\" wrote there."),
	},
	{
		.kind = WZ_NOTE,
		.text = N_("Ready shows what would change before anything does. Staging mode is switched "
			   "on, since the other server may still write."),
	},
	{.kind = WZ_END},
};

const struct wz_page wz_page_import = {
	.id = "import",
	.title = N_("Import settings"),
	.help = N_("Settings are taken as a whole, but for the folders of this machine. Secrets are not "
		   "in the file: those that are stored here stay."),
	.fields = fields,
	.wanted = wz_task_import,
	.leave = leave,
};
