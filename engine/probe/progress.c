/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a question is. */
#include "config.h"

#include "engine/probe/question.h"

void gb_probe_begin(struct gb_probe *probe, const char *step, const char *text)
{
	const struct gb_answer_progress progress = {
		.step = step,
		.state = GB_ANSWER_RUNNING,
		.text = text,
		.done = -1,
		.total = -1,
		.time_ms = -1,
	};

	gb_answer_progress(&probe->answer, &progress);
}

void gb_probe_end(struct gb_probe *probe, const char *step, enum gb_answer_state state,
		  const char *text, int64_t time_ms)
{
	const struct gb_answer_progress progress = {
		.step = step,
		.state = state,
		.text = text,
		.done = -1,
		.total = -1,
		.time_ms = time_ms,
	};

	gb_answer_progress(&probe->answer, &progress);
}

void gb_probe_count(struct gb_probe *probe, const char *step, const char *text, int64_t done,
		    int64_t total)
{
	const struct gb_answer_progress progress = {
		.step = step,
		.state = GB_ANSWER_RUNNING,
		.text = text,
		.done = done,
		.total = total,
		.time_ms = -1,
	};

	gb_answer_progress(&probe->answer, &progress);
}
