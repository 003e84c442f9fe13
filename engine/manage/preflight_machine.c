/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preflight of this machine: the state directory, its disk and the state in it. */
#include "config.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/manage/preflight_parts.h"
#include "engine/state/state.h"

#define MIB (1024u * 1024u)
/** Less than this is a failure: a cycle of a large tenant would not end. */
#define DISK_LEAST_BYTES (64u * MIB)
/** Less than this is worth a look. */
#define DISK_LOW_BYTES (512u * MIB)

static const char *directory_of(const struct gb_preflight_run *run)
{
	return run->session->config->paths.state_directory;
}

static enum gb_rc judge_directory(const char *path, struct gb_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0 || access(path, W_OK | X_OK) != 0) {
		gb_err_set(err, GB_E_IO, "state-directory",
			   _("The state directory %s is missing or cannot be written to."), path);
	} else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		gb_err_set(err, GB_E_CONFIG, "state-directory-open",
			   _("Others may write to the state directory %s (mode %04o)."), path,
			   (unsigned)(st.st_mode & 07777));
	} else {
		return GB_OK;
	}
	return gb_err_remedy(err, _("It has to have mode 0700 and belong to the user that runs the "
				    "engine."));
}

static void check_directory(struct gb_preflight_run *run)
{
	const char *path = directory_of(run);
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = judge_directory(path, &err);
	gb_preflight_add(run, "state-directory", _("The state directory can be written to"), rc,
			 &err, path);
}

static void check_disk(struct gb_preflight_run *run)
{
	const char *title = _("Free disk for state and reports");
	struct statvfs disk;
	uint64_t free_bytes;
	struct gb_err err;
	char *found;

	if (statvfs(directory_of(run), &disk) != 0) {
		return; /* the line about the directory has said why */
	}
	free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
	found = gb_printf(run, _("%llu MiB free on the disk of %s."),
			  (unsigned long long)(free_bytes / MIB), directory_of(run));
	if (free_bytes >= DISK_LOW_BYTES) {
		gb_preflight_add(run, "disk", title, GB_OK, NULL, found);
	} else if (free_bytes >= DISK_LEAST_BYTES) {
		gb_preflight_warn(run, "disk", title, found);
	} else {
		gb_err_clear(&err);
		gb_err_set(&err, GB_E_IO, "disk-full", "%s", found);
		gb_err_remedy(&err, _("Make room: %u MiB are the least for a cycle."),
			      DISK_LEAST_BYTES / MIB);
		gb_preflight_add(run, "disk", title, GB_E_IO, &err, NULL);
	}
}

static void check_state(struct gb_preflight_run *run)
{
	char *path = gb_printf(run, "%s/state.db", directory_of(run));
	const char *found = _("There is none yet: the first cycle reads everything.");
	struct gb_state *state = NULL;
	enum gb_rc rc = GB_OK;
	struct gb_err err;

	gb_err_clear(&err);
	if (access(path, F_OK) == 0) {
		rc = gb_state_open(run, path, GB_STATE_READ_ONLY, &state, &err);
		found = path;
	}
	gb_preflight_add(run, "state", _("The state can be read"), rc, &err, found);
	talloc_free(state);
}

void gb_preflight_machine(struct gb_preflight_run *run)
{
	check_directory(run);
	check_disk(run);
	check_state(run);
}
