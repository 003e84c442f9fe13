/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuring: the steps, the lock, and the file that tells how far it is. */
#include "config.h"

#include "engine/probe/configure.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/config/credstore.h"
#include "engine/config/generations.h"
#include "engine/config/held.h"
#include "engine/config/save.h"
#include "engine/probe/configure_run.h"
#include "engine/probe/pending.h"

/* The resident scheduler, and what some prefer to it (data/systemd/). */
#define UNIT      "groupback.service"
#define TIMER     "groupback-sync.timer"
#define SYSTEMCTL "/usr/bin/systemctl"
/* The one that the unit uses. */
#define INSTALLED_CONFIG SYSCONFDIR "/groupback/groupback.conf"
#define CHECK_MS (10 * 60 * INT64_C(1000))
/* Largest progress file that is read back. */
#define MAX_PROGRESS_BYTES (4u * 1024u * 1024u)

static volatile sig_atomic_t stop_asked;

bool gb_configure_is_stopped(void)
{
	return stop_asked != 0;
}

static void on_term(int signum)
{
	(void)signum;
	stop_asked = 1;
}

static char *in_state(const void *ctx, const struct gb_config *config, const char *name)
{
	return gb_printf(ctx, "%s/%s", config->paths.state_directory, name);
}

char *gb_configure_progress_path(const void *ctx, const struct gb_config *config)
{
	return in_state(ctx, config, "configure.jsonl");
}

/* A line is written whole. What cannot be written is lost for those who watch, and for nobody else. */
static void tell(struct gb_configure_run *run, struct gb_json_writer *w)
{
	ssize_t written;
	char *line;

	gb_answer_put_time(w, "at", gb_clock_wall_ms());
	gb_json_end_object(w);
	line = gb_printf(w, "%s\n", gb_json_writer_text(w));
	do {
		written = write(run->progress_fd, line, strlen(line));
	} while (written < 0 && errno == EINTR);
	(void)fsync(run->progress_fd);
	talloc_free(w);
}

static struct gb_json_writer *event(const char *name)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "event", name);
	return w;
}

static void tell_step(struct gb_configure_run *run, const char *step, enum gb_answer_state state,
		      const char *text)
{
	struct gb_json_writer *w = event("progress");
	const struct gb_answer_progress progress = {
		.step = step,
		.state = state,
		.text = text,
		.done = -1,
		.total = -1,
		.time_ms = state == GB_ANSWER_RUNNING ? -1
						      : gb_clock_boot_ms() - run->began_ms,
	};

	gb_answer_put_progress(w, &progress);
	tell(run, w);
}

static enum gb_rc keep(struct gb_configure_run *run, const char *path, struct gb_err *err)
{
	return gb_generation_keep(run->generation, path, err);
}

/* A retry stays in the generation of the run that failed: undoing it goes back to before both. */
static enum gb_rc do_backup(struct gb_configure_run *run, const char **ret_text, struct gb_err *err)
{
	const char *slash = strrchr(run->job->config_path, '/');
	enum gb_rc rc = GB_OK;

	if (slash && slash != run->job->config_path) {
		char *folder = gb_strndup(run, run->job->config_path,
					  (size_t)(slash - run->job->config_path));

		(void)mkdir(folder, 0755); /* else writing tells why not */
	}
	if (!run->generation) {
		rc = gb_generation_begin(run, run->job->config_path, &run->generation, err);
	}
	if (rc == GB_OK) {
		rc = keep(run, run->job->config_path, err);
	}
	if (rc == GB_OK) {
		*ret_text = gb_printf(run, _("generation %lld"),
				      (long long)run->generation->number);
	}
	return rc;
}

static const char *const secret_words[] = {"cloud-secret", "cloud-key", "directory-password",
					   "directory-keytab"};

/* Reading drops one line end at the end of a file (secret.h). */
static bool is_same_but_line_end(const struct gb_secret *typed, const struct gb_secret *back)
{
	size_t length = gb_secret_length(back);

	return length <= gb_secret_length(typed) && length + 2 >= gb_secret_length(typed) &&
	       memcmp(gb_secret_bytes(typed), gb_secret_bytes(back), length) == 0 &&
	       strspn(gb_secret_bytes(typed) + length, "\r\n") ==
		       gb_secret_length(typed) - length;
}

