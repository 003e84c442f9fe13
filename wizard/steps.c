/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps: the rows of a test or of a piece of work. */
#include "config.h"

#include "wizard/steps.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/compiler.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "wizard/wizard.h"

/** More rows than any piece of work has; what comes beyond is left out. */
#define MAX_STEPS 64

/** What a step has come to. */
enum state {
	WAITING,
	RUNNING,
	DONE,
	SKIPPED,
	WARNING,
	FAILED
};

/** One row. */
struct step {
	const char *id; /* NULL: no step of the engine's */
	char *label;
	char *text;
	char *detail;
	struct gb_err *err; /* why it failed; or NULL */
	enum state state;
	int64_t time_ms; /* -1: not known */
};

struct wz_steps {
	struct step rows[MAX_STEPS];
	size_t count;
};

/** What the steps of the engine are called. */
static const struct {
	const char *id;
	const char *label;
} labels[] = {
	{"discover", N_("Find the tenant")},
	{"token", N_("Sign in as the application")},
	{"roles", N_("Permissions")},
	{"tenant", N_("Read the tenant")},
	{"key", N_("Make the certificate")},
	{"sign-in", N_("Sign in")},
	{"resource", N_("Find Microsoft Graph")},
	{"application", N_("Register the application")},
	{"service-principal", N_("Create its service principal")},
	{"features", N_("Read the tenant's features")},
	{"name", N_("Look the name up")},
	{"tcp", N_("Reach the server")},
	{"tls", N_("TLS")},
	{"read", N_("Read the domain")},
	{"rights", N_("Rights on the container")},
	{"state", N_("Copy the state")},
	{"import", N_("Read both sides")},
	{"plan", N_("Compare them")},
	{"backup", N_("Back up the settings")},
	{"secrets", N_("Store the secrets")},
	{"files", N_("Write certificates")},
	{"configuration", N_("Write the configuration")},
	{"check", N_("Check it")},
	{"schedule", N_("Start the scheduler")},
	{"first-cycle", N_("First cycle")},
};

struct wz_steps *wz_steps_new(const void *ctx)
{
	return gb_new(ctx, struct wz_steps);
}

void wz_steps_clear(struct wz_steps *steps)
{
	talloc_free_children(steps);
	*steps = (struct wz_steps){.count = 0};
}

static const char *label_of(const char *id)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(labels); i++) {
		if (strcmp(labels[i].id, id) == 0) {
			return _(labels[i].label);
		}
	}
	return id;
}

static struct step *add_row(struct wz_steps *steps)
{
	struct step *row;

	if (steps->count == MAX_STEPS) {
		return NULL;
	}
	row = &steps->rows[steps->count++];
	row->time_ms = -1;
	return row;
}

/* A step that is asked of several servers has a row for each: only what has not ended goes on. */
static struct step *row_of(struct wz_steps *steps, const char *id)
{
	for (size_t i = 0; i < steps->count; i++) {
		struct step *row = &steps->rows[i];

		if (row->id && strcmp(row->id, id) == 0 && row->state <= RUNNING) {
			return row;
		}
	}
	return NULL;
}

static struct step *row_for(struct wz_steps *steps, const char *id)
{
	struct step *row = row_of(steps, id);

	if (row) {
		return row;
	}
	row = add_row(steps);
	if (row) {
		row->id = gb_strdup(steps, id);
		row->label = gb_strdup(steps, label_of(id));
	}
	return row;
}

static enum state state_of(const struct gb_json *event)
{
	static const struct {
		const char *word;
		enum state state;
	} words[] = {
		{"running", RUNNING}, {"done", DONE},           {"skipped", SKIPPED},
		{"ok", DONE},         {"warning", WARNING},     {"failed", FAILED},
	};
	const char *word = gb_json_get_text(event, "verdict");

	if (!word) {
		word = gb_json_get_text(event, "state");
	}
	for (size_t i = 0; word && i < GB_ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].word, word) == 0) {
			return words[i].state;
		}
	}
	return WAITING;
}

static void append(char **text, const char *label, const char *value)
{
	if (value && *value) {
		*text = gb_mem_check(talloc_asprintf_append(*text, "%s%s\n", label, value));
	}
}

static char *detail_of(const void *ctx, const struct gb_json *event)
{
	const struct gb_json *error = gb_json_get(event, "error");
	char *text = gb_strdup(ctx, "");

	if (!error) {
		return text;
	}
	append(&text, "", gb_json_get_text(error, "what"));
	append(&text, "", gb_json_get_text(error, "undone"));
	append(&text, _("What to do: "), gb_json_get_text(error, "remedy"));
	append(&text, _("Code: "), gb_json_get_text(error, "id"));
	append(&text, _("Code of the cloud: "), gb_json_get_text(error, "code"));
	append(&text, _("Trace id: "), gb_json_get_text(error, "traceId"));
	append(&text, _("Correlation id: "), gb_json_get_text(error, "correlationId"));
	append(&text, _("Time of the server: "), gb_json_get_text(error, "serverTime"));
	return text;
}

