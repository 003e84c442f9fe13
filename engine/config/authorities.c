/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public files that a configuration names. */
#include "config.h"

#include "engine/config/authorities.h"

#include <string.h>

#include "engine/base/file.h"
#include "engine/base/mem.h"

static enum gb_rc failed(const struct gb_err *failure, struct gb_err *err)
{
	if (err) {
		*err = *failure;
	}
	return failure->rc;
}

enum gb_rc gb_authorities_certificate(const void *ctx, const struct gb_config *config,
				      char **ret_pem, size_t *ret_length, struct gb_err *err)
{
	const struct gb_err *failure = gb_held_failure(config, GB_HELD_CERTIFICATE);
	const char *held = gb_held_public(config, GB_HELD_CERTIFICATE);

	if (failure) {
		return failed(failure, err);
	}
	if (held) {
		*ret_pem = gb_strdup(ctx, held);
		*ret_length = strlen(held);
		return GB_OK;
	}
	return gb_file_read_trusted(ctx, config->cloud.certificate_file,
				    GB_AUTHORITIES_MAX_CERTIFICATE_BYTES, ret_pem, ret_length, err);
}

enum gb_rc gb_authorities_directory(const struct gb_config *config, const char **ret_path,
				    struct gb_err *err)
{
	const struct gb_err *failure = gb_held_failure(config, GB_HELD_DIRECTORY_CA);

	if (failure) {
		return failed(failure, err);
	}
	if (gb_held_public(config, GB_HELD_DIRECTORY_CA)) {
		return gb_held_path(config, GB_HELD_DIRECTORY_CA, ret_path, err);
	}
	*ret_path = config->directory.ca_file;
	return GB_OK;
}

enum gb_rc gb_authorities_cloud(const struct gb_config *config, const char **ret_pem,
				const char **ret_path, struct gb_err *err)
{
	const struct gb_err *failure = gb_held_failure(config, GB_HELD_CLOUD_CA);

	if (failure) {
		return failed(failure, err);
	}
	*ret_pem = gb_held_public(config, GB_HELD_CLOUD_CA);
	*ret_path = config->cloud.ca_file;
	return GB_OK;
}
