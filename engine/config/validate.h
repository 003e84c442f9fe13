/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules that concern more than one key, and the keys that must be there. */
#ifndef GB_CONFIG_VALIDATE_H
#define GB_CONFIG_VALIDATE_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/config/configuration.h"
#include "engine/config/problems.h"

/** True if the engine could work with it; else adds every problem. Looks at no file and no network. */
GB_MUST_CHECK bool gb_config_validate(const struct gb_config *config,
				      struct gb_config_problems *problems);

#endif
