/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine support: one file for whoever helps, without any secret. */
#include "config.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "engine/base/clock.h"
#include "engine/base/compiler.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/config/save.h"

/** Reports that are taken along, the newest ones. */
#define REPORTS 20
/** Lines of the audit, the newest ones. */
#define AUDIT_LINES 200

/* What is collected. */
struct support {
	struct gb_json_writer *w;
	const struct gb_config *config;
};

static char *read_state_file(void *ctx, const struct support *support, const char *name)
{
	char *path = gb_printf(ctx, "%s/%s", support->config->paths.state_directory, name);
	struct gb_err ignored;
	size_t length;
	char *bytes;

	return gb_file_read_trusted(ctx, path, GB_FILE_MAX_BYTES, &bytes, &length, &ignored) ==
			       GB_OK
		       ? bytes
		       : NULL;
}

/* What is JSON stays JSON; what cannot be read is null. */
static void put_json_file(const struct support *support, const char *name)
{
	void *ctx = gb_new_tmp(NULL);
	char *bytes = read_state_file(ctx, support, name);
	struct gb_json_doc *doc;
	struct gb_err ignored;

	if (bytes == NULL) {
		gb_json_put_null(support->w, name);
	} else if (gb_json_parse(ctx, bytes, strlen(bytes), name, &doc, &ignored) != GB_OK) {
		gb_json_put_text(support->w, name, bytes);
	} else {
		gb_json_put_copy(support->w, name, gb_json_root(doc));
	}
	talloc_free(ctx);
}

/* The last report may be of a run that did not get as far as a number. */
static int64_t newest_run(const struct support *support)
{
	char *path = gb_printf(NULL, "%s/runs", support->config->paths.state_directory);
	DIR *folder = opendir(path);
	const struct dirent *entry;
	int64_t newest = 0;

	talloc_free(path);
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		int64_t no = strtoll(entry->d_name, NULL, 10);

		newest = no > newest ? no : newest;
	}
	if (folder != NULL) {
		closedir(folder);
	}
	return newest;
}

static void put_reports(const struct support *support)
{
	int64_t newest = newest_run(support);

	for (int64_t no = newest; no > 0 && no > newest - REPORTS; no--) {
		char *name = gb_printf(NULL, "runs/%" PRId64 ".json", no);

		put_json_file(support, name);
		talloc_free(name);
	}
}

/* The end of a text, from the beginning of its last so many lines. */
static const char *tail(const char *text, unsigned lines)
{
	const char *at = text + strlen(text);

	while (at > text && lines > 0) {
		at--;
		lines -= at > text && at[-1] == '\n';
	}
	return at;
}

static void put_audit(const struct support *support)
{
	void *ctx = gb_new_tmp(NULL);
	char *bytes = read_state_file(ctx, support, "audit.jsonl");

	gb_json_put_text(support->w, "audit.jsonl", bytes != NULL ? tail(bytes, AUDIT_LINES) : NULL);
	talloc_free(ctx);
}

static void put_files(const struct support *support)
{
	static const char *const names[] = {"last.json", "schedule.json", "decisions.json",
					    "alert.json"};
	char *conf = gb_config_text(support->w, support->config);

	gb_json_begin_object(support->w, "files");
	gb_json_put_text(support->w, "groupback.conf", conf);
	for (size_t i = 0; i < GB_ARRAY_SIZE(names); i++) {
		put_json_file(support, names[i]);
	}
	put_reports(support);
	put_audit(support);
	gb_json_end_object(support->w);
}

static void put_machine(const struct support *support)
{
	struct utsname system;
	char now[GB_CLOCK_TEXT_BYTES];

	gb_json_put_text(support->w, "version", PACKAGE_VERSION);
	gb_json_put_text(support->w, "made", gb_clock_format(gb_clock_wall_ms(), now));
	if (uname(&system) == 0) {
		gb_json_put_text(support->w, "host", system.nodename);
		gb_json_put_text(support->w, "kernel", system.release);
	}
}

static enum gb_rc write_support(void *ctx, const struct gb_config *config, const char *path,
				struct gb_err *err)
{
	struct support support = {.w = gb_json_writer_new(ctx, true), .config = config};
	char *text;

	gb_json_begin_object(support.w, NULL);
	gb_json_put_int(support.w, "groupbackSupport", 1);
	put_machine(&support);
	put_files(&support);
	gb_json_end_object(support.w);
	text = gb_printf(ctx, "%s\n", gb_json_writer_text(support.w));
	if (path == NULL) {
		fputs(text, stdout);
		return GB_OK;
	}
	return gb_file_write_atomic(path, text, strlen(text), 0600, err);
}

/* It stays who it is: root may write where it likes, and nothing is sent anywhere. */
int gb_command_support(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	const struct gb_config *config = gb_common_read(ctx, arguments);
	struct gb_err err;
	enum gb_rc rc = GB_E_CONFIG;

	if (config != NULL) {
		rc = write_support(ctx, config, arguments->words[0], &err);
		if (rc != GB_OK) {
			gb_common_print_err(&err);
		} else if (arguments->words[0] != NULL && !arguments->json) {
			puts(_("No secret is in it; names of groups and of people are. Look at it before "
			       "you give it away."));
		}
	}
	talloc_free(ctx);
	return gb_rc_exit_code(rc);
}
