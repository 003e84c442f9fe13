/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the configuration to the options of the two rooms that talk: how the cloud and the directory
 * are reached and entered. Secrets are read here; nothing is sent.
 */
#ifndef GB_SYNC_ENDPOINTS_H
#define GB_SYNC_ENDPOINTS_H

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/cloud/cloud.h"
#include "engine/config/configuration.h"
#include "engine/directory/options.h"

/**
 * What gb_cloud_new() wants. What it points to lives below @ctx and in the configuration.
 *
 * Errors: GB_E_CONFIG (secret, certificate, CA file), GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_endpoints_cloud(const void *ctx, const struct gb_config *config,
					    struct gb_cloud_options *ret_options,
					    struct gb_err *err);

/**
 * What gb_directory_open() wants. What it points to lives below @ctx, which must outlive the
 * directory, and in the configuration.
 *
 * Errors: GB_E_CONFIG (secret, CA file), GB_E_IO, GB_E_SYSTEM.
 */
GB_MUST_CHECK enum gb_rc gb_endpoints_directory(const void *ctx, const struct gb_config *config,
						struct gb_directory_options *ret_options,
						struct gb_err *err);

#endif
