/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuring: the engine as a program of its own, and the first cycle. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/probe/configure_run.h"

/* The first cycle of a large tenant takes hours. */
#define CYCLE_MS (48 * 60 * 60 * INT64_C(1000))
/* So long another cycle is waited for, and so often looked for its end. */
#define BUSY_MS      (10 * 60 * INT64_C(1000))
#define BUSY_PAUSE_S 2
/* Largest report that is read back. */
#define MAX_REPORT_BYTES (4u * 1024u * 1024u)

void gb_configure_warn(struct gb_configure_run *run, const char *text)
{
	if (run->warning_count < GB_ARRAY_SIZE(run->warnings)) {
		run->warnings[run->warning_count++] = gb_strdup(run, text);
	}
}

/* Ourselves again, as a program that gives root up. */
enum gb_rc gb_configure_run_engine(struct gb_configure_run *run, const char *command, const char *option,
			     int64_t timeout_ms, struct gb_run_result *ret_result,
			     struct gb_err *err)
{
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *argv[] = {self,      command, "--config", run->job->config_path,
			      "--json",  option,  NULL};
	struct gb_run_call call = {
		.argv = argv, .timeout_ms = timeout_ms, .cuts_output = true};

	if (length <= 0) {
		return gb_err_set(err, GB_E_SYSTEM, "run-failed", "%s", strerror(errno));
	}
	self[length] = '\0';
	return gb_run(run, &call, ret_result, err);
}

static void take_report(struct gb_configure_run *run)
{
	char *path = gb_printf(run, "%s/last.json",
			       run->job->draft->config->paths.state_directory);
	size_t length;
	char *bytes;
	struct gb_err err;

	if (gb_file_read_trusted(run, path, MAX_REPORT_BYTES, &bytes, &length, &err) == GB_OK &&
	    gb_json_parse(run, bytes, length, path, &run->report, &err) != GB_OK) {
		run->report = NULL;
	}
}

static bool approves_first(const struct gb_configure_run *run)
{
	return run->job->approve && strcmp(run->job->approve, "first") == 0;
}

static bool shows_plan(const struct gb_configure_run *run)
{
	return run->job->approve && !approves_first(run);
}

static const char *report_error(const struct gb_configure_run *run, const char *key)
{
	const struct gb_json *error =
		run->report ? gb_json_get(gb_json_root(run->report), "error") : NULL;
	const char *text = error ? gb_json_get_text(error, key) : NULL;

	return text ? text : "";
}

/*
 * The very plan that was shown: what in it is no longer planned word for word is left for the next cycle,
 * and named in the report.
 */
static enum gb_rc run_once(struct gb_configure_run *run, struct gb_run_result *result,
			   struct gb_err *err)
{
	if (shows_plan(run)) {
		return gb_configure_run_engine(run, "approve", run->job->approve, CYCLE_MS, result, err);
	}
	return gb_configure_run_engine(run, "sync", approves_first(run) ? "--approve-first" : NULL, CYCLE_MS,
			  result, err);
}

/* The scheduler was started a moment ago and may have the lock. */
static enum gb_rc run_cycle(struct gb_configure_run *run, struct gb_run_result *result,
			    struct gb_err *err)
{
	int64_t begun_ms = gb_clock_boot_ms();
	enum gb_rc rc = run_once(run, result, err);

	while (rc == GB_OK && result->exit_code == gb_rc_exit_code(GB_E_TRY_AGAIN) &&
	       !gb_configure_is_stopped() && gb_clock_boot_ms() - begun_ms < BUSY_MS) {
		sleep(BUSY_PAUSE_S);
		rc = run_once(run, result, err);
	}
	if (rc == GB_OK) {
		take_report(run);
	}
	return rc;
}

/* No such plan is kept, or it speaks of other settings, another state. */
static bool is_plan_gone(const struct gb_configure_run *run, const struct gb_run_result *result)
{
	return shows_plan(run) && (result->exit_code == gb_rc_exit_code(GB_E_USAGE) ||
				   strcmp(report_error(run, "id"), "plan-other") == 0);
}

static enum gb_rc cycle_failed(const struct gb_configure_run *run,
			       const struct gb_run_result *result, struct gb_err *err)
{
	const char *what = report_error(run, "what");
	const char *remedy = report_error(run, "remedy");

	if (is_plan_gone(run, result)) {
		gb_err_set(err, GB_E_GUARD, "configure-plan-changed",
			   _("The plan that was shown cannot be carried out any more: %s"),
			   *what ? what : result->said);
		gb_err_undone(err, _("Nothing was written to the directory."));
		return gb_err_remedy(err, _("Look at a new dry run, then configure again."));
	}
	gb_err_set(err, GB_E_UNAVAILABLE, "configure-first-cycle",
		   _("The first cycle ended with exit code %d: %s"), result->exit_code,
		   *what ? what : result->said);
	gb_err_remedy(err, "%s",
		      *remedy ? remedy
			      : _("Look at the report, then try again: the next cycle goes on."));
	return gb_err_native(err, result->exit_code);
}

enum gb_rc gb_configure_first_cycle(struct gb_configure_run *run, const char **ret_text,
				 struct gb_err *err)
{
	struct gb_run_result result = {0};
	enum gb_rc rc;

	if (!run->job->run_first_cycle) {
		*ret_text = _("not asked for");
		return GB_OK;
	}
	rc = run_cycle(run, &result, err);
	if (rc != GB_OK) {
		return rc;
	}
	*ret_text = _("written");
	if (result.exit_code == 0) {
		return GB_OK;
	}
	if (result.exit_code == gb_rc_exit_code(GB_E_CONSTRAINT)) {
		gb_configure_warn(run, _("Some groups were not written: \"groupback-engine status\" names them."));
		return GB_OK;
	}
	return cycle_failed(run, &result, err);
}