static enum gb_rc store_secret(struct gb_configure_run *run, enum gb_credential which,
			       struct gb_err *err)
{
	struct gb_config *config = run->job->draft->config;
	const struct gb_secret *secret = gb_held_secret(config, (enum gb_held_kind)which);
	char *path = gb_credstore_path(run, config, which, false);
	struct gb_secret *back = NULL;
	enum gb_rc rc = keep(run, path, err);

	if (rc == GB_OK) {
		rc = gb_credstore_write(config, which, false, secret, err);
	}
	if (rc == GB_OK) {
		rc = gb_credstore_read(run, config, which, false, &back, err);
	}
	if (rc == GB_OK && !is_same_but_line_end(secret, back)) {
		rc = gb_err_set(err, GB_E_IO, "credstore-verify",
				_("The secret %s was not stored as it was typed."),
				gb_credential_name(which));
	}
	talloc_free(back);
	return rc;
}

/* The key of a new application takes its place. */
static void take_pending(struct gb_configure_run *run)
{
	gb_pending_hold(run->job->draft->config);
}

static enum gb_rc do_secrets(struct gb_configure_run *run, const char **ret_text,
			     struct gb_err *err)
{
	char *text = gb_strdup(run, "");
	enum gb_rc rc = GB_OK;

	take_pending(run);
	for (size_t i = 0; i < GB_ARRAY_SIZE(secret_words) && rc == GB_OK; i++) {
		if (gb_held_secret(run->job->draft->config, (enum gb_held_kind)i)) {
			rc = store_secret(run, (enum gb_credential)i, err);
			text = gb_printf(run, "%s%s%s", text, *text ? ", " : "", secret_words[i]);
		}
	}
	*ret_text = *text ? text : _("none is new");
	return rc;
}

static enum gb_rc write_public(struct gb_configure_run *run, enum gb_held_kind kind,
			       const char *path, size_t *count, struct gb_err *err)
{
	const char *pem = gb_held_public(run->job->draft->config, kind);
	enum gb_rc rc;

	if (!pem) {
		return GB_OK;
	}
	if (!path) {
		gb_err_set(err, GB_E_CONFIG, "configure-no-ca-file",
			   _("A certificate was given, and the configuration names no file for it."));
		return gb_err_remedy(err, _("Set \"ca file\"."));
	}
	rc = keep(run, path, err);
	if (rc == GB_OK) {
		rc = gb_file_write_atomic(path, pem, strlen(pem), 0644, err);
	}
	*count += rc == GB_OK;
	return rc;
}

static enum gb_rc do_files(struct gb_configure_run *run, const char **ret_text, struct gb_err *err)
{
	const struct gb_config *config = run->job->draft->config;
	size_t count = 0;
	enum gb_rc rc = write_public(run, GB_HELD_CERTIFICATE, config->cloud.certificate_file,
				     &count, err);

	if (rc == GB_OK) {
		rc = write_public(run, GB_HELD_CLOUD_CA, config->cloud.ca_file, &count, err);
	}
	if (rc == GB_OK) {
		rc = write_public(run, GB_HELD_DIRECTORY_CA, config->directory.ca_file, &count,
				  err);
	}
	*ret_text = count ? gb_printf(run, P_("%zu file", "%zu files", count), count)
			  : _("none is new");
	return rc;
}

/* From here on the application is in use: what was remembered of making it can go. */
static void settle_pending(struct gb_configure_run *run)
{
	const struct gb_config *config = run->job->draft->config;
	struct gb_pending *pending = NULL;
	struct gb_err err;

	if (gb_pending_load(run, config, &pending, &err) == GB_OK &&
	    gb_pending_is_for(pending, config)) {
		char *path = gb_credstore_path(run, config, GB_CREDENTIAL_CLOUD_KEY, true);

		gb_pending_forget(config);
		(void)unlink(path);
	}
}

