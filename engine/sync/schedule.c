/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the next cycle is due. */
#include "config.h"

#include "engine/sync/schedule.h"

#include <errno.h>
#include <string.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"

/** Largest note in bytes; it holds three numbers. */
#define NOTE_MAX_BYTES 4096

static int64_t pause_ms(const struct gb_schedule *schedule)
{
	int64_t pause = schedule->interval_ms;

	if (schedule->refusals == 0) {
		return pause;
	}
	for (unsigned i = 0; i < schedule->refusals && pause < GB_SCHEDULE_MAX_PAUSE_MS; i++) {
		pause *= 2;
	}
	return pause < GB_SCHEDULE_MAX_PAUSE_MS                   ? pause
	       : schedule->interval_ms > GB_SCHEDULE_MAX_PAUSE_MS ? schedule->interval_ms
								  : GB_SCHEDULE_MAX_PAUSE_MS;
}

/* A last time that lies in the future (the clock was set back) counts as none. */
static bool is_due(int64_t last_ms, int64_t now_ms, int64_t period_ms)
{
	return last_ms <= 0 || now_ms < last_ms || now_ms - last_ms >= period_ms;
}

bool gb_schedule_full_is_due(int64_t last_full_ms, int64_t now_ms)
{
	return is_due(last_full_ms, now_ms, GB_SCHEDULE_RECONCILE_MS);
}

bool gb_schedule_list_is_due(int64_t last_list_ms, int64_t now_ms)
{
	return is_due(last_list_ms, now_ms, GB_SCHEDULE_LIST_MS);
}

int64_t gb_schedule_next_ms(const struct gb_schedule *schedule, int64_t now_ms)
{
	int64_t next;

	if (schedule->begun_ms <= 0 || schedule->begun_ms > now_ms) {
		return now_ms;
	}
	next = schedule->begun_ms + pause_ms(schedule);
	return next > now_ms ? next : now_ms;
}

static char *note_path(const void *ctx, const struct gb_config *config)
{
	return gb_printf(ctx, "%s/schedule.json", config->paths.state_directory);
}

static enum gb_rc parse(const void *ctx, const char *bytes, size_t length, const char *path,
			struct gb_schedule *schedule, struct gb_err *err)
{
	struct gb_json_doc *doc;
	int64_t exit_code;
	int64_t refusals;
	enum gb_rc rc = gb_json_parse(ctx, bytes, length, path, &doc, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (!gb_json_get_int(gb_json_root(doc), "begunMs", &schedule->begun_ms) ||
	    !gb_json_get_int(gb_json_root(doc), "exitCode", &exit_code) ||
	    !gb_json_get_int(gb_json_root(doc), "refusals", &refusals)) {
		gb_err_set(err, GB_E_PROTOCOL, "schedule-note",
			   _("%s is not what the engine wrote there."), path);
		return gb_err_remedy(err, _("Delete it; the next run writes it anew."));
	}
	schedule->exit_code = (int)exit_code;
	schedule->refusals = refusals > 0 && refusals < 1000 ? (unsigned)refusals : 0;
	return GB_OK;
}

enum gb_rc gb_schedule_read(const struct gb_config *config, struct gb_schedule *ret_schedule,
			    struct gb_err *err)
{
	struct gb_schedule schedule = {.interval_ms = config->schedule.interval_s * 1000};
	void *ctx = gb_new_tmp(NULL);
	char *path = note_path(ctx, config);
	size_t length;
	char *bytes;
	enum gb_rc rc = gb_file_read_trusted(ctx, path, NOTE_MAX_BYTES, &bytes, &length, err);

	if (rc == GB_OK) {
		rc = parse(ctx, bytes, length, path, &schedule, err);
	} else if (err->native == ENOENT) {
		gb_err_clear(err);
		rc = GB_OK;
	}
	if (rc == GB_OK) {
		*ret_schedule = schedule;
	}
	talloc_free(ctx);
	return rc;
}

enum gb_rc gb_schedule_note(const struct gb_config *config, int64_t begun_ms, int exit_code,
			    struct gb_err *err)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);
	struct gb_schedule before = {.refusals = 0};
	struct gb_err ignored;
	unsigned refusals = 0;
	const char *text;
	enum gb_rc rc;

	/* A note that cannot be read is replaced: it only costs the count of refusals. */
	if (exit_code == gb_rc_exit_code(GB_E_ACCESS)) {
		refusals = gb_schedule_read(config, &before, &ignored) == GB_OK
				   ? before.refusals + 1
				   : 1;
	}
	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "begunMs", begun_ms);
	gb_json_put_int(w, "exitCode", exit_code);
	gb_json_put_int(w, "refusals", refusals);
	gb_json_end_object(w);
	text = gb_json_writer_text(w);
	rc = gb_file_write_atomic(note_path(w, config), text, strlen(text), 0600, err);
	talloc_free(w);
	return rc;
}
