/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine probe: one question of the wizard (docs/probe.md). */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "engine/base/mem.h"
#include "engine/base/privilege.h"
#include "engine/commands/command.h"
#include "engine/config/held.h"
#include "engine/probe/pending.h"
#include "engine/probe/request.h"
#include "engine/probe/supervise.h"

/* The wizard writes its request at once. */
#define REQUEST_MS 60000

/* A name that nobody can guess, for a folder that a question may make. */
static char *scratch_path(const void *ctx)
{
	const char *folder = getenv("TMPDIR");
	uint8_t random[12];

	gb_digest_random(random, sizeof(random));
	return gb_printf(ctx, "%s/groupback-probe-%s", folder && folder[0] == '/' ? folder : "/tmp",
			 gb_digest_hex(ctx, random, sizeof(random)));
}

/* Everything that needs root, then root is given up; sockets come later. */
static enum gb_rc become_groupback(struct gb_probe *probe, struct gb_err *err)
{
	const struct gb_privilege_place place = {
		.config_path = probe->config_path,
		.state_directory = probe->config->paths.state_directory,
	};
	enum gb_rc rc = GB_OK;

	gb_pending_hold(probe->config);
	if (gb_privilege_would_drop(&place)) {
		gb_held_take_stored(probe->config);
	}
	gb_privilege_make_folder(&place, place.state_directory);
	if (probe->question->prepare != NULL) {
		rc = probe->question->prepare(probe, err);
	}
	return rc == GB_OK ? gb_privilege_drop(&place, err) : rc;
}

static enum gb_rc begin(const void *ctx, struct gb_supervisor *supervisor,
			const struct gb_arguments *arguments, struct gb_probe **ret_probe,
			struct gb_err *err)
{
	size_t length = 0;
	char *line = NULL;
	enum gb_rc rc = gb_supervisor_read_line(supervisor, ctx, STDIN_FILENO, REQUEST_MS, &line,
						&length, err);

	if (rc == GB_OK) {
		rc = gb_request_parse(ctx, line, length, ret_probe, err);
	}
	if (rc == GB_OK) {
		(*ret_probe)->config_path = arguments->config_path;
		(*ret_probe)->scratch = scratch_path(*ret_probe);
		rc = become_groupback(*ret_probe, err);
	}
	return rc;
}

int gb_command_probe(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_supervisor *supervisor = gb_supervisor_new(ctx);
	struct gb_probe *probe = NULL;
	struct gb_err err;
	int code;

	gb_err_clear(&err);
	if (begin(ctx, supervisor, arguments, &probe, &err) == GB_OK) {
		code = gb_supervisor_run(supervisor, probe, STDOUT_FILENO);
	} else {
		code = gb_supervisor_refuse(supervisor, probe, STDOUT_FILENO, &err);
	}
	talloc_free(ctx);
	return code;
}