static enum gb_rc do_configuration(struct gb_configure_run *run, const char **ret_text,
				   struct gb_err *err)
{
	enum gb_rc rc = gb_config_save(run->job->draft->config, run->job->config_path, err);

	if (rc == GB_OK) {
		settle_pending(run);
		*ret_text = run->job->config_path;
	}
	return rc;
}

static const char *first_failure(const void *ctx, const struct gb_secret *output)
{
	struct gb_json_doc *doc;

	if (gb_json_parse(ctx, gb_secret_bytes(output), gb_secret_length(output), "", &doc, NULL) !=
	    GB_OK) {
		return NULL;
	}
	for (const struct gb_json *c = gb_json_first(gb_json_get(gb_json_root(doc), "checks")); c;
	     c = gb_json_next(c)) {
		if (!gb_json_get_bool(c, "passed", true)) {
			return gb_json_get_text(c, "text");
		}
	}
	return NULL;
}

static enum gb_rc do_check(struct gb_configure_run *run, const char **ret_text, struct gb_err *err)
{
	struct gb_run_result result = {0};
	const struct gb_config *config = run->job->draft->config;
	const char *why;
	enum gb_rc rc;

	if (!config->features.group_writeback && !gb_config_undoes_writeback(config)) {
		*ret_text = _("group writeback is off, so there is nothing to check");
		return GB_OK;
	}
	rc = gb_configure_run_engine(run, "check", NULL, CHECK_MS, &result, err);
	if (rc != GB_OK) {
		return rc;
	}
	if (result.exit_code == 0) {
		*ret_text = _("everything passed");
		return GB_OK;
	}
	why = first_failure(run, result.output);
	gb_err_set(err, GB_E_CONFIG, "configure-check", _("The check failed: %s"),
		   why ? why : result.said);
	gb_err_undone(err, _("The schedule was not changed and no cycle was run."));
	gb_err_remedy(err, _("Correct it and try again, or undo."));
	return gb_err_native(err, result.exit_code);
}

/* The unit knows one configuration; another one (a test's, a second tenant's) is nothing to it. */
static bool has_unit(const struct gb_configure_run *run)
{
	struct stat st;

	return strcmp(run->job->config_path, INSTALLED_CONFIG) == 0 &&
	       stat("/run/systemd/system", &st) == 0;
}

static enum gb_rc systemctl(struct gb_configure_run *run, const char *const words[4],
			    struct gb_err *err)
{
	const char *const argv[] = {SYSTEMCTL, "--no-ask-password", words[0], words[1],
				    words[2],  words[3],            NULL};
	struct gb_run_call call = {.argv = argv, .timeout_ms = CHECK_MS};
	struct gb_run_result result = {0};
	enum gb_rc rc = gb_run(run, &call, &result, err);

	if (rc == GB_OK && result.exit_code != 0) {
		gb_err_set(err, GB_E_SYSTEM, "configure-schedule", _("systemctl %s failed: %s"),
			   words[0], result.said);
		gb_err_remedy(err, _("Look at \"systemctl status %s\", then try again."), UNIT);
		rc = gb_err_native(err, result.exit_code);
	}
	return rc;
}

static enum gb_rc stop_schedule(struct gb_configure_run *run, const char **ret_text,
				struct gb_err *err)
{
	*ret_text = _("the scheduler is off");
	return systemctl(run, (const char *const[4]){"disable", "--now", UNIT, TIMER}, err);
}

/*
 * Who chose the timer keeps it. A service that runs has the secrets of its start, so it is started anew
 * (systemd.exec(5), CREDENTIALS).
 */
static enum gb_rc start_schedule(struct gb_configure_run *run, const char **ret_text,
				 struct gb_err *err)
{
	enum gb_rc rc;

	if (systemctl(run, (const char *const[4]){"is-enabled", TIMER}, err) == GB_OK) {
		gb_err_clear(err);
		*ret_text = _("the timer is on, and stays");
		return GB_OK;
	}
	gb_err_clear(err);
	*ret_text = _("the scheduler is on");
	rc = systemctl(run, (const char *const[4]){"enable", UNIT}, err);
	return rc == GB_OK ? systemctl(run, (const char *const[4]){"restart", UNIT}, err) : rc;
}

