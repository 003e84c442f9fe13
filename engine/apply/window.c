/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many requests may be under way. */
#include "config.h"

#include "engine/apply/window.h"

#define USUAL_SHARE  256.0
#define RECENT_SHARE 4.0
/* Answers before the means are worth comparing. */
#define SETTLED 32

void gb_window_init(struct gb_window *window, unsigned max)
{
	*window = (struct gb_window){.max = max ? max : 1};
	window->size = window->max;
	window->lowest = window->max;
}

static void shrink(struct gb_window *window)
{
	window->gained = 0;
	if (window->hold > 0) {
		return;
	}
	window->hold = window->size;
	window->size = window->size > 1 ? window->size / 2 : 1;
	if (window->size < window->lowest) {
		window->lowest = window->size;
	}
}

static void grow(struct gb_window *window)
{
	if (++window->gained >= window->size) {
		window->gained = 0;
		if (window->size < window->max) {
			window->size++;
		}
	}
}

/* Moves @mean towards @value by 1/@share; the first values count in full. */
static double moved(double mean, double value, uint64_t answers, double share)
{
	double weight = (double)answers < share ? (double)answers : share;

	return mean + (value - mean) / weight;
}

void gb_window_answered(struct gb_window *window, int64_t elapsed_ms, size_t members)
{
	double cost = 1.0 + (double)members / GB_WINDOW_MEMBERS_PER_COST;
	double unit_ms = (double)elapsed_ms / cost;

	window->answers++;
	window->recent_ms = moved(window->recent_ms, unit_ms, window->answers, RECENT_SHARE);
	if (window->hold > 0) {
		window->hold--;
	} else if (window->answers > SETTLED && window->recent_ms > GB_WINDOW_FLOOR_MS &&
		   window->recent_ms > GB_WINDOW_JUMP * window->usual_ms) {
		shrink(window);
	} else {
		grow(window);
	}
	window->usual_ms = moved(window->usual_ms, unit_ms, window->answers, USUAL_SHARE);
}

void gb_window_busy(struct gb_window *window)
{
	shrink(window);
}
