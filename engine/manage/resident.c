/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resident scheduler. */
#include "config.h"

#include "engine/manage/resident.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tevent.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/base/notify.h"
#include "engine/config/load.h"
#include "engine/manage/alert.h"
#include "engine/sync/schedule.h"

/** The clock may jump and the machine may sleep: what is due is looked at this often at least. */
#define LOOK_MS 20000

extern char **environ;

/* The parent. */
struct resident {
	const char *program;
	const char *config_path;
	struct tevent_context *ev;
	struct tevent_timer *timer;
	struct gb_config *config;
	pid_t child;             /* 0: none */
	int64_t child_begun_ms;  /* boot clock */
	int64_t child_since_ms;  /* wall clock */
	int64_t killed_ms;       /* boot clock; when it was told to stop; 0: it was not */
	int signal_number;       /* that ends us; 0: none */
	bool is_over;
	int exit_code;
};

static void look_later(struct resident *resident, int64_t delay_ms);

/* The configuration -------------------------------------------------------------------------- */

static bool read_config(struct resident *resident)
{
	struct gb_config_problems problems = {.count = 0};
	struct gb_config *config;

	if (gb_config_load(resident, resident->config_path, &config, &problems) != GB_OK) {
		gb_log_err(GB_LOG_ERROR, "scheduler", &problems.items[0]);
		return false;
	}
	talloc_free(resident->config);
	resident->config = config;
	return true;
}

/* A configuration that somebody is editing must not end a service that runs for years. */
static void read_config_again(struct resident *resident)
{
	if (!read_config(resident)) {
		gb_log(GB_LOG_WARNING, "scheduler",
		       "the configuration from before stays in force until this is mended");
	}
}

/* The child ---------------------------------------------------------------------------------- */

static bool spawn_cycle(struct resident *resident)
{
	char *argv[] = {(char *)(uintptr_t)resident->program, (char *)(uintptr_t) "sync",
			(char *)(uintptr_t) "--config",
			(char *)(uintptr_t)resident->config_path, NULL};
	posix_spawnattr_t attributes;
	sigset_t none;
	int code;

	resident->child_since_ms = gb_clock_wall_ms();
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	code = posix_spawn(&resident->child, resident->program, NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	if (code != 0) {
		resident->child = 0;
		gb_log(GB_LOG_ERROR, "scheduler", "no cycle could be started: %s", strerror(code));
		return false;
	}
	resident->child_begun_ms = gb_clock_boot_ms();
	resident->killed_ms = 0;
	gb_notify("STATUS=A cycle is running.");
	return true;
}

/* A cycle that died early has left no note: without one it would be due again at once. */
static void note_for(const struct resident *resident, int exit_code)
{
	struct gb_schedule schedule;
	struct gb_err err;

	if (gb_schedule_read(resident->config, &schedule, &err) == GB_OK &&
	    schedule.begun_ms >= resident->child_since_ms) {
		return;
	}
	if (gb_schedule_note(resident->config, resident->child_since_ms, exit_code, &err) !=
	    GB_OK) {
		gb_log_err(GB_LOG_ERROR, "scheduler", &err);
	}
	if (gb_alert_note(resident->config->paths.state_directory, exit_code,
			  _("A cycle ended without a report."), "", &err) != GB_OK) {
		gb_log_err(GB_LOG_ERROR, "scheduler", &err);
	}
}

static void take_end(struct resident *resident, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);

	resident->child = 0;
	if (WIFSIGNALED(status)) {
		gb_log(GB_LOG_ERROR, "scheduler", "the cycle was ended by signal %d",
		       WTERMSIG(status));
	}
	note_for(resident, code);
	gb_notify("STATUS=The last cycle ended with exit code %d.", code);
}

static void reap(struct resident *resident)
{
	int status;

	if (resident->child != 0 && waitpid(resident->child, &status, WNOHANG) == resident->child) {
		take_end(resident, status);
	}
}

/* What a cycle does reaches its state sooner or later: a file that nobody touches is a cycle that hangs. */
static bool is_stuck(const struct resident *resident)
{
	static const char *const files[] = {"state.db-wal", "state.db", "last.json"};
	int64_t now_ms = gb_clock_wall_ms();

	if (gb_clock_boot_ms() - resident->child_begun_ms < GB_RESIDENT_STUCK_MS) {
		return false;
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(files); i++) {
		char *path = gb_printf(NULL, "%s/%s", resident->config->paths.state_directory,
				       files[i]);
		struct stat st;
		bool is_fresh = stat(path, &st) == 0 &&
				now_ms - (int64_t)st.st_mtim.tv_sec * 1000 < GB_RESIDENT_STUCK_MS;

		talloc_free(path);
		if (is_fresh) {
			return false;
		}
	}
	return true;
}

