/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration in which every key has its default. */
#include "config.h"

#include "engine/config/configuration.h"

#include <assert.h>

#include "engine/base/mem.h"
#include "engine/config/keys.h"
#include "engine/config/value.h"

struct gb_config *gb_config_new(const void *ctx)
{
	struct gb_config *config = gb_new(ctx, struct gb_config);
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	for (size_t i = 0; i < count; i++) {
		enum gb_rc rc = gb_config_set(config, &keys[i], NULL, NULL);

		assert(rc == GB_OK); /* the table's own default */
		(void)rc;
	}
	return config;
}

bool gb_config_undoes_writeback(const struct gb_config *config)
{
	return !config->features.group_writeback &&
	       config->writeback.when_switched_off != GB_CONFIG_WHEN_KEEP;
}