/* The secrets are the old ones again. That it does not run is no failure. */
static void restart_after_undo(struct gb_configure_run *run)
{
	struct gb_err err;

	if (systemctl(run, (const char *const[4]){"try-restart", UNIT}, &err) != GB_OK) {
		gb_configure_warn(run, err.what);
	}
}

static enum gb_rc do_schedule(struct gb_configure_run *run, const char **ret_text,
			      struct gb_err *err)
{
	if (has_unit(run)) {
		return run->job->start_schedule ? start_schedule(run, ret_text, err)
						: stop_schedule(run, ret_text, err);
	}
	*ret_text = _("no service of systemd uses this configuration");
	if (run->job->start_schedule) {
		gb_configure_warn(run,
				  _("Nothing starts the scheduler with this configuration: run "
				    "\"groupback-engine scheduler run\" yourself."));
	}
	return GB_OK;
}

/* A step: what it says when it begins, and when what it did stays. */
static const struct {
	const char *id;
	const char *title;
	const char *stands;
	enum gb_rc (*act)(struct gb_configure_run *run, const char **ret_text, struct gb_err *err);
} steps[] = {
	{"backup", N_("Back up the settings"), N_("The old settings are kept."), do_backup},
	{"secrets", N_("Store the secrets"), N_("The secrets are stored."), do_secrets},
	{"files", N_("Write certificates"), N_("The certificates are written."), do_files},
	{"configuration", N_("Write the configuration"), N_("The configuration is written."),
	 do_configuration},
	{"check", N_("Check everything"), N_("The check passed."), do_check},
	{"schedule", N_("Set the schedule"), N_("The schedule is set."), do_schedule},
	{"first-cycle", N_("Run the first cycle"), N_("The first cycle has run."), gb_configure_first_cycle},
};

static bool was_done(const struct gb_configure_run *run, const char *step)
{
	char *wanted = gb_printf(NULL, " %s ", step);
	bool is_there = run->done_before && strstr(run->done_before, wanted);

	talloc_free(wanted);
	return is_there;
}

/* Secrets that came again are stored again, whatever was done before. */
static bool may_skip(const struct gb_configure_run *run, size_t step)
{
	return run->job->mode == GB_CONFIGURE_RETRY && !run->job->has_config && step > 0 &&
	       step < 4 && was_done(run, steps[step].id);
}

static void put_list(struct gb_json_writer *w, const char *key, const char *const *texts,
		     size_t count)
{
	gb_json_begin_array(w, key);
	for (size_t i = 0; i < count; i++) {
		gb_json_put_text(w, NULL, texts[i]);
	}
	gb_json_end_array(w);
}

static int tell_end(struct gb_configure_run *run, const char *outcome, const struct gb_err *err)
{
	struct gb_json_writer *w = event("end");
	int code = err && err->rc != GB_OK ? gb_rc_exit_code(err->rc) : 0;

	gb_json_put_text(w, "outcome", outcome);
	gb_json_put_text(w, "step", run->last_step);
	if (run->generation) {
		gb_json_put_int(w, "generation", run->generation->number);
	} else {
		gb_json_put_null(w, "generation");
	}
	put_list(w, "stands", run->stands, run->stands_count);
	put_list(w, "warnings", (const char *const *)run->warnings, run->warning_count);
	gb_answer_put_error(w, "error", err && err->rc != GB_OK ? err : NULL);
	if (run->report) {
		gb_json_put_copy(w, "report", gb_json_root(run->report));
	} else {
		gb_json_put_null(w, "report");
	}
	gb_json_put_int(w, "exitCode", code);
	tell(run, w);
	return code;
}

static enum gb_rc do_step(struct gb_configure_run *run, size_t step, struct gb_err *err)
{
	const char *text = "";
	enum gb_rc rc;

