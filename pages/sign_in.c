/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one-time sign-in with a code, as a page shows it. */
#include "config.h"

#include "pages/sign_in.h"

#include <string.h>
#include <tevent.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "wizard/wizard.h"

/** The time left is told in minutes; a screen that is read aloud should be quiet in between. */
#define REDRAW_S 60

struct wz_sign_in {
	char *url;
	char *code;
	int64_t ends_ms; /* boot clock */
	struct tevent_timer *timer;
	struct wz *wz;
};

struct wz_sign_in *wz_sign_in_new(const void *ctx)
{
	return gb_new(ctx, struct wz_sign_in);
}

static void redraw(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		   void *data)
{
	struct wz_sign_in *sign_in = data;

	(void)timer;
	(void)now;
	wz_touch(sign_in->wz);
	sign_in->timer = gb_mem_check(tevent_add_timer(
		ev, sign_in, tevent_timeval_current_ofs(REDRAW_S, 0), redraw, sign_in));
}

static void begin(struct wz *wz, struct wz_sign_in *sign_in, const struct gb_json *item)
{
	int64_t seconds;

	wz_sign_in_end(wz, sign_in);
	if (!gb_json_get_int(item, "expiresSeconds", &seconds)) {
		seconds = 0;
	}
	sign_in->wz = wz;
	sign_in->url = gb_strdup(sign_in, gb_json_get_text(item, "url"));
	sign_in->code = gb_strdup(sign_in, gb_json_get_text(item, "code"));
	sign_in->ends_ms = gb_clock_boot_ms() + seconds * 1000;
	sign_in->timer = gb_mem_check(
		tevent_add_timer(wz_loop(wz), sign_in, tevent_timeval_current_ofs(REDRAW_S, 0),
				 redraw, sign_in));
	wz_say(wz, WZ_PLAIN, _("Open %s on any computer or phone and enter the code %s."),
	       sign_in->url ? sign_in->url : "", sign_in->code ? sign_in->code : "");
}

void wz_sign_in_take(struct wz *wz, struct wz_sign_in *sign_in, const struct gb_json *item)
{
	const char *state = gb_json_get_text(item, "state");

	if (state && strcmp(state, "waiting") == 0) {
		begin(wz, sign_in, item);
		return;
	}
	wz_sign_in_end(wz, sign_in);
	if (state && strcmp(state, "signed-in") == 0) {
		wz_say(wz, WZ_GOOD, _("Signed in. This page goes on by itself."));
	}
}

void wz_sign_in_end(struct wz *wz, struct wz_sign_in *sign_in)
{
	TALLOC_FREE(sign_in->url);
	TALLOC_FREE(sign_in->code);
	TALLOC_FREE(sign_in->timer);
	wz_touch(wz);
}

bool wz_sign_in_is_waiting(const struct wz_sign_in *sign_in)
{
	return sign_in && sign_in->code;
}

const char *wz_sign_in_url(const struct wz_sign_in *sign_in)
{
	return sign_in ? sign_in->url : NULL;
}

const char *wz_sign_in_code(const struct wz_sign_in *sign_in)
{
	return sign_in ? sign_in->code : NULL;
}

char *wz_sign_in_code_line(const void *ctx, const struct wz_sign_in *sign_in)
{
	char *line = gb_strdup(ctx, "       ");
	const char *at = sign_in->code;

	while (*at) {
		uint32_t character;
		size_t length = gb_text_next(at, &character);

		line = gb_mem_check(talloc_asprintf_append(line, " %.*s", (int)length, at));
		at += length;
	}
	return gb_mem_check(talloc_asprintf_append(line, _("          plain: %s"), sign_in->code));
}

char *wz_sign_in_state_line(const void *ctx, const struct wz_sign_in *sign_in)
{
	int64_t left_ms = sign_in->ends_ms - gb_clock_boot_ms();
	unsigned long minutes = left_ms > 0 ? (unsigned long)((left_ms + 59999) / 60000) : 0;

	return gb_printf(ctx,
			 P_("Waiting for you to sign in. The code is valid for %lu more minute.",
			    "Waiting for you to sign in. The code is valid for %lu more minutes.",
			    minutes),
			 minutes);
}
