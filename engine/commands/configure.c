/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine configure: the detached run behind the wizard's page Configuring. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/privilege.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/config/load.h"
#include "engine/probe/answer.h"
#include "engine/probe/configure.h"
#include "engine/probe/request.h"
#include "engine/probe/supervise.h"

/* The wizard writes its job at once. */
#define JOB_MS 60000

static int refuse(const struct gb_configure_job *job, const char *progress_path, long pid,
		  const struct gb_err *err)
{
	struct gb_json_writer *w =
		gb_answer_error_begin("configure", err, job ? &job->draft->field : NULL);

	if (pid > 0) {
		gb_json_put_text(w, "progressFile", progress_path);
		gb_json_put_int(w, "pid", pid);
	}
	gb_json_end_object(w);
	printf("%s\n", gb_json_writer_text(w));
	talloc_free(w);
	return gb_rc_exit_code(err->rc);
}

/* Nothing of the terminal, of the wizard or of its pipes stays. */
static void detach(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (chdir("/") != 0) {
		_exit(gb_rc_exit_code(GB_E_SYSTEM));
	}
}

static void answer(const char *progress_path, long pid)
{
	struct gb_answer form = {.question = "configure"};
	struct gb_json_writer *w = gb_answer_result(&form);

	gb_json_put_text(w, "progressFile", progress_path);
	gb_json_put_int(w, "pid", pid);
	gb_json_end_object(w);
	printf("%s\n", gb_json_writer_text(w));
	talloc_free(w);
}

static int no_process(const char *progress_path)
{
	struct gb_err err;

	gb_err_set(&err, GB_E_SYSTEM, "probe-process", _("No process could be started."));
	return refuse(NULL, progress_path, 0, &err);
}

/* Who asked may end our whole session as soon as it has the answer: the run must have left it by then. */
static int start(struct gb_configure_run *run, const char *progress_path)
{
	int left[2];
	char nothing;
	pid_t pid;

	if (pipe2(left, O_CLOEXEC) != 0) {
		return no_process(progress_path);
	}
	pid = fork();
	if (pid == 0) {
		detach();
		close(left[0]);
		close(left[1]);
		_exit(gb_configure_carry_out(run));
	}
	close(left[1]);
	if (pid < 0) {
		close(left[0]);
		return no_process(progress_path);
	}
	while (read(left[0], &nothing, 1) < 0 && errno == EINTR) {
	}
	close(left[0]);
	answer(progress_path, (long)pid);
	return 0;
}

static enum gb_rc read_job(const void *ctx, const struct gb_arguments *arguments,
			   struct gb_configure_job **ret_job, struct gb_err *err)
{
	struct gb_supervisor *supervisor = gb_supervisor_new(ctx);
	size_t length = 0;
	char *line = NULL;
	enum gb_rc rc = gb_supervisor_read_line(supervisor, ctx, STDIN_FILENO, JOB_MS, &line,
						&length, err);

	talloc_free(supervisor);
	return rc == GB_OK ? gb_configure_parse(ctx, line, length, arguments->config_path, ret_job,
						err)
			   : rc;
}

/* Root stays root here: the run belongs to it, and no socket is opened. */
static int stop(const void *ctx, const struct gb_arguments *arguments)
{
	struct gb_config_problems *problems = gb_new(ctx, struct gb_config_problems);
	struct gb_config *config;

	if (gb_config_load(ctx, arguments->config_path, &config, problems) != GB_OK) {
		/* The configuration may be what is being written: then its folders are the defaults. */
		config = gb_config_new(ctx);
	}
	if (!gb_configure_stop(config)) {
		fprintf(stderr, "%s\n", _("groupback-engine: no settings are being changed."));
		return gb_rc_exit_code(GB_E_NOT_FOUND);
	}
	return 0;
}

static int begin(const void *ctx, const struct gb_arguments *arguments)
{
	struct gb_configure_job *job = NULL;
	struct gb_configure_run *run = NULL;
	char *progress_path = NULL;
	struct gb_err err;
	long pid = 0;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = read_job(ctx, arguments, &job, &err);
	if (rc == GB_OK) {
		const struct gb_privilege_place place = {
			.config_path = arguments->config_path,
			.state_directory = job->draft->config->paths.state_directory,
		};

		progress_path = gb_configure_progress_path(ctx, job->draft->config);
		gb_privilege_make_folder(&place, job->draft->config->paths.state_directory);
		rc = gb_configure_begin(ctx, job, &run, &pid, &err);
	}
	return rc == GB_OK ? start(run, progress_path) : refuse(job, progress_path, pid, &err);
}

int gb_command_configure(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	int code = arguments->stop ? stop(ctx, arguments) : begin(ctx, arguments);

	talloc_free(ctx);
	return code;
}