static void take(char *to, size_t size_bytes, const struct gb_json *error, const char *key)
{
	const char *text = gb_json_get_text(error, key);

	snprintf(to, size_bytes, "%s", text ? text : "");
}

static struct gb_err *err_of(const void *ctx, const struct gb_json *event)
{
	const struct gb_json *error = gb_json_get(event, "error");
	struct gb_err *err;
	int64_t native;

	if (!error) {
		return NULL;
	}
	err = gb_new(ctx, struct gb_err);
	take(err->id, sizeof(err->id), error, gb_json_get_text(error, "code") ? "code" : "id");
	take(err->what, sizeof(err->what), error, "what");
	take(err->undone, sizeof(err->undone), error, "undone");
	take(err->remedy, sizeof(err->remedy), error, "remedy");
	err->rc = GB_E_UNAVAILABLE;
	err->native = gb_json_get_int(error, "native", &native) ? (int)native : 0;
	return err->what[0] ? err : NULL;
}

static char *text_of(const void *ctx, const struct gb_json *event)
{
	const char *server = gb_json_get_text(event, "server");
	const char *text = gb_json_get_text(event, "text");

	if (server && *server && text) {
		return gb_printf(ctx, "%s: %s", server, text);
	}
	return gb_strdup(ctx, text ? text : "");
}

void wz_steps_take(struct wz_steps *steps, const struct gb_json *event)
{
	const char *id = gb_json_get_text(event, "step");
	struct step *row = id ? row_for(steps, id) : NULL;
	int64_t time_ms;

	if (!row) {
		return;
	}
	talloc_free(row->text);
	talloc_free(row->detail);
	talloc_free(row->err);
	row->err = err_of(steps, event);
	row->state = state_of(event);
	row->text = text_of(steps, event);
	row->detail = detail_of(steps, event);
	row->time_ms = gb_json_get_int(event, "timeMs", &time_ms) ? time_ms : -1;
}

void wz_steps_expect(struct wz_steps *steps, const char *step, const char *text)
{
	struct step *row = row_for(steps, step);

	if (row) {
		talloc_free(row->text);
		row->text = gb_strdup(steps, text);
	}
}

void wz_steps_add(struct wz_steps *steps, enum wz_tone tone, const char *label, const char *text)
{
	struct step *row = add_row(steps);

	if (row) {
		row->label = gb_strdup(steps, label);
		row->text = gb_strdup(steps, text);
		row->state = tone == WZ_BAD ? FAILED : tone == WZ_WARN ? WARNING : DONE;
	}
}

size_t wz_steps_count(const struct wz_steps *steps)
{
	return steps ? steps->count : 0;
}

size_t wz_steps_ended(const struct wz_steps *steps)
{
	size_t ended = 0;

	for (size_t i = 0; i < wz_steps_count(steps); i++) {
		ended += steps->rows[i].state > RUNNING;
	}
	return ended;
}

/* Words and not signs: a reader of the screen says them. */
static const char *mark_of(enum state state)
{
	switch (state) {
	case RUNNING:
		return "..";
	case DONE:
		/* TRANSLATORS: mark in front of a step that went well; four cells at most. */
		return _("OK");
	case SKIPPED:
		return "==";
	case WARNING:
		/* TRANSLATORS: mark in front of a step with a warning; four cells at most. */
		return _("WARN");
	case FAILED:
		/* TRANSLATORS: mark in front of a step that failed; four cells at most. */
		return _("FAIL");
	case WAITING:
	default:
		return "--";
	}
}

static enum wz_tone tone_of(enum state state)
{
	return state == FAILED    ? WZ_BAD
	       : state == WARNING ? WZ_WARN
	       : state == DONE    ? WZ_GOOD
	       : state == RUNNING ? WZ_PLAIN
				  : WZ_FAINT;
}

void wz_steps_row(const void *ctx, const struct wz_steps *steps, size_t i, struct wz_row *ret_row)
{
	const struct step *row = &steps->rows[i];
	const char *text = row->text && *row->text   ? row->text
			   : row->state == WAITING ? _("not tried")
						   : "";

	ret_row->mark = mark_of(row->state);
	ret_row->text = row->label;
	ret_row->tone = tone_of(row->state);
	ret_row->note = row->time_ms >= 0 ? gb_printf(ctx, _("%s (%lld ms)"), text,
						      (long long)row->time_ms)
					  : text;
}

char *wz_steps_detail(const void *ctx, const struct wz_steps *steps, size_t i)
{
	const struct step *row = &steps->rows[i];
	char *text = gb_printf(ctx, "%s\n%s\n", row->label, row->text ? row->text : "");

	append(&text, "", row->detail);
	return text;
}

bool wz_steps_say_failure(struct wz *wz, const struct wz_steps *steps)
{
	for (size_t i = 0; i < wz_steps_count(steps); i++) {
		if (steps->rows[i].state == FAILED && steps->rows[i].err) {
			wz_say_err(wz, steps->rows[i].err);
			return true;
		}
	}
	return false;
}