	run->last_step = steps[step].id;
	run->began_ms = gb_clock_boot_ms();
	if (may_skip(run, step)) {
		tell_step(run, steps[step].id, GB_ANSWER_SKIPPED, _("done before"));
		return GB_OK;
	}
	tell_step(run, steps[step].id, GB_ANSWER_RUNNING, _(steps[step].title));
	rc = steps[step].act(run, &text, err);
	tell_step(run, steps[step].id, rc == GB_OK ? GB_ANSWER_DONE : GB_ANSWER_FAILED,
		  rc == GB_OK ? text : err->what);
	if (rc == GB_OK) {
		run->stands[run->stands_count++] = _(steps[step].stands);
	}
	return rc;
}

static int carry_out_steps(struct gb_configure_run *run)
{
	struct gb_err err;

	gb_err_clear(&err);
	for (size_t i = 0; i < GB_ARRAY_SIZE(steps); i++) {
		if (stop_asked) {
			return tell_end(run, "stopped", NULL);
		}
		if (do_step(run, i, &err) != GB_OK) {
			return tell_end(run, "failed", &err);
		}
	}
	run->last_step = NULL;
	return tell_end(run, "done", NULL);
}

static int carry_out_undo(struct gb_configure_run *run)
{
	int64_t kept = 0;
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	run->last_step = "backup";
	run->began_ms = gb_clock_boot_ms();
	tell_step(run, "backup", GB_ANSWER_RUNNING, _("Put the old settings back"));
	rc = gb_generation_restore(run->generation, run->job->config_path, &kept, &err);
	if (rc == GB_OK && has_unit(run)) {
		restart_after_undo(run);
	}
	tell_step(run, "backup", rc == GB_OK ? GB_ANSWER_DONE : GB_ANSWER_FAILED,
		  rc == GB_OK ? run->job->config_path : err.what);
	return tell_end(run, rc == GB_OK ? "undone" : "failed", rc == GB_OK ? NULL : &err);
}

static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_term};

	sigaction(SIGTERM, &act, NULL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
}

static void tell_begin(struct gb_configure_run *run)
{
	static const char *const words[] = {"new", "retry", "undo"};
	struct gb_json_writer *w = event("begin");

	gb_json_put_int(w, "schema", 1);
	gb_json_put_int(w, "pid", getpid());
	gb_json_put_text(w, "begin", words[run->job->mode]);
	gb_json_begin_array(w, "steps");
	for (size_t i = 0; i < GB_ARRAY_SIZE(steps); i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "step", steps[i].id);
		gb_json_put_text(w, "text", _(steps[i].title));
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
	tell(run, w);
}

int gb_configure_carry_out(struct gb_configure_run *run)
{
	struct flock mine = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	catch_signals();
	/* The kernel tells others who holds this one: a number in a file could be anybody's. */
	if (fcntl(run->lock_fd, F_SETLK, &mine) != 0) {
		gb_configure_warn(run, _("The run cannot be stopped from another wizard."));
	}
	tell_begin(run);
	return run->job->mode == GB_CONFIGURE_UNDO ? carry_out_undo(run) : carry_out_steps(run);
}

/* What the last run did: its generation, and the steps that were done. */
static void read_last(struct gb_configure_run *run, int64_t *ret_generation)
{
	char *path = gb_configure_progress_path(run, run->job->draft->config);
	char *done = gb_strdup(run, " ");
	char *bytes = NULL;
	size_t length;

	*ret_generation = 0;
	if (gb_file_read_trusted(run, path, MAX_PROGRESS_BYTES, &bytes, &length, NULL) != GB_OK) {
		return;
	}
	for (char *line = bytes, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		struct gb_json_doc *doc;
		const char *state;
		int64_t number;

		if (gb_json_parse(run, line, (size_t)(end - line), path, &doc, NULL) != GB_OK) {
			continue;
		}
		if (!gb_json_get_int(gb_json_root(doc), "generation", &number)) {
			number = 0;
		}
		*ret_generation = number > 0 ? number : *ret_generation;
		state = gb_json_get_text(gb_json_root(doc), "state");
		if (state && (strcmp(state, "done") == 0 || strcmp(state, "skipped") == 0)) {
			done = gb_printf(run, "%s%s ", done,
					 gb_json_get_text(gb_json_root(doc), "step"));
		}
		talloc_free(doc);
	}
	run->done_before = done;
}

