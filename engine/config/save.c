/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing groupback.conf. */
#include "config.h"

#include "engine/config/save.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/config/keys.h"
#include "engine/config/load.h"
#include "engine/config/value.h"

/* Words that the value can be, on a comment line of their own. */
static void add_choices(struct gb_buffer *out, const struct gb_key *key)
{
	const char *before = "# (";

	if (!key->choices) {
		return;
	}
	for (const struct gb_key_choice *choice = key->choices; choice->word; choice++) {
		gb_buffer_add_format(out, "%s%s", before, choice->word);
		before = ", ";
	}
	gb_buffer_add_text(out, ")\n");
}

static void add_key(struct gb_buffer *out, const struct gb_config *config, const struct gb_key *key)
{
	char *value = gb_config_get(out, config, key);

	/* Not translated: whoever reads the file next may use another language. */
	gb_buffer_add_format(out, "\n# %s\n", key->help);
	add_choices(out, key);
	if (value) {
		gb_buffer_add_format(out, "%s = \"%s\"\n", key->name, value);
	} else {
		gb_buffer_add_format(out, "#%s =\n", key->name);
	}
	talloc_free(value);
}

char *gb_config_text(const void *ctx, const struct gb_config *config)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	const char *section = "";
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	gb_buffer_add_text(out,
			   "# groupback's configuration; groupback.conf(5) describes every key.\n"
			   "# The wizard rewrites this file: comments of your own are not kept.\n");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(keys[i].section, section) != 0) {
			section = keys[i].section;
			gb_buffer_add_format(out, "\n[%s]\n", section);
		}
		add_key(out, config, &keys[i]);
	}
	return gb_buffer_steal(ctx, out);
}

enum gb_rc gb_config_save(const struct gb_config *config, const char *path, struct gb_err *err)
{
	struct gb_config_problems *problems = gb_new(NULL, struct gb_config_problems);
	char *text = gb_config_text(problems, config);
	struct gb_config *back;
	enum gb_rc rc;

	rc = gb_config_parse(problems, text, strlen(text), path, &back, problems);
	if (rc == GB_OK) {
		rc = gb_file_write_atomic(path, text, strlen(text), 0644, err);
	} else if (err) {
		*err = problems->items[0];
		gb_err_undone(err, _("The configuration was not written."));
	}
	talloc_free(problems);
	return rc;
}

enum gb_rc gb_config_save_key(struct gb_config *config, const char *path, const char *section,
			      const char *name, const char *value, struct gb_err *err)
{
	enum gb_rc rc = gb_config_set(config, gb_key_find(section, name), value, err);

	return rc == GB_OK ? gb_config_save(config, path, err) : rc;
}
