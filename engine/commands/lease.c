/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine lease: which engine writes to the container. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/sync/lease.h"
#include "engine/sync/lock.h"

static void put_time(struct gb_json_writer *w, const char *key, int64_t wall_ms)
{
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_put_text(w, key, wall_ms > 0 ? gb_clock_format(wall_ms, text) : NULL);
}

static void print_json(const struct gb_lease_value *value)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, true);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	if (value == NULL) {
		gb_json_put_null(w, "lease");
	} else {
		gb_json_begin_object(w, "lease");
		gb_json_put_text(w, "instance", value->instance);
		gb_json_put_text(w, "host", value->host);
		gb_json_put_text(w, "version", value->version);
		gb_json_put_int(w, "generation", value->generation);
		put_time(w, "renewed", value->renewed_ms);
		put_time(w, "until", value->until_ms);
		gb_json_end_object(w);
	}
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
	talloc_free(w);
}

static void print_text(const struct gb_lease_value *value)
{
	char *who = value != NULL ? gb_lease_describe(NULL, value) : NULL;

	puts(who != NULL ? who : _("No engine has written to this container yet."));
	talloc_free(who);
}

static enum gb_rc show(const struct gb_arguments *arguments, struct gb_session *session,
		       struct gb_err *err)
{
	struct gb_lease_value *value = NULL;
	enum gb_rc rc = gb_lease_look(session, session, &value, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (arguments->json) {
		print_json(value);
	} else {
		print_text(value);
	}
	return GB_OK;
}

static enum gb_rc change(struct gb_session *session, bool release, struct gb_err *err)
{
	struct gb_lock *lock = NULL;
	struct gb_err later;
	enum gb_rc rc =
		gb_lock_take(session, session->config->paths.state_directory, &lock, err);

	if (rc == GB_OK) {
		rc = gb_session_open_state(session, err);
	}
	if (rc == GB_OK) {
		rc = gb_session_check_container(session, err);
	}
	if (rc == GB_OK) {
		rc = release ? gb_lease_release(session, err) : gb_lease_seize(session, err);
	}
	if (gb_session_close_state(session, &later) != GB_OK && rc == GB_OK) {
		*err = later;
		rc = later.rc;
	}
	talloc_free(lock);
	return rc;
}

static enum gb_rc unknown_word(const char *word, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, word);

	gb_err_set(err, GB_E_USAGE, "usage-lease", _("'lease' does not know '%s'."), shown);
	talloc_free(shown);
	return gb_err_remedy(err, _("Use 'show', 'release' or 'take'."));
}

static enum gb_rc run(const struct gb_arguments *arguments, const struct gb_config *config,
		      struct gb_err *err)
{
	const char *verb = arguments->word_count > 0 ? arguments->words[0] : "show";
	bool is_show = strcmp(verb, "show") == 0;
	bool is_release = strcmp(verb, "release") == 0;
	struct gb_session *session;
	enum gb_rc rc;

	if (!is_show && !is_release && strcmp(verb, "take") != 0) {
		return unknown_word(verb, err);
	}
	session = gb_session_new(config, config);
	rc = gb_session_open_directory(session, err);
	if (rc == GB_OK && !is_show) {
		rc = change(session, is_release, err);
	}
	if (rc == GB_OK) {
		rc = show(arguments, session, err);
	}
	talloc_free(session);
	return rc;
}

int gb_command_lease(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	struct gb_err err;
	int code = gb_rc_exit_code(GB_E_CONFIG);

	gb_err_clear(&err);
	if (config != NULL) {
		enum gb_rc rc = run(arguments, config, &err);

		code = gb_rc_exit_code(rc);
		if (rc != GB_OK) {
			gb_common_print_err(&err);
		}
	}
	talloc_free(ctx);
	return code;
}
