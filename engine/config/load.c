/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading groupback.conf. The only user of iniparser. */
#include "config.h"

#include "engine/config/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iniparser/iniparser.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/scan.h"
#include "engine/config/validate.h"
#include "engine/config/value.h"

/* iniparser writes to standard error otherwise. */
static int ignore_message(const char *format, ...) GB_PRINTF(1, 2);

static int ignore_message(const char *format, ...)
{
	(void)format;
	return 0;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno != EINTR) {
			return -1;
		}
		bytes += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
	return 0;
}

/*
 * iniparser 4.1 reads named files only. It gets the bytes that were scanned, not the file again:
 * between two openings somebody could have changed it.
 */
static dictionary *parse_bytes(const char *bytes, size_t length)
{
	dictionary *dict = NULL;
	char path[64];
	int fd = memfd_create("groupback.conf", MFD_CLOEXEC);

	if (fd < 0) {
		return NULL;
	}
	if (write_all(fd, bytes, length) == 0) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		iniparser_set_error_callback(ignore_message);
		dict = iniparser_load(path);
	}
	close(fd);
	return dict;
}

/* What iniparser has for an entry, or NULL if it disagrees with the scan. */
static const char *parsed_value(const dictionary *dict, const struct gb_config_entry *entry)
{
	char *path = gb_printf(NULL, "%s:%s", entry->key->section, entry->key->name);
	const char *value = iniparser_getstring(dict, path, NULL);

	talloc_free(path);
	return value && strcmp(value, entry->text) == 0 ? value : NULL;
}

/* @value NULL: what iniparser says is not what stands there. */
static void read_value(struct gb_config *config, const char *name,
		       const struct gb_config_entry *entry, const char *value,
		       struct gb_config_problems *problems)
{
	struct gb_err err;
	enum gb_rc rc;

	if (value) {
		rc = gb_config_set(config, entry->key, value, &err);
	} else {
		rc = gb_err_set(&err, GB_E_INTERNAL, "config-disagreement",
				_("The value was read in two different ways. Please report this."));
	}
	if (rc != GB_OK) {
		gb_err_prefix(&err, "%s:%zu:%zu", name, entry->line, entry->column);
		gb_config_problems_add(problems, &err);
	}
}

static void read_entries(struct gb_config *config, const struct gb_config_scan *scan,
			 const char *bytes, size_t length, const char *name,
			 struct gb_config_problems *problems)
{
	dictionary *dict = parse_bytes(bytes, length);
	struct gb_err err;

	if (!dict) {
		gb_err_set(&err, GB_E_SYSTEM, "config-parser",
			   _("%s was not read: the parser could not be run."), name);
		gb_err_remedy(&err, _("Check that /proc is mounted and memory is free."));
		gb_config_problems_add(problems, &err);
		return;
	}
	for (size_t i = 0; i < scan->count; i++) {
		const struct gb_config_entry *entry = &scan->entries[i];

		read_value(config, name, entry, parsed_value(dict, entry), problems);
	}
	iniparser_freedict(dict);
}

/* The file is refused already: only look what is wrong with the values of its good lines. */
static void judge_entries(struct gb_config *config, const struct gb_config_scan *scan,
			  const char *name, struct gb_config_problems *problems)
{
	for (size_t i = 0; i < scan->count; i++) {
		read_value(config, name, &scan->entries[i], scan->entries[i].text, problems);
	}
}

/* Problems that concern several keys have no line; they get the file's name. */
static void validate(const struct gb_config *config, const char *name,
		     struct gb_config_problems *problems)
{
	if (gb_config_validate(config, problems)) {
		return;
	}
	for (size_t i = 0; i < problems->count; i++) {
		gb_err_prefix(&problems->items[i], "%s", name);
	}
}

static struct gb_config *parse(const void *ctx, const char *bytes, size_t length, const char *name,
			       struct gb_config_problems *problems)
{
	struct gb_config *config = gb_config_new(ctx);
	struct gb_config_scan *scan = gb_config_scan(config, bytes, length, name, problems);

	if (problems->total > 0) {
		judge_entries(config, scan, name, problems);
	} else {
		read_entries(config, scan, bytes, length, name, problems);
	}
	if (problems->total == 0) {
		validate(config, name, problems);
	}
	talloc_free(scan);
	return config;
}

enum gb_rc gb_config_parse(const void *ctx, const char *bytes, size_t length, const char *name,
			   struct gb_config **ret_config, struct gb_config_problems *ret_problems)
{
	struct gb_config_problems *problems = gb_new(NULL, struct gb_config_problems);
	struct gb_config *config =
		parse(ctx, bytes, length, gb_text_display(problems, name), problems);
	enum gb_rc rc = GB_OK;

	if (problems->total == 0) {
		*ret_config = config;
	} else {
		rc = problems->items[0].rc;
		*ret_problems = *problems;
		talloc_free(config);
	}
	talloc_free(problems);
	return rc;
}

enum gb_rc gb_config_load(const void *ctx, const char *path, struct gb_config **ret_config,
			  struct gb_config_problems *ret_problems)
{
	struct gb_err err;
	size_t length;
	char *bytes;
	enum gb_rc rc;

	rc = gb_file_read_trusted(ctx, path, GB_CONFIG_MAX_BYTES, &bytes, &length, &err);
	if (rc != GB_OK) {
		gb_err_undone(&err, _("The configuration was not read."));
		*ret_problems = (struct gb_config_problems){0};
		gb_config_problems_add(ret_problems, &err);
		return rc;
	}
	rc = gb_config_parse(ctx, bytes, length, path, ret_config, ret_problems);
	talloc_free(bytes);
	return rc;
}
