/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine audit verify: prove the audit. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/state/state.h"
#include "engine/sync/audit.h"

/** Rotated files that are looked for: audit.jsonl.1 is the youngest. */
#define ROTATED_FILES (GB_ARGUMENTS_MAX_WORDS - 2)

/* The files that the command line names; else those that are there, oldest first. */
static size_t list_files(const void *ctx, const struct gb_arguments *arguments,
			 const struct gb_config *config, const char *files[GB_ARGUMENTS_MAX_WORDS])
{
	size_t count = 0;

	for (unsigned i = 1; i < arguments->word_count; i++) {
		files[count++] = arguments->words[i];
	}
	if (count > 0) {
		return count;
	}
	for (int i = ROTATED_FILES; i >= 1; i--) {
		char *path = gb_printf(ctx, "%s/audit.jsonl.%d", config->paths.state_directory, i);

		if (access(path, F_OK) == 0) {
			files[count++] = path;
		}
	}
	files[count++] = gb_printf(ctx, "%s/audit.jsonl", config->paths.state_directory);
	return count;
}

static void print_json(const void *ctx, const struct gb_audit_verdict *verdict,
		       const struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_bool(w, "whole", err->rc == GB_OK);
	gb_json_put_text(w, "error", err->rc == GB_OK ? NULL : err->what);
	gb_json_put_int(w, "lines", verdict->lines);
	gb_json_put_int(w, "first", verdict->first_n);
	gb_json_put_int(w, "last", verdict->last_n);
	gb_json_put_bool(w, "endsInHalfALine", verdict->is_half);
	gb_json_put_int(w, "linesEndedAfterACrash", verdict->repaired);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

static void print_text(const struct gb_audit_verdict *verdict)
{
	printf(_("The audit is whole: %lld lines, %lld to %lld.\n"), (long long)verdict->lines,
	       (long long)verdict->first_n, (long long)verdict->last_n);
	if (verdict->first_n > 1) {
		puts(_("Older lines are in files that were not given."));
	}
	if (verdict->is_half) {
		puts(_("The last line is not whole: an engine is at work, or was killed."));
	}
	if (verdict->repaired > 0) {
		printf(_("Lines cut by a crash and noted by the run after it: %lld\n"),
		       (long long)verdict->repaired);
	}
}

static int verify(const struct gb_arguments *arguments, const struct gb_config *config)
{
	const char *files[GB_ARGUMENTS_MAX_WORDS] = {NULL};
	size_t count = list_files(config, arguments, config, files);
	char *path = gb_printf(config, "%s/state.db", config->paths.state_directory);
	struct gb_audit_verdict verdict = {0};
	struct gb_state *state = NULL;
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	if (gb_state_open(config, path, GB_STATE_READ_ONLY, &state, &err) != GB_OK) {
		state = NULL;
		gb_err_clear(&err);
	}
	rc = gb_audit_verify(state, files, count, &verdict, &err);
	err.rc = rc;
	if (arguments->json) {
		print_json(config, &verdict, &err);
	} else if (rc == GB_OK) {
		print_text(&verdict);
	} else {
		gb_common_print_err(&err);
	}
	return gb_rc_exit_code(rc);
}

static int unknown_verb(const char *word)
{
	char *shown = gb_text_display(NULL, word);
	struct gb_err err;

	gb_err_set(&err, GB_E_USAGE, "usage-audit", _("'audit' does not know '%s'."), shown);
	gb_err_remedy(&err, _("Run 'groupback-engine audit verify'."));
	talloc_free(shown);
	gb_common_print_err(&err);
	return gb_rc_exit_code(GB_E_USAGE);
}

int gb_command_audit(const struct gb_arguments *arguments)
{
	void *ctx;
	struct gb_config *config;
	int code = gb_rc_exit_code(GB_E_CONFIG);

	if (strcmp(arguments->words[0], "verify") != 0) {
		return unknown_verb(arguments->words[0]);
	}
	ctx = gb_new_tmp(NULL);
	config = gb_common_load(ctx, arguments);
	if (config != NULL) {
		code = verify(arguments, config);
	}
	talloc_free(ctx);
	return code;
}