static enum gb_rc nothing_there(struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "configure-nothing",
		   _("There is no earlier change of the settings."));
	return gb_err_undone(err, _("Nothing was written."));
}

static enum gb_rc find_last(struct gb_configure_run *run, struct gb_err *err)
{
	int64_t number;
	enum gb_rc rc = GB_OK;

	read_last(run, &number);
	if (number > 0) {
		rc = gb_generation_load(run, run->job->config_path, number, &run->generation, err);
	} else if (run->job->mode == GB_CONFIGURE_UNDO) {
		rc = gb_generation_latest(run, run->job->config_path, &run->generation, err);
	}
	if (rc == GB_OK && run->job->mode == GB_CONFIGURE_UNDO && !run->generation) {
		rc = nothing_there(err);
	}
	return rc;
}

static enum gb_rc io_failed(const char *path, struct gb_err *err)
{
	gb_err_set(err, GB_E_IO, "configure-io", "%s: %s.", path, strerror(errno));
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Check the state directory's owner and the free space."));
}

/* Who carries it out; 0 if that cannot be told. */
static long holder(int fd)
{
	struct flock theirs = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_GETLK, &theirs) == 0 && theirs.l_type != F_UNLCK ? (long)theirs.l_pid
									     : 0;
}

static enum gb_rc is_running(int fd, long *ret_pid, struct gb_err *err)
{
	*ret_pid = holder(fd);
	gb_err_set(err, GB_E_TRY_AGAIN, "configure-running", _("Settings are being changed already."));
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Join that run, or wait until it has ended."));
}

static enum gb_rc take_lock(struct gb_configure_run *run, long *ret_pid, struct gb_err *err)
{
	char *path = in_state(run, run->job->draft->config, "configure.lock");

	run->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (run->lock_fd < 0) {
		return io_failed(path, err);
	}
	return flock(run->lock_fd, LOCK_EX | LOCK_NB) == 0 ? GB_OK
							   : is_running(run->lock_fd, ret_pid, err);
}

static enum gb_rc open_progress(struct gb_configure_run *run, struct gb_err *err)
{
	char *path = gb_configure_progress_path(run, run->job->draft->config);

	/* A new file: who still reads the old one keeps it. */
	(void)unlink(path);
	run->progress_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (run->progress_fd < 0 || fchmod(run->progress_fd, 0640) != 0) {
		return io_failed(path, err);
	}
	return GB_OK;
}

static int close_run(struct gb_configure_run *run)
{
	if (run->lock_fd >= 0) {
		close(run->lock_fd);
	}
	if (run->progress_fd >= 0) {
		close(run->progress_fd);
	}
	return 0;
}

enum gb_rc gb_configure_begin(const void *ctx, struct gb_configure_job *job,
			      struct gb_configure_run **ret_run, long *ret_pid, struct gb_err *err)
{
	struct gb_configure_run *run = gb_new(ctx, struct gb_configure_run);
	enum gb_rc rc;

	*ret_pid = 0;
	run->job = job;
	run->lock_fd = -1;
	run->progress_fd = -1;
	talloc_set_destructor(run, close_run);
	rc = take_lock(run, ret_pid, err);
	if (rc == GB_OK && job->mode != GB_CONFIGURE_NEW) {
		rc = find_last(run, err);
	}
	if (rc == GB_OK) {
		rc = open_progress(run, err);
	}
	*ret_run = run;
	return rc;
}

bool gb_configure_stop(const struct gb_config *config)
{
	char *path = in_state(NULL, config, "configure.lock");
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	long pid = fd >= 0 ? holder(fd) : 0;

	if (fd >= 0) {
		close(fd);
	}
	talloc_free(path);
	return pid > 1 && kill((pid_t)pid, SIGTERM) == 0;
}
