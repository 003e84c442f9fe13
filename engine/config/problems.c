/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of what is wrong with a configuration. */
#include "config.h"

#include "engine/config/problems.h"

void gb_config_problems_add(struct gb_config_problems *problems, const struct gb_err *err)
{
	problems->total++;
	if (problems->count < GB_CONFIG_MAX_PROBLEMS) {
		problems->items[problems->count++] = *err;
	}
}