static void stop_child(struct resident *resident)
{
	int64_t now_ms = gb_clock_boot_ms();

	if (resident->killed_ms == 0) {
		resident->killed_ms = now_ms;
		kill(resident->child, SIGTERM);
	} else if (now_ms - resident->killed_ms > GB_RESIDENT_GRACE_MS) {
		kill(resident->child, SIGKILL);
	}
}

/* The round ---------------------------------------------------------------------------------- */

static void finish(struct resident *resident, int exit_code)
{
	resident->is_over = true;
	resident->exit_code = exit_code;
}

static void begin_if_due(struct resident *resident)
{
	int64_t interval_ms = resident->config->schedule.interval_s * 1000;
	int64_t now_ms = gb_clock_wall_ms();
	struct gb_schedule schedule;
	struct gb_err err;

	if (!resident->config->schedule.enabled || !resident->config->features.group_writeback) {
		gb_notify("STATUS=The scheduler is disabled in the configuration.");
		return;
	}
	gb_err_clear(&err);
	if (gb_schedule_read(resident->config, &schedule, &err) != GB_OK) {
		gb_log_err(GB_LOG_WARNING, "scheduler", &err);
		schedule = (struct gb_schedule){.begun_ms = resident->child_since_ms,
						.interval_ms = interval_ms};
	}
	if (gb_schedule_next_ms(&schedule, now_ms) > now_ms) {
		return;
	}
	read_config_again(resident);
	(void)spawn_cycle(resident);
}

static int64_t next_look_ms(const struct resident *resident)
{
	int64_t watchdog_ms = gb_notify_watchdog_ms();
	int64_t look_ms = resident->child != 0 || resident->signal_number != 0 ? 1000 : LOOK_MS;

	return watchdog_ms > 0 && watchdog_ms / 2 < look_ms ? watchdog_ms / 2 : look_ms;
}

static void look(struct resident *resident)
{
	reap(resident);
	if (resident->child != 0 && (resident->signal_number != 0 || is_stuck(resident))) {
		stop_child(resident);
	}
	if (resident->signal_number != 0 && resident->child == 0) {
		finish(resident, 128 + resident->signal_number);
	} else if (resident->child == 0) {
		begin_if_due(resident);
	}
	gb_notify("WATCHDOG=1");
	look_later(resident, next_look_ms(resident));
}

static void on_timer(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		     void *data)
{
	(void)ev;
	(void)timer;
	(void)now;
	look(data);
}

static void look_later(struct resident *resident, int64_t delay_ms)
{
	talloc_free(resident->timer);
	resident->timer = gb_mem_check(tevent_add_timer(
		resident->ev, resident,
		tevent_timeval_current_ofs((uint32_t)(delay_ms / 1000),
					   (uint32_t)(delay_ms % 1000) * 1000),
		on_timer, resident));
}

static void on_signal(struct tevent_context *ev, struct tevent_signal *signal_event, int number,
		      int count, void *siginfo, void *data)
{
	struct resident *resident = data;

	(void)ev;
	(void)signal_event;
	(void)count;
	(void)siginfo;
	if (number == SIGHUP) {
		gb_notify("RELOADING=1");
		read_config_again(resident);
		gb_notify("READY=1");
	} else if (number != SIGCHLD) {
		resident->signal_number = number;
		gb_notify("STOPPING=1");
	}
	look_later(resident, 0);
}

int gb_resident_run(const char *program, const char *config_path)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
	struct resident *resident = gb_new(NULL, struct resident);
	int code;

	resident->program = program;
	resident->config_path = config_path;
	resident->ev = gb_mem_check(tevent_context_init(resident));
	if (!read_config(resident)) {
		talloc_free(resident);
		return gb_rc_exit_code(GB_E_CONFIG);
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(signals); i++) {
		gb_mem_check(tevent_add_signal(resident->ev, resident, signals[i], 0, on_signal,
					       resident));
	}
	gb_notify("READY=1");
	look_later(resident, 0);
	while (!resident->is_over) {
		tevent_loop_once(resident->ev);
	}
	code = resident->exit_code;
	talloc_free(resident);
	return code;
}
