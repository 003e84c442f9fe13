/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts. */
#include "config.h"

#include "engine/manage/alert.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"

/** Largest memory in bytes; it holds three numbers. */
#define MEMORY_MAX_BYTES 4096

#define EXIT_INTERRUPTED 130
#define EXIT_TERMINATED  143

/* A cloud or a directory that is away for a while, or a lock, is nobody's trouble yet. */
static bool passes_by_itself(int exit_code)
{
	return exit_code == gb_rc_exit_code(GB_E_UNAVAILABLE) ||
	       exit_code == gb_rc_exit_code(GB_E_TRY_AGAIN);
}

static enum gb_alert_word well_again(struct gb_alert_memory *memory)
{
	bool was_told = memory->code != 0;

	*memory = (struct gb_alert_memory){.code = 0};
	return was_told ? GB_ALERT_RECOVERED : GB_ALERT_NOTHING;
}

enum gb_alert_word gb_alert_judge(struct gb_alert_memory *memory, int exit_code, int64_t now_ms)
{
	bool is_known = memory->code == exit_code && now_ms >= memory->told_ms &&
			now_ms - memory->told_ms < GB_ALERT_AGAIN_MS;

	/* Somebody stopped it: whoever did that knows. */
	if (exit_code == EXIT_INTERRUPTED || exit_code == EXIT_TERMINATED) {
		return GB_ALERT_NOTHING;
	}
	if (exit_code == 0) {
		return well_again(memory);
	}
	memory->failures = passes_by_itself(exit_code) ? memory->failures + 1 : 0;
	if (is_known || (passes_by_itself(exit_code) && memory->failures < GB_ALERT_PATIENCE)) {
		return GB_ALERT_NOTHING;
	}
	memory->code = exit_code;
	memory->told_ms = now_ms;
	return GB_ALERT_TROUBLE;
}

/* A memory that is lost costs an alert too many. */
static struct gb_alert_memory read_memory(const char *path)
{
	struct gb_alert_memory memory = {.code = 0};
	void *ctx = gb_new_tmp(NULL);
	struct gb_json_doc *doc;
	struct gb_err ignored;
	int64_t code = 0;
	int64_t failures = 0;
	size_t length;
	char *bytes;

	if (gb_file_read_trusted(ctx, path, MEMORY_MAX_BYTES, &bytes, &length, &ignored) == GB_OK &&
	    gb_json_parse(ctx, bytes, length, path, &doc, &ignored) == GB_OK &&
	    gb_json_get_int(gb_json_root(doc), "code", &code) &&
	    gb_json_get_int(gb_json_root(doc), "toldMs", &memory.told_ms) &&
	    gb_json_get_int(gb_json_root(doc), "failures", &failures)) {
		memory.code = code > 0 && code < 256 ? (int)code : 0;
		memory.failures = failures > 0 && failures < 1000 ? (unsigned)failures : 0;
	}
	talloc_free(ctx);
	return memory;
}

static enum gb_rc write_memory(const char *path, const struct gb_alert_memory *memory,
			       struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);
	const char *text;
	enum gb_rc rc;

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "code", memory->code);
	gb_json_put_int(w, "toldMs", memory->told_ms);
	gb_json_put_int(w, "failures", memory->failures);
	gb_json_end_object(w);
	text = gb_json_writer_text(w);
	rc = gb_file_write_atomic(path, text, strlen(text), 0600, err);
	talloc_free(w);
	return rc;
}

static enum gb_rc write_alert(const char *path, enum gb_alert_word word, const char *summary,
			      const char *reason, struct gb_err *err)
{
	char now[GB_CLOCK_TEXT_BYTES];
	char *text = gb_printf(NULL, "%s\n\n%s\n%s\n%s%s%s\n",
			       word == GB_ALERT_RECOVERED ? _("groupback is well again.")
							  : _("groupback needs somebody to look."),
			       gb_clock_format(gb_clock_wall_ms(), now), summary, reason,
			       reason[0] != '\0' ? "\n" : "",
			       _("See 'groupback-engine status' and the journal."));
	enum gb_rc rc = gb_file_write_atomic(path, text, strlen(text), 0600, err);

	talloc_free(text);
	return rc;
}

enum gb_rc gb_alert_note(const char *state_directory, int exit_code, const char *summary,
			 const char *reason, struct gb_err *err)
{
	void *ctx = gb_new_tmp(NULL);
	char *memory_path = gb_printf(ctx, "%s/alert.json", state_directory);
	char *alert_path = gb_printf(ctx, "%s/alert", state_directory);
	struct gb_alert_memory memory = read_memory(memory_path);
	struct gb_alert_memory before = memory;
	enum gb_alert_word word = gb_alert_judge(&memory, exit_code, gb_clock_wall_ms());
	enum gb_rc rc = GB_OK;

	if (word != GB_ALERT_NOTHING) {
		rc = write_alert(alert_path, word, summary, reason, err);
	}
	if (rc == GB_OK && (memory.code != before.code || memory.told_ms != before.told_ms ||
			    memory.failures != before.failures)) {
		rc = write_memory(memory_path, &memory, err);
	}
	talloc_free(ctx);
	return rc;
}
