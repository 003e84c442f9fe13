/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ages by two clocks. */
#include "config.h"

#include "engine/sync/age.h"

static int64_t ahead_ms(const struct gb_directory_facts *facts)
{
	return facts->has_clock ? facts->clock_ahead_ms : 0;
}

int64_t gb_age_begin_ms(const struct gb_directory_facts *facts, int64_t now_ms)
{
	int64_t ahead = ahead_ms(facts);

	return ahead > 0 ? now_ms + ahead : now_ms;
}

int64_t gb_age_ms(const struct gb_directory_facts *facts, int64_t now_ms, int64_t since_ms)
{
	int64_t ahead = ahead_ms(facts);
	int64_t age = (ahead < 0 ? now_ms + ahead : now_ms) - since_ms;

	return age > 0 ? age : 0;
}
